"""What a belief allows that refuses some numbers and grants bounds of them alone.

No distribution is supposed between the bounds. At each point of the other numbers the least and
the greatest value are taken over the corners of the bounds, which hold the extremes of a frequency
(`credal`). Along a number of several events on one path, and in a ratio along one that an odds
ratio acts on, an extreme can stand inside, so that points inside are tried as well. Of these least
and greatest values the 5 % and the 95 % quantiles are told: 90 % of what the other numbers leave
open. A measure counts as better or worse only where it does at both ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product
from math import prod

import numpy as np

from detente.escalation.credal import repeated_in
from detente.escalation.effects import (
    NO_DIFFERENCE,
    SURE,
    World,
    change_all,
    headline,
    ratio,
    share_lower,
    spread,
    total,
    touched,
    world,
)
from detente.escalation.ladder import CompiledLadder
from detente.escalation.results import Bounds, Effect, Verdict
from detente.escalation.uncertainty import Belief, Change, Sample, Uncertain
from detente.ground.chance import Floats, from_scale, to_scale
from detente.ground.errors import CaseError, Finding

INSIDE = 7  # points along a bound whose extremes may stand inside, its ends included
MOST_CORNERS = 1_024
FEW_POINTS = 2**11


def bounds_of(
    belief: Belief,
    measures: Iterable[str],
    structure: Sequence[CompiledLadder],
    *,
    sample: Sample,
    named: frozenset[str],
) -> tuple[tuple[Bounds, ...], tuple[Effect, ...]]:
    """The bounds of the headline frequency and of every ratio, and the verdicts they allow.

    Where the headline cannot happen without a measure and can with it, the ratio is infinite: its
    bounds are left out, and the verdict stands.

    Parameters
    ----------
    belief
        A belief that refuses some of its parameters.
    measures
        The ids of all measures of the case.
    structure
        The ladders of the belief, with the headline or worse as their only end.
    sample
        The common points; the first `FEW_POINTS` of them are used.
    named
        The parameters that the ladders of the case name.

    Raises
    ------
    CaseError
        Where so many numbers are refused that their corners are over `MOST_CORNERS`.

    """
    used = frozenset[str]().union(*(ladder.rests_on for ladder in structure))
    refused = tuple(one for one in belief.refused if one.id in used)
    few = sample.first(FEW_POINTS)
    twice = _repeated(structure)
    own = _worlds(belief, refused, structure, few, bent=twice)
    found = [Bounds(belief.id, "", *_ends(*_envelope(total(one.before) for one in own)))]
    told = []
    for measure in measures:
        changes = belief.changes.get(measure, ())
        if not any(one.on in named for one in changes):
            told.append(Effect(belief.id, measure, None, None, "unknown"))
            continue
        low, high = _ratios(belief, refused, structure, few, changes, twice=twice)
        if np.isfinite(high[-1]):
            found.append(Bounds(belief.id, measure, *_ends(low, high)))
        told.append(Effect(belief.id, measure, None, share_lower(high), _verdict(low, high)))
    return tuple(found), tuple(told)


def _ratios(
    belief: Belief,
    refused: Sequence[Uncertain],
    structure: Sequence[CompiledLadder],
    sample: Sample,
    changes: Sequence[Change],
    *,
    twice: frozenset[str],
) -> tuple[Floats, Floats]:
    """The least and the greatest ratio at each point, both ordered."""
    bent = twice.union(one.on for one in changes if one.how == "odds-ratio")
    taken = list(islice(_sizes(changes, twice), MOST_CORNERS + 1))
    found = []
    for before in _worlds(belief, refused, structure, sample, bent=bent, times=len(taken)):
        without = total(before.before)
        found += [ratio(without, _after(before, pinned, sample)) for pinned in taken]
    low, high = _envelope(found)
    return np.sort(low), np.sort(high)


def _after(before: World, changes: Sequence[Change], sample: Sample) -> Floats:
    values = change_all(before.values, changes, sample.values)
    after = {name: headline(before.ladders[name], values) for name in touched(before, changes)}
    return total({**before.before, **after})


def _worlds(
    belief: Belief,
    refused: Sequence[Uncertain],
    structure: Sequence[CompiledLadder],
    sample: Sample,
    *,
    bent: frozenset[str],
    times: int = 1,
) -> Iterator[World]:
    """The ladders at each corner of what is refused, and inside along those that are ``bent``."""
    along = [_along(one, INSIDE if one.id in bent else 2) for one in refused]
    if times * prod(len(one) for one in along) > MOST_CORNERS:
        problem = f"refuses {len(refused)} numbers: too many to try all their corners."
        finding = Finding("ladder.yaml", 0, belief.id, problem, "let some have a distribution.")
        raise CaseError((finding,))
    for corner in product(*along):
        pinned = {one.id: one for one in corner}
        parameters = {**belief.parameters, **pinned}
        held = replace(belief, parameters=parameters)
        yield world(structure, sample.parameters(held))


def _sizes(changes: Sequence[Change], twice: frozenset[str]) -> Iterator[tuple[Change, ...]]:
    """The acts with every refused size at either end, between which a ratio is monotone.

    But for those on a number of several events on one path, where it is not.
    """
    along = [
        [replace(one, size=size) for size in _along(one.size, INSIDE if one.on in twice else 2)]
        if one.size.bounds_only
        else [one]
        for one in changes
    ]
    return product(*along)


def _repeated(structure: Iterable[CompiledLadder]) -> frozenset[str]:
    return frozenset(name for ladder in structure for name in repeated_in(ladder))


def _along(number: Uncertain, count: int) -> list[Uncertain]:
    """A number at so many values from one bound to the other, on its own scale."""
    scale = number.spread.scale
    low, high = to_scale([number.estimate.low, number.estimate.high], scale).tolist()
    inside = from_scale(np.linspace(low, high, count), scale).tolist()
    return [number.at(value) for value in inside]


def _envelope(values: Iterable[Floats]) -> tuple[Floats, Floats]:
    every = list(values)
    return np.minimum.reduce(every), np.maximum.reduce(every)


def _ends(least: Floats, greatest: Floats) -> tuple[float, float]:
    return spread(np.sort(least)).low, spread(np.sort(greatest)).high


def _verdict(low: Floats, high: Floats) -> Verdict:
    """What holds wherever the refused numbers lie; both ordered (`effects.verdict`)."""
    if spread(low).low >= NO_DIFFERENCE[0] and spread(high).high <= NO_DIFFERENCE[1]:
        return "no-difference"
    if share_lower(high) >= SURE:
        return "better"
    above = 1 - float(np.searchsorted(low, 1.0, side="right")) / len(low)
    return "worse" if above >= SURE else "unknown"
