"""The well-clear volume of DO-365, phase I, with modified tau.

Two aircraft are not well clear where their heights differ by at most 450 ft and either they are
within 4,000 ft along the ground, or their horizontal miss distance is within that and modified tau
is between 0 and 35 s:

    tau_mod = (D^2 - s.s) / (s.v)        for s.v < 0

Definition and interval: Munoz, Narkawicz, Chamberlain, Consiglio & Upchurch (2014), "A family of
well-clear boundary models for the integration of UAS in the NAS", AIAA 2014-2412; numbers as in the
configurations that NASA publishes with DAIDALUS, which take 0.66 nmi for the 4,000 ft.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.encounters.geometry.pair import seen
from detente.encounters.geometry.settings import FOOT
from detente.encounters.geometry.way import Way, plane, spots
from detente.encounters.tracks import Flags, Floats


@dataclass(frozen=True)
class Volume:
    """Metres along the ground, metres of height, and seconds of modified tau."""

    horizontal: float = 4000 * FOOT
    vertical: float = 450 * FOOT
    tau: float = 35.0


PHASE_I = Volume()


def tau_mod(east: Floats, north: Floats, v_east: Floats, v_north: Floats, radius: float) -> Floats:
    """Modified tau in seconds, (m,); infinite where two craft do not come closer.

    Parameters
    ----------
    east, north
        Metres from one to the other, (m,).
    v_east, v_north
        Their rates, m/s, (m,).
    radius
        Metres.

    """
    closing = east * v_east + north * v_north
    safe = np.where(closing < 0, closing, -1.0)
    found: Floats = np.where(closing < 0, (radius**2 - east**2 - north**2) / safe, np.inf)
    return found


def miss_distance(east: Floats, north: Floats, v_east: Floats, v_north: Floats) -> Floats:
    """The horizontal distance at which two would pass, or now where they do not come closer, (m,).

    Parameters are those of `tau_mod`.
    """
    speed = v_east**2 + v_north**2
    when = np.maximum(-(east * v_east + north * v_north) / np.where(speed > 0, speed, 1.0), 0.0)
    return np.hypot(east + when * v_east, north + when * v_north)


def lost_by(
    state: tuple[float, float, float], rate: tuple[float, float, float], volume: Volume = PHASE_I
) -> tuple[float, float]:
    """In how many seconds two craft that keep their velocities enter the volume, and leave it.

    Parameters
    ----------
    state
        East, north and above, metres, from one to the other.
    rate
        Their rates, m/s.
    volume
        The volume.

    Returns
    -------
    enter, leave
        From 0 on; both infinite where they do not enter it.

    """
    never = np.inf, np.inf
    x, y, z = state
    u, v, w = rate
    low, high = _level(z, w, volume.vertical)
    a, c = u * u + v * v, x * x + y * y - volume.horizontal**2
    s_v = x * u + y * v
    if a == 0:
        enter, leave = (0.0, np.inf) if c <= 0 else never
    else:
        # Inside the disk, or tau_mod <= T: a t^2 + (2 s.v + T a) t + s.s + T s.v - D^2 <= 0.
        root = s_v * s_v - a * c
        b = 2 * s_v + volume.tau * a
        inner = b * b - 4 * a * (c + volume.tau * s_v)
        if c > 0 and (s_v > 0 or root < 0 or inner < 0):
            return never
        leave = (-s_v + np.sqrt(root)) / a
        enter = 0.0 if c <= 0 else max(0.0, float((-b - np.sqrt(inner)) / (2 * a)))
    enter, leave = max(enter, low), min(leave, high)
    return (float(enter), float(leave)) if enter <= leave else never


def _level(z: float, w: float, limit: float) -> tuple[float, float]:
    if w == 0:
        return (0.0, np.inf) if abs(z) <= limit else (np.inf, -np.inf)
    ends = sorted(((-limit - z) / w, (limit - z) / w))
    return max(0.0, ends[0]), ends[1]


def lost(
    one: Way, other: Way, instants: Floats, *, chord: float, volume: Volume = PHASE_I
) -> bool | None:
    """Whether two aircraft were inside the volume at any of the instants (m,).

    Velocities are taken over ``chord`` seconds around each. True where at one instant all that the
    errors allow is inside, False where at none anything is, None else, and where a height is not
    known.
    """
    half = chord / 2
    begin = np.maximum(instants - half, max(one.first, other.first))
    end = np.minimum(instants + half, min(one.last, other.last))
    both = seen(one, other, instants)
    v_east, v_north, v_off = _rate(one, other, begin, end)
    could, sure = _horizontal(
        both.distance, both.off, (both.east, both.north, v_east, v_north, v_off), volume
    )
    height, off = np.abs(both.above), both.above_off
    low = could & ~(height - off > volume.vertical)  # not known can be inside
    if (sure & (height + off <= volume.vertical)).any():
        return True
    return None if low.any() else False


def _rate(one: Way, other: Way, begin: Floats, end: Floats) -> tuple[Floats, Floats, Floats]:
    """How the second moved as seen from the first, m/s east and north, and how far off."""
    a, b = (spots(one, t) for t in (begin, end))
    c, d = (spots(other, t) for t in (begin, end))
    east, north = plane((a.places + b.places + c.places + d.places) / 4)
    moved = (d.places - c.places) - (b.places - a.places)
    span = np.maximum(end - begin, 1e-9)
    off = (a.radius + b.radius + c.radius + d.radius) / span
    return (
        np.einsum("ij,ij->i", moved, east) / span,
        np.einsum("ij,ij->i", moved, north) / span,
        off,
    )


def _horizontal(
    distance: Floats, off: Floats, motion: tuple[Floats, ...], volume: Volume
) -> tuple[Flags, Flags]:
    """Where two can be, and surely are, inside the volume along the ground."""
    east, north, v_east, v_north, v_off = motion
    low, high = np.maximum(distance - off, 0.0), distance + off
    speed = np.hypot(v_east, v_north)
    # The angle at which the other comes: 0 straight on; what errors of place and speed turn it by.
    cross, along = east * v_north - north * v_east, -(east * v_east + north * v_north)
    at = np.arctan2(np.abs(cross), along)
    turn = _turn(off, distance) + _turn(v_off, speed)
    least, most = np.maximum(at - turn, 0.0), np.minimum(at + turn, np.pi)
    slow, fast = np.maximum(speed - v_off, 0.0), speed + v_off
    d = volume.horizontal
    with np.errstate(divide="ignore", invalid="ignore"):
        soon = np.where(np.cos(least) > 0, (low - d * d / low) / (fast * np.cos(least)), np.inf)
        late = np.where(np.cos(most) > 0, (high - d * d / high) / (slow * np.cos(most)), np.inf)
    near = (least < np.pi / 2) & (low * np.sin(np.minimum(least, np.pi / 2)) <= d)
    surely = (most < np.pi / 2) & (high * np.sin(np.minimum(most, np.pi / 2)) <= d) & (slow > 0)
    return (low <= d) | (near & (soon <= volume.tau)), (high <= d) | (surely & (late <= volume.tau))


def _turn(off: Floats, length: Floats) -> Floats:
    sure = off < length
    found: Floats = np.where(
        sure, np.arcsin(np.where(sure, off / np.where(sure, length, 1.0), 1.0)), np.pi
    )
    return found
