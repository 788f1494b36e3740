"""A craft and a zone: whether it was inside, how far and for how long, and how near its border.

A zone is a polygon in degrees whose sides are straight on the map (RFC 7946). Around a stretch of
the track it is drawn into the azimuthal equidistant projection, in which distances near the middle
are true to within 3e-4. Nothing is read out of a zone but what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.encounters.approach.motion import degrees
from detente.encounters.geometry.way import Way, spots
from detente.encounters.results import Bound
from detente.encounters.tracks import Flags, Floats

REACH = 200_000.0  # metres of track around one middle
DENSE = 0.05  # degrees between the corners of a side, before it is drawn elsewhere
STEP = 10_000.0  # metres of track from one place that is looked at to the next
IN_GAP = 32


@dataclass(frozen=True)
class InZone:
    """What is known of a craft and a zone, as `rules.metrics` names it."""

    inside: bool | None
    depth: Bound
    dwell: Bound
    stay: Bound
    border: Bound


def in_zone(one: Way, geometry: Any, *, since: float, until: float) -> InZone | None:
    """What is known of a craft and a zone in a time; None where the craft was not seen in it.

    Parameters
    ----------
    one
        The way of the craft.
    geometry
        A shapely polygon in degrees, longitude before latitude.
    since, until
        Seconds since 1970-01-01 UTC.

    """
    low, high = max(since, one.first), min(until, one.last)
    if low > high:
        return None
    instants = _instants(one, low, high)
    here = spots(one, instants)
    off = spots(one, instants[:-1], instants[1:]).radius if len(instants) > 1 else here.radius
    depth = depths(geometry, *degrees(here.places))
    if len(instants) == 1:
        instants, depth = np.repeat(instants, 2), np.repeat(depth, 2)
        places = np.repeat(here.places, 2, axis=0)
    else:
        places = here.places
    length = np.linalg.norm(np.diff(places, axis=0), axis=1)
    # A depth changes by no more than the way that is gone.
    least = np.maximum((depth[:-1] + depth[1:] - length) / 2, -np.inf) - off
    most = (depth[:-1] + depth[1:] + length) / 2 + off
    own = np.maximum(spots(one, instants).radius, 0.0)
    surely = depth - own
    return InZone(
        inside=True if (surely > 0).any() else None if (most > 0).any() else False,
        depth=_depth(depth, surely, most),
        dwell=Bound(*(_time(instants, depth, x) for x in (least > 0, None, most > 0))),
        stay=_stay(instants, depth, least > 0, most > 0),
        border=_border(depth, own, off, length),
    )


def _instants(one: Way, low: float, high: float) -> Floats:
    length = np.linalg.norm(np.diff(one.normals, axis=0), axis=1) * 6.4e6
    many = np.where(one.gap, IN_GAP, np.maximum(np.ceil(length / STEP), 1)).astype(int)
    parts = [
        np.linspace(a, b, n, endpoint=False)
        for a, b, n in zip(one.seconds[:-1], one.seconds[1:], many, strict=True)
    ]
    found = np.concatenate([*parts, [one.seconds[-1], low, high]])
    kept: Floats = np.unique(found[(found >= low) & (found <= high)])
    return kept


def _depth(depth: Floats, surely: Floats, most: Floats) -> Bound:
    ends = float(np.max(surely)), float(np.max(depth)), float(np.max(most))
    return Bound(*(max(0.0, end) for end in ends))


def _time(instants: Floats, depth: Floats, held: Flags | None) -> float:
    """Seconds of the pieces that are held; of none, by where the depth goes through 0."""
    span = np.diff(instants)
    if held is not None:
        return float(span[held].sum())
    return float((span * _share(depth)).sum())


def _share(depth: Floats) -> Floats:
    """Which part of each piece is inside, the depth taken to be linear."""
    a, b = depth[:-1], depth[1:]
    top, total = np.maximum(a, 0) + np.maximum(b, 0), np.abs(a) + np.abs(b)
    found: Floats = np.where(total > 0, top / np.where(total > 0, total, 1.0), 0.0)
    return found


def _stay(instants: Floats, depth: Floats, sure: Flags, could: Flags) -> Bound:
    """The longest time inside without a break; unbounded where it can have begun before."""
    span = np.diff(instants)
    low, _ = _longest(span, sure)
    value, _ = _longest(span * _share(depth), _share(depth) > 0)
    high, begins = _longest(span, could)
    return Bound(low, value, np.inf if begins else high)


def _longest(span: Floats, held: Flags) -> tuple[float, bool]:
    """The longest run of pieces that are held, and whether any run touches the first piece."""
    runs = np.concatenate([[0.0], np.cumsum(np.where(held, span, 0.0))])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(np.int8), [0]])))
    longest = float(np.max(runs[edges[1::2]] - runs[edges[::2]], initial=0.0))
    return longest, bool(held[0])


def _border(depth: Floats, own: Floats, off: Floats, length: Floats) -> Bound:
    away = np.abs(depth)
    crosses = bool(((depth[:-1] > 0) != (depth[1:] > 0)).any())
    low = float(np.min((away[:-1] + away[1:] - length) / 2 - off))
    value = 0.0 if crosses else float(np.min(away))
    return Bound(0.0 if crosses else max(0.0, low), value, float(np.min(away + own)))


# --- depth ----------------------------------------------------------------------------------------


def depths(geometry: Any, lat: Floats, lon: Floats) -> Floats:
    """Metres to the border of a zone from places (m,), above 0 inside, below 0 outside."""
    found = np.empty(len(lat))
    place = 0
    while place < len(lat):
        near = _along(lat[place:], lon[place:])
        held = slice(place, place + near)
        found[held] = _drawn(geometry, lat[held], lon[held])
        place += near
    return found


def _along(lat: Floats, lon: Floats) -> int:
    """How many places from the first on are within `REACH` of it, at least one."""
    north = np.radians(lat - lat[0])
    east = np.radians((lon - lon[0] + 180) % 360 - 180)
    a = np.sin(north / 2) ** 2
    a = a + np.cos(np.radians(lat)) * np.cos(np.radians(lat[0])) * np.sin(east / 2) ** 2
    far = np.flatnonzero(2 * 6.371e6 * np.arcsin(np.sqrt(np.minimum(a, 1.0))) > REACH)
    return int(far[0]) if len(far) else len(lat)


def _drawn(geometry: Any, lat: Floats, lon: Floats) -> Floats:
    import shapely
    from pyproj import Transformer

    middle_lat, middle_lon = float(lat[0]), float(lon[0])
    to_plane = Transformer.from_crs(
        "EPSG:4326",
        f"+proj=aeqd +lat_0={middle_lat} +lon_0={middle_lon} +datum=WGS84 +units=m",
        always_xy=True,
    )
    window = shapely.box(middle_lon - 90, -90, middle_lon + 90, 90)
    # The same zone a turn to the west and to the east: at the antimeridian both sides are near.
    turns = [shapely.transform(geometry, _moved(turn)) for turn in (-360.0, 0.0, 360.0)]
    area = shapely.union_all([shapely.intersection(turn, window) for turn in turns])
    if area.is_empty:
        return np.full(len(lat), -np.inf)
    dense = shapely.segmentize(area, DENSE)
    plane = shapely.transform(dense, lambda xy: np.column_stack(to_plane.transform(*xy.T)))
    shapely.prepare(plane)
    x, y = to_plane.transform(middle_lon + (lon - middle_lon + 180) % 360 - 180, lat)
    points = shapely.points(x, y)
    away = shapely.distance(points, plane.boundary)
    found: Floats = np.where(shapely.contains(plane, points), away, -away)
    return found


def _moved(turn: float) -> Any:
    return lambda xy: xy + np.array([turn, 0.0])
