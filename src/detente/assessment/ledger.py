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
    ratings = _ratings(case, groups)
    sides = [side.id for side in case.about.sides]
    pairs = [(a, b) for a in sides for b in sides if a != b]
    entries = (
        _entry(measure.id, giver, receiver, ratings)
        for measure in case.measures
        for giver, receiver in pairs
    )
    return tuple(entry for entry in entries if entry.expected or entry.said)


def _ratings(case: Case, groups: Sequence[Group]) -> Ratings:
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
    """The class of a measure by where the 90 % intervals lie against the middle of the scale.

    *valued*: all of ``said`` above 5. *Unnoticed opening*: valued, all of ``expected`` below 5.
    *Gift nobody wants*: all of ``said`` below 5, all of ``expected`` above. *Valued and cheap*,
    *valued and dear*: valued, all of ``cost`` below, above 5. Else *cannot tell*.
    """
    if said is None or expected is None:
        return "cannot-tell"
    if _below(said):
        return "gift-nobody-wants" if _above(expected) else "cannot-tell"
    if not _above(said):
        return "cannot-tell"
    if _below(expected):
        return "unnoticed-opening"
    if cost is not None and _below(cost):
        return "valued-and-cheap"
    if cost is not None and _above(cost):
        return "valued-and-dear"
    return "cannot-tell"


def _above(spread: Spread) -> bool:
    return spread.low > MIDDLE


def _below(spread: Spread) -> bool:
    return spread.high < MIDDLE
