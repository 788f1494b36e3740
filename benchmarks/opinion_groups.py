"""Opinion groups here and in red-dwarf, side by side: seconds, memory, and cost against people.

Run from the checkout: ``python benchmarks/opinion_groups.py``. Each run is a process of its own;
the median of its repeats counts. The peer stands in an environment of its own, made from
``benchmarks/peers/red-dwarf.txt`` at the first run. Measure on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / "build" / "peers" / "red-dwarf"
WORK = ROOT / "build" / "benchmarks"
DENSITY = {100: 0.3, 300: 0.2}
SIZES = ("1000x100", "3000x100", "10000x300", "30000x300")
REPEATS = 3
GROUPS = 3


def main() -> None:
    """Measure and print the tables, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="people x statements")
    parser.add_argument("--ours-only", action="store_true", help="leave the peer out")
    parser.add_argument("--run", choices=sorted(RUNS), help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument(
        "--repeats",
        type=int,
        default=REPEATS,
        help="the median of so many counts; the peer runs once at large sizes",
    )
    asked = parser.parse_args()
    if asked.run:
        seconds = [RUNS[asked.run](asked.data) for _ in range(asked.repeats)]
        sys.stdout.write(json.dumps({"seconds": statistics.median(seconds), "peak_mb": peak_mb()}))
        return
    compare(asked.sizes, asked.repeats, with_peer=not asked.ours_only)
    bootstraps(asked.repeats)


def compare(sizes: list[str], repeats: int, *, with_peer: bool) -> None:
    """Print seconds, peak memory and their ratio for each size, and the growth with people."""
    if with_peer:
        make_peer()
    print("people x statements |  ours s |  MB | red-dwarf s |  MB | ratio | exponent")
    before: tuple[int, int, float] | None = None
    for size in sizes:
        people, statements = map(int, size.split("x"))
        data = planted(people, statements)
        ours = measure(sys.executable, "ours", data, repeats)
        row = f"{size:>19} | {ours['seconds']:7.3f} | {ours['peak_mb']:3.0f} | "
        if with_peer:
            once = 1 if people * statements > 1_000_000 else repeats
            peer = measure(str(PEER / "bin" / "python"), "peer", data, once)
            ratio = peer["seconds"] / ours["seconds"]
            row += f"{peer['seconds']:11.2f} | {peer['peak_mb']:3.0f} | {ratio:5.1f} | "
        else:
            row += "          - |   - |     - | "
        print(row + growth(before, people, statements, ours["seconds"]), flush=True)
        before = people, statements, ours["seconds"]


def growth(before: tuple[int, int, float] | None, people: int, many: int, seconds: float) -> str:
    """The exponent of cost in people since the size before, where statements are as many."""
    if before is None or before[1] != many:
        return "-"
    return f"{math.log(seconds / before[2]) / math.log(people / before[0]):.2f}"


def bootstraps(repeats: int) -> None:
    """Print what a thousand bootstraps of 300 people and 100 statements cost."""
    found = measure(sys.executable, "bootstrap", planted(300, 100), repeats)
    seconds, peak = found["seconds"], found["peak_mb"]
    print(f"1,000 bootstraps of 300x100: {seconds:.2f} s, {peak:.0f} MB")


def peak_mb() -> float:
    """The most memory that this process ever held, without what its parent held."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def make_peer() -> None:
    """The peer's environment, unless it is there."""
    if (PEER / "bin" / "python").exists():
        return
    venv.create(PEER, with_pip=True)
    listed = ROOT / "benchmarks" / "peers" / "red-dwarf.txt"
    pip = [str(PEER / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", str(listed)]
    subprocess.run(pip, check=True)


def measure(python: str, run: str, data: Path, repeats: int) -> dict[str, float]:
    """Median seconds and peak memory of one kind of run, in a process of its own."""
    command = [python, __file__, "--run", run, "--data", str(data), "--repeats", str(repeats)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def planted(people: int, statements: int) -> Path:
    """A file of votes of three groups, each with its own chance to agree with each statement."""
    import numpy as np

    path = WORK / f"votes-{people}x{statements}.npz"
    if path.exists():
        return path
    rng = np.random.default_rng(people + statements)
    chance = rng.random((GROUPS, statements))[rng.integers(0, GROUPS, people)]
    voted = rng.random((people, statements)) < DENSITY.get(statements, 0.2)
    votes = np.where(rng.random((people, statements)) < chance, 1, -1).astype(np.int8)
    votes[rng.random((people, statements)) < 0.1] = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    rows, columns = np.nonzero(voted)
    np.savez(
        path,
        starts=np.concatenate([[0], np.cumsum(voted.sum(axis=1))]),
        rows=rows.astype(np.int32),
        columns=columns.astype(np.int32),
        values=votes[voted],
        shape=votes.shape,
    )
    return path


def load(data: Path) -> Any:
    """The conversation in a file of planted votes."""
    import numpy as np

    from detente.elicitation.opinion.votes import Conversation

    with np.load(data) as file:
        people, statements = map(int, file["shape"])
        return Conversation(
            people=tuple(map(str, range(people))),
            statements=tuple(map(str, range(statements))),
            starts=file["starts"],
            columns=file["columns"],
            values=file["values"],
            rejected=np.zeros(statements, dtype=bool),
            camps=("",) * people,
            published=np.full(statements, np.nan),
        )


def ours(data: Path) -> float:
    """Groups, representative statements, consensus and group-informed consensus; no bootstrap."""
    import numpy as np

    from detente.elicitation.opinion.consensus import consensus, group_informed_consensus
    from detente.elicitation.opinion.groups import group_labels
    from detente.elicitation.opinion.representative import count, representative

    whole = load(data)
    start = time.perf_counter()
    labels = group_labels(whole)
    counts = count(whole, labels)
    representative(counts, rejected=whole.rejected)
    group_informed_consensus(counts)
    everybody = count(whole, np.zeros(len(labels), dtype=np.int64))
    consensus(everybody, rejected=whole.rejected)
    return time.perf_counter() - start


def peer(data: Path) -> float:
    """The same steps in red-dwarf, from the list of votes that it takes."""
    import numpy as np
    from reddwarf.implementations.base import run_pipeline  # type: ignore[import-not-found]

    with np.load(data) as file:
        cast = zip(*(file[name].tolist() for name in ("rows", "columns", "values")), strict=True)
        votes = [
            {"participant_id": who, "statement_id": what, "vote": vote, "modified": 0}
            for who, what, vote in cast
        ]
    start = time.perf_counter()
    run_pipeline(votes=votes, random_state=0)
    return time.perf_counter() - start


def bootstrap(data: Path) -> float:
    """A thousand bootstraps, each with its own plane, base clusters and number of groups."""
    import numpy as np

    from detente.elicitation.opinion import stability, votes
    from detente.elicitation.opinion.groups import group_labels

    whole = load(data)
    labels, placed = group_labels(whole), votes.clusterable(whole)
    start = time.perf_counter()
    rng = np.random.default_rng(0)
    stability.bootstrap(votes.kept(whole), labels, placed=placed, draws=1000, rng=rng)
    return time.perf_counter() - start


RUNS = {"ours": ours, "peer": peer, "bootstrap": bootstrap}

if __name__ == "__main__":
    main()
