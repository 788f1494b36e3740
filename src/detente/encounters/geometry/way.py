"""Where one craft was at any instant, and how far off it may have been.

What is known of a craft at an instant is a disk: its middle on the way between two fixes, its
radius from the stated errors. With errors of position within e and of clocks within c, the craft at
an instant t is where the stated way leads at some instant within c of t, give or take e; so it is
within e + v c of the way at t, v being the greatest speed on the way within c of t.

Where a way is cut the craft is bounded by its speed alone. It was within V s of the fix before and
V (T - s) of the one after, T being the length of the gap. With a = s / T both hold only within

    sqrt(a (1 - a) ((V T)^2 - d^2))

of the point that divides the line between the fixes, of length d, in the ratio a (Stewart's
theorem: (1 - a) x^2 + a y^2 = r^2 + a (1 - a) d^2 for distances x, y and r from the ends and that
point). Halfway it is half of the smaller axis of the ellipse that the craft could reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.encounters.approach.motion import between, degrees, normal, surface
from detente.encounters.geometry.settings import USUAL, Settings
from detente.encounters.tracks import DOMAINS, Domain, Flags, Floats, Longs, Tracks
from detente.ground.errors import UsageError


@dataclass(frozen=True, eq=False)
class Way:
    """n fixes of one craft and the n - 1 pieces between them; made by `way`.

    ``normals`` (n, 3) are unit vectors to the fixes. Of each piece ``gap`` is whether the craft was
    not seen on it, ``slop`` and ``height_slop`` are metres by which errors can move it, ``reach``
    and ``height_reach`` squared metres of what it could reach in a gap, and ``shift`` the share of
    the piece by which clocks can move it.
    """

    domain: Domain
    seconds: Floats
    normals: Floats
    height: Floats
    gap: Flags
    slop: Floats
    height_slop: Floats
    reach: Floats
    height_reach: Floats
    shift: Floats

    @property
    def first(self) -> float:
        """The instant of the first fix."""
        return float(self.seconds[0])

    @property
    def last(self) -> float:
        """The instant of the last fix."""
        return float(self.seconds[-1])


@dataclass(frozen=True, eq=False)
class Spots:
    """Where a craft was at m instants: places (m, 3) and heights (m,), and how far off each."""

    places: Floats
    heights: Floats
    radius: Floats
    height_radius: Floats


def way(
    tracks: Tracks, track: int, since: float, until: float, settings: Settings = USUAL
) -> Way | None:
    """The way of a track over a time, from the last fix before it to the first after it.

    A ship without a height is at height 0. None where there are not two fixes around any part of
    the time.

    Raises
    ------
    UsageError
        Where there is no such track.

    """
    if not 0 <= track < len(tracks.ids):
        raise UsageError(f"There is no track {track} of {len(tracks.ids)}.")
    start, stop = int(tracks.starts[track]), int(tracks.starts[track + 1])
    clock = float(np.max(tracks.clock_error[start:stop], initial=0.0))
    times = tracks.seconds[start:stop]
    low = max(int(np.searchsorted(times, since - clock, side="right")) - 1, 0)
    high = min(int(np.searchsorted(times, until + clock, side="left")) + 1, stop - start)
    if high - low < 2 or times[high - 1] <= since or times[low] >= until:
        return None
    own = slice(start + low, start + high)
    domain = DOMAINS[int(tracks.domain[track])]
    height, height_error = tracks.height[own], tracks.height_error[own]
    if domain == "sea":
        height_error = np.where(np.isnan(height), 0.0, height_error)
        height = np.where(np.isnan(height), 0.0, height)
    seconds, error = tracks.seconds[own], tracks.error[own]
    normals = normal(tracks.lat[own], tracks.lon[own])
    gap = tracks.cut[own][1:]
    span = np.diff(seconds)
    length = np.linalg.norm(np.diff(surface(normals), axis=0), axis=1)
    rise = np.abs(np.diff(height))
    fastest = np.where(gap, np.maximum(settings.fastest[domain], length / span), length / span)
    climb = np.where(gap, np.fmax(settings.climb[domain], rise / span), rise / span)
    near = _near(seconds, clock)
    slop = _largest(np.fmax(error[:-1], error[1:]), near) + clock * _largest(fastest, near)
    off = _largest(np.fmax(height_error[:-1], height_error[1:]), near)
    wide = span + 2 * clock
    return Way(
        domain=domain,
        seconds=seconds,
        normals=normals,
        height=height,
        gap=gap,
        slop=slop,
        height_slop=off + clock * _largest(climb, near),
        reach=np.where(gap, _reach(fastest * wide, length - 2 * slop), 0.0),
        height_reach=np.where(gap, _reach(climb * wide, rise - 2 * off), 0.0),
        shift=clock / span,
    )


def _reach(could: Floats, did: Floats) -> Floats:
    found: Floats = np.maximum(could**2 - np.maximum(did, 0.0) ** 2, 0.0)
    return found


def _near(seconds: Floats, clock: float) -> tuple[Longs, Longs]:
    """Of each piece the first and last piece that lie within ``clock`` of it."""
    low = np.searchsorted(seconds[1:], seconds[:-1] - clock, side="left")
    high = np.searchsorted(seconds[:-1], seconds[1:] + clock, side="right") - 1
    return low.astype(np.int64), high.astype(np.int64)


def _largest(value: Floats, near: tuple[Longs, Longs]) -> Floats:
    """Of each piece the largest value of the pieces near it; those that are not known count not."""
    low, high = near
    found = value[low]
    for step in range(1, int(np.max(high - low, initial=0)) + 1):
        found = np.fmax(found, value[np.minimum(low + step, high)])
    return found


def spots(one: Way, instants: Floats, until: Floats | None = None) -> Spots:
    """Where a craft was at instants (m,) within its fixes, and how far off it may have been.

    With ``until`` (m,) the radii are the largest from an instant to that one; the two lie on one
    piece.
    """
    later = instants if until is None else until
    middle = (instants + later) / 2
    piece = np.clip(np.searchsorted(one.seconds, middle, side="right") - 1, 0, len(one.gap) - 1)
    since, span = one.seconds[piece], one.seconds[piece + 1] - one.seconds[piece]
    part = np.clip((instants - since) / span, 0.0, 1.0)
    end = np.clip((later - since) / span, 0.0, 1.0)
    shift = one.shift[piece]
    widest = np.clip(0.5, np.maximum(part - shift, 0.0), np.minimum(end + shift, 1.0))
    share = widest * (1 - widest)
    p, q = one.normals[piece], one.normals[piece + 1]
    low, high = one.height[piece], one.height[piece + 1]
    return Spots(
        places=surface(between(p, q, part)),
        heights=low + part * (high - low),
        radius=one.slop[piece] + np.sqrt(share * one.reach[piece]),
        height_radius=one.height_slop[piece] + np.sqrt(share * one.height_reach[piece]),
    )


@dataclass(frozen=True, eq=False)
class Courses:
    """Courses of m stretches in degrees from north with their errors, and speeds, m/s, with theirs.

    An ``error`` of 180 is a course of which nothing is known.
    """

    course: Floats
    error: Floats
    speed: Floats
    speed_error: Floats


def courses(one: Way, since: Floats, until: Floats) -> Courses:
    """From where to where a craft went over stretches (m,), as the crow flies."""
    begin, end = spots(one, since), spots(one, until)
    east, north = plane((begin.places + end.places) / 2)
    went = end.places - begin.places
    x, y = dot(went, east), dot(went, north)
    length, off = np.hypot(x, y), begin.radius + end.radius
    span = until - since
    return Courses(
        np.degrees(np.arctan2(x, y)) % 360, angle(off, length), length / span, off / span
    )


def angle(off: Floats, length: Floats) -> Floats:
    """How many degrees a direction can be off where the end of a line can be; 180 for any."""
    sure = off < length
    ratio = np.where(sure, off / np.where(sure, length, 1.0), 1.0)
    found: Floats = np.where(sure, np.degrees(np.arcsin(ratio)), 180.0)
    return found


def plane(places: Floats) -> tuple[Floats, Floats]:
    """The directions east and north at places (m, 3) on or near the ellipsoid."""
    lat, lon = (np.radians(one) for one in degrees(places))
    none = np.zeros_like(lon)
    east = np.stack([-np.sin(lon), np.cos(lon), none], axis=-1)
    north = np.stack([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)], axis=-1)
    return east, north


def dot(one: Floats, other: Floats) -> Floats:
    """The inner products of rows (m, k)."""
    found: Floats = np.einsum("ij,ij->i", one, other)
    return found


def turned(of: Floats, to: Floats) -> Floats:
    """By how many degrees a course turned, to starboard above 0, within [-180, 180)."""
    found: Floats = (to - of + 180.0) % 360.0 - 180.0
    return found
