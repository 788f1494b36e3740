"""Shares of weightings: how often an option ranks where, under all that is believed and stated.

SMAA-2 forces no weights on anybody: scores are drawn from their distributions and weights from the
set that was stated, and every index is a share of these draws, with its interval. Texts call rank
acceptability the share of weightings: it never says that a party accepts an option.

Lahdelma & Salminen (2001), "SMAA-2: stochastic multicriteria acceptability analysis for group
decision making", Operations Research 49(3):444-454; pairwise winning indices: Leskinen, Viljanen,
Kangas & Kangas (2006), "Alternatives to incomplete preference information in multicriteria decision
making", Forest Science 52(3):304-312. Tied options share the best rank, as in R ``smaa``.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.intervals import Shares, Stop, wilson
from detente.assessment.smaa.problem import Problem
from detente.assessment.smaa.tallies import Draws, Tally, chunks, confident, draws, tally, workers
from detente.assessment.weights.polytope import WeightSet
from detente.assessment.weights.sampling import How
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROUND = 2  # chunks after which the rule to stop is asked
CONFIDENCE_SAMPLES = 50_000  # half of an interval is 0.0044 at most


@dataclass(frozen=True, eq=False)
class Indices:
    """The indices of m options on n criteria over ``samples`` draws.

    ``acceptability`` (m, m) has the shares of weightings in which option i takes rank k + 1, and
    ``pairwise`` (m, m) those in which option i ranks before option j. ``central_weights`` (m, n)
    is the mean of the weights under which option i is first, ``central_errors`` its standard
    error; ``confidence`` (m,) the share of the first ``confidence_samples`` draws of the scores in
    which i is first under its central weights. They are NaN for an option that never is first.
    ``entropy`` is that of the rankings in bits, 0 where all are the same, and None for more than
    six options. ``undecided`` (m, m) tells pairs that cannot be told apart: neither wins in more
    than half of the weightings by the whole of its interval.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    samples: int
    drawn_by: How
    acceptability: Shares
    pairwise: Shares
    central_weights: Floats
    central_errors: Floats
    confidence: Shares
    confidence_samples: int
    entropy: float | None
    undecided: Flags

    @property
    def half_width(self) -> float:
        """Half of the widest interval of a share of weightings or a pairwise index."""
        return max(self.acceptability.half_width, self.pairwise.half_width)


def indices(
    problem: Problem,
    weights: WeightSet,
    *,
    seed: np.random.SeedSequence,
    stop: Stop = Stop(),  # noqa: B008 (frozen)
    threads: int = 1,
    confidence_samples: int = CONFIDENCE_SAMPLES,
) -> Indices:
    """Draw scores and weights until the intervals are narrow enough, and count.

    Parameters
    ----------
    problem
        Options, criteria, distributions of the scores, partial value functions.
    weights
        The set of weights; its criteria are those of the problem, in one order.
    seed
        Settles every draw; children of one seed make parties independent of each other.
    stop
        When there are samples enough.
    threads
        How many chunks are counted at a time; it changes no bit of the result.
    confidence_samples
        At most how many draws the confidence factors take, as each costs m times as much.

    Raises
    ------
    UsageError
        Where criteria differ, or the set of weights cannot be drawn from.

    Notes
    -----
    Scores are independent of each other and of the weights. Intervals take the draws as
    independent, which those of hit-and-run are but nearly. Memory grows as threads m^2, and where
    the set of weights is no simplex as threads n besides. Few samples are drawn by NumPy, many by
    compiled kernels, with the same bits.

    """
    if weights.criteria != problem.criteria:
        raise UsageError("The weights are of other criteria than the problem, or in another order.")
    drawn = draws(problem, weights, seed=seed, samples=stop.needed)
    with workers(threads) as pool:
        counted = _until(drawn, stop, pool)
        central, errors = _central(counted)
        taken = max(1, min(counted.samples, confidence_samples))
        one = partial(confident, drawn, samples=taken, central=central)
        first = sum(pool.map(one, chunks(taken)), np.zeros(len(central)))
    first[np.isnan(central[:, 0])] = np.nan
    pairwise = wilson(counted.wins, counted.samples, stop.level)
    decided = pairwise.low > 0.5
    return Indices(
        options=problem.options,
        criteria=problem.criteria,
        samples=counted.samples,
        drawn_by=drawn.sampler.how,
        acceptability=wilson(counted.ranks, counted.samples, stop.level),
        pairwise=pairwise,
        central_weights=central,
        central_errors=errors,
        confidence=wilson(first, taken, stop.level),
        confidence_samples=taken,
        entropy=_entropy(counted),
        undecided=~(decided | decided.T | np.eye(len(decided), dtype=np.bool_)),
    )


def _until(drawn: Draws, stop: Stop, pool: ThreadPoolExecutor) -> Tally:
    """Count round after round until the intervals are narrow enough."""
    every = chunks(stop.most)
    step = ROUND if stop.half_width else len(every)
    found: Tally | None = None
    for start in range(0, len(every), step):
        one = partial(tally, drawn, samples=stop.most)
        for part in pool.map(one, every[start : start + step]):
            found = part if found is None else found + part
        if found is not None and _enough(found, stop):
            break
    assert found is not None  # at least one sample is drawn
    return found


def _enough(found: Tally, stop: Stop) -> bool:
    counts = np.concatenate([found.ranks.ravel(), found.wins.ravel()])
    return wilson(counts, found.samples, stop.level).half_width <= stop.half_width


def _central(found: Tally) -> tuple[Floats, Floats]:
    """Mean weights (m, n) under which each option is first, and their standard errors."""
    times = found.ranks[:, :1].astype(np.float64)
    times[times == 0] = np.nan
    mean = found.sums[0] / times
    spread = np.maximum(found.sums[1] / times - mean**2, 0.0)
    return mean, np.sqrt(spread / times)


def _entropy(found: Tally) -> float | None:
    """-sum p log2 p over the rankings seen: Van Valkenhoef & Tervonen (2013), EURO 2013, Rome."""
    if not len(found.rankings):
        return None
    shares = found.rankings[found.rankings > 0] / found.samples
    return float(abs(np.sum(shares * np.log2(shares))))
