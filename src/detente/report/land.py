"""The land of the earth from the vendored TopoJSON: coasts, and no border between states.

Natural Earth's land at 1:50 million (public domain), as quantised arcs; the format is that of the
TopoJSON specification, sections 2.1.1 to 2.1.4.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

EARTH = 6_371_008.8  # metres, the mean radius of WGS 84
_POLAR = 89.0

_Ring = list[tuple[float, float]]


@lru_cache(maxsize=1)
def land() -> tuple[Any, ...]:
    """All land as shapely polygons in degrees (lon, lat).

    What crosses the antimeridian goes on beyond 180; what holds a pole is closed along it.
    """
    from shapely import Polygon, make_valid

    file = files("detente").joinpath("vendor", "natural_earth", "land-50m.json")
    topology = json.loads(file.read_text("utf-8"))
    arcs = _arcs(topology)
    rings = (
        [_ring(ring, arcs) for ring in polygon]
        for shape in topology["objects"]["land"]["geometries"]
        for polygon in shape["arcs"]
    )
    shapes = (Polygon(*_together(outer, holes)) for outer, *holes in rings)
    return tuple(one if one.is_valid else make_valid(one) for one in shapes)


def _arcs(topology: dict[str, Any]) -> list[_Ring]:
    """The arcs in degrees: positions are sums of steps, scaled and moved."""
    (a, b), (x, y) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        sums = accumulate(arc, lambda at, step: (at[0] + step[0], at[1] + step[1]))
        found.append([(a * east + x, b * north + y) for east, north in sums])
    return found


def _ring(places: Sequence[int], arcs: Sequence[_Ring]) -> _Ring:
    """Arcs end to end; ~n is arc n backwards, and each begins where the one before ended."""
    ring: _Ring = []
    for place in places:
        arc = arcs[place] if place >= 0 else arcs[~place][::-1]
        ring += arc[1:] if ring else arc
    return _unrolled(ring)


def _unrolled(ring: _Ring) -> _Ring:
    """A ring without jumps of 360 degrees; around a pole, with the way along it."""
    found = [ring[0]]
    for lon, lat in ring[1:]:
        found.append((lon - 360 * round((lon - found[-1][0]) / 360), lat))
    if abs(found[-1][0] - found[0][0]) > 180:
        pole = math.copysign(90.0, found[0][1])
        found += [(found[-1][0], pole), (found[0][0], pole), found[0]]
    return found


def _together(outer: _Ring, holes: Sequence[_Ring]) -> tuple[_Ring, list[_Ring]]:
    """A ring around the meridian of Greenwich rather than another turn, and its holes inside it."""
    middle = sum(_ends(outer)) / 2
    outer = _turned(outer, round(middle / 360))
    middle = sum(_ends(outer)) / 2
    return outer, [_turned(one, round((sum(_ends(one)) / 2 - middle) / 360)) for one in holes]


def _ends(ring: _Ring) -> tuple[float, float]:
    lons = [lon for lon, _lat in ring]
    return min(lons), max(lons)


def _turned(ring: _Ring, turns: int) -> _Ring:
    return [(lon - 360 * turns, lat) for lon, lat in ring]


def near(lat: float, lon: float, radius: float) -> list[Any]:
    """The land within ``radius`` metres of a place, and some more, as polygons in degrees.

    Longitudes are within 180 of ``lon``, but where a pole is within the radius.
    """
    from shapely import box

    high = math.degrees(1.05 * radius / EARTH) + 0.1
    south, north = max(lat - high, -90.0), min(lat + high, 90.0)
    frame = box(-180, south, 180, north)
    if max(abs(south), abs(north)) < _POLAR:
        # On the small circle around the place the widest longitude is asin(sin r / cos lat).
        wide = math.sin(math.radians(high)) / math.cos(math.radians(lat))
        span = math.degrees(math.asin(min(wide, 1.0))) + 0.1
        frame = box(lon - span, south, lon + span, north)
    return [one for turn in (-360, 0, 360) for one in _within(frame, turn)]


def _within(frame: Any, turn: int) -> Iterator[Any]:
    """What of the land, turned by so many degrees, lies in a frame."""
    from shapely.affinity import translate

    west, south, east, north = frame.bounds
    for shape in land():
        left, bottom, right, top = shape.bounds
        if left + turn < east and right + turn > west and bottom < north and top > south:
            part = translate(shape, turn).intersection(frame)
            if not part.is_empty:
                yield part
