"""Pools against closed forms, brute force and each other; scores against published ones."""

from __future__ import annotations

from math import inf, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detente.elicitation.families import fit_family
from detente.elicitation.foreign.idea_csv import read_by_question, read_idea
from detente.elicitation.pooling import mixture
from detente.elicitation.pools import (
    POINT_POOLS,
    brier_score,
    fitted_ends,
    geometric_mean_of_odds,
    linear_pool,
    log_score,
    logarithmic_pool,
    mean,
    median,
    quantile_pool,
    standardised,
)
from detente.ground.chance import TwoPiece
from detente.ground.errors import UsageError

chances = st.floats(1e-9, 1 - 1e-9)
rows = st.lists(chances, min_size=1, max_size=7)
spreads = st.floats(1e-3, 3)
members = st.builds(TwoPiece, st.just("logit"), st.floats(1e-6, 1 - 1e-6), spreads, spreads)
panels = st.lists(members, min_size=1, max_size=5)
levels = st.floats(0.001, 0.999)
QUARTILES = (0.25, 0.5, 0.75)


def normals(*pairs):
    return [TwoPiece("linear", location, scale, scale) for location, scale in pairs]


def test_the_mean_of_normal_quantiles_is_the_normal_of_the_means():
    pool = quantile_pool(normals((0, 1), (4, 3)), weights=[1, 3])
    truth = stats.norm(3, 2.5)
    grid = np.array([[0.01, 0.3], [0.5, 0.99]])
    assert pool.quantile(grid) == pytest.approx(truth.ppf(grid), abs=1e-12)
    assert pool.cdf([-4, 3, 8.5]) == pytest.approx(truth.cdf([-4, 3, 8.5]), abs=1e-13)


def test_the_linear_pool_weighs_probabilities():
    # as in SHELF's tests: gamma(10, 4), normal(3, 2) and lognormal(log 3, 2) by 1, 2 and 3
    truths = [stats.gamma(10, scale=1 / 4), stats.norm(3, 2), stats.lognorm(2, scale=3)]
    kinds = [("gamma", 0.0), ("normal", -inf), ("lognormal", 0.0)]
    fits = [
        fit_family(kind, QUARTILES, values=truth.ppf(QUARTILES), low=low)
        for (kind, low), truth in zip(kinds, truths, strict=True)
    ]
    pool = linear_pool(fits, weights=[1, 2, 3])
    parts = [w / 6 * truth.cdf(1.5) for w, truth in zip((1, 2, 3), truths, strict=True)]
    assert float(pool.cdf(1.5)) == pytest.approx(sum(parts), abs=1e-7)
    high = float(pool.quantile(0.95))
    check = [w / 6 * truth.cdf(high) for w, truth in zip((1, 2, 3), truths, strict=True)]
    assert sum(check) == pytest.approx(0.95, abs=1e-7)


@given(panels, levels)
@settings(max_examples=25)
def test_equal_weights_give_the_mixture(distributions, level):
    pool, twin = linear_pool(distributions), mixture(distributions)
    x = twin.quantile(level)
    assert float(pool.cdf(x)) == pytest.approx(float(twin.cdf(x)), abs=1e-12)
    assert float(pool.quantile(level)) == pytest.approx(float(x), rel=1e-6)


@given(panels, levels, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_members_changes_no_bit(distributions, level, random):
    shuffled = list(distributions)
    random.shuffle(shuffled)
    for pooled in (linear_pool, quantile_pool):
        one, two = pooled(distributions), pooled(shuffled)
        assert one.quantile(level).tobytes() == two.quantile(level).tobytes()
        assert one.cdf(level).tobytes() == two.cdf(level).tobytes()


@given(panels, levels)
@settings(max_examples=25)
def test_pools_lie_between_their_members(distributions, level):
    own = [float(member.quantile(level)) for member in distributions]
    for pooled in (linear_pool, quantile_pool):
        found = float(pooled(distributions).quantile(level))
        assert min(own) * (1 - 1e-12) <= found <= max(own) * (1 + 1e-12)


@given(panels, levels)
@settings(max_examples=25)
def test_the_quantile_pool_inverts_itself(distributions, level):
    pool = quantile_pool(distributions)
    assert float(pool.cdf(pool.quantile(level))) == pytest.approx(level, abs=1e-9)


def test_averaging_quantiles_is_sharper_than_averaging_probabilities():
    disagreeing = normals((-2, 1), (2, 1))
    ends = [p(disagreeing).quantile([0.05, 0.95]) for p in (linear_pool, quantile_pool)]
    assert np.ptp(ends[1]) < np.ptp(ends[0])


def test_tiny_quantiles_are_found_to_the_last_digits():
    rare = [TwoPiece("logit", 1e-12, 1.0, 1.0), TwoPiece("logit", 1e-9, 1.0, 1.0)]
    pool = linear_pool(rare)
    x = float(pool.quantile(0.3))
    assert float(pool.cdf(x)) == pytest.approx(0.3, abs=1e-12)
    assert 1e-13 < x < 1e-11
    both = linear_pool(normals((-3, 1), (3, 1)))
    assert float(both.quantile(0.5)) == pytest.approx(0, abs=1e-9)


def test_odds_of_one_and_four_pool_to_two():
    assert geometric_mean_of_odds([0.5, 0.8]) == pytest.approx(2 / 3, abs=1e-15)
    assert logarithmic_pool([0.5, 0.8], weights=[3, 1]) == pytest.approx(
        sqrt(2) / (1 + sqrt(2)), abs=1e-15
    )
    assert mean([0.5, 0.8], weights=[3, 1]) == pytest.approx(0.575, abs=1e-15)
    assert median([0.1, 0.2, 0.9]) == 0.2


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 5)), min_size=1, max_size=5))
def test_the_logarithmic_pool_is_the_normed_product(pairs):
    p, weights = np.array(pairs).T
    shares = weights / weights.sum()
    yes, no = np.prod(p**shares), np.prod((1 - p) ** shares)
    assert logarithmic_pool(p, weights=weights) == pytest.approx(yes / (yes + no), abs=1e-12)


@given(rows, st.sampled_from(sorted(POINT_POOLS)))
def test_point_pools_are_between_their_points_and_know_the_opposite(p, name):
    pool = POINT_POOLS[name]
    found = pool(p)
    assert min(p) * (1 - 1e-9) <= found <= max(p) * (1 + 1e-9)
    assert pool([1 - v for v in p]) == pytest.approx(1 - found, abs=1e-7)


def test_the_default_pool_of_points_is_among_them():
    assert next(iter(POINT_POOLS)) == "trimmed_geometric_mean_of_odds"
    published = [0.001, 0.05, 0.05, 0.05, 0.3]
    assert POINT_POOLS["trimmed_geometric_mean_of_odds"](published) == pytest.approx(0.05)


def test_four_points_are_brought_to_ninety_percent():
    low, high = standardised(0.2, 0.5, 0.6, confidence=0.6)
    assert (float(low), float(high)) == pytest.approx((0.05, 0.65))
    low, high = standardised([10, 40], [50, 50], [95, 60], confidence=[0.5, 1], bounds=(0, 100))
    assert low.tolist() == pytest.approx([0, 41])
    assert high.tolist() == pytest.approx([100, 59])


@given(st.floats(0.05, 0.99), st.floats(0.1, 0.99))
def test_the_fitted_normal_has_the_ends_of_a_normal(confidence, coverage):
    z, wanted = stats.norm.ppf((1 + confidence) / 2), stats.norm.ppf((1 + coverage) / 2)
    answer = (3 - 2 * z, 3, 3 + z)
    ends = fitted_ends(answer, confidence=confidence, scale="linear", coverage=coverage)
    assert ends == pytest.approx((3 - 2 * wanted, 3 + wanted), rel=1e-9)


def test_what_was_said_at_the_coverage_stays():
    assert fitted_ends((0.01, 0.1, 0.5), confidence=0.9, scale="logit") == pytest.approx(
        (0.01, 0.5)
    )
    low, high = standardised(0.01, 0.1, 0.5, confidence=0.9)
    assert (float(low), float(high)) == pytest.approx((0.01, 0.5))
    tight = fitted_ends((0.01, 0.1, 0.9), confidence=0.5, scale="logit")
    assert 0 < tight[0] < 0.01
    assert 0.9 < tight[1] < 1


def test_scores_by_hand():
    assert brier_score([0.5, 0.5], outcomes=[0, 1]) == 0.25
    assert brier_score([0.2, 0.9], outcomes=[0, 1]) == pytest.approx(0.025)
    assert log_score([0.5, 0.5], outcomes=[0, 1]) == pytest.approx(log(2))
    assert log_score([0.2, 0.9], outcomes=[0, 1]) == pytest.approx(-log(0.72) / 2)
    assert log_score([1e-20], outcomes=[0]) == pytest.approx(1e-20, rel=1e-9)
    assert log_score([0.0, 1.0], outcomes=[1, 1]) == inf
    assert log_score([0.0, 1.0], outcomes=[0, 1]) == 0


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_both_scores_are_proper(truth, said):
    def expected(score, p):
        return truth * score([p], outcomes=[1]) + (1 - truth) * score([p], outcomes=[0])

    for score in (brier_score, log_score):
        assert expected(score, truth) <= expected(score, said) + 1e-12


@pytest.mark.conformance
def test_the_second_round_is_better_by_the_published_figures(shared_data):
    folder = shared_data / "elicitation/replicats-aggrecat"
    ratings = read_idea("x.csv", (folder / "data_ratings.csv").read_bytes())
    outcomes = read_by_question(
        "x.csv", (folder / "data_outcomes.csv").read_bytes(), column="outcome"
    )
    happened = [outcomes[question] for question in ratings.questions]
    for name, single, pooled in (("round_1", 0.2024, 0.1739), ("round_2", 0.1764, 0.1516)):
        best = ratings.at(name)[..., 1]
        own = np.mean([brier_score(row, outcomes=happened) for row in best])
        assert own == pytest.approx(single, abs=0.5001e-4)
        means = [mean(column) for column in best.T]
        assert brier_score(means, outcomes=happened) == pytest.approx(pooled, abs=0.5001e-4)


@pytest.mark.parametrize(
    "call",
    [
        lambda: mean([]),
        lambda: mean([1.1]),
        lambda: mean([np.nan]),
        lambda: median([[0.1]]),
        lambda: mean([0.1, 0.2], weights=[1]),
        lambda: mean([0.1, 0.2], weights=[1, -1]),
        lambda: mean([0.1, 0.2], weights=[0, 0]),
        lambda: logarithmic_pool([0.0, 0.2]),
        lambda: linear_pool([]),
        lambda: quantile_pool([]),
        lambda: standardised(0, 1, 2, confidence=0),
        lambda: standardised(0, 3, 2, confidence=0.5),
        lambda: fitted_ends((0, 1, 2), confidence=1, scale="linear"),
        lambda: fitted_ends((0, 3, 2), confidence=0.5, scale="linear"),
        lambda: brier_score([0.5], outcomes=[2]),
        lambda: log_score([0.5], outcomes=[0, 1]),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(UsageError):
        call()
