"""Reciprocal steps: what each side gives, in which order, and what keeps a step off the path."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.assessment.path import balance, path
from detente.assessment.results import Ground, GroundClass, LedgerClass, LedgerEntry
from detente.assessment.states import measure_states
from detente.case.case import Case
from detente.case.model import CaseFile, Measure, MeasuresFile
from detente.elicitation.results import Spread

STEP = {
    "parts": [{"by": "left", "does": "left acts"}, {"by": "right", "does": "right acts"}],
    "verified": "by a visit",
    "months": 3,
    "if_stopped": "nothing further",
}


def measure(name: str, **other: Any) -> Measure:
    return Measure.model_validate(
        {
            "id": name,
            "area": 1,
            "title": name,
            "seen": "verified",
            "unilateral": False,
            "verifiability": "observed",
            "step": STEP,
        }
        | other
    )


def case(*measures: Measure) -> Case:
    about = CaseFile.model_validate(
        {
            "format": "detente/case/1",
            "title": "t",
            "edition": "e",
            "date": "2026-01-01",
            "as_of": "2026-01-01",
            "summary": "s",
            "parties": [{"id": p, "name": p, "real": False, "heard": "panel"} for p in "LR"],
            "sides": [
                {"id": "left", "name": "Left", "parties": ["L"]},
                {"id": "right", "name": "Right", "parties": ["R"]},
            ],
            "horizon_years": 5,
            "languages": ["en"],
            "seed": 1,
        }
    )
    return Case(
        about=about, measures_file=MeasuresFile(format="detente/measures/1", measures=measures)
    )


def entry(
    name: str, giver: str, kind: LedgerClass = "valued-and-cheap", said: float = 8, cost: float = 2
) -> LedgerEntry:
    def around(mid: float) -> Spread:
        return Spread(mid - 1, mid, mid + 1)

    receiver = "right" if giver == "left" else "left"
    return LedgerEntry(
        name, giver, receiver, around(8), around(said), None, around(cost), None, None, 6, 6, kind
    )


def steps(
    the_case: Case, *entries: LedgerEntry, ground: dict[str, GroundClass] | None = None
) -> list[tuple[str, ...]]:
    kinds = tuple(
        Ground(name, kind, "answers", None, None, ()) for name, kind in (ground or {}).items()
    )
    found = path(the_case, entries, kinds, measure_states(the_case))
    return [tuple(gift.measure for gift in step.gifts) for step in found]


def both(*names: str) -> list[LedgerEntry]:
    return [entry(name, giver) for name in names for giver in ("left", "right")]


def test_each_side_gives_what_the_other_values() -> None:
    found = steps(case(measure("a"), measure("b")), entry("a", "left"), entry("b", "right"))
    assert found == [("a", "b")]


def test_unilateral_first_then_better_verifiable_then_more_valued() -> None:
    the_case = case(
        measure("declared", verifiability="declared"),
        measure("inspected", verifiability="inspected"),
        measure("alone", unilateral=True, verifiability="none"),
    )
    found = steps(the_case, *both("declared", "inspected", "alone"))
    assert found == [("alone",) * 2, ("inspected",) * 2, ("declared",) * 2]


def test_a_prerequisite_comes_first_and_a_missing_one_keeps_the_measure_off() -> None:
    late = measure("late", unilateral=True, needs=["base"])
    assert steps(case(late, measure("base")), *both("late", "base")) == [
        ("base", "base"),
        ("late", "late"),
    ]
    assert steps(case(late, measure("base")), *both("late")) == []


@pytest.mark.parametrize("key", ["excludes", "saturates_with"])
@pytest.mark.parametrize("stated_by", ["a", "b"])
def test_of_two_that_clash_only_the_first_is_taken(key: str, stated_by: str) -> None:
    other = {"a": "b", "b": "a"}[stated_by]
    clashing = {stated_by: {key: [other]}}
    the_case = case(
        measure("a", unilateral=True, **clashing.get("a", {})),
        measure("b", **clashing.get("b", {})),
    )
    assert steps(the_case, *both("a", "b")) == [("a", "a")]


@pytest.mark.parametrize("kind", ["red-line", "contested"])
def test_disputed_measures_stay_off(kind: GroundClass) -> None:
    assert steps(case(measure("a")), *both("a"), ground={"a": kind}) == []


def test_dear_unvalued_and_lapsed_measures_stay_off() -> None:
    lapsed = measure("a", status=[{"state": "expired", "since": "2025", "source": "s"}])
    assert steps(case(lapsed), *both("a")) == []
    dear = [entry("a", giver, "unnoticed-opening", cost=9) for giver in ("left", "right")]
    assert steps(case(measure("a")), *dear) == []
    gifts = [entry("a", giver, "gift-nobody-wants") for giver in ("left", "right")]
    assert steps(case(measure("a")), *gifts) == []


def test_without_a_ledger_the_steps_are_what_no_side_refused() -> None:
    kinds = tuple(
        Ground(name, kind, "positions", None, None, ())
        for name, kind in (("a", "acceptable"), ("b", "shared-ground"), ("c", "tradeable"))
    )
    the_case = case(measure("a"), measure("b"), measure("c"))
    found = path(the_case, (), kinds, measure_states(the_case))  # type: ignore[arg-type]
    assert [step.gifts[0].measure for step in found] == ["b", "a"]
    assert [gift.side for gift in found[0].gifts] == ["left", "right"]


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=4), st.floats(0.1, 5))
def test_balance_is_one_only_for_equals_and_ignores_scale(values: list[float], k: float) -> None:
    found = balance(values)
    assert found is not None
    assert 0 <= found <= 1
    assert (found == 1) == (min(values) == max(values))
    assert balance([k * value for value in values]) == pytest.approx(found)
