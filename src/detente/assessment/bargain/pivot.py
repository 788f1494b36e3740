"""Which disagreement the recommended package turns on.

The pivot test puts one party's view in another's place. The value of agreement (Pape 2017, "Value
of agreement in decision analysis: concept, measures and application", Computers & Operations
Research 80) asks of each measure what would change if the parties agreed on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from detente.assessment.bargain.changed import with_gains, with_views
from detente.assessment.bargain.ideals import ideals
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import Floats, Problem
from detente.assessment.bargain.program import LIMITS, Limits
from detente.assessment.bargain.results import Bargain, Pivot, Settlement
from detente.ground.errors import UsageError

Rule = Callable[[Problem], Bargain]


def pivot(problem: Problem, party: str, by: str, *, rule: Rule = nash) -> Pivot:
    """Whether the package changes where ``party`` gains what ``by`` says that it gains itself.

    Raises
    ------
    UsageError
        Where a party is unknown.

    """
    stated = rule(problem).package
    return _pivot(problem, party, by, stated, rule)


def pivots(problem: Problem, *, rule: Rule = nash) -> tuple[Pivot, ...]:
    """The pivot test of every ordered pair of parties."""
    stated = rule(problem).package
    names = problem.parties
    return tuple(_pivot(problem, a, b, stated, rule) for a in names for b in names if a != b)


def _pivot(problem: Problem, party: str, by: str, stated: tuple[str, ...], rule: Rule) -> Pivot:
    now = rule(with_views(problem, party, by)).package
    joins, leaves = _difference(now, stated), _difference(stated, now)
    return Pivot(party, by, bool(joins or leaves), joins, leaves)


def _difference(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in a if name not in b)


def value_of_agreement(
    problem: Problem,
    *,
    parties: Sequence[str] = (),
    scales: Floats | None = None,
    rule: Rule = nash,
    limits: Limits = LIMITS,
) -> tuple[Settlement, ...]:
    """What would change if the parties agreed on a measure, for each measure; what matters first.

    Agreement is at the midpoint between the highest and the lowest of the parties' gains, each as a
    share of the party's scale, and turned back into its own units: so it needs no common unit.

    Parameters
    ----------
    problem
        Gains as stated.
    parties
        Who is to agree; all where left out.
    scales
        Shape (P,): what counts as 1 for each party; its ideal gain where left out. Ones where all
        gains are in one unit.
    rule
        What recommends a package.
    limits
        For the ideal gains.

    Returns
    -------
    settlements
        Those that change the package first, then by the size of the effect on the weighted sum of
        logarithms, then as the measures stand.

    Raises
    ------
    UsageError
        Where a party is unknown, or no package is acceptable as stated.

    """
    names = tuple(parties) or problem.parties
    if unknown := sorted(set(names) - set(problem.parties)):
        raise UsageError(f"Unknown parties: {', '.join(unknown)}.")
    sizes = _scales(problem, limits) if scales is None else scales
    stated = rule(problem)
    rows = [problem.parties.index(name) for name in names]
    found = [_settle(problem, measure, rows, sizes, stated, rule) for measure in problem.measures]
    return tuple(sorted(found, key=lambda one: (not one.changes, -abs(one.effect or 0.0))))


def _scales(problem: Problem, limits: Limits) -> Floats:
    best = ideals(problem, limits)
    if best is None:
        raise UsageError("No package is acceptable as stated.")
    return np.where(best > 0, best, 1.0) * problem.scales


def _settle(
    problem: Problem,
    measure: str,
    rows: Sequence[int],
    sizes: Floats,
    stated: Bargain,
    rule: Rule,
) -> Settlement:
    shares = problem.gains[rows, problem.place[measure]] / sizes[rows]
    middle = float(shares.max() + shares.min()) / 2
    agreed = [(problem.parties[row], measure, middle * float(sizes[row])) for row in rows]
    now = rule(with_gains(problem, agreed))
    joins = _difference(now.package, stated.package)
    leaves = _difference(stated.package, now.package)
    effect = None
    if stated.objective is not None and now.objective is not None:
        effect = now.objective - stated.objective
    apart = float(shares.max() - shares.min())
    return Settlement(measure, apart, bool(joins or leaves), joins, leaves, effect)
