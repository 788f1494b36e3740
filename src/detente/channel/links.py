"""How far a node has told each other party what it holds, and when to tell it again.

There is one rule for every carrier: a party is sent what, by its own signed word, it lacks. Lost,
doubled and reordered bundles need no rule of their own: what was not confirmed is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PATIENCE_MS = 2_000
LONGEST_WAIT_MS = 60_000
ACKNOWLEDGE_AFTER_MS = 500
HELLO_AFTER_MS = 300_000


@dataclass
class Link:
    """What is known of one other party's node in this run of ours.

    ``acked`` is what the party itself says it holds of each chain, ``offered`` what it was sent.
    ``patience_ms`` is how long its word may take; a slow carrier sets it higher.
    """

    party: str
    acked: dict[str, int]
    offered: dict[str, int] = field(default_factory=dict)
    confirmed: bool = False
    nonce: str = ""
    heard: dict[str, int] = field(default_factory=dict)
    asked: bool = False
    want: dict[str, int] = field(default_factory=dict)
    acknowledge_at: int | None = None
    again_at: int | None = None
    hello_at: int = 0
    patience_ms: int = PATIENCE_MS
    doublings: int = 0

    @property
    def _wait_ms(self) -> int:
        return max(self.patience_ms, min(self.patience_ms << self.doublings, LONGEST_WAIT_MS))

    def next_of(self, party: str) -> int:
        """The first entry of a chain that was not offered yet."""
        return max(self.acked.get(party, 0), self.offered.get(party, 0))

    def told(self, sizes: dict[str, int], ms: int) -> None:
        """A bundle with entries up to ``sizes`` was made at ``ms``."""
        if any(size > self.next_of(party) for party, size in sizes.items()):
            self.again_at = ms + self._wait_ms
        for party, size in sizes.items():
            self.offered[party] = max(size, self.offered.get(party, 0))
        self.hello_at = ms + (HELLO_AFTER_MS if self.confirmed else self._wait_ms)
        if not self.confirmed:
            self.doublings = min(self.doublings + 1, 16)
        self.acknowledge_at, self.asked = None, False
        self.want.clear()

    def is_late(self, nonce: str, count: int) -> bool:
        """Whether a bundle was made before one that came already; otherwise it is noted."""
        if count <= self.heard.get(nonce, -1):
            return True
        self.heard = {nonce: count}
        return False

    def holds(self, party: str, size: int) -> None:
        """The other side says that it holds ``size`` entries of a chain, the same as ours."""
        before = self.acked.get(party, 0)
        if size > before:
            self.doublings = 0
        elif size < before:  # it lost some: what it was offered does not count any more
            self.offered.pop(party, None)
        self.acked[party] = size

    def is_due(self, sizes: dict[str, int], ms: int) -> bool:
        """Whether a bundle is due to the other side; what it did not confirm is due again."""
        unsure = any(size > self.acked.get(party, 0) for party, size in sizes.items())
        if unsure and self.again_at is not None and ms >= self.again_at:
            self.offered.clear()
            self.again_at = None
            self.doublings = min(self.doublings + 1, 16)
        lacks = any(size > self.next_of(party) for party, size in sizes.items())
        late = self.acknowledge_at is not None and ms >= self.acknowledge_at
        return self.asked or late or ms >= self.hello_at or lacks or bool(self.want)
