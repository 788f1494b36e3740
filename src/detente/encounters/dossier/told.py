"""What of a dossier is told: nothing after an instant, and places no finer than a fixed grid.

A grid alone does not hide a place: that a craft left its cell between two instants tells a line on
which it was. So instants are told to a fixed grid too, in which a craft moves by about a cell, and
of each craft one place in each such stretch.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby, pairwise

from detente.encounters.accounts.model import Place
from detente.encounters.accounts.release import coarse_place
from detente.encounters.accounts.stated import GEOD
from detente.encounters.dossier.results import Path, Position, Withheld
from detente.encounters.results import (
    Bound,
    Encounter,
    Flagged,
    Gap,
    Measured,
    Pass,
    RuleFinding,
)

STRETCHES = (60.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0, 12 * 3600.0, 86400.0)
TELL_A_PLACE = ("depth", "border-distance")
_LEAST_KM = 0.001


def stretch(paths: Iterable[Path], km: float) -> float:
    """Seconds in which the slower craft goes about ``km``: one of `STRETCHES`, at most a day."""
    needed = max((1000 * km / max(_speed(path), 1e-6) for path in paths), default=0.0)
    return next((one for one in STRETCHES if one >= needed), STRETCHES[-1])


def _speed(path: Path) -> float:
    """Metres a second along the way."""
    if len(path.positions) < 2:
        return 0.0
    metres = sum(GEOD.inv(p.lon, p.lat, q.lon, q.lat)[2] for p, q in pairwise(path.positions))
    return float(metres) / (path.positions[-1].instant - path.positions[0].instant)


def coarse_instant(instant: float, seconds: float) -> float:
    """The middle of the stretch since 1970-01-01 UTC in which an instant lies."""
    return (math.floor(instant / seconds) + 0.5) * seconds


def spot(lat: float, lon: float, within_m: float | None, km: float) -> tuple[float, float, float]:
    """The middle of the cell in which a place lies, and metres that hold where it may have been."""
    own = max((within_m or 0.0) / 1000, _LEAST_KM)
    found = coarse_place(Place(lat=lat, lon=lon, within_km=own), km)
    assert found.within_km is not None
    return found.lat, found.lon, 1000 * found.within_km


def coarse_path(path: Path, km: float, seconds: float) -> Path:
    """One place of a craft in each stretch of time: the one nearest to its middle."""

    def one(middle: float, some: Iterable[Position]) -> Position:
        found = min(some, key=lambda p: abs(p.instant - middle))
        lat, lon, within = spot(found.lat, found.lon, found.within_m, km)
        return replace(
            found, instant=middle, within_s=math.ceil(seconds / 2 + (found.within_s or 0.0)),
            lat=lat, lon=lon, within_m=within, gap=False,
        )  # fmt: skip

    grouped = groupby(path.positions, key=lambda p: coarse_instant(p.instant, seconds))
    return replace(path, positions=tuple(one(middle, some) for middle, some in grouped))


def coarse_encounter(found: Encounter, km: float, seconds: float) -> Encounter:
    """An encounter with its place and its instants told coarsely; distances stay."""

    def when(instant: float) -> float:
        return coarse_instant(instant, seconds)

    def passing(one: Pass) -> Pass:
        return replace(one, start=when(one.start), end=when(one.end), closest=when(one.closest))

    lat, lon, _within = spot(*found.place, None, km)
    return replace(
        found, start=when(found.start), end=when(found.end), closest=when(found.closest),
        place=(lat, lon), passes=tuple(passing(one) for one in found.passes),
    )  # fmt: skip


def coarse_gap(gap: Gap, km: float, seconds: float) -> Gap:
    """A gap with its places and instants told coarsely, and its way to whole cells."""
    return replace(
        gap,
        start=coarse_instant(gap.start, seconds),
        end=coarse_instant(gap.end, seconds),
        before=spot(*gap.before, None, km)[:2],
        after=spot(*gap.after, None, km)[:2],
        metres=1000 * km * math.ceil(gap.metres / (1000 * km)),
    )


def coarse_flag(flag: Flagged, seconds: float) -> Flagged:
    """A flag with its instants told coarsely."""
    told = (tuple(coarse_instant(end, seconds) for end in one) for one in flag.intervals)
    intervals = tuple(dict.fromkeys((low, high) for low, high in told))
    return replace(flag, intervals=intervals)


def without_places(found: RuleFinding) -> RuleFinding:
    """A finding whose metrics do not tell a place."""

    def kept(one: Measured) -> Measured:
        return replace(one, bound=None) if one.metric in TELL_A_PLACE else one

    return replace(found, metrics=tuple(kept(one) for one in found.metrics))


def withheld(after: float | None, km: float | None, seconds: float | None) -> Withheld:
    """What is kept back with these choices."""
    return Withheld(after, km, seconds, TELL_A_PLACE if km is not None else ())


def around(instant: float, within: float) -> Bound:
    """An instant and how far off it may be."""
    return Bound(instant - within, instant, instant + within)
