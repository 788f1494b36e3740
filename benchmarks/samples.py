"""A million samples of ladders with 48 uncertain numbers: detente beside plain NumPy, in one run.

    python benchmarks/samples.py [--points 1048576] [--repeats 9] [--workers 1]

Eight ladders with five branches each: lognormal rates and logit-normal probabilities, with two
spreads. The result is the frequency of the headline per year and the probability of at least one
in a year, at each point. Inside the time of detente: the scrambled Sobol points, the values of the
numbers, the ladders, and the probability; kernels are loaded before. NumPy does the same for a
block of points after the other, in 8-byte numbers, with the normal quantile, the exponential and
the logistic function of NumPy and scipy: once with scipy's Sobol points, which are those of
detente, and once with pseudo-random numbers. Least and median seconds of the repeats, which take
turns; both use one core, as seconds of the processor show. The target is 0.3 s for a core.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time

import numpy as np
from scipy.special import expit, ndtri

from detente.escalation.bdd import NOWHERE, Diagram, end
from detente.escalation.ladder import CompiledLadder
from detente.escalation.packages.blocks import BLOCK_POINTS, draw_blocks
from detente.escalation.packages.sampled import sampled
from detente.escalation.uncertainty import Belief, Uncertain
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import Floats, TwoPiece, sobol, stream

LADDERS, BRANCHES = 8, 5
TARGET = 0.3
BENCHMARK = Provenance(Basis.ILLUSTRATIVE, "a benchmark", "2026-11", Status.UNVERIFIED)


def main() -> None:
    """Print the table and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=2**20)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    ladders = [ladder(place) for place in range(LADDERS)]
    belief = numbers(ladders)
    names = tuple(belief.parameters)
    blocks = draw_blocks(names, asked.points, seed=1)
    calls: dict[str, Callable[[], Floats]] = {
        "detente": lambda: ours(ladders, belief, asked.points, asked.workers),
        "detente, points given": lambda: within_a_year(
            sampled(ladders, belief, blocks, workers=asked.workers)
        ),
        "NumPy, Sobol points": partial(plain, belief, asked.points, pseudo=False),
        "NumPy, pseudo-random": partial(plain, belief, asked.points, pseudo=True),
    }
    print(f"{len(names)} numbers, {asked.points} points, {asked.workers} worker")
    print(f"{'':<24}least s  median s   processor, least s  median s")
    found = turns(calls, asked.repeats)
    for name, (walls, cpus) in found.items():
        print(
            f"{name:<24}{min(walls):>7.3f} {median(walls):>9.3f}"
            f" {min(cpus):>19.3f} {median(cpus):>9.3f}"
        )
    apart = np.abs(calls["detente"]() / calls["NumPy, Sobol points"]() - 1).max()
    spent = median(found["detente"][1]) * 2**20 / asked.points
    verdict = "met" if spent <= TARGET else "MISSED"
    print(f"samples: {spent:.3f} s of a core for 2^20, points included; {TARGET} s: {verdict}")
    if apart > 1e-12:
        sys.exit(f"detente and NumPy differ by {apart:.1e}.")


def turns(
    calls: dict[str, Callable[[], Floats]], repeats: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Seconds of wall and processor of each call, in turns, after a round that does not count."""
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in calls}
    for turn in range(repeats + 1):
        for name, call in calls.items():
            begun = perf_counter(), process_time()
            call()
            if turn:
                found[name][0].append(perf_counter() - begun[0])
                found[name][1].append(process_time() - begun[1])
    return found


def ours(ladders: list[CompiledLadder], belief: Belief, points: int, workers: int) -> Floats:
    """The probability of the headline within a year at each point, shape (1, N)."""
    blocks = draw_blocks(tuple(belief.parameters), points, seed=1)
    return within_a_year(sampled(ladders, belief, blocks, workers=workers))


def within_a_year(per_year: Floats) -> Floats:
    """The probability of at least one in a year."""
    return np.asarray(-np.expm1(-per_year))


def plain(belief: Belief, points: int, *, pseudo: bool) -> Floats:
    """The same in NumPy, block by block."""
    laws = [one.spread for one in belief.parameters.values()]
    mids = np.array(
        [np.log(s.mid) if s.scale == "log" else np.log(s.mid / (1 - s.mid)) for s in laws]
    )
    below, above = (np.array([getattr(s, side) for s in laws]) for side in ("below", "above"))
    rng = np.random.default_rng(1)
    unit = None if pseudo else sobol(points, len(laws), seed=stream(1, "escalation"))
    found = []
    for start in range(0, points, BLOCK_POINTS):
        size = min(BLOCK_POINTS, points - start)
        part = rng.random((len(laws), size)) if unit is None else unit[start : start + size].T
        z = ndtri(part)
        y = mids[:, None] + z * np.where(z < 0, below[:, None], above[:, None])
        each = y.reshape(LADDERS, BRANCHES + 1, size)
        per_year = (np.exp(each[:, 0]) * expit(each[:, 1:]).prod(axis=1)).sum(axis=0)
        found.append(within_a_year(per_year))
    return np.concatenate(found)


def numbers(ladders: list[CompiledLadder]) -> Belief:
    """Rates around one a year, probabilities around a half; spreads from 0.1 to 0.5."""
    rng = np.random.default_rng(48)
    parameters = {}
    for one in ladders:
        for name in (one.starts, *one.events):
            below, above = (float(s) for s in rng.uniform(0.1, 0.5, 2))
            is_rate = name == one.starts
            mid = float(rng.uniform(0.5, 2.0) if is_rate else rng.uniform(0.2, 0.8))
            law = TwoPiece("log" if is_rate else "logit", mid, below, above)
            parameters[name] = Uncertain(name, Estimate(mid, mid, mid, 0.9, BENCHMARK), law)
    return Belief("base", parameters, {}, tuple(one.id for one in ladders))


def ladder(place: int) -> CompiledLadder:
    """A ladder whose branches all lead to the headline or nowhere."""
    diagram = Diagram()
    events = tuple(f"p{place}-{i}" for i in range(BRANCHES))
    root = end(0)
    for each in reversed(range(BRANCHES)):
        root = diagram.choose(diagram.event(each), root, NOWHERE)
    named = frozenset({f"r{place}", *events})
    nodes = tuple(diagram.reached(root))
    return CompiledLadder(f"L{place}", f"r{place}", events, root, nodes, 1, named)


if __name__ == "__main__":
    main()
