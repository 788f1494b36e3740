"""Numbers of a model: at the point, where every deviate has its mean, and at sampled points.

A deviate is one random number however often the parameter or group is used that has it. The inputs
of a deviate take part in the sampling: where they are random themselves, so is the distribution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from detente.case.cycles import cycles
from detente.escalation.openpsa.common_causes import expand
from detente.escalation.openpsa.model import BasicEvent, Expression, MefModel, Parameter
from detente.escalation.openpsa.names import Names, Scope, names_of
from detente.escalation.openpsa.operations import DEVIATES, OPERATIONS
from detente.escalation.openpsa.walk import model_expressions
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

MISSION_HOURS = 8760.0  # a year; the standard leaves the mission time to the tool


class NumberError(UsageError):
    """An expression has no finite value."""


class UndefinedError(UsageError):
    """Something is not defined, as findings tell already."""


@dataclass(frozen=True)
class Situation:
    """What tests of events ask: the initiating event, and the states on the path so far."""

    initiating_event: str = ""
    states: tuple[tuple[str, str], ...] = ()


NO_SITUATION = Situation()


@dataclass
class Numbers:
    """The numbers of a model at one time, at the point or, with ``units``, at sampled points.

    ``units`` holds the unit uniforms of deviates by the identity of their expression.
    """

    names: Names
    time: float
    situation: Situation = NO_SITUATION
    units: Mapping[int, Floats] | None = None
    _parameters: dict[str, Floats] = field(default_factory=dict)

    def of(self, expression: Expression, scope: Scope = ()) -> Floats:
        """The value of an expression, whose names are looked up in a scope."""
        for name in self._missing(expression, scope):
            stated = self.names.parameters[name]
            assert isinstance(stated.definition, Parameter)
            self._parameters[name] = self._of(stated.definition.expression, stated.scope)
        return self._of(expression, scope)

    def _missing(self, expression: Expression, scope: Scope) -> list[str]:
        """The parameters still to compute, each after those that it rests on itself."""
        done = dict.fromkeys(self._parameters)
        known = len(done)
        ahead = [(name, False) for name in parameters_in(expression, scope, self.names)]
        while ahead:
            name, ready = ahead.pop()
            if ready:
                done[name] = None
            elif name not in done:
                stated = self.names.parameters[name]
                assert isinstance(stated.definition, Parameter)
                ahead.append((name, True))
                inner = parameters_in(stated.definition.expression, stated.scope, self.names)
                ahead += [(one, False) for one in inner if one not in done]
        return list(done)[known:]

    def _of(self, expression: Expression, scope: Scope) -> Floats:
        match expression.op:
            case "float" | "int" | "bool":
                return np.asarray(float(expression.value))
            case "broken":
                raise UndefinedError("The expression was found wrong.")
            case "system-mission-time":
                return np.asarray(self.time)
            case "parameter":
                return self._parameters[_parameter(expression, scope, self.names)]
            case "test-initiating-event":
                return np.asarray(float(self.situation.initiating_event == expression.name))
            case "test-functional-event":
                state = dict(self.situation.states).get(expression.name)
                return np.asarray(float(state == expression.state))
        inputs = [self._of(one, scope) for one in expression.inputs]
        with np.errstate(all="ignore"):
            found = self._apply(expression, inputs)
        if not np.all(np.isfinite(found)):
            raise NumberError(f"<{expression.op}> has no finite value")
        return np.asarray(found, dtype=np.float64)

    def _apply(self, expression: Expression, inputs: list[Floats]) -> Floats:
        if expression.op in OPERATIONS:
            return OPERATIONS[expression.op].of(*inputs)
        deviate = DEVIATES[expression.op]
        if all(one.ndim == 0 for one in inputs):
            wrong = deviate.valid(*(float(one) for one in inputs))
            if wrong:
                raise NumberError(f"<{expression.op}>: {wrong}")
        if self.units is None:
            return deviate.mean(*inputs)
        return deviate.quantile(self.units[id(expression)], *inputs)


def _parameter(expression: Expression, scope: Scope, names: Names) -> str:
    found = names.find("parameter", expression.name, scope)
    if found is None:
        raise UndefinedError(f"Parameter {expression.name} is not defined.")
    return found


def parameters_in(expression: Expression, scope: Scope, names: Names) -> Iterator[str]:
    """The ids of the parameters that an expression names."""
    for one in expression.all():
        if one.op == "parameter":
            yield _parameter(one, scope, names)


def deviates(model: MefModel) -> dict[str, Expression]:
    """The random numbers of a model by name, in the order of its text.

    The name is that of the owner, and where it has several, their number: ``parameter a``,
    ``parameter a #2``.
    """
    found: dict[str, Expression] = {}
    for owner, _, expression in model_expressions(model):
        for one in expression.all():
            if one.op in DEVIATES:
                name, number = owner, 1
                while name in found:
                    number += 1
                    name = f"{owner} #{number}"
                found[name] = one
    return found


def values(model: MefModel, *, time: float | None = None) -> dict[str, float]:
    """The probability of every basic event at the point, where deviates have their means.

    Parameters
    ----------
    model
        A model without errors.
    time
        The mission time in hours; a year where none is given.

    Returns
    -------
    dict
        By the ids of events; a member of a common cause group is a gate, and the events of the
        group stand in its place, ``[a]`` and ``[a b]``.

    Raises
    ------
    UsageError
        Where events have no probability, or one outside of [0, 1].

    """
    numbers = Numbers(names_of(model), MISSION_HOURS if time is None else time)
    found = {name: float(value) for name, value in _events(numbers).items()}
    wrong = [name for name, value in found.items() if not 0 <= value <= 1]
    if wrong:
        raise UsageError(f"Probabilities outside of [0, 1]: {', '.join(wrong[:20])}.")
    return found


def sample(model: MefModel, units: Floats, *, time: float | None = None) -> dict[str, Floats]:
    """The probability of every basic event at sampled points.

    Parameters
    ----------
    model
        A model without errors.
    units
        Unit uniforms in (0, 1), shape (N, D), a column for each of `deviates`; Sobol points, or
        standard normals through their distribution function.
    time
        The mission time in hours; a year where none is given.

    Returns
    -------
    dict
        By the ids of events as in `values`, arrays of shape (N,), cut to [0, 1]: a distribution
        that reaches beyond has the rest of its mass at the end.

    Raises
    ------
    UsageError
        Where events have no probability, or ``units`` has another number of columns.

    """
    numbers = sampled(model, units, time=time)
    count = units.shape[0]
    return {
        name: np.clip(np.broadcast_to(value, (count,)), 0.0, 1.0)
        for name, value in _events(numbers).items()
    }


def sampled(model: MefModel, units: Floats, *, time: float | None = None) -> Numbers:
    """The numbers of a model at sampled points, for expressions of sequences; see `sample`."""
    random = deviates(model)
    if units.ndim != 2 or units.shape[1] != len(random):
        raise UsageError(f"Points of shape {units.shape} for {len(random)} deviates.")
    columns = {id(one): units[:, place] for place, one in enumerate(random.values())}
    hours = MISSION_HOURS if time is None else time
    return Numbers(names_of(model), hours, units=columns)


def _events(numbers: Numbers) -> dict[str, Floats]:
    names = numbers.names
    groups = [expand(group, names) for group in names.groups]
    members = {member for group in groups for member in group.members}
    found: dict[str, Floats] = {}
    missing = []
    for name, one in names.events.items():
        event = one.definition
        if isinstance(event, BasicEvent) and name not in members:
            if event.expression is None:
                missing.append(name)
            else:
                found[name] = numbers.of(event.expression, one.scope)
    if missing:
        raise UsageError(f"Without a probability: {', '.join(missing[:20])}.")
    for group in groups:
        for name, (_, probability) in group.events.items():
            found[name] = numbers.of(probability, group.scope)
    return found


def circles(edges: Mapping[str, list[str]]) -> list[list[str]]:
    """Circles, each told from its first name in the alphabet on."""
    found = []
    for circle in cycles(edges):
        ring = circle[:-1]
        start = ring.index(min(ring))
        found.append([*ring[start:], *ring[:start], ring[start]])
    return found
