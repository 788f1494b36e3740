"""A statement allows the weights that meet it, and no others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.assessment.stated_weights import inconsistency, least_factor, weight_set
from detente.assessment.weights.sampling import sampler
from detente.case.check_criteria import statement_faults
from detente.case.model import Criterion, Weights
from detente.ground.errors import UsageError

NAMES = "abcd"
CRITERIA = [
    Criterion(id=name, title={"": name}, kind="other", what={"": name}, worst=0, best=1)
    for name in NAMES
]


def stated(form: str, said: object) -> Weights:
    return Weights.model_validate({"party": "P", form: said})


def drawn(form: str, said: object, size: int = 400) -> tuple[tuple[str, ...], np.ndarray]:
    allowed = weight_set(stated(form, said), CRITERIA)
    return allowed.criteria, sampler(allowed).draw(size, np.random.default_rng(1))


@pytest.mark.parametrize("form", ["swing", "exact"])
def test_points_are_weights_and_nothing_else_counts(form):
    names, weights = drawn(form, {"b": 100, "a": 50, "c": 0}, size=3)
    assert names == ("a", "b")
    assert weights == pytest.approx(np.tile([1 / 3, 2 / 3], (3, 1)))


def test_a_full_order_is_uniform_over_the_weights_that_fall_along_it():
    names, weights = drawn("order", [["c", "a", "b"]], size=20_000)
    assert names == ("a", "b", "c")
    assert (weights[:, 2] >= weights[:, 0]).all()
    assert (weights[:, 0] >= weights[:, 1]).all()
    # The centre of an order: (1/n) sum of 1/k, Barron & Barrett (1996), Management Science 42:1515.
    assert weights.mean(axis=0) == pytest.approx([5 / 18, 2 / 18, 11 / 18], abs=0.005)


def test_part_of_an_order_leaves_the_rest_free():
    names, weights = drawn("order", [["a", "b"], ["c"]], size=20_000)
    assert names == ("a", "b", "c")
    assert (weights[:, 0] >= weights[:, 1]).all()
    assert weights.mean(axis=0) == pytest.approx([1 / 2, 1 / 6, 1 / 3], abs=0.01)


def test_ratios_hold_and_the_tighter_of_two_counts():
    said = [{"of": "a", "to": "b", "low": 2, "high": 4}, {"of": "a", "to": "b", "low": 3}]
    names, weights = drawn("ratios", [*said, {"of": "c", "to": "a", "high": 1}])
    assert names == ("a", "b", "c")
    ratio = weights[:, 0] / weights[:, 1]
    assert (ratio > 3 - 1e-6).all()
    assert (ratio < 4 + 1e-6).all()
    assert (weights[:, 2] <= weights[:, 0] + 1e-9).all()


def test_pairs_that_fit_together_are_one_vector():
    said = [{"of": "a", "to": "b", "times": 2}, {"of": "b", "to": "c", "times": 3}]
    said.append({"of": "a", "to": "c", "times": 6})
    _, weights = drawn("pairs", said, size=2)
    assert weights == pytest.approx(np.tile([0.6, 0.3, 0.1], (2, 1)))
    assert inconsistency(stated("pairs", said)) == 0


def test_pairs_that_do_not_fit_give_way_as_little_as_must_be():
    said = [{"of": "a", "to": "b", "times": 2}, {"of": "b", "to": "c", "times": 2}]
    said.append({"of": "c", "to": "a", "times": 2})  # the product of the circle is 8
    _, weights = drawn("pairs", said, size=50)
    assert inconsistency(stated("pairs", said)) == pytest.approx(1.0)
    assert weights == pytest.approx(np.full((50, 3), 1 / 3), abs=2e-3)


def test_best_and_worst_that_fit_are_one_vector():
    said = {"best": "a", "worst": "c", "best_to": {"b": 2, "c": 6}, "to_worst": {"b": 3}}
    names, weights = drawn("best_worst", said, size=2)
    of = dict(zip(names, weights[0], strict=True))
    assert of == pytest.approx({"a": 0.6, "b": 0.3, "c": 0.1}, abs=1e-5)
    assert inconsistency(stated("best_worst", said)) == 0


def test_best_and_worst_that_do_not_fit_stay_near_what_was_said():
    said = {
        "best": "a",
        "worst": "d",
        "best_to": {"b": 2, "c": 3, "d": 8},
        "to_worst": {"a": 8, "b": 3, "c": 3},
    }
    names, weights = drawn("best_worst", said, size=100)
    place = {name: i for i, name in enumerate(names)}
    ratios = weights[:, place["a"]] / weights[:, place["d"]]
    assert (abs(ratios - 8) < 1).all()
    assert 0 < inconsistency(stated("best_worst", said)) < 0.3


def test_a_criterion_without_a_range_is_refused():
    bare = [CRITERIA[0], CRITERIA[1].model_copy(update={"worst": None, "best": None})]
    with pytest.raises(UsageError, match="no stated range"):
        weight_set(stated("swing", {"a": 1, "b": 1}), bare)


some = st.sampled_from(NAMES)
times = st.floats(0.001, 1000) | st.sampled_from([0.5, 1.0, 2.0, 3.0])
grades = st.integers(1, 9)
statements = st.one_of(
    st.tuples(st.just("swing"), st.dictionaries(some, st.floats(0, 1000), min_size=1)),
    st.tuples(st.just("exact"), st.dictionaries(some, st.floats(0, 1), min_size=1)),
    st.tuples(
        st.just("order"), st.lists(st.lists(some, min_size=1, unique=True), min_size=1, max_size=4)
    ),
    st.tuples(
        st.just("pairs"),
        st.lists(st.fixed_dictionaries({"of": some, "to": some, "times": times}), min_size=1),
    ),
    st.tuples(
        st.just("ratios"),
        st.lists(
            st.fixed_dictionaries(
                {"of": some, "to": some, "low": times, "high": st.none() | times}
            ),
            min_size=1,
        ),
    ),
    st.tuples(
        st.just("best_worst"),
        st.fixed_dictionaries(
            {
                "best": st.just("a"),
                "worst": st.just("d"),
                "best_to": st.fixed_dictionaries({"b": grades, "c": grades, "d": grades}),
                "to_worst": st.fixed_dictionaries({"b": grades, "c": grades}),
            }
        ),
    ),
)


@settings(max_examples=400)
@given(statements)
def test_whatever_passes_the_check_can_be_drawn_from(statement):
    form, said = statement
    told = stated(form, said)
    if statement_faults(told):
        return
    allowed = weight_set(told, CRITERIA)
    weights = sampler(allowed).draw(16, np.random.default_rng(0))
    assert weights.shape == (16, len(told.named))
    assert weights.sum(axis=1) == pytest.approx(1)
    assert (weights >= 0).all()
    assert inconsistency(told) >= 0


logs = st.lists(st.floats(-2, 2), min_size=3, max_size=5)


@given(logs, st.floats(0, 1))
def test_the_least_factor_finds_what_was_disturbed_and_no_more(worth, wrong):
    names = NAMES[:3]
    fits = [(a, b, math.exp(worth[i] - worth[j])) for i, a in enumerate(names)
            for j, b in enumerate(names) if i < j]  # fmt: skip
    assert least_factor(fits) == pytest.approx(1, abs=1e-9)
    of, to, times = fits[0]
    # One of three ratios in a circle is wrong by e^wrong: each gives way by a third of it.
    assert least_factor([(of, to, times * math.exp(wrong)), *fits[1:]]) == pytest.approx(
        math.exp(wrong / 3)
    )
