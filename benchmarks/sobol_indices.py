"""Sobol indices of a ladder of 48 parameters: detente beside SALib, OpenTURNS and scipy.

    python benchmarks/sobol_indices.py [--points 16384] [--repeats 20] [--peers SALib scipy]

Four initiators with eleven steps each: lognormal rates and logit-normal probabilities, with two
spreads. The peers run in a virtual environment of their own under build/peers/salib, made here at
the first run from benchmarks/peers/salib.txt, each in a process of its own with one thread of
BLAS. They get a vectorised model and 16,384 base points, that is 819,200 evaluations; their time
holds points, model and analysis. Ours holds quadrature, moments and indices, the median of the
repeats; reading paths off the diagrams, which happens once a case, is told beside it. Errors are
the largest over all 48 indices, against the closed form for a sum of independent products with
moments of each parameter by the rule of Simpson on 40,002 points. At 16,384 points a peer
needs 2 GB. Below the table stands the worth of learning each number for a choice of ten options.
The targets are 1 ms, a thousand times the speed of SALib, and 10 ms for the worth of learning.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of all, before any loads numpy

import numpy as np
from numpy.typing import NDArray

from detente.escalation.bdd import NOWHERE, Diagram, end
from detente.escalation.ladder import CompiledLadder
from detente.escalation.moments.evppi import frequency_saved
from detente.escalation.moments.marginals import of_spreads
from detente.escalation.moments.options import choice, option_curves
from detente.escalation.moments.polynomial import PathPolynomial, path_polynomial
from detente.escalation.moments.sobol_indices import SobolIndices, sobol_indices
from detente.escalation.uncertainty import Change, How, Uncertain
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import TwoPiece

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / "build" / "peers" / "salib"
INITIATORS, STEPS = 4, 12

# The model of all peers: u in (0, 1) of shape (..., 48), one initiator after the other.
MODEL = """
import json, sys, time
import numpy as np
from scipy.special import expit, ndtri
ask = json.loads(sys.stdin.read())
mid, below, above = (np.array(ask[key]) for key in ("mid", "below", "above"))
def model(u):
    z = ndtri(u)
    y = mid + z * np.where(z < 0, below, above)
    x = y.reshape(*y.shape[:-1], ask["initiators"], ask["steps"])
    return (np.exp(x[..., 0]) * expit(x[..., 1:]).prod(axis=-1)).sum(axis=-1)
n, d = ask["points"], len(mid)
start, spent = time.perf_counter(), time.process_time()
"""
SALIB = """
from SALib.sample import sobol as points
from SALib.analyze import sobol
start, spent = time.perf_counter(), time.process_time()
problem = {"num_vars": d, "names": [str(i) for i in range(d)], "bounds": [[0, 1]] * d}
y = model(points.sample(problem, n, calc_second_order=False, seed=1))
got = sobol.analyze(problem, y, calc_second_order=False, seed=1)
first, total, bands = got["S1"], got["ST"], [got["S1_conf"], got["ST_conf"]]
"""
OPENTURNS = """
import openturns as ot
start, spent = time.perf_counter(), time.process_time()
held = ot.JointDistribution([ot.Uniform(0.0, 1.0)] * d)
x = ot.SobolIndicesExperiment(held, n, False).generate()
y = ot.Sample(model(np.asarray(x))[:, None])
got = ot.SaltelliSensitivityAlgorithm(x, y, n)
first, total, bands = got.getFirstOrderIndices(), got.getTotalOrderIndices(), []
"""
SCIPY = """
from scipy import stats
start, spent = time.perf_counter(), time.process_time()
got = stats.sobol_indices(
    func=lambda x: model(x.T), n=n, dists=[stats.uniform()] * d, random_state=1
)
first, total, bands = got.first_order, got.total_order, []
"""
ANSWER = """
print(json.dumps({
    "seconds": time.perf_counter() - start, "processor": time.process_time() - spent,
    "first": list(first), "total": list(total), "bands": [list(band) for band in bands],
}))
"""
PEERS = {"SALib": SALIB, "OpenTURNS": OPENTURNS, "scipy": SCIPY}


def ladders() -> list[CompiledLadder]:
    """Initiators that each lead to war in as many steps."""
    diagram = Diagram()
    root = end(0)
    for place in reversed(range(STEPS - 1)):
        root = diagram.choose(diagram.event(place), root, NOWHERE)
    nodes = tuple(diagram.reached(root))
    found = []
    for one in range(INITIATORS):
        events = tuple(f"p{one}-{place}" for place in range(STEPS - 1))
        named = frozenset({f"r{one}", *events})
        found.append(CompiledLadder(f"l{one}", f"r{one}", events, root, nodes, 1, named))
    return found


def numbers(names: tuple[str, ...]) -> dict[str, TwoPiece]:
    """Rates around one a year, probabilities around a half; spreads from 0.1 to 0.5."""
    rng = np.random.default_rng(48)
    found = {}
    for name in names:
        below, above = (float(s) for s in rng.uniform(0.1, 0.5, 2))
        mid = float(rng.uniform(0.5, 2.0) if name[0] == "r" else rng.uniform(0.2, 0.8))
        found[name] = TwoPiece("log" if name[0] == "r" else "logit", mid, below, above)
    return found


def ours(polynomial: PathPolynomial, spreads: list[TwoPiece]) -> SobolIndices:
    """The indices from the distributions."""
    return sobol_indices(polynomial.at(of_spreads(spreads)))


def closed_form(spreads: list[TwoPiece]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First-order and total indices of a sum of independent products, from two moments each."""
    z = np.linspace(0, 14, 20_001)
    density = np.exp(-(z**2) / 2)
    density[1:-1:2] *= 4
    density[2:-1:2] *= 2
    x = np.array([[one.at_normal(-z - 1e-300), one.at_normal(z)] for one in spreads])
    once, twice = ((x**k * density).sum(axis=(1, 2)) / (2 * density.sum()) for k in (1, 2))
    shape = (INITIATORS, STEPS)
    m, q = once.reshape(shape), twice.reshape(shape)
    own = q - m**2
    first = own * (m.prod(axis=1, keepdims=True) / m) ** 2
    total = own * q.prod(axis=1, keepdims=True) / q
    variance = (q.prod(axis=1) - m.prod(axis=1) ** 2).sum()
    return (first / variance).ravel(), (total / variance).ravel()


def python() -> Path:
    """The interpreter of the peers' environment, which is made where it is missing."""
    found = PEER / "bin" / "python"
    if not found.exists():
        venv.create(PEER, with_pip=True)
        wanted = ROOT / "benchmarks" / "peers" / "salib.txt"
        subprocess.run([found, "-m", "pip", "install", "-qq", "-r", wanted], check=True)
    return found


def ask(peer: str, spreads: list[TwoPiece], points: int) -> dict[str, list[float] | float]:
    """What a peer finds, and its seconds."""
    scaled = [np.log(s.mid) if s.scale == "log" else np.log(s.mid / (1 - s.mid)) for s in spreads]
    question = {
        "mid": [float(one) for one in scaled],
        "below": [one.below for one in spreads],
        "above": [one.above for one in spreads],
        "initiators": INITIATORS,
        "steps": STEPS,
        "points": points,
    }
    done = subprocess.run(
        [python(), "-c", MODEL + PEERS[peer] + ANSWER],
        input=json.dumps(question),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, list[float] | float] = json.loads(done.stdout)
    return found


def line(name: str, wall: float, cpu: float, ratio: float, errors: tuple[float, float]) -> None:
    """One line of the table."""
    first, total = errors
    print(
        f"{name:<10} {wall * 1e3:>12.2f} {cpu * 1e3:>12.2f} {ratio:>9.0f} x "
        f"  {first:.1e}  {total:.1e}"
    )


def options(names: tuple[str, ...]) -> list[tuple[Change, ...]]:
    """No act, and nine packages of three acts on numbers drawn by chance."""
    rng = np.random.default_rng(10)
    origin = Provenance(Basis.ILLUSTRATIVE, "a benchmark", "2026-11", Status.UNVERIFIED)
    found: list[tuple[Change, ...]] = [()]
    for package in range(9):
        acts = []
        for place, on in enumerate(rng.choice(names, 3, replace=False)):
            mid = float(rng.uniform(0.6, 0.9))
            size = TwoPiece("log", mid, 0.3, 0.3)
            number = Uncertain(f"m{package}#{place}", Estimate(mid, mid, mid, 0.9, origin), size)
            how: How = "rate-ratio" if on[0] == "r" else "odds-ratio"
            acts.append(Change(str(on), how, number))
        found.append(tuple(acts))
    return found


def timed(repeats: int, call: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of wall and processor, after a first call that does not count."""
    call()
    walls, cpus = [], []
    for _ in range(repeats):
        begun = perf_counter(), process_time()
        call()
        walls.append(perf_counter() - begun[0])
        cpus.append(process_time() - begun[1])
    return median(walls), median(cpus)


def main() -> None:
    """Print the table, and fail where an error is larger than it may be."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--points", type=int, default=16_384)
    asked.add_argument("--repeats", type=int, default=20)
    asked.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    chosen = asked.parse_args()
    begun = perf_counter()
    polynomial = path_polynomial(ladders())
    compiled = perf_counter() - begun
    held = numbers(polynomial.parameters)
    spreads = [held[name] for name in polynomial.parameters]
    exact = closed_form(spreads)
    found = ours(polynomial, spreads)
    wall, cpu = timed(chosen.repeats, lambda: ours(polynomial, spreads))
    errors = tuple(
        float(np.abs(a - b).max()) for a, b in zip((found.first, found.total), exact, strict=True)
    )
    print(f"{len(spreads)} parameters; paths read in {compiled * 1e3:.1f} ms, once a case")
    print("                wall ms processor ms       wall    error S1  error ST")
    line("detente", wall, cpu, 1, (errors[0], errors[1]))
    times = {peer: compare(peer, spreads, exact, chosen.points, wall) for peer in chosen.peers}
    packages = options(polynomial.parameters)
    learnt = len(option_curves(choice(polynomial, held, packages)).numbers)
    learning = timed(
        chosen.repeats, lambda: frequency_saved(option_curves(choice(polynomial, held, packages)))
    )
    print(
        f"worth of learning, {learnt} numbers, {len(packages)} options: "
        f"{learning[0] * 1e3:.2f} ms wall, {learning[1] * 1e3:.2f} ms processor"
    )
    met = {True: "met", False: "MISSED"}
    print(f"sobol indices: {wall * 1e3:.2f} ms; 1 ms: {met[wall < 1e-3]}")
    if "SALib" in times:
        ratio = times["SALib"] / wall
        print(f"sobol indices: {ratio:,.0f} x SALib; 1,000 x: {met[ratio >= 1_000]}")
    print(f"worth of learning: {learning[0] * 1e3:.2f} ms; 10 ms: {met[learning[0] < 1e-2]}")
    if max(errors) > 1e-9:
        sys.exit("detente differs from the closed form.")


def compare(
    peer: str,
    spreads: list[TwoPiece],
    exact: tuple[NDArray[np.float64], NDArray[np.float64]],
    points: int,
    wall: float,
) -> float:
    """A line for a peer, and its seconds; of SALib also the exact indices within its 95 % bands."""
    got = ask(peer, spreads, points)
    apart = [
        np.abs(np.array(got[key]) - one) for key, one in zip(("first", "total"), exact, strict=True)
    ]
    seconds, processor = got["seconds"], got["processor"]
    assert isinstance(seconds, float)
    assert isinstance(processor, float)
    line(peer, seconds, processor, seconds / wall, (float(apart[0].max()), float(apart[1].max())))
    bands = np.array(got["bands"])
    if bands.size:
        inside = int((np.array(apart) <= bands).sum())
        print(f"{'':<10} {inside} of {bands.size} exact indices within its own 95 % bands")
    return seconds


if __name__ == "__main__":
    main()
