"""What could be agreed as a whole: packages by several rules, and what turns them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from detente.assessment.bargain.changed import only
from detente.assessment.bargain.core_index import (
    core_indices,
    everything_open,
    sampled_core_indices,
)
from detente.assessment.bargain.manipulation import smallest_misreports
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.pivot import pivots, value_of_agreement
from detente.assessment.bargain.problem import Floats, Problem
from detente.assessment.bargain.results import Bargain, CoreIndices, Misreport
from detente.assessment.bargain.results import Sequence as PackagePath
from detente.assessment.bargain.sequence import Course, sequence
from detente.assessment.bargain.solutions import (
    at_side_weights,
    best_for,
    kalai_smorodinsky,
    leximin,
)
from detente.assessment.bargain.spending import spending
from detente.assessment.results import (
    Bargaining,
    LedgerEntry,
    SideBargain,
)
from detente.assessment.terms import groups, joint_gains
from detente.case.case import Case
from detente.case.model import Measure
from detente.ground.chance import stream

STEPS = 4
MOST_A_STEP = 3
BALANCE = 10.0  # of what each side has received, in points of its own ratings
MOST_ENUMERATED = 14
DRAWS = 60
PRECISION = 5e-3  # of a side's largest number: about half a point of what people state
PROOF = ("none", "declared", "observed", "inspected")
WEIGHTS = (1 / 3, 1 / 2, 2 / 3)


def bargaining(
    case: Case, problem: Problem | None, entries: Sequence[LedgerEntry]
) -> Bargaining | None:
    """The packages of a case by every rule; None where nobody was asked what it gains.

    Parameters
    ----------
    case
        The case.
    problem
        Of `choice_problem.problem_of`.
    entries
        The ledger, for what each side receives on the way.

    """
    if problem is None:
        return None
    recommended = nash(problem)
    certain = replace(problem, scenarios=None)
    rules = (
        recommended,
        leximin(problem, units="ideals"),
        kalai_smorodinsky(problem),
        *(best_for(problem, party) for party in problem.parties),
    )
    if recommended.status == "infeasible":
        return _none(problem, rules)
    # Without samples it is much faster; they bind only where they change the package.
    base = certain if nash(certain).package == recommended.package else problem
    chosen = bool(recommended.package)
    return Bargaining(
        measures=problem.measures,
        parties=problem.parties,
        red_lines=problem.rules.red_lines,
        packages=rules,
        by_side_weight=_by_side_weight(problem),
        core=_core(case, certain),
        path=_path(case, certain, recommended.package, entries) if chosen else None,
        misreports=_misreports(case, base, recommended.package) if chosen else (),
        pivots=pivots(base) if chosen else (),
        settlements=value_of_agreement(base) if chosen else (),
        budgets=spending(problem, recommended),
        joint_gains=joint_gains(case, problem, recommended),
        groups=groups(problem, recommended),
    )


def _none(problem: Problem, rules: tuple[Bargain, ...]) -> Bargaining:
    """Where no package is acceptable, each rule tells what stands against each other."""
    return Bargaining(
        measures=problem.measures,
        parties=problem.parties,
        red_lines=problem.rules.red_lines,
        packages=rules,
        by_side_weight=(),
        core=CoreIndices((), (), "enumerated"),
        path=None,
        misreports=(),
        pivots=(),
        settlements=(),
    )


def _by_side_weight(problem: Problem) -> tuple[SideBargain, ...]:
    sides = tuple(dict.fromkeys(problem.own_sides))
    if len(sides) != 2:
        return ()
    found = at_side_weights(problem, sides[0], WEIGHTS)
    return tuple(SideBargain(sides[0], weight, one) for weight, one in found)


def _core(case: Case, problem: Problem) -> CoreIndices:
    information = everything_open(problem)
    if len(problem.measures) <= MOST_ENUMERATED:
        return core_indices(problem, information)
    rng = stream(case.about.seed, "core index")
    return sampled_core_indices(problem, information, draws=DRAWS, rng=rng)


def _misreports(case: Case, problem: Problem, package: tuple[str, ...]) -> tuple[Misreport, ...]:
    """By each party; what does the same work as a chosen measure, and adds nothing, is left out."""
    asked = _without_doubles(case, problem, package)
    found = (smallest_misreports(asked, party, precision=PRECISION) for party in problem.parties)
    return tuple(one for one in found if one is not None)


def _without_doubles(case: Case, problem: Problem, package: tuple[str, ...]) -> Problem:
    pairs = [{one.id, other} for one in case.measures for other in one.saturates_with]
    beside = {name for pair in pairs if pair & {*package} for name in pair - {*package}}
    doubles = beside & {*problem.measures}
    forbidden = tuple((problem.parties[0], name) for name in sorted(doubles))
    rules = replace(problem.rules, red_lines=(*problem.rules.red_lines, *forbidden))
    return replace(problem, rules=rules)


def _path(
    case: Case, problem: Problem, package: tuple[str, ...], entries: Sequence[LedgerEntry]
) -> PackagePath:
    """The recommended package in steps: verifiable and parallel unilateral measures first."""
    chosen = only(problem, package)
    measures = [next(m for m in case.measures if m.id == name) for name in chosen.measures]
    course = Course(
        steps=max(1, min(STEPS, -(-len(package) // MOST_A_STEP) + 1)),
        most_a_step=MOST_A_STEP,
        prerequisites="earlier",
        received=_received(case, chosen, entries),
        balance=(BALANCE,),
        verifiable=np.array([PROOF.index(m.verifiability) / (len(PROOF) - 1) for m in measures]),
        unilateral=tuple(m.id for m in measures if m.unilateral),
        revocable=tuple(m.id for m in measures if _revocable(m)),
    )
    return sequence(chosen, course)


def _revocable(measure: Measure) -> bool:
    """Whether the case says what follows where one of them stops."""
    return measure.step is not None


def _received(case: Case, problem: Problem, entries: Sequence[LedgerEntry]) -> Floats:
    """What the two sides receive by each measure, as each rates it; zeros where not told."""
    sides = [side.id for side in case.about.sides][:2]
    said = {(e.receiver, e.measure): e.said.mid for e in entries if e.said is not None}
    return np.array(
        [[said.get((side, measure), 0.0) for measure in problem.measures] for side in sides]
    )
