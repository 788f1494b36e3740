"""Intervals against published examples, against scipy.stats, and their coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.elicitation.compare import t_interval, welch
from detente.elicitation.results import Spread
from detente.ground.errors import UsageError

# Hours of sleep gained by ten people on two drugs: Student (1908), Biometrika 6:1, in R as `sleep`.
# R's t.test(extra ~ group, data = sleep) prints df = 17.776 and the interval below; its paired
# test the interval of the differences.
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
R_WELCH_95 = (-3.36548323071171, 0.20548323071171)
R_PAIRED_95 = (0.7001142, 2.4598858)

panels = st.lists(st.floats(-20, 20), min_size=2, max_size=12)


def test_students_example_by_welch():
    difference, tells = welch(DRUG_1, DRUG_2, coverage=0.95)
    assert (difference.low, difference.high) == pytest.approx(R_WELCH_95, abs=1e-12)
    assert difference.mid == pytest.approx(0.75 - 2.33)
    assert not tells
    assert welch(DRUG_1, DRUG_2, coverage=0.90)[1]  # R's p-value is 0.07939


def test_students_example_as_pairs():
    found = t_interval(np.subtract(DRUG_2, DRUG_1), 0.95)
    assert (found.low, found.high) == pytest.approx(R_PAIRED_95, abs=5e-8)


@given(panels.filter(lambda x: np.var(x) > 1e-6), panels.filter(lambda x: np.var(x) > 1e-6))
def test_welch_equals_scipy(a, b):
    found, tells = welch(a, b)
    expected = stats.ttest_ind(a, b, equal_var=False)
    interval = expected.confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-9)
    if abs(expected.pvalue - 0.1) > 1e-9:
        assert tells == (expected.pvalue < 0.1)


@given(panels, panels)
def test_the_difference_turns_with_the_groups(a, b):
    (there, tells), (back, also) = welch(a, b), welch(b, a)
    assert (there.low, there.mid, there.high) == pytest.approx((-back.high, -back.mid, -back.low))
    assert tells == also


@pytest.mark.parametrize("size", [5, 8])
def test_ninety_per_cent_intervals_hold_the_truth_as_often(size):
    # Two panels, 0.7 apart on log-odds, with different spreads; 2,000 simulated pairs.
    rng = np.random.default_rng(20)
    held = 0
    for _ in range(2_000):
        found, _ = welch(rng.normal(0.7, 1.0, size), rng.normal(0.0, 1.6, size))
        held += found.low <= 0.7 <= found.high
    assert 0.86 <= held / 2_000 <= 0.94


def test_one_person_has_no_interval():
    for few in ([], [1.0], [1.0, np.nan], [[1.0, 2.0]]):
        with pytest.raises(UsageError):
            t_interval(few)
    with pytest.raises(UsageError):
        welch([1.0], [1.0, 2.0])


def test_no_variance_gives_no_width_only_where_all_are_equal():
    assert t_interval([0.1, 0.1, 0.1]) == Spread(0.1, 0.1, 0.1)
    assert welch([0.1] * 3, [0.1] * 7) == (Spread(0.0, 0.0, 0.0), False)
    assert welch([0.1] * 3, [0.3] * 3)[1]
    # One group without variance: the interval is that of the other, moved.
    found, _ = welch([1.0, 1.0, 1.0], [0.0, 0.5, 1.5])
    other = t_interval([0.0, 0.5, 1.5])
    expected = (1 - other.high, 1 - other.mid, 1 - other.low)
    assert (found.low, found.mid, found.high) == pytest.approx(expected)
