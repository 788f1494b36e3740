"""A network that carries bundles and does to them what carriers do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from numpy.random import Generator

from detente.channel.simulator.faults import CARRIER, LONGEST_DELAY_MS, REORDER_MS, Rates

QUICK_MS = (5, 80)


@dataclass
class Network:
    """What a bundle meets on its way; ``counts`` tells how often each fault came.

    Bundles go as they are, without compression: so their lengths, and with them all that is drawn
    here, do not depend on what was sealed.
    """

    rng: Generator
    faults: frozenset[str]
    rates: Rates
    counts: Counter[str] = field(default_factory=Counter)
    parted: dict[frozenset[str], int] = field(default_factory=dict)

    def part(self, parties: frozenset[str], until_ms: int) -> None:
        """Nothing passes between two parties until then."""
        self.parted[parties] = max(until_ms, self.parted.get(parties, 0))
        self.counts["partition"] += 1

    def heal(self) -> None:
        """From now on every bundle arrives, once, soon and whole."""
        self.parted.clear()
        self.faults = frozenset()

    def carry(self, raw: bytes, sender: str, to: str, ms: int) -> list[tuple[int, bytes]]:
        """When the bundle arrives, and as what: nothing, once, or twice."""
        if ms < self.parted.get(frozenset((sender, to)), 0):
            return []
        met = {kind for kind in CARRIER if self.rng.random() < self.rates.of_a_bundle} & self.faults
        self.counts.update(sorted(met))
        if "drop" in met:
            return []
        raw = self._spoiled(raw, met)
        copies = 2 if "duplicate" in met else 1
        return [(ms + self._delay_ms(met), raw) for _ in range(copies)]

    def _spoiled(self, raw: bytes, met: set[str]) -> bytes:
        if "bit flip on the wire" in met:
            bit = int(self.rng.integers(8 * len(raw)))
            changed = bytearray(raw)
            changed[bit // 8] ^= 1 << bit % 8
            raw = bytes(changed)
        if "truncated bundle" in met:
            raw = raw[: int(self.rng.integers(len(raw)))]
        return raw

    def _delay_ms(self, met: set[str]) -> int:
        delay = int(self.rng.integers(*QUICK_MS))
        if "reorder" in met:
            delay += int(self.rng.integers(REORDER_MS))
        if "delay" in met:
            delay = int(self.rng.integers(REORDER_MS, LONGEST_DELAY_MS))
        return delay
