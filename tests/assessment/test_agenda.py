"""The order of disagreements, their minutes, and what may be told of whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.assessment.agenda.agenda import Found, agenda
from detente.assessment.agenda.order import BUDGET, MINUTES, apart, in_order, rank
from detente.assessment.bargain.problem import Problem
from detente.assessment.bargaining import bargaining
from detente.assessment.results import Disagreement, Ground, LedgerEntry, Stake, Stand, Turn
from detente.elicitation.results import Difference, ElicitationResults, Group, Perception, Spread
from detente.escalation.results import EscalationResults

from .test_path import case, measure

CASE = case(measure("a"), measure("b"))
NOTHING_SAID = ElicitationResults(0, (), (), (), (), ())
NO_LADDER = EscalationResults(64, "", (), (), (), (), (), ())
SIDES = (Group("left", "side", 6), Group("right", "side", 6))
PACKAGE = Turn("package", "pivot", "left", ("a",), ())
PREFERRED = Turn("preferred", "pivot", "x", ("a",), ("b",))
LEARNT = Turn("preferred", "learning", "x", ("a",), ("b",), 0.4, 0.01)


def flat(value: float) -> Spread:
    return Spread(value, value, value)


def run(
    *,
    elicitation: ElicitationResults = NOTHING_SAID,
    entries: tuple[LedgerEntry, ...] = (),
    stakes: tuple[Stake, ...] = (),
    ground: tuple[Ground, ...] = (),
    stands: tuple[Stand, ...] = (),
) -> tuple[Disagreement, ...]:
    found = Found(CASE, elicitation, NO_LADDER, entries, stakes, ground, stands)
    return agenda(found)


def one(
    kind: str, *turns: Turn, name: str = "", in_a: float = 0.9, in_b: float = 0.1
) -> Disagreement:
    return Disagreement(kind, "", name, "l", "r", in_a, in_b, turns=turns)


# --- order and minutes ----------------------------------------------------------------------------


def test_what_changes_nothing_comes_last_however_wide() -> None:
    wide = one("trust", in_a=1.0, in_b=0.0)
    narrow = one("value", LEARNT, in_a=0.5, in_b=0.49)
    package = one("value", PACKAGE, in_a=0.5, in_b=0.49, name="a")
    ordered = in_order((wide, narrow, package))
    assert [rank(d) for d in ordered] == [0, 1, 2]
    assert [d.minutes for d in ordered] == [*MINUTES]


def test_the_first_of_each_kind_that_turns_something_leads() -> None:
    found = (
        one("value", PACKAGE, name="1"),
        one("value", PACKAGE, name="2", in_a=0.8),
        one("factual", PREFERRED, PREFERRED, name="3"),
        one("factual", PREFERRED, name="4"),
        one("trust", name="5"),
        one("value", name="6"),
        one("value", name="7", in_a=0.2),
    )
    assert [d.measure for d in in_order(found)] == ["1", "3", "2", "4", "6", "5", "7"]


def test_more_certain_turns_come_before_likely_ones() -> None:
    rare = replace(LEARNT, chance=0.1)
    found = (one("value", rare, rare, name="r"), one("value", LEARNT, name="l"))
    assert [d.measure for d in in_order(found)] == ["l", "r"]
    assert in_order((*found, one("value", PREFERRED, name="p")))[0].measure == "p"


def test_worth_of_information_orders_nothing() -> None:
    dear = one("factual", replace(LEARNT, holder="x", worth=0.5), name="dear")
    cheap = one("factual", replace(LEARNT, holder="y", worth=0.0), name="cheap")
    assert [d.measure for d in in_order((dear, cheap))] == ["dear", "cheap"]
    assert [d.measure for d in in_order((cheap, dear))] == ["cheap", "dear"]


TURNS = st.sampled_from([(), (PACKAGE,), (PREFERRED,), (LEARNT,), (PREFERRED, LEARNT)])
MANY = st.lists(
    st.builds(
        lambda kind, turns, a: one(kind, *turns, in_a=a),
        st.sampled_from(["factual", "value", "trust", "stand"]),
        TURNS,
        st.floats(0.01, 0.99),
    ),
    max_size=12,
)


@given(MANY, st.integers(0, 400))
def test_minutes_keep_the_budget_and_are_given_from_the_top(
    found: list[Disagreement], budget: int
) -> None:
    ordered = in_order(found, budget=budget)
    minutes = [d.minutes for d in ordered]
    assert sum(minutes) <= budget
    given_to = [m > 0 for m in minutes]
    assert given_to == sorted(given_to, reverse=True)
    assert sorted(rank(d) == 2 for d in ordered) == [rank(d) == 2 for d in ordered]
    untimed = [replace(d, minutes=0) for d in ordered]
    assert sorted(map(repr, untimed)) == sorted(map(repr, found))
    if not all(given_to):
        first = given_to.index(False)
        assert sum(minutes) + MINUTES[rank(ordered[first])] > budget


def test_three_hours_are_the_default() -> None:
    found = [one("value", PACKAGE, name=str(place)) for place in range(5)]
    assert [d.minutes for d in in_order(found)] == [60, 60, 60, 0, 0]
    assert BUDGET == 180


def test_how_far_apart_is_by_odds_by_ratio_or_by_difference() -> None:
    risk = Disagreement("factual", "r", "", "a", "b", 0.5, 0.2)
    assert apart(risk) == pytest.approx(1.3863, abs=1e-4)  # ln 4
    assert apart(replace(risk, risk="", in_a=2.0, in_b=8.0)) == pytest.approx(1.3863, abs=1e-4)
    assert apart(one("trust")) == pytest.approx(0.8)
    assert apart(replace(risk, kind="stand", in_a="offered", in_b="refused")) == 0


# --- kinds, and what may be told ------------------------------------------------------------------


def test_a_parted_likelihood_is_factual_and_the_widest_comes_first() -> None:
    differences = tuple(
        Difference("left", "right", risk, Spread(ratio / 2, ratio, ratio * 2), 6, 6, tells)
        for risk, ratio, tells in (("r1", 3.0, True), ("r2", 1 / 9, True), ("r3", 20.0, False))
    )
    perceptions = tuple(
        Perception(side, risk, flat(value), value, 6)
        for side, risk, value in (
            ("left", "r1", 0.5), ("right", "r1", 0.25), ("left", "r2", 0.1), ("right", "r2", 0.5),
        )
    )  # fmt: skip
    found = run(elicitation=ElicitationResults(12, (), perceptions, (), differences, ()))
    assert [(d.kind, d.risk, d.turns) for d in found] == [
        ("factual", "r2", ()),
        ("factual", "r1", ()),
    ]


def test_one_gains_another_loses_is_value_between_the_sides() -> None:
    stakes = (
        Stake("a", "L", 0.9, 0.8, 0.0, 6, shown=True),
        Stake("a", "R", 0.2, 0.1, 0.0, 6, shown=True),
    )
    ground = (Ground("a", "tradeable", "answers", 0.2, 0.1, ()),)
    heard = ElicitationResults(12, SIDES, (), (), (), ())
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


def test_a_side_of_which_some_did_not_answer_is_told_in_no_trade_either() -> None:
    """Five of six: with the parties' means that of the sixth could be worked out."""
    stakes = (
        Stake("a", "L", 0.9, 0.8, 0.0, 5, shown=False),
        Stake("a", "R", 0.2, 0.1, 0.0, 6, shown=False),
    )
    heard = ElicitationResults(12, SIDES, (), (), (), ())
    ground = (Ground("a", "tradeable", "answers", 0.2, 0.1, ()),)
    assert run(elicitation=heard, stakes=stakes, ground=ground) == ()


def test_a_measure_that_turns_the_package_is_not_told_either_where_gains_may_not_be() -> None:
    problem = Problem(("a", "b"), ("left", "right"), np.array([[10.0, -6], [10, 8]]))
    bargain = bargaining(CASE, problem, ())
    ground = (Ground("b", "tradeable", "answers", 0.2, 0.1, ()),)

    def told(*, people: int) -> list[Disagreement]:
        stakes = (
            Stake("b", "L", 0.2, 0.1, 0.0, people, shown=False),
            Stake("b", "R", 0.9, 0.8, 0.0, 6, shown=False),
        )
        heard = ElicitationResults(12, SIDES, (), (), (), ())
        found = Found(CASE, heard, NO_LADDER, stakes=stakes, ground=ground)
        return list(agenda(replace(found, problem=problem, bargaining=bargain)))

    (shown,) = told(people=6)
    assert shown.turns == (Turn("package", "pivot", "left", ("b",), ()),)
    assert shown.minutes == 60
    assert told(people=5) == []


def test_doubt_that_a_valued_measure_is_kept_is_trust() -> None:
    def entry(name: str, own: float, other: float, said: float = 8) -> LedgerEntry:
        return LedgerEntry(
            name, "left", "right", flat(5), flat(said), None, None, flat(own), flat(other), 6, 6,
            "cannot-tell",
        )  # fmt: skip

    found = run(entries=(entry("a", 0.9, 0.6), entry("b", 0.9, 0.3)))
    assert [(d.kind, d.measure) for d in found] == [("trust", "b"), ("trust", "a")]
    assert run(entries=(entry("a", 0.9, 0.8),)) == ()
    assert run(entries=(entry("a", 0.9, 0.3, said=2),)) == ()


def stand(party: str, position: str, *, second_hand: bool = False) -> Stand:
    return Stand("a", party, position, 1, second_hand, "", None)


def test_a_refusal_turns_the_class_where_it_is_the_only_one() -> None:
    ground = (Ground("a", "tradeable", "positions", None, None, ("R",)),)
    (found,) = run(ground=ground, stands=(stand("L", "offered"), stand("R", "refused")))
    assert (found.kind, found.a, found.b, found.in_b) == ("stand", "L", "R", "refused")
    assert found.turns == (Turn("ground", "pivot", "R", ("a",), ()),)
    again = (stand("L", "offered"), stand("R", "refused"), stand("R", "refused"))
    (found,) = run(ground=ground, stands=again)
    assert found.turns == ()
    rumour = (stand("L", "offered"), stand("R", "refused", second_hand=True))
    assert run(ground=ground, stands=rumour) == ()
