"""A picture too high for a printed page, as several pictures under one caption."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from detente.report.document import Chart

TALLEST = 1000.0  # CSS pixels of a picture across a page, for which there is room under a caption
_AROUND = 90.0  # of them for the axis and the legend
_NAMES = ("nominal", "ordinal")


def in_parts(chart: Chart, height: float) -> list[Chart]:
    """The chart, or parts of it with some rows each and one and the same horizontal axis.

    Only a single view or layers with names on the vertical axis are divided, in the order in which
    the names are drawn; others stay whole.

    Parameters
    ----------
    chart, height
        The chart and the height of its picture in CSS pixels.
    """
    names = _names(chart)
    if height <= TALLEST or len(names) < 2:
        return [chart]
    most = max(1, int(len(names) * (TALLEST - _AROUND) / (height - _AROUND)))
    each = math.ceil(len(names) / math.ceil(len(names) / most))
    return [_part(chart, names[at : at + each]) for at in range(0, len(names), each)]


def _part(chart: Chart, names: list[str]) -> Chart:
    """The rows of a chart that have these names."""
    field = _axis(chart.spec)["field"]
    place = [column.key for column in chart.frame.columns].index(field)
    rows = tuple(row for row in chart.frame.rows if str(row[place]) in names)
    across = _range(chart)

    def view(one: dict[str, Any]) -> dict[str, Any]:
        own = dict(one.get("encoding", {}))
        if own.get("y", {}).get("field") == field:
            own["y"] = {**own["y"], "scale": {**own["y"].get("scale", {}), "domain": names}}
        if across and own.get("x", {}).get("type") == "quantitative" and "field" in own["x"]:
            own["x"] = {
                **own["x"],
                "scale": {"nice": True, **own["x"].get("scale", {}), "domain": across},
            }
        return {**one, "encoding": own}

    layers = {"layer": [view(one) for one in chart.spec["layer"]]} if "layer" in chart.spec else {}
    spec = {**view(chart.spec), **layers}
    return replace(chart, frame=replace(chart.frame, rows=rows), spec=spec)


def _encodings(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for view in (spec, *spec.get("layer", [])):
        yield view.get("encoding", {})


def _axis(spec: dict[str, Any]) -> dict[str, Any]:
    """The vertical channel that names rows; empty where there is none."""
    if not {"mark", "layer"} & spec.keys():
        return {}
    channels = (encoding.get("y", {}) for encoding in _encodings(spec))
    named = (one for one in channels if one.get("type") in _NAMES and "field" in one)
    return next(named, {})


def _names(chart: Chart) -> list[str]:
    """The names on the vertical axis as they are drawn, from above."""
    axis = _axis(chart.spec)
    keys = [column.key for column in chart.frame.columns]
    if axis.get("field") not in keys:
        return []
    found = [str(row[keys.index(axis["field"])]) for row in chart.frame.rows]
    order = axis.get("scale", {}).get("domain") or axis.get("sort", "ascending")
    if order == "ascending":
        return sorted(set(found))
    if order is None:
        return list(dict.fromkeys(found))
    return list(order) if isinstance(order, list) else []


def _range(chart: Chart) -> list[float]:
    """The ends of the horizontal axis of the whole chart; empty where the chart sets them."""
    keys = [column.key for column in chart.frame.columns]
    channels = [one[key] for one in _encodings(chart.spec) for key in ("x", "x2") if key in one]
    scale = {key: own for one in channels for key, own in one.get("scale", {}).items()}
    places = {keys.index(one["field"]) for one in channels if one.get("field") in keys}
    cells = [row[place] for row in chart.frame.rows for place in places]
    numbers = [float(cell) for cell in cells if isinstance(cell, int | float)]
    if "domain" in scale or not numbers:
        return []
    rests = scale.get("type") == "log" or scale.get("zero") is False
    return [min(numbers), max(numbers)] if rests else [min(0.0, *numbers), max(0.0, *numbers)]
