"""Robust relations: which option is at least as good as which, whatever fits all that was stated.

a is necessarily at least as good as b where no weights of the set and no scores within their
intervals say otherwise, and possibly so where some do.

Greco, Mousseau & Slowinski (2008), "Ordinal regression revisited: multiple criteria ranking using a
set of additive value functions", EJOR 191(2):416-436; for groups Greco, Kadzinski, Mousseau &
Slowinski (2012), "Robust ordinal regression for multiple criteria group decision: UTA-GMS-GROUP and
UTADIS-GMS-GROUP", Decision Support Systems 52(3):549-561. There value functions are unknown; here
they are stated and the weights are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.problem import Problem
from detente.assessment.weights.polytope import WeightSet
from detente.assessment.weights.shape import body, vertices
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEVEL = 1e-9  # differences of value up to here are none


@dataclass(frozen=True, eq=False)
class Relations:
    """What one party's statements settle of m options.

    ``least`` and ``most`` (m, m) are the ends of V(a) - V(b) over all weights and scores that fit;
    ``necessary`` and ``possible`` tell whether a is then at least as good as b. An option is
    compared with itself on the same scores.
    """

    options: tuple[str, ...]
    least: Floats
    most: Floats
    necessary: Flags
    possible: Flags


@dataclass(frozen=True, eq=False)
class GroupRelations:
    """What the parties' relations have in common; all (m, m).

    ``necessary_for_all`` implies ``necessary_for_some_possible_for_all``, which implies
    ``possible_for_all`` and ``necessary_for_some``; each of these implies ``possible_for_some``.
    """

    options: tuple[str, ...]
    necessary_for_all: Flags
    necessary_for_some: Flags
    necessary_for_some_possible_for_all: Flags
    possible_for_all: Flags
    possible_for_some: Flags


def relations(problem: Problem, weights: WeightSet, *, coverage: float = 0.9) -> Relations:
    """The relations of one party.

    Parameters
    ----------
    problem
        Options, criteria, scores and their partial values.
    weights
        The weights that fit the party's statements.
    coverage
        The share of belief within the interval of a score; points have no interval.

    Raises
    ------
    UsageError
        Where the weights are of other criteria.

    """
    if weights.criteria != problem.criteria:
        raise UsageError("The weights are of other criteria than the problem, or in another order.")
    low, high = problem.bounds(coverage)
    return between(problem.options, low, high, weights)


def between(options: Sequence[str], low: Floats, high: Floats, weights: WeightSet) -> Relations:
    """The relations where partial values lie anywhere from ``low`` to ``high``, (m, n) each.

    The least of V(a) - V(b) = w (v_a - v_b) has v_a at its low and v_b at its high end, as weights
    are not negative; what is left is linear in the weights. A simplex is asked at its corners,
    another set by linear programmes.
    """
    gaps = (low[:, None, :] - high[None, :, :]).reshape(-1, low.shape[1])
    corners = vertices(body(weights))
    if corners is not None:
        least = np.einsum("gn,nk->gk", gaps, corners).min(axis=1)
    else:
        least = np.array([weights.lowest(gap) for gap in gaps])
    least = least.reshape(len(options), len(options))
    np.fill_diagonal(least, 0.0)
    most = -least.T  # the most of V(a) - V(b) is minus the least of V(b) - V(a)
    return Relations(tuple(options), least, most, least >= -LEVEL, most >= -LEVEL)


def of_group(parties: Sequence[Relations]) -> GroupRelations:
    """What the relations of several parties have in common.

    Raises
    ------
    UsageError
        Where there are no parties, or their options differ.

    """
    if len({one.options for one in parties}) != 1:
        raise UsageError("Relations of a group are of parties with the same options, one at least.")
    necessary = np.array([one.necessary for one in parties])
    possible = np.array([one.possible for one in parties])
    all_, some = np.logical_and.reduce, np.logical_or.reduce
    return GroupRelations(
        parties[0].options,
        necessary_for_all=all_(necessary),
        necessary_for_some=some(necessary),
        necessary_for_some_possible_for_all=some(necessary) & all_(possible),
        possible_for_all=all_(possible),
        possible_for_some=some(possible),
    )
