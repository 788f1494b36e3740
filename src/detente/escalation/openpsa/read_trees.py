"""Event trees, their instructions and rules from XML."""

from __future__ import annotations

from detente.escalation.openpsa.elements import Element
from detente.escalation.openpsa.model import (
    Block,
    Branch,
    CollectExpression,
    CollectFormula,
    EventTree,
    Expression,
    Fork,
    Formula,
    FunctionalEvent,
    If,
    InitiatingEvent,
    Instruction,
    Link,
    NamedBranch,
    Path,
    Place,
    Rule,
    Sequence,
    SetHouseEvent,
    Target,
    UseRule,
)
from detente.escalation.openpsa.read_expressions import BROKEN, expression
from detente.escalation.openpsa.read_formulas import BROKEN as BROKEN_FORMULA
from detente.escalation.openpsa.read_formulas import constant, formula
from detente.escalation.openpsa.remarks import Remarks

TARGETS = ("fork", "sequence", "branch")
_NOWHERE = Branch((), Target("sequence", ""))


def _place(element: Element) -> Place:
    return Place(element.file, element.line)


def initiating_event(element: Element, remarks: Remarks) -> InitiatingEvent:
    """What starts an event tree."""
    remarks.attributes(element, ("name", "event-tree"))
    label, attributes, rest = remarks.head(element)
    found: Expression | Formula | None = None
    if rest and (one := remarks.one(element, rest, "frequency")):
        if one.tag == "parameter":
            found = expression(one, remarks)
        elif one.tag in {"gate", "basic-event"}:
            found = formula(one, remarks)
        else:
            remarks.unknown(one, "an initiating event")
    return InitiatingEvent(
        name=remarks.needed(element, "name"),
        label=label,
        attributes=attributes,
        place=_place(element),
        event_tree=element.attributes.get("event-tree", ""),
        frequency=found,
    )


def rule(element: Element, remarks: Remarks) -> Rule:
    """Instructions with a name."""
    remarks.attributes(element, ("name",))
    label, attributes, rest = remarks.head(element)
    if not rest:
        remarks.wrong(element, "has no instruction.", "write one, or remove the rule.")
    return Rule(
        name=remarks.needed(element, "name"),
        label=label,
        attributes=attributes,
        place=_place(element),
        instructions=tuple(instruction(child, remarks) for child in rest),
    )


def event_tree(element: Element, remarks: Remarks) -> EventTree:
    """A whole event tree."""
    remarks.attributes(element, ("name",))
    label, attributes, rest = remarks.head(element)
    parts: dict[str, list[Element]] = {
        "define-functional-event": [],
        "define-sequence": [],
        "define-branch": [],
        "initial-state": [],
    }
    for child in rest:
        if child.tag in parts:
            parts[child.tag].append(child)
        else:
            remarks.unknown(child, "an event tree")
    start = remarks.one(element, parts["initial-state"], "<initial-state>")
    if start:
        remarks.attributes(start, ())
    return EventTree(
        name=remarks.needed(element, "name"),
        label=label,
        attributes=attributes,
        place=_place(element),
        functional_events=tuple(_asked(one, remarks) for one in parts["define-functional-event"]),
        sequences=tuple(_sequence(one, remarks) for one in parts["define-sequence"]),
        branches=tuple(_named_branch(one, remarks) for one in parts["define-branch"]),
        initial=branch(start, start.children, remarks) if start else _NOWHERE,
    )


def _asked(element: Element, remarks: Remarks) -> FunctionalEvent:
    remarks.attributes(element, ("name",))
    label, attributes, rest = remarks.head(element)
    for child in rest:
        remarks.unknown(child, "a functional event")
    name = remarks.needed(element, "name")
    return FunctionalEvent(name=name, label=label, attributes=attributes, place=_place(element))


def _sequence(element: Element, remarks: Remarks) -> Sequence:
    remarks.attributes(element, ("name",))
    label, attributes, rest = remarks.head(element)
    return Sequence(
        name=remarks.needed(element, "name"),
        label=label,
        attributes=attributes,
        place=_place(element),
        instructions=tuple(instruction(child, remarks) for child in rest),
    )


def _named_branch(element: Element, remarks: Remarks) -> NamedBranch:
    remarks.attributes(element, ("name",))
    label, attributes, rest = remarks.head(element)
    return NamedBranch(
        name=remarks.needed(element, "name"),
        label=label,
        attributes=attributes,
        place=_place(element),
        branch=branch(element, rest, remarks),
    )


def branch(element: Element, children: list[Element], remarks: Remarks) -> Branch:
    """Instructions, and then one fork, sequence or branch."""
    remarks.no_text(element)
    ends = [child for child in children if child.tag in TARGETS]
    instructions = tuple(
        instruction(child, remarks) for child in children if child.tag not in TARGETS
    )
    last = remarks.one(element, ends, "<fork>, <sequence> or <branch>")
    if last is None:
        for one in ends:
            _target(one, remarks)
        return _NOWHERE
    if children[-1] is not last:
        problem = "has instructions after the place where its path goes on."
        remarks.wrong(element, problem, f"move them before <{last.tag}>.")
    return Branch(instructions, _target(last, remarks))


def _target(element: Element, remarks: Remarks) -> Fork | Target:
    if element.tag != "fork":
        remarks.attributes(element, ("name",))
        remarks.empty(element)
        name, place = remarks.needed(element, "name"), _place(element)
        return Target("sequence" if element.tag == "sequence" else "branch", name, place)
    remarks.attributes(element, ("functional-event",))
    remarks.no_text(element)
    paths = [_path(child, remarks) for child in element.children if child.tag == "path"]
    for child in element.children:
        if child.tag != "path":
            remarks.unknown(child, "a fork")
    if not paths:
        remarks.wrong(element, "has no path.", "write a <path> for every state.")
    states = [path.state for path in paths]
    for path in paths:
        if states.count(path.state) > 1:
            problem = f"has more than one path for the state `{path.state}`."
            remarks.at(path.place, element.tag, problem, "give every path a state of its own.")
    return Fork(remarks.needed(element, "functional-event"), tuple(paths), _place(element))


def _path(element: Element, remarks: Remarks) -> Path:
    remarks.attributes(element, ("state",))
    state = remarks.needed(element, "state")
    return Path(state, branch(element, element.children, remarks), _place(element))


def instruction(element: Element, remarks: Remarks) -> Instruction:
    """One instruction."""
    remarks.no_text(element)
    match element.tag:
        case "collect-formula":
            remarks.attributes(element, ())
            one = remarks.one(element, element.children, "formula")
            return CollectFormula(formula(one, remarks) if one else BROKEN_FORMULA)
        case "collect-expression":
            remarks.attributes(element, ())
            one = remarks.one(element, element.children, "expression")
            return CollectExpression(expression(one, remarks) if one else BROKEN)
        case "set-house-event":
            return _set(element, remarks)
        case "if":
            return _if(element, remarks)
        case "block":
            remarks.attributes(element, ())
            return Block(tuple(instruction(child, remarks) for child in element.children))
        case "rule" | "event-tree":
            remarks.attributes(element, ("name",))
            remarks.empty(element)
            name, place = remarks.needed(element, "name"), _place(element)
            return UseRule(name, place) if element.tag == "rule" else Link(name, place)
    remarks.unknown(element, "instructions")
    return Block(())


def _set(element: Element, remarks: Remarks) -> Instruction:
    remarks.attributes(element, ("name", "direction"))
    direction = element.attributes.get("direction", "forward")
    if direction != "forward":
        problem = f"sets in direction `{direction}`, which is not supported."
        remarks.wrong(element, problem, "set it before the formulas that it is to act on.")
    one = remarks.one(element, element.children, "<constant>")
    if one and one.tag != "constant":
        remarks.unknown(one, "<set-house-event>")
        one = None
    holds = constant(one, remarks) if one else False
    return SetHouseEvent(remarks.needed(element, "name"), holds, _place(element))


def _if(element: Element, remarks: Remarks) -> Instruction:
    remarks.attributes(element, ())
    if len(element.children) not in {2, 3}:
        problem = f"<if> has {len(element.children)} parts and takes 2 or 3."
        remarks.wrong(element, problem, "write a condition and one instruction, or one for each.")
        return Block(())
    condition, then, *otherwise = element.children
    return If(
        expression(condition, remarks),
        instruction(then, remarks),
        instruction(otherwise[0], remarks) if otherwise else None,
    )
