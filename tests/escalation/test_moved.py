"""What a change of the model moved."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.results import Spread
from detente.escalation.assess import assess_escalation
from detente.escalation.moved import moved, one_digit
from detente.escalation.results import (
    BeliefSet,
    Bounds,
    Effect,
    EscalationResults,
    Flip,
    Frequency,
)


def belief(name, *, bounds_only=False):
    return BeliefSet(name, name, None, None, bounds_only=bounds_only)


def frequency(name, mid, level="clash", ladder=""):
    spread = Spread(mid / 3, mid, mid * 3)
    return Frequency(name, ladder, level, spread, spread)


def effect(name, measure, verdict, lower=0.5):
    return Effect(name, measure, Spread(0.5, 0.7, 1.1), lower, verdict)


def flip(number, after="unknown", at=0.1):
    return Flip(number, "high", at, "M1", "better", after)


OLD = EscalationResults(
    points=4,
    headline="clash",
    beliefs=(belief("base"), belief("other")),
    frequencies=(
        frequency("base", 0.01),
        frequency("base", 0.001, "war"),
        frequency("base", 9.0, ladder="up"),
        frequency("other", 0.02),
        frequency("other", 0.002, "war"),
    ),
    effects=(
        effect("base", "M1", "better", 0.95),
        effect("base", "M2", "unknown", 0.6),
        effect("other", "M1", "better", 0.91),
        effect("other", "M2", "worse", 0.01),
    ),
    numbers=(),
    flips=(flip("damage"), flip("call")),
    published=(),
)


def test_the_same_results_moved_nothing():
    found = moved(OLD, OLD)
    assert (found.verdicts, found.changed) == (4, ())
    assert [(one.belief, one.level, one.factor, one.orders) for one in found.frequencies] == [
        ("base", "clash", 1.0, 0.0),
        ("other", "clash", 1.0, 0.0),
    ]
    for one in (found.new, found.gone):
        assert (one.beliefs, one.measures, one.flips) == ((), (), ())


def test_a_frequency_moves_by_a_factor_either_way():
    new = replace(OLD, frequencies=(frequency("base", 0.031), frequency("other", 0.0002)))
    up, down = moved(OLD, new).frequencies
    assert (up.factor, up.orders) == (3.0, pytest.approx(math.log10(3.1)))
    assert (down.factor, down.orders) == (100.0, pytest.approx(-2))
    assert (down.before, down.after) == (0.02, 0.0002)


def test_a_frequency_of_nothing_has_no_factor():
    new = replace(OLD, frequencies=(frequency("base", 0.0), frequency("other", 0.02)))
    first, _ = moved(OLD, new).frequencies
    assert (first.after, first.factor, first.orders) == (0.0, None, None)


@pytest.mark.parametrize("turned", [False, True])
def test_another_headline_is_compared_at_the_worse_one(turned):
    new = replace(
        OLD,
        headline="war",
        frequencies=(frequency("base", 0.002, "war"), frequency("other", 0.002, "war")),
    )
    found = moved(new, OLD) if turned else moved(OLD, new)
    assert found.headlines == (("war", "clash") if turned else ("clash", "war"))
    assert [one.level for one in found.frequencies] == ["war", "war"]
    assert found.frequencies[0].orders == pytest.approx(math.log10(0.5 if turned else 2))


def test_verdicts_are_compared_by_belief_and_measure():
    new = replace(
        OLD,
        effects=(
            effect("base", "M1", "unknown", 0.70),
            effect("base", "M2", "unknown", 0.7),
            effect("other", "M1", "unknown", 0.903),
            effect("other", "M2", "worse", 0.02),
        ),
    )
    first, second = moved(OLD, new).changed
    assert (first.belief, first.measure, first.before, first.after) == (
        "base", "M1", "better", "unknown",
    )  # fmt: skip
    assert (first.lower_before, first.lower_after, first.near) == (0.95, 0.70, False)
    assert (second.belief, second.near) == ("other", True)


def test_what_is_in_one_result_only_is_named_and_not_compared():
    new = replace(
        OLD,
        beliefs=(belief("base"), belief("third")),
        frequencies=(frequency("base", 0.01), frequency("third", 5.0)),
        effects=(
            effect("base", "M1", "better"),
            effect("base", "M3", "better"),
            effect("third", "M1", "worse"),
        ),
        flips=(flip("damage", at=0.2), flip("call", after="worse")),
    )
    there, back = moved(OLD, new), moved(new, OLD)
    assert (there.new, there.gone) == (back.gone, back.new)
    assert (there.new.beliefs, there.gone.beliefs) == (("third",), ("other",))
    assert (there.new.measures, there.gone.measures) == (("M3",), ("M2",))
    assert [(one.number, one.after) for one in there.new.flips] == [("call", "worse")]
    assert [(one.number, one.after) for one in there.gone.flips] == [("call", "unknown")]
    assert there.verdicts == 1
    assert [one.belief for one in there.frequencies] == ["base"]


def test_a_belief_that_now_refuses_numbers_tells_no_verdict():
    new = replace(
        OLD,
        beliefs=(belief("base"), belief("other", bounds_only=True)),
        frequencies=OLD.frequencies[:3],
        effects=OLD.effects[:2],
        bounds=(Bounds("other", "", 0.001, 0.1), Bounds("other", "M1", 0.5, 2.0)),
    )
    found = moved(OLD, new)
    assert [(one.measure, one.before, one.after) for one in found.changed] == [
        ("M1", "better", None),
        ("M2", "worse", None),
    ]
    wider = replace(new, bounds=(Bounds("other", "", 0.0005, 0.4),))
    moves = {one.of: one for one in moved(new, wider).frequencies if one.belief == "other"}
    assert {of: (one.factor, one.orders < 0) for of, one in moves.items()} == {
        "least": (2.0, True),
        "most": (4.0, False),
    }


@given(st.floats(1e-12, 1e12))
def test_one_digit_is_the_nearest_on_the_log_scale(factor):
    found = one_digit(factor)
    digit, _, power = f"{found:e}".partition("e")
    assert float(digit) == int(float(digit))
    steps = [float(f"{n}e{int(power) + k}") for n in range(1, 10) for k in (-1, 0, 1)]
    nearest = min(abs(math.log(factor / step)) for step in steps)
    assert abs(math.log(factor / found)) == pytest.approx(nearest, abs=1e-9)


def test_twice_the_rate_is_twice_as_often(make_case, measure):
    ladder = """\
levels: [calm, war]
headline: war
parameters:
  - {{id: starts, kind: rate, low: {low}, high: {high}}}
  - {{id: spreads, kind: probability, low: 0.1, high: 0.3}}
ladders:
  - {{id: up, title: Up, branch: accident, starts: starts, ends: war, \
path: [{{event: It spreads, p: spreads, otherwise: calm}}]}}
"""
    acts = "measures:\n" + measure(
        "M1", "{on: spreads, how: odds-ratio, value: {low: 0.3, high: 0.6}}"
    )
    results = [
        assess_escalation(make_case(ladder.format(low=low, high=2 * low), acts), points=2**8)
        for low in (1, 2)
    ]
    found = moved(*results)
    assert [(one.belief, one.factor) for one in found.frequencies] == [("base", 2.0)]
    assert found.frequencies[0].orders == pytest.approx(math.log10(2))
    assert (found.verdicts, found.changed) == (1, ())
