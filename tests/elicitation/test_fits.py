"""A fitted distribution has the quantiles that were stated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.elicitation.answers import Judgement
from detente.elicitation.fits import achieved, fit_answer
from detente.ground.errors import UsageError

chances = st.floats(1e-9, 1 - 1e-9)


def answer(low: float | None, value: float, high: float | None) -> Judgement:
    return Judgement("a1", "A", "X", "r1", None, low, value, high)


@given(st.lists(chances, min_size=3, max_size=3, unique=True).map(sorted))
def test_likelihoods_are_matched_exactly(quantiles):
    stated = answer(*quantiles)
    found = achieved(stated, fit_answer(stated, "logit"))
    assert found.asked == tuple(quantiles)
    assert found.achieved == pytest.approx(found.asked, rel=1e-9)


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=3, unique=True).map(sorted))
def test_gains_are_matched_exactly(quantiles):
    stated = answer(*quantiles)
    assert achieved(stated, fit_answer(stated, "linear")).achieved == pytest.approx(
        tuple(quantiles), rel=1e-9, abs=1e-9
    )


def test_a_symmetric_gain_is_a_normal_distribution():
    gain = fit_answer(answer(-10 - 16.448536269514722, -10, -10 + 16.448536269514722), "linear")
    assert float(gain.cdf(0.0)) == pytest.approx(stats.norm(-10, 10).cdf(0), abs=1e-12)


def test_an_answer_without_interval_has_no_distribution():
    with pytest.raises(UsageError, match="r1 has no interval"):
        fit_answer(answer(None, 0.1, 0.2), "logit")
