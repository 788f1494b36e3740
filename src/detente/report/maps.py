"""A small map around a place: coast and graticule, north up, true distances from the middle.

The projection is azimuthal equidistant, turned to the middle of what is shown, so that neither the
antimeridian nor a pole is an edge (Snyder 1987, "Map Projections: A Working Manual", p. 191). Only
the coast is drawn, and no border, so that none is that somebody disputes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from detente.report.drawings.canvas import (
    LETTERS,
    Line,
    Mark,
    Piece,
    Sign,
    Words,
    paragraph,
    specification,
)
from detente.report.land import EARTH, near
from detente.report.language import Phrases

SIDE = 388.0  # of the square, CSS pixels
LEAST_KM, MOST_KM = 100.0, 4000.0  # from the middle to an edge
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30)  # degrees of a graticule
_LINES = 4  # of the graticule across the map
_FEW = 24  # positions that get a sign each
_LAND, _COAST, _GRID, _INK = "#e6e6e6", "#8a949e", "#cfd4d9", "#22303f"
_DASHES: tuple[list[int], ...] = ([], [6, 3])
_SHAPES = ("circle", "square")


@dataclass(frozen=True)
class Spot:
    """A place, and metres that it may be off; None where that is not known."""

    lat: float
    lon: float
    within_m: float | None = None


@dataclass(frozen=True)
class Trace:
    """Where a craft was, one place after the other; the map has at most two."""

    name: str
    spots: tuple[Spot, ...]


class View:
    """Turns places into pixels of a square of `SIDE` with a middle and so many km to an edge."""

    def __init__(self, lat: float, lon: float, km: float) -> None:
        from pyproj import Proj

        self.lat, self.lon, self.km = lat, lon, km
        self.pixels_per_m = SIDE / 2 / (1000 * km)
        self._project = Proj(proj="aeqd", lat_0=lat, lon_0=lon, ellps="WGS84")

    def pixels(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Pixels from the top left corner of places in degrees, alone or in arrays."""
        x, y = self._project(lon, lat)
        return SIDE / 2 + self.pixels_per_m * x, SIDE / 2 - self.pixels_per_m * y


def view(traces: Iterable[Trace], middle: Spot, *, least_km: float = LEAST_KM) -> View:
    """A view around ``middle`` that holds every place with what it may be off."""
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    spots = [middle, *(spot for trace in traces for spot in trace.spots)]
    reach = max(
        geod.inv(middle.lon, middle.lat, one.lon, one.lat)[2] + (one.within_m or 0.0)
        for one in spots
    )
    return View(middle.lat, middle.lon, min(max(least_km, 1.15 * reach / 1000), MOST_KM))


def drawn(
    traces: Sequence[Trace], middle: Spot, phrases: Phrases, *, least_km: float = LEAST_KM
) -> dict[str, Any]:
    """The Vega-Lite layers of the map.

    Parameters
    ----------
    traces
        At most two craft.
    middle
        The place in the middle, which gets a cross.
    phrases
        In whose language degrees and names are written.
    least_km
        The least distance from the middle to an edge.

    """
    at = view(traces, middle, least_km=least_km)
    words = [*_graticule_words(at, phrases), *_scale(at, phrases), *_north(phrases)]
    key, rows = _key(traces, phrases)
    spec = specification([*words, *key.at(0, SIDE + 8)], SIDE + 1, SIDE + 10 + key.height)
    shapes = [*_ground(at), *_ways(traces, at), *_frame()]
    signs = [_signs([(15, SIDE + 15.5 + y)], _look(place)) for place, y in enumerate(rows)]
    spec["layer"] = [*shapes, *_points(traces, middle, at), *spec["layer"], *signs]
    return spec


# --- ground ---------------------------------------------------------------------------------------


def _square() -> Any:
    from shapely import box

    return box(0, 0, SIDE, SIDE)


def _pixelled(shape: Any, at: View) -> Any:
    """A shape in degrees, in pixels; its long edges bent as the projection bends them."""
    import numpy as np
    from shapely import segmentize, transform

    return transform(
        segmentize(shape, 1.0), lambda xy: np.column_stack(at.pixels(xy[:, 0], xy[:, 1]))
    )


def _ground(at: View) -> Iterator[dict[str, Any]]:
    """Land, its coast, and the graticule."""
    from shapely import unary_union

    radius = 1000 * at.km * math.sqrt(2)
    parts = [_pixelled(one, at).buffer(0.05) for one in near(at.lat, at.lon, radius)]
    whole = unary_union(parts)  # closes the cut at the antimeridian
    yield from _shape(whole.intersection(_square()), {"fill": _LAND})
    yield from _shape(_lines(at), {"filled": False, "stroke": _GRID, "strokeWidth": 0.6})
    coast = whole.boundary.intersection(_square()) if parts else whole
    yield from _shape(coast, {"filled": False, "stroke": _COAST, "strokeWidth": 0.8})


def _frame() -> Iterator[dict[str, Any]]:
    yield from _shape(_square().boundary, {"filled": False, "stroke": _COAST, "strokeWidth": 1})


def _shape(shape: Any, mark: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A layer of a shape in pixels; none where it is empty."""
    from shapely import get_parts, set_precision
    from shapely.geometry import mapping
    from shapely.geometry.polygon import orient

    parts = [one for one in get_parts(set_precision(shape, 0.01)) if not one.is_empty]
    turned = [orient(one) if one.geom_type == "Polygon" else one for one in parts]
    if turned:
        yield {
            "data": {"values": [{"type": "Feature", "geometry": mapping(one)} for one in turned]},
            "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
            "mark": {"type": "geoshape", "strokeJoin": "round", **mark},
        }


# --- graticule ------------------------------------------------------------------------------------


def _step(degrees: float) -> float:
    """The finest step that gives at most `_LINES` lines over so many degrees."""
    return next((one for one in _STEPS if degrees / one <= _LINES), _STEPS[-1])


def _polar(at: View) -> bool:
    """Whether a pole is in the square, or next to it."""
    return abs(at.lat) + math.degrees(1500 * at.km / EARTH) >= 88


def _meridians(at: View) -> list[float]:
    high = math.degrees(1000 * at.km / EARTH)
    if _polar(at):
        return [30.0 * place for place in range(-6, 6)]
    span = high / math.cos(math.radians(abs(at.lat) + high))
    return _every(at.lon - span, at.lon + span, _step(2 * high / math.cos(math.radians(at.lat))))


def _parallels(at: View) -> list[float]:
    high = math.degrees(1000 * at.km / EARTH) * 1.2
    lines = _every(at.lat - high, at.lat + high, _step(2 * high / 1.2))
    return [one for one in lines if abs(one) < 89.9]


def _every(low: float, high: float, step: float) -> list[float]:
    return [step * place for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _line(at: View, *, lat: float | None = None, lon: float | None = None) -> Any:
    """A parallel or a meridian in pixels, as far as it lies in the square."""
    import numpy as np
    from shapely import LineString

    high = math.degrees(1500 * at.km / EARTH)
    if lat is not None:
        wide = 180.0 if _polar(at) else min(high / math.cos(math.radians(lat)), 180.0)
        run = at.lon + np.linspace(-wide, wide, 181)
        x, y = at.pixels(run, np.full(len(run), lat))
    else:
        run = np.linspace(max(at.lat - high, -90.0), min(at.lat + high, 90.0), 91)
        x, y = at.pixels(np.full(len(run), lon), run)
    return LineString(np.column_stack([x, y])).intersection(_square())


def _lines(at: View) -> Any:
    from shapely import unary_union

    every = [_line(at, lat=one) for one in _parallels(at)]
    every += [_line(at, lon=one) for one in _meridians(at)]
    return unary_union(every)


def _graticule_words(at: View, phrases: Phrases) -> Iterator[Mark]:
    """The degrees where lines leave the square: parallels on the left, meridians at the bottom."""
    taken: list[tuple[float, float]] = []
    half = LETTERS["small"].line / 2
    for lat in _parallels(at):
        left = _edge(_line(at, lat=lat), axis=0) or at.pixels(at.lon, lat)
        if half < left[1] < SIDE - 3 * half and _free(taken, left):
            yield Words("small", left[0] + 4, left[1] - half, degrees_north(lat, phrases))
    for lon in _meridians(at):
        foot = _edge(_line(at, lon=lon), axis=1)
        text = degrees_east((lon + 180) % 360 - 180, phrases)
        reach = LETTERS["small"].width(text) + 6
        if foot is not None and foot[0] < SIDE - reach and _free(taken, foot):
            yield Words("small", foot[0] + 3, SIDE - half, text)


def _edge(line: Any, *, axis: int) -> tuple[Any, Any] | None:
    """Where a line meets the left edge (axis 0) or the bottom one (axis 1)."""
    from shapely import get_coordinates

    border = 0.0 if axis == 0 else SIDE
    for x, y in get_coordinates(line).tolist():
        if abs((x, y)[axis] - border) < 0.5:
            return x, y
    return None


def _free(taken: list[tuple[float, float]], end: tuple[float, float]) -> bool:
    """Whether no label stands within 60 pixels across and 14 down; then this one does."""
    free = all(abs(end[0] - x) > 60 or abs(end[1] - y) > 14 for x, y in taken)
    if free:
        taken.append(end)
    return free


def degrees_north(lat: float, phrases: Phrases) -> str:
    """A latitude in words."""
    _ = phrases
    x = _.cell(round(abs(lat), 4))
    return _("{x}° N", x=x) if lat >= 0 else _("{x}° S", x=x)


def degrees_east(lon: float, phrases: Phrases) -> str:
    """A longitude in words."""
    _ = phrases
    x = _.cell(round(abs(lon), 4))
    if lon % 180 == 0:
        return f"{x}°"
    return _("{x}° E", x=x) if lon >= 0 else _("{x}° W", x=x)


# --- scale, north, key ----------------------------------------------------------------------------


def _scale(at: View, phrases: Phrases) -> Iterator[Mark]:
    """A bar of 1, 2 or 5 times a power of ten, about a fifth of the square."""
    _ = phrases
    wanted = 0.4 * at.km
    power = 10.0 ** math.floor(math.log10(wanted))
    km = max(one * power for one in (1, 2, 5) if one * power <= wanted)
    right, y = SIDE - 12, SIDE - 26.0
    left = right - 1000 * km * at.pixels_per_m
    yield Line("bracket", left, y, right, y)
    for x in (left, right):
        yield Line("bracket", x, y - 3, x, y + 3)
    text = _("{n} km", n=_.cell(km)) if km >= 1 else _("{n} m", n=_.cell(round(1000 * km)))
    yield Words("small", (left + right) / 2, y - 10, text, "center")


def _north(phrases: Phrases) -> Iterator[Mark]:
    _ = phrases
    x = SIDE - 16
    yield Line("bracket", x, 34, x, 18)
    yield Sign("arrow", x, 15)
    yield Words("small-strong", x, 43, _("N"), "center")


def _key(traces: Sequence[Trace], phrases: Phrases) -> tuple[Piece, list[float]]:
    """What the signs and lines stand for, and how far down each craft stands."""
    _ = phrases
    marks: list[Mark] = []
    rows: list[float] = []
    y = 0.0
    for place, trace in enumerate(traces):
        rows.append(y)
        piece = paragraph("small", trace.name, SIDE - 34, x=34)
        marks += piece.at(0, y)
        look = ("bracket", "threshold")[place]
        marks.append(Line(look, 2, y + 7.5, 28, y + 7.5))
        y += piece.height + 2
    piece = paragraph("small", _("× closest · grey: as far as each may be off"), SIDE)
    return Piece((*marks, *piece.at(0, y)), y + piece.height), rows


# --- craft ----------------------------------------------------------------------------------------


def _ways(traces: Sequence[Trace], at: View) -> Iterator[dict[str, Any]]:
    """Where each craft may have been, and its way."""
    from shapely import LineString, Point, unary_union

    for place, trace in enumerate(traces):
        dash = _DASHES[place]
        spots = [(at.pixels(one.lon, one.lat), one.within_m or 0.0) for one in trace.spots]
        discs = [Point(xy).buffer(at.pixels_per_m * off) for xy, off in spots if off > 0]
        area = unary_union(discs).intersection(_square())
        faint = {"fill": _INK, "fillOpacity": 0.1, "stroke": _INK, "strokeWidth": 0.7}
        yield from _shape(area, {**faint, "strokeDash": [*dash]})
        if len(spots) > 1:
            line = LineString([xy for xy, _off in spots]).intersection(_square())
            look = {"filled": False, "stroke": _INK, "strokeWidth": 1.6, "strokeDash": [*dash]}
            yield from _shape(line, look)


def _points(traces: Sequence[Trace], middle: Spot, at: View) -> Iterator[dict[str, Any]]:
    for place, trace in enumerate(traces):
        shown = trace.spots if len(trace.spots) <= _FEW else (trace.spots[0], trace.spots[-1])
        yield _signs([at.pixels(one.lon, one.lat) for one in shown], _look(place))
    x, y = at.pixels(middle.lon, middle.lat)
    cross = {"shape": "M-1,-1L1,1M-1,1L1,-1", "size": 110, "stroke": _INK, "strokeWidth": 1.6}
    yield _signs([(x, y)], {**cross, "fill": "transparent"})


def _look(place: int) -> dict[str, Any]:
    """The sign of a craft. Two may lie on each other: the first is larger, and hollow."""
    look = {"shape": _SHAPES[place], "size": (90, 26)[place], "stroke": _INK, "strokeWidth": 1.4}
    return {**look, "fill": ("transparent", _INK)[place]}


def _signs(places: Iterable[tuple[float, float]], look: dict[str, Any]) -> dict[str, Any]:
    inside = [(x, y) for x, y in places if 0 <= x <= SIDE and 0 <= y <= SIDE]
    return {
        "data": {"values": [{"x": round(x, 2), "y": round(y, 2)} for x, y in inside]},
        "mark": {"type": "point", "opacity": 1, **look},
        "encoding": {
            axis: {"field": axis, "type": "quantitative", "axis": None} for axis in ("x", "y")
        },
    }
