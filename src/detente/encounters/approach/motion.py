"""Where a craft is between its fixes: on the great circle, at constant speed, height linear.

A great circle is taken between the directions of the plumb lines of two fixes (unit vectors), the
speed in equal parts of its angle; the craft is on the WGS 84 ellipsoid below. From constant speed
on the geodesic that differs along the way by 0.0014 of its squared length over the earth's radius
at most: 5 cm where fixes are 15 km apart, 5 m where they are 150 km.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.encounters.approach.shape import AXIS, PIECE, SHORT, SHRINK
from detente.encounters.tracks import Floats, Longs, Tracks


@dataclass(frozen=True, eq=False)
class Nodes:
    """Between which tracks move straight in space, in boxes: one track, one slice, no break.

    ``nodes`` (n, 5) are instant, x, y, z on the ellipsoid, and height; ``boxes`` (m, 4) track,
    slice, first and last node; ``bounds`` (m, 8) the least and the most of x, y, z and height.
    ``fix`` (n,) is the fix that the way through a node leads to, or the node's own.
    """

    nodes: Floats
    boxes: Longs
    bounds: Floats
    fix: Longs


def normal(lat: Floats, lon: Floats) -> Floats:
    """The direction of the plumb line, (..., 3), at degrees north and east (...)."""
    north, east = np.radians(lat), np.radians(lon)
    flat = np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)], axis=-1)


def surface(direction: Floats) -> Floats:
    """The place on the ellipsoid, metres (..., 3), with this direction of the plumb line."""
    x, y, z = np.moveaxis(direction, -1, 0)
    radius = AXIS / np.sqrt(1 - (1 - SHRINK) * z * z)
    return np.stack([radius * x, radius * y, radius * SHRINK * z], axis=-1)


def degrees(spot: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude (...) of places on or near the ellipsoid (..., 3)."""
    x, y, z = np.moveaxis(spot, -1, 0)
    return np.degrees(np.arctan2(z / SHRINK, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def between(p: Floats, q: Floats, part: Floats) -> Floats:
    """Unit vectors (n, 3) that lie parts (n,) of the great circles from ``p`` to ``q`` (n, 3)."""
    x, y, z = np.moveaxis(q - p, -1, 0)
    chord, rest = x * x + y * y + z * z, 1 - part
    short, sixth = chord < SHORT, chord / 6
    angle = 2 * np.arcsin(np.minimum(1.0, 0.5 * np.sqrt(chord)))
    whole = np.where(short, 1.0, np.sin(angle))
    still, whole = whole == 0, np.where(whole == 0, 1.0, whole)
    one = np.where(short, rest * (1 + sixth * (1 - rest * rest)), np.sin(rest * angle) / whole)
    other = np.where(short, part * (1 + sixth * (1 - part * part)), np.sin(part * angle) / whole)
    one, other = np.where(still, 1.0, one), np.where(still, 0.0, other)
    found: Floats = one[..., None] * p + other[..., None] * q
    return found


def slices(instants: Floats, length: float) -> Longs:
    """The slice of each instant; a border belongs to the slice that it opens."""
    place = np.floor(instants / length).astype(np.int64)
    place -= place * length > instants
    place += (place + 1) * length <= instants
    return place


def on_way(tracks: Tracks, fix: Longs, instants: Floats) -> tuple[Floats, Floats]:
    """Places (n, 3) and heights (n,) at instants on the way to fixes (n,), or at them."""
    before = np.where(tracks.cut[fix], fix, fix - 1)
    since, until = tracks.seconds[before], tracks.seconds[fix]
    there = (instants == until) | (before == fix)
    part = (instants - since) / np.where(there, 1.0, until - since)
    p = normal(tracks.lat[before], tracks.lon[before])
    q = normal(tracks.lat[fix], tracks.lon[fix])
    spots = surface(np.where(there[:, None], q, between(p, q, part)))
    low, high = tracks.height[before], tracks.height[fix]
    heights: Floats = np.where(there, high, low + part * (high - low))
    return spots, heights


def nodes(tracks: Tracks, length: float) -> Nodes:
    """The nodes of whole tracks, with slices of ``length`` seconds from the epoch on."""
    fix, instants, place, opens = _rows(tracks, length)
    spots, heights = on_way(tracks, fix, instants)
    fix, instants, place, opens = _split(fix, instants, place, opens, spots)
    spots, heights = on_way(tracks, fix, instants)
    every = np.column_stack([instants, spots, heights])
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(fix))[: len(first)] - 1
    boxes = np.column_stack([tracks.track[fix[first]], place[first], first, last])
    if not len(first):
        return Nodes(every, boxes, np.zeros((0, 8)), fix)
    least = np.minimum.reduceat(every[:, 1:], first)
    most = np.maximum.reduceat(every[:, 1:], first)
    least[:, 3] = np.where(np.isnan(least[:, 3]), -np.inf, least[:, 3])
    most[:, 3] = np.where(np.isnan(most[:, 3]), np.inf, most[:, 3])
    return Nodes(every, boxes, np.hstack([least, most]), fix)


def _rows(tracks: Tracks, length: float) -> Any:
    """Fix that a node leads to, instant, slice, and whether it opens a box; long ways whole."""
    place = slices(tracks.seconds, length)
    to = np.flatnonzero(~tracks.cut)
    many = place[to] - place[to - 1]
    to = np.repeat(to, many)
    step = np.arange(len(to)) - np.repeat(np.cumsum(many) - many, many)
    border = place[to - 1] + 1 + step
    own = np.flatnonzero(tracks.cut | (place * length != tracks.seconds))
    fix = np.concatenate([to, to, own])
    instants = np.concatenate([border * length, border * length, tracks.seconds[own]])
    where = np.concatenate([border - 1, border, place[own]])
    opens = np.concatenate([np.zeros(len(to), bool), np.ones(len(to), bool), tracks.cut[own]])
    order = np.lexsort((opens, instants, fix))
    return fix[order], instants[order], where[order], opens[order]


def _split(fix: Longs, instants: Floats, place: Longs, opens: Any, spots: Floats) -> Any:
    """Put nodes into ways that are too long to be straight."""
    x, y, z = np.moveaxis(np.diff(spots, axis=0, prepend=spots[:1]), -1, 0)
    pieces = np.ceil(np.sqrt(x * x + y * y + z * z) / PIECE).astype(np.int64)
    many = np.where(opens, 1, np.maximum(pieces, 1))
    if not (many > 1).any():
        return fix, instants, place, opens
    row = np.repeat(np.arange(len(fix)), many)
    step = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many) + 1
    since, until = instants[np.maximum(row - 1, 0)], instants[row]
    inner = step < many[row]
    times = np.where(inner, since + (until - since) * step / many[row], until)
    return fix[row], times, place[row], opens[row]
