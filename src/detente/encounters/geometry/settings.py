"""Over which stretches of time things are measured, and how fast craft can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from detente.encounters.tracks import Domain

NM = 1852.0
FOOT = 0.3048


def _by_domain(sea: float, air: float, land: float) -> Mapping[Domain, float]:
    return MappingProxyType({"sea": sea, "air": air, "land": land})


@dataclass(frozen=True)
class Settings:
    """Choices of the analyst, by domain where they are mappings; of two domains the smaller holds.

    ``ahead`` is how long before the closest instant an approach begins, seconds; ``chord`` over how
    long a course is taken, ``rate`` over how long a closure is, seconds. ``fastest`` and ``climb``
    bound what a craft can do while it is not seen, m/s. Two passes are one where the break between
    them is shorter than ``apart`` seconds. An aircraft heads for a ship within ``heading`` degrees;
    how well is told of the best ``steady`` seconds.
    """

    ahead: Mapping[Domain, float] = field(default_factory=lambda: _by_domain(720, 120, 300))
    chord: Mapping[Domain, float] = field(default_factory=lambda: _by_domain(60, 5, 30))
    rate: Mapping[Domain, float] = field(default_factory=lambda: _by_domain(120, 20, 60))
    fastest: Mapping[Domain, float] = field(default_factory=lambda: _by_domain(25, 700, 45))
    climb: Mapping[Domain, float] = field(default_factory=lambda: _by_domain(0, 150, 10))
    apart: float = 60.0
    heading: float = 10.0
    steady: float = 20.0


USUAL = Settings()
