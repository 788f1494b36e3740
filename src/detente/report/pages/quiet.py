"""Quiet years: what it changes that something did not happen."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.rarity import years


def quiet_blocks(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """Frequencies before and after the quiet years, under every belief."""
    _ = names.phrases
    if not results.escalation.observations:
        return []
    text = _(
        "That something did not happen for years is an observation; it is told here and fed to "
        "nothing. The more a sample would have led one to expect the event, the less it weighs "
        "afterwards. A small chance of those quiet years speaks against the numbers."
    )
    return [
        Heading(_("Quiet years"), 2, "quiet"),
        Paragraph((text,)),
        Table(_frame(case, results, names), _("Quiet years"), "quiet-table"),
    ]


def _frame(case: Case, results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    titles = {one.id: names.text(one.title) for one in case.ladder.quiet}
    return Frame(
        "quiet",
        (
            Column("belief", _("numbers of"), width=3),
            Column("quiet", _("what did not happen"), width=2.2),
            Column("years", _("years"), "right", 0, width=0.7),
            Column("before", _("before, once in about … years"), "right", width=1.2),
            Column("after", _("after"), "right", width=1.2),
            Column("factor", _("after : before"), "right", 2),
            Column("expected", _("chance of those years"), "right", 2),
            Column("changed", _("verdicts that change"), width=1.4),
        ),
        tuple(
            (
                names.belief(one.belief),
                titles[one.quiet],
                one.years,
                years(one.before.mid, names),
                years(one.after.mid, names),
                one.after.mid / one.before.mid if one.before.mid > 0 else None,
                one.expected,
                ", ".join(one.changed) or _("none"),
            )
            for one in results.escalation.observations
        ),
    )
