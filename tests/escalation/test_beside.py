"""What stands beside the ladders: quiet years against closed forms, and published estimates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from detente.case import model
from detente.escalation.assess import assess_escalation
from detente.escalation.beside import TINY, level_frequency, observation
from detente.escalation.evidence.zero import no_event
from detente.escalation.prepare import prepared

LADDER = """
levels: [calm, shots, war]
headline: shots
parameters:
  - {id: r, kind: rate, low: 0.02, high: 0.5}
  - {id: s, kind: rate, low: 0.001, high: 0.01}
  - {id: p, kind: probability, low: 0.1, high: 0.4}
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: p, otherwise: shots}]}
  - {id: sea, title: x, branch: deliberate, starts: s, ends: war}
"""


def published(*items: str) -> str:
    return "published:\n" + "".join(
        f"  - {{id: e{i}, about: x, {one}}}\n" for i, one in enumerate(items)
    )


def told(case) -> Any:
    return {one.published: one for one in assess_escalation(case, points=2**9).beside}


def within(rates, years=1.0) -> list[float]:
    ends = np.quantile(rates, [0.05, 0.5, 0.95], method="hazen")
    return [1 - math.exp(-float(end) * years) for end in ends]


# --- published estimates ---------------------------------------------------------------------

EVERY = published(
    "unit: probability-per-year, low: 0.01, high: 0.4, beside: {level: shots}",
    "unit: probability-per-year, low: 0.01, high: 0.4, beside: {level: war, years: 30}",
    "unit: probability-in-total, low: 0.01, high: 0.4, beside: {level: war, years: 30}",
    "unit: probability-per-year, low: 0.01, high: 0.4, beside: {level: war, ladder: sea}",
    "unit: probability-per-year, low: 0.7, high: 0.9, beside: {level: war, ladder: sea}",
    "unit: probability-per-year, low: 0.7, high: 0.9, "
    "beside: {level: war, ladder: sea, comparable: false}",
    "unit: probability-per-year, low: 0.01, high: 0.4",
    "unit: probability-per-year, low: 0.01, high: 0.4, beside: {level: calm}",
)


def test_the_own_number_is_a_probability_over_the_same_years(make_case):
    case = make_case(LADDER + EVERY)
    found = told(case)
    made = prepared(case, points=2**9)
    v = made.sample.parameters(made.base)
    shots, war = v["r"] + v["s"], v["r"] * v["p"] + v["s"]
    own = {
        "e0": within(shots), "e1": within(war, 30), "e2": within(war, 30), "e3": within(v["s"]),
        "e4": within(v["s"]), "e5": within(v["s"]),
    }  # fmt: skip
    assert set(found) == set(own)  # e6 stands beside nothing, e7 beside a level that is not told
    for name, ends in own.items():
        one = found[name].own
        assert [one.low, one.mid, one.high] == pytest.approx(ends, rel=1e-9)


def test_an_estimate_per_year_is_taken_over_the_years_and_one_in_total_is_not(make_case):
    found = told(make_case(LADDER + EVERY))
    odds = math.sqrt(0.01 / 0.99 * 0.4 / 0.6)
    mid = odds / (1 + odds)
    for name, middle in (("e0", mid), ("e1", 1 - (1 - mid) ** 30), ("e2", mid)):
        one = found[name]
        assert one.orders == pytest.approx(math.log10(middle / one.own.mid), rel=1e-9)
    assert found["e1"].orders > found["e2"].orders


def test_gaps_are_between_the_nearest_ends(make_case):
    found = told(make_case(LADDER + EVERY))
    assert found["e4"].gap == pytest.approx(math.log10(0.7 / found["e4"].own.high), rel=1e-6)
    assert (found["e4"].agreement, found["e0"].agreement) == ("conflicts", "agrees")


def test_of_outcomes_that_differ_nothing_is_said_of_agreement(make_case):
    found = told(make_case(LADDER + EVERY))
    assert found["e5"].agreement == "not-comparable"
    assert (found["e5"].orders, found["e5"].gap) == (found["e4"].orders, found["e4"].gap)


def test_both_states_of_a_ladder_are_beside_an_estimate_of_it(make_case):
    more = (
        "  - {id: p2, kind: probability, low: 0.5, high: 0.9}\n"
        "  - {id: c, kind: probability, low: 0.1, high: 0.3}\n"
    )
    text = LADDER.replace("ladders:\n", f"{more}ladders:\n")
    text += "crisis: {share: c, instead: {p: p2}}\n" + published(
        "unit: probability-per-year, value: 0.1, beside: {level: war, ladder: air}"
    )
    case = make_case(text)
    made = prepared(case, points=2**9)
    v = made.sample.parameters(made.base)
    air = v["r"] * ((1 - v["c"]) * v["p"] + v["c"] * v["p2"])
    assert level_frequency(made.by_level["base"], v, 1, "air") == pytest.approx(air)
    own = told(case)["e0"].own
    assert [own.low, own.mid, own.high] == pytest.approx(within(air), rel=1e-9)


@pytest.mark.parametrize(
    "stated",
    [
        "unit: probability-per-year, value: 1, beside: {level: war}",
        "unit: probability-per-year, value: 0, beside: {level: war}",
        "unit: probability-per-year, value: 1, beside: {level: war, years: 50}",
        "unit: probability-per-year, low: 0.9, high: 0.99, beside: {level: war, years: 1000}",
        "unit: probability-in-total, low: 0.01, mid: 0.01, high: 0.4, beside: {level: war}",
        "unit: probability-in-total, low: 0.01, high: 0.4, beside: {level: war, years: 1000}",
    ],
)
@pytest.mark.parametrize("rate", ["low: 0.02, high: 0.5", "low: 20, high: 900", "value: 0"])
def test_the_surest_and_the_rarest_stand_beside_each_other(make_case, stated, rate):
    text = LADDER.replace("low: 0.02, high: 0.5", rate)
    [one] = told(make_case(text + published(stated))).values()
    assert TINY <= one.own.low <= one.own.mid <= one.own.high <= 1 - TINY
    assert math.isfinite(one.orders)
    assert 0 <= one.gap < 13


def test_estimates_are_beside_nothing_where_the_case_refuses_numbers(make_case):
    text = LADDER.replace("low: 0.1, high: 0.4", "low: 0.1, high: 0.4, bounds_only: true")
    found = assess_escalation(make_case(text + EVERY), points=2**4)
    assert found.beside == ()
    assert len(found.published) == 8


# --- quiet years -----------------------------------------------------------------------------


def quiet(years) -> Any:
    return model.Quiet(id="q", level="war", years=years, title={"": "x"})


@pytest.mark.parametrize("years", [1.0, 10.0, 60.0])
def test_quiet_years_have_the_closed_form_of_a_gamma_rate(years):
    # Gamma(a, b) weighs to Gamma(a, b + N); no event was expected with (b / (b + N))^a
    a, b = 2.0, 20.0
    sample = stats.gamma(a, scale=1 / b).ppf((np.arange(40_000) + 0.5) / 40_000)
    found = no_event(sample, quiet(years).years)
    for spread, scale in ((found.before, b), (found.after, b + years)):
        expected = stats.gamma(a, scale=1 / scale).ppf([0.05, 0.5, 0.95])
        assert [spread.low, spread.mid, spread.high] == pytest.approx(expected.tolist(), rel=2e-3)
    assert found.expected == pytest.approx((b / (b + years)) ** a, rel=1e-3)
    told_ = observation("base", quiet(years), found, ("M1",))
    assert (told_.belief, told_.quiet, told_.level, told_.years) == ("base", "q", "war", years)
    assert (told_.before, told_.after, told_.changed) == (found.before, found.after, ("M1",))


def test_quiet_years_are_weighed_under_every_belief_at_their_own_level(make_case):
    text = LADDER + (
        "beliefs:\n  - {id: more, title: x, numbers: [{id: r, kind: rate, low: 0.5, high: 2}]}\n"
        "quiet:\n  - {id: q1, level: war, years: 30, title: x}\n"
        "  - {id: q2, level: shots, years: 5, title: x}\n"
    )
    case = make_case(text)
    made = prepared(case, points=2**9)
    found = {
        (one.belief, one.quiet): one for one in assess_escalation(case, points=2**9).observations
    }
    assert set(found) == {(b, q) for b in ("base", "more") for q in ("q1", "q2")}
    for belief in made.held:
        v = made.sample.parameters(belief)
        for name, f in (("q1", v["r"] * v["p"] + v["s"]), ("q2", v["r"] + v["s"])):
            one = found[belief.id, name]
            weights = np.exp(-f * one.years)
            assert one.expected == pytest.approx(float(weights.mean()), rel=1e-12)
            order = np.argsort(f)
            place = np.cumsum(weights[order]) / weights.sum()
            median = f[order][np.searchsorted(place, 0.5)]
            assert one.after.mid == pytest.approx(median, rel=0.05)
            assert one.after.high <= one.before.high
    assert found["more", "q1"].expected < found["base", "q1"].expected


def test_a_verdict_that_turns_with_quiet_years_is_named(make_case, measure):
    # M1 raises the rare sea and lowers the air; quiet years speak against high rates of the air
    text = LADDER.replace("low: 0.02, high: 0.5", "low: 0.05, high: 4").replace(
        "low: 0.001, high: 0.01", "low: 0.02, high: 0.03"
    )
    text += "quiet: [{id: q, level: shots, years: 60, title: x}]\n"
    acts = (
        "{on: s, how: rate-ratio, value: {low: 1.4, high: 1.6}}",
        "{on: r, how: rate-ratio, value: {low: 0.4, high: 0.5}}",
    )
    case = make_case(text, "measures:\n" + measure("M1", *acts) + measure("M2", acts[1]))
    results = assess_escalation(case, points=2**10)
    [one] = results.observations
    assert one.changed == ("M1",)
    assert one.expected < 0.2
