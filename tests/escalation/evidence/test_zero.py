"""A time without an event: closed forms for a gamma rate, published bounds, honest weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.escalation.evidence import zero
from detente.escalation.evidence.rates import GammaRate
from detente.ground.errors import UsageError

U = (np.arange(2**15) + 0.5) / 2**15


@pytest.mark.parametrize(
    ("shape", "years", "none"), [(0.5, 20, 75), (2, 50, 75), (3, 10, 5), (1, 100, 0)]
)
def test_weighted_samples_have_the_quantiles_of_the_closed_form(shape, years, none):
    prior = GammaRate(shape, years)
    found = zero.no_event(prior.quantile(U), none)
    expected = zero.after_none(prior, none).quantile([0.05, 0.5, 0.95])
    after = [found.after.low, found.after.mid, found.after.high]
    assert after == pytest.approx(list(expected), rel=2e-3)
    assert found.factor.mid == pytest.approx(years / (years + none), rel=2e-3)
    assert found.expected == pytest.approx((years / (years + none)) ** shape, rel=2e-3)


def test_the_effective_size_has_its_closed_form():
    """E[w]^2 / E[w^2] with w = exp(-f N) and f exponential of mean m: (1 + 2 m N) / (1 + m N)^2."""
    m, years = 0.1, 40.0
    found = zero.weigh(stats.expon(scale=m).ppf(U), years)
    assert found.share == pytest.approx((1 + 2 * m * years) / (1 + m * years) ** 2, rel=1e-3)
    assert not found.thin
    assert zero.weigh(stats.expon(scale=m).ppf(U), 400.0).thin


def test_rule_of_three():
    assert zero.rule_of_three(75) == pytest.approx(3 / 75, rel=2e-3)
    assert zero.rule_of_three(75) == pytest.approx(stats.gamma(1).ppf(0.95) / 75, rel=1e-12)


def test_jeffreys_bound():
    assert zero.jeffreys_bound(75) == pytest.approx(stats.chi2(1).ppf(0.95) / 150)
    assert zero.jeffreys_bound(75) < zero.rule_of_three(75)


@given(
    st.lists(st.floats(0, 1e3), min_size=2, max_size=30),
    st.floats(0, 1e4),
)
def test_no_event_never_raises_a_quantile(rates, years):
    found = zero.no_event(np.array(rates), years)
    assert found.weighted.weights.sum() == pytest.approx(1)
    assert 1 - 1e-9 <= found.weighted.effective <= len(rates) * (1 + 1e-9)
    for before, after in (
        (found.before.low, found.after.low),
        (found.before.mid, found.after.mid),
        (found.before.high, found.after.high),
    ):
        assert after <= before + 1e-9 * (1 + before)


def test_rare_events_are_hardly_moved():
    found = zero.no_event(np.full(10, 1e-6) * np.arange(1, 11), 75)
    assert found.factor.high == pytest.approx(1, abs=1e-3)
    assert found.weighted.share == pytest.approx(1, abs=1e-6)


def test_weights_serve_a_ratio_at_the_same_points():
    """A measure that helps only where the frequency is large helps less after a quiet time."""
    frequency = np.linspace(0.001, 0.2, 1000)
    ratio = 1 - frequency
    found = zero.weighted_spread(ratio, zero.weigh(frequency, 50).weights)
    assert found.mid > np.median(ratio)


@pytest.mark.parametrize(
    ("rates", "years"), [([], 1.0), ([-1.0], 1.0), ([np.nan], 1.0), ([1.0], -1.0), ([[1.0]], 1.0)]
)
def test_what_cannot_be_weighed_is_refused(rates, years):
    with pytest.raises(UsageError):
        zero.weigh(np.array(rates), years)
    with pytest.raises(UsageError):
        zero.rule_of_three(0)
    with pytest.raises(UsageError):
        zero.jeffreys_bound(1, coverage=1)
    with pytest.raises(UsageError):
        zero.after_none(GammaRate(1, 1), -1)
