"""A decision diagram: which events decide at which end a path arrives.

A node asks whether one event happens and points to what follows if so and if not; below all nodes
stand the ends. Equal nodes are stored once and a question without consequence is not stored, so
that the diagram of a function is unique for an order of its events (Bryant 1986, "Graph-based
algorithms for Boolean function manipulation", IEEE Transactions on Computers C-35(8)). This is
Shannon's expansion, taken only where an event occurs more than once on a path: the diagram of a
plain ladder is the ladder itself.

A place in the diagram is a whole number: a node's index, or `end(k)` below 0. A condition is a
diagram with the ends `NOWHERE` (does not hold) and ``end(0)`` (holds).
"""

from __future__ import annotations

from typing import NamedTuple

from detente.ground.errors import DetenteError

NOWHERE = -1
MOST_NODES = 2_048


class Node(NamedTuple):
    """A question: the index of its event, and the places that follow."""

    event: int
    happens: int
    otherwise: int


class DiagramTooLargeError(DetenteError):
    """The events are so entangled that the diagram outgrows `MOST_NODES`."""


def end(number: int) -> int:
    """The place of end ``number``, counted from 0."""
    return -2 - number


def end_number(place: int) -> int:
    """The inverse of `end`."""
    return -2 - place


HOLDS = end(0)


class Diagram:
    """Nodes that grow by `choose`; a node's index is larger than those of all nodes below it."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._index: dict[Node, int] = {}
        self._chosen: dict[tuple[int, int, int], int] = {}

    def event(self, event: int) -> int:
        """The condition that one event happens. Events with smaller indices are asked first."""
        return self._node(event, HOLDS, NOWHERE)

    def choose(self, condition: int, happens: int, otherwise: int) -> int:
        """The place that is ``happens`` where ``condition`` holds, and ``otherwise`` elsewhere."""
        if condition == HOLDS or happens == otherwise:
            return happens
        if condition == NOWHERE:
            return otherwise
        key = (condition, happens, otherwise)
        if key not in self._chosen:
            event = min(self.nodes[place].event for place in key if place >= 0)
            yes = self.choose(*(self._follow(place, event, happens=True) for place in key))
            no = self.choose(*(self._follow(place, event, happens=False) for place in key))
            self._chosen[key] = self._node(event, yes, no)
        return self._chosen[key]

    def any_of(self, conditions: list[int]) -> int:
        """The condition that at least one condition holds."""
        found = NOWHERE
        for condition in reversed(conditions):
            found = self.choose(condition, HOLDS, found)
        return found

    def all_of(self, conditions: list[int]) -> int:
        """The condition that every condition holds."""
        found = HOLDS
        for condition in reversed(conditions):
            found = self.choose(condition, found, NOWHERE)
        return found

    def none_of(self, conditions: list[int]) -> int:
        """The condition that no condition holds."""
        return self.choose(self.any_of(conditions), NOWHERE, HOLDS)

    def either_of(self, one: int, other: int) -> int:
        """The condition that one of two conditions holds, but not both."""
        return self.choose(one, self.choose(other, NOWHERE, HOLDS), other)

    def at_least(self, least: int, conditions: list[int]) -> int:
        """The condition that at least so many conditions hold."""
        # of those after the ones seen so far, `left[n]` says that at least n hold
        left = [HOLDS] + [NOWHERE] * least
        for condition in reversed(conditions):
            more = [self.choose(condition, left[n - 1], left[n]) for n in range(1, least + 1)]
            left = [HOLDS, *more]
        return left[least]

    def reached(self, root: int) -> list[tuple[int, Node]]:
        """The nodes that can be reached from ``root``, each after all nodes above it."""
        seen = {root}
        for index in range(root, -1, -1):
            if index in seen:
                seen.update(self.nodes[index][1:])
        return [(index, self.nodes[index]) for index in range(root, -1, -1) if index in seen]

    def _node(self, event: int, happens: int, otherwise: int) -> int:
        if happens == otherwise:
            return happens
        node = Node(event, happens, otherwise)
        if node not in self._index:
            if len(self.nodes) == MOST_NODES:
                raise DiagramTooLargeError(f"needs more than {MOST_NODES} decision nodes")
            self._index[node] = len(self.nodes)
            self.nodes.append(node)
        return self._index[node]

    def _follow(self, place: int, event: int, *, happens: bool) -> int:
        if place < 0 or self.nodes[place].event != event:
            return place
        node = self.nodes[place]
        return node.happens if happens else node.otherwise
