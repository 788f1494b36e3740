"""A circuit solved: its probability, and how much each event matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.escalation.circuit import Circuit
from detente.escalation.engine.compiled import MOST_NODES, Compiled, birnbaum, compiled
from detente.escalation.engine.importance import Importance, importance
from detente.escalation.engine.program import FALLS
from detente.ground.errors import UsageError


@dataclass(frozen=True)
class Solved:
    """The exact probability of a function and the importance of its E events, in their order.

    ``missing`` names the events that the function does not depend on: their ``birnbaum`` is 0.
    ``falling`` names those that can make it fail by happening; the function is ``coherent`` where
    there are none. ``nodes`` counts decision nodes, ``modules`` the diagrams that hold them.
    """

    probability: float
    events: tuple[str, ...]
    importance: Importance
    missing: tuple[str, ...]
    falling: tuple[str, ...]
    nodes: int
    modules: int

    @property
    def coherent(self) -> bool:
        """Whether no event that happens can make the function fail."""
        return not self.falling


def solve(
    circuit: Circuit, top: str, probabilities: Mapping[str, float], *, limit: int = MOST_NODES
) -> Solved:
    """The probability of gate, event or constant ``top``, and all importance factors.

    Parameters
    ----------
    circuit
        Gates over independent events.
    top
        The name of the function.
    probabilities
        Of each event.
    limit
        The most decision nodes of one module, those on the way included.

    Raises
    ------
    UsageError
        If an event has no probability in [0, 1], or the circuit is no circuit.
    TooManyNodesError
        If a module outgrows the limit.
    """
    return solved(compiled(circuit, top, limit=limit), probabilities)


def solved(compiled: Compiled, probabilities: Mapping[str, float]) -> Solved:
    """As `solve`, for a function that is compiled already."""
    unknown = [event for event in compiled.events if event not in probabilities]
    if unknown:
        raise UsageError(f"no probability for {', '.join(unknown)}")
    given = np.array([probabilities[event] for event in compiled.events])
    tops, derivatives = birnbaum(compiled, given[:, None])
    named = np.array(compiled.events, object)
    top = float(tops[0])
    return Solved(
        probability=top,
        events=compiled.events,
        importance=importance(top, derivatives[:, 0], given),
        missing=tuple(named[compiled.moves == 0]),
        falling=tuple(named[(compiled.moves & FALLS) > 0]),
        nodes=compiled.nodes,
        modules=len(compiled.modules),
    )
