"""Rates from counts: closed forms, scipy's distributions, limits, coverage on simulated truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.escalation.evidence import rates
from detente.ground.basis import Basis, Status
from detente.ground.errors import UsageError

U = np.array([0.025, 0.05, 0.5, 0.95, 0.975])
ELN = rates.counted(39, 8 / 12)


def test_almost_forty_incidents_in_eight_months():
    """ELN, Dangerous Brinkmanship, 2014: 39 in 8 months are 58.5 a year."""
    found = rates.poisson(ELN)
    assert (found.shape - 0.5) / found.years == pytest.approx(58.5)
    chi2 = stats.chi2(2 * 39 + 1).ppf(U) / 2 / (8 / 12)
    np.testing.assert_allclose(found.quantile(U), chi2, rtol=1e-12)
    np.testing.assert_allclose(found.cdf(chi2), U, rtol=1e-9)
    assert [f"{x:.1f}" for x in found.quantile(U[[0, -1]])] == ["42.2", "79.1"]


def test_the_coming_period_of_a_poisson_rate_is_negative_binomial():
    found = rates.poisson(ELN).predictive(0.5, upto=400)
    b = 8 / 12
    np.testing.assert_allclose(
        found, stats.nbinom(39.5, b / (b + 0.5)).pmf(np.arange(401)), rtol=1e-9
    )
    assert found.sum() == pytest.approx(1)


@given(
    st.lists(st.tuples(st.integers(0, 300), st.floats(0.01, 20)), min_size=1, max_size=6),
    st.floats(0.01, 100),
    st.floats(0.05, 1e4),
)
def test_the_likelihood_is_that_of_scipy(periods, rate, size):
    events, years = map(np.array, zip(*periods, strict=True))
    expected = stats.nbinom(size * years, size / (size + rate)).logpmf(events).sum()
    found = rates.log_likelihood(rates.counted(events, years), rate, size)
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-6)


@pytest.mark.parametrize("events", [[0, 0, 0], [3, 1, 4, 1, 5], [39], [120, 118, 125]])
def test_without_spread_clustered_counts_are_poisson(events):
    counts = rates.counted(events, 0.5)
    found = rates.clustered(counts, prior_spread=1e-4).rate()
    np.testing.assert_allclose(found.quantile(U), rates.poisson(counts).quantile(U), rtol=5e-3)


def test_the_posterior_is_that_of_a_plain_integral():
    """Against a dense rectangle rule over (rate, s), with scipy's negative binomial."""
    counts = rates.counted([2, 9, 0, 4], [1, 2, 0.5, 1])
    rate, s = np.exp(np.linspace(-4, 8, 1500)), np.linspace(0.002, 5, 400)[:, None]
    k, mean = 1 / s**2, rate[..., None] * counts.years

    def fisher(at) -> Any:
        clumped = 1 + at[:, None] / k[..., None]
        return (counts.years / (at[:, None] * clumped)).sum(axis=-1)

    size = k[..., None] * counts.years
    logs = stats.nbinom(size, size / (size + mean)).logpmf(counts.events)
    prior = stats.halfnorm.logpdf(s) + 0.5 * np.log(fisher(rate) / fisher(np.array([15.5 / 4.5])))
    density = np.exp(logs.sum(axis=-1) + prior + np.log(rate))
    below = np.cumsum(density.sum(axis=0)) / density.sum()
    expected = np.interp(U, below, rate)
    np.testing.assert_allclose(rates.clustered(counts).rate().quantile(U), expected, rtol=0.02)


def cover(counts, truth) -> Any:
    """Whether 90 % intervals hold the truth: of the plain and of the clustered rate."""
    return [
        low <= truth <= high
        for low, high in (
            one.quantile(np.array([0.05, 0.95]))
            for one in (rates.poisson(counts), rates.clustered(counts).rate())
        )
    ]


@pytest.mark.parametrize(("spread", "mean"), [(0.7, 12.0), (0.5, 30.0)])
def test_intervals_hold_the_truth_where_counts_cluster(spread, mean):
    rng = np.random.default_rng(20)
    k = 1 / spread**2
    held = [
        cover(rates.counted(rng.negative_binomial(k, k / (k + mean), 8), 1.0), mean)
        for _ in range(150)
    ]
    plain, clustered = np.mean(held, axis=0)
    assert plain < 0.65
    assert 0.86 <= clustered <= 0.94


def test_intervals_hold_the_truth_where_counts_do_not_cluster():
    rng = np.random.default_rng(21)
    held = [cover(rates.counted(rng.poisson(12.0, 8), 1.0), 12.0) for _ in range(120)]
    plain, clustered = np.mean(held, axis=0)
    assert 0.86 <= plain <= 0.94
    assert clustered >= 0.88


def test_the_coming_period_of_clustered_counts_is_told_for_more_than_poisson():
    counts = rates.counted([3, 25, 4, 40, 1, 9], 1.0)
    found, plain = (
        one.predictive(1.0, upto=800) for one in (rates.clustered(counts), rates.poisson(counts))
    )
    assert found.sum() == pytest.approx(1, abs=1e-3)
    assert found[40:].sum() > 5 * plain[40:].sum()


def test_one_period_teaches_nothing_of_the_spread_and_widens_the_rate():
    found = rates.clustered(ELN)
    assert found.spread_quantile(0.5) == pytest.approx(0.674, abs=0.2)
    low, high = found.rate().quantile(np.array([0.05, 0.95]))
    plain_low, plain_high = rates.poisson(ELN).quantile(np.array([0.05, 0.95]))
    assert low < plain_low
    assert high > plain_high


def test_equal_counts_lower_and_unequal_counts_raise_the_spread():
    even, uneven = (
        rates.clustered(rates.counted(events, 1.0)).spread_quantile(0.5)
        for events in ([20] * 8, [2, 60, 5, 40, 1, 30, 12, 10])
    )
    assert even < 0.25
    assert uneven > 0.7


def test_a_reporting_share_raises_and_widens_the_rate():
    plain = rates.poisson(ELN)
    found = rates.unreported(plain, a=8, b=8)
    drawn = np.random.default_rng(1)
    expected = np.quantile(drawn.gamma(39.5, 1.5, 400_000) / drawn.beta(8, 8, 400_000), U)
    np.testing.assert_allclose(found.quantile(U), expected, rtol=0.01)
    wider = np.log(found.quantile(U[3]) / found.quantile(U[1]))
    assert wider > 1.5 * np.log(plain.quantile(U[3]) / plain.quantile(U[1]))


def test_a_share_known_to_be_one_changes_nothing():
    found = rates.unreported(rates.poisson(ELN), a=1e7, b=1e-3)
    np.testing.assert_allclose(found.quantile(U), rates.poisson(ELN).quantile(U), rtol=1e-3)


def test_crisis_and_calm_average_by_their_time():
    calm, crisis = rates.GammaRate(20, 10), rates.GammaRate(30, 1)
    found = rates.switching(calm, crisis, rates.GammaRate(400, 4000), seed=1)
    mean = found.quantile((np.arange(4000) + 0.5) / 4000).mean()
    assert mean == pytest.approx(0.9 * 2 + 0.1 * 30, rel=2e-3)


def test_no_crisis_is_calm():
    calm = rates.GammaRate(20, 10)
    never = rates.TabledRate(np.array([-800.0, -799.0]), np.arange(2.0))
    found = rates.switching(calm, rates.GammaRate(30, 1), never, seed=1)
    np.testing.assert_allclose(found.quantile(U), calm.quantile(U), rtol=5e-3)


def test_an_estimate_says_where_it_comes_from():
    found = rates.as_estimate(
        rates.poisson(ELN), source="eln-2014", date="2014-11", status=Status.SECOND_HAND
    )
    chi2 = stats.chi2(79).ppf([0.05, 0.5, 0.95]) * 0.75
    assert [found.low, found.mid, found.high] == pytest.approx(list(chi2))
    assert found.provenance.basis is Basis.COMPUTED
    assert found.provenance.source == "eln-2014"


@pytest.mark.parametrize(
    ("events", "years"), [([], 1), ([-1], 1), ([1.5], 1), ([1], 0), ([1, 2], [1, 2, 3]), ([1], -1)]
)
def test_impossible_counts_are_refused(events, years):
    with pytest.raises(UsageError):
        rates.counted(events, years)


def test_impossible_settings_are_refused():
    with pytest.raises(UsageError):
        rates.clustered(ELN, prior_spread=0)
    with pytest.raises(UsageError):
        rates.unreported(rates.poisson(ELN), a=0, b=1)
    with pytest.raises(UsageError):
        rates.switching(*[rates.GammaRate(20, 1)] * 3, seed=1)
    with pytest.raises(UsageError):
        rates.as_estimate(
            rates.poisson(ELN), source="", date="", status=Status.VERIFIED, coverage=1
        )
