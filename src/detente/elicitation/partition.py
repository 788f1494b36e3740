"""Who prioritises differently: declared groups against each other, and groups found from the data.

`contrast` compares groups that were declared; `tree` looks for groups among covariates of people,
by testing whether one set of worths holds for all and splitting where it holds least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc, gammaincc, gammaln

from detente.elicitation.comparisons import Comparisons
from detente.elicitation.worths import (
    Errors,
    Ties,
    Worths,
    maximum,
    scores,
    t_quantile,
    two_sided,
    worths,
)
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Covariate = Sequence[str] | Sequence[float]

MOST_LEVELS = 10  # 511 ways to split them in two
PERMUTATION = "score by permutation"
TRIM = 0.1  # the ends of an ordering, where a process tells little
_NEVER = 1e-10  # of the largest eigenvalue: directions in which no score varies


@dataclass(frozen=True)
class Test:
    """A statistic against its distribution under one set of worths for all.

    ``freedom`` is of the numerator, ``within`` of the denominator of an F, infinite for chi-square.
    """

    name: str
    statistic: float
    freedom: int
    within: float
    p: float

    __test__ = False


@dataclass(frozen=True)
class Difference:
    """The log-worth of an item in group ``a`` less that in group ``b``, with its interval.

    Log-worths sum to zero in each group: an item stands higher or lower among the items. ``tells``
    is True where the interval does not hold 0.
    """

    item: str
    a: str
    b: str
    low: float
    mid: float
    high: float
    p: float
    tells: bool


@dataclass(frozen=True)
class Contrast:
    """Groups against each other: the fits, both tests and every item's differences.

    ``used`` names the test that holds for these comparisons: the likelihood ratio for stated pairs,
    Wald by person for implied ones, where the ratio counts a person's implied pairs as if they were
    independent. ``wald`` is None where a group has too few people for it; then `permutation` holds.
    """

    groups: tuple[str, ...]
    fits: tuple[Worths, ...]
    common: Worths
    likelihood_ratio: Test
    wald: Test | None
    used: str
    differences: tuple[Difference, ...]


def contrast(
    comparisons: Comparisons,
    groups: Sequence[str],
    *,
    alpha: float = 0.0,
    ties: Ties = "davidson",
    errors: Errors | None = None,
    coverage: float = 0.9,
) -> Contrast:
    """Test whether ``groups``, one name for each person, put the items in the same order.

    Likelihood ratio: 2 (sum_g l_g - l), chi-square with (G - 1)(m - 1) degrees of freedom, and
    G - 1 more with ties. Wald by person: W = sum_g (t_g - t)' V_g^-1 (t_g - t) over sum-zero
    log-worths, V_g the sandwich by person, t their V^-1-weighted mean; W (n - q + 1) / (n q) is
    read as F with q = (G - 1)(m - 1) and n - q + 1 degrees of freedom, n = people - G, as in
    Hotelling's T-square. An item's difference is Welch's, with ``errors`` as in `worths`.

    Raises
    ------
    UsageError
        Where names and people differ in number, there are fewer than two groups, or a group has no
        finite worths; as in `worths`.

    References
    ----------
    Wilks (1938), Annals of Mathematical Statistics 9(1):60-62. Hotelling (1931), Annals of
    Mathematical Statistics 2(3):360-378. Welch (1947), Biometrika 34(1-2):28-35.

    """
    names = _groups(comparisons, groups)
    parts = [comparisons.of([group == name for group in groups]) for name in names]
    common = worths(comparisons, alpha=alpha, ties=ties, errors=errors)
    fits = tuple(
        _named(part, name, alpha, ties, errors) for part, name in zip(parts, names, strict=True)
    )
    robust = [
        worths(part, alpha=alpha, ties=ties, errors="person") if fit.people > 1 else fit
        for part, fit in zip(parts, fits, strict=True)
    ]
    wald = _wald(robust)
    return Contrast(
        groups=names,
        fits=fits,
        common=common,
        likelihood_ratio=_likelihood_ratio(fits, common),
        wald=wald,
        used="likelihood ratio" if common.errors == "model" else wald.name if wald else PERMUTATION,
        differences=tuple(_differences(names, fits, coverage)),
    )


def permutation(
    comparisons: Comparisons,
    groups: Sequence[str],
    *,
    rng: np.random.Generator,
    count: int = 999,
    alpha: float = 0.0,
    ties: Ties = "davidson",
) -> Test:
    """Test as `contrast` does, for panels of any size, by handing the names round ``count`` times.

    Statistic: the score test sum_g S_g' H^-1 S_g P / n_g, S_g the sum of the scores of the n_g
    people of group g at the common fit, H its Hessian. p = (1 + those at least as large) / (count +
    1) is exact where people are exchangeable, whatever the dependence within a person. Only the
    common worths need to be finite. Errors as in `contrast`.

    References
    ----------
    Phipson & Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9(1):39.

    """
    names = _groups(comparisons, groups)
    common = maximum(comparisons, alpha=alpha, ties=ties)
    if common is None or count < 1:
        raise UsageError("Take one permutation or more, and a prior where no worths are finite.")
    present = _there(comparisons)
    score, inverse = scores(comparisons, common, ties)[present], common.inverse
    member = np.array(
        [[groups[int(p)] == name for p in present] for name in names], dtype=np.float64
    )
    if not member.any(axis=1).all():
        raise UsageError("A group has nobody who compared anything.")
    shares = member.mean(axis=1)[:, None]

    def statistic(order: Whole) -> float:
        sums = member @ score[order]
        return float(np.sum((sums @ inverse) * sums / shares))

    own = statistic(np.arange(len(score)))
    others = np.array([statistic(rng.permutation(len(score))) for _ in range(count)])
    p = (1 + int(np.sum(others >= own * (1 - 1e-9)))) / (count + 1)
    return Test(PERMUTATION, own, (len(names) - 1) * (score.shape[1] - 1), float("inf"), p)


def _there(comparisons: Comparisons) -> Whole:
    """The indices of those who compared anything at all."""
    return np.flatnonzero((comparisons.wins + comparisons.ties).any(axis=(1, 2)))


def _groups(comparisons: Comparisons, groups: Sequence[str]) -> tuple[str, ...]:
    if len(groups) != len(comparisons.persons):
        raise UsageError(f"{len(groups)} groups are named for {len(comparisons.persons)} people.")
    names = tuple(sorted(set(groups)))
    if len(names) < 2:
        raise UsageError("A contrast needs at least two groups.")
    return names


def _named(part: Comparisons, name: str, alpha: float, ties: Ties, errors: Errors | None) -> Worths:
    try:
        return worths(part, alpha=alpha, ties=ties, errors=errors)
    except UsageError as error:
        raise UsageError(f"Group `{name}`: {error}") from error


def _likelihood_ratio(fits: Sequence[Worths], common: Worths) -> Test:
    gain = 2 * (sum(fit.log_likelihood for fit in fits) - common.log_likelihood)
    freedom = (len(fits) - 1) * (len(common.items) - 1 + int(np.isfinite(common.log_tie)))
    p = float(gammaincc(freedom / 2, max(gain, 0.0) / 2))
    return Test("likelihood ratio", gain, freedom, float("inf"), p)


def _wald(fits: Sequence[Worths]) -> Test | None:
    """None where a sandwich is singular or nothing is left for the denominator."""
    k = len(fits[0].items) - 1
    q, n = (len(fits) - 1) * k, sum(fit.people for fit in fits) - len(fits)
    if min(fit.people for fit in fits) <= k or n - q + 1 <= 0:
        return None
    # Log-worths against the last item; the statistic is the same against any.
    against = np.hstack([np.eye(k), -np.ones((k, 1))])
    spreads = [against @ fit.covariance @ against.T for fit in fits]
    if min(np.linalg.matrix_rank(spread, hermitian=True) for spread in spreads) < k:
        return None
    weights = [np.linalg.inv(spread) for spread in spreads]
    own = [against @ fit.log_worth for fit in fits]
    pull = np.sum([v @ t for v, t in zip(weights, own, strict=True)], axis=0)
    mean = np.linalg.solve(np.sum(weights, axis=0), pull)
    gaps = [t - mean for t in own]
    statistic = float(sum(d @ v @ d for d, v in zip(gaps, weights, strict=True)))
    within = n - q + 1
    return Test(
        "Wald by person", statistic, q, within, float(fdtrc(q, within, statistic * within / n / q))
    )


def _differences(
    names: Sequence[str], fits: Sequence[Worths], coverage: float
) -> Iterator[Difference]:
    for a, b in combinations(range(len(names)), 2):
        u, v = fits[a].se ** 2, fits[b].se ** 2
        freedom = (u + v) ** 2 / (u**2 / fits[a].freedom + v**2 / fits[b].freedom + 1e-300)
        gap, se = fits[a].log_worth - fits[b].log_worth, np.sqrt(u + v)
        p = two_sided(gap / se, freedom)
        for i, item in enumerate(fits[a].items):
            half = t_quantile(coverage, float(freedom[i])) * se[i]
            low, high = float(gap[i] - half), float(gap[i] + half)
            tells = low > 0 or high < 0
            yield Difference(item, names[a], names[b], low, float(gap[i]), high, float(p[i]), tells)


# --- groups found -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Instability:
    """How far worths drift along a covariate; ``adjusted`` is p times the covariates (Bonferroni).

    ``kind`` is "chi-square" for names and "supLM" for numbers.
    """

    covariate: str
    kind: str
    statistic: float
    freedom: int
    p: float
    adjusted: float


@dataclass(frozen=True)
class Split:
    """The left branch: numbers of at most ``at``, or one of the ``names``; all others go right."""

    covariate: str
    at: float | None
    names: tuple[str, ...]
    log_likelihood: float

    def words(self) -> tuple[str, str]:
        """The conditions of both branches."""
        if self.at is not None:
            return f"{self.covariate} <= {self.at:g}", f"{self.covariate} > {self.at:g}"
        some = ", ".join(self.names)
        return f"{self.covariate} in {some}", f"{self.covariate} not in {some}"


@dataclass(frozen=True)
class Node:
    """A set of people, by index, with their worths, the tests made, and two branches or none."""

    people: tuple[int, ...]
    worths: Worths
    tests: tuple[Instability, ...]
    split: Split | None = None
    branches: tuple[Node, ...] = ()

    def leaves(self) -> Iterator[Node]:
        """The groups found, from left to right."""
        if not self.branches:
            yield self
        for branch in self.branches:
            yield from branch.leaves()

    def lines(self, *, indent: str = "") -> Iterator[str]:
        """The tree in words: conditions, and each group's items with the largest worth first."""
        if not self.split:
            order = np.argsort(-self.worths.worth, kind="stable")
            some = ", ".join(f"{self.worths.items[i]} {self.worths.worth[i]:.3f}" for i in order)
            yield f"{indent}{len(self.people)} people: {some}"
            return
        for words, branch in zip(self.split.words(), self.branches, strict=True):
            yield f"{indent}{words}"
            yield from branch.lines(indent=indent + "|   ")


@dataclass(frozen=True)
class _Rules:
    significance: float
    least: int
    alpha: float
    ties: Ties
    depth: int


def tree(
    comparisons: Comparisons,
    covariates: Mapping[str, Covariate],
    *,
    significance: float = 0.05,
    least: int = 10,
    alpha: float = 0.0,
    ties: Ties = "davidson",
    depth: int = 10,
) -> Node:
    """Split people by covariates where their worths differ, as long as a test tells.

    In each node: fit worths; test every covariate with `instability`; where the least Bonferroni p
    is at most ``significance``, split by that covariate in the two branches, each of at least
    ``least`` people, that have the largest joint log-likelihood; repeat to at most ``depth``.
    Covariates hold a value for each person, all names or all numbers; a branch without finite
    worths is no candidate. People's scores are taken whole, so that pairs implied by one person's
    ranking count once.

    Raises
    ------
    UsageError
        Where a covariate has a wrong number of values, a number that is not finite or over 10
        names; as in `worths`.

    References
    ----------
    Strobl, Wickelmaier & Zeileis (2011), "Accounting for individual differences in Bradley-Terry
    models by means of recursive partitioning", Journal of Educational and Behavioral Statistics
    36(2):135-153. Zeileis, Hothorn & Hornik (2008), "Model-based recursive partitioning", Journal
    of Computational and Graphical Statistics 17(2):492-514.

    """
    if not covariates or least < 2 or depth < 0 or not 0 < significance < 1:
        raise UsageError("A tree needs covariates, least >= 2, depth >= 0, significance in (0, 1).")
    known = {name: _covariate(name, values, comparisons) for name, values in covariates.items()}
    return _grow(
        comparisons, known, _there(comparisons), _Rules(significance, least, alpha, ties, depth)
    )


def _covariate(name: str, values: Covariate, comparisons: Comparisons) -> NDArray[np.generic]:
    if len(values) != len(comparisons.persons):
        raise UsageError(
            f"`{name}` has {len(values)} values for {len(comparisons.persons)} people."
        )
    if all(isinstance(value, str) for value in values):
        if len(set(values)) > MOST_LEVELS:
            raise UsageError(f"`{name}` has over {MOST_LEVELS} names: join some.")
        return np.array(values, dtype=np.str_)
    try:
        numbers = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError(f"`{name}` mixes names and numbers.") from error
    if not np.all(np.isfinite(numbers)):
        raise UsageError(f"`{name}` has a number that is not finite: leave such people out.")
    return numbers


def _grow(
    comparisons: Comparisons,
    covariates: Mapping[str, NDArray[np.generic]],
    people: Whole,
    rules: _Rules,
) -> Node:
    here = comparisons.of(people)
    fit = worths(here, alpha=rules.alpha, ties=rules.ties)
    own = {name: values[people] for name, values in covariates.items()}
    tests = _tests(here, own, rules)
    node = Node(tuple(int(p) for p in people), fit, tests)
    told = [test for test in tests if test.adjusted <= rules.significance]
    if not told or rules.depth == 0:
        return node
    chosen = min(told, key=lambda test: test.p).covariate
    found = _best_split(here, chosen, own[chosen], rules)
    if found is None:
        return node
    split, left = found
    deeper = _Rules(rules.significance, rules.least, rules.alpha, rules.ties, rules.depth - 1)
    branches = [_grow(comparisons, covariates, people[side], deeper) for side in (left, ~left)]
    return Node(node.people, fit, tests, split, tuple(branches))


def _tests(
    here: Comparisons, own: Mapping[str, NDArray[np.generic]], rules: _Rules
) -> tuple[Instability, ...]:
    fitted = maximum(here, alpha=rules.alpha, ties=rules.ties)
    assert fitted is not None
    process = whitened(scores(here, fitted, rules.ties))
    varied = {name: values for name, values in own.items() if len(np.unique(values)) > 1}
    tests = [
        instability(process, name, values, covariates=len(varied), least=rules.least)
        for name, values in varied.items()
    ]
    return tuple(test for test in tests if test is not None)


def whitened(score: Floats) -> Floats:
    """Scores (P, k) turned into uncorrelated ones with unit sum of squares (P, k').

    J^(-1/2) u_p with J = sum_p u_p u_p', in the k' directions in which scores vary at all.
    """
    centred = score - score.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    kept = values > _NEVER * max(values.max(), 1e-300)
    return np.asarray(centred @ (vectors[:, kept] / np.sqrt(values[kept])))


def instability(
    process: Floats,
    covariate: str,
    values: NDArray[np.generic],
    *,
    covariates: int = 1,
    least: int = 10,
) -> Instability | None:
    """Test whether whitened scores (P, k) drift along the ``values`` (P,) of a covariate.

    Names: sum over levels of |sum of scores|^2 P / n_level, chi-square with k (levels - 1).
    Numbers: supLM, the maximum of |B(t)|^2 / (t (1 - t)) over the shares t of people up to each
    distinct value, so that the order of people with equal values changes nothing, with at least a
    tenth and ``least`` of them on either side; None where no such t is left.

    References
    ----------
    Zeileis & Hornik (2007), "Generalized M-fluctuation tests for parameter instability", Statistica
    Neerlandica 61(4):488-508. Andrews (1993), Econometrica 61(4):821-856.

    """
    people, k = process.shape
    if values.dtype.kind == "U":
        _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
        sums = np.stack([np.bincount(place, weights=column) for column in process.T], axis=1)
        statistic = float(np.sum(sums**2 / sizes[:, None]) * people)
        freedom = k * (len(sizes) - 1)
        p = float(chdtrc(freedom, statistic))
        return Instability(covariate, "chi-square", statistic, freedom, p, min(1.0, covariates * p))
    order = np.argsort(values, kind="stable")
    ends = np.flatnonzero(np.diff(values[order].astype(np.float64)) > 0) + 1
    edge = max(int(np.ceil(TRIM * people)), least)
    ends = ends[(ends >= edge) & (ends <= people - edge)]
    if not len(ends):
        return None
    drift = np.cumsum(process[order], axis=0)[ends - 1]
    t = ends / people
    statistic = float(np.max(np.sum(drift**2, axis=1) / (t * (1 - t))))
    p = sup_lm_tail(statistic, k, trim=edge / people)
    return Instability(covariate, "supLM", statistic, k, p, min(1.0, covariates * p))


def sup_lm_tail(statistic: float, k: int, *, trim: float) -> float:
    """P(sup over [trim, 1 - trim] of |B(t)|^2 / (t (1 - t)) > x), B k Brownian bridges.

    x^(k/2) e^(-x/2) / (2^(k/2) Gamma(k/2)) ((1 - k / x) ln l + 2 / x), l = ((1 - trim) / trim)^2,
    and 1 up to where this is largest: the limit of many people with distinct values, a few
    hundredths too large above .1 and with few distinct values.

    References
    ----------
    DeLong (1981), Communications in Statistics A 10(21):2197-2213. Estrella (2003), "Critical
    values and p values of Bessel process distributions", Econometric Theory 19(6):1128-1143.

    """
    if not 0 < trim < 0.5:
        return float(chdtrc(k, statistic))
    grid = np.linspace(0.05, 4 * k + 20, 1024)
    if statistic < grid[np.argmax(_bessel_tail(grid, k, trim))]:
        return 1.0
    return float(min(1.0, _bessel_tail(np.array([statistic]), k, trim)[0]))


def _bessel_tail(x: Floats, k: int, trim: float) -> Floats:
    scale = np.exp(k / 2 * np.log(x / 2) - x / 2 - gammaln(k / 2))
    return np.asarray(scale * ((1 - k / x) * 2 * np.log((1 - trim) / trim) + 2 / x))


def _best_split(
    here: Comparisons, name: str, values: NDArray[np.generic], rules: _Rules
) -> tuple[Split, NDArray[np.bool_]] | None:
    best: tuple[Split, NDArray[np.bool_]] | None = None
    for at, names, left in _divisions(values):
        if min(left.sum(), (~left).sum()) < rules.least:
            continue
        sides = [
            maximum(here.of(side), alpha=rules.alpha, ties=rules.ties) for side in (left, ~left)
        ]
        total = sum(side.log_likelihood if side else -np.inf for side in sides)
        if np.isfinite(total) and (best is None or total > best[0].log_likelihood):
            best = Split(name, at, names, total), left
    return best


def _divisions(
    values: NDArray[np.generic],
) -> Iterator[tuple[float | None, tuple[str, ...], NDArray[np.bool_]]]:
    """Every way to divide people in two by a covariate, the left branch's condition with it."""
    levels = np.unique(values)
    if values.dtype.kind != "U":
        numbers = values.astype(np.float64)
        for at in levels[:-1].astype(np.float64):
            yield float(at), (), numbers <= at
        return
    first, *others = (str(level) for level in levels)
    for size in range(len(others)):
        for some in combinations(others, size):
            names = (first, *some)
            yield None, names, np.isin(values, names)
