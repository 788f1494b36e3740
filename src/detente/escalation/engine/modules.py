"""Modules: parts of a function that share no event with the rest, found in linear time.

A gate is a module when nothing below it is reached from outside it. Two passes over the dates of a
depth-first walk tell which (Dutuit & Rauzy 1996, "A linear-time algorithm to find modules of fault
trees", IEEE Transactions on Reliability 45(3)). A module is solved alone and then stands as one
event in what uses it.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.escalation.engine.graph import Graph, Kind


def modules(graph: Graph) -> list[int]:
    """The nodes that are modules, each after the modules below it; the top node is the last.

    Events are no modules here. A constant or an event as top gives a list of that node alone.
    """
    first, done, last = _dates(graph)
    lowest, highest = list(first), list(last)
    found = []
    for index, node in enumerate(graph.nodes):
        below = [edge >> 1 for edge in node.inputs]
        inner_first = min((lowest[each] for each in below), default=first[index])
        inner_last = max((highest[each] for each in below), default=last[index])
        if below and inner_first > first[index] and inner_last < done[index]:
            found.append(index)
        lowest[index] = min(first[index], inner_first)
        highest[index] = max(last[index], inner_last)
    top = graph.top >> 1
    return found if top in found else [*found, top]


def _dates(graph: Graph) -> tuple[list[int], list[int], list[int]]:
    """The dates of the first visit, of leaving, and of the last visit of each node."""
    count = len(graph.nodes)
    first, done, last = [0] * count, [0] * count, [0] * count
    for date, (node, leaves) in enumerate(_walk(graph), 1):
        if leaves:
            done[node] = date
        first[node] = first[node] or date
        last[node] = date
    return first, done, last


def _walk(graph: Graph) -> Iterator[tuple[int, bool]]:
    """Visits of a depth-first walk: on the way down, and again when a node is left."""
    seen: set[int] = set()
    pending = [(graph.top >> 1, False)]
    while pending:
        node, leaves = pending.pop()
        yield node, leaves
        if leaves or node in seen or graph.nodes[node].kind in {Kind.TRUTH, Kind.EVENT}:
            continue
        seen.add(node)
        pending.append((node, True))
        pending.extend((edge >> 1, False) for edge in reversed(graph.nodes[node].inputs))
