"""Occasions are dated forwards, and measures wait for some that can still come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from detente.case import model
from detente.case.case import Case
from detente.case.draft import Draft, Ids
from detente.case.fields import first_day, last_day
from detente.ground.text import Path_

CALENDAR = "calendar.yaml"


def check_calendar(case: Case, draft: Draft) -> None:
    """Record every finding about dated occasions and about what measures wait for."""
    parties, sources = (
        draft.ids("case.yaml", "parties", "sides"),
        draft.ids("sources.yaml", "sources"),
    )
    for i, window in enumerate(case.calendar_file.windows):
        place: Path_ = ("windows", i)
        draft.known(CALENDAR, (*place, "source"), window.source, sources, "source")
        for j, party in enumerate(window.parties):
            draft.known(CALENDAR, (*place, "parties", j), party, parties, "party or side")
        _dates(case, draft, place, window)
    _waits(case, draft)


def _dates(case: Case, draft: Draft, place: Path_, window: model.Window) -> None:
    if window.end is not None and last_day(window.end) < first_day(window.start):
        problem = f"{window.end} is earlier than `start` {window.start}."
        draft.find(CALENDAR, (*place, "end"), problem, "correct one of them.")
    elif _is_sound(draft) and last_day(window.end or window.start) < last_day(case.about.as_of):
        problem = f"was over by `as_of` {case.about.as_of}: no step is placed there."
        draft.find(CALENDAR, place, problem, "keep it for the record, or remove it.", "note")


def _is_sound(draft: Draft) -> bool:
    """Whether `as_of` is what the case states; in a faulty file it may be a stand-in."""
    marked = draft.marked.get("case.yaml")
    return marked is not None and marked.value is not None and not marked.findings


def _waits(case: Case, draft: Draft) -> None:
    windows, measures = draft.ids(CALENDAR, "windows"), draft.ids("measures.yaml", "measures")
    seen: set[str] = set()
    for i, wait in enumerate(case.calendar_file.waits):
        place: Path_ = ("waits", i)
        draft.known(CALENDAR, (*place, "measure"), wait.measure, measures, "measure")
        if wait.measure in seen:
            problem = f"tells of `{wait.measure}` twice."
            draft.find(CALENDAR, place, problem, "state all that it waits for in one entry.")
        seen.add(wait.measure)
        if not (wait.after or wait.within):
            mend = "state `after` or `within`, or remove the entry."
            draft.find(CALENDAR, place, "names no window to wait for.", mend)
        _named(draft, place, wait, "after", windows)
        _named(draft, place, wait, "within", windows)
        _possible(case, draft, place, wait)


def _named(
    draft: Draft, place: Path_, wait: model.Wait, key: Literal["after", "within"], windows: Ids
) -> None:
    for j, name in enumerate(getattr(wait, key)):
        draft.known(CALENDAR, (*place, key, j), name, windows, "window")


def _possible(case: Case, draft: Draft, place: Path_, wait: model.Wait) -> None:
    """A measure that is decided within windows waits for none that outlasts them all."""
    over = _last_days(case, wait.after)
    chances = _last_days(case, wait.within)
    if over and chances and len(chances) == len(wait.within) and max(chances) <= max(over):
        problem = "can never be decided: the windows of `after` outlast all those of `within`."
        draft.find(CALENDAR, place, problem, "name a later window, or remove one of the two.")


def _last_days(case: Case, names: Iterable[str]) -> list[str]:
    known = {one.id: one for one in case.calendar_file.windows}
    found = (known[name] for name in names if name in known)
    return [last_day(one.end or one.start).isoformat() for one in found]
