"""What a belief prefers with another's number: by hand, by formula, and by common points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from detente.assessment.agenda.facts import factual
from detente.assessment.agenda.swaps import (
    apart_in_ladders,
    preferred_when_scaled,
    swaps,
)
from detente.assessment.results import Disagreement, Turn
from detente.case.case import Case
from detente.case.model import CaseFile, LadderFile, MeasuresFile
from detente.elicitation.results import Difference, ElicitationResults, Perception, Spread
from detente.escalation.assess import assess_escalation
from detente.escalation.prepare import prepared

DEFAULTS = {"basis": "illustrative", "source": "a test", "date": "2026-11"}
NOBODY = ElicitationResults(0, (), (), (), (), ())
SURE = {"value": 1 - 1e-9}
Z90 = float(stats.norm.ppf(0.95))


def rate(name: str, low: float, high: float) -> dict[str, Any]:
    return {"id": name, "kind": "rate", "title": name, "low": low, "high": high}


def act(on: str, low: float, high: float) -> dict[str, Any]:
    value = {"value": low} if low == high else {"low": low, "high": high}
    return {"on": on, "how": "rate-ratio", "value": value}


def belief(name: str, holder: str | None = None, **more: Any) -> dict[str, Any]:
    held = {"held_by": holder} if holder else {}
    return {"id": name, "title": name, "source": "s", **held, **more}


def case(
    *beliefs: dict[str, Any],
    rates: tuple[dict[str, Any], ...] = (rate("r", 0.5, 4), rate("s", 1, 2)),
    also: tuple[dict[str, Any], ...] = (),
    **more: Any,
) -> Case:
    """Two ladders that always reach war; M1 halves r, and does what ``also`` says; M2 halves s."""
    about = {
        "format": "detente/case/1", "title": "t", "edition": "e", "date": "2026-01-01",
        "as_of": "2026-01-01", "summary": "s", "horizon_years": 5, "languages": ["en"], "seed": 1,
        "parties": [{"id": p, "name": p, "real": False, "heard": "panel"} for p in "LMR"],
        "sides": [
            {"id": "left", "name": "Left", "parties": ["L", "M"]},
            {"id": "right", "name": "Right", "parties": ["R"]},
        ],
    }  # fmt: skip
    ladder = {
        "format": "detente/ladder/1", "defaults": DEFAULTS, "levels": ["calm", "war"],
        "headline": "war",
        "parameters": [*rates, {"id": "one", "kind": "probability", "title": "one", **SURE}],
        "ladders": [
            {"id": name, "title": name, "branch": "accident", "starts": one["id"], "risk": name,
             "ends": "war", "path": [{"event": "x", "p": "one", "otherwise": "calm"}]}
            for name, one in zip(("air", "sea"), rates, strict=True)
        ],
        "beliefs": list(beliefs), **more,
    }  # fmt: skip
    measures = [
        {"id": name, "area": 1, "title": name, "seen": "verified", "unilateral": False,
         "verifiability": "observed", "acts": [act(one["id"], 0.5, 0.5), *own]}
        for name, one, own in zip(("M1", "M2"), rates, (also, ()), strict=True)
    ]  # fmt: skip
    return Case(
        about=CaseFile.model_validate(about),
        ladder=LadderFile.model_validate(ladder),
        measures_file=MeasuresFile.model_validate(
            {"format": "detente/measures/1", "defaults": DEFAULTS, "measures": measures}
        ),
    )


def mean(low: float, high: float) -> float:
    """The mean of a log-normal with these 5 % and 95 % quantiles."""
    sigma = math.log(high / low) / 2 / Z90
    return math.sqrt(low * high) * math.exp(sigma**2 / 2)


def mean_of_larger(low: float, high: float, than: float) -> float:
    """E max(X, k) of the same log-normal X: k P(X < k) + E[X; X > k] (Black and Scholes 1973)."""
    sigma = math.log(high / low) / 2 / Z90
    d = (math.log(math.sqrt(low * high) / than)) / sigma
    phi = stats.norm.cdf
    return float(than * phi(-d) + mean(low, high) * phi(d + sigma))


def found(one: Case) -> list[Disagreement]:
    made = prepared(one, points=64)
    return list(factual(one, NOBODY, assess_escalation(one, points=64), made))


def test_the_worth_of_learning_is_that_of_the_closed_form() -> None:
    by_number = {one.number: one for one in found(case())}
    er, es = mean(0.5, 4), mean(1, 2)
    least = er + es - max(er, es) / 2
    saved = (mean_of_larger(0.5, 4, es) - max(er, es)) / 2
    sigma = math.log(8) / 2 / Z90
    overtaken = float(stats.norm.cdf(math.log(es / math.sqrt(2)) / sigma))  # P(r < E s)
    one = by_number["r"]
    (turn,) = one.turns
    assert (one.a, one.b, one.in_a, one.in_b) == ("base", "", 0.5, 4)
    assert (turn.by, turn.holder, turn.joins, turn.leaves) == ("learning", "base", ("M2",), ("M1",))
    assert turn.worth == pytest.approx(saved / least, rel=1e-6)
    assert turn.chance == pytest.approx(overtaken, rel=1e-6)


def test_the_preferred_measure_is_that_of_the_larger_mean_rate() -> None:
    one = case(
        belief("few", "L", numbers=[rate("r", 0.1, 0.2)]),
        belief("many", "R", numbers=[rate("r", 9, 11), rate("s", 20, 21)]),
    )
    held = {
        "base": {"r": mean(0.5, 4), "s": mean(1, 2)},
        "few": {"r": mean(0.1, 0.2), "s": mean(1, 2)},
        "many": {"r": mean(9, 11), "s": mean(20, 21)},
    }
    tested = swaps(prepared(one, points=64))
    assert {(s.belief, s.by, s.number) for s in tested} == {
        (a, b, n) for a in held for b in held for n in "rs" if held[a][n] != held[b][n]
    }
    for s in tested:
        own, swapped = held[s.belief], {**held[s.belief], s.number: held[s.by][s.number]}
        for told, rates in ((s.before, own), (s.after, swapped)):
            assert told == ("M1" if rates["r"] > rates["s"] else "M2")


def test_what_a_measure_does_is_put_in_the_place_of_an_option() -> None:
    strong = {**act("s", 0.01, 0.01), "measure": "M2"}
    (there, back) = swaps(prepared(case(belief("strong", "R", acts=[strong])), points=64))
    assert (there.belief, there.measure, there.before, there.after) == ("base", "M2", "M1", "M2")
    assert (back.belief, back.measure, back.before, back.after) == ("strong", "M2", "M2", "M1")


def test_correlation_between_ladders_keeps_the_exact_way_and_within_one_does_not() -> None:
    correlated = [{"between": ["r", "s"], "r": 0.5, "note": "n"}]
    made = prepared(case(correlations=correlated), points=64)
    assert apart_in_ladders(made.at_headline["base"], made.base, made.together.block)
    assert not apart_in_ladders(made.at_headline["base"], made.base, ("r", "one"))


def test_common_points_agree_with_the_exact_way(monkeypatch: pytest.MonkeyPatch) -> None:
    one = case(
        belief("few", "L", numbers=[rate("r", 0.1, 0.2)]),
        belief("strong", "R", acts=[{**act("s", 0.01, 0.01), "measure": "M2"}]),
    )
    exact = swaps(prepared(one, points=2**10))
    monkeypatch.setattr("detente.assessment.agenda.swaps._polynomial", lambda _: None)
    assert swaps(prepared(one, points=2**10)) == exact


def test_a_likelihood_turns_what_the_ladders_of_its_risk_prefer() -> None:
    made = prepared(case(), points=2**10)  # with E r = 1.75 and E s = 1.43
    ladders = [one for one in made.at_headline["base"] if one.id == "air"]
    assert preferred_when_scaled(made, ladders, (1.0, 0.7, 0.9)) == ("M1", "M2", "M1")


def parted(one: Case, in_a: float, in_b: float) -> Disagreement:
    flat = [
        Perception(s, "air", Spread(p, p, p), p, 6) for s, p in (("left", in_a), ("right", in_b))
    ]
    tells = Difference("left", "right", "air", Spread(2, 3, 4), 6, 6, tells=True)
    heard = ElicitationResults(12, (), tuple(flat), (), (tells,), ())
    made = prepared(one, points=2**10)
    return next(factual(one, heard, assess_escalation(one, points=64), made))


def test_a_parted_likelihood_says_what_it_would_change() -> None:
    wide, narrow = parted(case(), 0.5, 0.2), parted(case(), 0.5, 0.45)
    assert wide.turns == (Turn("preferred", "pivot", "base", ("M2",), ("M1",)),)
    assert narrow.turns == ()


def test_beliefs_held_on_one_side_are_no_disagreement_between_sides() -> None:
    low = [rate("r", 0.1, 0.2)]
    one = case(belief("a", "L", numbers=low), belief("b", "M", numbers=[rate("r", 9, 11)]))
    pairs = {(d.a, d.b) for d in found(one) if d.number == "r"}
    assert pairs == {("base", "a")}  # turns base, which a does; b holds the choice of base


def test_what_all_would_have_to_hold_for_a_measure_to_survive() -> None:
    harms = {**act("r", 1.5, 1.6), "measure": "M1"}
    one = case(belief("harm", "L", acts=[harms]), belief("help", "R", numbers=[rate("s", 1, 3)]))
    told = next(d for d in found(one) if d.measure == "M1")
    assert (told.a, told.b, told.number) == ("base", "harm", "")
    assert told.turns[0] == Turn("survivors", "pivot", "", ("M1",), ())


def test_the_number_on_which_the_effect_of_a_measure_turns_is_found() -> None:
    """M1 halves r and raises s by a fifth: harm where s is large, whatever else one holds."""
    rates = (rate("r", 1.9, 2.1), rate("s", 1.9, 2.1))
    many = belief("many", "L", numbers=[rate("s", 9, 11), rate("r", 1.8, 2)])
    told = next(d for d in found(case(many, rates=rates, also=(act("s", 1.2, 1.2),))) if d.measure)
    assert (told.measure, told.a, told.b, told.number) == ("M1", "base", "many", "s")
    assert (told.in_a, told.in_b) == pytest.approx((0.85, 0.5 * 1 / 6 + 1.2 * 5 / 6), rel=0.02)
    assert told.turns[0] == Turn("survivors", "pivot", "", ("M1",), ())


def test_swaps_are_the_same_twice() -> None:
    one = case(belief("few", "L", numbers=[rate("r", 0.1, 0.2)]))
    assert found(one) == found(one)
    assert np.isfinite([t.chance for d in found(one) for t in d.turns]).all()
