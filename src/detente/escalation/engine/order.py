"""The order in which a module's variables are asked: a depth-first walk, weighty inputs first.

The size of a diagram depends on the order more than on anything else, and the best order is too
hard to find (Bollig & Wegener 1996). A depth-first walk keeps events that stand together in the
circuit together in the diagram; which input goes first is told by a weight of each node.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from detente.escalation.engine.graph import Graph, Kind

Weigh = Callable[[Graph], list[int]]


def by_depth(graph: Graph) -> list[int]:
    """How many gates stand in the longest chain below each node: shallow inputs go first."""
    depth: list[int] = []
    for node in graph.nodes:
        depth.append(1 + max((depth[edge >> 1] for edge in node.inputs), default=-1))
    return depth


def by_uses(graph: Graph) -> list[int]:
    """What the most gates use goes first, and of that what is shallow."""
    depth = by_depth(graph)
    weights = list(depth)
    for node in graph.nodes:
        for edge in node.inputs:
            weights[edge >> 1] -= len(graph.nodes)
    return weights


ORDERS: tuple[Weigh, ...] = (by_uses, by_depth)


def walk(
    graph: Graph, root: int, apart: Collection[int], weights: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The variables below ``root`` in their order, and the gates, each after its inputs.

    Variables are events and nodes that are solved ``apart``.
    """
    variables: list[int] = []
    gates: list[int] = []
    seen: set[int] = set()
    pending = [(root, False)]
    while pending:
        index, leaves = pending.pop()
        node = graph.nodes[index]
        if leaves:
            gates.append(index)
        elif index not in seen:
            seen.add(index)
            if node.kind is Kind.EVENT or (index in apart and index != root):
                variables.append(index)
            elif node.inputs:
                pending.append((index, True))
                below = sorted((edge >> 1 for edge in node.inputs), key=weights.__getitem__)
                pending.extend((each, False) for each in reversed(below))
    return variables, gates
