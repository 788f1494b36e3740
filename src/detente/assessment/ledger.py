"""The reassurance ledger: what one side would give, and what the other would value.

The giver says how much a measure of theirs would reassure the other side; the other side says how
much it would. The two are never merged: the distance between them is the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from detente.assessment.results import LedgerClass, LedgerEntry
from detente.case.case import Case
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.compare import t_interval, welch
from detente.elicitation.disclosure import cells
from detente.elicitation.results import Group, Spread

MIDDLE = 5.0


KINDS = ("reassurance-expected", "reassurance-received", "cost", "kept")
Ratings = dict[tuple[str, str, str, str | None], np.ndarray]


def ledger(case: Case, groups: Sequence[Group]) -> tuple[LedgerEntry, ...]:
    """An entry for every measure and ordered pair of sides that was asked about it.

    ``groups`` may be shown; of these a side enters a cell only where enough of its people answered.
    """
    measures = [measure.id for measure in case.measures]
    return entries(shown_ratings(case, groups), measures, [side.id for side in case.about.sides])


def entries(
    ratings: Ratings, measures: Sequence[str], sides: Sequence[str]
) -> tuple[LedgerEntry, ...]:
    """An entry for every measure and ordered pair of sides of which two people or more were asked.

    Parameters
    ----------
    ratings
        By (kind, measure, side that rates, side that it is about) one number a person, on 0 to 10
        and of ``kept`` on 0 to 1: ``reassurance-expected`` by the giver about the receiver,
        ``reassurance-received`` by the receiver about the giver, ``cost`` by the giver about None,
        ``kept`` by the giver about itself and by the receiver about the giver.
    measures, sides
        In the order of the entries.

    """
    found = (
        _entry(measure, giver, receiver, ratings)
        for measure in measures
        for giver in sides
        for receiver in sides
        if giver != receiver
    )
    return tuple(entry for entry in found if entry.expected or entry.said)


def shown_ratings(case: Case, groups: Sequence[Group]) -> Ratings:
    """The ratings that may be shown, by kind, measure, side and whom they are about."""
    by_cell: dict[tuple[str, str, str | None], list[Judgement]] = defaultdict(list)
    for kind in KINDS:
        for judgement in latest(case, kind):
            by_cell[kind, judgement.item, judgement.about].append(judgement)
    return {
        (kind, item, group.id, about): np.array([one.value for one in own])
        for (kind, item, about), judgements in by_cell.items()
        for group, own in cells(case, groups, judgements)
        if group.kind == "side"
    }


def _entry(measure: str, giver: str, receiver: str, ratings: Ratings) -> LedgerEntry:
    def rated(kind: str, by: str, about: str | None) -> np.ndarray:
        return ratings.get((kind, measure, by, about), np.array([]))

    expected = rated("reassurance-expected", giver, receiver)
    said = rated("reassurance-received", receiver, giver)
    cost = _mean(rated("cost", giver, None))
    both = len(expected) > 1 and len(said) > 1
    return LedgerEntry(
        measure=measure,
        giver=giver,
        receiver=receiver,
        expected=_mean(expected),
        said=_mean(said),
        gap=welch(said, expected)[0] if both else None,
        cost=cost,
        kept_by_own_view=_mean(rated("kept", giver, giver)),
        kept_by_other_view=_mean(rated("kept", receiver, giver)),
        people_giver=len(expected),
        people_receiver=len(said),
        kind=ledger_class(_mean(expected), _mean(said), cost),
    )


def _mean(values: np.ndarray) -> Spread | None:
    return t_interval(values) if len(values) > 1 else None


def ledger_class(expected: Spread | None, said: Spread | None, cost: Spread | None) -> LedgerClass:
    """The class for which each rating that it names lies on its side of 5 with its whole interval.

    *Valued and cheap*: ``said`` and ``expected`` above, ``cost`` below. *Valued and dear*: all
    three above. *Unnoticed opening*: ``said`` above, ``expected`` below. *Gift nobody wants*:
    ``said`` below, ``expected`` above. Else *cannot tell*.

    Any two classes lie on opposite sides in some rating that both name, so one is told in the place
    of another only where a 90 % interval misses its mean on one given side: with a chance of 5 %.
    """
    if said is None or expected is None:
        return "cannot-tell"
    if _above(said) and _below(expected):
        return "unnoticed-opening"
    if _below(said) and _above(expected):
        return "gift-nobody-wants"
    if cost is not None and _above(said) and _above(expected):
        if _below(cost):
            return "valued-and-cheap"
        if _above(cost):
            return "valued-and-dear"
    return "cannot-tell"


def worth_giving(entry: LedgerEntry) -> bool:
    """Whether the receiver values a measure that the giver does not call dear.

    What the giver expects need not be told apart from the middle: only where it lies below may the
    cost be anything but surely low.
    """
    if entry.kind == "unnoticed-opening":
        return entry.cost is None or not _above(entry.cost)
    return entry.kind == "valued-and-cheap" or (
        entry.kind == "cannot-tell"
        and entry.said is not None
        and entry.cost is not None
        and entry.expected is not None
        and _above(entry.said)
        and _below(entry.cost)
    )


def _above(spread: Spread) -> bool:
    return spread.low > MIDDLE


def _below(spread: Spread) -> bool:
    return spread.high < MIDDLE
