"""The sequences of an event tree: all ways in which its paths end in each of them.

A path takes up formulas and factors on its way. The probability of a way is the product of its
factors and of its formula; the ways of one sequence exclude each other, but those without factors
are one formula, so that nothing is counted twice where a tree does not branch cleanly.

References
----------
Epstein, Rauzy and Reinhart, "Open-PSA Model Exchange Format", version 2.0 (2017), "Event Tree
Layer".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from detente.escalation.circuit import Circuit, Gate
from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.evaluate import MISSION_HOURS, NO_SITUATION, Numbers, Situation
from detente.escalation.openpsa.gates import TRUE, Settings, Weaver
from detente.escalation.openpsa.names import names_of
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

MOST_WAYS = 200_000
MOST_STEPS = 2_000_000


@dataclass(frozen=True)
class Way:
    """Factors, and the gate that must hold as well; ``situation`` is what factors may ask for."""

    gate: str
    factors: tuple[mef.Expression, ...] = ()
    situation: Situation = NO_SITUATION


@dataclass(frozen=True)
class Sequences:
    """The ways to each sequence by name, and the circuit that has their gates.

    A sequence is called by its name alone, or with its tree, ``tree.sequence``, where several trees
    on the paths have one of that name.
    """

    circuit: Circuit
    ways: Mapping[str, tuple[Way, ...]]


@dataclass(frozen=True)
class _Walk:
    """What a path has taken up so far."""

    tree: mef.EventTree
    situation: Situation
    formulas: tuple[str, ...] = ()
    factors: tuple[mef.Expression, ...] = ()
    settings: Settings = ()


def sequences(model: mef.MefModel, event_tree: str, *, time: float | None = None) -> Sequences:
    """All ways through an event tree and those that it links to.

    Parameters
    ----------
    model
        A model without errors.
    event_tree
        The name of an event tree, or of an initiating event that has one.
    time
        The mission time in hours, for the conditions of instructions; a year where none is given.

    Raises
    ------
    UsageError
        Where there is no such tree, or it has more than `MOST_WAYS` ways or `MOST_STEPS`
        instructions on them.

    """
    walker = _Walker(model, MISSION_HOURS if time is None else time)
    walker.start(event_tree)
    return walker.done()


def probabilities(
    found: Sequences, numbers: Numbers, solve: Callable[[Circuit, str], Floats]
) -> dict[str, Floats]:
    """The conditional probability of each sequence, given that the tree begins.

    Parameters
    ----------
    found
        The ways to the sequences.
    numbers
        The model's numbers, at the point or at sampled points.
    solve
        The probability of a gate of a circuit, exact.

    """
    known: dict[str, Floats] = {}

    def way(one: Way) -> Floats:
        if one.gate not in known:
            known[one.gate] = solve(found.circuit, one.gate)
        product = known[one.gate]
        here = replace(numbers, situation=one.situation, _parameters={})
        for factor in one.factors:
            product = product * here.of(factor)
        return product

    return {name: _sum(way(one) for one in ways) for name, ways in found.ways.items()}


def _sum(parts: Iterable[Floats]) -> Floats:
    first, *rest = parts
    for one in rest:
        first = first + one
    return first


@dataclass
class _Walker:
    model: mef.MefModel
    time: float
    weaver: Weaver = field(init=False)
    _found: dict[tuple[str, str], list[_Walk]] = field(default_factory=dict)
    _collected: dict[tuple[int, Settings], str] = field(default_factory=dict)
    _ways: int = 0
    _steps: int = 0

    def __post_init__(self) -> None:
        self.weaver = Weaver(names_of(self.model))
        self._trees = {tree.name: tree for tree in self.model.event_trees}
        self._rules = {rule.name: rule for rule in self.model.rules}

    def start(self, name: str) -> None:
        initiating = ""
        for event in self.model.initiating_events:
            if event.name == name or (name not in self._trees and event.event_tree == name):
                initiating, name = event.name, event.event_tree
                break
        else:
            owners = [one.name for one in self.model.initiating_events if one.event_tree == name]
            initiating = owners[0] if len(owners) == 1 else ""
        if name not in self._trees:
            known = ", ".join(self._trees) or "none"
            raise UsageError(f"No event tree {name!r}; there are: {known}.")
        tree = self._trees[name]
        self._branch(tree.initial, _Walk(tree, Situation(initiating)))

    def done(self) -> Sequences:
        """The ways, those without factors as one gate a sequence."""
        called = [name for _, name in self._found]
        ways = {}
        for (tree, name), walks in self._found.items():
            key = name if called.count(name) == 1 else f"{tree}.{name}"
            plain = [self._all(key, walk) for walk in walks if not walk.factors]
            found = [Way(self._gate(f"{{{key}}}", "or", plain))] if plain else []
            found += [
                Way(self._all(key, walk), walk.factors, walk.situation)
                for walk in walks
                if walk.factors
            ]
            ways[key] = tuple(found)
        return Sequences(self.weaver.circuit(), ways)

    def _all(self, key: str, walk: _Walk) -> str:
        self._ways += 1
        return self._gate(f"{{{key}#{self._ways}}}", "and", list(walk.formulas))

    def _gate(self, name: str, op: str, inputs: list[str]) -> str:
        distinct = tuple(dict.fromkeys(inputs))
        if len(distinct) == 1:
            return distinct[0]
        if not distinct:
            return TRUE
        self.weaver.gates[name] = Gate(name, "and" if op == "and" else "or", distinct)
        return name

    def _branch(self, branch: mef.Branch, walk: _Walk) -> None:
        walk = self._follow(branch.instructions, walk)
        target = branch.target
        if isinstance(target, mef.Fork):
            for path in target.paths:
                state = (target.functional_event, path.state)
                situation = replace(walk.situation, states=(*walk.situation.states, state))
                self._branch(path.branch, replace(walk, situation=situation))
        elif target.kind == "branch":
            named = {one.name: one.branch for one in walk.tree.branches}
            self._branch(named[target.name], walk)
        else:
            stated = {one.name: one for one in walk.tree.sequences}
            self._sequence(stated[target.name], walk)

    def _sequence(self, sequence: mef.Sequence, walk: _Walk) -> None:
        walk = self._follow(sequence.instructions, walk)
        links = [
            one for one in self._flat(sequence.instructions, walk) if isinstance(one, mef.Link)
        ]
        for link in links:
            tree = self._trees[link.name]
            situation = replace(walk.situation, states=())
            self._branch(tree.initial, replace(walk, tree=tree, situation=situation))
        if not links:
            ends = self._found.setdefault((walk.tree.name, sequence.name), [])
            ends.append(walk)
            if sum(map(len, self._found.values())) > MOST_WAYS:
                raise UsageError(f"The event tree has more than {MOST_WAYS} ways.")

    def _flat(self, listed: Iterable[mef.Instruction], walk: _Walk) -> list[mef.Instruction]:
        """The instructions that are carried out: rules, blocks and conditions are resolved."""
        found: list[mef.Instruction] = []
        for one in listed:
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise UsageError(f"The event tree takes more than {MOST_STEPS} instructions.")
            if isinstance(one, mef.UseRule):
                found += self._flat(self._rules[one.name].instructions, walk)
            elif isinstance(one, mef.Block):
                found += self._flat(one.instructions, walk)
            elif isinstance(one, mef.If):
                numbers = Numbers(self.weaver.names, self.time, walk.situation)
                chosen = one.then if numbers.of(one.condition) != 0 else one.otherwise
                found += self._flat([chosen] if chosen else [], walk)
            else:
                found.append(one)
        return found

    def _follow(self, listed: Iterable[mef.Instruction], walk: _Walk) -> _Walk:
        for one in self._flat(listed, walk):
            if isinstance(one, mef.SetHouseEvent):
                house = self.weaver.names.find("event", one.name, ())
                assert house is not None
                settings = tuple(sorted({**dict(walk.settings), house: one.holds}.items()))
                walk = replace(walk, settings=settings)
            elif isinstance(one, mef.CollectExpression):
                walk = replace(walk, factors=(*walk.factors, one.expression))
            elif isinstance(one, mef.CollectFormula):
                walk = replace(walk, formulas=(*walk.formulas, self._collect(one, walk.settings)))
        return walk

    def _collect(self, one: mef.CollectFormula, settings: Settings) -> str:
        """The gate of a collected formula; of an event its own."""
        key = (id(one.formula), settings)
        if key not in self._collected:
            formula, names = one.formula, self.weaver.names
            if formula.name:
                found = names.find("event", formula.name, ())
                assert found is not None
                self._collected[key] = self.weaver.event(found, settings)
            else:
                name = f"{{formula {len(self._collected) + 1}}}"
                self._collected[key] = self.weaver.formula(name, formula, (), settings)
        return self._collected[key]
