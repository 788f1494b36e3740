"""Wilson intervals of shares, and when there are samples enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of samples, and the ends of their Wilson intervals; arrays of one shape.

    Where nothing was counted all three are NaN.
    """

    share: Floats
    low: Floats
    high: Floats

    @property
    def half_width(self) -> float:
        """Half of the widest interval."""
        return float(np.nanmax(self.high - self.low) / 2)


@dataclass(frozen=True)
class Stop:
    """Go on until half of every interval is at most ``half_width``, but not beyond ``most``.

    ``half_width`` 0 takes ``most`` samples; ``level`` is the coverage of the intervals.
    """

    half_width: float = 0.005
    most: int = 1_000_000
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse a rule that never ends or never begins."""
        if not 0 <= self.half_width < 0.5 or self.most < 1 or not 0 < self.level < 1:
            raise UsageError(
                "Samples stop at a half-width of 0 to 0.5, a number of at least 1, and a level "
                "between 0 and 1."
            )

    @property
    def needed(self) -> int:
        """Samples that are enough whatever the shares: (z / 2h)^2 - z^2, or ``most``."""
        if self.half_width == 0:
            return self.most
        z = float(ndtri((1 + self.level) / 2))
        return max(1, min(self.most, math.ceil((z / 2 / self.half_width) ** 2 - z**2)))


def wilson(counts: Longs | Floats, samples: int, level: float = 0.95) -> Shares:
    """The shares counts / samples with their intervals, which never leave [0, 1].

    (p + z^2 / 2N -+ z sqrt(p (1 - p) / N + z^2 / 4N^2)) / (1 + z^2 / N): Wilson (1927), "Probable
    inference, the law of succession, and statistical inference", JASA 22(158):209-212.

    Raises
    ------
    UsageError
        Where there are no samples.

    """
    if samples < 1:
        raise UsageError("A share of no samples.")
    z = float(ndtri((1 + level) / 2))
    p = np.asarray(counts, dtype=np.float64) / samples
    middle = (p + z**2 / (2 * samples)) / (1 + z**2 / samples)
    half = z * np.sqrt(p * (1 - p) / samples + (z / (2 * samples)) ** 2) / (1 + z**2 / samples)
    low = np.where(p == 0, 0.0, np.maximum(middle - half, 0.0))
    high = np.where(p == 1, 1.0, np.minimum(middle + half, 1.0))
    return Shares(p, np.where(np.isnan(p), p, low), np.where(np.isnan(p), p, high))
