"""An agenda of 200 judgements: what each number, each gain and each pair of views would turn.

Run from the checkout: ``python benchmarks/agenda.py``. Six parties hold a belief each, on the same
ladders with numbers of their own, and state what they gain by 30 measures. The numbers of the
ladders are 200 in all, and every party has another one. Asked are the worth of learning each
number under each belief, the pivot test of each number between all pairs of beliefs, the value of
agreement on each measure, the pivot test of all pairs of parties and of the two who part most on
each measure, and the order of all that. One processor does the work, and its seconds are judged:
those of the wall are more where the machine does other work too.
"""

from __future__ import annotations

import argparse
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np

from detente.assessment.agenda.facts import factual
from detente.assessment.agenda.order import in_order
from detente.assessment.agenda.values import package_turns
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.pivot import pivots, value_of_agreement
from detente.assessment.bargain.problem import Problem
from detente.assessment.results import Disagreement
from detente.case.case import Case
from detente.case.model import CaseFile, LadderFile, MeasuresFile
from detente.elicitation.results import ElicitationResults
from detente.escalation.assess import learning_told
from detente.escalation.prepare import prepared
from detente.escalation.results import EscalationResults

PARTIES = "ABCDEF"
MEASURES = 30
LADDERS, EVENTS = 34, 4
NUMBERS = LADDERS * (1 + EVENTS) + MEASURES
LIMIT = 5.0
ORIGIN = {"basis": "illustrative", "source": "a benchmark", "date": "2026-11"}


def main() -> None:
    """Print the median of the repeats by stage and in all, and whether it is within the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    case, problem = made(np.random.default_rng(1))
    runs = [stages(case, problem) for _ in range(options.repeats + 1)][1:]
    print(f"{len(PARTIES)} parties, {MEASURES} measures, {NUMBERS} numbers")
    for name in runs[0]:
        wall, cpu = (median(run[name][clock] for run in runs) for clock in range(2))
        print(f"  {name:<44}{wall:6.2f} s wall, {cpu:5.2f} s processor")
    wall, cpu = (median(sum(t[clock] for t in run.values()) for run in runs) for clock in range(2))
    verdict = "within" if cpu < LIMIT else "beyond"
    print(f"  {'in all':<44}{wall:6.2f} s wall, {cpu:5.2f} s processor: {verdict} {LIMIT:g} s")


def stages(case: Case, problem: Problem) -> dict[str, tuple[float, float]]:
    """The seconds of each stage, of wall and processor."""
    took: dict[str, tuple[float, float]] = {}
    begun = perf_counter(), process_time()

    def done(name: str) -> None:
        nonlocal begun
        took[name] = perf_counter() - begun[0], process_time() - begun[1]
        begun = perf_counter(), process_time()

    ladders = prepared(case, points=64)
    done("ladders compiled")
    learnt = learning_told(ladders)
    done(f"worth of learning, {len(ladders.telling)} beliefs")
    settlements = value_of_agreement(problem)
    done(f"value of agreement, {len(settlements)}")
    done(f"pivots of views, {len(pivots(problem))}")
    turns = package_turns(problem, settlements)
    done(f"pivots on stated gains, {len(problem.measures)}")
    found = EscalationResults(64, "war", (), (), (), (), (), (), learning=learnt)
    nobody = ElicitationResults(0, (), (), (), (), ())
    gains = [
        Disagreement("value", "", name, "A", "B", 0.9, 0.1, turns=turns.get(name, ()))
        for name in problem.measures
    ]
    facts = tuple(factual(case, nobody, found, ladders))
    done(f"pivots on numbers, {len(facts)} between all pairs")
    ordered = in_order((*facts, *gains))
    done(f"all of it in order, {len(ordered)}")
    if not nash(problem).package or not any(one.turns for one in ordered):
        raise SystemExit("The benchmark turns nothing.")
    return took


def made(rng: np.random.Generator) -> tuple[Case, Problem]:
    """The case with its ladders and beliefs, and the problem of what parties gain."""
    names = tuple(f"m{place}" for place in range(MEASURES))
    about = {
        "format": "detente/case/1", "title": "b", "edition": "1", "date": "2026-11",
        "as_of": "2026-11", "summary": "s", "horizon_years": 5, "languages": ["en"], "seed": 1,
        "parties": [{"id": p, "name": p, "real": False, "heard": "panel"} for p in PARTIES],
        "sides": [
            {"id": "left", "name": "Left", "parties": [*PARTIES[:3]]},
            {"id": "right", "name": "Right", "parties": [*PARTIES[3:]]},
        ],
    }  # fmt: skip
    parameters = [one for place in range(LADDERS) for one in ladder_numbers(place, rng)]
    acted = rng.choice([one["id"] for one in parameters], MEASURES, replace=False).tolist()
    measures = [
        {"id": name, "area": 1, "title": name, "seen": "verified", "unilateral": False,
         "verifiability": "observed", "acts": [act(on, rng)]}
        for name, on in zip(names, acted, strict=True)
    ]  # fmt: skip
    ladder = {
        "format": "detente/ladder/1", "defaults": ORIGIN, "levels": ["calm", "war"],
        "headline": "war", "parameters": parameters,
        "ladders": [
            {"id": f"l{place}", "title": "x", "branch": "accident", "starts": f"r{place}",
             "ends": "war", "path": [
                 {"event": "x", "p": f"p{place}-{event}", "otherwise": "calm"}
                 for event in range(EVENTS)
             ]}
            for place in range(LADDERS)
        ],
        "beliefs": [
            {"id": f"of-{party}", "title": party, "held_by": party, "source": "s",
             "numbers": [moved(one, rng) for one in parameters]}
            for party in PARTIES
        ],
    }  # fmt: skip
    case = Case(
        about=CaseFile.model_validate(about),
        ladder=LadderFile.model_validate(ladder),
        measures_file=MeasuresFile.model_validate(
            {"format": "detente/measures/1", "defaults": ORIGIN, "measures": measures}
        ),
    )
    gains = rng.normal(10, 40, (len(PARTIES), MEASURES))
    sides = tuple("left" if place < 3 else "right" for place in range(len(PARTIES)))
    return case, Problem(names, tuple(PARTIES), gains, sides=sides)


def ladder_numbers(place: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """The rate and the probabilities of one ladder."""
    rate = number(f"r{place}", "rate", float(rng.uniform(0.5, 2)))
    names = (f"p{place}-{event}" for event in range(EVENTS))
    return [rate, *(number(name, "probability", float(rng.uniform(0.1, 0.3))) for name in names)]


def number(name: str, kind: str, low: float) -> dict[str, Any]:
    """A number between ``low`` and three times as much."""
    return {"id": name, "kind": kind, "title": name, "low": low, "high": 3 * low}


def moved(one: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """The same number as another party holds it."""
    return number(one["id"], one["kind"], one["low"] * float(rng.uniform(0.5, 1.05)))


def act(on: str, rng: np.random.Generator) -> dict[str, Any]:
    """An act that lowers a number by some share."""
    low = float(rng.uniform(0.2, 0.5))
    how = "rate-ratio" if on.startswith("r") else "odds-ratio"
    return {"on": on, "how": how, "value": {"low": low, "high": 1.8 * low}}


if __name__ == "__main__":
    main()
