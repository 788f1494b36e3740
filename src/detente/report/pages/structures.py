"""How far beliefs part that hold other ladders or events to exist: structural uncertainty."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case import model
from detente.case.case import Case
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.rarity import orders


def structures_blocks(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The beliefs with a structure of their own, and their distance from the case's own numbers."""
    _ = names.phrases
    apart = _apart(results)
    if not apart:
        return []
    text = _(
        "Some beliefs differ in which ladders and events there are, and not in numbers alone. The "
        "table tells by how many orders of magnitude “{headline}” or worse is more frequent under "
        "them than under the case's own numbers; below 0, rarer. From the rarest to the most "
        "frequent they span {span}.",
        headline=names.level(results.escalation.headline),
        span=_.number(max(0.0, *apart.values()) - min(0.0, *apart.values()), 1),
    )
    frame = Frame(
        "structures",
        (
            Column("belief", _("numbers of"), width=4),
            Column("differs", _("how it differs"), width=4),
            Column("orders", _("orders of magnitude"), "right", 1),
        ),
        tuple(
            (names.belief(one.id), _differs(one, names), apart[one.id])
            for one in case.ladder.beliefs
            if one.id in apart
        ),
    )
    return [
        Heading(_("Other ladders, other events"), 2, "structures"),
        Paragraph((text,)),
        Table(frame, _("Other ladders, other events"), "structures-table"),
    ]


def _apart(results: AssessmentResults) -> dict[str, float]:
    """By belief with a structure of its own, the orders of magnitude between medians."""
    found = results.escalation
    middles = {
        one.belief: one.per_year.mid
        for one in found.frequencies
        if not one.ladder and one.level == found.headline
    }
    own = middles.get("base", 0.0)
    apart = {
        one.id: orders(middles[one.id], own)
        for one in found.beliefs
        if one.structure and one.id in middles
    }
    return {belief: far for belief, far in apart.items() if far is not None}


def _differs(belief: model.Belief, names: Names) -> str:
    _ = names.phrases
    parts = []
    if belief.without:
        left = _.list([names.ladder(one) for one in belief.without])
        parts.append(_("without: {ladders}", ladders=left))
    if belief.ladders:
        added = _.list([names.text(one.title) for one in belief.ladders])
        parts.append(_("with: {ladders}", ladders=added))
    if belief.events:
        parts.append(_("with other events"))
    return "; ".join(parts)
