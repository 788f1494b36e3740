"""Steps on dates: none before those it needs, at the first occasion of those who decide."""

from __future__ import annotations

import calendar as days
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.assessment.bargain.results import OffRamp, Sequence, SequenceStep
from detente.assessment.calendar import MOST_WAIT, add_months, calendar, takes_part
from detente.assessment.path import part_of
from detente.assessment.results import Calendar, PathStep, Window
from detente.case.case import Case
from detente.case.model import CalendarFile
from tests.assessment.test_path import STEP, case, measure

BOTH = [
    {"party": "left", "who": "ministry", "level": "political"},
    {"party": "R", "who": "staff", "level": "military"},
]
RAMP = OffRamp((), (), 0.0, ())


def window(name: str, start: str, end: str | None = None, **other: Any) -> dict[str, Any]:
    return {"id": name, "title": name, "start": start, "end": end, "source": "s", **other}


def dated(
    *names: str,
    windows: list[dict[str, Any]] | None = None,
    waits: list[dict[str, Any]] | None = None,
    as_of: str = "2026-01-01",
    **other: Any,
) -> Case:
    made = case(*(measure(name, decided_by=BOTH, **other) for name in names))
    file = CalendarFile.model_validate(
        {"format": "detente/calendar/1", "windows": windows or [], "waits": waits or []}
    )
    about = made.about.model_copy(update={"as_of": as_of})
    return Case(about=about, measures_file=made.measures_file, calendar_file=file)


def reciprocal(made: Case, *names: str) -> list[PathStep]:
    """One step for each measure, to which both sides give their part of it."""
    found = {one.id: one for one in made.measures}
    steps = []
    for number, name in enumerate(names, start=1):
        parts = [part_of(found[name], side) for side in ("left", "right")]
        steps.append(PathStep(number, tuple(p for p in parts if p), "positions", None))
    return steps


def package(*steps: tuple[str, ...]) -> Sequence:
    return Sequence(
        "optimal",
        tuple(SequenceStep(number, names, RAMP) for number, names in enumerate(steps, start=1)),
    )


def told(found: Calendar | None) -> list[tuple[str, str, str, str]]:
    """What begins, when, at which window, and by when it is done."""
    assert found is not None
    return [(one.measure, one.begins, one.window, one.done) for one in found.entries]


# --- months -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-11-15", 2, "2027-01-15"),
        ("2026-12-31", 6, "2027-06-30"),
        ("2100-01-30", 1, "2100-02-28"),
        ("2026-12-08", 0, "2026-12-08"),
        ("2026-03-01", 0.5, "2026-03-16"),
        ("2026-01-31", 1.5, "2026-03-15"),
        ("9999-06-01", 12, "9999-12-31"),
        ("9999-12-01", 0.999, "9999-12-31"),
        ("9999-12-20", 0.5, "9999-12-31"),
    ],
)
def test_months_are_added_as_a_calendar_has_them(day, months, later):
    assert add_months(dt.date.fromisoformat(day), months).isoformat() == later


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)), st.integers(0, 120), st.integers(0, 120))
def test_whole_months_keep_the_day_where_there_is_one(day, one, more):
    later = add_months(day, one)
    assert (later.year - day.year) * 12 + later.month - day.month == one
    assert later.day == min(day.day, days.monthrange(later.year, later.month)[1])
    assert add_months(day, one + more) >= later
    if day.day <= 28:
        assert add_months(later, more) == add_months(day, one + more)


# --- one step after the other -----------------------------------------------------------------


def test_without_a_window_a_step_begins_when_the_one_before_is_done():
    made = dated("A", "B", as_of="2026-11-30")
    found = calendar(made, reciprocal(made, "A", "B"), None)
    assert told(found) == [
        *[("A", "2026-11-30", "", "2027-02-28")] * 2,
        *[("B", "2027-02-28", "", "2027-05-28")] * 2,
    ]
    assert found is not None
    assert [one.side for one in found.entries] == ["left", "right"] * 2
    assert found.start == "2026-11-30"


def test_a_date_without_a_day_is_over_at_its_end():
    made = dated("A", as_of="2028-02")
    assert told(calendar(made, reciprocal(made, "A"), None))[0][1] == "2028-02-29"


def test_a_step_is_decided_at_the_first_meeting_of_those_who_decide():
    windows = [
        window("late", "2026-04-01", "2026-04-03"),
        window("of-one", "2026-02-01", parties=["left"]),
        window("of-both", "2026-03-01", parties=["L", "R"]),
        window("games", "2026-01-10", "2026-01-20", kind="exercise"),
    ]
    made = dated("A", "B", windows=windows)
    found = calendar(made, reciprocal(made, "A", "B"), None)
    assert told(found)[::2] == [
        ("A", "2026-03-01", "of-both", "2026-06-01"),
        ("B", "2026-06-01", "", "2026-09-01"),
    ]
    assert found is not None
    assert [one.id for one in found.windows] == ["games", "of-one", "of-both", "late"]


def test_a_window_that_is_open_already_holds_the_step():
    made = dated("A", windows=[window("W", "2025-12-20", "2026-01-02")])
    assert told(calendar(made, reciprocal(made, "A"), None))[0][1:3] == ("2026-01-02", "W")


def test_a_step_is_decided_by_the_last_day_of_its_occasion():
    windows = [window("long", "2026-01-10", "2026-03-20"), window("month", "2026-02")]
    made = dated("A", windows=windows)
    assert told(calendar(made, reciprocal(made, "A"), None))[0][1:3] == ("2026-02-28", "month")


def test_a_window_that_is_over_is_no_part_of_the_calendar():
    made = dated("A", windows=[window("W", "2025-12-20", "2025-12-31")])
    found = calendar(made, reciprocal(made, "A"), None)
    assert found is not None
    assert found.windows == ()
    assert told(found)[0][2] == ""


def test_no_step_waits_longer_than_half_a_year_unless_the_case_says_so():
    far = window("far", "2026-07-02")
    made = dated("A", windows=[far])
    assert MOST_WAIT == 6
    assert told(calendar(made, reciprocal(made, "A"), None))[0][1:3] == ("2026-01-01", "")
    near = dated("A", windows=[{**far, "start": "2026-07-01"}])
    assert told(calendar(near, reciprocal(near, "A"), None))[0][2] == "far"
    asked = dated("A", windows=[far], waits=[{"measure": "A", "within": ["far"]}])
    assert told(calendar(asked, reciprocal(asked, "A"), None))[0][1:3] == ("2026-07-02", "far")


def test_a_measure_begins_on_the_day_after_the_windows_that_must_be_over():
    windows = [window("games", "2026-02-01", "2026-02-28", kind="exercise")]
    made = dated("A", windows=windows, waits=[{"measure": "A", "after": ["games"]}])
    (entry, _) = calendar(made, reciprocal(made, "A"), None).entries  # type: ignore[union-attr]
    assert (entry.can_begin, entry.begins) == ("2026-03-01", "2026-03-01")


def test_windows_that_were_missed_are_said_so():
    made = dated(
        "A",
        "B",
        windows=[window("W", "2026-02-01")],
        waits=[{"measure": "B", "within": ["W"]}],
    )
    found = calendar(made, reciprocal(made, "A", "B"), None)
    assert found is not None
    assert [(one.measure, one.missed) for one in found.entries[::2]] == [("A", False), ("B", True)]
    assert told(found)[2] == ("B", "2026-05-01", "", "2026-08-01")


def test_what_has_no_window_in_common_misses_them():
    windows = [window("V", "2026-02-01"), window("W", "2026-03-01")]
    waits = [{"measure": "A", "within": ["V"]}, {"measure": "B", "within": ["W"]}]
    made = dated("A", "B", windows=windows, waits=waits)
    first, second = reciprocal(made, "A", "B")
    step = PathStep(1, (first.gifts[0], second.gifts[1]), "ledger", None)
    found = calendar(made, [step], None)
    assert found is not None
    assert [(one.window, one.missed) for one in found.entries] == [("", True)] * 2


# --- packages ---------------------------------------------------------------------------------


def test_measures_of_one_step_of_a_package_run_side_by_side():
    windows = [window("games", "2026-02-01", "2026-02-28", kind="exercise")]
    made = dated("A", "B", "C", windows=windows, waits=[{"measure": "B", "after": ["games"]}])
    found = calendar(made, [], package(("A", "B"), ("C",), ()))
    assert told(found) == [
        ("A", "2026-01-01", "", "2026-04-01"),
        ("B", "2026-03-01", "", "2026-06-01"),
        ("C", "2026-06-01", "", "2026-09-01"),
    ]
    assert found is not None
    assert {(one.side, one.path) for one in found.entries} == {("", "package")}
    assert found.entries[0].decided_by == (("left", "ministry"), ("R", "staff"))
    assert found.entries[0].if_stopped == {"": "nothing further"}


def test_a_measure_of_unknown_length_holds_nothing_up():
    made = dated("A", "B", step=None)
    found = calendar(made, [], package(("A",), ("B",)))
    assert told(found) == [("A", "2026-01-01", "", ""), ("B", "2026-01-01", "", "")]
    assert found is not None
    assert {one.months for one in found.entries} == {None}


def test_where_nobody_is_said_to_decide_the_sides_of_the_step_are_asked():
    windows = [window("W", "2026-02-01", parties=["left"]), window("V", "2026-03-01")]
    made = dated("A", windows=windows)
    plain = made.measures[0].model_copy(update={"decided_by": ()})
    file = made.measures_file.model_copy(update={"measures": (plain,)})
    nobody = Case(about=made.about, measures_file=file, calendar_file=made.calendar_file)
    found = calendar(nobody, [], package(("A",)))
    assert found is not None
    assert told(found)[0][2] == "V"
    assert found.entries[0].decided_by == (("left", ""), ("right", ""))
    mute = plain.model_copy(update={"step": None})
    silent = file.model_copy(update={"measures": (mute,)})
    nothing = Case(about=made.about, measures_file=silent, calendar_file=made.calendar_file)
    assert told(calendar(nothing, [], package(("A",)))) == [("A", "2026-01-01", "", "")]


def test_only_the_offices_of_the_giving_side_stand_at_its_part():
    made = dated("A")
    found = calendar(made, reciprocal(made, "A"), None)
    assert found is not None
    assert [one.decided_by for one in found.entries] == [
        (("left", "ministry"),),
        (("R", "staff"),),
    ]


def test_nothing_to_place_is_no_calendar():
    assert calendar(dated("A"), [], None) is None
    only = calendar(dated("A", windows=[window("W", "2026-02-01")]), [], None)
    assert only is not None
    assert only.entries == ()


def test_who_takes_part_is_told_by_party_or_by_side():
    made = dated("A")

    def there(*parties: str) -> list[bool]:
        one = Window("W", {"": "W"}, "meeting", "2026-01-01", "2026-01-01", parties, "s", "")
        return [takes_part(made, who, one) for who in ("left", "L", "right", "R")]

    assert there() == [True] * 4
    assert there("left") == there("L") == [True, True, False, False]
    assert there("left", "R") == [True] * 4


# --- properties -------------------------------------------------------------------------------

DAYS = st.dates(dt.date(2025, 6, 1), dt.date(2029, 1, 1))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    names = "ABCD"
    windows = []
    for name in ("V", "W", "X", "Y"):
        start = draw(DAYS)
        end = start + dt.timedelta(days=draw(st.integers(0, 40)))
        windows.append(
            window(
                name,
                start.isoformat(),
                end.isoformat(),
                kind=draw(st.sampled_from(["meeting", "exercise", "other"])),
                parties=draw(st.sampled_from([[], ["left"], ["R"], ["left", "right"], ["L", "R"]])),
            )
        )
    some = st.lists(st.sampled_from(["V", "W", "X", "Y"]), max_size=2, unique=True)
    waits = [
        {"measure": name, "after": draw(some), "within": draw(some)}
        for name in draw(st.lists(st.sampled_from(names), unique=True))
    ]
    months = draw(st.floats(0.1, 20))
    return dated(*names, windows=windows, waits=waits, step={**STEP, "months": months})


@given(cases(), st.permutations("ABCD"))
def test_a_calendar_keeps_its_rules_whatever_the_dates(made, order):
    both = [tuple(order[:2]), tuple(order[2:])]
    found = calendar(made, reciprocal(made, *order), package(*both))
    assert found is not None
    windows = {one.id: one for one in found.windows}
    waits = {one.measure: one for one in made.calendar_file.waits}
    file = {one.id: one for one in made.calendar_file.windows}
    for path in ("reciprocal", "package"):
        ends: dict[int, str] = {0: found.start}
        for one in (entry for entry in found.entries if entry.path == path):
            assert found.start <= one.can_begin <= one.begins <= one.done
            assert one.can_begin >= ends[one.step - 1]
            ends[one.step] = max(ends.get(one.step, ""), one.done)
            wait = waits.get(one.measure)
            for name in wait.after if wait else ():
                assert one.begins > (file[name].end or "")
            if one.window:
                assert one.begins == windows[one.window].ends
            else:
                assert one.begins == one.can_begin
            if wait and wait.within:
                assert one.window in (*wait.within, "")
                assert one.missed == (one.window == "")
                late = [w for w in wait.within if (file[w].end or "") >= one.can_begin]
                assert one.missed == (not late)
            else:
                assert not one.missed


@given(cases(), st.permutations("ABCD"))
def test_what_begins_as_a_reciprocal_step_begins_on_one_day(made, order):
    found = calendar(made, reciprocal(made, *order), None)
    assert found is not None
    left, right = found.entries[::2], found.entries[1::2]
    assert [one.begins for one in left] == [one.begins for one in right]


@given(cases(), st.permutations("ABCD"), st.integers(1, 300))
def test_a_later_edition_never_has_an_earlier_first_step(made, order, later):
    def first(one: Case) -> str:
        found = calendar(one, reciprocal(one, *order), None)
        assert found is not None
        return found.entries[0].can_begin

    day = dt.date(2026, 1, 1) + dt.timedelta(days=later)
    about = made.about.model_copy(update={"as_of": day.isoformat()})
    moved = Case(about=about, measures_file=made.measures_file, calendar_file=made.calendar_file)
    assert first(moved) >= first(made)
