"""Every pair of craft that comes close, in continuous time.

Two craft are compared where both are: at their fixes, and on the ways between them. Horizontal
distance is measured in the tangent plane midway between the two, height apart from it. Ways are cut
at absolute borders of slices and into pieces of 20 km at most, which are straight in space. For
limits up to 20 km the distance is then that of the geodesic between the two places to within 1e-5
of it or 2 cm, whichever is more, and to within 3e-4 at the widest limit of 300 km.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from detente.encounters.approach import plain
from detente.encounters.approach.limits import Limits
from detente.encounters.approach.motion import nodes, normal, slices, surface
from detente.encounters.approach.shape import widened
from detente.encounters.tracks import Flags, Floats, Longs, Tracks
from detente.ground.errors import UsageError

SMALL = 100_000  # fixes; fewer need no compiler
GROUP = 1 << 19  # nodes of a group of slices
MOST_SLICES = 1 << 27
LENGTHS = (10, 15, 20, 30, 60, 120, 180, 300)


@dataclass(frozen=True, eq=False)
class Hits:
    """M passes of pairs of tracks within the limits, ordered by ``a``, ``b`` and ``start``.

    ``a`` and ``b`` (M,) are places of tracks, a < b; ``start`` and ``end`` seconds since
    1970-01-01 UTC; ``closest`` the first instant of the least horizontal distance while both limits
    held, ``horizontal`` and ``vertical`` metres there, NaN where a height is not known;
    ``closure`` how fast the distance shrank at ``start``, metres a second.
    """

    a: Longs
    b: Longs
    start: Floats
    end: Floats
    closest: Floats
    horizontal: Floats
    vertical: Floats
    closure: Floats

    def __len__(self) -> int:
        """The number of passes."""
        return len(self.a)


def search(
    tracks: Tracks,
    limits: Limits,
    *,
    sides: Longs | None = None,
    still: Flags | None = None,
    slice_seconds: int | None = None,
    threads: int = 1,
    compiled: bool | None = None,
) -> Hits:
    """Find every pass of two craft within the limits.

    Parameters
    ----------
    tracks
        N fixes of K tracks.
    limits
        How near is close, for each pair of domains.
    sides
        (K,) of each track; only tracks of different sides are paired, and one below 0 with all.
    still
        (K,) tracks that are not paired with each other, as of `standing`.
    slice_seconds
        Length of the slices of time; left out, a few times the usual time between fixes. It
        changes the work, and the result by rounding only.
    threads
        How many groups of slices are searched at a time; the result does not depend on it.
    compiled
        Whether kernels or NumPy do it; left out, kernels do where there are many fixes.

    Raises
    ------
    UsageError
        Where a length does not fit, or slices are too short for the time between first and last.

    """
    count = len(tracks.ids)
    sides = np.full(count, -1) if sides is None else np.asarray(sides, np.int64)
    still = np.zeros(count, np.bool_) if still is None else np.asarray(still, np.bool_)
    if len(sides) != count or len(still) != count:
        raise UsageError(f"{len(sides)} sides and {len(still)} that stand still, {count} tracks.")
    length = usual_slice(tracks) if slice_seconds is None else slice_seconds
    if length < 1 or int(length) != length:
        raise UsageError("A slice is a whole number of seconds.")
    if not len(tracks):
        return join(np.zeros((0, 8)))
    if compiled if compiled is not None else len(tracks) >= SMALL:
        return join(_compiled(tracks, limits, sides, still, length, threads))
    return join(_plain(tracks, limits, sides, still, length))


def rows_of(
    tracks: Tracks, limits: Limits, span: tuple[int, int], *, sides: Longs, still: Flags,
    length: int, compiled: bool,
) -> Floats:  # fmt: skip
    """The rows (n, 8) of hits in the slices from one to before another, for `join`.

    Ways that lead over a border of the span must be there whole. ``sides``, ``still``, ``compiled``
    and ``length`` as of `search`, which puts together the rows of all slices.
    """
    if not len(tracks):
        return np.zeros((0, 8))
    if not compiled:
        return _plain(tracks, limits, sides, still, length, span)
    parts = [np.zeros((0, 8))]
    for first, last, size in _groups(tracks, length):
        own = max(first, span[0]), min(last, span[1])
        if own[0] < own[1]:
            parts.append(_group(tracks, limits, sides, still, length, (*own, size)))
    return np.concatenate(parts)


def usual_slice(tracks: Tracks) -> int:
    """Seconds of a slice, about ten times the median time between fixes of an uncut way."""
    sample = np.arange(1, len(tracks), max(1, len(tracks) // 100_000))
    sample = sample[~tracks.cut[sample]]
    if not len(sample):
        return LENGTHS[-1]
    usual = 10 * float(np.median(tracks.seconds[sample] - tracks.seconds[sample - 1]))
    return min(LENGTHS, key=lambda length: (abs(length - usual), length))


def standing(tracks: Tracks, metres: float) -> Flags:
    """Which tracks (K,) never leave a box in space with sides of so many metres."""
    found = np.zeros(len(tracks.ids), np.bool_)
    full = np.flatnonzero(np.diff(tracks.starts))
    if len(full):
        spots = surface(normal(tracks.lat, tracks.lon))
        starts = tracks.starts[full]
        wide = np.maximum.reduceat(spots, starts) - np.minimum.reduceat(spots, starts)
        found[full] = (wide <= metres).all(axis=1)
    return found


def join(rows: Floats) -> Hits:
    """Put together rows (n, 8), as kernels give them, where one ends at which the next starts."""
    return merge(rows, rows[:, 5])[0]


def merge(rows: Floats, rank: Floats) -> tuple[Hits, Longs]:
    """As `join`, with the row of each hit whose ``rank`` (n,) is least taken for the closest."""
    order = np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))
    rows, rank = rows[order], rank[order]
    first, run = runs(rows)
    best = np.lexsort((rows[:, 4], rank, run))[first]
    until = np.maximum.reduceat(rows[:, 3], first) if len(rows) else np.zeros(0)
    a, b = rows[first, 0].astype(np.int64), rows[first, 1].astype(np.int64)
    closest, horizontal, vertical = rows[best, 4], rows[best, 5], rows[best, 6]
    found = Hits(a, b, rows[first, 2], until, closest, horizontal, vertical, closure=rows[first, 7])
    return found, order[best]


def runs(rows: Floats, gap: float = 0.0) -> tuple[Longs, Longs]:
    """Where runs begin, and the run of each row; rows are a, b, start, end in this order.

    A run is of one pair, and each of its rows starts within ``gap`` seconds after the end before.
    """
    pair = (np.diff(rows[:, 0]) != 0) | (np.diff(rows[:, 1]) != 0)
    new = np.append(True, pair | (rows[1:, 2] > rows[:-1, 3] + gap))[: len(rows)]
    return np.flatnonzero(new), np.cumsum(new) - 1


def _limits(tracks: Tracks, limits: Limits) -> tuple[Floats, Floats, Floats]:
    """Horizontal, widened and vertical limits, (3, 3) each, of the domains that are there."""
    horizontal, vertical = limits.arrays()
    there = np.isin(np.arange(len(horizontal)), tracks.domain)
    horizontal = np.where(there[:, None] & there, horizontal, 0.0)
    wide = np.vectorize(widened)(horizontal)
    return horizontal, np.where(horizontal > 0, wide, 0.0), vertical


def _plain(
    tracks: Tracks, limits: Limits, sides: Longs, still: Flags, length: int,
    span: tuple[int, int] | None = None,
) -> Floats:  # fmt: skip
    horizontal, wide, vertical = _limits(tracks, limits)
    made = nodes(tracks, length)
    if span is not None:
        held = (made.boxes[:, 1] >= span[0]) & (made.boxes[:, 1] < span[1])
        made = replace(made, boxes=made.boxes[held], bounds=made.bounds[held])
    kinds = tracks.domain[made.boxes[:, 0]]
    could, inclusive = limits.unknown_height == "could-hold", limits.inclusive
    found = [np.zeros((0, 8))]
    for one, other in plain.candidates(made, wide, vertical, tracks.domain, sides, still):
        pair = kinds[one], kinds[other]
        found.append(
            plain.meetings(
                made,
                one,
                other,
                horizontal[pair],
                vertical[pair],
                could=could,
                inclusive=inclusive,
            )
        )
    return np.concatenate(found)


def _compiled(
    tracks: Tracks, limits: Limits, sides: Longs, still: Flags, length: int, threads: int
) -> Floats:
    groups = list(_groups(tracks, length))
    run = partial(_group, tracks, limits, sides, still, length)
    if threads == 1:
        return np.concatenate([run(group) for group in groups])
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(run, groups)))


def _groups(tracks: Tracks, length: int) -> Iterator[tuple[int, int, int]]:
    """First slice, slice after the last, and about how many nodes, of what is done at once."""
    from detente.encounters.approach import node_kernels

    ends = np.array([tracks.seconds.min(), tracks.seconds.max()])
    first, last = (int(place) for place in slices(ends, length))
    if last - first >= MOST_SLICES:
        raise UsageError(f"Slices of {length} s are too short for {np.ptp(ends):.0f} s of tracks.")
    counts = np.zeros(last - first + 1, np.int64)
    survey: Any = node_kernels.survey
    survey(float(length), first, tracks.starts, tracks.seconds, tracks.cut, counts)
    totals = np.cumsum(counts)
    place, done = 0, 0
    while place < len(counts):
        stop = max(place + 1, int(np.searchsorted(totals, done + GROUP, side="right")))
        if totals[stop - 1] > done:
            yield first + place, first + stop, int(totals[stop - 1] - done)
        place, done = stop, int(totals[stop - 1])


def _group(
    tracks: Tracks, limits: Limits, sides: Longs, still: Flags, length: int,
    group: tuple[int, int, int],
) -> Floats:  # fmt: skip
    """The hits of a group of slices."""
    from detente.encounters.approach import kernels, node_kernels

    gather: Any = node_kernels.gather
    scan: Any = kernels.scan
    first, last, size = group
    many = (size + 64, size + 64)
    while True:
        room = np.empty((many[0], 5)), np.empty((many[1], 4), np.int64), np.empty((many[1], 8))
        need = gather(
            first, last, float(length), tracks.starts, tracks.seconds, tracks.lat, tracks.lon,
            tracks.height, tracks.cut, *room,
        )  # fmt: skip
        if need[0] <= many[0] and need[1] <= many[1]:
            break
        many = need
    filled = room[0], room[1][: need[1]], room[2][: need[1]]
    could, inclusive = limits.unknown_height == "could-hold", limits.inclusive
    hits = np.empty((max(1024, need[1]), 8))
    while True:
        count = scan(
            first, last, *_limits(tracks, limits), could, inclusive, tracks.domain, sides, still,
            *filled, hits,
        )  # fmt: skip
        if count <= len(hits):
            return hits[:count].copy()
        hits = np.empty((count, 8))
