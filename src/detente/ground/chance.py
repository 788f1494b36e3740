"""Chance as an argument: named streams, Sobol points, and distributions from three quantiles."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtr, ndtri

from detente.ground.basis import Estimate
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Scale = Literal["log", "logit", "linear"]

MOST_DIMENSIONS = 21_201  # of the direction numbers of Joe and Kuo (2008)
_BITS = 30


def stream(seed: int, *names: str) -> np.random.Generator:
    """The random stream of one seed that bears ``names``, independent of all other names.

    Parameters
    ----------
    seed
        A whole number of at least 0.
    names
        What the stream is for; their SHA-256 is the spawn key of a ``SeedSequence``, so the
        stream depends neither on the order in which streams are made nor on the process.

    """
    text = "".join(f"{len(name)}:{name}" for name in names)
    digest = hashlib.sha256(text.encode()).digest()
    key = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 32, 4))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def sobol(points: int, dimensions: int, *, seed: int | np.random.Generator) -> Floats:
    """Scrambled Sobol points strictly inside the unit cube, shape (points, dimensions).

    The first 2^k points are a scrambled Sobol net themselves. Each point stands in the middle of
    its cell of 2^-30, so that no inverse distribution function meets 0 or 1.

    Raises
    ------
    UsageError
        Where ``points`` is no power of two up to 2^30, or there are over 21,201 dimensions.

    References
    ----------
    Owen (1998), "Scrambling Sobol' and Niederreiter-Xing points", Journal of Complexity 14(4).

    """
    if not 1 <= points <= 2**_BITS or points & (points - 1):
        raise UsageError(f"{points} Sobol points: take a power of two up to 2^{_BITS}.")
    if not 0 <= dimensions <= MOST_DIMENSIONS:
        raise UsageError(f"{dimensions} Sobol dimensions: at most {MOST_DIMENSIONS} are known.")
    if dimensions == 0:
        return np.empty((points, 0))
    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, scramble=True, bits=_BITS, seed=np.random.default_rng(seed))
    corners: Floats = engine.random(points)
    return corners + 0.5**_BITS / 2


def to_scale(values: ArrayLike, scale: Scale) -> Floats:
    """Values on a fitting scale: their logarithm, their log-odds, or themselves.

    Probabilities keep their relative accuracy however small they are. 0 and 1 go to infinity.
    """
    plain = np.asarray(values, dtype=np.float64)
    if scale == "linear":
        return plain
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(plain) if scale == "log" else logit(plain))


def from_scale(values: ArrayLike, scale: Scale) -> Floats:
    """The inverse of `to_scale`."""
    scaled = np.asarray(values, dtype=np.float64)
    if scale == "linear":
        return scaled
    return np.asarray(np.exp(scaled) if scale == "log" else expit(scaled))


@dataclass(frozen=True)
class TwoPiece:
    """A distribution that is normal on either side of its median, on a fitting scale.

    ``mid`` is the median in its own units, ``below`` and ``above`` are the spreads on ``scale``
    per unit of the standard normal. Both are 0 for a point.
    """

    scale: Scale
    mid: float
    below: float
    above: float

    def at_normal(self, normal: ArrayLike) -> Floats:
        """The quantiles at values z of a standard normal: x = m + z (below if z < 0 else above).

        Same shape as ``normal``. The formula stands on the fitting scale.
        """
        z = np.asarray(normal, dtype=np.float64)
        if self.below == self.above == 0:
            return np.full(z.shape, self.mid)
        spread = np.where(z < 0, self.below, self.above)
        return from_scale(to_scale(self.mid, self.scale) + z * spread, self.scale)

    def quantile(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities ``u`` in (0, 1); same shape."""
        return self.at_normal(ndtri(u))

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities of ``x`` or less; same shape, and x may lie outside the support."""
        plain = np.asarray(x, dtype=np.float64)
        if self.below == self.above == 0:
            return np.where(plain >= self.mid, 1.0, 0.0)
        ceiling = 1.0 if self.scale == "logit" else np.inf
        floor = -np.inf if self.scale == "linear" else 0.0
        inside = np.clip(plain, floor, ceiling)
        distance = to_scale(inside, self.scale) - to_scale(self.mid, self.scale)
        return np.where(distance < 0, _tail(distance, self.below), _tail(distance, self.above))


def _tail(distance: Floats, spread: float) -> Floats:
    """The normal distribution function of ``distance``; all mass at 0 where there is no spread."""
    if spread == 0:
        return np.where(distance < 0, 0.0, 1.0)
    return np.asarray(ndtr(distance / spread))


def fit(estimate: Estimate, scale: Scale) -> TwoPiece:
    """The two-piece normal that has exactly the stated median and ends of an estimate.

    On the scale, spread = |end - median| / z, with z the normal quantile of (1 + coverage) / 2.
    A point is a constant. With equal spreads this is the lognormal or logit-normal distribution.

    References
    ----------
    Wallis (2014), "The two-piece normal, binormal, or double Gaussian distribution", Statistical
    Science 29(1):106-112; here with both halves holding half of the probability, so that the
    joint is the median.

    """
    if estimate.is_point:
        return TwoPiece(scale, estimate.mid, 0.0, 0.0)
    ends = to_scale([estimate.low, estimate.mid, estimate.high], scale)
    below, above = np.diff(ends) / ndtri((1 + estimate.coverage) / 2)
    return TwoPiece(scale, estimate.mid, float(below), float(above))
