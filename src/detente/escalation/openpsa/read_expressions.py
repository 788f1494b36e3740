"""Expressions from XML."""

from __future__ import annotations

import math
import re

from detente.escalation.openpsa.elements import Element
from detente.escalation.openpsa.model import Expression, Place
from detente.escalation.openpsa.operations import DEVIATES, OPERATIONS
from detente.escalation.openpsa.remarks import Remarks

UNITS = ("bool", "int", "float", "hours", "hours-1", "years", "years-1", "fit", "demands")
REFERENCES: dict[str, tuple[str, ...]] = {
    "parameter": ("name", "unit"),
    "system-mission-time": ("unit",),
    "test-initiating-event": ("name",),
    "test-functional-event": ("name", "state"),
}
LITERALS = ("float", "int", "bool")
BROKEN = Expression("broken")  # stands where a finding says why there is nothing better
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INT = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def expression(element: Element, remarks: Remarks) -> Expression:
    """The number that an element states; what is wrong with it goes to ``remarks``."""
    before = len(remarks.found)
    found = _expression(element, remarks)
    return found if len(remarks.found) == before else BROKEN


def _expression(element: Element, remarks: Remarks) -> Expression:
    remarks.no_text(element)
    if element.tag in LITERALS:
        return _literal(element, remarks)
    if element.tag in REFERENCES:
        return _reference(element, remarks)
    if element.tag not in OPERATIONS and element.tag not in DEVIATES:
        remarks.unknown(element, "an expression")
        return BROKEN
    remarks.attributes(element, ())
    before = len(remarks.found)
    children = _inputs(element, remarks)
    paired = len(remarks.found) == before
    inputs = tuple(expression(child, remarks) for child in children)
    counts = (OPERATIONS.get(element.tag) or DEVIATES[element.tag]).counts
    if paired and len(inputs) not in counts:
        if isinstance(counts, range):
            want = f"at least {counts.start}"
        else:
            want = " or ".join(str(count) for count in counts)
        problem = f"<{element.tag}> has {len(inputs)} inputs and takes {want}."
        remarks.wrong(element, problem, "add or remove inputs.")
    return Expression(element.tag, inputs, place=_place(element))


def _place(element: Element) -> Place:
    return Place(element.file, element.line)


def _inputs(element: Element, remarks: Remarks) -> list[Element]:
    """The inputs in a row: bins and cases are pairs, and a histogram begins at 0 unless it says."""
    pair = {"histogram": "bin", "switch": "case"}.get(element.tag)
    if pair is None:
        return element.children
    pairs = list(element.all(pair))
    single = [child for child in element.children if child.tag != pair]
    for one in pairs:
        remarks.attributes(one, ())
        remarks.no_text(one)
        if len(one.children) != 2:
            problem = f"<{pair}> has {len(one.children)} inputs and takes 2."
            remarks.wrong(one, problem, "add or remove inputs.")
    flat = [child for one in pairs for child in one.children[:2]]
    if element.tag == "switch":
        if len(single) != 1 or element.children[-1].tag == pair:
            mend = "end it with one number for the case that no condition holds."
            remarks.wrong(element, "<switch> does not end with its default.", mend)
        return [*flat, *single[-1:]]
    if len(single) > 1 or (single and element.children[0].tag == pair):
        mend = "write the lower bound once, before the bins."
        remarks.wrong(element, "<histogram> has numbers beside its bins.", mend)
    zero = Element(element.file, element.line, "float", {"value": "0"})
    return [single[0] if single else zero, *flat]


def _reference(element: Element, remarks: Remarks) -> Expression:
    known = REFERENCES[element.tag]
    remarks.attributes(element, known)
    remarks.empty(element)
    values = {name: element.attributes.get(name, "") for name in known}
    for name in known:
        if name != "unit":
            values[name] = remarks.needed(element, name)
    unit(element, remarks)
    return Expression(element.tag, place=_place(element), **values)  # type: ignore[arg-type]


def unit(element: Element, remarks: Remarks) -> str:
    """The unit of an element, found wrong where the standard does not know it."""
    stated = element.attributes.get("unit", "")
    if stated and stated not in UNITS:
        problem = f"`{stated}` is no unit of the standard."
        remarks.wrong(element, problem, f"write one of: {', '.join(UNITS)}.")
    return stated


def _literal(element: Element, remarks: Remarks) -> Expression:
    remarks.attributes(element, ("value",))
    remarks.empty(element)
    text = remarks.needed(element, "value")
    value: float | int | bool = 0
    if element.tag == "bool" and text in {"true", "false", "1", "0"}:
        value = text in {"true", "1"}
    elif element.tag == "int" and _INT.fullmatch(text):
        value = int(text)
    elif element.tag == "float" and _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        value = float(text)
    elif text:
        problem = f"`{text[:30]}` is no {element.tag}."
        remarks.wrong(element, problem, "write a finite number, or true or false for a bool.")
    return Expression(element.tag, value=value, place=_place(element))
