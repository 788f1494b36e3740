"""From what a party says of weights to the set of weights that it allows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np

from detente.assessment.weights.linear import Programme
from detente.assessment.weights.polytope import WeightSet, both, bounds, exact, ordinal, ratios
from detente.assessment.weights.statements import best_worst, swing
from detente.case.model import BestWorst, Criterion, Weights

Comparisons = Iterable[tuple[str, str, float]]
FITS = 1e-9  # a share by which statements may miss each other and still count as fitting
ROOM = 1e-3  # that much more than must be is allowed where they do not, so that the set has a body
NARROW = 1e-6  # a weight is known where its ends lie nearer than this


def weight_set(stated: Weights, criteria: Iterable[Criterion]) -> WeightSet:
    """The weights that a statement allows, of the criteria that it names, in the order of the case.

    *Swing* and *exact*: one vector. *Order*: w_a >= w_b along each chain. *Ratios*: low <= w_a /
    w_b <= high. *Best-worst*: the weights of least deviation (Rezaei 2015). *Pairs*: as stated if
    all fit together; else every ratio may be missed by the least factor by which some must be
    (`least_factor`), and a thousandth more.

    Raises
    ------
    UsageError
        Where no weights fit what was said, or a criterion has no range.

    """
    ranges = {one.id: one.range for one in criteria}
    names = tuple(name for name in ranges if name in stated.named)
    if stated.best_worst is not None:
        return _best_worst(stated.best_worst)
    if stated.order is not None:
        return ordinal(names, [pair for chain in stated.order for pair in pairwise(chain)])
    if stated.pairs is not None:
        return ratios(names, _loosened(stated.comparisons))
    if stated.exact is not None:
        return exact({name: stated.exact[name] for name in names})
    if stated.swing is not None:
        return swing({name: stated.swing[name] for name in names}, ranges)
    return _between(names, stated)


def _between(names: tuple[str, ...], stated: Weights) -> WeightSet:
    limits = [
        ratios(names, {(one.of, one.to): (one.low, one.high or math.inf)})
        for one in stated.ratios or ()
    ]
    found = limits[0]
    for other in limits[1:]:
        found = both(found, other)
    return found


def _best_worst(told: BestWorst) -> WeightSet:
    to_others = {name: told.best_to.get(name, 1.0) for name in told.named}
    to_worst = {name: told.to_worst.get(name, 1.0) for name in told.named}
    to_others[told.worst] = to_worst[told.best] = told.whole or 1.0
    found = best_worst(to_others, to_worst)
    if (found.high - found.low).max() < NARROW:
        return exact(dict(zip(found.criteria, found.weights.tolist(), strict=True)))
    low, high = np.maximum(found.low - NARROW, 0.0), np.minimum(found.high + NARROW, 1.0)
    ends = zip(found.criteria, low.tolist(), high.tolist(), strict=True)
    return bounds(found.criteria, {name: (least, most) for name, least, most in ends})


def _loosened(comparisons: Comparisons) -> Mapping[tuple[str, str], tuple[float, float]]:
    stated = tuple(comparisons)
    factor = least_factor(stated)
    room = factor * (1 + ROOM) if factor > 1 + FITS else 1.0
    return {(of, to): (times / room, times * room) for of, to, times in stated}


def least_factor(comparisons: Comparisons) -> float:
    """The least factor by which some stated ratio must be missed; 1 where all fit together.

    min k with 1/k <= (w_a / w_b) / r_ab <= k for all: in logarithms a linear programme. Brunelli &
    Rezaei (2019), "A multiplicative best-worst method for multi-criteria decision making",
    Operations Research Letters 47(1):12-15.
    """
    stated = tuple(comparisons)
    names = list(dict.fromkeys(name for of, to, _ in stated for name in (of, to)))
    rows, most = np.zeros((2 * len(stated), len(names) + 1)), np.zeros(2 * len(stated))
    for place, (of, to, times) in enumerate(stated):
        for row, sign in ((2 * place, 1.0), (2 * place + 1, -1.0)):
            rows[row, names.index(of)], rows[row, names.index(to)] = sign, -sign
            rows[row, -1], most[row] = -1.0, sign * math.log(times)
    least = np.append(np.full(len(names), -np.inf), 0.0)
    found = Programme(rows, np.full(len(most), -np.inf), most, least).least(np.eye(len(least))[-1])
    assert found is not None  # a large factor fits all
    return math.exp(found[0])


def inconsistency(stated: Weights) -> float:
    """By which share some ratio that was stated must be missed; 0 where all fit together."""
    comparisons = stated.comparisons
    missed = least_factor(comparisons) - 1 if comparisons else 0.0
    return missed if missed > FITS else 0.0
