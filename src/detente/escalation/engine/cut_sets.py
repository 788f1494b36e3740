"""Minimal cut sets: how many, of which order, and the most probable ones, none of them listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.escalation.engine.arrays import Flags, Floats, Longs
from detente.escalation.engine.compiled import MOST_NODES, Compiled, Module
from detente.escalation.engine.family import EMPTY, UNIT, Family, minimal_sets
from detente.ground.errors import UsageError

Counts = tuple[int, ...]


@dataclass(frozen=True)
class CutSets:
    """The minimal cut sets of a function of E events, family by family as its modules stand.

    A set's variables are slots: slot e < E is event e, slot E + m stands for any set of family m.
    ``by_order[k]`` tells how many sets have k events. Where the function is not ``coherent``, they
    are those of its coherent hull: the smallest sets of events that make it hold by happening
    while all other events do not (see `family`).
    """

    events: tuple[str, ...]
    families: tuple[Family, ...]
    slots: tuple[Longs, ...]
    by_order: Counts
    coherent: bool

    @property
    def number(self) -> int:
        """How many minimal cut sets there are."""
        return sum(self.by_order)

    @property
    def smallest_order(self) -> int | None:
        """The fewest events that suffice; nothing if no events do."""
        return next((order for order, count in enumerate(self.by_order) if count), None)


def cut_sets(compiled: Compiled, *, limit: int = MOST_NODES) -> CutSets:
    """The minimal cut sets of a function.

    A module's variable counts as an event that happens where the module differs from what it is
    when no event happens, so that sets of sets are minimal sets again.

    Raises
    ------
    TooManyNodesError
        If the sets of one module need more nodes than ``limit``.
    """
    events = len(compiled.events)
    resting = np.zeros(events + len(compiled.modules), np.bool_)
    families = []
    counts: list[Counts] = [(0, 1)] * events
    for slot, module in enumerate(compiled.modules, events):
        reversed_ = resting[module.slots]
        edge = module.diagram.root
        if module is compiled.modules[-1]:
            edge ^= compiled.turned
        else:
            resting[slot] = _at_rest(module, reversed_)
            edge ^= int(resting[slot])
        families.append(minimal_sets(module.diagram, edge, reversed_, limit=limit))
        counts.append(_by_order(families[-1], [counts[each] for each in module.slots]))
    slots = tuple(module.slots for module in compiled.modules)
    return CutSets(compiled.events, tuple(families), slots, counts[-1], compiled.coherent)


def _at_rest(module: Module, reversed_: Flags) -> bool:
    """Whether the module holds while no event happens."""
    diagram = module.diagram
    level = diagram.level_of_nodes()
    edge = diagram.root
    while edge > 1:
        node = edge >> 1
        below = diagram.high if reversed_[level[node]] else diagram.low
        edge = int(below[node]) ^ edge & 1
    return edge == 0


def _by_order(family: Family, variables: Sequence[Counts]) -> Counts:
    """How many sets of each order, each variable standing for as many sets as it says."""
    if family.root == EMPTY:
        return (0,)
    sizes = np.array([len(counts) - 1 for counts in variables], np.int64)
    degree = np.full(len(family.high), np.iinfo(np.int64).min // 2)
    degree[UNIT] = 0
    number = _sums(family, np.array([float(sum(counts)) for counts in variables]))
    for level in reversed(family.levels):
        here = family.level(level)
        inside = degree[family.high[here]] + sizes[level]
        degree[here] = np.maximum(degree[family.low[here]], inside)
    width = int(degree[family.root]) + 1
    found = np.zeros((len(degree), width), np.int64 if number < 2.0**62 else object)
    found[UNIT, 0] = 1
    for level in reversed(family.levels):
        here = family.level(level)
        found[here] = found[family.low[here]]
        for order, count in enumerate(variables[level][:width]):
            if count:
                found[here, order:] += count * found[family.high[here], : width - order]
    return tuple(int(count) for count in found[family.root])


def _sums(family: Family, weights: Floats) -> float:
    """The sum over the sets of the products of their variables' weights."""
    found = np.zeros(len(family.high))
    found[UNIT] = 1.0
    for level in reversed(family.levels):
        here = family.level(level)
        found[here] = found[family.low[here]] + weights[level] * found[family.high[here]]
    return float(found[family.root])


def rare_event(cut_sets: CutSets, probabilities: Mapping[str, float]) -> float:
    """The sum of the sets' probabilities: at least the function's, close to it while it is small.

    Raises
    ------
    UsageError
        If an event has no probability.
    """
    weights = [*given(cut_sets.events, probabilities)]
    for family, slots in zip(cut_sets.families, cut_sets.slots, strict=True):
        weights.append(_sums(family, np.array([weights[slot] for slot in slots])))
    return weights[-1]


def given(events: Sequence[str], probabilities: Mapping[str, float]) -> list[float]:
    """The events' probabilities in their order.

    Raises
    ------
    UsageError
        If one is missing.
    """
    missing = [event for event in events if event not in probabilities]
    if missing:
        raise UsageError(f"no probability for {', '.join(missing)}")
    return [probabilities[event] for event in events]
