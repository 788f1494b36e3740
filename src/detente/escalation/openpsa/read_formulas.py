"""Boolean formulas from XML."""

from __future__ import annotations

from detente.escalation.openpsa.elements import Element
from detente.escalation.openpsa.model import Formula, Place
from detente.escalation.openpsa.remarks import Remarks

KINDS = ("gate", "basic-event", "house-event")
EVENTS = frozenset({"event", *KINDS})
# Least and most numbers of inputs; the standard lets most connectives take any number.
COUNTS: dict[str, tuple[int, float]] = {
    "and": (1, float("inf")),
    "or": (1, float("inf")),
    "nand": (1, float("inf")),
    "nor": (1, float("inf")),
    "not": (1, 1),
    "xor": (2, float("inf")),
    "iff": (2, float("inf")),
    "imply": (2, 2),
    "atleast": (1, float("inf")),
    "cardinality": (1, float("inf")),
}
BROKEN = Formula("constant")  # stands where a finding says why there is nothing better


def formula(element: Element, remarks: Remarks) -> Formula:
    """The formula that an element states; what is wrong with it goes to ``remarks``."""
    remarks.no_text(element)
    if element.tag in EVENTS:
        return _event(element, remarks)
    if element.tag == "constant":
        return Formula("constant", holds=constant(element, remarks), place=_place(element))
    if element.tag not in COUNTS:
        remarks.unknown(element, "a formula")
        return BROKEN
    inputs = tuple(formula(child, remarks) for child in element.children)
    low, high = COUNTS[element.tag]
    if not low <= len(inputs) <= high:
        want = f"exactly {low}" if low == high else f"at least {low}"
        problem = f"<{element.tag}> has {len(inputs)} inputs and takes {want}."
        remarks.wrong(element, problem, "add or remove inputs.")
    _repeated(element, inputs, remarks)
    least, most = _bounds(element, len(inputs), remarks)
    return Formula(element.tag, inputs, least=least, most=most, place=_place(element))


def constant(element: Element, remarks: Remarks) -> bool:
    """The truth of <constant>, false with a finding where it is none."""
    remarks.attributes(element, ("value",))
    remarks.empty(element)
    value = remarks.needed(element, "value")
    if value not in {"", "true", "false"}:
        remarks.wrong(element, f"`{value}` is neither true nor false.", "write true or false.")
    return value == "true"


def _place(element: Element) -> Place:
    return Place(element.file, element.line)


def _event(element: Element, remarks: Remarks) -> Formula:
    remarks.attributes(element, ("name", "type") if element.tag == "event" else ("name",))
    remarks.empty(element)
    kind = element.attributes.get("type", element.tag)
    if kind not in EVENTS:
        problem = f"`{kind}` is no type of event."
        remarks.wrong(element, problem, f"write one of: {', '.join(KINDS)}.")
        kind = "event"
    return Formula(kind, name=remarks.needed(element, "name"), place=_place(element))


def _repeated(element: Element, inputs: tuple[Formula, ...], remarks: Remarks) -> None:
    seen: set[str] = set()
    for one in inputs:
        if one.name and one.name in seen:
            problem = f"<{element.tag}> has `{one.name}` as input more than once."
            remarks.note(_place(element), one.name, problem, "keep it once, if it was a slip.")
        seen.add(one.name)


def _bounds(element: Element, inputs: int, remarks: Remarks) -> tuple[int, int]:
    """The attributes ``min`` and ``max`` of thresholds."""
    known = {"atleast": ("min",), "cardinality": ("min", "max")}.get(element.tag, ())
    remarks.attributes(element, known)
    numbers = [_whole(element, name, inputs, remarks) for name in known]
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        problem = f"has min {numbers[0]} above max {numbers[1]}."
        remarks.wrong(element, problem, "exchange them.")
    if element.tag == "atleast" and numbers == [0]:
        problem = "at least 0 of its inputs always hold."
        remarks.note(_place(element), element.name, problem, "write what is meant.")
    return (*numbers, 0, 0)[0], (*numbers, 0, 0)[1]


def _whole(element: Element, name: str, inputs: int, remarks: Remarks) -> int:
    text = remarks.needed(element, name)
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        problem = f"has {name} `{text[:20]}`, which is no whole number from 0 on."
        remarks.wrong(element, problem, "write a whole number.")
        return 0
    if int(text) > inputs:
        problem = f"has {name} {text} and only {inputs} inputs."
        remarks.wrong(element, problem, "lower it, or add inputs.")
        return 0
    return int(text)
