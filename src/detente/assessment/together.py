"""What a case says of measures that are taken together, as a problem of packages takes it.

A measure in force stands in every package: it costs nothing more, counts as held, and meets the
condition that names it. One that can no longer be taken, or of which a side's gains may not be
told, stands in none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.assessment.bargain.problem import Budget, Count
from detente.assessment.results import MeasureState
from detente.case import model
from detente.case.case import Case
from detente.ground.basis import Estimate
from detente.ground.chance import Floats, fit


@dataclass(frozen=True, eq=False)
class Joint:
    """A change of gains that can be had: its clauses among the measures of a choice, and by whom.

    ``place`` is that in the file; ``gains`` has a distribution for each side, None where its gain
    does not change.
    """

    place: int
    clauses: tuple[tuple[str, ...], ...]
    gains: tuple[Estimate | None, ...]

    def means(self) -> tuple[float, ...]:
        """The mean of each side's change; of a two-piece normal m + (above - below)/sqrt(2 pi)."""
        spreads = [None if one is None else fit(one, "linear") for one in self.gains]
        return tuple(
            0.0 if one is None else float(one.mid + (one.above - one.below) / np.sqrt(2 * np.pi))
            for one in spreads
        )

    def drawn(self, normal: Floats) -> Floats:
        """The changes at points of standard normals, shape (sides, N); same shape."""
        return np.array(
            [
                np.zeros(own.shape) if one is None else fit(one, "linear").at_normal(own)
                for one, own in zip(self.gains, normal, strict=True)
            ]
        )


def budgets(case: Case, measures: Sequence[str]) -> tuple[Budget, ...]:
    """The budgets over the measures of a choice; of a limit told as an interval its lower end."""
    return tuple(
        Budget(one.id, tuple(one.costs.get(name, 0.0) for name in measures), limit_of(one))
        for one in case.packages_file.budgets
    )


def limit_of(budget: model.Budget) -> float:
    """What a package may spend for certain."""
    limit = budget.limit.value if budget.limit.value is not None else budget.limit.low
    assert limit is not None  # a number has one of the two
    return limit


def counts(
    case: Case, measures: Sequence[str], states: Sequence[MeasureState]
) -> tuple[Count, ...]:
    """How many more measures of each group a package holds, beside those in force."""
    standing = _standing(states)
    return tuple(_count(one, measures, standing) for one in case.packages_file.groups)


def _count(group: model.MeasureGroup, measures: Sequence[str], standing: frozenset[str]) -> Count:
    already = len(standing & {*group.measures})
    inside = tuple(name for name in group.measures if name in measures)
    most = len(inside) if group.at_most is None else max(group.at_most - already, 0)
    return Count(group.id, inside, max(group.at_least - already, 0), most)


def joints(
    case: Case, measures: Sequence[str], states: Sequence[MeasureState]
) -> tuple[Joint, ...]:
    """The changes of gains that can be had by choosing, in the order of the file."""
    return tuple(_joints(case, measures, _standing(states)))


def _joints(case: Case, measures: Sequence[str], standing: frozenset[str]) -> Iterator[Joint]:
    sides = [side.id for side in case.about.sides]
    for place, one in enumerate(case.packages_file.synergies):
        origin = case.packages_file.own(one)
        open_ = [clause for clause in one.measures if not standing & {*clause}]
        clauses = tuple(tuple(name for name in clause if name in measures) for clause in open_)
        if clauses and all(clauses):
            stated = (one.gains.get(side) for side in sides)
            gains = tuple(
                None if gain is None else case.estimate(gain, "linear", origin) for gain in stated
            )
            yield Joint(place, clauses, gains)


def _standing(states: Sequence[MeasureState]) -> frozenset[str]:
    return frozenset(one.measure for one in states if one.state == "in-force")
