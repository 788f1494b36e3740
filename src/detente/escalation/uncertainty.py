"""What each belief holds the numbers to be, and values of them at common points.

A belief takes the case's own numbers and puts its own in their place. All beliefs share the same
points: one dimension per parameter and one per act of a measure, so that two beliefs, or the world
with and without a measure, differ by their numbers alone and never by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from scipy.special import ndtri

from detente.case import model
from detente.case.case import RATE_SCALE, Case
from detente.escalation.correlated.copula import Copula, copula
from detente.ground.basis import Estimate
from detente.ground.chance import Floats, Scale, TwoPiece, fit, sobol, stream
from detente.ground.errors import CaseError, Finding

BASE = "base"
APART = copula((), {})
How = Literal["rate-ratio", "odds-ratio", "replacement"]


@dataclass(frozen=True)
class Uncertain:
    """A number of the ladders; beliefs that differ on it share its ``id``, and so its points.

    Of one that is ``bounds_only`` nothing but the ends of its estimate may be used.
    """

    id: str
    estimate: Estimate
    spread: TwoPiece
    bounds_only: bool = False

    def at(self, value: float) -> Uncertain:
        """The same number, known to have one value."""
        stated = self.estimate
        point = Estimate(value, value, value, stated.coverage, stated.provenance)
        return Uncertain(self.id, point, fit(point, self.spread.scale))


@dataclass(frozen=True)
class Change:
    """An act of a measure: how it changes one parameter, and by how much."""

    on: str
    how: How
    size: Uncertain


@dataclass(frozen=True)
class Belief:
    """Every number under one belief.

    ``changes`` holds the acts of each measure for which any are stated; ``ladders`` the ids of
    those that the belief holds to exist, in the order of the case.
    """

    id: str
    parameters: Mapping[str, Uncertain]
    changes: Mapping[str, tuple[Change, ...]]
    ladders: tuple[str, ...]

    @property
    def refused(self) -> tuple[Uncertain, ...]:
        """The parameters of which it grants bounds alone."""
        return tuple(one for one in self.parameters.values() if one.bounds_only)


def beliefs(case: Case) -> tuple[Belief, ...]:
    """The numbers of the case itself, as belief ``base``, and then those of each rival belief.

    Raises
    ------
    CaseError
        Where a belief of the case has the id ``base``.

    """
    ladder = case.ladder
    if any(belief.id == BASE for belief in ladder.beliefs):
        finding = Finding("ladder.yaml", 0, "beliefs", f"names a belief `{BASE}`.", "rename it.")
        raise CaseError((finding,))
    acts = {measure.id: measure.acts for measure in case.measures if measure.acts}
    base = Belief(
        id=BASE,
        parameters={one.id: _parameter(case, one) for one in ladder.parameters},
        changes={
            measure: _changes(case, measure, stated, case.measures_file.defaults)
            for measure, stated in acts.items()
        },
        ladders=tuple(one.id for one in ladder.ladders),
    )
    return (base, *(_rival(case, base, belief) for belief in ladder.beliefs))


def _rival(case: Case, base: Belief, belief: model.Belief) -> Belief:
    """A rival belief: its own numbers and acts replace those of the base."""
    own = {
        measure: tuple(act for act in belief.acts if act.measure == measure)
        for measure in dict.fromkeys(act.measure for act in belief.acts)
    }
    defaults = case.ladder.defaults
    return Belief(
        id=belief.id,
        parameters={**base.parameters, **{n.id: _parameter(case, n) for n in belief.numbers}},
        changes={
            **base.changes,
            **{name: _changes(case, name, acts, defaults) for name, acts in own.items()},
        },
        ladders=tuple(one.id for one in case.ladder.under(belief).ladders),
    )


def _parameter(case: Case, number: model.Parameter) -> Uncertain:
    scale = RATE_SCALE[number.kind]
    return _uncertain(number.id, number, case.estimate(number, scale, case.ladder.defaults), scale)


def _changes(
    case: Case, measure: str, acts: Iterable[model.Act], defaults: model.Origin
) -> tuple[Change, ...]:
    """The acts of one measure; the n-th of them, under any belief, has the same points."""
    changes = []
    for place, act in enumerate(acts, start=1):
        replaces = act.how == "replacement"
        scale = RATE_SCALE[case.parameter_by_id[act.on].kind] if replaces else "log"
        estimate = case.estimate(act.value, scale, defaults)
        size = _uncertain(f"{measure}#{place}", act.value, estimate, scale)
        changes.append(Change(act.on, act.how, size))
    return tuple(changes)


def _uncertain(name: str, number: model.Uncertain, estimate: Estimate, scale: str) -> Uncertain:
    spread = fit(estimate, cast("Scale", scale))
    return Uncertain(name, estimate, spread, number.bounds_only)


def dimensions(held: Iterable[Belief]) -> tuple[str, ...]:
    """The ids of all numbers of all beliefs, each once: the dimensions of the points."""
    return tuple(
        dict.fromkeys(
            number
            for belief in held
            for number in (
                *belief.parameters,
                *(change.size.id for acts in belief.changes.values() for change in acts),
            )
        )
    )


class Sample:
    """Values of uncertain numbers at common points; each is drawn once and kept."""

    def __init__(self, normal: Mapping[str, Floats]) -> None:
        self._normal = normal
        self._drawn: dict[tuple[str, TwoPiece], Floats] = {}

    def values(self, number: Uncertain) -> Floats:
        """The values of one number at all points, shape (N,)."""
        key = (number.id, number.spread)
        if key not in self._drawn:
            self._drawn[key] = number.spread.at_normal(self._normal[number.id])
        return self._drawn[key]

    def parameters(self, belief: Belief) -> dict[str, Floats]:
        """The values of all parameters under one belief, each of shape (N,)."""
        return {name: self.values(number) for name, number in belief.parameters.items()}

    def first(self, points: int) -> Sample:
        """The sample of the first points alone: for a power of two a Sobol net of its own."""
        return Sample({name: normal[:points] for name, normal in self._normal.items()})


def draw(names: tuple[str, ...], points: int, *, seed: int, together: Copula = APART) -> Sample:
    """Common points for the named numbers: scrambled Sobol points through the normal quantile.

    Parameters
    ----------
    names
        The ids of the numbers, one Sobol dimension each.
    points
        A power of two.
    seed
        The case's seed.
    together
        The correlations of the normal scores of some numbers.

    """
    unit = sobol(points, len(names), seed=stream(seed, "escalation"))
    normal = {name: ndtri(column) for name, column in zip(names, unit.T, strict=True)}
    return Sample(together.correlated(normal))


def correlations(file: model.LadderFile, names: tuple[str, ...]) -> Copula:
    """The correlations that a file states, among the named numbers."""
    pairs = {(one.between[0], one.between[1]): one.r for one in file.correlations}
    return copula(names, pairs) if pairs else APART
