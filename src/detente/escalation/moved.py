"""What a change of the model moved: verdicts, frequencies and turning points, before and after."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from detente.escalation.results import (
    Effect,
    EscalationResults,
    Flip,
    Frequency,
    Verdict,
)

CHANCE = 0.01  # a share of the points that the draw alone can move
Item = TypeVar("Item")


@dataclass(frozen=True)
class FrequencyMoved:
    """How often ``level`` or worse is reached per year under one belief, before and after.

    ``of`` tells what is compared: the median, or under a belief that refuses numbers the least and
    the most that it allows. ``factor`` is after : before, or before : after where it fell, with one
    significant digit; ``orders`` is log10 of after : before. None where one of the two is 0.
    """

    belief: str
    level: str
    of: Literal["median", "least", "most"]
    before: float
    after: float
    factor: float | None
    orders: float | None


@dataclass(frozen=True)
class VerdictMoved:
    """A measure whose verdict is another one; None where none is told, under bounds alone.

    ``lower_before`` and ``lower_after`` are the chances that it lowers the frequency; ``near``
    says that they differ by so little that the draw of the points may have made the difference.
    """

    belief: str
    measure: str
    before: Verdict | None
    after: Verdict | None
    lower_before: float | None
    lower_after: float | None
    near: bool


@dataclass(frozen=True)
class Appeared:
    """Beliefs, measures and turning points that are in one of two results only."""

    beliefs: tuple[str, ...]
    measures: tuple[str, ...]
    flips: tuple[Flip, ...]


@dataclass(frozen=True)
class Moved:
    """What is different in the results; ``headlines`` are the levels that verdicts speak of.

    ``verdicts`` counts those that can be compared, and ``changed`` holds those that differ.
    """

    headlines: tuple[str, str]
    frequencies: tuple[FrequencyMoved, ...]
    verdicts: int
    changed: tuple[VerdictMoved, ...]
    new: Appeared
    gone: Appeared


def moved(old: EscalationResults, new: EscalationResults) -> Moved:
    """What differs between the results of two versions of a model.

    Frequencies are compared for the headline level; where it is another one, for the worse of the
    two. Beliefs and measures that are in both results are compared, the others only named.
    """
    before, after = _verdicts(old), _verdicts(new)
    beliefs = [one for one in _beliefs(new) if one in _beliefs(old)]
    measures = [one for one in _measures(new) if one in _measures(old)]
    asked = [(belief, measure) for belief in beliefs for measure in measures]
    told = [key for key in asked if key in before or key in after]
    found = [_verdict(*key, before.get(key), after.get(key)) for key in told]
    return Moved(
        headlines=(old.headline, new.headline),
        frequencies=(*_frequencies(old, new, beliefs), *_bounds(old, new, beliefs)),
        verdicts=len(told),
        changed=tuple(one for one in found if one.before != one.after),
        new=_only(new, old),
        gone=_only(old, new),
    )


def one_digit(factor: float) -> float:
    """A factor above 0 with one significant digit, the nearest on the log scale.

    >>> [one_digit(x) for x in (1.3, 1.5, 0.07, 96.0)]
    [1.0, 2.0, 0.07, 100.0]
    """
    power = math.floor(math.log10(factor))
    steps = [float(f"{digit}e{power}") for digit in range(1, 10)] + [float(f"1e{power + 1}")]
    return min(steps, key=lambda step: abs(math.log(step / factor)))


def _beliefs(results: EscalationResults) -> list[str]:
    return [one.id for one in results.beliefs]


def _measures(results: EscalationResults) -> list[str]:
    return list(dict.fromkeys(one.measure for one in results.effects))


def _verdicts(results: EscalationResults) -> dict[tuple[str, str], Effect]:
    return {(one.belief, one.measure): one for one in results.effects}


def _verdict(
    belief: str, measure: str, before: Effect | None, after: Effect | None
) -> VerdictMoved:
    lower = before.lower if before else None, after.lower if after else None
    near = lower[0] is not None and lower[1] is not None and abs(lower[1] - lower[0]) < CHANCE
    return VerdictMoved(
        belief=belief,
        measure=measure,
        before=before.verdict if before else None,
        after=after.verdict if after else None,
        lower_before=lower[0],
        lower_after=lower[1],
        near=near,
    )


def _frequencies(
    old: EscalationResults, new: EscalationResults, beliefs: Iterable[str]
) -> Iterator[FrequencyMoved]:
    before, after = _together(old), _together(new)
    # The results hold the headline and the levels beyond it: the worse headline is in both.
    levels = dict.fromkeys((new.headline, old.headline))
    for belief in beliefs:
        level = next((one for one in levels if (belief, one) in before.keys() & after.keys()), None)
        if level is not None:
            ends = before[belief, level].per_year.mid, after[belief, level].per_year.mid
            yield _shift(belief, level, "median", *ends)


def _together(results: EscalationResults) -> dict[tuple[str, str], Frequency]:
    """The frequencies of all ladders together."""
    return {(one.belief, one.level): one for one in results.frequencies if not one.ladder}


def _bounds(
    old: EscalationResults, new: EscalationResults, beliefs: Iterable[str]
) -> Iterator[FrequencyMoved]:
    """The bounds of beliefs that refuse numbers, which are told of the headline alone."""
    before, after = (
        {one.belief: one for one in results.bounds if not one.measure} for results in (old, new)
    )
    for belief in beliefs:
        if old.headline == new.headline and belief in before and belief in after:
            one, other = before[belief], after[belief]
            yield _shift(belief, new.headline, "least", one.low, other.low)
            yield _shift(belief, new.headline, "most", one.high, other.high)


def _shift(
    belief: str, level: str, of: Literal["median", "least", "most"], before: float, after: float
) -> FrequencyMoved:
    both = before > 0 and after > 0
    return FrequencyMoved(
        belief=belief,
        level=level,
        of=of,
        before=before,
        after=after,
        factor=one_digit(max(after / before, before / after)) if both else None,
        orders=math.log10(after / before) if both else None,
    )


def _only(results: EscalationResults, other: EscalationResults) -> Appeared:
    """What is in the first results alone; of a turning point its exact value does not matter."""
    known = {_turn(one) for one in other.flips}
    return Appeared(
        beliefs=_missing(_beliefs(results), _beliefs(other)),
        measures=_missing(_measures(results), _measures(other)),
        flips=tuple(one for one in results.flips if _turn(one) not in known),
    )


def _missing(items: Iterable[Item], known: Iterable[Item]) -> tuple[Item, ...]:
    there = list(known)
    return tuple(one for one in items if one not in there)


def _turn(flip: Flip) -> tuple[str, str, str, Verdict, Verdict]:
    return flip.number, flip.end, flip.measure, flip.before, flip.after
