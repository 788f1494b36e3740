"""The pages on what panels said, made from the training case in every language."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from detente.assessment.assess import assess
from detente.case.read import read_case
from detente.elicitation.results import ElicitationResults
from detente.report.charts import picture
from detente.report.document import Chart, Document, Heading, Note, Paragraph, Table
from detente.report.edition import edition
from detente.report.language import languages, phrases
from detente.report.names import Names
from detente.report.pages.mirror import mirror_page
from detente.report.pages.priorities import _apart
from detente.report.pages.rounds import rounds_page
from detente.report.pages.statements import statements_page
from detente.report.walk import every_block, frames
from detente.report.write.pdf import pdf

LANGUAGES = languages()
CAVEAT = "A gap can be error, posture, or a panel that differs from its government."


@pytest.fixture(scope="module")
def case(root):
    return read_case(root / "cases" / "training")


@pytest.fixture(scope="module")
def results(case):
    return assess(case, points=2**6)


@pytest.fixture(scope="module", params=LANGUAGES)
def document(request, case, results) -> Document:
    return edition(case, results, phrases(request.param))


def charts(document):
    return {
        block.anchor: block for block in every_block(document.blocks) if isinstance(block, Chart)
    }


def texts(document):
    """All words of a document but those of the case."""
    for block in every_block(document.blocks):
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Chart | Table):
            yield block.caption
            yield from (column.title for column in block.frame.columns)
        elif isinstance(block, Note):
            yield block.title


def test_every_figure_of_elicitation_is_there(document):
    wanted = {"priorities-chart", "perceptions-chart", "perception-map", "mirror-chart"}
    assert wanted <= charts(document).keys()
    tables = {"statements", "movement", "worths", "mirror-cells", "themes", "chains", "quantities"}
    assert tables <= frames(document).keys()


def test_every_figure_can_be_drawn(document):
    for chart in charts(document).values():
        assert picture(chart, language=document.language).startswith("<svg")


def test_no_english_heading_is_left_in_another_language(case, results, document):
    if document.language == "en":
        return
    english = set(texts(edition(case, results, phrases("en"))))
    names = Names(case, phrases("en"))
    of_case = {names.group(group.id) for group in results.elicitation.groups}
    of_case |= {case.words(ladder.title) for ladder in case.ladder.ladders}
    same = {text for text in texts(document) if text in english and text not in of_case}
    # Short ones are signs, or words that two languages share, such as "position".
    assert {text for text in same if sum(letter.isalpha() for letter in text) > 11} == set()


def test_the_mirror_chart_says_what_a_gap_can_be(document):
    said = phrases(document.language)(
        "Squares: what the other panel said; open circles: what this panel expected it to say; "
        "triangles: this panel's own view. Lines: 90 % t intervals. A gap can be error, "
        "posture, or a panel that differs from its government."
    )
    assert charts(document)["mirror-chart"].caption == said


def test_nobody_is_said_to_misread(case, results):
    blocks = mirror_page(results, Names(case, phrases("en")))
    words = " ".join(str(block) for block in blocks)
    assert "isread" not in words
    assert "believes" not in words
    assert CAVEAT in words


def test_what_decides_fits_two_pages(document):
    first_annex_page = phrases(document.language)("Contents")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf(document))).pages[:3]]
    assert first_annex_page in pages[2][:300]
    assert first_annex_page not in pages[1][:300]


def test_no_pseudonym_leaves(case, document):
    people = {row.participant for row in case.answers}
    for frame in frames(document).values():
        assert not {cell for row in frame.rows for cell in row if isinstance(cell, str)} & people


def test_sentences_name_the_listed_gaps_and_no_others(case, results):
    blocks = mirror_page(results, Names(case, phrases("en")))
    lead = next(b for b in blocks if isinstance(b, Paragraph) and b.role == "lead").content[0]
    listed = [cell for cell in results.elicitation.mirror_cells if cell.listed]
    assert listed
    assert lead.count("expected") == len(listed)
    for cell in listed:
        assert case.words(next(r.title for r in case.risks if r.id == cell.risk)) in lead


def test_without_a_listed_gap_the_page_says_so(case, results):
    cells = tuple(replace(cell, listed=False) for cell in results.elicitation.mirror_cells)
    quiet = replace(results, elicitation=replace(results.elicitation, mirror_cells=cells))
    blocks = mirror_page(quiet, Names(case, phrases("en")))
    lead = next(b for b in blocks if isinstance(b, Paragraph) and b.role == "lead").content[0]
    assert lead.startswith("No gap between what was expected and what was said")


def test_refused_opinion_groups_say_so_and_show_nobody(case, results):
    found = replace(results.elicitation.opinions, stable=False, groups=())
    refused = replace(results, elicitation=replace(results.elicitation, opinions=found))
    blocks = statements_page(case, refused, Names(case, phrases("en")))
    assert [block.title for block in blocks if isinstance(block, Note)] == ["No stable groups"]
    assert "opinion-groups" not in {b.frame.name for b in blocks if isinstance(b, Table)}


def test_a_case_without_answers_has_none_of_these_pages(case, results):
    nothing = replace(results, elicitation=ElicitationResults(0, (), (), (), (), ()))
    names = Names(case, phrases("en"))
    assert mirror_page(nothing, names) == rounds_page(case, nothing, names) == []
    assert statements_page(case, nothing, names) == []


@given(st.lists(st.floats(1, 12), min_size=1, max_size=12))
def test_labels_keep_apart_in_order_and_near_their_points(places):
    places.sort()
    moved = _apart(places, least=1.0)
    assert all(b - a >= 1 - 1e-9 for a, b in pairwise(moved))
    assert sum(moved) == pytest.approx(sum(places))
    if all(b - a >= 1 for a, b in pairwise(places)):
        assert moved == pytest.approx(places)
