"""Compiled search of boxes for close approaches: the twin of `plain`, with the same sums.

A slice's boxes, as `node_kernels` makes them, are widened by half of the limit and go into all
cells of a grid that they touch; two boxes of a cell whose bounds meet are a candidate, once, in the
cell where their common part begins; and a candidate's nodes are merged in time, each overlap being
one quadratic. The grid lies in space, not on a map: there is no pole and no seam.
"""

# ruff: noqa: PLR0913, PLR0917 (a kernel takes its arrays one by one)
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.encounters.approach.shape import CELLS, FEW, FINEST, LAST, SHRINK, TRACK

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int8]
Count = Any
Kernel = TypeVar("Kernel", bound=Callable[..., Any])

MIX = np.uint64(0x9E3779B97F4A7C15)
OFFSET = 1 << 20
BITS = 21


def _inner(code: Kernel) -> Kernel:
    """Compile what only kernels call into them, and do not cache it on its own."""
    made: Any = njit(error_model="numpy")(code)
    return cast("Kernel", made)


@_inner
def _span(a: float, b: float, c: float, limit: float, inclusive: Count) -> Any:
    """Where a t^2 + 2 b t + c is below the limit: from, to; from above to where it never is."""
    over = c - limit
    if a == 0 and b == 0:
        holds = over < 0 or (inclusive and over == 0)
        return (-np.inf, np.inf) if holds else (np.inf, -np.inf)
    below = b * b - a * over
    if below < 0 or (below == 0 and not inclusive):
        return np.inf, -np.inf
    q = -(b + math.copysign(math.sqrt(below), b))
    one, other = q / a, (over / q if q != 0 else 0.0)
    return min(one, other), max(one, other)


@_inner
def _level(z: float, rate: float, limit: float, inclusive: Count) -> Any:
    """Where |z + rate t| is below the limit."""
    if rate == 0:
        holds = abs(z) < limit or (inclusive and abs(z) == limit)
        return (-np.inf, np.inf) if holds else (np.inf, -np.inf)
    one, other = (-limit - z) / rate, (limit - z) / rate
    return min(one, other), max(one, other)


@_inner
def _at(nodes: Floats, i: Count, stop: Count, t: float) -> Any:
    """Place, height and their rates of a craft at an instant of the piece after node ``i``."""
    row = nodes[i]
    if i == stop:
        return row[1], row[2], row[3], row[4], 0.0, 0.0, 0.0, 0.0
    far = nodes[i + 1]
    span, gone = far[0] - row[0], t - row[0]
    vx, vy, vz = (far[1] - row[1]) / span, (far[2] - row[2]) / span, (far[3] - row[3]) / span
    vh = (far[4] - row[4]) / span
    return (
        row[1] + gone * vx, row[2] + gone * vy, row[3] + gone * vz, row[4] + gone * vh,
        vx, vy, vz, vh,
    )  # fmt: skip


@_inner
def _overlap(
    s: float, e: float, a: Any, b: Any, radius: float, vertical: float, could: Count,
    inclusive: Count,
) -> Any:  # fmt: skip
    """When both limits hold while two craft go straight: found, from, to, closest and more."""
    none = (False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    half = 0.5 * (e - s)
    x, y, z = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    u, v, w = b[4] - a[4], b[5] - a[5], b[6] - a[6]
    nx = a[0] + b[0] + half * (a[4] + b[4])
    ny = a[1] + b[1] + half * (a[5] + b[5])
    nz = (a[2] + b[2] + half * (a[6] + b[6])) / SHRINK
    size = math.sqrt(nx * nx + ny * ny + nz * nz)
    nx, ny, nz = nx / size, ny / size, nz / size
    up, rise = x * nx + y * ny + z * nz, u * nx + v * ny + w * nz
    x, y, z = x - up * nx, y - up * ny, z - up * nz
    u, v, w = u - rise * nx, v - rise * ny, w - rise * nz
    aa, bb, cc = u * u + v * v + w * w, x * u + y * v + z * w, x * x + y * y + z * z
    low, high = _span(aa, bb, cc, radius * radius, inclusive)
    height, rate = b[3] - a[3], b[7] - a[7]
    if not np.isinf(vertical):
        if math.isnan(height + rate):
            if not could:
                return none
        else:
            least, most = _level(height, rate, vertical, inclusive)
            low, high = max(low, least), min(high, most)
    length = e - s
    if inclusive:
        if low > high or low > length or high < 0:
            return none
    elif not (low < high and low < length and high > 0):
        return none
    low, high = max(low, 0.0), min(high, length)
    near = min(max(-bb / aa, low), high) if aa > 0 else low
    apart = math.sqrt(max(0.0, _squared(x, y, z, u, v, w, near)))
    begun = math.sqrt(max(0.0, _squared(x, y, z, u, v, w, low)))
    closure = -(bb + aa * low) / begun if begun > 0 else -math.sqrt(aa)
    since, until = s + low, e if high == length else s + high
    return True, since, until, s + near, apart, abs(height + rate * near), closure


@_inner
def _squared(x: float, y: float, z: float, u: float, v: float, w: float, t: float) -> Any:
    x, y, z = x + t * u, y + t * v, z + t * w
    return x * x + y * y + z * z


@_inner
def _begin(nodes: Floats, i: Count, stop: Count, s: float, last: float) -> Count:
    """The piece of a box in which an instant lies."""
    while i < stop and nodes[i + 1, 0] <= s and nodes[i + 1, 0] < last:
        i += 1
    return i


@_inner
def _meet(
    one: Longs, other: Longs, radius: float, vertical: float, could: Count, inclusive: Count,
    nodes: Floats, found: Count, hits: Floats,
) -> Count:  # fmt: skip
    """Write down the passes of two boxes; gives how many hits there are now."""
    i, j = one[2], other[2]
    s = max(nodes[i, 0], nodes[j, 0])
    last = min(nodes[one[3], 0], nodes[other[3], 0])
    if s > last:
        return found
    i, j = _begin(nodes, i, one[3], s, last), _begin(nodes, j, other[3], s, last)
    until = -np.inf  # where the pass before ended
    while True:
        e = min(last, nodes[min(i + 1, one[3]), 0], nodes[min(j + 1, other[3]), 0])
        a, b = _at(nodes, i, one[3], s), _at(nodes, j, other[3], s)
        hit = _overlap(s, e, a, b, radius, vertical, could, inclusive)
        if hit[0]:
            if hit[1] > until:
                found += 1
            if found <= len(hits):
                _note(hits[found - 1], one[0], other[0], hit, hit[1] > until)
            until = hit[2]
        if e >= last:
            return found
        i += nodes[i + 1, 0] == e  # neither is at its last node, as that is not before the last
        j += nodes[j + 1, 0] == e
        s = e


@_inner
def _note(row: Floats, one: Count, other: Count, hit: Any, new: Count) -> None:
    if new:
        row[0], row[1], row[2], row[7] = one, other, hit[1], hit[6]
    row[3] = hit[2]
    if new or hit[4] < row[5]:
        row[4], row[5], row[6] = hit[3], hit[4], hit[5]


@_inner
def _apart(bounds: Floats, x: Count, y: Count, radius: float, vertical: float) -> Count:
    """Whether two boxes cannot come within the limits."""
    for k in range(3):
        if bounds[x, k] - bounds[y, 4 + k] > radius or bounds[y, k] - bounds[x, 4 + k] > radius:
            return True
    return bounds[x, 3] - bounds[y, 7] > vertical or bounds[y, 3] - bounds[x, 7] > vertical


@_inner
def _cell(bounds: Floats, x: Count, y: Count, reach: float, size: float) -> Count:
    """The cell in which the common part of two widened boxes begins."""
    key = np.int64(0)
    for k in range(3):
        least = max(bounds[x, k], bounds[y, k]) - reach
        key = (key << BITS) | (np.int64(math.floor(least / size)) + OFFSET)
    return key


@_inner
def _size(bounds: Floats, chosen: Longs, count: Count, reach: float) -> Any:
    """Sides of cells: twice a common box with its margin; a few large boxes do not matter."""
    step = max(1, count // 127)
    widths = np.empty((count + step - 1) // step)
    for x in range(len(widths)):
        own = chosen[x * step]
        for k in range(3):
            width = bounds[own, 4 + k] - bounds[own, k]
            widths[x] = width if k == 0 else max(widths[x], width)
    widths.sort()
    return max(FINEST, 2 * (widths[len(widths) // 2] + 2 * reach))


@_inner
def _cells_of(bounds: Floats, x: Count, reach: float, size: float, cells: Longs) -> Count:
    """From which to which cell a widened box goes along each axis; how many there are."""
    many = 1.0
    for k in range(3):
        cells[k] = np.int64(math.floor((bounds[x, k] - reach) / size))
        cells[3 + k] = np.int64(math.floor((bounds[x, 4 + k] + reach) / size))
        many *= cells[3 + k] - cells[k] + 1
    return np.int64(many) if many <= CELLS else 0


@_inner
def _enter(
    bounds: Floats, chosen: Longs, count: Count, reach: float, size: float, keys: Longs,
    members: Longs,
) -> Any:  # fmt: skip
    """List the cells of all boxes; boxes that have too many go to the end of ``members``."""
    cells = np.empty(6, np.int64)
    entries, large = 0, 0
    for x in range(count):
        many = _cells_of(bounds, chosen[x], reach, size, cells)
        if many == 0:
            large += 1
            members[len(members) - large] = chosen[x]
            continue
        for i in range(cells[0], cells[3] + 1):
            for j in range(cells[1], cells[4] + 1):
                for k in range(cells[2], cells[5] + 1):
                    key = (i + OFFSET) << BITS | (j + OFFSET)
                    keys[entries] = key << BITS | (k + OFFSET)
                    members[entries] = chosen[x]
                    entries += 1
    return entries, large


@_inner
def _count(bounds: Floats, chosen: Longs, count: Count, reach: float, size: float) -> Count:
    cells, entries = np.empty(6, np.int64), 0
    for x in range(count):
        entries += max(1, _cells_of(bounds, chosen[x], reach, size, cells))
    return entries


@_inner
def _sort(keys: Longs, members: Longs, entries: Count) -> Any:
    """Order entries by the place of their cell in a table, by counting: starts, keys, members."""
    bits = 1
    while (1 << bits) < entries:
        bits += 1
    shift = np.uint64(64 - bits)
    starts = np.zeros((1 << bits) + 2, np.int64)
    starts[-1] = entries
    for x in range(entries):
        starts[np.int64((np.uint64(keys[x]) * MIX) >> shift) + 1] += 1
    for x in range(1 << bits):
        starts[x + 1] += starts[x]
    sorted_keys, sorted_members = np.empty(entries, np.int64), np.empty(entries, np.int64)
    for x in range(entries - 1, -1, -1):
        place = np.int64((np.uint64(keys[x]) * MIX) >> shift) + 1
        starts[place] -= 1
        sorted_keys[starts[place]], sorted_members[starts[place]] = keys[x], members[x]
    return starts[1:], sorted_keys, sorted_members


@_inner
def _wanted(
    one: Count, other: Count, rule: Any, domain: Places, side: Longs, still: Flags
) -> Count:
    """Whether two tracks are looked at in this round."""
    if one == other or (side[one] >= 0 and side[one] == side[other]):
        return False
    if still[one] and still[other]:
        return False
    return rule[0] == rule[1] or domain[one] != domain[other]


@_inner
def _try(x: Count, y: Count, rule: Any, given: Any, found: Count, hits: Floats) -> Count:
    """Take a candidate of a round, whose ``rule`` and ``given`` are those of `_round`."""
    boxes = given[4]
    one, other = boxes[x], boxes[y]
    if not _wanted(one[TRACK], other[TRACK], rule, given[0], given[1], given[2]):
        return found
    if one[TRACK] > other[TRACK]:
        one, other = other, one
    return _meet(one, other, rule[2], rule[4], rule[5], rule[6], given[3], found, hits)


@_inner
def _choose(begin: Count, end: Count, rule: Any, given: Any, chosen: Longs) -> Count:
    """List the boxes of a slice that belong to the pair of domains."""
    domain, boxes, count = given[0], given[4], 0
    for x in range(begin, end):
        kind = domain[boxes[x, TRACK]]
        if kind == rule[0] or kind == rule[1]:
            chosen[count] = x
            count += 1
    return count


@_inner
def _all(chosen: Longs, count: Count, rule: Any, given: Any, found: Count, hits: Floats) -> Count:
    """Compare each box with each: few need no grid."""
    for m in range(count):
        for n in range(m):
            if not _apart(given[5], chosen[m], chosen[n], rule[3], rule[4]):
                found = _try(chosen[m], chosen[n], rule, given, found, hits)
    return found


@_inner
def _in_cells(
    cells: Longs, order: Longs, size: float, rule: Any, given: Any, starts: Longs, found: Count,
    hits: Floats,
) -> Count:  # fmt: skip
    """Compare the boxes of each cell."""
    bounds, wide = given[5], rule[3]
    for table in range(len(starts) - 1):
        for m in range(starts[table], starts[table + 1]):
            x = order[m]
            for n in range(starts[table], m):
                y = order[n]
                if cells[m] != cells[n] or _apart(bounds, x, y, wide, rule[4]):
                    continue
                if _cell(bounds, x, y, 0.5 * wide, size) == cells[m]:
                    found = _try(x, y, rule, given, found, hits)
    return found


@_inner
def _large(
    large: Longs, chosen: Longs, count: Count, size: float, rule: Any, given: Any, found: Count,
    hits: Floats,
) -> Count:  # fmt: skip
    """Compare boxes that have too many cells with all."""
    bounds, wide, cells = given[5], rule[3], np.empty(6, np.int64)
    for m in range(len(large)):
        x = large[m]
        for n in range(count):
            y = chosen[n]
            if _apart(bounds, x, y, wide, rule[4]):
                continue
            if y < x or _cells_of(bounds, y, 0.5 * wide, size, cells) > 0:
                found = _try(x, y, rule, given, found, hits)
    return found


@_inner
def _round(
    begin: Count, end: Count, rule: Any, given: Any, chosen: Longs, found: Count, hits: Floats
) -> Count:
    """Find the hits of a slice between craft of one pair of domains.

    ``rule`` are the two domains, limit, limit widened, vertical limit, whether an unknown height
    could hold, whether limits are inclusive; ``given`` domain, side, still, nodes, boxes, bounds.
    """
    count = _choose(begin, end, rule, given, chosen)
    if count < FEW:
        return _all(chosen, count, rule, given, found, hits)
    bounds, reach = given[5], 0.5 * rule[3]
    size = _size(bounds, chosen, count, reach)
    room = _count(bounds, chosen, count, reach, size)
    keys, members = np.empty(room, np.int64), np.empty(room, np.int64)
    entries, large = _enter(bounds, chosen, count, reach, size, keys, members)
    starts, cells, order = _sort(keys, members, entries)
    found = _in_cells(cells, order, size, rule, given, starts, found, hits)
    return _large(members[room - large :], chosen, count, size, rule, given, found, hits)


@_inner
def _by_slice(first: Count, last: Count, boxes: Longs, bounds: Floats) -> Any:
    """Boxes and bounds in the order of their slices, and where each slice starts."""
    starts = np.zeros(last - first + 2, np.int64)
    for x in range(len(boxes)):
        starts[boxes[x, 1] - first + 2] += 1
    for x in range(last - first):
        starts[x + 2] += starts[x + 1]
    sorted_boxes, sorted_bounds = np.empty_like(boxes), np.empty_like(bounds)
    for x in range(len(boxes)):
        place = boxes[x, 1] - first + 1
        sorted_boxes[starts[place]] = boxes[x]
        sorted_bounds[starts[place]] = bounds[x]
        starts[place] += 1
    return starts, sorted_boxes, sorted_bounds


@njit(cache=True, nogil=True, error_model="numpy")
def scan(
    first: Count, last: Count, horizontal: Floats, wide: Floats, vertical: Floats, could: Count,
    inclusive: Count, domain: Places, side: Longs, still: Flags, nodes: Floats, boxes: Longs,
    bounds: Floats, hits: Floats,
) -> Count:  # fmt: skip
    """Find all hits of a group of slices: how many, which may be more than there was room for.

    ``horizontal``, ``wide`` and ``vertical`` (3, 3) are the limits, ``wide`` being how far boxes
    can be apart; ``side`` (K,) is below 0 for a track that is met by all. ``hits`` (n, 8) are the
    two tracks, start, end, instant and distances where they are closest, and closure at the start.
    """
    starts, boxes, bounds = _by_slice(first, last, boxes, bounds)
    chosen = np.empty(len(boxes), np.int64)
    given = (domain, side, still, nodes, boxes, bounds)
    found = np.int64(0)
    for place in range(last - first):
        begin, end = starts[place], starts[place + 1]
        if end - begin < 2:
            continue
        for i in range(LAST):
            for j in range(i, LAST):
                if horizontal[i, j] > 0:
                    limit = (horizontal[i, j], wide[i, j], vertical[i, j])
                    rule = (i, j, limit[0], limit[1], limit[2], could, inclusive)
                    found = _round(begin, end, rule, given, chosen, found, hits)
    return found
