"""A dossier as GeoJSON (RFC 7946): ways, where each craft may have been, and the closest place.

Positions are longitude, latitude and, where it is known, height; outer rings run counterclockwise
(3.1.6); what crosses the antimeridian is cut there (3.1.9). A dossier that is told coarsely has
coarse places only, so that nothing finer can stand here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from detente.encounters.dossier.results import Dossier, Path, Position
from detente.report.pages.encounter_words import iso
from detente.report.texts import clean, each_text

DIGITS = 6  # of a degree: 0.1 m
_CORNERS = 48
_MOST_AREAS = 24  # a way with more positions has the area of the closest one alone


def geojson(found: Dossier) -> bytes:
    """The dossier as a feature collection, the same bytes each time.

    A way has the member ``times``, nested as its coordinates are, and ``within_m``, how far off
    each position may be; areas are where a craft was, within its error, at ``time``.
    """
    features = [_closest(found)]
    for path in found.paths:
        features += [*_way(path), *_areas(path, found.encounter.closest)]
    value = each_text({"type": "FeatureCollection", "features": features}, clean)
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _closest(found: Dossier) -> dict[str, Any]:
    one = found.encounter
    lat, lon = one.place
    apart = one.separation
    return _feature(
        "Point", [round(lon, DIGITS), round(lat, DIGITS)],
        what="closest", craft=[one.a, one.b], time=iso(one.closest), start=iso(one.start),
        end=iso(one.end), within_m=found.place_within_m, within_s=found.instant_within_s,
        separation_m=[apart.low, apart.value, apart.high], met=one.met,
    )  # fmt: skip


def _position(one: Position) -> list[float]:
    flat = [round(one.lon, DIGITS), round(one.lat, DIGITS)]
    return flat if one.height is None else [*flat, round(one.height, 1)]


def _way(path: Path) -> Iterator[dict[str, Any]]:
    """The way of a craft; a point where it has one position, nothing where it has none."""
    said = {"what": "way", "craft": path.id, "domain": path.domain}
    within = [one.within_m for one in path.positions]
    if len(path.positions) == 1:
        one = path.positions[0]
        yield _feature("Point", _position(one), **said, times=[iso(one.instant)], within_m=within)
    if len(path.positions) < 2:
        return
    parts = cut(path.positions)
    lines = [[_position(one) for one in part] for part in parts]
    times = [[iso(one.instant) for one in part] for part in parts]
    if len(parts) == 1:
        yield _feature("LineString", lines[0], **said, times=times[0], within_m=within)
    else:
        within_parts = [[one.within_m for one in part] for part in parts]
        yield _feature("MultiLineString", lines, **said, times=times, within_m=within_parts)


def cut(positions: Sequence[Position]) -> list[list[Position]]:
    """A way in parts, none of which crosses the antimeridian; both sides get the point there."""
    parts = [[positions[0]]]
    for one, other in pairwise(positions):
        if abs(other.lon - one.lon) > 180:
            east = 180.0 if one.lon > 0 else -180.0
            rest = 360 - abs(other.lon - one.lon)
            share = abs(east - one.lon) / rest if rest else 0.0
            lat = one.lat + share * (other.lat - one.lat)
            between = {
                "instant": one.instant + share * (other.instant - one.instant),
                "height": _mixed(one.height, other.height, share),
            }
            parts[-1].append(_at(one, lat, east, between))
            parts.append([_at(other, lat, -east, between)])
        parts[-1].append(other)
    return [part for part in parts if len(part) > 1]


def _mixed(one: float | None, other: float | None, share: float) -> float | None:
    return None if one is None or other is None else one + share * (other - one)


def _at(like: Position, lat: float, lon: float, between: dict[str, float | None]) -> Position:
    from dataclasses import replace

    return replace(like, lat=lat, lon=lon, **between)  # type: ignore[arg-type]


def _areas(path: Path, closest: float) -> Iterator[dict[str, Any]]:
    """Where a craft was within its error: at each of a few positions, else at the closest."""
    known = [one for one in path.positions if one.within_m]
    if len(known) > _MOST_AREAS:
        known = [min(known, key=lambda one: abs(one.instant - closest))]
    for one in known:
        polygons = disc(one.lat, one.lon, one.within_m or 0.0)
        kind = "Polygon" if len(polygons) == 1 else "MultiPolygon"
        coordinates = polygons[0] if len(polygons) == 1 else polygons
        yield _feature(
            kind, coordinates, what="within", craft=path.id, time=iso(one.instant),
            within_s=one.within_s,
        )  # fmt: skip


def disc(lat: float, lon: float, metres: float) -> list[list[list[list[float]]]]:
    """The polygons of what lies within so many metres of a place (WGS 84), cut as RFC 7946 asks.

    The corners lie a little outside, so that the polygon holds the disc.
    """
    from pyproj import Geod
    from shapely import Polygon, box, unary_union
    from shapely.affinity import translate
    from shapely.geometry.polygon import orient

    radius = metres / math.cos(math.pi / _CORNERS)
    bearings = [360 * place / _CORNERS for place in range(_CORNERS)]
    count = len(bearings)
    lons, lats, _back = Geod(ellps="WGS84").fwd(
        [lon] * count, [lat] * count, bearings, [radius] * count
    )
    ring = [(lon, lat)]
    for east, north in [*zip(lons, lats, strict=True), (lons[0], lats[0])]:
        ring.append((east - 360 * round((east - ring[-1][0]) / 360), north))
    ring = ring[1:]
    if abs(ring[-1][0] - ring[0][0]) > 180:  # it goes around a pole
        pole = math.copysign(90.0, lat)
        ring += [(ring[-1][0], pole), (ring[0][0], pole)]
    whole = Polygon(ring)
    world = box(-180, -90, 180, 90)
    turned = (translate(whole, turn).intersection(world) for turn in (-360, 0, 360))
    joined = unary_union([*turned])  # a disc around a pole is whole again
    found = [one for one in getattr(joined, "geoms", [joined]) if one.geom_type == "Polygon"]
    return [
        [[[round(x, DIGITS), round(y, DIGITS)] for x, y in orient(one).exterior.coords]]
        for one in found
        if one.area > 0
    ]
