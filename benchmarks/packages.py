"""All packages of measures at a million points, on four ladders with 48 uncertain numbers.

Run from the checkout: ``python benchmarks/packages.py``. Each of four ladders has a rate and eleven
branches; each of ten measures acts on one number of two ladders, which makes 68 numbers. The result
is the mean ratio of every package and the share of the points at which it lowers the frequency, and
quantiles and verdicts from the first 16,384 points. The time holds everything from the names of the
numbers on, Sobol points included; its parts are told apart. Kernels are loaded before. One worker
must give the same bytes as several. The target is 2 s of the wall on two cores; the verdict is on
the least of the repeats, as other work on the machine can only add to it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np

from detente.escalation.bdd import NOWHERE, Diagram, end
from detente.escalation.ladder import CompiledLadder
from detente.escalation.packages.blocks import draw_blocks
from detente.escalation.packages.payoff import Payoff, Plan, payoff, plan
from detente.escalation.uncertainty import Belief, Change, Uncertain, dimensions
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import fit

Found = TypeVar("Found")
LADDERS, BRANCHES = 4, 11
TARGET = 2.0
BENCHMARK = Provenance(Basis.ILLUSTRATIVE, "a benchmark", "2026-11", Status.UNVERIFIED)


def main() -> None:
    """Print the least and the median of the repeats, and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measures", type=int, default=10)
    parser.add_argument("--points", type=int, default=2**20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    made = model(options.measures)
    names = dimensions([made.belief])
    named = frozenset(made.belief.parameters)

    def everything(workers: int) -> Payoff:
        blocks = draw_blocks(names, options.points, seed=1)
        return payoff(made, blocks, named=named, workers=workers)

    print(f"{len(names)} numbers, {options.points} points, {1 << options.measures} packages")
    print(f"{'':<28}least s, wall  median s   processor, least s  median s")
    blocks, _ = timed("Sobol points", lambda: draw_blocks(names, options.points, seed=1), 1)
    drawn = list(blocks)
    timed(
        "packages, numbers drawn",
        partial(payoff, made, drawn, named=named, workers=options.workers),
        3,
    )
    del drawn
    alone, _ = timed("everything, 1 worker", partial(everything, 1), options.repeats)
    title = f"everything, {options.workers} workers"
    found, wall = timed(title, partial(everything, options.workers), options.repeats)
    verdict = "met" if wall <= TARGET else "MISSED"
    print(f"packages: {wall:.2f} s of the wall, points included; {TARGET:.0f} s: {verdict}")
    if not (np.array_equal(found.mean, alone.mean) and np.array_equal(found.lower, alone.lower)):
        sys.exit("Several workers give other bytes than one.")


def timed(title: str, call: Callable[[], Found], repeats: int) -> tuple[Found, float]:
    """Print a line, medians too; what the call returns, and its least seconds of wall."""
    found = call()  # compiles, and does not count
    walls, cpus = [], []
    for _ in range(repeats):
        begun = perf_counter(), process_time()
        found = call()
        walls.append(perf_counter() - begun[0])
        cpus.append(process_time() - begun[1])
    print(
        f"  {title:<26}{min(walls):>13.2f} {median(walls):>9.2f}"
        f" {min(cpus):>19.2f} {median(cpus):>9.2f}",
        flush=True,
    )
    return found, min(walls)


def model(measures: int) -> Plan:
    """Four ladders of independent branches, and measures that act on two of them each."""
    ladders = [ladder(place) for place in range(LADDERS)]
    parameters = {}
    for one in ladders:
        parameters[one.starts] = uncertain(one.starts, 0.5, 5.0, "log")
        for name in one.events:
            parameters[name] = uncertain(name, 0.1, 0.6, "logit")
    rng = np.random.default_rng(1)
    changes = {}
    for place in range(measures):
        name = f"M{place}"
        touched = (place % LADDERS, (place + 1 + place // LADDERS) % LADDERS)
        on = [f"p{one}-{rng.integers(BRANCHES)}" for one in touched]
        changes[name] = tuple(
            Change(branch, "odds-ratio", uncertain(f"{name}#{i}", 0.4, 1.05, "log"))
            for i, branch in enumerate(on, start=1)
        )
    belief = Belief("base", parameters, changes, tuple(one.id for one in ladders))
    return plan(belief, list(changes), ladders, saturates={})


def uncertain(name: str, low: float, high: float, scale: str) -> Uncertain:
    """A number with a symmetric spread on its scale."""
    mid = float(np.sqrt(low * high))
    estimate = Estimate(low, mid, high, 0.9, BENCHMARK)
    return Uncertain(name, estimate, fit(estimate, "log" if scale == "log" else "logit"))


def ladder(place: int) -> CompiledLadder:
    """A ladder whose branches all lead to the headline or nowhere."""
    diagram = Diagram()
    events = tuple(f"p{place}-{i}" for i in range(BRANCHES))
    where = end(0)
    for condition in reversed([diagram.event(i) for i in range(BRANCHES)]):
        where = diagram.choose(condition, where, NOWHERE)
    named = frozenset({f"r{place}", *events})
    return CompiledLadder(
        f"L{place}", f"r{place}", events, where, tuple(diagram.reached(where)), 1, named
    )


if __name__ == "__main__":
    main()
