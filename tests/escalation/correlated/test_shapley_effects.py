"""Shapley effects: closed forms under dependence, exact indices without it, honest errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from detente.escalation.correlated.copula import copula
from detente.escalation.correlated.resampling import Inputs
from detente.escalation.correlated.shapley_effects import shapley_effects
from detente.escalation.effects import headline
from detente.escalation.moments.frequency import frequency_indices
from detente.escalation.packages.interactions import shapley
from detente.ground.chance import TwoPiece, stream
from detente.ground.errors import UsageError

ABC = ("a", "b", "c")
MANY = tuple(f"x{place:02}" for place in range(12))


def linear(names, slopes):
    return lambda values: sum(s * values[n] for n, s in zip(names, slopes, strict=True))


def effects(function, names, pairs=None, *, seed=1, spreads=None, **settings):
    inputs = Inputs(names, copula(names, pairs or {}), spreads or {})
    return shapley_effects(function, inputs, rng=stream(seed, "shapley"), **settings)


def assert_near(found, wanted, *, within: float):
    """Within four standard errors, and those themselves within a bound."""
    assert found.effects.sum() == pytest.approx(1, rel=1e-14, abs=0)
    assert found.errors.max() < within
    assert np.all(np.abs(found.effects - wanted) < 4 * found.errors + 1e-12)


def of_a_linear_pair(b1, b2, r):
    """Owen and Prieur (2017), section 4; Iooss and Prieur (2019), section 3."""
    shared = r * b1 * b2 + np.array([b1**2 - b2**2, b2**2 - b1**2]) * -(r**2) / 2
    return (np.array([b1**2, b2**2]) + shared) / (b1**2 + b2**2 + 2 * r * b1 * b2)


# --- closed forms under dependence -----------------------------------------------------------


@given(b1=st.floats(0.1, 3), b2=st.floats(-3, -0.1), r=st.floats(-0.9, 0.9))
def test_the_closed_forms_of_a_linear_pair_agree(b1, b2, r, left_over):
    left = left_over([b1, b2], np.array([[1, r], [r, 1]]))
    assert shapley(left) / left[-1] == pytest.approx(of_a_linear_pair(b1, b2, r), abs=1e-9)


@pytest.mark.parametrize("r", [-0.9, -0.4, 0.0, 0.5, 0.95])
def test_a_linear_pair_has_its_closed_form(r):
    found = effects(linear("ab", [1, 2]), ("a", "b"), {("a", "b"): r} if r else {}, points=2**8)
    assert_near(found, of_a_linear_pair(1, 2, r), within=0.005)
    assert found.variance == pytest.approx(5 + 4 * r, rel=0.02)


def test_one_number_beside_a_pair_has_its_closed_form():
    """Iooss and Prieur (2019): an independent number has its own share of the variance."""
    found = effects(linear(ABC, [1, 1.5, 2]), ABC, {("b", "c"): 0.8}, points=2**8)
    variance = 1 + 1.5**2 + 4 + 2 * 0.8 * 3
    pair = of_a_linear_pair(1.5, 2, 0.8) * (variance - 1) / variance
    assert_near(found, [1 / variance, *pair], within=0.005)


@pytest.mark.parametrize("seed", range(3))
def test_correlated_linear_numbers_have_the_effects_of_all_sets(
    seed, correlations, pairs_of, left_over
):
    names = (*ABC, "d")
    slopes, matrix = np.array([1, -2, 0.5, 0.0]), correlations(4, seed)
    found = effects(linear(names, slopes), names, pairs_of(names, matrix), points=2**8)
    left = left_over(slopes, matrix)
    assert_near(found, shapley(left) / left[-1], within=0.006)


SPREADS = {n: TwoPiece("log", 0.1, s, s) for n, s in zip(ABC, (0.3, 0.8, 0.5), strict=True)}
TOGETHER = {("a", "b"): 0.5, ("b", "c"): -0.6}


def log_variances(left_over, whole):
    """The variance of the logarithm of the chain, all of it and what sets leave over."""
    return left_over([0.3, 0.8, 0.5], whole(ABC, copula(ABC, TOGETHER)))


def test_a_chain_of_correlated_lognormals_has_its_closed_form(chain, left_over, whole):
    """With s the variance of ln f and k what is left of it: c = exp(s) (exp(s) - exp(s - k))."""
    left = log_variances(left_over, whole)
    costs = np.exp(left[-1]) * (np.exp(left[-1]) - np.exp(left[-1] - left))
    ladder = chain(*ABC)
    found = effects(lambda v: headline(ladder, v), ABC, TOGETHER, spreads=SPREADS)
    assert_near(found, shapley(costs) / costs[-1], within=0.02)
    assert found.heaviest < 0.2


def test_its_logarithm_is_linear(chain, left_over, whole):
    left = log_variances(left_over, whole)
    ladder = chain(*ABC)
    found = effects(lambda v: np.log(headline(ladder, v)), ABC, TOGETHER, spreads=SPREADS)
    assert_near(found, shapley(left) / left[-1], within=0.003)
    assert found.variance == pytest.approx(left[-1], rel=0.01)


# --- independent numbers ---------------------------------------------------------------------


def test_a_product_shares_each_part_of_the_variance_evenly(chain):
    """The part of numbers u is the product of (e^(s^2) - 1) over u: 1 / |u| of it for each."""
    ladder = chain(*ABC)
    own = np.exp(np.array([one.below for one in SPREADS.values()]) ** 2) - 1
    wanted = np.zeros(3)
    for mask in range(1, 8):
        among = np.array([bool(mask >> place & 1) for place in range(3)])
        wanted[among] += own[among].prod() / among.sum()
    found = effects(lambda v: headline(ladder, v), ABC, spreads=SPREADS)
    assert_near(found, wanted / wanted.sum(), within=0.02)


def lopsided(names):
    rng = np.random.default_rng(4)
    made = {}
    for name in names:
        below, above = rng.uniform(0.2, 0.9, 2)
        scale, mid = ("log", 0.5) if name == "rate" else ("logit", rng.uniform(0.1, 0.6))
        made[name] = TwoPiece(scale, float(mid), float(below), float(above))
    return made


def test_two_numbers_have_the_mean_of_first_and_total_index(chain):
    ladder, held = chain("rate", "p"), lopsided(("rate", "p"))
    indices = frequency_indices([ladder], held).indices
    found = effects(lambda v: headline(ladder, v), ("rate", "p"), spreads=held)
    assert_near(found, (indices.first + indices.total) / 2, within=0.01)


def test_effects_on_a_ladder_lie_between_first_and_total_index(either):
    names = ("rate", "p", "q", "s", "t")
    ladder, held = either(*names), lopsided(names)
    exact = frequency_indices([ladder], held)
    order = [exact.parameters.index(name) for name in names]
    found = effects(lambda v: headline(ladder, v), names, spreads=held, points=2**8)
    assert np.all(found.effects > exact.indices.first[order] - 3 * found.errors)
    assert np.all(found.effects < exact.indices.total[order] + 3 * found.errors)
    assert found.variance == pytest.approx(exact.indices.variance, rel=0.05)
    assert exact.indices.first.sum() < 0.99
    assert exact.indices.total.sum() > 1.01


def test_an_additive_function_has_its_sobol_indices():
    found = effects(linear(ABC, [1, 2, 3]), ABC, points=2**8)
    assert_near(found, np.array([1, 4, 9]) / 14, within=0.005)


# --- players ---------------------------------------------------------------------------------


def test_what_is_alike_has_the_same_effect():
    pairs = {("a", "b"): 0.4, ("a", "c"): 0.4, ("b", "c"): 0.4}
    found = effects(lambda v: np.exp((v["a"] + v["b"] + v["c"]) / 3), ABC, pairs)
    assert_near(found, 1 / 3, within=0.01)


def test_copies_of_one_number_share_its_effect_though_one_is_not_used():
    found = effects(linear(ABC, [1, 0, 1]), ABC, {("a", "b"): 0.99999}, points=2**8)
    assert_near(found, [0.25, 0.25, 0.5], within=0.01)
    without = effects(linear(ABC, [1, 0, 1]), ABC, points=2**4)
    assert without.effects[1] == pytest.approx(0, abs=1e-15)


def test_the_order_of_the_numbers_does_not_matter():
    pairs = {("a", "b"): 0.6, ("b", "c"): -0.3}
    one = effects(linear(ABC, [1, 2, 3]), ABC, pairs, points=2**8)
    other = effects(linear(ABC, [1, 2, 3]), ABC[::-1], pairs, points=2**8)
    assert other.players == one.players[::-1]
    assert np.all(
        np.abs(one.effects - other.effects[::-1]) < 4 * np.hypot(one.errors, other.errors[::-1])
    )


def test_a_group_is_one_player_that_has_what_its_numbers_have_together(left_over, whole):
    pairs = {("a", "b"): 0.6, ("b", "c"): -0.3}
    left = left_over([1, 2, 3], whole(ABC, copula(ABC, pairs)))
    found = effects(linear(ABC, [1, 2, 3]), ABC, pairs, groups=[("c", "a")], points=2**8)
    assert found.players == (("c", "a"), ("b",))
    assert_near(found, shapley(left[[0, 5, 2, 7]]) / left[-1], within=0.005)


def test_one_player_has_all():
    found = effects(linear(ABC, [1, 2, 3]), ABC, groups=[ABC], points=2**4)
    assert (found.effects.tolist(), found.errors.tolist()) == ([1.0], [0.0])


MANY_PAIRS = {("x00", "x01"): 0.8, ("x02", "x03"): -0.5, ("x03", "x11"): 0.3}
MANY_SLOPES = np.linspace(0.5, 3, 12)


def test_many_players_are_taken_in_random_orders(left_over, whole):
    left = left_over(MANY_SLOPES, whole(MANY, copula(MANY, MANY_PAIRS)))
    found = effects(linear(MANY, MANY_SLOPES), MANY, MANY_PAIRS, groups=())
    assert found.players == tuple((name,) for name in MANY)
    assert_near(found, shapley(left) / left[-1], within=0.008)


def test_many_numbers_are_screened_where_no_groups_are_named(left_over, whole):
    matrix = whole(MANY, copula(MANY, MANY_PAIRS))
    found = effects(linear(MANY, MANY_SLOPES), MANY, MANY_PAIRS, points=2**7)
    assert len(found.players) == 9
    masks = [sum(1 << MANY.index(name) for name in player) for player in found.players]
    rows = [sum(m for bit, m in enumerate(masks) if one >> bit & 1) for one in range(1 << 9)]
    left = left_over(MANY_SLOPES, matrix)[rows]
    assert_near(found, shapley(left) / left[-1], within=0.008)


# --- errors and edges ------------------------------------------------------------------------


@pytest.mark.parametrize("names", [ABC, ABC + MANY[:8]], ids=["sets", "orders"])
def test_errors_cover_the_truth_as_often_as_they_say(names, left_over, whole):
    """Intervals of 90 % from eight replicates; numbers of the second kind do not matter."""
    slopes = np.array([0.3, 0.5, 0.4] + [0.0] * (len(names) - 3))
    pairs = {("a", "b"): 0.5, ("b", "c"): -0.4}
    left = left_over(slopes[:3], whole(ABC, copula(ABC, pairs)))
    costs = np.exp(left[-1]) - np.exp(left[-1] - left)
    wanted = shapley(costs) / costs[-1]
    function = linear(names, slopes)
    found = [
        effects(
            lambda v: np.exp(function(v)),
            names,
            pairs,
            groups=(),
            seed=seed,
            points=2**6,
            replicates=8,
        )
        for seed in range(60)
    ]
    offs = np.array([(one.effects[:3] - wanted) / one.errors[:3] for one in found])
    covered = np.mean(np.abs(offs) < stdtrit(7, 0.95))
    assert 0.83 < covered < 0.96
    assert np.all(np.abs(offs.mean(axis=0)) < 0.5)


def test_a_variance_that_stands_on_a_few_points_shows():
    """A lognormal of spread 4 has a variance that no sample of this size sees."""
    even = effects(linear(ABC, [1, 2, 3]), ABC, points=2**6)
    lopsided = effects(lambda v: np.exp(4 * v["a"] + v["b"] + v["c"]), ABC, points=2**6)
    assert even.heaviest == pytest.approx(1 / 16, abs=0.03)
    assert lopsided.heaviest > 0.3


def test_one_stream_gives_one_result():
    one, other, another = (
        effects(linear(MANY, MANY_SLOPES), MANY, MANY_PAIRS, groups=(), seed=seed, points=2**4)
        for seed in (1, 1, 2)
    )
    assert one.effects.tobytes() == other.effects.tobytes()
    assert one.effects.tobytes() != another.effects.tobytes()


def test_a_correlated_point_has_no_effect():
    spreads = {"b": TwoPiece("linear", 3.0, 0.0, 0.0)}
    pairs = {("a", "b"): 0.9}
    found = effects(linear(ABC, [1, 2, 1]), ABC, pairs, spreads=spreads, points=2**8)
    assert found.effects[1] == pytest.approx(0, abs=1e-15)
    assert_near(found, [0.5, 0, 0.5], within=0.01)


def test_what_does_not_vary_has_no_effects():
    found = effects(lambda v: np.full(len(v["a"]), 2.0), ABC, points=2**4)
    assert (found.effects.tolist(), found.errors.tolist(), found.variance) == ([0] * 3, [0] * 3, 0)
    assert found.heaviest == 0


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([("a", "x")], "`x`, which is no number"),
        ([("a", "b"), ("b",)], "stands twice"),
        ([()], "is empty"),
    ],
)
def test_groups_that_make_no_sense_are_refused(groups, told):
    with pytest.raises(UsageError, match=told):
        effects(linear(ABC, [1, 2, 3]), ABC, groups=groups)
