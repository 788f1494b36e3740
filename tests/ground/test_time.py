from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.ground.errors import UsageError
from detente.ground.time import (
    DAY,
    FIRST,
    HOUR,
    LAST,
    MINUTE,
    UNITS,
    WEEK,
    Deadline,
    month,
    month_of,
    read_instant,
    span,
    span_parts,
    write_instant,
    write_minute,
)

INSTANTS = st.integers(FIRST, LAST)
SIZES = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}


# --- instants ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28 19:16Z",
        "2026-11-28T19:16Z",
        "2026-11-28T19:16:00Z",
        "2026-11-28 19:16 UTC",
        "2026-11-28 22:16+03:00",
        "2026-11-29T01:01:00+05:45",
        "2026-11-28 14:16 -05:00",
    ],
)
def test_one_instant_is_written_in_many_ways(text):
    assert read_instant(text) == 1795893360


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-11-28 19:16", "no zone"),
        ("2026-11-28T19:16:05", "no zone"),
        ("2026-11-28", "is no instant;"),
        ("19:16Z", "is no instant;"),
        ("2026-11-28 19:16z", "is no instant;"),
        ("2026-11-28 19:16:05.5Z", "is no instant;"),
        ("2026-11-28  19:16Z", "is no instant;"),
        ("2026-11-28 19:16Z\n", "is no instant;"),
        ("٢٠٢٦-11-28 19:16Z", "is no instant;"),
        ("2026-02-29 00:00Z", "that exists"),
        ("2026-11-28 24:00Z", "that exists"),
        ("2016-12-31 23:59:60Z", "that exists"),
        ("2026-11-28 19:16+15:00", "that exists"),
        ("2026-11-28 19:16+01:60", "that exists"),
        ("0000-01-01 00:00Z", "that exists"),
        ("1969-12-31 23:59:59Z", "1970 to 9999"),
        ("1970-01-01 00:00+00:01", "1970 to 9999"),
        ("9999-12-31 23:59-00:01", "1970 to 9999"),
    ],
)
def test_what_is_no_instant_is_refused(text, says):
    with pytest.raises(UsageError, match=says):
        read_instant(text)


@given(INSTANTS)
def test_an_instant_comes_back_from_its_text_and_is_that_of_datetime(at):
    there = dt.datetime.fromtimestamp(at, tz=dt.UTC)
    assert write_instant(at) == there.isoformat().replace("+00:00", "Z")
    assert read_instant(write_instant(at)) == at
    assert read_instant(write_minute(at)) == at - at % 60


@given(INSTANTS.filter(lambda at: DAY < at < LAST - DAY), st.integers(-14 * 60 - 59, 14 * 60 + 59))
def test_an_offset_is_that_of_datetime(at, minutes):
    there = dt.datetime.fromtimestamp(at, tz=dt.timezone(dt.timedelta(minutes=minutes)))
    assert read_instant(there.isoformat()) == at


@pytest.mark.parametrize("at", [FIRST - 1, LAST + 1, 10**30])
def test_no_instant_outside_the_years_is_written(at):
    for write in (write_instant, write_minute, month_of):
        with pytest.raises(UsageError, match="1970 to 9999"):
            write(at)


def test_the_ends_of_the_years_are_written():
    assert (write_instant(FIRST), write_instant(LAST)) == (
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    )


# --- months and deadlines ---------------------------------------------------------------------


def test_months_are_those_of_the_calendar_and_follow_each_other():
    before = 0
    for year in range(1970, 2110):
        for number in range(1, 13):
            text = f"{year}-{number:02d}"
            period = month(text)
            assert period.begins == before
            assert period.seconds == 86_400 * calendar.monthrange(year, number)[1]
            assert month_of(period.begins) == month_of(period.ends - 1) == text
            before = period.ends


def test_a_month_holds_its_first_second_and_not_the_next_month_s():
    november = month("2026-11")
    assert november.begins == read_instant("2026-11-01 00:00Z")
    assert [november.begins + step in november for step in (-1, 0, 1)] == [False, True, True]
    assert [november.ends + step in november for step in (-1, 0, 1)] == [True, False, False]


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "1969-12", "9999-01", "26-11"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(UsageError, match="is no month"):
        month(text)


def test_a_deadline_has_time_left_until_its_end_and_is_overdue_after_it():
    begins = read_instant("2026-11-28 19:16Z")
    reply = Deadline("reply", begins, 48 * HOUR)
    assert write_minute(reply.ends) == "2026-11-30 19:16Z"
    assert [reply.left(reply.ends + step) for step in (-1, 0, 1)] == [1, 0, 0]
    assert [reply.overdue(reply.ends + step) for step in (-1, 0, 1)] == [0, 0, 1]
    assert reply.left(begins) == 172_800


@given(INSTANTS, st.integers(0, WEEK), INSTANTS)
def test_left_and_overdue_add_up_to_the_way_to_the_end(begins, seconds, at):
    one = Deadline("reply", begins, seconds)
    assert one.left(at) - one.overdue(at) == begins + seconds - at
    assert min(one.left(at), one.overdue(at)) == 0


# --- spans ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min 59 s"),
        (3_600, "1 h"),
        (3_601, "1 h"),
        (2 * DAY + 3 * HOUR + 59 * MINUTE + 59, "2 d 3 h"),
        (2 * DAY + 59 * MINUTE, "2 d"),
        (400 * DAY, "400 d"),
    ],
)
def test_a_span_has_two_units_at_the_most(seconds, words):
    assert span(seconds) == words


@given(st.integers(0, 10 * WEEK))
def test_a_span_is_rounded_down_by_less_than_its_second_unit(seconds):
    parts = span_parts(seconds)
    told = sum(count * SIZES[unit] for count, unit in parts)
    below = UNITS.index(parts[0][1]) + 1
    assert 0 <= seconds - told < (SIZES[UNITS[below]] if below < len(UNITS) else 1)
    assert all(count < SIZES[UNITS[below - 1]] / SIZES[unit] for count, unit in parts[1:])


def test_a_span_speaks_the_reader_s_language():
    assert span(27 * HOUR, ("д", "ч", "мин", "с")) == "1 д 3 ч"


def test_a_negative_span_is_refused():
    with pytest.raises(UsageError, match="negative"):
        span(-1)
