"""Bring a node back from its disk: believe only what still bears the digest it was written with."""

from __future__ import annotations

from collections.abc import Callable

from detente.channel import envelope
from detente.channel.canonical import Malformed
from detente.channel.chain import read_epoch
from detente.channel.envelope import Envelope
from detente.channel.keys import Agreement
from detente.channel.links import Link
from detente.channel.protocol.intake import react
from detente.channel.protocol.state import Held, Identity, Node, Reader
from detente.channel.step import Step


def load(
    identity: Identity,
    agreement: Agreement,
    held: Held,
    reader: Reader,
    entropy: Callable[[int], bytes],
) -> tuple[Node, Step]:
    """The node as its disk tells, and what must be dropped or done first.

    An entry whose bytes changed is dropped, and with it all that followed it; other parties have
    them. The chains' signatures were verified before an entry was written and are not verified
    again here. A secret that is not that of the key its chain published is erased.
    """
    node, step = Node(identity, agreement, reader, entropy), Step()
    for party, nonce, token in held.starts:
        node.starts.setdefault(party, {})[nonce] = token
    node.tokens = dict(held.tokens)
    node.secrets = dict(held.secrets)
    for place, digest, raw in held.entries:
        entry = _entry(raw, digest)
        if entry is None or (entry.sender, entry.seq) != place or not node.log.follows(entry):
            step.dropped.append(place)
            continue
        found = node.log.judge(entry)
        node.log.append(entry, found)
        node.record.take(entry, found)
        _check_secret(node, entry, found, step)
        if not found:
            react(node, entry, step)
    _remember_forks(node, held)
    if step.dropped:
        step.say("damaged", detail=str(len(step.dropped)))
    step.events = [each for each in step.events if each.kind in {"damaged", "unreadable"}]
    for party, chain in node.log.chains.items():
        if party != node.me:
            node.links[party] = Link(party, {**chain.seen, party: chain.size})
    return node, step


def _check_secret(node: Node, entry: Envelope, found: tuple[str, ...], step: Step) -> None:
    """Erase the secret of an epoch where the disk changed it: nothing would open with it."""
    if entry.sender != node.me or entry.kind != "epoch" or found:
        return
    epoch = read_epoch(entry)
    key = node.secrets.get(epoch.number)
    if key is not None and not key.opens_for(epoch.suite, epoch.public):
        del node.secrets[epoch.number]
        step.erased.append(epoch.number)


def _remember_forks(node: Node, held: Held) -> None:
    """A chain that forked stays closed, and a node whose own chain did stays halted."""
    for first, second in held.evidence:
        entry = envelope.read(second or first)
        chain = node.log.chains.get(entry.sender)
        if chain is None:
            continue
        chain.disputed = True
        chain.forked = chain.forked or node.log.in_force(entry)
        if entry.sender == node.me and chain.forked:
            node.standing = "halted"


def _entry(raw: bytes, digest: str) -> Envelope | None:
    if envelope.digest(raw) != digest:
        return None
    try:
        return envelope.read(raw)
    except Malformed:
        return None
