"""The measures that survive every belief tried."""

from __future__ import annotations

from collections import defaultdict

from detente.assessment.results import Choice, Ground, MeasureState, Stake
from detente.escalation.results import Effect, EscalationResults

GROUND_ORDER = ("shared-ground", "acceptable", "tradeable", "not-known", "contested", "red-line")


def choices(
    escalation: EscalationResults,
    ground: tuple[Ground, ...],
    all_stakes: tuple[Stake, ...],
    states: tuple[MeasureState, ...],
) -> tuple[Choice, ...]:
    """All surviving measures, the most defensible first.

    A measure survives where no belief finds it worse or cannot tell, and at least one finds it
    better. Still possible comes before lapsed, common ground before dispute, and the strongest
    worst case (the largest median ratio over the beliefs) first.
    """
    effects: dict[str, list[Effect]] = defaultdict(list)
    for effect in escalation.effects:
        effects[effect.measure].append(effect)
    kinds = {one.measure: one.kind for one in ground}
    possible = {state.measure: state.possible for state in states}
    found = [
        Choice(
            measure=measure,
            verdicts=tuple((effect.belief, effect.verdict) for effect in cells),
            worst_ratio=max(effect.ratio.mid for effect in cells if effect.ratio),
            ground=kinds.get(measure, "not-known"),
            red_lines=tuple(
                stake.party for stake in all_stakes if stake.measure == measure and stake.red_line
            ),
        )
        for measure, cells in effects.items()
        if survives(cells)
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                not possible[one.measure],
                GROUND_ORDER.index(one.ground),
                one.worst_ratio,
                one.measure,
            ),
        )
    )


def survives(effects: list[Effect]) -> bool:
    """Whether a measure helps under some belief and under none may harm."""
    verdicts = {effect.verdict for effect in effects}
    return "better" in verdicts and verdicts <= {"better", "no-difference"}
