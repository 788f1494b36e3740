"""What a model tells a number of: its top gates, and the sequences of its event trees.

The probability of a gate is exact, by the engine's diagrams; that of a sequence is the sum over its
ways, given that the initiating event happens, and its frequency that times the event's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from detente.escalation.circuit import Circuit
from detente.escalation.engine.compiled import Compiled, compiled, evaluate
from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.evaluate import (
    MISSION_HOURS,
    Numbers,
    deviates,
    sample,
    sampled,
    values,
)
from detente.escalation.openpsa.gates import Weaver, circuit_of
from detente.escalation.openpsa.names import names_of
from detente.escalation.openpsa.trees import Sequences, Way, probabilities, sequences
from detente.escalation.openpsa.walk import formulas
from detente.ground.chance import Floats, sobol, stream
from detente.ground.errors import UsageError

BLOCK = 2**12  # points at once


@dataclass(frozen=True)
class Outcome:
    """A gate, or a sequence that an initiating event may lead to, and the ways to it.

    ``starts`` is the initiating event, or the event tree where none starts it; empty for a gate.
    ``frequency`` is that of the initiating event where the model states one.
    """

    name: str
    circuit: Circuit
    ways: tuple[Way, ...]
    starts: str = ""
    frequency: mef.Expression | mef.Formula | None = None

    @property
    def gate(self) -> str | None:
        """The gate that tells all; None where paths have factors, which are no events."""
        (first, *others) = self.ways
        return None if others or first.factors else first.gate


def top_gates(model: mef.MefModel) -> tuple[str, ...]:
    """The gates that no other gate takes as an input, by id, in the order of the model."""
    names = names_of(model)
    gates = {
        name: one for name, one in names.events.items() if isinstance(one.definition, mef.Gate)
    }
    below: set[str | None] = set()
    for one in gates.values():
        assert isinstance(one.definition, mef.Gate)
        leaves = (leaf for leaf in formulas(one.definition.formula) if leaf.name)
        below.update(names.find("event", leaf.name, one.scope) for leaf in leaves)
    return tuple(name for name in gates if name not in below)


def gate_outcomes(model: mef.MefModel, gates: Iterable[str] = ()) -> tuple[Outcome, ...]:
    """The named gates, or all top gates.

    Raises
    ------
    UsageError
        Where there is no such gate.

    """
    circuit = circuit_of(model)
    wanted = tuple(gates) or top_gates(model)
    for name in wanted:
        if name not in circuit.gates:
            told = ", ".join(top_gates(model)[:20]) or "none"
            raise UsageError(f"No gate {name!r}; those on top are: {told}.")
    return tuple(Outcome(name, circuit, (Way(name),)) for name in wanted)


def sequence_outcomes(model: mef.MefModel, *, time: float | None = None) -> tuple[Outcome, ...]:
    """The sequences of every initiating event, and of trees that nothing starts or links to."""
    found: list[Outcome] = []
    for start, frequency in _starts(model):
        paths = sequences(model, start, time=time)
        found += [
            Outcome(name, paths.circuit, ways, start, frequency)
            for name, ways in paths.ways.items()
        ]
    return tuple(found)


def _starts(
    model: mef.MefModel,
) -> Iterator[tuple[str, mef.Expression | mef.Formula | None]]:
    if not model.event_trees:
        return
    for event in model.initiating_events:
        if event.event_tree:
            yield event.name, event.frequency
    if not any(event.event_tree for event in model.initiating_events):
        for tree in model.event_trees:
            yield tree.name, None


@dataclass
class Functions:
    """Functions of circuits, each made ready once."""

    _made: dict[tuple[int, str], tuple[Circuit, Compiled]] = field(default_factory=dict)

    def of(self, circuit: Circuit, gate: str) -> Compiled:
        """The function of a gate."""
        key = (id(circuit), gate)
        if key not in self._made:  # the circuit is kept, so that its identity stays its own
            self._made[key] = (circuit, compiled(circuit, gate))
        return self._made[key][1]


@dataclass(frozen=True)
class Evaluation:
    """The numbers of a model at the point, or at sampled points where ``units`` are given.

    ``units`` are as in `detente.escalation.openpsa.evaluate.sample`. At the point all arrays have
    the length 1.
    """

    model: mef.MefModel
    functions: Functions
    units: Floats | None = None
    time: float | None = None

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of expressions."""
        if self.units is None:
            hours = MISSION_HOURS if self.time is None else self.time
            return Numbers(names_of(self.model), hours)
        return sampled(self.model, self.units, time=self.time)

    @cached_property
    def events(self) -> dict[str, Floats]:
        """The probabilities of the basic events, each of shape (N,)."""
        if self.units is None:
            point = values(self.model, time=self.time)
            return {name: np.array([value]) for name, value in point.items()}
        return sample(self.model, self.units, time=self.time)

    def probability(self, outcome: Outcome) -> Floats:
        """The probability of an outcome, of a sequence given its initiating event, (N,)."""
        found = Sequences(outcome.circuit, {outcome.name: outcome.ways})
        shares = probabilities(found, self.numbers, self._solve)
        return np.broadcast_to(shares[outcome.name], (self._count,))

    def frequency(self, outcome: Outcome) -> Floats | None:
        """The frequency of the initiating event, (N,); None where none is stated."""
        stated = outcome.frequency
        if stated is None:
            return None
        if isinstance(stated, mef.Expression):
            return np.broadcast_to(self.numbers.of(stated), (self._count,))
        weaver = Weaver(self.numbers.names)
        name = weaver.formula("{frequency}", stated, (), ())
        return self._solve(weaver.circuit(), name)

    def whole(self, outcome: Outcome) -> Floats:
        """The frequency of an outcome where one is stated, else its probability, (N,)."""
        rate, share = self.frequency(outcome), self.probability(outcome)
        return share if rate is None else np.asarray(rate * share)

    @property
    def _count(self) -> int:
        return 1 if self.units is None else len(self.units)

    def _solve(self, circuit: Circuit, gate: str) -> Floats:
        function = self.functions.of(circuit, gate)
        rows = [self.events[name] for name in circuit.events]
        table = np.array(rows) if rows else np.empty((0, self._count))
        return evaluate(function, table)


def sampled_values(
    model: mef.MefModel,
    outcomes: Iterable[Outcome],
    functions: Functions,
    *,
    samples: int,
    seed: int,
    time: float | None = None,
) -> tuple[Floats, ...]:
    """The frequencies, or else the probabilities, of outcomes at Sobol points, (samples,) each.

    Parameters
    ----------
    model
        A model without errors.
    outcomes
        Some of its outcomes.
    functions
        What was made ready before.
    samples
        The number of points, a power of two.
    seed
        Of the points.
    time
        The mission time in hours; a year where none is given.

    """
    units = sobol(samples, len(deviates(model)), seed=stream(seed, "openpsa", "solve"))
    wanted = tuple(outcomes)
    found: list[list[Floats]] = [[] for _ in wanted]
    for begin in range(0, samples, BLOCK):
        here = Evaluation(model, functions, units[begin : begin + BLOCK], time)
        for values_, outcome in zip(found, wanted, strict=True):
            values_.append(here.whole(outcome))
    return tuple(np.concatenate(parts) for parts in found)
