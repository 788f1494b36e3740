"""How kinds are told apart in every picture: by shape and shade, never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

BLACK, GREY, LIGHT, WHITE = "#222222", "#999999", "#bbbbbb", "#ffffff"
X = "M-0.8,-0.8L0.8,0.8M-0.8,0.8L0.8,-0.8"  # an SVG path: two strokes, as one refuses on paper
_GROUPS = (("circle", BLACK), ("square", WHITE), ("triangle-up", GREY), ("diamond", LIGHT))


def looks(
    field: str, by_kind: Mapping[str, tuple[str, str]], *, orient: str = "top"
) -> dict[str, Any]:
    """The encodings `shape` and `fill` of a field whose kinds each have a shape and a shade."""
    legend = {"title": None, "orient": orient, "symbolSize": 60}

    def channel(place: int) -> dict[str, Any]:
        values = [look[place] for look in by_kind.values()]
        return {
            "field": field,
            "type": "nominal",
            "scale": {"domain": list(by_kind), "range": values},
            "legend": legend,
        }

    return {"shape": channel(0), "fill": channel(1)}


def group_looks(groups: Sequence[str]) -> dict[str, Any]:
    """The encodings that tell sides or parties apart."""
    return looks("group", {name: _GROUPS[i % len(_GROUPS)] for i, name in enumerate(groups)})


def point(size: int = 55) -> dict[str, Any]:
    """The mark of a kind: outlined, so that a white one is seen."""
    return {"type": "point", "size": size, "stroke": BLACK, "opacity": 1}


def effect_layers(field: str, title: str) -> list[dict[str, Any]]:
    """The line of no effect, and the intervals and medians of what ``field`` names."""
    x = {"type": "quantitative", "scale": {"type": "log", "nice": False}, "axis": {"tickCount": 6}}
    y = {"field": field, "type": "nominal", "sort": None}
    return [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "stroke": "#777777", "strokeDash": [2, 3]},
            "encoding": {"x": {"datum": 1}},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 1.5},
            "encoding": {
                "y": {**y, "axis": {"title": None, "labelLimit": 330}},
                "x": {**x, "field": "low", "title": title},
                "x2": {"field": "high"},
            },
        },
        {
            "mark": {"type": "point", "size": 45, "fill": "#222222", "stroke": "#222222"},
            "encoding": {"y": y, "x": {**x, "field": "ratio"}},
        },
    ]
