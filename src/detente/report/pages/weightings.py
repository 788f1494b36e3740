"""Under which share of weightings each measure ranks first, and what is settled whatever they are.

Parties whose tables may not be shown stand in no results, hence in no frame here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from detente.assessment.results import (
    AssessmentResults,
    RankedMeasure,
    RankedPair,
    SharedKind,
    Weightings,
)
from detente.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Frame,
    Heading,
    Inline,
    Link,
    Listing,
    Paragraph,
    Table,
)
from detente.report.names import Names
from detente.report.pages.marks import BLACK, LIGHT, WHITE
from detente.report.pages.values import PANEL_WIDTH, PANELS

NAMED = 0.1  # the share of weightings from which on a first rank is told in words
NEARLY_ALL = 0.99
FITS = 1e-6


def weightings_page(results: AssessmentResults, names: Names) -> list[Block]:
    """For each party which measures rank first, which pairs cannot be told, and what is settled."""
    _ = names.phrases
    found = results.weightings
    if found is None:
        return []
    return [
        Heading(_("How often each measure ranks first"), 1, "weightings"),
        Paragraph((_meaning(names),)),
        Listing(tuple(_sentence(party, found, names) for party in _parties(found))),
        _chart(found, names),
        Paragraph((_counting(results, found, names),), "small"),
        *_settled(found, names),
        *_pairs(found, names),
    ]


def weighting_lines(results: AssessmentResults, names: Names) -> list[Block]:
    """The measure that is first for each party, with a link; of whom none may be told."""
    _ = names.phrases
    found = results.weightings
    if found is None:
        return []
    firsts = [max(_of(party, found), key=lambda one: one.first.share) for party in _parties(found)]
    by_measure: dict[str, list[str]] = {}
    for one in firsts:
        told = f"{names.party(one.party)} {_percent(one.first.share, names)}"
        by_measure.setdefault(one.measure, []).append(told)
    said = _(
        "Best by a party's own criteria, and in what share of its possible weights: {measures}.",
        measures="; ".join(
            f"{names.measure(measure)} ({', '.join(by_measure[measure])})"
            for measure in sorted(by_measure)
        ),
    )
    panels = [one.id for one in names.case.about.parties if one.heard == "panel"]
    silent = [names.party(one) for one in panels if one not in _parties(found)]
    if silent:
        more = _("Not told: {parties}.", parties=_.list(silent))
        said = f"{said} {more}"
    return [Paragraph((said, " (", Link(_("all measures"), "#weightings"), ")"))]


def _meaning(names: Names) -> str:
    return names.phrases(
        "For each party weights were drawn from all that its statement allows, and scores from all "
        "that is thought possible; a share of weightings is how often a measure then took a rank "
        "among the party's gains. It does not say that the party would agree to the measure."
    )


def _counting(results: AssessmentResults, found: Weightings, names: Names) -> str:
    """How the shares were counted, and where the weights leave no room."""
    _ = names.phrases
    said = [
        _(
            "Counted over {n} weightings of each party; intervals are 95 % and tell how finely "
            "was counted, not how sure the statements are. Tied measures share the better rank. "
            "Confidence: how often a measure is first under the mean of the weights that put it "
            "first. Parties stand side by side and are never averaged.",
            n=_.number(found.samples, 0),
        )
    ]
    told = {one.party for one in results.weights}
    room = {one.party for one in results.weights if one.high - one.low > FITS}
    fixed = [names.party(one) for one in _parties(found) if one in told - room]
    if fixed:
        said.append(
            _(
                "No room for other weights is left by what was stated for {parties}: there the "
                "scores alone vary.",
                parties=_.list(fixed),
            )
        )
    return " ".join(said)


def _parties(found: Weightings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.party for one in found.measures))


def _of(party: str, found: Weightings) -> list[RankedMeasure]:
    """The measures of one party, the best mean rank first."""
    return [one for one in found.measures if one.party == party]


# --- first ranks ----------------------------------------------------------------------------------


def _sentence(party: str, found: Weightings, names: Names) -> Inline:
    """Which measures rank first for a party in many weightings, and which pairs are too close."""
    _ = names.phrases
    by_share = sorted(_of(party, found), key=lambda one: -one.first.share)
    often = [one for one in by_share if one.first.share >= NAMED] or by_share[:1]
    first = _.list([f"{one.measure} {_percent(one.first.share, names)}" for one in often])
    close = [one for one in found.pairs if one.party == party and not one.distinguishable]
    told: tuple[str | Link, ...] = (
        f"{names.party(party)} – ",
        Link(_("ranks first, by share of weightings"), "#weightings-chart"),
        f": {first}",
    )
    if not close:
        return (*told, ".")
    pairs = _.list([_("{a} from {b}", a=one.measure, b=one.other) for one in close])
    return (*told, "; ", Link(_("not distinguishable"), "#weighting-pairs"), f": {pairs}.")


def _percent(share: float, names: Names) -> str:
    """A share in whole per cent; 100 % is all."""
    _ = names.phrases
    if NEARLY_ALL < share < 1:
        return _("over {share}", share=_.percent(NEARLY_ALL))
    return _.percent(share)


def _chart(found: Weightings, names: Names) -> Chart:
    """A panel for each party, all with the same measures in the order of the case."""
    _ = names.phrases
    valued = {one.measure for one in found.measures}
    measures = [one.id for one in names.case.measures if one.id in valued]
    parties = _parties(found)
    spec = {
        "transform": [
            {"calculate": "split(datum.measure, ' ')[0]", "as": "id"},
            {"calculate": "0", "as": "none"},
        ],
        "concat": [_panel(names.party(party), measures, names) for party in parties],
        "columns": PANELS,
        "spacing": 20,
        "resolve": {"legend": {"fill": "shared"}},
    }
    caption = _("Share of weightings in which each measure ranks first, and among the first three")
    alt = _("Shares of weightings of {n} parties, each by itself.", n=len(parties))
    return Chart(_frame(found, names), spec, caption, alt, "weightings-chart")


def _panel(party: str, measures: list[str], names: Names) -> dict[str, Any]:
    """Bars up to the share of first ranks and on to that of the first three, with intervals."""
    _ = names.phrases
    return {
        "title": {"text": party, "anchor": "start", "fontSize": 11},
        "width": PANEL_WIDTH,
        "height": {"step": 17},
        "transform": [{"filter": {"field": "party", "equal": party}}],
        "layer": [
            _bar("none", "first", _("ranks first"), measures, names),
            _bar("first", "among_first", _("second or third"), measures, names),
            *(
                _interval(end, stroke, width)
                for end in ("first", "among_first")
                for stroke, width in ((WHITE, 3), (BLACK, 1))
            ),
        ],
    }


def _bar(start: str, end: str, kind: str, measures: list[str], names: Names) -> dict[str, Any]:
    """The part of a bar from one share to another.

    A measure that never ranks there leaves a line at the start; one without a value leaves none.
    """
    _ = names.phrases
    return {
        "mark": {"type": "bar", "stroke": BLACK, "strokeWidth": 0.75},
        "encoding": {
            "y": {"field": "id", "type": "nominal", "title": None, "scale": {"domain": measures}},
            "x": {
                "field": start,
                "type": "quantitative",
                "title": _("share of weightings, %"),
                "scale": {"domain": [0, 100]},
                "axis": {"values": [0, 25, 50, 75, 100]},
            },
            "x2": {"field": end},
            "fill": {
                "datum": kind,
                "type": "nominal",
                "scale": {
                    "domain": [_("ranks first"), _("second or third")],
                    "range": [BLACK, LIGHT],
                },
                "legend": {"title": None, "orient": "bottom"},
            },
        },
    }


def _interval(end: str, stroke: str, width: float) -> dict[str, Any]:
    """The interval of a share, seen on a dark bar and on a light one."""
    return {
        "mark": {"type": "rule", "strokeWidth": width, "stroke": stroke},
        "encoding": {
            "y": {"field": "id", "type": "nominal"},
            "x": {"field": f"{end}_low", "type": "quantitative"},
            "x2": {"field": f"{end}_high"},
        },
    }


def _frame(found: Weightings, names: Names) -> Frame:
    _ = names.phrases
    low, high = _("95 % from"), _("to")
    return Frame(
        "weightings",
        (
            Column("party", _("party"), width=1.6),
            Column("measure", _("measure"), width=4),
            Column("first", _("first, %"), "right", 1, width=0.8),
            Column("first_low", low, "right", 1, width=1),
            Column("first_high", high, "right", 1, width=0.8),
            Column("among_first", _("among the first three, %"), "right", 1, width=1.1),
            Column("among_first_low", low, "right", 1, width=1),
            Column("among_first_high", high, "right", 1, width=0.8),
            Column("mean_rank", _("mean rank"), "right", 1, width=0.8),
            Column("confidence", _("confidence, %"), "right", 1, width=1.1),
        ),
        tuple(
            (
                names.party(one.party),
                names.measure(one.measure),
                *(100 * x for x in (one.first.share, one.first.low, one.first.high)),
                *(100 * x for x in (one.among_first.share, one.among_first.low)),
                100 * one.among_first.high,
                one.mean_rank,
                None if one.confidence is None else 100 * one.confidence.share,
            )
            for one in found.measures
        ),
    )


# --- what is settled ------------------------------------------------------------------------------


def _settled(found: Weightings, names: Names) -> list[Block]:
    """What holds for several parties whatever weights fit; nothing of one party alone."""
    _ = names.phrases
    if not found.shared:
        return []
    kinds: dict[SharedKind, str] = {
        "necessary-for-all": _("necessary for all"),
        "necessary-for-some-possible-for-all": _("necessary for some, possible for all"),
        "necessary-for-some-impossible-for-others": _("necessary for some, impossible for others"),
    }
    rows = tuple(
        (kinds[one.kind], names.measure(one.measure), ", ".join(one.others))
        for one in found.shared
        if one.kind in kinds
    )
    frame = Frame(
        "weightings-settled",
        (
            Column("kind", _("it is"), width=2.5),
            Column("measure", _("that this measure"), width=4),
            Column("others", _("is at least as good as"), width=3.5),
        ),
        rows,
    )
    text = _(
        "Necessary: by all weights that fit what a party stated, with the difference of two scores "
        "anywhere within its {coverage} interval. Possible: by some of them. What is impossible "
        "for others is where parties part, whatever they weigh.",
        coverage=_.percent(found.coverage),
    )
    heading = Heading(_("What is settled whatever the weights"), 2, "settled")
    if not rows:
        return [heading, Paragraph((_nothing(found, names),)), Paragraph((text,))]
    caption = _("What {parties} have in common", parties=_party_list(found, names))
    return [
        heading,
        Paragraph((_agreed(found, names), " ", Link(_("All relations"), "#settled-table"))),
        Paragraph((text,)),
        Table(frame, caption, "settled-table"),
    ]


def _agreed(found: Weightings, names: Names) -> str:
    """What is necessary for all parties, in a sentence that names them."""
    _ = names.phrases
    told = [
        _("{measure} is at least as good as {others}", measure=one.measure, others=others)
        for one in found.shared
        if one.kind == "necessary-for-all" and (others := _.list(one.others))
    ]
    if not told:
        return _nothing(found, names)
    return _(
        "Whatever they weigh, for {parties} alike: {relations}.",
        relations="; ".join(told),
        parties=_party_list(found, names),
    )


def _nothing(found: Weightings, names: Names) -> str:
    return names.phrases(
        "No measure is at least as good as another for {parties} alike, whatever they weigh.",
        parties=_party_list(found, names),
    )


def _party_list(found: Weightings, names: Names) -> str:
    return names.phrases.list([names.party(one) for one in found.parties])


# --- pairs ----------------------------------------------------------------------------------------


def _pairs(found: Weightings, names: Names) -> list[Block]:
    """Neighbours among the leading measures of each party, and all pairs that are too close."""
    _ = names.phrases
    pairs = [one for party in _parties(found) for one in _worth_telling(party, found)]
    if not pairs:
        return []
    frame = Frame(
        "weighting-pairs",
        (
            Column("party", _("party"), width=1.4),
            Column("measure", _("measure"), width=3.5),
            Column("other", _("ranks before"), width=1),
            Column("share", _("share of weightings, %"), "right", 1, width=1.2),
            Column("low", _("95 % from"), "right", 1, width=1),
            Column("high", _("to"), "right", 1, width=0.8),
            Column("distinguishable", _("told apart"), width=1.8),
        ),
        tuple(_pair(one, names) for one in pairs),
    )
    text = _(
        "Neighbours by mean rank among the measures that lead for each party. Not distinguishable: "
        "neither ranks before the other in more than half of the weightings by the whole of its "
        "interval."
    )
    return [
        Heading(_("Which measure ranks before which"), 2, "weighting-order"),
        Paragraph((text,)),
        Table(frame, _("Leading measures, pair by pair"), "weighting-pairs"),
    ]


def _worth_telling(party: str, found: Weightings) -> Iterator[RankedPair]:
    own = [one for one in found.pairs if one.party == party]
    neighbours = set(pairwise(one.measure for one in _of(party, found)))
    for one in own:
        if (one.measure, one.other) in neighbours or not one.distinguishable:
            yield one


def _pair(one: RankedPair, names: Names) -> tuple[Cell, ...]:
    _ = names.phrases
    return (
        names.party(one.party),
        names.measure(one.measure),
        one.other,
        *(100 * x for x in (one.before.share, one.before.low, one.before.high)),
        _("yes") if one.distinguishable else _("not distinguishable"),
    )
