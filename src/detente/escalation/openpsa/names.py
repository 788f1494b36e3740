"""What the names of a model mean.

A public element is known everywhere by its own name, a private one by its path, which begins at its
fault tree: ``Tree.component.name``. A name is looked up where it stands, then from container to
container outwards, and then in the whole model. Gates, basic events and house events share their
names; parameters have names of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from detente.escalation.openpsa.model import (
    BasicEvent,
    CommonCause,
    Container,
    Definition,
    Gate,
    HouseEvent,
    MefModel,
    Parameter,
    Role,
)

Scope = tuple[str, ...]
Space = Literal["event", "parameter"]
KINDS = {Gate: "gate", BasicEvent: "basic-event", HouseEvent: "house-event"}


@dataclass(frozen=True)
class Placed:
    """A definition with its containers, and its role there."""

    definition: Definition
    scope: Scope
    role: Role

    @property
    def path(self) -> str:
        """The names from the fault tree down."""
        return ".".join((*self.scope, self.definition.name))

    @property
    def id(self) -> str:
        """The name by which the whole model knows it."""
        return self.definition.name if self.role == "public" else self.path


def placed(model: MefModel) -> Iterator[Placed]:
    """All definitions, containers included, in the order of the model."""
    for group in model.groups:
        yield Placed(group, (), "public")
    for tree in model.fault_trees:
        yield Placed(tree, (), "public")
        yield from _inside(tree, (tree.name,), "public")
    for one in model.data:
        yield Placed(one, (), one.role or "public")


def _inside(container: Container, scope: Scope, role: Role) -> Iterator[Placed]:
    for one in container.definitions:
        own = role if isinstance(one, CommonCause) else one.role or role
        yield Placed(one, scope, own)
        if isinstance(one, Container):
            yield from _inside(one, (*scope, one.name), own)


@dataclass
class Names:
    """All events and parameters by id, and the ways to look them up."""

    events: dict[str, Placed] = field(default_factory=dict)
    parameters: dict[str, Placed] = field(default_factory=dict)
    groups: list[Placed] = field(default_factory=list)
    containers: list[Placed] = field(default_factory=list)
    doubles: list[Placed] = field(default_factory=list)
    _paths: dict[tuple[Space, str], str] = field(default_factory=dict)

    def add(self, one: Placed) -> None:
        """Take in a definition; one whose name is taken goes to ``doubles``."""
        space: Space = "parameter" if isinstance(one.definition, Parameter) else "event"
        ids = self.parameters if space == "parameter" else self.events
        if one.id in ids or (space, one.path) in self._paths:
            self.doubles.append(one)
            return
        ids[one.id] = one
        self._paths[space, one.path] = one.id

    def find(self, space: Space, name: str, scope: Scope) -> str | None:
        """The id of what a name means in a scope; None where nothing has it."""
        for depth in range(len(scope), 0, -1):
            path = ".".join((*scope[:depth], name))
            if (space, path) in self._paths:
                return self._paths[space, path]
        ids = self.parameters if space == "parameter" else self.events
        if "." in name:
            return self._paths.get((space, name))
        return name if name in ids and ids[name].role == "public" else None

    def hidden(self, space: Space, name: str) -> tuple[str, ...]:
        """The paths of private elements that bear a name."""
        ids = self.parameters if space == "parameter" else self.events
        return tuple(
            one.path
            for one in ids.values()
            if one.definition.name == name and one.role == "private"
        )

    def kind(self, event: str) -> str:
        """Whether an event, by id, is a ``gate``, a ``basic-event`` or a ``house-event``."""
        return KINDS[type(self.events[event].definition)]


def names_of(model: MefModel) -> Names:
    """The names of a model. Members that only their common cause group knows are basic events."""
    names = Names()
    for one in placed(model):
        if isinstance(one.definition, CommonCause):
            names.groups.append(one)
        elif isinstance(one.definition, Container):
            names.containers.append(one)
        else:
            names.add(one)
    for group in names.groups:
        assert isinstance(group.definition, CommonCause)
        for member in group.definition.members:
            if names.find("event", member.name, group.scope) is None:
                event = BasicEvent(name=member.name, place=member.place)
                names.add(Placed(event, group.scope, group.role))
    return names
