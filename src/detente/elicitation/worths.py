"""Priorities as worths: how strongly items are put before each other, with honest errors.

Bradley and Terry: item i is put before j with probability pi_i / (pi_i + pi_j). Davidson adds ties.
The likelihood needs the m x m counts alone, so the fit takes the same time for any number of
people. Standard errors are of one of two kinds, and a result names its own:

"model"
    from the Hessian of the likelihood: for comparisons that were each stated on their own.
"person"
    the sandwich over people, with Student's t: for pairs implied by rankings or choices from sets,
    which are not independent within a person, and for people who differ among themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, stdtr, stdtrit, xlogy

from detente.elicitation.comparisons import Comparisons
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Errors = Literal["model", "person"]
Ties = Literal["davidson", "half"]

_STEPS = 100
_CLOSE = 1e-7  # of a Newton step in log-worths; the next is of its square
_SMALLEST = 1e-8  # part of a step
_FEWEST_DRAWS = 100


@dataclass(frozen=True)
class Worths:
    """Worths of m items, with the covariance of their logarithms.

    ``log_worth`` (m,) is against ``reference``, or sums to zero where that is None; ``worth`` (m,)
    sums to one. ``covariance`` (m, m) belongs to ``log_worth``. ``freedom`` is infinite for errors
    of the model, people - 1 for errors by person. ``log_tie`` is Davidson's log nu, NaN without.
    """

    items: tuple[str, ...]
    log_worth: Floats
    worth: Floats
    covariance: Floats
    log_likelihood: float
    people: int
    errors: Errors
    freedom: float
    reference: str | None = None
    log_tie: float = float("nan")
    log_tie_se: float = float("nan")

    @property
    def se(self) -> Floats:
        """Standard errors of the log-worths (m,); 0 for the reference."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def interval(self, coverage: float = 0.9) -> Floats:
        """Central intervals of the log-worths (m, 2): estimate -+ t(freedom) se."""
        half = t_quantile(coverage, self.freedom) * self.se
        return np.stack([self.log_worth - half, self.log_worth + half], axis=1)

    def worth_interval(self, coverage: float = 0.9) -> Floats:
        """Intervals of the worths (m, 2), by the delta method on their log-odds.

        With w the worths, d logit w_i = (d theta_i - sum_j w_j d theta_j) / (1 - w_i), so that an
        interval stays within 0 and 1.
        """
        w = self.worth
        slope = (np.eye(len(w)) - w) / (1 - w)[:, None]
        spread = np.sqrt(np.maximum(np.diag(slope @ self.covariance @ slope.T), 0.0))
        middle = np.log(w) - np.log1p(-w)
        half = t_quantile(coverage, self.freedom) * spread
        return np.asarray(1 / (1 + np.exp(-np.stack([middle - half, middle + half], axis=1))))


def t_quantile(coverage: float, freedom: float) -> float:
    """Student's t that holds ``coverage`` between -+ itself; the normal's at infinity."""
    if not 0 < coverage < 1:
        raise UsageError(f"A coverage of {coverage:g} is not between 0 and 1.")
    return float(stdtrit(min(freedom, 1e10), (1 + coverage) / 2))


def worths(
    comparisons: Comparisons,
    *,
    reference: str | None = None,
    alpha: float = 0.0,
    ties: Ties = "davidson",
    errors: Errors | None = None,
) -> Worths:
    """The most likely worths, by Newton's method on the counts.

    P(i before j) = pi_i / D, P(tie) = nu sqrt(pi_i pi_j) / D, D = pi_i + pi_j + nu sqrt(pi_i pi_j);
    without any tie, or with ``ties="half"`` (a tie is half a win for each), nu = 0. ``alpha`` is
    the precision of a normal prior on the sum-zero log-worths: alpha / 2 times the sum of their
    squares is taken from the log-likelihood, which is reported without it.

    ``errors`` "model": inverse Hessian H. "person": H^-1 (P / (P - 1) sum_p u_p u_p') H^-1, u_p the
    score of person p. Left None, the first for stated pairs and the second for implied ones.

    Raises
    ------
    UsageError
        Where alpha is 0 and no finite maximum exists, with the reason; where the reference is no
        item, alpha is negative, or errors by person are asked of fewer than two people.

    References
    ----------
    Bradley & Terry (1952), Biometrika 39(3/4):324-345. Ford (1957), American Mathematical Monthly
    64(8):28-33. Davidson (1970), JASA 65(329):317-328. Liang & Zeger (1986), Biometrika
    73(1):13-22.

    """
    if reference is not None and reference not in comparisons.items:
        raise UsageError(f"The reference `{reference}` is no item.")
    if not 0 <= alpha < np.inf:
        raise UsageError(f"A prior precision of {alpha:g} is not 0 or more.")
    kind = errors or ("model" if comparisons.basis == "stated" else "person")
    wins, level = _pooled(comparisons, ties)
    if alpha == 0:
        reason = no_maximum(comparisons.items, wins + level)
        if reason:
            raise UsageError(reason)
    fitted = _newton(wins, level, alpha)
    inverse = fitted.inverse
    people = _present(comparisons)
    if kind == "person":
        inverse = _sandwich(inverse, scores(comparisons, fitted, ties)[people])
    return _result(comparisons, fitted, inverse, kind, int(people.sum()), reference)


@dataclass(frozen=True)
class Fit:
    """A maximum: theta (m,) sums to zero, tie is log nu or -inf, hessian has a row more with ties.

    ``hessian`` is of minus the penalised log-likelihood.
    """

    theta: Floats
    tie: float
    log_likelihood: float
    hessian: Floats

    @property
    def inverse(self) -> Floats:
        """The inverse of the Hessian within sum-zero log-worths, of its own shape."""
        m = len(self.theta)
        inside = np.eye(len(self.hessian))
        inside[:m, :m] -= 1 / m
        return np.asarray(inside @ np.linalg.inv(_grounded(self.hessian, m)) @ inside)


def scores(comparisons: Comparisons, at: Fit, ties: Ties = "davidson") -> Floats:
    """Every person's gradient of the log-likelihood (P, m), or (P, m + 1) with log nu."""
    wins, level = _counts(comparisons, ties)
    before, tie = _chances(at.theta, at.tie)
    played = wins + wins.swapaxes(-1, -2) + level
    u = (wins + level / 2 - played * (before + tie / 2)).sum(axis=2)
    if np.isinf(at.tie):
        return np.asarray(u)
    v = (level - played * tie).sum(axis=(1, 2)) / 2
    return np.concatenate([u, v[:, None]], axis=1)


def maximum(comparisons: Comparisons, *, alpha: float = 0.0, ties: Ties = "davidson") -> Fit | None:
    """The maximum alone, without errors; None where there is no finite one."""
    wins, level = _pooled(comparisons, ties)
    if alpha == 0 and no_maximum(comparisons.items, wins + level):
        return None
    return _newton(wins, level, alpha)


def no_maximum(items: Sequence[str], beats: Floats) -> str:
    """Why log-worths would grow without bound; empty where the maximum is finite and unique.

    It is where, in every division of the items into two sets, some item of the one was put before,
    or level with, one of the other: the graph ``beats`` (m, m) is strongly connected (Ford 1957).
    """
    for low in (_reached(beats > 0), ~_reached(beats.T > 0)):
        if low.any() and not low.all():
            return (
                f"No finite worths: nobody put any of {_some(items, low)} before or level with any "
                f"of {_some(items, ~low)}. Give a prior (alpha > 0), or leave items out."
            )
    return ""


def _reached(edges: Bools) -> Bools:
    """The items that a path leads to from the first."""
    reached = np.zeros(len(edges), dtype=bool)
    reached[0] = True
    while True:
        wider = reached | edges[reached].any(axis=0)
        if np.array_equal(wider, reached):
            return reached
        reached = wider


def _some(items: Sequence[str], chosen: Bools) -> str:
    names = [item for item, taken in zip(items, chosen, strict=True) if taken]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _counts(comparisons: Comparisons, ties: Ties) -> tuple[Floats, Floats]:
    if ties == "davidson":
        return comparisons.wins, comparisons.ties
    return comparisons.wins + comparisons.ties / 2, np.zeros_like(comparisons.ties)


def _pooled(comparisons: Comparisons, ties: Ties) -> tuple[Floats, Floats]:
    wins, level = (one.sum(axis=0) for one in _counts(comparisons, ties))
    if level.any() and not wins.any():
        raise UsageError("All comparisons are ties: there is nothing to tell the items apart.")
    return wins, level


def _present(comparisons: Comparisons) -> Bools:
    """Who compared anything at all."""
    return np.asarray((comparisons.wins + comparisons.ties).any(axis=(1, 2)))


def _chances(theta: Floats, tie: float) -> tuple[Floats, Floats]:
    """P(row before column) and P(tie), each (m, m)."""
    gap = theta[:, None] - theta
    if np.isinf(tie):
        return expit(gap), np.zeros_like(gap)
    side, middle = np.abs(gap) / 2, np.exp(tie)
    # All three parts over that of the stronger item: nothing overflows.
    even, less = middle * np.exp(-side), np.exp(-2 * side)
    total = 1 + less + even
    return np.where(gap > 0, 1.0, less) / total, even / total


def _log_likelihood(wins: Floats, level: Floats, chances: tuple[Floats, Floats]) -> float:
    before, even = chances
    return float(np.vdot(wins, np.log(before)) + xlogy(level, even).sum() / 2)


@dataclass(frozen=True)
class _Point:
    """Where Newton stands: sum-zero log-worths, log nu, chances, and the objective."""

    theta: Floats
    tie: float
    chances: tuple[Floats, Floats]
    value: float


def _point(wins: Floats, level: Floats, theta: Floats, tie: float, alpha: float) -> _Point:
    chances = _chances(theta, tie)
    value = _log_likelihood(wins, level, chances) - alpha / 2 * float(theta @ theta)
    return _Point(theta, tie, chances, value)


def _newton(wins: Floats, level: Floats, alpha: float) -> Fit:
    """Newton's method, with steps halved until they ascend; the likelihood is concave."""
    m, played = len(wins), wins + wins.T + level
    share = level.sum() / max(played.sum(), 1.0)
    tie = float(np.log(2 * share / (1 - share))) if share else -np.inf
    at = _point(wins, level, np.zeros(m), tie, alpha)
    for _ in range(_STEPS):
        gradient, hessian = _slopes(wins, level, played, at, alpha)
        step = np.linalg.solve(_grounded(hessian, m), gradient)
        step[:m] -= step[:m].mean()
        size = 1.0
        while size > _SMALLEST:
            tie = at.tie + size * float(step[m]) if len(step) > m else at.tie
            new = _point(wins, level, at.theta + size * step[:m], tie, alpha)
            if new.value >= at.value - 1e-12 * abs(at.value):
                at = new
                break
            size /= 2
        if np.abs(size * step).max() < _CLOSE:
            break
    _, hessian = _slopes(wins, level, played, at, alpha)
    return Fit(at.theta, at.tie, _log_likelihood(wins, level, at.chances), hessian)


def _slopes(
    wins: Floats, level: Floats, played: Floats, at: _Point, alpha: float
) -> tuple[Floats, Floats]:
    """Gradient and minus Hessian.

    With y = +-1/2 for a win and 0 for a tie, p = P(win) and q = P(tie),
    var y = (1 - q) / 4 - (p + q / 2 - 1 / 2)^2, cov(y, tie) = -q E y, var tie = q (1 - q).
    """
    before, even = at.chances
    mean = before + even / 2 - 0.5
    gradient = (wins + level / 2 - played * (mean + 0.5)).sum(axis=1) - alpha * at.theta
    spread = played * ((1 - even) / 4 - mean**2)
    hessian = np.diag(spread.sum(axis=1) + alpha) - spread
    if np.isinf(at.tie):
        return gradient, hessian
    across = -(played * even * mean).sum(axis=1)
    own = (played * even * (1 - even)).sum() / 2
    gradient = np.append(gradient, (level - played * even).sum() / 2)
    return gradient, np.block([[hessian, across[:, None]], [across[None, :], np.array([[own]])]])


def _grounded(hessian: Floats, m: int) -> Floats:
    """The Hessian with weight on the one direction, all log-worths alike, that data leave open."""
    scale = max(float(np.trace(hessian[:m, :m])) / m, 1e-300)
    full = hessian.copy()
    full[:m, :m] += scale / m
    return full


def _sandwich(inverse: Floats, score: Floats) -> Floats:
    people = len(score)
    if people < 2:
        raise UsageError("Errors by person need at least two people who compared anything.")
    centred = score - score.mean(axis=0)  # off zero only by the prior
    return np.asarray(inverse @ (centred.T @ centred) @ inverse * people / (people - 1))


def _result(
    comparisons: Comparisons,
    fitted: Fit,
    covariance: Floats,
    kind: Errors,
    people: int,
    reference: str | None,
) -> Worths:
    m = len(comparisons.items)
    against = np.eye(m)
    if reference is not None:
        against[:, comparisons.items.index(reference)] -= 1
    share = np.exp(fitted.theta - fitted.theta.max())
    with_ties = np.isfinite(fitted.tie)
    return Worths(
        items=comparisons.items,
        log_worth=against @ fitted.theta,
        worth=share / share.sum(),
        covariance=against @ covariance[:m, :m] @ against.T,
        log_likelihood=fitted.log_likelihood,
        people=people,
        errors=kind,
        freedom=float(people - 1) if kind == "person" else float("inf"),
        reference=reference,
        log_tie=fitted.tie if with_ties else float("nan"),
        log_tie_se=float(np.sqrt(covariance[m, m])) if with_ties else float("nan"),
    )


# --- ranks --------------------------------------------------------------------------------------


def draws(fit: Worths, *, rng: np.random.Generator, count: int = 10_000) -> Floats:
    """Log-worths (count, m) from their normal approximation; multivariate t for errors by person.

    z = theta + V^(1/2) g / sqrt(c / freedom), g standard normal, c chi-square with ``freedom``.
    """
    if count < _FEWEST_DRAWS:
        raise UsageError(f"{count} draws are too few: take at least {_FEWEST_DRAWS}.")
    return fit.log_worth + _noise(fit, rng, count)


def _noise(fit: Worths, rng: np.random.Generator, count: int) -> Floats:
    values, vectors = np.linalg.eigh(fit.covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
    noise = rng.standard_normal((count, len(values))) @ root
    if np.isfinite(fit.freedom):
        noise /= np.sqrt(rng.chisquare(fit.freedom, size=count) / fit.freedom)[:, None]
    return np.asarray(noise)


def rank_intervals(
    fit: Worths, *, rng: np.random.Generator, coverage: float = 0.9, count: int = 10_000
) -> NDArray[np.int64]:
    """Simultaneous intervals of the ranks (m, 2), 1 for the largest worth.

    All pairwise differences are tested at once against c, the ``coverage`` quantile of
    max_ij |d_ij| / se(d_ij) under equal worths (Tukey's studentised range with the fit's own
    covariance, from draws; t where errors are by person). The best rank of i is 1 + the number of
    items that are significantly above i, the worst m - the number significantly below. All m
    intervals hold their ranks together with probability of at least ``coverage``.

    References
    ----------
    Mohamad, Goeman & van Zwet (2019), "An improvement of Tukey's HSD with application to ranking
    institutions", arXiv:1708.02428, with the single-step (Tukey) procedure.

    """
    if count < _FEWEST_DRAWS:
        raise UsageError(f"{count} draws are too few: take at least {_FEWEST_DRAWS}.")
    se = _difference_se(fit.covariance)
    noise = _noise(fit, rng, count)
    largest = np.zeros(count)
    for i in range(len(se) - 1):
        gap = np.abs(noise[:, i + 1 :] - noise[:, i : i + 1]) / se[i, i + 1 :]
        largest = np.maximum(largest, gap.max(axis=1))
    critical = np.quantile(largest, coverage)
    above = (fit.log_worth[:, None] - fit.log_worth[None, :]) / se > critical
    best, worst = 1 + above.sum(axis=0), len(se) - above.sum(axis=1)
    return np.stack([best, worst], axis=1).astype(np.int64)


def _difference_se(covariance: Floats) -> Floats:
    own = np.diag(covariance)
    variance = own[:, None] + own[None, :] - 2 * covariance
    # A difference without any variance is told by any gap; the diagonal is never told.
    se = np.sqrt(np.maximum(variance, 1e-24))
    np.fill_diagonal(se, np.inf)
    return np.asarray(se)


def chance_among_first(
    fit: Worths, k: int, *, rng: np.random.Generator, count: int = 10_000
) -> Floats:
    """The share of draws (m,) in which each item is among the ``k`` with the largest worths."""
    m = len(fit.items)
    if not 1 <= k <= m:
        raise UsageError(f"The first {k} of {m} items: take 1 to {m}.")
    drawn = draws(fit, rng=rng, count=count)
    first = np.argpartition(-drawn, k - 1, axis=1)[:, :k]
    return np.bincount(first.ravel(), minlength=m) / count


def chance_first_in_all(
    fits: Sequence[Worths], k: int, *, rng: np.random.Generator, count: int = 10_000
) -> Floats:
    """The probability (m,) that an item is among the first ``k`` in every group.

    The product over groups of `chance_among_first`: the panels are independent. The groups take
    their draws from ``rng`` in the order given.

    Raises
    ------
    UsageError
        Where there is no group, or groups have different items.

    """
    if not fits or len({fit.items for fit in fits}) != 1:
        raise UsageError("Groups need worths of the same items, in the same order.")
    chances = [chance_among_first(fit, k, rng=rng, count=count) for fit in fits]
    return np.asarray(np.prod(chances, axis=0))


def two_sided(t: Floats, freedom: Floats | float) -> Floats:
    """P(|T| > |t|) for Student's t with ``freedom``."""
    return np.asarray(2 * stdtr(np.minimum(freedom, 1e10), -np.abs(t)))
