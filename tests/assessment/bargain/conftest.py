"""Random problems of packages, with everything that can be in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from detente.assessment.bargain.problem import Budget, Count, Problem, Rules, Scenarios, Synergy

Make = Callable[..., Problem]


def _problem(seed: int, most: int = 10, *, scenarios: bool = True) -> Problem:
    rng = np.random.default_rng(seed)
    m, parties = int(rng.integers(1, most + 1)), int(rng.integers(1, 6))
    names = tuple(f"m{i}" for i in range(m))
    gains = rng.normal(rng.choice([-0.5, 0.5, 1.5]), 2, (parties, m)) * rng.choice([0.01, 1, 500])
    if rng.random() < 0.25:
        gains = np.round(gains)
    if rng.random() < 0.15:
        gains[int(rng.integers(parties))] = 0
    size = np.abs(gains).mean() + 0.1
    constants = rng.normal(0, size, parties) * (rng.random() < 0.15)
    split = m // 2 if rng.random() < 0.3 else 0
    choices = tuple(part for part in (names[: split // 2], names[split // 2 : split]) if part)
    synergies = tuple(_synergy(rng, names, parties, size) for _ in range(rng.integers(3)))
    drawn = None
    if scenarios and rng.random() < 0.25:
        noise = rng.normal(0, size * 0.7, (12, parties, m))
        drawn = Scenarios(gains + noise, float(rng.choice([0.0, 0.1, 0.4])))
    made = Problem(
        measures=names,
        parties=tuple("abcdef"[:parties]),
        gains=gains,
        constants=constants,
        sides=tuple(rng.choice(["", "x", "y"], parties).tolist()),
        shares=rng.uniform(0.5, 2, parties),
        synergies=synergies,
        rules=_rules(rng, names, choices),
        scenarios=drawn,
    )
    return _with_more(made, np.random.default_rng((seed, 1)))


def _with_more(made: Problem, rng: np.random.Generator) -> Problem:
    """The problem with counts, a second budget, and bonuses of their own in the samples."""
    m, rules = len(made.measures), made.rules
    if rng.random() < 0.3:
        some = rng.permutation(m)[: int(rng.integers(1, m + 1))]
        least = int(rng.random() < 0.25)
        most = int(rng.integers(least, len(some) + 1))
        count = Count("some", tuple(made.measures[i] for i in some), least, most)
        rules = replace(rules, counts=(count,))
    if rng.random() < 0.3:
        costs = rng.integers(0, 4, m).astype(float)
        budget = Budget("people", tuple(costs.tolist()), float(costs.sum() * 0.5))
        rules = replace(rules, budgets=(*rules.budgets, budget))
    drawn = made.scenarios
    if drawn is not None and made.synergies:
        spread = np.abs(made.gains).mean() * 0.5
        shape = (len(drawn.gains), *made.bonuses.shape)
        drawn = replace(drawn, bonuses=made.bonuses + rng.normal(0, spread, shape))
    return replace(made, rules=rules, scenarios=drawn)


def _synergy(rng: np.random.Generator, names: tuple[str, ...], parties: int, size: float):
    clauses = [
        tuple(rng.choice(names, min(int(rng.integers(1, 4)), len(names)), replace=False).tolist())
        for _ in range(rng.integers(1, 4))
    ]
    return Synergy(tuple(clauses), tuple(rng.normal(0, size, parties).tolist()))


def _rules(rng: np.random.Generator, names: tuple[str, ...], choices) -> Rules:
    def pairs(chance: float):
        many = int(rng.integers(1, 3)) if rng.random() < chance and len(names) > 1 else 0
        return tuple(tuple(rng.choice(names, 2, replace=False).tolist()) for _ in range(many))

    costs = rng.integers(1, 10, len(names)).astype(float)
    limit = float(costs.sum() * rng.choice([0.1, 0.4, 0.7]))
    red = (("a", str(rng.choice(names))),) if rng.random() < 0.3 else ()
    return Rules(
        budgets=(Budget("money", tuple(costs.tolist()), limit),) if rng.random() < 0.7 else (),
        needs=pairs(0.5),
        excludes=pairs(0.4),
        red_lines=red,
        required=(str(rng.choice(names)),) if rng.random() < 0.15 else (),
        choices=choices,
    )


@pytest.fixture(scope="session")
def random_problem() -> Make:
    """A problem for a seed, with up to so many measures."""
    return _problem


@pytest.fixture
def plain() -> Problem:
    """Two sides, of which one has two parties; four measures, one of them dear to nobody."""
    return Problem(
        measures=("calls", "visits", "limits", "idle"),
        parties=("north", "south", "east"),
        gains=np.array([[4.0, -1, 3, 0], [1.0, 5, -2, 0], [2.0, 2, 2, 0]]),
        sides=("one", "two", "two"),
    )
