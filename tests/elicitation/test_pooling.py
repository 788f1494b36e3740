"""Pools against published aggregates, brute force and their invariants."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.pooling import mixture, trimmed_geometric_mean_of_odds
from detente.ground.chance import TwoPiece
from detente.ground.errors import UsageError

# As the post prints them: six questions to 5 or 6 places, one to 2 significant digits.
PUBLISHED_STEP = {
    "use_in_ukraine_1m": 5e-7,
    "use_in_ukraine_1y": 5e-6,
    "escalates_given_use_1m": 5e-5,
    "escalates_given_use_1y": 5e-7,
    "london_given_nato_1m": 5e-5,
    "london_given_nato_1y": 5e-7,
    "london_uncond_oct": 5e-6,
}

chances = st.floats(1e-6, 1 - 1e-6)
spreads = st.just(0.0) | st.floats(1e-6, 3)
members = st.builds(TwoPiece, st.just("logit"), chances, spreads, spreads)
pools = st.lists(members, min_size=1, max_size=6)
levels = st.floats(0.001, 0.999)


@pytest.fixture(scope="module")
def forecasts(shared_data):
    file = shared_data / "elicitation/samotsvety-nuclear-2022/forecasts_2022-10.json"
    return {one["id"]: one for one in json.loads(file.read_text())["questions"]}


@pytest.mark.conformance
@pytest.mark.parametrize("question", PUBLISHED_STEP)
def test_the_published_aggregate_is_reproduced(forecasts, question):
    one = forecasts[question]
    found = trimmed_geometric_mean_of_odds(one["p"])
    assert abs(found - one["published"]) <= PUBLISHED_STEP[question]


def test_trimming_drops_nobody_of_four_and_two_of_five():
    four, five = [0.001, 0.2, 0.2, 0.5], [0.001, 0.2, 0.2, 0.2, 0.5]
    plain = 1 / (1 + np.prod([(1 - p) / p for p in four]) ** (1 / 4))
    assert trimmed_geometric_mean_of_odds(four) == pytest.approx(plain)
    assert trimmed_geometric_mean_of_odds(five) == pytest.approx(0.2)


@given(st.lists(chances, min_size=1, max_size=12), st.integers(0, 3), st.randoms())
def test_the_marker_is_symmetric_bounded_and_blind_to_order(p, trim, rng):
    marker = trimmed_geometric_mean_of_odds(p, trim=trim)
    assert min(p) * (1 - 1e-9) <= marker <= max(p) * (1 + 1e-9)
    mirrored = trimmed_geometric_mean_of_odds([1 - one for one in p], trim=trim)
    assert marker == pytest.approx(1 - mirrored, rel=1e-6)
    assert marker == trimmed_geometric_mean_of_odds(rng.sample(p, len(p)), trim=trim)


@pytest.mark.parametrize(("p", "trim"), [([], 1), ([0.0, 0.5], 1), ([0.5, 1.0], 0), ([0.5], -1)])
def test_odds_need_probabilities(p, trim):
    with pytest.raises(UsageError):
        trimmed_geometric_mean_of_odds(p, trim=trim)


@given(pools, levels)
def test_a_pool_lies_between_its_members(pool, level):
    own = [float(member.quantile(level)) for member in pool]
    assert min(own) <= float(mixture(pool).quantile(level)) <= max(own)


@given(pools, levels, levels)
def test_a_pool_is_monotone(pool, one, other):
    low, high = mixture(pool).quantile(sorted((one, other)))
    assert low <= high
    below, above = mixture(pool).cdf(sorted((one, other)))
    assert below <= above


@given(pools, levels, st.randoms())
def test_the_order_of_members_does_not_matter(pool, level, rng):
    shuffled = rng.sample(pool, len(pool))
    assert float(mixture(shuffled).quantile(level)) == float(mixture(pool).quantile(level))


@given(pools.filter(lambda pool: all(min(one.below, one.above) > 0.01 for one in pool)), levels)
def test_quantile_inverts_the_distribution_function(pool, level):
    pooled = mixture(pool)
    assert float(pooled.cdf(pooled.quantile(level))) == pytest.approx(level, abs=1e-6)


@given(members, levels)
def test_a_pool_of_one_is_its_member(member, level):
    alike = mixture([member, member, member])
    assert float(alike.quantile(level)) == pytest.approx(float(member.quantile(level)), rel=1e-9)


def test_points_take_their_share_each():
    points = mixture([TwoPiece("logit", p, 0.0, 0.0) for p in (0.1, 0.2, 0.4, 0.8)])
    assert points.quantile([0.05, 0.25, 0.26, 0.5, 0.75, 0.95]).tolist() == pytest.approx(
        [0.1, 0.1, 0.2, 0.2, 0.4, 0.8], abs=1e-12
    )
    assert points.cdf([0.05, 0.2, 0.3, 0.9]).tolist() == [0, 0.5, 0.5, 1]


def test_a_pool_equals_brute_force_sampling():
    pool = [
        TwoPiece("logit", 1e-4, 0.4, 1.2),
        TwoPiece("logit", 0.02, 0.6, 0.3),
        TwoPiece("logit", 0.3, 0.2, 0.5),
    ]
    rng = np.random.default_rng(8)
    draws = np.concatenate([member.at_normal(rng.standard_normal(400_000)) for member in pool])
    # The standard error of a sampled probability at 1.2e6 draws is below 0.0005.
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    reached = np.searchsorted(np.sort(draws), mixture(pool).quantile(levels)) / draws.size
    assert np.abs(reached - levels).max() < 0.002


@pytest.mark.parametrize(
    "pool", [[], [TwoPiece("logit", 0.1, 1.0, 1.0), TwoPiece("linear", 0.1, 1.0, 1.0)]]
)
def test_a_pool_of_nothing_or_of_two_scales_is_refused(pool):
    with pytest.raises(UsageError):
        mixture(pool)
