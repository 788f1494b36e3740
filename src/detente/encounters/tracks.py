"""Tracks of craft: where each was, fix by fix, and how well that is known.

A fix is one stated position at one instant. Fixes of a track follow each other in time, one at each
instant; between two of them the craft is taken to move straight and at constant speed, unless the
track is ``cut`` there. Heights are as reported, most often pressure altitude: differences between
two craft tell more than the heights themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from detente.ground.errors import UsageError

Domain = Literal["sea", "air", "land"]
DOMAINS: tuple[Domain, ...] = get_args(Domain)

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int8]


@dataclass(frozen=True)
class Claim:
    """What a track says of itself, or a register of it; a claim with a source, never proof."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, eq=False)
class Tracks:
    """N fixes of K tracks, track after track, each by rising time.

    ``ids`` are the tracks' names, ``domain`` (K,) places in `DOMAINS`, ``starts`` (K + 1,) where
    the fixes of each begin and the last end. ``seconds`` (N,) count from 1970-01-01 UTC; ``lat``
    and ``lon`` (N,) are degrees north and east, WGS 84, lon in [-180, 180); ``height`` (N,) metres,
    NaN where not known. ``error`` (N,) bounds the horizontal error of each fix in metres,
    ``height_error`` (N,) that of the height, ``clock_error`` (N,) that of its instant in seconds.
    ``cut`` (N,) is whether nothing is assumed of the way from the fix before; it holds at each
    first fix. ``claims`` (K) are what each track says of itself.
    """

    ids: tuple[str, ...]
    domain: Places
    starts: Longs
    seconds: Floats
    lat: Floats
    lon: Floats
    height: Floats
    error: Floats
    height_error: Floats
    clock_error: Floats
    cut: Flags
    claims: tuple[tuple[Claim, ...], ...] = field(default=())

    def __len__(self) -> int:
        """The number of fixes."""
        return len(self.seconds)

    @property
    def track(self) -> Longs:
        """The place of the track of each fix, (N,)."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.starts))

    def keep(self, wanted: Flags) -> Tracks:
        """The fixes that are ``wanted`` (N,); a track without any stays, empty.

        Where fixes in between are left out the way is cut if it was cut at any of them.
        """
        counts = np.add.reduceat(np.append(wanted, False).astype(np.int64), self.starts[:-1])
        counts[np.diff(self.starts) == 0] = 0
        cuts = np.cumsum(self.cut)[wanted]
        starts = np.append(0, np.cumsum(counts))
        cut = np.append(True, np.diff(cuts) > 0) if len(cuts) else np.zeros(0, np.bool_)
        cut[starts[:-1][counts > 0]] = True
        own: dict[str, Any] = {
            name: getattr(self, name)[wanted]
            for name in ("seconds", "lat", "lon", "height", "error", "height_error", "clock_error")
        }
        return replace(self, starts=starts, cut=cut, **own)


@dataclass(frozen=True)
class Craft:
    """Whose track it is: its name, where it moves, and what it says of itself."""

    id: str
    domain: Domain
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, eq=False)
class Errors:
    """Bounds on the errors of fixes, of all alike or of each (N,): metres, metres, seconds."""

    horizontal: float | Floats = 0.0
    height: float | Floats = 0.0
    clock: float | Floats = 0.0


EXACT = Errors()


def tracks(
    craft: Sequence[Craft],
    track: Sequence[int] | Longs,
    *,
    seconds: Sequence[float] | Floats,
    lat: Sequence[float] | Floats,
    lon: Sequence[float] | Floats,
    height: Sequence[float] | Floats | float = np.nan,
    errors: Errors = EXACT,
) -> Tracks:
    """Put fixes in any order into tracks.

    Parameters
    ----------
    craft
        The K craft.
    track
        Of each of N fixes, the place of its craft.
    seconds, lat, lon, height
        Of the fixes; heights in metres, NaN or left out where not known.
    errors
        Bounds on the errors of the fixes.

    Raises
    ------
    UsageError
        Where arrays differ in length, an instant or a place is not finite, or a track has two
        fixes at one instant.

    """
    place = np.asarray(track, np.int64)
    count = len(place)
    given = {
        "seconds": seconds,
        "lat": lat,
        "lon": lon,
        "height": height,
        "error": errors.horizontal,
        "height_error": errors.height,
        "clock_error": errors.clock,
    }
    own = {name: _column(name, value, count) for name, value in given.items()}
    for name in ("seconds", "lat", "lon"):
        if not np.isfinite(own[name]).all():
            raise UsageError(f"A track has a fix without a finite {name}.")
    order = np.lexsort((own["seconds"], place))
    place = place[order]
    own = {name: value[order] for name, value in own.items()}
    own["lon"] = (own["lon"] + 180) % 360 - 180
    first = np.append(True, np.diff(place) != 0) if count else np.zeros(0, np.bool_)
    if count and (~first[1:] & (np.diff(own["seconds"]) <= 0)).any():
        raise UsageError("A track has two fixes at one instant.")
    return Tracks(
        ids=tuple(one.id for one in craft),
        domain=np.array([DOMAINS.index(one.domain) for one in craft], np.int8),
        starts=np.searchsorted(place, np.arange(len(craft) + 1)),
        cut=first,
        claims=tuple(one.claims for one in craft),
        **own,
    )


def _column(name: str, value: Any, count: int) -> Floats:
    found = np.asarray(value, np.float64)
    if found.ndim and len(found) != count:
        raise UsageError(f"{len(found)} values of {name} for {count} fixes.")
    return np.broadcast_to(found, (count,)).copy()
