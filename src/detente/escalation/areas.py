"""What the areas of the experts' recommendations change together, under each belief.

An area is taken as the package of all its measures whose effect is stated. Measures that do the
same work saturate (`packages.joint`), so that an area is not the product of its measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from detente.case import model
from detente.escalation.effects import ratio, share_lower, spread, verdict
from detente.escalation.ladder import CompiledLadder
from detente.escalation.packages.allowed import stands
from detente.escalation.packages.interactions import interactions, log_reduction
from detente.escalation.packages.payoff import Evaluator, plan
from detente.escalation.results import AreaEffect, AreaInteraction
from detente.escalation.uncertainty import Belief, Sample
from detente.ground.chance import Floats

FEW_POINTS = 2**11  # that interactions of areas rest on
Areas = Mapping[int, frozenset[str]]


class AreaPackages:
    """Evaluates packages of areas under one belief, at the points of a sample."""

    def __init__(
        self,
        belief: Belief,
        measures: Sequence[model.Measure],
        structure: Iterable[CompiledLadder],
        sample: Sample,
    ) -> None:
        names = [measure.id for measure in measures]
        saturates = {measure.id: measure.saturates_with for measure in measures}
        made = plan(belief, names, structure, saturates=saturates)
        self._belief = belief
        self._measures = measures
        self._evaluator = Evaluator(made, sample)

    def frequency(self, package: frozenset[str]) -> Floats:
        """The headline frequency per year with a package, shape (N,)."""
        return self._evaluator.evaluate(package)

    def effects(self, areas: Areas) -> tuple[AreaEffect, ...]:
        """The effect of each area alone."""
        return tuple(self._effect(area, package) for area, package in areas.items())

    def _effect(self, area: int, package: frozenset[str]) -> AreaEffect:
        needs = {measure.id: measure.needs for measure in self._measures}
        excludes = {measure.id: measure.excludes for measure in self._measures}
        ordered = np.sort(ratio(self.frequency(frozenset()), self.frequency(package)))
        told = bool(package) and not np.isinf(ordered[-1])
        return AreaEffect(
            belief=self._belief.id,
            area=area,
            measures=tuple(one.id for one in self._measures if one.id in package),
            stands=stands(package, needs, excludes),
            ratio=spread(ordered) if told else None,
            lower=share_lower(ordered) if told else None,
            verdict=verdict(ordered) if package else "unknown",
        )


def areas_of(
    belief: Belief, measures: Iterable[model.Measure], named: frozenset[str]
) -> dict[int, frozenset[str]]:
    """By area, the measures of which any effect is stated on what the ladders name."""
    found: dict[int, set[str]] = {}
    for measure in measures:
        acts = belief.changes.get(measure.id, ())
        own = found.setdefault(measure.area, set())
        if any(act.on in named for act in acts):
            own.add(measure.id)
    return {area: frozenset(found[area]) for area in sorted(found)}


def area_interactions(packages: AreaPackages, areas: Areas) -> tuple[AreaInteraction, ...]:
    """How far each pair of areas reinforce or replace each other, over all packages of areas."""
    acting = {area: package for area, package in areas.items() if package}
    if len(acting) < 2:
        return ()
    rows = [
        packages.frequency(_joined(list(acting.values()), number))
        for number in range(1 << len(acting))
    ]
    frequencies = np.stack(np.broadcast_arrays(*rows))
    if frequencies.min() <= 0:
        return ()
    names = [str(area) for area in acting]
    found = interactions(names, log_reduction(frequencies))
    return tuple(
        AreaInteraction((int(one.measures[0]), int(one.measures[1])), one.mean, one.spread)
        for one in found
        if len(one.measures) == 2
    )


def _joined(packages: Sequence[frozenset[str]], number: int) -> frozenset[str]:
    return frozenset[str]().union(
        *(package for place, package in enumerate(packages) if number >> place & 1)
    )
