"""What each area of recommendations changes as a whole, and how areas work together."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.escalation.results import AreaEffect, AreaInteraction
from detente.report.document import (
    Block,
    Cell,
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
from detente.report.pages.beliefs import belief_columns, legend, told_effect, told_first
from detente.report.pages.marks import effect_layers

MOST_PAIRS = 3
LEAST = 0.01  # a weaker interaction is no more than no difference


def areas_blocks(results: AssessmentResults, names: Names) -> list[Block]:
    """A matrix of areas and beliefs, and sentences on what the areas do together."""
    _ = names.phrases
    if not results.escalation.areas:
        return []
    text = _(
        "All measures of an area whose effect is stated, taken together; those that do the same "
        "work do not add up. Beside the sign stands the median ratio with : without."
    )
    return [
        Heading(_("What each area of recommendations changes"), 2, "areas"),
        Paragraph((text,)),
        Table(
            _matrix(results, names), _("What each area of recommendations changes"), "areas-table"
        ),
        Paragraph((legend(results, names),), "small"),
        *([Listing(sentences)] if (sentences := _sentences(results, names)) else []),
        *_charts(results, names),
    ]


def _matrix(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    table: dict[int, dict[str, AreaEffect]] = {}
    for one in results.escalation.areas:
        table.setdefault(one.area, {})[one.belief] = one
    columns = (
        Column("area", _("area"), width=3),
        Column("measures", _("measures"), width=1.6),
        *belief_columns(results, width=0.9),
    )
    rows: list[tuple[Cell, ...]] = []
    for area, by_belief in table.items():
        acting = {name for one in by_belief.values() for name in one.measures}
        measures = (one.id for one in names.case.measures if one.id in acting)
        cells = (_cell(by_belief.get(one.id), names) for one in results.escalation.beliefs)
        rows.append((names.area(area), ", ".join(measures), *cells))
    return Frame("areas", columns, tuple(rows))


def _cell(one: AreaEffect | None, names: Names) -> str:
    if one is None:
        return names.sign("unknown")
    ratio = f"\u00a0{names.phrases.number(one.ratio.mid, 2)}" if one.ratio else ""
    return f"{names.sign(one.verdict)}{ratio}"


def _charts(results: AssessmentResults, names: Names) -> list[Chart]:
    """One picture, or none where no ratio is told."""
    _ = names.phrases
    if not any(one.ratio for one in results.escalation.areas):
        return []
    frame = _effects(results, names)
    belief = names.belief(told_first(results))
    spec = {
        "transform": [
            {"filter": {"field": "belief", "equal": belief}},
            {"filter": "isValid(datum.ratio)"},
        ],
        "layer": effect_layers("area", _("frequency with : without")),
    }
    areas = len({row[0] for row in frame.rows})
    caption = _(
        "Ratio of the frequency with : without; numbers of: {belief}. Left of the dashed line: "
        "rarer.",
        belief=belief,
    )
    alt = _("Ratios of {n} areas with 90 % intervals.", n=areas)
    return [Chart(frame, spec, caption, alt, "areas-chart")]


def _effects(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "area-effects",
        (
            Column("area", _("area"), width=3),
            Column("belief", _("numbers of"), width=3),
            Column("low", _("5 %"), "right", 2),
            Column("ratio", _("median ratio"), "right", 2),
            Column("high", _("95 %"), "right", 2),
            Column("lower", _("share below 1"), "right", 2),
            Column("verdict", _("verdict")),
        ),
        tuple(
            (
                names.area(one.area),
                names.belief(one.belief),
                *told_effect(one, names),
            )
            for one in results.escalation.areas
        ),
    )


def _sentences(results: AssessmentResults, names: Names) -> tuple[Inline, ...]:
    """Which areas cannot be taken as they are, and which pairs work together in a special way."""
    _ = names.phrases
    found = results.escalation
    lame = dict.fromkeys(one.area for one in found.areas if not one.stands)
    sentences = [
        _(
            "Area “{area}” cannot be taken as it is: its measures exclude each other, or need one "
            "that is not among them.",
            area=names.area(area),
        )
        for area in lame
    ]
    pairs = sorted(filter(_tells, found.interactions), key=lambda one: -abs(one.mean))
    sentences += [_pair(one, names) for one in pairs[:MOST_PAIRS]]
    if found.interactions and not pairs:
        sentences.append(_("No two areas are found to reinforce or to replace each other."))
    return tuple((sentence,) for sentence in sentences)


def _tells(one: AreaInteraction) -> bool:
    return abs(one.mean) >= LEAST and (one.spread.low > 0 or one.spread.high < 0)


def _pair(one: AreaInteraction, names: Names) -> str:
    _ = names.phrases
    a, b = (names.area(area) for area in one.areas)
    if one.mean > 0:
        return _(
            "Areas “{a}” and “{b}” reinforce each other: together they do more than one would "
            "expect of each alone.",
            a=a,
            b=b,
        )
    return _(
        "Areas “{a}” and “{b}” partly replace each other: together they do less than one would "
        "expect of each alone.",
        a=a,
        b=b,
    )
