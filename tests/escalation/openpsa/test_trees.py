"""Sequences of event trees: what instructions, branches, rules and links make of paths."""

# ruff: noqa: E501 (a row of a table is a line)

from __future__ import annotations

import numpy as np
import pytest

from detente.escalation.openpsa import trees
from detente.escalation.openpsa.evaluate import Numbers, deviates, sample, sampled, values
from detente.escalation.openpsa.names import names_of
from detente.escalation.openpsa.trees import probabilities, sequences
from detente.ground.chance import sobol
from detente.ground.errors import UsageError

EVENTS = """<define-fault-tree name="T">
<define-gate name="g"><or><basic-event name="a"/><and><basic-event name="b"/><house-event name="h"/>
</and></or></define-gate>
<define-gate name="top"><or><gate name="g"/><basic-event name="c"/></or></define-gate>
<define-basic-event name="a"><float value="0.1"/></define-basic-event>
<define-basic-event name="b"><float value="0.2"/></define-basic-event>
<define-basic-event name="c"><float value="0.4"/></define-basic-event>
<define-house-event name="h"/>
<define-parameter name="p"><float value="0.3"/></define-parameter>
</define-fault-tree>"""

A, TOP = ('<basic-event name="a"/>', '<gate name="top"/>')
NOT_A = f"<not>{A}</not>"


def take(formula: str) -> str:
    return f"<collect-formula>{formula}</collect-formula>"


def factor(number: float) -> str:
    return f'<collect-expression><float value="{number}"/></collect-expression>'


def fork(name: str, **paths: str) -> str:
    listed = "".join(f'<path state="{state}">{inside}</path>' for state, inside in paths.items())
    return f'<fork functional-event="{name}">{listed}</fork>'


def end(name: str) -> str:
    return f'<sequence name="{name}"/>'


def setting(holds: str) -> str:
    return f'<set-house-event name="h"><constant value="{holds}"/></set-house-event>'


def tree(initial: str, *defined: str, name: str = "E", ends: str = "XYZ") -> str:
    listed = "".join(f'<define-sequence name="{one}"/>' for one in ends)
    return (
        f'<define-initiating-event name="I{name}" event-tree="{name}"/>'
        f'<define-event-tree name="{name}"><define-functional-event name="F"/>'
        f'<define-functional-event name="G"/>{listed}{"".join(defined)}'
        f"<initial-state>{initial}</initial-state></define-event-tree>"
    )


@pytest.fixture
def ends(read, probability):
    """The probabilities of the sequences of tree E."""

    def found(*inside, start="IE"):
        model = read(EVENTS + "".join(inside))
        events = values(model)
        numbers = Numbers(names_of(model), 8760.0)

        def solve(circuit, gate):
            return probability(circuit, gate, events)

        return {
            name: float(p)
            for name, p in probabilities(sequences(model, start), numbers, solve).items()
        }

    return found


CASES = {
    "nothing collected": (end("X"), {"X": 1}),
    "a gate": (take(TOP) + end("X"), {"X": 0.46}),
    "a formula of the path": (take(f"<and>{A}{TOP}</and>") + end("X"), {"X": 0.1}),
    "factors multiply": (factor(0.5) + factor(0.5) + end("X"), {"X": 0.25}),
    "factor and formula": (factor(0.5) + take(A) + end("X"), {"X": 0.05}),
    "a shared event is one": (
        take(A) + fork("F", on=take(TOP) + end("X"), off=take(f"<not>{TOP}</not>") + end("Y")),
        {"X": 0.1, "Y": 0},
    ),
    "two ways to one end": (
        fork("F", on=take(A) + end("X"), off=take(NOT_A) + end("X")),
        {"X": 1},
    ),
    "ways that overlap count once": (fork("F", on=take(A) + end("X"), off=take(A) + end("X")),
                                     {"X": 0.1}),
    "ways with factors add": (
        fork("F", on=factor(0.25) + end("X"), off=factor(0.75) + take(A) + end("X")),
        {"X": 0.325},
    ),
    "a house event is set from there on": (
        fork("F", on=setting("true") + take(TOP) + end("X"), off=take(TOP) + end("Y")),
        {"X": 1 - 0.9 * 0.8 * 0.6, "Y": 0.46},
    ),
    "and not backwards": (take(TOP) + setting("true") + end("X"), {"X": 0.46}),
    "and may be set again": (
        setting("true") + setting("false") + take(TOP) + end("X"),
        {"X": 0.46},
    ),
    "and in formulas of the path": (
        setting("true") + take('<and><house-event name="h"/><basic-event name="b"/></and>') + end("X"),
        {"X": 0.2},
    ),
    "a block": (f"<block>{factor(0.5)}{factor(0.5)}</block>" + end("X"), {"X": 0.25}),
    "if": (
        f'<if><bool value="true"/>{factor(0.1)}</if><if><bool value="false"/>{factor(0.2)}'
        f"{factor(0.5)}</if>" + end("X"),
        {"X": 0.05},
    ),
    "a state is known after its fork": (
        fork(
            "F",
            on='<if><test-functional-event name="F" state="on"/>' + factor(0.5) + "</if>" + end("X"),
            off='<if><test-functional-event name="F" state="on"/>' + factor(0.5) + "</if>" + end("Y"),
        ),
        {"X": 0.5, "Y": 1},
    ),
    "the initiating event is known": (
        f'<if><test-initiating-event name="IE"/>{factor(0.5)}{factor(0.25)}</if>' + end("X"),
        {"X": 0.5},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_paths_take_up_what_stands_on_them(ends, name):
    initial, expected = CASES[name]
    assert ends(tree(initial)) == pytest.approx(expected, abs=1e-15)


def test_branches_rules_and_links_are_followed(ends):
    rule = f'<define-rule name="R">{setting("true")}{factor(0.5)}</define-rule>'
    link = '<define-sequence name="L"><rule name="R"/><event-tree name="M"/></define-sequence>'
    branch = f'<define-branch name="B">{factor(0.5)}{end("L")}</define-branch>'
    first = tree(
        fork("F", on=factor(0.2) + '<branch name="B"/>', off=factor(0.8) + end("X")), link, branch
    )
    second = tree(
        fork("F", on=take(TOP) + end("X"), off=take(f"<not>{TOP}</not>") + end("W")),
        name="M",
        ends="XW",
    )
    top = 1 - 0.9 * 0.8 * 0.6
    found = ends(rule, first, second)
    expected = {"E.X": 0.8, "M.X": 0.05 * top, "W": 0.05 * (1 - top)}
    assert found == pytest.approx(expected, rel=1e-12)
    # the tree that is linked, by itself, with nothing set
    assert ends(rule, first, second, start="M") == pytest.approx({"X": 0.46, "W": 0.54})


def test_tests_in_parameters_see_the_path(ends):
    shared = (
        '<model-data><define-parameter name="q"><ite><test-functional-event name="F" state="on"/>'
        '<float value="0.25"/><parameter name="p"/></ite></define-parameter></model-data>'
    )
    use = '<collect-expression><parameter name="q"/></collect-expression>'
    found = ends(shared, tree(fork("F", on=use + end("X"), off=use + end("Y"))))
    assert found == pytest.approx({"X": 0.25, "Y": 0.3})


def test_sequences_are_sampled_with_their_factors(read, probability):
    factor_of = (
        "<collect-expression><uniform-deviate><int value='0'/><int value='1'/></uniform-deviate>"
        "</collect-expression>"
    )
    model = read(EVENTS.replace('<float value="0.1"/>', '<parameter name="u"/>')
        + "<model-data><define-parameter name='u'><uniform-deviate><int value='0'/><int value='1'/>"
        "</uniform-deviate></define-parameter></model-data>" + tree(factor_of + take(A) + end("X")))  # fmt: skip
    assert list(deviates(model)) == ["event-tree E", "parameter u"]
    units = sobol(256, 2, seed=2)
    events = sample(model, units)
    found = probabilities(
        sequences(model, "E"),
        sampled(model, units),
        lambda circuit, gate: probability(circuit, gate, events),
    )
    np.testing.assert_allclose(found["X"], units[:, 0] * units[:, 1])


def test_only_gates_below_a_setting_are_made_again(read):
    inside = setting("true") + take(TOP) + take('<basic-event name="c"/>') + end("X")
    gates = sequences(read(EVENTS + tree(inside)), "E").circuit.gates
    assert {"top{h=true}", "g{h=true}"} <= set(gates)
    assert "top" not in gates
    assert gates["g{h=true}#1"].inputs == ("b", "{true}")


def test_what_cannot_be_walked_is_told(read, monkeypatch):
    model = read(EVENTS + tree(end("X")))
    with pytest.raises(UsageError, match="No event tree 'Q'; there are: E"):
        sequences(model, "Q")
    rules = "".join(
        f'<define-rule name="R{n}"><rule name="R{n + 1}"/><rule name="R{n + 1}"/></define-rule>'
        for n in range(40)
    )
    rules += f'<define-rule name="R40">{factor(0.5)}</define-rule>'
    monkeypatch.setattr(trees, "MOST_STEPS", 1000)
    with pytest.raises(UsageError, match="more than 1000 instructions"):
        sequences(read(rules + tree('<rule name="R0"/>' + end("X"))), "E")
    monkeypatch.setattr(trees, "MOST_WAYS", 1)
    with pytest.raises(UsageError, match="more than 1 ways"):
        sequences(read(tree(fork("F", on=end("X"), off=end("X")))), "E")
