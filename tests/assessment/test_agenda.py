"""The kinds of disagreement follow a rule, and the largest of each comes first."""

from __future__ import annotations

import pytest

from detente.assessment.agenda import agenda
from detente.assessment.results import Disagreement, Ground, LedgerEntry, Stake
from detente.elicitation.results import Difference, ElicitationResults, Group, Perception, Spread
from detente.escalation.results import Effect, EscalationResults, Verdict

from .test_path import case, measure

CASE = case(measure("a"), measure("b"))
NOTHING_SAID = ElicitationResults(0, (), (), (), (), ())
NO_LADDER = EscalationResults(64, "", (), (), (), (), (), ())


def flat(value: float) -> Spread:
    return Spread(value, value, value)


def run(
    *,
    elicitation: ElicitationResults = NOTHING_SAID,
    escalation: EscalationResults = NO_LADDER,
    entries: tuple[LedgerEntry, ...] = (),
    stakes: tuple[Stake, ...] = (),
    ground: tuple[Ground, ...] = (),
) -> tuple[Disagreement, ...]:
    return agenda(CASE, elicitation, escalation, entries, stakes, ground, ())


def test_a_parted_likelihood_is_factual_and_the_widest_comes_first() -> None:
    differences = tuple(
        Difference("left", "right", risk, Spread(ratio / 2, ratio, ratio * 2), 6, 6, tells)
        for risk, ratio, tells in (("r1", 3.0, True), ("r2", 1 / 9, True), ("r3", 20.0, False))
    )
    perceptions = tuple(
        Perception(side, risk, flat(0.1), 0.1, 6)
        for side in ("left", "right")
        for risk in ("r1", "r2", "r3")
    )
    found = run(elicitation=ElicitationResults(12, (), perceptions, (), differences, ()))
    assert [(one.kind, one.risk) for one in found] == [("factual", "r2"), ("factual", "r1")]


def test_one_gains_another_loses_is_value_between_the_sides() -> None:
    stakes = (
        Stake("a", "L", 0.9, 0.8, 0.0, 6, shown=True),
        Stake("a", "R", 0.2, 0.1, 0.0, 6, shown=True),
    )
    ground = (Ground("a", "tradeable", "answers", 0.2, 0.1, ()),)
    sides = (Group("left", "side", 6), Group("right", "side", 6))
    heard = ElicitationResults(12, sides, (), (), (), ())
    (found,) = run(elicitation=heard, stakes=stakes, ground=ground)
    assert (found.kind, found.a, found.b) == ("value", "left", "right")
    assert (found.in_a, found.in_b) == pytest.approx((0.9, 0.2))


def test_a_side_that_may_not_be_shown_is_told_in_no_trade() -> None:
    stakes = (
        Stake("a", "L", 0.9, 0.8, 0.0, 6, shown=False),
        Stake("a", "R", 0.2, 0.1, 0.0, 6, shown=True),
    )
    heard = ElicitationResults(12, (Group("right", "side", 6),), (), (), (), ())
    ground = (Ground("a", "tradeable", "answers", 0.2, 0.1, ()),)
    assert run(elicitation=heard, stakes=stakes, ground=ground) == ()


def test_doubt_that_a_valued_measure_is_kept_is_trust() -> None:
    def entry(name: str, own: float, other: float, said: float = 8) -> LedgerEntry:
        return LedgerEntry(
            name, "left", "right", flat(5), flat(said), None, None, flat(own), flat(other), 6, 6,
            "cannot-tell",
        )  # fmt: skip

    found = run(entries=(entry("a", 0.9, 0.6), entry("b", 0.9, 0.3)))
    assert [(one.kind, one.measure) for one in found] == [("trust", "b"), ("trust", "a")]
    assert run(entries=(entry("a", 0.9, 0.8),)) == ()
    assert run(entries=(entry("a", 0.9, 0.3, said=2),)) == ()


def test_a_measure_better_for_one_belief_and_worse_for_another_is_factual() -> None:
    def effect(belief: str, ratio: float, verdict: Verdict) -> Effect:
        return Effect(belief, "a", flat(ratio), None, verdict)

    effects = (effect("x", 0.5, "better"), effect("y", 1.0, "unknown"), effect("z", 2.0, "worse"))
    (found,) = run(escalation=EscalationResults(64, "", (), (), effects, (), (), ()))
    assert (found.kind, found.a, found.b) == ("factual", "x", "z")
