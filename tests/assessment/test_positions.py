"""The printed rule that reads a class from public positions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.assessment.positions import position_class, stands
from detente.case.case import Case
from detente.case.model import CaseFile, Measure, MeasuresFile, Position

OPEN = st.sampled_from(["offered", "accepted", "conditional", "refused"])
SIDES = st.lists(st.lists(OPEN, min_size=1, max_size=5), min_size=2, max_size=3)


@pytest.mark.parametrize(
    ("by_side", "kind"),
    [
        ([["offered"], ["accepted", "offered"]], "shared-ground"),
        ([["offered"], ["conditional"]], "acceptable"),
        ([["offered"], ["refused", "offered"]], "tradeable"),
        ([["refused"], ["refused", "offered"]], "contested"),
        ([["offered"], []], "not-known"),
        ([["offered"]], "not-known"),
    ],
)
def test_class_by_the_rule_as_printed(by_side: list[list[str]], kind: str) -> None:
    assert position_class(by_side) == kind


@given(SIDES, st.data())
def test_cloning_a_party_changes_no_class(by_side: list[list[str]], data: st.DataObject) -> None:
    side = data.draw(st.sampled_from(range(len(by_side))))
    cloned = [list(positions) for positions in by_side]
    cloned[side].append(data.draw(st.sampled_from(by_side[side])))
    assert position_class(cloned) == position_class(by_side)


def case_with(*rows: tuple[str, str, str, str]) -> Case:
    """A case of two sides and one measure with positions (party, position, date, status)."""
    about = CaseFile.model_validate(
        {
            "format": "detente/case/1",
            "title": "t",
            "edition": "e",
            "date": "2020-12-06",
            "as_of": "2026-11-22",
            "positions_until": "2022-02-23",
            "summary": "s",
            "parties": [
                {"id": name, "name": name, "real": False, "heard": "documents"} for name in "AB"
            ],
            "sides": [{"id": f"side-{n}", "name": n, "parties": [n]} for n in "AB"],
            "horizon_years": 5,
            "languages": ["en"],
            "seed": 1,
        }
    )
    measure = Measure.model_validate(
        {
            "id": "m",
            "area": 1,
            "title": "m",
            "seen": "verified",
            "unilateral": True,
            "verifiability": "none",
        }
    )
    positions = tuple(
        Position.model_validate(
            {"party": p, "measure": "m", "position": stand, "date": day, "status": status}
        )
        for p, stand, day, status in rows
    )
    measures = MeasuresFile(format="detente/measures/1", measures=(measure,))
    return Case(about=about, measures_file=measures, positions=positions)


def stand_of_a(*rows: tuple[str, str, str]) -> tuple[str, bool, str]:
    found = stands(case_with(*(("A", *row) for row in rows)))[0]
    return found.position, found.second_hand, found.since


def test_the_latest_verified_row_counts() -> None:
    rows = (("offered", "2020-01-01", "verified"), ("refused", "2021-01-01", "verified"))
    assert stand_of_a(*rows) == ("refused", False, "")
    assert stand_of_a(*rows[::-1]) == ("refused", False, "")


def test_second_hand_counts_only_where_nothing_is_verified() -> None:
    later = ("refused", "2021-01-01", "second-hand")
    assert stand_of_a(("offered", "2020-01-01", "verified"), later) == ("offered", False, "")
    assert stand_of_a(later) == ("refused", True, "")


def test_memory_undated_silent_and_not_found_never_count() -> None:
    assert stand_of_a(
        ("offered", "2020-01-01", "unverified"),
        ("offered", "", "verified"),
        ("silent", "2020-01-01", "verified"),
        ("not-found", "2020-01-01", "verified"),
    ) == ("not-found", False, "")


def test_of_one_day_the_least_forthcoming_counts() -> None:
    day = "2021-05-05"
    assert stand_of_a(("offered", day, "verified"), ("conditional", day, "verified")) == (
        "conditional",
        False,
        "",
    )


def test_later_rows_are_told_and_do_not_count() -> None:
    assert stand_of_a(
        ("offered", "2021-01-01", "verified"), ("refused", "2024-01-01", "verified")
    ) == ("offered", False, "refused")
