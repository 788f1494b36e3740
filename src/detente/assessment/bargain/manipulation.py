"""How much a party would have to misstate to change the recommended package.

A recommendation that turns over on a small change of one number is one that a party can steer, and
one that an honest error can turn over as well. The smallest change is bisected between one at which
the package stands and one at which it does not.

That finds the very smallest change where a package that has once been overtaken stays so as the
change grows. It holds for the Nash product and for weighted sums, without scenarios: the stated
gain enters the gains of all packages that hold the measure in the same way, so that the ratio of
two products, (g + d)^w to (g' + d)^w, moves in one direction in d, and each rival crosses the
package at most once; a rival that becomes acceptable only at some d enters with a gain of 0; and
where a falling statement makes packages unacceptable, those that overtook have larger gains and
fall after the one overtaken. Where parties are left out of the product (`Bargain.left_out`), and
for other rules, it is a change, and none of those tried on the way is smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from detente.assessment.bargain.changed import with_gains
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import Problem
from detente.assessment.bargain.results import Bargain, Misreport
from detente.ground.errors import UsageError

MOST = 2.0  # in shares of the party's scale
PRECISION = 1e-4


def smallest_misreport(
    problem: Problem,
    party: str,
    measure: str,
    *,
    sign: int,
    rule: Callable[[Problem], Bargain] = nash,
    most: float = MOST,
    precision: float = PRECISION,
) -> Misreport:
    """The smallest change of one stated gain, up or down, that changes the recommended package.

    Parameters
    ----------
    problem
        Gains as stated.
    party, measure
        Whose gain by what.
    sign
        1 for a larger statement, -1 for a smaller one.
    rule
        What recommends a package.
    most, precision
        The largest change tried, and how close the two ends of the answer are, in shares of the
        party's scale.

    Raises
    ------
    UsageError
        Where a name is unknown, the sign is neither, or no package is acceptable as stated.

    """
    if sign not in (1, -1):
        raise UsageError(f"The sign of a misreport is 1 or -1, not {sign}.")
    stated = _recommended(problem, rule)
    return _bisect(problem, (party, measure, sign), stated, rule, (most, precision))


def smallest_misreports(
    problem: Problem,
    party: str,
    *,
    rule: Callable[[Problem], Bargain] = nash,
    most: float = MOST,
    precision: float = PRECISION,
) -> Misreport | None:
    """The smallest change of any one gain that a party states, over all measures and both signs.

    A measure is bisected only where it does better than the best so far. None where no change up to
    ``most`` changes the package.
    """
    stated = _recommended(problem, rule)
    best: Misreport | None = None
    reach = most
    for measure, sign in _asked(problem):
        found = _bisect(problem, (party, measure, sign), stated, rule, (reach, precision))
        if found.changes_at is not None:
            best = found
            scale = float(problem.scales[problem.parties.index(party)])
            reach = abs(found.changes_at) / scale
    return best


def _asked(problem: Problem) -> Iterator[tuple[str, int]]:
    for measure in problem.measures:
        yield measure, 1
        yield measure, -1


def _recommended(problem: Problem, rule: Callable[[Problem], Bargain]) -> tuple[str, ...]:
    found = rule(problem)
    if found.status == "infeasible":
        reason = ", ".join(found.conflict)
        raise UsageError(f"No package is acceptable as stated; in conflict are: {reason}.")
    return found.package


def _bisect(
    problem: Problem,
    asked: tuple[str, str, int],
    stated: tuple[str, ...],
    rule: Callable[[Problem], Bargain],
    span: tuple[float, float],
) -> Misreport:
    party, measure, sign = asked
    if party not in problem.parties or measure not in problem.measures:
        raise UsageError(f"Unknown party {party} or measure {measure}.")
    row, column = problem.parties.index(party), problem.place[measure]
    scale, gain = float(problem.scales[row]), float(problem.gains[row, column])
    most, precision = (part * scale for part in span)

    def at(change: float) -> tuple[str, ...]:
        changed = with_gains(problem, [(party, measure, gain + sign * change)])
        return rule(changed).package

    package = at(most)
    if package == stated:
        return Misreport(party, measure, sign * most, None, stated)
    low, high = 0.0, most
    while high - low > precision:
        middle = (low + high) / 2
        now = at(middle)
        if now == stated:
            low = middle
        else:
            high, package = middle, now
    return Misreport(party, measure, sign * low, sign * high, package)
