"""Scores of all options on one criterion at once: a common baseline, and effects against it.

Effects that were estimated together, as in a network meta-analysis, are not independent; and what
is not known of the baseline moves all options alike. Cut into a distribution for each option they
would say that options can be told apart where they cannot, or cannot where they can.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Quantile = Callable[[Floats], Floats]
Link = Literal["identity", "log", "logit", "cloglog", "mean", "median", "survival"]

LARGEST = 700.0  # of an exponent: what lies beyond is told as e^700, not as infinite
SKEW = 1e-6  # of the largest entry: what rounding may do to a covariance
GRID = 4096  # quantiles of the baseline, of a marginal
NODES = 64  # of Gauss and Hermite, of a marginal


@dataclass(frozen=True, eq=False)
class Joint:
    """Scores x_i = inverse link (base + effect_i), effects multivariate normal, base beside them.

    Parameters
    ----------
    base
        The quantiles of the baseline on the scale of the link.
    mean
        Shape (m,): the mean effect of each option against the baseline.
    root
        Shape (m, k): effects are mean + root z with k standard normals z.
    link
        ``identity``; ``log`` exp(y); ``logit`` 1 / (1 + exp(-y)); ``cloglog`` 1 - exp(-exp(y)); of
        an exponential survival with rate exp(y) its ``mean``, its ``median``, and ``survival``, the
        share that survives until ``time``.
    time
        Of ``survival``.

    """

    base: Quantile
    mean: Floats
    root: Floats
    link: Link
    time: float = 1.0

    @property
    def numbers(self) -> int:
        """How many random numbers a sample of all scores takes."""
        return 1 + int(self.root.shape[1])

    def scores(self, words: Words) -> Floats:
        """Scores (m, N) from ``words`` below 2^32, shape (numbers, N): the baseline's, then z."""
        u = (words.astype(np.float64) + 0.5) * 2.0**-32
        effects = self.mean[:, None] + np.einsum("ik,kn->in", self.root, special.ndtri(u[1:]))
        return self.inverse(self.base(u[0]) + effects)

    def inverse(self, y: ArrayLike) -> Floats:
        """The scores at values ``y`` on the scale of the link; same shape."""
        line = np.asarray(y, dtype=np.float64)
        if self.link == "identity":
            return line
        found: Floats = _INVERSE[self.link](np.clip(line, -LARGEST, LARGEST), self.time)
        return found

    def quantiles(self, option: int, shares: ArrayLike) -> Floats:
        """The quantiles of the scores of one option alone, by quadrature; same shape as ``shares``.

        Exact to about a thousandth of the spread: for intervals, not for tails.
        """
        nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
        spread = float(np.sqrt(np.sum(self.root[option] ** 2)))
        base = self.base((np.arange(GRID) + 0.5) / GRID)
        values = (base[:, None] + self.mean[option] + spread * nodes).ravel()
        mass = np.tile(weights / weights.sum() / GRID, GRID)
        order = np.argsort(values)
        middle = np.cumsum(mass[order]) - mass[order] / 2
        share = np.asarray(shares, dtype=np.float64)
        if self.link in _FALLING:
            share = 1 - share
        return self.inverse(np.interp(share, middle, values[order]))


_FALLING = ("mean", "median", "survival")  # a larger rate leaves less

_INVERSE: Mapping[str, Callable[[Floats, float], Floats]] = {
    "log": lambda y, _time: np.exp(y),
    "logit": lambda y, _time: special.expit(y),
    "cloglog": lambda y, _time: -np.expm1(-np.exp(y)),
    "mean": lambda y, _time: np.exp(-y),
    "median": lambda y, _time: math.log(2) * np.exp(-y),
    "survival": lambda y, time: np.exp(-np.exp(y) * time),
}


def covariance_root(covariance: Floats) -> Floats:
    """A root (m, k) of a covariance (m, m): root root' is the covariance, k its rank.

    Raises
    ------
    UsageError
        Where it is no covariance: not symmetric, or some sum would have a negative variance.

    """
    largest = float(np.abs(covariance).max(initial=0.0))
    if np.abs(covariance - covariance.T).max(initial=0.0) > SKEW * largest:
        raise UsageError("A covariance is the same above and below its diagonal.")
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    if values.min(initial=0.0) < -SKEW * largest:
        raise UsageError("A covariance leaves no sum of effects with a variance below 0.")
    kept = values > SKEW**2 * largest
    root: Floats = vectors[:, kept] * np.sqrt(values[kept])
    return root
