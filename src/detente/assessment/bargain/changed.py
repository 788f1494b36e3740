"""Problems that differ from one in a few gains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from detente.assessment.bargain.problem import Problem, Rules, Synergy
from detente.ground.errors import UsageError


def with_gains(problem: Problem, changes: Iterable[tuple[str, str, float]]) -> Problem:
    """The problem with some stated gains, as (party, measure, gain), replaced.

    Raises
    ------
    UsageError
        Where a party or measure is unknown.

    """
    gains = problem.gains.copy()
    for party, measure, gain in changes:
        gains[_place(problem, party), _measure(problem, measure)] = gain
    return replace(problem, gains=gains)


def with_views(problem: Problem, party: str, by: str) -> Problem:
    """The problem in which one party gains what another says that it gains itself.

    Gains, constant and bonuses are replaced; the party's weight, its red lines and its scenarios
    are its own.
    """
    to, of = _place(problem, party), _place(problem, by)
    gains, constants = problem.gains.copy(), problem.constants.copy()
    gains[to], constants[to] = gains[of], constants[of]
    synergies = []
    for one in problem.synergies:
        bonus = list(one.bonus)
        bonus[to] = bonus[of]
        synergies.append(Synergy(one.clauses, tuple(bonus)))
    return replace(problem, gains=gains, constants=constants, synergies=tuple(synergies))


def without_synergy(problem: Problem, which: int) -> Problem:
    """The problem without one synergy, told by its place, in its samples too."""
    left = [place for place in range(len(problem.synergies)) if place != which]
    drawn = problem.scenarios
    if drawn is not None and drawn.bonuses is not None:
        drawn = replace(drawn, bonuses=drawn.bonuses[:, :, left])
    kept = tuple(problem.synergies[place] for place in left)
    return replace(problem, synergies=kept, scenarios=drawn)


def only(problem: Problem, package: Iterable[str]) -> Problem:
    """The problem with just the measures of a package, all of them required.

    For `sequence`: to put a package in order. Needs of measures outside it are taken as met;
    synergies that rest on one outside it are gone, as are scenarios, under which it was chosen, and
    counts, which hold of the whole.

    Raises
    ------
    UsageError
        Where a measure is unknown.

    """
    wanted = frozenset(package)
    kept = [_measure(problem, name) for name in problem.measures if name in wanted]
    if unknown := sorted(wanted - set(problem.measures)):
        raise UsageError(f"Unknown measures: {', '.join(unknown)}.")
    names = tuple(problem.measures[index] for index in kept)
    return replace(
        problem,
        measures=names,
        gains=problem.gains[:, kept],
        synergies=tuple(_within(problem, wanted)),
        rules=_rules(problem.rules, names, kept),
        scenarios=None,
    )


def _rules(rules: Rules, names: tuple[str, ...], kept: list[int]) -> Rules:
    inside = set(names)
    costs = ((one, tuple(one.costs[index] for index in kept)) for one in rules.budgets)
    return Rules(
        budgets=tuple(replace(one, costs=spent) for one, spent in costs),
        needs=tuple(pair for pair in rules.needs if set(pair) <= inside),
        excludes=tuple(pair for pair in rules.excludes if set(pair) <= inside),
        red_lines=tuple(pair for pair in rules.red_lines if pair[1] in inside),
        required=names,
    )


def _within(problem: Problem, wanted: frozenset[str]) -> Iterable[Synergy]:
    for one in problem.synergies:
        clauses = [tuple(name for name in clause if name in wanted) for clause in one.clauses]
        if all(clauses):
            yield Synergy(tuple(clauses), one.bonus)


def _place(problem: Problem, party: str) -> int:
    if party not in problem.parties:
        raise UsageError(f"Unknown party {party}; known are {', '.join(problem.parties)}.")
    return problem.parties.index(party)


def _measure(problem: Problem, measure: str) -> int:
    if measure not in problem.measures:
        raise UsageError(f"Unknown measure {measure}.")
    return problem.measures.index(measure)
