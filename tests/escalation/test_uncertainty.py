"""What each belief holds the numbers to be, and that beliefs share their points."""

from __future__ import annotations

import numpy as np
import pytest

from detente.escalation.uncertainty import Belief, beliefs, dimensions, draw
from detente.ground.errors import CaseError

LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: rate, kind: rate, low: 0.1, high: 0.4}
  - {id: p, kind: probability, low: 0.1, mid: 0.2, high: 0.6, ci: 80}
  - {id: fixed, kind: probability, value: 0.25}
ladders:
  - {id: air, title: x, branch: accident, starts: rate, ends: war, path: [
      {event: x, p: p, otherwise: calm}]}
  - {id: sea, title: x, branch: deliberate, starts: rate, ends: war}
beliefs:
  - id: other
    title: Others
    numbers: [{id: p, kind: probability, low: 0.01, high: 0.02}]
    without: [sea]
    acts:
      - {measure: M1, on: p, how: replacement, value: {low: 0.1, high: 0.3}}
      - {measure: M1, on: rate, how: rate-ratio, value: {value: 2}}
"""
ACT = "{on: p, how: odds-ratio, value: {low: 0.25, high: 1}}"


@pytest.fixture
def held(make_case, measure) -> tuple[Belief, ...]:
    measures = "measures:\n" + measure("M1", ACT) + measure("M2", ACT) + measure("M3")
    return beliefs(make_case(LADDER, measures))


def test_a_belief_puts_its_numbers_in_the_place_of_the_base(held):
    base, other = held
    assert (base.id, other.id) == ("base", "other")
    assert other.parameters["rate"] is base.parameters["rate"]
    assert other.parameters["p"].estimate.high == 0.02
    assert base.parameters["p"].estimate.coverage == 0.8
    assert (base.ladders, other.ladders) == (("air", "sea"), ("air",))


def test_a_belief_replaces_all_acts_of_a_measure_and_only_of_that(held):
    base, other = held
    assert [one.how for one in base.changes["M1"]] == ["odds-ratio"]
    assert [one.how for one in other.changes["M1"]] == ["replacement", "rate-ratio"]
    assert other.changes["M2"] is base.changes["M2"]
    assert "M3" not in base.changes


def test_every_number_has_one_dimension_whoever_states_it(held):
    assert dimensions(held) == ("rate", "p", "fixed", "M1#1", "M2#1", "M1#2")


def test_a_missing_middle_is_that_of_the_scale(held):
    base, other = held
    assert base.parameters["rate"].estimate.mid == pytest.approx(0.2)
    assert base.changes["M1"][0].size.estimate.mid == pytest.approx(0.5)
    odds = np.sqrt(0.1 / 0.9 * 0.3 / 0.7)
    assert other.changes["M1"][0].size.estimate.mid == pytest.approx(odds / (1 + odds))


def test_values_have_the_stated_quantiles(held):
    base, _ = held
    sample = draw(dimensions(held), 2**12, seed=1)
    for name, ends in (("rate", (5, 50, 95)), ("p", (10, 50, 90))):
        stated = base.parameters[name].estimate
        found = np.percentile(sample.values(base.parameters[name]), ends)
        assert found == pytest.approx([stated.low, stated.mid, stated.high], rel=2e-3)
    assert (sample.values(base.parameters["fixed"]) == 0.25).all()


def test_beliefs_stand_at_the_same_points(held):
    base, other = held
    sample = draw(dimensions(held), 2**8, seed=1)
    orders = [np.argsort(sample.values(one.parameters["p"])) for one in held]
    assert (orders[0] == orders[1]).all()
    shared = [sample.values(one.parameters["rate"]) for one in (base, other)]
    assert shared[0] is shared[1]


def test_the_first_points_are_the_points_of_a_smaller_draw(held):
    number = held[0].parameters["p"]
    few = draw(dimensions(held), 2**6, seed=1).values(number)
    assert draw(dimensions(held), 2**9, seed=1).first(2**6).values(number).tolist() == few.tolist()


def test_no_belief_may_bear_the_name_of_the_base(make_case):
    with pytest.raises(CaseError, match="base"):
        beliefs(make_case("beliefs: [{id: base, title: x}]"))
