"""Decision diagrams with complemented edges in plain Python: the twin of the kernels.

It makes the same nodes in the same order as `diagram_kernels`, so that both give the same bytes.
"""

from __future__ import annotations

import numpy as np

from detente.escalation.engine.arrays import Longs
from detente.escalation.engine.diagram import TooManyNodesError
from detente.escalation.engine.program import Program

Triple = tuple[int, int, int]


class Builder:
    """Nodes (level, edge if it happens, edge if not), of which there are at most ``limit``."""

    def __init__(self, limit: int) -> None:
        self.nodes: list[Triple] = []
        self._limit = limit
        self._index: dict[Triple, int] = {}
        self._known: dict[tuple[int, int], int] = {}
        self._apart: set[tuple[int, int]] = set()

    def run(self, program: Program) -> int:
        """The edge of the last step."""
        variables = len(program.variables)
        self.nodes = [(variables, 0, 0)]
        edges = [0, *(self._node(level, 0, 1) for level in range(variables))]
        for kind, begin, end in program.steps.tolist():
            operands = program.operands[begin:end].tolist()
            inputs = [edges[operand >> 1] ^ (operand & 1) for operand in operands]
            inputs.sort(key=lambda edge: -self.nodes[edge >> 1][0])
            edges.append(self._step(kind, inputs))
        return edges[-1]

    def moves(self, root: int, signs: Longs) -> Longs:
        """For each level whether the function can rise (1), fall (2) or both (3).

        Only where ``signs``, what the program lets it do, is both, the diagram is asked.
        """
        found = np.where(signs == 3, 0, signs)
        if 3 not in signs:
            return found
        seen = {root}
        for edge in range(2 * len(self.nodes) - 1, 1, -1):
            level, high, low = self.nodes[edge >> 1]
            if edge in seen:
                seen |= {high ^ edge & 1, low ^ edge & 1}
                for way in (0, 1):
                    turned = edge & 1 ^ way
                    if not found[level] & (1 + way) and signs[level] == 3:
                        found[level] |= (1 + way) * self._meet(high ^ turned, low ^ turned ^ 1)
        return found

    def _meet(self, one: int, other: int) -> bool:
        """Whether two functions can hold at once; pairs that cannot are remembered."""
        if one ^ 1 == other or 1 in {one, other}:
            return False
        if one == other or 0 in {one, other}:
            return True
        key = (one, other) if one < other else (other, one)
        if key not in self._apart:
            level = min(self.nodes[one >> 1][0], self.nodes[other >> 1][0])
            below = zip(self._follow(one, level), self._follow(other, level), strict=True)
            if any(self._meet(*pair) for pair in below):
                return True
            self._apart.add(key)
        return False

    def _step(self, kind: int, inputs: list[int]) -> int:
        if kind > 0:
            return self._at_least(kind, inputs)
        found = inputs[0]
        for other in inputs[1:]:
            found = self._parity(found, other) if kind else self._both(found, other)
        return found

    def _at_least(self, least: int, inputs: list[int]) -> int:
        count = [0, *[1] * least]
        for edge in inputs:
            for k in range(least, 0, -1):
                count[k] = self._both(self._both(edge, count[k - 1]) ^ 1, count[k] ^ 1) ^ 1
        return count[least]

    def _parity(self, one: int, other: int) -> int:
        left, right = self._both(one, other ^ 1), self._both(one ^ 1, other)
        return self._both(left ^ 1, right ^ 1) ^ 1

    def _both(self, one: int, other: int) -> int:
        """The conjunction of two edges."""
        if other in {0, one}:
            return one
        if one == 0:
            return other
        if 1 in {one, other} or one ^ 1 == other:
            return 1
        key = (one, other) if one < other else (other, one)
        if key not in self._known:
            one, other = key
            level = min(self.nodes[one >> 1][0], self.nodes[other >> 1][0])
            high_a, low_a = self._follow(one, level)
            high_b, low_b = self._follow(other, level)
            high = self._both(high_a, high_b)
            self._known[key] = self._node(level, high, self._both(low_a, low_b))
        return self._known[key]

    def _follow(self, edge: int, level: int) -> tuple[int, int]:
        asked, high, low = self.nodes[edge >> 1]
        return (high ^ edge & 1, low ^ edge & 1) if asked == level else (edge, edge)

    def _node(self, level: int, high: int, low: int) -> int:
        if high == low:
            return high
        turned = high & 1
        node = (level, high ^ turned, low ^ turned)
        if node not in self._index:
            if len(self.nodes) >= self._limit:
                raise TooManyNodesError(self._limit)
            self._index[node] = len(self.nodes)
            self.nodes.append(node)
        return 2 * self._index[node] | turned
