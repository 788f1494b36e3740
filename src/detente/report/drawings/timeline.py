"""Steps as bars on dates: months along the top, dated occasions as bands across all bars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from detente.assessment.results import Calendar, CalendarEntry, Window
from detente.case.fields import first_day, last_day
from detente.report.drawings.canvas import (
    LETTERS,
    WIDTH,
    Line,
    Mark,
    Piece,
    Rect,
    Sign,
    Words,
    paragraph,
    specification,
    stacked,
)
from detente.report.names import Names

_LEFT = 190.0  # of the bars
_RIGHT = WIDTH - 8
_BETWEEN = 1.5
_GUTTER = 16.0
_BAR = 8.0
_THINNEST = 4.0  # of a bar or a band, however short
_TICK = 66.0  # the least room of a month's name
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months from one name to the next
_BEYOND = 92  # days after the last step in which occasions are still drawn
_LINE = LETTERS["small"].line


@dataclass(frozen=True)
class _Span:
    """The days that the drawing reaches over, and where they stand."""

    first: dt.date
    last: dt.date

    def x(self, day: dt.date) -> float:
        """The place of a day."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return _LEFT + (_RIGHT - _LEFT) * min(max(share, 0.0), 1.0)


def drawn_windows(found: Calendar) -> tuple[Window, ...]:
    """The windows that begin before the last step is done, or shortly after."""
    latest = _last(found) + dt.timedelta(days=min(_BEYOND, (dt.date.max - _last(found)).days))
    return tuple(one for one in found.windows if one.begins <= latest.isoformat())


def timeline(found: Calendar, letters: Mapping[str, str], names: Names) -> dict[str, Any]:
    """The layers of the picture; ``letters`` name the windows by their ids."""
    windows = drawn_windows(found)
    last = max([_last(found), *(dt.date.fromisoformat(one.ends) for one in windows)])
    span = _Span(dt.date.fromisoformat(found.start), last)
    tags = _tags(windows, span, letters)
    top = 20 + tags.height
    marks, y = _rows(found.entries, span, names, top + 2)
    bands = [_band(one, span, 18, y) for one in windows]
    months = list(_months(span, names, y))
    below = _key(windows, letters, names)
    everything = [*months, *bands, *tags.at(0, 18), *marks, *below.at(0, y + 4)]
    return specification(everything, WIDTH, y + 6 + below.height)


def _last(found: Calendar) -> dt.date:
    """The last day on which a step begins or is done."""
    days = (day for one in found.entries for day in (one.begins, one.done) if day)
    return dt.date.fromisoformat(max(days, default=found.start))


def _months(span: _Span, names: Names, bottom: float) -> Iterator[Mark]:
    """A line where a month begins, with its name; not every month where there are many."""
    first = 12 * span.first.year + span.first.month - 1
    last = 12 * span.last.year + span.last.month - 1
    room = (_RIGHT - _LEFT) / max(last - first, 1)
    step = next((one for one in _STEPS if one * room >= _TICK), 12 * (1 + (last - first) // 60))
    for month in range(first + step - first % step, last + 1, step):
        day = dt.date(month // 12, month % 12 + 1, 1)
        x = span.x(day)
        yield Line("month", x, 16, x, bottom)
        words = names.phrases.short_date(day.isoformat()[:7])
        half = LETTERS["small"].width(words) / 2
        yield Words("small", min(x, WIDTH - half), 8, words, "center")


def _tags(windows: Sequence[Window], span: _Span, letters: Mapping[str, str]) -> Piece:
    """The letters of the windows, on as many lines as keep them apart."""
    ends: list[float] = []
    marks: list[Mark] = []
    for window in windows:
        left, right = _sides(window, span)
        middle = (left + right) / 2
        half = LETTERS["small-strong"].width(letters[window.id]) / 2 + 1
        line = next((n for n, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[line : line + 1] = [middle + half]
        place = (line + 0.5) * _LINE
        marks.append(Words("small-strong", middle, place, letters[window.id], "center"))
    return Piece(tuple(marks), _LINE * len(ends))


def _sides(window: Window, span: _Span) -> tuple[float, float]:
    left, right = (span.x(dt.date.fromisoformat(day)) for day in (window.begins, window.ends))
    wide = max(right - left, _THINNEST)
    left = min(left, _RIGHT - wide)
    return left, left + wide


def _band(window: Window, span: _Span, top: float, bottom: float) -> Mark:
    left, right = _sides(window, span)
    look = "window" if window.kind == "meeting" else "window-other"
    return Rect(look, left, top, right, bottom)


def _key(windows: Sequence[Window], letters: Mapping[str, str], names: Names) -> Piece:
    """What the letters stand for, in two columns."""
    column = (WIDTH - _GUTTER) / 2
    items = []
    for one in windows:
        text = f"{window_days(one, names)}: {names.text(one.title)}"
        head = paragraph("small-strong", letters[one.id], column)
        words = paragraph("small", text, column - 18, x=18)
        items.append(Piece((*head.marks, *words.marks), words.height))
    half = (len(items) + 1) // 2
    left, right = stacked(items[:half]), stacked(items[half:])
    marks = (*left.marks, *right.at(column + _GUTTER, 0))
    return Piece(marks, max(left.height, right.height))


def window_days(window: Window, names: Names) -> str:
    """The days of a window; the month alone where it is the whole of it."""
    month = window.begins[:7]
    whole = (first_day(month).isoformat(), last_day(month).isoformat())
    if (window.begins, window.ends) == whole:
        return names.phrases.short_date(month)
    return names.phrases.days(window.begins, window.ends)


def _rows(
    entries: Sequence[CalendarEntry], span: _Span, names: Names, y: float
) -> tuple[list[Mark], float]:
    """The bars below the names of their paths, and where they end."""
    _ = names.phrases
    titles = {"reciprocal": _("R: reciprocal steps"), "package": _("P: the package in steps")}
    marks: list[Mark] = []
    for path, some in groupby(entries, key=lambda one: one.path):
        marks += paragraph("small-strong", titles[path], _LEFT - 8).at(0, y)
        y += _LINE + 1
        for entry in some:
            number = paragraph("small", step_number(entry), _LEFT)
            label = paragraph("small", _label(entry, names), _LEFT - 28, x=24)
            marks += [*number.at(0, y), *label.at(0, y)]
            marks += _bar(entry, span, y + label.height / 2)
            y += label.height + _BETWEEN
        y += 3 * _BETWEEN
    return marks, y


def step_number(entry: CalendarEntry) -> str:
    """The step's number behind the letter of its path."""
    return f"{'R' if entry.path == 'reciprocal' else 'P'}{entry.step}"


def _label(entry: CalendarEntry, names: Names) -> str:
    return f"{names.group(entry.side)}: {entry.measure}" if entry.side else entry.measure


def _bar(entry: CalendarEntry, span: _Span, y: float) -> Iterator[Mark]:
    """From the day when it begins until it is done, after a dashed line while it waits."""
    begins = span.x(dt.date.fromisoformat(entry.begins))
    ready = span.x(dt.date.fromisoformat(entry.can_begin))
    if ready < begins:
        yield Line("aside", ready, y, begins, y)
    if not entry.done:
        yield Sign("below", begins, y)
        return
    done = max(span.x(dt.date.fromisoformat(entry.done)), begins + _THINNEST)
    yield Rect("barrier", min(begins, _RIGHT - _THINNEST), y - _BAR / 2, done, y + _BAR / 2)
