"""A model of the Open-PSA Model Exchange Format, as its author wrote it.

References stay as they are written; `detente.escalation.openpsa.names` says what they mean. Two
models are equal where they say the same, wherever it stands in a file.

References
----------
Epstein, Rauzy and Reinhart, "Open-PSA Model Exchange Format", version 2.0 (2017).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from detente.ground.errors import Finding

Role = Literal["public", "private"]
Attributes = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Place:
    """Where something stands, for findings."""

    file: str = ""
    line: int = 0


NOWHERE = Place()


@dataclass(frozen=True)
class Formula:
    """A Boolean formula.

    ``op`` is a connective over ``inputs``; ``gate``, ``basic-event``, ``house-event`` or ``event``
    (of any kind) by ``name``; or ``constant`` with ``holds``. ``least`` belongs to ``atleast`` and
    ``cardinality``, ``most`` to ``cardinality``.
    """

    op: str
    inputs: tuple[Formula, ...] = ()
    name: str = ""
    least: int = 0
    most: int = 0
    holds: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Expression:
    """A number, as an operation of `detente.escalation.openpsa.operations` over its inputs.

    ``value`` belongs to ``float``, ``int`` and ``bool``; ``name`` to ``parameter`` and the tests of
    events; ``state`` to ``test-functional-event``; ``unit`` to ``parameter`` and
    ``system-mission-time``. A deviate is one random number however often its object is used.
    """

    op: str
    inputs: tuple[Expression, ...] = ()
    value: float | int | bool = 0
    name: str = ""
    state: str = ""
    unit: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    def all(self) -> Iterator[Expression]:
        """The expression and all inside, in the order of the text."""
        yield self
        for one in self.inputs:
            yield from one.all()


@dataclass(frozen=True, kw_only=True)
class Named:
    """What all definitions have; attributes are (name, value, type)."""

    name: str
    label: str = ""
    attributes: Attributes = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Gate(Named):
    """An event that a formula decides; ``role`` is None where none is written."""

    formula: Formula
    role: Role | None = None


@dataclass(frozen=True, kw_only=True)
class BasicEvent(Named):
    """An event with a probability, or None where none is stated."""

    expression: Expression | None = None
    role: Role | None = None


@dataclass(frozen=True, kw_only=True)
class HouseEvent(Named):
    """An event that is set to happen or not; not, where nothing is written."""

    holds: bool | None = None
    role: Role | None = None


@dataclass(frozen=True, kw_only=True)
class Parameter(Named):
    """A named number."""

    expression: Expression
    unit: str = ""
    role: Role | None = None


@dataclass(frozen=True, kw_only=True)
class CommonCause(Named):
    """A common cause group: basic events that may fail together; factors are (level, number)."""

    model: str
    members: tuple[Formula, ...]
    distribution: Expression
    factors: tuple[tuple[int, Expression], ...]


@dataclass(frozen=True, kw_only=True)
class Container(Named):
    """A fault tree, or a component inside of one."""

    definitions: tuple[Definition, ...] = ()
    role: Role | None = None


Definition = Gate | BasicEvent | HouseEvent | Parameter | CommonCause | Container


@dataclass(frozen=True)
class CollectFormula:
    """Take a formula into the path."""

    formula: Formula


@dataclass(frozen=True)
class CollectExpression:
    """Take a factor into the path."""

    expression: Expression


@dataclass(frozen=True)
class SetHouseEvent:
    """Set a house event for the formulas that follow on the path."""

    name: str
    holds: bool
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class If:
    """One instruction, or another, as an expression is not 0."""

    condition: Expression
    then: Instruction
    otherwise: Instruction | None = None


@dataclass(frozen=True)
class Block:
    """Several instructions."""

    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class UseRule:
    """The instructions of a rule."""

    name: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Link:
    """Go on in another event tree."""

    name: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


Instruction = CollectFormula | CollectExpression | SetHouseEvent | If | Block | UseRule | Link


@dataclass(frozen=True)
class Path:
    """What follows if a functional event is in one state."""

    state: str
    branch: Branch
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Fork:
    """A branching of a path at a functional event."""

    functional_event: str
    paths: tuple[Path, ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Target:
    """Where a path goes on: ``kind`` is ``sequence`` (its end) or ``branch``."""

    kind: Literal["sequence", "branch"]
    name: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Branch:
    """Instructions, and then a fork or a target."""

    instructions: tuple[Instruction, ...]
    target: Fork | Target


@dataclass(frozen=True, kw_only=True)
class FunctionalEvent(Named):
    """A question that forks ask."""


@dataclass(frozen=True, kw_only=True)
class Sequence(Named):
    """An end of paths."""

    instructions: tuple[Instruction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NamedBranch(Named):
    """A branch that several paths may go on with."""

    branch: Branch


@dataclass(frozen=True, kw_only=True)
class EventTree(Named):
    """What may follow an initiating event."""

    functional_events: tuple[FunctionalEvent, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    branches: tuple[NamedBranch, ...] = ()
    initial: Branch


@dataclass(frozen=True, kw_only=True)
class Rule(Named):
    """Instructions with a name."""

    instructions: tuple[Instruction, ...]


@dataclass(frozen=True, kw_only=True)
class InitiatingEvent(Named):
    """What starts an event tree; ``frequency`` names a parameter, a gate or a basic event."""

    event_tree: str = ""
    frequency: Expression | Formula | None = None


@dataclass(frozen=True, kw_only=True)
class MefModel:
    """A whole model; ``notes`` are the findings that do not hinder."""

    name: str = ""
    label: str = ""
    attributes: Attributes = ()
    initiating_events: tuple[InitiatingEvent, ...] = ()
    rules: tuple[Rule, ...] = ()
    event_trees: tuple[EventTree, ...] = ()
    groups: tuple[CommonCause, ...] = ()
    fault_trees: tuple[Container, ...] = ()
    data: tuple[BasicEvent | HouseEvent | Parameter, ...] = ()
    notes: tuple[Finding, ...] = field(default=(), compare=False)
