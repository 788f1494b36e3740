"""From three-point answers to one probability a question: the methods of the R package aggreCAT.

All take `Ratings` of one or two rounds and give an array (questions,); the last round counts. A
question that nobody answered has NaN. `METHODS` has them by the names of the papers; BayTriVar and
BayPRIORsAgg, which need Markov chains, are not among them.

References
----------
Hanea, Wilkinson, McBride et al. (2021), "Mathematically aggregating experts' predictions of
possible futures", PLOS ONE 16(9):e0256919.

Gould, Willcox, Fraser et al., the R package aggreCAT (MIT), whose published values these give.

"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, expit, logit

from detente.elicitation.idea import weights as by
from detente.elicitation.idea.ratings import Ratings
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Method = Callable[[Ratings], Floats]

SHAPE = 6.0  # of the beta distribution that extremises a mean
PUBLISHED_TOLERANCE = 2.0**-13  # where R's root finder stops by default, to which values stand
_EPS = 2.0**-52
_LEVELS = (0.0, 0.05, 0.5, 0.95, 1.0)


def weighted_mean(best: Floats, weights: Floats) -> Floats:
    """The sum of w B / the sum of w over the people, shape (questions,).

    Parameters
    ----------
    best, weights
        Shape (people, questions); who lacks either is left out. Where all weights on a question
        are 0 they are equal.

    """
    said = np.isfinite(best) & np.isfinite(weights)
    shares = np.where(said, by.equal_where_none(np.where(said, weights, np.nan)), 0.0)
    total = shares.sum(axis=0)
    mean = (shares * np.where(said, best, 0.0)).sum(axis=0) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, np.nan)


def mean(best: Floats) -> Floats:
    """ArMean: the arithmetic mean over the people."""
    return weighted_mean(best, np.ones_like(best))


def median(best: Floats) -> Floats:
    """Median: the median over the people."""
    return np.array([np.median(said) if said.size else np.nan for said in _columns(best)])


def mean_log_odds(best: Floats) -> Floats:
    """LOArMean: logit^-1 of the mean of logit B, with 0 and 1 moved inwards by 2^-52."""
    return np.asarray(expit(mean(logit(np.clip(best, _EPS, 1 - _EPS)))))


def extremised_mean(best: Floats, *, shape: float = SHAPE) -> Floats:
    """BetaArMean: the beta(shape, shape) distribution function of the mean.

    References
    ----------
    Satopaa, Baron, Foster et al. (2014), "Combining multiple probability predictions using a
    simple logit model", International Journal of Forecasting 30(2):344-356.

    """
    return np.asarray(betainc(shape, shape, mean(best)))


def median_of_mixture(answers: Floats, *, tolerance: float = 1e-15) -> Floats:
    """DistribArMean: the median of the equal mixture of everybody's piecewise uniform distribution.

    A person's has 5, 50 and 95 % at lowest, best and highest, and ends at 0 and 1. The root is
    bracketed by Brent's method until it is known to ``tolerance``.
    """
    from scipy.optimize import brentq

    def root(claim: Floats) -> float:
        ordered = _inside(claim)
        knots = np.pad(ordered, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))

        def excess(x: float) -> float:
            return float(np.mean([np.interp(x, row, _LEVELS) for row in knots])) - 0.5

        end = 1 - _EPS  # one step short of 1, as where the published values start
        if excess(0.0) >= 0 or excess(end) <= 0:  # most people are certain
            return 0.0 if excess(0.0) >= 0 else 1.0
        return float(brentq(excess, 0.0, end, xtol=tolerance, rtol=4 * _EPS))

    said = [np.isfinite(claim).all(axis=1) for claim in np.moveaxis(answers, 1, 0)]
    claims = zip(np.moveaxis(answers, 1, 0), said, strict=True)
    return np.array([root(claim[rows]) if rows.any() else np.nan for claim, rows in claims])


def _inside(claim: Floats) -> Floats:
    """Lowest, best and highest in order, and strictly within 0 and 1 at the ends."""
    low, best, high = claim.T
    low = np.minimum(np.where(low == 0, _EPS, low), best)
    high = np.maximum(np.where(high == 1, 1 - _EPS, high), best)
    return np.stack([low, best, high], axis=1)


def _columns(best: Floats) -> list[Floats]:
    return [column[np.isfinite(column)] for column in best.T]


def _of_best(kernel: Callable[[Floats], Floats], ratings: Ratings) -> Floats:
    return kernel(ratings.best)


def _weighted(weight: Callable[[Floats], Floats], ratings: Ratings) -> Floats:
    return weighted_mean(ratings.best, weight(ratings.last))


def _weighted_by_best(weight: Callable[[Floats], Floats], ratings: Ratings) -> Floats:
    return weighted_mean(ratings.best, weight(ratings.best))


def _all_interval_weights(answers: Floats) -> Floats:
    return _interval_and_asymmetry(answers) * by.equal_where_none(by.variety_of_width(answers))


def _interval_and_asymmetry(answers: Floats) -> Floats:
    asymmetric = by.equal_where_none(by.asymmetry(answers))
    return np.asarray(by.own_narrowness(answers) * asymmetric)


def _shifted(ratings: Ratings) -> Floats:
    if len(ratings.rounds) < 2:
        raise UsageError("ShiftWAgg needs two rounds.")
    return weighted_mean(ratings.best, by.shift(ratings.answers[0], ratings.last))


def _outliers(ratings: Ratings) -> Floats:
    return weighted_mean(ratings.best, by.closeness(ratings.best, median(ratings.best)))


def _comprehension(ratings: Ratings) -> Floats:
    return _supplied(ratings, ratings.comprehension[-1])


def _engagement(ratings: Ratings) -> Floats:
    return _supplied(ratings, _needed(ratings.words, "EngWAgg", "words of justification"))


def _quiz(ratings: Ratings) -> Floats:
    scores = _needed(ratings.quiz, "QuizWAgg", "quiz scores")
    return _supplied(ratings, np.broadcast_to(scores[:, None], ratings.best.shape))


def _reasoned(name: str, weight: Callable[[Floats], Floats], ratings: Ratings) -> Floats:
    return _supplied(ratings, weight(_needed(ratings.reasons, name, "coded reasons")))


def _supplied(ratings: Ratings, weights: Floats) -> Floats:
    """The mean by weights of which a question may lack all: the mean log-odds stands there."""
    known = (np.isfinite(weights) & np.isfinite(ratings.best)).any(axis=0)
    return np.where(known, weighted_mean(ratings.best, weights), mean_log_odds(ratings.best))


def _needed(values: Floats | None, name: str, what: str) -> Floats:
    if values is None:
        raise UsageError(f"{name} needs {what}, and the ratings have none.")
    return values


def _mixture(ratings: Ratings) -> Floats:
    return median_of_mixture(ratings.last, tolerance=PUBLISHED_TOLERANCE)


METHODS: dict[str, Method] = {
    "ArMean": partial(_of_best, mean),
    "Median": partial(_of_best, median),
    "LOArMean": partial(_of_best, mean_log_odds),
    "BetaArMean": partial(_of_best, extremised_mean),
    "DistribArMean": _mixture,
    "IntWAgg": partial(_weighted, by.narrowness),
    "IndIntWAgg": partial(_weighted, by.own_narrowness),
    "AsymWAgg": partial(_weighted, by.asymmetry),
    "IndIntAsymWAgg": partial(_weighted, _interval_and_asymmetry),
    "VarIndIntWAgg": partial(_weighted, by.variety_of_width),
    "KitchSinkWAgg": partial(_weighted, _all_interval_weights),
    "DistLimitWAgg": partial(_weighted_by_best, by.decidedness),
    # without slack, as the published values were computed
    "GranWAgg": partial(_weighted_by_best, partial(by.granularity, slack=0.0)),
    "OutWAgg": _outliers,
    "ShiftWAgg": _shifted,
    "CompWAgg": _comprehension,
    "EngWAgg": _engagement,
    "QuizWAgg": _quiz,
    "ReasonWAgg": partial(_reasoned, "ReasonWAgg", by.number_of_reasons),
    "ReasonWAgg2": partial(_reasoned, "ReasonWAgg2", by.variety_of_reasons),
}
