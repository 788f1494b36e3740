"""Models written in short, and exact probabilities by a diagram that is no part of this room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from detente.escalation.bdd import HOLDS, NOWHERE, Diagram
from detente.escalation.circuit import Circuit, Gate
from detente.escalation.openpsa.read import read_openpsa


class _Exact:
    """The diagram of a circuit, grown as gates are asked for."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self.diagram = Diagram()
        self.events: list[str] = []
        self.places: dict[str, int] = {}

    def place(self, name: str) -> int:
        if name in self.circuit.constants:
            return HOLDS if self.circuit.constants[name] else NOWHERE
        if name not in self.places:
            if name in self.circuit.gates:
                gate = self.circuit.gates[name]
                inputs = [self.place(one) for one in gate.inputs]
                # whether the gate holds where so many of its inputs do
                holds = COUNTED[gate.op](gate.least, len(inputs))
                self.places[name] = self.counted(gate, inputs, holds)
            else:
                assert name in self.circuit.events
                self.events.append(name)
                self.places[name] = self.diagram.event(len(self.events) - 1)
        return self.places[name]

    def counted(self, gate: Gate, inputs: list[int], holds: set[int]) -> int:
        if gate.op == "imply":
            return self.diagram.choose(inputs[0], inputs[1], HOLDS)
        rows = [HOLDS if count in holds else NOWHERE for count in range(len(inputs) + 1)]
        for one in inputs:
            rows = [self.diagram.choose(one, more, same) for same, more in pairwise(rows)]
        return rows[0]


COUNTED: dict[str, Callable[[int, int], set[int]]] = {
    "and": lambda _, size: {size},
    "nand": lambda _, size: set(range(size)),
    "or": lambda _, size: set(range(1, size + 1)),
    "nor": lambda *_: {0},
    "same": lambda *_: {1},
    "not": lambda *_: {0},
    "xor": lambda _, size: set(range(1, size + 1, 2)),
    "at-least": lambda least, size: set(range(least, size + 1)),
    "imply": lambda *_: set(),
}


def _probability(circuit: Circuit, top: str, values: Mapping[str, Any]) -> Any:
    exact = _Exact(circuit)
    root = exact.place(top)
    held = {HOLDS: np.asarray(1.0), NOWHERE: np.asarray(0.0)}
    for index, node in reversed(exact.diagram.reached(root)):
        p = np.asarray(values[exact.events[node.event]])
        held[index] = p * held[node.happens] + (1 - p) * held[node.otherwise]
    return held[root]


@pytest.fixture(scope="session")
def probability():
    """The exact probability of a gate of a circuit, from numbers or arrays by event."""
    return _probability


@pytest.fixture(scope="session")
def read():
    """A model from the inside of <opsa-mef>, which begins in line 2 of ``model.xml``."""

    def made(inside, **options):
        return read_openpsa({"model.xml": f"<opsa-mef>\n{inside}\n</opsa-mef>".encode()}, **options)

    return made
