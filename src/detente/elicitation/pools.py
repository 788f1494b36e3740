"""Further ways to make one answer of many, four-point answers, and scores of probabilities.

The defaults stand in `detente.elicitation.pooling`: the equal mixture for distributions and the
trimmed geometric mean of odds for points. What is here is for comparison with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from detente.elicitation.pooling import trimmed_geometric_mean_of_odds
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import Scale, fit
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]

COVERAGE = 0.9  # what four-point answers are brought to: 5 to 95 %
_HALVINGS = 66  # over all doubles down to the last bit
_SIZE = np.int64(2**63 - 1)
_ELICITED = Provenance(Basis.ELICITED, "", "", Status.UNVERIFIED)


class Distribution(Protocol):
    """What can be pooled: `TwoPiece`, `Fitted`, `Mixture` and the pools themselves."""

    def quantile(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities ``u``; same shape."""
        ...

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities of ``x`` or less; same shape."""
        ...


@dataclass(frozen=True)
class LinearPool:
    """The weighted linear pool: F(x) = sum w_i F_i(x)."""

    members: tuple[Distribution, ...]
    weights: tuple[float, ...]

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities of ``x`` or less; same shape."""
        return _sum(self.weights, [member.cdf(x) for member in self.members])

    def quantile(self, u: ArrayLike) -> Floats:
        """The least x with cdf(x) >= u, for ``u`` in (0, 1), to the last bits; same shape."""
        wanted = np.asarray(u, dtype=np.float64)
        own = [member.quantile(wanted) for member in self.members]
        low, high = np.min(own, axis=0), np.max(own, axis=0)
        for _ in range(_HALVINGS):
            middle = _between(low, high)
            enough = self.cdf(middle) >= wanted
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.asarray(high)


@dataclass(frozen=True)
class QuantilePool:
    """The weighted mean of quantiles: Q(u) = sum w_i Q_i(u).

    It keeps the members' shape and is narrower than their linear pool where they disagree.
    """

    members: tuple[Distribution, ...]
    weights: tuple[float, ...]

    def quantile(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities ``u`` in (0, 1); same shape."""
        return _sum(self.weights, [member.quantile(u) for member in self.members])

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities u at which quantile(u) = x; same shape."""
        plain = np.asarray(x, dtype=np.float64)
        own = [member.cdf(plain) for member in self.members]
        low, high = np.min(own, axis=0), np.max(own, axis=0)
        for _ in range(_HALVINGS):
            middle = np.clip(_between(low, high), np.finfo(float).tiny, 1 - 2.0**-53)
            enough = self.quantile(middle) >= plain
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.asarray(high)


def linear_pool(
    members: Sequence[Distribution], *, weights: Sequence[float] | None = None
) -> LinearPool:
    """Pool distributions linearly; equal weights where None are given, else their shares.

    Raises
    ------
    UsageError
        Where there is no member, or the weights are not one a member, negative, or all 0.

    References
    ----------
    Stone (1961), "The opinion pool", Annals of Mathematical Statistics 32(4):1339-1342.

    """
    return LinearPool(tuple(members), tuple(_shares(weights, len(members)).tolist()))


def quantile_pool(
    members: Sequence[Distribution], *, weights: Sequence[float] | None = None
) -> QuantilePool:
    """Pool distributions by the mean of their quantiles; weights as in `linear_pool`.

    Raises
    ------
    UsageError
        As `linear_pool`.

    References
    ----------
    Ratcliff (1979), "Group reaction time distributions and an analysis of distribution
    statistics", Psychological Bulletin 86(3):446-461 (after Vincent 1912).

    Lichtendahl, Grushka-Cockayne and Winkler (2013), "Is it better to average probabilities or
    quantiles?", Management Science 59(7):1594-1611.

    """
    return QuantilePool(tuple(members), tuple(_shares(weights, len(members)).tolist()))


def mean(p: ArrayLike, *, weights: Sequence[float] | None = None) -> float:
    """The weighted mean of probabilities, the linear pool of a binary event.

    Raises
    ------
    UsageError
        Where there is none, one is not in [0, 1], or as `linear_pool`.

    """
    values = _probabilities(p)
    return float(_shares(weights, values.size) @ values)


def median(p: ArrayLike) -> float:
    """The median of probabilities.

    Raises
    ------
    UsageError
        Where there is none, or one is not in [0, 1].

    """
    return float(np.median(_probabilities(p)))


def logarithmic_pool(p: ArrayLike, *, weights: Sequence[float] | None = None) -> float:
    """The logarithmic pool of a binary event: logit^-1 of the weighted mean of logit p.

    That is prod p_i^w_i / (prod p_i^w_i + prod (1 - p_i)^w_i), with weights that sum to 1.

    Raises
    ------
    UsageError
        Where one is not strictly between 0 and 1, or as `mean`.

    References
    ----------
    Genest and Zidek (1986), "Combining probability distributions: a critique and an annotated
    bibliography", Statistical Science 1(1):114-135.

    """
    values = _probabilities(p)
    if not ((values > 0) & (values < 1)).all():
        raise UsageError("Odds need probabilities strictly between 0 and 1.")
    return float(expit(_shares(weights, values.size) @ logit(values)))


def geometric_mean_of_odds(p: ArrayLike) -> float:
    """The plain geometric mean of odds, as a probability: the equal logarithmic pool.

    Raises
    ------
    UsageError
        As `logarithmic_pool`.

    """
    return logarithmic_pool(p)


PointPool = Callable[[ArrayLike], float]
POINT_POOLS: dict[str, PointPool] = {
    "trimmed_geometric_mean_of_odds": trimmed_geometric_mean_of_odds,  # the default
    "geometric_mean_of_odds": geometric_mean_of_odds,
    "mean": mean,
    "median": median,
}


def standardised(
    low: ArrayLike,
    best: ArrayLike,
    high: ArrayLike,
    *,
    confidence: ArrayLike,
    coverage: float = COVERAGE,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> tuple[Floats, Floats]:
    """Lowest and highest of a four-point answer, brought to one coverage by linear extrapolation.

    Parameters
    ----------
    low, best, high, confidence
        Of one shape; the stated chance, in (0, 1], that the truth lies within low and high.
    coverage
        The chance that the result is to have.
    bounds
        Of the quantity; the result is clipped to them.

    Raises
    ------
    UsageError
        Where a confidence or the coverage is not in (0, 1], or an answer is out of order.

    Notes
    -----
    best - (best - low) coverage / confidence, and the same above.

    References
    ----------
    Hemming, Burgman, Hanea, McBride and Wintle (2018), "A practical guide to structured expert
    elicitation using the IDEA protocol", Methods in Ecology and Evolution 9(1):169-180.

    """
    lowest, middle, highest, sure = (
        np.asarray(v, np.float64) for v in (low, best, high, confidence)
    )
    if not ((sure > 0) & (sure <= 1)).all() or not 0 < coverage <= 1:
        raise UsageError("A confidence and a coverage lie in (0, 1].")
    if not ((lowest <= middle) & (middle <= highest)).all():
        raise UsageError("A four-point answer needs lowest <= best <= highest.")
    factor = coverage / sure
    ends = middle - (middle - lowest) * factor, middle + (highest - middle) * factor
    return np.clip(ends[0], *bounds), np.clip(ends[1], *bounds)


def fitted_ends(
    answer: tuple[float, float, float],
    *,
    confidence: float,
    scale: Scale,
    coverage: float = COVERAGE,
) -> tuple[float, float]:
    """The ends that the two-piece normal fitted to a four-point answer has at ``coverage``.

    ``answer`` is lowest, best and highest; they hold ``confidence`` of the probability, half of
    it on either side of the best. Beside `standardised` this needs no clipping on ``log`` and
    ``logit``.

    Raises
    ------
    UsageError
        Where confidence or coverage is not strictly between 0 and 1, or the answer is out of order.

    """
    low, best, high = answer
    if not 0 < confidence < 1 or not 0 < coverage < 1:
        raise UsageError("A distribution needs a confidence and a coverage between 0 and 1.")
    if not low <= best <= high:
        raise UsageError("A four-point answer needs lowest <= best <= highest.")
    spread = fit(Estimate(low, best, high, confidence, _ELICITED), scale)
    ends = spread.quantile([(1 - coverage) / 2, (1 + coverage) / 2])
    return float(ends[0]), float(ends[1])


def brier_score(p: ArrayLike, *, outcomes: ArrayLike) -> float:
    """The mean of (p - outcome)^2; 0 is best, 1 worst, and .5 everywhere gives .25.

    Parameters
    ----------
    p, outcomes
        Probabilities in [0, 1] and what happened, 0 or 1, of one shape.

    Raises
    ------
    UsageError
        Where the shapes differ, there is none, or a number is no such one.

    References
    ----------
    Brier (1950), "Verification of forecasts expressed in terms of probability", Monthly Weather
    Review 78(1):1-3; his sum over both outcomes is twice this.

    """
    values, happened = _scored(p, outcomes)
    return float(np.mean((values - happened) ** 2))


def log_score(p: ArrayLike, *, outcomes: ArrayLike) -> float:
    """The mean of -log of the probability given to what happened, in nats; 0 is best.

    It is infinite where what happened was given 0. Parameters as for `brier_score`.

    Raises
    ------
    UsageError
        As `brier_score`.

    References
    ----------
    Good (1952), "Rational decisions", Journal of the Royal Statistical Society B 14(1):107-114.

    """
    values, happened = _scored(p, outcomes)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.where(happened == 1, np.log(values), np.log1p(-values))))


def _scored(p: ArrayLike, outcomes: ArrayLike) -> tuple[Floats, Floats]:
    values, happened = _probabilities(p), np.asarray(outcomes, dtype=np.float64)
    if values.shape != happened.shape or not np.isin(happened, (0.0, 1.0)).all():
        raise UsageError("Give an outcome, 0 or 1, for each probability.")
    return values, happened


def _probabilities(p: ArrayLike) -> Floats:
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not ((values >= 0) & (values <= 1)).all():
        raise UsageError("Give one row of probabilities in [0, 1].")
    return values


def _shares(weights: Sequence[float] | None, number: int) -> Floats:
    given = np.ones(number) if weights is None else np.asarray(weights, dtype=np.float64)
    fair = np.isfinite(given).all() and (given >= 0).all() and given.sum() > 0
    if given.shape != (number,) or not fair:
        raise UsageError("Weights are one a member, none negative, and not all 0.")
    return np.asarray(given / given.sum())


def _sum(weights: Sequence[float], parts: Sequence[Floats]) -> Floats:
    """In order of size, so that the order of the members changes no bit."""
    products = np.stack([weight * part for weight, part in zip(weights, parts, strict=True)])
    return np.asarray(np.sort(products, axis=0).sum(axis=0))


def _between(low: Floats, high: Floats) -> Floats:
    """Halfway in the order of doubles, so that halving ends at the last bit of any magnitude."""
    return _double(_place(low) // 2 + _place(high) // 2 + (_place(low) & _place(high) & 1))


def _place(x: Floats) -> NDArray[np.int64]:
    """The place of a double among all doubles: its bits, read as sign and size."""
    bits = np.ascontiguousarray(x).view(np.int64).reshape(np.shape(x))
    return np.where(bits < 0, -(bits & _SIZE), bits)


def _double(place: NDArray[np.int64]) -> Floats:
    bits = np.where(place < 0, -place | ~_SIZE, place)
    return np.ascontiguousarray(bits).view(np.float64).reshape(np.shape(place))
