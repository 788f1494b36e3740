"""What beliefs allow that refuse some numbers: no middle, and nothing likelier than another."""

from __future__ import annotations

import math

from detente.assessment.results import AssessmentResults
from detente.escalation.results import Bounds
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.rarity import years


def bounds_blocks(results: AssessmentResults, names: Names) -> list[Block]:
    """For each such belief the bounds of the frequency, and of the ratio of every measure."""
    found = results.escalation
    by_belief: dict[str, list[Bounds]] = {}
    for one in found.bounds:
        by_belief.setdefault(one.belief, []).append(one)
    if not by_belief:
        return []
    headline = names.level(found.headline)
    blocks: list[Block] = [Heading(names.phrases("Where numbers are refused"), 2, "bounds")]
    for belief, own in by_belief.items():
        blocks += [Paragraph((_sentence(one, headline, names),)) for one in own if not one.measure]
        blocks += _ratios(belief, [one for one in own if one.measure], names)
    return blocks


def _sentence(one: Bounds, headline: str, names: Names) -> str:
    return names.phrases(
        "{belief}: “{headline}” or worse between about once in {low} and once in {high} years; no "
        "number in between is held likelier than another.",
        belief=names.belief(one.belief),
        headline=headline,
        low=years(one.high, names),
        high=years(one.low, names),
    )


def _ratios(belief: str, own: list[Bounds], names: Names) -> list[Table]:
    _ = names.phrases
    if not own:
        return []
    frame = Frame(
        f"bounds-{belief}",
        (
            Column("measure", _("measure"), width=5),
            Column("low", _("low"), "right", 2),
            Column("high", _("high"), "right", 2),
        ),
        tuple((names.measure(one.measure), _finite(one.low), _finite(one.high)) for one in own),
    )
    caption = f"{names.belief(belief)} ({_('frequency with : without')})"
    return [Table(frame, caption, f"bounds-{belief}")]


def _finite(ratio: float) -> float | None:
    """Nothing in the place of a ratio to what cannot happen without the measure."""
    return ratio if math.isfinite(ratio) else None
