"""One party's chain as a node holds it: digests and roots of its entries, and the keys in force."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.channel.canonical import to_text
from detente.channel.envelope import Envelope, Head
from detente.channel.keys import Keyring
from detente.channel.merkle import Frontier
from detente.channel.sealing import PUBLIC_BYTES
from detente.channel.take import Fields


@dataclass(frozen=True)
class Epoch:
    """A party's key to seal for, in force from the entry ``seq`` of its chain."""

    seq: int
    at: int
    number: int
    suite: str
    public: str


@dataclass
class Chain:
    """One party's chain as far as it is held: digests and roots of its entries, keys in force."""

    party: str
    digests: list[str] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)
    keyring: Keyring = field(default_factory=Keyring)
    epochs: list[Epoch] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    tests: dict[int, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    forked: bool = False
    disputed: bool = False

    @property
    def size(self) -> int:
        """The number of entries held."""
        return len(self.digests)

    @property
    def last(self) -> str:
        """The digest of the last entry; empty before the first."""
        return self.digests[-1] if self.digests else ""

    @property
    def head(self) -> Head:
        """The tree head."""
        return Head(self.party, self.size, self.root_at(self.size))

    def root_at(self, size: int) -> str:
        """The root of the tree of the first ``size`` entries."""
        return self.roots[size - 1] if size else to_text(Frontier().root())

    def epoch_at(self, size: int) -> Epoch | None:
        """The key to seal for, as a reader of the first ``size`` entries knows it."""
        known = [epoch for epoch in self.epochs if epoch.seq < size]
        return known[-1] if known else None


def read_epoch(envelope: Envelope) -> Epoch:
    """The key to seal for that an entry publishes."""
    fields = Fields(envelope.body, "epoch")
    number = fields.number("number", 1, 2**31)
    suite = fields.choice("suite", tuple(PUBLIC_BYTES))
    public = fields.octets("public", PUBLIC_BYTES[suite])
    fields.end()
    return Epoch(envelope.seq, envelope.at, number, suite, public)
