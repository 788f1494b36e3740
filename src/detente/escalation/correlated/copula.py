"""Uncertain numbers that vary together: a Gaussian copula over their normal scores.

Every number is a monotone function of a standard normal, its score z. A copula says how the scores
of some numbers are correlated and leaves the distribution of each number alone: only which values
meet at one point changes. Numbers in no correlated pair stay as they are, to the last bit, and so
does the first number of each block: with the Cholesky factor L of the correlations R = L L',

    scores = L z,   z independent standard normals in the order of the dimensions.

Where some scores are known, those of the rest are normal again. With the known ones first in R,

    L = [ A 0 ]      E[rest | known] = B A^-1 known,     Cov[rest | known] = C C',
        [ B C ]

which needs no difference of nearly equal covariances.

References
----------
Iman and Conover (1982), "A distribution-free approach to inducing rank correlation among input
variables", Communications in Statistics B 11(3); Nelsen (2006), "An Introduction to Copulas".

"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from detente.ground.chance import Floats
from detente.ground.errors import UsageError

Pairs = Mapping[frozenset[str], float] | Mapping[tuple[str, str], float]
Scores = Mapping[str, Floats]

LEAST_LEFT = 1e-12  # share of a score's variance that those before it must leave open


@dataclass(frozen=True)
class Conditional:
    """The scores of the ``rest`` of a block where those of ``known`` numbers are given.

    Their mean is ``weights`` @ known, shape (rest, known); their covariance is ``factor`` @
    ``factor``.T, with a lower triangle of shape (rest, rest).
    """

    known: tuple[str, ...]
    rest: tuple[str, ...]
    weights: Floats
    factor: Floats

    def scores(self, known: Scores, normal: Scores) -> dict[str, Floats]:
        """The scores of the rest, each of shape (N,).

        Parameters
        ----------
        known
            The correlated scores of the known numbers, shape (N,); others may stand beside them.
        normal
            Independent standard normals of the rest, shape (N,).

        """
        terms = [*(known[name] for name in self.known), *(normal[name] for name in self.rest)]
        rows = np.hstack([self.weights, self.factor]).tolist()
        return {name: _weighted(row, terms) for name, row in zip(self.rest, rows, strict=True)}


def _weighted(weights: Sequence[float], scores: Sequence[Floats]) -> Floats:
    """The sum of the terms with a weight: the same bits for a point whatever stands beside it."""
    terms = [w * score for w, score in zip(weights, scores, strict=True) if w != 0]
    return reduce(np.add, terms)


@dataclass(frozen=True)
class Copula:
    """The correlations of the scores of a block of numbers; all others are independent.

    ``correlation`` has shape (block, block), with the numbers in the order of the dimensions.
    """

    block: tuple[str, ...]
    correlation: Floats

    def correlated(self, normal: Scores) -> dict[str, Floats]:
        """Correlated scores from independent ones; those of no block are passed through.

        Parameters
        ----------
        normal
            Independent standard normals by number, shape (N,); all of the block are among them.

        """
        return {**normal, **self.given(()).scores({}, normal)}

    def given(self, known: Collection[str]) -> Conditional:
        """What the scores of some numbers say of those of the rest of the block.

        Parameters
        ----------
        known
            The numbers whose scores are known; those of no block say nothing.

        """
        first = [place for place, name in enumerate(self.block) if name in known]
        last = [place for place, name in enumerate(self.block) if name not in known]
        order, split = [*first, *last], len(first)
        lower = np.linalg.cholesky(self.correlation[np.ix_(order, order)])
        weights = np.linalg.solve(lower[:split, :split].T, lower[split:, :split].T).T
        return Conditional(
            known=tuple(self.block[place] for place in first),
            rest=tuple(self.block[place] for place in last),
            weights=np.asarray(weights, dtype=np.float64),
            factor=np.asarray(lower[split:, split:], dtype=np.float64),
        )

    def among(self, names: Collection[str]) -> Copula:
        """The same copula of the named numbers alone: the rest are not looked at."""
        kept = [place for place, name in enumerate(self.block) if name in names]
        return Copula(
            tuple(self.block[place] for place in kept), self.correlation[np.ix_(kept, kept)]
        )


def copula(names: Sequence[str], pairs: Pairs) -> Copula:
    """The copula of the stated pairs.

    Parameters
    ----------
    names
        All numbers, in the order of the dimensions.
    pairs
        The correlation r of the scores of two numbers, |r| < 1; pairs that are not stated have 0.

    Raises
    ------
    UsageError
        Where `check_pairs` finds that such scores cannot be.

    """
    check_pairs(names, pairs)
    stated = _stated(pairs)
    return _matrix(tuple(name for name in names if any(name in pair for pair in stated)), stated)


def check_pairs(names: Sequence[str], pairs: Pairs) -> None:
    """Tell whether there are scores with the stated correlations.

    Parameters
    ----------
    names, pairs
        As for `copula`.

    Raises
    ------
    UsageError
        Where a pair is not of two of the ``names``, stands twice, or has no |r| < 1; and naming
        each block of numbers whose matrix is not positive definite: taken one after the other,
        the rest of the block would leave less than `LEAST_LEFT` of the variance of one.

    """
    known, met = set(names), set[frozenset[str]]()
    for pair, r in pairs.items():
        told = " and ".join(f"`{name}`" for name in sorted(pair))
        if len(set(pair)) != 2 or not known.issuperset(pair):
            raise UsageError(f"A correlation of {told}: name two different numbers that are known.")
        if frozenset(pair) in met:
            raise UsageError(f"The correlation of {told} stands twice.")
        if not -1 < r < 1:
            raise UsageError(f"A correlation of {told} of {r}: it must lie between -1 and 1.")
        met.add(frozenset(pair))
    stated = _stated(pairs)
    parts = [_matrix(block, stated) for block in blocks(names, pairs)]
    impossible = [_impossible(part) for part in parts if not _is_possible(part.correlation)]
    if impossible:
        raise UsageError("\n".join(impossible))


def blocks(names: Sequence[str], pairs: Pairs) -> tuple[tuple[str, ...], ...]:
    """The numbers that correlated pairs join, directly or through others, in their order."""
    found: list[frozenset[str]] = []
    for pair in _stated(pairs):
        apart = [block for block in found if not block & pair]
        found = [*apart, pair.union(*(block for block in found if block & pair))]
    held = [tuple(name for name in names if name in block) for block in found]
    return tuple(sorted(held, key=lambda block: names.index(block[0])))


def _stated(pairs: Pairs) -> dict[frozenset[str], float]:
    """The pairs that are correlated at all."""
    return {frozenset(pair): r for pair, r in pairs.items() if r != 0}


def _matrix(block: tuple[str, ...], stated: Mapping[frozenset[str], float]) -> Copula:
    correlation = np.eye(len(block))
    for pair, r in stated.items():
        if pair <= set(block):
            i, j = (block.index(name) for name in pair)
            correlation[i, j] = correlation[j, i] = r
    return Copula(block, correlation)


def _is_possible(correlation: Floats) -> bool:
    try:
        lower = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        return False
    return bool((np.diag(lower) ** 2).min() > LEAST_LEFT)


def _impossible(part: Copula) -> str:
    """What is wrong with a block, and the mend: I + t (R - I) has eigenvalues 1 + t (e - 1)."""
    least = float(np.linalg.eigvalsh(part.correlation)[0])
    named = ", ".join(f"`{name}`" for name in part.block)
    bearable = np.floor(100 / (1 - least) * (1 - 1e-9)) / 100
    return (
        f"The correlations of {named} cannot all hold at once: their matrix is not positive "
        f"definite. Multiplied by {bearable:.2f} or less, they can."
    )
