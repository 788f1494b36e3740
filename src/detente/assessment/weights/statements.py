"""Weights from what people state: swings, best and worst, ratios of pairs.

A weight belongs to the swing of a criterion from the worst to the best score of a stated range. It
means nothing without that range, so a swing without one is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.assessment.weights.linear import Programme
from detente.assessment.weights.polytope import WeightSet, ratios
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Range = tuple[float, float]

# Saaty (1980), "The Analytic Hierarchy Process": the mean consistency index of random matrices of
# size 1, 2, ..., as rounded there.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)


@dataclass(frozen=True, eq=False)
class Ratios:
    """Weights (n,) from ratios of all pairs, the largest eigenvalue, and how consistent they are.

    A ``consistency_ratio`` above 0.1 says that the ratios contradict each other too much to be
    used: ask again.
    """

    criteria: tuple[str, ...]
    weights: Floats
    largest: float
    consistency_ratio: float


@dataclass(frozen=True, eq=False)
class BestWorst:
    """Weights by the best-worst method, and how far the statements must give way.

    ``xi`` is the least greatest deviation of a stated ratio; ``consistency_ratio`` its share of
    the largest one possible, 0 where the statements agree. More than one vector of weights may
    reach ``xi``: ``low`` and ``high`` (n,) are their ends and ``weights`` (n,) the normalised
    middles (Rezaei 2016, Omega 64:126-130).
    """

    criteria: tuple[str, ...]
    weights: Floats
    low: Floats
    high: Floats
    xi: float
    consistency_ratio: float


def swing(
    points: Mapping[str, float | tuple[float, float]], ranges: Mapping[str, Range | None]
) -> WeightSet:
    """Weights in proportion to the worth of each criterion's swing over its range.

    Parameters
    ----------
    points
        For each criterion the points of its swing, the largest usually 100; or the lowest and
        highest points, if these are uncertain. At least one is exact and above 0: ratios are
        taken to the largest such.
    ranges
        The worst and best, or best and worst, score of each criterion.

    Raises
    ------
    UsageError
        Where a criterion has no range, or its ends are equal; where points are negative, or none
        is exact and above 0.

    References
    ----------
    von Winterfeldt & Edwards (1986), "Decision Analysis and Behavioral Research", ch. 8.

    """
    for name in points:
        _need_range(name, ranges.get(name))
    exact = {name: p for name, p in points.items() if not isinstance(p, tuple) and p > 0}
    if not exact:
        raise UsageError("Swings need one criterion with exact points above 0 to compare with.")
    reference = max(exact, key=exact.__getitem__)
    limits = {}
    for name, said in points.items():
        low, high = said if isinstance(said, tuple) else (said, said)
        if not 0 <= low <= high < math.inf:
            raise UsageError(f"{name} has {low:g} to {high:g} points: they rise from 0 or more.")
        if name != reference:
            limits[name, reference] = (low / exact[reference], high / exact[reference])
    return ratios(tuple(points), limits)


def _need_range(name: str, stated: Range | None) -> None:
    if stated is None:
        raise UsageError(
            f"{name} has no stated range: a weight means the swing from its worst to its best "
            "score. State both before weights are asked for."
        )
    if not all(map(math.isfinite, stated)) or stated[0] == stated[1]:
        raise UsageError(f"{name} has no swing: its range goes from {stated[0]} to {stated[1]}.")


def eigenvector(criteria: Sequence[str], matrix: Floats) -> Ratios:
    """Weights from the ratios of all pairs, as of the analytic hierarchy process.

    Parameters
    ----------
    criteria
        Their names, at most ten.
    matrix
        Shape (n, n): how many times as important criterion i is as criterion j.

    Raises
    ------
    UsageError
        Where the matrix is not square, positive and reciprocal.

    Notes
    -----
    The principal eigenvector, and CR = (largest - n) / (n - 1) / RI: Saaty (1977), "A scaling
    method for priorities in hierarchical structures", J. Math. Psychology 15(3):234-281.

    """
    n = len(criteria)
    ratio = np.asarray(matrix, dtype=np.float64)
    if ratio.shape != (n, n) or not np.isfinite(ratio).all() or (ratio <= 0).any():
        raise UsageError(f"Ratios of {n} criteria are a table of {n} by {n} numbers above 0.")
    if not np.allclose(ratio * ratio.T, 1, atol=0.01):
        raise UsageError("The ratio of j to i must be one by the ratio of i to j.")
    if n > len(RANDOM_INDEX):
        raise UsageError(f"Compare at most {len(RANDOM_INDEX)} criteria at a time, not {n}.")
    values, vectors = np.linalg.eig(ratio)
    place = int(np.argmax(values.real))
    vector, largest = np.abs(vectors[:, place].real), float(values[place].real)
    index = RANDOM_INDEX[n - 1]
    consistency = max(0.0, (largest - n) / (n - 1) / index) if index else 0.0
    return Ratios(tuple(criteria), vector / vector.sum(), largest, consistency)


def best_worst(
    best_to_others: Mapping[str, float], others_to_worst: Mapping[str, float]
) -> BestWorst:
    """Weights from how many times the best exceeds the others, and these the worst.

    Parameters
    ----------
    best_to_others
        For each criterion j how many times as important the best one is: a_Bj >= 1, 1 for itself.
    others_to_worst
        For each criterion j how many times as important as the worst one it is: a_jW >= 1.

    Raises
    ------
    UsageError
        Where the criteria differ, a ratio is below 1, or no best or worst one has a ratio of 1.

    Notes
    -----
    min xi with |w_B / w_j - a_Bj| <= xi and |w_j / w_W - a_jW| <= xi: Rezaei (2015), "Best-worst
    multi-criteria decision-making method", Omega 53:49-57. The consistency index is the
    smaller root of xi^2 - (1 + 2 a) xi + a^2 - a with a = a_BW.

    """
    names = tuple(best_to_others)
    if set(names) != set(others_to_worst) or len(names) < 2:
        raise UsageError("Best and worst are compared with the same criteria, two at least.")
    to, of = (np.array([d[c] for c in names], float) for d in (best_to_others, others_to_worst))
    if not np.isfinite([to, of]).all() or min(to.min(), of.min()) != 1 or to.min() != of.min():
        raise UsageError("Ratios are 1 or more, 1 for the best to itself and the worst to itself.")
    best, worst = _ends(to, of)
    high = _least_xi(to, of, float(max(to[worst], of[best])))
    programme = _within(to, of, best, worst, high + 1e-9)
    ends = np.sort([_span(programme, row) for row in np.eye(len(names))], axis=1)
    whole = float(max(to[worst], of[best]))
    index = (1 + 2 * whole - math.sqrt(1 + 8 * whole)) / 2
    middles = ends.mean(axis=1)
    return BestWorst(
        names,
        middles / middles.sum(),
        ends[:, 0],
        ends[:, 1],
        xi=high,
        consistency_ratio=high / index if index > 0 else 0.0,
    )


def _least_xi(to: Floats, of: Floats, whole: float) -> float:
    """The least xi for which some w_B / w_W fits all criteria, by halving.

    It fits criterion j where it is the product of ratios that miss a_Bj and a_jW by at most xi.
    """
    least, most = 0.0, whole
    while most - least > 1e-13 * whole:
        xi = (least + most) / 2
        low = np.maximum(np.maximum(to - xi, 0) * np.maximum(of - xi, 0), whole - xi)
        high = np.minimum((to + xi) * (of + xi), whole + xi)
        least, most = (least, xi) if low.max() <= high.min() else (xi, most)
    return most


def _ends(to: Floats, of: Floats) -> tuple[int, int]:
    """The best criterion, at 1 from itself and far from the worst, and the worst."""
    bests, worsts = np.flatnonzero(to == 1), np.flatnonzero(of == 1)
    return int(bests[np.argmax(of[bests])]), int(worsts[np.argmax(to[worsts])])


def _within(to: Floats, of: Floats, best: int, worst: int, xi: float) -> Programme:
    """The weights that miss no ratio by more than ``xi``."""
    n = len(to)
    rows: list[Floats] = []
    pairs = [(best, j, to[j]) for j in range(n) if j != best]
    pairs += [(j, worst, of[j]) for j in range(n) if j not in {worst, best}]
    for one, other, ratio in pairs:
        for sign in (1.0, -1.0):  # sign (w_one - ratio w_other) <= xi w_other
            row = np.zeros(n)
            row[one] = -sign
            row[other] = sign * ratio + xi
            rows.append(row)
    table = np.vstack([np.ones((1, n)), *rows])
    low = np.concatenate([[1.0], np.zeros(len(rows))])
    high = np.concatenate([[1.0], np.full(len(rows), np.inf)])
    return Programme(table, low, high, np.zeros(n))


def _span(programme: Programme, row: Floats) -> tuple[float, float]:
    least, most = programme.least(row), programme.least(-row)
    assert least is not None  # some weights reach xi
    assert most is not None
    return least[0], -most[0]
