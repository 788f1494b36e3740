"""Cut a search into parts of time and space that give, put together, what the whole gives.

Time is cut at borders of slices, so a row of a hit lies in one part of time, and each track comes
into a part with all of its ways there: its boxes, and so the rows, are those of the whole, to the
bit. Space is cut into cubes around the earth's middle: there is no pole and no seam. A track is a
member of each cube that the box around its ways touches once it is widened by half of the widest
limit. Two that come within it share the cube in which the middle between them lies; of all cubes
that they share the one with the least corner owns the pair, and no other part keeps its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from detente.encounters.approach.limits import Limits
from detente.encounters.approach.motion import normal, surface
from detente.encounters.approach.search import rows_of
from detente.encounters.approach.shape import widened
from detente.encounters.judge import part
from detente.encounters.tracks import Flags, Floats, Longs, Tracks
from detente.ground.errors import UsageError

EARTH = 6_335_000.0  # metres, the least radius of curvature of WGS 84
CUBE, LEAST_CUBES = 500_000.0, 8.0
BITS, OFFSET = 20, 1 << 19


@dataclass(frozen=True)
class Plan:
    """How a search is cut: ``slab`` slices of ``length`` seconds, cubes of ``cube`` metres.

    ``reach`` metres is half of the widest limit, as far as it goes in space; ``compiled`` whether
    kernels search, which must not depend on the part.
    """

    length: int
    slab: int
    cube: float
    reach: float
    compiled: bool

    @property
    def seconds(self) -> int:
        """Length of a part in time."""
        return self.length * self.slab


def plan(
    limits: Limits, length: int, *, hours: float = 1.0, cube: float = CUBE, compiled: bool = True
) -> Plan:
    """A plan for limits and slices of ``length`` seconds; parts last about so many hours.

    Raises
    ------
    UsageError
        Where parts do not last, or cubes are not large beside the limits.

    """
    if length < 1 or not hours > 0:
        raise UsageError("Slices and parts of time last some seconds.")
    reach = max(widened(one.horizontal) for one in limits.of.values()) / 2
    cube = max(cube, LEAST_CUBES * reach)
    return Plan(length, max(1, round(3600 * hours / length)), cube, reach, compiled)


@dataclass(frozen=True, eq=False)
class Members:
    """Tracks of one slab, and from which to which cube (m, 3) each of them goes."""

    tracks: Longs
    low: Longs
    high: Longs

    def keys(self) -> tuple[Longs, Longs]:
        """The place in ``tracks`` and the cube, by its key, of each membership."""
        sides = self.high - self.low + 1
        many = sides.prod(axis=1)
        own = np.repeat(np.arange(len(many)), many)
        step = np.arange(len(own)) - np.repeat(np.cumsum(many) - many, many)
        z = step % sides[own, 2]
        y = step // sides[own, 2] % sides[own, 1]
        x = step // (sides[own, 2] * sides[own, 1])
        return own, key(self.low[own] + np.stack([x, y, z], axis=1))


def key(cube: Longs) -> Longs:
    """One number for each cube (m, 3)."""
    x, y, z = np.moveaxis(cube + OFFSET, -1, 0)
    found: Longs = (x << (2 * BITS)) | (y << BITS) | z
    return found


def slabs(tracks: Tracks, of: Plan) -> range:
    """The parts of time that tracks go through."""
    if not len(tracks):
        return range(0)
    ends = np.array([tracks.seconds.min(), tracks.seconds.max()])
    first, last = (int(x) for x in np.floor(ends / of.seconds))
    return range(first, last + 1)


def in_slab(tracks: Tracks, slab: int, of: Plan) -> Tracks:
    """The tracks (K) with the fixes around all their ways in a slab; those without are empty."""
    begin, end = slab * of.seconds, (slab + 1) * of.seconds
    counts = np.diff(tracks.starts)
    full = np.flatnonzero(counts)
    first, last = tracks.seconds[tracks.starts[full]], tracks.seconds[tracks.starts[full + 1] - 1]
    return part(tracks, full[(first < end) & (last >= begin)], begin, end)


def members(own: Tracks, of: Plan) -> Members:
    """The cubes of tracks of one slab.

    A way bulges out of the box around its ends by no more than its square over four radii.
    """
    spots = surface(normal(own.lat, own.lon))
    gone = np.sqrt((np.diff(spots, axis=0, prepend=spots[:1]) ** 2).sum(axis=1))
    bulge = np.where(own.cut, 0.0, 1.05 * gone**2 / (4 * EARTH))
    full = np.flatnonzero(np.diff(own.starts))
    if not len(full):
        none = np.zeros((0, 3), np.int64)
        return Members(full, none, none)
    starts = own.starts[full]
    wide = np.maximum.reduceat(bulge, starts)[:, None] + of.reach + 1.0
    low = np.minimum.reduceat(spots, starts) - wide
    high = np.maximum.reduceat(spots, starts) + wide
    return Members(full, _cube(low, of), _cube(high, of))


def _cube(spots: Floats, of: Plan) -> Longs:
    found: Longs = np.floor(spots / of.cube).astype(np.int64)
    return found


def rows(
    own: Tracks, limits: Limits, slab: int, cube: int, of: Plan, *, sides: Longs, still: Flags
) -> Floats:
    """The rows (n, 8) of hits of one part; ``a`` and ``b`` are places in ``own``.

    Parameters
    ----------
    own
        The members of the cube, as `in_slab` gives them, in the order of all tracks.
    limits
        As of `search`.
    slab, cube
        Which part it is; the cube by its `key`.
    of
        The plan.
    sides, still
        As of `search`, of these tracks.

    """
    span = slab * of.slab, (slab + 1) * of.slab
    found = rows_of(
        own, limits, span, sides=sides, still=still, length=of.length, compiled=of.compiled
    )
    where = members(own, of)
    low = np.zeros((len(own.ids), 3), np.int64)
    low[where.tracks] = where.low
    a, b = found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)
    kept: Floats = found[key(np.maximum(low[a], low[b])) == cube]
    return kept


def parts(tracks: Tracks, of: Plan, *, least: int = 2) -> Iterator[tuple[int, int, Longs, Tracks]]:
    """Slab, cube, places of tracks, and their tracks, of each part with at least so many."""
    for slab in slabs(tracks, of):
        own = in_slab(tracks, slab, of)
        names = {name: k for k, name in enumerate(zip(tracks.domain, tracks.ids, strict=True))}
        place = np.array([names[one] for one in zip(own.domain, own.ids, strict=True)], np.int64)
        where = members(own, of)
        member, cubes = where.keys()
        order = np.lexsort((member, cubes))
        member, cubes = where.tracks[member[order]], cubes[order]
        edges = np.flatnonzero(np.diff(cubes, prepend=-1, append=-1))
        for begin, end in pairwise(edges):
            if end - begin >= least:
                chosen = member[begin:end]
                yield slab, int(cubes[begin]), place[chosen], part(own, chosen, -np.inf, np.inf)
