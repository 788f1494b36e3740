"""Events as each side told them, and totals that others published."""

from __future__ import annotations

from typing import Any

from detente.case.case import Case
from detente.report.document import Block, Cell, Chart, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.marks import BLACK, GREY, WHITE, looks, point


def incidents_page(case: Case, names: Names) -> list[Block]:
    """A picture over time, every event with both accounts, and published counts as counts."""
    _ = names.phrases
    if not case.incidents:
        return []
    blocks: list[Block] = [
        Heading(_("Incidents, as each side told them"), 1, "incidents"),
        Paragraph(
            (
                _(
                    "These are events that were found in public, not all that happened, and not a "
                    "rate: what gets reported differs by side and by year. Grades are those that a "
                    "source or a named coder gave. An event feeds no number of a ladder."
                ),
            )
        ),
        _chart(case, names),
        Table(
            _frame(case, names),
            _("Events with both accounts"),
            "incidents-table",
            ("date", "place", "activity", "actor_a", "account_a", "actor_b", "account_b", "grade"),
        ),
    ]
    if case.counts:
        blocks += [
            Heading(_("Published counts"), 2, "counts"),
            Paragraph((_("Totals of what somebody counted, by their own rules; never rates."),)),
            Table(
                _counts(case, names),
                _("Totals published by others"),
                "counts-table",
                ("start", "end", "what", "qualifier", "count", "by", "status"),
            ),
        ]
    return blocks


def _grades(case: Case) -> dict[str, str]:
    grades: dict[str, list[str]] = {}
    for grade in case.grades:
        grades.setdefault(grade.incident, []).append(f"{grade.grade} ({grade.coder})")
    return {incident: "; ".join(given) for incident, given in grades.items()}


def _frame(case: Case, names: Names) -> Frame:
    _ = names.phrases
    grades = _grades(case)
    columns: tuple[tuple[str, str, float], ...] = (
        ("id", _("event"), 1.5),
        ("date", _("date"), 1.1),
        ("place", _("place"), 1.8),
        ("domain", _("domain"), 0.8),
        ("activity", _("activity"), 1.3),
        ("actor_a", _("who approached"), 1.1),
        ("account_a", _("its account"), 3),
        ("actor_b", _("the other"), 1.1),
        ("account_b", _("its account"), 3),
        ("injury", _("injury"), 0.8),
        ("civil_involved", _("civil"), 0.7),
        ("grade", _("grade"), 1.2),
        ("initiates", _("could start"), 1.2),
        ("reported_by", _("reported by"), 1.5),
        ("url", _("address"), 2),
        ("status", _("checked"), 1),
        ("note", _("note"), 2),
    )
    rows: list[tuple[Cell, ...]] = []
    for incident in sorted(case.incidents, key=lambda incident: incident.date):
        cells: list[Cell] = []
        for key, _title, _width in columns:
            value = grades.get(incident.id, "") if key == "grade" else getattr(incident, key)
            cells.append("" if value is None else str(value))
        rows.append(tuple(cells))
    frame_columns = tuple(Column(key, title, width=width) for key, title, width in columns)
    return Frame("incidents", frame_columns, tuple(rows))


def _chart(case: Case, names: Names) -> Chart:
    _ = names.phrases
    columns = (
        Column("id", _("event")),
        Column("when", _("year and month as a number"), "right"),
        Column("domain", _("domain")),
        Column("grade", _("grade by a source")),
    )
    first = {grade.incident: grade.grade for grade in reversed(case.grades)}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.id, _when(one.date), one.domain, first.get(one.id, _("not graded")))
        for one in case.incidents
    )
    kinds = {
        "high-risk": ("cross", BLACK),
        "serious": ("triangle-up", BLACK),
        "near-routine": ("square", GREY),
        _("not graded"): ("circle", WHITE),
    }
    spec: dict[str, Any] = {
        "width": 520,
        "height": {"step": 24},
        "mark": point(45),
        "encoding": {
            "x": {
                "field": "when",
                "type": "quantitative",
                "title": None,
                "scale": {"zero": False, "nice": True},
                "axis": {"format": "d", "tickMinStep": 1},
            },
            "y": {"field": "domain", "type": "nominal", "axis": {"title": None}},
            **looks("grade", kinds),
        },
    }
    return Chart(
        Frame("incidents-by-date", columns, rows),
        spec,
        _(
            "{n} events by date and domain. Not a rate: later years were searched more closely.",
            n=len(rows),
        ),
        _("Events by date and domain, shaped by the grade that a source gave."),
        "incidents-chart",
        folded=False,
    )


def _when(date: str) -> float:
    parts = [int(part) for part in date.split("-")] + [1, 1]
    return round(parts[0] + (parts[1] - 1) / 12, 2)


def _counts(case: Case, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "counts",
        (
            Column("start", _("from")),
            Column("end", _("to")),
            Column("what", _("what was counted"), width=4),
            Column("qualifier", _("as told"), width=1),
            Column("count", _("count"), "right", 0),
            Column("by", _("counted by"), width=2.4),
            Column("url", _("address"), width=2),
            Column("status", _("checked")),
            Column("note", _("note"), width=2),
        ),
        tuple(
            (
                one.start,
                one.end,
                one.what,
                one.qualifier,
                one.count,
                one.by,
                one.url,
                names.status(one.status),
                one.note,
            )
            for one in case.counts
        ),
    )
