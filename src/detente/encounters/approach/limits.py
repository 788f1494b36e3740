"""How near two craft must come to count, for each pair of domains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from types import MappingProxyType
from typing import Literal

import numpy as np

from detente.encounters.tracks import DOMAINS, Floats
from detente.ground.errors import UsageError

PAIRS: tuple[str, ...] = tuple(
    f"{one}-{other}" for one, other in combinations_with_replacement(DOMAINS, 2)
)
ROUNDING = 1e-9
WIDEST = 300_000.0  # metres; further off a tangent plane no longer serves


@dataclass(frozen=True)
class Limit:
    """Horizontal metres, and metres of height or None where height does not matter."""

    horizontal: float
    vertical: float | None = None


@dataclass(frozen=True)
class Limits:
    """The limit of each pair of domains, as ``{"air-air": Limit(9260, 304.8)}``; `PAIRS` has all.

    Two craft are within a limit where both distances are less than it at one instant, or with
    ``inclusive`` not more. What differs from a limit by less than a billionth of it is equal to
    it: aircraft 1,000 ft apart must not be nearer than 1,000 ft for being written in metres. Pairs
    of domains that are not named are not looked at. Where a height is not known the vertical
    condition ``could-hold``, or such stretches are left out (``no``).

    Raises
    ------
    UsageError
        For an unknown pair of domains, or a limit that is not above 0 and finite.

    """

    of: Mapping[str, Limit]
    inclusive: bool = False
    unknown_height: Literal["could-hold", "no"] = "could-hold"

    def __post_init__(self) -> None:
        for pair, limit in self.of.items():
            if pair not in PAIRS:
                raise UsageError(f"No pair of domains {pair!r}; there are {', '.join(PAIRS)}.")
            if not 0 < limit.horizontal <= WIDEST:
                raise UsageError(f"{pair}: a horizontal limit lies above 0 and within 300 km.")
            if limit.vertical is not None and not 0 < limit.vertical < np.inf:
                raise UsageError(f"{pair}: a vertical limit is above 0.")
        object.__setattr__(self, "of", MappingProxyType(dict(self.of)))

    def arrays(self) -> tuple[Floats, Floats]:
        """Horizontal and vertical limits by places of domains, (3, 3) each, less rounding.

        A horizontal 0 stands for a pair that is not looked at, a vertical infinity for none.
        """
        horizontal = np.zeros((len(DOMAINS), len(DOMAINS)))
        scale = 1 + ROUNDING if self.inclusive else 1 - ROUNDING
        vertical = np.full(horizontal.shape, np.inf)
        for pair, limit in self.of.items():
            i, j = (DOMAINS.index(name) for name in pair.split("-"))
            horizontal[i, j] = horizontal[j, i] = scale * limit.horizontal
            if limit.vertical is not None:
                vertical[i, j] = vertical[j, i] = scale * limit.vertical
        return horizontal, vertical


def pair_of(one: int, other: int) -> str:
    """The name of the pair of two places of domains.

    >>> pair_of(1, 0)
    'sea-air'
    """
    return "-".join(DOMAINS[place] for place in sorted((one, other)))
