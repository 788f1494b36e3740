"""What the recommended package makes of joint gains and groups, and which of them turn it."""

from __future__ import annotations

from detente.assessment.bargain.changed import without_synergy
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import Problem, bonus_of, chosen
from detente.assessment.bargain.results import Bargain
from detente.assessment.results import GroupUse, JointGain
from detente.assessment.states import measure_states
from detente.assessment.together import Joint, joints
from detente.case.case import Case


def joint_gains(case: Case, problem: Problem, found: Bargain) -> tuple[JointGain, ...]:
    """Every joint gain that can be had, whether the package ``found`` has it, and turns on it.

    ``problem`` is that of `choice_problem.problem_of`, whose last synergies these are.
    """
    joint = joints(case, problem.measures, measure_states(case))
    first = len(problem.synergies) - len(joint)
    held = bonus_of(problem, chosen(problem, found.package)[None])[0] > 0
    return tuple(
        _joint_gain(case, problem, found, (one, first + place), held=bool(held[first + place]))
        for place, one in enumerate(joint)
    )


def _joint_gain(
    case: Case, problem: Problem, found: Bargain, which: tuple[Joint, int], *, held: bool
) -> JointGain:
    joint, place = which
    without = nash(without_synergy(problem, place)).package
    stated = case.packages_file.synergies[joint.place]
    gains = zip(problem.parties, problem.synergies[place].bonus, joint.gains, strict=True)
    return JointGain(
        measures=stated.measures,
        gains=tuple((party, mean) for party, mean, told in gains if told is not None),
        why=stated.why,
        held=held,
        matters=without != found.package,
        without=without,
    )


def groups(problem: Problem, found: Bargain) -> tuple[GroupUse, ...]:
    """How many measures of each group the package ``found`` must hold, and which it does."""
    return tuple(
        GroupUse(
            count.name,
            count.least,
            count.most,
            tuple(name for name in found.package if name in count.measures),
        )
        for count in problem.rules.counts
    )
