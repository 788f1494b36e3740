"""The search in NumPy: the oracle of `kernels`, and the path of small problems.

The same boxes and the same quadratics, rounded alike but for the last digits of sines; candidates
come from one sweep along an axis instead of a grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from detente.encounters.approach.motion import Nodes
from detente.encounters.approach.shape import SHRINK, TRACK
from detente.encounters.tracks import Flags, Floats, Longs, Places

Stretches = tuple[Longs, Longs, Longs, Floats, Floats]

_BATCH = 1 << 18  # candidates, or pieces of candidates, at a time
_WORLD = 2e7  # metres; further apart than any two places along an axis


def candidates(
    made: Nodes, wide: Floats, vertical: Floats, domain: Places, side: Longs, still: Flags
) -> Iterator[tuple[Longs, Longs]]:
    """Pairs of boxes of different tracks in one slice whose bounds come within the limits."""
    kinds = domain[made.boxes[:, TRACK]]
    _, place = np.unique(made.boxes[:, 1], return_inverse=True)
    key = place * _WORLD + made.bounds[:, 0]
    order = np.argsort(key, kind="stable")
    reach = place * _WORLD + made.bounds[:, 4] + wide.max() + 1
    many = np.searchsorted(key[order], reach[order], side="right") - np.arange(len(order)) - 1
    totals = np.cumsum(many)
    start = 0
    while start < len(order):
        done = totals[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(totals, done + _BATCH, side="right")))
        own = np.repeat(np.arange(start, stop), many[start:stop])
        far = own + 1 + np.arange(len(own)) - (totals[own] - many[own] - done)
        start = stop
        one, other = order[own], order[far]
        a, b = made.boxes[one, TRACK], made.boxes[other, TRACK]
        radius = wide[kinds[one], kinds[other]]
        held = (place[one] == place[other]) & (a != b) & (radius > 0) & ~(still[a] & still[b])
        held &= (side[a] < 0) | (side[a] != side[b])
        one, other, radius, swap = one[held], other[held], radius[held], (a > b)[held]
        near = ~_apart(
            made.bounds[one], made.bounds[other], radius, vertical[kinds[one], kinds[other]]
        )
        first, second = np.where(swap, other, one), np.where(swap, one, other)
        yield from _few(made, first[near], second[near])


def _few(made: Nodes, one: Longs, other: Longs) -> Iterator[tuple[Longs, Longs]]:
    """The same pairs, so many at a time that their pieces can be compared all with all."""
    pieces = made.boxes[:, 3] - made.boxes[:, 2] + 1
    totals = np.cumsum(pieces[one] * pieces[other])
    start = 0
    while start < len(one):
        done = totals[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(totals, done + _BATCH, side="right")))
        yield one[start:stop], other[start:stop]
        start = stop


def _apart(p: Floats, q: Floats, radius: Floats, vertical: Floats) -> Flags:
    gap = np.maximum(p[:, :4] - q[:, 4:], q[:, :4] - p[:, 4:])
    found: Flags = (gap[:, :3] > radius[:, None]).any(axis=1) | (gap[:, 3] > vertical)
    return found


def meetings(
    made: Nodes, one: Longs, other: Longs, radius: Floats, vertical: Floats, *, could: bool,
    inclusive: bool,
) -> Floats:  # fmt: skip
    """The hits (n, 8) of pairs of boxes, one for each stretch in which both go straight.

    Columns as of `kernels.scan`; ``radius`` and ``vertical`` are those of the pairs.
    """
    met = overlaps(made, one, other)
    pair = met[0]
    found, rows = hits(
        made, one, other, met, radius[pair], vertical[pair], could=could, inclusive=inclusive
    )
    return rows[found]


def hits(
    made: Nodes, one: Longs, other: Longs, met: Stretches, radius: Floats, vertical: Floats, *,
    could: bool, inclusive: bool,
) -> tuple[Flags, Floats]:  # fmt: skip
    """Which stretches hold a hit, and the rows (n, 8) of all."""
    pair, i, j, s, e = met
    first, second = made.boxes[one[pair]], made.boxes[other[pair]]
    a, b = _at(made.nodes, i, first[:, 3], s), _at(made.nodes, j, second[:, 3], s)
    hit = _overlap(s, e, a, b, radius, vertical, could=could, inclusive=inclusive)
    return hit[0], np.column_stack([first[:, TRACK], second[:, TRACK], *hit[1:]])


def overlaps(made: Nodes, one: Longs, other: Longs) -> Stretches:
    """Pair, node of each, from, to: every stretch in which both boxes' craft go straight."""
    at, nodes = made.boxes, made.nodes[:, 0]
    low = np.maximum(nodes[at[one, 2]], nodes[at[other, 2]])
    high = np.minimum(nodes[at[one, 3]], nodes[at[other, 3]])
    held = np.flatnonzero(low <= high)
    own = np.maximum(at[one, 3] - at[one, 2], 1)[held]
    its = np.maximum(at[other, 3] - at[other, 2], 1)[held]
    pair = np.repeat(held, own * its)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(own * its) - own * its, own * its)
    wide = np.repeat(its, own * its)
    i, j = at[one[pair], 2] + step // wide, at[other[pair], 2] + step % wide
    until_i = nodes[np.minimum(i + 1, at[one[pair], 3])]
    until_j = nodes[np.minimum(j + 1, at[other[pair], 3])]
    s = np.maximum(nodes[i], nodes[j])
    e = np.minimum(until_i, until_j)
    # Where the boxes share one instant only, the pieces that end there or are no more than it.
    instant = low[pair] == high[pair]
    first_i = (nodes[i] < s) | (i == at[one[pair], 2])
    first_j = (nodes[j] < s) | (j == at[other[pair], 2])
    good = np.where(instant, (s == e) & first_i & first_j, s < e)
    return pair[good], i[good], j[good], s[good], e[good]


def _at(nodes: Floats, i: Longs, stop: Longs, t: Floats) -> tuple[Floats, Floats]:
    """Places and heights (n, 4), and their rates, at instants of the pieces after nodes ``i``."""
    row, far = nodes[i], nodes[np.minimum(i + 1, stop)]
    span = np.where(i < stop, far[:, 0] - row[:, 0], 1.0)
    rate = np.where((i < stop)[:, None], (far[:, 1:] - row[:, 1:]) / span[:, None], 0.0)
    return row[:, 1:] + (t - row[:, 0])[:, None] * rate, rate


def _overlap(
    s: Floats, e: Floats, a: Any, b: Any, radius: Floats, vertical: Floats, *, could: bool,
    inclusive: bool,
) -> Any:  # fmt: skip
    """When both limits hold while two craft go straight, as `kernels._overlap`."""
    half = (0.5 * (e - s))[:, None]
    up = a[0][:, :3] + b[0][:, :3] + half * (a[1][:, :3] + b[1][:, :3])
    up[:, 2] /= SHRINK
    up /= np.sqrt(_dot(up, up))[:, None]
    d, v = b[0] - a[0], b[1] - a[1]
    flat, rate = (x[:, :3] - _dot(x[:, :3], up)[:, None] * up for x in (d, v))
    aa, bb, cc = _dot(rate, rate), _dot(flat, rate), _dot(flat, flat)
    low, high = span(aa, bb, cc, radius * radius, inclusive=inclusive)
    known = ~np.isnan(d[:, 3] + v[:, 3])
    least, most = level(d[:, 3], v[:, 3], vertical, inclusive=inclusive)
    free = np.isinf(vertical) | (could & ~known)
    least, most = np.where(free, -np.inf, least), np.where(free, np.inf, most)
    low, high, length = np.maximum(low, least), np.minimum(high, most), e - s
    found = free | known
    if inclusive:
        found &= (low <= high) & (low <= length) & (high >= 0)
    else:
        found &= (low < high) & (low < length) & (high > 0)
    low, high = np.where(found, np.maximum(low, 0), 0), np.where(found, np.minimum(high, length), 0)
    near = np.where(aa > 0, np.clip(-bb / np.where(aa > 0, aa, 1), low, high), low)
    apart, begun = (np.sqrt(_squared(flat, rate, t)) for t in (near, low))
    closure = np.where(begun > 0, -(bb + aa * low) / np.where(begun > 0, begun, 1), -np.sqrt(aa))
    until = np.where(high == length, e, s + high)
    return found, s + low, until, s + near, apart, np.abs(d[:, 3] + v[:, 3] * near), closure


def span(a: Floats, b: Floats, c: Floats, limit: Floats, *, inclusive: bool) -> Any:
    """Where a t^2 + 2 b t + c is below the limit: from, to; from above to where it never is."""
    over = c - limit
    always = (a == 0) & (b == 0)
    holds = over <= 0 if inclusive else over < 0
    below = b * b - a * over
    never = np.where(always, ~holds, below < 0 if inclusive else below <= 0)
    q = -(b + np.copysign(np.sqrt(np.maximum(below, 0)), b))
    one = q / np.where(a == 0, 1, a)
    other = np.where(q == 0, 0, over / np.where(q == 0, 1, q))
    low, high = np.minimum(one, other), np.maximum(one, other)
    low, high = np.where(always, -np.inf, low), np.where(always, np.inf, high)
    return np.where(never, np.inf, low), np.where(never, -np.inf, high)


def level(z: Floats, rate: Floats, limit: Floats, *, inclusive: bool) -> Any:
    """Where |z + rate t| is below the limit: from, to; from above to where it never is."""
    holds = np.abs(z) <= limit if inclusive else np.abs(z) < limit
    safe = np.where(rate == 0, 1, rate)
    bound = np.where(np.isinf(limit), 0, limit)
    one, other = (-bound - z) / safe, (bound - z) / safe
    low, high = np.minimum(one, other), np.maximum(one, other)
    ever = np.where(rate == 0, np.where(holds, -np.inf, np.inf), low)
    return ever, np.where(rate == 0, np.where(holds, np.inf, -np.inf), high)


def _dot(a: Floats, b: Floats) -> Floats:
    found: Floats = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]
    return found


def _squared(flat: Floats, rate: Floats, t: Floats) -> Floats:
    gone = flat + t[:, None] * rate
    return _dot(gone, gone)
