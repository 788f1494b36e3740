"""Fronts against counting, and the filter against its definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from detente.assessment.bargain.enumeration import acceptable_packages
from detente.assessment.bargain.front import bargaining_front, enumerated_front, non_dominated
from detente.assessment.bargain.problem import Problem, acceptable, chosen, gains_of
from detente.ground.errors import UsageError


def by_definition(points):
    return [
        not any((other >= point).all() and (other > point).any() for other in points)
        for point in points
    ]


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(0, 40), st.integers(1, 4)),
        elements=st.integers(-3, 3).map(float) | st.floats(-1, 1),
    )
)
def test_the_filter_is_its_definition(points):
    assert non_dominated(points).tolist() == by_definition(points)


def test_the_filter_over_several_chunks():
    points = np.random.default_rng(2).normal(size=(1300, 3)).round(2)
    kept = non_dominated(points)
    assert kept.tolist() == by_definition(points)
    order = np.random.default_rng(3).permutation(len(points))
    assert (non_dominated(points[order]) == kept[order]).all()


def test_the_front_between_two_is_counting(random_problem):
    sizes = []
    for seed in range(80):
        problem = random_problem(seed, 9)
        if len(problem.parties) < 2:
            continue
        pair = (problem.parties[1], problem.parties[0])
        made = acceptable_packages(problem)
        gains = gains_of(problem, made)[:, [1, 0]] / problem.scales[[1, 0]]
        kept = np.unique(gains[non_dominated(gains.round(9))].round(8), axis=0)[::-1]
        found = bargaining_front(problem, pair)
        mine = [[dict(one.gains)[name] for name in pair] for one in found]
        mine = np.array(mine).reshape(len(found), 2) / problem.scales[[1, 0]]
        sizes.append(len(found))
        assert len(mine) == len(kept)
        assert mine == pytest.approx(kept, abs=2e-6)
        assert all(acceptable(problem, chosen(problem, one.package)[None])[0] for one in found)
    assert sum(size > 2 for size in sizes) > 3


def test_no_weakly_dominated_point_is_left():
    gains = np.array([[3.0, 3, 2, 0], [0.0, 1, 1, 2]])
    rules_of_one = Problem(tuple("wxyz"), ("a", "b"), gains)
    one = replace(rules_of_one, rules=replace(rules_of_one.rules, choices=(("w", "x", "y", "z"),)))
    expected = [("x",), ("z",)]
    assert [point.package for point in bargaining_front(one, ("a", "b"))] == expected
    assert [point.package for point in enumerated_front(one)] == expected


def test_the_front_of_four_parties_is_counting(random_problem):
    rng = np.random.default_rng(5)
    problem = Problem(tuple("pqrstuvw"), tuple("abcd"), rng.normal(0.3, 2, (4, 8)))
    made = acceptable_packages(problem)
    gains = gains_of(problem, made)
    expected = {tuple(row) for row in gains[by_definition(gains)].round(9).tolist()}
    found = enumerated_front(problem)
    assert {tuple(round(gain, 9) for _, gain in one.gains) for one in found} == expected
    firsts = [one.gains[0][1] for one in found]
    assert firsts == sorted(firsts, reverse=True)


def test_a_front_where_nothing_is_acceptable_is_empty():
    problem = Problem(("m",), ("a", "b"), np.array([[1.0], [1.0]]), np.array([-2.0, 0]))
    assert bargaining_front(problem, ("a", "b")) == ()
    assert enumerated_front(problem) == ()


def test_a_front_is_between_two_known_parties(plain):
    for pair in (("north", "north"), ("north", "nobody")):
        with pytest.raises(UsageError, match="two known"):
            bargaining_front(plain, pair)
    with pytest.raises(UsageError, match="resolution"):
        bargaining_front(plain, ("north", "south"), resolution=1e-9)
