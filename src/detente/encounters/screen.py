"""From fixes to encounters, what rules say of them, and what was seen at all.

The order is always the same: what stood on the ground is left out, tracks are cleaned, every close
approach is searched for, passes are put together to encounters, and these are held against rules.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from detente.encounters.approach.encounters import encounters
from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.reach import could_have_met
from detente.encounters.approach.search import Hits, search, standing
from detente.encounters.clean import Rules, clean
from detente.encounters.coverage import Seen, covered
from detente.encounters.fixes import ARRAYS, Fixes
from detente.encounters.geometry.settings import USUAL, Settings
from detente.encounters.results import Cleaning, Covered, Encounter
from detente.encounters.tracks import (
    DOMAINS,
    Craft,
    Domain,
    Errors,
    Flags,
    Floats,
    Longs,
    Tracks,
)

NM, FOOT, HOUR = 1852.0, 0.3048, 3600.0
STILL = 200.0  # metres: the swing of a ship at anchor
USUAL_LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "sea-sea": Limit(0.5 * NM),
        "sea-air": Limit(NM, 1000 * FOOT),
        "air-air": Limit(5 * NM, 1000 * FOOT),
    }
)
# What fixes can be off where their source does not say so, an analyst's choice: of ships the lower
# class of AIS is 10 m, of aircraft a tenth of a mile goes with NACp 7 (DO-260B).
UNSTATED: Mapping[Domain, Errors] = MappingProxyType(
    {
        "sea": Errors(30.0, 0.0, 2.0),
        "air": Errors(185.2, 30.0, 1.0),
        "land": Errors(30.0, 30.0, 1.0),
    }
)


@dataclass(frozen=True)
class Asked:
    """What is asked of fixes.

    ``apart`` seconds after a pass the next one of the pair still belongs to the same encounter.
    ``unseen`` is the longest gap in seconds in which two could have met; 0 asks for none.
    ``across`` pairs craft of different sides only, ``moving`` leaves out pairs that both never
    leave a box of 200 m.
    """

    limits: Limits = field(default_factory=lambda: Limits(USUAL_LIMITS))
    rules: Rules = field(default_factory=Rules)
    apart: float = 600.0
    unseen: float = 0.0
    across: bool = False
    moving: bool = False
    settings: Settings = USUAL


@dataclass(frozen=True, eq=False)
class Prepared:
    """Tracks that are ready to be searched; ``grounded`` fixes were of aircraft on the ground."""

    tracks: Tracks
    cleaning: Cleaning
    grounded: int


def prepare(found: Fixes, asked: Asked) -> Prepared:
    """Leave out aircraft on the ground, and clean; errors that no source states are `UNSTATED`."""
    kept = in_the_air(found)
    own = found if kept.all() else chosen(found, kept)
    tracks, cleaning = clean(
        own.craft, own.track, seconds=own.seconds, lat=own.lat, lon=own.lon, height=own.height,
        errors=own.errors(unstated(own)), rules=asked.rules,
    )  # fmt: skip
    return Prepared(tracks, cleaning, int(np.count_nonzero(~kept)))


def in_the_air(found: Fixes) -> Flags:
    """Which fixes (N,) are not of an aircraft that says that it stands or rolls on the ground."""
    aircraft = _domains(found.craft)[found.track] == DOMAINS.index("air")
    kept: Flags = ~(aircraft & (found.on_ground == 1))
    return kept


def chosen(found: Fixes, kept: Flags) -> Fixes:
    """The fixes that are ``kept`` (N,); craft stay, also those without any."""
    own: dict[str, Any] = {name: getattr(found, name)[kept] for name in ARRAYS}
    return Fixes(craft=found.craft, sources=found.sources, **own)


def unstated(found: Fixes) -> Errors:
    """The bounds of each fix (N,) that hold where its source gives none."""
    place = _domains(found.craft)[found.track]
    by = [UNSTATED[name] for name in DOMAINS]
    return Errors(
        horizontal=np.array([one.horizontal for one in by])[place],
        height=np.array([one.height for one in by])[place],
        clock=np.array([one.clock for one in by])[place],
    )


def _domains(craft: Sequence[Craft]) -> Longs:
    return np.array([DOMAINS.index(one.domain) for one in craft], np.int64)


def sides_of(names: Sequence[str | None]) -> Longs:
    """Sides as numbers (K,); 0 where there is none, so that no two of these are of two sides."""
    known = sorted({one for one in names if one is not None})
    return np.array([0 if one is None else known.index(one) + 1 for one in names], np.int64)


def of_two_sides(hits: Hits, sides: Longs) -> Hits:
    """The passes of which both are of a side that is known; ``sides`` (K,) as of `sides_of`."""
    kept = (sides[hits.a] > 0) & (sides[hits.b] > 0)
    return Hits(*(getattr(hits, one.name)[kept] for one in fields(hits)))


def passes(tracks: Tracks, asked: Asked, sides: Sequence[str | None]) -> Hits:
    """Every pass within the limits, of the pairs that are asked for."""
    still = standing(tracks, STILL) if asked.moving else None
    if not asked.across:
        return search(tracks, asked.limits, still=still)
    own = sides_of(sides)
    return of_two_sides(search(tracks, asked.limits, sides=own, still=still), own)


def met(
    tracks: Tracks, hits: Hits, asked: Asked, sides: Sequence[str | None]
) -> tuple[Encounter, ...]:
    """The encounters, the closest first; those that only could have been come last."""
    found = as_far_as_told(encounters(hits, tracks, gap_seconds=asked.apart), asked.limits)
    possible: tuple[Encounter, ...] = ()
    if asked.unseen:
        seen_ = {(one.a, one.b) for one in found}
        known = {name for name, side in zip(tracks.ids, sides, strict=True) if side is not None}
        possible = tuple(
            one
            for one in could_have_met(
                tracks, asked.limits, top_speed=asked.settings.fastest,
                longest_seconds=asked.unseen, gap_seconds=asked.apart,
                sides=sides_of(sides) if asked.across else None,
            )
            if (one.a, one.b) not in seen_ and (not asked.across or {one.a, one.b} <= known)
        )  # fmt: skip
    return tuple(closest_first((*found, *possible)))


def as_far_as_told(found: Sequence[Encounter], limits: Limits) -> tuple[Encounter, ...]:
    """Two whose errors together are wider than the limit itself could have met, no more."""
    return tuple(
        replace(one, met="could-have-met")
        if one.separation.high - one.separation.value > limits.of[one.domains].horizontal
        else one
        for one in found
    )


def closest_first(found: Sequence[Encounter]) -> list[Encounter]:
    """Who met before who could have, each by distance, time and names: one order always."""
    return sorted(
        found, key=lambda one: (one.met != "met", one.horizontal, one.closest, one.a, one.b)
    )


@dataclass(frozen=True)
class Exposure:
    """How much of a side was seen, beside how often it was in an encounter.

    ``tracks`` and ``hours`` of craft of the side (empty: of none that is known) were seen;
    ``encounters`` are those with at least one of them. Who transmits is counted, so sides are not
    to be compared by it.
    """

    side: str
    tracks: int
    hours: float
    encounters: int


def hours_seen(tracks: Tracks) -> Floats:
    """For how many hours each track (K,) was seen without a cut; NaN where it has no fix."""
    span = np.diff(tracks.seconds, prepend=tracks.seconds[:1])
    found = np.bincount(
        tracks.track, np.where(tracks.cut, 0.0, span), minlength=len(tracks.ids)
    )  # fmt: skip
    hours: Floats = np.where(np.diff(tracks.starts) > 0, found / HOUR, np.nan)
    return hours


def exposure(
    ids: Sequence[str], hours: Floats, sides: Sequence[str | None], found: Sequence[Encounter]
) -> tuple[Exposure, ...]:
    """Of each side of tracks (K,), by name; ``hours`` (K,) as of `hours_seen`."""
    whose = np.array([one or "" for one in sides], dtype=object)
    side = dict(zip(ids, whose, strict=True))
    pairs = [{side[one.a], side[one.b]} for one in found]
    return tuple(
        Exposure(
            side=str(name),
            tracks=int(np.count_nonzero((whose == name) & ~np.isnan(hours))),
            hours=float(np.nansum(hours[whose == name])),
            encounters=sum(name in pair for pair in pairs),
        )
        for name in sorted(set(whose))
    )


Box = tuple[float, float, float, float]


def boxes(found: Fixes) -> dict[Domain, Box]:
    """West, south, east and north of the fixes of each domain that has any."""
    place = _domains(found.craft)[found.track]
    told = {}
    for number, domain in enumerate(DOMAINS):
        lat, lon = found.lat[place == number], found.lon[place == number]
        if len(lat):
            told[domain] = (
                float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())
            )  # fmt: skip
    return told


def coverage(
    known: Seen, around: Mapping[Domain, Box], start: float, end: float
) -> Iterator[Covered]:
    """Of each domain, how much of the box ``around`` its fixes and of the time had any."""
    from shapely.geometry import box

    cell, length = known.cell_deg, known.bin_s
    whole = length * math.floor(start / length), length * (math.floor(end / length) + 1)
    for domain, (west, south, east, north) in around.items():
        left, right = _ends(west, east, cell, 180.0)
        low, high = _ends(south, north, cell, 90.0)
        yield covered(known, domain, box(left, low, right, high), *whole)


def _ends(least: float, most: float, cell: float, limit: float) -> tuple[float, float]:
    low, high = cell * math.floor(least / cell), cell * (math.floor(most / cell) + 1)
    return max(low, -limit), min(high, limit)
