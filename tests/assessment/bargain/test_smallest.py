"""Measures that add nothing beside the others leave a package, against counting all its parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import (
    Count,
    Problem,
    Rules,
    Scenarios,
    Synergy,
    acceptable,
    chosen,
    gains_of,
)
from detente.assessment.bargain.program import LIMITS
from detente.assessment.bargain.smallest import smallest_part
from detente.assessment.bargain.solutions import (
    best_for,
    kalai_smorodinsky,
    leximin,
    utilitarian,
)


def parts(problem: Problem, package: np.ndarray) -> np.ndarray:
    """All parts of a package that keep the rules and leave no party with less, one by one."""
    held = np.flatnonzero(package)
    bits = (np.arange(2 ** len(held))[:, None] >> np.arange(len(held))) & 1
    made = np.zeros((len(bits), len(package)), dtype=bool)
    made[:, held] = bits.astype(bool)
    gains, own = gains_of(problem, made), gains_of(problem, package[None])
    same = (gains >= own - 1e-7 * problem.scales).all(axis=1)
    return made[same & acceptable(problem, made)]


def coarse(problem: Problem, seed: int) -> Problem:
    """The problem with gains of few sizes, so that much cancels."""
    rng = np.random.default_rng((seed, 2))
    gains = rng.integers(-2, 3, problem.gains.shape).astype(float)
    synergies = tuple(
        Synergy(one.clauses, tuple(rng.integers(-2, 3, len(one.bonus)).astype(float).tolist()))
        for one in problem.synergies
    )
    drawn = problem.scenarios
    if drawn is not None:
        noise = rng.integers(-1, 2, drawn.gains.shape)
        drawn = Scenarios(gains + noise, drawn.alpha)
    zeros = np.zeros(len(gains))
    return replace(problem, gains=gains, constants=zeros, synergies=synergies, scenarios=drawn)


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_no_package_of_any_rule_has_a_smaller_part_that_does_as_much(random_problem, start):
    found = []
    for seed in range(start, start + 20):
        problem = coarse(random_problem(seed), seed)
        rules = [nash, utilitarian, kalai_smorodinsky, leximin]
        bargains = [rule(problem) for rule in rules] + [best_for(problem, problem.parties[0])]
        for one in bargains:
            if one.status != "infeasible":
                package = chosen(problem, one.package)
                assert parts(problem, package).sum(axis=1).min() == package.sum()
                found.append(package.sum())
    assert max(found) > 2


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_the_smallest_part_is_that_of_counting(random_problem, start):
    shrunk = 0
    for seed in range(start, start + 50):
        problem = coarse(random_problem(seed), seed)
        rng = np.random.default_rng((seed, 3))
        made = rng.random((200, len(problem.measures))) < 0.7
        for package in made[acceptable(problem, made)][:3]:
            part = smallest_part(problem, package, LIMITS)
            counted = parts(problem, package)
            assert part.sum() == counted.sum(axis=1).min()
            assert (part == counted).all(axis=1).any()
            shrunk += part.sum() < package.sum()
    assert shrunk


def doubles() -> Problem:
    """Two pairs that do the same work, of which the weaker brings nothing beside the stronger."""
    gains = np.array([[3.0, 3, 2, 4, 1, -1], [2.0, 2, 4, 5, -1, 1]])
    pairs = ((0, 1), (2, 3))
    return Problem(
        measures=("a", "b", "c", "d", "there", "back"),
        parties=("north", "south"),
        gains=gains,
        synergies=tuple(
            Synergy(
                ((f"{'abcd'[i]}",), (f"{'abcd'[j]}",)),
                tuple((-np.minimum(*gains[:, [i, j]].T)).tolist()),
            )
            for i, j in pairs
        ),
    )


def test_what_adds_nothing_beside_another_and_what_cancels_only_together_leaves():
    problem = doubles()
    everything = np.ones(6, dtype=bool)
    part = smallest_part(problem, everything, LIMITS)
    assert part.sum() == 2  # one of a and b, and d; neither `there` nor `back` could go alone
    assert part[3]
    assert not part[4:].any()
    assert gains_of(problem, part[None]).tolist() == gains_of(problem, everything[None]).tolist()
    assert len(nash(problem).package) == 2


@pytest.mark.parametrize(
    ("rules", "held"),
    [
        (Rules(required=("there",)), {"there", "back"}),
        (Rules(needs=(("d", "c"),)), {"c", "d"}),
        (Rules(counts=(Count("both", ("a", "b"), 2, 2),)), {"a", "b"}),
    ],
)
def test_what_a_rule_asks_for_stays_and_costs_nobody_anything(rules, held):
    problem = replace(doubles(), rules=rules)
    found = nash(problem)
    assert held <= set(found.package)
    assert dict(found.gains) == pytest.approx({"north": 7.0, "south": 7.0})
    package = chosen(problem, found.package)
    assert parts(problem, package).sum(axis=1).min() == package.sum()


def test_what_guards_a_side_in_the_samples_stays():
    """Beside `a` the guard adds nothing on average, and without it `a` loses too often."""
    gains = np.array([[2.0, 0.0]])
    drawn = np.array([[[9.0, 0.0]], [[-1.0, 2.0]], [[-1.0, 2.0]], [[1.0, -4.0]]])
    problem = Problem(("a", "guard"), ("x",), gains, scenarios=Scenarios(drawn, 0.25))
    assert nash(problem).package == ("a", "guard")
    assert nash(replace(problem, scenarios=None)).package == ("a",)
