"""Modules against their definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detente.escalation.circuit import Circuit, Gate
from detente.escalation.engine.graph import Graph, Kind, normal_form
from detente.escalation.engine.modules import modules


def below(graph: Graph, node: int) -> set[int]:
    found = {edge >> 1 for edge in graph.nodes[node].inputs}
    return found.union(*(below(graph, each) for each in found))


def by_definition(graph: Graph) -> list[int]:
    """The gates that every way from outside to anything below them passes."""
    found = []
    for index, node in enumerate(graph.nodes):
        inner = below(graph, index)
        outside = set(range(len(graph.nodes))) - inner - {index}
        reached = {edge >> 1 for each in outside for edge in graph.nodes[each].inputs}
        if node.inputs and not reached & inner and index not in reached & inner:
            found.append(index)
    return found


@given(st.data())
def test_modules_are_those_of_the_definition(circuits, data):
    graph = normal_form(*data.draw(circuits(constants=())))
    wanted = by_definition(graph)
    assert modules(graph) == (wanted or [graph.top >> 1])


def test_a_shared_part_is_no_module_but_what_shares_it_is():
    gates = {
        "top": Gate("top", "or", ("left", "d")),
        "left": Gate("left", "and", ("p", "q", "r")),
        "p": Gate("p", "or", ("a", "s")),
        "q": Gate("q", "or", ("b", "s")),
        "r": Gate("r", "or", ("f", "g")),
        "s": Gate("s", "and", ("c", "e")),
    }
    graph = normal_form(Circuit(gates, tuple("abcdefg")), "top")
    kinds = [graph.nodes[each].kind for each in modules(graph)]
    assert kinds == [Kind.ALL] * 4
    names = [sorted("abcdefg"[graph.nodes[n].number] for n in below(graph, each)
                    if graph.nodes[n].kind is Kind.EVENT) for each in modules(graph)]  # fmt: skip
    assert sorted("".join(each) for each in names) == ["abcdefg", "abcefg", "ce", "fg"]
