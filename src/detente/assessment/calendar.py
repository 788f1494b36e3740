"""The steps of a path on dates: who decides by when, and at which diplomatic occasion.

A step is announced, kept and seen to be kept before the next one is taken (Osgood 1962), so the
steps of a path follow each other; what begins in one step runs side by side.
"""

from __future__ import annotations

import calendar as days
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.assessment.bargain.results import Sequence as PackagePath
from detente.assessment.results import Calendar, CalendarEntry, Gift, PathStep, Window
from detente.case.case import Case
from detente.case.fields import first_day, last_day
from detente.case.model import Decider, Measure

MOST_WAIT = 6  # months for an occasion that the case does not ask to wait for
_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class _Part:
    """What begins: a measure as a whole, or the part that one side gives."""

    measure: Measure
    side: str
    deciders: tuple[Decider, ...]
    gift: Gift | None

    @property
    def months(self) -> float | None:
        """How long it takes; None where the case does not tell."""
        if self.gift:
            return self.gift.months
        return self.measure.step.months if self.measure.step else None

    @property
    def asked(self) -> frozenset[str]:
        """The parties and sides that have to take part where it is decided."""
        named = frozenset(one.party for one in self.deciders)
        if named or self.side:
            return named or frozenset({self.side})
        step = self.measure.step
        return frozenset(part.by for part in step.parts) if step else named


_Path = Literal["reciprocal", "package"]
_Group = tuple[_Part, ...]
"""Parts that begin on the same day."""


@dataclass(frozen=True)
class _Stage:
    """One step of a path: groups that can begin once the step before is done."""

    number: int
    groups: tuple[_Group, ...]


def calendar(case: Case, steps: Sequence[PathStep], package: PackagePath | None) -> Calendar | None:
    """The steps of both paths on the first days on which they can be decided.

    The first step can begin on the last day that the case's `as_of` may mean, each later one when
    all of the step before is done, and none before the windows of its `after` are over. It is then
    decided at the first window of its `within` that is still open, where it has any; else at the
    first meeting within `MOST_WAIT` months in which all who decide it take part; else on the first
    possible day. Both sides begin their parts of a reciprocal step on one day.

    Parameters
    ----------
    case
        The case, with its calendar.
    steps
        The reciprocal steps.
    package
        The recommended package in steps, None where there is none.

    Returns
    -------
    Calendar or None
        None where there is neither a step nor a window ahead.

    """
    start = last_day(case.about.as_of)
    windows = _ahead(case, start)
    reciprocal = [_reciprocal(case, step) for step in steps]
    together = (
        [_together(case, step.begins, step.number) for step in package.steps] if package else []
    )
    entries = (
        *_placed(case, "reciprocal", reciprocal, start, windows),
        *_placed(case, "package", together, start, windows),
    )
    return Calendar(start.isoformat(), windows, entries) if windows or entries else None


def add_months(day: dt.date, months: float) -> dt.date:
    """The day ``months`` later, the last of a month where that has no such day.

    Parts of a month are rounded to days of 365.25 / 12 a month; what would lie beyond the year 9999
    is its last day.
    """
    whole = int(months)
    year, month = divmod(12 * day.year + day.month - 1 + whole, 12)
    if year > dt.MAXYEAR:
        return dt.date.max
    last = days.monthrange(year, month + 1)[1]
    found = dt.date(year, month + 1, min(day.day, last))
    rest = round((months - whole) * _DAYS_A_MONTH)
    return found + dt.timedelta(days=min(rest, (dt.date.max - found).days))


def takes_part(case: Case, who: str, window: Window) -> bool:
    """Whether a party, or the whole of a side, takes part in a window."""
    sides = {side.id: side.parties for side in case.about.sides}
    there = {party for name in window.parties for party in (name, *sides.get(name, ()))}
    return not there or who in there or (who in sides and {*sides[who]} <= there)


def _ahead(case: Case, start: dt.date) -> tuple[Window, ...]:
    """The windows that are not over, by their first and their last day."""
    found = (
        Window(
            id=one.id,
            title=one.title,
            kind=one.kind,
            begins=first_day(one.start).isoformat(),
            ends=last_day(one.end or one.start).isoformat(),
            parties=one.parties,
            source=one.source,
            note=one.note,
        )
        for one in case.calendar_file.windows
        if last_day(one.end or one.start) >= start
    )
    return tuple(sorted(found, key=lambda one: (one.begins, one.ends, one.id)))


def _reciprocal(case: Case, step: PathStep) -> _Stage:
    """All parts of the step in one group: they begin on the same day."""
    measures = {measure.id: measure for measure in case.measures}
    parts = []
    for gift in step.gifts:
        own = {gift.side, *(p for p, side in case.side_of.items() if side == gift.side)}
        measure = measures[gift.measure]
        deciders = tuple(one for one in measure.decided_by if one.party in own)
        parts.append(_Part(measure, gift.side, deciders, gift))
    return _Stage(step.number, (tuple(parts),))


def _together(case: Case, names: Sequence[str], number: int) -> _Stage:
    """Each measure in a group of its own."""
    measures = {measure.id: measure for measure in case.measures}
    chosen = [measures[name] for name in names]
    return _Stage(number, tuple((_Part(one, "", one.decided_by, None),) for one in chosen))


def _placed(
    case: Case, path: _Path, stages: Sequence[_Stage], start: dt.date, windows: Sequence[Window]
) -> Iterator[CalendarEntry]:
    """The stages one after the other."""
    for stage in stages:
        end = start
        for group in stage.groups:
            ready = _ready(case, group, start)
            begins, window, missed = _occasion(case, group, ready, windows)
            for part in group:
                done = None if part.months is None else add_months(begins, part.months)
                end = max(end, done or begins)
                yield CalendarEntry(
                    path=path,
                    step=stage.number,
                    measure=part.measure.id,
                    side=part.side,
                    decided_by=tuple((one.party, one.who) for one in part.deciders)
                    or tuple((who, "") for who in sorted(part.asked)),
                    can_begin=ready.isoformat(),
                    begins=begins.isoformat(),
                    window=window,
                    missed=missed,
                    months=part.months,
                    done=done.isoformat() if done else "",
                    verified=_text(part, "verified"),
                    if_stopped=_text(part, "if_stopped"),
                )
        start = end


def _text(part: _Part, key: str) -> dict[str, str]:
    found: dict[str, str] = getattr(part.gift or part.measure.step, key, {})
    return found


def _ready(case: Case, group: _Group, start: dt.date) -> dt.date:
    """The first day from ``start`` on when no window of `after` is ahead."""
    known = {one.id: one for one in case.calendar_file.windows}
    over = [known[name] for name in _after(case, group)]
    lasts = [last_day(one.end or one.start) for one in over]
    ended = [one for one in lasts if one >= start]
    if not ended:
        return start
    return max(ended) + dt.timedelta(days=int(max(ended) < dt.date.max))


def _occasion(
    case: Case, group: _Group, ready: dt.date, windows: Sequence[Window]
) -> tuple[dt.date, str, bool]:
    """The day of the decision, the window that it ends, and whether those asked for are over."""
    within = _within(case, group)
    if within is not None:
        suited = [one for one in windows if one.id in within]
    else:
        asked = frozenset().union(*(part.asked for part in group))
        latest = add_months(ready, MOST_WAIT).isoformat()
        suited = [
            one
            for one in windows
            if one.kind == "meeting"
            and one.begins <= latest
            and asked
            and all(takes_part(case, who, one) for who in asked)
        ]
    day = ready.isoformat()
    first = min(
        (one for one in suited if one.ends >= day), key=lambda one: (one.ends, one.id), default=None
    )
    if first is None:
        return ready, "", within is not None
    return dt.date.fromisoformat(first.ends), first.id, False


def _after(case: Case, group: _Group) -> frozenset[str]:
    """The windows that have to be over before any part of the group can begin."""
    measures = {part.measure.id for part in group}
    waits = (one for one in case.calendar_file.waits if one.measure in measures)
    return frozenset(name for one in waits for name in one.after)


def _within(case: Case, group: _Group) -> frozenset[str] | None:
    """The windows in one of which all of the group is decided; None where it need not wait."""
    measures = {part.measure.id for part in group}
    waits = [one for one in case.calendar_file.waits if one.measure in measures and one.within]
    return frozenset.intersection(*(frozenset(one.within) for one in waits)) if waits else None
