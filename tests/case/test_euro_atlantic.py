"""The real case: grades and counts stay what their sources said, and feed no rate."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest

from detente.case.case import Case
from detente.case.read import read_case
from detente.escalation.assess import assess_escalation
from detente.ground.basis import Basis, Status


@pytest.fixture(scope="module")
def case(root: Path) -> Case:
    return read_case(root / "cases" / "euro-atlantic")


def test_the_totals_of_2014_stand_as_counts_of_what_was_counted(case: Case) -> None:
    """European Leadership Network, Dangerous Brinkmanship, November 2014."""
    counts = {one.id: one.count for one in case.counts}
    graded = [counts[f"eln-2014-{grade}"] for grade in ("high-risk", "serious", "near-routine")]
    assert graded == [3, 11, 25]
    assert counts["eln-2014-all"] == sum(graded) == 39


def test_the_three_high_risk_cases_of_2014_are_kept_and_two_start_no_ladder(case: Case) -> None:
    """An airliner near-miss, an abduction and a submarine hunt."""
    high = {one.incident for one in case.grades if one.grade == "high-risk"}
    events = {one.id: one for one in case.incidents if one.id in high}
    assert sorted((one.activity, one.initiates or "") for one in events.values()) == [
        ("abduction", ""),
        ("close-approach", "air-encounter"),
        ("submarine-search", ""),
    ]


def test_neither_events_nor_counts_feed_a_rate(case: Case) -> None:
    without = dataclasses.replace(case, incidents=(), counts=(), grades=())
    assert assess_escalation(without, points=64) == assess_escalation(case, points=64)
    assert all(parameter.basis is not Basis.COMPUTED for parameter in case.ladder.parameters)


def test_no_opinion_is_invented_for_a_state(case: Case) -> None:
    assert all(party.real for party in case.about.parties)
    assert not case.answers
    assert not any(belief.held_by for belief in case.ladder.beliefs)
    for row in case.positions:
        assert row.document, row
        assert row.url or row.status is Status.UNVERIFIED, row


def test_ukraine_and_belarus_are_affected_and_not_heard(case: Case) -> None:
    absent = {
        party.id: party.affected for party in case.about.parties if party.heard == "not-heard"
    }
    assert set(absent) == {"UA", "BY"}
    assert all(absent.values())


def test_about_thirty_measures_over_the_seven_areas_each_with_a_state(case: Case) -> None:
    assert len(case.measures) == 31
    assert {measure.area for measure in case.measures} == set(range(1, 8))
    assert all(measure.status and measure.decided_by for measure in case.measures)


def test_ladders_cover_accident_misreading_false_alarm_and_intent(case: Case) -> None:
    assert {ladder.branch for ladder in case.ladder.ladders} == {
        "accident",
        "misread-signal",
        "false-alarm",
        "deliberate",
    }


@pytest.mark.conformance
def test_every_published_total_is_kept_as_collected(case: Case, shared_data: Path) -> None:
    with (shared_data / "mission" / "incident_counts.csv").open() as file:
        rows = list(csv.DictReader(file))
    collected = [(row["period_start"], row["period_end"], float(row["count"])) for row in rows]
    kept = [(one.start, one.end, one.count) for one in case.counts]
    assert sorted(kept) == sorted(collected)


@pytest.mark.conformance
def test_every_grade_is_the_one_that_a_source_gave(case: Case, shared_data: Path) -> None:
    with (shared_data / "mission" / "incidents.csv").open() as file:
        rows = list(csv.DictReader(file))
    collected = {r["id"]: r["eln_grade"] for r in rows if r["eln_grade"] != "not-graded"}
    assert {one.incident: one.grade for one in case.grades} == collected
    assert {one.id for one in case.incidents} == {row["id"] for row in rows}
