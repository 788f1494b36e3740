"""The packages that each rule chooses from a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.assessment.bargain.core_index import (
    MOST_MEASURES,
    core_indices,
    sampled_core_indices,
)
from detente.assessment.bargain.enumeration import count
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import Problem
from detente.assessment.bargain.results import Bargain, BudgetUse, CoreIndices
from detente.assessment.bargain.solutions import (
    at_side_weights,
    best_for,
    kalai_smorodinsky,
    leximin,
    utilitarian,
)
from detente.assessment.bargain.spending import spending
from detente.assessment.results import GroupUse, JointGain
from detente.cli.files import waiting
from detente.cli.options.problems import Choice
from detente.cli.words import _

MOST_COUNTED = 2**18  # packages, of which the core index is counted in seconds

RULES: Mapping[str, Callable[[Problem], Bargain]] = {
    "nash": nash,
    "leximin": leximin,
    "kalai-smorodinsky": kalai_smorodinsky,
    "utilitarian": utilitarian,
}


@dataclass(frozen=True, eq=False)
class Chosen:
    """A package by each rule, by party the best for it, and by side and weight that of Nash.

    Of that of Nash also what it spends, gains together, and holds of groups. All but ``rules`` is
    empty where no package is acceptable.
    """

    choice: Choice
    rules: tuple[Bargain, ...]
    best: tuple[tuple[str, Bargain], ...] = ()
    at_weights: tuple[tuple[str, float, Bargain], ...] = ()
    core: CoreIndices | None = None
    budgets: tuple[BudgetUse, ...] = ()
    joint_gains: tuple[JointGain, ...] = ()
    groups: tuple[GroupUse, ...] = ()

    @property
    def nash(self) -> Bargain:
        """The package with the largest product of gains."""
        return self.rules[0]

    @classmethod
    def of(cls, choice: Choice, *, draws: int, seed: int) -> Chosen:
        """Choose by all rules."""
        problem = choice.problem
        with waiting(_("choosing packages")):
            first = nash(problem)
            if first.status == "infeasible":
                return cls(choice, (first,))
            others = [rule(problem) for name, rule in RULES.items() if name != "nash"]
            best = [(party, best_for(problem, party)) for party in problem.parties]
        with waiting(_("trying other weights")):
            at_weights = [
                (side, weight, one)
                for side in _sides(problem)
                for weight, one in at_side_weights(problem, side)
            ]
        with waiting(_("comparing all packages")):
            core = _core(choice, draws, np.random.default_rng(seed))
        with waiting(_("trying other limits")):
            budgets = spending(problem, first)
            joint, groups = _of_case(choice, first)
        return cls(
            choice,
            (first, *others),
            best=tuple(best),
            at_weights=tuple(at_weights),
            core=core,
            budgets=budgets,
            joint_gains=joint,
            groups=groups,
        )

    def told(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            **self.choice.told(),
            "status": self.nash.status,
            "conflict": self.nash.conflict,
            "packages": self.rules,
            "best_for": [{"party": party, "package": one} for party, one in self.best],
            "at_side_weights": [
                {"side": side, "weight": weight, "package": one}
                for side, weight, one in self.at_weights
            ],
            "core": self.core,
            "budgets": self.budgets,
            "joint_gains": self.joint_gains,
            "groups": self.groups,
        }


def _of_case(choice: Choice, found: Bargain) -> tuple[tuple[JointGain, ...], tuple[GroupUse, ...]]:
    """What a package gains together and holds of groups; nothing of files, which state neither."""
    if choice.names is None:
        return (), ()
    from detente.assessment.terms import groups, joint_gains

    problem = choice.problem
    return joint_gains(choice.names.case, problem, found), groups(problem, found)


def _sides(problem: Problem) -> tuple[str, ...]:
    """The sides whose weight is varied: of two the first, as the other has the rest."""
    sides = tuple(dict.fromkeys(problem.own_sides))
    return {1: (), 2: sides[:1]}.get(len(sides), sides)


def _core(choice: Choice, draws: int, rng: np.random.Generator) -> CoreIndices:
    problem = choice.problem
    free = len(problem.measures) - sum(len(one) for one in problem.rules.choices)
    if free <= MOST_MEASURES and count(problem) <= MOST_COUNTED:
        return core_indices(problem, choice.information)
    return sampled_core_indices(problem, choice.information, draws=draws, rng=rng)
