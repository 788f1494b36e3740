"""The path on one page of a calendar: who decides what by when, at which occasion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from detente.assessment.results import AssessmentResults, Calendar, CalendarEntry
from detente.case.case import Case
from detente.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Frame,
    Heading,
    Paragraph,
    Table,
)
from detente.report.drawings.timeline import drawn_windows, step_number, timeline, window_days
from detente.report.names import Names

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def calendar_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The steps on dates, who decides, and the occasions in detail; nothing without a step."""
    _ = names.phrases
    found = results.calendar
    if found is None or not found.entries:
        return []
    letters = _letters(found)
    return [
        Heading(_("Calendar"), 1, "calendar"),
        Paragraph((_lead(found, names),)),
        _drawing(found, letters, names),
        Heading(_("Dated occasions"), 2, "occasions"),
        *_occasions(case, found, letters, names),
        Paragraph((_rule(names),), "small"),
    ]


def done_by(results: AssessmentResults, step: int) -> str:
    """The day by which a reciprocal step is done (ISO 8601); empty where it has none."""
    entries = results.calendar.entries if results.calendar else ()
    days = [one.done for one in entries if one.path == "reciprocal" and one.step == step]
    return max(days, default="")


def _lead(found: Calendar, names: Names) -> str:
    """By when each path is done, if all begins as soon as it can."""
    _ = names.phrases
    ends = {
        path: _.short_date(max(one.done or one.begins for one in some))
        for path, some in groupby(found.entries, key=lambda one: one.path)
    }
    if len(ends) == 1:
        end = next(iter(ends.values()))
        return _("At the earliest all is done by {date}; this is no forecast.", date=end)
    return _(
        "At the earliest the steps end by {steps}, the package by {package}; this is no forecast.",
        steps=ends["reciprocal"],
        package=ends["package"],
    )


def _rule(names: Names) -> str:
    return names.phrases(
        "A step can begin when the one before is done and reviewed. It is decided by the last day "
        "of the first meeting within half a year in which all who decide take part, or of an "
        "occasion that the case asks to wait for; where none is found, on the first possible day. "
        "All else follows from the months that the case states."
    )


def _letters(found: Calendar) -> dict[str, str]:
    """A letter for each window that is drawn, in the order of their days; numbers after Z."""
    return {
        one.id: _ALPHABET[place] if place < len(_ALPHABET) else str(place + 1)
        for place, one in enumerate(drawn_windows(found))
    }


def _drawing(found: Calendar, letters: dict[str, str], names: Names) -> Chart:
    """The steps as bars, and under them the table of who decides."""
    _ = names.phrases
    caption = _(
        "Steps on dates: dashed lines wait, grey bands are meetings, dashed frames other occasions"
    )
    alt = _(
        "Bars of {n} parts of steps from {start} to {end}, across {windows} dated occasions; the "
        "tables below tell all of it.",
        n=len(found.entries),
        start=_.date(found.start),
        end=_.date(max(one.done or one.begins for one in found.entries)),
        windows=len(letters),
    )
    spec = timeline(found, letters, names)
    frame = _steps(found, letters, names)
    return Chart(frame, spec, caption, alt, "calendar-steps", folded=False)


def _occasions(case: Case, found: Calendar, letters: dict[str, str], names: Names) -> list[Block]:
    """Who takes part in the windows, and where their days were found."""
    _ = names.phrases
    if not letters:
        return [Paragraph((_("Dated occasions ahead: not found."),))]
    columns = (
        Column("letter", "", "center", width=0.3),
        Column("occasion", _("occasion"), width=2.6),
        Column("days", _("days"), width=1.7),
        Column("parties", _("who takes part"), width=2.6),
        Column("note", _("note"), width=4.5),
    )
    rows = tuple(
        (
            letters[one.id],
            names.text(one.title),
            window_days(one, names),
            _.list([names.group(party) for party in one.parties]) or _("all parties"),
            one.note,
        )
        for one in found.windows
        if one.id in letters
    )
    by_source: dict[str, list[str]] = {}
    for one in found.windows:
        if one.id in letters:
            by_source.setdefault(case.source_by_id[one.source].title, []).append(letters[one.id])
    said = "; ".join(f"{', '.join(these)}: {title}" for title, these in by_source.items())
    return [
        Table(Frame("calendar-windows", columns, rows), _("Who takes part"), "calendar-windows"),
        Paragraph((_("Where the days were found: {sources}.", sources=said),), "small"),
    ]


def _steps(found: Calendar, letters: dict[str, str], names: Names) -> Frame:
    _ = names.phrases
    columns = (
        Column("step", _("step"), width=0.45),
        Column("measure", _("what begins"), width=2.7),
        Column("side", _("part of"), width=1),
        Column("decides", _("who decides"), width=2.7),
        Column("begins", _("begins by"), width=0.9),
        Column("occasion", _("where"), width=0.6),
        Column("done", _("done by"), width=0.9),
        Column("verified", _("verified how"), width=2.9),
        Column("stopped", _("if it stops"), width=2.9),
    )
    return Frame("calendar-steps", columns, tuple(_step_rows(found, letters, names)))


def _step_rows(
    found: Calendar, letters: dict[str, str], names: Names
) -> Iterator[tuple[Cell, ...]]:
    """A row for each measure of a step; what stands in a row above is pointed to."""
    _ = names.phrases
    told: dict[str, str] = {}
    offices: dict[str, str] = {}
    for _step, some in groupby(found.entries, key=lambda one: (one.path, one.step)):
        entries = list(some)
        for measure in dict.fromkeys(one.measure for one in entries):
            parts = [one for one in entries if one.measure == measure]
            first, number = parts[0], step_number(parts[0])
            above = _("as in {step}", step=told[measure]) if measure in told else ""
            sides = [names.group(one.side) for one in parts if one.side]
            deciders = _deciders(parts, names)
            if above and deciders == offices[measure]:
                deciders = above
            told.setdefault(measure, number)
            offices.setdefault(measure, deciders)
            yield (
                number,
                measure if above else names.measure(measure),
                _.list(sides) if sides and len(parts) < len(entries) else _("all sides"),
                deciders,
                _day(first.begins, names),
                _occasion(first, letters, names),
                _day(max(one.done for one in parts), names),
                above or _told(first.verified, names),
                above or _told(first.if_stopped, names),
            )


def _told(texts: dict[str, str], names: Names) -> str:
    return names.text(texts) if texts else names.phrases("not stated")


def _day(date: str, names: Names) -> str:
    """A short date that breaks before its year alone; that it is not stated, where it is empty."""
    _ = names.phrases
    return _.short_date(date).replace(" ", "\u00a0", 1) or _("not stated")


def _deciders(parts: Sequence[CalendarEntry], names: Names) -> str:
    """The offices with their parties; those of one name in one."""
    by_office: dict[str, list[str]] = {}
    for party, office in dict.fromkeys(who for one in parts for who in one.decided_by):
        by_office.setdefault(office, []).append(names.group(party))
    said = (
        f"{', '.join(who)}: {office}" if office else ", ".join(who)
        for office, who in by_office.items()
    )
    return "; ".join(said) or names.phrases("not found")


def _occasion(one: CalendarEntry, letters: dict[str, str], names: Names) -> str | None:
    """The letter of its window; None where none was found."""
    return names.phrases("over by then") if one.missed else letters.get(one.window)
