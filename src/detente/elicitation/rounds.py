"""What moved between two rounds: the same people, first and last, with dissent kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.elicitation.compare import t_interval
from detente.elicitation.results import Spread
from detente.ground.errors import UsageError

SETTLED = math.log(1.5)  # on log-odds: a shift surely smaller than this ends the rounds


@dataclass(frozen=True)
class Change:
    """How the numbers of the same people moved on a fitting scale.

    ``shift`` is the mean change with its paired t interval; ``spread_ratio`` the standard deviation
    after over that before (None where all said the same before); ``toward`` the mean move of each
    towards the others' earlier mean, as a share of the distance to it: 0 nobody moved, 1 all met
    there, below 0 they moved apart.
    """

    shift: Spread
    spread_ratio: float | None
    toward: float | None
    settled: bool
    changed: int
    people: int


def change(before: ArrayLike, after: ArrayLike, *, tolerance: float = SETTLED) -> Change:
    """The move from ``before`` to ``after``, both (n,) on the scale on which they are compared.

    ``settled`` is the stop rule: the whole 90 % interval of the mean change lies within
    ``tolerance``. Whoever stays away from the others stays in the numbers: nothing is trimmed.
    ``toward`` is the least-squares slope through 0 of each change on the distance to the mean of
    the other people's first answers.

    Raises
    ------
    UsageError
        Where the two differ in length, or there are fewer than two people.

    References
    ----------
    Hemming, Burgman et al. (2018), "A practical guide to structured expert elicitation using the
    IDEA protocol", Methods in Ecology and Evolution 9(1):169-180, for two rounds with feedback.

    """
    first, last = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.shape != last.shape or first.ndim != 1:
        raise UsageError("Two rounds need the numbers of the same people, in the same order.")
    moved = last - first
    shift = t_interval(moved)
    width = float(first.std(ddof=1))
    return Change(
        shift=shift,
        spread_ratio=float(last.std(ddof=1)) / width if width > 0 else None,
        toward=_toward(first, moved),
        settled=-tolerance < shift.low and shift.high < tolerance,
        changed=int(np.count_nonzero(moved)),
        people=first.size,
    )


def _toward(first: np.ndarray, moved: np.ndarray) -> float | None:
    others = (first.sum() - first) / (first.size - 1)
    distance = others - first
    square = float(distance @ distance)
    return float(distance @ moved) / square if square > 0 else None
