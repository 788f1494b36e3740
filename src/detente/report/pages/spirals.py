"""Insecurity spirals: policies that answer each other, and the measures that cut them."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults, Spiral, SpiralEdge
from detente.elicitation.results import Spread
from detente.report.document import (
    Block,
    Chart,
    Column,
    Columns,
    Frame,
    Heading,
    Link,
    Listing,
    Paragraph,
)
from detente.report.names import Names
from detente.report.pages.common_ground import in_columns
from detente.report.pages.marks import BLACK, WHITE, looks, point
from detente.report.pages.spiral_drawing import drawing, letter

DRAWN, TOLD = 4, 12  # the strongest loops; all stand in `results.json`


def spirals_page(results: AssessmentResults, names: Names) -> list[Block]:
    """Closed loops in words, the strongest first and drawn, and both views of their turns."""
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
        Listing(tuple((_sentence(one, names),) for one in results.spirals[:TOLD]), numbered=True),
        *_weaker(len(results.spirals) - TOLD, names),
        *_drawings(results, names),
        _chart(results, names),
    ]


def spiral_lines(results: AssessmentResults, names: Names) -> list[Block]:
    """The strongest loop that both sides confirm, in one sentence with a link to the page."""
    _ = names.phrases
    found = next((one for one in results.spirals if one.confirmed), None)
    if found is None:
        return []
    policies = _.list(
        [f"“{names.policy(one.policy)}” ({names.party(one.party)})" for one in found.edges]
    )
    said = _("{policies} feed each other, as both sides confirm.", policies=policies)
    if found.cut_by:
        cuts = _.list([names.measure(one) for one in found.cut_by])
        cut = _("To cut the loop: {measures}.", measures=cuts)
        said = f"{said} {cut}"
    return [Paragraph((said, " (", Link(_("all loops"), "#spirals"), ")"))]


def _weaker(more: int, names: Names) -> list[Block]:
    _ = names.phrases
    if more < 1:
        return []
    text = _.n("{n} more loop is weaker.", "{n} more loops are weaker.", more)
    return [Paragraph((text,))]


def _drawings(results: AssessmentResults, names: Names) -> list[Block]:
    """How drawings are read, and those of the strongest loops, two side by side."""
    _ = names.phrases
    text = _(
        "An arrow is as thick as both sides confirm that the policy raises what the next party "
        "perceives, and broken where one side alone states it. A measure is named at the turn that "
        "it cuts."
    )
    drawn = [
        drawing(number, one, _sentence(one, names), names)
        for number, one in enumerate(results.spirals[:DRAWN], start=1)
    ]
    pairs = [drawn[place : place + 2] for place in range(0, len(drawn), 2)]
    return [Paragraph((text,)), *(Columns(tuple((one,) for one in pair)) for pair in pairs)]


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
    cut = _("To cut the loop: {measures}.", measures=cuts) if cuts else _("No measure cuts it.")
    return f"{chain} → … {confirmed} {cut}"


def _chart(results: AssessmentResults, names: Names) -> Chart:
    _ = names.phrases
    felt, own = _("what the other party says"), _("what its own party expects")
    x = {"type": "quantitative", "scale": {"domain": [0, 10]}}
    y = {"field": "turn", "type": "nominal", "sort": None}
    offset = {"field": "view", "sort": [felt, own]}
    views = {felt: ("square", BLACK), own: ("circle", WHITE)}
    spec: dict[str, Any] = {
        "transform": [{"filter": "isValid(datum.mid)"}],
        "height": {"step": 30, "for": "position"},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {
                    "y": {**y, "axis": {"title": None, "labelLimit": 380}},
                    "yOffset": offset,
                    "x": {**x, "field": "low", "title": _("how much it raises the risk, 0 to 10")},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": point(),
                "encoding": {
                    "y": y,
                    "yOffset": offset,
                    "x": {**x, "field": "mid"},
                    **in_columns(looks("view", views), 1),
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
            number,
            _turn(number, place, edge, names),
            names.policy(edge.policy),
            names.risk(edge.answers),
            names.risk(edge.raises),
            view,
            *_told(spread),
        )
        for number, spiral in enumerate(results.spirals[:TOLD], start=1)
        for place, edge in enumerate(spiral.edges)
        for view, spread in ((felt, edge.felt), (own, edge.own_view))
    ]
    columns = (
        Column("loop", _("loop"), "right", 0, width=0.4),
        Column("turn", _("turn"), width=2.5),
        Column("policy", _("policy"), width=2),
        Column("answers", _("answers the risk"), width=2),
        Column("raises", _("raises the risk"), width=2),
        Column("view", _("by"), width=1.5),
        Column("low", _("5 %"), "right", 1, width=0.6),
        Column("mid", _("median"), "right", 1, width=0.7),
        Column("high", _("95 %"), "right", 1, width=0.6),
    )
    return Frame("spirals", columns, tuple(rows))


def _turn(number: int, place: int, edge: SpiralEdge, names: Names) -> str:
    """A turn in short, as its drawing calls it, and whom it touches."""
    return f"{number}{letter(place)} {names.party(edge.party)} → {names.party(edge.other)}"


def _told(spread: Spread | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if spread is None else (spread.low, spread.mid, spread.high)
