"""The headline frequency with every package of up to twelve measures, at common points.

A package acts on parameters (`joint`), and a ladder feels only the measures that act on what it
rests on. Every array here therefore has one axis for each measure, of length 2 where the measure
matters to it and 1 where it does not, and a last axis of points: the flows through a ladder are
computed once for each set of measures that they have met so far, and the ladders are added the
same way, in their order. The axis of the last measure comes first, so that the place of a package
in the flattened array is its number (`allowed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from detente.elicitation.results import Spread
from detente.escalation.effects import headline, ratio, spread, total, verdict
from detente.escalation.ladder import CompiledLadder
from detente.escalation.packages.allowed import members
from detente.escalation.packages.joint import Acts, Links, after, joint_acts
from detente.escalation.results import Verdict
from detente.escalation.uncertainty import Belief, Sample
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

MOST_MEASURES = 12
FIRST_POINTS = 2**14  # quantiles and verdicts rest on so many of the points
ENDS = (0.05, 0.5, 0.95)  # the quantiles of a spread
_MUCH = 2**14  # blocks times packages from which on it pays to import numba
_TILE = 2**18  # packages times points that are compared at once: they fit in the cache


@dataclass(frozen=True)
class Plan:
    """The measures and ladders of one belief, and which acts meet which parameter."""

    belief: Belief
    measures: tuple[str, ...]
    ladders: Mapping[str, CompiledLadder]
    acts: Mapping[str, tuple[Acts, ...]]

    @cached_property
    def touching(self) -> Mapping[str, tuple[str, ...]]:
        """By ladder, the measures that can change its headline frequency, in their order."""
        return {name: self._acting(one.rests_on) for name, one in self.ladders.items()}

    def _acting(self, parameters: Iterable[str]) -> tuple[str, ...]:
        acting = {m for name in parameters for acts in self.acts.get(name, ()) for m in acts}
        return tuple(measure for measure in self.measures if measure in acting)

    def acting(self, parameter: str) -> tuple[str, ...]:
        """The measures that act on a parameter, in their order."""
        return self._acting((parameter,))

    def shape(self, acting: Iterable[str]) -> tuple[int, ...]:
        """The axes of an array that only some measures matter to."""
        held = set(acting)
        return tuple(2 if measure in held else 1 for measure in reversed(self.measures))


def plan(
    belief: Belief,
    measures: Sequence[str],
    ladders: Iterable[CompiledLadder],
    *,
    saturates: Links,
) -> Plan:
    """The plan by which packages of measures are evaluated under one belief.

    Parameters
    ----------
    belief
        The belief.
    measures
        The ids of the measures, in the order of the case.
    ladders
        The ladders that the belief holds to exist, with the headline or worse as their only end.
    saturates
        By measure, those that do the same work.

    Raises
    ------
    UsageError
        Where a measure is named twice.

    """
    if len(set(measures)) < len(measures):
        raise UsageError("A measure is named twice among those of the packages.")
    by_id = {ladder.id: ladder for ladder in ladders}
    return Plan(belief, tuple(measures), by_id, joint_acts(belief, measures, saturates))


class Evaluator:
    """The headline frequency with any package, at the points of one sample.

    For more measures than have all packages listed. What a ladder does under the measures that
    touch it is computed once and kept.
    """

    def __init__(self, made: Plan, sample: Sample) -> None:
        self._plan = made
        self._sample = sample
        self._values = sample.parameters(made.belief)
        self._kept: dict[tuple[str, frozenset[str]], Floats] = {}
        self._changed: dict[tuple[str, frozenset[str]], Floats] = {}

    def evaluate(self, package: frozenset[str]) -> Floats:
        """The headline frequency per year with a package, shape (N,).

        Raises
        ------
        UsageError
            Where the package holds a measure that the plan does not.

        """
        if missing := sorted(package.difference(self._plan.measures)):
            raise UsageError(f"The plan of packages has no measure {missing[0]}.")
        return total({name: self._ladder(name, package) for name in self._plan.ladders})

    def ratio(self, package: frozenset[str]) -> Floats:
        """The headline frequency with a package : without any, shape (N,)."""
        return ratio(self._without, self.evaluate(package))

    @cached_property
    def _without(self) -> Floats:
        return self.evaluate(frozenset())

    def _ladder(self, name: str, package: frozenset[str]) -> Floats:
        key = (name, package.intersection(self._plan.touching[name]))
        if key not in self._kept:
            ladder = self._plan.ladders[name]
            values = {one: self._parameter(one, package) for one in ladder.rests_on}
            self._kept[key] = headline(ladder, values)
        return self._kept[key]

    def _parameter(self, name: str, package: frozenset[str]) -> Floats:
        if name not in self._plan.acts:
            return self._values[name]
        key = (name, package.intersection(self._plan.acting(name)))
        if key not in self._changed:
            sets, sizes = self._plan.acts[name], self._sample.values
            self._changed[key] = after(self._values[name], sets, key[1], sizes)
        return self._changed[key]


def by_ladder(made: Plan, sample: Sample) -> dict[str, Floats]:
    """The headline frequency of each ladder, one axis for each measure and a last of N points."""
    values = sample.parameters(made.belief)
    rests_on = frozenset[str]().union(*(one.rests_on for one in made.ladders.values()))
    for name, sets in made.acts.items():
        if name in rests_on:
            acting = made.acting(name)
            found = [
                after(values[name], sets, members(acting, package), sample.values)
                for package in range(1 << len(acting))
            ]
            values[name] = np.stack(found).reshape(*made.shape(acting), -1)
    by_id = {name: headline(ladder, values) for name, ladder in made.ladders.items()}
    untouched = made.shape(())
    return {n: one if one.ndim > 1 else one.reshape(*untouched, -1) for n, one in by_id.items()}


def tensor(made: Plan, sample: Sample) -> Floats:
    """The headline frequency per year with every package, shape (2^k, N).

    Raises
    ------
    UsageError
        Where there are over `MOST_MEASURES` measures.

    """
    _check(made)
    found = total(by_ladder(made, sample))
    shape = (*(2,) * len(made.measures), found.shape[-1])
    return np.broadcast_to(found, shape).reshape(-1, shape[-1])


def _check(made: Plan) -> None:
    if len(made.measures) > MOST_MEASURES:
        raise UsageError(
            f"{len(made.measures)} measures: at most {MOST_MEASURES} have all packages evaluated."
        )


@dataclass(frozen=True)
class Payoff:
    """What every package does to the headline frequency under one belief.

    Arrays stand by the numbers of the packages, shape (2^k,). ``mean`` is that of the ratio with :
    without, and ``lower`` the share of the points at which it is below 1, both over all points;
    ``spreads`` and ``verdicts`` rest on the first `FIRST_POINTS`. A spread is None where the
    headline cannot happen without the package and can with it.
    """

    belief: str
    measures: tuple[str, ...]
    points: int
    mean: Floats
    lower: Floats
    spreads: tuple[Spread | None, ...]
    verdicts: tuple[Verdict, ...]


def payoff(
    made: Plan, blocks: Sequence[Sample], *, named: frozenset[str], workers: int = 1
) -> Payoff:
    """The ratio of the headline frequency with each of all 2^k packages : without any.

    Parameters
    ----------
    made
        The plan, of at most `MOST_MEASURES` measures.
    blocks
        The points in blocks, whose number must not depend on the machine; the results of blocks
        are added in their order. The first holds at least `FIRST_POINTS` points, or all.
    named
        The parameters that the ladders of the case name, those of other beliefs included: a
        package without an act on any of them is ``unknown``.
    workers
        How many blocks are computed at a time; it changes no bit of the result.

    Raises
    ------
    UsageError
        Where there are too many measures, or no blocks.

    Notes
    -----
    The mean ratio is linear in the ladders: E[sum of f_l / f] = sum of E[f_l / f], so that it is
    taken over the packages of the measures that touch each ladder. Signs are not linear: for the
    share below 1 every package is compared at every point.

    """
    _check(made)
    if not len(blocks):
        raise UsageError("Packages are evaluated at no points.")
    much = len(blocks) << len(made.measures) >= _MUCH and bool(made.ladders)
    one_block = partial(_block, made, blocks, compiled=much)
    first = partial(_first, Evaluator(made, blocks[0].first(FIRST_POINTS)), _stated(made, named))
    packages = [members(made.measures, one) for one in range(1 << len(made.measures))]
    with ThreadPoolExecutor(workers) as pool:
        counted = list(pool.map(one_block, range(len(blocks))))
        ordered = list(pool.map(first, packages))
    points = sum(one[0] for one in counted)
    means = np.asarray(sum(one[1] for one in counted)) / points
    lower = np.asarray(sum(one[2] for one in counted)) / points
    return Payoff(
        belief=made.belief.id,
        measures=made.measures,
        points=points,
        mean=means,
        lower=lower,
        spreads=tuple(found for found, _ in ordered),
        verdicts=tuple(found for _, found in ordered),
    )


def _block(
    made: Plan, blocks: Sequence[Sample], place: int, *, compiled: bool
) -> tuple[int, Floats, Floats]:
    """The number of points in a block, the sum of ratios and the number below 1 by package."""
    ladders = by_ladder(made, blocks[place])
    nothing = (0,) * len(made.measures)
    before = total({name: one[nothing] for name, one in ladders.items()})
    weights = np.divide(1.0, before, out=np.zeros_like(before), where=before > 0)
    shape = (2,) * len(made.measures)
    sums = np.broadcast_to(
        total({n: _weighted(one, weights) for n, one in ladders.items()}), shape
    ).ravel()
    count = _compiled_counts if compiled else lower_counts
    lower = count(ladders, before, shape)
    if not weights.all():
        sums = sums + _from_nothing(ladders, before == 0, shape)
    return len(before), sums, lower


def _weighted(values: Floats, weights: Floats) -> Floats:
    """Weighted sums along the last axis; not by BLAS, whose threads would change the bits."""
    return np.asarray(np.einsum("...n,n->...", values, weights))


def lower_counts(ladders: Mapping[str, Floats], before: Floats, shape: tuple[int, ...]) -> Floats:
    """At how many points each package lowers the headline frequency, shape (2^k,)."""
    lower = np.zeros(shape)
    step = max(8, _TILE >> len(shape))
    for start in range(0, len(before), step):
        part = slice(start, start + step)
        lower += count_below(total({n: one[..., part] for n, one in ladders.items()}), before[part])
    return lower.ravel()


def _compiled_counts(
    ladders: Mapping[str, Floats], before: Floats, shape: tuple[int, ...]
) -> Floats:
    """The same numbers; numba is imported only where there is work for it."""
    from detente.escalation.packages import kernels

    rows = [one.reshape(-1, len(before)) for one in ladders.values()]
    first = np.cumsum([0, *map(len, rows[:-1])])
    places = [
        np.broadcast_to(np.arange(len(own)).reshape(one.shape[:-1]) + start, shape).ravel()
        for own, one, start in zip(rows, ladders.values(), first, strict=True)
    ]
    order = np.lexsort(places[::-1])
    found = np.empty(len(order))
    by_place = np.stack(places, axis=1)[order]
    found[order] = kernels.lower_counts(np.concatenate(rows), by_place, before)
    return found


def _from_nothing(ladders: Mapping[str, Floats], where: Floats, shape: tuple[int, ...]) -> Floats:
    """The sum of ratios at points at which the headline cannot happen without any measure."""
    found = total({name: one[..., where] for name, one in ladders.items()})
    ratios = np.where(found > 0, np.inf, 1.0).sum(axis=-1)
    return np.broadcast_to(ratios, shape).ravel()


def count_below(values: Floats, limits: Floats) -> Floats:
    """How many values along the last axis lie below their limits, shape (..., N) to (...).

    Eight truths are added at a time, as the bytes of one number, in runs too short to overflow.
    """
    below = np.less(values, limits)
    whole = below.shape[-1] // 8 * 8
    if not whole:
        return np.asarray(below.sum(axis=-1, dtype=np.float64))
    words = np.ascontiguousarray(below[..., :whole]).view(np.uint64)
    starts = np.arange(0, whole // 8, 255)
    sums = np.ascontiguousarray(np.add.reduceat(words, starts, axis=-1)).view(np.uint8)
    counts = sums.sum(axis=-1, dtype=np.float64)
    return np.asarray(counts + below[..., whole:].sum(axis=-1, dtype=np.float64))


def _stated(made: Plan, named: frozenset[str]) -> frozenset[str]:
    """The measures of which any effect is stated on what the ladders of the case name."""
    return frozenset(m for name in named for acts in made.acts.get(name, ()) for m in acts)


def _first(
    few: Evaluator, stated: frozenset[str], package: frozenset[str]
) -> tuple[Spread | None, Verdict]:
    """The spread and the verdict of one package at the first points."""
    if not package & stated:
        return None, "unknown"
    ordered = _ordered(few.ratio(package))
    return (None if np.isinf(ordered[-1]) else spread(ordered)), verdict(ordered)


def _ordered(ratios: Floats) -> Floats:
    """Ratios put in order as far as `spread` and `verdict` look, in a third of a sort's time.

    Those around the quantiles and the last stand in their places, and the others on the side of 1,
    and of these, that they belong to.
    """
    last, lower = len(ratios) - 1, int(np.count_nonzero(ratios < 1))
    places = [min(max(int(q * len(ratios) - 0.5) + side, 0), last) for q in ENDS for side in (0, 1)]
    upper = lower + int(np.count_nonzero(ratios == 1))
    ratios.partition([*places, min(lower, last), min(upper, last), last])
    return ratios
