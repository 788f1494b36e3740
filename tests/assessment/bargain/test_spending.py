"""What is spent of budgets, and which of them bind, against counting all packages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.assessment.bargain.changed import without_synergy
from detente.assessment.bargain.enumeration import acceptable_packages
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import Budget, Problem, Rules, Scenarios, Synergy, gains_of
from detente.assessment.bargain.solutions import utilitarian
from detente.assessment.bargain.spending import spending


def most(problem: Problem) -> float:
    """The largest weighted sum of all acceptable packages, one by one."""
    return float((gains_of(problem, acceptable_packages(problem)) @ problem.weights).max())


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_a_budget_binds_where_counting_finds_more_without_it(random_problem, start):
    bound = []
    for seed in range(start, start + 20):
        problem = random_problem(seed, 8)
        found = utilitarian(problem)
        if found.status == "infeasible":
            continue
        uses = spending(problem, found, rule=utilitarian)
        assert [one.budget for one in uses] == [one.name for one in problem.rules.budgets]
        for one, budget in zip(uses, problem.rules.budgets, strict=True):
            others = tuple(other for other in problem.rules.budgets if other is not budget)
            free = replace(problem, rules=replace(problem.rules, budgets=others))
            more = most(free) - found.objective
            assert one.binds == (more > 1e-6 * problem.scales.max())
            assert one.spent <= one.limit + 1e-9
            assert one.spent == pytest.approx(sum(cost for _, cost in one.costs))
            bound.append(one.binds)
    assert {*bound} == {True, False}


def test_a_budget_may_bind_before_its_last_unit_is_spent():
    problem = Problem(
        measures=("a", "b"),
        parties=("x", "y"),
        gains=np.array([[2.0, 3.0], [2.0, 3.0]]),
        rules=Rules(budgets=(Budget("money", (4, 5), 8), Budget("people", (1, 1), 2))),
    )
    money, people = spending(problem, nash(problem))
    assert (money.spent, money.binds, money.without) == (5, True, ("a", "b"))
    assert (people.spent, people.binds, people.without) == (1, False, ("b",))


def test_a_problem_without_one_synergy_lacks_it_in_its_samples_too():
    pair = (("a",), ("b",))
    problem = Problem(
        measures=("a", "b"),
        parties=("x",),
        gains=np.ones((1, 2)),
        synergies=(Synergy(pair, (1.0,)), Synergy(pair, (2.0,))),
        scenarios=Scenarios(np.ones((3, 1, 2)), 0.1, np.arange(6.0).reshape(3, 1, 2)),
    )
    left = without_synergy(problem, 0)
    assert left.bonuses.tolist() == [[2.0]]
    assert left.drawn_bonuses.ravel().tolist() == [1, 3, 5]
    assert left.drawn_bonuses.shape == (3, 1, 1)
