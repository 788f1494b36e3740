"""Disagreements of trust: whether the one who gives a measure would keep it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.assessment.agenda.values import gaining, package_turn
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import Problem
from detente.assessment.results import Disagreement, LedgerEntry, Turn

LEAST_GAP = 0.2
VALUED = 5.0  # on the scale of reassurance, 0 to 10


def doubted(entries: Iterable[LedgerEntry], problem: Problem | None) -> Iterator[Disagreement]:
    """Valued measures that the receiver doubts the giver would keep."""
    for one in entries:
        own, other = one.kept_by_own_view, one.kept_by_other_view
        if own is None or other is None or one.said is None or one.said.mid <= VALUED:
            continue
        if own.mid - other.mid >= LEAST_GAP:
            views = (own.mid, other.mid)
            turns = () if problem is None else kept_turns(problem, one.measure, one.receiver, views)
            yield Disagreement(
                "trust", "", one.measure, one.giver, one.receiver, *views, turns=turns
            )


def kept_turns(
    problem: Problem, measure: str, receiver: str, views: tuple[float, float]
) -> tuple[Turn, ...]:
    """Whether the package turns on the receiver's doubt.

    People state what they gain if a measure is carried out. The receiver's gain counts as often as
    the measure is kept: by its own view, and then by the giver's, of ``views`` (giver, receiver).
    A loss does not shrink because the other may not keep a measure.
    """
    if measure not in problem.place or receiver not in problem.parties:
        return ()
    gain = float(problem.gains[problem.parties.index(receiver), problem.place[measure]])
    if gain <= 0:
        return ()
    by_giver, by_receiver = (gaining(problem, receiver, measure, gain * view) for view in views)
    return package_turn(by_giver, nash(by_receiver).package, receiver)
