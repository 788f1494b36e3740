"""Probability and importance against truth tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.escalation.circuit import Circuit, Gate
from detente.escalation.engine.compiled import birnbaum, compiled, evaluate
from detente.escalation.engine.diagram import TooManyNodesError
from detente.escalation.engine.solve import solve
from detente.ground.errors import UsageError

DUAL = {"and": "or", "or": "and", "nand": "nor", "nor": "nand", "not": "not", "same": "same"}
MONOTONE = ("and", "or", "at-least", "same")


def weights(values: np.ndarray) -> np.ndarray:
    """The probability of each entry of a truth table."""
    cells = np.arange(2 ** len(values))[:, None] >> np.arange(len(values)) & 1 == 1
    return np.where(cells, values, 1.0 - values).prod(axis=1)


def chances(circuit: Circuit) -> dict[str, float]:
    """Probabilities that are all different, one of them 0 and one of them 1."""
    values = np.random.default_rng(len(circuit.gates)).random(len(circuit.events))
    values[2:4] = [0.0, 1.0][: len(values[2:4])]
    return dict(zip(circuit.events, values.tolist(), strict=True))


@given(st.data())
def test_probability_and_importance_are_those_of_the_truth_table(circuits, truth, data):
    circuit, top = data.draw(circuits())
    chance = chances(circuit)
    values = np.array(list(chance.values()))
    table = truth(circuit, top)
    result = solve(circuit, top, chance)
    assert result.probability == pytest.approx(float(weights(values)[table].sum()), abs=1e-14)
    for index, event in enumerate(circuit.events):
        happens, fails = values.copy(), values.copy()
        happens[index], fails[index] = 1.0, 0.0
        if_so, if_not = weights(happens)[table].sum(), weights(fails)[table].sum()
        factors = result.importance
        assert factors.birnbaum[index] == pytest.approx(if_so - if_not, abs=1e-14), event
        if result.probability > 1e-12:
            assert factors.achievement[index] == pytest.approx(if_so / result.probability)
            both = values[index] * if_so / result.probability
            assert factors.diagnostic[index] == pytest.approx(both, abs=1e-12)
            share = 1.0 - if_not / result.probability
            assert factors.critical[index] == pytest.approx(share, abs=1e-9)
            if if_not > 1e-9:
                reduction = result.probability / if_not
                assert factors.reduction[index] == pytest.approx(reduction)


@given(st.data())
def test_the_ways_in_which_a_function_moves_are_those_of_its_truth_table(circuits, truth, data):
    circuit, top = data.draw(circuits())
    table = truth(circuit, top)
    result = solve(circuit, top, dict.fromkeys(circuit.events, 0.5))
    cells = np.arange(len(table))
    for index, event in enumerate(circuit.events):
        before = cells[cells >> index & 1 == 0]
        steps = table[before | 1 << index].astype(int) - table[before]
        assert (event in result.missing) == (steps == 0).all()
        assert (event in result.falling) == (steps < 0).any()
    assert result.coherent == (not result.falling)


@given(st.data())
def test_shannon_identity(circuits, data):
    circuit, top = data.draw(circuits())
    chance = chances(circuit)
    event = data.draw(st.sampled_from(circuit.events))
    whole = solve(circuit, top, chance).probability
    if_so = solve(circuit, top, chance | {event: 1.0}).probability
    if_not = solve(circuit, top, chance | {event: 0.0}).probability
    assert whole == pytest.approx(chance[event] * if_so + (1.0 - chance[event]) * if_not)


@given(st.data())
def test_the_dual_of_a_function_is_its_complement_on_complements(circuits, data):
    circuit, top = data.draw(circuits(operations=tuple(DUAL)))
    gates = {
        gate.name: Gate(gate.name, DUAL[gate.op], gate.inputs) for gate in circuit.gates.values()
    }
    constants = {name: not holds for name, holds in circuit.constants.items()}
    chance = chances(circuit)
    turned = {event: 1.0 - value for event, value in chance.items()}
    dual = solve(Circuit(gates, circuit.events, constants), top, turned)
    assert solve(circuit, top, chance).probability == pytest.approx(1.0 - dual.probability)


@given(st.data())
def test_the_order_of_definition_does_not_matter(circuits, data):
    circuit, top = data.draw(circuits())
    gates = {name: circuit.gates[name] for name in data.draw(st.permutations([*circuit.gates]))}
    events = tuple(data.draw(st.permutations(circuit.events)))
    chance = chances(circuit)
    plain, other = (
        solve(circuit, top, chance),
        solve(Circuit(gates, events, circuit.constants), top, chance),
    )
    assert plain.probability == pytest.approx(other.probability, abs=1e-14)
    assert set(plain.falling) == set(other.falling)
    factors = dict(zip(other.events, other.importance.birnbaum, strict=True))
    for event, factor in zip(plain.events, plain.importance.birnbaum, strict=True):
        assert factor == pytest.approx(factors[event], abs=1e-14)


@given(st.data())
def test_modules_solved_apart_change_nothing(circuits, data):
    circuit, top = data.draw(circuits())
    values = np.array([[value] for value in chances(circuit).values()])
    apart, whole = compiled(circuit, top), compiled(circuit, top, split=False)
    assert len(whole.modules) == 1
    for one, other in zip(birnbaum(apart, values), birnbaum(whole, values), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-14)
    np.testing.assert_array_equal(apart.moves, whole.moves)


def test_many_probability_vectors_at_once_are_each_as_if_alone(circuits, monkeypatch):
    from detente.escalation.engine import compiled as module

    gates = {"g": Gate("g", "at-least", ("a", "b", "h"), 2), "h": Gate("h", "xor", ("a", "c"))}
    function = compiled(Circuit(gates, ("a", "b", "c")), "g")
    values = np.random.default_rng(5).random((3, 40))
    tops = evaluate(function, values)
    factors = birnbaum(function, values)[1]
    monkeypatch.setattr(module, "CELLS", 2 * (2 * function.nodes + 2) * 3)
    np.testing.assert_array_equal(evaluate(function, values), tops)
    for column in range(40):
        top, factor = birnbaum(function, values[:, [column]])
        assert top[0] == tops[column]
        np.testing.assert_array_equal(factor[:, 0], factors[:, column])
    a, b, c = values
    h = a * (1 - c) + c * (1 - a)
    np.testing.assert_allclose(tops, a * b + a * (1 - c) * (1 - b) + (1 - a) * b * c)
    assert h.shape == tops.shape


def test_small_probabilities_keep_their_digits():
    gates = {"g": Gate("g", "and", tuple("abcd")), "top": Gate("top", "nor", ("h", "h"))}
    gates["h"] = Gate("h", "not", ("g",))
    result = solve(Circuit(gates, tuple("abcd")), "top", dict.fromkeys("abcd", 1e-9))
    assert result.probability == pytest.approx(1e-36, rel=1e-12)
    assert result.importance.birnbaum == pytest.approx([1e-27] * 4, rel=1e-12)


def test_an_event_without_which_nothing_happens_reduces_without_bound():
    circuit = Circuit({"g": Gate("g", "and", ("a", "b"))}, ("a", "b", "c"))
    result = solve(circuit, "g", {"a": 0.1, "b": 0.3, "c": 0.5})
    assert result.importance.reduction.tolist() == [np.inf, np.inf, 1.0]
    assert result.missing == ("c",)


def test_an_event_alone_or_a_constant_can_be_asked_for():
    circuit = Circuit({"g": Gate("g", "not", ("a",))}, ("a",), {"yes": True})
    assert solve(circuit, "a", {"a": 0.25}).probability == 0.25
    assert solve(circuit, "g", {"a": 0.25}).probability == 0.75
    assert solve(circuit, "g", {"a": 0.25}).falling == ("a",)
    assert solve(circuit, "yes", {"a": 0.25}).probability == 1.0
    assert solve(circuit, "yes", {"a": 0.25}).missing == ("a",)


def test_a_deep_chain_needs_no_recursion():
    gates = {"g0": Gate("g0", "and", ("a", "b"))}
    for index in range(1, 5000):
        gates[f"g{index}"] = Gate(
            f"g{index}", "or" if index & 1 else "and", (f"g{index - 1}", "ab"[index // 2 & 1])
        )
    assert solve(Circuit(gates, ("a", "b")), "g4999", {"a": 0.5, "b": 0.5}).probability > 0.0


@pytest.mark.parametrize(
    ("gates", "problem"),
    [
        ([Gate("g", "and", ("a", "nowhere"))], "no gate, event or constant 'nowhere'"),
        ([Gate("g", "and", ("h", "a")), Gate("h", "not", ("g",))], "depends on itself"),
        ([Gate("g", "imply", ("a",))], "'g': imply does not take 1 inputs"),
        ([Gate("g", "not", ("a", "a"))], "'g': not does not take 2 inputs"),
    ],
)
def test_what_is_no_circuit_is_refused(gates, problem):
    with pytest.raises(UsageError, match=problem):
        solve(Circuit({gate.name: gate for gate in gates}, ("a",)), "g", {"a": 0.5})


@pytest.mark.parametrize(
    ("chance", "problem"),
    [
        ({}, "no probability for a"),
        ({"a": 1.5}, "from 0 to 1"),
        ({"a": float("nan")}, "from 0 to 1"),
    ],
)
def test_what_is_no_probability_is_refused(chance, problem):
    with pytest.raises(UsageError, match=problem):
        solve(Circuit({}, ("a",)), "a", chance)


def test_the_limit_of_nodes_is_named():
    names = tuple(f"e{index}" for index in range(12))
    circuit = Circuit({"g": Gate("g", "at-least", names, 6)}, names)
    with pytest.raises(TooManyNodesError, match="more than 20 decision nodes"):
        compiled(circuit, "g", limit=20)


def test_monotone_gates_are_coherent(circuits):
    @given(circuits(operations=MONOTONE))
    def coherent(drawn):
        circuit, top = drawn
        assert compiled(circuit, top).coherent

    coherent()
