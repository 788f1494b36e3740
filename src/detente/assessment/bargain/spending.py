"""What a package spends of each budget, and what it would be without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import TOLERANCE, Budget, Problem
from detente.assessment.bargain.results import Bargain, BudgetUse


def spending(
    problem: Problem, found: Bargain, *, rule: Callable[[Problem], Bargain] = nash
) -> tuple[BudgetUse, ...]:
    """The use of each budget by the package ``found`` of a ``rule``.

    A budget binds where the rule does better, with another package, once this budget alone is left
    out. That can be so of a budget that is not spent to its last unit, where what would come next
    costs too much.
    """
    return tuple(_use(problem, one, found, rule) for one in problem.rules.budgets)


def _use(
    problem: Problem, budget: Budget, found: Bargain, rule: Callable[[Problem], Bargain]
) -> BudgetUse:
    cost = dict(zip(problem.measures, budget.costs, strict=True))
    others = tuple(one for one in problem.rules.budgets if one is not budget)
    without = rule(replace(problem, rules=replace(problem.rules, budgets=others)))
    binds = _better(without, found)
    return BudgetUse(
        budget=budget.name,
        limit=budget.limit,
        spent=sum(cost[name] for name in found.package),
        costs=tuple((name, cost[name]) for name in found.package if cost[name]),
        binds=binds,
        without=without.package if binds else found.package,
    )


def _better(without: Bargain, found: Bargain) -> bool:
    """Whether one package does more than another: of equals either may be found."""
    if without.objective is None or found.objective is None:
        return without.objective is not None
    if set(without.left_out) != set(found.left_out):
        return True
    return without.objective > found.objective + TOLERANCE + (found.gap or 0.0)
