"""Rules that make tracks out of raw fixes, each of them visible, adjustable and counted.

Nothing is mended or moved: a fix stays as it was reported, or is left out, or the way to it is cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from detente.encounters.approach.motion import normal, surface
from detente.encounters.results import Cleaning
from detente.encounters.tracks import (
    DOMAINS,
    EXACT,
    Craft,
    Domain,
    Errors,
    Flags,
    Floats,
    Longs,
    Tracks,
    tracks,
)
from detente.ground.errors import UsageError

KNOT = 1852 / 3600
GATES: Mapping[Domain, float] = MappingProxyType({"sea": 60.0, "air": 1500.0, "land": 150.0})


@dataclass(frozen=True)
class Rules:
    """What is left out, and where ways are cut.

    A fix that would have been reached from the one before at more than ``gate_knots`` is left out,
    and that ``times`` over, as one bad fix spoils the fix after it; a domain that is not named has
    no gate. The way to a fix more than ``gap_seconds`` after the one before is cut; None cuts
    none. Without ``lone`` a fix with no way to it or from it is left out.
    """

    gate_knots: Mapping[Domain, float] = field(default_factory=lambda: GATES)
    times: int = 2
    gap_seconds: float | None = 600.0
    lone: bool = True

    def __post_init__(self) -> None:
        if not all(gate > 0 for gate in self.gate_knots.values()) or self.times < 0:
            raise UsageError("A speed gate is above 0, and how often it is applied not below it.")
        if self.gap_seconds is not None and not self.gap_seconds > 0:
            raise UsageError("A gap lasts more than 0 seconds.")


def clean(
    craft: Sequence[Craft],
    track: Sequence[int] | Longs,
    *,
    seconds: Sequence[float] | Floats,
    lat: Sequence[float] | Floats,
    lon: Sequence[float] | Floats,
    height: Sequence[float] | Floats | float = np.nan,
    errors: Errors = EXACT,
    rules: Rules | None = None,
) -> tuple[Tracks, Cleaning]:
    """Make tracks of raw fixes in any order, and count what each rule touched.

    Parameters
    ----------
    craft, track, seconds, lat, lon, height, errors
        As of `tracks`; instants and places may lack (NaN) or be impossible, as a latitude of 91.
    rules
        What is left out.

    Returns
    -------
    tracks, cleaning
        Rules are applied in the order of the counts. Of fixes of a track at one instant the first
        that was given stays; a craft without a fix that stays has an empty track.

    """
    rules = rules or Rules()
    given = _Raw.of(track, seconds, lat, lon, height, errors)
    placed = given.keep(given.placed())
    once, conflicting = placed.once()
    single = placed.keep(once)
    found = tracks(
        craft, single.track, seconds=single.seconds, lat=single.lat, lon=single.lon,
        height=single.height, errors=Errors(single.error, single.height_error, single.clock),
    )  # fmt: skip
    found, too_fast = _gate(found, rules)
    gaps = np.zeros(len(found), np.bool_)
    if rules.gap_seconds is not None:
        gaps = ~found.cut & (np.diff(found.seconds, prepend=0) > rules.gap_seconds)
        found = replace(found, cut=found.cut | gaps)
    lone = found.cut & np.append(found.cut[1:], True)[: len(found)]
    if not rules.lone:
        found = found.keep(~lone)
    return found, Cleaning(
        given=len(given.track),
        without_place=len(given.track) - len(placed.track),
        repeated=int(np.count_nonzero(~once)) - conflicting,
        conflicting=conflicting,
        too_fast=too_fast,
        gaps=int(np.count_nonzero(gaps)),
        lone=0 if rules.lone else int(np.count_nonzero(lone)),
        kept=len(found),
    )


@dataclass(frozen=True, eq=False)
class _Raw:
    """Fixes as they came, all arrays (N,)."""

    track: Longs
    seconds: Floats
    lat: Floats
    lon: Floats
    height: Floats
    error: Floats
    height_error: Floats
    clock: Floats

    @staticmethod
    def of(
        track: Sequence[int] | Longs, seconds: Sequence[float] | Floats,
        lat: Sequence[float] | Floats, lon: Sequence[float] | Floats,
        height: Sequence[float] | Floats | float, errors: Errors,
    ) -> _Raw:  # fmt: skip
        place = np.asarray(track, np.int64)
        given = (seconds, lat, lon, height, errors.horizontal, errors.height, errors.clock)
        columns = [np.asarray(one, np.float64) for one in given]
        for column in columns:
            if column.ndim and len(column) != len(place):
                raise UsageError(f"{len(column)} values for {len(place)} fixes.")
        return _Raw(place, *(np.broadcast_to(column, place.shape) for column in columns))

    def keep(self, wanted: Flags | Longs) -> _Raw:
        return _Raw(*(getattr(self, name)[wanted] for name in self.__dataclass_fields__))

    def placed(self) -> Flags:
        """Which fixes have an instant and a place on the globe."""
        found = np.isfinite(self.seconds) & (np.abs(self.lat) <= 90) & (np.abs(self.lon) <= 180)
        return np.asarray(found)

    def once(self) -> tuple[Flags, int]:
        """Which fixes are the first of their track and instant; how many others contradict it."""
        order = np.lexsort((self.seconds, self.track))  # stable: the first given comes first
        own = self.keep(order)
        same = (np.diff(own.track, prepend=-1) == 0) & (np.diff(own.seconds, prepend=np.nan) == 0)
        first = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
        differs = (own.lat != own.lat[first]) | (own.lon != own.lon[first])
        level = own.height[first]
        differs |= (own.height != level) & ~(np.isnan(own.height) & np.isnan(level))
        once = np.zeros(len(order), np.bool_)
        once[order] = ~same
        return once, int(np.count_nonzero(differs))


def _gate(found: Tracks, rules: Rules) -> tuple[Tracks, tuple[int, ...]]:
    gates = np.array([rules.gate_knots.get(name, np.inf) for name in DOMAINS]) * KNOT
    left_out = []
    for _ in range(rules.times):
        spots = surface(normal(found.lat, found.lon))
        gone = np.sqrt((np.diff(spots, axis=0, prepend=spots[:1]) ** 2).sum(axis=1))
        lasted = np.where(found.cut, np.inf, np.diff(found.seconds, prepend=0))
        fast = gone > gates[found.domain[found.track]] * lasted
        left_out.append(int(np.count_nonzero(fast)))
        found = found.keep(~fast)
    return found, tuple(left_out)
