"""Encounters as rows of a case: round trip through its reader, and what they must say."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.parse import parse_rows
from detente.case.read import read_case
from detente.case.rows import Count, Incident
from detente.encounters.evidence import Coded, Origin, Told, count_rows, csv_text, incident_rows
from detente.encounters.grade.grade import grade
from detente.encounters.results import Bound, Encounter, Identity, Pass
from detente.encounters.rules.evaluate import Known
from detente.escalation.evidence.rates import counted
from detente.ground.errors import UsageError
from detente.ground.text import Marked, parse_csv

DAY = 86_400.0
BEGIN = datetime(2024, 3, 1, tzinfo=UTC).timestamp()
ORIGIN = Origin(
    by="Analysis of public AIS", tracks="AIS of March 2024", limit="within 926 m along the ground",
    prefix="AIS",
)  # fmt: skip
SEEN = "tracks of COR were seen for 400 hours and of BRE for 90, no receiver west of Pell Island"


def identity(name, side, state="state", *, single=True):
    return Identity(name, "sea", side, state, "", single, (), ())


def encounter(day=3.0, a="one", b="two", minutes=30.0, met="met", place=(57.046, -19.26)):
    start = BEGIN + day * DAY
    closest, end = start + 20 * minutes, start + 60 * minutes
    one = Pass(start, end, closest, 481.234, None, 3.0)
    return Encounter(
        a, b, "sea-sea", start, end, closest, place, 481.234, None,
        Bound(461.2, 481.234, 501.3), None, 3.0, (one,), met,
    )  # fmt: skip


def told(day=3.0, passes=1.0, coded=Coded(), **how):  # noqa: B008 (frozen)
    one = encounter(day, **how)
    held = {"one": identity("one", "COR"), "two": identity("two", "BRE", "civil", single=False)}
    known = Known(
        "sea-sea", metrics={"passes": Bound(passes, passes, passes), "sides-differ": True}
    )
    return Told(one, held, grade(known, []), coded)


def test_a_note_tells_metres_as_people_write_them():
    far = replace(told().encounter, separation=Bound(1480.0, 2294.0, 3100.0))
    (row,) = incident_rows([replace(told(), encounter=far)], ORIGIN)
    assert "2,290 m (1,480 to 3,100 m)" in row.note


def read_back(text, kind):
    marked = parse_csv(text, Marked("rows.csv"))
    rows, _ = parse_rows(kind, marked)
    assert not marked.findings
    return tuple(rows)


def test_incidents_come_back_as_they_were():
    rows = incident_rows([told(5.0), told(1.0)], ORIGIN)
    assert read_back(csv_text(rows, Incident), Incident) == rows
    assert [row.date for row in rows] == ["2024-03-02", "2024-03-06"]
    one = rows[0]
    assert one.id == "AIS-0001"
    assert (one.lat, one.lon) == (57.0, -19.3)  # no more exact than asked for
    assert one.place == "57.0 N, 19.3 W"
    assert one.distance_m == 481
    assert one.civil_involved == "yes"
    assert one.injury == "not-known"
    assert one.status == "unverified"


def test_a_row_says_how_it_was_made():
    (row,) = incident_rows([told()], ORIGIN)
    for words in (
        "Basis computed", "AIS of March 2024", "within 926 m", "481 m (461 to 501 m)",
        "graded near-routine", "one source alone: one", "30 minutes near", "not judged",
    ):  # fmt: skip
        assert words in row.note


def test_nobody_approaches_unless_it_was_judged():
    (row,) = incident_rows([told()], ORIGIN)
    assert (row.actor_a, row.actor_b) == ("BRE", "COR")  # by name
    (row,) = incident_rows(
        [told(coded=Coded(approached_by="one", accounts={"COR": "kept its course"}))], ORIGIN
    )
    assert (row.actor_a, row.actor_b) == ("COR", "BRE")
    assert (row.account_a, row.account_b) == ("kept its course", "")
    with pytest.raises(UsageError, match="neither"):
        incident_rows([told(coded=Coded(approached_by="three"))], ORIGIN)


def test_what_only_could_have_been_is_no_incident():
    maybe = told(met="could-have-met")
    assert incident_rows([maybe, told()], ORIGIN) == incident_rows([told()], ORIGIN)
    assert not count_rows([maybe], ORIGIN, start=BEGIN, end=BEGIN + 30 * DAY, seen=SEEN)


def rows_of_march(encounters):
    return count_rows(encounters, ORIGIN, start=BEGIN, end=BEGIN + 31 * DAY - 1, seen=SEEN)


def test_counts_stand_beside_hours():
    rows = rows_of_march([told(1.0), told(4.0, passes=5.0), told(9.0)])
    assert read_back(csv_text(rows, Count), Count) == rows
    assert {row.id: row.count for row in rows} == {
        "AIS-all-01": 3, "AIS-serious-01": 1, "AIS-high-risk-01": 0, "AIS-hours-01": 1.5,
    }  # fmt: skip
    assert {(row.start, row.end) for row in rows} == {("2024-03-01", "2024-03-31")}
    for row in rows:
        assert "exposure 1.5 hours" in row.note
        assert SEEN in row.note
        assert "Basis computed" in row.note
    # They are what rates are made from: 3 in 31 days.
    assert counted([rows[0].count], [31 / 365.25]).events.sum() == 3


def test_counts_are_of_pairs_of_sides_and_the_same_from_either_side():
    swapped = told(1.0, a="two", b="one")
    assert rows_of_march([swapped]) == rows_of_march([told(1.0)])
    third = Told(encounter(2.0, b="three"), {"one": identity("one", "COR")})
    rows = rows_of_march([told(1.0), third])
    assert [row.id for row in rows if "all" in row.id] == ["AIS-all-01", "AIS-all-02"]
    assert "COR and not known" in rows[-1].what
    assert not any("serious" in row.id for row in rows if row.id.endswith("02"))  # not graded


def test_a_count_without_words_on_coverage_is_refused():
    with pytest.raises(UsageError, match="seen"):
        count_rows([told()], ORIGIN, start=BEGIN, end=BEGIN + 30 * DAY, seen=" ")
    with pytest.raises(UsageError, match="outside"):
        count_rows([told()], ORIGIN, start=BEGIN, end=BEGIN + DAY, seen=SEEN)
    with pytest.raises(UsageError, match="last"):
        count_rows([], ORIGIN, start=BEGIN, end=BEGIN, seen=SEEN)


def test_a_case_reads_them(root, tmp_path):
    folder = tmp_path / "case"
    shutil.copytree(root / "cases/training", folder)
    before = read_case(folder)
    coded = Coded(initiates=before.incidents[0].initiates)
    mine = [told(1.0, coded=coded), told(4.0, passes=4.0)]
    made = {"incidents.csv": (incident_rows(mine, ORIGIN), Incident)}
    made["counts.csv"] = rows_of_march(mine), Count
    for name, (rows, kind) in made.items():
        whole = (folder / name).read_text("utf-8").rstrip("\n")
        body = csv_text(rows, kind).split("\n", 2)[2]
        (folder / name).write_text(f"{whole}\n{body}", "utf-8")
    after = read_case(folder)
    assert after.incidents[len(before.incidents) :] == made["incidents.csv"][0]
    assert after.counts[len(before.counts) :] == made["counts.csv"][0]


@given(st.text(max_size=60), st.text(max_size=60))
def test_names_from_anywhere_stay_in_their_cells(side, account):
    held = {"one": identity("one", side or None), "two": identity("two", "BRE")}
    coded = Coded(approached_by="one", accounts={side: account, "BRE": account})
    rows = incident_rows([Told(encounter(), held, None, coded)], ORIGIN)
    assert read_back(csv_text(rows, Incident), Incident) == rows


def test_rows_of_another_kind_are_refused():
    with pytest.raises(UsageError, match="counts"):
        csv_text(incident_rows([told()], ORIGIN), Count)
