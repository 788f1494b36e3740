"""What is known of craft at instants: place, height, speed, and bounds on the errors of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.encounters.approach.motion import normal, on_way, surface
from detente.encounters.tracks import DOMAINS, Domain, Floats, Longs, Tracks
from detente.ground.errors import UsageError

EARTH = 6_335_000.0  # metres, the least radius of curvature of WGS 84
SLACK = 1.005  # for speeds and distances on an ellipsoid taken as those on a plane


@dataclass(frozen=True, eq=False)
class States:
    """Of craft at n instants: ``spot`` (n, 3) on the ellipsoid, ``height`` (n,) metres or NaN.

    ``error`` and ``height_error`` (n,) bound how far the craft may have been from there, metres:
    by the errors of the fixes around, by those of their clocks, and by the way not taken.
    """

    spot: Floats
    height: Floats
    error: Floats
    height_error: Floats


def states(
    tracks: Tracks, track: Longs, instants: Floats, top_speed: Mapping[Domain, float] | None
) -> States:
    """Where craft (n,) were at instants (n,) at which their tracks tell it.

    A clock that may be wrong by c seconds at speed v moves a craft by c v at most; errors of two
    fixes are interpolated as their places are. With ``top_speed``, in metres a second by domain,
    the craft need not have gone straight between fixes: see `stray`.
    """
    fix, instants = fixes(tracks, track, instants)
    spot, height = on_way(tracks, fix, instants)
    before = np.where(tracks.cut[fix], fix, fix - 1)
    lasted = tracks.seconds[fix] - tracks.seconds[before]
    safe = np.where(lasted > 0, lasted, 1.0)
    part = np.where(lasted > 0, (instants - tracks.seconds[before]) / safe, 1.0)
    gone = distance(tracks, before, fix)
    climbed = np.abs(tracks.height[fix] - tracks.height[before])
    clock = _mix(tracks.clock_error, before, fix, part)
    error = _mix(tracks.error, before, fix, part) + clock * gone / safe
    if top_speed is not None:
        speed = speeds(tracks, top_speed)[track]
        error = error + stray(part, speed * lasted, gone)
    height_error = _mix(tracks.height_error, before, fix, part) + clock * climbed / safe
    return States(spot, height, error, height_error)


def stray(part: Floats, reach: Floats, gone: Floats) -> Floats:
    """How far a craft can be, in metres (n,), from where it would be had it gone straight.

    Parameters
    ----------
    part
        Of the time between two fixes that has passed.
    reach, gone
        How far it could have gone in all that time, and how far apart the fixes are, in metres.

    Notes
    -----
    With f for ``part``, D for ``reach`` and d for ``gone``, the craft is within f D of the first
    fix and (1 - f) D of the second. Adding (1 - f) times the square of the one to f times the
    square of the other bounds the distance u from the straight way by
    u^2 <= f (1 - f) (D^2 - d^2); the triangle inequality, by u <= min(f, 1 - f) (D + d). On the
    globe it can be more, by the factor 1 + (D / radius)^2 at most, which is taken in.

    """
    reach = np.maximum(reach, gone)
    short = np.minimum(part, 1 - part)
    wide = np.sqrt(part * (1 - part) * (reach - gone) * (reach + gone))
    bound = np.minimum(wide, short * (reach + gone)) * (SLACK + (reach / EARTH) ** 2)
    return np.asarray(bound + 1e-3 * short * gone)


def distance(tracks: Tracks, before: Longs, fix: Longs) -> Floats:
    """Metres (n,) between two fixes, straight through the ground."""
    one = surface(normal(tracks.lat[before], tracks.lon[before]))
    other = surface(normal(tracks.lat[fix], tracks.lon[fix]))
    return np.asarray(np.sqrt(((other - one) ** 2).sum(axis=1)))


def speeds(tracks: Tracks, top_speed: Mapping[Domain, float]) -> Floats:
    """The top speed of each track (K,), metres a second."""
    names = [DOMAINS[place] for place in np.unique(tracks.domain)]
    if lacking := [name for name in names if name not in top_speed]:
        raise UsageError(f"No top speed is given for {', '.join(lacking)}.")
    return np.array([top_speed[DOMAINS[place]] for place in tracks.domain], dtype=np.float64)


def fixes(tracks: Tracks, track: Longs, instants: Floats) -> tuple[Longs, Floats]:
    """The first fix of each track not before its instant, and the instants, mended by rounding."""
    low, high = tracks.starts[track], tracks.starts[track + 1] - 1
    while (low < high).any():
        middle = (low + high) // 2
        late = tracks.seconds[middle] < instants
        low, high = np.where(late, middle + 1, low), np.where(late, high, middle)
    beside = tracks.cut[low] & (tracks.seconds[low] != instants) & (low > tracks.starts[track])
    fix = np.where(beside, low - 1, low)
    at = np.where(beside | tracks.cut[fix], tracks.seconds[fix], instants)
    return fix, np.minimum(at, tracks.seconds[fix])


def _mix(values: Floats, before: Longs, fix: Longs, part: Floats) -> Floats:
    found: Floats = (1 - part) * values[before] + part * values[fix]
    return found
