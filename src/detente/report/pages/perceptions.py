"""What each side believes of each risk."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.elicitation.results import Spread
from detente.report.document import Block, Chart, Column, Frame, Heading, Note, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.marks import BLACK, LIGHT, group_looks, point


def perceptions_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """Likelihoods by side with their spread, and where two sides part."""
    _ = names.phrases
    if not results.elicitation.perceptions:
        return []
    return [
        Heading(_("What each side expects"), 1, "perceptions"),
        Paragraph(
            (
                _(
                    "Each person gave three numbers for the chance that a risk happens at least "
                    "once within {years} years. A side's spread is the equal-weight mixture of its "
                    "people's distributions; the mark on it is the trimmed geometric mean of their "
                    "odds. These are the people consulted, not their governments.",
                    years=_.number(case.about.horizon_years, 0),
                ),
            )
        ),
        _chart(results, names),
        *_map(results, names),
        Table(_differences(results, names), _("Where two groups part"), "differences"),
        *_withheld(case, results, names),
    ]


def _frame(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "perceptions",
        (
            Column("risk", _("risk"), width=3),
            Column("group", _("group"), width=1.6),
            Column("low", _("5 %"), "right", 3),
            Column("mid", _("median"), "right", 3),
            Column("high", _("95 %"), "right", 3),
            Column("marker", _("mean of odds"), "right", 3),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.risk(one.risk),
                names.group(one.group),
                one.spread.low,
                one.spread.mid,
                one.spread.high,
                one.marker,
                one.people,
            )
            for one in results.elicitation.perceptions
        ),
    )


def _chart(results: AssessmentResults, names: Names) -> Chart:
    _ = names.phrases
    frame = _frame(results, names)
    sides = [names.group(g.id) for g in results.elicitation.groups if g.kind == "side"]
    lowest = min(one.spread.low for one in results.elicitation.perceptions)
    spec = {
        "transform": [{"filter": {"field": "group", "oneOf": sides}}],
        "width": 360,
        "height": {"step": 28, "for": "position"},
        "encoding": {
            "y": {
                "field": "risk",
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "labelLimit": 330},
            },
            "yOffset": {"field": "group", "sort": sides},
        },
        "layer": _layers(sides, min(0.01, lowest), _("chance within the horizon")),
    }
    return Chart(
        frame,
        spec,
        _(
            "Likelihood of each risk by side. Points: median; lines: central 90 %; ticks: mean of "
            "odds."
        ),
        _(
            "Likelihoods of {n} risks by side, with their spread.",
            n=len({row[0] for row in frame.rows}),
        ),
        "perceptions-chart",
    )


def _layers(sides: list[str], lowest: float, title: str) -> list[dict[str, Any]]:
    """Intervals, mean odds and medians on a logarithmic scale of probability."""
    x = {
        "type": "quantitative",
        "scale": {"type": "log", "domain": [lowest, 1], "nice": False},
        "axis": {"format": "~p", "values": [0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1]},
    }
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 1.5},
            "encoding": {"x": {**x, "field": "low", "title": title}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "tick", "thickness": 2, "height": 9},
            "encoding": {"x": {**x, "field": "marker"}},
        },
        {"mark": point(), "encoding": {"x": {**x, "field": "mid"}, **group_looks(sides)}},
    ]


def _map(results: AssessmentResults, names: Names) -> list[Block]:
    """The perception map: likelihood against consequence, a panel for each side."""
    _ = names.phrases
    frame = _map_frame(results, names)
    if not frame.rows:
        return []
    sides = list(dict.fromkeys(str(row[2]) for row in frame.rows))
    lowest = min(float(str(row[3])) for row in frame.rows)
    chart = Chart(
        frame,
        {"hconcat": [_map_panel(names, side, min(0.01, lowest)) for side in sides], "spacing": 20},
        _(
            "Perception map. Across: median likelihood within the horizon; up: median consequence, "
            "0 to 10; lines: central 90 % of the people's beliefs. The two are not multiplied: a "
            "rating is no amount. Letters and numbers are those of the table."
        ),
        _("Likelihood and consequence of each risk, a panel for each side."),
        "perception-map",
    )
    return [chart]


def _map_frame(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    sides = {one.id for one in results.elicitation.groups if one.kind == "side"}
    grave = {(one.group, one.risk): one.spread for one in results.elicitation.consequences}
    return Frame(
        "perception-map",
        (
            Column("id", _("sign"), width=0.7),
            Column("risk", _("risk"), width=3),
            Column("group", _("group"), width=1.6),
            Column("low", _("5 %"), "right", 3),
            Column("mid", _("likelihood"), "right", 3),
            Column("high", _("95 %"), "right", 3),
            Column("grave_low", _("5 %"), "right", 1),
            Column("grave", _("consequence"), "right", 1),
            Column("grave_high", _("95 %"), "right", 1),
        ),
        tuple(
            (
                one.risk,
                names.risk(one.risk),
                names.group(one.group),
                one.spread.low,
                one.spread.mid,
                one.spread.high,
                *_three(grave[one.group, one.risk]),
            )
            for one in results.elicitation.perceptions
            if one.group in sides and (one.group, one.risk) in grave
        ),
    )


def _three(spread: Spread) -> tuple[float, float, float]:
    return spread.low, spread.mid, spread.high


def _map_panel(names: Names, side: str, lowest: float) -> dict[str, Any]:
    _ = names.phrases
    x = {
        "type": "quantitative",
        "scale": {"type": "log", "domain": [lowest, 1], "nice": False},
        "axis": {"format": "~p", "values": [0.001, 0.01, 0.1, 0.3, 1]},
    }
    y = {"type": "quantitative", "scale": {"domain": [0, 10]}, "axis": {"values": [0, 5, 10]}}
    across = {**x, "field": "mid", "title": _("chance within the horizon")}
    up = {**y, "field": "grave", "title": _("consequence, 0 to 10")}
    thin = {"type": "rule", "strokeWidth": 0.7, "stroke": LIGHT}
    return {
        "title": {"text": side, "anchor": "start", "fontSize": 11},
        "width": 295,
        "height": 230,
        "transform": [{"filter": {"field": "group", "equal": side}}],
        "layer": [
            {
                "mark": thin,
                "encoding": {"x": {**across, "field": "low"}, "x2": {"field": "high"}, "y": up},
            },
            {
                "mark": thin,
                "encoding": {
                    "x": across,
                    "y": {**up, "field": "grave_low"},
                    "y2": {"field": "grave_high"},
                },
            },
            {
                "mark": {**point(), "shape": "circle", "fill": BLACK},
                "encoding": {"x": across, "y": up},
            },
            {
                "mark": {"type": "text", "dx": 8, "dy": -6, "align": "left", "fontSize": 11},
                "encoding": {"x": across, "y": up, "text": {"field": "id", "type": "nominal"}},
            },
        ],
    }


def _differences(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "differences",
        (
            Column("risk", _("risk"), width=3),
            Column("a", _("group"), width=1.6),
            Column("b", _("against"), width=1.6),
            Column("odds_ratio", _("times the odds"), "right", 2),
            Column("low", _("90 % from"), "right", 2),
            Column("high", _("to"), "right", 2),
            Column("tells", _("we can tell")),
            Column("people_a", _("people"), "right", 0),
            Column("people_b", _("people"), "right", 0),
        ),
        tuple(
            (
                names.risk(d.risk),
                names.group(d.a),
                names.group(d.b),
                d.odds_ratio.mid,
                d.odds_ratio.low,
                d.odds_ratio.high,
                _("yes") if d.tells else _("no"),
                d.people_a,
                d.people_b,
            )
            for d in results.elicitation.differences
        ),
    )


def _withheld(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    if not results.elicitation.withheld:
        return []
    groups = _.list([names.group(one.group) for one in results.elicitation.withheld])
    text = _(
        "Not shown under their own name: {groups}. A group's table leaves only with its release on "
        "record and at least {k} people, and never where it could be found by subtraction.",
        groups=groups,
        k=case.about.min_cell,
    )
    return [Note(_("Withheld"), ((text,),))]
