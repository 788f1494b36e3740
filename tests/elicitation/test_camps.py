"""Camps against a closed form, a simulation, and what must hold of any votes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.camps import in_every_camp, reaches, verdict
from detente.ground.errors import UsageError

counts = st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
thresholds = st.floats(0.51, 0.95)


def test_nobody_asked_leaves_the_prior():
    # Beta(1/2, 1/2) is the arcsine law: P(x > t) = 1 - 2/pi asin(sqrt t).
    expected = 1 - 2 / np.pi * np.arcsin(np.sqrt(0.6))
    assert reaches(0, 0, threshold=0.6) == pytest.approx(expected)


def test_one_of_one_agrees_with_the_integral():
    share = (np.arange(2_000_000) + 0.5) / 2_000_000
    density = share**0.5 * (1 - share) ** -0.5
    expected = density[share >= 0.6].sum() / density.sum()
    assert reaches(1, 1, threshold=0.6) == pytest.approx(expected, abs=2e-3)


@given(counts, thresholds)
def test_the_chance_rises_with_agreement_and_falls_with_the_threshold(votes, threshold):
    yes, people = votes
    chance = reaches(yes, people, threshold=threshold)
    assert 0 <= chance <= 1
    assert reaches(yes + 1, people + 1, threshold=threshold) >= chance
    assert reaches(yes, people + 1, threshold=threshold) <= chance
    assert reaches(yes, people, threshold=(threshold + 1) / 2) <= chance


@given(st.lists(counts, min_size=2, max_size=4), thresholds)
def test_a_further_camp_never_makes_agreement_surer(votes, threshold):
    every = in_every_camp(votes, threshold=threshold)
    assert every <= min(reaches(*one, threshold=threshold) for one in votes) + 1e-12
    assert every == pytest.approx(in_every_camp(votes[::-1], threshold=threshold))


def test_verdicts_of_small_and_large_camps():
    def kind(agree, disagree):
        return verdict(agree, disagree, threshold=0.6)[0]

    assert kind([(11, 12), (10, 11)], [(0, 12), (1, 11)]) == "consensus"
    assert kind([(1, 12), (10, 11)], [(11, 12), (0, 11)]) == "divided"
    assert kind([(2, 3), (3, 4)], [(1, 3), (0, 4)]) == "too-few"
    assert kind([(0, 12), (1, 11)], [(11, 12), (10, 11)]) == "consensus"


def test_the_posterior_is_calibrated():
    rng = np.random.default_rng(5)
    shares = rng.beta(0.5, 0.5, 4000)
    yes = rng.binomial(8, shares)
    chances = np.array([reaches(one, 8, threshold=0.6) for one in range(9)])[yes]
    for low, high in ((0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.0001)):
        inside = (chances >= low) & (chances < high)
        error = chances[inside].mean() - (shares[inside] >= 0.6).mean()
        assert abs(error) < 0.05


@pytest.mark.parametrize(("yes", "people", "threshold"), [(3, 2, 0.6), (-1, 2, 0.6), (1, 2, 1.0)])
def test_impossible_votes_are_refused(yes, people, threshold):
    with pytest.raises(UsageError):
        reaches(yes, people, threshold=threshold)
