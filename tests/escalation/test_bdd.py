"""Decision diagrams against truth tables."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.escalation import bdd
from detente.escalation.bdd import HOLDS, NOWHERE, Diagram, DiagramTooLargeError, end, end_number

EVENTS = 5

formulas = st.recursive(
    st.integers(0, EVENTS - 1),
    lambda inner: st.tuples(st.sampled_from(["any", "all", "none"]), inner, inner),
    max_leaves=10,
)


def build(diagram: Diagram, formula) -> int:
    if isinstance(formula, int):
        return diagram.event(formula)
    kind, *parts = formula
    operands = [build(diagram, part) for part in parts]
    return {"any": diagram.any_of, "all": diagram.all_of, "none": diagram.none_of}[kind](operands)


def truth(formula, outcome: tuple[bool, ...]) -> bool:
    if isinstance(formula, int):
        return outcome[formula]
    kind, *parts = formula
    held = [truth(part, outcome) for part in parts]
    return {"any": any(held), "all": all(held), "none": not any(held)}[kind]


def follow(diagram: Diagram, place: int, outcome: tuple[bool, ...]) -> int:
    while place >= 0:
        node = diagram.nodes[place]
        place = node.happens if outcome[node.event] else node.otherwise
    return place


OUTCOMES = list(itertools.product([False, True], repeat=EVENTS))


@given(formulas)
def test_a_diagram_is_the_truth_table_of_its_formula(formula):
    diagram = Diagram()
    place = build(diagram, formula)
    for outcome in OUTCOMES:
        assert (follow(diagram, place, outcome) == HOLDS) == truth(formula, outcome)


@given(formulas, formulas)
def test_equal_functions_are_the_same_place(first, second):
    diagram = Diagram()
    places = [build(diagram, formula) for formula in (first, second)]
    same = all(truth(first, outcome) == truth(second, outcome) for outcome in OUTCOMES)
    assert (places[0] == places[1]) == same


@given(formulas, formulas)
def test_choose_leads_to_the_end_that_the_condition_says(condition, inner):
    diagram = Diagram()
    follows = diagram.choose(build(diagram, inner), end(2), NOWHERE)
    place = diagram.choose(build(diagram, condition), end(1), follows)
    for outcome in OUTCOMES:
        aside = end(2) if truth(inner, outcome) else NOWHERE
        wanted = end(1) if truth(condition, outcome) else aside
        assert follow(diagram, place, outcome) == wanted


@given(formulas)
def test_nodes_are_reached_after_all_nodes_above_them(formula):
    diagram = Diagram()
    place = build(diagram, formula)
    seen = {place}
    for index, node in diagram.reached(place):
        assert index in seen
        assert node == diagram.nodes[index]
        seen |= {node.happens, node.otherwise}
        assert all(index > below for below in (node.happens, node.otherwise))


def test_ends_are_numbered_from_below_nowhere():
    assert [end_number(end(number)) for number in range(4)] == [0, 1, 2, 3]
    assert NOWHERE not in [end(number) for number in range(4)]


def test_a_diagram_stops_growing(monkeypatch):
    monkeypatch.setattr(bdd, "MOST_NODES", 3)
    diagram = Diagram()
    for event in range(3):
        diagram.event(event)
    with pytest.raises(DiagramTooLargeError, match="3 decision nodes"):
        diagram.event(3)
