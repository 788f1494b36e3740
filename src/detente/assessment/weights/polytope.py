"""Sets of weights: polytopes on the simplex w >= 0, sum w = 1, by what has been said of them.

A set never holds one vector of weights more than was stated. Statements are rows a with a w >= b or
a w = b; `weights.statements` makes sets of swings, comparisons and orders.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.assessment.weights.linear import Programme
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]

SLACK = 1e-9  # by which solutions of linear programmes may miss a row


@dataclass(frozen=True, eq=False)
class WeightSet:
    """The weights w >= 0, sum w = 1, with ``above`` w >= ``least`` and ``equal`` w = ``values``.

    ``above`` has shape (k, n), ``least`` (k,), ``equal`` (l, n), ``values`` (l,).
    """

    criteria: tuple[str, ...]
    above: Floats
    least: Floats
    equal: Floats
    values: Floats

    def __post_init__(self) -> None:
        """Refuse a set that holds no weights."""
        if not self.criteria or len(set(self.criteria)) != len(self.criteria):
            raise UsageError("Weights are of criteria that each have a name of their own.")
        if self.programme.least(np.zeros(len(self.criteria))) is None:
            raise UsageError("No weights fit all that was said of them: drop or mend a statement.")

    @cached_property
    def programme(self) -> Programme:
        """The linear programme over this set."""
        n = len(self.criteria)
        rows = np.vstack([np.ones((1, n)), self.equal, self.above])
        low = np.concatenate([[1.0], self.values, self.least])
        high = np.concatenate([[1.0], self.values, np.full(len(self.least), np.inf)])
        return Programme(rows, low, high, np.zeros(n))

    def lowest(self, objective: Floats) -> float:
        """The least of ``objective`` w over the set."""
        found = self.programme.least(objective)
        assert found is not None  # the set is not empty
        return found[0]

    def ranges(self) -> Floats:
        """The least and greatest weight of each criterion, shape (n, 2)."""
        unit = np.eye(len(self.criteria))
        return np.array([(self.lowest(row), -self.lowest(-row)) for row in unit])

    def holds(self, weights: Floats, slack: float = SLACK) -> NDArray[np.bool_]:
        """Which of the weights (N, n) lie in the set, all rows met within ``slack``; (N,)."""
        above = np.einsum("sn,kn->sk", weights, self.above)
        equal = np.einsum("sn,kn->sk", weights, self.equal)
        inside = (weights >= -slack).all(axis=1) & (abs(weights.sum(axis=1) - 1) <= slack)
        inside &= (above >= self.least - slack).all(axis=1)
        held: NDArray[np.bool_] = inside & (abs(equal - self.values) <= slack).all(axis=1)
        return held


def free(criteria: Sequence[str]) -> WeightSet:
    """All weights: nothing has been said."""
    n = len(criteria)
    none = np.empty((0, n)), np.empty(0)
    return WeightSet(tuple(criteria), *none, *none)


def exact(weights: Mapping[str, float]) -> WeightSet:
    """One vector of weights, divided by its sum.

    Raises
    ------
    UsageError
        Where a weight is below 0 or all are 0.

    """
    numbers = np.array(list(weights.values()), dtype=np.float64)
    if not np.isfinite(numbers).all() or (numbers < 0).any() or not numbers.sum() > 0:
        raise UsageError("Weights are numbers of at least 0, and not all 0.")
    n = len(numbers)
    return WeightSet(
        tuple(weights), np.empty((0, n)), np.empty(0), np.eye(n), numbers / numbers.sum()
    )


def ordinal(criteria: Sequence[str], pairs: Sequence[tuple[str, str]]) -> WeightSet:
    """Weights with w_a >= w_b for each of the ``pairs`` (a, b): a partial order.

    Raises
    ------
    UsageError
        Where a pair names an unknown criterion.

    """
    return ratios(criteria, dict.fromkeys(pairs, (1.0, math.inf)))


def ranking(order: Sequence[str]) -> WeightSet:
    """Weights that fall along ``order``, the most important criterion first: a full order."""
    return ordinal(order, list(pairwise(order)))


def bounds(criteria: Sequence[str], limits: Mapping[str, tuple[float, float]]) -> WeightSet:
    """Weights with low <= w_c <= high for each criterion c of ``limits``.

    Raises
    ------
    UsageError
        Where a criterion is unknown, limits do not rise, or no weights fit.

    """
    rows, least = [], []
    for name, (low, high) in limits.items():
        _rises(name, low, high)
        unit = _row(criteria, {name: 1.0})
        rows += [unit] if low > 0 else []
        least += [low] if low > 0 else []
        rows += [-unit] if high < 1 else []
        least += [-high] if high < 1 else []
    return _above(criteria, rows, least)


def ratios(
    criteria: Sequence[str], limits: Mapping[tuple[str, str], tuple[float, float]]
) -> WeightSet:
    """Weights with low <= w_a / w_b <= high for each pair (a, b) of ``limits``.

    Equal limits state the ratio exactly; an infinite upper one states none.

    Raises
    ------
    UsageError
        Where a criterion is unknown, limits do not rise or are below 0, or no weights fit.

    """
    rows, equal = [], []
    for (one, other), (low, high) in limits.items():
        _rises(f"{one} / {other}", low, high)
        if one == other:
            raise UsageError(f"{one} stands in a ratio with itself.")
        if low == high:
            equal.append(_row(criteria, {one: 1.0, other: -low}))
            continue
        rows += [_row(criteria, {one: 1.0, other: -low})] if low > 0 else []
        rows += [_row(criteria, {one: -1.0, other: high})] if high < math.inf else []
    made = _above(criteria, rows, [0.0] * len(rows))
    if not equal:
        return made
    return WeightSet(made.criteria, made.above, made.least, np.array(equal), np.zeros(len(equal)))


def both(one: WeightSet, other: WeightSet) -> WeightSet:
    """The weights that lie in both sets, which are of the same criteria.

    Raises
    ------
    UsageError
        Where the criteria differ, or the sets have nothing in common.

    """
    if one.criteria != other.criteria:
        raise UsageError("Sets of weights meet where their criteria are the same, in one order.")
    return WeightSet(
        one.criteria,
        np.vstack([one.above, other.above]),
        np.concatenate([one.least, other.least]),
        np.vstack([one.equal, other.equal]),
        np.concatenate([one.values, other.values]),
    )


def _above(criteria: Sequence[str], rows: Sequence[Floats], least: Sequence[float]) -> WeightSet:
    n = len(criteria)
    above = np.array(rows).reshape(-1, n)
    return WeightSet(tuple(criteria), above, np.array(least), np.empty((0, n)), np.empty(0))


def _row(criteria: Sequence[str], factors: Mapping[str, float]) -> Floats:
    row = np.zeros(len(criteria))
    for name, factor in factors.items():
        if name not in criteria:
            raise UsageError(f"{name} is no criterion; there are: {', '.join(criteria)}.")
        row[list(criteria).index(name)] = factor
    return row


def _rises(name: str, low: float, high: float) -> None:
    if not 0 <= low <= high or not low < math.inf:
        raise UsageError(f"{name} from {low:g} to {high:g}: limits rise from 0 or more.")
