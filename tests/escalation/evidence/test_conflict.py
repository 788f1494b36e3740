"""Estimates side by side: closed forms of overlap, conversions, and the printed rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.escalation.evidence import conflict
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import TwoPiece, to_scale
from detente.ground.errors import UsageError

WHERE = Provenance(Basis.SOURCE, "a test", "2026-11", Status.UNVERIFIED)


def estimate(low, mid, high) -> Any:
    return Estimate(low, mid, high, 0.9, WHERE)


def density(one, x) -> Any:
    """By the definition: normal on either side of the median."""
    median = to_scale(one.mid, one.scale)
    return np.where(
        x < median, stats.norm(median, one.below).pdf(x), stats.norm(median, one.above).pdf(x)
    )


spreads = st.floats(0.05, 5)
pieces = st.builds(TwoPiece, st.just("log"), st.floats(1e-4, 10), spreads, spreads)


@given(pieces, pieces)
def test_the_overlap_is_the_integral_of_the_lesser_density(one, other):
    x = np.linspace(-45, 40, 40_001)
    expected = np.trapezoid(np.minimum(density(one, x), density(other, x)), x)
    assert conflict.overlap(one, other) == pytest.approx(expected, abs=2e-2)
    assert conflict.overlap(one, other) == pytest.approx(conflict.overlap(other, one), abs=1e-9)


def test_the_overlap_of_equal_spreads_is_that_of_inman_and_bradley():
    """2 Phi(-|d| / 2) for two normals d standard deviations apart."""
    one, other = (TwoPiece("log", float(np.exp(m)), 0.7, 0.7) for m in (0.0, 1.4))
    assert conflict.overlap(one, other) == pytest.approx(2 * stats.norm.cdf(-1.0))
    assert conflict.overlap(one, one) == pytest.approx(1)


@pytest.mark.parametrize(
    ("own", "other", "verdict", "gap"),
    [
        ((0.001, 0.01, 0.1), (0.002, 0.02, 0.2), "agrees", 0),
        ((0.001, 0.003, 0.01), (0.008, 0.05, 0.2), "strained", 0),
        ((1e-6, 1e-5, 1e-4), (0.01, 0.02, 0.03), "conflicts", 2),
        ((0.001, 0.01, 0.1), (0.05, 0.05, 0.05), "agrees", 0),
        ((0.001, 0.01, 0.1), (0.5, 0.5, 0.5), "conflicts", np.log10(5)),
        ((0.5, 0.5, 0.5), (0.1, 0.1, 0.1), "cannot-tell", np.log10(5)),
    ],
)
def test_the_printed_rule(own, other, verdict, gap):
    found = conflict.compare(estimate(*own), estimate(*other), scale="log")
    assert found.verdict == verdict
    assert found.gap == pytest.approx(gap, abs=1e-9)
    assert found.orders == pytest.approx(np.log10(other[1] / own[1]))
    assert (found.overlap is None) == (own[0] == own[1] or other[0] == other[1])


def test_the_other_way_round_the_verdict_stands():
    one, other = estimate(0.0002, 0.009, 0.07), estimate(0.003, 0.01, 0.03)
    there, back = (conflict.compare(*pair, scale="logit") for pair in ((one, other), (other, one)))
    assert there.verdict == back.verdict == "agrees"
    assert there.orders == pytest.approx(-back.orders)
    assert there.overlap == pytest.approx(back.overlap)


def test_seven_in_a_thousand_a_year_for_seventy_years():
    """Good Judgment, as told by Graves (2019); 1 - 0.993^70."""
    assert conflict.over(0.007, years=1, to_years=70) == pytest.approx(1 - 0.993**70)


@given(st.floats(1e-9, 0.999), st.floats(0.01, 100), st.floats(0.01, 100))
def test_there_and_back(p, years, to_years):
    there = conflict.over(p, years=years, to_years=to_years)
    if there < 1 - 1e-6:
        assert conflict.over(there, years=to_years, to_years=years) == pytest.approx(p, rel=1e-6)


def test_a_month_of_samotsvety_as_a_year():
    """March 2022: 0.067 % for one month, which the authors call 0.8 % a year."""
    assert round(100 * conflict.over(0.00067, years=1 / 12, to_years=1), 1) == 0.8


def test_an_estimate_keeps_its_quantiles_and_its_origin():
    found = conflict.rate_per_year(estimate(0.04, 0.08, 0.11), years=78)
    assert found.mid == pytest.approx(-np.log(0.92) / 78)
    assert found.provenance is WHERE
    back = conflict.probability_over(found, years=78)
    assert (back.low, back.mid, back.high) == pytest.approx((0.04, 0.08, 0.11))


def test_the_text_says_what_fitting_is_not():
    assert "fitting to them is not validation" in conflict.NOT_VALIDATION
    assert "90 %" in conflict.RULE


def test_what_cannot_be_compared_is_refused():
    one = estimate(0.1, 0.2, 0.3)
    with pytest.raises(UsageError):
        conflict.compare(one, one, scale="linear")
    with pytest.raises(UsageError):
        conflict.compare(one, estimate(0.0, 0.1, 0.2), scale="log")
    with pytest.raises(UsageError):
        conflict.overlap(TwoPiece("log", 1, 1, 1), TwoPiece("logit", 0.5, 1, 1))
    with pytest.raises(UsageError):
        conflict.overlap(TwoPiece("log", 1, 1, 1), TwoPiece("log", 1, 0, 1))
    for bad in ((1.0, 1, 1), (0.5, 0, 1), (0.5, 1, 0), (-0.1, 1, 1)):
        with pytest.raises(UsageError):
            conflict.over(bad[0], years=bad[1], to_years=bad[2])


def test_a_number_with_one_end_at_its_median_has_no_density_and_is_compared_all_the_same():
    found = conflict.compare(estimate(0.01, 0.02, 0.04), estimate(0.03, 0.03, 0.09), scale="logit")
    assert found.overlap is None
    assert found.verdict == "agrees"
