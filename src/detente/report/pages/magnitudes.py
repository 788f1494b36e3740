"""Orders of magnitude: how often under every belief, and what stands beside and is fed to none."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import Block, Cell, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.bounds import bounds_blocks
from detente.report.pages.published import published_blocks
from detente.report.pages.quiet import quiet_blocks
from detente.report.pages.rarity import years
from detente.report.pages.structures import structures_blocks


def magnitudes_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """Frequencies, bounds, structures, quiet years, and what others published."""
    _ = names.phrases
    if not results.escalation.beliefs and not results.escalation.published:
        return []
    return [
        Heading(_("Orders of magnitude"), 1, "magnitudes"),
        *_frequencies(results, names),
        *bounds_blocks(results, names),
        *structures_blocks(case, results, names),
        *quiet_blocks(case, results, names),
        *published_blocks(results, names),
    ]


def _frequencies(results: AssessmentResults, names: Names) -> list[Block]:
    """All ladders together under every belief, and each alone under the case's own numbers."""
    _ = names.phrases
    found = results.escalation
    if not found.beliefs:
        return []
    text = _(
        "These frequencies follow from assumed numbers that are wide on purpose. They "
        "tell orders of magnitude, not forecasts; a ladder is not confirmed by "
        "published estimates that it resembles, and none of these was fed into the "
        "case's own numbers."
    )
    table = Table(
        _frequency_frame(results, names),
        _("How often a level or worse is reached"),
        "frequencies",
        ("belief", "ladder", "level", "words", "words_from", "words_to"),
    )
    return [Paragraph((text,)), *([table] if found.frequencies else [])]


def _frequency_frame(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    found = results.escalation
    base = found.beliefs[0].id
    columns = (
        Column("belief", _("numbers of"), width=3),
        Column("ladder", _("ladder"), width=2),
        Column("level", _("level or worse"), width=2),
        Column("low", _("5 %"), "right", 6),
        Column("mid", _("median"), "right", 6),
        Column("high", _("95 %"), "right", 6),
        Column("words", _("once in about … years"), "right", width=1.3),
        Column("words_from", _("from"), "right", width=1.3),
        Column("words_to", _("to"), "right", width=1.3),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            names.belief(one.belief),
            names.ladder(one.ladder) if one.ladder else _("all together"),
            names.level(one.level),
            one.per_year.low,
            one.per_year.mid,
            one.per_year.high,
            years(one.per_year.mid, names),
            years(one.per_year.high, names),
            years(one.per_year.low, names),
        )
        for one in found.frequencies
        if not one.ladder or one.belief == base
    ]
    return Frame("frequencies", columns, tuple(rows))
