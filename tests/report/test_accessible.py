"""The page in a browser: no fault found by axe-core, whole on a telephone, marked in print."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader
from tests.report.sample import MARKING, document

from detente.report.write.html import html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE, NARROW = 1280, 390


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_bytes(html(document()))
    return path.as_uri()


@pytest.fixture(scope="module", params=[WIDE, NARROW])
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": request.param, "height": 900})
    opened.goto(address)
    yield opened
    opened.close()


@pytest.fixture
def width(page: Page) -> int:
    assert page.viewport_size is not None
    return page.viewport_size["width"]


def _fault(one: dict[str, object]) -> str:
    return f"{one['id']}: {one['nodes']}"


def test_axe_finds_no_fault(page):
    for details in page.locator("details").all():
        details.evaluate("one => one.open = true")
    found = Axe().run(page).response["violations"]
    assert [_fault(one) for one in found] == []


def test_the_page_never_scrolls_sideways(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_what_is_wider_than_the_page_scrolls_by_itself_and_takes_the_keyboard(page):
    wider = page.locator(".scroll").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth)"
        ".map(one => [one.tabIndex, one.getAttribute('aria-label')])"
    )
    assert all(index == 0 and label for index, label in wider)


def test_an_edge_behind_which_more_stands_lies_in_shadow(chromium, address):
    page = chromium.new_page(viewport={"width": NARROW, "height": 900})
    page.goto(address)
    region = page.locator(".scroll:visible").first
    wide = "<div style='width: 3000px; height: 50px'></div>"
    region.evaluate("(one, inner) => one.innerHTML = inner", wide)
    region.scroll_into_view_if_needed()
    box = region.bounding_box()

    def edge(x: float) -> bytes:
        return page.screenshot(clip={"x": x, "y": box["y"] + 10, "width": 5, "height": 5})

    left, right = box["x"], box["x"] + box["width"] - 5
    paper = edge((left + right) / 2)
    assert edge(left) == paper != edge(right)
    region.evaluate("one => one.scrollLeft = 500")
    assert paper not in (edge(left), edge(right))
    region.evaluate("one => one.scrollLeft = 9999")
    assert edge(left) != paper == edge(right)
    page.close()


def test_columns_stand_beside_each_other_on_a_wide_page_only(page, width):
    left, right = (one.bounding_box() for one in page.locator(".columns > div").all()[:2])
    assert (right["y"] == left["y"]) == (width == WIDE)


def test_letters_of_a_chart_can_be_read_on_every_page(page):
    sizes = page.locator("svg text").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => [one, one.getScreenCTM()])"
        ".map(([one, m]) => parseFloat(one.getAttribute('font-size')) * Math.hypot(m.a, m.b))"
    )
    assert len(sizes) > 20
    assert min(sizes) >= 9.5


def test_one_picture_of_each_chart_is_seen(page):
    seen = page.locator("figure").evaluate_all(
        "all => all.map(one => [...one.querySelectorAll('svg')]"
        ".filter(svg => svg.checkVisibility()).length)"
    )
    assert seen == [1, 1, 1, 1]


def test_the_keyboard_reaches_the_content_first(chromium, address):
    page = chromium.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_the_page_asks_for_nothing_and_the_browser_complains_of_nothing(chromium, address):
    page = chromium.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address, wait_until="networkidle")
    assert asked == [address]
    assert said == []
    page.close()


def test_print_marks_and_numbers_every_page_and_opens_the_numbers(chromium, address):
    page = chromium.new_page()
    page.goto(address)
    made = page.pdf(prefer_css_page_size=True)
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(made)).pages]
    for number, text in enumerate(pages, start=1):
        assert MARKING in text
        assert "3f2a9c41d0e8" in text
        assert f"{number} / {len(pages)}" in text
    whole = "".join(pages)
    assert "Said by the receiver" in whole
    assert whole.count("1,234.50") == 2
    assert "Skip to the content" not in whole
    opening = [n for n, text in enumerate(pages) if "How often, and how sure" in text]
    assert "What both sides put first" not in pages[opening[0]]
    page.close()
