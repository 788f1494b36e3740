"""Which numbers make the spread: indices by hand, and variance that is shared out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from detente.escalation import drivers as module
from detente.escalation.drivers import LEAST, MOST, drivers
from detente.escalation.moments.frequency import frequency_indices
from detente.escalation.prepare import prepared

LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, low: 0.5, high: 5}
  - {id: s, kind: rate, low: 0.5, high: 4}
  - {id: p, kind: probability, low: 0.02, high: 0.3}
  - {id: q, kind: probability, low: 0.05, high: 0.4}
  - {id: fixed, kind: probability, value: 0.5}
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: p, otherwise: calm}, {event: x, p: fixed, otherwise: calm}]}
  - {id: sea, title: x, branch: deliberate, starts: s, ends: war, path: [
      {event: x, p: q, otherwise: calm}]}
"""


def told(made) -> Any:
    return drivers(made.base, made.at_headline["base"], made.together, seed=1)


def test_drivers_are_the_indices_of_the_frequency(make_case):
    made = prepared(make_case(LADDER), points=2**4)
    spreads = {name: one.spread for name, one in made.base.parameters.items()}
    found = frequency_indices(made.at_headline["base"], spreads)
    indices = zip(found.indices.first, found.indices.total, strict=True)
    expected = dict(zip(found.parameters, indices, strict=True))
    driving = told(made)
    assert {one.number for one in driving} == {"r", "s", "p", "q"}
    for one in driving:
        assert (one.first, one.total) == expected[one.number]
        assert one.shapley is one.error is None
    totals = [one.total for one in driving]
    assert totals == sorted(totals, reverse=True)


def test_indices_are_those_of_products_by_hand(make_case):
    # f = a r p + s q: Var f = a^2 Var(r p) + Var(s q), Var(x y) = E x^2 E y^2 - (E x E y)^2
    made = prepared(make_case(LADDER), points=2**4)
    z = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    x = {name: made.base.parameters[name].spread.at_normal(z) for name in "rspq"}
    mean = {name: one.mean() for name, one in x.items()}
    var = {name: one.var() for name, one in x.items()}

    def product(one, other) -> Any:
        return (var[one] + mean[one] ** 2) * (var[other] + mean[other] ** 2) - (
            mean[one] * mean[other]
        ) ** 2

    whole = 0.25 * product("r", "p") + product("s", "q")
    for one in told(made):
        other = {"r": "p", "p": "r", "s": "q", "q": "s"}[one.number]
        weight = 0.25 if one.number in "rp" else 1
        first = weight * var[one.number] * mean[other] ** 2 / whole
        total = weight * var[one.number] * (var[other] + mean[other] ** 2) / whole
        assert one.first == pytest.approx(first, rel=1e-3)
        assert one.total == pytest.approx(total, rel=1e-3)


def test_correlated_numbers_share_the_whole_variance_out(make_case):
    made = prepared(make_case(LADDER + "correlations: [{between: [r, s], r: 0.6}]\n"), points=2**4)
    driving = told(made)
    assert all(one.first is one.total is None for one in driving)
    assert sum(one.shapley for one in driving) == pytest.approx(1, abs=LEAST)
    assert all(0 < one.error < 0.05 for one in driving)
    assert told(made) == driving


def test_two_correlated_rates_alone_have_their_closed_form(make_case):
    # f = r + s: Sh_r = (Var r + Cov(r, s)) / Var f for linear f of two numbers, were both normal;
    # with small spreads lognormals nearly are
    text = LADDER.replace("low: 0.5, high: 5", "low: 1.9, high: 2.1")
    text = text.replace("low: 0.5, high: 4", "low: 2.9, high: 3.1")
    for old in ("low: 0.02, high: 0.3", "low: 0.05, high: 0.4", "value: 0.5"):
        text = text.replace(old, "value: 1")
    made = prepared(make_case(text + "correlations: [{between: [r, s], r: 0.5}]\n"), points=2**4)
    found = {one.number: one for one in told(made)}
    assert set(found) == {"r", "s"}
    sd = {"r": np.log(2.1 / 1.9) * np.sqrt(1.9 * 2.1), "s": np.log(3.1 / 2.9) * np.sqrt(2.9 * 3.1)}
    a, b = sd["r"], sd["s"]
    # normal: Sh_1 = (s1^2 (1 - r^2/2) + r s1 s2 + s2^2 r^2/2) / Var (Owen & Prieur 2017)
    rho = 0.5
    whole = a**2 + b**2 + 2 * rho * a * b
    expected = (a**2 * (1 - rho**2 / 2) + rho * a * b + b**2 * rho**2 / 2) / whole
    assert found["r"].shapley == pytest.approx(expected, abs=4 * found["r"].error + 0.002)


def test_a_correlation_of_numbers_that_no_ladder_rests_on_changes_nothing(make_case):
    idle = LADDER.replace(
        "  - {id: fixed",
        "  - {id: i, kind: rate, low: 1, high: 2}\n  - {id: j, kind: rate, low: 1, high: 2}\n"
        "  - {id: fixed",
    )
    plain, other = (
        prepared(make_case(idle + more), points=2**4)
        for more in ("", "correlations: [{between: [i, j], r: 0.6}]\n")
    )
    assert told(plain) == told(other)


def test_what_does_not_vary_has_no_drivers(make_case):
    text = LADDER.replace("low: 0.5, high: 5", "value: 0").replace("low: 0.5, high: 4", "value: 0")
    for more in ("", "correlations: [{between: [p, q], r: 0.6}]\n"):
        assert told(prepared(make_case(text + more), points=2**4)) == ()
    made = prepared(make_case(LADDER + "beliefs: [{id: b, title: x, without: [air, sea]}]\n"),
                    points=2**4)  # fmt: skip
    assert drivers(made.held[1], made.at_headline["b"], made.together, seed=1) == ()


def test_small_shares_and_too_many_are_left_out(make_case, monkeypatch):
    names = [f"p{i}" for i in range(MOST + 4)]
    parameters = "".join(
        f"  - {{id: {n}, kind: probability, low: 0.3, high: 0.6}}\n" for n in names
    )
    rungs = ", ".join(f"{{event: x, p: {name}, otherwise: calm}}" for name in names)
    text = f"""
levels: [calm, war]
headline: war
parameters:
  - {{id: r, kind: rate, value: 1}}
  - {{id: tiny, kind: probability, low: 0.4999, high: 0.5001}}
{parameters}ladders:
  - {{id: l, title: x, branch: accident, starts: r, ends: war, path: [
      {{event: x, p: tiny, otherwise: calm}}, {rungs}]}}
"""
    found = told(prepared(make_case(text), points=2**4))
    assert len(found) == MOST
    assert "tiny" not in {one.number for one in found}
    monkeypatch.setattr(module, "MOST", 100)
    every = told(prepared(make_case(text), points=2**4))
    assert {one.number for one in every} == set(names)
