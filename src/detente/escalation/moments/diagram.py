"""The variance of a frequency from the diagram itself, where its paths are too many to list.

Where each parameter stands at one event of a ladder, the frequency is linear in each. With F_u the
probability of the end from node u on, m_u its mean, and d_u the mean after the event less that
without it, the covariance of two nodes that ask the same event with probability x is

    Cov(u, v) = E x^2 Cov(u1, v1) + E x (1-x) [Cov(u1, v0) + Cov(u0, v1)]
              + E (1-x)^2 Cov(u0, v0) + Var x d_u d_v

and where only u asks it, E x Cov(u1, v) + E (1-x) Cov(u0, v): one traversal of the product of the
diagram with itself. E Var[f | all but x] is Var x times the sum, over the pairs that ask x, of the
weight with which they are reached times E (F_u1 - F_u0)(F_v1 - F_v0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.escalation.ladder import CompiledLadder
from detente.escalation.moments.linear import birnbaum, means_onward
from detente.escalation.moments.marginals import moments, of_spreads
from detente.escalation.moments.sobol_indices import VarianceParts
from detente.ground.chance import TwoPiece
from detente.ground.errors import DetenteError

MOST_PAIRS = 2**18
Pair = tuple[int, int]


class TooManyPairsError(DetenteError):
    """The product of a diagram with itself has more than `MOST_PAIRS` pairs of nodes."""


@dataclass(frozen=True)
class _Powers:
    """E x, E x^2, E x (1 - x), E (1 - x)^2 and Var x of one parameter."""

    once: float
    both: float
    either: float
    neither: float
    variance: float


def diagram_parts(
    ladder: CompiledLadder,
    parameters: Mapping[str, TwoPiece],
    ends: frozenset[int] | None = None,
) -> tuple[tuple[str, ...], VarianceParts]:
    """The parts of the variance of the frequency of one ladder, and the names of its parameters.

    Parameters
    ----------
    ladder
        A ladder that is linear (`linear.is_linear`).
    parameters
        The distribution of each of its parameters.
    ends
        The ends that count; all where none are named.

    Raises
    ------
    TooManyPairsError
        Where the product of the diagram with itself is too large.

    """
    order = sorted({node.event for _, node in ladder.nodes})
    names = (ladder.starts, *(ladder.events[event] for event in order))
    powers = _powers(names, parameters)
    at = {name: np.array(one.once) for name, one in powers.items()}
    onward = means_onward(ladder, at, ends)
    slopes = birnbaum(ladder, at, onward)
    means = {place: float(value) for place, value in onward.items()}
    product = _Product(ladder, {e: powers[ladder.events[e]] for e in order}, means)
    spread, left = product.variance_and_left()
    rate, there = powers[ladder.starts], means[ladder.root]
    own = [powers[name].variance for name in names[1:]]
    alone = [v * (rate.once * float(slopes[e])) ** 2 for v, e in zip(own, order, strict=True)]
    rest = [v * rate.both * left[e] for v, e in zip(own, order, strict=True)]
    return names, VarianceParts(
        mean=rate.once * there,
        variance=rate.both * spread + rate.variance * there**2,
        alone=np.array([rate.variance * there**2, *alone]),
        left=np.array([rate.variance * (spread + there**2), *rest]),
    )


def _powers(names: tuple[str, ...], parameters: Mapping[str, TwoPiece]) -> dict[str, _Powers]:
    held = of_spreads([parameters[name] for name in names])
    once = moments(held, 1)
    variance = ((held.values - once[:, None]) ** 2 * held.weights).sum(axis=1)
    columns = (once, moments(held, 2), moments(held, 1, 1), moments(held, 0, 2), variance)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {name: _Powers(*row) for name, row in zip(names, rows, strict=True)}


class _Product:
    """The product of a diagram with itself: the pairs of nodes that two walks reach together."""

    def __init__(
        self, ladder: CompiledLadder, by_event: Mapping[int, _Powers], means: Mapping[int, float]
    ) -> None:
        self._nodes = dict(ladder.nodes)
        self._by_event, self._means = by_event, means
        self._root = (ladder.root, ladder.root)
        self._pairs = self._reached()

    def variance_and_left(self) -> tuple[float, dict[int, float]]:
        """The variance of the probability of the ends, and what is left to each event.

        The latter is E of the squared difference that the event makes, all others unknown.
        """
        covariance = self._covariances()
        weights = defaultdict(float, {self._root: 1.0})
        left: dict[int, float] = defaultdict(float)
        for event, pair in self._pairs:
            weight, following = weights.pop(pair), self._following(event, pair)
            if self._both_ask(event, pair):
                both, first, second, neither = (covariance.get(one, 0.0) for one in following)
                squared = both - first - second + neither + self._leads(pair)
                left[event] += weight * squared
            for share, follows in zip(self._shares(event, pair), following, strict=True):
                weights[follows] += weight * share
        return covariance.get(self._root, 0.0), left

    def _covariances(self) -> dict[Pair, float]:
        """The covariance of each pair, from the ends up."""
        found: dict[Pair, float] = {}
        for event, pair in reversed(self._pairs):
            total = 0.0
            if self._both_ask(event, pair):
                total = self._by_event[event].variance * self._leads(pair)
            following = self._following(event, pair)
            for share, follows in zip(self._shares(event, pair), following, strict=True):
                total += share * found.get(follows, 0.0)
            found[pair] = total
        return found

    def _reached(self) -> list[tuple[int, Pair]]:
        """The event and the nodes of each pair, from the root down."""
        waiting: dict[int, dict[Pair, None]] = defaultdict(dict)
        found: list[tuple[int, Pair]] = []
        self._meet(self._root, waiting)
        for event in sorted(self._by_event):
            for pair in waiting.pop(event, {}):
                found.append((event, pair))
                if len(found) > MOST_PAIRS:
                    raise TooManyPairsError(f"over {MOST_PAIRS} pairs of nodes of a ladder.")
                for follows in self._following(event, pair):
                    self._meet(follows, waiting)
        return found

    def _meet(self, pair: Pair, waiting: dict[int, dict[Pair, None]]) -> None:
        """Keep a pair for the event that it asks first; a pair with an end does not vary."""
        if min(pair) >= 0:
            waiting[min(self._nodes[place].event for place in pair)][pair] = None

    def _both_ask(self, event: int, pair: Pair) -> bool:
        return all(self._nodes[place].event == event for place in pair)

    def _leads(self, pair: Pair) -> float:
        """d_u d_v."""
        first, second = (self._nodes[place] for place in pair)
        return (self._means[first.happens] - self._means[first.otherwise]) * (
            self._means[second.happens] - self._means[second.otherwise]
        )

    def _following(self, event: int, pair: Pair) -> tuple[Pair, Pair, Pair, Pair]:
        """The pairs after: both happen, the first alone, the second alone, neither."""
        (u1, u0), (v1, v0) = (
            self._nodes[place][1:] if self._nodes[place].event == event else (place, place)
            for place in pair
        )
        return _ordered(u1, v1), _ordered(u1, v0), _ordered(u0, v1), _ordered(u0, v0)

    def _shares(self, event: int, pair: Pair) -> tuple[float, float, float, float]:
        """The weights of the pairs that follow; where one alone asks, two are left over."""
        x = self._by_event[event]
        if self._both_ask(event, pair):
            return x.both, x.either, x.either, x.neither
        return x.once, 0.0, 0.0, 1 - x.once


def _ordered(u: int, v: int) -> Pair:
    return (u, v) if u <= v else (v, u)
