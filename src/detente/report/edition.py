"""One edition of a case as a document: two pages for those who decide, then the annex."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import Block, Document
from detente.report.language import Phrases
from detente.report.names import Names
from detente.report.pages.about import about_page
from detente.report.pages.agenda import agenda_page
from detente.report.pages.calendar import calendar_page
from detente.report.pages.common_ground import common_ground_page
from detente.report.pages.concord import concord_page
from detente.report.pages.decisions import page_two
from detente.report.pages.effects import effects_page
from detente.report.pages.estimates import estimates_page
from detente.report.pages.finding_out import finding_out_page
from detente.report.pages.flips import flips_page
from detente.report.pages.incidents import incidents_page
from detente.report.pages.ladders import ladders_page
from detente.report.pages.ledger import ledger_page
from detente.report.pages.magnitudes import magnitudes_page
from detente.report.pages.measures import measures_page
from detente.report.pages.mirror import mirror_page
from detente.report.pages.packages import packages_page
from detente.report.pages.perceptions import perceptions_page
from detente.report.pages.positions import positions_page
from detente.report.pages.priorities import priorities_page
from detente.report.pages.reasons import reasons_page
from detente.report.pages.rounds import rounds_page
from detente.report.pages.sources import sources_page
from detente.report.pages.spirals import spirals_page
from detente.report.pages.statements import statements_page
from detente.report.pages.summary import page_one
from detente.report.pages.values import values_page
from detente.report.pages.ways import ways_page
from detente.report.pages.weightings import weightings_page


def edition(case: Case, results: AssessmentResults, phrases: Phrases) -> Document:
    """The whole report of an assessed case in the language of ``phrases``."""
    _ = phrases
    names = Names(case, phrases)
    blocks: list[Block] = [
        *page_one(case, results, names),
        *page_two(case, results, names),
        *about_page(case, names),
        *perceptions_page(case, results, names),
        *rounds_page(case, results, names),
        *estimates_page(results, names),
        *priorities_page(case, results, names),
        *reasons_page(case, results, names),
        *mirror_page(results, names),
        *ledger_page(results, names),
        *spirals_page(results, names),
        *statements_page(case, results, names),
        *common_ground_page(case, results, names),
        *concord_page(results, names),
        *values_page(results, names),
        *weightings_page(results, names),
        *packages_page(case, results, names),
        *agenda_page(results, names),
        *calendar_page(case, results, names),
        *measures_page(case, results, names),
        *positions_page(case, results, names),
        *effects_page(results, names),
        *ladders_page(case, results, names),
        *ways_page(results, names),
        *finding_out_page(results, names),
        *flips_page(results, names),
        *magnitudes_page(case, results, names),
        *incidents_page(case, names),
        *sources_page(case, results, names),
    ]
    marking = _("Illustrative: invented for training") if case.about.illustrative else ""
    return Document(
        title=names.text(case.about.title),
        subtitle=_("A systematic assessment of risk-reduction measures"),
        language=phrases.language,
        edition=case.about.edition,
        date=case.about.date,
        digest=results.digest,
        marking=marking,
        running=_("edition {edition}", edition=case.about.edition),
        contents=_("Contents"),
        blocks=tuple(blocks),
    )
