"""All packages of measures at a million points, on four ladders with 48 uncertain numbers.

Run from the checkout: ``python benchmarks/packages.py``. Each of four ladders has a rate and eleven
branches; each of ten measures acts on one number of two ladders. Drawing the points is timed apart
from evaluating the packages.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np

from detente.escalation.bdd import NOWHERE, Diagram, end
from detente.escalation.effects import headline, total
from detente.escalation.ladder import CompiledLadder
from detente.escalation.packages.blocks import Blocks, draw_blocks
from detente.escalation.packages.payoff import Plan, payoff, plan
from detente.escalation.uncertainty import Belief, Change, Uncertain, dimensions
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import fit

Found = TypeVar("Found")
LADDERS, BRANCHES = 4, 11
BENCHMARK = Provenance(Basis.ILLUSTRATIVE, "a benchmark", "2026-11", Status.UNVERIFIED)


def main() -> None:
    """Print the medians of the repeats."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measures", type=int, default=10)
    parser.add_argument("--points", type=int, default=2**20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    made = model(options.measures)
    names = dimensions([made.belief])
    print(f"{len(names)} numbers, {options.points} points, {1 << options.measures} packages")
    blocks, (wall, cpu) = timed(lambda: draw_blocks(names, options.points, seed=1), 1)
    print(f"  Sobol points           {wall:6.2f} s wall, {cpu:6.2f} s processor")
    named = frozenset(made.belief.parameters)
    _, (wall, cpu) = timed(lambda: frequency(made, blocks), options.repeats)
    print(f"  ladders, and drawing   {wall:6.2f} s wall, {cpu:6.2f} s processor (one worker)")
    for what, points in (
        ("packages, and drawing", blocks),
        ("packages, points drawn", list(blocks)),
    ):
        call = partial(payoff, made, points, named=named, workers=options.workers)
        _, (wall, cpu) = timed(call, options.repeats)
        print(f"  {what:<22} {wall:6.2f} s wall, {cpu:6.2f} s processor")


def timed(call: Callable[[], Found], repeats: int) -> tuple[Found, tuple[float, float]]:
    """What the call returns, and its median seconds of wall and processor."""
    found = call()  # compiles, and does not count
    walls, cpus = [], []
    for _ in range(repeats):
        begun = perf_counter(), process_time()
        found = call()
        walls.append(perf_counter() - begun[0])
        cpus.append(process_time() - begun[1])
    return found, (median(walls), median(cpus))


def frequency(made: Plan, blocks: Blocks) -> float:
    """The mean frequency of all ladders without any measure."""
    means = []
    for block in blocks:
        values = block.parameters(made.belief)
        means.append(total({n: headline(one, values) for n, one in made.ladders.items()}).mean())
    return float(np.mean(means))


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
