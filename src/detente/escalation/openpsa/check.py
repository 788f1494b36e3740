"""What is wrong in a model as a whole: names, circles, event trees, numbers, and unused parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.check_numbers import check_numbers
from detente.escalation.openpsa.check_trees import check_trees
from detente.escalation.openpsa.evaluate import circles
from detente.escalation.openpsa.names import KINDS, Names, Placed, Scope, Space, names_of
from detente.escalation.openpsa.remarks import Remarks
from detente.escalation.openpsa.walk import (
    formulas,
    model_expressions,
    model_formulas,
    model_instructions,
)

WORDS = {"gate": "gate", "basic-event": "basic event", "house-event": "house event"}


def check(model: mef.MefModel, remarks: Remarks, *, undefined: Literal["error", "note"]) -> None:
    """Remark on everything that is wrong in a model as a whole."""
    names = names_of(model)
    _Doubles(remarks).of(model, names)
    references = _References(names, remarks, undefined)
    references.of(model)
    _unused(names, references.used, remarks)
    sound = _circles(names, remarks)
    check_trees(model, remarks, undefined=undefined)
    if sound:
        check_numbers(names, remarks)


class _Doubles:
    """Finds names that are given twice."""

    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks

    def of(self, model: mef.MefModel, names: Names) -> None:
        for one in names.doubles:
            space = names.parameters if isinstance(one.definition, mef.Parameter) else names.events
            first = space.get(one.id) or next(
                each for each in space.values() if each.path == one.path
            )
            self._twice(one.definition, first.definition)
        self._among((one.path, one.definition) for one in names.containers)
        self._among((one.path, one.definition) for one in names.groups)
        for listed in (model.initiating_events, model.rules, model.event_trees):
            self._among((one.name, one) for one in listed)
        for tree in model.event_trees:
            for inner in (tree.functional_events, tree.sequences, tree.branches):
                self._among((one.name, one) for one in inner)
        for stated in model.data:
            if stated.role == "private":
                problem = "is private, though <model-data> has no container to be private in."
                self._remarks.at(stated.place, stated.name, problem, "remove its role.")

    def _among(self, listed: Iterable[tuple[str, mef.Named]]) -> None:
        first: dict[str, mef.Named] = {}
        for name, one in listed:
            if name in first:
                self._twice(one, first[name])
            first.setdefault(name, one)

    def _twice(self, again: mef.Named, first: mef.Named) -> None:
        if again.name:
            where = f"{first.place.file}:{first.place.line}"
            problem = f"`{again.name}` is defined again; the first definition is at {where}."
            self._remarks.at(again.place, again.name, problem, "rename or remove one.")


class _References:
    """Looks up every name that formulas, expressions and instructions use."""

    def __init__(self, names: Names, remarks: Remarks, undefined: Literal["error", "note"]) -> None:
        self.used: set[tuple[Space, str]] = set()
        self._names = names
        self._remarks = remarks
        self._undefined = undefined

    def of(self, model: mef.MefModel) -> None:
        for _, scope, formula in model_formulas(model):
            self._formula(scope, formula)
        for group in self._names.groups:
            assert isinstance(group.definition, mef.CommonCause)
            for member in group.definition.members:
                self._formula(group.scope, member)
        for _, scope, expression in model_expressions(model):
            for one in expression.all():
                if one.op == "parameter":
                    self._find("parameter", one.name, scope, one.place)
        for _, instruction in model_instructions(model):
            if isinstance(instruction, mef.SetHouseEvent):
                found = self._find("event", instruction.name, (), instruction.place)
                if found:
                    self._kind(found, "house-event", instruction.place)

    def _formula(self, scope: Scope, formula: mef.Formula) -> None:
        for one in formulas(formula):
            if one.name:
                found = self._find("event", one.name, scope, one.place)
                if found and one.op != "event":
                    self._kind(found, one.op, one.place)

    def _kind(self, found: str, wanted: str, place: mef.Place) -> None:
        kind = self._names.kind(found)
        if kind != wanted:
            problem = f"`{found}` is called a {WORDS[wanted]} and is a {WORDS[kind]}."
            self._remarks.at(place, found, problem, f"write <{kind}>, or <event>.")

    def _find(self, space: Space, name: str, scope: Scope, place: mef.Place) -> str | None:
        found = self._names.find(space, name, scope)
        if found is not None:
            self.used.add((space, found))
            return found
        hidden = self._names.hidden(space, name)
        if hidden:
            problem = f"`{name}` is private and cannot be used here by its bare name."
            mend = f"write its path, {' or '.join(hidden[:3])}, or make it public."
            self._remarks.at(place, name, problem, mend)
        else:
            mend = "define it, or correct the name."
            problem = f"{space} `{name}` is not defined."
            self._remarks.at(place, name, problem, mend, level=self._undefined)
        return None


def _unused(names: Names, used: set[tuple[Space, str]], remarks: Remarks) -> None:
    for name, one in names.events.items():
        kind = KINDS[type(one.definition)]
        if kind != "gate" and ("event", name) not in used:
            _remark_unused(one, WORDS[kind], remarks)
    for name, one in names.parameters.items():
        if ("parameter", name) not in used:
            _remark_unused(one, "parameter", remarks)


def _remark_unused(one: Placed, kind: str, remarks: Remarks) -> None:
    problem = f"the {kind} is defined and nothing uses it."
    remarks.note(one.definition.place, one.id, problem, "remove it, if it was forgotten.")


def _circles(names: Names, remarks: Remarks) -> bool:
    """Find gates and parameters that rest on themselves; whether no parameter does."""
    gates: dict[str, list[str]] = {}
    parameters: dict[str, list[str]] = {}
    for name, one in names.events.items():
        if isinstance(one.definition, mef.Gate):
            leaves = [each.name for each in formulas(one.definition.formula) if each.name]
            gates[name] = _known(names, "event", leaves, one.scope)
    for name, one in names.parameters.items():
        assert isinstance(one.definition, mef.Parameter)
        inner = one.definition.expression.all()
        leaves = [each.name for each in inner if each.op == "parameter"]
        parameters[name] = _known(names, "parameter", leaves, one.scope)
    _ring(gates, names.events, "gates", remarks)
    return not _ring(parameters, names.parameters, "parameters", remarks)


def _known(names: Names, space: Space, listed: Iterable[str], scope: Scope) -> list[str]:
    found = (names.find(space, name, scope) for name in listed)
    return [name for name in found if name is not None]


def _ring(
    edges: Mapping[str, list[str]], where: Mapping[str, Placed], kind: str, remarks: Remarks
) -> list[list[str]]:
    found = circles(edges)
    for ring in found:
        problem = f"the {kind} {' -> '.join(ring)} rest on each other in a circle."
        remarks.at(where[ring[0]].definition.place, ring[0], problem, "cut the circle.")
    return found
