"""How each side ranks the risks."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.elicitation.results import Priority
from detente.report.document import Block, Chart, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.marks import group_looks, point


def priorities_frame(results: AssessmentResults, names: Names, kind: str, name: str) -> Frame:
    """Mean ranks of the groups of one kind (side or party), a row per group and risk."""
    _ = names.phrases
    groups = {group.id for group in results.elicitation.groups if group.kind == kind}
    rows = [one for one in results.elicitation.priorities if one.group in groups]
    order = sorted({one.risk for one in rows}, key=lambda risk: _overall(rows, risk))
    rows.sort(key=lambda one: order.index(one.risk))
    return Frame(
        name,
        (
            Column("risk", _("risk"), width=3),
            Column("group", _("group"), width=1.5),
            Column("rank", _("mean rank"), "right", 1),
            Column("low", _("90 % from"), "right", 1),
            Column("high", _("to"), "right", 1),
            Column("first_three", _("share with it in the first 3"), "right", 2),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.risk(one.risk),
                names.group(one.group),
                one.mean_rank.mid,
                one.mean_rank.low,
                one.mean_rank.high,
                one.first_three,
                one.people,
            )
            for one in rows
        ),
    )


def _overall(rows: list[Priority], risk: str) -> float:
    ranks = [one.mean_rank.mid for one in rows if one.risk == risk]
    return sum(ranks) / len(ranks)


def priorities_chart(results: AssessmentResults, names: Names) -> Chart | None:
    """Mean ranks side by side with their intervals; None where no side ranked risks."""
    _ = names.phrases
    frame = priorities_frame(results, names, "side", "priorities")
    if not frame.rows:
        return None
    risks = list(dict.fromkeys(row[0] for row in frame.rows))
    worst = len(risks)
    y: dict[str, Any] = {
        "field": "risk",
        "type": "nominal",
        "sort": risks,
        "axis": {"title": None},
    }
    sides = list(dict.fromkeys(str(row[1]) for row in frame.rows))
    scale = {"domain": [1, worst], "nice": False}
    spec = {
        "height": {"step": 25, "for": "position"},
        "encoding": {"y": y, "yOffset": {"field": "group"}},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {
                    "x": {
                        "field": "low",
                        "type": "quantitative",
                        "scale": scale,
                        "title": _("mean rank (1 is first)"),
                    },
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": point(),
                "encoding": {
                    "x": {"field": "rank", "type": "quantitative", "scale": scale},
                    **group_looks(sides),
                },
            },
        ],
    }
    return Chart(
        frame,
        spec,
        _("Which risks come first, by side. Points: mean rank; lines: 90 % t interval."),
        _("Mean ranks of {n} risks by {sides}, with intervals.", n=worst, sides=_.list(sides)),
        "priorities-chart",
    )


def priorities_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The details behind the first figure: parties, where their tables may be shown."""
    _ = names.phrases
    frame = priorities_frame(results, names, "party", "priorities-by-party")
    if not frame.rows:
        return []
    return [
        Heading(_("Priorities by party"), 2, "priorities"),
        Paragraph(
            (
                _(
                    "Each person ranked the risks from 1. A party's own row is printed only where "
                    "its group released it and at least {k} people answered.",
                    k=case.about.min_cell,
                ),
            )
        ),
        Table(frame, _("Mean rank of each risk by party"), "priorities-by-party"),
    ]
