"""Partners: what is drawn anew, what stays, and the variance that their differences show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.escalation.correlated.copula import copula
from detente.escalation.correlated.resampling import Inputs, Partners
from detente.ground.chance import TwoPiece
from detente.ground.errors import UsageError

NAMES = ("a", "b", "c", "d")
SLOPES = {"a": 1.0, "b": -2.0, "c": 0.5, "d": 1.5}
COPULA = copula(NAMES, {("a", "b"): 0.7, ("b", "d"): 0.4})


def linear(values):
    return sum(slope * values[name] for name, slope in SLOPES.items())


def partners(function=linear, inputs=None, *, points=2**6, replicates=4, seed=1) -> Partners:
    inputs = inputs or Inputs(NAMES, COPULA)
    rng = np.random.default_rng(seed)
    return Partners(function, inputs, points=points, replicates=replicates, rng=rng)


def test_half_the_squared_differences_is_the_variance_left_over(left_over, whole):
    made = partners(points=2**10, replicates=8)
    left = left_over(list(SLOPES.values()), whole(NAMES, COPULA))
    for mask, wanted in enumerate(left):
        anew = frozenset(name for place, name in enumerate(NAMES) if mask >> place & 1)
        assert made.differences(anew).mean() == pytest.approx(wanted, rel=0.01)


def test_what_is_not_drawn_anew_stays_to_the_last_bit():
    seen = []

    def watched(values):
        seen.append(dict(values))
        return linear(values)

    partners(watched).differences(frozenset({"b", "c"}))
    here, there = seen
    assert {name for name in NAMES if (here[name] == there[name]).all()} == {"a", "d"}
    assert not (here["b"] == there["b"]).any()


@settings(max_examples=16)
@given(st.sets(st.sampled_from(NAMES)))
def test_by_point_is_by_set_where_all_points_are_alike(anew):
    made = partners()
    flags = {name: np.full(made.size, name in anew) for name in NAMES}
    assert (made.differences_by_point(flags) == made.differences(frozenset(anew))).all()


def test_by_point_is_the_set_of_each_point():
    made = partners()
    rng = np.random.default_rng(3)
    flags = {name: rng.random(made.size) < 0.5 for name in NAMES}
    found = made.differences_by_point(flags)
    for row in range(0, made.size, 16):
        anew = frozenset(name for name in NAMES if flags[name][row])
        assert found[row] == made.differences(anew)[row]


def test_a_function_takes_values_where_there_are_spreads():
    spreads = {"a": TwoPiece("log", 2.0, 0.5, 0.5), "c": TwoPiece("logit", 0.2, 1.0, 0.1)}
    seen = []

    def watched(values):
        seen.append(values)
        return values["a"]

    partners(watched, Inputs(NAMES, COPULA, spreads)).differences(frozenset(NAMES))
    for values in seen:
        assert values["a"].min() > 0
        assert 0 < values["c"].min() < values["c"].max() < 1
        assert values["b"].min() < 0


def test_a_number_without_a_spread_tells_nothing_of_others():
    inputs = Inputs(NAMES, COPULA, {"b": TwoPiece("linear", 3.0, 0.0, 0.0)})
    made = partners(inputs=inputs)
    assert made.correlated == ("a", "d")
    assert inputs.varying == {"a", "c", "d"}
    assert not made.differences(frozenset({"b"})).any()


def test_means_stand_by_replicate():
    made = partners(points=2, replicates=3)
    assert made.by_replicate(np.arange(6.0)).tolist() == [0.5, 2.5, 4.5]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"inputs": Inputs((), COPULA)}, "no numbers"),
        ({"replicates": 1}, "1 replicates"),
        ({"points": 3}, "power of two"),
        ({"function": lambda values: values["a"][:2]}, "shape"),
        ({"function": lambda values: values["a"] * np.inf}, "not finite"),
    ],
)
def test_what_cannot_be_sampled_is_refused(changed, told):
    with pytest.raises(UsageError, match=told):
        partners(**changed)
