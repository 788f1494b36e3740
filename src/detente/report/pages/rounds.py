"""What moved between the rounds."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names


def rounds_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """How the answers of the same people moved from their first round to their last."""
    _ = names.phrases
    if not results.elicitation.movements:
        return []
    text = _(
        "Of the people who answered in both rounds, and only where at least {k} of them changed "
        "their answer: with fewer, the two tables together would tell of them. Times the odds: "
        "after against before, with its paired 90 % t interval. Spread: the standard deviation of "
        "log-odds after against before; below 1 the people drew together. Nobody who stays apart "
        "is left out. Settled: the whole interval lies within a factor of 1.5.",
        k=case.about.min_cell,
    )
    frame = _frame(results, names)
    return [
        Heading(_("What moved since the first round"), 2, "rounds"),
        Paragraph((text,)),
        Table(frame, _("Likelihoods before and after the panels saw their own answers"), "moved"),
    ]


def _frame(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "movement",
        (
            Column("risk", _("risk"), width=3),
            Column("group", _("group"), width=1.5),
            Column("before", _("before"), "right", 3),
            Column("after", _("after"), "right", 3),
            Column("shift", _("times the odds"), "right", 2),
            Column("low", _("90 % from"), "right", 2),
            Column("high", _("to"), "right", 2),
            Column("spread", _("spread"), "right", 2),
            Column("settled", _("settled")),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.risk(one.risk),
                names.group(one.group),
                one.before,
                one.after,
                one.shift.mid,
                one.shift.low,
                one.shift.high,
                one.spread_ratio,
                _("yes") if one.settled else _("no"),
                one.people,
            )
            for one in results.elicitation.movements
        ),
    )
