"""Fronts: the packages that none betters for one party without loss to another.

Above four parties a front is more than anyone can read; the chosen packages and the core index say
more. Nothing here limits the number of parties all the same, for domains that publish theirs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.assessment.bargain.enumeration import acceptable_packages
from detente.assessment.bargain.model import Model, build
from detente.assessment.bargain.problem import Bools, Floats, Problem, gains_of, named
from detente.assessment.bargain.program import INFINITY, LIMITS, Limits
from detente.assessment.bargain.results import FrontPoint
from detente.ground.errors import UsageError

RESOLUTION = 1e-6
_SLACK = 1e-8
_CHUNK = 512


def non_dominated(points: Floats) -> Bools:
    """Whether no other point is at least as good in every column and better in one, shape (N,).

    ``points`` has shape (N, P), more is better; equal points do not dominate each other. Points are
    taken by falling sum, so that none is dominated by a later one (Kung, Luccio and Preparata 1975
    prove what is possible; this is the sorted filter, with one comparison to all kept so far).
    """
    values = np.asarray(points, dtype=np.float64)
    keep = np.zeros(len(values), dtype=bool)
    keys = [values[:, column] for column in range(values.shape[1])[::-1]]
    order = np.lexsort([*keys, values.sum(axis=1)])[::-1]
    kept = values[:0]
    for start in range(0, len(order), _CHUNK):
        places = order[start : start + _CHUNK]
        places = places[~_beaten(values[places], kept)]
        places = places[~_beaten(values[places], values[places])]
        keep[places] = True
        kept = np.concatenate([kept, values[places]])
    return keep


def _beaten(points: Floats, others: Floats) -> Bools:
    """Whether one of the others dominates each point, a few hundred of them at a time."""
    beaten = np.zeros(len(points), dtype=bool)
    for start in range(0, len(others), _CHUNK):
        some = others[start : start + _CHUNK]
        left = np.flatnonzero(~beaten)
        worse = np.ones((len(left), len(some)), dtype=bool)
        less = np.zeros((len(left), len(some)), dtype=bool)
        for column in range(points.shape[1]):
            mine, theirs = points[left, None, column], some[None, :, column]
            worse &= mine <= theirs
            less |= mine < theirs
        beaten[left] = (worse & less).any(axis=1)
    return beaten


def enumerated_front(problem: Problem) -> tuple[FrontPoint, ...]:
    """The whole front over all parties of a small problem, by counting every package.

    By falling gain of the first party, then of the next; of packages with equal gains the first in
    the order of counting.

    Raises
    ------
    UsageError
        Where there are too many packages to count.

    """
    made = acceptable_packages(problem)
    gains = gains_of(problem, made)
    kept = non_dominated(_rounded(problem, gains))
    return _points(problem, made[kept], gains[kept])


def bargaining_front(
    problem: Problem,
    parties: tuple[str, str],
    limits: Limits = LIMITS,
    *,
    resolution: float = RESOLUTION,
) -> tuple[FrontPoint, ...]:
    """The whole front between two parties, by mixed-integer programs.

    Epsilon-constraint (Haimes, Lasdon and Wismer 1971): the most for the first party while the
    second has more than at the point before; then, lexicographically, the most for the second among
    packages as good for the first, so that no weakly dominated point is left. All other parties
    gain 0 or more. By falling gain of the first party.

    Parameters
    ----------
    problem, limits
        As in `nash`.
    parties
        The two.
    resolution
        Points of which the second party's gains differ by less than this share of its scale count
        as one; 1e-7 or more.

    Raises
    ------
    UsageError
        Where a party is unknown or both are one, or the resolution is too fine.

    """
    if len(set(parties) & set(problem.parties)) < 2 or resolution < 1e-7:
        raise UsageError("A front needs two known parties and a resolution of 1e-7 or more.")
    model = build(problem, limits)
    first, second = (problem.parties.index(party) for party in parties)
    found: list[Bools] = []
    least = 0.0
    while (package := _next_point(model, first, second, least)) is not None:
        found.append(package)
        least = float(model.scaled(package)[second]) + resolution
    made = np.array(found, dtype=bool).reshape(len(found), len(problem.measures))
    gains = gains_of(problem, made)
    kept = non_dominated(_rounded(problem, gains)[:, [first, second]])
    pair = [first, second] + [p for p in range(len(problem.parties)) if p not in (first, second)]
    return _points(problem, made[kept], gains[kept], by=pair)


def _next_point(model: Model, first: int, second: int, least: float) -> Bools | None:
    """The best package for the first party with at least so much for the second, then for it."""
    program, columns = model.program, model.gains
    program.bound(columns[second], least, INFINITY)
    best = program.maximise({columns[first]: 1.0})
    if best is None:
        return None
    program.bound(columns[first], max(best.objective - _SLACK, 0.0), INFINITY)
    then = program.maximise({columns[second]: 1.0}) or best
    program.bound(columns[first], 0.0, INFINITY)
    return model.package(then)


def _rounded(problem: Problem, gains: Floats) -> Floats:
    """Gains in whole steps of 1e-9 of each party's scale, so that equal sums are equal."""
    return np.round(gains / problem.scales, 9)


def _points(
    problem: Problem, packages: Bools, gains: Floats, by: list[int] | None = None
) -> tuple[FrontPoint, ...]:
    """One point for each different vector of gains, in order."""
    steps = _rounded(problem, gains)
    columns = by or list(range(steps.shape[1]))
    order: NDArray[np.int64] = np.lexsort([-steps[:, column] for column in columns[::-1]])
    points: list[FrontPoint] = []
    seen: set[tuple[float, ...]] = set()
    for index in order.tolist():
        key = tuple(steps[index].tolist())
        if key not in seen:
            seen.add(key)
            pairs = tuple(zip(problem.parties, gains[index].tolist(), strict=True))
            points.append(FrontPoint(named(problem, packages[index]), pairs))
    return tuple(points)
