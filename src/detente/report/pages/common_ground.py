"""Common ground by party, where panels answered."""

from __future__ import annotations

from typing import Any, get_args

from detente.assessment.results import AssessmentResults, Ground, GroundClass, Stake
from detente.case.case import Case
from detente.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Frame,
    Heading,
    Listing,
    Paragraph,
    Table,
)
from detente.report.names import Names
from detente.report.pages.marks import BLACK, WHITE, looks, point

ACCEPTABLE, SHARED = 0.5, 0.75  # the borders of the classes, as the rule on the page states them
LOOKS = tuple(
    (shape, shade)
    for shade in (BLACK, WHITE)
    for shape in ("circle", "square", "triangle-up", "diamond", "triangle-down")
)
LEAST_ROW, MARK = 22, 9  # pixels of a row, of a mark in it


def common_ground_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The class of every measure with the chance of a gain in each party that may be shown."""
    _ = names.phrases
    if not results.stakes:
        return []
    text = _(
        "Each person said what a measure would bring their own party, from −100 to 100, against "
        "what they expect without agreement. A party's chance of a gain is the mean over its "
        "people; its lower bound allows for how few they are (90 %)."
    )
    hidden = _(
        "A class counts every party that answered, also those that may not be shown here: it can "
        "rest on them alone."
    )
    return [
        Heading(_("Common ground"), 1, "common-ground"),
        Paragraph((text,)),
        Listing(_rules(names)),
        Paragraph((hidden,)),
        *_charts(case, results, names),
        Table(_frame(case, results, names), _("Common ground, measure by measure"), "ground-table"),
    ]


def _rules(names: Names) -> tuple[tuple[str], ...]:
    _ = names.phrases
    return (
        (_("Red line: more than one in ten of some party calls the measure unacceptable."),),
        (_("Shared ground: else, in every party the lower bound is at least 0.75."),),
        (_("Acceptable: else, in every party a gain is at least as likely as not."),),
        (_("Tradeable: else, some party surely gains while another expects to lose."),),
        (_("Contested: the rest."),),
    )


def _shown(case: Case, results: AssessmentResults) -> dict[tuple[str, str], Stake]:
    """What may be shown, by measure and party, as parties stand in the case."""
    places = {party.id: place for place, party in enumerate(case.about.parties)}
    shown = sorted((one for one in results.stakes if one.shown), key=lambda s: places[s.party])
    return {(stake.measure, stake.party): stake for stake in shown}


# --- the picture ----------------------------------------------------------------------------------


def _charts(case: Case, results: AssessmentResults, names: Names) -> list[Chart]:
    """One picture by class, or none where no party may be shown."""
    _ = names.phrases
    stakes = _shown(case, results)
    ground = [one for one in _by_class(results) if any(one.measure == m for m, _p in stakes)]
    if not ground:
        return []
    parties = list(dict.fromkeys(names.party(party) for _measure, party in stakes))
    caption = _(
        "Chance of a gain, party by party. A line reaches from it down to its lower bound. Dashed: "
        "0.50, from which a measure is acceptable, and 0.75, which every line must clear for "
        "shared ground."
    )
    alt = _(
        "Chances of a gain from {n} measures, by class, for {parties}.",
        n=len(ground),
        parties=_.list(parties),
    )
    spec = _spec(ground, parties, names)
    return [Chart(_chances(ground, stakes, names), spec, caption, alt, "ground-chart")]


def _by_class(results: AssessmentResults) -> list[Ground]:
    classes = get_args(GroundClass)
    return sorted(results.ground, key=lambda one: classes.index(one.kind))


def _chances(ground: list[Ground], stakes: dict[tuple[str, str], Stake], names: Names) -> Frame:
    """A row for each measure and party: what the picture draws."""
    _ = names.phrases
    return Frame(
        "common-ground-chances",
        (
            Column("measure", _("measure"), width=4),
            Column("class", _("class"), width=1.4),
            Column("group", _("party"), width=1.6),
            Column("gain", _("chance of a gain"), "right", 2),
            Column("lower", _("lower bound"), "right", 2),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.measure(one.measure),
                names.ground(one.kind),
                names.party(party),
                stake.gain,
                stake.lower,
                stake.people,
            )
            for one in ground
            for (measure, party), stake in stakes.items()
            if measure == one.measure
        ),
    )


def _spec(ground: list[Ground], parties: list[str], names: Names) -> dict[str, Any]:
    """Rows by class under its name, borders as dashed lines, a mark for each party."""
    classes = list(dict.fromkeys(names.ground(one.kind) for one in ground))
    rows: list[str] = []
    for kind in classes:
        own = [one.measure for one in ground if names.ground(one.kind) == kind]
        rows += [kind, *(names.measure(measure) for measure in own)]
    is_class = f"indexof({classes}, datum.value) >= 0"
    weight = {"condition": {"test": is_class, "value": "bold"}, "value": "normal"}
    y = {
        "field": "measure",
        "type": "nominal",
        "scale": {"domain": rows},
        "axis": {"title": None, "labelFontWeight": weight},
    }
    title = names.phrases("chance of a gain")
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"values": [0, 0.25, 0.5, 0.75, 1], "format": ".2f", "title": title, "grid": False},
    }
    kinds = {party: LOOKS[place % len(LOOKS)] for place, party in enumerate(parties)}
    own_row = {"y": y, "yOffset": {"field": "group", "sort": parties}}
    marks = in_columns(looks("group", kinds), 2)
    return {
        "height": {"step": row_height(len(parties)), "for": "position"},
        "layer": [
            {
                "data": {"values": [{"border": ACCEPTABLE}, {"border": SHARED}]},
                "mark": {"type": "rule", "stroke": "#777777", "strokeDash": [2, 3]},
                "encoding": {"x": {**x, "field": "border"}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {**own_row, "x": {**x, "field": "lower"}, "x2": {"field": "gain"}},
            },
            {
                "mark": point(50),
                "encoding": {**own_row, "x": {**x, "field": "gain"}, **marks},
            },
        ],
    }


def row_height(marks: int) -> int:
    """Pixels of a row with so many marks; what is too tall for a printed page is split there."""
    return max(LEAST_ROW, MARK * marks)


def in_columns(channels: dict[str, Any], columns: int) -> dict[str, Any]:
    """Encodings whose legend stands in so many columns, so that a telephone holds it."""
    return {
        name: {**channel, "legend": {**channel["legend"], "columns": columns}}
        for name, channel in channels.items()
    }


# --- the table ------------------------------------------------------------------------------------


def _frame(case: Case, results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    cells = _shown(case, results)
    parties = list(dict.fromkeys(party for _measure, party in cells))

    def row(one: Ground) -> tuple[Cell, ...]:
        shown = [cells.get((one.measure, party)) for party in parties]
        limiting = [names.party(party) for party in one.limiting if party in parties]
        return (
            names.measure(one.measure),
            names.ground(one.kind),
            *(stake.gain if stake else None for stake in shown),
            one.least_lower,
            ", ".join(limiting),
        )

    return Frame(
        "common-ground",
        (
            Column("measure", _("measure"), width=4),
            Column("class", _("class"), width=1.4),
            *(
                Column(f"gain_{party}", names.party(party), "right", 2, width=0.8)
                for party in parties
            ),
            Column("least_lower", _("smallest lower bound"), "right", 2, width=1.1),
            Column("limiting", _("decided by"), width=1.2),
        ),
        tuple(row(one) for one in results.ground),
    )
