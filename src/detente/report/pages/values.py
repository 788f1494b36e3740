"""What each measure is worth to each party, where the party's criteria were weighed.

Parties whose tables may not be shown stand in no results, hence in no frame here.
"""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults, PartyValue
from detente.report.document import (
    Block,
    Chart,
    Column,
    Frame,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Table,
)
from detente.report.names import Names
from detente.report.pages.marks import BLACK, WHITE, looks, point

SURE = 0.95
EVEN = 0.5
PANELS = 3  # side by side
PANEL_WIDTH = 175
FITS = 1e-6


def values_page(results: AssessmentResults, names: Names) -> list[Block]:
    """For each party what gains, what carries it, and what the party's criteria weigh."""
    _ = names.phrases
    if not results.values:
        return []
    frame = _frame(results, names)
    parties = tuple(dict.fromkeys(one.party for one in results.values))
    text = _(
        "A gain is what a measure brings a party by its own criteria and weights, against what it "
        "expects without agreement, in per cent of the way from the worst to the best of all "
        "criteria; intervals are 90 %. It compares measures for one party, never two parties. Sure "
        "means at least 95 % of the samples. Nothing is filled in."
    )
    return [
        Heading(_("What each measure is worth to each party"), 1, "values"),
        Paragraph((text,)),
        Listing(tuple(_sentence(party, results, names) for party in parties)),
        *_charts(frame, names),
        *_missing(results, names),
        *_weights(results, names),
    ]


def _sentence(party: str, results: AssessmentResults, names: Names) -> Inline:
    """The measures by which a party surely gains or loses, and those that reassurance carries."""
    _ = names.phrases
    told = [(one, one.wins) for one in results.values if one.party == party]
    kinds = {
        _("sure gain"): [one for one, wins in told if wins is not None and wins >= SURE],
        _("sure loss"): [one for one, wins in told if wins is not None and wins <= 1 - SURE],
        _("only with the reassurance counted"): [one for one, _wins in told if _rests(one)],
    }
    said = [
        f"{kind}: {_.list([one.measure for one in these])}"
        for kind, these in kinds.items()
        if these
    ]
    return (f"{names.party(party)} – {'; '.join(said) or _('cannot tell')}.",)


def _rests(one: PartyValue) -> bool:
    """Whether a gain is sure with reassurance, and less likely than not without."""
    without = one.wins_without_reassurance
    return one.wins is not None and one.wins >= SURE and without is not None and without < EVEN


def _frame(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "values",
        (
            Column("party", _("party"), width=1.8),
            Column("measure", _("measure"), width=4),
            Column("low", _("5 %"), "right", 0, width=0.7),
            Column("gain", _("gain, %"), "right", 0, width=0.8),
            Column("high", _("95 %"), "right", 0, width=0.7),
            Column("wins", _("chance of a gain"), "right", 2, width=0.9),
            Column("without", _("without reassurance"), "right", 2, width=1.2),
            Column("carried_by", _("carries most"), width=1.7),
            Column("against", _("most against it"), width=1.7),
            Column("kind", _("class"), width=1.2),
        ),
        tuple(
            (
                names.party(one.party),
                names.measure(one.measure),
                100 * one.gain.low,
                100 * one.gain.mid,
                100 * one.gain.high,
                one.wins,
                one.wins_without_reassurance,
                names.criterion(one.carried_by) if one.carried_by else None,
                names.criterion(one.against) if one.against else None,
                _kind(one.wins, names),
            )
            for one in sorted(results.values, key=lambda one: _place(one, names))
            if one.gain is not None and one.wins is not None
        ),
    )


def _place(one: PartyValue, names: Names) -> tuple[int, int]:
    """As parties and measures stand in the case."""
    case = names.case
    parties = [party.id for party in case.about.parties]
    return parties.index(one.party), [own.id for own in case.measures].index(one.measure)


def _kind(wins: float, names: Names) -> str:
    _ = names.phrases
    if wins >= SURE:
        return _("sure gain")
    return _("sure loss") if wins <= 1 - SURE else _("cannot tell")


def _missing(results: AssessmentResults, names: Names) -> list[Block]:
    """The scores without which no gain is told."""
    _ = names.phrases
    by_party: dict[str, list[str]] = {}
    for one in results.values:
        if one.missing:
            lacks = _.list([names.criterion(name) for name in one.missing])
            by_party.setdefault(one.party, []).append(f"{one.measure} ({lacks})")
    if not by_party:
        return []
    told = "; ".join(f"{names.party(one)} – {', '.join(them)}" for one, them in by_party.items())
    return [
        Paragraph((_("No gain is told where a score is missing: {what}.", what=told),), "small")
    ]


def _charts(frame: Frame, names: Names) -> list[Chart]:
    """A panel for each party, with its numbers folded; none where no gain is told."""
    _ = names.phrases
    if not frame.rows:
        return []
    parties = list(dict.fromkeys(str(row[0]) for row in frame.rows))
    valued = {row[1] for row in frame.rows}
    measures = [one.id for one in names.case.measures if names.measure(one.id) in valued]
    spec = {
        "transform": [{"calculate": "split(datum.measure, ' ')[0]", "as": "id"}],
        "concat": [_panel(party, measures, names) for party in parties],
        "columns": PANELS,
        "spacing": 20,
        "resolve": {"legend": {"shape": "shared", "fill": "shared"}},
    }
    caption = _(
        "Gain of each party, in per cent, with 90 % intervals. Read each panel by itself: gains of "
        "two parties do not compare."
    )
    alt = _("Gains of {n} parties, each by itself.", n=len(parties))
    return [Chart(frame, spec, caption, alt, "values-chart")]


def _panel(party: str, measures: list[str], names: Names) -> dict[str, Any]:
    _ = names.phrases
    x = {"type": "quantitative", "title": _("gain, %"), "axis": {"tickCount": 4}}
    y = {"field": "id", "type": "nominal", "title": None, "scale": {"domain": measures}}
    kinds = {
        _("sure gain"): ("circle", BLACK),
        _("cannot tell"): ("square", WHITE),
        _("sure loss"): ("triangle-down", BLACK),
    }
    return {
        "title": {"text": party, "anchor": "start", "fontSize": 11},
        "width": PANEL_WIDTH,
        "height": {"step": 17},
        "transform": [{"filter": {"field": "party", "equal": party}}],
        "layer": [
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "stroke": "#777777", "strokeDash": [2, 3]},
                "encoding": {"x": {"datum": 0}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": point(45),
                "encoding": {
                    "y": y,
                    "x": {**x, "field": "gain"},
                    **looks("kind", kinds, orient="bottom"),
                },
            },
        ],
    }


# --- what the criteria weigh ----------------------------------------------------------------------


def _weights(results: AssessmentResults, names: Names) -> list[Block]:
    """The weights of each party as stated, and whose statements do not fit together."""
    _ = names.phrases
    if not results.weights:
        return []
    frame = Frame(
        "criteria-weights",
        (
            Column("party", _("party"), width=2),
            Column("criterion", _("criterion"), width=3),
            Column("low", _("5 %"), "right", 0, width=0.8),
            Column("weight", _("weight, %"), "right", 0, width=1),
            Column("high", _("95 %"), "right", 0, width=0.8),
            Column("form", _("stated as"), width=2),
        ),
        tuple(
            (
                names.party(one.party),
                names.criterion(one.criterion),
                100 * one.low,
                100 * one.mean,
                100 * one.high,
                names.weight_form(one.form),
            )
            for one in results.weights
        ),
    )
    text = _(
        "A weight says what the way from the worst to the best score of a criterion counts for a "
        "party; those of a party add up to 100 %. Statements that leave room are told with all "
        "weightings that they allow."
    )
    misfits = {one.party: one.inconsistency for one in results.weights if one.inconsistency > FITS}
    apart = [
        _(
            "{party}: the statements do not fit together; some ratio is missed by {share}.",
            party=names.party(party),
            share=_.percent(share),
        )
        for party, share in misfits.items()
    ]
    return [
        Heading(_("What the criteria weigh"), 2, "criteria-weights"),
        Paragraph((text,)),
        Table(frame, _("Weights, by party"), "weights-table"),
        *(Paragraph((sentence,)) for sentence in apart),
    ]
