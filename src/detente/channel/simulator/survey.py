"""Many runs, on several processes, and what they come to together."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from detente.channel.simulator.run import Run, simulate

AT_ONCE = 256  # runs handed out at a time, so that an endless range needs no memory


@dataclass
class Summary:
    """Runs added up: how many, of how many messages, which faults came and what broke."""

    runs: int = 0
    messages: int = 0
    acknowledged: int = 0
    longest_to_heal_ms: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    broken: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def add(self, run: Run) -> None:
        """Add a run."""
        self.runs += 1
        self.messages += run.messages
        self.acknowledged += run.acknowledged
        self.longest_to_heal_ms = max(self.longest_to_heal_ms, run.healed_ms)
        self.faults.update(run.faults)
        self.counts.update(run.counts)
        if run.broken:
            self.broken[run.seed] = run.broken

    def as_plain(self) -> dict[str, Any]:
        """The summary for JSON."""
        return {
            "runs": self.runs,
            "messages": self.messages,
            "acknowledged": self.acknowledged,
            "longest_to_heal_ms": self.longest_to_heal_ms,
            "faults": dict(self.faults),
            "counts": dict(sorted(self.counts.items())),
            "broken": {str(seed): list(what) for seed, what in sorted(self.broken.items())},
        }


def survey(seeds: Iterable[int], messages: int, *, jobs: int = 1) -> Iterator[Run]:
    """The runs of these seeds in their order; only one that broke a promise keeps its trace.

    Each process runs one thread, as the disk's "same bytes" asks for.
    """
    one = partial(_run, messages=messages)
    if jobs == 1:
        yield from map(one, seeds)
        return
    with ExitStack() as stack:
        context = multiprocessing.get_context("spawn")
        pool = stack.enter_context(ProcessPoolExecutor(jobs, mp_context=context))
        left = list(seeds)
        for first in range(0, len(left), AT_ONCE):
            yield from pool.map(one, left[first : first + AT_ONCE])


def _run(seed: int, *, messages: int) -> Run:
    run = simulate(seed, messages)
    return run if run.broken else replace(run, trace="")
