"""How near two craft came, how fast and for how long, with what errors and gaps allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from detente.encounters.approach.limits import Limit
from detente.encounters.approach.shape import PIECE
from detente.encounters.geometry.settings import USUAL, Settings
from detente.encounters.geometry.way import Way, dot, plane, spots
from detente.encounters.results import Bound
from detente.encounters.tracks import Flags, Floats

IN_GAP = 32  # parts of a piece in a gap: its radius is not the same all along


@dataclass(frozen=True, eq=False)
class Seen:
    """Where the second of two craft was as seen from the first, at m instants.

    ``east`` and ``north`` are metres in a tangent plane, ``above`` metres of height, NaN
    where one is not known; ``off`` and ``above_off`` how far off they can be.
    """

    east: Floats
    north: Floats
    above: Floats
    off: Floats
    above_off: Floats

    @property
    def distance(self) -> Floats:
        """Metres along the ground."""
        return np.hypot(self.east, self.north)


def seen(one: Way, other: Way, instants: Floats, *, middle: float = 0.5) -> Seen:
    """Where ``other`` was as seen from ``one`` at instants (m,) at which both were.

    The plane touches the ground midway between the two; with ``middle`` 0 or 1 at the one or the
    other, whose north then counts.
    """
    a, b = spots(one, instants), spots(other, instants)
    east, north = plane(a.places + middle * (b.places - a.places))
    apart = b.places - a.places
    return Seen(
        dot(apart, east), dot(apart, north), b.heights - a.heights, a.radius + b.radius,
        a.height_radius + b.height_radius,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Pieces:
    """m pieces of time in which two craft go straight; ``start`` and ``end`` (m,) seconds.

    ``at`` (m, 3) is the second as seen from the first at the start, east, north and above, ``rate``
    (m, 3) how it changes; ``off`` and ``above_off`` (m,) are metres that bound how far off.
    """

    start: Floats
    end: Floats
    at: Floats
    rate: Floats
    off: Floats
    above_off: Floats

    def where(self, kept: Flags) -> Pieces:
        """Those that are ``kept`` (m,)."""
        return Pieces(
            self.start[kept], self.end[kept], self.at[kept], self.rate[kept], self.off[kept],
            self.above_off[kept],
        )  # fmt: skip


def pieces(one: Way, other: Way, times: Sequence[tuple[float, float]]) -> Pieces:
    """The pieces of the times (from, to) in which both craft are between their fixes.

    Of a time of no length there is a piece of no length.
    """
    begin, end = max(one.first, other.first), min(one.last, other.last)
    starts: list[Floats] = []
    ends: list[Floats] = []
    for since, until in times:
        low, high = max(since, begin), min(until, end)
        if low > high:
            continue
        nodes = np.concatenate([_nodes(one, low, high), _nodes(other, low, high), [low, high]])
        nodes = np.unique(nodes)
        starts.append(nodes[:-1] if len(nodes) > 1 else nodes)
        ends.append(nodes[1:] if len(nodes) > 1 else nodes)
    if not starts:
        none = np.zeros(0)
        return Pieces(none, none, np.zeros((0, 3)), np.zeros((0, 3)), none, none)
    return _straight(one, other, np.concatenate(starts), np.concatenate(ends))


def _nodes(one: Way, low: float, high: float) -> Floats:
    """Instants between two at which a craft changes its way, or the bound on its place."""
    length = np.linalg.norm(np.diff(one.normals, axis=0), axis=1) * 6.4e6
    many = np.where(one.gap, IN_GAP, np.ceil(length / PIECE)).astype(int)
    many = np.maximum(many, 1)
    place = np.repeat(np.arange(len(many)), many)
    step = np.arange(len(place)) - np.repeat(np.cumsum(many) - many, many)
    span = np.diff(one.seconds)
    found = np.append(one.seconds[place] + span[place] * step / many[place], one.seconds[-1])
    kept: Floats = found[(found > low) & (found < high)]
    return kept


def _straight(one: Way, other: Way, start: Floats, end: Floats) -> Pieces:
    a, b = spots(one, start, end), spots(other, start, end)
    # A piece ends where the next begins; its end is taken on the piece before, heights with it.
    far_a, far_b = spots(one, end), spots(other, end)
    east, north = plane((a.places + b.places + far_a.places + far_b.places) / 4)
    begun, ended = b.places - a.places, far_b.places - far_a.places
    span = np.where(end > start, end - start, 1.0)
    at = np.column_stack([dot(begun, east), dot(begun, north), b.heights - a.heights])
    then = np.column_stack([dot(ended, east), dot(ended, north), far_b.heights - far_a.heights])
    rate = (then - at) / span[:, None]
    return Pieces(start, end, at, rate, a.radius + b.radius, a.height_radius + b.height_radius)


def nearest(of: Pieces, axes: int = 2) -> tuple[Floats, Floats]:
    """When in each piece the distance in so many axes is least (m,), and how large it is (m,)."""
    at, rate = of.at[:, :axes], of.rate[:, :axes]
    speed = dot(rate, rate)
    span = of.end - of.start
    ideal = np.where(speed > 0, -dot(at, rate) / np.where(speed > 0, speed, 1.0), 0.0)
    when = np.clip(ideal, 0.0, span)
    when = np.where(np.isnan(when), 0.0, when)
    then = at + when[:, None] * rate
    return of.start + when, np.sqrt(dot(then, then))


def inside(of: Pieces, radius: Floats) -> tuple[Floats, Floats]:
    """From when to when in each piece the distance is at most a radius (m,); to < from: never."""
    at, rate = of.at[:, :2], of.rate[:, :2]
    a, b, c = dot(rate, rate), dot(at, rate), dot(at, at) - radius * np.abs(radius)
    under = b * b - a * c
    moves = a > 0
    safe = np.where(moves, a, 1.0)
    root = np.sqrt(np.maximum(under, 0.0))
    low = np.where(moves, (-b - root) / safe, -np.inf)
    high = np.where(moves, (-b + root) / safe, np.inf)
    never = np.where(moves, under < 0, c > 0)
    since = np.maximum(of.start, of.start + low)
    until = np.minimum(of.end, of.start + high)
    return np.where(never, np.inf, since), np.where(never, -np.inf, until)


def level(of: Pieces, height: Floats) -> tuple[Floats, Floats]:
    """From when to when in each piece the heights differ by at most one (m,), as `inside`."""
    z, rate = of.at[:, 2], of.rate[:, 2]
    moves = rate != 0
    safe = np.where(moves, rate, 1.0)
    one, two = (-height - z) / safe, (height - z) / safe
    low = np.where(moves, np.minimum(one, two), -np.inf)
    high = np.where(moves, np.maximum(one, two), np.inf)
    never = np.where(moves, height < 0, np.abs(z) > height) | np.isnan(z)
    since, until = np.maximum(of.start, of.start + low), np.minimum(of.end, of.start + high)
    return np.where(never, np.inf, since), np.where(never, -np.inf, until)


# --- how near -------------------------------------------------------------------------------------


def separation(of: Pieces, around: Pieces | None = None) -> Bound | None:
    """The smallest horizontal distance; the lower end is that of the pieces ``around`` it."""
    if not len(of.start):
        return None
    _, least = nearest(of)
    wide = of if around is None else around
    low = nearest(wide)[1] - wide.off
    return Bound(max(0.0, float(np.min(low))), float(np.min(least)), float(np.min(least + of.off)))


def slant(of: Pieces, around: Pieces) -> Bound | None:
    """The smallest distance in space; the lower end is that of the pieces ``around`` it."""
    if not len(of.start) or np.isnan(around.at[:, 2] + around.rate[:, 2] + around.above_off).any():
        return None
    _, least = nearest(of, 3)
    low = nearest(around, 3)[1] - np.hypot(around.off, around.above_off)
    high = least + np.hypot(of.off, of.above_off)
    return Bound(max(0.0, float(np.min(low))), float(np.min(least)), float(np.min(high)))


def above(of: Pieces, around: Pieces, near: Bound) -> Bound | None:
    """How high the second was over the first when they were closest along the ground.

    ``near`` is their separation: they can have been closest at any instant at which what is known
    of their distance reaches down to its upper end, of the pieces ``around`` those of the value.
    """
    when, least = nearest(of)
    best = int(np.argmin(least))
    value = float(of.at[best, 2] + (when[best] - of.start[best]) * of.rate[best, 2])
    low, high = inside(around, near.high + around.off + 1e-6)  # more than rounding
    held = low <= high
    z = around.at[held, 2], around.rate[held, 2]
    ends = [z[0] + (t[held] - around.start[held]) * z[1] for t in (low, high)]
    off = around.above_off[held]
    bottom, top = np.min(np.minimum(*ends) - off), np.max(np.maximum(*ends) + off)
    if np.isnan([bottom, value, top]).any():
        return None
    return Bound(float(bottom), value, float(top))


def size(of: Bound) -> Bound:
    """The absolute value of what is known."""
    ends = abs(of.low), abs(of.high)
    low = 0.0 if of.low <= 0 <= of.high else min(ends)
    return Bound(low, abs(of.value), max(ends))


# --- how fast -------------------------------------------------------------------------------------


def closure(one: Way, other: Way, since: float, until: float) -> Bound | None:
    """How fast the distance shrank between two instants, on average."""
    if not until > since:
        return None
    both = seen(one, other, np.array([since, until]))
    far, near = both.distance
    value, off = (far - near) / (until - since), both.off.sum() / (until - since)
    return Bound(float(value - off), float(value), float(value + off))


def relative_speed(one: Way, other: Way, instants: Floats) -> Bound | None:
    """The speed of one as seen from the other between instants (m,), on average.

    The way of one as seen from the other is the sum of its ways from each instant to the next.
    """
    if len(instants) < 2 or not instants[-1] > instants[0]:
        return None
    both = seen(one, other, instants)
    steps = np.hypot(np.diff(both.east), np.diff(both.north))
    off = both.off[1:] + both.off[:-1]
    span = float(instants[-1] - instants[0])
    low, high = np.maximum(steps - off, 0).sum(), (steps + off).sum()
    return Bound(float(low) / span, float(steps.sum()) / span, float(high) / span)


# --- how long and how often -----------------------------------------------------------------------


def stretches(of: Pieces, limit: Limit, margin: float = 0.0) -> list[tuple[float, float]]:
    """When two craft were within a limit: from, to, in order, joined where they touch.

    ``margin`` -1 is when they surely were, 1 when they can have been. A height that is not known
    can hold, and does not surely.
    """
    low, high = inside(of, limit.horizontal + margin * of.off)
    if limit.vertical is not None:
        off = np.where(np.isnan(of.above_off), 0.0, of.above_off)
        bottom, top = level(of, limit.vertical + margin * off)
        if margin >= 0:
            unknown = np.isnan(of.at[:, 2] + of.rate[:, 2] + of.above_off)
            bottom, top = np.where(unknown, -np.inf, bottom), np.where(unknown, np.inf, top)
        low, high = np.maximum(low, bottom), np.minimum(high, top)
    found: list[tuple[float, float]] = []
    for since, until in zip(low, high, strict=True):
        if since > until:
            continue
        if found and since <= found[-1][1] + 1e-6:
            found[-1] = found[-1][0], max(found[-1][1], float(until))
        else:
            found.append((float(since), float(until)))
    return found


def dwell(of: Pieces, limit: Limit) -> Bound:
    """How long two craft were within a limit, all passes together, in seconds."""
    low, value, high = (_total(stretches(of, limit, margin)) for margin in (-1.0, 0.0, 1.0))
    return Bound(low, value, high)


def _total(of: Sequence[tuple[float, float]]) -> float:
    return float(sum(until - since for since, until in of))


def passes(of: Pieces, limit: Limit, settings: Settings = USUAL) -> Bound:
    """How often two craft came within a limit, breaks of less than ``settings.apart`` not counted.

    At least as often as they surely were with a break in between that surely was long enough; at
    most as often as there is room for breaks where they need not have been within it.
    """
    sure, could = stretches(of, limit, -1.0), stretches(of, limit, 1.0)
    high = 0
    for since, until in could:
        inner = [one for one in sure if one[0] >= since - 1e-6 and one[1] <= until + 1e-6]
        edges = [since, *(end for one in inner for end in one), until]
        open_ = [b - a for a, b in zip(edges[::2], edges[1::2], strict=True)]
        high += 1 + sum(int((span + 1e-6) // settings.apart) for span in open_)
    return Bound(
        float(_sure_count(sure, could, settings.apart)),
        float(_count(stretches(of, limit), settings.apart)),
        float(high),
    )


def _count(of: Sequence[tuple[float, float]], apart: float) -> int:
    breaks = [later[0] - one[1] for one, later in pairwise(of)]
    return len(of) and 1 + sum(span >= apart for span in breaks)


def _sure_count(
    sure: Sequence[tuple[float, float]], could: Sequence[tuple[float, float]], apart: float
) -> int:
    """Sure stretches between which they surely were outside for so long."""
    count, last = 0, -np.inf
    for since, until in sure:
        if not count or _free(could, last, since) >= apart:
            count += 1
        last = until
    return count


def _free(could: Sequence[tuple[float, float]], since: float, until: float) -> float:
    """The longest time between two instants in which they cannot have been within the limit."""
    place, longest = since, 0.0
    for low, high in could:
        if high > since and low < until:
            longest = max(longest, low - place)
            place = max(place, high)
    return max(longest, until - place)
