"""One craft as seen from the other, and how distance, height and closure went, with bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from detente.encounters.dossier.results import Dossier, Sample
from detente.encounters.results import Bound
from detente.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Columns,
    Frame,
    Heading,
    Paragraph,
)
from detente.report.language import Phrases
from detente.report.pages.encounter_words import KNOT, iso

_SIDE = 300  # CSS pixels of a square plot
_INK, _SOFT, _BAND = "#22303f", "#5b6b7b", "#d9dde1"
_KM = 10_000.0


def section(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    """The plots; a sentence in their place where there is nothing to plot."""
    _ = phrases
    yield Heading(_("One as seen from the other"), 2, "motion")
    if found.withheld.grid_km is not None:
        yield Paragraph((_("Withheld, as it would tell places finer than the grid."),))
        return
    if not found.samples:
        yield Paragraph((_("The two were never both seen, so there is nothing to plot."),))
        return
    a, b = found.encounter.a, found.encounter.b
    yield Columns(
        (
            (_relative(found, 1.0, a, b, "seen-from-first", phrases),),
            (_relative(found, -1.0, b, a, "seen-from-second", phrases),),
        )
    )
    yield Heading(_("Distance, height and closure"), 2, "range")
    if len(found.samples) == 1:
        yield Paragraph(
            (_("Both were seen at one instant only, so that nothing is known between."),)
        )
    yield from _charts(found, phrases)


# --- relative motion ------------------------------------------------------------------------------


def _relative(
    found: Dossier, sign: float, origin: str, other: str, name: str, phrases: Phrases
) -> Chart:
    """The way of one craft with the other held in the middle."""
    _ = phrases
    most = max(max(abs(one.east), abs(one.north)) + one.within for one in found.samples)
    size, unit = (1000.0, _("km")) if most >= _KM else (1.0, _("m"))
    columns = (
        Column("instant", _("instant (UTC)"), width=2),
        Column("east", _("east, {unit}", unit=unit), "right", 3 if size > 1 else 0),
        Column("north", _("north, {unit}", unit=unit), "right", 3 if size > 1 else 0),
        Column("within", _("off by at most, {unit}", unit=unit), "right", 3 if size > 1 else 0),
    )
    rows = tuple(
        (iso(one.instant), sign * one.east / size, sign * one.north / size, one.within / size)
        for one in found.samples
    )
    reach = 1.05 * most / size
    return Chart(
        Frame(name, columns, rows),
        _square(found, rows, reach, (columns[1].title, columns[2].title)),
        _("{other} as seen from {origin}", other=other, origin=origin),
        _(
            "A plot with {origin} in the middle and north up: the way of {other}, and as a grey "
            "ring how far off it may be. The numbers are in the table.",
            origin=origin,
            other=other,
        ),
        name,
    )


def _square(
    found: Dossier, rows: tuple[tuple[Any, ...], ...], reach: float, titles: tuple[str, str]
) -> dict[str, Any]:
    axes = {
        axis: {
            "field": field,
            "type": "quantitative",
            "title": title,
            "scale": {"domain": [-reach, reach], "nice": False},
            "axis": {"tickCount": 5},
        }
        for axis, field, title in zip("xy", ("east", "north"), titles, strict=True)
    }
    pixel = _SIDE / (2 * reach)
    step = max(1, len(rows) // 60)
    near = min(found.samples, key=lambda one: one.distance.value)
    closest = {"test": f"datum.instant == '{iso(near.instant)}'", "value": 90}
    rings = {
        "transform": [
            {"window": [{"op": "row_number", "as": "row"}]},
            {"filter": f"datum.row % {step} == 0 || datum.row == 1"},
            # The size of a sign is its area in pixels.
            {"calculate": f"PI * pow(datum.within * {pixel}, 2)", "as": "area"},
        ],
        "mark": {"type": "point", "shape": "circle", "filled": True, "clip": True,
                 "color": _BAND, "opacity": 0.5},
        "encoding": {**axes, "size": {"field": "area", "type": "quantitative", "scale": None,
                                      "legend": None}},
    }  # fmt: skip
    middle = {
        "data": {"values": [{"east": 0, "north": 0}]},
        "mark": {"type": "point", "shape": "cross", "size": 120, "color": _INK},
        "encoding": axes,
    }
    way = {
        "mark": {"type": "line", "color": _INK, "strokeWidth": 1.5},
        "encoding": {**axes, "order": {"field": "instant", "type": "nominal"}},
    }
    dots = {
        "mark": {"type": "point", "shape": "square", "color": _INK, "filled": True},
        "encoding": {**axes, "size": {"condition": closest, "value": 8}},
    }
    return {"width": _SIDE, "height": _SIDE, "layer": [rings, way, dots, middle]}


# --- over time ------------------------------------------------------------------------------------


def _charts(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    most = max(one.distance.high for one in found.samples)
    size, unit = (1000.0, _("km")) if most >= _KM else (1.0, _("m"))
    a, b = found.encounter.a, found.encounter.b
    yield _chart(
        found, "distance", lambda one: one.distance, size,
        (_("Distance along the ground"), _("distance, {unit}", unit=unit)), phrases,
    )  # fmt: skip
    if any(one.above is not None for one in found.samples):
        title = _("Height of {b} over {a}", a=a, b=b)
        axis = _("height, {unit}", unit=_("m"))
        yield _chart(found, "above", lambda one: one.above, 1.0, (title, axis), phrases)
    else:
        yield Paragraph((_("Heights are not known, so that their difference is not drawn."),))
    if any(one.closure is not None for one in found.samples):
        title = _("Closure: how fast the distance shrank; below 0 it grew")
        axis = _("closure, {unit}", unit=_("kn"))
        yield _chart(found, "closure", lambda one: one.closure, KNOT, (title, axis), phrases)


def _chart(
    found: Dossier,
    name: str,
    of: Callable[[Sample], Bound | None],
    size: float,
    titles: tuple[str, str],
    phrases: Phrases,
) -> Chart:
    """A value over time on its band; single instants as points with bars."""
    _ = phrases
    digits = 3 if size == 1000.0 else 1
    columns = (
        Column("instant", _("instant (UTC)"), width=2),
        Column("low", _("at least"), "right", digits),
        Column("value", titles[1], "right", digits),
        Column("high", _("at most"), "right", digits),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found.samples:
        bound = of(one)
        if bound is not None:
            values = (x / size for x in (bound.low, bound.value, bound.high))
            rows.append((iso(one.instant), *values))
    alt = _("{what} over time, with the band of what errors and gaps allow.", what=titles[0])
    return Chart(
        Frame(name, columns, tuple(rows)), _over_time(titles[1], len(rows)), titles[0], alt, name
    )


def _over_time(title: str, count: int) -> dict[str, Any]:
    time = {
        "field": "instant",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {"format": "%H:%M:%S", "labelOverlap": True, "tickCount": 6},
    }
    value = {"type": "quantitative", "title": title, "scale": {"zero": False}}
    low, line = ({**value, "field": field} for field in ("low", "value"))
    if count < 3:
        layer: list[dict[str, Any]] = [
            {
                "mark": {"type": "rule", "strokeWidth": 6, "color": _BAND},
                "encoding": {"x": time, "y": low, "y2": {"field": "high"}},
            },
            {"mark": {"type": "point", "color": _INK}, "encoding": {"x": time, "y": line}},
        ]
        time["axis"] = {"format": "%H:%M:%S", "tickCount": 1}
    else:
        layer = [
            {
                "mark": {"type": "area", "color": _BAND},
                "encoding": {"x": time, "y": low, "y2": {"field": "high"}},
            },
            {"mark": {"type": "line", "color": _INK}, "encoding": {"x": time, "y": line}},
        ]
    return {"height": 150, "layer": layer}
