"""Fault trees of the Aralia set by detente against SCRAM (Debian package `scram`), in one run.

    python benchmarks/fault_trees.py [--trees ../shared/data/risk/aralia] [--repeats 3]
                                     [--seconds 60] [--only chinese cea9601] [--cut-sets] [--cold]

SCRAM is timed as a process, reading included, for the exact probability by its decision diagrams
with cut sets of order 1 alone (`--bdd --probability true -l 1`: the least it can be asked for).
detente is timed in process with its kernels loaded, where it compiles the circuit and gives the
probability and all importance factors, and as a process (interpreter, imports, reading and all).
With `--cut-sets` SCRAM enumerates all minimal cut sets (`--bdd -l 1000`), and detente counts them
by order. With `--cold` the process runs once more with an empty cache of kernels. Medians of the
repeats; the two take turns, after a first round that does not count.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from math import isnan
from pathlib import Path
from statistics import median
from time import perf_counter

from detente.escalation.circuit import Circuit, Gate
from detente.escalation.engine.compiled import compiled
from detente.escalation.engine.cut_sets import cut_sets
from detente.escalation.engine.solve import solve

ROOT = Path(__file__).resolve().parents[1]
OPERATIONS = {"and": "and", "or": "or", "not": "not", "xor": "xor", "atleast": "at-least"}


def circuit(file: Path) -> tuple[Circuit, dict[str, float]]:
    """The gates, events and probabilities of a file of the set."""
    gates: dict[str, Gate] = {}
    root = ET.fromstring(file.read_bytes())  # noqa: S314 (the set of the shared data)

    def formula(element: ET.Element, name: str) -> str:
        if element.tag in {"gate", "basic-event"}:
            return element.attrib["name"]
        inputs = tuple(formula(each, f"{name}.{n}") for n, each in enumerate(element))
        op = OPERATIONS[element.tag]
        gates[name] = Gate(name, op, inputs, int(element.get("min", 0)))  # type: ignore[arg-type]
        return name

    for each in root.iter("define-gate"):
        name = each.attrib["name"]
        inner = formula(each[-1], name)
        if inner != name:
            gates[name] = Gate(name, "same", (inner,))
    events = {
        each.attrib["name"]: float(each[-1].attrib["value"])
        for each in root.iter("define-basic-event")
    }
    return Circuit(gates, tuple(events)), events


def process(command: list[str], seconds: float, **environment: str) -> tuple[float, str]:
    """Seconds of a process and what it printed; endless where it takes longer than allowed."""
    start = perf_counter()
    try:
        told = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
            env=os.environ | environment,
        )
    except subprocess.TimeoutExpired:
        return float("inf"), ""
    return perf_counter() - start, told.stdout


def scram(file: Path, seconds: float, *, order: int) -> tuple[float, float, int]:
    """Seconds, the probability, and how many cut sets up to an order SCRAM found."""
    command = ["scram", "--bdd", "--probability", "true", "-l", str(order), str(file)]
    spent, told = process(command, seconds)
    found = re.search(r'<sum-of-products[^>]* products="(\d+)"[^>]*probability="([^"]+)"', told)
    return (spent, float(found[2]), int(found[1])) if found else (spent, float("nan"), -1)


def probability(file: Path, top: str, seconds: float, repeats: int, *, cold: bool) -> bool:
    """Print a line on the probability: whether detente in process was no slower than SCRAM."""
    tree, chances = circuit(file)
    own = [sys.executable, __file__, "--one", str(file), top]
    times: list[tuple[float, float, float]] = []
    for turn in range(repeats + 1):
        start = perf_counter()
        result = solve(tree, top, chances)
        inside = perf_counter() - start
        theirs, value, _ = scram(file, seconds, order=1)
        alone, told = process(own, seconds)
        if turn:
            times.append((theirs, inside, alone))
    a, b, c = (median(each) for each in zip(*times, strict=True))
    agree = isnan(value) or float(f"{result.probability:.6g}") == value == float(told)
    line = f"{file.stem:<10}{a:>9.3f} {b:>9.3f} {a / b:>7.1f} x {c:>9.3f}"
    if cold:
        with tempfile.TemporaryDirectory() as folder:
            line += f" {process(own, 600, NUMBA_CACHE_DIR=folder)[0]:>9.3f}"
    print(f"{line}  {result.nodes:>8} {result.modules:>4}  {'agree' if agree else 'DIFFER'}")
    return bool(b <= a)


def sets(file: Path, top: str, seconds: float, repeats: int) -> bool:
    """Print a line on the cut sets: whether detente in process was no slower than SCRAM."""
    tree, _ = circuit(file)
    inside, theirs = [], []
    for turn in range(repeats + 1):
        start = perf_counter()
        found = cut_sets(compiled(tree, top))
        spent = perf_counter() - start
        if turn:
            inside.append(spent)
        if turn < repeats and float("inf") not in theirs:
            other, _, number = scram(file, seconds, order=1000)
            theirs.append(other)
    a, b = median(theirs), median(inside)
    agree = "agree" if found.number == number else "DIFFER" if number >= 0 else ""
    print(f"{file.stem:<10}{a:>9.3f} {b:>9.3f} {a / b:>7.1f} x  {found.number:>12} {agree}")
    return b <= a


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description="Fault trees: detente against SCRAM.")
    asked.add_argument("--trees", type=Path, default=ROOT.parent / "shared/data/risk/aralia")
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--only", nargs="*")
    asked.add_argument("--cut-sets", action="store_true")
    asked.add_argument("--cold", action="store_true")
    asked.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.one:
        tree, chances = circuit(Path(options.one[0]))
        print(f"{solve(tree, options.one[1], chances).probability:.6g}")
        return
    importlib.import_module("detente.escalation.engine.diagram_kernels")
    importlib.import_module("detente.escalation.engine.family_kernels")
    known = json.loads((options.trees / "known.json").read_text())
    names = options.only or sorted(known)
    print("tree       scram, s  detente,s   ratio   process,s" + "     cold,s" * options.cold)
    won = 0
    for name in names:
        file, top = options.trees / f"{name}.xml", known[name]["top"]
        if options.cut_sets:
            won += sets(file, top, options.seconds, options.repeats)
        else:
            won += probability(file, top, options.seconds, options.repeats, cold=options.cold)
    print(f"detente in process is no slower on {won} of {len(names)}")


if __name__ == "__main__":
    main()
