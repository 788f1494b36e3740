"""Charts: a Vega-Lite specification and the rows of a frame become one SVG picture.

Nothing is fetched, and the same chart gives the same bytes in every process. Shade, shape and
dash carry the meaning, so that a picture survives a black-and-white printer and colour blindness.
"""

from __future__ import annotations

import json
import re
import textwrap
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from xml.etree import ElementTree as ET

from detente.report.document import Chart
from detente.report.language import locale
from detente.report.texts import clean, each_text

FONTS = Path(__file__).resolve().parents[1] / "vendor" / "fonts"

FULL_WIDTH, HALF_WIDTH = 720, 400  # CSS pixels of a picture across a page, or half of it

_FONT = "Noto Sans, Noto Sans Math, sans-serif"
_INK, _SOFT, _GRID = "#1d1d1d", "#4a4a4a", "#dcdcdc"
# Three greys with at least 3:1 on white (WCAG 1.4.11), as far apart in lightness as that allows.
_SHADES = ("#22303f", "#5b6b7b", "#8a949e")
_SVG = "http://www.w3.org/2000/svg"
_LINE, _MOST_LINES = 14, 8  # pixels of a line of a label, and how many a row is made for
_STEP = 42  # two lines of a label, and room for two marks
_APART = 6  # between the labels of two rows
_LETTER = 6.5  # how wide a letter of a title is, about
_LONG_FRACTION = re.compile(r"-?\d+\.\d{3,}")
_ONE_AT_A_TIME = Lock()
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DROPPED = ("class", "pointer-events", "role", "version")


def picture(
    chart: Chart, *, width: int = FULL_WIDTH, language: str = "en", prefix: str = ""
) -> str:
    """A chart as an SVG element with its alternative text.

    Parameters
    ----------
    chart
        The specification, the frame that fills it, and the words for who sees no picture.
    width
        Width of the whole picture in CSS pixels. A specification that is a single view or layers
        is fitted to it, unless it sets a width of its own; others keep theirs. On less than half a
        page, panels of a ``concat`` with ``columns`` stand below each other.
    language
        How numbers and months on the axes are written.
    prefix
        Stands before each id, so that several pictures fit into one page.

    Raises
    ------
    ValueError
        The specification is no Vega-Lite, or asks for data from elsewhere.
    """
    columns = [column.key for column in chart.frame.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in chart.frame.rows]
    most = _most_lines(chart.spec, rows, _letters(width)) if _has_tall_bands(chart.spec) else 0
    own = _with_broken_titles(_sized(chart.spec, width), width)
    spec = {**own, "data": {"values": rows}, "config": house_style(width, lines=most)}
    # A character that XML forbids would abort the whole process inside vl-convert.
    text = json.dumps(each_text(spec, clean), ensure_ascii=False, allow_nan=False)
    return _tidy(_render(text, language), clean(chart.alt), prefix)


def warm_up() -> None:
    """Start the drawing engine, which takes about a second of another core once a process."""
    _render(json.dumps({"data": {"values": []}, "mark": "point"}), "en")


def width_of(svg: str) -> float:
    """The width of a picture in CSS pixels; a specification can set another than asked for."""
    found = re.search(r' width="([0-9.]+)"', svg)
    return float(found[1]) if found else 0.0


def stacks(spec: dict[str, Any]) -> bool:
    """Whether a picture has panels that can stand below each other where there is less room."""
    return "concat" in spec and "columns" in spec


def height_of(svg: str) -> float:
    """The height of a picture in CSS pixels."""
    found = re.search(r' height="([0-9.]+)"', svg)
    return float(found[1]) if found else 0.0


def house_style(width: int, *, lines: int) -> dict[str, Any]:
    """The Vega-Lite configuration of all charts: Noto Sans, thin axes, shades of one grey.

    Long labels of a vertical axis of names take up to so many ``lines``, and rows are as high as
    these need; with none, long labels end in an ellipsis.
    """
    breaks = _broken_labels(_letters(width), lines) if lines else {}
    step = max(_STEP, lines * _LINE + _APART)
    text = {"labelColor": _INK, "labelFontSize": 12, "titleColor": _INK, "titleFontSize": 12}
    plain = {**text, "titleFontWeight": "normal"}
    thin = {"domainColor": _SOFT, "tickColor": _SOFT, "domainWidth": 0.75, "tickWidth": 0.75}
    return {
        "aria": False,
        "background": "white",
        "font": _FONT,
        "lineBreak": "\n",
        "padding": 4,
        "view": {"stroke": None, "discreteHeight": {"step": step}, "continuousHeight": 260},
        "scale": {"bandPaddingInner": 0.45},
        "axis": {**plain, **thin, "gridColor": _GRID, "gridWidth": 0.5, "tickSize": 4},
        "axisQuantitative": {"labelFlush": False, "tickCount": round(width / 90)},
        "axisYDiscrete": {
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
            "labelLimit": width * 0.42,
            **breaks,
        },
        "axisXDiscrete": {"labelAngle": 0, "labelExpr": wrapped("datum.label", 14)},
        "legend": {
            **plain,
            "orient": "top",
            "titleOrient": "left",
            "symbolSize": 70,
            "labelLimit": width * 0.6,
        },
        "header": {**plain, "labelFontWeight": "bold"},
        "title": {"anchor": "start", "fontSize": 12, "color": _INK},
        "mark": {"color": _SHADES[0]},
        "bar": {"color": _SHADES[1]},
        "line": {"strokeWidth": 1.5},
        "point": {"filled": True, "opacity": 1, "size": 60},
        "rule": {"color": _SOFT},
        "text": {"color": _INK, "fontSize": 12},
        "range": {
            "category": list(_SHADES),
            "ordinal": list(reversed(_SHADES)),
            "ramp": ["#eeeeee", _SHADES[0]],
            "heatmap": ["#eeeeee", _SHADES[0]],
            "diverging": [_SHADES[0], "#f4f4f4", _SHADES[2]],
            "symbol": ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"],
        },
    }


def _letters(width: int) -> int:
    """The letters on a line of a label beside a picture of a width."""
    return round(width / 15)


def _broken_labels(letters: int, most: int) -> dict[str, Any]:
    """Labels of an axis in several lines, whose middle, not the first, stands at the tick."""
    lines = wrapped("datum.label", letters)
    raised = [
        {"test": f"length({lines}) == {n}", "value": -(n - 1) * _LINE / 2}
        for n in range(2, most + 1)
    ]
    offset = {"labelOffset": {"condition": raised, "value": 0}} if raised else {}
    return {"labelExpr": lines, **offset}


def _most_lines(spec: dict[str, Any], rows: list[dict[str, Any]], letters: int) -> int:
    """The lines of the longest name on the vertical axis, as far as a row goes; at least one."""
    views = [spec, *spec.get("layer", [])]
    fields = {view.get("encoding", {}).get("y", {}).get("field") for view in views}
    names = {str(row[field]) for row in rows for field in fields & row.keys()}
    return min(max((_breaks(name, letters) for name in names), default=1), _MOST_LINES)


def _breaks(name: str, letters: int) -> int:
    """The lines into which `wrapped` breaks a name."""
    broken = re.sub(rf"(.{{1,{letters}}})(\s+|$)", r"\1\n", name)
    return len(broken.strip().split("\n"))


def _with_broken_titles(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """The specification with titles under its horizontal axis in lines that fit beside labels."""
    letters = round(width * 0.55 / _LETTER)

    def broken(channel: dict[str, Any]) -> dict[str, Any]:
        title = channel.get("title")
        lines = textwrap.wrap(title, letters) if isinstance(title, str) else []
        own = {**channel, "title": lines} if len(lines) > 1 else channel
        return {**own, "axis": broken(own["axis"])} if isinstance(own.get("axis"), dict) else own

    def view(one: dict[str, Any]) -> dict[str, Any]:
        encoding = one.get("encoding", {})
        if "x" not in encoding:
            return one
        return {**one, "encoding": {**encoding, "x": broken(encoding["x"])}}

    layers = {"layer": [view(one) for one in spec["layer"]]} if "layer" in spec else {}
    return {**view(spec), **layers}


def wrapped(text: str, letters: int) -> str:
    """A Vega expression that breaks a text into lines of at most so many letters.

    Parameters
    ----------
    text
        A Vega expression for the text: ``datum.label`` in an axis, ``datum.risk`` in a
        ``calculate`` for a text mark. A longer word stands on a line of its own.
    letters
        The most letters on a line.
    """
    lines = f"replace({text}, regexp('(.{{1,{letters}}})(\\\\s+|$)', 'g'), '$1\\n')"
    return f"split(trim({lines}), '\\n')"


def _sized(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """The specification fitted to the width, where it is of a kind that can be."""
    if stacks(spec):
        return {**spec, "columns": 1} if width < HALF_WIDTH else spec
    faceted = {"row", "column", "facet"} & spec.get("encoding", {}).keys()
    if faceted or "width" in spec or not {"mark", "layer"} & spec.keys():
        return spec
    return {**spec, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}


def _has_tall_bands(spec: dict[str, Any]) -> bool:
    """Whether a single view leaves its names on a vertical axis the height of the house."""
    height = spec.get("height", {"step": _STEP})
    tall = not isinstance(height, dict) or height.get("step", 0) >= _STEP
    return tall and bool({"mark", "layer"} & spec.keys())


def _render(spec: str, language: str) -> str:
    """The SVG as vl-convert gives it. HTML and PDF share one rendering, also side by side."""
    with _ONE_AT_A_TIME:
        return _rendered(spec, language)


@lru_cache(maxsize=128)
def _rendered(spec: str, language: str) -> str:
    import vl_convert

    _register_fonts()
    numbers, times = _d3_locale(language)
    svg: str = vl_convert.vegalite_to_svg(
        spec, allowed_base_urls=[], format_locale=numbers, time_format_locale=times
    )
    return svg


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))


@lru_cache(maxsize=8)
def _d3_locale(language: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """How d3 is to write numbers and dates, taken from the same CLDR as the text."""
    known = locale(language)
    symbols = known.number_symbols["latn"]
    marks = {"decimal": symbols["decimal"], "thousands": symbols["group"], "minus": "−"}
    week = [6, 0, 1, 2, 3, 4, 5]  # d3 begins on Sunday, Babel counts from Monday
    days, months = known.days["stand-alone"], known.months["stand-alone"]
    return {**marks, "grouping": [3], "currency": ["", ""]}, {
        "dateTime": "%Y-%m-%d %H:%M",
        "date": "%Y-%m-%d",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": [days["wide"][day] for day in week],
        "shortDays": [days["abbreviated"][day] for day in week],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
    }


def _tidy(svg: str, alt: str, prefix: str) -> str:
    """One picture for assistive software, without outside references or ids of its own making.

    vl-convert numbers its clips by a counter of the process; here they count from 1.
    """
    root = ET.fromstring(svg)  # noqa: S314 (vl-convert wrote it)
    ids = [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    names = {old: f"{prefix}i{number}" for number, old in enumerate(ids, start=1)}
    for parent in root.iter():
        for child in [child for child in parent if child.get("opacity") == "0"]:
            parent.remove(child)
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
        node.attrib = _attributes(node.attrib, names)
    root.attrib = {"xmlns": _SVG, "role": "img", "aria-label": alt, **root.attrib}
    return ET.tostring(root, encoding="unicode")


def _attributes(attributes: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    kept = {}
    for key, value in attributes.items():
        name = key.rpartition("}")[2]
        if name in _DROPPED or name.startswith("aria-"):
            continue
        if name == "href" and not value.startswith("data:"):
            continue
        short = _LONG_FRACTION.sub(lambda match: f"{float(match[0]):.2f}", value)
        kept[name] = _REFERENCE.sub(lambda match: f"url(#{names[match[1]]})", short)
        if name == "id":
            kept[name] = names[value]
    return kept
