"""What decides fits two pages for the real case as well, in the languages that need most room."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from detente.assessment.assess import assess
from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.case.read import read_case
from detente.report.edition import edition
from detente.report.language import phrases
from detente.report.write.pdf import pdf


@pytest.fixture(scope="module")
def real(root) -> Case:
    return read_case(root / "cases" / "euro-atlantic")


@pytest.fixture(scope="module")
def told(real: Case) -> AssessmentResults:
    return assess(real)


@pytest.mark.parametrize("language", ["ru", "de"])
def test_the_annex_begins_at_the_head_of_page_three(real, told, language):
    said = phrases(language)
    document = edition(real, told, said)
    third = PdfReader(io.BytesIO(pdf(document))).pages[2].extract_text()
    before = third[: third.index(said("Contents"))]
    assert before.split() == document.title.split()
