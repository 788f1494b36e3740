"""Minimal cut sets against enumeration."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.escalation.circuit import Circuit, Gate
from detente.escalation.engine.compiled import compiled
from detente.escalation.engine.cut_sets import cut_sets, rare_event
from detente.escalation.engine.ranked import ranked


def minimal(table: np.ndarray) -> set[int]:
    """The entries of a truth table that hold while no proper part of them does."""
    held = np.flatnonzero(table).tolist()
    return {one for one in held if not any(other != one and other & one == other for other in held)}


@pytest.mark.parametrize("split", [True, False])
@given(data=st.data())
def test_the_cut_sets_are_the_minimal_entries_of_the_truth_table(circuits, truth, split, data):
    circuit, top = data.draw(circuits())
    wanted = minimal(truth(circuit, top))
    found = cut_sets(compiled(circuit, top, split=split))
    orders = Counter(each.bit_count() for each in wanted)
    assert {order: n for order, n in enumerate(found.by_order) if n} == dict(orders)
    assert found.number == len(wanted)
    assert found.smallest_order == min(orders, default=None)
    chance = {event: 0.1 + 0.13 * index for index, event in enumerate(circuit.events)}
    ways = ranked(found, chance, most=100)
    sets = {sum(1 << circuit.events.index(event) for event in way.events) for way in ways}
    assert sets == wanted
    assert len(ways) == len(wanted)
    for way in ways:
        assert way.probability == pytest.approx(math.prod(chance[event] for event in way.events))
    values = [way.probability for way in ways]
    assert values == sorted(values, reverse=True)
    assert rare_event(found, chance) == pytest.approx(sum(values))
    half = values[len(values) // 2] if values else 0.5
    assert ranked(found, chance, most=100, above=half * 0.999999) == tuple(
        way for way in ways if way.probability >= half * 0.999999
    )
    assert [way.probability for way in ranked(found, chance, most=2)] == pytest.approx(values[:2])


def test_cut_sets_of_an_incoherent_function_are_those_of_its_hull():
    gates = {
        "top": Gate("top", "or", ("g", "h")),
        "g": Gate("g", "and", ("a", "not b")),
        "h": Gate("h", "and", ("b", "c")),
        "not b": Gate("not b", "not", ("b",)),
    }
    found = cut_sets(compiled(Circuit(gates, ("a", "b", "c")), "top"))
    assert not found.coherent
    chance = {"a": 0.3, "b": 0.2, "c": 0.1}
    assert [way.events for way in ranked(found, chance, most=9)] == [("a",), ("b", "c")]


def test_numbers_beyond_the_machines_integers_are_exact():
    gates = {
        f"or{k}": Gate(f"or{k}", "or", tuple(f"e{k}.{n}" for n in range(10))) for k in range(30)
    }
    gates["top"] = Gate("top", "and", tuple(gates))
    events = tuple(f"e{k}.{n}" for k in range(30) for n in range(10))
    found = cut_sets(compiled(Circuit(gates, events), "top"))
    assert found.number == 10**30
    assert found.by_order == (*[0] * 30, 10**30)
    first = ranked(found, {event: 0.5 if event.endswith("7") else 0.1 for event in events}, most=1)
    assert first[0].events == tuple(f"e{k}.7" for k in range(30))


def test_thresholds_have_as_many_cut_sets_as_there_are_choices():
    names = tuple(f"e{index}" for index in range(40))
    gates = {"top": Gate("top", "at-least", names, 20)}
    found = cut_sets(compiled(Circuit(gates, names), "top"))
    assert found.by_order[20] == found.number == math.comb(40, 20)


def test_what_always_or_never_holds():
    circuit = Circuit({}, ("a",), {"yes": True, "no": False})
    always, never = (cut_sets(compiled(circuit, top)) for top in ("yes", "no"))
    assert (always.number, always.smallest_order) == (1, 0)
    assert (never.number, never.smallest_order) == (0, None)
    assert ranked(never, {"a": 0.5}, most=5) == ()
    assert [way.events for way in ranked(always, {"a": 0.5}, most=5)] == [()]
