"""The compiled kernels against their plain twins, and what it takes to need them."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.escalation.circuit import Circuit
from detente.escalation.engine import diagram, family
from detente.escalation.engine.diagram import TooManyNodesError
from detente.escalation.engine.graph import normal_form
from detente.escalation.engine.order import ORDERS
from detente.escalation.engine.program import Program, program


def same(one, other) -> bool:
    fields = ("root", "high", "low", "starts")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in fields)


def whole(circuit: Circuit, top: str) -> Program:
    graph = normal_form(circuit, top)
    return program(graph, graph.top >> 1, {}, ORDERS[0](graph))


@given(data=st.data())
@settings(max_examples=100)
def test_kernels_make_the_nodes_of_their_twins(circuits, data):
    steps = whole(*data.draw(circuits()))
    small = diagram.small_diagram(steps, limit=1000)
    large = diagram.large_diagram(steps, limit=1000)
    assert same(small, large)
    np.testing.assert_array_equal(small.moves, large.moves)
    turned = np.arange(len(steps.variables)) % 3 == 0
    for edge in (small.root, small.root ^ 1):
        sets = family.small_family(small, edge, turned, limit=1000)
        assert same(sets, family.large_family(small, edge, turned, limit=1000))


@pytest.mark.conformance
def test_kernels_make_the_nodes_of_their_twins_for_a_large_tree(aralia):
    tree, known = aralia("baobab3")
    steps = whole(tree.circuit, known["top"])
    limit = 1_000_000
    large = diagram.large_diagram(steps, limit=limit)
    assert same(diagram.small_diagram(steps, limit=limit), large)
    none = np.zeros(len(steps.variables), np.bool_)
    # The top is a disjunction, which is the complement of the last step.
    sets = family.large_family(large, large.root ^ 1, none, limit=limit)
    assert same(family.small_family(large, large.root ^ 1, none, limit=limit), sets)


@pytest.mark.conformance
def test_kernels_name_the_limit_of_nodes(aralia):
    tree, known = aralia("baobab3")
    steps = whole(tree.circuit, known["top"])
    with pytest.raises(TooManyNodesError, match="more than 12000 decision nodes"):
        diagram.large_diagram(steps, limit=12_000)
    large = diagram.large_diagram(steps, limit=100_000)
    none = np.zeros(len(steps.variables), np.bool_)
    with pytest.raises(TooManyNodesError, match="more than 1000 decision nodes"):
        family.large_family(large, large.root ^ 1, none, limit=1_000)


def test_small_problems_load_no_compiler():
    program = (
        "import sys\n"
        "from detente.escalation.circuit import Circuit, Gate\n"
        "from detente.escalation.engine.compiled import compiled\n"
        "from detente.escalation.engine.cut_sets import cut_sets\n"
        "names = tuple(map(str, range(30)))\n"
        "found = compiled(Circuit({'g': Gate('g', 'at-least', names, 15)}, names), 'g')\n"
        "print(cut_sets(found).number, 'numba' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["155117520", "False"]
