"""The state of a node, and the legal moves of its standing.

Theory of operation
-------------------
A node holds the chains of all parties and writes one of them. It takes in *bundles* from other
nodes, *items* that people on its own side queued (drafts, receipts, certificates), and the passing
of time; each gives a `Step`: what must reach the disk, and what to say once it has. What another
node lacks is worked out from what it last said it holds, so every carrier and every fault of one is
served by the same rule (`links`).

*Nothing is claimed before it is on the disk.* Receipts are entries of the recipient's chain,
written in the same transaction as what they receipt; bundles are made from what was committed.

*A node does not trust its own disk's past.* An old backup put back would make it write a second
entry where it had written one before, which is a fork. So after every start it is ``starting``: it
writes nothing into its chain until each other party has confirmed it, in a bundle that echoes this
start's nonce. A party that holds more of our chain sends it; it is taken back and said. Once
``open``, an entry of ours that we did not write can only come from our key in other hands: the node
is ``halted`` and writes no more.

For the same reason a bundle that was under way while its sender was put back may hold what the
sender has forgotten, and all others have said that they do not hold. So a node that hears of a
start of another draws a token for it, and takes that other's own entries, and its word on what it
holds, only from bundles that show the token: these were made since.

*No word leaves by itself.* The node seals and chains what officers released, and says what its disk
and its screen did. It answers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.bundle import NONCE_BYTES
from detente.channel.canonical import to_text
from detente.channel.keys import Agreement
from detente.channel.links import Link
from detente.channel.log import Log
from detente.channel.record import Place, Record
from detente.channel.sealing import SealingKey

# What a node may do after a start, and what changes it. `docs/line.md` draws this table.
STANDING: dict[tuple[str, str], str] = {
    ("starting", "all confirmed"): "open",
    ("starting", "own chain forked"): "halted",
    ("open", "own chain forked"): "halted",
    ("open", "own chain continued elsewhere"): "halted",
}


@dataclass(frozen=True)
class Moment:
    """An instant: UTC seconds as this side's clock claims, and milliseconds that never jump."""

    at: int
    ms: int


@dataclass(frozen=True)
class Identity:
    """Who this node is: its party, its device's key and the number of that key's certificate."""

    party: str
    serial: int
    device: Ed25519PrivateKey

    @cached_property
    def public(self) -> bytes:
        """The public half of the device's key."""
        return self.device.public_key().public_bytes_raw()


class Reader(Protocol):
    """What the protocol reads of what was written: envelopes' bytes and texts."""

    def missing(self, sizes: dict[str, int], most_bytes: int, /) -> list[tuple[Place, bytes]]:
        """Entries from these sizes on, in the order in which they came, up to so many bytes."""

    def text(self, place: Place, /) -> bytes | None:
        """The text of a message, where it is held."""

    def entry(self, place: Place, /) -> bytes | None:
        """The bytes of an entry, where it is held."""


@dataclass(frozen=True)
class Held:
    """What the disk held at a start, in the order in which it came.

    Entries with place and digest, secrets by epoch, evidence of forks, the other parties' starts
    (party, nonce, the token drawn for it), and the last token of each party's that came.
    """

    entries: Iterable[tuple[Place, str, bytes]]
    secrets: Iterable[tuple[int, SealingKey]]
    evidence: Iterable[tuple[bytes, bytes]] = ()
    starts: Iterable[tuple[str, str, str]] = ()
    tokens: Iterable[tuple[str, str]] = ()


@dataclass(frozen=True)
class Unwritten:
    """What steps hold that may not be on the disk yet; the shell clears it once it is."""

    texts: dict[Place, bytes] = field(default_factory=dict)
    entries: dict[Place, bytes] = field(default_factory=dict)

    def clear(self) -> None:
        """All was written."""
        self.texts.clear()
        self.entries.clear()


class Node:
    """The state of one node between its start and its end."""

    def __init__(
        self,
        identity: Identity,
        agreement: Agreement,
        reader: Reader,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.me = identity.party
        self.identity = identity
        self.agreement = agreement
        self.log = Log(agreement)
        self.record = Record()
        self.standing = "starting"
        self.secrets: dict[int, SealingKey] = {}
        self.lost: set[Place] = set()
        self.asked_for: set[Place] = set()
        self.unwritten = Unwritten()
        self.restored = False
        self.notes: dict[str, str] = {}
        self.to_receipt: dict[Place, None] = {}
        self.sealed_again: set[tuple[Place, str, int]] = set()
        self.hindrance = ""
        self.to_seal_again: list[tuple[Place, str]] = []
        self.reader = reader
        self.entropy = entropy
        self.nonce = to_text(entropy(NONCE_BYTES))
        self.starts: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.links: dict[str, Link] = {}
        self.count = 0

    @property
    def own(self) -> int:
        """The size of this node's own chain."""
        return self.log.chains[self.me].size

    def sizes(self) -> dict[str, int]:
        """How many entries of each chain are held."""
        return {party: chain.size for party, chain in self.log.chains.items()}

    def text(self, place: Place) -> bytes | None:
        """The text of a message, where it is held, written or about to be."""
        return self.unwritten.texts.get(place) or self.reader.text(place)

    def entry(self, place: Place) -> bytes | None:
        """The bytes of an entry, where it is held, written or about to be."""
        return self.unwritten.entries.get(place) or self.reader.entry(place)

    def token_for(self, party: str) -> str:
        """The token drawn when the last start of a party was heard of; empty before the first."""
        return next(reversed(self.starts.get(party, {}).values()), "")

    def move(self, what: str) -> None:
        """Change the standing by the table of legal moves."""
        self.standing = STANDING.get((self.standing, what), self.standing)
