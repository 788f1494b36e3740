"""The asymmetric Nash solution: the package with the largest product of gains, proven.

Maximise sum over parties of w_p ln gain_p (Nash 1950; with weights, Harsanyi and Selten 1972;
Kalai 1977). The logarithm is concave, so its tangents bound it from above: each round solves a
mixed-integer program with the tangents so far, takes its bound as proven, and adds the tangents at
the gains of the package found (outer approximation, Duran and Grossmann 1986). The solution stays
the same where one party's gains and constant are multiplied by a positive number, and where a
party is split into clones that share its weight.

A party that cannot gain alone cannot be in a product: it is kept from losing, and told. Where all
could gain alone but not together, the parties that gain have the largest weight that can gain
together, and among such sets the product of gains as shares of ideal gains is the largest
(after Caragiannis et al. 2019, for zero products). A gain below one millionth of the largest
that can be thought of counts as none. Measures that add nothing beside the others leave the package
(`smallest`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detente.assessment.bargain.ideals import ideals
from detente.assessment.bargain.model import Model, build, finish, infeasible
from detente.assessment.bargain.problem import Bools, Floats, Problem
from detente.assessment.bargain.program import INFINITY, LIMITS, Limits
from detente.assessment.bargain.results import Bargain
from detente.assessment.bargain.smallest import smallest_part

FLOOR = 1e-6
_TANGENTS = (*(1.4**-k for k in range(14)), 1e-3, 1e-4, 1e-5, FLOOR)


@dataclass(frozen=True, eq=False)
class _Logs:
    """The parties in the product: their logarithm's column, their scale, and where they may not be.

    ``tops`` are the scaled gains that count as 1; ``inside`` has a binary a party that is 1 where
    it gains, or None where all must.
    """

    parties: list[int]
    columns: list[int]
    tops: Floats
    inside: list[int] | None


def nash(problem: Problem, limits: Limits = LIMITS) -> Bargain:
    """The package with the largest weighted product of gains; weights are ``problem.weights``.

    The objective is sum of w_p ln gain_p over the parties that gain, in their own units, and the
    gap is in the same logarithms: a gap of 1e-7 proves the product to one part in ten million.

    Raises
    ------
    UsageError
        Where a limit came before any package.

    """
    model = build(problem, limits)
    tops = np.zeros(len(problem.parties))
    for party, column in enumerate(model.gains):
        most = model.program.relaxed({column: 1.0})
        if most is None:
            return infeasible(problem, limits, "nash")
        tops[party] = most.bound
    able = [party for party, top in enumerate(tops) if top > FLOOR**2]
    logs = _add_logs(model, able, tops[able], may_stay_out=False)
    found = _approximate(model, logs, limits)
    if found is not None:
        return _told(model, logs, found, limits)
    return _most_gaining(problem, limits)


def _most_gaining(problem: Problem, limits: Limits) -> Bargain:
    """Where the parties cannot all gain together: the most of them by weight, then the product."""
    best = ideals(problem, limits)
    if best is None:
        return infeasible(problem, limits, "nash")
    able = [party for party, ideal in enumerate(best) if ideal > FLOOR]
    model = build(problem, limits)
    logs = _add_logs(model, able, best[able], may_stay_out=True)
    assert logs.inside is not None
    weights = dict(zip(logs.inside, problem.weights[able].tolist(), strict=True))
    most = model.program.maximise(weights)
    assert most is not None, "the problem was feasible a moment ago"
    model.program.row(weights, most.objective - 1e-7, INFINITY)
    found = _approximate(model, logs, limits)
    assert found is not None, "the problem was feasible a moment ago"
    return _told(model, logs, found, limits)


def _add_logs(model: Model, able: list[int], tops: Floats, *, may_stay_out: bool) -> _Logs:
    """Columns t_p <= ln(gain_p / top_p), by tangents, with gain_p / top_p >= FLOOR."""
    program = model.program
    columns = program.columns(len(able), math.log(FLOOR), 0.0)
    inside = program.columns(len(able), 0, 1, whole=True) if may_stay_out else None
    logs = _Logs(able, columns, tops, inside)
    for index, party in enumerate(able):
        if inside is None:
            program.bound(model.gains[party], FLOOR * float(tops[index]), INFINITY)
        else:
            least = {model.gains[party]: 1 / float(tops[index]), inside[index]: -FLOOR}
            program.row(least, 0, INFINITY)
        for point in _TANGENTS:
            _tangent(model, logs, index, point)
    return logs


def _tangent(model: Model, logs: _Logs, index: int, point: float) -> None:
    """The row t <= ln a + (u - a) / a at a = ``point``, void for a party that stays out."""
    row = {logs.columns[index]: 1.0}
    row[model.gains[logs.parties[index]]] = -1 / (point * float(logs.tops[index]))
    right = math.log(point) - 1
    if logs.inside is not None:
        row[logs.inside[index]] = -right
        right = 0.0
    # At small points the slope is large; rows near 1 keep the solver's tolerances meaningful.
    size = min(point, 1.0)
    scaled = {column: value * size for column, value in row.items()}
    model.program.row(scaled, -INFINITY, right * size)


def _approximate(model: Model, logs: _Logs, limits: Limits) -> tuple[Bools, float, float] | None:
    """The best package, its sum of w ln(gain / top), and the proven bound; None if infeasible."""
    weights = model.problem.weights[logs.parties]
    prices = dict(zip(logs.columns, weights.tolist(), strict=True))
    best: tuple[Bools, float] | None = None
    upper, seen = math.inf, set[bytes]()
    for _ in range(limits.rounds):
        found = model.program.maximise(prices)
        if found is None:
            return None
        upper = min(upper, found.bound)
        package = model.package(found)
        shares = model.scaled(package)[logs.parties] / logs.tops
        value = _value(weights, shares)
        if best is None or value > best[1]:
            best = package, value
        if upper - best[1] <= limits.gap or package.tobytes() in seen:
            break
        seen.add(package.tobytes())
        for index, share in enumerate(shares.tolist()):
            if share >= FLOOR / 2:
                _tangent(model, logs, index, share)
        model.program.start(best[0].astype(np.float64), model.measures)
    assert best is not None
    return *best, upper


def _value(weights: Floats, shares: Floats) -> float:
    gaining = shares >= FLOOR / 2
    return float(weights[gaining] @ np.log(shares[gaining]))


def _told(model: Model, logs: _Logs, found: tuple[Bools, float, float], limits: Limits) -> Bargain:
    """The result, with the objective in the parties' own units."""
    package, value, upper = found
    problem = model.problem
    package = smallest_part(problem, package, limits)
    scaled = model.scaled(package)
    shares = scaled[logs.parties] / logs.tops
    gaining = [logs.parties[index] for index in np.flatnonzero(shares > FLOOR / 2)]
    own = scaled[gaining] * problem.scales[gaining]
    objective = float(problem.weights[gaining] @ np.log(own))
    return finish(
        problem,
        package,
        (objective, objective + upper - value),
        limits=limits,
        solution="nash",
        left_out=tuple(n for p, n in enumerate(problem.parties) if p not in gaining),
    )
