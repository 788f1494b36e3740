"""How two craft went: courses, who gives way, turns, crossings ahead, and headings for a ship.

Courses are those of stretches of time, `way.courses`: what a craft did within a stretch is not seen
in them. All of it is measured at instants that are fixed beforehand, so that errors move what is
measured there and not where it is measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

import numpy as np

from detente.encounters.geometry.pair import Seen, seen
from detente.encounters.geometry.way import Courses, Way, angle, courses, turned
from detente.encounters.results import Bound
from detente.encounters.tracks import Flags, Floats

ABAFT = 112.5  # degrees off the bow: more than 22.5 abaft the beam (COLREG, rule 13 b)
RECIPROCAL = 174.0  # within 6 degrees of reciprocal is head-on; rule 14 names no number
Role = Literal["one", "other", "both", "none"]
_HAIR = 1e-6


def folded(value: float, off: float) -> Bound:
    """An angle between two directions, from 0 to 180, of a difference in degrees and its error."""
    middle = abs((value + 180.0) % 360.0 - 180.0)
    low, high = middle - off, middle + off
    if off >= 180:
        return Bound(0.0, middle, 180.0)
    return Bound(max(0.0, low), middle, min(180.0, high))


@dataclass(frozen=True)
class Before:
    """How two craft stood to each other when their approach began.

    ``bearing_one`` is that of the other off the bow of the first, ``bearing_other`` that of the
    first off the bow of the other, -180 to 180, to starboard above 0; ``off_one`` and ``off_other``
    are their errors. ``speeds`` are bounds.
    """

    difference: Bound
    bearing_one: float
    off_one: float
    bearing_other: float
    off_other: float
    speeds: tuple[Bound, Bound]


def before(one: Way, other: Way, since: float, until: float) -> Before:
    """The courses over a stretch, and the bearings at its begin."""
    start, stop = np.array([since]), np.array([until])
    a, b = courses(one, start, stop), courses(other, start, stop)
    both = seen(one, other, start, middle=0.0)
    back = seen(other, one, start, middle=0.0)
    off = float(angle(both.off, both.distance)[0])
    ca, cb = float(a.course[0]), float(b.course[0])
    ea, eb = float(a.error[0]), float(b.error[0])
    return Before(
        difference=folded(cb - ca, ea + eb),
        bearing_one=_signed(_bearing(both) - ca),
        off_one=min(180.0, off + ea),
        bearing_other=_signed(_bearing(back) - cb),
        off_other=min(180.0, off + eb),
        speeds=(_speed(a), _speed(b)),
    )


def _bearing(of: Seen) -> float:
    return float(np.degrees(np.arctan2(of.east, of.north))[0])


def _signed(value: float) -> float:
    return (value + 180.0) % 360.0 - 180.0


def _speed(of: Courses) -> Bound:
    speed, off = float(of.speed[0]), float(of.speed_error[0])
    return Bound(max(0.0, speed - off), speed, speed + off)


def sector(of: Before) -> Bound:
    """Where the faster came from, off the bow of the other; of both where either can be."""
    one, other = of.speeds
    from_other = folded(of.bearing_one, of.off_one)  # the second is the faster
    from_one = folded(of.bearing_other, of.off_other)
    value = from_one if one.value >= other.value else from_other
    could = [from_one] if one.high >= other.low else []
    could += [from_other] if other.high >= one.low else []
    return Bound(min(x.low for x in could), value.value, max(x.high for x in could))


def role(difference: float, one: float, other: float) -> Role:
    """Which of two craft gives way, by the courses and bearings before the approach.

    Parameters
    ----------
    difference
        Degrees between the courses, 0 to 180.
    one, other
        Where each has the other, off its bow, -180 to 180, to starboard above 0.

    Notes
    -----
    COLREG, rules 13 to 15; ICAO Annex 2, 3.2.2, has the same for aircraft, and overtaking from a
    little further aft. The one that comes up from more than 22.5 degrees abaft the other's beam
    gives way; two on reciprocal courses both do; of two that cross the one that has the other on
    its starboard side.

    """
    astern_one, astern_other = abs(one) > ABAFT, abs(other) > ABAFT
    if astern_one or astern_other:
        if astern_one and astern_other:
            return "none"
        return "one" if astern_other else "other"
    if difference >= RECIPROCAL:
        return "both"
    if (one > 0) == (other > 0):
        return "both" if one > 0 else "none"
    return "one" if one > 0 else "other"


def roles(of: Before) -> tuple[Role, frozenset[Role]]:
    """Who gives way by what was measured, and by all that its errors allow."""
    value = role(of.difference.value, of.bearing_one, of.bearing_other)
    courses_ = _either_side(of.difference.low, of.difference.high, (RECIPROCAL,))
    edges = (-180.0, -ABAFT, 0.0, ABAFT, 180.0)
    one = _either_side(of.bearing_one - of.off_one, of.bearing_one + of.off_one, edges)
    other = _either_side(of.bearing_other - of.off_other, of.bearing_other + of.off_other, edges)
    could = {role(d, _signed(a), _signed(b)) for d, a, b in product(courses_, one, other)}
    return value, frozenset(could | {value})


def _either_side(low: float, high: float, edges: tuple[float, ...]) -> list[float]:
    """The ends, and what is on either side of each edge between them, a turn on as well."""
    whole = [edge + turn for edge in edges for turn in (-360.0, 0.0, 360.0)]
    near = [edge + step for edge in whole for step in (-_HAIR, _HAIR) if low < edge < high]
    return [low, high, *near]


# --- turns ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changes:
    """What a craft changed from the begin of an approach to the closest instant.

    ``turn`` and ``starboard`` are the largest changes of course either way and to starboard, in
    degrees, ``slowing`` the largest change of speed either way as a share of the first; None where
    the first is not known to be above 0.
    """

    turn: Bound
    starboard: Bound
    slowing: Bound | None


def changes(one: Way, since: float, until: float, chord: float) -> Changes:
    """The changes of a craft over stretches of ``chord`` seconds from ``since`` to ``until``."""
    begin = _steps(since, until, chord, chord / 2)
    all_ = courses(one, begin, begin + min(chord, until - since))
    by = turned(all_.course[0], all_.course)
    off = all_.error + all_.error[0]
    by, off = by[1:], off[1:]  # the first is no change from itself
    unknown = off >= 180
    size, starboard = np.abs(by), np.maximum(by, 0.0)
    top = np.where(unknown, 180.0, size + off)
    # A turn of nearly 180 may be to either hand.
    right = np.where(unknown | (size + off > 180), 180.0, by + off)
    bottom = np.where(unknown, 0.0, np.minimum(size - off, 360.0 - size - off))
    surely = np.where(unknown | (by + off > 180), 0.0, by - off)
    return Changes(
        turn=_most(bottom, size, top),
        starboard=_most(surely, starboard, right),
        slowing=_slowing(all_.speed, all_.speed_error),
    )


def _steps(since: float, until: float, chord: float, step: float) -> Floats:
    """Where stretches of a chord begin, the first at ``since``, none after ``until``."""
    room = max(0.0, until - since - chord)
    found: Floats = since + np.arange(int(room / step + 1e-9) + 1, dtype=np.float64) * step
    return found


def _most(low: Floats, value: Floats, high: Floats) -> Bound:
    """The largest, of angles from 0 to 180."""
    ends = [float(np.clip(np.max(x, initial=0.0), 0.0, 180.0)) for x in (low, value, high)]
    return Bound(*ends)


def _slowing(speed: Floats, off: Floats) -> Bound | None:
    first, first_off = float(speed[0]), float(off[0])
    if first <= first_off:
        return None
    low = np.maximum(speed - off, 0.0) / (first + first_off)
    high = (speed + off) / (first - first_off)
    least = np.maximum(np.maximum(1 - high, low - 1), 0.0)
    most = np.maximum(np.abs(1 - low), np.abs(high - 1))
    value = np.abs(speed / first - 1)
    ends = [float(np.max(x[1:], initial=0.0)) for x in (least, value, most)]
    return Bound(*ends)


def of_role(role_: Role, could: frozenset[Role], pair: tuple[Bound, Bound]) -> Bound | None:
    """What the craft did that has a role; the larger where both have it, None where none has."""

    def own(one: Role) -> Bound | None:
        if one == "both":
            return Bound(*(max(getattr(x, end) for x in pair) for end in ("low", "value", "high")))
        return {"one": pair[0], "other": pair[1]}.get(one)

    value = own(role_)
    if value is None:
        return None
    all_ = [own(one) for one in sorted(could)]
    held = [one for one in all_ if one is not None]
    low = 0.0 if len(held) < len(all_) else min(one.low for one in held)
    return Bound(low, value.value, max(one.high for one in held))


def stands_on(role_: Role) -> Role:
    """Whose role is to stand on where another gives way."""
    others: dict[Role, Role] = {"one": "other", "other": "one"}
    return others.get(role_, "none")


def turn_rate(one: Way, since: float, until: float, chord: float) -> Bound | None:
    """The largest change of course from a stretch to the next, degrees a second."""
    begin = _steps(since, until, chord, chord)
    if len(begin) < 2:
        return None
    all_ = courses(one, begin, begin + chord)
    size = np.abs(turned(all_.course[:-1], all_.course[1:]))
    off = all_.error[:-1] + all_.error[1:]
    low = np.minimum(size - off, 360.0 - size - off)
    found = _most(np.where(off >= 180, 0.0, low), size, size + off)
    return Bound(found.low / chord, found.value / chord, found.high / chord)


# --- ahead ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crossing:
    """How far ahead of a craft the other crossed, and how long it would have taken to get there.

    Infinite where it did not cross ahead.
    """

    ahead: Bound
    after: Bound


def crossing(one: Way, other: Way, instants: Floats, chord: float) -> Crossing:
    """How ``one`` crossed ahead of ``other`` between instants (m,), the nearest of all times.

    It crossed where it changed from one side of the other's course line to the other side, ahead.
    """
    low, high = other.first, other.last
    half = chord / 2
    own = courses(other, np.maximum(instants - half, low), np.minimum(instants + half, high))
    both = seen(other, one, instants, middle=0.0)
    away, side = _turned_into(both, own.course)
    off = both.off + 2 * both.distance * np.sin(np.radians(np.minimum(own.error, 180.0)) / 2)
    slow, fast = np.maximum(own.speed - own.speed_error, 0.0), own.speed + own.speed_error
    soon, value, late = _nearest_crossing(side, away, off)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = [
            _nearest_crossing(side, away, off, scale=scale)[place]
            for place, scale in ((0, fast), (1, own.speed), (2, slow))
        ]
    return Crossing(Bound(soon, value, late), Bound(*times))


def _turned_into(both: Seen, course: Floats) -> tuple[Floats, Floats]:
    """Metres ahead and to starboard, by a course."""
    sin, cos = np.sin(np.radians(course)), np.cos(np.radians(course))
    ahead: Floats = both.east * sin + both.north * cos
    side: Floats = both.east * cos - both.north * sin
    return ahead, side


def _nearest_crossing(
    side: Floats, ahead: Floats, off: Floats, *, scale: Floats | None = None
) -> tuple[float, float, float]:
    """The least distance ahead at a change of side: possible, measured, and sure at most."""
    unit = np.ones_like(ahead) if scale is None else scale
    low, value, high = (
        np.where(unit > 0, x / np.where(unit > 0, unit, 1.0), np.where(x > 0, np.inf, x))
        for x in (ahead - off, ahead, ahead + off)
    )
    could = (np.abs(side) <= off)[:-1] | (np.abs(side) <= off)[1:] | _changes(side)
    could &= np.maximum(high[:-1], high[1:]) > 0
    soon = np.maximum(np.minimum(low[:-1], low[1:]), 0.0)[could]
    part = np.where(
        _changes(side), side[:-1] / np.where(_changes(side), side[:-1] - side[1:], 1), 0
    )
    between = value[:-1] + part * np.where(part > 0, value[1:] - value[:-1], 0.0)
    measured = between[_changes(side) & (between > 0)]
    return (
        float(np.min(soon, initial=np.inf)),
        float(np.min(measured, initial=np.inf)),
        _sure_crossing(side, ahead, off, high),
    )


def _changes(side: Floats) -> Flags:
    found: Flags = (side[:-1] > 0) != (side[1:] > 0)
    return found


def _sure_crossing(side: Floats, ahead: Floats, off: Floats, high: Floats) -> float:
    """The least of what crossings that surely took place, and ahead, can have been at most."""
    sure = np.flatnonzero(np.abs(side) > off)
    most = np.inf
    for start, stop in pairwise(sure):
        if (side[start] > 0) != (side[stop] > 0):
            held = slice(start, stop + 1)
            if (ahead[held] - off[held] > 0).all():
                most = min(most, float(np.max(high[held])))
    return most


# --- heading for a ship ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """How an aircraft headed for a ship before it was closest.

    ``off`` is the angle between its course and the bearing of the ship, at most, in the best
    stretch of so many seconds; ``run`` how long without a break it was within so many degrees.
    """

    off: Bound
    run: Bound


def heading(
    aircraft: Way, ship: Way, instants: Floats, *, chord: float, within: float, steady: float
) -> Heading | None:
    """How an aircraft headed for a ship at even instants (m,); None where these are too few."""
    if len(instants) < 2:
        return None
    half = chord / 2
    since = np.maximum(instants - half, aircraft.first)
    own = courses(aircraft, since, np.minimum(instants + half, aircraft.last))
    both = seen(aircraft, ship, instants, middle=0.0)
    bearing = np.degrees(np.arctan2(both.east, both.north))
    value = np.abs(turned(own.course, bearing))
    off = np.minimum(own.error + angle(both.off, both.distance), 180.0)
    low, high = np.maximum(value - off, 0.0), np.minimum(value + off, 180.0)
    step = float(instants[1] - instants[0])
    many = round(steady / step) + 1
    if len(instants) < many:
        return None
    best = [float(_windows(x, many).max(axis=1).min()) for x in (low, value, high)]
    runs = [_longest(x <= within) * step for x in (high, value, low)]
    return Heading(Bound(*best), Bound(*runs))


def _windows(values: Floats, many: int) -> Floats:
    return np.lib.stride_tricks.sliding_window_view(values, many)


def _longest(held: Flags) -> int:
    """The steps of the longest run of what holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(np.int8), [0]])))
    return max(0, int(np.max(edges[1::2] - edges[::2], initial=0)) - 1)
