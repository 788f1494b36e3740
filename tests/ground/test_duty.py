"""Duty hours against a walk over every minute of weeks, told by the calendar of datetime."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.ground.duty import (
    DAYS,
    WEEK_MINUTES,
    Hours,
    Window,
    clock,
    hours_of,
    read_hours,
    shifts,
    write_hours,
)
from detente.ground.errors import UsageError

WEEK = 7 * 86_400
MONDAY = int(dt.datetime(2026, 11, 30, tzinfo=dt.UTC).timestamp())

WINDOWS = st.lists(
    st.builds(Window, st.integers(0, WEEK_MINUTES - 1), st.integers(1, WEEK_MINUTES)),
    min_size=1,
    max_size=5,
)
SHORT = st.lists(
    st.builds(Window, st.integers(0, 167).map(lambda h: 60 * h), st.integers(1, 30 * 60)),
    min_size=1,
    max_size=9,
)

# What a text says, told as questions about a day's name and the hour and minute of its clock.
SAID = {
    "always": lambda *_: True,
    "Mon-Fri 08:00-20:00": lambda day, at: day not in ("Sat", "Sun") and "08:00" <= at < "20:00",
    "Sat,Sun 00:00-24:00": lambda day, _: day in ("Sat", "Sun"),
    "daily 20:00-08:00": lambda _, at: at >= "20:00" or at < "08:00",
    "Wed 22:30-05:15": lambda day, at: (
        (day == "Wed" and at >= "22:30") or (day == "Thu" and at < "05:15")
    ),
    "Sun 22:00-06:00": lambda day, at: (
        (day == "Sun" and at >= "22:00") or (day == "Mon" and at < "06:00")
    ),
    "Sat-Mon 10:00-11:00": lambda day, at: day in ("Sat", "Sun", "Mon") and "10:00" <= at < "11:00",
    "Fri 18:00-Mon 08:00": lambda day, at: (
        (day == "Fri" and at >= "18:00") or day in ("Sat", "Sun") or (day == "Mon" and at < "08:00")
    ),
    "Mon 08:00-Mon 07:00": lambda day, at: day != "Mon" or at < "07:00" or at >= "08:00",
    "Tue,Thu-Fri 00:00-00:01": lambda day, at: day in ("Tue", "Thu", "Fri") and at == "00:00",
}


def _on(hours: Hours) -> list[bool]:
    return [hours.on_duty(MONDAY + 60 * minute) for minute in range(WEEK_MINUTES)]


@pytest.mark.parametrize("text", SAID)
def test_every_minute_of_a_week_is_as_the_text_says(text):
    hours = read_hours([text])
    for minute, on in enumerate(_on(hours)):
        there = dt.datetime.fromtimestamp(MONDAY + 60 * minute, tz=dt.UTC)
        assert on == SAID[text](DAYS[there.weekday()], f"{there:%H:%M}"), there


def test_texts_together_are_on_duty_when_one_of_them_is():
    texts = ["Mon-Fri 08:00-20:00", "Wed 22:30-05:15", "Sun 22:00-06:00"]
    each = [_on(read_hours([text])) for text in texts]
    assert _on(read_hours(texts)) == [any(column) for column in zip(*each, strict=True)]


@pytest.mark.parametrize("text", [text for text in SAID if text != "always"])
def test_the_end_and_the_next_begin_are_those_of_a_walk(text):
    hours = read_hours([text])
    on = _on(hours) * 3
    # From the back: the next minute at which it changes from on to off, and from off to on.
    ends = begins = None
    for minute in range(len(on) - 2, WEEK_MINUTES - 1, -1):
        ends = minute + 1 if on[minute] and not on[minute + 1] else ends
        begins = minute + 1 if on[minute + 1] and not on[minute] else begins
        if minute >= 2 * WEEK_MINUTES:
            continue
        at = MONDAY + 60 * minute
        assert hours.next_begin(at) == MONDAY + 60 * begins
        assert hours.until(at) == (MONDAY + 60 * ends if on[minute] else None)


def test_duty_begins_with_its_first_second_and_ends_before_its_end():
    hours = read_hours(["Sun 22:00-06:00"])
    begins, ends = MONDAY - 2 * 3_600, MONDAY + 6 * 3_600
    assert [hours.on_duty(begins + step) for step in (-1, 0, 1)] == [False, True, True]
    assert [hours.on_duty(ends + step) for step in (-1, 0, 1)] == [True, False, False]
    assert [hours.until(at) for at in (begins, ends - 1, ends)] == [ends, ends, None]
    assert [hours.next_begin(at) - begins for at in (begins - 1, begins, ends)] == [0, WEEK, WEEK]


def test_no_summer_time_moves_a_duty():
    """Clocks of most of Europe change on 2026-03-29 and 2026-10-25; UTC does not."""
    hours = read_hours(["Sun 08:00-09:00"])
    for day in (dt.date(2026, 3, 22) + dt.timedelta(weeks=week) for week in range(40)):
        noon = int(dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC).timestamp())
        assert hours.on_duty(noon - 4 * 3_600)
        assert not hours.on_duty(noon - 4 * 3_600 - 1)
        assert not hours.on_duty(noon - 3 * 3_600)


def test_always_has_no_end():
    hours = read_hours(["daily 00:00-12:00", "daily 12:00-24:00"])
    assert hours == read_hours(["always"])
    assert hours.is_always
    assert hours.until(MONDAY) is None


@given(WINDOWS)
def test_merged_windows_cover_the_same_minutes_once(windows):
    covered = {
        (window.begins + step) % WEEK_MINUTES
        for window in windows
        for step in range(window.minutes)
    }
    hours = hours_of(windows)
    again = [
        (window.begins + step) % WEEK_MINUTES
        for window in hours.windows
        for step in range(window.minutes)
    ]
    assert sorted(again) == sorted(covered)
    ends = {(window.begins + window.minutes) % WEEK_MINUTES for window in hours.windows}
    assert hours.is_always or not ends & {window.begins for window in hours.windows}
    assert hours_of(hours.windows) == hours_of(reversed(windows)) == hours


@given(WINDOWS | SHORT)
def test_hours_come_back_from_their_texts(windows):
    hours = hours_of(windows)
    assert read_hours(write_hours(hours)) == hours


def test_windows_at_one_time_of_the_day_are_told_together():
    hours = read_hours(["Mon 08:00-09:00", "Tue 08:00-09:00", "Wed 08:00-09:00", "Sat 20:00-02:00"])
    assert write_hours(hours) == ("Mon-Wed 08:00-09:00", "Sat 20:00-02:00")
    (first, second) = shifts(hours)
    assert (first.days, first.ends) == (((0, 2),), (0, 9 * 60))
    assert (second.days, second.ends) == (((5, 5),), (1, 2 * 60))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mon-Fri 00:00-24:00", ("Mon 00:00-Fri 24:00",)),
        ("Sun 12:00-24:00", ("Sun 12:00-24:00",)),
        ("Mon-Sun 01:00-02:00", ("daily 01:00-02:00",)),
        ("Mon 08:00-Tue 08:00", ("Mon 08:00-Tue 08:00",)),
    ],
)
def test_hours_are_written_the_short_way(text, written):
    assert write_hours(read_hours([text])) == written


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Mon-Fri 8:00-20:00", "is no window"),
        ("mon 08:00-20:00", "is no window"),
        ("Mo 08:00-20:00", "is no window"),
        ("Mon 08:00", "is no window"),
        ("Mon, Tue 08:00-20:00", "is no window"),
        ("sometimes", "is no window"),
        ("", "is no window"),
        ("Mon 08:00-08:00", "one time"),
        ("Mon 08:00-Mon 08:00", "one time"),
        ("Mon 08:60-09:00", "no time of the day"),
        ("Mon 08:00-24:01", "no time of the day"),
        ("Mon 24:00-25:00", "24:00"),
    ],
)
def test_what_is_no_window_is_refused(text, says):
    with pytest.raises(UsageError, match=says):
        read_hours([text])


@pytest.mark.parametrize("window", [(-1, 5), (WEEK_MINUTES, 5), (0, 0), (0, WEEK_MINUTES + 1)])
def test_a_window_outside_the_week_is_refused(window):
    with pytest.raises(UsageError, match="no window of the week"):
        hours_of([Window(*window)])


def test_hours_need_a_window():
    with pytest.raises(UsageError, match="at least one"):
        hours_of([])


def test_a_clock_shows_every_minute():
    assert [clock(at) for at in (0, 61, 1439, 1440)] == ["00:00", "01:01", "23:59", "24:00"]
