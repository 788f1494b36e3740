"""The decision diagram of a module, and who builds it: Python while it is small, else kernels."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from detente.escalation.engine.arrays import Integers, Longs
from detente.escalation.engine.levels import Layered, arrangement
from detente.escalation.engine.program import Program
from detente.ground.errors import DetenteError

FEW_LEVELS = 500
FEW_NODES = 40_000
FEWER_NODES = 1_000


class TooManyNodesError(DetenteError):
    """The diagram outgrows the limit of nodes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the function needs more than {limit} decision nodes, which is the limit")


@dataclass(frozen=True)
class Diagram(Layered):
    """A decision diagram of which equal parts are one, the deepest level first.

    Edge ``2 * n + turned`` is the function of node n or its complement; node 0 is the truth. Node
    n leads to edge ``high[n]`` where its variable happens and to ``low[n]`` where not.
    ``moves[v]`` tells whether the function can rise (1), fall (2) or both (3) when variable v
    happens; it is 0 if the function does not depend on it.
    """

    moves: Longs


def diagram(program: Program, *, limit: int) -> Diagram:
    """The diagram of a program with at most ``limit`` nodes, those on the way included.

    Raises
    ------
    TooManyNodesError
        If the limit does not suffice.
    """
    few = few_nodes("detente.escalation.engine.diagram_kernels", limit)
    if len(program.variables) < FEW_LEVELS:
        try:
            return small_diagram(program, limit=few)
        except TooManyNodesError:
            if few == limit:
                raise
    return large_diagram(program, limit=limit)


def few_nodes(kernels: str, limit: int) -> int:
    """How many nodes plain Python may make: few, and fewer once the kernels are loaded.

    To load them takes seconds, and to run them gives the same bytes.
    """
    return min(limit, FEWER_NODES if kernels in sys.modules else FEW_NODES)


def small_diagram(program: Program, *, limit: int) -> Diagram:
    """As `diagram`, in plain Python."""
    from detente.escalation.engine.diagram_python import Builder

    builder = Builder(limit)
    root = builder.run(program)
    moves = builder.moves(root, program.signs)
    return _arranged(root, np.array(builder.nodes, np.int32), moves)


def large_diagram(program: Program, *, limit: int) -> Diagram:
    """As `diagram`, in compiled kernels."""
    from detente.escalation.engine import diagram_kernels as kernels

    room = kernels.room(limit)
    root = kernels.build(len(program.variables), program.steps, program.operands, *room)
    if root == kernels.FULL:
        raise TooManyNodesError(limit)
    nodes, _, memory, state = room
    moves = kernels.moves(root, program.signs, nodes, memory, state)
    return _arranged(root, nodes[: state[0]], moves)


def _arranged(root: int, nodes: Integers, moves: Longs) -> Diagram:
    """The diagram of edge ``root``; ``nodes`` holds level, edge if it happens, edge if not."""
    level, high, low = nodes.T
    place, found, starts = arrangement(level, (high >> 1, low >> 1), [0, root >> 1])

    def moved(edges: Integers) -> Integers:
        found: Integers = (2 * place[edges >> 1] | edges & 1).astype(np.int32)
        return found

    asked = starts[1:] < starts[:-1]
    return Diagram(
        int(2 * place[root >> 1] | root & 1),
        moved(high[found]),
        moved(low[found]),
        starts,
        np.where(asked, moves, 0),
    )
