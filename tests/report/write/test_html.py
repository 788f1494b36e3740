"""The page holds every block as text, names nothing outside, and is well formed."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.sample import MARKING, SINGLE, WIDE, bars, document

from detente.ground.errors import UsageError
from detente.report.document import Column, Frame, Heading, Link, Note, Paragraph, Table
from detente.report.write.html import css_string, html

VOID = {"meta", "col", "br", "img", "input", "link", "hr"}


class _Page(HTMLParser):
    """The elements of a page, with a complaint where a tag is not closed."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page.decode("utf-8"))
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "style" not in self._open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def sample() -> _Page:
    return _Page(html(document()))


def test_the_page_names_its_language_and_its_title(sample):
    assert sample.all("html") == [{"lang": "en"}]
    assert len(sample.all("h1")) == 1
    assert "Risks between North and South · Edition 2" in sample.text


def test_the_page_has_no_script_and_asks_for_nothing(sample):
    assert not [tag for tag, _ in sample.elements if tag in ("script", "link", "img", "iframe")]
    assert not [a for _, a in sample.elements if {"src", "srcset", "onclick", "onload"} & a.keys()]
    policy = next(a["content"] for a in sample.all("meta") if "http-equiv" in a)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    page = html(document()).decode()
    assert "@import" not in page
    assert "url(http" not in page


def test_ids_stand_once_and_links_inside_lead_to_one(sample):
    ids = Counter(a["id"] for _, a in sample.elements if "id" in a)
    assert [name for name, times in ids.items() if times > 1] == []
    links = [a["href"] for a in sample.all("a")]
    assert {link[1:] for link in links if link and link.startswith("#")} <= set(ids)
    assert "https://www.rand.org/pubs/monograph_reports/MR1626.html" in links


def test_every_table_has_a_caption_and_heads(sample):
    assert len(sample.all("caption")) == len(sample.all("table")) == 7
    assert all(a["scope"] in ("col", "row") for a in sample.all("th"))


def test_every_chart_has_words_and_its_numbers(sample):
    charts = [a for a in sample.all("svg") if a.get("role") == "img"]
    assert len(charts) == len(sample.all("svg")) == 6  # two of four also for a telephone
    assert all(a["aria-label"] for a in charts)
    assert len(sample.all("details")) == 3
    assert len(sample.all("figure")) == 4


def test_the_sample_is_all_there(sample):
    for words in (
        MARKING,
        "Частота событий и её неопределённость",
        "# = * _ ` $ < > & @ \\ [x] {y} // /* */ <script>alert(1)</script> \"q\" 'q' ~ -- ...",
        "No opinion is invented in their place. Summary",
        "=1+2 looks like a formula",
        "Digest of the case: 3f2a9c41d0e87b65aa10",
    ):
        assert words in sample.text


def test_the_same_document_gives_the_same_bytes():
    assert html(document()) == html(document())


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=60))
def test_any_text_survives_everywhere(text):
    blocks = (
        Heading(text, 1, "a"),
        Paragraph((text, Link(text, "#a"))),
        Note(text, ((text,),)),
        Table(SINGLE, text),
    )
    heads = dict.fromkeys(("title", "subtitle", "edition", "marking", "running"), text)
    page = _Page(html(document(blocks, **heads)))
    assert page.text.count(text) >= 10 if text else True
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in _Page(html(document())).elements}


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "//x.org", "file:///x", "", "x"]
)
def test_a_link_of_another_kind_is_plain_text(target):
    page = _Page(html(document((Paragraph((Link("words", target),)),))))
    assert {a["href"] for a in page.all("a")} == {"#main"}
    assert "words" in page.text


def test_what_the_document_lacks_is_not_on_the_page():
    heads = dict.fromkeys(("subtitle", "edition", "date", "digest", "marking", "contents"), "")
    page = _Page(html(document((Paragraph(("words",)),), **heads)))
    assert not page.all("nav")
    assert not page.all("aside")
    assert not page.all("footer")


def test_a_wide_chart_of_a_width_of_its_own_can_be_panned():
    chart = bars()
    chart.spec["width"] = 600
    regions = _Page(html(document((chart,)))).all("div")
    assert [a["aria-label"] for a in regions if "pan" in (a.get("class") or "")] == [chart.caption]


def test_a_broken_document_is_refused():
    with pytest.raises(ValueError, match="nowhere"):
        html(document((Paragraph((Link("x", "#nowhere"),)),)))


def test_a_language_without_phrases_is_refused():
    with pytest.raises(UsageError, match="'xx'"):
        html(document(language="xx"))


def test_a_text_cannot_leave_its_place_in_the_style():
    assert css_string('a"}</style><p>') == '"a\\22 \\7d \\3c \\2f style\\3e \\3c p\\3e "'
    page = _Page(html(document((), marking='"}</style><b>', running='\\"}</style><b>')))
    assert not page.all("b")


def test_a_column_without_a_title_has_no_empty_head():
    frame = Frame("f", (Column("a", ""), Column("b", "B")), (("x", 1),))
    heads = _Page(html(document((Table(frame, "t"),)))).all("th")
    assert [a["scope"] for a in heads] == ["col", "row"]


def test_numbers_stand_right():
    page = html(document((Table(WIDE, "t"),))).decode()
    assert '<td class="right" data-whole>333.33</td>' in page
    assert '<th scope="row">Transponders on</th>' in page
