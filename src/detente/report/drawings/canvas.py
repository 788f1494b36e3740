"""Marks at computed places, and the Vega-Lite layers that draw them, one unit to a CSS pixel.

The origin is at the top left. What a mark looks like has a name; each look is one layer, and the
layers lie on each other in the order of `LOOKS`. Shades of grey only repeat what lines, shapes or
words already say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from detente.report.drawings.letters import width_of, wrapped

INK, SOFT, DARK = "#1d1d1d", "#4a4a4a", "#22303f"
# A picture a little narrower than the page is not redrawn for a telephone, but panned there.
WIDTH = 704.0
TALLEST = 1.36  # height : width of what a page of paper holds

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Rect:
    """A rectangle from corner to corner."""

    look: str
    x: float
    y: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Line:
    """A straight line."""

    look: str
    x: float
    y: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Sign:
    """A small shape around a point."""

    look: str
    x: float
    y: float


@dataclass(frozen=True)
class Words:
    """One line of text; ``y`` is its middle."""

    look: str
    x: float
    y: float
    text: str
    align: Align = "left"


Mark = Rect | Line | Sign | Words


@dataclass(frozen=True)
class Letters:
    """How words are set: size and height of a line in CSS pixels."""

    size: float
    line: float
    bold: bool = False
    color: str = INK

    def width(self, text: str) -> float:
        """The width of a line of these letters."""
        return width_of(text, self.size, bold=self.bold)


LETTERS: Mapping[str, Letters] = {
    "strong": Letters(12, 16, bold=True),
    "plain": Letters(12, 16),
    "small": Letters(11, 14.5, color=SOFT),
    "small-strong": Letters(11, 14.5, bold=True),
    "on-dark": Letters(12, 16, bold=True, color="#ffffff"),
}

LOOKS: Mapping[str, Mapping[str, Any]] = {
    "lane": {"type": "rect", "fill": "#f5f5f5"},
    "lane-counted": {"type": "rect", "fill": "#e2e2e2"},
    "window": {"type": "rect", "fill": "#bfc5cb"},
    "window-other": {
        "type": "rect",
        "fillOpacity": 0,
        "stroke": SOFT,
        "strokeWidth": 0.8,
        "strokeDash": [2, 2],
    },
    "month": {"type": "rule", "stroke": "#dcdcdc", "strokeWidth": 0.5},
    "threshold": {"type": "rule", "stroke": DARK, "strokeWidth": 2, "strokeDash": [5, 3]},
    "bracket": {"type": "rule", "stroke": DARK, "strokeWidth": 1.5},
    "exit": {"type": "rule", "stroke": SOFT, "strokeWidth": 1},
    "stem": {"type": "rule", "stroke": DARK, "strokeWidth": 2.5},
    "aside": {"type": "rule", "stroke": SOFT, "strokeWidth": 1.2, "strokeDash": [4, 3]},
    "side-stem": {"type": "rule", "stroke": DARK, "strokeWidth": 1.2},
    "wing": {"type": "rule", "stroke": DARK, "strokeWidth": 1.2},
    "card": {"type": "rect", "fill": "#ffffff", "stroke": DARK, "strokeWidth": 1.2},
    "side-card": {
        "type": "rect",
        "fill": "#ffffff",
        "stroke": SOFT,
        "strokeWidth": 0.8,
        "strokeDash": [4, 3],
    },
    "start": {"type": "rect", "fill": "#eeeeee", "stroke": DARK, "strokeWidth": 2},
    "band": {"type": "rect", "fill": "#e8e8e8"},
    "dark": {"type": "rect", "fill": DARK, "stroke": DARK},
    "barrier": {"type": "rect", "fill": DARK},
    "side-barrier": {"type": "rect", "fill": "#ffffff", "stroke": DARK, "strokeWidth": 1},
    "arrow": {"type": "point", "shape": "triangle-up", "fill": DARK, "size": 60},
    "arrow-right": {"type": "point", "shape": "triangle-right", "fill": DARK, "size": 60},
    "below": {
        "type": "point",
        "shape": "circle",
        "fill": "#ffffff",
        "stroke": DARK,
        "strokeWidth": 1.6,
        "size": 70,
    },
    "counted": {"type": "point", "shape": "circle", "fill": DARK, "size": 90},
    "flag": {"type": "point", "shape": "triangle-right", "fill": DARK, "size": 80},
    # Which way a measure pulls; drawn, since the fonts of text have no arrows.
    **{
        way: {"type": "point", "shape": shape, "fill": INK, "size": 140}
        for way, shape in (
            ("lowers", "M0,1L-.62,.15L-.2,.15L-.2,-1L.2,-1L.2,.15L.62,.15Z"),
            ("raises", "M0,-1L-.62,-.15L-.2,-.15L-.2,1L.2,1L.2,-.15L.62,-.15Z"),
            (
                "either",
                "M0,-1L-.62,-.25L-.2,-.25L-.2,.25L-.62,.25L0,1L.62,.25L.2,.25L.2,-.25L.62,-.25Z",
            ),
            ("leaves", "M-.6,-.5L.6,-.5L.6,-.15L-.6,-.15ZM-.6,.15L.6,.15L.6,.5L-.6,.5Z"),
        )
    },
}


@dataclass(frozen=True)
class Piece:
    """Some marks from (0, 0) down, and the height that they take."""

    marks: tuple[Mark, ...]
    height: float

    def at(self, x: float, y: float) -> list[Mark]:
        """The marks with their origin moved to (x, y)."""
        return [_moved(mark, x, y) for mark in self.marks]


def paragraph(look: str, text: str, width: float, *, x: float = 0, align: Align = "left") -> Piece:
    """A text in lines that fit the width, beginning, centred or ending at ``x``."""
    letters = LETTERS[look]
    lines = wrapped(text, width, letters.size, bold=letters.bold)
    marks = (
        Words(look, x, (number + 0.5) * letters.line, line, align)
        for number, line in enumerate(lines)
    )
    return Piece(tuple(marks), letters.line * len(lines))


def stacked(pieces: Iterable[Piece], gap: float = 0) -> Piece:
    """Pieces one below the other."""
    marks: list[Mark] = []
    y = 0.0
    for piece in pieces:
        y += gap if marks and piece.marks else 0
        marks += piece.at(0, y)
        y += piece.height
    return Piece(tuple(marks), y)


def specification(marks: Sequence[Mark], width: float, height: float) -> dict[str, Any]:
    """The Vega-Lite layers of the marks on a view of this size.

    Where a page of paper would not hold the height, the view is wider than the marks, so that it
    is set smaller there as a whole.
    """
    width = max(width, math.ceil(height / TALLEST))
    scales = {
        "x": {"domain": [0, width], "nice": False, "zero": False},
        "y": {"domain": [height, 0], "nice": False, "zero": False},
    }
    layers = [
        _shapes(look, [mark for mark in marks if mark.look == look], scales)
        for look in LOOKS
        if any(mark.look == look for mark in marks)
    ]
    words = [mark for mark in marks if isinstance(mark, Words)]
    for look, align in dict.fromkeys((mark.look, mark.align) for mark in words):
        chosen = [mark for mark in words if (mark.look, mark.align) == (look, align)]
        layers.append(_texts(look, align, chosen, scales))
    # Else the strokes of marks at the edge would make the picture a little larger.
    return {"width": width, "height": height, "autosize": {"type": "none"}, "layer": layers}


def _moved(mark: Mark, x: float, y: float) -> Mark:
    if isinstance(mark, Rect | Line):
        return replace(mark, x=mark.x + x, y=mark.y + y, x2=mark.x2 + x, y2=mark.y2 + y)
    return replace(mark, x=mark.x + x, y=mark.y + y)


def _shapes(look: str, marks: Sequence[Mark], scales: Mapping[str, Any]) -> dict[str, Any]:
    values, ends = [], False
    for mark in marks:
        place = {"x": _round(mark.x), "y": _round(mark.y)}
        if isinstance(mark, Rect | Line):
            ends = True
            place |= {"x2": _round(mark.x2), "y2": _round(mark.y2)}
        values.append(place)
    encoding: dict[str, Any] = _places(scales)
    if ends:
        encoding |= {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return {"data": {"values": values}, "mark": dict(LOOKS[look]), "encoding": encoding}


def _texts(
    look: str, align: Align, marks: Sequence[Words], scales: Mapping[str, Any]
) -> dict[str, Any]:
    letters = LETTERS[look]
    return {
        "data": {
            "values": [
                {"x": _round(mark.x), "y": _round(mark.y), "words": mark.text} for mark in marks
            ]
        },
        "mark": {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "fontSize": letters.size,
            "fontWeight": "bold" if letters.bold else "normal",
            "color": letters.color,
        },
        "encoding": {**_places(scales), "text": {"field": "words", "type": "nominal"}},
    }


def _places(scales: Mapping[str, Any]) -> dict[str, Any]:
    return {
        axis: {"field": axis, "type": "quantitative", "axis": None, "scale": scale}
        for axis, scale in scales.items()
    }


def _round(x: float) -> float:
    return round(x, 2)
