from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.case.mini import faults, found, mini, plant, replaced

from detente.case.fields import first_day, last_day
from detente.case.read import read_case
from detente.case.template import template_files

FAULTS = r"""
calendar.yaml | windows:\n | windows:\n  - {id: games, title: A, start: 2021-05, source: note}\n
    windows[2].id | `games` stands twice. | rename or remove one. | {id: games, title: Spring
calendar.yaml | parties: [west, NO] | parties: [west, NOO]
    windows[0].parties[1] | `NOO` is no party or side of the case. | did you mean `NO`?
calendar.yaml | parties: [west, NO] | parties: [west, NO, NO]
    windows[0].parties[2] | `NO` stands twice. | keep one of them.
calendar.yaml | source: note\n | source: speech\n
    windows[0].source | `speech` is no source of the case. | add it, or use note.
calendar.yaml | end: 2021-04-13 | end: 2021-04-11
    windows[0].end | 2021-04-11 is earlier than `start` 2021-04-12. | correct one of them.
calendar.yaml | end: 2021-04-13 | end: 2021-04-31
    windows[0].end | `2021-04-31` is no day that exists. | \
    write it as 2021, 2021-01 or 2021-01-31.
calendar.yaml | kind: exercise | kind: manoeuvre
    windows[1].kind | is `manoeuvre`. | write meeting, exercise or other.
calendar.yaml | measure: M1 | measure: M7
    waits[0].measure | `M7` is no measure of the case. | add it, or use one of M1, M2, M3.
calendar.yaml | after: [games] | after: [game]
    waits[0].after[0] | `game` is no window of the case. | did you mean `games`?
calendar.yaml | within: [talks] | within: [talks, feast]
    waits[0].within[1] | `feast` is no window of the case. | \
    add it, or use one of games, talks.
calendar.yaml | within: [talks] | within: [talks, talks]
    waits[0].within[1] | `talks` stands twice. | keep one of them.
calendar.yaml | waits:\n | waits:\n  - {measure: M2}\n
    waits[0] | names no window to wait for. | state `after` or `within`, or remove the entry.
calendar.yaml | within: [talks]\n | within: [talks]\n  - {measure: M1, after: [talks]}\n
    waits[1] | tells of `M1` twice. | state all that it waits for in one entry.
calendar.yaml | after: [games]\n    within: [talks] | after: [talks]\n    within: [games]
    waits[0] | can never be decided: the windows of `after` outlast all those of `within`. | \
    name a later window, or remove one of the two. | - measure: M1
calendar.yaml | after: [games] | after: [talks]
    waits[0] | can never be decided: the windows of `after` outlast all those of `within`. | \
    name a later window, or remove one of the two. | - measure: M1
"""


@pytest.mark.parametrize("fault", faults(FAULTS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


def test_an_occasion_without_a_day_is_refused(tmp_path):
    text = replaced(mini()["calendar.yaml"], "start: 2021-03", "begin: 2021-03")
    told = {(one.key, one.problem) for one in found(tmp_path, {"calendar.yaml": text})}
    assert told == {
        ("windows[1].begin", "is no key here."),
        ("windows[1].start", "is missing."),
    }


def test_an_occasion_that_is_over_is_noted_and_kept(tmp_path):
    text = replaced(mini()["calendar.yaml"], "start: 2021-03", "start: 2020-12")
    (note,) = found(tmp_path, {"calendar.yaml": text})
    assert (note.level, note.key) == ("note", "windows[1]")
    assert note.problem == "was over by `as_of` 2021-01-31: no step is placed there."


@pytest.mark.parametrize("start", ["2021-01-31", "2021-01"])
def test_an_occasion_that_may_end_on_the_day_is_not_over(tmp_path, start):
    text = replaced(mini()["calendar.yaml"], "start: 2021-03", f"start: {start}")
    assert found(tmp_path, {"calendar.yaml": text}) == []


def test_a_measure_may_wait_for_a_later_window_of_several(tmp_path):
    text = replaced(mini()["calendar.yaml"], "after: [games]", "after: [talks]")
    text = replaced(text, "within: [talks]", "within: [games, feast]")
    text = replaced(
        text, "waits:\n", "  - {id: feast, title: Feast, start: 2021-06, source: note}\nwaits:\n"
    )
    assert found(tmp_path, {"calendar.yaml": text}) == []


def test_the_file_is_read_whole(tmp_path):
    assert found(tmp_path, {}) == []
    case = read_case(tmp_path)
    talks, games = case.calendar_file.windows
    assert (talks.start, talks.end, talks.kind) == ("2021-04-12", "2021-04-13", "meeting")
    assert talks.parties == ("west", "NO")
    assert (games.start, games.end, games.kind) == ("2021-03", None, "exercise")
    assert case.calendar_file.waits[0].within == ("talks",)


def test_the_template_shows_both_kinds_of_waiting(tmp_path):
    for name, text in template_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    file = read_case(tmp_path).calendar_file
    assert {one.kind for one in file.windows} == {"meeting", "exercise"}
    assert all(one.after and one.within for one in file.waits)


def test_no_occasion_of_the_real_case_is_over_or_without_a_document(root):
    case = read_case(root / "cases" / "euro-atlantic")
    assert case.calendar_file.windows
    for window in case.calendar_file.windows:
        assert len(window.start) == len("2026-12-03")
        assert first_day(window.start) > last_day(case.about.as_of)
        assert case.source_by_id[window.source].url.startswith("https://")


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2100-02", "2100-02-01", "2100-02-28"),
        ("2026-11-22", "2026-11-22", "2026-11-22"),
    ],
)
def test_a_date_without_a_day_has_a_first_and_a_last(date, first, last):
    assert (first_day(date).isoformat(), last_day(date).isoformat()) == (first, last)


@given(st.dates())
def test_a_full_date_is_its_own_first_and_last_day(day):
    assert first_day(day.isoformat()) == last_day(day.isoformat()) == day


@given(st.dates(max_value=dt.date(9998, 12, 31)))
def test_the_day_after_the_last_of_a_month_is_in_the_next(day):
    last = last_day(day.isoformat()[:7])
    assert first_day(day.isoformat()[:7]) <= day <= last
    assert (last + dt.timedelta(days=1)).day == 1
