"""How far people agree on each measure: figures beside the classes of common ground.

What may not be told stands in no results, hence on no page: where nothing is left of a figure, its
sentence, picture and table are not there either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from detente.assessment.results import (
    AssessmentResults,
    Concord,
    GainSplit,
    RatingAgreement,
    RedLineShare,
    Together,
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
from detente.report.pages.common_ground import LOOKS, in_columns, row_height
from detente.report.pages.marks import BLACK, WHITE, looks, point

CLOSE, LOOSE = 0.7, 0.4  # as if evenly on four, and on seven, neighbouring points of eleven
HALF = 0.5
RED_LINE = 0.10
SAME = 0.01  # of chances that are told with two digits


def concord_page(results: AssessmentResults, names: Names) -> list[Block]:
    """Findings first, each with a link; then the spread, agreement, red lines, joint gains."""
    _ = names.phrases
    if not results.concord:
        return []
    parts = [part(results.concord, names) for part in (_spread, _ratings, _red_lines, _together)]
    text = _(
        "A measure can be a gain for all and still divide every room. These figures stand beside "
        "the classes and change none of them."
    )
    return [
        Heading(_("How far people agree on each measure"), 2, "concord"),
        Paragraph((text,)),
        Listing(tuple(said for sentences, _blocks in parts for said in sentences)),
        *(block for _sentences, blocks in parts for block in blocks),
    ]


Part = tuple[list[Inline], list[Block]]


def _linked(sentences: Iterable[str], words: str, anchor: str) -> list[Inline]:
    """The sentences as one finding that ends in a link to what it was read from."""
    text = " ".join(sentences)
    return [(f"{text} ", Link(words, f"#{anchor}"))] if text else []


# --- within groups and between them ---------------------------------------------------------------


def _spread(concord: Sequence[Concord], names: Names) -> Part:
    _ = names.phrases
    rows = [(one.measure, split) for one in concord for split in one.splits]
    if not rows:
        return [], []
    by_groups: dict[tuple[str, ...], list[tuple[str, GainSplit]]] = defaultdict(list)
    for measure, split in rows:
        by_groups[split.groups].append((measure, split))
    findings = [
        said
        for groups, own in by_groups.items()
        for said in _linked(_where(groups, own, names), _("See the picture."), "concord-spread")
    ]
    caption = _(
        "How much of the spread in stated gains lies between groups, with 90 % intervals. Left of "
        "the dashed line most of it lies within them, right of it between them."
    )
    alt = _(
        "Shares of the spread between groups, for {n} measures.",
        n=len({measure for measure, _split in rows}),
    )
    frame = _spread_frame(rows, names)
    groups = list(dict.fromkeys(str(row[1]) for row in frame.rows))
    spec = _spec(groups, _("share of the spread between groups"), HALF)
    return findings, [Chart(frame, spec, caption, alt, "concord-spread")]


def _where(
    groups: tuple[str, ...], own: Sequence[tuple[str, GainSplit]], names: Names
) -> list[str]:
    """Where the spread lies, of the measures on which these groups may be compared."""
    _ = names.phrases
    within = [(one, split.eta_squared) for one, split in own if split.eta_squared.high < HALF]
    between = [(one, split.eta_squared) for one, split in own if split.eta_squared.low > HALF]
    told = {measure for measure, _share in (*within, *between)}
    unknown = [measure for measure, _split in own if measure not in told]
    who = _.list([names.group(group) for group in groups])
    sentences = []
    if within:
        sentences.append(
            _(
                "Most of the spread in what people expect to gain lies within {groups}, not "
                "between them, on {measures} (at most {share} is between).",
                groups=who,
                measures=_.list([measure for measure, _share in within]),
                share=_.percent(max(share.high for _measure, share in within)),
            )
        )
    if between:
        sentences.append(
            _(
                "Most of it lies between {groups} on {measures} (at least {share}).",
                groups=who,
                measures=_.list([measure for measure, _share in between]),
                share=_.percent(min(share.low for _measure, share in between)),
            )
        )
    if unknown:
        sentences.append(
            _(
                "Whether it lies within or between {groups}, we cannot tell on {measures}.",
                groups=who,
                measures=_.list(unknown),
            )
        )
    return sentences


def _spread_frame(rows: Sequence[tuple[str, GainSplit]], names: Names) -> Frame:
    _ = names.phrases
    kinds = {"side": _("sides"), "party": _("parties")}
    return Frame(
        "concord-spread",
        (
            Column("measure", _("measure"), width=4),
            Column("group", _("between"), width=1.2),
            Column("groups", _("groups"), width=2),
            Column("low", _("90 % from"), "right", 2),
            Column("mid", _("of those who answered"), "right", 2, width=1.2),
            Column("high", _("to"), "right", 2),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.measure(measure),
                kinds[split.kind],
                _.list([names.group(group) for group in split.groups]),
                split.eta_squared.low,
                split.eta_squared.mid,
                split.eta_squared.high,
                split.people,
            )
            for measure, split in rows
        ),
    )


def _spec(groups: list[str], title: str, border: float) -> dict[str, Any]:
    """Intervals of shares by measure and group, and a dashed line at the border."""
    y = {"field": "measure", "type": "nominal", "sort": None, "axis": {"title": None}}
    x = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    own_row = {"y": y, "yOffset": {"field": "group", "sort": groups}}
    marks = (("circle", BLACK), ("square", WHITE)) if len(groups) < 3 else LOOKS
    kinds = {group: marks[place % len(marks)] for place, group in enumerate(groups)}
    channels = in_columns(looks("group", kinds), 2)
    return {
        "height": {"step": row_height(len(groups)), "for": "position"},
        "layer": [
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "stroke": "#777777", "strokeDash": [2, 3]},
                "encoding": {"x": {"datum": border}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {
                    **own_row,
                    "x": {**x, "field": "low", "title": title},
                    "x2": {"field": "high"},
                },
            },
            {
                "transform": [{"filter": "isValid(datum.mid)"}],
                "mark": point(50),
                "encoding": {**own_row, "x": {**x, "field": "mid"}, **channels},
            },
        ],
    }


# --- agreement of ratings -------------------------------------------------------------------------


def _ratings(concord: Sequence[Concord], names: Names) -> Part:
    _ = names.phrases
    rated = [(one.measure, rating) for one in concord for rating in one.agreement]
    if not rated:
        return [], []
    apart: dict[str, list[str]] = defaultdict(list)
    for measure, rating in rated:
        if _told(rating.agreement) < CLOSE and measure not in apart[rating.side]:
            apart[rating.side].append(measure)
    which = [
        _("{group} on {measures}", group=names.group(side), measures=_.list(measures))
        for side, measures in apart.items()
        if measures
    ]
    if which:
        said = _(
            "Within a side, ratings lie close together but for: {which}.", which="; ".join(which)
        )
    else:
        said = _("Within each side, all ratings of all measures lie close together.")
    text = _(
        "Agreement (van der Eijk's A) says how far the people of one side give the same rating, "
        "from 0 to 10: 1, all the same; 0, spread evenly over the whole scale; −1, half at each "
        "end. Close: at least 0.7, as if they stood evenly on four neighbouring points or fewer. "
        "Loose: at least 0.4, on up to seven. Scattered: at least 0. Two camps: below 0. Of few "
        "people it jumps, so a difference of 0.1 says nothing."
    )
    caption = _("How far the people of each side agree, rating by rating")
    table = Table(_ratings_frame(concord, names), caption, "concord-ratings")
    return _linked([said], _("See the table."), "concord-ratings"), [Paragraph((text,)), table]


def _ratings_frame(concord: Sequence[Concord], names: Names) -> Frame:
    """A row for each measure, a column for each side and what it rated."""
    _ = names.phrases
    by_question: dict[tuple[str, str, str], dict[str, RatingAgreement]] = defaultdict(dict)
    for one in concord:
        for rating in one.agreement:
            by_question[rating.side, rating.kind, rating.about][one.measure] = rating
    questions = sorted(by_question, key=lambda question: question[0])

    def cell(question: tuple[str, str, str], measure: str) -> Cell:
        rating = by_question[question].get(measure)
        return None if rating is None else _agreement(rating.agreement, names)

    return Frame(
        "concord-ratings",
        (
            Column("measure", _("measure"), width=3.4),
            *(
                Column("_".join(filter(None, (kind, side, about))), _asked(*question, names))
                for question in questions
                for side, kind, about in (question,)
            ),
        ),
        tuple(
            (names.measure(one.measure), *(cell(question, one.measure) for question in questions))
            for one in concord
            if one.agreement
        ),
    )


def _asked(side: str, kind: str, about: str, names: Names) -> str:
    _ = names.phrases
    who, other = names.group(side), names.group(about) if about else ""
    return {
        "reassurance-expected": _("{side}: would reassure {other}", side=who, other=other),
        "reassurance-received": _("{side}: reassured by {other}", side=who, other=other),
        "cost": _("{side}: cost", side=who),
    }[kind]


def _agreement(a: float, names: Names) -> str:
    """The word of an A, and the number."""
    _ = names.phrases
    told = _told(a)
    if told >= CLOSE:
        word = _("close")
    elif told >= LOOSE:
        word = _("loose")
    else:
        word = _("scattered") if told >= 0 else _("two camps")
    return f"{word} {_.number(a, 2)}"


def _told(a: float) -> float:
    """As it is printed, so that no word contradicts its number."""
    return round(a, 2)


# --- red lines ------------------------------------------------------------------------------------


def _red_lines(concord: Sequence[Concord], names: Names) -> Part:
    """A picture where the chances differ at all; where none is told apart, a sentence."""
    _ = names.phrases
    rows = [(one.measure, share) for one in concord for share in one.red_lines]
    if not rows:
        return [], []
    if all(share.mid is None for _m, share in rows) and len({_ends(s) for _m, s in rows}) == 1:
        low, high = _ends(rows[0][1])
        said = _(
            "How many call a measure unacceptable tells no measure from another: of so few people "
            "a small count is told as a range, and the chance lies between {low} and {high} for "
            "each party on each measure.",
            low=_.percent(low),
            high=_.percent(high),
        )
        return [(said,)], []
    caption = _(
        "Chance that a person of a party calls a measure unacceptable, with 90 % intervals. No "
        "mark: the count is told as a range only. Dashed: one in ten, above which the class is "
        "red line."
    )
    alt = _("Chances of a red line, for {n} measures.", n=len({measure for measure, _s in rows}))
    frame = _red_lines_frame(rows, names)
    parties = list(dict.fromkeys(str(row[1]) for row in frame.rows))
    spec = _spec(parties, _("chance that a person calls it unacceptable"), RED_LINE)
    chart = Chart(frame, spec, caption, alt, "concord-red-lines")
    findings = _linked(_crossed(rows, names), _("See the picture."), "concord-red-lines")
    return findings, [chart]


def _ends(share: RedLineShare) -> tuple[float, float]:
    return share.low, share.high


def _crossed(rows: Sequence[tuple[str, RedLineShare]], names: Names) -> list[str]:
    _ = names.phrases
    above = _by_party(rows, lambda share: share.low > RED_LINE, names)
    below = _by_party(rows, lambda share: share.high < RED_LINE, names)
    sentences = []
    if above:
        sentences.append(
            _("Surely more than one in ten call unacceptable: {which}.", which="; ".join(above))
        )
    if below:
        sentences.append(
            _("Surely fewer than one in ten call unacceptable: {which}.", which="; ".join(below))
        )
    if not sentences:
        sentences.append(
            _("Of no measure can we tell whether more than one in ten call it unacceptable.")
        )
    return sentences


def _by_party(
    rows: Sequence[tuple[str, RedLineShare]], holds: Callable[[RedLineShare], bool], names: Names
) -> list[str]:
    _ = names.phrases
    found: dict[str, list[str]] = defaultdict(list)
    for measure, share in rows:
        if holds(share):
            found[share.party].append(measure)
    return [
        _("{group} on {measures}", group=names.party(party), measures=_.list(measures))
        for party, measures in found.items()
    ]


def _red_lines_frame(rows: Sequence[tuple[str, RedLineShare]], names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "concord-red-lines",
        (
            Column("measure", _("measure"), width=4),
            Column("group", _("party"), width=1.6),
            Column("low", _("5 %"), "right", 2),
            Column("mid", _("median"), "right", 2),
            Column("high", _("95 %"), "right", 2),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.measure(measure),
                names.party(share.party),
                share.low,
                share.mid,
                share.high,
                share.people,
            )
            for measure, share in rows
        ),
    )


# --- a gain for all at once -----------------------------------------------------------------------


def _together(concord: Sequence[Concord], names: Names) -> Part:
    _ = names.phrases
    rows = [one.together for one in concord if one.together is not None]
    if not rows:
        return [], []
    text = _(
        "By the criteria and weights of each party, not by what its people said of the measure as "
        "a whole: how likely it gains for all parties named at the same time. All meet the same "
        "facts, and each keeps its own opinions. Beside it stand the smallest chance of one party "
        "alone, and what the chance would be if no facts were shared."
    )
    caption = _("Chance of a gain for all parties at the same time")
    table = Table(_together_frame(rows, names), caption, "concord-together")
    findings = _linked(_at_once(rows, names), _("See the table."), "concord-together")
    return findings, [Paragraph((text,)), table]


def _at_once(rows: Sequence[Together], names: Names) -> list[str]:
    _ = names.phrases
    likely = [one.measure for one in rows if one.probability >= HALF]
    rest = [one.measure for one in rows if one.probability < HALF]
    sentences = []
    if likely:
        sentences.append(
            _(
                "A gain for all named parties at the same time is at least as likely as not with "
                "{measures}.",
                measures=_.list(likely),
            )
        )
    if rest:
        sentences.append(
            _(
                "A gain for all named parties at the same time is less likely than not with "
                "{measures}.",
                measures=_.list(rest),
            )
        )
    most = max(rows, key=lambda one: abs(one.probability - one.if_unrelated))
    if abs(most.probability - most.if_unrelated) < SAME:
        sentences.append(_("That all meet the same facts hardly changes these chances."))
    else:
        sentences.append(
            _(
                "That all meet the same facts changes most with {measure}: {chance} instead of "
                "{unrelated}.",
                measure=most.measure,
                chance=_.number(most.probability, 2),
                unrelated=_.number(most.if_unrelated, 2),
            )
        )
    return sentences


def _together_frame(rows: Sequence[Together], names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "concord-together",
        (
            Column("measure", _("measure"), width=4),
            Column("parties", _("parties"), width=2.4),
            Column("all", _("all at once"), "right", 2),
            Column("least", _("smallest of one party"), "right", 2, width=1.2),
            Column("unrelated", _("if no facts were shared"), "right", 2, width=1.2),
        ),
        tuple(
            (
                names.measure(one.measure),
                _.list([names.party(party) for party in one.parties]),
                one.probability,
                one.least,
                one.if_unrelated,
            )
            for one in rows
        ),
    )
