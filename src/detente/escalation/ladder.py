"""A ladder of the case as a diagram, and the frequency of its ends, exact for given parameters.

The frequency of an end is the rate of the initiator times the sum, over all paths to it, of the
products of conditional branch probabilities. Three rules say which branches are the same event:

- a rung that names a parameter is a branch of its own: it is independent of every other branch,
  even of one that names the same parameter;
- an event is one and the same wherever its id occurs in a ladder, on rungs and inside gates;
- a parameter among the operands of a gate is an event as well, one and the same in all gates.

Different ladders share no events: their frequencies add. So do the two states of a ladder that
rests on a number which is another one in a crisis: in calm times, a share 1 - c of the time, and in
a crisis, a share c of it, each with its own rate and its own branches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from detente.case import model
from detente.escalation.bdd import NOWHERE, Diagram, DiagramTooLargeError, Node, end, end_number
from detente.ground.chance import Floats
from detente.ground.errors import CaseError, Finding

MOST_EVENTS = 256
IN_CRISIS = "@crisis"
Values = Mapping[str, Floats]
State = Literal["at all times", "in calm times", "in a crisis"]


@dataclass(frozen=True)
class CompiledLadder:
    """A ladder in plain form, or one of its two states.

    ``id`` is that of the ladder, with ``@crisis`` behind it for its state in a crisis; ``events``
    holds the parameter that gives the probability of each event, ``titles`` what it is in words;
    ``nodes`` the diagram from its root down, with places in it; ``ends`` the number of ends that
    are told apart; ``named`` every parameter that the ladder names, of consequence for its ends
    or not. In a ``state``, event 0 is that there is a crisis.
    """

    id: str
    starts: str
    events: tuple[str, ...]
    root: int
    nodes: tuple[tuple[int, Node], ...]
    ends: int
    named: frozenset[str]
    titles: tuple[Mapping[str, str], ...] = field(default=(), compare=False)
    state: State = "at all times"

    @property
    def ladder(self) -> str:
        """The id of the ladder in the case, whichever its state."""
        return self.id.removesuffix(IN_CRISIS)

    @cached_property
    def rests_on(self) -> frozenset[str]:
        """The parameters that the frequencies of the ends are computed from."""
        return frozenset({self.starts, *(self.events[node.event] for _, node in self.nodes)})


def compile_ladder(
    file: model.LadderFile,
    ladder: model.Ladder,
    ends: Mapping[str, int],
    state: State = "at all times",
) -> CompiledLadder:
    """The plain form of one ladder of ``file``.

    Parameters
    ----------
    file
        The ladder file, whose references hold (`detente.case.check`).
    ladder
        The ladder.
    ends
        The number of the end, from 0, that each level counts to; levels that are not named count
        to none.
    state
        The state of the world that it is for, if the file tells calm and crisis apart.

    Raises
    ------
    CaseError
        Where the ladder has over `MOST_EVENTS` events, or repeats events in so many gates that
        an exact evaluation would take over `bdd.MOST_NODES` decisions.

    """
    plan = _Plan(file, ends, state)
    try:
        root = plan.whole(ladder)
    except DiagramTooLargeError as error:
        places = [one.id for one in file.ladders]
        place = f"ladders[{places.index(ladder.id)}]" if ladder.id in places else ladder.id
        mend = "use fewer events in more than one gate, or split the ladder."
        finding = Finding("ladder.yaml", 0, place, f"`{ladder.id}` {error}.", mend)
        raise CaseError((finding,)) from error
    starts = plan.standing_for(ladder.starts)
    return CompiledLadder(
        id=ladder.id + (IN_CRISIS if state == "in a crisis" else ""),
        starts=starts,
        events=tuple(plan.events),
        root=root,
        nodes=tuple(plan.diagram.reached(root)),
        ends=max(ends.values(), default=-1) + 1,
        named=frozenset({starts, *plan.events}),
        titles=tuple(plan.titles),
        state=state,
    )


def compile_states(
    file: model.LadderFile, ladder: model.Ladder, ends: Mapping[str, int]
) -> tuple[CompiledLadder, ...]:
    """A ladder in plain form; in its two states, where it rests on what a crisis changes."""
    whole = compile_ladder(file, ladder, ends)
    if file.crisis is None or not whole.named & file.crisis.instead.keys():
        return (whole,)
    states: tuple[State, ...] = ("in calm times", "in a crisis")
    return tuple(compile_ladder(file, ladder, ends, state) for state in states)


class _Plan:
    """Walks a ladder in the order of its text, and numbers events as they are met."""

    def __init__(self, file: model.LadderFile, ends: Mapping[str, int], state: State) -> None:
        self.diagram = Diagram()
        self.events: list[str] = []
        self.titles: list[Mapping[str, str]] = []
        self._state = state
        self._stated = {event.id: event for event in file.events}
        self._words = {one.id: one.title for one in file.parameters if one.title}
        self._conditions: dict[str, int] = {}
        self._ends = ends
        self._crisis = file.crisis

    def standing_for(self, parameter: str) -> str:
        """The parameter that stands for one in the state that is walked."""
        if self._crisis is None or self._state != "in a crisis":
            return parameter
        return self._crisis.instead.get(parameter, parameter)

    def whole(self, ladder: model.Ladder) -> int:
        """The place where the ladder begins, with the state that it is walked in."""
        if self._crisis is None or self._state == "at all times":
            return self.path(ladder)
        share = self._crisis.share
        crisis = self._event(share, None)
        place = self.path(ladder)
        if self._state == "in a crisis":
            return self.diagram.choose(crisis, place, NOWHERE)
        return self.diagram.choose(crisis, NOWHERE, place)

    def path(self, branches: model.Branches) -> int:
        """The place where a path begins."""
        rungs = [(self._branch(rung), self._aside(rung.otherwise)) for rung in branches.path]
        place = self._level(branches.ends)
        for condition, otherwise in reversed(rungs):
            place = self.diagram.choose(condition, place, otherwise)
        return place

    def _branch(self, rung: model.Rung) -> int:
        if rung.p in self._stated:
            return self._condition(rung.p)
        return self._event(rung.p, rung.event)

    def _aside(self, otherwise: str | model.Branches) -> int:
        return self._level(otherwise) if isinstance(otherwise, str) else self.path(otherwise)

    def _level(self, level: str) -> int:
        return end(self._ends[level]) if level in self._ends else NOWHERE

    def _event(self, parameter: str, title: Mapping[str, str] | None) -> int:
        if len(self.events) == MOST_EVENTS:
            raise DiagramTooLargeError(f"has more than {MOST_EVENTS} events")
        self.events.append(self.standing_for(parameter))
        self.titles.append(title or self._words.get(parameter) or {"": parameter})
        return self.diagram.event(len(self.events) - 1)

    def _condition(self, name: str) -> int:
        """The condition of an event, or of a parameter that a gate takes for an event."""
        if name not in self._conditions:
            event = self._stated.get(name)
            parameter = event.p if event else name
            if parameter is not None:
                title = event.title if event else None
                self._conditions[name] = self._event(parameter, title)
            elif event is not None:
                self._conditions[name] = self._gate(event)
        return self._conditions[name]

    def _gate(self, event: model.Event) -> int:
        below = [self._condition(name) for name in event.operands]
        match event.gate:
            case "any_of":
                return self.diagram.any_of(below)
            case "all_of":
                return self.diagram.all_of(below)
            case "none_of":
                return self.diagram.none_of(below)
            case "either_of":
                return self.diagram.either_of(*below)
            case _:
                return self.diagram.at_least(event.at_least or 1, below)


def frequencies(ladder: CompiledLadder, values: Values) -> Floats:
    """The frequency per year of each end of a ladder.

    Parameters
    ----------
    ladder
        The ladder.
    values
        By parameter, rates per year and probabilities in [0, 1], of shapes that broadcast to
        one shape (..., N).

    Returns
    -------
    Floats
        Shape (ends, ..., N).

    Notes
    -----
    The rate flows from the root down; each node passes p of what reaches it to one side and 1 - p
    to the other. Every flow is a sum of products of numbers of at least 0, so nothing cancels.

    """
    flows: dict[int, Floats] = {ladder.root: values[ladder.starts]}
    for index, node in ladder.nodes:
        flow, p = flows.pop(index), values[ladder.events[node.event]]
        if node.happens != NOWHERE:
            _arrive(flows, node.happens, flow * p)
        if node.otherwise != NOWHERE:
            _arrive(flows, node.otherwise, flow * (1 - p))
    shape = np.broadcast_shapes(*(values[name].shape for name in ladder.rests_on))
    reached = np.zeros((ladder.ends, *shape))
    for place, flow in flows.items():
        if place != NOWHERE:
            reached[end_number(place)] = flow
    return reached


def _arrive(flows: dict[int, Floats], place: int, flow: Floats) -> None:
    flows[place] = flows[place] + flow if place in flows else flow
