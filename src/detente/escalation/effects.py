"""What a measure does to the headline frequency, and when that counts as better or worse.

A measure acts on named parameters, never on an outcome: it multiplies a rate (rate ratio),
multiplies the odds of a branch (odds ratio), or puts a number in the place of a parameter. It may
lower or raise them. With and without the measure, every number stands at the same points, so that
the ratio of the two frequencies carries no noise: a measure that changes nothing has ratio 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.elicitation.results import Spread
from detente.escalation.ladder import CompiledLadder, Values, frequencies
from detente.escalation.results import Effect, Verdict
from detente.escalation.uncertainty import Belief, Change, How, Sample, Uncertain
from detente.ground.chance import Floats

NO_DIFFERENCE = (0.99, 1.01)  # ratios between these are too near 1 to be told apart in practice
SURE = 0.90  # share of the samples that must agree on the direction

Sizes = Callable[[Uncertain], Floats]


@dataclass(frozen=True)
class World:
    """Ladders at sampled values, and the headline frequency of each, without any measure."""

    ladders: Mapping[str, CompiledLadder]
    values: Values
    before: Mapping[str, Floats]


def world(ladders: Iterable[CompiledLadder], values: Values) -> World:
    """The world without any measure; the only end of each ladder is the headline or worse."""
    by_id = {ladder.id: ladder for ladder in ladders}
    return World(by_id, values, {name: headline(one, values) for name, one in by_id.items()})


def headline(ladder: CompiledLadder, values: Values) -> Floats:
    """The frequency per year of the only end of a ladder, shape (..., N)."""
    found: Floats = frequencies(ladder, values)[0]
    return found


def total(by_ladder: Mapping[str, Floats]) -> Floats:
    """The frequency of all ladders together, added in their order."""
    return np.asarray(sum(by_ladder.values(), np.zeros(1)))


def change(value: Floats, how: How, size: Floats) -> Floats:
    """A parameter after one act; the shapes broadcast.

    ``odds-ratio``: p' = p r / (1 - p + p r), which keeps p in [0, 1], and small p accurate.
    """
    if how == "rate-ratio":
        return value * size
    if how == "odds-ratio":
        odds = value * size
        return odds / (1 - value + odds)
    return np.broadcast_to(size, np.broadcast_shapes(value.shape, size.shape))


def change_all(values: Values, changes: Iterable[Change], sizes: Sizes) -> dict[str, Floats]:
    """All parameters after the acts of one measure, taken in their order."""
    after = dict(values)
    for one in changes:
        after[one.on] = change(after[one.on], one.how, sizes(one.size))
    return after


def touched(before: World, changes: Iterable[Change]) -> tuple[str, ...]:
    """The ladders whose headline frequency the acts of a measure can change."""
    names = {one.on for one in changes}
    return tuple(name for name, one in before.ladders.items() if names & one.rests_on)


def ratio(before: Floats, after: Floats) -> Floats:
    """With : without. From nothing to nothing is 1, from nothing to something infinite."""
    if before.min() > 0:
        return after / before
    from_nothing = np.where(after > 0, np.inf, 1.0)
    return np.divide(after, before, out=from_nothing, where=before > 0)


def spread(ordered: Floats) -> Spread:
    """The 5 %, 50 % and 95 % quantiles of an ordered sample of shape (N,).

    Between order statistics at (k - 1/2) / N (Hazen), where Sobol points stand on average.
    """
    return Spread(_quantile(ordered, 0.05), _quantile(ordered, 0.5), _quantile(ordered, 0.95))


def _quantile(ordered: Floats, probability: float) -> float:
    """One quantile; NaN where it stands beside an infinite value."""
    last = len(ordered) - 1
    place = min(max(probability * len(ordered) - 0.5, 0.0), float(last))
    lower = int(place)
    start, stop = float(ordered[lower]), float(ordered[min(lower + 1, last)])
    return start + (place - lower) * (stop - start)


def share_lower(ordered: Floats) -> float:
    """The share of an ordered sample that lies below 1."""
    return float(np.searchsorted(ordered, 1.0, side="left") / len(ordered))


def verdict(ordered: Floats) -> Verdict:
    """What an ordered sample of ratios says of a measure, shape (N,).

    ``no-difference`` where the central 90 % lie within `NO_DIFFERENCE`; else ``better`` or
    ``worse`` where a share of at least `SURE` lies below or above 1; else ``unknown``.
    """
    found = spread(ordered)
    if found.low >= NO_DIFFERENCE[0] and found.high <= NO_DIFFERENCE[1]:
        return "no-difference"
    if share_lower(ordered) >= SURE:
        return "better"
    if 1 - np.searchsorted(ordered, 1.0, side="right") / len(ordered) >= SURE:
        return "worse"
    return "unknown"


def weighted_verdict(ratios: Floats, weights: Floats) -> Verdict:
    """As `verdict`, of ratios in any order whose points weigh differently; both of shape (N,)."""
    order = np.argsort(ratios, kind="stable")
    ordered, kept = ratios[order], weights[order]
    place = np.cumsum(kept) - kept / 2
    low, high = np.interp([0.05, 0.95], place, ordered)
    if low >= NO_DIFFERENCE[0] and high <= NO_DIFFERENCE[1]:
        return "no-difference"
    if kept[ordered < 1].sum() >= SURE:
        return "better"
    return "worse" if kept[ordered > 1].sum() >= SURE else "unknown"


def effects(
    belief: Belief,
    measures: Iterable[str],
    before: World,
    *,
    sample: Sample,
    named: frozenset[str],
) -> tuple[Effect, ...]:
    """The effect of each measure under one belief.

    Parameters
    ----------
    belief
        The belief.
    measures
        The ids of all measures of the case.
    before
        The ladders of the belief without any measure, at the points of ``sample``.
    sample
        The common points.
    named
        The parameters that the ladders of the case name, those of other beliefs included.

    Returns
    -------
    tuple of Effect
        A measure without acts, or with acts on nothing that a ladder names, is ``unknown``. One
        whose acts meet only ladders that this belief holds not to exist makes no difference to
        it. Where the headline cannot happen without the measure and can with it, the ratio is
        infinite: it is left out, and the verdict stands.

    """
    found = ratios(belief, measures, before, sample=sample, named=named)
    return tuple(
        _effect(belief.id, measure, np.sort(found[measure]))
        if measure in found
        else Effect(belief.id, measure, None, None, "unknown")
        for measure in measures
    )


def ratios(
    belief: Belief,
    measures: Iterable[str],
    before: World,
    *,
    sample: Sample,
    named: frozenset[str],
) -> dict[str, Floats]:
    """The ratio with : without at each point, of each measure with an act on what is named.

    Parameters
    ----------
    belief, measures, before, sample, named
        As in `effects`.

    Returns
    -------
    dict
        By measure, shape (N,); infinite where the headline cannot happen without it.

    """
    without = total(before.before)
    found = {}
    for measure in measures:
        changes = belief.changes.get(measure, ())
        if any(one.on in named for one in changes):
            values = change_all(before.values, changes, sample.values)
            after = {
                name: headline(before.ladders[name], values) for name in touched(before, changes)
            }
            found[measure] = ratio(without, total({**before.before, **after}))
    return found


def _effect(belief: str, measure: str, ordered: Floats) -> Effect:
    if np.isinf(ordered[-1]):
        return Effect(belief, measure, None, None, verdict(ordered))
    lower = share_lower(ordered)
    return Effect(belief, measure, spread(ordered), lower, verdict(ordered))
