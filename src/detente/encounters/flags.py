"""What lowers confidence in fixes: jumps, freezes, circles, two craft under one name, jamming.

A flag says that something does not fit together, not why: a satellite receiver that was misled, an
identity that is borrowed, a clock that is wrong and a decoder that erred look alike. No fix is
deleted for a flag, and a fix without one is not proven. Limits are an analyst's choices.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from detente.encounters.fixes import Fixes
from detente.encounters.results import Flagged, FlagKind
from detente.encounters.tracks import DOMAINS, Flags, Floats, Longs

KINDS: tuple[FlagKind, ...] = get_args(FlagKind)
BITS = {kind: np.uint16(1 << place) for place, kind in enumerate(KINDS)}
RADIUS = 6_371_008.8  # metres, the mean radius of WGS 84
_MOST_INTERVALS = 50
_MOST_THREADS = 4
_WINDOWS = 20_000  # at once, for their memory


@dataclass(frozen=True)
class FlagLimits:
    """From where a flag holds.

    ``speed_ms`` and ``acceleration_ms2`` are the most that a craft of each domain can do (sea, air,
    land); ``noise_m`` is how far a fix may be off, and ``tick_s`` how far its instant, without a
    flag. Two movements under one name have at least ``thread`` fixes each, with no gap over
    ``thread_s``. A position that stands
    for ``freeze_s`` while the craft states more than ``freeze_ms`` is frozen. A circle is judged
    over each of ``circle_fixes``: it turns by ``circle_turns``, and its fixes are off it by at most
    ``circle_off`` of its radius. Accuracy has fallen where NACp or NIC is at most ``bad`` in a
    track that has had ``good``. A region is a cell of ``region_deg`` in which ``region_craft`` jump
    within ``region_s``. Disorder is told of at most ``late_fixes`` together, in files of which at
    most ``late_share`` of the rows go back in time.
    """

    speed_ms: tuple[float, float, float] = (60 * 1852 / 3600, 700.0, 80.0)
    acceleration_ms2: tuple[float, float, float] = (5.0, 100.0, 12.0)
    noise_m: tuple[float, float, float] = (100.0, 500.0, 50.0)
    tick_s: float = 1.0
    thread: int = 3
    thread_s: tuple[float, float, float] = (3600.0, 600.0, 1800.0)
    freeze_s: tuple[float, float, float] = (180.0, 20.0, 60.0)
    freeze_ms: tuple[float, float, float] = (2.5, 50.0, 5.0)
    circle_fixes: tuple[int, ...] = (24, 96)
    circle_turns: float = 2.0
    circle_off: float = 0.03
    circle_radius_m: tuple[float, float] = (50.0, 10_000.0)
    bad: float = 2.0
    good: float = 4.0
    region_deg: float = 1.0
    region_s: float = 300.0
    region_craft: int = 3
    late_fixes: int = 5
    late_share: float = 0.05


@dataclass(frozen=True, eq=False)
class Suspicion:
    """The flags of N fixes, as the bits of `BITS`, and their sum by craft."""

    bits: NDArray[np.uint16]
    flagged: tuple[Flagged, ...]

    def has(self, kind: FlagKind) -> Flags:
        """Whether each fix has a flag, (N,)."""
        held: Flags = (self.bits & BITS[kind]) != 0
        return held


@dataclass(frozen=True, eq=False)
class _Sorted:
    """Fixes by track and instant; ``first`` (N,) holds at the first of a track."""

    found: Fixes
    order: Longs
    track: Longs
    domain: Longs
    seconds: Floats
    lat: Floats
    lon: Floats
    first: Flags
    metres: Floats  # from the fix before
    passed: Floats  # seconds from the fix before
    held: Floats  # likewise, from the first fix in its place where the craft says that it moves
    run: Longs  # which stretch of fixes in one place
    moving: Flags  # whether the craft says so in most fixes of each stretch
    starts: Longs  # of each track, and the end

    def column(self, name: str) -> Floats:
        """Another array of the fixes in this order."""
        array: Floats = getattr(self.found, name)
        return array[self.order]


def suspicion(found: Fixes, limits: FlagLimits | None = None, land: Any = None) -> Suspicion:
    """The flags of all fixes.

    Parameters
    ----------
    found
        The fixes, before any cleaning.
    limits
        From where flags hold.
    land
        A shapely geometry in degrees (lon, lat) in which no ship can be; without it no ship is
        flagged as being on land. Where its coast is coarse, shrink it first.

    Notes
    -----
    Speed: (d - 2 noise) / (t + tick) over the limit, d on the sphere. Acceleration: the change of
    the mean velocities before and after a fix over the time between the middles of both ways, less
    what noise and tick can make of it. Two places: fixes at which speeds are over the limit are
    laid to several movements, each to the nearest that could reach it; the flag holds where two
    such movements of enough fixes overlap in time. Circle: least squares after Kasa (1976).

    """
    limits = limits or FlagLimits()
    bits = np.zeros(len(found), np.uint16)
    if not len(found):
        return Suspicion(bits, ())
    fixes = _sorted(found, limits)
    jumps = _jumps(fixes, limits)
    held: dict[FlagKind, Flags] = {
        "speed": jumps,
        "acceleration": _accelerations(fixes, limits),
        "two-places": _two_places(fixes, limits, jumps),
        "circle": _circles(fixes, limits),
        "freeze": _freezes(fixes, limits),
        "accuracy": _accuracy(fixes, limits),
    }
    if land is not None:
        held["on-land"] = _on_land(fixes, land)
    held["regional"] = _regional(fixes, limits, jumps | held["accuracy"])
    own = np.zeros(len(found), np.uint16)
    for kind, holds in held.items():
        own |= np.where(holds, BITS[kind], np.uint16(0))
    bits[fixes.order] = own
    bits |= np.where(_disorder(found, limits), BITS["disorder"], np.uint16(0))
    return Suspicion(bits, tuple(_flagged(fixes, bits[fixes.order])))


def metres_between(lat: Floats, lon: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Great-circle distances in metres between places in degrees, by the haversine."""
    a, b = np.radians(lat), np.radians(lat2)
    across = np.sin(np.radians(lon2 - lon) / 2) ** 2 * np.cos(a) * np.cos(b)
    half = np.sin((b - a) / 2) ** 2 + across
    return np.asarray(2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def _sorted(found: Fixes, limits: FlagLimits) -> _Sorted:
    order = np.lexsort((found.row, found.seconds, found.track))
    track = found.track[order]
    lat, lon, seconds = found.lat[order], found.lon[order], found.seconds[order]
    speed, on_ground = found.speed_ms[order], found.on_ground[order]
    first = np.append(True, np.diff(track) != 0)
    metres, passed = np.zeros(len(order)), np.full(len(order), np.inf)
    metres[1:] = metres_between(lat[:-1], lon[:-1], lat[1:], lon[1:])
    passed[1:] = np.diff(seconds)
    metres[first], passed[first] = 0.0, np.inf
    domains = np.array([DOMAINS.index(one.domain) for one in found.craft], np.int64)
    new = first.copy()
    new[1:] |= (np.diff(lat) != 0) | (np.diff(lon) != 0)
    heads = np.flatnonzero(new)
    moves = (speed > np.array(limits.freeze_ms)[domains[track]]) & (on_ground != 1)
    many = np.add.reduceat(moves, heads) * 2 > np.diff(np.append(heads, len(order)))
    run = np.cumsum(new) - 1
    since = np.where(many[run], seconds[heads[run]], seconds)
    held = np.full(len(order), np.inf)
    held[1:] = seconds[1:] - since[:-1]
    held[first] = np.inf
    return _Sorted(
        found=found,
        order=order,
        track=track,
        domain=domains[track],
        seconds=seconds,
        lat=lat,
        lon=lon,
        first=first,
        metres=metres,
        passed=passed,
        held=held,
        run=run,
        moving=many,
        starts=np.append(np.flatnonzero(first), len(order)),
    )


def _jumps(fixes: _Sorted, limits: FlagLimits) -> Flags:
    noise = 2 * np.array(limits.noise_m)[fixes.domain]
    most = np.array(limits.speed_ms)[fixes.domain]
    over: Flags = fixes.metres - noise > most * (fixes.held + limits.tick_s)
    return over


def _accelerations(fixes: _Sorted, limits: FlagLimits) -> Flags:
    """Where velocity changes by more than the craft can; held at the fix between two ways."""
    lat, lon = fixes.lat, fixes.lon
    found = np.zeros(len(lat), np.bool_)
    if len(lat) < 3:
        return found
    across = (np.diff(lon) + 180) % 360 - 180
    east = np.radians(across) * np.cos(np.radians(lat[1:])) * RADIUS
    north = np.radians(np.diff(lat)) * RADIUS
    time = np.maximum(fixes.held[1:], limits.tick_s)
    speed = np.hypot(east, north) / time
    change = np.hypot(np.diff(east / time), np.diff(north / time))
    before, after = time[:-1], time[1:]
    noise = np.array(limits.noise_m)[fixes.domain[1:-1]]
    slack = noise * (1 / before + 1 / after)
    slack += limits.tick_s * (speed[:-1] / before + speed[1:] / after)
    most = np.array(limits.acceleration_ms2)[fixes.domain[1:-1]] * (before + after) / 2
    inside = ~fixes.first[1:-1] & ~fixes.first[2:]
    found[1:-1] = inside & (change - slack > most)
    return found


def _two_places(fixes: _Sorted, limits: FlagLimits, jumps: Flags) -> Flags:
    found = np.zeros(len(jumps), np.bool_)
    counts = np.add.reduceat(jumps, fixes.starts[:-1])
    for track in np.flatnonzero(counts >= 2 * limits.thread - 1):
        part = slice(fixes.starts[track], fixes.starts[track + 1])
        found[part] = _threads(fixes, limits, part)
    return found


def _threads(fixes: _Sorted, limits: FlagLimits, part: slice) -> Flags:
    """Where movements of one track overlap in time; its fixes are few enough to go one by one."""
    domain = int(fixes.domain[part.start])
    seconds = fixes.seconds[part]
    lat, lon = np.radians(fixes.lat[part]), np.radians(fixes.lon[part])
    cos = np.cos(lat)
    where = np.stack([cos * np.cos(lon), cos * np.sin(lon), np.sin(lat), seconds], 1).tolist()
    most, noise = limits.speed_ms[domain], 2 * limits.noise_m[domain]
    heads: list[int] = []
    threads: list[list[int]] = []
    closed: list[list[int]] = []
    for place, (x, y, z, at) in enumerate(where):
        best, least = -1, math.inf
        for index, head in enumerate(heads):
            a, b, c, before = where[head]
            chord = math.dist((x, y, z), (a, b, c)) / 2
            far = 2 * RADIUS * math.asin(min(chord, 1.0))
            passed = at - before
            reached = far - noise <= most * (passed + limits.tick_s)
            if reached and passed <= limits.thread_s[domain] and far < least:
                best, least = index, far
        if best >= 0:
            heads[best] = place
            threads[best].append(place)
            continue
        if len(heads) == _MOST_THREADS:  # the one that was left longest is over
            old = heads.index(min(heads))
            closed.append(threads.pop(old))
            heads.pop(old)
        heads.append(place)
        threads.append([place])
    threads += closed
    spans = [(seconds[t[0]], seconds[t[-1]]) for t in threads if len(t) >= limits.thread]
    found = np.zeros(len(seconds), np.bool_)
    for index, (start, end) in enumerate(spans):
        for other_start, other_end in spans[index + 1 :]:
            low, high = max(start, other_start), min(end, other_end)
            found |= (seconds >= low) & (seconds <= high) & (low < high)
    return found


def _circles(fixes: _Sorted, limits: FlagLimits) -> Flags:
    found = np.zeros(len(fixes.order), np.bool_)
    lat, lon = fixes.lat, fixes.lon
    counts = np.diff(fixes.starts)
    for track in np.flatnonzero(counts >= min(limits.circle_fixes)):
        start, end = fixes.starts[track], fixes.starts[track + 1]
        if fixes.domain[start] != DOMAINS.index("sea"):
            continue
        if fixes.metres[start:end].sum() < 2 * np.pi * limits.circle_radius_m[0]:
            continue
        across = (lon[start:end] - lon[start] + 180) % 360 - 180
        x = np.radians(across) * np.cos(np.radians(lat[start])) * RADIUS
        y = np.radians(lat[start:end] - lat[start]) * RADIUS
        for size in limits.circle_fixes:
            for place in _on_circle(x, y, size, limits):
                found[start + place : start + place + size] = True
    return found


def _on_circle(x: Floats, y: Floats, size: int, limits: FlagLimits) -> Longs:
    """From which fixes on ``size`` of them lie on a circle and go round it.

    Only where the way itself turns that far the circle is fitted.
    """
    if len(x) < size:
        return np.zeros(0, np.int64)
    turn = np.diff(np.arctan2(np.diff(y), np.diff(x)))
    turned = np.append(0.0, np.cumsum((turn + np.pi) % (2 * np.pi) - np.pi))
    around = np.abs(turned[size - 2 :] - turned[: len(turned) - size + 2])
    places = np.flatnonzero(around >= 0.8 * limits.circle_turns * 2 * np.pi)
    u, v = (np.lib.stride_tricks.sliding_window_view(one, size) for one in (x, y))
    held = [
        _fits(u[some], v[some], limits)
        for some in np.split(places, np.arange(_WINDOWS, len(places), _WINDOWS))
    ]
    return np.asarray(places[np.concatenate(held)])


def _fits(u: Floats, v: Floats, limits: FlagLimits) -> Flags:
    """Whether each row of places lies on a circle and goes round it (Kasa 1976)."""
    u, v = u - u.mean(1, keepdims=True), v - v.mean(1, keepdims=True)
    square = u**2 + v**2
    uu, vv, uv = (u * u).sum(1), (v * v).sum(1), (u * v).sum(1)
    right, up = (u * square).sum(1) / 2, (v * square).sum(1) / 2
    determinant = uu * vv - uv**2
    good = determinant > 1e-6 * (uu + vv) ** 2
    determinant = np.where(good, determinant, 1.0)
    a, b = (right * vv - up * uv) / determinant, (up * uu - right * uv) / determinant
    radius = np.sqrt(a**2 + b**2 + square.mean(1))
    p, q = u - a[:, None], v - b[:, None]
    off = np.sqrt(((np.hypot(p, q) - radius[:, None]) ** 2).mean(1))
    turned = np.unwrap(np.arctan2(q, p), axis=1)
    turns = np.abs(turned[:, -1] - turned[:, 0]) / (2 * np.pi)
    low, high = limits.circle_radius_m
    round_ = good & (off <= limits.circle_off * radius) & (turns >= limits.circle_turns)
    return np.asarray(round_ & (radius >= low) & (radius <= high))


def _freezes(fixes: _Sorted, limits: FlagLimits) -> Flags:
    """Three fixes or more in one place for long, though the craft says that it moves."""
    starts = np.flatnonzero(np.diff(fixes.run, prepend=-1))
    ends = np.append(starts[1:], len(fixes.run)) - 1
    lasted = fixes.seconds[ends] - fixes.seconds[starts]
    long = lasted >= np.array(limits.freeze_s)[fixes.domain[starts]]
    return np.asarray((long & (ends - starts >= 2) & fixes.moving)[fixes.run])


def _accuracy(fixes: _Sorted, limits: FlagLimits) -> Flags:
    found = np.zeros(len(fixes.order), np.bool_)
    which = np.repeat(np.arange(len(fixes.starts) - 1), np.diff(fixes.starts))
    for name in ("nacp", "nic"):
        value = fixes.column(name)
        had = np.maximum.reduceat(np.nan_to_num(value, nan=-1.0), fixes.starts[:-1])
        found |= (value <= limits.bad) & (had >= limits.good)[which]
    return found


def _on_land(fixes: _Sorted, land: Any) -> Flags:
    from shapely import contains_xy, prepare

    found = np.zeros(len(fixes.order), np.bool_)
    ships = np.flatnonzero(fixes.domain == DOMAINS.index("sea"))
    prepare(land)
    found[ships] = contains_xy(land, fixes.lon[ships], fixes.lat[ships])
    return found


def _regional(fixes: _Sorted, limits: FlagLimits, odd: Flags) -> Flags:
    """Odd fixes where several craft are odd in one cell and one stretch of time.

    A jump counts where it began, in the place of the fix before it.
    """
    found = np.zeros(len(odd), np.bool_)
    place = np.flatnonzero(odd)
    if not len(place):
        return found
    since = np.where(fixes.first[place], place, place - 1)
    row = np.floor((fixes.lat[since] + 90) / limits.region_deg).astype(np.int64)
    column = np.floor((fixes.lon[since] + 180) / limits.region_deg).astype(np.int64)
    when = np.floor(fixes.seconds[place] / limits.region_s).astype(np.int64)
    _, region = np.unique(_key(_key(row, column), when), return_inverse=True)
    each = np.unique(_key(region, fixes.track[place]), return_index=True)[1]
    craft = np.bincount(region[each], minlength=region.max() + 1)
    found[place] = craft[region] >= limits.region_craft
    return found


def _key(first: Longs, second: Longs) -> Longs:
    """One number for each pair of numbers."""
    low = second.min()
    return np.asarray(first * (second.max() - low + 1) + (second - low), np.int64)


def _disorder(found: Fixes, limits: FlagLimits) -> Flags:
    """Fixes earlier than one of their craft and source that stands before them in the file.

    Where rows go back in time often, or a craft for long, the file is put in some other order, and
    that of its rows tells nothing.
    """
    order = np.lexsort((found.row, found.source, found.track))
    track, source = found.track[order], found.source[order]
    since = np.round((found.seconds[order] - found.seconds.min()) * 1000).astype(np.int64)
    first = np.append(True, (np.diff(track) != 0) | (np.diff(source) != 0))
    # one running maximum over all groups: each is lifted over those before it
    lifted = since + (np.cumsum(first) - 1) * (since.max() + 1)
    late = lifted < np.maximum.accumulate(lifted)
    stretch = np.cumsum(np.append(True, np.diff(late) != 0) | first) - 1
    late &= (np.bincount(stretch) <= limits.late_fixes)[stretch]
    late &= _chronicle(found, limits)[source]
    out = np.zeros(len(order), np.bool_)
    out[order] = late
    return out


def _chronicle(found: Fixes, limits: FlagLimits) -> Flags:
    """Whether the rows of each source stand in the order of time, but for a few."""
    rows = np.lexsort((found.row, found.source))
    source, back = found.source[rows], np.diff(found.seconds[rows]) < 0
    inside = np.diff(source) == 0
    steps = np.bincount(source[1:][inside], minlength=len(found.sources))
    backward = np.bincount(source[1:][inside & back], minlength=len(found.sources))
    return np.asarray(backward <= limits.late_share * steps)


def _flagged(fixes: _Sorted, bits: NDArray[np.uint16]) -> Iterator[Flagged]:
    seconds = fixes.seconds
    for track in range(len(fixes.starts) - 1):
        start, end = fixes.starts[track], fixes.starts[track + 1]
        own = bits[start:end]
        if not own.any():
            continue
        craft = fixes.found.craft[fixes.track[start]]
        for kind in KINDS:
            holds = (own & BITS[kind]) != 0
            if holds.any():
                edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]])))
                times = seconds[start:end]
                pairs = [
                    (float(times[a]), float(times[b - 1]))
                    for a, b in zip(edges[::2], edges[1::2], strict=True)
                ]
                yield Flagged(
                    craft=craft.id,
                    domain=craft.domain,
                    kind=kind,
                    fixes=int(holds.sum()),
                    of=len(own),
                    stretches=len(pairs),
                    intervals=tuple(pairs[:_MOST_INTERVALS]),
                )
