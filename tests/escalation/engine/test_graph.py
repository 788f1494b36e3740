"""The normal form of circuits."""

from __future__ import annotations

import pytest

from detente.escalation.circuit import Circuit, Gate
from detente.escalation.engine.graph import FALSE, TRUE, Graph, normal_form


def form(top: str, **gates: tuple) -> Graph:
    made = {
        name: Gate(name, op, tuple(inputs), *least) for name, (op, inputs, *least) in gates.items()
    }
    return normal_form(Circuit(made, tuple("abcd"), {"1": True, "0": False}), top)


@pytest.mark.parametrize(
    ("op", "inputs", "least", "wanted"),
    [
        ("and", "a0", 0, FALSE),
        ("or", "a1", 0, TRUE),
        ("nor", "a1", 0, FALSE),
        ("nand", "a0", 0, TRUE),
        ("xor", "aa", 0, FALSE),
        ("iff", "aa", 0, TRUE),
        ("imply", "aa", 0, TRUE),
        ("imply", "0a", 0, TRUE),
        ("at-least", "a1b1", 2, TRUE),
        ("at-least", "a0b0", 3, FALSE),
        ("not", "1", 0, FALSE),
    ],
)
def test_constants_are_propagated(op, inputs, least, wanted):
    graph = form("g", g=(op, inputs, least))
    assert graph.top == wanted
    assert len(graph.nodes) == 1


def test_equal_gates_are_one_whatever_they_are_called():
    one = form(
        "t",
        t=("xor", ["g", "h", "c"]),
        g=("nand", "ab"),
        h=("or", ["x", "y"]),
        x=("not", "b"),
        y=("not", "a"),
    )
    assert one == form("t", t=("same", "c"))


def test_a_threshold_of_all_or_one_is_a_conjunction_or_disjunction():
    assert form("t", t=("at-least", "abc", 3)) == form("t", t=("and", "abc"))
    assert form("t", t=("at-least", "abc", 1)) == form("t", t=("or", "abc"))


def test_gates_of_one_kind_that_nothing_else_uses_are_taken_in():
    nested = form("t", t=("or", ["a", "g"]), g=("or", ["b", "h"]), h=("or", "cd"))
    assert nested == form("t", t=("or", "abcd"))
    shared = form(
        "t", t=("and", ["u", "v"]), u=("or", ["a", "g"]), v=("or", ["b", "g"]), g=("or", "cd")
    )
    assert len(shared.nodes) == 1 + 4 + 4


def test_a_gate_with_its_complement_is_constant():
    assert form("t", t=("and", ["g", "h"]), g=("or", "ab"), h=("nor", "ba")).top == FALSE
