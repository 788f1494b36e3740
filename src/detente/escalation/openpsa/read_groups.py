"""Common cause groups from XML."""

from __future__ import annotations

from detente.escalation.openpsa.elements import Element
from detente.escalation.openpsa.model import CommonCause, Expression, Place
from detente.escalation.openpsa.read_expressions import BROKEN, expression
from detente.escalation.openpsa.read_formulas import formula
from detente.escalation.openpsa.remarks import Remarks

MODELS = ("beta-factor", "MGL", "alpha-factor", "phi-factor")


def common_cause(element: Element, remarks: Remarks) -> CommonCause:
    """A common cause group."""
    remarks.attributes(element, ("name", "model"))
    label, attributes, rest = remarks.head(element)
    model = remarks.needed(element, "model")
    if model and model not in MODELS:
        problem = f"`{model}` is no model of common causes."
        remarks.wrong(element, problem, f"write one of: {', '.join(MODELS)}.")
    parts: dict[str, list[Element]] = {"members": [], "distribution": [], "factors": []}
    for child in rest:
        if child.tag in {*parts, "factor"}:
            parts["factors" if child.tag == "factor" else child.tag].append(child)
        else:
            remarks.unknown(child, "a common cause group")
    members = remarks.one(element, parts["members"], "<members>")
    whole = remarks.one(element, parts["distribution"], "<distribution>")
    factors = remarks.one(element, parts["factors"], "<factors>")
    listed = members.children if members else []
    for child in (one for one in listed if one.tag != "basic-event"):
        remarks.unknown(child, "<members>")
    return CommonCause(
        name=remarks.name(element),
        label=label,
        attributes=attributes,
        place=Place(element.file, element.line),
        model=model,
        members=tuple(formula(one, remarks) for one in listed if one.tag == "basic-event"),
        distribution=_only(whole, remarks) if whole else BROKEN,
        factors=_factors(factors, model, len(listed), remarks) if factors else (),
    )


def _only(element: Element, remarks: Remarks) -> Expression:
    one = remarks.one(element, element.children, "expression")
    return expression(one, remarks) if one else BROKEN


def _factors(
    element: Element, model: str, members: int, remarks: Remarks
) -> tuple[tuple[int, Expression], ...]:
    """Levels that are not written follow from the first level of the model on."""
    listed = [element] if element.tag == "factor" else element.children
    first = {"beta-factor": members, "MGL": 2}.get(model, 1)
    factors = []
    for place, child in enumerate(listed):
        if child.tag != "factor":
            remarks.unknown(child, "<factors>")
            continue
        remarks.attributes(child, ("level",))
        level = child.attributes.get("level", str(first + place))
        if level != str(first + place):
            problem = f"has level `{level}` where {model} has level {first + place} next."
            remarks.wrong(child, problem, "write every level once, in order.")
        factors.append((first + place, _only(child, remarks)))
    return tuple(factors)
