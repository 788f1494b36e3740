"""Which parties a bundle is due to, and the bundle: made from what was written, and only that."""

from __future__ import annotations

from detente.channel import bundle
from detente.channel.bundle import Hello, digest_of
from detente.channel.protocol.state import Moment, Node

BUNDLE_BYTES = 524_288


def due(node: Node, moment: Moment) -> tuple[str, ...]:
    """The parties that should be sent a bundle now."""
    sizes = node.sizes()
    return tuple(party for party, link in node.links.items() if link.is_due(sizes, moment.ms))


def make(node: Node, party: str, moment: Moment, *, most_bytes: int = BUNDLE_BYTES) -> bytes:
    """The bundle for a party: what it lacks, up to ``most_bytes`` of entries, but one at least."""
    link = node.links[party]
    lacking = {chain: link.next_of(chain) for chain in node.sizes()}
    found = node.reader.missing(lacking, most_bytes)
    entries = tuple(raw for _, raw in found)
    node.count += 1
    hello = Hello(
        line=node.log.line,
        sender=node.me,
        to=party,
        at=moment.at,
        device=node.identity.serial,
        count=node.count,
        nonce=node.nonce,
        echo=link.nonce,
        ask=0 if link.confirmed else 1,
        token=node.token_for(party),
        by=node.tokens.get(party, ""),
        heads=node.log.heads(),
        want=tuple(sorted(link.want.items())),
        rest=digest_of(entries),
    )
    reached = dict(lacking)
    for (chain, seq), _ in found:
        reached[chain] = max(reached[chain], seq + 1)
    link.told(reached, moment.ms)
    return bundle.write(node.identity.device, hello, entries)
