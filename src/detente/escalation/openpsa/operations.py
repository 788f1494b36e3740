"""The operations of expressions: how many inputs each takes, and what it makes of them.

Truth is a number: 0 is false, all else is true, and a comparison gives 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from detente.escalation.openpsa import deviates, laws
from detente.ground.chance import Floats

MANY = 1_000_000


@dataclass(frozen=True)
class Operation:
    """An operation that takes one of ``counts`` inputs."""

    counts: range | tuple[int, ...]
    of: Callable[..., Floats]


def _truth(values: Floats) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _chain(function: Callable[[Floats, Floats], Floats]) -> Operation:
    return Operation(range(1, MANY), lambda *inputs: reduce(function, inputs))


def _all(*inputs: Floats) -> Floats:
    return _truth(reduce(np.logical_and, [one != 0 for one in inputs]))


def _any(*inputs: Floats) -> Floats:
    return _truth(reduce(np.logical_or, [one != 0 for one in inputs]))


def _mean(*inputs: Floats) -> Floats:
    return np.asarray(reduce(np.add, inputs) / len(inputs))


def _if(condition: Floats, then: Floats, otherwise: Floats) -> Floats:
    return np.where(condition != 0, then, otherwise)


def _switch(*inputs: Floats) -> Floats:
    """Pairs of a condition and a number, and the number where no condition holds."""
    found = inputs[-1]
    for place in range(len(inputs) - 3, -1, -2):
        found = _if(inputs[place], inputs[place + 1], found)
    return found


def _one(function: Callable[[Floats], Floats]) -> Operation:
    return Operation((1,), function)


def _two(function: Callable[[Floats, Floats], Floats]) -> Operation:
    return Operation((2,), function)


def _compare(function: Callable[[Floats, Floats], Floats]) -> Operation:
    return Operation((2,), lambda left, right: _truth(function(left, right)))


OPERATIONS: dict[str, Operation] = {
    "pi": Operation((0,), lambda: np.asarray(np.pi)),
    "neg": _one(np.negative),
    "abs": _one(np.abs),
    "acos": _one(np.arccos),
    "asin": _one(np.arcsin),
    "atan": _one(np.arctan),
    "cos": _one(np.cos),
    "cosh": _one(np.cosh),
    "exp": _one(np.exp),
    "log": _one(np.log),
    "log10": _one(np.log10),
    "sin": _one(np.sin),
    "sinh": _one(np.sinh),
    "tan": _one(np.tan),
    "tanh": _one(np.tanh),
    "sqrt": _one(np.sqrt),
    "ceil": _one(np.ceil),
    "floor": _one(np.floor),
    "mod": _two(np.fmod),
    "pow": _two(np.power),
    "add": _chain(np.add),
    "sub": _chain(np.subtract),
    "mul": _chain(np.multiply),
    "div": _chain(np.divide),
    "min": _chain(np.minimum),
    "max": _chain(np.maximum),
    "mean": Operation(range(1, MANY), _mean),
    "not": _one(lambda one: _truth(one == 0)),
    "and": Operation(range(1, MANY), _all),
    "or": Operation(range(1, MANY), _any),
    "eq": _compare(np.equal),
    "df": _compare(np.not_equal),
    "lt": _compare(np.less),
    "gt": _compare(np.greater),
    "leq": _compare(np.less_equal),
    "geq": _compare(np.greater_equal),
    "ite": Operation((3,), _if),
    "switch": Operation(range(1, MANY, 2), _switch),
    "exponential": _two(laws.exponential),
    "GLM": Operation((4,), laws.repairable),
    "Weibull": Operation((4,), laws.weibull),
    "periodic-test": Operation((4, 5, 11), laws.periodic_test),
}

DEVIATES: dict[str, deviates.Deviate] = {
    "uniform-deviate": deviates.UNIFORM,
    "normal-deviate": deviates.NORMAL,
    "lognormal-deviate": deviates.LOGNORMAL,
    "gamma-deviate": deviates.GAMMA,
    "beta-deviate": deviates.BETA,
    "histogram": deviates.HISTOGRAM,
}
