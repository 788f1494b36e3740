"""What is believed of one score: a distribution, or a point.

Each law is a shape, which has no parameters of place and size, moved and stretched: x = place +
size q(u). Laws of one shape share a table of quantiles in the kernels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from detente.ground.chance import Scale, TwoPiece
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Kind = Literal["point", "normal", "uniform", "beta", "gamma", "two-piece", "exponential"]


@dataclass(frozen=True)
class Shape:
    """A distribution but for place and size; its parameters tell it from others of its kind."""

    kind: Kind
    parameters: tuple[float, ...] = ()
    scale: Scale = "linear"

    def lower(self, tail: ArrayLike) -> Floats:
        """The quantiles at probabilities ``tail``, precise where these are small; same shape."""
        return _quantiles(self)[0](np.asarray(tail, dtype=np.float64))

    def upper(self, tail: ArrayLike) -> Floats:
        """The quantiles at 1 - ``tail``, precise where ``tail`` is small; same shape."""
        return _quantiles(self)[1](np.asarray(tail, dtype=np.float64))


@dataclass(frozen=True)
class Law:
    """The distribution place + size q(u) of one score, in the units of its criterion."""

    shape: Shape
    place: float
    size: float

    @property
    def is_point(self) -> bool:
        """Whether the score is stated without any uncertainty."""
        return self.shape.kind == "point"

    def quantile(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities ``u`` in (0, 1); same shape."""
        share = np.asarray(u, dtype=np.float64)
        tail = np.minimum(share, 1 - share)
        found = np.where(share <= 0.5, self.shape.lower(tail), self.shape.upper(tail))
        return self.place + self.size * found

    def interval(self, coverage: float) -> tuple[float, float]:
        """The central interval that holds a share ``coverage`` of the belief; (0, 1)."""
        low, high = self.quantile([(1 - coverage) / 2, (1 + coverage) / 2])
        return float(low), float(high)


def point(value: float) -> Law:
    """A score without uncertainty."""
    _finite(value=value)
    return Law(Shape("point"), value, 0.0)


def normal(mean: float, sd: float) -> Law:
    """A normal distribution; a standard deviation of 0 makes a point."""
    _finite(mean=mean, sd=sd)
    if sd < 0:
        raise UsageError(f"A standard deviation of {sd:g}: it is at least 0.")
    return Law(Shape("normal"), mean, sd) if sd else point(mean)


def uniform(low: float, high: float) -> Law:
    """All values from ``low`` to ``high`` alike; equal ends make a point."""
    _finite(low=low, high=high)
    if high < low:
        raise UsageError(f"A score from {low:g} to {high:g}: put the lower end first.")
    return Law(Shape("uniform"), low, high - low) if high > low else point(low)


def beta(alpha: float, beta: float, *, low: float = 0.0, high: float = 1.0) -> Law:
    """A beta distribution from ``low`` to ``high``, with density x^(alpha - 1) (1 - x)^(beta - 1).

    Raises
    ------
    UsageError
        Where alpha or beta are not above 0, or the ends do not rise.

    """
    _finite(alpha=alpha, beta=beta, low=low, high=high)
    if min(alpha, beta) <= 0 or high <= low:
        raise UsageError("A beta distribution takes alpha and beta above 0, and ends that rise.")
    return Law(Shape("beta", (alpha, beta)), low, high - low)


def gamma(shape: float, rate: float) -> Law:
    """A gamma distribution with mean shape / rate."""
    _finite(shape=shape, rate=rate)
    if min(shape, rate) <= 0:
        raise UsageError("A gamma distribution takes a shape and a rate above 0.")
    return Law(Shape("gamma", (shape,)), 0.0, 1 / rate)


def two_piece(spread: TwoPiece) -> Law:
    """What `ground.chance.fit` makes of three quantiles."""
    if spread.below == spread.above == 0:
        return point(spread.mid)
    if spread.below == spread.above and spread.scale == "linear":
        return normal(spread.mid, spread.below)
    return Law(Shape("two-piece", (spread.mid, spread.below, spread.above), spread.scale), 0.0, 1.0)


EXPONENTIAL = Shape("exponential")


def _finite(**numbers: float) -> None:
    for name, number in numbers.items():
        if not math.isfinite(number):
            raise UsageError(f"{name} is {number}: a distribution takes finite numbers.")


Quantile = Callable[[Floats], Floats]


def _quantiles(shape: Shape) -> tuple[Quantile, Quantile]:
    return _MAKERS[shape.kind](shape)


def _two_piece(shape: Shape) -> tuple[Quantile, Quantile]:
    mid, below, above = shape.parameters
    spread = TwoPiece(shape.scale, mid, below, above)
    return spread.quantile, lambda tail: spread.at_normal(-special.ndtri(tail))


def _beta(shape: Shape) -> tuple[Quantile, Quantile]:
    lower, upper = special.betaincinv, special.betainccinv
    return partial(lower, *shape.parameters), partial(upper, *shape.parameters)


def _gamma(shape: Shape) -> tuple[Quantile, Quantile]:
    lower, upper = special.gammaincinv, special.gammainccinv
    return partial(lower, *shape.parameters), partial(upper, *shape.parameters)


_MAKERS: dict[Kind, Callable[[Shape], tuple[Quantile, Quantile]]] = {
    "point": lambda _: (np.zeros_like, np.zeros_like),
    "normal": lambda _: (special.ndtri, lambda tail: -special.ndtri(tail)),
    "uniform": lambda _: (np.copy, lambda tail: 1 - tail),
    "exponential": lambda _: (lambda tail: -np.log1p(-tail), lambda tail: -np.log(tail)),
    "beta": _beta,
    "gamma": _gamma,
    "two-piece": _two_piece,
}
