"""Means of small panels and their differences, with intervals that hold what they promise.

With 3 to 12 people a percentile bootstrap covers too little; Student's t does not, on a scale where
the answers are about normal (log-odds for likelihoods). Fewer than two people have no interval, so
they have no result here: a case shows no group of fewer anyway. Where all of a group said the same
its variance is 0; only where this holds for all groups concerned has the interval no width.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from detente.elicitation.results import Spread
from detente.ground.errors import UsageError


def t_interval(x: ArrayLike, coverage: float = 0.9) -> Spread:
    """The mean of ``x`` (n,) with its central t interval: mean -+ t(n - 1) s / sqrt(n).

    Raises
    ------
    UsageError
        Where there are fewer than two numbers, or one is not finite.

    References
    ----------
    Student (1908), "The probable error of a mean", Biometrika 6(1):1-25.

    """
    mean, variance, freedom = _mean(x)
    return _spread(mean, variance, freedom, coverage)


def welch(a: ArrayLike, b: ArrayLike, *, coverage: float = 0.9) -> tuple[Spread, bool]:
    """The difference of the means of ``a`` and ``b`` with its Welch interval, and whether it tells.

    It tells where the interval does not hold 0. The variances may differ; the degrees of freedom
    are those of Welch and Satterthwaite, (u + v)^2 / (u^2 / (n_a - 1) + v^2 / (n_b - 1)) with u and
    v the variances of the means. Errors as in `t_interval`.

    References
    ----------
    Welch (1947), "The generalization of Student's problem when several different population
    variances are involved", Biometrika 34(1-2):28-35.

    """
    mean_a, variance_a, freedom_a = _mean(a)
    mean_b, variance_b, freedom_b = _mean(b)
    variance = variance_a + variance_b
    share = variance_a / variance if variance > 0 else 0.5
    freedom = 1 / (share**2 / freedom_a + (1 - share) ** 2 / freedom_b)
    difference = _spread(mean_a - mean_b, variance, freedom, coverage)
    return difference, not difference.low <= 0 <= difference.high


def _mean(x: ArrayLike) -> tuple[float, float, int]:
    """The mean, the variance of the mean, and the degrees of freedom."""
    values = np.asarray(x, dtype=np.float64)
    if values.ndim != 1 or values.size < 2 or not np.isfinite(values).all():
        raise UsageError("An interval needs one row of at least two finite numbers.")
    if np.ptp(values) == 0:  # else rounding would leave a trace of variance
        return float(values[0]), 0.0, values.size - 1
    return float(values.mean()), float(values.var(ddof=1)) / values.size, values.size - 1


def _spread(mid: float, variance: float, freedom: float, coverage: float) -> Spread:
    half = float(stdtrit(freedom, (1 + coverage) / 2)) * math.sqrt(variance)
    return Spread(mid - half, mid, mid + half)
