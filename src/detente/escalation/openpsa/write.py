"""A model as one XML file of the Model Exchange Format, the same bytes for equal models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from detente.escalation.openpsa import model as mef

Lines = Iterator[str]


def write_openpsa(model: mef.MefModel) -> bytes:
    """The model in UTF-8: initiating events, rules, event trees, groups, fault trees, data.

    Within these the order is that of the model. Numbers are written so that they are read as the
    same numbers again.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *_model(model)]
    return ("\n".join(lines) + "\n").encode()


def _element(tag: str, inside: Iterable[str] = (), **attributes: str) -> Lines:
    """An element with its inside indented; an attribute that is empty is left out."""
    pairs = ((name.replace("_", "-"), value) for name, value in attributes.items() if value)
    yield from _tagged(tag, pairs, inside)


def _tagged(tag: str, pairs: Iterable[tuple[str, str]], inside: Iterable[str]) -> Lines:
    begin = "".join([f"<{tag}", *(f" {name}={quoteattr(value)}" for name, value in pairs)])
    within = [f"  {line}" for line in inside]
    if not within:
        yield f"{begin}/>"
        return
    yield f"{begin}>"
    yield from within
    yield f"</{tag}>"


def _head(one: mef.Named | mef.MefModel) -> Lines:
    if one.label:
        yield f"<label>{escape(one.label)}</label>"
    if one.attributes:
        yield from _element("attributes", _attributes(one.attributes))


def _attributes(attributes: mef.Attributes) -> Lines:
    for name, value, kind in attributes:
        pairs = [("name", name), ("value", value), *([("type", kind)] if kind else [])]
        yield from _tagged("attribute", pairs, ())


def _model(model: mef.MefModel) -> Lines:
    def inside() -> Lines:
        yield from _head(model)
        for event in model.initiating_events:
            yield from _initiating_event(event)
        for rule in model.rules:
            inner = [*_head(rule), *_instructions(rule.instructions)]
            yield from _element("define-rule", inner, name=rule.name)
        for tree in model.event_trees:
            yield from _element("define-event-tree", _event_tree(tree), name=tree.name)
        for group in model.groups:
            yield from _definition(group)
        for fault_tree in model.fault_trees:
            yield from _definition(fault_tree, outermost=True)
        if model.data:
            listed = (line for one in model.data for line in _definition(one))
            yield from _element("model-data", listed)

    yield from _element("opsa-mef", inside(), name=model.name)


def _initiating_event(event: mef.InitiatingEvent) -> Lines:
    inside = list(_head(event))
    if isinstance(event.frequency, mef.Expression):
        inside += _expression(event.frequency)
    elif event.frequency:
        inside += _formula(event.frequency)
    yield from _element(
        "define-initiating-event", inside, name=event.name, event_tree=event.event_tree
    )


def _event_tree(tree: mef.EventTree) -> Lines:
    yield from _head(tree)
    for asked in tree.functional_events:
        yield from _element("define-functional-event", _head(asked), name=asked.name)
    for sequence in tree.sequences:
        inside = [*_head(sequence), *_instructions(sequence.instructions)]
        yield from _element("define-sequence", inside, name=sequence.name)
    for named in tree.branches:
        inside = [*_head(named), *_branch(named.branch)]
        yield from _element("define-branch", inside, name=named.name)
    yield from _element("initial-state", _branch(tree.initial))


def _branch(branch: mef.Branch) -> Lines:
    yield from _instructions(branch.instructions)
    target = branch.target
    if isinstance(target, mef.Target):
        yield from _element(target.kind, name=target.name)
        return
    paths = (
        line
        for path in target.paths
        for line in _element("path", _branch(path.branch), state=path.state)
    )
    yield from _element("fork", paths, functional_event=target.functional_event)


def _instructions(listed: Iterable[mef.Instruction]) -> Lines:
    for one in listed:
        yield from _instruction(one)


def _instruction(one: mef.Instruction) -> Lines:
    match one:
        case mef.CollectFormula():
            yield from _element("collect-formula", _formula(one.formula))
        case mef.CollectExpression():
            yield from _element("collect-expression", _expression(one.expression))
        case mef.SetHouseEvent():
            yield from _element("set-house-event", _constant(one.holds), name=one.name)
        case mef.If():
            parts = [one.then, *([one.otherwise] if one.otherwise else [])]
            yield from _element("if", [*_expression(one.condition), *_instructions(parts)])
        case mef.Block():
            yield from _element("block", _instructions(one.instructions))
        case mef.UseRule():
            yield from _element("rule", name=one.name)
        case mef.Link():
            yield from _element("event-tree", name=one.name)


def _constant(holds: bool) -> Lines:  # noqa: FBT001 (a truth value is what it writes)
    yield from _element("constant", value=str(holds).lower())


def _definition(one: mef.Definition, *, outermost: bool = False) -> Lines:
    head = list(_head(one))
    match one:
        case mef.Gate():
            inside = [*head, *_formula(one.formula)]
            yield from _element("define-gate", inside, name=one.name, role=one.role or "")
        case mef.BasicEvent():
            inside = [*head, *(_expression(one.expression) if one.expression else ())]
            yield from _element("define-basic-event", inside, name=one.name, role=one.role or "")
        case mef.HouseEvent():
            inside = [*head, *(() if one.holds is None else _constant(one.holds))]
            yield from _element("define-house-event", inside, name=one.name, role=one.role or "")
        case mef.Parameter():
            inside = [*head, *_expression(one.expression)]
            yield from _element(
                "define-parameter", inside, name=one.name, role=one.role or "", unit=one.unit
            )
        case mef.CommonCause():
            inside = [*head, *_group(one)]
            yield from _element("define-CCF-group", inside, name=one.name, model=one.model)
        case mef.Container():
            tag = "define-fault-tree" if outermost else "define-component"
            inside = [*head, *(line for inner in one.definitions for line in _definition(inner))]
            yield from _element(tag, inside, name=one.name, role=one.role or "")


def _group(group: mef.CommonCause) -> Lines:
    yield from _element("members", (line for one in group.members for line in _formula(one)))
    yield from _element("distribution", _expression(group.distribution))
    factors = (
        line
        for level, factor in group.factors
        for line in _element("factor", _expression(factor), level=str(level))
    )
    yield from _element("factors", factors)


def _formula(formula: mef.Formula) -> Lines:
    if formula.name:
        yield from _element(formula.op, name=formula.name)
        return
    if formula.op == "constant":
        yield from _constant(formula.holds)
        return
    bounds = {}
    if formula.op in {"atleast", "cardinality"}:
        bounds["min"] = str(formula.least)
    if formula.op == "cardinality":
        bounds["max"] = str(formula.most)
    inside = (line for one in formula.inputs for line in _formula(one))
    yield from _tagged(formula.op, bounds.items(), inside)


def _expression(one: mef.Expression) -> Lines:
    if one.op in {"float", "int", "bool"}:
        text = str(one.value).lower() if one.op == "bool" else repr(one.value)
        yield from _element(one.op, value=text)
        return
    if one.op in {"histogram", "switch"}:
        yield from _element(one.op, _pairs(one))
        return
    inside = (line for inner in one.inputs for line in _expression(inner))
    yield from _element(one.op, inside, name=one.name, state=one.state, unit=one.unit)


def _pairs(one: mef.Expression) -> Lines:
    """Bins after the lower bound of a histogram, cases before the default of a switch."""
    if one.op == "histogram":
        yield from _expression(one.inputs[0])
        pairs, tag, last = one.inputs[1:], "bin", one.inputs[:0]
    else:
        pairs, tag, last = one.inputs[:-1], "case", one.inputs[-1:]
    for first, second in zip(pairs[::2], pairs[1::2], strict=True):
        yield from _element(tag, [*_expression(first), *_expression(second)])
    for inner in last:
        yield from _expression(inner)
