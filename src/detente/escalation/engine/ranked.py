"""The ways in which a function comes about, ranked: its most probable minimal cut sets.

Best first over the families: a way that is not yet complete is worth what it has times the best
that can still be added, which is known for every node, so that the next way to be completed is
always one of those worth most (Hart, Nilsson & Raphael 1968). No set is made that is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice
from typing import NamedTuple

import numpy as np

from detente.escalation.engine.arrays import Floats
from detente.escalation.engine.cut_sets import CutSets, given
from detente.escalation.engine.family import EMPTY, UNIT, Family


@dataclass(frozen=True)
class Way:
    """A minimal cut set, and the probability that its events happen, whatever else does."""

    events: tuple[str, ...]
    probability: float


class _Task(NamedTuple):
    """A family to choose a set from; ``best`` is the best of it and of all tasks after it."""

    family: int
    node: int
    best: float
    then: _Task | None


class _Partial(NamedTuple):
    """A way so far; the heap gives the one that can become most probable, then the oldest."""

    negated_bound: float
    age: int
    probability: float
    events: tuple[int, ...]
    task: _Task | None


def ranked(
    cut_sets: CutSets, probabilities: Mapping[str, float], *, most: int, above: float = 0.0
) -> tuple[Way, ...]:
    """The most probable minimal cut sets, at most ``most``, of at least probability ``above``.

    Among equally probable ones those with fewer events, then those named first in the circuit,
    stand first; which of them are left out when there are more than ``most`` is fixed, but not
    by rule.

    Raises
    ------
    UsageError
        If an event has no probability.
    """
    values = given(cut_sets.events, probabilities)
    ways = list(islice(_Search(cut_sets, values).ways(above), most))
    ways.sort(key=lambda way: (-way[0], len(way[1]), way[1]))
    return tuple(Way(tuple(cut_sets.events[e] for e in events), p) for p, events in ways)


class _Search:
    """The heap of ways that are not yet complete."""

    def __init__(self, cut_sets: CutSets, values: list[float]) -> None:
        self._cut_sets = cut_sets
        self._values = values
        self._best: list[list[float]] = []
        self._variable: list[list[int]] = []
        slots = list(values)
        for family, variables in zip(cut_sets.families, cut_sets.slots, strict=True):
            best = _best(family, np.array([slots[slot] for slot in variables]))
            self._best.append(best.tolist())
            self._variable.append(np.append(variables, -1)[family.level_of_nodes()].tolist())
            slots.append(max(0.0, float(best[family.root])))
        self._heap: list[_Partial] = []
        self._age = 0

    def ways(self, above: float) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Probability and events of one way after the other."""
        self._push(1.0, (), self._task(len(self._cut_sets.families) - 1, None, None))
        while self._heap and -self._heap[0].negated_bound >= above:
            _, _, probability, events, task = heappop(self._heap)
            while task is not None:
                probability, events, task = self._chosen(probability, events, task)
            yield probability, tuple(sorted(events))

    def _chosen(
        self, probability: float, events: tuple[int, ...], task: _Task
    ) -> tuple[float, tuple[int, ...], _Task | None]:
        """The better of the two ways on from a node; the other one waits."""
        place, node, _, then = task
        if node == UNIT:
            return probability, events, then
        family = self._cut_sets.families[place]
        slot = self._variable[place][node]
        low, inside = int(family.low[node]), self._task(place, int(family.high[node]), then)
        beside = self._task(place, low, then) if low != EMPTY else None
        if slot < len(self._values):
            taken = (probability * self._values[slot], (*events, slot), inside)
        else:
            taken = (probability, events, self._task(slot - len(self._values), None, inside))
        if beside is None:
            return taken
        left = (probability, events, beside)
        better, other = (taken, left) if _bound(*taken) >= _bound(*left) else (left, taken)
        self._push(*other)
        return better

    def _task(self, family: int, node: int | None, then: _Task | None) -> _Task:
        node = self._cut_sets.families[family].root if node is None else node
        return _Task(family, node, self._best[family][node] * (then.best if then else 1.0), then)

    def _push(self, probability: float, events: tuple[int, ...], task: _Task) -> None:
        if task.best >= 0.0:
            self._age += 1
            bound = _bound(probability, events, task)
            heappush(self._heap, _Partial(-bound, self._age, probability, events, task))


def _bound(probability: float, _: tuple[int, ...], task: _Task | None) -> float:
    return probability * (task.best if task else 1.0)


def _best(family: Family, weights: Floats) -> Floats:
    """The largest product of weights of a set of each node; -1 for the empty family."""
    found = np.full(len(family.high), -1.0)
    found[UNIT] = 1.0
    for level in reversed(family.levels):
        here = family.level(level)
        inside = weights[level] * found[family.high[here]]
        found[here] = np.maximum(found[family.low[here]], inside)
    return found
