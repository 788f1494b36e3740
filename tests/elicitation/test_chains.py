"""Which chains are checked, of which groups, and what the check says of what is printed."""

from __future__ import annotations

import pytest

from detente.elicitation.chains import chain_checks
from detente.elicitation.disclosure import showable
from detente.elicitation.perceptions import quantity_beliefs
from detente.elicitation.results import QuantityBelief, Spread

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}
QUESTIONS = {
    "quantities": [
        {"id": name, "title": name, "scale": "probability"}
        for name in ("a", "b", "both", "month", "year")
    ],
    "chains": [
        {"id": "steps", "steps": ["a", "b"], "direct": "both"},
        {"id": "spans", "shorter": "month", "longer": "year", "times": 12},
    ],
}


def belief(group: str, quantity: str, marker: float, people: int = 5) -> QuantityBelief:
    return QuantityBelief(group, quantity, Spread(0.0, 0.9, 1.0), marker, people, None)


@pytest.fixture(name="case")
def _case(make_case):
    return make_case(SIDES, [], questions=QUESTIONS)


@pytest.mark.parametrize(
    ("direct", "factor", "flagged"), [(0.2, 1.25, False), (0.5, 2.0, False), (0.1, 2.5, True)]
)
def test_steps_are_multiplied_and_held_against_the_direct_estimate(case, direct, factor, flagged):
    markers = {"a": 0.5, "b": 0.5, "both": direct}
    (told,) = chain_checks(case, [belief("X", name, value) for name, value in markers.items()])
    assert (told.chain, told.group, told.direct) == ("steps", "X", direct)
    assert told.given == pytest.approx(0.25)  # markers count, not the middles of spreads
    assert told.factor == pytest.approx(factor)
    assert told.flagged is flagged


@pytest.mark.parametrize(
    ("year", "flagged"),
    [(1 - 0.9**12, False), (0.36, False), (0.35, True), (0.05, True)],
)
def test_a_year_is_held_against_twelve_months(case, year, flagged):
    (told,) = chain_checks(case, [belief("X", "month", 0.1), belief("X", "year", year)])
    assert told.chain == "spans"
    assert told.given == pytest.approx(1 - 0.9**12)  # .7176: half of it is .3588
    assert told.factor == pytest.approx(max(told.given / year, year / told.given))
    assert told.flagged is flagged


def test_a_chain_with_a_part_withheld_is_not_checked(case):
    known = [belief("X", "a", 0.5), belief("X", "both", 0.2), belief("Y", "b", 0.5)]
    assert chain_checks(case, known) == ()
    known += [belief("Y", "a", 0.5), belief("Y", "both", 0.2)]
    assert [one.group for one in chain_checks(case, known)] == ["Y"]


def test_the_people_are_those_of_the_part_that_fewest_answered(case):
    sizes = {"a": 7, "b": 4, "both": 6, "month": 3}  # the month is no part of this chain
    known = [belief("X", name, 0.3, people) for name, people in sizes.items()]
    assert [(one.chain, one.people) for one in chain_checks(case, known)] == [("steps", 4)]


def test_chains_stand_in_the_order_of_the_case_whatever_that_of_beliefs(case):
    known = [belief(group, name, 0.3) for group in "XY" for name in ("year", "month", "b", "a")]
    known += [belief("X", "both", 0.1)]
    told = [(one.chain, one.group) for one in chain_checks(case, known)]
    assert told == [("steps", "X"), ("spans", "X"), ("spans", "Y")]


def test_answers_of_people_are_joined_into_chains(make_case):
    rows = [
        {"participant": f"{'AB'[i % 2]}{i}", "party": "AB"[i % 2], "question": "quantity"}
        | {"item": name, "low": value / 2, "value": value + i / 1000, "high": value * 1.5}
        for name, value in (("a", 0.4), ("b", 0.5), ("both", 0.6))
        for i in range(4 if name == "b" else 6)
    ]
    case = make_case(SIDES, rows, questions=QUESTIONS)
    (told,) = chain_checks(case, quantity_beliefs(case, showable(case)[0]))
    # Every marker lies within the thousandths by which people differ.
    assert 0.4 * 0.5 < told.given < 0.405 * 0.505
    assert 0.6 < told.direct < 0.605
    assert told.flagged
    assert told.people == 4
