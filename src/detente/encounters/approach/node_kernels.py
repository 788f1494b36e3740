"""Compiled way from fixes to nodes and boxes: the twin of `motion.nodes`, slice by slice.

A box is what a track does in a slice without a break: its nodes, between which it moves straight,
and their bounds. Only the slices that are asked for are made, so that memory does not grow.
"""

# ruff: noqa: PLR0913, PLR0917 (a kernel takes its arrays one by one)
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.encounters.approach.shape import AXIS, PIECE, SHORT, SHRINK

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Count = Any
Number = Any
Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def _inner(code: Kernel) -> Kernel:
    """Compile what only kernels call into them, and do not cache it on its own."""
    made: Any = njit(error_model="numpy")(code)
    return cast("Kernel", made)


@_inner
def _slice(instant: Number, length: float) -> Count:
    """The slice of an instant; a border belongs to the slice that it opens."""
    place = np.int64(math.floor(instant / length))
    if place * length > instant:
        place -= 1
    elif (place + 1) * length <= instant:
        place += 1
    return place


@_inner
def _normal(lat: Number, lon: Number) -> Any:
    north, east = math.radians(lat), math.radians(lon)
    flat = math.cos(north)
    return flat * math.cos(east), flat * math.sin(east), math.sin(north)


@_inner
def _between(p: Any, q: Any, part: float) -> Any:
    """The unit vector that lies this part of the great circle from ``p`` to ``q``."""
    x, y, z = q[0] - p[0], q[1] - p[1], q[2] - p[2]
    chord = x * x + y * y + z * z
    if chord < SHORT:  # sin(k a) / sin(a) = k + k (1 - k^2) a^2 / 6 + ...
        rest = 1 - part
        sixth = chord / 6
        one = rest * (1 + sixth * (1 - rest * rest))
        other = part * (1 + sixth * (1 - part * part))
    else:
        angle = 2 * math.asin(min(1.0, 0.5 * math.sqrt(chord)))
        whole = math.sin(angle)
        if whole == 0:
            return p
        one, other = math.sin((1 - part) * angle) / whole, math.sin(part * angle) / whole
    return (
        one * p[0] + other * q[0],
        one * p[1] + other * q[1],
        one * p[2] + other * q[2],
    )


@_inner
def _surface(n: Any) -> Any:
    radius = AXIS / math.sqrt(1 - (1 - SHRINK) * n[2] * n[2])
    return radius * n[0], radius * n[1], radius * SHRINK * n[2]


@_inner
def _open(where: Count, track: Count, at: Longs) -> None:
    """Begin a box; ``at`` holds the counts of nodes and boxes, then track, slice, first node."""
    at[2], at[3], at[4] = track, where, at[0]


@_inner
def _close(at: Longs, nodes: Floats, boxes: Longs, bounds: Floats) -> None:
    """End a box; what there is no room for is only counted."""
    m, first, last = at[1], at[4], at[0] - 1
    at[1] += 1
    if m >= len(boxes) or last >= len(nodes):
        return
    boxes[m, 0], boxes[m, 1], boxes[m, 2], boxes[m, 3] = at[2], at[3], first, last
    for k in range(4):
        low, high, known = np.inf, -np.inf, True
        for i in range(first, last + 1):
            value = nodes[i, 1 + k]
            low, high = min(low, value), max(high, value)
            known &= value == value  # noqa: PLR0124 (NaN is not)
        bounds[m, k], bounds[m, 4 + k] = (low, high) if known else (-np.inf, np.inf)


@_inner
def _put(t: float, spot: Any, height: float, at: Longs, nodes: Floats) -> None:
    """Add a node to the box that is open."""
    i = at[0]
    at[0] += 1
    if i < len(nodes):
        nodes[i, 0], nodes[i, 1], nodes[i, 2], nodes[i, 3] = t, spot[0], spot[1], spot[2]
        nodes[i, 4] = height


@_inner
def _near(p: Any, q: Any) -> Count:
    x, y, z = q[0] - p[0], q[1] - p[1], q[2] - p[2]
    return x * x + y * y + z * z <= PIECE * PIECE


@_inner
def _line(t: float, until: float, spot: Any, way: Any, at: Longs, nodes: Floats) -> Any:
    """Go along a way inside a slice, in pieces that are short enough to be straight."""
    since, arrival, p, q, low, high = way
    span = arrival - since
    goal = _surface(q) if until == arrival else _surface(_between(p, q, (until - since) / span))
    x, y, z = goal[0] - spot[0], goal[1] - spot[1], goal[2] - spot[2]
    pieces = math.ceil(math.sqrt(x * x + y * y + z * z) / PIECE)
    for k in range(1, pieces):
        u = t + (until - t) * k / pieces
        part = (u - since) / span
        _put(u, _surface(_between(p, q, part)), low + part * (high - low), at, nodes)
    height = high if until == arrival else low + (until - since) / span * (high - low)
    _put(until, goal, height, at, nodes)
    return goal, height


@_inner
def _go(
    t: float, spot: Any, way: Any, where: Count, last: Count, length: float, at: Longs,
    nodes: Floats, boxes: Longs, bounds: Floats,
) -> Any:  # fmt: skip
    """Go to the next fix, over borders of slices; ends in the slice ``last`` if it leads there."""
    arrival = way[1]
    while (where + 1) * length <= arrival:
        border = (where + 1) * length
        spot, height = _line(t, border, spot, way, at, nodes)
        _close(at, nodes, boxes, bounds)
        where += 1
        if where == last:
            return where, spot
        _open(where, at[2], at)
        _put(border, spot, height, at, nodes)
        t = border
    if arrival > t:
        spot, _ = _line(t, arrival, spot, way, at, nodes)
    return where, spot


@_inner
def _first_from(seconds: Floats, start: Count, stop: Count, instant: float) -> Count:
    """The first place in a range whose instant is not before this one."""
    while start < stop:
        middle = (start + stop) // 2
        if seconds[middle] < instant:
            start = middle + 1
        else:
            stop = middle
    return start


@_inner
def _follow(
    track: Count, start: Count, stop: Count, first: Count, last: Count, length: float,
    seconds: Floats, lat: Floats, lon: Floats, height: Floats, cut: Flags, at: Longs,
    nodes: Floats, boxes: Longs, bounds: Floats,
) -> None:  # fmt: skip
    """Put what a track does from slice ``first`` to before ``last`` into boxes."""
    begin, end = first * length, last * length
    i = _first_from(seconds, start, stop, begin)
    if i == stop:
        return
    enters = i > start and not cut[i] and seconds[i] > begin
    if enters:
        i -= 1
    elif seconds[i] >= end:
        return
    p = _normal(lat[i], lon[i])
    if enters:
        part = (begin - seconds[i]) / (seconds[i + 1] - seconds[i])
        q = _normal(lat[i + 1], lon[i + 1])
        t, spot, where = begin, _surface(_between(p, q, part)), first
        level = height[i] + part * (height[i + 1] - height[i])
    else:
        t, spot, level = seconds[i], _surface(p), height[i]
        where = _slice(t, length)
    _open(where, track, at)
    _put(t, spot, level, at, nodes)
    for j in range(i + 1, stop):
        q = _normal(lat[j], lon[j])
        if cut[j]:
            _close(at, nodes, boxes, bounds)
            if seconds[j] >= end:
                return
            where, spot = _slice(seconds[j], length), _surface(q)
            _open(where, track, at)
            _put(seconds[j], spot, height[j], at, nodes)
        elif seconds[j] < (where + 1) * length and _near(spot, _surface(q)):  # most often
            spot = _surface(q)
            _put(seconds[j], spot, height[j], at, nodes)
        else:
            way = (seconds[j - 1], seconds[j], p, q, height[j - 1], height[j])
            where, spot = _go(t, spot, way, where, last, length, at, nodes, boxes, bounds)
            if where == last:
                return
        t, p = seconds[j], q
    _close(at, nodes, boxes, bounds)


@njit(cache=True, nogil=True, error_model="numpy")
def survey(
    length: float, first: Count, starts: Longs, seconds: Floats, cut: Flags, counts: Longs
) -> None:
    """Add to ``counts`` (S,) the nodes of every slice from ``first`` on, long ways taken as one."""
    for k in range(len(starts) - 1):
        before = np.int64(0)
        for i in range(starts[k], starts[k + 1]):
            place = _slice(seconds[i], length) - first
            counts[place] += 1
            if not cut[i]:
                for j in range(before, place):
                    counts[j] += 1
                    counts[j + 1] += 1
            before = place


@njit(cache=True, nogil=True, error_model="numpy")
def gather(
    first: Count, last: Count, length: float, starts: Longs, seconds: Floats, lat: Floats,
    lon: Floats, height: Floats, cut: Flags, nodes: Floats, boxes: Longs, bounds: Floats,
) -> Any:  # fmt: skip
    """Fill nodes and boxes of the slices from ``first`` to before ``last``, track after track.

    ``nodes`` (n, 5) are instant, x, y, z and height; ``boxes`` (m, 4) track, slice, first and last
    node; ``bounds`` (m, 8) the least and the most of x, y, z and height. Gives how many nodes and
    boxes there are; where there are more than there was room for, nothing of it can be used.
    """
    at = np.zeros(5, np.int64)
    for k in range(len(starts) - 1):
        start, stop = starts[k], starts[k + 1]
        if start == stop or seconds[stop - 1] < first * length:
            continue
        if seconds[start] >= last * length:
            continue
        _follow(
            k, start, stop, first, last, length, seconds, lat, lon, height, cut, at, nodes,
            boxes, bounds,
        )  # fmt: skip
    return at[0], at[1]
