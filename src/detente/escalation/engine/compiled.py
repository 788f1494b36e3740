"""A function of events made ready to be evaluated: the diagrams of its modules, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from detente.escalation.circuit import Circuit
from detente.escalation.engine.arrays import Floats, Longs
from detente.escalation.engine.diagram import Diagram, TooManyNodesError, diagram
from detente.escalation.engine.graph import FALSE, TRUE, Graph, Kind, normal_form
from detente.escalation.engine.modules import modules
from detente.escalation.engine.order import ORDERS
from detente.escalation.engine.program import FALLS, RISES, program
from detente.escalation.engine.sweeps import downward, upward
from detente.ground.errors import UsageError

MOST_NODES = 2**24
CELLS = 4_000_000
SHARE = 4


@dataclass(frozen=True)
class Module:
    """A diagram and what its variables are: slot e < E is event e, slot E + m is module m."""

    diagram: Diagram
    slots: Longs


@dataclass(frozen=True)
class Compiled:
    """A function over E events; the last module is the function, ``turned`` or not.

    ``events`` are all events of the circuit. ``moves`` tells of each whether the function can rise
    (1), fall (2) or both (3) when it happens; 0 stands for events that the function does not need.
    """

    events: tuple[str, ...]
    modules: tuple[Module, ...]
    turned: bool
    moves: Longs

    @property
    def nodes(self) -> int:
        """How many nodes all diagrams have, the ends not counted."""
        return sum(len(module.diagram.high) - 1 for module in self.modules)

    @property
    def coherent(self) -> bool:
        """Whether no event that happens can make the function fail."""
        return not (self.moves & FALLS).any()


def compiled(
    circuit: Circuit, top: str, *, limit: int = MOST_NODES, split: bool = True
) -> Compiled:
    """The function of gate, event or constant ``top``, ready for `evaluate` and `birnbaum`.

    Parameters
    ----------
    circuit
        Gates over E events.
    top
        The name of the function.
    limit
        The most decision nodes of one module, those on the way included.
    split
        Whether modules are solved apart; the results are the same.

    Raises
    ------
    UsageError
        If the circuit is no circuit.
    TooManyNodesError
        If a module outgrows the limit.
    """
    graph = normal_form(circuit, top)
    first = graph.top >> 1
    compiler = _Compiler(graph, len(circuit.events), limit)
    for root in modules(graph) if split else [first]:
        compiler.add(root)
    turned = bool(graph.top & 1)
    made = tuple(compiler.made)
    return Compiled(circuit.events, made, turned, _moves(made, len(circuit.events), turned=turned))


class _Compiler:
    """Modules made so far, and where the nodes of the graph stand as variables."""

    def __init__(self, graph: Graph, events: int, limit: int) -> None:
        self.made: list[Module] = []
        self._graph = graph
        self._limit = limit
        self._events = events
        self._constants: dict[int, int | None] = {}
        nodes = enumerate(graph.nodes)
        self._slots = {index: node.number for index, node in nodes if node.kind is Kind.EVENT}
        self._weights = [weigh(graph) for weigh in ORDERS]

    def add(self, root: int) -> None:
        """Make a module; one that turns out constant is no variable of those above it."""
        found, variables = self._smallest(root)
        constant = found.root in {TRUE, FALSE} and root != self._graph.top >> 1
        self._constants[root] = found.root if constant else None
        if not constant:
            slots = np.array([self._slots[node] for node in variables], np.int64)
            self._slots[root] = self._events + len(self.made)
            self.made.append(Module(found, slots))

    def _smallest(self, root: int) -> tuple[Diagram, tuple[int, ...]]:
        """The diagram in the first order that needs few nodes, else in the first order."""
        for weights in self._weights:
            steps = program(self._graph, root, self._constants, weights)
            with suppress(TooManyNodesError):
                return diagram(steps, limit=self._limit // SHARE), steps.variables
        steps = program(self._graph, root, self._constants, self._weights[0])
        return diagram(steps, limit=self._limit), steps.variables


def _moves(made: Sequence[Module], events: int, *, turned: bool) -> Longs:
    """The ways in which the function moves with each event, module by module from the top."""
    found = np.zeros(events + len(made), np.int64)
    found[-1] = FALLS if turned else RISES
    for place in range(len(made) - 1, -1, -1):
        whole, inner = int(found[events + place]), made[place].diagram.moves
        other = (inner & RISES) << 1 | (inner & FALLS) >> 1
        moves = inner * (whole & RISES) | other * ((whole & FALLS) >> 1)
        np.bitwise_or.at(found, made[place].slots, moves)
    return found[:events]


def evaluate(compiled: Compiled, probabilities: Floats) -> Floats:
    """The probability of the function for each of N probability vectors, (N,).

    Parameters
    ----------
    compiled
        A function of E events.
    probabilities
        The events' probabilities, (E, N).

    Raises
    ------
    UsageError
        If the array has another shape or holds numbers outside [0, 1].
    """
    blocks = _blocks(compiled, probabilities)
    return np.concatenate([_top(compiled, _Block(compiled, block)) for block in blocks])


def birnbaum(compiled: Compiled, probabilities: Floats) -> tuple[Floats, Floats]:
    """As `evaluate`, and the derivative by each event's probability: (N,) and (E, N).

    The derivative is the probability given that the event happens less the one given that it does
    not (Birnbaum 1969), got for all events by one sweep down each diagram.
    """
    blocks = [_Block(compiled, block) for block in _blocks(compiled, probabilities)]
    tops = [_top(compiled, block) for block in blocks]
    return np.concatenate(tops), np.concatenate([block.down(compiled) for block in blocks], axis=1)


def _top(compiled: Compiled, block: _Block) -> Floats:
    top: Floats = (block.fails if compiled.turned else block.happens)[-1]
    return top


class _Block:
    """Some probability vectors, and with them the probabilities of all slots and edges."""

    def __init__(self, compiled: Compiled, probabilities: Floats) -> None:
        modules = compiled.modules
        self.happens = np.vstack([probabilities, np.empty((len(modules), probabilities.shape[1]))])
        self.fails = 1.0 - self.happens
        self.values: list[Floats] = []
        for slot, module in enumerate(modules, len(compiled.events)):
            happens, fails = self.happens[module.slots], self.fails[module.slots]
            values = upward(module.diagram, happens, fails)
            self.values.append(values)
            self.happens[slot] = values[module.diagram.root]
            self.fails[slot] = values[module.diagram.root ^ 1]

    def down(self, compiled: Compiled) -> Floats:
        """The derivatives by the events' probabilities, module by module from the top."""
        events = len(compiled.events)
        found = np.zeros_like(self.happens)
        found[-1] = -1.0 if compiled.turned else 1.0
        for place in range(len(compiled.modules) - 1, -1, -1):
            module = compiled.modules[place]
            happens, fails = self.happens[module.slots], self.fails[module.slots]
            inner = downward(module.diagram, self.values[place], happens, fails)
            found[module.slots] += found[events + place] * inner
        return found[:events]


def _blocks(compiled: Compiled, probabilities: Floats) -> list[Floats]:
    """The columns in blocks whose sweeps fit into `CELLS` numbers."""
    if probabilities.ndim != 2 or len(probabilities) != len(compiled.events):
        raise UsageError(f"probabilities are wanted as ({len(compiled.events)}, N)")
    if not ((probabilities >= 0.0) & (probabilities <= 1.0)).all():
        raise UsageError("probabilities are wanted from 0 to 1")
    width = max(1, CELLS // (2 * compiled.nodes + 2))
    columns = range(0, max(1, probabilities.shape[1]), width)
    return [probabilities[:, begin : begin + width] for begin in columns]
