"""SMAA-2 of detente beside a vectorised NumPy SMAA and pyrepo-mcda, in one run.

    python benchmarks/smaa.py [--samples 1000000] [--repeats 5] [--threads 2]

First ten options on five criteria: normal scores, linear partial values clipped to their range, all
weights. detente and NumPy do the same work on the same threads in 8-byte floats: draws of scores
and weights, rank acceptabilities, pairwise winning indices, central weights with their errors, and
confidence factors over the first 50,000 draws. NumPy takes batches that fit the cache, its
fastest generator, and no sort. pyrepo-mcda's VIKOR_SMAA draws weights alone, by a loop in Python;
it runs in a virtual environment of its own under build/peers/pyrepo-mcda, made here at the first
run from benchmarks/peers/pyrepo-mcda.txt, on few weights, and its time is scaled to all. Then six
parties with forty options on eight criteria. Programs take turns; medians of the repeats, wall and
processor. Kernels are loaded before. On a machine that others use at the same time the seconds of
the processor tell more than the wall; a verdict on the wall may then be missed for want of cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of all, before any loads numpy

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.indices import CONFIDENCE_SAMPLES, Indices, indices
from detente.assessment.smaa.intervals import Stop
from detente.assessment.smaa.laws import normal
from detente.assessment.smaa.problem import Problem
from detente.assessment.smaa.values import linear
from detente.assessment.weights.polytope import free

Floats = NDArray[np.float64]
Found = TypeVar("Found")
Seconds = tuple[float, float]  # of the wall, of the processor

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / "build" / "peers" / "pyrepo-mcda"
FASTER, MUCH_FASTER, PARTIES_WALL = 10, 1000, 5.0
BATCH = 2048
PEER_WEIGHTS = 2000

PYREPO = """
import json, sys, time
import numpy as np
from pyrepo_mcda.mcda_methods import VIKOR_SMAA
ask = json.loads(sys.stdin.read())
matrix, types = np.array(ask["matrix"]), np.ones(len(ask["matrix"][0]))
np.random.seed(1)
method = VIKOR_SMAA()
start, spent = time.perf_counter(), time.process_time()
weights = method._generate_weights(matrix.shape[1], ask["weights"])
method(matrix, weights, types)
print(json.dumps([time.perf_counter() - start, time.process_time() - spent]))
"""


def main() -> None:
    """Print the tables and a verdict for each target."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--samples", type=int, default=1_000_000)
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--threads", type=int, default=2)
    options = asked.parse_args()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{options.threads} threads, {os.cpu_count()} cores, load before {load}")
    against_peers(options.samples, options.repeats, options.threads)
    six_parties(options.samples, options.repeats, options.threads)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"load after {load}; others' work is inside all seconds of the wall")


def against_peers(samples: int, repeats: int, threads: int) -> None:
    """Ten options on five criteria: detente, NumPy, pyrepo-mcda."""
    mean, sd = scores(10, 5, seed=1)
    made = problem(mean, sd)
    stop = Stop(half_width=0, most=samples)
    spent: dict[str, list[Seconds]] = {"detente": [], "NumPy": [], "pyrepo-mcda": []}
    indices(made, free(made.criteria), seed=np.random.SeedSequence(0), stop=stop)  # loads kernels
    for turn in range(repeats):
        seed = np.random.SeedSequence(turn)

        def ours(seed: np.random.SeedSequence = seed) -> Indices:
            return indices(made, free(made.criteria), seed=seed, stop=stop, threads=threads)

        def peers(seed: np.random.SeedSequence = seed) -> Floats:
            return plain(mean, sd, samples, seed=seed, threads=threads)

        own = timed(ours, spent["detente"])
        other = timed(peers, spent["NumPy"])
        spent["pyrepo-mcda"].append(pyrepo(mean, samples))
    apart = float(abs(own.acceptability.share - other).max())
    print(f"\n10 options x 5 criteria x {samples} samples, float64")
    print(f"{'':<14}{'wall, median s':>16}{'processor, median s':>22}{'wall':>9}{'processor':>12}")
    middle = {name: middles(each) for name, each in spent.items()}
    for name, (wall, cpu) in middle.items():
        ratios = f"{wall / middle['detente'][0]:>8.1f}x{cpu / middle['detente'][1]:>11.1f}x"
        print(f"{name:<14}{wall:>16.3f}{cpu:>22.3f}{ratios}")
    print(f"largest difference of a rank acceptability to NumPy: {apart:.5f}")
    for name, target in (("NumPy", FASTER), ("pyrepo-mcda", MUCH_FASTER)):
        wall, cpu = (middle[name][k] / middle["detente"][k] for k in (0, 1))
        said = "met" if wall >= target else "MISSED"
        also = "met" if cpu >= target else "MISSED"
        print(f"VERDICT >= {target} x {name}: wall {wall:.1f}x {said}, processor {cpu:.1f}x {also}")


def six_parties(samples: int, repeats: int, threads: int) -> None:
    """Six parties, forty options, eight criteria."""
    views = [problem(*scores(40, 8, seed=party)) for party in range(6)]
    stop = Stop(half_width=0, most=samples)
    spent: list[Seconds] = []

    def everybody() -> list[Indices]:
        children = np.random.SeedSequence(1).spawn(len(views))
        return [
            indices(view, free(view.criteria), seed=child, stop=stop, threads=threads)
            for view, child in zip(views, children, strict=True)
        ]

    for _ in range(repeats):
        timed(everybody, spent)
    wall, cpu = middles(spent)
    said = "met" if wall < PARTIES_WALL else "MISSED"
    ideal = cpu / threads
    print(f"\n6 parties x 40 options x 8 criteria x {samples} samples, float64")
    print(f"wall {wall:.2f} s, least {min(w for w, _ in spent):.2f} s; processor {cpu:.2f} s")
    print(
        f"VERDICT < {PARTIES_WALL:.0f} s: wall {wall:.2f} s {said};"
        f" processor / {threads} threads {ideal:.2f} s"
        f" {'met' if ideal < PARTIES_WALL else 'MISSED'}"
    )


def scores(m: int, n: int, *, seed: int) -> tuple[Floats, Floats]:
    """Means and standard deviations (m, n) of scores on ranges from 0 to 1."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0.3, 0.7, (m, n)), rng.uniform(0.05, 0.2, (m, n))


def problem(mean: Floats, sd: Floats) -> Problem:
    """The problem of detente; higher is better on every criterion."""
    m, n = mean.shape
    laws = tuple(tuple(normal(mean[i, c], sd[i, c]) for c in range(n)) for i in range(m))
    return Problem(
        tuple(f"option {i}" for i in range(m)),
        tuple(f"criterion {c}" for c in range(n)),
        laws,
        tuple(linear(0, 1) for _ in range(n)),
    )


def plain(
    mean: Floats, sd: Floats, samples: int, *, seed: np.random.SeedSequence, threads: int
) -> Floats:
    """SMAA-2 in NumPy, batch by batch on threads: the rank acceptabilities (m, m)."""
    m, n = mean.shape
    batches = -(-samples // BATCH)
    children = seed.spawn(batches)

    def values(batch: int) -> tuple[Floats, Floats]:
        rng = np.random.Generator(np.random.SFC64(children[batch]))
        size = min(BATCH, samples - batch * BATCH)
        weights = rng.standard_exponential((n, size))
        weights /= weights.sum(axis=0)
        drawn = rng.standard_normal((m, n, size))
        drawn *= sd[:, :, None]
        drawn += mean[:, :, None]
        return weights, np.clip(drawn, 0, 1, out=drawn)

    def count(batch: int) -> tuple[Floats, Floats, Floats]:
        weights, drawn = values(batch)
        total = np.einsum("mnb,nb->mb", drawn, weights)
        before = np.zeros(total.shape, np.int8)
        wins, ranks = np.empty((m, m)), np.empty((m, m))
        for i, one in enumerate(total):
            above = one > total
            wins[i] = np.count_nonzero(above, axis=1)
            before += above
        sums = np.empty((2, m, n))
        for i, places in enumerate(before):
            ranks[i] = np.bincount(places, minlength=m)
            first = weights[:, places == 0]
            sums[0, i], sums[1, i] = first.sum(axis=1), np.square(first).sum(axis=1)
        return ranks, wins, sums

    def confident(batch: int) -> Floats:
        _, drawn = values(batch)
        total = np.einsum("mnb,in->imb", drawn, central)
        best: Floats = np.count_nonzero(
            np.einsum("iib->ib", total) == total.max(axis=1), axis=1
        ).astype(np.float64)
        return best

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(count, range(batches)))
        ranks = sum((one[0] for one in found), np.zeros((m, m)))
        central = sum((one[2][0] for one in found), np.zeros((m, n))) / ranks[:, :1]
        some = range(min(batches, CONFIDENCE_SAMPLES // BATCH))
        sum(pool.map(confident, some), np.zeros(m))
    return ranks / samples


def pyrepo(mean: Floats, samples: int) -> Seconds:
    """Seconds of VIKOR_SMAA for ``samples`` weights, scaled from fewer."""
    python = PEER / "bin" / "python"
    if not python.exists():
        venv.create(PEER, with_pip=True)
        wanted = ROOT / "benchmarks" / "peers" / "pyrepo-mcda.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)
    ask = json.dumps({"matrix": mean.tolist(), "weights": PEER_WEIGHTS})
    ran = subprocess.run(
        [python, "-c", PYREPO], input=ask, capture_output=True, text=True, check=True
    )
    wall, cpu = json.loads(ran.stdout.splitlines()[-1])
    return wall * samples / PEER_WEIGHTS, cpu * samples / PEER_WEIGHTS


def timed(call: Callable[[], Found], spent: list[Seconds]) -> Found:
    """What a call returns; its seconds go into ``spent``."""
    wall, cpu = perf_counter(), process_time()
    found = call()
    spent.append((perf_counter() - wall, process_time() - cpu))
    return found


def middles(spent: list[Seconds]) -> Seconds:
    """The medians of the seconds of the wall and the processor."""
    return median(wall for wall, _ in spent), median(cpu for _, cpu in spent)


if __name__ == "__main__":
    main()
