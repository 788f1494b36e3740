"""The core index against its definition, on all corners of weights and intervals."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from detente.assessment.bargain import core_index
from detente.assessment.bargain.core_index import (
    Information,
    core_indices,
    everything_open,
    sampled_core_indices,
)
from detente.assessment.bargain.enumeration import acceptable_packages
from detente.assessment.bargain.front import enumerated_front
from detente.assessment.bargain.problem import Budget, Problem, Rules, bonus_of, named
from detente.ground.errors import UsageError


def dominates(problem, information, a, b) -> bool:
    """By definition: over every corner of the weights and of the intervals of all gains."""
    bonus = (bonus_of(problem, a[None]) - bonus_of(problem, b[None]))[0] @ problem.bonuses.T
    differs = np.flatnonzero(a != b)
    sign = np.where(a[differs], 1.0, -1.0)
    never_worse, once_better = True, False
    for weights in information.extremes / problem.scales:
        ends = np.stack([information.low, information.high])[:, :, differs]
        for corner in itertools.product((0, 1), repeat=len(differs)):
            gains = ends[list(corner), :, range(len(differs))]
            value = float((gains @ weights) @ sign + bonus @ weights)
            never_worse &= value >= -1e-9
            once_better |= value > 1e-9
    return never_worse and once_better


@pytest.mark.parametrize("seed", range(6))
def test_the_index_is_its_definition(random_problem, seed):
    problem = random_problem(seed + 20, 5)
    rng = np.random.default_rng(seed)
    wide = rng.uniform(0, 0.4, problem.gains.shape) * problem.scales[:, None]
    corners = rng.dirichlet(np.ones(len(problem.parties)), 3)
    information = Information(problem.gains - wide, problem.gains + wide, corners)
    made = acceptable_packages(problem)
    kept = {
        named(problem, b)
        for b in made
        if not any(dominates(problem, information, a, b) for a in made)
    }
    found = core_indices(problem, information)
    assert set(found.packages) == kept
    assert found.method == "enumerated"
    for one in found.indices:
        share = np.mean([one.measure in package for package in kept]) if kept else 0
        assert one.share == pytest.approx(share)
        assert (one.kind == "core") == (bool(kept) and share == 1)
        assert (one.kind == "exterior") == (share == 0)


def test_core_borderline_and_exterior_by_hand():
    gains = np.array([[5.0, 3, 0, -1, -1], [5.0, 0, 3, 0, 1]])
    rules = Rules(budgets=(Budget("b", (1.0,) * 5, 2.0),))
    problem = Problem(("both", "a", "b", "harm", "trade"), ("A", "B"), gains, rules=rules)
    found = core_indices(problem, everything_open(problem))
    shares = {one.measure: (one.share, one.kind) for one in found.indices}
    assert shares["both"] == (1.0, "core")
    assert shares["a"] == shares["b"] == (0.5, "borderline")
    assert shares["harm"] == (0.0, "exterior")


def test_with_everything_open_it_is_the_front(random_problem):
    for seed in (2, 3, 4):
        problem = random_problem(seed, 8, scenarios=False)
        found = core_indices(problem, everything_open(problem))
        front = {one.package for one in enumerated_front(problem)}
        assert front <= set(found.packages)


def test_more_information_never_adds_a_defensible_package():
    rng = np.random.default_rng(8)
    problem = Problem(tuple("abcdefghi"), ("x", "y", "z"), rng.normal(0.5, 2, (3, 9)))
    wide = everything_open(problem)
    corners = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]])
    narrow = replace(wide, extremes=corners)
    less = set(core_indices(problem, narrow).packages)
    assert less < set(core_indices(problem, wide).packages)


def test_the_sampled_index_is_part_of_the_exact_one():
    rng = np.random.default_rng(9)
    rules = Rules(budgets=(Budget("b", tuple(rng.uniform(1, 5, 9).tolist()), 14.0),))
    problem = Problem(tuple("abcdefghi"), ("x", "y"), rng.normal(0.5, 2, (2, 9)), rules=rules)
    information = Information(problem.gains - 0.2, problem.gains + 0.2, np.eye(2))
    exact = core_indices(problem, information)
    found = sampled_core_indices(problem, information, draws=60, rng=np.random.default_rng(0))
    again = sampled_core_indices(problem, information, draws=60, rng=np.random.default_rng(0))
    assert found == again
    assert found.method == "sampled"
    assert set(found.packages) <= set(exact.packages)
    assert len(found.packages) > 1
    core = {one.measure for one in exact.indices if one.kind == "core"}
    assert core <= {one.measure for one in found.indices if one.kind == "core"}


def test_what_does_not_fit_is_refused(plain, monkeypatch):
    fine = everything_open(plain)
    with pytest.raises(UsageError, match="do not fit"):
        core_indices(plain, replace(fine, low=fine.low[:2]))
    with pytest.raises(UsageError, match="ends below"):
        core_indices(plain, replace(fine, low=fine.high + 1))
    with pytest.raises(UsageError, match="weight is negative"):
        core_indices(plain, replace(fine, extremes=-fine.extremes))
    monkeypatch.setattr(core_index, "MOST_MEASURES", 3)
    with pytest.raises(UsageError, match="sample it"):
        core_indices(plain, fine)
    monkeypatch.undo()
    monkeypatch.setattr(core_index, "MOST_NON_DOMINATED", 0)
    with pytest.raises(UsageError, match="narrow"):
        core_indices(plain, fine)


def test_an_index_over_no_package_is_nought():
    problem = Problem(("m",), ("a",), np.array([[1.0]]), np.array([-2.0]))
    for found in (
        core_indices(problem, everything_open(problem)),
        sampled_core_indices(
            problem, everything_open(problem), draws=3, rng=np.random.default_rng(0)
        ),
    ):
        assert found.packages == ()
        assert [one.share for one in found.indices] == [0.0]
