"""The core index of Robust Portfolio Modelling: which measures are in every defensible package.

Liesio, Mild and Salo (2007), "Preference programming for robust portfolio modeling and project
selection", EJOR 181(3); with interdependencies and interval budgets (2008), EJOR 190(3). Their
criteria are the parties here: the value of a package is sum over parties of w_p gain_p, where the
weights lie in the set spanned by ``extremes`` and each gain anywhere in its interval. A package
dominates another where its value is at least as large for all these weights and gains, and larger
for some. The core index of a measure is the share of non-dominated acceptable packages that hold
it: 1 is core (whatever the weights and gains, take it), 0 exterior, else borderline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.assessment.bargain.enumeration import acceptable_packages
from detente.assessment.bargain.model import build
from detente.assessment.bargain.problem import (
    TOLERANCE,
    Bools,
    Floats,
    Problem,
    bonus_of,
    named,
)
from detente.assessment.bargain.program import LIMITS, Limits
from detente.assessment.bargain.results import CoreClass, CoreIndex, CoreIndices, CoreMethod
from detente.ground.errors import UsageError

MOST_MEASURES = 20  # of the exact index
MOST_NON_DOMINATED = 20_000
_CHUNK = 1024


@dataclass(frozen=True, eq=False)
class Information:
    """What is known of weights and gains.

    Parameters
    ----------
    low, high
        Shape (P, m): the interval of each gain, in the party's own units.
    extremes
        Shape (K, P): the corners of the set of weights, each 0 or more; the unit vectors stand for
        all weights. They are weights of gains in shares of the parties' scales.

    """

    low: Floats
    high: Floats
    extremes: Floats


def everything_open(problem: Problem) -> Information:
    """Gains as stated, and no weights excluded: dominance is then that of the front."""
    return Information(problem.gains, problem.gains, np.eye(len(problem.parties)))


def core_indices(problem: Problem, information: Information) -> CoreIndices:
    """The core index of every measure, exactly, from all acceptable packages.

    Acceptable is as everywhere: it keeps the rules and leaves nobody below the trend at the stated
    gains. Packages with equal columns of values count each, as in the papers.

    Raises
    ------
    UsageError
        Where there are more than `MOST_MEASURES` measures outside choices or too many packages, the
        shapes do not fit, or over `MOST_NON_DOMINATED` packages are non-dominated.

    """
    _check(problem, information)
    made = acceptable_packages(problem)
    return _indices(problem, made[_defensible(problem, information, made)], "enumerated")


def sampled_core_indices(
    problem: Problem,
    information: Information,
    *,
    draws: int,
    rng: np.random.Generator,
    limits: Limits = LIMITS,
) -> CoreIndices:
    """The core index over the packages that are best for some drawn weights and gains.

    For problems that are too large to count: ``draws`` programs, with weights uniform over mixtures
    of the extremes (flat Dirichlet) and gains uniform in their intervals. Packages that are
    non-dominated but best for no weights are missed, so that shares near 0 and 1 are overstated.
    """
    _check(problem, information)
    model = build(problem, limits)
    best: dict[bytes, Bools] = {}
    corners = information.extremes
    for _ in range(draws):
        weights = rng.dirichlet(np.ones(len(corners))) @ corners
        drawn = rng.uniform(information.low, information.high)
        extra = (drawn - problem.gains) / problem.scales[:, None]
        prices = dict(zip(model.gains, weights.tolist(), strict=True))
        prices.update(zip(model.measures, (weights @ extra).tolist(), strict=True))
        found = model.program.maximise(prices)
        if found is None:
            break
        package = model.package(found)
        best[package.tobytes()] = package
    made = np.array(list(best.values()), dtype=bool).reshape(len(best), len(problem.measures))
    return _indices(problem, made, "sampled")


def _check(problem: Problem, information: Information) -> None:
    shape = problem.gains.shape
    fits = information.low.shape == information.high.shape == shape
    if not fits or information.extremes.shape[1:] != shape[:1] or not len(information.extremes):
        raise UsageError("Intervals and weights do not fit the parties and measures.")
    if (information.low > information.high).any() or (information.extremes < 0).any():
        raise UsageError("An interval ends below its beginning, or a weight is negative.")


def _indices(problem: Problem, kept: Bools, method: CoreMethod) -> CoreIndices:
    total = len(kept)
    held = kept.sum(axis=0).tolist()
    indices = []
    for name, times in zip(problem.measures, held, strict=True):
        kind: CoreClass = "borderline"
        if times in (0, total):
            kind = "core" if times else "exterior"
        indices.append(CoreIndex(name, times / total if total else 0.0, kind))
    packages = tuple(named(problem, package) for package in kept)
    return CoreIndices(tuple(indices), packages, method)


def _defensible(problem: Problem, information: Information, made: Bools) -> Bools:
    """Which packages no other dominates, shape (N,).

    By falling value at the middle of all intervals, summed over the extremes: a package that
    dominates has at least the value of the dominated one there, and dominance is transitive, so
    that each need only be compared with those kept before it.
    """
    free = len(problem.measures) - sum(len(choice) for choice in problem.rules.choices)
    if free > MOST_MEASURES:
        raise UsageError(f"{free} measures are too many for the exact core index; sample it.")
    worth = information.extremes / problem.scales
    low, high = worth @ information.low, worth @ information.high
    bonus = bonus_of(problem, made) @ problem.bonuses.T @ worth.T
    values = made.astype(np.float64)
    middle = (values @ (low + high).T / 2 + bonus).round(9)
    order = np.lexsort([*middle.T[::-1], middle.sum(axis=1)])[::-1]
    state = _Archive(low, high, values, bonus)
    kept = np.zeros(0, dtype=np.int64)
    for start in range(0, len(order), _CHUNK):
        some = order[start : start + _CHUNK]
        some = some[~state.dominated(some, kept)]
        some = some[~state.dominated(some, some)]
        kept = np.concatenate([kept, some])
        if len(kept) > MOST_NON_DOMINATED:
            raise UsageError("Nearly every package is defensible; narrow the intervals.")
    keep = np.zeros(len(made), dtype=bool)
    keep[kept] = True
    return keep


@dataclass(frozen=True, eq=False)
class _Archive:
    """Values of all packages at the ends of all intervals, for each extreme weight."""

    low: Floats  # (K, m)
    high: Floats  # (K, m)
    packages: Floats  # (N, m)
    bonus: Floats  # (N, K)

    def dominated(self, these: np.ndarray, by: np.ndarray) -> Bools:
        """Whether one of ``by`` dominates each of ``these``.

        a dominates b where for all extremes the sum over a - b of low is at least that over b - a
        of high, which is low(a) - high(b) + the sum over both of (high - low); and for one of them
        the same, with low and high exchanged, is more than 0.
        """
        beaten = np.zeros(len(these), dtype=bool)
        for start in range(0, len(by), _CHUNK):
            left = np.flatnonzero(~beaten)
            some = by[start : start + _CHUNK]
            beaten[left] = self._compare(these[left], some).any(axis=1)
        return beaten

    def _compare(self, these: np.ndarray, by: np.ndarray) -> Bools:
        b, a = self.packages[these], self.packages[by]
        never_worse = np.ones((len(these), len(by)), dtype=bool)
        once_better = np.zeros((len(these), len(by)), dtype=bool)
        for k, (low, high) in enumerate(zip(self.low, self.high, strict=True)):
            both = (b * (high - low)) @ a.T
            bonus = self.bonus[by, k][None, :] - self.bonus[these, k][:, None]
            worst = (a @ low)[None, :] - (b @ high)[:, None] + both + bonus
            best = (a @ high)[None, :] - (b @ low)[:, None] - both + bonus
            never_worse &= worst >= -TOLERANCE
            once_better |= best > TOLERANCE
        return never_worse & once_better
