"""A module as a program: an order of its variables, and steps that builders of diagrams run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.escalation.engine.arrays import Longs
from detente.escalation.engine.graph import Graph, Kind
from detente.escalation.engine.order import walk

RISES, FALLS = 1, 2
KINDS = {Kind.ALL: 0, Kind.ODD: -1}


@dataclass(frozen=True)
class Program:
    """Steps over variables, the last being the function.

    ``variables`` are nodes of the graph, in the order in which they are asked: events, and modules
    that stand as one event. A place is 0 for the truth, then come the variables, then the steps.
    Step s takes ``operands[steps[s, 1] : steps[s, 2]]``, each ``2 * place + turned``;
    ``steps[s, 0]`` is 0 for their conjunction, -1 for their parity, else the threshold. ``signs``
    tells of each variable whether the steps let the function rise (1), fall (2) or both (3) when
    it happens; the function itself may do less.
    """

    variables: tuple[int, ...]
    steps: Longs
    operands: Longs
    signs: Longs


def program(
    graph: Graph, root: int, modules: Mapping[int, int | None], weights: Sequence[int]
) -> Program:
    """The program of module ``root``, in which the other ``modules`` are variables.

    A module that turned out constant has its edge, `TRUE` or `FALSE`, as value in ``modules``.
    """
    variables, gates = walk(graph, root, modules.keys(), weights)
    signs = _signs(graph, root, gates)
    variables = [node for node in variables if modules.get(node) is None]
    place = {node: index for index, node in enumerate((0, *variables, *gates))}
    steps: list[tuple[int, int, int]] = []
    operands: list[int] = []
    for gate in gates:
        node = graph.nodes[gate]
        begin = len(operands)
        for edge in node.inputs:
            constant = modules.get(edge >> 1)
            known = 2 * place[edge >> 1] if constant is None else constant
            operands.append(known ^ edge & 1)
        steps.append((KINDS.get(node.kind, node.number), begin, len(operands)))
    return Program(
        tuple(variables),
        np.array(steps, np.int64).reshape(-1, 3),
        np.array(operands, np.int64),
        np.array([signs[node] for node in variables], np.int64),
    )


def _signs(graph: Graph, root: int, gates: Sequence[int]) -> Counter[int]:
    """Ways in which the function moves with each node below ``root``, by the gates' kinds."""
    signs = Counter({root: RISES})
    for gate in reversed(gates):
        node = graph.nodes[gate]
        for edge in node.inputs:
            both = node.kind is Kind.ODD
            signs[edge >> 1] |= (
                3 if both else turned_moves(signs[gate]) if edge & 1 else signs[gate]
            )
    return signs


def turned_moves(moves: int) -> int:
    """The ways in which the complement moves."""
    return (moves & RISES) << 1 | (moves & FALLS) >> 1
