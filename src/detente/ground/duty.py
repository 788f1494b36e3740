"""Duty hours: windows of the week in UTC, as people write them and as seconds count them.

Minutes are counted from Monday 00:00 UTC. A window may pass midnight and the end of the week.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detente.ground.errors import UsageError
from detente.ground.time import DAY, MINUTE, WEEK

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MINUTES, WEEK_MINUTES = 1_440, 10_080
MOST_WINDOWS = 28
ALWAYS = "always"

_MONDAY = 4 * DAY  # the first Monday after 1970-01-01, a Thursday
_DAYS = "|".join(DAYS)
_ON_DAYS = re.compile(
    rf"(daily|(?:{_DAYS})(?:-(?:{_DAYS}))?(?:,(?:{_DAYS})(?:-(?:{_DAYS}))?)*)"
    r" ([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})"
)
_ACROSS = re.compile(rf"({_DAYS}) ([0-9]{{2}}:[0-9]{{2}})-({_DAYS}) ([0-9]{{2}}:[0-9]{{2}})")


@dataclass(frozen=True, order=True)
class Window:
    """A part of each week: from minute ``begins`` after Monday 00:00 UTC for ``minutes``."""

    begins: int
    minutes: int


@dataclass(frozen=True)
class Hours:
    """Windows that neither overlap nor touch, in the order of their begins; made by `hours_of`."""

    windows: tuple[Window, ...]

    @property
    def is_always(self) -> bool:
        """Whether every minute of the week is on duty."""
        return self.windows == (Window(0, WEEK_MINUTES),)

    def on_duty(self, at: int) -> bool:
        """Whether the instant is in a window; its first second is, the second of its end is not."""
        return any(_since(window, at) < window.minutes * MINUTE for window in self.windows)

    def until(self, at: int) -> int | None:
        """The instant at which the duty of ``at`` ends; None off duty, and where it never ends."""
        if self.is_always:
            return None
        gone = ((window.minutes * MINUTE, _since(window, at)) for window in self.windows)
        return next((at + lasts - since for lasts, since in gone if since < lasts), None)

    def next_begin(self, at: int) -> int:
        """The first instant after ``at`` at which a window begins."""
        return min(at + WEEK - _since(window, at) for window in self.windows)


def _since(window: Window, at: int) -> int:
    """Seconds since the window last began, 0 to a week."""
    return (at - _MONDAY - window.begins * MINUTE) % WEEK


def hours_of(windows: Iterable[Window]) -> Hours:
    """The hours of windows in any order, which may overlap.

    Raises
    ------
    UsageError
        There is no window, or one is not of the week.
    """
    cut = sorted(part for window in windows for part in _cut(window))
    if not cut:
        raise UsageError("Duty hours need at least one window.")
    merged = [cut[0]]
    for begins, ends in cut[1:]:
        if begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((begins, ends))
    if len(merged) > 1 and merged[0][0] == 0 and merged[-1][1] == WEEK_MINUTES:
        _, ends = merged.pop(0)  # Sunday's last hours go on in Monday's first
        merged[-1] = (merged[-1][0], WEEK_MINUTES + ends)
    return Hours(tuple(Window(begins, ends - begins) for begins, ends in merged))


def _cut(window: Window) -> list[tuple[int, int]]:
    """A window as ranges that do not pass the week's end."""
    if not (0 <= window.begins < WEEK_MINUTES and 0 < window.minutes <= WEEK_MINUTES):
        raise UsageError(f"{window} is no window of the week.")
    ends = window.begins + window.minutes
    if ends <= WEEK_MINUTES:
        return [(window.begins, ends)]
    return [(window.begins, WEEK_MINUTES), (0, ends - WEEK_MINUTES)]


# --- as people write them --------------------------------------------------------------------


def read_hours(texts: Sequence[str]) -> Hours:
    """The hours that texts name.

    Parameters
    ----------
    texts
        ``always``, or days and times in UTC: ``Mon-Fri 08:00-20:00``, ``Sat,Sun 20:00-06:00``
        (to the next morning), ``daily 00:00-12:00``, ``Fri 18:00-Mon 08:00``.

    Raises
    ------
    UsageError
        A text has another form, or names a time that does not exist.
    """
    return hours_of(window for text in texts for window in _windows(text))


def _windows(text: str) -> list[Window]:
    if text == ALWAYS:
        return [Window(0, WEEK_MINUTES)]
    if match := _ON_DAYS.fullmatch(text):
        begins, ends = _begin(match[2], text), _minute(match[3], text)
        if begins == ends:
            raise UsageError(f"{text!r} begins and ends at one time; write 00:00-24:00.")
        minutes = (ends - begins) % DAY_MINUTES or DAY_MINUTES
        return [Window(day * DAY_MINUTES + begins, minutes) for day in _days(match[1])]
    if match := _ACROSS.fullmatch(text):
        begins = DAYS.index(match[1]) * DAY_MINUTES + _begin(match[2], text)
        ends = DAYS.index(match[3]) * DAY_MINUTES + _minute(match[4], text)
        if (ends - begins) % WEEK_MINUTES == 0:
            raise UsageError(f"{text!r} begins and ends at one time; write always.")
        return [Window(begins, (ends - begins) % WEEK_MINUTES)]
    raise UsageError(
        f"{text!r} is no window of the week; write it as Mon-Fri 08:00-20:00 in UTC, or always."
    )


def _begin(text: str, whole: str) -> int:
    minute = _minute(text, whole)
    if minute == DAY_MINUTES:
        raise UsageError(f"{whole!r} begins at 24:00; name the next day and 00:00.")
    return minute


def _minute(text: str, whole: str) -> int:
    """The minute of the day; 24:00 is its end."""
    minute = int(text[:2]) * 60 + int(text[3:])
    if int(text[3:]) > 59 or minute > DAY_MINUTES:
        raise UsageError(f"{whole!r} names {text}, which is no time of the day.")
    return minute


def _days(text: str) -> list[int]:
    if text == "daily":
        return list(range(7))
    days: list[int] = []
    for part in text.split(","):
        first, last = DAYS.index(part[:3]), DAYS.index(part[-3:])
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return days


@dataclass(frozen=True)
class Shift:
    """Windows of one form: on each of ``days`` from minute ``begins`` of it for ``minutes``.

    ``days`` are runs from a first to a last day (0 is Monday), the last before the first where a
    run passes Sunday.
    """

    days: tuple[tuple[int, int], ...]
    begins: int
    minutes: int

    @property
    def ends(self) -> tuple[int, int]:
        """How many days after the one it begins on, and at which minute of that day, it ends.

        The end of a day is its minute 1440.
        """
        days, minute = divmod(self.begins + self.minutes - 1, DAY_MINUTES)
        return days, minute + 1


def shifts(hours: Hours) -> tuple[Shift, ...]:
    """The hours as people say them, windows at the same time of the day together."""
    days: dict[tuple[int, int, int], list[int]] = {}
    for place, window in enumerate(hours.windows):
        day, begins = divmod(window.begins, DAY_MINUTES)
        # A window of a day or longer needs its last day named, and so stands alone.
        alone = place if window.minutes >= DAY_MINUTES and (begins, window.minutes) != _DAY else -1
        days.setdefault((begins, window.minutes, alone), []).append(day)
    return tuple(Shift(_runs(on), begins, minutes) for (begins, minutes, _), on in days.items())


_DAY = (0, DAY_MINUTES)


def _runs(days: list[int]) -> tuple[tuple[int, int], ...]:
    if len(days) == 7:
        return ((0, 6),)
    firsts = [day for day in days if (day - 1) % 7 not in days]
    runs = []
    for first in firsts:
        last = first
        while (last + 1) % 7 in days:
            last = (last + 1) % 7
        runs.append((first, last))
    return tuple(runs)


def write_hours(hours: Hours) -> tuple[str, ...]:
    """The hours as `read_hours` reads them.

    >>> write_hours(read_hours(["Sat,Sun,Mon 22:00-06:00", "Wed 08:00-Fri 12:00"]))
    ('Sat-Mon 22:00-06:00', 'Wed 08:00-Fri 12:00')
    """
    return (ALWAYS,) if hours.is_always else tuple(_shift(one) for one in shifts(hours))


def _shift(one: Shift) -> str:
    after, ends = one.ends
    first = one.days[0][0]
    if one.minutes < DAY_MINUTES or (one.begins, one.minutes) == _DAY:
        return f"{_on(one.days)} {clock(one.begins)}-{clock(ends)}"
    return f"{DAYS[first]} {clock(one.begins)}-{DAYS[(first + after) % 7]} {clock(ends)}"


def _on(days: tuple[tuple[int, int], ...]) -> str:
    if days == ((0, 6),):
        return "daily"
    return ",".join(DAYS[a] if a == b else f"{DAYS[a]}-{DAYS[b]}" for a, b in days)


def clock(minute: int) -> str:
    """A minute of the day as a clock shows it.

    >>> clock(1440), clock(485)
    ('24:00', '08:05')
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"
