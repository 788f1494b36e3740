"""The other rules by which one package is chosen, each exactly and with its proven gap.

Each ends with the smallest part of its package that does as much for everybody (`smallest`).

Only the Nash product (`nash`), the Kalai-Smorodinsky package and each party's best are independent
of the units of the parties. Leximin in own units and the weighted sum are told as ``comparable``:
they mean something only if one unit is worth the same to every party.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from detente.assessment.bargain.ideals import ideals
from detente.assessment.bargain.model import Model, build, finish, infeasible
from detente.assessment.bargain.nash import FLOOR, nash
from detente.assessment.bargain.problem import Floats, Problem, at_side_weight, gains_of, reach
from detente.assessment.bargain.program import INFINITY, LIMITS, Found, Limits
from detente.assessment.bargain.results import Bargain
from detente.assessment.bargain.smallest import smallest_part
from detente.ground.errors import UsageError

SLACK = 1e-8  # what an earlier objective may lose in the solves after it
SIDE_WEIGHTS = (1 / 3, 1 / 2, 2 / 3)


def utilitarian(problem: Problem, limits: Limits = LIMITS) -> Bargain:
    """The acceptable package with the largest weighted sum of gains, sum of w_p gain_p.

    It means something only if the gains of all parties are in the same units.
    """
    model = build(problem, limits)
    worth = problem.weights * problem.scales
    size = float(worth.max())
    prices = dict(zip(model.gains, (worth / size).tolist(), strict=True))
    found = model.program.maximise(prices)
    if found is None:
        return infeasible(problem, limits, "utilitarian", comparable=True)
    package = smallest_part(problem, model.package(found), limits)
    objective = float(problem.weights @ gains_of(problem, package[None])[0])
    return finish(
        problem,
        package,
        (objective, found.bound * size),
        limits=limits,
        solution="utilitarian",
        unit=size,
        comparable=True,
    )


def best_for(problem: Problem, party: str, limits: Limits = LIMITS) -> Bargain:
    """The package that brings one party most while no other falls below its trend.

    Among packages that do, the one with the largest weighted sum of the others' gains in shares of
    their scales, so that the package is not dominated.

    Raises
    ------
    UsageError
        Where the party is unknown.

    """
    if party not in problem.parties:
        raise UsageError(f"Unknown party {party}; known are {', '.join(problem.parties)}.")
    index = problem.parties.index(party)
    model = build(problem, limits)
    column = model.gains[index]
    found = model.program.maximise({column: 1.0})
    if found is None:
        return infeasible(problem, limits, "best-for-one")
    model.program.bound(column, found.objective - SLACK, INFINITY)
    then = _again(model, found, dict(zip(model.gains, problem.weights.tolist(), strict=True)))
    package = smallest_part(problem, model.package(then), limits)
    scale = float(problem.scales[index])
    objective = float(model.scaled(package)[index]) * scale
    return finish(
        problem,
        package,
        (objective, found.bound * scale),
        limits=limits,
        solution="best-for-one",
        unit=scale,
    )


def kalai_smorodinsky(problem: Problem, limits: Limits = LIMITS) -> Bargain:
    """The package whose smallest share of an ideal gain is largest: max min gain_p / ideal_p.

    The ideal of a party is the most that any acceptable package brings it (Kalai and Smorodinsky
    1975; for discrete sets as a max-min after Nagahisa and Tanaka 2002). Among such packages, the
    largest weighted sum of the shares. Parties whose ideal is 0 are left out, and told.
    """
    best = ideals(problem, limits)
    if best is None:
        return infeasible(problem, limits, "kalai-smorodinsky")
    able = [party for party, ideal in enumerate(best) if ideal > FLOOR]
    model = build(problem, limits)
    (least,) = model.program.columns(1, 0, 1)
    shares: dict[int, float] = {model.gains[party]: 1 / float(best[party]) for party in able}
    for column, share in shares.items():
        model.program.row({column: share, least: -1.0}, 0, INFINITY)
    found = model.program.maximise({least: 1.0})
    assert found is not None, "the problem was feasible a moment ago"
    model.program.bound(least, found.objective - SLACK, 1)
    weights = problem.weights
    sums = {model.gains[party]: weights[party] * shares[model.gains[party]] for party in able}
    package = smallest_part(problem, model.package(_again(model, found, sums)), limits)
    reached = model.scaled(package)[able] / best[able]
    objective = float(reached.min()) if able else 0.0
    return finish(
        problem,
        package,
        (objective, found.bound if able else 0.0),
        limits=limits,
        solution="kalai-smorodinsky",
        left_out=tuple(name for p, name in enumerate(problem.parties) if p not in able),
    )


def leximin(
    problem: Problem,
    limits: Limits = LIMITS,
    *,
    units: Literal["own", "ideals"] = "own",
) -> Bargain:
    """The package that is best for the party worst off, then for the next, and so on.

    Gains stand in the parties' own units, which must be the same for all, or in shares of the
    parties' ideals. Solved as P programs in turn, the k-th of which maximises the sum of the k
    smallest gains, theta_k = max_r k r - sum of max(r - gain_p, 0), while the sums before stay
    (Ogryczak and Sliwinski 2006; Ogryczak et al. 2008). The objective is the smallest gain, and the
    gap the largest of the P programs. Clones do change this rule, as they do every count of who is
    next.
    """
    worth = problem.scales / float(problem.scales.max())
    if units == "ideals":
        found_ideals = ideals(problem, limits)
        if found_ideals is None:
            return infeasible(problem, limits, "leximin")
        worth = 1 / np.where(found_ideals > FLOOR, found_ideals, 1.0)
    model = build(problem, limits)
    found, gap = _ordered(model, worth)
    if found is None:
        return infeasible(problem, limits, "leximin", comparable=units == "own")
    package = smallest_part(problem, model.package(found), limits)
    size = float(problem.scales.max()) if units == "own" else 1.0
    objective = float((model.scaled(package) * worth).min()) * size
    return finish(
        problem,
        package,
        (objective, objective + gap * size),
        limits=limits,
        solution="leximin",
        unit=size,
        comparable=units == "own",
    )


def _ordered(model: Model, worth: Floats) -> tuple[Found | None, float]:
    """The point with the lexicographically largest sums of the k smallest gains, and its gap."""
    program, parties = model.program, range(len(model.gains))
    found: Found | None = None
    gap = 0.0
    most = float((worth / model.problem.scales * reach(model.problem)).max())
    for k in range(1, len(model.gains) + 1):
        (level,) = program.columns(1, 0, most)
        short = program.columns(len(model.gains), 0, most)
        for party in parties:
            row = {model.gains[party]: float(worth[party]), short[party]: 1.0, level: -1.0}
            program.row(row, 0, INFINITY)
        theta: dict[int, float] = {level: float(k), **dict.fromkeys(short, -1.0)}
        now = program.maximise(theta)
        if now is None:
            break  # the first of all; a later one keeps what the one before has found
        found, gap = now, max(gap, now.bound - now.objective)
        program.row(theta, now.objective - SLACK, INFINITY)
    return found, gap


def _again(model: Model, found: Found, prices: Mapping[int, float]) -> Found:
    """A second objective among the points of the first; the first's point where rounding bites."""
    return model.program.maximise(prices) or found


def at_side_weights(
    problem: Problem,
    side: str,
    weights: tuple[float, ...] = SIDE_WEIGHTS,
    *,
    rule: Callable[[Problem], Bargain] = nash,
) -> tuple[tuple[float, Bargain], ...]:
    """The package of a rule with one side at each of several weights, the rest split evenly.

    Raises
    ------
    UsageError
        Where the side is unknown or alone, or a weight is not between 0 and 1.

    """
    return tuple((weight, rule(at_side_weight(problem, side, weight))) for weight in weights)
