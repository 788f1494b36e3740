"""Disagreements on facts: how likely a risk is, what a measure does, how large a number is.

What they would change is the measure that a belief prefers, and which measures survive every
belief. Numbers are those of the ladders, stated by beliefs; nobody's answers enter but the
likelihoods of sides that may be shown.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from detente.assessment.agenda.order import apart
from detente.assessment.agenda.swaps import Swap, preferred_when_scaled, swaps
from detente.assessment.results import Disagreement, Turn
from detente.case.case import Case
from detente.elicitation.results import ElicitationResults
from detente.escalation.effects import ratios, verdict, world
from detente.escalation.prepare import Prepared
from detente.escalation.results import Effect, EscalationResults
from detente.escalation.uncertainty import BASE, Belief, Uncertain

LEAST_CHANCE = 0.05  # learning that changes a choice more rarely is not told
SAME = math.log(1.1)  # middles that are nearer, and turn nothing, are one number
FINE = ("better", "no-difference")


def factual(
    case: Case,
    elicitation: ElicitationResults,
    escalation: EscalationResults,
    made: Prepared | None,
) -> Iterator[Disagreement]:
    """All disagreements on facts; ``made`` is None where the case has no ladder."""
    yield from _risks(case, elicitation, made)
    if made is None:
        return
    tested = swaps(made)
    parted = list(_effects(escalation, made))
    yield from (_with_preferences(one, tested) for one in parted)
    told = {one.measure for one in parted} | {one.number for one in parted}
    left = [s for s in tested if (s.number or s.measure) not in told]
    yield from _acts(escalation, made, [s for s in left if s.measure])
    yield from _numbers(escalation, made, [s for s in left if s.number])


# --- risks ----------------------------------------------------------------------------------------


def _risks(
    case: Case, elicitation: ElicitationResults, made: Prepared | None
) -> Iterator[Disagreement]:
    """Risks on whose likelihood two sides part beyond the interval."""
    sides = {side.id for side in case.about.sides}
    means = {(one.group, one.risk): one.spread.mid for one in elicitation.perceptions}
    for one in elicitation.differences:
        if one.tells and {one.a, one.b} <= sides:
            in_a, in_b = means[one.a, one.risk], means[one.b, one.risk]
            turns = _scaled(one.risk, in_a, in_b, made) if made else ()
            yield Disagreement("factual", one.risk, "", one.a, one.b, in_a, in_b, turns=turns)


def _scaled(risk: str, in_a: float, in_b: float, made: Prepared) -> tuple[Turn, ...]:
    """Whether the case's own numbers would prefer another measure by the one likelihood.

    With rates -ln(1 - p) of a and b, the ladders of the risk run sqrt(a / b) times as often for the
    one, and sqrt(b / a) times as often for the other: the case's own numbers lie halfway, since
    people's risks and the ladders' events are not worded alike.
    """
    if made.base not in made.telling or not (0 < in_a < 1 and 0 < in_b < 1):
        return ()
    ids = {one.id for one in made.case.ladder.ladders if one.risk == risk}
    ladders = [one for one in made.at_headline[BASE] if one.id.partition("@")[0] in ids]
    factor = math.sqrt(math.log1p(-in_a) / math.log1p(-in_b))
    by_a, by_b = preferred_when_scaled(made, ladders, (factor, 1 / factor))
    return (Turn("preferred", "pivot", BASE, (by_b,), (by_a,)),) if by_a != by_b else ()


# --- what a measure does --------------------------------------------------------------------------


def _effects(escalation: EscalationResults, made: Prepared) -> Iterator[Disagreement]:
    """Measures that one belief finds better and another worse, and on what that turns."""
    by_measure = _by_measure(escalation)
    held = {one.id: one for one in made.telling}
    for measure, cells in by_measure.items():
        better = [e for e in cells if e.verdict == "better" and e.belief in held]
        worse = [e for e in cells if e.verdict == "worse" and e.belief in held]
        if not better or not worse:
            continue
        low, high = min(better, key=_middle), max(worse, key=_middle)
        one = Disagreement(
            "factual", "", measure, low.belief, high.belief, _middle(low), _middle(high)
        )
        blocking = [e.belief for e in cells if e.verdict not in FINE]
        key = None
        if all(name in held for name in blocking):
            key = _survives_by(made, measure, held[low.belief], [held[name] for name in blocking])
        if key is not None:
            one = replace(one, number=key, turns=(_joins(measure),))
        yield one


def _by_measure(escalation: EscalationResults) -> dict[str, list[Effect]]:
    found: dict[str, list[Effect]] = defaultdict(list)
    for effect in escalation.effects:
        found[effect.measure].append(effect)
    return found


def _middle(effect: Effect) -> float:
    return effect.ratio.mid if effect.ratio else 1.0


def _joins(measure: str) -> Turn:
    return Turn("survivors", "pivot", "", (measure,), ())


def _survives_by(
    made: Prepared, measure: str, held: Belief, blocking: Sequence[Belief]
) -> str | None:
    """What those who find a measure worse would have to hold as ``held`` for it to survive.

    Empty for what the measure does, else a number; the widest apart where there are several, None
    where no one thing suffices.
    """
    asked = [name for name in held.parameters if any(_apart(held, one, name) for one in blocking)]
    asked.sort(key=lambda name: -max(_apart(held, one, name) for one in blocking))
    for name in ("", *(name for name in asked if name in made.named)):
        changed = [_holding(one, held, name, measure) for one in blocking]
        if all(_fine(made, one, measure) for one in changed):
            return name
    return None


def _holding(belief: Belief, other: Belief, number: str, measure: str) -> Belief:
    """The belief with what another holds: a number, or where that is empty what a measure does."""
    if number:
        return replace(belief, parameters={**belief.parameters, number: other.parameters[number]})
    acts = {measure: other.changes.get(measure, ())}
    return replace(belief, changes={**belief.changes, **acts})


def _fine(made: Prepared, belief: Belief, measure: str) -> bool:
    before = world(made.at_headline[belief.id], made.sample.parameters(belief))
    found = ratios(belief, [measure], before, sample=made.sample, named=made.named)
    return measure in found and verdict(np.sort(found[measure])) in FINE


def _acts(
    escalation: EscalationResults, made: Prepared, tested: Sequence[Swap]
) -> Iterator[Disagreement]:
    """Measures of whose effect two beliefs hold another size, without parting on its sign."""
    ratio = {(e.belief, e.measure): e.ratio.mid for e in escalation.effects if e.ratio}
    for measure in made.measures:
        own = [one for one in tested if one.measure == measure]
        pairs = [
            Disagreement(
                "factual", "", measure, a, b, ratio[a, measure], ratio[b, measure],
                turns=_preferences(a, b, own),
            )
            for a, b in _pairs(made.case, own)
            if {(a, measure), (b, measure)} <= ratio.keys()
        ]  # fmt: skip
        yield from _widest(made.case, pairs)


def _with_preferences(one: Disagreement, tested: Iterable[Swap]) -> Disagreement:
    """What the two would prefer as well, by the same number or by what the measure does."""
    on = one.number or one.measure
    same = [s for s in tested if (s.number or s.measure) == on]
    return replace(one, turns=(*one.turns, *_preferences(one.a, one.b, same)))


# --- numbers --------------------------------------------------------------------------------------


def _numbers(
    escalation: EscalationResults, made: Prepared, tested: Sequence[Swap]
) -> Iterator[Disagreement]:
    """Each number of the ladders once: where two part on it, or where one does not know it."""
    swapped: dict[str, list[Swap]] = defaultdict(list)
    for one in tested:
        swapped[one.number].append(one)
    learnt = _learning(escalation)
    held = {one.id: one for one in made.telling}
    for number in dict.fromkeys((*swapped, *learnt)):
        turns = tuple(learnt.get(number, {}).values())
        pairs = [
            Disagreement(
                "factual", "", "", a, b, _middle_of(held[a], number), _middle_of(held[b], number),
                number=number, turns=_preferences(a, b, swapped[number]),
            )
            for a, b in _pairs(made.case, swapped[number])
        ]  # fmt: skip
        parted = list(_widest(made.case, pairs))
        yield from (replace(one, turns=(*one.turns, *turns)) for one in parted)
        if not parted and turns:
            most = max(turns, key=lambda turn: turn.chance)
            ends = _uncertain(held[most.holder], number).estimate
            yield Disagreement(
                "factual", "", "", most.holder, "", ends.low, ends.high, number=number, turns=turns
            )


def _learning(escalation: EscalationResults) -> dict[str, dict[str, Turn]]:
    """What learning a number would change, by number and by belief."""
    found: dict[str, dict[str, Turn]] = defaultdict(dict)
    for one in escalation.learning:
        if one.changes >= LEAST_CHANCE:
            found[one.number][one.belief] = Turn(
                "preferred", "learning", one.belief, (one.instead,), (one.preferred,),
                one.changes, one.worth,
            )  # fmt: skip
    return found


def _uncertain(belief: Belief, number: str) -> Uncertain:
    """A parameter, or the size of an act."""
    if number in belief.parameters:
        return belief.parameters[number]
    sizes = (act.size for acts in belief.changes.values() for act in acts)
    return next(size for size in sizes if size.id == number)


def _middle_of(belief: Belief, number: str) -> float:
    return belief.parameters[number].spread.mid


def _apart(one: Belief, other: Belief, number: str) -> float:
    """How far two beliefs part on a parameter: the logarithm of the ratio of the middles."""
    here, there = (b.parameters[number].spread for b in (one, other))
    if here == there:
        return 0.0
    if min(here.mid, there.mid) <= 0:
        return math.inf
    return abs(math.log(here.mid / there.mid)) or 1e-9


# --- pairs ----------------------------------------------------------------------------------------


def _pairs(case: Case, tested: Sequence[Swap]) -> list[tuple[str, str]]:
    """The pairs of beliefs that part, but those held on one side."""
    parted = {frozenset((one.belief, one.by)) for one in tested}
    beliefs = (BASE, *(one.id for one in case.ladder.beliefs))
    sides = _sides(case)
    return [
        (a, b)
        for a, b in combinations(beliefs, 2)
        if frozenset((a, b)) in parted and not (sides[a] and sides[a] == sides[b])
    ]


def _sides(case: Case) -> dict[str, str]:
    """The side of the party that holds each belief; empty where nobody holds it."""
    found = {one.id: case.side_of.get(one.held_by or "", "") for one in case.ladder.beliefs}
    return {BASE: "", **found}


def _preferences(a: str, b: str, tested: Iterable[Swap]) -> tuple[Turn, ...]:
    """What each of two would prefer with what the other holds, where that is another measure."""
    return tuple(
        Turn("preferred", "pivot", one.belief, (one.after,), (one.before,))
        for one in tested
        if {one.belief, one.by} == {a, b} and one.before != one.after
    )


def _widest(case: Case, pairs: Iterable[Disagreement]) -> Iterator[Disagreement]:
    """A pair that turns something, of rival holders, of most turns, the widest apart; if any."""
    sides = _sides(case)
    parted = [one for one in pairs if one.turns or apart(one) > SAME]
    if parted:
        yield max(
            parted,
            key=lambda one: (
                bool(one.turns),
                bool(sides[one.a] and sides[one.b]),
                len(one.turns),
                apart(one),
            ),
        )
