"""The first entries of a chain, written once: certificates, then a key to seal for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from detente.channel.keys import Agreement
from detente.channel.protocol.own import append, publish_epoch
from detente.channel.protocol.state import Identity, Moment, Node
from detente.channel.record import Place
from detente.channel.step import Step


def found(
    identity: Identity,
    agreement: Agreement,
    statements: Sequence[list[Any]],
    entropy: Callable[[int], bytes],
    at: int,
) -> Step:
    """What a party's disk holds before its node first starts.

    ``statements`` are the certificates that the root signed (`keys.certify`); the device's own
    stands first, as it signs this very entry. A node that starts with less has lost something.
    """
    node, step, moment = Node(identity, agreement, _Nothing(), entropy), Step(), Moment(at, 0)
    for statement in statements:
        append(node, step, moment, "credential", {"statement": statement})
    publish_epoch(node, step, moment)
    return step


class _Nothing:
    """An empty disk."""

    def missing(self, _: dict[str, int], __: int) -> list[tuple[Place, bytes]]:
        return []

    def text(self, _: Place) -> bytes | None:
        return None

    def entry(self, _: Place) -> bytes | None:
        return None
