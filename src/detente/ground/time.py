"""Instants as whole seconds since 1970 in UTC, months of them, deadlines, and spans in words.

An instant is an ``int``, so that it stands in signed bytes as it is. No function reads a clock, and
no zone but UTC is kept: a text with another offset is turned into UTC, one without is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from detente.ground.errors import UsageError

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
FIRST, LAST = 0, 253_402_300_799  # 1970-01-01T00:00:00Z and 9999-12-31T23:59:59Z

UNITS = ("d", "h", "min", "s")
_SECONDS = (DAY, HOUR, MINUTE, 1)

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"
    r" ?(Z|UTC|[+-][0-9]{2}:[0-9]{2})?"
)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def read_instant(text: str) -> int:
    """The instant that a text names.

    Parameters
    ----------
    text
        Day and time, with or without seconds, and ``Z``, ``UTC`` or an offset such as ``+03:00``.

    Returns
    -------
    int
        Seconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX.1-2017, 4.16).

    Raises
    ------
    UsageError
        The text has another form, no zone, or names no instant of the years 1970 to 9999.

    Examples
    --------
    >>> read_instant("2026-11-28 19:16Z")
    1795893360
    """
    match = _INSTANT.fullmatch(text)
    if not match:
        raise UsageError(f"{text!r} is no instant; write it as 2026-11-28 19:16Z.")
    *parts, zone = match.groups()
    if zone is None:
        raise UsageError(f"{text!r} has no zone; write Z after a time in UTC.")
    year, month_, day, hour, minute, second = (int(part or 0) for part in parts)
    try:
        local = dt.datetime(year, month_, day, hour, minute, second, tzinfo=dt.UTC)
        at = _seconds(local) - _offset(zone)
    except ValueError:
        raise UsageError(f"{text!r} is no instant that exists.") from None
    if not FIRST <= at <= LAST:
        raise UsageError(f"{text!r} is not of the years 1970 to 9999.")
    return at


def write_instant(at: int) -> str:
    """The instant to the second; `read_instant` reads it back.

    >>> write_instant(1795893365)
    '2026-11-28T19:16:05Z'

    Raises
    ------
    UsageError
        The instant is not of the years 1970 to 9999.
    """
    return _datetime(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_minute(at: int) -> str:
    """The minute that an instant falls in, as a screen shows it.

    >>> write_minute(1795893365)
    '2026-11-28 19:16Z'

    Raises
    ------
    UsageError
        The instant is not of the years 1970 to 9999.
    """
    return _datetime(at).strftime("%Y-%m-%d %H:%MZ")


def _datetime(at: int) -> dt.datetime:
    if not FIRST <= at <= LAST:
        raise UsageError(f"{at} is no instant of the years 1970 to 9999.")
    return _EPOCH + dt.timedelta(seconds=at)


def _seconds(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(seconds=1)


def _offset(zone: str) -> int:
    """Seconds that a zone is ahead of UTC."""
    if zone in ("Z", "UTC"):
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:])
    if hours > 14 or minutes > 59:  # no zone is farther from UTC
        raise ValueError(zone)
    return (hours * HOUR + minutes * MINUTE) * (-1 if zone[0] == "-" else 1)


# --- ranges and deadlines --------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """The instants from ``begins`` up to, but without, ``ends``."""

    begins: int
    ends: int

    def __contains__(self, at: int) -> bool:
        return self.begins <= at < self.ends

    @property
    def seconds(self) -> int:
        """How long it lasts."""
        return self.ends - self.begins


def month(text: str) -> Period:
    """The instants of a month in UTC.

    Parameters
    ----------
    text
        Year and month, ``2026-11``; of the years 1970 to 9998.

    Raises
    ------
    UsageError
        The text names no such month.
    """
    match = _MONTH.fullmatch(text)
    if not match or not 1970 <= int(match[1]) < 9999:
        raise UsageError(f"{text!r} is no month; write it as 2026-11.")
    year, number = int(match[1]), int(match[2])
    following = (year + number // 12, number % 12 + 1)
    begins = dt.datetime(year, number, 1, tzinfo=dt.UTC)
    return Period(_seconds(begins), _seconds(dt.datetime(*following, 1, tzinfo=dt.UTC)))


def month_of(at: int) -> str:
    """The month that an instant falls in, as `month` reads it."""
    return write_instant(at)[:7]


@dataclass(frozen=True)
class Deadline:
    """What is due within a number of seconds; an act at the very end is in time."""

    name: str
    begins: int
    seconds: int

    @property
    def ends(self) -> int:
        """The last instant that is in time."""
        return self.begins + self.seconds

    def left(self, at: int) -> int:
        """Seconds from ``at`` to the end; 0 from then on."""
        return max(0, self.ends - at)

    def overdue(self, at: int) -> int:
        """Seconds since the end at ``at``; 0 up to it."""
        return max(0, at - self.ends)


# --- spans in words --------------------------------------------------------------------------


def span_parts(seconds: int) -> tuple[tuple[int, str], ...]:
    """A span as its greatest unit and the one below it, rounded down; a zero part is left out.

    >>> span_parts(2 * DAY + 3 * HOUR + 59 * MINUTE), span_parts(2 * DAY + MINUTE), span_parts(0)
    (((2, 'd'), (3, 'h')), ((2, 'd'),), ((0, 's'),))

    Raises
    ------
    UsageError
        The span is negative.
    """
    if seconds < 0:
        raise UsageError(f"A span of {seconds} s is negative.")
    greatest = next((at for at, size in enumerate(_SECONDS) if seconds >= size), 3)
    parts = []
    for size, unit in list(zip(_SECONDS, UNITS, strict=True))[greatest : greatest + 2]:
        count, seconds = divmod(seconds, size)
        parts.append((count, unit))
    return tuple(part for part in parts if part[0]) or ((0, "s"),)


def span(seconds: int, units: Sequence[str] = UNITS) -> str:
    """A span in words, rounded down.

    Parameters
    ----------
    seconds
        The span, not negative.
    units
        The reader's words for day, hour, minute and second.

    Examples
    --------
    >>> span(2 * DAY + 3 * HOUR + 5), span(59), span(90, ("j", "h", "min", "s"))
    ('2 d 3 h', '59 s', '1 min 30 s')
    """
    words = dict(zip(UNITS, units, strict=True))
    return " ".join(f"{count} {words[unit]}" for count, unit in span_parts(seconds))
