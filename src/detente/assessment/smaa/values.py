"""Partial value functions: what a score on one criterion is worth, from 0 (worst) to 1 (best)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Beyond = Literal["clip", "extend"]


@dataclass(frozen=True)
class PartialValue:
    """A piecewise linear function through ``knots`` (scores, rising) with ``values``.

    The values rise from 0 to 1 or fall from 1 to 0. Beyond the first and the last knot the value
    stays as it is there (``clip``), or goes on along the last piece (``extend``).
    """

    knots: tuple[float, ...]
    values: tuple[float, ...]
    beyond: Beyond = "clip"

    def __post_init__(self) -> None:
        """Refuse what is no such function."""
        if len(self.knots) != len(self.values) or len(self.knots) < 2:
            raise UsageError("A partial value needs as many values as knots, two at least.")
        if not np.isfinite([*self.knots, *self.values]).all():
            raise UsageError("The knots and values of a partial value are finite numbers.")
        if any(a >= b for a, b in pairwise(self.knots)):
            raise UsageError(f"The knots of a partial value must rise, unlike {self.knots}.")
        up = self.values if self.ascending else self.values[::-1]
        if (up[0], up[-1]) != (0, 1) or any(a > b for a, b in pairwise(up)):
            raise UsageError(f"Partial values go from 0 to 1 or back, unlike {self.values}.")

    @property
    def ascending(self) -> bool:
        """Whether a higher score is better."""
        return self.values[-1] > self.values[0]

    @property
    def range(self) -> tuple[float, float]:
        """The scores between which the swing of the criterion lies, the lower first."""
        return self.knots[0], self.knots[-1]

    def pieces(self) -> Floats:
        """The pieces, shape (pieces, 4): knot x_k, least l_k, most h_k, slope s_k.

        The value of a score x is values[0] + sum_k s_k min(max(x - x_k, l_k), h_k).
        """
        knots = np.array(self.knots, dtype=np.float64)
        least, most = np.zeros(len(knots) - 1), np.diff(knots)
        slopes = np.diff(self.values) / most
        if self.beyond == "extend":
            least[0], most[-1] = -np.inf, np.inf
        return np.stack([knots[:-1], least, most, slopes], axis=1)

    def of(self, scores: ArrayLike) -> Floats:
        """The values of ``scores``; same shape."""
        x = np.asarray(scores, dtype=np.float64)
        found = np.full(x.shape, float(self.values[0]))
        for knot, least, most, slope in self.pieces():
            found += slope * np.minimum(np.maximum(x - knot, least), most)
        return found


def linear(
    low: float, high: float, *, descending: bool = False, beyond: Beyond = "clip"
) -> PartialValue:
    """The straight line over the range from ``low`` to ``high``; descending where less is better.

    Raises
    ------
    UsageError
        Where the range does not rise.

    """
    return PartialValue((low, high), (1.0, 0.0) if descending else (0.0, 1.0), beyond)


def piecewise(
    knots: Sequence[float], values: Sequence[float], *, beyond: Beyond = "clip"
) -> PartialValue:
    """The piecewise linear function through ``knots`` with ``values``, both ends of it included.

    Raises
    ------
    UsageError
        Where the knots do not rise, or the values do not go from 0 to 1 or from 1 to 0.

    """
    return PartialValue(tuple(map(float, knots)), tuple(map(float, values)), beyond)
