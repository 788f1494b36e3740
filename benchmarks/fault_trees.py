"""Fault trees of the Aralia set by detente against SCRAM (Debian package `scram`), in one run.

    python benchmarks/fault_trees.py [--trees ../shared/data/risk/aralia] [--repeats 3]
                                     [--seconds 60] [--only chinese cea9601] [--cut-sets] [--cold]

SCRAM is timed as a process, reading included, for the exact probability by its decision diagrams
with cut sets of order 1 alone (`--bdd --probability true -l 1`: the least it can be asked for).
detente is timed in process with its kernels loaded, where it compiles the circuit and gives the
probability and all importance factors; beside that, how long the Open-PSA reader takes for the
file; and as a process (interpreter, imports, reading and all) with its cache of kernels full. With
`--cold` the process runs once more with an empty cache. With `--cut-sets` SCRAM enumerates all
minimal cut sets (`--bdd -l 1000`), and detente counts them by order.

Medians of the repeats, of the wall and, in brackets, of the processor; the programs take turns,
after a first round that does not count. The verdict is on the wall in process, over the trees that
both finish in time; cea9601, which is incoherent and the largest, is stated apart. The target is to
be no slower on 20 of 22.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple, TypeVar

from detente.escalation.circuit import Circuit, Gate
from detente.escalation.engine.compiled import compiled
from detente.escalation.engine.cut_sets import cut_sets
from detente.escalation.engine.solve import solve

Found = TypeVar("Found")

APART, WANTED = "cea9601", 20
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


class Seconds(NamedTuple):
    """How long something took; endless where it took longer than allowed."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Compared:
    """The medians of a tree: SCRAM, detente in process, its reader, and detente as a process."""

    scram: Seconds
    inside: Seconds
    reading: Seconds
    process: Seconds

    @property
    def both(self) -> bool:
        """Whether both finish in time."""
        return self.scram.wall < math.inf and self.process.wall < math.inf


def process(command: list[str], seconds: float, **environment: str) -> tuple[Seconds, str]:
    """Seconds of a process, and what it printed."""
    start, before = perf_counter(), os.times()
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
        return Seconds(math.inf, math.inf), ""
    wall, after = perf_counter() - start, os.times()
    user, system = (after[place] - before[place] for place in (2, 3))
    return Seconds(wall, user + system), told.stdout


def call(what: Callable[[], Found]) -> tuple[Seconds, Found]:
    """Seconds of a call, and what it returns."""
    start, before = perf_counter(), process_time()
    found = what()
    return Seconds(perf_counter() - start, process_time() - before), found


def middle(found: Sequence[Seconds]) -> Seconds:
    """The medians."""
    return Seconds(*(median(each) for each in zip(*found, strict=True)))


def scram(file: Path, seconds: float, *, order: int) -> tuple[Seconds, float, int]:
    """Seconds, the probability, and how many cut sets up to an order SCRAM found."""
    command = ["scram", "--bdd", "--probability", "true", "-l", str(order), str(file)]
    spent, told = process(command, seconds)
    found = re.search(r'<sum-of-products[^>]* products="(\d+)"[^>]*probability="([^"]+)"', told)
    return (spent, float(found[2]), int(found[1])) if found else (spent, float("nan"), -1)


def probability(file: Path, top: str, seconds: float, repeats: int, *, cold: bool) -> Compared:
    """Print a line on the probability, and give its seconds."""
    from detente.escalation.openpsa.read import read_openpsa  # which `--one` does not need

    tree, chances = circuit(file)
    own = [sys.executable, __file__, "--one", str(file), top]
    times: list[tuple[Seconds, ...]] = []
    for turn in range(repeats + 1):
        inside, result = call(lambda: solve(tree, top, chances))
        reading, _ = call(lambda: read_openpsa({file.name: file.read_bytes()}))
        theirs, value, _ = scram(file, seconds, order=1)
        alone, told = process(own, seconds)
        if turn:
            times.append((theirs, inside, reading, alone))
    found = Compared(*(middle(each) for each in zip(*times, strict=True)))
    agree = math.isnan(value) or float(f"{result.probability:.6g}") == value == float(told)
    line = f"{file.stem:<9}" + "".join(
        f"{one.wall:>8.3f} ({one.processor:.3f})"
        for one in (found.scram, found.inside, found.reading, found.process)
    )
    if cold:
        with tempfile.TemporaryDirectory() as folder:
            line += f"{process(own, 600, NUMBA_CACHE_DIR=folder)[0].wall:>8.1f}"
    ratio = found.scram.wall / found.inside.wall
    print(f"{line} {ratio:>6.1f} x {result.nodes:>8}  {'agree' if agree else 'DIFFER'}", flush=True)
    return found


def sets(file: Path, top: str, seconds: float, repeats: int) -> bool:
    """Print a line on the cut sets: whether detente in process was no slower than SCRAM."""
    tree, _ = circuit(file)
    inside, theirs = [], []
    for turn in range(repeats + 1):
        spent, found = call(lambda: cut_sets(compiled(tree, top)))
        if turn:
            inside.append(spent.wall)
        if turn < repeats and math.inf not in theirs:
            other, _, number = scram(file, seconds, order=1000)
            theirs.append(other.wall)
    a, b = median(theirs), median(inside)
    agree = "agree" if found.number == number else "DIFFER" if number >= 0 else ""
    print(f"{file.stem:<10}{a:>9.3f} {b:>9.3f} {a / b:>7.1f} x  {found.number:>12} {agree}")
    return b <= a


def verdict(found: Mapping[str, Compared]) -> None:
    """Print on how many trees detente is no slower, in process and otherwise."""
    both = {name: one for name, one in found.items() if one.both}
    won = sum(one.inside.wall <= one.scram.wall for one in both.values())
    read = sum(one.inside.wall + one.reading.wall <= one.scram.wall for one in both.values())
    spent = sum(one.inside.processor <= one.scram.processor for one in both.values())
    alone = sum(one.process.wall <= one.scram.wall for one in both.values())
    print(
        f"of {len(both)} trees that both finish, no slower on {won} in process"
        f" ({spent} by the processor, {read} with reading), on {alone} as a process"
    )
    if APART in both:
        one = both[APART]
        print(f"{APART} in process: {one.scram.wall / one.inside.wall:.1f} x as fast as SCRAM")
    told = "met" if won >= WANTED else "MISSED"
    print(f"fault trees: in process no slower on {won}; {WANTED} of 22: {told}")


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
    files = {name: options.trees / f"{name}.xml" for name in options.only or sorted(known)}
    if options.cut_sets:
        print("tree       scram, s  detente,s   ratio        cut sets")
        won = [
            sets(file, known[name]["top"], options.seconds, options.repeats)
            for name, file in files.items()
        ]
        print(f"cut sets: detente in process is no slower on {sum(won)} of {len(won)}")
        return
    heads = ("scram", "in process", "reading", "as process")
    print("tree     " + "".join(f"{head:>16}" for head in heads) + "    cold" * options.cold)
    verdict(
        {
            name: probability(
                file, known[name]["top"], options.seconds, options.repeats, cold=options.cold
            )
            for name, file in files.items()
        }
    )


if __name__ == "__main__":
    main()
