"""How often events begin, from counts of reported events, with what counting leaves open.

Three things widen a rate beyond the textbook interval of a Poisson count:

- crises cluster: the rate of each year is the long-run rate times a gamma multiplier of mean 1 and
  variance s^2, and that of T years the mean of T such multipliers, with variance s^2 / T; so counts
  are negative binomial with size T k, k = 1 / s^2, and it does not matter how years are cut;
- not everything is reported: true rate = reported rate / share, the share a beta number;
- crisis and calm differ: rate = (1 - c) calm + c crisis, with c the share of time in crisis.

A rate is a distribution that answers `quantile` and `cdf`; all of them per year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammainc, gammaincinv, gammaln, logsumexp, ndtri, xlogy

from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import Floats, sobol
from detente.ground.errors import UsageError

SPREADS = 32  # points that the prior of the spread between years is taken at
RATES = 384  # points that the long-run rate is taken at
SHARES = 256  # points that the reporting share is taken at
_NEGLIGIBLE = 16.0  # a log density so far below its peak holds nothing that a quantile can see


class Rate(Protocol):
    """An uncertain number of at least 0."""

    def quantile(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities in (0, 1); same shape."""
        ...

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities of x or less; same shape."""
        ...


@dataclass(frozen=True)
class Counts:
    """Reported events by period, shape (periods,), and the length of each period in years."""

    events: Floats
    years: Floats


@dataclass(frozen=True)
class GammaRate:
    """A gamma distribution of a rate: ``shape`` events in ``years``."""

    shape: float
    years: float

    def quantile(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities in (0, 1): half of those of chi-square over the years."""
        return np.asarray(gammaincinv(self.shape, np.asarray(u)) / self.years)

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities of x or less."""
        return np.asarray(gammainc(self.shape, np.maximum(x, 0.0) * self.years))

    def predictive(self, years: float, *, upto: int) -> Floats:
        """The probabilities of 0, 1, ... ``upto`` events in a coming period: negative binomial.

        P(n) = G(a + n) / (G(a) n!) (b / (b + t))^a (t / (b + t))^n, shape (upto + 1,).
        """
        return np.exp(_negative_binomial(np.arange(upto + 1.0), self.shape, years / self.years))


@dataclass(frozen=True)
class TabledRate:
    """A rate by its distribution function at points: ``log_rate`` and ``below``, shape (points,).

    Both ascend; between the points the distribution function is linear in the log rate.
    """

    log_rate: Floats
    below: Floats

    def quantile(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities in (0, 1)."""
        return np.asarray(np.exp(np.interp(np.asarray(u), self.below, self.log_rate)))

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities of x or less."""
        with np.errstate(divide="ignore"):
            place = np.log(np.maximum(x, 0.0))
        return np.asarray(np.interp(place, self.log_rate, self.below, left=0.0, right=1.0))


@dataclass(frozen=True)
class Clustered:
    """What counts say where they cluster: ``weights`` of (spread, log rate), summing to 1.

    ``spread`` (spreads,) is the standard deviation s of the multiplier between years,
    ``log_rate`` (rates,) an even grid; ``weights`` has shape (spreads, rates).
    """

    spread: Floats
    log_rate: Floats
    weights: Floats

    def rate(self) -> TabledRate:
        """The long-run rate, whatever the spread between years."""
        density = self.weights.sum(axis=0)
        steps = np.cumsum((density[1:] + density[:-1]) / 2)
        return TabledRate(self.log_rate, np.concatenate([[0.0], steps / steps[-1]]))

    def spread_quantile(self, u: float) -> float:
        """A quantile of the spread s between years: 0 is Poisson, 1 a rate as unsteady as it."""
        below = np.cumsum(self.weights.sum(axis=1))
        return float(self.spread[min(int(np.searchsorted(below, u)), len(self.spread) - 1)])

    def predictive(self, years: float, *, upto: int) -> Floats:
        """The probabilities of 0, 1, ... ``upto`` reported events in a coming period."""
        size = years / self.spread[:, None] ** 2
        ratio = years * np.exp(self.log_rate) / size
        return np.array(
            [
                np.sum(self.weights * np.exp(_negative_binomial(np.float64(n), size, ratio)))
                for n in range(upto + 1)
            ]
        )


def counted(events: ArrayLike, years: ArrayLike) -> Counts:
    """Counts by period, checked.

    Parameters
    ----------
    events
        Whole numbers of at least 0, shape (periods,).
    years
        The lengths of the periods, over 0; one number stands for all.

    Raises
    ------
    UsageError
        Where there is no period, or a number is out of its range.

    """
    found = np.atleast_1d(np.asarray(events, dtype=np.float64))
    lengths = np.asarray(years, dtype=np.float64)
    if found.ndim != 1 or not found.size or lengths.ndim > 1:
        raise UsageError("counts need at least one period, and one length or one for each.")
    if lengths.ndim and lengths.shape != found.shape:
        raise UsageError(f"{found.size} counts, but {lengths.size} lengths of periods.")
    if not np.all((found >= 0) & (found == np.floor(found)) & np.isfinite(found)):
        raise UsageError("counts of events are whole numbers of at least 0.")
    if not np.all((lengths > 0) & np.isfinite(lengths)):
        raise UsageError("periods are longer than 0 years.")
    return Counts(found, np.broadcast_to(lengths, found.shape).astype(np.float64))


def poisson(counts: Counts) -> GammaRate:
    """The rate of events that come independently of each other: n + 1/2 events in T years.

    Jeffreys' prior of a Poisson rate is Gamma(1/2, 0), so the posterior is Gamma(n + 1/2, T).

    References
    ----------
    Jeffreys (1961), "Theory of Probability", 3rd edition; used for rare events by Atwood et al.
    (2003), "Handbook of Parameter Estimation for Probabilistic Risk Assessment", NUREG/CR-6823.

    """
    return GammaRate(float(counts.events.sum()) + 0.5, float(counts.years.sum()))


def clustered(counts: Counts, *, prior_spread: float = 1.0) -> Clustered:
    """The long-run rate of events that cluster in some periods, and how much they cluster.

    Parameters
    ----------
    counts
        Counts by period. With one period the spread between years cannot be learned: its prior
        stands, and with few periods the upper end of the rate rests on it more than on counts.
    prior_spread
        The scale of the prior of s: half-normal, so that 0 is not ruled out.

    Raises
    ------
    UsageError
        Where the scale of the prior is not over 0.

    Notes
    -----
    n_i ~ NB(mean = rate T_i, size = T_i k), k = 1 / s^2, s ~ half-normal(scale). Given s, the rate
    has its Jeffreys prior, density in the rate sqrt(sum_i T_i / (rate (1 + rate / k))), which is
    that of `poisson` as s goes to 0, and makes the posterior proper for every s. It has no
    integral, so its height is free for each s: it is the same for all s at the mean rate of the
    counts, with which one period leaves s all but at its prior. The posterior is taken at equally
    probable spreads of the prior and an even grid of log rates.

    References
    ----------
    Greenwood & Yule (1920), J. Royal Statistical Society 83:255-279 (gamma-mixed counts); the
    half-normal prior of 1 / sqrt(k): Stan Development Team, "Prior Choice Recommendations", after
    Simpson et al. (2017), Statistical Science 32(1):1-28.

    """
    if not prior_spread > 0:
        raise UsageError("the scale of the prior of the spread is over 0.")
    even = (np.arange(SPREADS) + 0.5) / SPREADS
    spread = prior_spread * ndtri((1 + even) / 2)
    middle = np.log((counts.events.sum() + 0.5) / counts.years.sum())
    coarse = middle + np.linspace(-45.0, 30.0, 151)
    density = _log_posterior(counts, spread, coarse).max(axis=0)
    seen = np.flatnonzero(density > density.max() - _NEGLIGIBLE)
    ends = coarse[[max(seen[0] - 1, 0), min(seen[-1] + 1, len(coarse) - 1)]]
    grid = np.linspace(ends[0], ends[1], RATES)
    logs = _log_posterior(counts, spread, grid)
    return Clustered(spread, grid, np.exp(logs - logsumexp(logs)))


def log_likelihood(counts: Counts, rate: ArrayLike, size: ArrayLike) -> Floats:
    """The log probability of the counts: negative binomial, with a rate and a size by the year.

    sum_i log NB(n_i; mean m_i = rate T_i, size k_i = T_i ``size``), with
    NB = G(k + n) / (G(k) n!) (k / (k + m))^k (m / (k + m))^n. The shapes of ``rate`` and
    ``size`` broadcast.
    """
    rates, sizes = np.asarray(rate, dtype=np.float64), np.asarray(size, dtype=np.float64)
    total = np.zeros(np.broadcast_shapes(rates.shape, sizes.shape))
    for events, years in zip(counts.events, counts.years, strict=True):
        total += _negative_binomial(events, sizes * years, rates / sizes)
    return total


def _negative_binomial(events: ArrayLike, size: ArrayLike, ratio: ArrayLike) -> Floats:
    """Log probabilities of counts; ``ratio`` is mean / size."""
    n, k = np.asarray(events), np.asarray(size)
    ways = gammaln(k + n) - gammaln(k) - gammaln(n + 1)
    return np.asarray(ways + xlogy(n, ratio) - (k + n) * np.log1p(ratio))


def _log_posterior(counts: Counts, spread: Floats, log_rate: Floats) -> Floats:
    """The log density in the log rate, shape (spreads, rates), up to a constant."""
    size, rate = 1 / spread[:, None] ** 2, np.exp(log_rate)
    mean = np.array([(counts.events.sum() + 0.5) / counts.years.sum()])
    height = _information(counts, size, rate) / _information(counts, size, mean)
    return log_likelihood(counts, rate, size) + np.log(height) / 2 + log_rate


def _information(counts: Counts, size: Floats, rate: Floats) -> Floats:
    """Fisher's information of the counts about the rate: sum_i T_i / (rate (1 + rate / k))."""
    found: Floats = counts.years.sum() / (rate * (1 + rate / size))
    return found


def unreported(reported: Rate, *, a: float, b: float) -> TabledRate:
    """The true rate where only a share of the events is reported: rate / share, share ~ Beta(a, b).

    P(true <= x) = E[P(reported <= x share)], over equally probable shares.

    Raises
    ------
    UsageError
        Where a or b is not over 0.

    """
    if not (a > 0 and b > 0):
        raise UsageError("a reporting share is Beta(a, b) with a and b over 0.")
    share = betaincinv(a, b, (np.arange(SHARES) + 0.5) / SHARES)
    ends = np.log(reported.quantile(np.array([1e-6, 1 - 1e-6])))
    grid = np.linspace(ends[0], ends[1] - np.log(share[0]), 4 * RATES)
    below = np.mean([reported.cdf(np.exp(grid) * one) for one in share], axis=0)
    return TabledRate(grid, below)


def switching(
    calm: Rate, crisis: Rate, share: Rate, *, seed: int | np.random.Generator, points: int = 2**12
) -> TabledRate:
    """The long-run rate where crisis and calm differ: (1 - c) calm + c crisis.

    Parameters
    ----------
    calm, crisis
        Rates per year of either time, uncertain and independent.
    share
        The share c of the time in crisis, uncertain, in [0, 1].
    seed
        Of the scrambled Sobol points that the three are taken at.
    points
        A power of two.

    References
    ----------
    Barrett, Baum & Hostetler (2013), Science & Global Security 21(2):106-133 (the switch).

    """
    unit = sobol(points, 3, seed=seed)
    c = share.quantile(unit[:, 2])
    if c.min() < 0 or c.max() > 1:
        raise UsageError("the share of the time in crisis lies in [0, 1].")
    found = (1 - c) * calm.quantile(unit[:, 0]) + c * crisis.quantile(unit[:, 1])
    return TabledRate(np.log(np.sort(found)), (np.arange(points) + 0.5) / points)


def as_estimate(
    rate: Rate, *, source: str, date: str, status: Status, coverage: float = 0.9
) -> Estimate:
    """A rate as the three quantiles that a ladder takes, on the log scale; its basis is computed.

    Parameters
    ----------
    rate
        The rate per year.
    source, date, status
        Of the counts that it was computed from.
    coverage
        The share of the belief between the ends, in (0, 1).

    Raises
    ------
    UsageError
        Where the coverage is no share, or an end is 0, which has no logarithm.

    """
    if not 0 < coverage < 1:
        raise UsageError("a coverage is a share between 0 and 1.")
    ends = [(1 - coverage) / 2, 0.5, (1 + coverage) / 2]
    low, mid, high = (float(x) for x in rate.quantile(np.array(ends)))
    if not low > 0:
        raise UsageError("a rate on the log scale is over 0.")
    return Estimate(low, mid, high, coverage, Provenance(Basis.COMPUTED, source, date, status))
