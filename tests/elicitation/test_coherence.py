"""Coherence against the published gap, and against arithmetic."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.coherence import coherence_gap, spans_gap
from detente.ground.errors import UsageError


@pytest.mark.conformance
def test_the_published_incoherence_is_flagged(shared_data):
    file = shared_data / "elicitation/samotsvety-nuclear-2022/forecasts_2022-10.json"
    said = {one["id"]: one["published"] for one in json.loads(file.read_text())["questions"]}
    links = ("use_in_ukraine_1m", "escalates_given_use_1m", "london_given_nato_1m")
    gap = coherence_gap([said[link] for link in links], said["london_uncond_oct"])
    assert gap.given == pytest.approx(0.000192, abs=5e-7)
    assert gap.factor == pytest.approx(3.4, abs=0.05)
    assert gap.flagged


def test_a_coherent_chain_is_not_flagged():
    gap = coherence_gap([0.5, 0.5], 0.125)
    assert (gap.factor, gap.flagged) == (2.0, False)
    assert coherence_gap([0.5, 0.5], 0.25).factor == 1
    assert coherence_gap([0.125], 0.25).factor == coherence_gap([0.25], 0.125).factor == 2


@pytest.mark.parametrize(("chain", "direct"), [([], 0.1), ([0.1, 0.0], 0.1), ([0.1], 1.1)])
def test_a_chain_of_no_probabilities_is_refused(chain, direct):
    with pytest.raises(UsageError):
        coherence_gap(chain, direct)


def test_a_month_gives_a_year_at_a_constant_rate():
    year = 1 - 0.9**12
    gap = spans_gap(0.1, year, times=12)
    assert gap.given == pytest.approx(year)
    assert gap.factor == pytest.approx(1)
    assert not gap.flagged


def test_a_year_less_likely_than_a_month_is_flagged_however_near():
    assert spans_gap(0.5, 0.49, times=1.01).flagged
    assert not spans_gap(0.5, 0.5, times=1.01).flagged


def test_tiny_chances_keep_their_digits():
    assert spans_gap(1e-12, 1.2e-11, times=12).factor == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize(("short", "long", "times"), [(0, 0.1, 2), (0.1, 1, 2), (0.1, 0.2, 1)])
def test_spans_need_probabilities_and_a_longer_span(short, long, times):
    with pytest.raises(UsageError):
        spans_gap(short, long, times=times)


@given(st.floats(1e-9, 0.5), st.floats(1.1, 100))
def test_a_constant_rate_is_never_flagged(short, times):
    assert not spans_gap(short, min(1 - (1 - short) ** times, 1 - 1e-12), times=times).flagged
