"""Everything in the room of elicitation for a panel of 30 people, intervals included.

Run from the checkout: ``python benchmarks/room.py``. The panel is that of the training case with
copies of some people under other names, whose chances are moved a little.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from detente.case.case import Case
from detente.case.read import read_case
from detente.elicitation import assess as room
from detente.elicitation.disclosure import showable

ROOT = Path(__file__).resolve().parents[1]
STAGES = (
    "perceptions",
    "movements",
    "mirror_results",
    "orders",
    "statements",
    "opinions",
    "coding",
)


def main() -> None:
    """Print the median of the repeats, in all and by stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    case = panel(read_case(ROOT / "cases" / "training"), options.people)
    wall, cpu = timed(lambda: room.assess_elicitation(case), options.repeats)
    answers = len(case.answers)
    print(f"{options.people} people, {answers} answers: {wall:.2f} s wall, {cpu:.2f} s processor")
    groups, _ = showable(case)
    for name in STAGES:
        stage = getattr(room, name)
        call = (lambda s=stage: s(case)) if name == "coding" else (lambda s=stage: s(case, groups))
        print(f"  {name:<16}{timed(call, options.repeats)[0]:6.2f} s")


def timed(call: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median seconds of wall and processor, after a first call that does not count."""
    call()
    walls, cpus = [], []
    for _ in range(repeats):
        begun = perf_counter(), process_time()
        call()
        walls.append(perf_counter() - begun[0])
        cpus.append(process_time() - begun[1])
    return median(walls), median(cpus)


def panel(case: Case, people: int) -> Case:
    """The case with people copied, in turn, until there are so many."""
    names = sorted({row.participant for row in case.answers})
    kinds = {question.id: question.kind for question in case.questions}
    answers = list(case.answers)
    for place in range(len(names), people):
        source = names[place % len(names)]
        for row in case.answers:
            if row.participant == source:
                moved: dict[str, object] = {"participant": f"copy-{place}"}
                if kinds[row.question] in ("likelihood", "expected-say") and row.value is not None:
                    moved["value"] = row.value * 0.99
                answers.append(row.model_copy(update=moved))
    return dataclasses.replace(case, answers=tuple(answers))


if __name__ == "__main__":
    main()
