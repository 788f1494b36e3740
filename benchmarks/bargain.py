"""Packages and paths by programs, beside NSGA-II in pymoo and counting in NegMAS.

Run from the checkout: ``python benchmarks/bargain.py``. Instances are random: gains normal with
mean 1 and spread 2 for each party, costs 1 to 9, a budget of 35 % of all costs, a prerequisite for
every fifth measure. Ours is the Nash product proven to one part in ten million, from the numbers to
the package; the targets are 2 s for 100 measures and 6 parties and 30 s for a path of 30 measures
in 6 steps. pymoo searches the same instances for the largest product (population 100, 400
generations); NegMAS counts the outcomes of two published domains (beside the checkout, in
``../shared/data``). Peers stand in environments of their own, made from ``benchmarks/peers`` at the
first run. Each run is a process of its own; the median of its repeats counts, and seconds of the
processor stand beside those of the wall: where they part, the machine did other work too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "build" / "peers"
WORK = ROOT / "build" / "benchmarks"
DOMAINS = ROOT.parent / "shared" / "data" / "options" / "negotiation-genius" / "anac"
SIZES = ("50x6", "100x6", "200x6", "200x30")
TARGETS = {"100x6": 2.0, "path": 30.0}
SEEDS = 5


def main() -> None:
    """Measure and print the tables and verdicts, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="measures x parties")
    parser.add_argument("--ours-only", action="store_true", help="leave the peers out")
    parser.add_argument("--run", choices=sorted(RUNS), help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    if asked.run:
        sys.stdout.write(json.dumps(repeated(RUNS[asked.run], asked.data, asked.repeats)))
        return
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    packages(asked.sizes, asked.repeats, with_peer=not asked.ours_only)
    paths(asked.repeats)
    if DOMAINS.is_dir():
        domains(asked.repeats, with_peer=not asked.ours_only)


def repeated(run: Callable[[str], dict[str, Any]], data: str, repeats: int) -> dict[str, Any]:
    """What a run found, and its median seconds of wall and processor."""
    walls, cpus, found = [], [], {}
    for _ in range(repeats):
        begun = time.perf_counter(), time.process_time()
        found = run(data)
        walls.append(time.perf_counter() - begun[0])
        cpus.append(time.process_time() - begun[1])
    return {**found, "wall": median(walls), "cpu": median(cpus)}


def packages(sizes: list[str], repeats: int, *, with_peer: bool) -> None:
    """Print for each size the median and the worst over several instances, and the verdict."""
    print("measures x parties | wall s, median | worst | processor s | largest gap")
    for size in sizes:
        found = [
            measure(sys.executable, "nash", instance(size, seed), repeats) for seed in range(SEEDS)
        ]
        walls, cpus = [one["wall"] for one in found], [one["cpu"] for one in found]
        gap = max(one["gap"] for one in found)
        proven = all(one["status"] == "optimal" for one in found)
        row = f"{size:>18} | {median(walls):14.3f} | {max(walls):5.2f} | {median(cpus):11.3f}"
        print(f"{row} | {gap:.1e}", flush=True)
        if size in TARGETS:
            met = "met" if max(walls) <= TARGETS[size] and proven else "MISSED"
            print(f"packages of {size}: {max(walls):.2f} s at worst; {TARGETS[size]:.0f} s: {met}")
        if size == "100x6" and with_peer:
            beside_pymoo(found[0], instance(size, 0))


def beside_pymoo(ours: dict[str, Any], data: str) -> None:
    """Print what NSGA-II finds of the same instance, once."""
    peer = measure(peer_python("pymoo"), "pymoo", data, 1)
    print(
        f"  pymoo: {peer['wall']:.1f} s of the wall, {peer['cpu']:.1f} s of the processor, "
        f"sum of w ln gain {peer['value']:.5f} against our proven {ours['value']:.5f}; "
        f"ratio of walls {peer['wall'] / ours['wall']:.0f}",
        flush=True,
    )


def paths(repeats: int) -> None:
    """Print the seconds of paths of 30 measures over 6 steps, and the verdict."""
    found = [measure(sys.executable, "path", str(seed), repeats) for seed in range(SEEDS)]
    walls, cpus = [one["wall"] for one in found], [one["cpu"] for one in found]
    met = all(one["status"] == "optimal" for one in found) and max(walls) <= TARGETS["path"]
    print(
        f"path of 30 measures in 6 steps: median {median(walls):.2f} s, worst {max(walls):.2f} s "
        f"of the wall, {median(cpus):.2f} s of the processor; {TARGETS['path']:.0f} s: "
        f"{'met' if met else 'MISSED'}",
        flush=True,
    )


def domains(repeats: int, *, with_peer: bool) -> None:
    """Print front, Nash and Kalai of a published domain here and in NegMAS, and a huge front."""
    for folder in ("y2010/EnglandZimbabwe", "y2015/group2-politics"):
        ours = measure(sys.executable, "domain", folder, repeats)
        row = f"{folder}: {ours['front']} on the front, {ours['wall']:.3f} s"
        if with_peer:
            peer = measure(peer_python("negmas"), "negmas", folder, repeats)
            row += f"; NegMAS {peer['front']}, {peer['wall']:.3f} s"
        print(row, flush=True)
    ours = measure(sys.executable, "ten", "y2014/10issues", repeats)
    print(f"10issues, 1e10 outcomes: {ours['front']} on the front, {ours['wall']:.2f} s")


def peer_python(name: str) -> str:
    """The interpreter of a peer's environment, made unless it is there."""
    folder = PEERS / name
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        listed = ROOT / "benchmarks" / "peers" / f"{name}.txt"
        pip = [str(python), "-m", "pip", "install", "--quiet", "-r", str(listed)]
        subprocess.run(pip, check=True)
    return str(python)


def measure(python: str, run: str, data: str, repeats: int) -> dict[str, Any]:
    """What one kind of run found, and its median seconds, in a process of its own."""
    command = [python, __file__, "--run", run, "--data", data, "--repeats", str(repeats)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def instance(size: str, seed: int) -> str:
    """A file with one random instance."""
    import numpy as np

    path = WORK / f"packages-{size}-{seed}.npz"
    if not path.exists():
        measures, parties = map(int, size.split("x"))
        rng = np.random.default_rng([measures, parties, seed])
        costs = rng.integers(1, 10, measures).astype(float)
        needs = rng.permuted(np.arange(measures))[: measures // 5 * 2].reshape(-1, 2)
        path.parent.mkdir(parents=True, exist_ok=True)
        gains = rng.normal(1, 2, (parties, measures))
        np.savez(path, gains=gains, costs=costs, limit=0.35 * costs.sum(), needs=needs)
    return str(path)


def problem(data: str) -> Any:
    """The problem in a file."""
    import numpy as np

    from detente.assessment.bargain.problem import Budget, Problem, Rules

    with np.load(data) as file:
        parties, measures = file["gains"].shape
        names = tuple(f"m{i}" for i in range(measures))
        budget = Budget("money", tuple(file["costs"].tolist()), float(file["limit"]))
        needs = tuple((names[a], names[b]) for a, b in file["needs"].tolist())
        return Problem(
            names,
            tuple(f"p{i}" for i in range(parties)),
            file["gains"],
            rules=Rules(budgets=(budget,), needs=needs),
        )


def run_nash(data: str) -> dict[str, Any]:
    """The package with the largest product, here."""
    from detente.assessment.bargain.nash import nash

    found = nash(problem(data))
    return {"value": found.objective, "gap": found.gap, "status": found.status}


def run_path(seed: str) -> dict[str, Any]:
    """A path of 30 measures over 6 steps, with every kind of rule."""
    import numpy as np

    from detente.assessment.bargain.problem import Budget, Problem, Rules
    from detente.assessment.bargain.sequence import Course, sequence

    rng = np.random.default_rng(int(seed))
    names = tuple(f"m{i}" for i in range(30))
    costs = rng.integers(1, 10, 30).astype(float)
    pairs = rng.permuted(np.arange(30))[:20].reshape(-1, 2).tolist()
    made = Problem(
        names,
        tuple("abcd"),
        rng.normal(1, 2, (4, 30)),
        sides=("x", "x", "y", "y"),
        rules=Rules(
            budgets=(Budget("money", tuple(costs.tolist()), 0.5 * costs.sum()),),
            needs=tuple((names[a], names[b]) for a, b in pairs),
            excludes=((names[0], names[1]), (names[5], names[9])),
        ),
    )
    course = Course(
        steps=6,
        most_a_step=4,
        received=rng.uniform(0, 5, (2, 30)) * (rng.random((2, 30)) < 0.6),
        balance=(1.5,),
        slack=np.full(4, 0.5),
        windows=((names[3], 2, 4), (names[7], 1, 3)),
        verifiable=rng.random(30),
        unilateral=names[::3],
    )
    found = sequence(made, course)
    return {"status": found.status, "gap": found.gap}


def run_pymoo(data: str) -> dict[str, Any]:
    """The largest product that NSGA-II finds, with the rules as constraints."""
    import numpy as np
    from pymoo.algorithms.moo.nsga2 import NSGA2  # type: ignore[import-not-found]
    from pymoo.core.problem import Problem as Searched  # type: ignore[import-not-found]
    from pymoo.operators.crossover.pntx import (  # type: ignore[import-not-found]
        TwoPointCrossover,
    )
    from pymoo.operators.mutation.bitflip import (  # type: ignore[import-not-found]
        BitflipMutation,
    )
    from pymoo.operators.sampling.rnd import (  # type: ignore[import-not-found]
        BinaryRandomSampling,
    )
    from pymoo.optimize import minimize  # type: ignore[import-not-found]

    with np.load(data) as file:
        gains, costs, limit, needs = (file[k] for k in ("gains", "costs", "limit", "needs"))

    class Packages(Searched):  # type: ignore[misc]
        def __init__(self) -> None:
            many = 1 + len(gains) + len(needs)
            super().__init__(n_var=len(costs), n_obj=1, n_ieq_constr=many, vtype=bool)

        def _evaluate(self, x: Any, out: dict[str, Any], *_: Any, **__: Any) -> None:
            reached = x @ gains.T
            out["F"] = -np.log(np.maximum(reached, 1e-6)).mean(axis=1, keepdims=True)
            unmet = x[:, needs[:, 0]].astype(float) - x[:, needs[:, 1]]
            spent = (x @ costs - limit)[:, None]
            out["G"] = np.hstack([spent, 1e-6 - reached, unmet])

    algorithm = NSGA2(
        pop_size=100,
        sampling=BinaryRandomSampling(),
        crossover=TwoPointCrossover(),
        mutation=BitflipMutation(),
        eliminate_duplicates=True,
    )
    found = minimize(Packages(), algorithm, ("n_gen", 400), seed=1, verbose=False)
    return {"value": float(-found.F[0]) if found.F is not None else float("nan")}


def read(folder: str) -> Any:
    """The problem of a GENIUS folder."""
    from detente.assessment.foreign import genius

    files = sorted((DOMAINS / folder).glob("*.xml"))
    files = [file for file in files if file.name != "pareto.xml"]
    whole = next(f for f in files if b"negotiation_template" in f.read_bytes())
    domain = genius.read_domain(whole.name, whole.read_bytes())
    profiles = [file for file in files if file != whole]
    return genius.problem(
        domain,
        {file.stem: genius.read_profile(file.name, file.read_bytes(), domain) for file in profiles},
    )


def run_domain(folder: str) -> dict[str, Any]:
    """Front, Nash and Kalai of a domain, here."""
    from detente.assessment.bargain.front import enumerated_front
    from detente.assessment.bargain.nash import nash
    from detente.assessment.bargain.solutions import leximin

    made = read(folder)
    nash(made)
    leximin(made)
    return {"front": len(enumerated_front(made))}


def run_ten(folder: str) -> dict[str, Any]:
    """The front of a domain of 1e10 outcomes, here."""
    from detente.assessment.bargain.front import bargaining_front

    made = read(folder)
    return {"front": len(bargaining_front(made, made.parties))}


def run_negmas(folder: str) -> dict[str, Any]:
    """Front, Nash and Kalai of a domain, in NegMAS."""
    from negmas.inout import Scenario  # type: ignore[import-not-found]
    from negmas.preferences.ops import (  # type: ignore[import-not-found]
        kalai_points,
        nash_points,
        pareto_frontier,
    )

    scenario = Scenario.from_genius_folder(DOMAINS / folder, ignore_discount=True)
    outcomes = list(scenario.outcome_space.enumerate_or_sample())
    front, _ = pareto_frontier(scenario.ufuns, outcomes=outcomes)
    nash_points(scenario.ufuns, front, outcomes=outcomes)
    kalai_points(scenario.ufuns, front, outcomes=outcomes)
    return {"front": len(front)}


RUNS: dict[str, Callable[[str], dict[str, Any]]] = {
    "nash": run_nash,
    "path": run_path,
    "pymoo": run_pymoo,
    "domain": run_domain,
    "ten": run_ten,
    "negmas": run_negmas,
}

if __name__ == "__main__":
    main()
