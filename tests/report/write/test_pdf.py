"""The PDF holds every block as text that can be read out, with tags, bookmarks and its fonts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from tests.report.sample import BLOCKS, MARKING, SINGLE, bars, document, scatter, slope

from detente.report.document import (
    Chart,
    Column,
    Frame,
    Heading,
    Link,
    Listing,
    Note,
    Paragraph,
    Table,
)
from detente.report.write.pdf import pdf

# Letters that come back from a PDF as they went in: no marks, no joined forms, no blanks.
SAFE = st.characters(
    codec="utf-8", min_codepoint=0x21, max_codepoint=0x4FF, categories=("L", "N", "P", "S")
)
MARKUP = "#=*_`$<>@\\[]{}()/~-+.\"'|&%^:;,"


def _read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def _xmp(reader: PdfReader) -> str:
    data: bytes = reader.root_object["/Metadata"].get_object().get_data()
    return data.decode()


def _text(data: bytes) -> str:
    """The text of all pages, without blanks and without the hyphens of broken words."""
    pages = "".join(page.extract_text() for page in _read(data).pages)
    return re.sub(r"[\s\u00ad\u2060]+", "", pages)


@pytest.fixture(scope="module")
def sample() -> PdfReader:
    return _read(pdf(document()))


def _tags(node: Any) -> Iterator[DictionaryObject]:
    """The elements of a structure tree."""
    node = node.get_object()
    if isinstance(node, DictionaryObject):
        yield node
        if "/K" in node:
            yield from _tags(node["/K"])
    elif isinstance(node, list):
        for child in node:
            yield from _tags(child)


def test_every_page_has_the_running_head_and_the_marking(sample):
    pages = [page.extract_text() for page in sample.pages]
    assert len(pages) >= 4
    for number, page in enumerate(pages, start=1):
        assert MARKING in page
        assert "Risks between North and South" in page
        assert "Edition 2 · 1 March 2026 · 3f2a9c41d0e8" in page
        assert f"{number} / {len(pages)}" in page


def test_the_sample_is_all_there():
    text = _text(pdf(document()))
    for words in (
        "Частота событий и её неопределённость",
        "# = * _ ` $ < > & @ \\ [x] {y} // /* */ <script>alert(1)</script> \"q\" 'q' ~ -- ...",
        "Konstantynopolitańczykowianeczka",
        "≥ 3 → 4, −5 × 10⁻³, ½, “quotes”, ‘single’, №, §.",
        "=1+2 looks like a formula",
        "Digest of the case: 3f2a9c41d0e87b65aa10",
        "Опасное сближение воздушных судов над морем",
    ):
        assert re.sub(r"\s", "", words) in text


def test_the_document_is_tagged_named_and_dated(sample):
    root = sample.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert sample.metadata.title == "Risks between North and South"
    assert sample.metadata.creation_date.date().isoformat() == "2026-03-01"
    assert "<pdfuaid:part>1<" in _xmp(sample)
    assert "<pdfaid:part>2<" in _xmp(sample)
    assert "<pdfaid:conformance>A<" in _xmp(sample)


@pytest.mark.parametrize(("date", "day"), [("2026", "2026-01-01"), ("2026-11", "2026-11-01")])
def test_a_month_or_a_year_is_dated_by_its_first_day(date, day):
    made = _read(pdf(document((), date=date)))
    assert made.metadata.creation_date.date().isoformat() == day


@pytest.mark.parametrize("date", ["", "spring 2026", "2026-13", "2026-02-30"])
def test_without_a_date_there_is_no_date_and_no_claim_of_an_archive(date):
    made = _read(pdf(document((), date=date)))
    assert made.metadata.creation_date is None
    assert "pdfaid" not in _xmp(made)
    assert "<pdfuaid:part>1<" in _xmp(made)


def test_charts_have_their_words_and_tables_their_heads(sample):
    tags = list(_tags(sample.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    words = {str(tag["/Alt"]) for tag in tags if "/Alt" in tag}
    assert {slope().alt, scatter().alt, bars().alt} <= words
    kinds = [tag.get("/S") for tag in tags]
    assert kinds.count("/Table") == 7
    assert kinds.count("/TH") >= 30
    assert "/Caption" in kinds


def test_bookmarks_follow_the_headings(sample):
    def titles(outline: list[Any]) -> list[Any]:
        return [titles(one) if isinstance(one, list) else one.title for one in outline]

    assert titles(sample.outline)[:3] == [
        "What both sides put first, and what would reassure them",
        "How often, and how sure",
        ["Частота событий и её неопределённость", ["Text that looks like markup"]],
    ]


def test_links_lead_inside_and_outside(sample):
    notes = [note.get_object() for page in sample.pages for note in page.get("/Annots", [])]
    outside = {note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})}
    assert outside == {"https://www.rand.org/pubs/monograph_reports/MR1626.html"}
    assert len(notes) > len(outside) + 3


def test_every_font_is_embedded_and_only_shipped_ones_are_used(sample):
    fonts = {}
    for page in sample.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[inner["/BaseFont"].split("+")[1]] = inner["/FontDescriptor"].get_object()
    assert {name.partition("-")[0] for name in fonts} <= {"NotoSans", "NotoSansMath"}
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts.values())


def test_the_same_document_gives_the_same_bytes():
    assert pdf(document()) == pdf(document())


def test_chapters_and_breaks_open_pages(sample):
    tops = [page.extract_text() for page in sample.pages]
    assert "How often, and how sure" in tops[1]
    assert "On a page of its own" in tops[3]
    assert "On a page of its own" not in tops[2]
    assert "Contents" in tops[0]


@pytest.mark.parametrize(("lines", "page"), [(4, 1), (60, 2)])
def test_a_chapter_shares_a_page_on_which_there_is_room(lines, page):
    chapters = (
        Heading("First", 1, "a"),
        Heading("Second", 1, "b"),
        *[Paragraph(("words",))] * (lines // 2),
        Heading("Third", 1, "c"),
    )
    pages = [one.extract_text() for one in _read(pdf(document(chapters, contents=""))).pages]
    assert "Second" in pages[1]
    assert "Third" in pages[page]


def test_a_long_table_repeats_its_head():
    rows = tuple((f"row {number}", number) for number in range(120))
    frame = Frame("long", (Column("a", "The head"), Column("b", "B")), rows)
    pages = [page.extract_text() for page in _read(pdf(document((Table(frame, "t"),)))).pages]
    assert len(pages) > 1
    assert all("The head" in page for page in pages)


def test_words_too_long_for_their_column_are_broken_and_stay_whole():
    word = "достопримечательностипревысокомногорассмотрительствующий"
    columns = tuple(Column(f"k{place}", "Head") for place in range(12))
    frame = Frame("f", columns, ((word,) * 12,))
    made = pdf(document((Table(frame, "t"),)))
    assert word not in _read(made).pages[0].extract_text()
    assert _text(made).replace("-", "").count(word) == 12


@settings(max_examples=40)
@given(st.text(SAFE, max_size=40), st.text(MARKUP, max_size=20))
def test_any_text_survives(text, markup):
    words = f"{markup}{text}{markup}"
    blocks = (
        Heading(f"h{words}h", 1, "a"),
        Paragraph((f"p{words}p", Link(f"l{words}l", "#a"))),
        Listing(((f"i{words}i",),)),
        Note(f"n{words}n", ((f"c{words}c",),)),
    )
    made = _text(pdf(document(blocks, marking=f"m{words}m", running=f"r{words}r")))
    assert [mark for mark in "hplincmr" if f"{mark}{words}{mark}" not in made] == []


@settings(max_examples=40)
@given(st.text(min_size=1), st.text(min_size=1))
def test_no_text_keeps_a_report_from_being_made(text, cell):
    frame = Frame("f", (Column("a", text), Column("b", "b")), ((cell, 1),))
    spec = {"mark": "text", "encoding": {"text": {"field": "a"}}}
    chart = Chart(frame, spec, text, text)
    blocks = (Heading(text, 1, text), Paragraph((text, Link(text, f"#{text}"))), chart)
    assert pdf(document((*blocks, Table(frame, text)), title=text)).startswith(b"%PDF")


def test_a_broken_document_is_refused():
    with pytest.raises(ValueError, match="nowhere"):
        pdf(document((Paragraph((Link("x", "#nowhere"),)),)))


def test_an_empty_document_is_one_page():
    assert len(_read(pdf(document(()))).pages) == 1


def test_one_chapter_needs_no_contents():
    made = _text(pdf(document((*BLOCKS[:1], Table(SINGLE, "t")))))
    assert "Contents" not in made
