"""Acts, ratios and verdicts: identities, closed forms, and the rule at its edges."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.case import Case
from detente.escalation.assess import assess_escalation
from detente.escalation.effects import change, ratio, share_lower, spread, verdict
from detente.escalation.results import Effect
from detente.escalation.uncertainty import How

PROBABILITIES = st.floats(1e-12, 1 - 1e-12)
RATIOS = st.floats(1e-3, 1e3)
Z90 = 1.6448536269514722


def on(p: float, how: How, size: float) -> float:
    return float(change(np.array(p), how, np.array(size)))


# --- acts ------------------------------------------------------------------------------------


@given(PROBABILITIES, RATIOS)
def test_an_odds_ratio_multiplies_the_odds(p, r):
    after = on(p, "odds-ratio", r)
    assert 0 < after <= 1
    wanted = r * p / (1 - p)
    assert after == pytest.approx(wanted / (1 + wanted), rel=1e-12)


@given(PROBABILITIES, RATIOS, RATIOS)
def test_odds_ratios_combine_by_multiplication_in_any_order(p, r, s):
    once = on(p, "odds-ratio", r * s)
    assert on(on(p, "odds-ratio", r), "odds-ratio", s) == pytest.approx(once, rel=1e-9)
    assert on(on(p, "odds-ratio", s), "odds-ratio", r) == pytest.approx(once, rel=1e-9)


@given(st.floats(0, 1))
def test_an_odds_ratio_of_1_changes_no_bit(p):
    assert on(p, "odds-ratio", 1.0) == p


@given(PROBABILITIES, RATIOS)
def test_an_odds_ratio_on_an_event_is_its_inverse_on_the_complement(p, r):
    assert 1 - on(p, "odds-ratio", r) == pytest.approx(on(1 - p, "odds-ratio", 1 / r), abs=1e-12)


def test_certainty_stays_certain():
    assert [on(p, "odds-ratio", 0.2) for p in (0.0, 1.0)] == [0.0, 1.0]


def test_small_probabilities_keep_their_digits():
    assert on(1e-15, "odds-ratio", 0.3) == pytest.approx(3e-16, rel=1e-13)


def test_the_other_acts():
    assert on(0.06, "rate-ratio", 0.5) == 0.03
    assert on(0.06, "replacement", 0.5) == 0.5


# --- ratios and verdicts ---------------------------------------------------------------------


def test_ratios_from_nothing():
    found = ratio(np.array([2.0, 0.0, 0.0]), np.array([1.0, 0.0, 3.0]))
    assert found.tolist() == [0.5, 1.0, math.inf]


def test_quantiles_are_hazens():
    sample = np.sort(np.random.default_rng(1).lognormal(size=1000))
    found = spread(sample)
    wanted = np.quantile(sample, [0.05, 0.5, 0.95], method="hazen")
    assert [found.low, found.mid, found.high] == pytest.approx(wanted.tolist(), rel=1e-12)


def shares(lower: int, equal: int, higher: int) -> np.ndarray:
    return np.repeat([0.5, 1.0, 2.0], [lower, equal, higher])


@pytest.mark.parametrize(
    ("sample", "wanted"),
    [
        (shares(90, 0, 10), "better"),
        (shares(89, 0, 11), "unknown"),
        (shares(10, 0, 90), "worse"),
        (shares(11, 0, 89), "unknown"),
        (shares(0, 100, 0), "no-difference"),
        (shares(0, 20, 80), "unknown"),
        (shares(80, 20, 0), "unknown"),
        (shares(4, 92, 4), "no-difference"),
        (shares(30, 40, 30), "unknown"),
        (np.full(100, 0.991), "no-difference"),
        (np.full(100, 0.989), "better"),
        (np.full(100, 1.011), "worse"),
        (np.full(100, math.inf), "worse"),
    ],
)
def test_the_verdict_rule(sample, wanted):
    assert verdict(sample) == wanted


def test_share_lower_counts_what_is_below_1():
    assert share_lower(shares(25, 25, 50)) == 0.25


# --- effects of measures ---------------------------------------------------------------------

LADDER = """
levels: [calm, shots, war]
headline: war
parameters:
  - {id: flights, kind: rate, low: 0.1, high: 0.9}
  - {id: voyages, kind: rate, low: 0.2, high: 0.3}
  - {id: unused, kind: rate, value: 1}
  - {id: never, kind: rate, value: 0}
  - {id: fire, kind: probability, low: 0.001, high: 0.1}
  - {id: spread, kind: probability, low: 0.05, high: 0.2}
  - {id: aside, kind: probability, value: 0.5}
ladders:
  - {id: air, title: x, branch: accident, starts: flights, ends: war, path: [
      {event: x, p: fire, otherwise: {path: [{event: x, p: aside, otherwise: calm}], ends: shots}},
      {event: x, p: spread, otherwise: shots}]}
"""
SEA = """
  - {id: sea, title: x, branch: deliberate, starts: voyages, ends: war, path: [
      {event: x, p: fire, otherwise: calm}]}
"""


def effects(case: Case) -> dict[tuple[str, str], Effect]:
    results = assess_escalation(case, points=2**12)
    return {(effect.belief, effect.measure): effect for effect in results.effects}


def written(measure: Callable[..., str], **acts: str) -> str:
    return "measures:\n" + "".join(measure(name, act) for name, act in acts.items())


def act(name: str, how: str, value: str) -> str:
    return f"{{on: {name}, how: {how}, value: {{{value}}}}}"


def test_on_one_ladder_a_rate_ratio_is_the_ratio(make_case, measure):
    measures = written(measure, M=act("flights", "rate-ratio", "low: 0.4, high: 0.9"))
    found = effects(make_case(LADDER, measures))["base", "M"]
    assert found.ratio.low == pytest.approx(0.4, rel=1e-3)
    assert found.ratio.mid == pytest.approx(0.6, rel=1e-3)
    assert found.ratio.high == pytest.approx(0.9, rel=1e-3)
    sigma = math.log(0.9 / 0.4) / (2 * Z90)
    z = -math.log(0.6) / sigma
    assert found.lower == pytest.approx(0.5 * (1 + math.erf(z / math.sqrt(2))), abs=1e-3)
    assert found.verdict == "better"


def test_an_odds_ratio_on_a_small_probability_is_nearly_the_ratio(make_case, measure):
    ladder = LADDER.replace("low: 0.001, high: 0.1", "value: 1.0e-6")
    measures = written(measure, M=act("fire", "odds-ratio", "value: 3"))
    found = effects(make_case(ladder, measures))["base", "M"]
    assert found.ratio.mid == pytest.approx(3 / (1 + 2e-6), rel=1e-12)
    assert (found.lower, found.verdict) == (0.0, "worse")


def test_a_replacement_leaves_nothing_of_the_old_number(make_case, measure):
    ladder = LADDER.replace("low: 0.05, high: 0.2", "value: 0.2")
    measures = written(measure, M=act("spread", "replacement", "value: 0.05"))
    found = effects(make_case(ladder, measures))["base", "M"]
    assert found.ratio.low == found.ratio.high == pytest.approx(0.25)


@pytest.mark.parametrize(
    "nothing",
    [
        act("flights", "rate-ratio", "value: 1"),
        act("fire", "odds-ratio", "value: 1"),
        act("aside", "odds-ratio", "low: 0.1, high: 0.2"),
    ],
)
def test_what_does_not_bear_on_the_headline_has_ratio_exactly_1(make_case, measure, nothing):
    found = effects(make_case(LADDER + SEA, written(measure, M=nothing)))["base", "M"]
    assert (found.ratio.low, found.ratio.mid, found.ratio.high) == (1.0, 1.0, 1.0)
    assert (found.lower, found.verdict) == (0.0, "no-difference")


def test_what_keeps_shots_from_becoming_war_matters_only_where_war_is_the_headline(
    make_case, measure
):
    measures = written(measure, M=act("spread", "odds-ratio", "value: 0.1"))
    milder = LADDER.replace("headline: war", "headline: shots")
    assert effects(make_case(milder, measures))["base", "M"].verdict == "no-difference"
    assert effects(make_case(LADDER, measures))["base", "M"].verdict == "better"


def test_a_measure_that_works_on_one_ladder_is_diluted_by_the_other(make_case, measure):
    ladder = """
levels: [war]
headline: war
parameters: [{id: flights, kind: rate, value: 3}, {id: voyages, kind: rate, value: 1}]
ladders:
  - {id: air, title: x, branch: accident, starts: flights, ends: war}
  - {id: sea, title: x, branch: deliberate, starts: voyages, ends: war}
"""
    measures = written(measure, M=act("flights", "rate-ratio", "value: 0.5"))
    found = effects(make_case(ladder, measures))["base", "M"]
    # Air has three quarters of the frequency: 3/4 x 1/2 + 1/4.
    assert found.ratio.mid == pytest.approx(0.625, rel=1e-12)


def test_without_acts_or_with_acts_on_what_no_ladder_names_nothing_is_known(make_case, measure):
    measures = written(measure, M1=act("unused", "rate-ratio", "value: 0.5")) + measure("M2")
    found = effects(make_case(LADDER, measures))
    for name in ("M1", "M2"):
        effect = found["base", name]
        assert (effect.ratio, effect.lower, effect.verdict) == (None, None, "unknown")


def test_who_holds_a_ladder_not_to_exist_sees_no_difference_there(make_case, measure):
    ladder = LADDER + SEA + "beliefs: [{id: other, title: x, without: [sea]}]"
    measures = written(measure, M=act("voyages", "rate-ratio", "low: 0.1, high: 0.2"))
    found = effects(make_case(ladder, measures))
    assert found["base", "M"].verdict == "better"
    assert found["other", "M"].verdict == "no-difference"
    assert found["other", "M"].ratio.high == 1.0


def test_a_belief_has_acts_of_its_own(make_case, measure):
    ladder = (
        LADDER
        + """
beliefs:
  - {id: other, title: x, acts: [
      {measure: M, on: flights, how: rate-ratio, value: {value: 1.5}}]}
"""
    )
    measures = written(measure, M=act("flights", "rate-ratio", "value: 0.5"))
    found = effects(make_case(ladder, measures))
    assert [found[name, "M"].ratio.mid for name in ("base", "other")] == pytest.approx([0.5, 1.5])
    assert [found[name, "M"].verdict for name in ("base", "other")] == ["better", "worse"]


def test_what_cannot_happen_without_a_measure_and_can_with_it_is_worse(make_case, measure):
    ladder = LADDER.replace("starts: flights", "starts: never")
    measures = written(
        measure,
        M1=act("never", "replacement", "value: 0.1"),
        M2=act("fire", "odds-ratio", "value: 5"),
    )
    found = effects(make_case(ladder, measures))
    assert (found["base", "M1"].ratio, found["base", "M1"].verdict) == (None, "worse")
    assert found["base", "M2"].verdict == "no-difference"


def test_acts_of_one_measure_follow_each_other(make_case, measure):
    acts = (act("flights", "rate-ratio", "value: 0.5"), act("flights", "rate-ratio", "value: 0.2"))
    found = effects(make_case(LADDER, "measures:\n" + measure("M", *acts)))["base", "M"]
    assert found.ratio.mid == pytest.approx(0.1, rel=1e-12)
