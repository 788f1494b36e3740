"""The kinds of fault that the simulator knows, how often each comes, and how long it lasts."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from detente.channel.simulator.disk import Plan

# What a carrier does to a bundle.
CARRIER = (
    "drop",
    "duplicate",
    "reorder",
    "delay",
    "bit flip on the wire",
    "truncated bundle",
)
# What ends a process or a machine in the middle of its work; nothing that was written is lost.
ENDS = (
    "process kill",
    "power loss before fsync",
    "power loss after fsync",
    "torn write",
)
# What passes and leaves the disk as it was.
TROUBLES = (
    "partition",
    "disk full",
    "failed read",
    "clock a year forward",
    "clock a year back",
)
# What takes from a disk what had been written to it.
LOSSES = (
    "bit flip on disk",
    "old backup restored",
    "database destroyed",
)
ALL = CARRIER + ENDS + TROUBLES + LOSSES

YEAR = 365 * 86_400
REORDER_MS = 4_000
LONGEST_DELAY_MS = 60_000
# A machine that lost what it had sent comes back while its bundles are still under way.
REPAIR_MS = (5_000, LONGEST_DELAY_MS)


@dataclass(frozen=True)
class Rates:
    """How often: of bundles, each carrier's fault; of machines, faults in a thousand seconds."""

    of_a_bundle: float = 0.035
    ends: float = 1.2
    troubles: float = 1.5
    losses: float = 0.5


def drawn_plan(kind: str, rng: Generator) -> Plan:
    """Where an end of that kind comes due."""
    if kind == "process kill":
        after = bool(rng.random() < 0.5)
        if rng.random() < 0.5:
            return Plan("kill", "write", int(rng.integers(1, 8)), after)
        return Plan("kill", "sync", int(rng.integers(1, 3)), after)
    if kind == "torn write":
        return Plan("power", "write", int(rng.integers(2, 12)), after=True)
    return Plan("power", "sync", int(rng.integers(1, 3)), after=kind == "power loss after fsync")


def schedule(
    faults: frozenset[str], rates: Rates, lasts_ms: int, hosts: int, rng: Generator
) -> list[tuple[int, str, int]]:
    """The machines' faults of a run: when, which and at which host, in order.

    They come early rather than late, as the work that a start is grows with the log. Every run has
    one of each group.
    """
    found: list[tuple[int, str, int]] = []
    groups = ((ENDS, rates.ends), (TROUBLES, rates.troubles), (LOSSES, rates.losses))
    for group, rate in groups:
        kinds = [kind for kind in group if kind in faults]
        if not kinds:
            continue
        for _ in range(1 + int(rng.poisson(rate * lasts_ms / 1e6))):
            share = float(rng.random())
            at = int(lasts_ms * (share if group is TROUBLES else share**2))
            found.append((at, str(rng.choice(kinds)), int(rng.integers(hosts))))
    return sorted(found)
