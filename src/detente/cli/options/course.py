"""A package put in order, or chosen together with its order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from detente.assessment.bargain.changed import only
from detente.assessment.bargain.problem import Problem
from detente.assessment.bargain.program import INFINITY
from detente.assessment.bargain.results import Bargain, Sequence
from detente.assessment.bargain.sequence import Course, sequence
from detente.cli.files import waiting
from detente.cli.options.chosen import RULES
from detente.cli.options.problems import Choice
from detente.cli.words import _
from detente.ground.errors import UsageError


@dataclass(frozen=True)
class Wanted:
    """How the path may run; ``slack`` in shares of each party's scale."""

    rule: str
    steps: int
    most_a_step: int | None
    discount: float
    balance: float | None
    slack: float
    same_step: bool


@dataclass(frozen=True, eq=False)
class Found:
    """The path of a package; where none is acceptable its conflict stands in the path."""

    choice: Choice
    package: Bargain | None
    path: Sequence

    @classmethod
    def of(cls, choice: Choice, wanted: Wanted) -> Found:
        """Choose a package and put it in order."""
        if wanted.balance is not None and not choice.marks.received.size:
            raise UsageError(
                _("--balance needs what two sides receive: rules `received`, or a case of two.")
            )
        if wanted.rule == "free":
            problem = replace(choice.problem, scenarios=None)
            return cls(choice, None, _ordered(choice, problem, wanted))
        with waiting(_("choosing packages")):
            package = RULES[wanted.rule](choice.problem)
        if package.status == "infeasible":
            return cls(choice, package, Sequence("infeasible", conflict=package.conflict))
        if not package.package:
            return cls(choice, package, Sequence("optimal"))
        return cls(choice, package, _ordered(choice, only(choice.problem, package.package), wanted))

    @property
    def has_balance(self) -> bool:
        """Whether it is known what two sides receive."""
        return bool(self.choice.marks.received.size)

    def told(self) -> dict[str, Any]:
        """The same for JSON."""
        return {**self.choice.told(), "package": self.package, "path": self.path}


def _ordered(choice: Choice, problem: Problem, wanted: Wanted) -> Sequence:
    """The best path of the measures of ``problem``, which are some of the choice."""
    marks = choice.marks
    columns = [choice.problem.place[name] for name in problem.measures]
    within = set(problem.measures)
    most = math.ceil(len(problem.measures) / wanted.steps)
    course = Course(
        steps=wanted.steps,
        most_a_step=wanted.most_a_step or most,
        discount=wanted.discount,
        prerequisites="same" if wanted.same_step else "earlier",
        received=marks.received[:, columns] if marks.received.size else marks.received,
        balance=(INFINITY if wanted.balance is None else wanted.balance,),
        slack=wanted.slack * problem.scales,
        windows=tuple(one for one in marks.windows if one[0] in within),
        verifiable=marks.verifiable[columns] if marks.verifiable.size else marks.verifiable,
        unilateral=tuple(name for name in marks.unilateral if name in within),
        revocable=tuple(name for name in marks.revocable if name in within),
    )
    with waiting(_("putting in order")):
        return sequence(problem, course)
