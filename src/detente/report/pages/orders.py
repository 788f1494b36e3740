"""Which order of measures every belief shares, and what each prefers."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.beliefs import option


def orders_blocks(results: AssessmentResults, names: Names) -> list[Block]:
    """The pairs of measures whose order survives, and the preferred measure of each belief."""
    _ = names.phrases
    found = results.escalation
    if not found.preferred:
        return []
    rule = _(
        "One measure does more than another where, in at least 90 % of the samples of every "
        "belief, the frequency is lower with it."
    )
    orders: Block = Table(
        _orders(results, names), _("Orders that survive every belief"), "orders-table"
    )
    if not found.orders:
        orders = Paragraph((_("No measure does more than another under every belief."),))
    return [
        Heading(_("Orders that survive every belief"), 2, "orders"),
        Paragraph((rule,)),
        orders,
        Table(_preferred(results, names), _("The measure that does most, by belief"), "preferred"),
        *_packages(results, names),
    ]


def _orders(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "orders",
        (
            Column("better", _("does more"), width=4),
            Column("worse", _("than"), width=4),
            Column("least", _("share of the samples, at least"), "right", 2, 1.5),
        ),
        tuple(
            (names.measure(pair.better), names.measure(pair.worse), pair.least)
            for pair in results.escalation.orders
        ),
    )


def _preferred(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "preferred",
        (
            Column("belief", _("numbers of"), width=4),
            Column("measure", _("preferred"), width=4),
            Column("flips", _("share of the samples in which another does more"), "right", 2, 1.5),
        ),
        tuple(
            (names.belief(one.belief), option(one.measure, names), one.flips)
            for one in results.escalation.preferred
        ),
    )


def _packages(results: AssessmentResults, names: Names) -> list[Table]:
    _ = names.phrases
    if not results.escalation.packages:
        return []
    frame = Frame(
        "packages",
        (
            Column("belief", _("numbers of"), width=4),
            Column("measures", _("measures"), width=3),
            Column("ratio", _("median ratio"), "right", 2),
            Column("flips", _("share of the samples in which another does more"), "right", 2, 1.5),
        ),
        tuple(
            (names.belief(one.belief), ", ".join(one.measures), one.ratio.mid, one.flips)
            for one in results.escalation.packages
        ),
    )
    return [Table(frame, _("The packages of two and three measures that do most"), "packages")]
