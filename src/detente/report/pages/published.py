"""What others published about whole outcomes, alone and beside the ladders."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.escalation.results import Beside, PublishedEstimate
from detente.report.document import Block, Cell, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.rarity import one_in


def published_blocks(results: AssessmentResults, names: Names) -> list[Block]:
    """Every published estimate, and those for the same outcomes beside the ladders' own."""
    _ = names.phrases
    if not results.escalation.published:
        return []
    return [
        Heading(_("Estimates published by others"), 2, "published-estimates"),
        *_beside_blocks(results, names),
        Table(_published(results, names), _("Estimates published by others"), "published"),
    ]


def _beside_blocks(results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    if not results.escalation.beside:
        return []
    rule = _(
        "Two estimates of the same outcome agree where the middle of one lies within the 90 % "
        "interval of the other, are strained where only the intervals overlap, and conflict where "
        "they do not; two numbers without any interval cannot be told to do either. To fit a "
        "ladder to published estimates would not validate it."
    )
    by_id = {one.id: one for one in results.escalation.published}
    frame = Frame(
        "beside",
        (
            Column("about", _("what was estimated"), width=3.5),
            Column("own", _("The case's own numbers"), "right", width=1.1),
            Column("own_from", _("from"), "right", width=1.1),
            Column("own_to", _("to"), "right", width=1.1),
            Column("published", _("published"), "right", width=1.5),
            Column("orders", _("orders of magnitude"), "right", 1, width=1.1),
            Column("agreement", _("verdict"), width=1.2),
            Column("status", _("checked"), width=1.1),
        ),
        tuple(
            _beside(one, by_id[one.published], names)
            for one in results.escalation.beside
            if one.published in by_id
        ),
    )
    caption = _("Published estimates beside the case's own numbers")
    return [Paragraph((rule,)), Table(frame, caption, "beside-table")]


def _beside(one: Beside, published: PublishedEstimate, names: Names) -> tuple[Cell, ...]:
    """Both over the years that the published estimate is set beside."""
    return (
        names.text(published.about),
        one_in(one.own.mid, names),
        one_in(one.own.low, names),
        one_in(one.own.high, names),
        one_in(one.own.mid * 10**one.orders, names),
        one.orders,
        names.agreement(one.agreement),
        names.status(published.provenance.status),
    )


def _published(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "published",
        (
            Column("about", _("what was estimated"), width=4),
            Column("unit", _("unit"), width=1.6),
            Column("low", _("low"), "right"),
            Column("mid", _("middle"), "right"),
            Column("high", _("high"), "right"),
            Column("period", _("period"), width=1.4),
            Column("source", _("source"), width=1.8),
            Column("status", _("checked"), width=1.1),
        ),
        tuple(
            (
                names.text(one.about),
                one.unit.replace("-", " "),
                _three(one.low),
                _three(one.mid),
                _three(one.high),
                one.period,
                one.provenance.source,
                names.status(one.provenance.status),
            )
            for one in results.escalation.published
        ),
    )


def _three(x: float) -> float:
    """A number with three significant digits: as stated, or computed with no false ones."""
    return float(f"{x:.3g}")
