"""The ways to the headline level, ranked: which events suffice, and how often they come together.

A ladder reaches the headline where some set of events happens after its initiator. The smallest
such sets are the minimal cut sets of a fault tree whose top is the headline (`engine.cut_sets`).
In a state of the world, calm or crisis, that state is given and is no event of a way. Where an
event can also keep the headline from being reached by happening, the ladder is not coherent, and
the sets are those of its coherent hull.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

import numpy as np

from detente.escalation.bdd import NOWHERE
from detente.escalation.circuit import Circuit, Gate
from detente.escalation.effects import headline, spread, total
from detente.escalation.engine.compiled import compiled
from detente.escalation.engine.cut_sets import CutSets, cut_sets
from detente.escalation.engine.importance import Importance
from detente.escalation.engine.ranked import Way as CutSet
from detente.escalation.engine.ranked import ranked
from detente.escalation.engine.solve import solve
from detente.escalation.ladder import CompiledLadder, Values
from detente.escalation.results import Way, WayCount
from detente.escalation.uncertainty import Belief
from detente.ground.chance import Floats

MOST = 12
SEEN = 3
TOP = "reached"
Number = TypeVar("Number", float, Floats)


def headline_circuit(ladder: CompiledLadder) -> Circuit:
    """The event `TOP` that a ladder reaches any of its ends, over its events by their number.

    A node that asks event e becomes (e and what follows) or (not e and what follows else). Of a
    ladder in a state, event 0 is given.
    """
    gates: dict[str, Gate] = {}
    for index, node in ladder.nodes:
        event = str(node.event)
        yes, no, lacks = f"{index} yes", f"{index} no", f"not {event}"
        gates[lacks] = Gate(lacks, "not", (event,))
        gates[yes] = Gate(yes, "and", (event, _place(node.happens)))
        gates[no] = Gate(no, "and", (lacks, _place(node.otherwise)))
        gates[_place(index)] = Gate(_place(index), "or", (yes, no))
    gates[TOP] = Gate(TOP, "same", (_place(ladder.root),))
    constants = {"nowhere": False, "end": True}
    if ladder.state != "at all times":
        constants["0"] = ladder.state == "in a crisis"
    return Circuit(gates, tuple(str(place) for place in _asked(ladder)), constants)


def _asked(ladder: CompiledLadder) -> range:
    """The events of a ladder that are not given with its state."""
    return range(int(ladder.state != "at all times"), len(ladder.events))


def _rate(ladder: CompiledLadder, values: Mapping[str, Number]) -> Number:
    """How often a ladder begins in its state, per year of all time."""
    if ladder.state == "at all times":
        return values[ladder.starts]
    share = values[ladder.events[0]]
    return values[ladder.starts] * (share if ladder.state == "in a crisis" else 1 - share)


def _place(place: int) -> str:
    if place >= 0:
        return f"node {place}"
    return "nowhere" if place == NOWHERE else "end"


def ladder_cut_sets(ladder: CompiledLadder) -> CutSets:
    """The minimal sets of events by which a ladder reaches any of its ends."""
    return cut_sets(compiled(headline_circuit(ladder), TOP))


@dataclass(frozen=True)
class EventImportance:
    """The importance factors of the events of a ladder, given that it begins.

    ``titles`` and ``parameters`` stand in the order of the factors; ``probability`` is that of the
    headline or worse.
    """

    titles: tuple[Mapping[str, str], ...]
    parameters: tuple[str, ...]
    probability: float
    coherent: bool
    factors: Importance


def event_importance(ladder: CompiledLadder, values: Mapping[str, float]) -> EventImportance:
    """How much each event of a ladder matters, at one value of each parameter."""
    found = solve(headline_circuit(ladder), TOP, _chances(ladder, values))
    asked = _asked(ladder)
    return EventImportance(
        titles=tuple(ladder.titles[place] for place in asked),
        parameters=tuple(ladder.events[place] for place in asked),
        probability=found.probability,
        coherent=found.coherent,
        factors=found.importance,
    )


def _chances(ladder: CompiledLadder, values: Mapping[str, float]) -> dict[str, float]:
    return {str(place): values[ladder.events[place]] for place in _asked(ladder)}


def medians(belief: Belief) -> dict[str, float]:
    """The median of each parameter."""
    return {name: one.estimate.mid for name, one in belief.parameters.items()}


class Ways:
    """Ranks the ways of beliefs; the cut sets of a ladder that several share are found once."""

    def __init__(self) -> None:
        self._known: dict[CompiledLadder, CutSets] = {}

    def _of(self, ladder: CompiledLadder) -> CutSets:
        if ladder not in self._known:
            self._known[ladder] = ladder_cut_sets(ladder)
        return self._known[ladder]

    def count(self, belief: str, ladders: Iterable[CompiledLadder]) -> WayCount:
        """How many ways there are in all ladders together, by the number of events."""
        found = [self._of(ladder) for ladder in ladders]
        orders = zip_longest(*(one.by_order for one in found), fillvalue=0)
        by_order = tuple(sum(order) for order in orders)
        return WayCount(belief, by_order, all(one.coherent for one in found))

    def ranked(
        self,
        belief: Belief,
        ladders: Iterable[CompiledLadder],
        values: Values,
        *,
        most: int = MOST,
    ) -> tuple[Way, ...]:
        """The ways with the largest shares in the headline frequency, the largest first.

        Looked for among `SEEN` times as many, those that are most frequent at the medians.

        Parameters
        ----------
        belief
            The belief.
        ladders
            Its ladders, with the headline or worse as their only end.
        values
            Its parameters at common points, each of shape (N,).
        most
            How many are told.

        """
        held, at = tuple(ladders), medians(belief)
        whole = total({ladder.id: headline(ladder, values) for ladder in held})
        found = [
            (_rate(ladder, at) * way.probability, ladder, way)
            for ladder in held
            for way in self._best(ladder, at, SEEN * most)
        ]
        found.sort(key=lambda one: -one[0])  # stable: of equals the first ladder's stand first
        told = [
            _way(belief.id, ladder, way, values, whole) for _, ladder, way in found[: SEEN * most]
        ]
        return tuple(sorted(told, key=lambda one: -one.share)[:most])

    def _best(
        self, ladder: CompiledLadder, at: Mapping[str, float], most: int
    ) -> tuple[CutSet, ...]:
        return ranked(self._of(ladder), _chances(ladder, at), most=most)


def _way(belief: str, ladder: CompiledLadder, way: CutSet, values: Values, whole: Floats) -> Way:
    places = sorted(int(event) for event in way.events)
    per_year = _rate(ladder, values)
    for place in places:
        per_year = per_year * values[ladder.events[place]]
    part = np.divide(per_year, whole, out=np.zeros_like(whole), where=whole > 0)
    return Way(
        belief=belief,
        ladder=ladder.ladder,
        in_crisis=ladder.state == "in a crisis",
        events=tuple(dict(ladder.titles[place]) for place in places),
        per_year=spread(np.sort(per_year)),
        share=float(part.mean()),
    )
