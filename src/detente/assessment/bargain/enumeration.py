"""All packages of a small problem, one by one: the independent proof of what the programs find."""

from __future__ import annotations

import math

import numpy as np

from detente.assessment.bargain.problem import Bools, Problem, acceptable
from detente.ground.errors import UsageError

MOST_PACKAGES = 2**21


def count(problem: Problem) -> int:
    """How many packages there are: two for each free measure, and the values of each choice."""
    choices = problem.rules.choices
    free = len(problem.measures) - sum(len(choice) for choice in choices)
    return math.prod([2] * free + [len(choice) for choice in choices])


def packages(problem: Problem) -> Bools:
    """All packages in which every choice has one value, shape (N, m); other rules are not asked.

    The measures outside choices count up as binary digits, the first of them fastest; the choices
    follow, each a digit of its own.

    Raises
    ------
    UsageError
        Where there are more than `MOST_PACKAGES`.

    """
    total = count(problem)
    if total > MOST_PACKAGES:
        raise UsageError(f"{total:.3g} packages: at most {MOST_PACKAGES:,} are counted one by one.")
    place, choices = problem.place, problem.rules.choices
    chosen = {name for choice in choices for name in choice}
    free = [index for name, index in place.items() if name not in chosen]
    numbers = np.arange(total, dtype=np.int64)
    made = np.zeros((total, len(problem.measures)), dtype=bool)
    for index in free:
        made[:, index] = numbers & 1
        numbers >>= 1
    for choice in choices:
        numbers, value = np.divmod(numbers, len(choice))
        columns = np.array([place[name] for name in choice])
        made[np.arange(total), columns[value]] = True
    return made


def acceptable_packages(problem: Problem) -> Bools:
    """All acceptable packages, shape (N, m), in the order of `packages`.

    Raises
    ------
    UsageError
        Where there are too many to count.

    """
    made = packages(problem)
    return made[acceptable(problem, made)]
