"""Stochastic acceptability (SMAA-2) from samples of partial values and weights that are given.

No weight vector is forced on anybody. Over samples of the partial values and of the weights, an
option's index is the share of samples in which it takes a rank. The word is the method's own: rank
acceptability says how often an option ranks k-th, never that a party accepts it.

Lahdelma & Salminen (2001), "SMAA-2: stochastic multicriteria acceptability analysis for group
decision making", Operations Research 49(3):444-454. Ties share the best rank, as in R ``smaa``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Ranks = NDArray[np.int32]

_BATCH = 1 << 17  # partial values taken at a time: they stay in the cache


@dataclass(frozen=True)
class SmaaResult:
    """The indices of m options on n criteria.

    ``acceptability`` (m, m) is the share of samples in which option i takes rank k + 1;
    ``central_weights`` (m, n) the mean of the weights under which option i is first;
    ``confidence`` (m,) the share of samples in which it is first under these weights;
    ``pairwise`` (m, m) the share of samples in which option i ranks before option j.
    An option that is never first has NaN central weights and NaN confidence.
    """

    acceptability: Floats
    central_weights: Floats
    confidence: Floats
    pairwise: Floats


def rank_acceptability(values: Floats, weights: Floats) -> SmaaResult:
    """Compute the SMAA-2 indices from samples of partial values and weights.

    Parameters
    ----------
    values : (N, m, n) array
        Partial values of m options on n criteria in N samples, higher is better.
    weights : (N, n) array
        One weight vector per sample.

    Raises
    ------
    UsageError
        If the shapes do not fit, or a number is not finite.

    Notes
    -----
    Memory beyond the samples themselves grows as N m, time as N m (m n + log m).
    Lahdelma & Salminen (2001) for the first three; the pairwise winning index as the manual of R
    ``smaa`` defines it.
    """
    ranks = sample_ranks(values, weights)
    central = _central_weights(ranks == 1, weights)
    by_option = np.ascontiguousarray(ranks.T)
    return SmaaResult(
        acceptability=_shares(by_option),
        central_weights=central,
        confidence=_confidence(values, central),
        pairwise=_pairwise(by_option),
    )


def sample_ranks(values: Floats, weights: Floats) -> Ranks:
    """Rank the options in every sample by their weighted value; (N, m), 1 is best.

    rank_i = 1 + number of options j with sum_k w_k v_jk strictly above sum_k w_k v_ik.
    Parameters and errors as in `rank_acceptability`.
    """
    _check(values, weights)
    size, options, criteria = values.shape
    ranks = np.empty((size, options), dtype=np.int32)
    for batch in _batches(size, options * criteria):
        ranks[batch] = _rank_rows(_worth("bmn,bn->bm", values[batch], weights[batch]))
    return ranks


def ranking_entropy(ranks: Ranks) -> float:
    """Entropy, in bits, of the rankings (N, m) that were sampled: 0 where all are the same.

    H = -sum p log2 p over the distinct rankings. Van Valkenhoef & Tervonen (2013), "Optimal weight
    constraint elicitation for additive multi-attribute utility models", EURO 2013, Rome.
    """
    _, counts = np.unique(ranks, axis=0, return_counts=True)
    shares = counts / len(ranks)
    return float(abs(np.sum(shares * np.log2(shares))))


def _check(values: Floats, weights: Floats) -> None:
    if values.ndim != 3 or 0 in values.shape:
        raise UsageError(f"values need the shape (N, m, n), none of them 0, not {values.shape}")
    if weights.shape != (values.shape[0], values.shape[2]):
        expected = (values.shape[0], values.shape[2])
        raise UsageError(f"weights need the shape {expected}, not {weights.shape}")
    if not (np.isfinite(values).all() and np.isfinite(weights).all()):
        raise UsageError("values and weights must be finite")


def _batches(size: int, width: int) -> Iterator[slice]:
    rows = max(1, _BATCH // width)
    return (slice(start, start + rows) for start in range(0, size, rows))


def _worth(formula: str, values: Floats, weights: Floats) -> Floats:
    # Unlike a matrix product, einsum sums every option in one order: equal options tie exactly.
    worth: Floats = np.einsum(formula, values, weights)
    return worth


def _rank_rows(total: Floats) -> Ranks:
    order = np.argsort(-total, axis=1, kind="stable")
    worth = np.take_along_axis(total, order, axis=1)
    places = np.broadcast_to(np.arange(1, total.shape[1] + 1, dtype=np.int32), total.shape).copy()
    places[:, 1:][worth[:, 1:] == worth[:, :-1]] = 0  # a tie takes over the place before it
    np.maximum.accumulate(places, axis=1, out=places)
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, places, axis=1)
    return ranks


def _shares(by_option: Ranks) -> Floats:
    options, size = by_option.shape
    counts = [np.bincount(ranks, minlength=options + 1)[1:] for ranks in by_option]
    shares: Floats = np.array(counts) / size
    return shares


def _pairwise(by_option: Ranks) -> Floats:
    wins = [[np.count_nonzero(own < rival) for rival in by_option] for own in by_option]
    shares: Floats = np.array(wins) / by_option.shape[1]
    return shares


def _central_weights(first: NDArray[np.bool_], weights: Floats) -> Floats:
    central = np.full((first.shape[1], weights.shape[1]), np.nan)
    for option in np.flatnonzero(first.any(axis=0)):
        central[option] = weights[first[:, option]].mean(axis=0)
    return central


def _confidence(values: Floats, central: Floats) -> Floats:
    size, options, criteria = values.shape
    ever_first = np.flatnonzero(~np.isnan(central[:, 0]))
    wins: Floats = np.where(np.isnan(central[:, 0]), np.nan, 0.0)
    for batch in _batches(size, options * criteria):
        by_criterion = np.ascontiguousarray(values[batch].transpose(2, 1, 0))
        for option in ever_first:
            total = _worth("nmb,n->mb", by_criterion, central[option])
            wins[option] += np.count_nonzero(total[option] == total.max(axis=0))
    wins /= size
    return wins
