"""Which verdicts would turn if an assumed number stood at an end of its interval.

One number at a time is fixed at its stated low and high end, all others keep their distributions,
and the base belief's verdict on every measure is taken anew. Both the verdict before and the one
after rest on the first `FLIP_POINTS` of the common points, so that a flip is never a difference
between two samples. (A verdict that stands at the very edge of its rule may therefore differ here
from the one told for all points.)

Only what can change is computed: an assumed size of an act concerns its own measure, and an
assumed parameter the ladders that rest on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.escalation.effects import (
    Sizes,
    World,
    change_all,
    headline,
    ratio,
    total,
    touched,
    verdict,
    world,
)
from detente.escalation.ladder import CompiledLadder
from detente.escalation.results import Flip, Verdict
from detente.escalation.uncertainty import Belief, Change, Sample, Uncertain
from detente.ground.basis import Basis
from detente.ground.chance import Floats

FLIP_POINTS = 2**10
ASSUMED = (Basis.ASSUMED, Basis.ILLUSTRATIVE)
ENDS: tuple[Literal["low", "high"], ...] = ("low", "high")


@dataclass(frozen=True)
class _Judged:
    """A measure that touches a ladder: what it changes there, and its verdict before."""

    measure: str
    changes: tuple[Change, ...]
    after: Mapping[str, Floats]
    verdict: Verdict


def flips(
    base: Belief, measures: Iterable[str], ladders: Iterable[CompiledLadder], sample: Sample
) -> tuple[Flip, ...]:
    """Every verdict of the base belief that an assumed number turns, by number, end and measure.

    Parameters
    ----------
    base
        The belief with the case's own numbers.
    measures
        The ids of the measures, in the order of the case.
    ladders
        The ladders of the belief, with the headline or worse as their only end.
    sample
        The common points; the first `FLIP_POINTS` of them are used.

    """
    few = sample.first(FLIP_POINTS)
    before = world(ladders, few.parameters(base))
    judged = [
        _judge(before, measure, base.changes[measure], few)
        for measure in measures
        if measure in base.changes and touched(before, base.changes[measure])
    ]
    found: list[Flip] = []
    for number in base.parameters.values():
        if _may_flip(number):
            turned = list(_by_parameter(before, number, judged, few))
            found.extend(sorted(turned, key=lambda flip: ENDS.index(flip.end)))
    for one in judged:
        for number in dict.fromkeys(change.size for change in one.changes):
            if _may_flip(number):
                found.extend(_by_size(before, number, one, few))
    return tuple(found)


def _may_flip(number: Uncertain) -> bool:
    return number.estimate.provenance.basis in ASSUMED and not number.estimate.is_point


def _at_ends(number: Uncertain) -> Floats:
    """The stated ends, shape (2, 1): both are computed at once."""
    return np.array([[number.estimate.low], [number.estimate.high]])


def _after(
    before: World, changes: Iterable[Change], sizes: Sizes, names: Iterable[str]
) -> dict[str, Floats]:
    """The headline frequency of the named ladders with a measure."""
    values = change_all(before.values, changes, sizes)
    return {name: headline(before.ladders[name], values) for name in names}


def _judge(before: World, measure: str, changes: tuple[Change, ...], sample: Sample) -> _Judged:
    after = _after(before, changes, sample.values, touched(before, changes))
    (found,) = _verdicts(before, after)
    return _Judged(measure, changes, after, found)


def _verdicts(before: World, after: Mapping[str, Floats]) -> list[Verdict]:
    """One verdict for each row of the ratios; a single row where nothing is fixed."""
    ratios = ratio(total(before.before), total({**before.before, **after}))
    return [verdict(row) for row in np.sort(np.atleast_2d(ratios), axis=-1)]


def _by_parameter(
    before: World, number: Uncertain, judged: Iterable[_Judged], sample: Sample
) -> Iterator[Flip]:
    """The flips that one assumed parameter makes."""
    resting = {name for name, one in before.ladders.items() if number.id in one.rests_on}
    if not resting:
        return
    values = {**before.values, number.id: _at_ends(number)}
    again = {name: headline(before.ladders[name], values) for name in resting}
    fixed = World(before.ladders, values, {**before.before, **again})
    for one in judged:
        anew = _after(fixed, one.changes, sample.values, resting & one.after.keys())
        yield from _turned(number, one, _verdicts(fixed, {**one.after, **anew}))


def _by_size(before: World, number: Uncertain, one: _Judged, sample: Sample) -> Iterator[Flip]:
    """The flips that the assumed size of one act makes."""

    def sizes(asked: Uncertain) -> Floats:
        return _at_ends(number) if asked == number else sample.values(asked)

    after = _after(before, one.changes, sizes, one.after)
    yield from _turned(number, one, _verdicts(before, after))


def _turned(number: Uncertain, one: _Judged, after: list[Verdict]) -> Iterator[Flip]:
    if len(after) == 1:  # what was fixed has no bearing on this measure
        return
    ends = (number.estimate.low, number.estimate.high)
    for end, at, verdict_after in zip(ENDS, ends, after, strict=True):
        if verdict_after != one.verdict:
            yield Flip(number.id, end, at, one.measure, one.verdict, verdict_after)
