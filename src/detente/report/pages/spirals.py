"""Insecurity spirals: policies that answer each other, and the measures that cut them."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults, Spiral, SpiralEdge
from detente.elicitation.results import Spread
from detente.report.document import Block, Chart, Column, Frame, Heading, Listing, Paragraph
from detente.report.names import Names
from detente.report.pages.marks import BLACK, WHITE, looks, point


def spirals_page(results: AssessmentResults, names: Names) -> list[Block]:
    """Every closed loop in words, the strongest first, and both views of each of its turns."""
    _ = names.phrases
    if not results.spirals:
        return []
    text = _(
        "A party has a policy against a risk that it perceives; another party feels a risk raised "
        "by that policy, and has a policy against it that the first one feels in turn. Nobody in "
        "such a loop need mean harm, and nobody is said to have begun. A turn is as strong as "
        "both sides confirm it, and a loop as its weakest turn."
    )
    return [
        Heading(_("Loops of policies that feed each other"), 1, "spirals"),
        Paragraph((text,)),
        Listing(tuple((_sentence(one, names),) for one in results.spirals), numbered=True),
        _chart(results, names),
    ]


def _sentence(spiral: Spiral, names: Names) -> str:
    """One loop as a chain of policies, what it is worth and what would cut it."""
    _ = names.phrases
    chain = " → ".join(
        f"{names.party(one.party)}: {names.policy(one.policy)}" for one in spiral.edges
    )
    strength = _.number(spiral.strength.mid, 0)
    confirmed = (
        _("Confirmed by both sides; the weakest turn is rated {strength} of 10.", strength=strength)
        if spiral.confirmed
        else _("One side alone states a turn; at most {strength} of 10.", strength=strength)
    )
    cuts = _.list([names.measure(one) for one in spiral.cut_by])
    cut = _("It would be cut by: {measures}.", measures=cuts) if cuts else _("No measure cuts it.")
    return f"{chain} → … {confirmed} {cut}"


def _chart(results: AssessmentResults, names: Names) -> Chart:
    _ = names.phrases
    felt, own = _("what the other party says"), _("what its own party expects")
    x = {"type": "quantitative", "scale": {"domain": [0, 10]}}
    y = {"field": "turn", "type": "nominal", "sort": None}
    spec: dict[str, Any] = {
        "transform": [{"filter": "isValid(datum.mid)"}],
        "height": {"step": 24},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {
                    "y": {**y, "axis": {"title": None, "labelLimit": 380}},
                    "x": {**x, "field": "low", "title": _("how much it raises the risk, 0 to 10")},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": point(),
                "encoding": {
                    "y": y,
                    "x": {**x, "field": "mid"},
                    **looks("view", {felt: ("square", BLACK), own: ("circle", WHITE)}),
                },
            },
        ],
    }
    caption = _("Every turn of every loop, as both sides see it")
    return Chart(_frame(results, names, felt, own), spec, caption, caption, "spirals-chart")


def _frame(results: AssessmentResults, names: Names, felt: str, own: str) -> Frame:
    _ = names.phrases
    rows = [
        (
            place,
            _turn(place, edge, names),
            names.risk(edge.answers),
            names.risk(edge.raises),
            view,
            *_told(spread),
        )
        for place, spiral in enumerate(results.spirals, start=1)
        for edge in spiral.edges
        for view, spread in ((felt, edge.felt), (own, edge.own_view))
    ]
    columns = (
        Column("loop", _("loop"), "right", 0, width=0.4),
        Column("turn", _("turn"), width=2.5),
        Column("answers", _("answers the risk"), width=2),
        Column("raises", _("raises the risk"), width=2),
        Column("view", _("by"), width=1.5),
        Column("low", _("5 %"), "right", 1, width=0.6),
        Column("mid", _("median"), "right", 1, width=0.7),
        Column("high", _("95 %"), "right", 1, width=0.6),
    )
    return Frame("spirals", columns, tuple(rows))


def _turn(place: int, edge: SpiralEdge, names: Names) -> str:
    """A turn in short: the loop, the policy and whom it touches."""
    return f"{place} {names.party(edge.party)} → {names.party(edge.other)}: {edge.policy}"


def _told(spread: Spread | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if spread is None else (spread.low, spread.mid, spread.high)
