"""Bars and bands stand where their days are, and no words lie on each other."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.drawings.parts import faults, layers, said, shapes

from detente.assessment.results import Calendar, CalendarEntry, Window
from detente.report.charts import picture
from detente.report.document import Chart, Frame
from detente.report.drawings.canvas import LOOKS
from detente.report.drawings.timeline import drawn_windows, timeline, window_days


def window(name: str, begins: str, ends: str, kind: str = "meeting") -> Window:
    return Window(name, {"": f"Window {name}"}, kind, begins, ends, (), "note", "")  # type: ignore[arg-type]


def entry(
    begins: str,
    done: str,
    *,
    ready: str = "2021-02-01",
    path: str = "reciprocal",
    side: str = "west",
) -> CalendarEntry:
    return CalendarEntry(
        path=path,  # type: ignore[arg-type]
        step=1,
        measure="M1",
        side=side,
        decided_by=(),
        can_begin=ready,
        begins=begins,
        window="",
        missed=False,
        months=None,
        done=done,
        verified={},
        if_stopped={},
    )


def drawn(found: Calendar, names) -> Chart:
    letters = {one.id: "ABCDEFGHIJ"[place] for place, one in enumerate(drawn_windows(found))}
    frame = Frame("calendar", (), ())
    return Chart(frame, timeline(found, letters, names), "Steps", "Steps on dates")


def look(chart: Chart, name: str) -> list[dict[str, float]]:
    mark = LOOKS[name]
    return [
        one
        for kind in ("rect", "rule", "point")
        for layer in layers(chart, kind)
        if layer["mark"] == mark
        for one in layer["data"]["values"]
    ]


def test_days_stand_in_proportion_to_the_time_between_them(names):
    found = Calendar(
        "2021-01-01",
        (window("W", "2021-01-11", "2021-01-31"),),
        (entry("2021-01-21", "2021-04-11", ready="2021-01-01"),),
    )
    chart = drawn(found, names)
    (bar,), (wait,), (band,) = (look(chart, one) for one in ("barrier", "aside", "window"))
    assert wait["x2"] == bar["x"]
    a_day = (bar["x2"] - wait["x"]) / 100
    assert bar["x"] - wait["x"] == pytest.approx(20 * a_day, abs=0.02)
    assert band["x"] - wait["x"] == pytest.approx(10 * a_day, abs=0.02)
    assert band["x2"] - band["x"] == pytest.approx(20 * a_day, abs=0.02)
    assert band["y2"] >= bar["y2"]


def test_what_is_no_meeting_is_a_frame_and_no_grey_band(names):
    windows = (window("W", "2021-02-10", "2021-02-20", "exercise"),)
    chart = drawn(Calendar("2021-02-01", windows, (entry("2021-02-01", "2021-05-01"),)), names)
    assert look(chart, "window") == []
    assert len(look(chart, "window-other")) == 1
    assert LOOKS["window-other"]["fillOpacity"] == 0


def test_a_step_of_unknown_length_is_a_point(names):
    chart = drawn(Calendar("2021-02-01", (), (entry("2021-03-01", ""),)), names)
    assert look(chart, "barrier") == []
    assert len(look(chart, "below")) == 1


def test_a_window_long_after_the_last_step_is_not_drawn(names):
    windows = (
        window("near", "2021-07-30", "2021-07-30"),
        window("far", "2021-09-01", "2021-09-02"),
    )
    found = Calendar("2021-02-01", windows, (entry("2021-02-01", "2021-05-01"),))
    assert [one.id for one in drawn_windows(found)] == ["near"]
    assert "far" not in " ".join(box.words for box in said(drawn(found, names)))


def test_a_whole_month_is_told_by_its_name(names):
    assert window_days(window("W", "2028-02-01", "2028-02-29"), names) == "Feb 2028"
    assert window_days(window("W", "2028-02-01", "2028-02-28"), names) == "1–28 Feb 2028"
    assert window_days(window("W", "2028-02-03", "2028-02-03"), names) == "3 Feb 2028"


def test_a_path_has_its_name_above_its_bars(names):
    entries = (
        entry("2021-02-01", "2021-03-01"),
        entry("2021-03-01", "2021-06-01", path="package", side=""),
    )
    told = [box.words for box in said(drawn(Calendar("2021-02-01", (), entries), names))]
    first = told.index("R: reciprocal steps")
    assert told[first + 1 : first + 3] == ["R1", "West shore: M1"]
    assert told[first + 3 : first + 6] == ["P: the package in steps", "P1", "M1"]


def test_years_far_away_are_drawn_with_few_names(names):
    found = Calendar("2021-02-01", (), (entry("2021-02-01", "9999-12-31"),))
    chart = drawn(found, names)
    assert faults(chart) == []
    assert 2 <= len([box for box in said(chart) if box.top < 10]) <= 12


DAY = st.dates(dt.date(2021, 2, 1), dt.date(2040, 1, 1))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    start = dt.date(2021, 2, 1)
    windows = []
    for name in "ABCDEFGH"[: draw(st.integers(0, 8))]:
        begins = draw(st.dates(start - dt.timedelta(days=30), dt.date(2023, 1, 1)))
        ends = begins + dt.timedelta(days=draw(st.integers(0, 60)))
        kind = draw(st.sampled_from(["meeting", "exercise", "other"]))
        windows.append(window(name, begins.isoformat(), max(ends, start).isoformat(), kind))
    entries = []
    for path in ["reciprocal"] * draw(st.integers(1, 4)) + ["package"] * draw(st.integers(0, 9)):
        ready, begins, done = sorted(draw(st.tuples(DAY, DAY, DAY)))
        days = (begins.isoformat(), draw(st.sampled_from([done.isoformat(), ""])))
        entries.append(entry(*days, ready=ready.isoformat(), path=path))
    windows.sort(key=lambda one: (one.begins, one.ends, one.id))
    return Calendar(start.isoformat(), tuple(windows), tuple(entries))


@given(calendars())
def test_nothing_leaves_the_view_and_no_words_lie_on_each_other(names, found):
    chart = drawn(found, names)
    assert faults(chart) == []
    assert all(box.right - box.left >= -0.01 for box in shapes(chart))


def test_the_engine_takes_the_specification(names):
    found = Calendar(
        "2021-02-01",
        (window("W", "2021-02-03", "2021-02-03"),),
        (entry("2021-02-03", "2021-05-03"),),
    )
    svg = picture(drawn(found, names))
    assert "West shore: M1" in svg
    assert "3 Feb 2021: Window W" in svg
