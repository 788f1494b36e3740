"""The program of a problem of packages: a binary a measure, a real column a party's gain.

Gains are divided by each party's scale, so that its units change nothing. Every group of
constraints has a name and may be left out, which is how a conflict among them is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from detente.assessment.bargain.problem import (
    Bools,
    Floats,
    Problem,
    acceptable,
    gains_of,
    named,
)
from detente.assessment.bargain.program import INFINITY, Found, Limits, Program
from detente.assessment.bargain.results import Bargain, Solution
from detente.ground.errors import UsageError


@dataclass(frozen=True, eq=False)
class Model:
    """A program, and which columns hold the measures (m) and the scaled gains (P)."""

    problem: Problem
    program: Program
    measures: list[int]
    gains: list[int]

    def package(self, found: Found) -> Bools:
        """The package at a point, shape (m,), without measures that change nothing."""
        values = found.values[self.measures] > 0.5
        return _without_idle(self.problem, np.asarray(values, dtype=bool))

    def scaled(self, package: Bools) -> Floats:
        """The scaled gains of a package, from the problem itself, shape (P,)."""
        exact: Floats = gains_of(self.problem, package[None])[0] / self.problem.scales
        return exact


def build(problem: Problem, limits: Limits, *, without: frozenset[str] = frozenset()) -> Model:
    """The program of all acceptable packages, ``without`` some groups of constraints."""
    program = Program(limits)
    measures = program.columns(len(problem.measures), 0, 1, whole=True)
    held = [add_synergy(program, problem, one, measures) for one in range(len(problem.synergies))]
    gains = program.columns(len(problem.parties), -INFINITY, INFINITY)
    for party, row in enumerate(gain_terms(problem, problem.gains, measures, held)):
        start = problem.constants[party] / problem.scales[party]
        program.row({**row, gains[party]: -1.0}, -start, -start)
    model = Model(problem, program, measures, gains)
    add_rules(program, problem, measures, without=without)
    for party, name in enumerate(problem.parties):
        if f"gain of {name}" not in without:
            program.bound(gains[party], 0.0, INFINITY)
        if problem.scenarios is not None and f"scenarios of {name}" not in without:
            _chance(model, held, party)
    return model


def gain_terms(
    problem: Problem, gains: Floats, measures: list[int], held: list[int]
) -> Iterator[dict[int, float]]:
    """For each party, the coefficients of its scaled gain without its constant."""
    for party, scale in enumerate(problem.scales):
        terms = dict(zip(measures, (gains[party] / scale).tolist(), strict=True))
        bonus = (problem.bonuses[party] / scale).tolist()
        yield {**terms, **dict(zip(held, bonus, strict=True))}


def add_synergy(program: Program, problem: Problem, which: int, measures: list[int]) -> int:
    """A column that is 1 where all clauses of a synergy, told by its place, hold, else 0.

    Linearised as z <= sum of each clause where a party gains by it, and z >= 1 + sum over clauses
    of (clause - 1) where a party loses by it, be it in a sample: nothing in the program rewards a
    lower gain, so the other half is never needed.
    """
    (column,) = program.columns(1, 0, 1)
    place, one = problem.place, problem.synergies[which]
    clauses = [[measures[place[name]] for name in clause] for clause in one.clauses]
    bonuses = [*one.bonus, *problem.drawn_bonuses[:, :, which].ravel().tolist()]
    if max(bonuses) > 0:
        for clause in clauses:
            program.row({column: 1.0, **dict.fromkeys(clause, -1.0)}, -INFINITY, 0)
    if min(bonuses) < 0:
        together: dict[int, float] = {column: -1.0}
        for clause in clauses:
            for part in _clause(program, problem, clause, measures):
                together[part] = together.get(part, 0.0) + 1.0
        program.row(together, -INFINITY, len(clauses) - 1)
    return column


def _clause(
    program: Program, problem: Problem, clause: list[int], measures: list[int]
) -> list[int]:
    """Columns whose sum is 1 where a clause holds: its own, unless two of them may be in."""
    place = problem.place
    values = [{measures[place[name]] for name in choice} for choice in problem.rules.choices]
    if len(clause) == 1 or any(set(clause) <= choice for choice in values):
        return clause
    (any_of,) = program.columns(1, 0, 1)
    for column in clause:
        program.row({any_of: 1.0, column: -1.0}, 0, INFINITY)
    return [any_of]


def groups(problem: Problem) -> tuple[str, ...]:
    """The names of the groups of constraints that may be in conflict. Choices always hold."""
    rules = problem.rules
    found = [f"budget {one.name}" for one in rules.budgets]
    found += [f"count {one.name}" for one in rules.counts]
    found += ["needs"] * bool(rules.needs) + ["exclusions"] * bool(rules.excludes)
    found += [f"red lines of {party}" for party in dict(rules.red_lines)]
    found += ["required"] * bool(rules.required)
    found += [f"gain of {party}" for party in problem.parties]
    if problem.scenarios is not None:
        found += [f"scenarios of {party}" for party in problem.parties]
    return tuple(found)


def add_rules(
    program: Program, problem: Problem, measures: list[int], *, without: frozenset[str]
) -> None:
    """The rows of the rules of a package, over its columns ``measures``."""
    rules = problem.rules
    at = {name: measures[place] for name, place in problem.place.items()}
    for budget in (one for one in rules.budgets if f"budget {one.name}" not in without):
        scale = max([*map(abs, budget.costs), abs(budget.limit)]) or 1.0
        costs = [cost / scale for cost in budget.costs]
        row = dict(zip(measures, costs, strict=True))
        program.row(row, -INFINITY, budget.limit / scale)
    for measure, needed in rules.needs if "needs" not in without else ():
        if measure != needed:
            program.row({at[measure]: 1.0, at[needed]: -1.0}, -INFINITY, 0)
    for a, b in rules.excludes if "exclusions" not in without else ():
        program.row({at[a]: 1.0, at[b]: 1.0} if a != b else {at[a]: 1.0}, 0, int(a != b))
    for party, measure in rules.red_lines:
        if f"red lines of {party}" not in without:
            program.row({at[measure]: 1.0}, 0, 0)
    for measure in rules.required if "required" not in without else ():
        program.row({at[measure]: 1.0}, 1, 1)
    for choice in rules.choices:
        program.row({at[name]: 1.0 for name in choice}, 1, 1)
    for count in (one for one in rules.counts if f"count {one.name}" not in without):
        program.row({at[name]: 1.0 for name in count.measures}, count.least, count.most)


def _chance(model: Model, held: list[int], party: int) -> None:
    """A binary for each sample in which the party may lose, and at most so many of them 1.

    fixed + drawn . x >= -M v with M the most that the party can lose in the sample.
    """
    problem, program = model.problem, model.program
    assert problem.scenarios is not None
    scale, start = problem.scales[party], problem.constants[party] / problem.scales[party]
    gains, bonuses = problem.scenarios.gains[:, party], problem.drawn_bonuses[:, party]
    losing = []
    for drawn, bonus in zip(gains / scale, bonuses / scale, strict=True):
        worst = start + np.minimum(drawn, 0).sum() + np.minimum(bonus, 0).sum()
        if worst < 0:
            (loses,) = program.columns(1, 0, 1, whole=True)
            row = dict(zip(model.measures, drawn.tolist(), strict=True))
            row.update(zip(held, bonus.tolist(), strict=True))
            program.row({**row, loses: -float(worst)}, -start, INFINITY)
            losing.append(loses)
    most = len(problem.scenarios.gains) - problem.scenarios.least
    program.row(dict.fromkeys(losing, 1.0), 0, most)


def _without_idle(problem: Problem, package: Bools) -> Bools:
    """The package without measures that bring nobody anything and that nothing needs."""
    moves = (problem.gains != 0).any(axis=0)
    if problem.scenarios is not None:
        moves |= (problem.scenarios.gains != 0).any(axis=(0, 1))
    for synergy in problem.synergies:
        moves[[problem.place[name] for clause in synergy.clauses for name in clause]] = True
    for index in np.flatnonzero(package & ~moves)[::-1]:
        less = package.copy()
        less[index] = False
        if acceptable(problem, less[None])[0]:
            package = less
    return package


def conflict(problem: Problem, limits: Limits) -> tuple[str, ...]:
    """The groups of constraints that cannot hold together; any one left out, the rest can.

    Empty where the problem has an acceptable package, and ``("choices",)`` where not even the
    choices can be made.
    """

    def feasible(without: frozenset[str]) -> bool:
        return build(problem, limits, without=without).program.maximise({}) is not None

    return least_conflict(groups(problem), feasible)


def least_conflict(
    named_groups: tuple[str, ...], feasible: Callable[[frozenset[str]], bool]
) -> tuple[str, ...]:
    """A smallest set of groups that cannot hold together, by a deletion filter.

    A group stays out where what is left is infeasible without it (Chinneck and Dravnieks 1991,
    there for single rows); the last ones are tried first, so that rules are told before gains.
    ``feasible`` tells whether all groups but some can hold.
    """
    if feasible(frozenset()):
        return ()
    out: set[str] = set()
    for group in reversed(named_groups):
        if not feasible(frozenset(out | {group})):
            out.add(group)
    return tuple(group for group in named_groups if group not in out) or ("choices",)


def infeasible(
    problem: Problem, limits: Limits, solution: Solution, *, comparable: bool = False
) -> Bargain:
    """The result where no package is acceptable, with the reason."""
    reason = conflict(problem, limits)
    return Bargain(solution, "infeasible", conflict=reason, comparable=comparable)


def finish(
    problem: Problem,
    package: Bools,
    proven: tuple[float, float],
    *,
    limits: Limits,
    solution: Solution,
    unit: float = 1.0,
    left_out: tuple[str, ...] = (),
    comparable: bool = False,
) -> Bargain:
    """The result for a package, checked against the problem itself.

    ``proven`` are the objective and its proven upper bound; ``unit`` is how much of the objective
    counts as 1 beside the gap that was asked for.

    Raises
    ------
    UsageError
        Where the package found keeps the rules in the solver's tolerances only.

    """
    objective, bound = proven
    if not acceptable(problem, package[None])[0]:
        raise UsageError("The numbers are too far apart to be solved; state them in larger units.")
    gap = max(bound - objective, 0.0)
    gains = gains_of(problem, package[None])[0].tolist()
    return Bargain(
        solution,
        "optimal" if gap <= limits.gap * unit else "gap-left",
        package=named(problem, package),
        gains=tuple(zip(problem.parties, gains, strict=True)),
        objective=objective,
        gap=gap,
        left_out=left_out,
        comparable=comparable,
    )
