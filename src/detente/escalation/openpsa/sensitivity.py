"""Which uncertain number of a model makes the spread of an outcome: Sobol indices.

Exact, up to quadrature of single numbers, where no two events share a deviate and each has at most
one: the outcome is then linear in independent probabilities (`detente.escalation.openpsa.variance`)
and in the frequency of the initiating event. Else by estimators at Sobol points, in independent
scrambles that tell a standard error; f(A_B^i) is f at the points A with column i from B:

    S_i = E f(B) (f(A_B^i) - f(A)) / Var f          T_i = E (f(A) - f(A_B^i))^2 / (2 Var f)

References
----------
Saltelli et al. (2010), "Variance based sensitivity analysis of model output", Computer Physics
Communications 181(2), for S; Jansen (1999), "Analysis of variance designs for model output",
Computer Physics Communications 117(1-2), for T; Owen (1997), "Scrambled net variance for integrals
of smooth functions", Annals of Statistics 25(4), for errors by independent scrambles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from detente.escalation.moments.marginals import legendre
from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.common_causes import expand
from detente.escalation.openpsa.evaluate import MISSION_HOURS, Numbers, deviates, parameters_in
from detente.escalation.openpsa.names import Names, Scope, names_of
from detente.escalation.openpsa.outcomes import Evaluation, Functions, Outcome
from detente.escalation.openpsa.variance import TooManyPairsError, function_moments
from detente.escalation.openpsa.walk import model_expressions
from detente.ground.chance import Floats, sobol, stream

REACH = 8.2  # standard normals; 1 - Phi(8.2) is 1e-16
PANELS = 42
NODES = 16
SCRAMBLES = 16

Values = Callable[[Floats], Floats]
Why = Literal["", "shared-numbers", "factors", "too-large"]


@dataclass(frozen=True)
class Sensitivity:
    """The Sobol indices of an outcome by each of its D uncertain numbers, (D,) each.

    ``why`` tells why they are sampled; it is empty where they are exact, and the standard errors
    are then 0. All indices are 0 where the outcome does not vary.
    """

    numbers: tuple[str, ...]
    mean: float
    variance: float
    first: Floats
    total: Floats
    first_error: Floats
    total_error: Floats
    why: Why

    @property
    def exact(self) -> bool:
        """Whether nothing was sampled."""
        return not self.why


def sensitivity(
    model: mef.MefModel,
    outcome: Outcome,
    functions: Functions,
    *,
    samples: int,
    seed: int,
    time: float | None = None,
) -> Sensitivity:
    """The Sobol indices of an outcome's frequency, or of its probability where it has none.

    Parameters
    ----------
    model
        A model without errors.
    outcome
        One of its outcomes.
    functions
        What was made ready before.
    samples
        The number of points in all, where points are needed: a power of two of at least
        `SCRAMBLES` times 2.
    seed
        Of these points.
    time
        The mission time in hours; a year where none is given.

    """
    if not deviates(model):
        return _certain(float(Evaluation(model, functions, time=time).whole(outcome)[0]))
    why = _hindrance(model, outcome, functions)
    if not why:
        try:
            return _exact(model, outcome, functions, time)
        except TooManyPairsError:
            why = "too-large"
    return _sampled(model, outcome, functions, samples=samples, seed=seed, time=time, why=why)


def _certain(value: float) -> Sensitivity:
    none = np.zeros(0)
    return Sensitivity((), value, 0.0, none, none, none, none, "")


# --- what rests on what ---


@dataclass(frozen=True)
class _Rests:
    """The deviates that each event rests on, and those of a frequency."""

    events: Mapping[str, frozenset[str]]
    frequency: frozenset[str]


def _rests(model: mef.MefModel, outcome: Outcome) -> _Rests:
    names = names_of(model)
    of = {id(one): name for name, one in deviates(model).items()}
    groups = [expand(group, names) for group in names.groups]
    members = {member for group in groups for member in group.members}
    events: dict[str, frozenset[str]] = {}
    for name, one in names.events.items():
        event = one.definition
        if isinstance(event, mef.BasicEvent) and event.expression and name not in members:
            events[name] = _within(event.expression, one.scope, names, of)
    for group in groups:
        for name, (_, probability) in group.events.items():
            events[name] = _within(probability, group.scope, names, of)
    stated = outcome.frequency
    starts = frozenset[str]()
    if isinstance(stated, mef.Expression):
        starts = _within(stated, (), names, of)
    return _Rests(events, starts)


def _within(
    expression: mef.Expression, scope: Scope, names: Names, of: Mapping[int, str]
) -> frozenset[str]:
    """The deviates in an expression and in the parameters that it names."""
    found: set[str] = set()
    seen: set[str] = set()
    ahead = [(expression, scope)]
    while ahead:
        here, where = ahead.pop()
        found.update(of[id(one)] for one in here.all() if id(one) in of)
        for name in parameters_in(here, where, names):
            if name not in seen:
                seen.add(name)
                placed = names.parameters[name]
                assert isinstance(placed.definition, mef.Parameter)
                ahead.append((placed.definition.expression, placed.scope))
    return frozenset(found)


def _hindrance(model: mef.MefModel, outcome: Outcome, functions: Functions) -> Why:
    """Why the indices of an outcome cannot be exact; empty where they can."""
    if outcome.gate is None:
        return "factors"
    if isinstance(outcome.frequency, mef.Formula):
        return "shared-numbers"
    rests = _rests(model, outcome)
    function = functions.of(outcome.circuit, outcome.gate)
    needed = [
        rests.events[name]
        for name, moves in zip(function.events, function.moves, strict=True)
        if moves
    ]
    used = [one for found in (*needed, rests.frequency) for one in found]
    alone = all(len(found) <= 1 for found in (*needed, rests.frequency))
    return "" if alone and len(set(used)) == len(used) else "shared-numbers"


# --- exact ---


def _exact(
    model: mef.MefModel, outcome: Outcome, functions: Functions, time: float | None
) -> Sensitivity:
    assert outcome.gate is not None
    rests = _rests(model, outcome)
    function = functions.of(outcome.circuit, outcome.gate)
    units, weights = _quadrature(model, time)
    columns = np.broadcast_to(units[:, None], (len(units), len(deviates(model))))
    at = Evaluation(model, functions, columns, time)
    curves = [at.events[name] for name in function.events]
    means, variances = _means(np.array(curves).reshape(-1, len(units)), weights)
    found = function_moments(function, means, variances)
    rate, rate_variance = 1.0, 0.0
    stated = at.frequency(outcome)
    if stated is not None:
        of_rate = _means(stated[None], weights)
        rate, rate_variance = float(of_rate[0][0]), float(of_rate[1][0])
    square = rate**2 + rate_variance
    variance = square * found.variance + rate_variance * found.mean**2
    alone = dict.fromkeys(rests.frequency, rate_variance * found.mean**2)
    left = dict.fromkeys(rests.frequency, rate_variance * (found.variance + found.mean**2))
    for place, name in enumerate(function.events):
        if function.moves[place]:
            for one in rests.events[name]:
                alone[one] = variances[place] * (rate * found.slopes[place]) ** 2
                left[one] = variances[place] * square * found.squares[place]
    numbers = tuple(name for name in deviates(model) if name in alone)
    whole = variance or 1.0
    none = np.zeros(len(numbers))
    first = np.array([alone[name] for name in numbers]) / whole
    total = np.array([left[name] for name in numbers]) / whole
    return Sensitivity(numbers, rate * found.mean, variance, first, total, none, none, "")


def _means(curves: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of each row; a row that is constant has none."""
    begin = curves[:, :1]
    means = begin[:, 0] + (curves - begin) @ weights
    return means, ((curves - means[:, None]) ** 2) @ weights


def _quadrature(model: mef.MefModel, time: float | None) -> tuple[Floats, Floats]:
    """Unit uniforms and their weights, with panels that end where a histogram bends."""
    edges = np.unique([*np.linspace(-REACH, REACH, PANELS + 1), *_bends(model, time)])
    points, weights = legendre(NODES)
    halves = np.diff(edges)[:, None] / 2
    z = (edges[:-1, None] + halves * (points + 1)).ravel()
    density = np.exp(-(z**2) / 2) * (halves * weights).ravel()
    return ndtr(z), density / density.sum()


def _bends(model: mef.MefModel, time: float | None) -> Iterable[float]:
    numbers = Numbers(names_of(model), MISSION_HOURS if time is None else time)
    for _, scope, expression in model_expressions(model):
        for one in expression.all():
            if one.op == "histogram":
                weights = [float(numbers.of(each, scope)) for each in one.inputs[2::2]]
                bends = ndtri(np.cumsum(weights)[:-1] / sum(weights))
                yield from bends[np.abs(bends) < REACH].tolist()


# --- sampled ---


def _sampled(
    model: mef.MefModel,
    outcome: Outcome,
    functions: Functions,
    *,
    samples: int,
    seed: int,
    time: float | None,
    why: Why,
) -> Sensitivity:
    names = tuple(deviates(model))

    def values(units: Floats) -> Floats:
        return Evaluation(model, functions, units, time).whole(outcome)

    count = max(2, samples // SCRAMBLES)
    parts = []
    for scramble in range(SCRAMBLES):
        rng = stream(seed, "openpsa", "indices", str(scramble))
        units = sobol(count, 2 * len(names), seed=rng)
        parts.append(_estimates(values, units[:, : len(names)], units[:, len(names) :]))
    means, variances, firsts, totals = (np.array(part) for part in zip(*parts, strict=True))
    variance = float(variances.mean())
    first, first_error = _ratio(firsts, variances)
    total, total_error = _ratio(totals, variances)
    rests = np.flatnonzero(totals.any(axis=0))  # on others the outcome does not depend
    return Sensitivity(
        numbers=tuple(names[place] for place in rests),
        mean=float(means.mean()),
        variance=variance,
        first=first[rests],
        total=total[rests],
        first_error=first_error[rests],
        total_error=total_error[rests],
        why=why,
    )


def _estimates(values: Values, a: Floats, b: Floats) -> tuple[float, float, Floats, Floats]:
    """Mean, variance, and the parts of it that S and T tell, of one scramble."""
    of_a, of_b = values(a), values(b)
    both = np.concatenate([of_a, of_b])
    mean, variance = float(both.mean()), float(both.var())
    first, total = np.zeros(a.shape[1]), np.zeros(a.shape[1])
    for place in range(a.shape[1]):
        mixed = a.copy()
        mixed[:, place] = b[:, place]
        change = values(mixed) - of_a
        first[place] = ((of_b - mean) * change).mean()
        total[place] = (change**2).mean() / 2
    return mean, variance, first, total


def _ratio(parts: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """Parts over variances, of all scrambles together, and the standard error."""
    whole = variances.mean() or 1.0
    found = parts.mean(axis=0) / whole
    left = parts - found * variances[:, None]
    return found, left.std(axis=0, ddof=1) / np.sqrt(len(parts)) / whole
