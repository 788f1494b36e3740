"""How much each answer counts: weights from the answers themselves and from what came with them.

All arrays are (people, questions), of answers (people, questions, 3); NaN stands where nothing was
said, and stays. A weight is relative: only its share among the people on one question matters.

References
----------
Hanea, Wilkinson, McBride et al. (2021), "Mathematically aggregating experts' predictions of
possible futures", PLOS ONE 16(9):e0256919; the names are theirs and of the R package aggreCAT.

"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRAIN = 0.05  # coarser than this are the round figures
SLACK = 1e-9  # what .15 / .05 may miss 3 by
_EPS = 2.0**-52


def width(answers: Floats) -> Floats:
    """Highest less lowest."""
    return np.asarray(answers[..., 2] - answers[..., 0])


def narrowness(answers: Floats) -> Floats:
    """IntWAgg: w = 1 / (U - L)."""
    return 1 / _nonzero(width(answers))


def own_narrowness(answers: Floats) -> Floats:
    """IndIntWAgg: w = max over questions of a person's (U - L) / (U - L)."""
    own = np.abs(width(answers))
    widest = np.where(np.isnan(own), -np.inf, own).max(axis=1, keepdims=True)
    widest = np.where(np.isfinite(widest), widest, np.nan)
    return np.asarray(1 / (_nonzero(own) / _nonzero(widest)))


def asymmetry(answers: Floats) -> Floats:
    """AsymWAgg: w = 1 - 2 min(U - B, B - L) / (U - L), and at least 0."""
    low, best, high = np.moveaxis(answers, -1, 0)
    whole = _nonzero(high - low)
    near = np.where(best >= whole / 2 + low, high - best, best - low)
    return np.asarray(np.maximum(1 - 2 * near / whole, 0))


def variety_of_width(answers: Floats) -> Floats:
    """VarIndIntWAgg: w = the variance of a person's (U - L) over the questions, n - 1 below."""
    own = _nonzero(np.abs(width(answers)))
    said = np.isfinite(own)
    number = said.sum(axis=1, keepdims=True)
    mean = np.where(said, own, 0).sum(axis=1, keepdims=True) / np.maximum(number, 1)
    squares = np.where(said, (own - mean) ** 2, 0).sum(axis=1, keepdims=True)
    return np.where(said, squares / np.maximum(number - 1, 1), np.nan)


def decidedness(best: Floats) -> Floats:
    """DistLimitWAgg: w = max(B, 1 - B)."""
    return np.asarray(np.maximum(best, 1 - best))


def granularity(best: Floats, *, slack: float = SLACK) -> Floats:
    """GranWAgg: w = a person's share of bests that are no multiple of .05.

    A best is one where B / .05 is within ``slack`` of a whole number. With ``slack`` 0, which
    aggreCAT's published figures rest on, .15, .35 and others count as finer than they are, since
    their quotient in floating point is no whole number.
    """
    parts = best / GRAIN
    fine = np.where(np.isfinite(parts), np.abs(parts - np.round(parts)) > slack, np.nan)
    said = np.isfinite(fine)
    number = np.maximum(said.sum(axis=1, keepdims=True), 1)
    share = np.where(said, fine, 0).sum(axis=1, keepdims=True) / number
    return np.where(said, _nonzero(share), np.nan)


def closeness(best: Floats, median: Floats) -> Floats:
    """OutWAgg: w = 1 - d / max d, where d = (B - median of the question)^2."""
    distance = (median - best) ** 2
    largest = np.where(np.isnan(distance), 0, distance).max(axis=0)
    return np.asarray(1 - distance / _nonzero(largest))


def shift(before: Floats, after: Floats) -> Floats:
    """ShiftWAgg: w = |B1 - B2| + (|L1 - L2| + |U1 - U2|) / 2 between two rounds."""
    low, best, high = np.moveaxis(np.abs(before - after), -1, 0)
    return np.asarray(best + low / 2 + high / 2)


def number_of_reasons(reasons: Floats) -> Floats:
    """ReasonWAgg: w = how many different reasons were given; counts (people, questions, codes)."""
    return _positive(np.minimum(reasons, 1).sum(axis=-1))


def variety_of_reasons(reasons: Floats) -> Floats:
    """ReasonWAgg2: w = sum over reasons given of 1 - the person's share of questions with it.

    ``reasons`` are counts (people, questions, codes). As in aggreCAT a reason given twice counts
    twice here, though once in the share.
    """
    once = np.minimum(reasons, 1)
    said = np.isfinite(once)
    number = np.maximum(said.sum(axis=1, keepdims=True), 1)
    share = np.where(said, once, 0).sum(axis=1, keepdims=True) / number
    return _positive((reasons * (1 - share)).sum(axis=-1))


def equal_where_none(weights: Floats) -> Floats:
    """The weights, but 1 for all on a question on which every weight is 0."""
    none = ~(np.nan_to_num(weights) > 0).any(axis=0)
    return np.where(none & np.isfinite(weights), 1.0, weights)


def _nonzero(values: Floats) -> Floats:
    """The values with one unit of rounding in place of 0, so that they can divide."""
    return np.where(values == 0, _EPS, values)


def _positive(weights: Floats) -> Floats:
    return np.where(weights > 0, weights, np.nan)
