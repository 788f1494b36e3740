"""The formulas of a model as gates of a circuit.

A formula inside a formula becomes a gate with the name of the outer one and a number: ``top#1``. A
gate under house events that an event tree sets is a gate of its own: ``top{pump=true}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.escalation.circuit import Circuit, Gate, Op
from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.common_causes import expand
from detente.escalation.openpsa.names import Names, Scope, names_of
from detente.ground.errors import UsageError

TRUE, FALSE = "{true}", "{false}"
Settings = tuple[tuple[str, bool], ...]


def circuit_of(model: mef.MefModel) -> Circuit:
    """All gates of a model's fault trees, by id, over its basic events.

    Members of common cause groups are gates over the events of their group.
    """
    weaver = Weaver(names_of(model))
    for name in weaver.names.events:
        weaver.event(name, ())
    return weaver.circuit()


@dataclass
class Weaver:
    """Makes gates, each once for the house events that are set where it is needed."""

    names: Names
    gates: dict[str, Gate] = field(default_factory=dict)
    _members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _events: list[str] = field(default_factory=list)
    _under: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        groups = [expand(group, self.names) for group in self.names.groups]
        for group in groups:
            self._members |= group.members
        for name, one in self.names.events.items():
            if isinstance(one.definition, mef.BasicEvent) and name not in self._members:
                self._events.append(name)
        self._events += [name for group in groups for name in group.events]

    def circuit(self) -> Circuit:
        """What was made so far."""
        constants = {
            name: bool(one.definition.holds)
            for name, one in self.names.events.items()
            if isinstance(one.definition, mef.HouseEvent)
        }
        return Circuit(
            dict(self.gates), tuple(self._events), {**constants, TRUE: True, FALSE: False}
        )

    def event(self, name: str, settings: Settings) -> str:
        """The name, in the circuit, of an event by id; gates below it are made as needed."""
        ahead = [name]
        while ahead:
            here = ahead[-1]
            missing = [one for one in self._below(here) if not self._made(one, settings)]
            if missing:
                ahead += missing
                continue
            ahead.pop()
            if not self._made(here, settings):
                self._make(here, settings)
        return self._called(name, settings)

    def formula(self, name: str, formula: mef.Formula, scope: Scope, settings: Settings) -> str:
        """The name of a formula; it and the formulas inside become gates called after ``name``."""
        for one in _events_in(formula):
            self.event(self._found(one.name, scope), settings)
        return self._formula(_Names(name), formula, scope, settings)

    def _made(self, name: str, settings: Settings) -> bool:
        is_gate = isinstance(self.names.events[name].definition, mef.Gate)
        if not is_gate and name not in self._members:
            return True
        return self._called(name, settings) in self.gates

    def _below(self, name: str) -> list[str]:
        stated = self.names.events[name]
        if not isinstance(stated.definition, mef.Gate):
            return []
        leaves = _events_in(stated.definition.formula)
        return list(dict.fromkeys(self._found(one.name, stated.scope) for one in leaves))

    def _found(self, name: str, scope: Scope) -> str:
        found = self.names.find("event", name, scope)
        if found is None:
            raise UsageError(f"Event {name} is not defined.")
        return found

    def _make(self, name: str, settings: Settings) -> None:
        stated = self.names.events[name]
        called = self._called(name, settings)
        if name in self._members:
            self.gates[called] = Gate(called, "or", self._members[name])
            return
        assert isinstance(stated.definition, mef.Gate)
        self._formula(_Names(called), stated.definition.formula, stated.scope, settings)

    def _called(self, name: str, settings: Settings) -> str:
        """An event's name with the settings that it depends on."""
        definition = self.names.events[name].definition
        if isinstance(definition, mef.HouseEvent):
            state = dict(settings).get(name)
            return name if state is None else (TRUE if state else FALSE)
        if not settings or not isinstance(definition, mef.Gate):
            return name
        own = [(house, holds) for house, holds in settings if house in self._houses(name)]
        text = ",".join(f"{house}={str(holds).lower()}" for house, holds in sorted(own))
        return f"{name}{{{text}}}" if own else name

    def _houses(self, name: str) -> frozenset[str]:
        """The house events below an event."""
        ahead = [name]
        while ahead:
            here = ahead[-1]
            below = self._below(here)
            missing = [one for one in below if one not in self._under]
            if missing and here not in self._under:
                ahead += missing
                continue
            ahead.pop()
            house = isinstance(self.names.events[here].definition, mef.HouseEvent)
            own = frozenset({here}) if house else frozenset()
            self._under[here] = own.union(*(self._under[one] for one in below))
        return self._under[name]

    def _formula(self, free: _Names, formula: mef.Formula, scope: Scope, settings: Settings) -> str:
        name = free.take()
        if formula.name:
            inputs: tuple[str, ...] = (self._called(self._found(formula.name, scope), settings),)
        elif formula.op == "constant":
            inputs = (TRUE if formula.holds else FALSE,)
        else:
            inputs = tuple(self._input(free, one, scope, settings) for one in formula.inputs)
        for gate in _gates(name, formula, inputs):
            self.gates[gate.name] = gate
        return name

    def _input(self, free: _Names, formula: mef.Formula, scope: Scope, settings: Settings) -> str:
        if formula.name:
            return self._called(self._found(formula.name, scope), settings)
        if formula.op == "constant":
            return TRUE if formula.holds else FALSE
        return self._formula(free, formula, scope, settings)


@dataclass
class _Names:
    """A name, and then the same with numbers."""

    name: str
    taken: int = -1

    def take(self) -> str:
        self.taken += 1
        return f"{self.name}#{self.taken}" if self.taken else self.name


def _events_in(formula: mef.Formula) -> list[mef.Formula]:
    if formula.name:
        return [formula]
    return [leaf for one in formula.inputs for leaf in _events_in(one)]


_OPS: Mapping[str, Op] = {
    "and": "and",
    "or": "or",
    "nand": "nand",
    "nor": "nor",
    "not": "not",
    "xor": "xor",
    "imply": "imply",
}


def _gates(name: str, formula: mef.Formula, inputs: tuple[str, ...]) -> list[Gate]:
    """The gates of one connective; the last letter of inner ones tells what they are for."""
    if formula.op in _OPS:
        return [Gate(name, _OPS[formula.op], inputs)]
    if formula.op == "iff":  # associative: of an even number of inputs the complement of xor
        parity = Gate(f"{name}#x", "xor", inputs)
        return [parity, Gate(name, "same" if len(inputs) % 2 else "not", (parity.name,))]
    if formula.op == "atleast":
        return [_at_least(name, formula.least, inputs)]
    if formula.op == "cardinality":
        low = _at_least(f"{name}#l", formula.least, inputs)
        high = _at_least(f"{name}#h", formula.most + 1, inputs)
        within = Gate(f"{name}#n", "not", (high.name,))
        return [low, high, within, Gate(name, "and", (low.name, within.name))]
    return [Gate(name, "same", inputs)]


def _at_least(name: str, least: int, inputs: tuple[str, ...]) -> Gate:
    if least < 1:
        return Gate(name, "same", (TRUE,))
    if least > len(inputs):
        return Gate(name, "same", (FALSE,))
    return Gate(name, "at-least", inputs, least)
