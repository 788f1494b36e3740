"""Detectable differences against published figures, scipy.stats and simulated tests."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.elicitation.power import detectable
from detente.ground.errors import UsageError

sizes = st.integers(2, 40)


# Told in the literature of the field as 5.7, 3.7 and 2.9; the first is 5.61 by Student's test.
@pytest.mark.parametrize(("people", "odds"), [(5, 5.7), (8, 3.7), (12, 2.9)])
def test_ratios_of_odds_at_the_sizes_of_workshops(people, odds):
    assert math.exp(detectable(people, people)) == pytest.approx(odds, abs=0.1)


@given(sizes, sizes, st.floats(0.1, 5), st.floats(0.3, 0.99), st.floats(0.001, 0.2))
def test_the_power_at_the_difference_is_the_one_asked_for(n_a, n_b, sd, power, level):
    difference = detectable(n_a, n_b, sd=sd, power=power, level=level)
    freedom = n_a + n_b - 2
    shift = difference / (sd * math.sqrt(1 / n_a + 1 / n_b))
    critical = stats.t.ppf(1 - level, freedom)
    assert stats.nct.sf(critical, freedom, shift) == pytest.approx(power, abs=1e-6)


@given(sizes, sizes)
def test_more_people_find_less_and_sides_may_be_swapped(n_a, n_b):
    assert detectable(n_a + 1, n_b) < detectable(n_a, n_b)
    assert detectable(n_a, n_b) == detectable(n_b, n_a)
    assert detectable(n_a, n_b, sd=2.0) == pytest.approx(2 * detectable(n_a, n_b))


def test_many_people_need_the_normal_sum():
    needed = stats.norm.ppf(0.95) + stats.norm.ppf(0.8)
    assert detectable(20_000, 20_000) == pytest.approx(needed * math.sqrt(2 / 20_000), rel=1e-3)


@pytest.mark.parametrize(("n_a", "n_b"), [(5, 5), (5, 12), (8, 8)])
def test_simulated_tests_find_it_as_often_as_told(n_a, n_b):
    rng = np.random.default_rng(11)
    runs = 20_000
    a = rng.normal(detectable(n_a, n_b, sd=1.3), 1.3, size=(runs, n_a))
    b = rng.normal(0.0, 1.3, size=(runs, n_b))
    found = stats.ttest_ind(a, b, axis=1, alternative="greater").pvalue < 0.05
    assert found.mean() == pytest.approx(0.8, abs=4 * math.sqrt(0.8 * 0.2 / runs))


@pytest.mark.parametrize(
    ("sizes", "more"),
    [
        ((1, 5), {}),
        ((5, 0), {}),
        ((5, 5), {"sd": 0.0}),
        ((5, 5), {"sd": math.inf}),
        ((5, 5), {"sd": math.nan}),
        ((5, 5), {"power": 1.0}),
        ((5, 5), {"power": 0.05}),
        ((5, 5), {"level": 0.0}),
    ],
)
def test_what_cannot_be_asked(sizes, more):
    with pytest.raises(UsageError):
        detectable(*sizes, **more)
