"""Where the two craft of an encounter were, and one as seen from the other, with bounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detente.encounters.dossier.results import Path, Position, Sample
from detente.encounters.geometry.pair import Seen, seen
from detente.encounters.geometry.settings import USUAL, Settings
from detente.encounters.geometry.way import Way, way
from detente.encounters.results import Bound, Encounter
from detente.encounters.tracks import DOMAINS, Floats, Tracks
from detente.ground.errors import UsageError

MOST_POSITIONS = 1000  # of a craft; more are thinned evenly
MOST_SAMPLES = 120
EVEN = 61  # samples at even times, so that gaps have some


def path(tracks: Tracks, craft: str, start: float, end: float) -> Path:
    """The positions of a craft from ``start`` to ``end``.

    Raises
    ------
    UsageError
        There is no such craft, or two of the name.

    """
    place = place_of(tracks, craft)
    first, last = int(tracks.starts[place]), int(tracks.starts[place + 1])
    own = np.arange(first, last)
    own = own[(tracks.seconds[own] >= start) & (tracks.seconds[own] <= end)]
    kept = own[_spread(len(own), MOST_POSITIONS)]
    gaps = np.cumsum(tracks.cut[own])[_spread(len(own), MOST_POSITIONS)]
    gap = np.append(False, np.diff(gaps) > 0)
    positions = tuple(
        Position(
            instant=float(tracks.seconds[fix]),
            within_s=_known(tracks.clock_error[fix]),
            lat=float(tracks.lat[fix]),
            lon=float(tracks.lon[fix]),
            within_m=_known(tracks.error[fix]),
            height=_known(tracks.height[fix]),
            height_within=_known(tracks.height_error[fix]),
            gap=bool(broken),
        )
        for fix, broken in zip(kept, gap, strict=False)
    )
    return Path(craft, DOMAINS[int(tracks.domain[place])], positions)


def place_of(tracks: Tracks, craft: str) -> int:
    """The place of the one track of this name; `UsageError` where there is none or several."""
    if tracks.ids.count(craft) != 1:
        raise UsageError(f"There are {tracks.ids.count(craft)} tracks of the name {craft}.")
    return tracks.ids.index(craft)


def _spread(count: int, most: int) -> slice:
    """Every so-manieth of ``count``, so that at most ``most`` are left."""
    return slice(None, None, max(1, -(-count // most)))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def samples(
    tracks: Tracks, found: Encounter, start: float, end: float, *, settings: Settings = USUAL
) -> tuple[Sample, ...]:
    """The second craft as seen from the first from ``start`` to ``end``.

    At the fixes of both, at even times between, and at the closest instant, while both are between
    two fixes; where one has a single fix, at the instants at which both have one.
    """
    places = place_of(tracks, found.a), place_of(tracks, found.b)
    one, other = (way(tracks, place, start, end, settings) for place in places)
    if one is None or other is None:
        return tuple(_shared(tracks, *places, start, end))
    low, high = max(one.first, other.first, start), min(one.last, other.last, end)
    if low > high:
        return ()
    instants = _instants(one, other, low, high, found.closest)
    rate = min(settings.rate[one.domain], settings.rate[other.domain])
    both = seen(one, other, instants)
    since, until = np.maximum(instants - rate / 2, low), np.minimum(instants + rate / 2, high)
    closure, closure_off = _closure(seen(one, other, since), seen(one, other, until), until - since)
    return tuple(
        Sample(
            instant=float(instants[place]),
            east=float(both.east[place]),
            north=float(both.north[place]),
            within=float(both.off[place]),
            distance=_around(both.distance[place], both.off[place], least=0.0),
            above=_maybe(both.above[place], both.above_off[place]),
            closure=_maybe(closure[place], closure_off[place]),
        )
        for place in range(len(instants))
        if np.isfinite(both.off[place])
    )


def _instants(one: Way, other: Way, low: float, high: float, closest: float) -> Floats:
    every = np.unique(np.concatenate([one.seconds, other.seconds, np.linspace(low, high, EVEN)]))
    every = every[(every >= low) & (every <= high)]
    kept = every[_spread(len(every), MOST_SAMPLES)]
    if low <= closest <= high:
        kept = np.append(kept, closest)
    return np.unique(kept)


def _closure(before: Seen, after: Seen, span: Floats) -> tuple[Floats, Floats]:
    """How fast the distance shrank over stretches (m,), on average, and how far off that is."""
    length = np.where(span > 0, span, np.nan)
    return (before.distance - after.distance) / length, (before.off + after.off) / length


def _shared(tracks: Tracks, a: int, b: int, start: float, end: float) -> Iterator[Sample]:
    """Samples at instants at which both craft have a fix."""
    from detente.encounters.approach.motion import normal, surface
    from detente.encounters.geometry.way import dot, plane

    one, other = (np.arange(tracks.starts[k], tracks.starts[k + 1]) for k in (a, b))
    _, i, j = np.intersect1d(tracks.seconds[one], tracks.seconds[other], return_indices=True)
    for p, q in zip(one[i], other[j], strict=True):
        off = float(tracks.error[p] + tracks.error[q])
        if not start <= tracks.seconds[p] <= end or not np.isfinite(off):
            continue
        spots = surface(normal(tracks.lat[[p, q]], tracks.lon[[p, q]]))
        east, north = plane(spots.mean(axis=0, keepdims=True))
        apart = spots[1:] - spots[:1]
        x, y = float(dot(apart, east)[0]), float(dot(apart, north)[0])
        heights = [_height(tracks, fix) for fix in (p, q)]
        above = _maybe(heights[1][0] - heights[0][0], heights[0][1] + heights[1][1])
        yield Sample(
            instant=float(tracks.seconds[p]), east=x, north=y, within=off,
            distance=_around(float(np.hypot(x, y)), off, least=0.0), above=above, closure=None,
        )  # fmt: skip


def _height(tracks: Tracks, fix: int) -> tuple[float, float]:
    """The height of a fix and its bound; a ship without a height is at 0."""
    height, off = float(tracks.height[fix]), float(tracks.height_error[fix])
    afloat = DOMAINS[int(tracks.domain[tracks.track[fix]])] == "sea" and np.isnan(height)
    return (0.0, 0.0) if afloat else (height, off)


def _around(value: float, off: float, *, least: float) -> Bound:
    return Bound(max(least, float(value - off)), float(value), float(value + off))


def _maybe(value: float, off: float) -> Bound | None:
    if not np.isfinite(value) or not np.isfinite(off):
        return None
    return Bound(float(value - off), float(value), float(value + off))
