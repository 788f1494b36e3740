"""Worths of detente against choix 0.4.1, side by side in one run.

    python benchmarks/worths.py [--repeats 5] [--largest 200000]

choix runs in a virtual environment of its own under build/peers/choix, made here at the first run
from benchmarks/peers/choix.txt. Both programs get the same comparisons, each in the form it asks
for: index arrays for detente, whose time holds the counting, the fit and its standard errors; a
list of (winner, loser) for choix, whose time holds the fit alone. Medians of the repeats; the two
programs take turns, so that a busy machine slows both, each with one thread of BLAS, after a first
round that does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of both, before either loads numpy

import numpy as np
from numpy.typing import NDArray

from detente.elicitation.comparisons import pairwise
from detente.elicitation.worths import worths

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / "build" / "peers" / "choix"
SIZES = ((20, 2_000), (20, 20_000), (20, 200_000), (100, 20_000))
PRIORS = {"ilsr_pairwise": 0.0, "opt_pairwise": 0.01}
SLOW = 20_000  # opt_pairwise beyond so many comparisons takes half a minute a run

CHOIX = """
import json, sys, time
import choix, numpy as np
for line in sys.stdin:
    ask = json.loads(line)
    table = np.load(ask["file"])
    data = [(int(a), int(b)) for a, b in table]
    start = time.perf_counter()
    got = getattr(choix, ask["method"])(ask["items"], data, alpha=ask["alpha"])
    spent = time.perf_counter() - start
    print(json.dumps({"seconds": spent, "log_worth": (got - got.mean()).tolist()}), flush=True)
"""


def peer() -> subprocess.Popen[str]:
    """Start choix in its own environment, which is made where it is missing."""
    python = PEER / "bin" / "python"
    if not python.exists():
        venv.create(PEER, with_pip=True)
        wanted = ROOT / "benchmarks" / "peers" / "choix.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)
    return subprocess.Popen(
        [python, "-c", CHOIX], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def statements(items: int, count: int) -> NDArray[np.int64]:
    """Winners and losers (count, 2) of items with log-worths from -1.5 to 1.5."""
    rng = np.random.default_rng(items + count)
    truth = np.linspace(-1.5, 1.5, items)
    first = rng.integers(items, size=count)
    second = (first + rng.integers(1, items, size=count)) % items
    won = rng.random(count) < 1 / (1 + np.exp(truth[second] - truth[first]))
    return np.stack([np.where(won, first, second), np.where(won, second, first)], axis=1)


def ours(table: NDArray[np.int64], items: int, alpha: float) -> tuple[float, NDArray[np.float64]]:
    """Seconds of counting and fit, and the log-worths, from two index arrays.

    choix takes alpha times the sum of squares from the log-likelihood, detente half of that.
    """
    first, second = np.ascontiguousarray(table.T)
    who, result = np.zeros_like(first), np.ones_like(first)
    names = [str(i) for i in range(items)]
    start = perf_counter()
    said = pairwise(names, ["all"], person=who, first=first, second=second, result=result)
    got = worths(said, alpha=2 * alpha)
    return perf_counter() - start, got.log_worth


def compare(other: subprocess.Popen[str], method: str, items: int, size: int, repeats: int) -> None:
    """Run both in turns and print a line: medians, ratio, largest difference."""
    table, alpha = statements(items, size), PRIORS[method]
    assert other.stdin is not None
    assert other.stdout is not None
    own, theirs, apart = [], [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.npy"
        np.save(file, table)
        ask = {"file": str(file), "method": method, "items": items, "alpha": alpha}
        for turn in range(repeats + 1):
            spent, log_worth = ours(table, items, alpha)
            other.stdin.write(json.dumps(ask) + "\n")
            other.stdin.flush()
            answer = json.loads(other.stdout.readline())
            if turn:
                own.append(spent)
                theirs.append(answer["seconds"])
            apart = max(apart, float(np.abs(log_worth - answer["log_worth"]).max()))
    a, b = median(own), median(theirs)
    agree = "agree" if apart < 1e-4 else "DIFFER"
    print(
        f"{items:>5} {size:>8} {method:<14} {a * 1e3:>9.2f} ms {b * 1e3:>10.1f} ms "
        f"{b / a:>8.0f} x   {apart:.1e} {agree}"
    )
    if agree == "DIFFER":
        sys.exit(1)


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description="Worths: detente against choix 0.4.1.")
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--largest", type=int, default=200_000)
    options = asked.parse_args()
    other = peer()
    print("items    pairs method           detente         choix    ratio   largest difference")
    for items, size in SIZES:
        for method in PRIORS:
            if size <= options.largest and (method != "opt_pairwise" or size <= SLOW):
                compare(other, method, items, size, options.repeats)
    assert other.stdin is not None
    other.stdin.close()
    other.wait()


if __name__ == "__main__":
    main()
