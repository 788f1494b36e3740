"""Common ground by party, where panels answered."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import Block, Cell, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names


def common_ground_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The class of every measure with the chance of a gain in each party that may be shown."""
    _ = names.phrases
    if not results.stakes:
        return []
    return [
        Heading(_("Common ground"), 1, "common-ground"),
        Paragraph(
            (
                _(
                    "Each person said what a measure would bring their own party, from −100 to "
                    "100, against what they expect without agreement. A party's chance of a gain "
                    "is the mean over its people. Shared ground: in every party the lower 90 % "
                    "bound is at least 0.75 and at most one in ten calls it a red line. "
                    "Acceptable: in every party a gain is at least as likely as not. Tradeable: "
                    "some party surely gains while another expects to lose. Red line: more than "
                    "one in ten of some party. Contested: the rest."
                ),
            )
        ),
        Table(_frame(case, results, names), _("Common ground, measure by measure"), "ground-table"),
    ]


def _frame(case: Case, results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    cells = {(stake.measure, stake.party): stake for stake in results.stakes if stake.shown}
    parties = [p.id for p in case.about.parties if any(party == p.id for _m, party in cells)]

    def row(place: int) -> tuple[Cell, ...]:
        one = results.ground[place]
        shown = [cells.get((one.measure, party)) for party in parties]
        limiting = [p for p in one.limiting if p in parties]
        return (
            names.measure(one.measure),
            names.ground(one.kind),
            *(stake.gain if stake else None for stake in shown),
            one.least_lower,
            ", ".join(limiting),
        )

    return Frame(
        "common-ground",
        (
            Column("measure", _("measure"), width=4),
            Column("class", _("class"), width=1.4),
            *(Column(f"gain_{party}", party, "right", 2, width=0.8) for party in parties),
            Column("least_lower", _("smallest lower bound"), "right", 2, width=1.1),
            Column("limiting", _("decided by"), width=1.2),
        ),
        tuple(row(place) for place in range(len(results.ground))),
    )
