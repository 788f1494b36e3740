"""Shapley effects: what each number contributes to the variance of a function of dependent ones.

Sobol indices split a variance only where numbers are independent. The Shapley value of the game in
which the numbers J cost

    c(J) = E Var[f | all but J],   c(none) = 0,   c(all) = Var f

splits it always, into parts of at least 0 that add up to Var f; the game Var E[f | J] has the same
value. Of independent numbers each has the sum of the parts of the variance that it takes part in,
each divided by the number of those that share it: between its first-order and its total index. Of
dependent numbers one also has a share in what others do, as far as it tells of them.

The costs are estimated by partners drawn anew (`resampling`), with common points for all J. Up to
`MOST_EXACT` players all 2^n sets are taken; with more, each point has a random order of its own in
which the players are drawn anew one after the other: n evaluations a point. Either way each
replicate adds up without noise, and the replicates differ by chance alone, which gives the errors.

References
----------
Owen (2014), "Sobol' indices and Shapley value", SIAM/ASA Journal on Uncertainty Quantification 2;
Song, Nelson and Staum (2016), "Shapley effects for global sensitivity analysis: theory and
computation", ibid. 4; Owen and Prieur (2017), "On Shapley value for measuring importance of
dependent inputs", ibid. 5; Broto, Bachoc and Depecker (2020), "Variance reduction for estimation
of Shapley effects and adaptation to unknown input distribution", ibid. 8.

"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.escalation.correlated.resampling import Function, Inputs, Partners
from detente.escalation.correlated.screening import Players, screen
from detente.escalation.packages.interactions import shapley
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

MOST_EXACT = 9
POINTS = 2**10
REPLICATES = 16


@dataclass(frozen=True)
class ShapleyEffects:
    """The share of each player in the variance of a function, shape (players,).

    ``errors`` are standard errors over ``replicates`` replicates. ``heaviest`` is the share of
    the variance that the heaviest replicate brings: 1 / replicates where all are alike. Where it
    is several times that, a few points make the variance, and the errors say too little: take
    more points, or the logarithm of the function. The effects add up to 1; all are 0 where the
    function does not vary.
    """

    players: Players
    effects: Floats
    errors: Floats
    variance: float
    heaviest: float
    replicates: int


def shapley_effects(
    function: Function,
    inputs: Inputs,
    *,
    rng: np.random.Generator,
    groups: Sequence[tuple[str, ...]] | None = None,
    points: int = POINTS,
    replicates: int = REPLICATES,
) -> ShapleyEffects:
    """The Shapley effects of numbers, or of groups of them, on the variance of a function.

    Parameters
    ----------
    function
        Takes each number by name, shape (N,), as ``inputs`` tells, and gives values of shape
        (N,), such as a frequency per year or its logarithm.
    inputs
        The numbers that the function is of.
    rng
        The source of all chance; the same stream gives the same effects.
    groups
        Numbers taken as one player; those in no group are players of their own, after them, so
        that () takes each number alone. `screening.screen` groups them where None.
    points
        A power of two, for each replicate.
    replicates
        At least 2.

    Raises
    ------
    UsageError
        Where a group is empty or names a number that is unknown or stands in another, where there
        are no numbers or too few replicates, and where the function is not finite everywhere.

    """
    players = screen(function, inputs, rng=rng) if groups is None else _players(inputs, groups)
    partners = Partners(function, inputs, points=points, replicates=replicates, rng=rng)
    exact = len(players) <= MOST_EXACT
    parts = _over_sets(partners, players) if exact else _over_orders(partners, players, rng)
    return _shares(players, parts)


def _players(inputs: Inputs, groups: Sequence[tuple[str, ...]]) -> Players:
    grouped = [name for group in groups for name in group]
    if not all(groups) or len(set(grouped)) != len(grouped):
        raise UsageError("A group of numbers is empty, or a number stands twice in groups.")
    unknown = [name for name in grouped if name not in inputs.names]
    if unknown:
        raise UsageError(f"A group names `{unknown[0]}`, which is no number of the function.")
    return (*groups, *((name,) for name in inputs.names if name not in grouped))


def _over_sets(partners: Partners, players: Players) -> Floats:
    """The Shapley values of each replicate over all sets, shape (players, replicates)."""
    costs = [partners.by_replicate(partners.differences(anew)) for anew in _sets(players)]
    return shapley(np.array([np.zeros_like(costs[0]), *costs]))


def _sets(players: Players) -> Iterator[frozenset[str]]:
    """The numbers of every set of players but the empty one; the first player is the lowest bit."""
    for mask in range(1, 1 << len(players)):
        yield frozenset(
            name for place, player in enumerate(players) if mask >> place & 1 for name in player
        )


def _over_orders(partners: Partners, players: Players, rng: np.random.Generator) -> Floats:
    """The same over one random order of the players at each point."""
    count = len(players)
    ranks = rng.permuted(np.tile(np.arange(count), (partners.size, 1)), axis=1).T
    costs = [np.zeros(partners.size)]
    for drawn in range(1, count + 1):
        anew = {
            name: rank < drawn
            for player, rank in zip(players, ranks, strict=True)
            for name in player
        }
        costs.append(partners.differences_by_point(anew))
    gains = np.diff(np.array(costs), axis=0)
    return partners.by_replicate(np.take_along_axis(gains, ranks, axis=0))


def _shares(players: Players, parts: Floats) -> ShapleyEffects:
    """Shares of the variance and their errors, those of a ratio of two means (delta method)."""
    replicates = parts.shape[1]
    variances = parts.sum(axis=0)
    variance = float(variances.mean())
    if variance <= 0:
        nothing = np.zeros(len(players))
        return ShapleyEffects(players, nothing, nothing, 0.0, 0.0, replicates)
    means = parts.mean(axis=1)
    effects = means / means.sum()
    left = (parts - effects[:, None] * variances) / variance
    errors = left.std(axis=1, ddof=1) / np.sqrt(replicates)
    heaviest = float(variances.max() / variances.sum())
    return ShapleyEffects(players, effects, errors, variance, heaviest, replicates)
