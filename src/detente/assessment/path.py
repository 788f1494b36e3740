"""Reciprocal steps: each side gives what the other values and what costs itself little.

After Osgood 1962 (GRIT): graduated, announced, verifiable, reciprocal, and no step that leaves a
side worse off. Unilateral and well verifiable measures come first.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.assessment.ledger import worth_giving
from detente.assessment.results import Gift, Ground, LedgerEntry, MeasureState, PathStep
from detente.case.case import Case
from detente.case.model import Measure

MOST_STEPS = 3
_PROOF = ("inspected", "observed", "declared", "none")
_WILLING = ("shared-ground", "acceptable")


def path(
    case: Case,
    entries: tuple[LedgerEntry, ...],
    ground: tuple[Ground, ...],
    states: tuple[MeasureState, ...],
) -> tuple[PathStep, ...]:
    """Up to three steps, from the ledger where a panel was asked, else from public positions."""
    open_now = {state.measure for state in states if state.possible}
    given = frozenset(state.measure for state in states if state.state == "in-force")
    if entries:
        return _from_ledger(case, entries, ground, open_now, given)
    return _from_positions(case, ground, open_now, given)


def _from_ledger(
    case: Case,
    entries: Sequence[LedgerEntry],
    ground: Sequence[Ground],
    open_now: set[str],
    given: frozenset[str],
) -> tuple[PathStep, ...]:
    refused = {one.measure for one in ground if one.kind in ("red-line", "contested")}
    allowed = open_now - refused
    gifts = {side.id: _gifts(case, side.id, entries, allowed, given) for side in case.about.sides}
    count = min((len(found) for found in gifts.values()), default=0)
    return tuple(
        PathStep(
            number=index + 1,
            gifts=tuple(found[index][0] for found in gifts.values()),
            by="ledger",
            balance=balance([found[index][1] for found in gifts.values()]),
        )
        for index in range(min(count, MOST_STEPS))
    )


def _gifts(
    case: Case, side: str, entries: Sequence[LedgerEntry], allowed: set[str], given: frozenset[str]
) -> list[tuple[Gift, float]]:
    """What ``side`` could give, in order, with how much the receiver says it would value it."""
    measures = {measure.id: measure for measure in case.measures}
    valued = {
        entry.measure: entry.said.mid
        for entry in entries
        if entry.giver == side
        and entry.measure in allowed
        and entry.said is not None
        and worth_giving(entry)
        and part_of(measures[entry.measure], side) is not None
    }
    order = sorted(valued, key=lambda name: (*_ease(measures[name]), -valued[name], name))
    taken = in_turn([measures[name] for name in order], given)
    gifts = ((part_of(measure, side), valued[measure.id]) for measure in taken)
    return [(gift, value) for gift, value in gifts if gift is not None]


def in_turn(wanted: Sequence[Measure], given: frozenset[str]) -> list[Measure]:
    """The measures of ``wanted`` in an order in which each can be taken.

    A measure waits until its prerequisites are ``given`` or taken, and drops out where an earlier
    one excludes it, or would prevent the same event in the same way (``saturates_with``).
    """
    taken: list[Measure] = []
    waiting = list(wanted)
    while waiting:
        done = given | {measure.id for measure in taken}
        ready = next((measure for measure in waiting if set(measure.needs) <= done), None)
        if ready is None:
            break
        waiting.remove(ready)
        if not any(_clash(ready, earlier) for earlier in taken):
            taken.append(ready)
    return taken


def _clash(a: Measure, b: Measure) -> bool:
    return a.id in (*b.excludes, *b.saturates_with) or b.id in (*a.excludes, *a.saturates_with)


def _ease(measure: Measure) -> tuple[bool, int]:
    return not measure.unilateral, _PROOF.index(measure.verifiability)


def part_of(measure: Measure, side: str) -> Gift | None:
    """The part of ``side`` in the reciprocal step of a measure; None where none is described."""
    if measure.step is None:
        return None
    for part in measure.step.parts:
        if part.by == side:
            step = measure.step
            return Gift(side, measure.id, part.does, step.verified, step.months, step.if_stopped)
    return None


def balance(received: list[float]) -> float | None:
    """1 where all receive the same, 0 where one receives everything: 1 - (max-min)/(max+min)."""
    most, least = max(received), min(received)
    return 1 - (most - least) / (most + least) if most + least > 0 else None


def _from_positions(
    case: Case, ground: Sequence[Ground], open_now: set[str], given: frozenset[str]
) -> tuple[PathStep, ...]:
    kinds = {one.measure: one.kind for one in ground}
    sides = [side.id for side in case.about.sides]
    willing = [
        measure
        for measure in case.measures
        if measure.id in open_now
        and kinds.get(measure.id) in _WILLING
        and all(part_of(measure, side) is not None for side in sides)
    ]
    willing.sort(key=lambda measure: (_WILLING.index(kinds[measure.id]), *_ease(measure)))
    steps = []
    taken = in_turn(willing, given) if len(sides) > 1 else []
    for number, measure in enumerate(taken[:MOST_STEPS], start=1):
        gifts = tuple(gift for side in sides if (gift := part_of(measure, side)) is not None)
        steps.append(PathStep(number, gifts, "positions", None))
    return tuple(steps)
