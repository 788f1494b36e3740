"""One craft as seen from the other, and how distance, height and closure went, with bounds."""

from __future__ import annotations

from collections.abc import Iterator
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

_SIDE = 270  # CSS pixels of a square plot
_INK, _BAND = "#22303f", "#d9dde1"
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
            (_relative(found, 1, a, b, "seen-from-first", phrases),),
            (_relative(found, -1, b, a, "seen-from-second", phrases),),
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
    found: Dossier, sign: int, origin: str, other: str, name: str, phrases: Phrases
) -> Chart:
    """The way of one craft with the other held in the middle."""
    _ = phrases
    reach = _reach(found)
    size, unit = (1000.0, _("km")) if reach >= _KM / 2 else (1.0, _("m"))
    columns = (
        Column("instant", _("instant (UTC)"), width=2),
        Column("east_m", _("east, m"), "right", 0),
        Column("north_m", _("north, m"), "right", 0),
        Column("within_m", _("off by at most, m"), "right", 0),
    )
    rows = tuple(
        (iso(one.instant), sign * one.east, sign * one.north, one.within) for one in found.samples
    )
    titles = (_("east, {unit}", unit=unit), _("north, {unit}", unit=unit))
    return Chart(
        Frame("motion" if sign > 0 else "motion-from-second", columns, rows),
        _square(found, 1 / size, reach / size, titles),
        _("{other} as seen from {origin}", other=other, origin=origin),
        _(
            "A plot with {origin} in the middle and north up: the way of {other} around the "
            "closest instant, and in grey how far off it may be. The numbers are in the table.",
            origin=origin,
            other=other,
        ),
        name,
    )


def _reach(found: Dossier) -> float:
    """Metres from the middle to an edge: twice as far as they were while they were near."""
    one = found.encounter
    inner = [each for each in found.samples if one.start <= each.instant <= one.end]
    near = max((each.distance.high for each in inner), default=0.0)
    most = max(each.distance.high for each in found.samples)
    return 1.05 * (min(2 * near, most) or most or 1.0)


def _square(found: Dossier, scale: float, reach: float, titles: tuple[str, str]) -> dict[str, Any]:
    axes = {
        axis: {
            "field": axis,
            "type": "quantitative",
            "title": title,
            "scale": {"domain": [-reach, reach], "nice": False},
            "axis": {"tickCount": 5},
        }
        for axis, title in zip("xy", titles, strict=True)
    }
    pixel = scale * _SIDE / (2 * reach)
    step = max(1, len(found.samples) // 60)
    near = min(found.samples, key=lambda one: one.distance.value)
    rings = {
        "transform": [
            {"window": [{"op": "row_number", "as": "row"}]},
            {"filter": f"(datum.row - 1) % {step} == 0"},
            # The size of a sign is its area in pixels.
            {"calculate": f"PI * pow(datum.within_m * {pixel}, 2)", "as": "area"},
        ],
        "mark": {"type": "point", "shape": "circle", "clip": True, "color": _BAND, "opacity": 0.5},
        "encoding": {
            **axes,
            "size": {"field": "area", "type": "quantitative", "scale": None, "legend": None},
        },
    }
    middle = {
        "data": {"values": [{"x": 0, "y": 0}]},
        "mark": {"type": "point", "shape": "cross", "size": 120, "color": _INK},
        "encoding": axes,
    }
    way = {
        "mark": {"type": "line", "color": _INK, "strokeWidth": 1.5, "clip": True},
        "encoding": {**axes, "order": {"field": "instant", "type": "nominal"}},
    }
    closest = {"test": f"datum.instant == '{iso(near.instant)}'", "value": 90}
    dots = {
        "mark": {"type": "point", "shape": "square", "color": _INK, "clip": True},
        "encoding": {**axes, "size": {"condition": closest, "value": 8}},
    }
    moved = [
        {"calculate": f"datum.{field} * {scale}", "as": axis}
        for axis, field in (("x", "east_m"), ("y", "north_m"))
    ]
    layer = [rings, way, dots, middle]
    return {"width": _SIDE, "height": _SIDE, "transform": moved, "layer": layer}


# --- over time ------------------------------------------------------------------------------------

_KINDS = ("distance", "above", "closure")


def _charts(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    far = max(one.distance.high for one in found.samples) >= _KM
    units = {"distance": _("km") if far else _("m"), "above": _("m"), "closure": _("kn")}
    sizes = {"distance": 1000.0 if far else 1.0, "above": 1.0, "closure": KNOT}
    frame = _frame(found, sizes, units, phrases)
    titles = {
        "distance": _("Distance along the ground"),
        "above": _("Height of {b} over {a}", a=found.encounter.a, b=found.encounter.b),
        "closure": _("Closure: how fast the distance shrank; below 0 it grew"),
    }
    for kind in _KINDS:
        if any(getattr(one, kind) is not None for one in found.samples):
            alt = _("{what} over time, with what errors and gaps allow.", what=titles[kind])
            spec = _over_time(kind, units[kind], len(found.samples))
            yield Chart(frame, spec, titles[kind], alt, kind)
        elif kind == "above":
            yield Paragraph((_("Heights are not known, so that their difference is not drawn."),))


def _frame(
    found: Dossier, sizes: dict[str, float], units: dict[str, str], phrases: Phrases
) -> Frame:
    """Distance, height and closure at each instant, with bounds; one frame of all charts."""
    _ = phrases
    titles = {"distance": _("distance"), "above": _("height"), "closure": _("closure")}
    columns = [Column("instant", _("instant (UTC)"), width=2)]
    for kind in _KINDS:
        digits = 3 if sizes[kind] == 1000.0 else 1
        columns += [
            Column(f"{kind}_low", _("at least"), "right", digits),
            Column(kind, f"{titles[kind]}, {units[kind]}", "right", digits),
            Column(f"{kind}_high", _("at most"), "right", digits),
        ]

    def row(one: Sample) -> Iterator[Cell]:
        yield iso(one.instant)
        for kind in _KINDS:
            bound: Bound | None = getattr(one, kind)
            ends = (bound.low, bound.value, bound.high) if bound else (None, None, None)
            yield from (None if x is None else x / sizes[kind] for x in ends)

    return Frame("range", tuple(columns), tuple(tuple(row(one)) for one in found.samples))


def _over_time(kind: str, unit: str, count: int) -> dict[str, Any]:
    """A value over time on its band; few instants as points with bars."""
    few = count < 3
    time = {
        "field": "instant",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {"format": "%H:%M:%S", "labelOverlap": True, "tickCount": 1 if few else 6},
    }
    value = {"type": "quantitative", "title": unit, "scale": {"zero": False}}
    value["axis"] = {"tickCount": 5}
    spread = {"x": time, "y": {**value, "field": f"{kind}_low"}, "y2": {"field": f"{kind}_high"}}
    best = {"x": time, "y": {**value, "field": kind}}
    band = {"type": "rule", "strokeWidth": 6} if few else {"type": "area"}
    line = {"type": "point" if few else "line", "color": _INK}
    return {
        "height": 110,
        "transform": [{"filter": f"isValid(datum.{kind})"}],
        "layer": [
            {"mark": {**band, "color": _BAND}, "encoding": spread},
            {"mark": line, "encoding": best},
        ],
    }
