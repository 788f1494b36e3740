"""No event in N years is an observation: what it changes in a frequency that a ladder gives.

The probability of no event in N years at a frequency f is exp(-f N). Each sample of the frequency
is weighted by it; large frequencies lose weight, small ones hardly change. The years count only
as far as they were like those that the ladder speaks of, and a world where the event had happened
might hold nobody to count them: N is to be argued for, and a small one is the careful choice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from detente.elicitation.results import Spread
from detente.escalation.evidence.rates import GammaRate
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

THIN = 0.10  # below this share of effective samples, the weighted quantiles are not to be relied on


@dataclass(frozen=True)
class Weighted:
    """Weights of samples, shape (N,), summing to 1, and the size of a plain sample as good."""

    weights: Floats
    effective: float

    @property
    def share(self) -> float:
        """The effective size as a share of the samples."""
        return self.effective / len(self.weights)

    @property
    def thin(self) -> bool:
        """Whether so few samples carry the weight that more must be drawn."""
        return self.share < THIN


@dataclass(frozen=True)
class NoEvent:
    """What a time without an event changes.

    ``factor`` is after : before for each of the three quantiles; ``expected`` the probability
    that the ladder gave to the time without an event: a small one speaks against the ladder.
    """

    years: float
    before: Spread
    after: Spread
    factor: Spread
    expected: float
    weighted: Weighted


def no_event(per_year: Floats, years: float) -> NoEvent:
    """The frequency of an event before and after it has not happened for some years.

    Parameters
    ----------
    per_year
        Equally probable samples of the frequency, shape (N,).
    years
        The time without an event.

    Raises
    ------
    UsageError
        Where there is no sample, or one is below 0 or not finite, or the years are below 0.

    """
    weighted = weigh(per_year, years)
    before = weighted_spread(per_year, np.full(len(per_year), 1 / len(per_year)))
    after = weighted_spread(per_year, weighted.weights)
    return NoEvent(
        years=years,
        before=before,
        after=after,
        factor=Spread(
            _factor(after.low, before.low),
            _factor(after.mid, before.mid),
            _factor(after.high, before.high),
        ),
        expected=float(np.mean(np.exp(-per_year * years))),
        weighted=weighted,
    )


def _factor(after: float, before: float) -> float:
    return after / before if before > 0 else 1.0


def weigh(per_year: Floats, years: float) -> Weighted:
    """The weights exp(-f N) of samples of a frequency, and their effective size.

    Parameters
    ----------
    per_year
        Samples of the frequency, shape (N,).
    years
        The time without an event.

    Raises
    ------
    UsageError
        As `no_event`.

    References
    ----------
    Kong (1992), "A note on importance sampling using standardized weights", University of
    Chicago technical report 348: effective size (sum w)^2 / sum w^2.

    """
    if per_year.ndim != 1 or not per_year.size:
        raise UsageError("a time without an event weighs one sample of a frequency.")
    if not np.all(np.isfinite(per_year) & (per_year >= 0)):
        raise UsageError("frequencies are finite numbers of at least 0.")
    if not (math.isfinite(years) and years >= 0):
        raise UsageError("a time without an event is at least 0 years.")
    raw = np.exp(-(per_year - per_year.min()) * years)  # the largest is 1: nothing underflows
    weights = raw / raw.sum()
    return Weighted(weights, float(1 / np.sum(weights**2)))


def weighted_spread(sample: Floats, weights: Floats) -> Spread:
    """The 5 %, 50 % and 95 % quantiles of a weighted sample; both of shape (N,).

    Each value stands in the middle of its weight; between two the quantile is linear (Hazen).
    Serves any number at the same points, such as the ratio with and without a measure.
    """
    order = np.argsort(sample, kind="stable")
    kept = weights[order]
    place = np.cumsum(kept) - kept / 2
    low, mid, high = np.interp([0.05, 0.5, 0.95], place, sample[order])
    return Spread(float(low), float(mid), float(high))


def after_none(rate: GammaRate, years: float) -> GammaRate:
    """The closed form for a gamma rate: Gamma(a, b) becomes Gamma(a, b + N), smaller by b/(b+N)."""
    if not years >= 0:
        raise UsageError("a time without an event is at least 0 years.")
    return GammaRate(rate.shape, rate.years + years)


def rule_of_three(years: float, *, coverage: float = 0.95) -> float:
    """The largest rate that no event in N years does not contradict: -ln(1 - coverage) / N.

    At 95 % about 3 / N.

    References
    ----------
    Hanley & Lippman-Hand (1983), "If nothing goes wrong, is everything all right?", JAMA 249(13).

    """
    _checked(years, coverage)
    return -math.log1p(-coverage) / years


def jeffreys_bound(years: float, *, coverage: float = 0.95) -> float:
    """The quantile of the Jeffreys posterior Gamma(1/2, N): chi-square with 1 degree over 2 N."""
    _checked(years, coverage)
    return float(gammaincinv(0.5, coverage)) / years


def _checked(years: float, coverage: float) -> None:
    if not (years > 0 and 0 < coverage < 1):
        raise UsageError("a bound needs years over 0 and a coverage between 0 and 1.")
