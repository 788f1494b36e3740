"""The variance of a function of events whose probabilities are uncertain, each on its own.

The probability of a function is linear in that of each event. With F_u the probability from node u
of a diagram on, d_u what its variable x adds to it at the means, and the covariances of nodes as in
`detente.escalation.moments.diagram`, one traversal of the product of the diagram with itself gives
Var F and, for each variable, E (dF / dx)^2: its total index is Var x E (dF / dx)^2 / Var F, its
first-order index Var x (E dF / dx)^2 / Var F. Modules share no events, so that a module is one
variable more for those above it, with a mean and a variance of its own.

Edges are turned or not, so that the pairs are those of nodes, each with a sign.

References
----------
Sobol (1993), "Sensitivity estimates for nonlinear mathematical models", Mathematical Modelling and
Computational Experiments 1(4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.escalation.engine.arrays import Flags, Floats, Longs
from detente.escalation.engine.compiled import Compiled
from detente.escalation.engine.diagram import Diagram
from detente.escalation.engine.sweeps import downward, upward
from detente.ground.errors import DetenteError

MOST_PAIRS = 2**20


class TooManyPairsError(DetenteError):
    """The product of a diagram with itself has more than `MOST_PAIRS` pairs of nodes."""


@dataclass(frozen=True)
class Moments:
    """Mean and variance of a function, and E df/dp and E (df/dp)^2 by each event, (E,)."""

    mean: float
    variance: float
    slopes: Floats
    squares: Floats


def function_moments(compiled: Compiled, means: Floats, variances: Floats) -> Moments:
    """Mean and variance of a function's probability, and how it moves with each event's.

    Parameters
    ----------
    compiled
        A function of E events.
    means, variances
        Of the events' probabilities, which are independent of each other, (E,).

    Raises
    ------
    TooManyPairsError
        Where the product of a module's diagram with itself is too large.

    """
    events, modules = len(compiled.events), compiled.modules
    happens = np.concatenate([means, np.zeros(len(modules))])
    fails = 1.0 - happens
    spreads = np.concatenate([variances, np.zeros(len(modules))])
    inner: list[tuple[Floats, Floats]] = []
    for slot, module in enumerate(modules, events):
        found = _Product(module.diagram, *(x[module.slots] for x in (happens, fails, spreads)))
        happens[slot], fails[slot] = found.mean
        spreads[slot] = found.variance
        inner.append((found.slopes, found.squares))
    slopes, squares = np.zeros_like(happens), np.zeros_like(happens)
    slopes[-1], squares[-1] = (-1.0 if compiled.turned else 1.0), 1.0
    for place in range(len(modules) - 1, -1, -1):
        slots = modules[place].slots
        slopes[slots] += slopes[events + place] * inner[place][0]
        squares[slots] += squares[events + place] * inner[place][1]
    mean = fails[-1] if compiled.turned else happens[-1]
    return Moments(float(mean), float(spreads[-1]), slopes[:events], squares[:events])


@dataclass(frozen=True)
class _Step:
    """One of the four pairs that follow each pair of a level: its place, sign and weight.

    ``place`` is that of the pair among all, and ``held`` says whether it is one: a pair with an end
    does not vary.
    """

    place: Longs
    held: Flags
    sign: Floats
    share: Floats


class _Product:
    """The product of a diagram with itself: the pairs of nodes that two walks reach together."""

    def __init__(self, diagram: Diagram, happens: Floats, fails: Floats, variances: Floats) -> None:
        self._diagram, self._nodes = diagram, len(diagram.high)
        self._level = diagram.level_of_nodes()
        self._happens, self._fails, self._variances = happens, fails, variances
        values = upward(diagram, happens[:, None], fails[:, None])
        self.mean = (float(values[diagram.root, 0]), float(values[diagram.root ^ 1, 0]))
        self.slopes = downward(diagram, values, happens[:, None], fails[:, None])[:, 0]
        self._leads = _leads(diagram, values[:, 0])
        self._by_level = self._reached()
        self._keys = np.concatenate([np.zeros(0, np.int64), *self._by_level[::-1]])
        covariance = self._covariances()
        root = self._key(diagram.root >> 1, diagram.root >> 1)
        self.variance = float(covariance[np.searchsorted(self._keys, root)]) if root else 0.0
        self.squares = self._squares(covariance, root)

    def _key(self, first: int, second: int) -> int:
        """A pair as one number; the later node, which is asked first, leads."""
        return max(first, second) * self._nodes + min(first, second)

    def _reached(self) -> list[Longs]:
        """The pairs that are asked at each level, from the top down, in ascending order."""
        waiting: list[list[Longs]] = [[] for _ in self._diagram.levels]
        root = self._diagram.root >> 1
        if root:
            waiting[self._level[root]].append(np.array([self._key(root, root)]))
        found: list[Longs] = []
        for level in self._diagram.levels:
            keys = np.unique(np.concatenate([np.zeros(0, np.int64), *waiting[level]]))
            found.append(keys)
            if sum(map(len, found)) > MOST_PAIRS:
                raise TooManyPairsError(f"over {MOST_PAIRS} pairs of nodes of a function.")
            for first, second in self._edges(level, keys):
                self._wait(first >> 1, second >> 1, waiting)
        return found

    def _wait(self, first: Longs, second: Longs, waiting: list[list[Longs]]) -> None:
        inside = (first > 0) & (second > 0)
        later, earlier = np.maximum(first, second)[inside], np.minimum(first, second)[inside]
        keys = np.unique(later * self._nodes + earlier)
        levels = self._level[keys // self._nodes]
        for level in np.unique(levels):
            waiting[level].append(keys[levels == level])

    def _edges(self, level: int, keys: Longs) -> Iterator[tuple[Longs, Longs]]:
        """The edges after: both happen, the later alone, the earlier alone, neither."""
        later, earlier = np.divmod(keys, self._nodes)
        asks = self._level[earlier] == level
        high, low = (x.astype(np.int64) for x in (self._diagram.high, self._diagram.low))
        with_it = np.where(asks, high[earlier], 2 * earlier)
        without = np.where(asks, low[earlier], 2 * earlier)
        for first in (high[later], low[later]):
            for second in (with_it, without):
                yield first, second

    def _steps(self, level: int) -> tuple[list[_Step], Floats]:
        """What follows the pairs of a level, and d_u d_v where both ask, else 0."""
        keys = self._by_level[level]
        later, earlier = np.divmod(keys, self._nodes)
        asks = self._level[earlier] == level
        steps = []
        for (first, second), share in zip(
            self._edges(level, keys), self._shares(level, asks), strict=True
        ):
            sign = np.where((first ^ second) & 1, -1.0, 1.0)
            first, second = first >> 1, second >> 1  # noqa: PLW2901 (the nodes of the edges)
            held = (first > 0) & (second > 0)
            follows = np.maximum(first, second) * self._nodes + np.minimum(first, second)
            place = np.where(held, np.searchsorted(self._keys, follows), 0)
            steps.append(_Step(place, held, sign, share))
        return steps, np.where(asks, self._leads[later] * self._leads[earlier], 0.0)

    def _shares(self, level: int, asks: Flags) -> list[Floats]:
        """E x^2, E x (1 - x) twice and E (1 - x)^2; where one alone asks, E x and E (1 - x)."""
        x, rest, variance = self._happens[level], self._fails[level], self._variances[level]
        either = np.where(asks, x * rest - variance, 0.0)
        both = np.where(asks, x * x + variance, x)
        return [both, either, either, np.where(asks, rest * rest + variance, rest)]

    def _slices(self) -> list[slice]:
        """Where the pairs of each level stand among all."""
        ends = np.cumsum([len(keys) for keys in self._by_level[::-1]])[::-1]
        return [
            slice(int(end) - len(keys), int(end))
            for end, keys in zip(ends, self._by_level, strict=True)
        ]

    def _covariances(self) -> Floats:
        """The covariance of each pair, from the ends up."""
        found = np.zeros(len(self._keys))
        slices = self._slices()
        for level in reversed(self._diagram.levels):
            steps, leads = self._steps(level)
            total = self._variances[level] * leads
            for step in steps:
                after = np.where(step.held, found[step.place], 0.0) if len(found) else 0.0
                total = total + step.share * step.sign * after
            found[slices[level]] = total
        return found

    def _squares(self, covariance: Floats, root: int) -> Floats:
        """E (dF / dx)^2 of each variable, all others uncertain, from the root down."""
        found = np.zeros(len(self._happens))
        weights = np.zeros(len(self._keys))
        if not root:
            return found
        weights[np.searchsorted(self._keys, root)] = 1.0
        for level, here in enumerate(self._slices()):
            steps, squared = self._steps(level)
            asks = self._level[self._by_level[level] % self._nodes] == level
            for step, turn in zip(steps, (1.0, -1.0, -1.0, 1.0), strict=True):
                after = np.where(step.held, covariance[step.place], 0.0)
                squared = squared + np.where(asks, turn * step.sign * after, 0.0)
                arrives = weights[here] * step.share * step.sign
                np.add.at(weights, step.place[step.held], arrives[step.held])
            found[level] = float(weights[here] @ squared)
        return found


def _leads(diagram: Diagram, values: Floats) -> Floats:
    """P(high) - P(low) of each node, from the complements where these are smaller."""
    plain = values[diagram.high] - values[diagram.low]
    turned = values[diagram.low ^ 1] - values[diagram.high ^ 1]
    return np.where(values[diagram.high] + values[diagram.low] > 1.0, turned, plain)
