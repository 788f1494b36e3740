"""What each measure adds to packages, and how far measures reinforce or replace each other.

Packages of k measures have a worth, as coalitions in a game have: a reduction of the headline
frequency. Everything here is linear in the worths, so that it is taken at each common point, and
its spread is one over points. All packages count, those that cannot stand included: the question
is what the acts do, not what can be agreed. Rows stand by the numbers of the packages (`allowed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from detente.elicitation.results import Spread
from detente.escalation.effects import spread
from detente.escalation.packages.allowed import number
from detente.ground.chance import Floats
from detente.ground.errors import UsageError


@dataclass(frozen=True)
class Interaction:
    """A Shapley value (of one measure) or an interaction index (of more).

    ``positive`` is the share of points at which it is above 0.
    """

    measures: tuple[str, ...]
    mean: float
    spread: Spread
    positive: float


def log_reduction(frequencies: Floats) -> Floats:
    """The worth -ln(frequency with : without), same shape; acts on one path then add up.

    Parameters
    ----------
    frequencies
        Of `payoff.tensor`, shape (2^k, N).

    Raises
    ------
    UsageError
        Where a frequency is 0.

    """
    _measures(frequencies)
    if frequencies.min() <= 0:
        raise UsageError("A frequency of 0 has no logarithm: take the reduction itself.")
    return np.log(frequencies[:1] / frequencies)


def reduction(frequencies: Floats) -> Floats:
    """The worth 1 - frequency with : without, same shape; ladders then add up.

    Raises
    ------
    UsageError
        Where the frequency without any measure is 0.

    """
    _measures(frequencies)
    if frequencies[0].min() <= 0:
        raise UsageError("What cannot happen without measures cannot be reduced.")
    return 1 - frequencies / frequencies[:1]


def _measures(worths: Floats) -> int:
    """The number of measures k of an array with 2^k rows."""
    rows = len(worths)
    if rows == 0 or rows & (rows - 1):
        raise UsageError(f"{rows} packages are not all packages of a number of measures.")
    return rows.bit_length() - 1


def mobius(worths: Floats) -> Floats:
    """The dividend of each package: what it is worth beyond all packages within it.

    Parameters
    ----------
    worths
        Shape (2^k, ...).

    Returns
    -------
    Floats
        Same shape; m(S) = sum over T within S of (-1)^(|S| - |T|) v(T), in k 2^(k-1) differences.

    References
    ----------
    Rota (1964), "On the foundations of combinatorial theory I", Z. Wahrscheinlichkeitstheorie 2;
    Harsanyi (1963), "A simplified bargaining model for the n-person cooperative game".

    """
    found = np.array(worths, dtype=np.float64)
    for place in range(_measures(found)):
        pairs = found.reshape(-1, 2, 1 << place, *found.shape[1:])
        pairs[:, 1] -= pairs[:, 0]
    return found


def zeta(dividends: Floats) -> Floats:
    """The worths of all packages from their dividends, the inverse of `mobius`; same shape."""
    found = np.array(dividends, dtype=np.float64)
    for place in range(_measures(found)):
        pairs = found.reshape(-1, 2, 1 << place, *found.shape[1:])
        pairs[:, 1] += pairs[:, 0]
    return found


def interaction_index(worths: Floats, sets: Sequence[int]) -> Floats:
    """The Shapley interaction index of packages T, given by their numbers.

    Parameters
    ----------
    worths
        Shape (2^k, ...).
    sets
        Packages of at least one measure.

    Returns
    -------
    Floats
        Shape (sets, ...): the average over orders, in which T comes as one, of what T is worth
        together beyond its parts, with S all that came before:
        I(T) = sum over S outside T of (k - s - t)! s! / (k - t + 1)!
        times sum over L within T of (-1)^(t - |L|) v(S + L).
        For a single measure it is its Shapley value.

    Raises
    ------
    UsageError
        Where a package is empty or not among the rows.

    References
    ----------
    Shapley (1953), "A value for n-person games", Contributions to the Theory of Games II;
    Grabisch & Roubens (1999), "An axiomatic approach to the concept of interaction among players
    in cooperative games", International Journal of Game Theory 28.

    """
    k = _measures(worths)
    if any(not 0 < one < len(worths) for one in sets):
        raise UsageError("An interaction is asked for of no measure, or of one that is unknown.")
    weights = np.array([_weights(k, one) for one in sets]).reshape(len(sets), len(worths))
    flat = weights @ np.reshape(worths, (len(worths), -1))
    return np.asarray(flat.reshape(len(sets), *worths.shape[1:]))


def _weights(k: int, together: int) -> Floats:
    """The weight of each package's worth in the index of one."""
    packages = np.arange(1 << k)
    inside = np.bitwise_count(packages & together)
    outside = np.bitwise_count(packages & ~together)
    t = together.bit_count()
    by_size = np.array([1 / ((k - t + 1) * comb(k - t, s)) for s in range(k - t + 1)])
    return np.asarray(by_size[outside] * np.where((t - inside) % 2, -1.0, 1.0))


def shapley(worths: Floats) -> Floats:
    """The Shapley value of each measure, shape (k, ...) for worths of shape (2^k, ...).

    They add up to the worth of all measures together less that of none.
    """
    return interaction_index(worths, [1 << place for place in range(_measures(worths))])


def interactions(
    measures: Sequence[str], worths: Floats, *, sets: Sequence[AbstractSet[str]] | None = None
) -> tuple[Interaction, ...]:
    """The Shapley values of measures and the interaction of pairs, over common points.

    Parameters
    ----------
    measures
        The ids of k measures, the first of which is the lowest bit.
    worths
        Shape (2^k, N).
    sets
        The packages that are asked for; all measures and then all pairs where None.

    Raises
    ------
    UsageError
        Where worths and measures do not fit together.

    """
    if _measures(worths) != len(measures):
        raise UsageError(f"{len(worths)} packages are not those of {len(measures)} measures.")
    if sets is None:
        sets = [frozenset(one) for size in (1, 2) for one in combinations(measures, size)]
    found = interaction_index(worths, [number(measures, one) for one in sets])
    return tuple(
        _interaction(tuple(name for name in measures if name in one), row)
        for one, row in zip(sets, found, strict=True)
    )


def _interaction(names: tuple[str, ...], values: Floats) -> Interaction:
    ordered = np.sort(values)
    positive = 1 - np.searchsorted(ordered, 0.0, side="right") / len(ordered)
    return Interaction(names, float(values.mean()), spread(ordered), float(positive))
