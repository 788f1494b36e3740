"""Walks over the parts of a model in the order of its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.escalation.openpsa.model import (
    BasicEvent,
    Block,
    Branch,
    CollectExpression,
    CollectFormula,
    CommonCause,
    EventTree,
    Expression,
    Fork,
    Formula,
    Gate,
    If,
    Instruction,
    MefModel,
    Parameter,
    Target,
)
from detente.escalation.openpsa.names import Placed, Scope, placed


def formulas(formula: Formula) -> Iterator[Formula]:
    """A formula and all inside."""
    yield formula
    for one in formula.inputs:
        yield from formulas(one)


def instructions(listed: Iterable[Instruction]) -> Iterator[Instruction]:
    """Instructions and those inside of them; not those of rules that they use."""
    for one in listed:
        yield one
        if isinstance(one, Block):
            yield from instructions(one.instructions)
        elif isinstance(one, If):
            yield from instructions([one.then, *([one.otherwise] if one.otherwise else [])])


def branches(branch: Branch) -> Iterator[Branch]:
    """A branch and all those on the paths of its forks; not those that it names."""
    yield branch
    if isinstance(branch.target, Fork):
        for path in branch.target.paths:
            yield from branches(path.branch)


def tree_branches(tree: EventTree) -> Iterator[Branch]:
    """All branches of a tree, named ones first."""
    for one in tree.branches:
        yield from branches(one.branch)
    yield from branches(tree.initial)


def tree_targets(tree: EventTree) -> Iterator[Fork | Target]:
    """All forks and ends of paths of a tree."""
    return (branch.target for branch in tree_branches(tree))


def tree_instructions(tree: EventTree) -> Iterator[Instruction]:
    """All instructions of a tree, those of sequences first."""
    for sequence in tree.sequences:
        yield from instructions(sequence.instructions)
    for branch in tree_branches(tree):
        yield from instructions(branch.instructions)


def model_instructions(model: MefModel) -> Iterator[tuple[str, Instruction]]:
    """All instructions of rules and event trees, each with the name of its owner."""
    for rule in model.rules:
        for one in instructions(rule.instructions):
            yield f"rule {rule.name}", one
    for tree in model.event_trees:
        for one in tree_instructions(tree):
            yield f"event-tree {tree.name}", one


def model_formulas(model: MefModel) -> Iterator[tuple[str, Scope, Formula]]:
    """All whole formulas, each with the name and the scope of its owner."""
    for event in model.initiating_events:
        if isinstance(event.frequency, Formula):
            yield event.name, (), event.frequency
    for owner, one in model_instructions(model):
        if isinstance(one, CollectFormula):
            yield owner, (), one.formula
    for found in placed(model):
        if isinstance(found.definition, Gate):
            yield found.id, found.scope, found.definition.formula


def model_expressions(model: MefModel) -> Iterator[tuple[str, Scope, Expression]]:
    """All whole expressions, each with the name and the scope of its owner."""
    for event in model.initiating_events:
        if isinstance(event.frequency, Expression):
            yield f"initiating-event {event.name}", (), event.frequency
    for owner, one in model_instructions(model):
        if isinstance(one, CollectExpression):
            yield owner, (), one.expression
        elif isinstance(one, If):
            yield owner, (), one.condition
    for found in placed(model):
        yield from _defined(found)


def _defined(found: Placed) -> Iterator[tuple[str, Scope, Expression]]:
    definition = found.definition
    if isinstance(definition, Parameter):
        yield f"parameter {found.id}", found.scope, definition.expression
    elif isinstance(definition, BasicEvent) and definition.expression:
        yield f"basic-event {found.id}", found.scope, definition.expression
    elif isinstance(definition, CommonCause):
        owner = f"CCF-group {found.path}"
        yield owner, found.scope, definition.distribution
        for _, factor in definition.factors:
            yield owner, found.scope, factor
