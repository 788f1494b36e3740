"""A model from one or several XML files, with every finding at its line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from detente.escalation.openpsa.check import check
from detente.escalation.openpsa.elements import Element, parse
from detente.escalation.openpsa.model import (
    BasicEvent,
    Container,
    Definition,
    Gate,
    HouseEvent,
    MefModel,
    Parameter,
    Place,
    Role,
)
from detente.escalation.openpsa.read_expressions import BROKEN, expression, unit
from detente.escalation.openpsa.read_formulas import BROKEN as BROKEN_FORMULA
from detente.escalation.openpsa.read_formulas import constant, formula
from detente.escalation.openpsa.read_groups import common_cause
from detente.escalation.openpsa.read_trees import event_tree, initiating_event, rule
from detente.escalation.openpsa.remarks import Remarks
from detente.ground.errors import UsageError


def read_openpsa(
    files: Mapping[str, bytes], *, undefined: Literal["error", "note"] = "error"
) -> MefModel:
    """The model that one or several files of the Model Exchange Format state together.

    Parameters
    ----------
    files
        The content of each file by its name; what a later file defines stands after the former.
    undefined
        Whether a name that nothing defines hinders; ``note`` is for a part of a model alone, of
        which nothing can be computed that needs the rest.

    Raises
    ------
    CaseError
        With every finding at once, where there is any error.

    References
    ----------
    Epstein, Rauzy and Reinhart, "Open-PSA Model Exchange Format", version 2.0 (2017).

    """
    if not files:
        raise UsageError("A model needs at least one file.")
    remarks = Remarks()
    roots = [parse(file, data, remarks.found.append) for file, data in files.items()]
    parts = [_part(root, remarks) for root in roots if root is not None]
    if any(one.level == "error" for one in remarks.found) and len(parts) < len(roots):
        remarks.done()  # what an unread file defines would be found missing
    model = _joined(parts)
    check(model, remarks, undefined=undefined)
    return dataclasses.replace(model, notes=remarks.done())


def _joined(parts: list[MefModel]) -> MefModel:
    if len(parts) == 1:
        return parts[0]
    every: dict[str, Any] = {}
    for one in dataclasses.fields(MefModel):
        values = [getattr(part, one.name) for part in parts]
        if isinstance(values[0], str):
            every[one.name] = next(filter(None, values), "")
        else:
            every[one.name] = tuple(inner for value in values for inner in value)
    return MefModel(**every)


def _part(root: Element, remarks: Remarks) -> MefModel:
    """The model of one file."""
    if root.tag != "opsa-mef":
        problem = f"its outermost element is <{root.tag}> and not <opsa-mef>."
        remarks.wrong(root, problem, "give a file of the Open-PSA Model Exchange Format.")
        return MefModel()
    foreign = [name for name in root.attributes if name.startswith(("xmlns", "xsi:"))]
    remarks.attributes(root, ("name", "version", "model-version", *foreign))
    label, attributes, rest = remarks.head(root)
    readers = {
        "define-initiating-event": initiating_event,
        "define-rule": rule,
        "define-event-tree": event_tree,
        "define-CCF-group": common_cause,
        "define-fault-tree": _container,
    }
    found: dict[str, list[object]] = {tag: [] for tag in readers}
    data: list[Definition] = []
    for child in rest:
        if child.tag in readers:
            found[child.tag].append(readers[child.tag](child, remarks))
        elif child.tag == "model-data":
            remarks.attributes(child, ())
            remarks.no_text(child)
            data += _definitions(child.children, remarks, known=DATA, where="<model-data>")
        else:
            remarks.unknown(child, "a model")
    lists = [tuple(values) for values in found.values()]
    return MefModel(
        name=root.attributes.get("name", ""),
        label=label,
        attributes=attributes,
        initiating_events=lists[0],  # type: ignore[arg-type]
        rules=lists[1],  # type: ignore[arg-type]
        event_trees=lists[2],  # type: ignore[arg-type]
        groups=lists[3],  # type: ignore[arg-type]
        fault_trees=lists[4],  # type: ignore[arg-type]
        data=cast("tuple[BasicEvent | HouseEvent | Parameter, ...]", tuple(data)),
    )


def _definitions(
    children: list[Element], remarks: Remarks, *, known: Mapping[str, object], where: str
) -> list[Definition]:
    found: list[Definition] = []
    for child in children:
        if child.tag in known:
            found.append(DEFINITIONS[child.tag](child, remarks))
        else:
            remarks.unknown(child, where)
    return found


def _place(element: Element) -> Place:
    return Place(element.file, element.line)


def _role(element: Element, remarks: Remarks) -> Role | None:
    role = element.attributes.get("role")
    if role not in {None, "public", "private"}:
        remarks.wrong(element, f"`{role}` is no role.", "write public or private.")
    return cast("Role | None", role)


def _container(element: Element, remarks: Remarks) -> Container:
    """A fault tree or a component."""
    inner = element.tag == "define-component"
    remarks.attributes(element, ("name", "role") if inner else ("name",))
    label, attributes, rest = remarks.head(element)
    return Container(
        name=remarks.name(element),
        label=label,
        attributes=attributes,
        place=_place(element),
        role=_role(element, remarks) if inner else None,
        definitions=tuple(_definitions(rest, remarks, known=DEFINITIONS, where="a fault tree")),
    )


def _gate(element: Element, remarks: Remarks) -> Gate:
    remarks.attributes(element, ("name", "role"))
    label, attributes, rest = remarks.head(element)
    one = remarks.one(element, rest, "formula")
    return Gate(
        name=remarks.name(element),
        label=label,
        attributes=attributes,
        place=_place(element),
        role=_role(element, remarks),
        formula=formula(one, remarks) if one else BROKEN_FORMULA,
    )


def _basic_event(element: Element, remarks: Remarks) -> BasicEvent:
    remarks.attributes(element, ("name", "role"))
    label, attributes, rest = remarks.head(element)
    one = remarks.one(element, rest, "expression") if rest else None
    return BasicEvent(
        name=remarks.name(element),
        label=label,
        attributes=attributes,
        place=_place(element),
        role=_role(element, remarks),
        expression=expression(one, remarks) if one else None,
    )


def _house_event(element: Element, remarks: Remarks) -> HouseEvent:
    remarks.attributes(element, ("name", "role"))
    label, attributes, rest = remarks.head(element)
    one = remarks.one(element, rest, "<constant>") if rest else None
    if one and one.tag != "constant":
        remarks.unknown(one, "a house event")
        one = None
    return HouseEvent(
        name=remarks.name(element),
        label=label,
        attributes=attributes,
        place=_place(element),
        role=_role(element, remarks),
        holds=constant(one, remarks) if one else None,
    )


def _parameter(element: Element, remarks: Remarks) -> Parameter:
    remarks.attributes(element, ("name", "role", "unit"))
    label, attributes, rest = remarks.head(element)
    one = remarks.one(element, rest, "expression")
    return Parameter(
        name=remarks.name(element),
        label=label,
        attributes=attributes,
        place=_place(element),
        role=_role(element, remarks),
        unit=unit(element, remarks),
        expression=expression(one, remarks) if one else BROKEN,
    )


Reader = Callable[[Element, Remarks], Definition]
DATA: dict[str, Reader] = {
    "define-basic-event": _basic_event,
    "define-house-event": _house_event,
    "define-parameter": _parameter,
}
DEFINITIONS: dict[str, Reader] = {
    **DATA,
    "define-gate": _gate,
    "define-CCF-group": common_cause,
    "define-component": _container,
}
