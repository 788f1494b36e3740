"""The best packages of a few measures, for each belief alone.

Among the measures with a stated effect; of more than `MOST_MEASURES` those that alone lower the
expected frequency most. A package must stand: what its measures need is in it, and none excludes
another. All packages of a size are compared at common points, with measures that do the same work
saturating each other (`packages.joint`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from detente.case import model
from detente.escalation.effects import ratio, spread
from detente.escalation.ladder import CompiledLadder
from detente.escalation.packages.allowed import stands
from detente.escalation.packages.payoff import MOST_MEASURES, Evaluator, plan
from detente.escalation.results import BestPackage
from detente.escalation.uncertainty import Belief, Sample

SIZES = (2, 3)
FEW_POINTS = 2**10


def best_packages(
    belief: Belief,
    measures: Sequence[model.Measure],
    structure: Iterable[CompiledLadder],
    sample: Sample,
    *,
    named: frozenset[str],
) -> tuple[BestPackage, ...]:
    """The package of each size with the lowest expected frequency, and how often another is lower.

    Parameters
    ----------
    belief
        A belief that refuses no number.
    measures
        All measures of the case.
    structure
        The ladders of the belief, with the headline or worse as their only end.
    sample
        The common points; the first `FEW_POINTS` of them are used.
    named
        The parameters that the ladders of the case name.

    """
    names = [measure.id for measure in measures]
    saturates = {measure.id: measure.saturates_with for measure in measures}
    made = plan(belief, names, structure, saturates=saturates)
    evaluator = Evaluator(made, sample.first(FEW_POINTS))
    acting = [one for one in names if any(a.on in named for a in belief.changes.get(one, ()))]
    means = {one: float(evaluator.evaluate(frozenset({one})).mean()) for one in acting}
    chosen = set(sorted(acting, key=means.__getitem__)[:MOST_MEASURES])
    few = [measure for measure in measures if measure.id in chosen]
    found = (_best(belief.id, size, few, evaluator) for size in SIZES)
    return tuple(one for one in found if one is not None)


def _best(
    belief: str, size: int, measures: Sequence[model.Measure], evaluator: Evaluator
) -> BestPackage | None:
    packages = list(_standing(measures, size))
    if not packages:
        return None
    rows = np.stack(np.broadcast_arrays(*(evaluator.evaluate(one) for one in packages)))
    best = int(rows.mean(axis=1).argmin())
    ratios = ratio(evaluator.evaluate(frozenset()), rows[best])
    if not np.isfinite(ratios).all():
        return None
    return BestPackage(
        belief=belief,
        measures=tuple(one.id for one in measures if one.id in packages[best]),
        ratio=spread(np.sort(ratios)),
        flips=float((rows.min(axis=0) < rows[best]).mean()),
    )


def _standing(measures: Sequence[model.Measure], size: int) -> Iterator[frozenset[str]]:
    """The packages of a size that can be taken as they are."""
    needs = {measure.id: measure.needs for measure in measures}
    excludes = {measure.id: measure.excludes for measure in measures}
    for names in combinations([measure.id for measure in measures], size):
        package = frozenset(names)
        if stands(package, needs, excludes):
            yield package
