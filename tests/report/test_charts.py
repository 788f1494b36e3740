"""A chart is drawn with its frame's rows, alike in every process, and asks for nothing."""

from __future__ import annotations

import hashlib
import math
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.sample import bars, scatter, slope

from detente.report import charts
from detente.report.charts import FULL_WIDTH, height_of, house_style, picture, width_of
from detente.report.document import Chart, Column, Frame

LAYER = {"mark": "bar", "data": {"url": "https://example.org/a.csv"}}
CLIPPED = {"mark": {"type": "bar", "clip": True}}


def _parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 (made here)


def _texts(svg: str) -> list[str]:
    nodes = _parsed(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(node.itertext()) for node in nodes]


def _chart(spec: dict[str, Any], *texts: str) -> Chart:
    frame = Frame(
        "one",
        (Column("name", "Name"), Column("x", "X")),
        tuple((text, place) for place, text in enumerate(texts, start=1)),
    )
    encoding = {
        "y": {"field": "name", "type": "nominal"},
        "x": {"field": "x", "type": "quantitative"},
    }
    return Chart(frame, {"encoding": encoding, **spec}, "Caption", "Words")


def test_the_rows_of_the_frame_are_drawn():
    labels = "".join(_texts(picture(scatter())))
    assert all(measure in labels for measure in ("M1", "M2", "M3", "M4", "North", "South"))


def test_a_picture_has_its_words_and_one_role():
    root = _parsed(picture(slope()))
    assert root.get("role") == "img"
    assert root.get("aria-label") == slope().alt
    inner = [key for node in root.iter() for key in node.attrib if node is not root]
    assert not [key for key in inner if key.startswith("aria") or key == "role"]


@pytest.mark.parametrize("width", [350, 400, FULL_WIDTH])
@pytest.mark.parametrize("chart", [slope(), scatter(), bars()], ids=["slope", "scatter", "bars"])
def test_a_single_view_fits_the_width(chart, width):
    assert width_of(picture(chart, width=width)) == pytest.approx(width, abs=1)


@pytest.mark.parametrize(
    "spec",
    [
        {"mark": "bar", "width": 120},
        {"hconcat": [{"mark": "bar", "width": 120}]},
        {"mark": "bar", "encoding": {"column": {"field": "name", "type": "nominal"}}},
    ],
    ids=["own width", "concatenated", "faceted"],
)
def test_others_keep_their_width(spec):
    chart = _chart(spec, "a", "b")
    wide, narrow = (width_of(picture(chart, width=width)) for width in (700, 400))
    assert 0 < narrow <= wide < 400


def test_nothing_is_fetched():
    chart = _chart({"layer": [LAYER]}, "a")
    with pytest.raises(ValueError, match="not allowed"):
        picture(chart)


def test_no_picture_refers_to_anything_outside():
    chart = _chart({"mark": {"type": "bar", "href": "https://example.org/"}}, "a")
    svg = picture(chart).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in svg
    assert "href" not in svg


def test_ids_stand_once_on_a_page_and_every_reference_has_one():
    svgs = [picture(_chart(CLIPPED, "a"), prefix=f"p{number}-") for number in range(3)]
    ids = re.findall(r' id="([^"]+)"', "".join(svgs))
    used = re.findall(r"url\(#([^)]+)\)", "".join(svgs))
    assert len(ids) == len(set(ids)) == 3
    assert set(used) == set(ids)


def test_another_process_draws_the_same_bytes():
    code = (
        "import sys, hashlib; from tests.report.sample import *; "
        "from detente.report.charts import picture; "
        "[sys.stdout.write(hashlib.sha256(picture(c).encode()).hexdigest() + ' ')"
        " for c in (bars(), slope())]"
    )
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True
    )
    # Here the clips of other charts were counted before.
    picture(_chart(CLIPPED, "a", "b"))
    mine = [hashlib.sha256(picture(c).encode()).hexdigest() for c in (bars(), slope())]
    assert ran.stdout.split() == mine


def test_a_number_that_is_none_is_refused():
    frame = replace(bars().frame, rows=(("a", math.nan),))
    with pytest.raises(ValueError, match="JSON"):
        picture(replace(bars(), frame=frame))


def test_what_is_no_chart_is_refused():
    with pytest.raises(ValueError, match="conversion failed"):
        picture(_chart({"mark": "no such mark"}, "a"))


def test_axes_are_written_in_the_language():
    chart = replace(bars(), frame=replace(bars().frame, rows=(("a", 12000.5), ("b", 2.0))))
    assert "12,000" in _texts(picture(chart, language="en"))
    assert "12\u00a0000" in _texts(picture(chart, language="pl"))
    minus = replace(bars(), frame=replace(bars().frame, rows=(("a", -4.0), ("b", 2.0))))
    assert "−4" in _texts(picture(minus, language="ru"))


def test_months_are_written_in_the_language():
    frame = Frame("m", (Column("t", "T"), Column("n", "N")), (("2026-03-01", 1), ("2026-06-01", 2)))
    time = {"field": "t", "type": "temporal", "scale": {"type": "utc"}, "axis": {"format": "%B"}}
    spec = {"mark": "bar", "encoding": {"x": {**time, "timeUnit": "utcyearmonth"}}}
    assert "маj" not in "".join(_texts(picture(Chart(frame, spec, "", ""), language="ru")))
    assert "апрель" in _texts(picture(Chart(frame, spec, "", ""), language="ru"))


def test_long_labels_break_where_there_is_room_for_lines():
    long = "A measure with a name that needs more than one line on a narrow page"
    broken = picture(_chart({"mark": "bar"}, long), width=350)
    assert broken.count("<tspan") >= 3
    assert "…" not in broken
    tight = picture(_chart({"mark": "bar", "height": {"step": 15}}, long), width=350)
    assert "<tspan" not in tight
    assert "…" in tight


@pytest.mark.parametrize("width", [350, 400, FULL_WIDTH])
def test_rows_are_as_high_as_the_lines_of_their_names(width):
    short = [f"Name {place}" for place in range(4)]
    long = [f"A dangerous approach number {place} of military craft " * 3 for place in range(4)]
    low, high = (picture(_chart({"mark": "bar"}, *names), width=width) for names in (short, long))
    lines = high.count("<tspan") / len(long)
    assert lines > 2
    assert height_of(low) - 4 * 42 == pytest.approx(height_of(high) - 4 * (14 * lines + 6), abs=12)


def test_a_title_under_the_axis_breaks_where_the_axis_is_short():
    title = "share of the frequency of all events saved by knowing"
    x = {"field": "x", "type": "quantitative"}
    for axis in ({**x, "title": title}, {**x, "axis": {"title": title}}):
        chart = _chart({"mark": "bar"}, "A name that takes the room beside the axis")
        chart.spec["encoding"] = {**chart.spec["encoding"], "x": axis}
        assert title in _texts(picture(chart))
        assert title not in _texts(picture(chart, width=350))
        assert title.replace(" ", "") in "".join(_texts(picture(chart, width=350))).replace(" ", "")


def test_panels_stand_below_each_other_where_there_is_less_room():
    panel = {"mark": "bar", "width": 150, "height": 80}
    spec = {"concat": [panel] * 3, "columns": 3}
    wide, narrow = (picture(_chart(spec, "a"), width=width) for width in (FULL_WIDTH, 350))
    assert width_of(narrow) < 350 < width_of(wide)
    assert height_of(narrow) > 2.5 * height_of(wide)


@settings(max_examples=15)
@given(st.text(min_size=1, max_size=40))
def test_any_text_is_drawn_as_text(text):
    chart = _chart({"mark": "text", "height": 50}, "a")
    encoding = {"text": {"field": "name"}, "x": {"value": 0}}
    frame = replace(chart.frame, rows=((text, 1),))
    svg = picture(replace(chart, frame=frame, spec={**chart.spec, "encoding": encoding}, alt=text))
    root = _parsed(svg)
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    assert "</svg>" not in svg[:-6]


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2, of a colour ``#rrggbb``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_shades_stand_out_from_the_paper_and_from_each_other():
    shades = house_style(FULL_WIDTH, lines=0)["range"]["category"]
    assert all(_contrast(shade, "#ffffff") >= 3 for shade in shades)
    assert all(_contrast(a, b) > 1.5 for a, b in pairwise(shades))
    assert _contrast(charts._INK, "#ffffff") >= 7
