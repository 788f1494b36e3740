"""Minimal sets in plain Python: the twin of the kernels, which makes the same nodes."""

from __future__ import annotations

from detente.escalation.engine.arrays import Integers
from detente.escalation.engine.diagram import TooManyNodesError

Triple = tuple[int, int, int]


class Builder:
    """Families of sets (level, with the variable, without) over the nodes of a diagram."""

    def __init__(self, nodes: Integers, limit: int) -> None:
        self._nodes: list[Triple] = [(row[0], row[1], row[2]) for row in nodes.tolist()]
        self._limit = limit
        end = self._nodes[0][0]
        self.sets: list[Triple] = [(end, 0, 0), (end, 1, 1)]
        self._index: dict[Triple, int] = {}
        self._minimal = {0: 1, 1: 0}
        self._without: dict[tuple[int, int], int] = {}

    def minimal(self, edge: int) -> int:
        """The minimal sets for an edge (Rauzy 1993, Reliability Eng. & System Safety 40)."""
        if edge not in self._minimal:
            level, inside, beside = self._nodes[edge >> 1]
            low = self.minimal(beside ^ edge & 1)
            high = self.without(self.minimal(inside ^ edge & 1), low)
            self._minimal[edge] = self._node(level, high, low)
        return self._minimal[edge]

    def without(self, one: int, other: int) -> int:
        """The sets of ``one`` that hold no set of ``other``."""
        if one == 0 or other in {1, one}:
            return 0
        if one == 1 or other == 0:
            return one
        key = (one, other)
        if key not in self._without:
            level, high, low = self.sets[one]
            level_other, high_other, low_other = self.sets[other]
            if level > level_other:
                self._without[key] = self.without(one, low_other)
            elif level < level_other:
                high = self.without(high, other)
                self._without[key] = self._node(level, high, self.without(low, other))
            else:
                high = self.without(self.without(high, high_other), low_other)
                self._without[key] = self._node(level, high, self.without(low, low_other))
        return self._without[key]

    def _node(self, level: int, high: int, low: int) -> int:
        if high == 0:
            return low
        node = (level, high, low)
        if node not in self._index:
            if len(self.sets) >= self._limit:
                raise TooManyNodesError(self._limit)
            self._index[node] = len(self.sets)
            self.sets.append(node)
        return self._index[node]
