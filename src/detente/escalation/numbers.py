"""The numbers that the ladders rest on, and those that stand beside them, with their origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case.case import Case
from detente.escalation.results import NumberUsed, PublishedEstimate
from detente.escalation.uncertainty import Belief, Change, Uncertain


def numbers_used(
    case: Case, held: Sequence[Belief], named: frozenset[str]
) -> tuple[NumberUsed, ...]:
    """The numbers of the base, and of each rival belief those that it states itself.

    Parameters
    ----------
    case
        The case.
    held
        The base, and then the rival beliefs.
    named
        The parameters that a ladder names; numbers for others are left out.

    Returns
    -------
    tuple of NumberUsed
        A parameter of the base bears its own id, the n-th act of a measure ``<measure>#<n>``;
        before a number of a rival belief stands ``<belief>:``.

    """
    base, *rivals = held
    used = list(_numbers(case, base, named))
    known = dict(used)
    found = [_used(number, number.id, what) for number, what in used]
    for belief in rivals:
        found += [
            _used(number, f"{belief.id}:{number.id}", what)
            for number, what in _numbers(case, belief, named)
            if number not in known
        ]
    return tuple(found)


def _numbers(case: Case, belief: Belief, named: frozenset[str]) -> Iterator[tuple[Uncertain, str]]:
    """Each number of a belief that a ladder rests on, with what it is in words of the case."""
    for number in belief.parameters.values():
        if number.id in named:
            yield number, _title(case, number.id)
    for measure, changes in belief.changes.items():
        for change in changes:
            if change.on in named:
                yield change.size, _act(case, measure, change)


def _title(case: Case, parameter: str) -> str:
    texts = case.parameter_by_id[parameter].title
    return case.words(texts) if texts else parameter


def _act(case: Case, measure: str, change: Change) -> str:
    return f"{measure}, {change.how}: {_title(case, change.on)}"


def _used(number: Uncertain, name: str, what: str) -> NumberUsed:
    stated = number.estimate
    return NumberUsed(name, what, stated.low, stated.mid, stated.high, stated.provenance)


def published_estimates(case: Case) -> tuple[PublishedEstimate, ...]:
    """What others published about whole outcomes; a missing middle is that of the log-odds."""
    found = []
    for one in case.ladder.published:
        stated = case.estimate(one, "logit", case.ladder.defaults)
        found.append(
            PublishedEstimate(
                id=one.id,
                about=one.about,
                unit=one.unit,
                low=stated.low,
                mid=stated.mid,
                high=stated.high,
                period=one.period,
                provenance=stated.provenance,
            )
        )
    return tuple(found)
