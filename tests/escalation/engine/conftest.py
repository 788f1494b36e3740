"""Circuits for the engine: small ones by chance, large ones from Open-PSA files."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from detente.escalation.circuit import Circuit, Gate

OPERATIONS = {
    "and": "and", "or": "or", "not": "not", "xor": "xor", "atleast": "at-least", "null": "same",
    "nand": "nand", "nor": "nor", "iff": "iff", "imply": "imply",
}  # fmt: skip
MOST_EVENTS = 6
MEANING: dict[str, Callable[..., np.ndarray]] = {
    "and": lambda inputs, _: inputs.all(axis=0),
    "nand": lambda inputs, _: ~inputs.all(axis=0),
    "or": lambda inputs, _: inputs.any(axis=0),
    "nor": lambda inputs, _: ~inputs.any(axis=0),
    "xor": lambda inputs, _: inputs.sum(axis=0) % 2 == 1,
    "iff": lambda inputs, _: inputs[0] == inputs[1],
    "imply": lambda inputs, _: ~inputs[0] | inputs[1],
    "at-least": lambda inputs, least: inputs.sum(axis=0) >= least,
    "not": lambda inputs, _: ~inputs[0],
    "same": lambda inputs, _: inputs[0],
}


class Tree:
    """A fault tree of an Open-PSA file: its gates, and its events with their probabilities."""

    def __init__(self, *files: Path) -> None:
        self.gates: dict[str, Gate] = {}
        self.constants: dict[str, bool] = {}
        self.probabilities: dict[str, float] = {}
        for file in files:
            root = ET.fromstring(file.read_bytes())  # noqa: S314 (our own data)
            for component in root.iter("define-component"):
                inner = {each.get("name") for each in component.iter("define-gate")}
                for each in component.iter():
                    if each.tag in {"define-gate", "gate"} and each.get("name") in inner:
                        each.set("name", f"{component.get('name')}.{each.get('name')}")
            for each in root.iter("define-gate"):
                self._formula(each[-1], each.get("name"))
            for each in root.iter("define-basic-event"):
                self.probabilities[each.attrib["name"]] = float(each.find("float").get("value"))
            for each in root.iter("define-house-event"):
                value = each.find("constant").get("value")
                self.constants[each.attrib["name"]] = value == "true"

    @property
    def circuit(self) -> Circuit:
        return Circuit(self.gates, tuple(self.probabilities), self.constants)

    def _formula(self, element: ET.Element, name: str | None = None) -> str:
        if element.tag not in OPERATIONS:
            if name is not None:
                self.gates[name] = Gate(name, "same", (element.attrib["name"],))
            return element.attrib["name"]
        name = name or f"within {len(self.gates)}"
        self.gates[name] = Gate(name, "same", ())
        inputs = tuple(self._formula(each) for each in element)
        least = int(element.get("min", 0))
        self.gates[name] = Gate(name, OPERATIONS[element.tag], inputs, least)
        return name


@pytest.fixture(scope="session")
def tree() -> Callable[..., Tree]:
    return Tree


@pytest.fixture(scope="session")
def aralia(shared_data: Path) -> Callable[[str], tuple[Tree, dict]]:
    """A tree of the Aralia set, and what is known of it."""
    folder = shared_data / "risk" / "aralia"
    known = json.loads((folder / "known.json").read_text())
    return lambda name: (Tree(folder / f"{name}.xml"), known[name])


def _assignments(circuit: Circuit) -> dict[str, np.ndarray]:
    cells = np.arange(2 ** len(circuit.events))
    return {event: cells >> index & 1 == 1 for index, event in enumerate(circuit.events)}


def _truth(circuit: Circuit, name: str, held: dict[str, np.ndarray]) -> np.ndarray:
    if name in held:
        return held[name]
    if name in circuit.constants:
        return np.full(len(next(iter(held.values()))), circuit.constants[name])
    gate = circuit.gates[name]
    inputs = np.array([_truth(circuit, each, held) for each in gate.inputs])
    return MEANING[gate.op](inputs, gate.least)


@pytest.fixture(scope="session")
def truth() -> Callable[[Circuit, str], np.ndarray]:
    """The truth table of a name: entry k is for the events whose bits are set in k."""
    return lambda circuit, name: _truth(circuit, name, _assignments(circuit))


@st.composite
def _circuits(draw, operations=tuple(MEANING), constants=("true", "false")):
    events = tuple(f"e{index}" for index in range(draw(st.integers(1, MOST_EVENTS))))
    names = [*events, *constants]
    gates = {}
    for index in range(draw(st.integers(1, 8))):
        op = draw(st.sampled_from(operations))
        size = {"not": 1, "same": 1, "iff": 2, "imply": 2}.get(op)
        picked = st.lists(st.sampled_from(names), min_size=size or 1, max_size=size or 4)
        inputs = tuple(draw(picked))
        least = draw(st.integers(1, len(inputs))) if op == "at-least" else 0
        names.append(f"g{index}")
        gates[names[-1]] = Gate(names[-1], op, inputs, least)
    held = {"true": True, "false": False}
    return Circuit(gates, events, {name: held[name] for name in constants}), names[-1]


@pytest.fixture(scope="session")
def circuits():
    return _circuits
