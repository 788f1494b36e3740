"""The ladders themselves: drawn, each with the table of its numbers under it."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import Block, Heading, Paragraph
from detente.report.drawings.bow_tie import bow_tie_chart
from detente.report.drawings.ladder import ladder_chart
from detente.report.names import Names


def ladders_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """All ladders around the headline level, then each alone, and those that beliefs have."""
    if not results.escalation.beliefs:
        return []
    file, measures = case.ladder, case.measures
    return [
        Heading(names.phrases("The ladders"), 1, "ladders"),
        bow_tie_chart(case, names),
        *(ladder_chart(file, ladder, measures, names) for ladder in file.ladders),
        *_of_beliefs(case, names),
    ]


def _of_beliefs(case: Case, names: Names) -> list[Block]:
    """The ladders that a belief adds, or has in another form."""
    file = case.ladder
    blocks: list[Block] = []
    for belief in file.beliefs:
        own = file.under(belief)
        blocks += [Paragraph((f"{names.belief(belief.id)}:",))] if belief.ladders else []
        blocks += [ladder_chart(own, ladder, case.measures, names) for ladder in belief.ladders]
    if not blocks:
        return []
    return [Heading(names.phrases("Ladders of single beliefs"), 2, "belief-ladders"), *blocks]
