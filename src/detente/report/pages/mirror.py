"""What each panel expected the other to say, beside what it said."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults
from detente.elicitation.results import Spread
from detente.report.charts import wrapped
from detente.report.document import Block, Chart, Column, Frame, Heading, Note, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.marks import BLACK, GREY, WHITE, looks, point

LOOKS = {
    "said": ("square", BLACK),
    "expected": ("circle", WHITE),
    "own": ("triangle-up", GREY),
}


def mirror_page(results: AssessmentResults, names: Names) -> list[Block]:
    """The mirror chart, the model behind it, every cell, and what was expected to be done."""
    _ = names.phrases
    found = results.elicitation
    if not found.mirror_cells and not found.forecasts:
        return []
    blocks: list[Block] = [Heading(_("What each expected the other to say"), 1, "mirror")]
    if found.mirror_cells:
        blocks += [
            Paragraph((_listed(results, names),), "lead"),
            _chart(results, names),
            Note(_("How to read a gap"), ((_caveat(names),),)),
            Table(_pairs(results, names), _("Expectations against what was said"), "mirror-pairs"),
            Paragraph((_model(names),), "small"),
            Table(_cells(results, names), _("Every risk, both directions"), "mirror-cells"),
        ]
    if found.forecasts:
        title = _("What each expects the other to do")
        blocks.append(Table(_forecasts(results, names), title, "forecasts"))
    return blocks


def _caveat(names: Names) -> str:
    return names.phrases(
        "A gap can be error, posture, or a panel that differs from its government. What is told "
        "here is what the people consulted expected, and what the other people consulted said."
    )


def _listed(results: AssessmentResults, names: Names) -> str:
    """The gaps that are sure beside all others, in one sentence each."""
    _ = names.phrases
    listed = [cell for cell in results.elicitation.mirror_cells if cell.listed]
    if not listed:
        return _(
            "No gap between what was expected and what was said is sure enough to be listed with "
            "so few people."
        )
    sentences = (
        _(
            "On “{risk}”, {holder} expected {about} to say {expected}; {about} said {said}.",
            risk=names.risk(cell.risk),
            holder=names.group(cell.holder),
            about=names.group(cell.about),
            expected=_chance(cell.expected.mid, names),
            said=_chance(cell.said.mid, names),
        )
        for cell in listed
    )
    return " ".join(sentences)


def _chance(chance: float, names: Names) -> str:
    return names.phrases.percent(chance, 0 if chance >= 0.095 else 1 if chance >= 0.0095 else 2)


def _direction(names: Names, holder: str, about: str) -> str:
    return names.phrases(
        "{holder} on {about}", holder=names.group(holder), about=names.group(about)
    )


def _points(results: AssessmentResults, names: Names) -> Frame:
    """A row for each risk, direction and kind of answer: what the chart draws."""
    _ = names.phrases
    words = {"said": _("said"), "expected": _("expected"), "own": _("own view")}
    sides = {one.id for one in results.elicitation.groups if one.kind == "side"}
    rows = []
    for cell in results.elicitation.mirror_cells:
        if {cell.holder, cell.about} <= sides:
            direction = _direction(names, cell.holder, cell.about)
            spreads = {"said": cell.said, "expected": cell.expected, "own": cell.own}
            rows += [
                (names.risk(cell.risk), direction, words[kind], spread.low, spread.mid, spread.high)
                for kind, spread in spreads.items()
                if spread is not None
            ]
    return Frame(
        "mirror",
        (
            Column("risk", _("risk"), width=3),
            Column("direction", _("who on whom"), width=2),
            Column("kind", _("answer")),
            Column("low", _("90 % from"), "right", 3),
            Column("mid", _("mean"), "right", 3),
            Column("high", _("to"), "right", 3),
        ),
        tuple(rows),
    )


def _chart(results: AssessmentResults, names: Names) -> Chart:
    _ = names.phrases
    frame = _points(results, names)
    directions = list(dict.fromkeys(str(row[1]) for row in frame.rows))
    lowest = min((float(str(row[3])) for row in frame.rows), default=0.01)
    panels = [
        _panel(names, title, first=title == directions[0], lowest=lowest) for title in directions
    ]
    return Chart(
        frame,
        {
            "hconcat": panels,
            "spacing": 14,
            "resolve": {"legend": {"shape": "shared", "fill": "shared"}},
        },
        _(
            "Squares: what the other panel said; open circles: what this panel expected it to say; "
            "triangles: this panel's own view. Lines: 90 % t intervals. A gap can be error, "
            "posture, or a panel that differs from its government."
        ),
        _("Expected and stated likelihoods of {n} risks.", n=len({row[0] for row in frame.rows})),
        "mirror-chart",
    )


def _panel(names: Names, title: str, *, first: bool, lowest: float) -> dict[str, Any]:
    _ = names.phrases
    kinds = {
        _("said"): LOOKS["said"],
        _("expected"): LOOKS["expected"],
        _("own view"): LOOKS["own"],
    }
    names_of = {"labelLimit": 250, "labelExpr": wrapped("datum.label", 30)}
    axis = {"title": None, **(names_of if first else {"labels": False})}
    x = {
        "type": "quantitative",
        "scale": {"type": "log", "domain": [min(0.01, lowest), 1], "nice": False},
        "axis": {"format": "~p", "values": [0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1]},
    }
    offset = {"field": "kind", "sort": list(kinds)}
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 11},
        "width": 215,
        "height": {"step": 34, "for": "position"},
        "transform": [{"filter": {"field": "direction", "equal": title}}],
        "encoding": {
            "y": {"field": "risk", "type": "nominal", "sort": None, "axis": axis},
            "yOffset": offset,
        },
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 1.2},
                "encoding": {
                    "x": {**x, "field": "low", "title": _("chance within the horizon")},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": point(45),
                "encoding": {"x": {**x, "field": "mid"}, **looks("kind", kinds)},
            },
        ],
    }


def _pairs(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "mirror-pairs",
        (
            Column("direction", _("who on whom"), width=2.2),
            *_spread_columns(names, "bias", _("bias, times the odds"), 2),
            *_spread_columns(names, "accuracy", _("accuracy"), 2),
            *_spread_columns(names, "projection", _("projection"), 2),
            *_spread_columns(names, "skill", _("skill"), 2),
            Column("skilled", _("chance of any skill"), "right", 2),
            Column("people", _("people"), "right", 0),
            Column("people_about", _("of the other"), "right", 0),
        ),
        tuple(
            (
                _direction(names, one.holder, one.about),
                *_three(one.bias),
                *_three(one.accuracy),
                *_three(one.projection),
                *_three(one.skill),
                one.skilled,
                one.people_holder,
                one.people_about,
            )
            for one in results.elicitation.mirror_pairs
        ),
    )


def _spread_columns(
    names: Names, key: str, title: str, digits: int
) -> tuple[Column, Column, Column]:
    return (
        Column(key, title, "right", digits, width=1.2),
        Column(f"{key}_low", names.phrases("5 %"), "right", digits),
        Column(f"{key}_high", names.phrases("95 %"), "right", digits),
    )


def _three(spread: Spread | None) -> tuple[float | None, float | None, float | None]:
    return (spread.mid, spread.low, spread.high) if spread else (None, None, None)


def _model(names: Names) -> str:
    return names.phrases(
        "Truth-and-bias model on log-odds, with the error of the other panel's mean carried. Bias "
        "1: expected as likely as said, over all risks. Accuracy 1: expectations follow what the "
        "other said from risk to risk; 0: they do not. Projection: how far they follow the panel's "
        "own view instead. Skill: 0 where “they think as we do” had guessed as well, 1 where every "
        "risk was guessed; without skill no finding rests on an expectation."
    )


def _cells(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "mirror-cells",
        (
            Column("risk", _("risk"), width=3),
            Column("direction", _("who on whom"), width=2),
            Column("expected", _("expected"), "right", 3),
            Column("said", _("said"), "right", 3),
            Column("feared", _("held, as they think"), "right", 3),
            Column("gap", _("times the odds"), "right", 2),
            Column("gap_low", _("90 % from"), "right", 2),
            Column("gap_high", _("to"), "right", 2),
            Column("same_sign", _("sure of the side"), "right", 2),
            Column("listed", _("listed")),
        ),
        tuple(
            (
                names.risk(one.risk),
                _direction(names, one.holder, one.about),
                one.expected.mid,
                one.said.mid,
                one.feared.mid if one.feared else None,
                *_three(one.gap),
                one.same_sign,
                _("yes") if one.listed else _("no"),
            )
            for one in results.elicitation.mirror_cells
        ),
    )


def _forecasts(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "forecasts",
        (
            Column("event", _("event"), width=3.5),
            Column("direction", _("who on whom"), width=2),
            *_spread_columns(names, "chance", _("chance"), 2),
            Column("known", _("happened")),
            Column("brier", _("Brier score"), "right", 2),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.quantity(one.quantity),
                _direction(names, one.holder, one.about),
                *_three(one.chance),
                {None: _("not yet known"), 1.0: _("yes"), 0.0: _("no")}[one.known],
                one.brier,
                one.people,
            )
            for one in results.elicitation.forecasts
        ),
    )
