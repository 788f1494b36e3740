"""A case with every feature of the ladders at once: whole, finite, and the same each time."""

from __future__ import annotations

import dataclasses
import json
import pickle
from dataclasses import replace
from typing import Any

import pytest

from detente.case import model
from detente.elicitation.results import QuantityBelief, Spread
from detente.escalation.assess import assess_escalation
from detente.escalation.results import EscalationResults

LADDER = """
levels: [calm, shots, clash, war]
headline: shots
parameters:
  - {id: c, kind: probability, low: 0.05, high: 0.3}
  - {id: flights, kind: rate, counted: {incidents: air, start: 2015-04, end: 2020-09-15,
      reported: {low: 0.4, high: 0.9}}}
  - {id: flights-crisis, kind: rate, counted: {counts: [N1, N2]}}
  - {id: voyages, kind: rate, low: 1, high: 5, basis: assumed, source: us}
  - {id: ordered, kind: rate, value: 0.01}
  - {id: never, kind: probability, value: 0}
  - {id: sure, kind: probability, value: 1}
  - {id: fire, kind: probability, elicited: {quantity: E1, group: T1}}
  - {id: misread, kind: probability, low: 0.05, mid: 0.06, high: 0.4}
  - {id: misread-crisis, kind: probability, low: 0.3, high: 0.8}
  - {id: late, kind: probability, low: 0.2, high: 0.6, ci: 80}
  - {id: deaf, kind: probability, low: 0.1, high: 0.5}
  - {id: idle, kind: rate, low: 1, high: 2}
events:
  - {id: taken, p: misread}
  - {id: cut-off, at_least: 2, of: [late, deaf, taken]}
  - {id: one-sided, either_of: [late, taken]}
  - {id: unchecked, none_of: [deaf, one-sided]}
  - {id: gone, any_of: [cut-off, unchecked]}
  - {id: both, all_of: [gone, sure]}
ladders:
  - id: air
    title: x
    branch: accident
    starts: flights
    ends: war
    path:
      - {event: x, p: fire, otherwise: {ends: clash, path: [
          {event: x, p: taken, otherwise: calm}, {event: x, p: misread, otherwise: shots}]}}
      - {event: x, p: both, otherwise: shots}
  - {id: sea, title: x, branch: misread-signal, starts: voyages, ends: war, path: [
      {event: x, p: cut-off, otherwise: calm}, {event: x, p: fire, otherwise: clash}]}
  - {id: attack, title: x, branch: deliberate, starts: ordered, ends: war}
  - {id: myth, title: x, branch: false-alarm, starts: voyages, ends: war, path: [
      {event: x, p: never, otherwise: calm}]}
crisis:
  share: c
  instead: {flights: flights-crisis, misread: misread-crisis}
correlations:
  - {between: [misread, misread-crisis], r: 0.7}
  - {between: [c, late], r: -0.3}
quiet:
  - {id: q-war, level: war, years: 75, title: x}
  - {id: q-shots, level: shots, years: 5, title: x}
  - {id: q-calm, level: calm, years: 5, title: x}
published:
  - {id: e0, about: x, unit: probability-per-year, value: 1, beside: {level: war, years: 20}}
  - {id: e1, about: x, unit: probability-in-total, low: 0.01, high: 0.4,
     beside: {level: clash, ladder: air, years: 20}}
  - {id: e2, about: x, unit: probability-conditional, value: 0.3}
  - {id: e3, about: x, unit: probability-per-year, low: 0.01, high: 0.02,
     beside: {level: war, comparable: false}}
beliefs:
  - {id: numbers, title: x, numbers: [{id: deaf, kind: probability, value: 0.9},
      {id: flights, kind: rate, counted: {counts: [N1], reported: {value: 0.5}}}],
     acts: [{measure: M1, on: late, how: odds-ratio,
       value: {elicited: {quantity: E2, group: A}}}]}
  - {id: structures, title: x, without: [sea], events: [{id: gone, p: late}],
     ladders: [{id: land, title: x, branch: accident, starts: voyages, ends: clash, path: [
       {event: x, p: gone, otherwise: {ends: war, path: [
         {event: x, p: fire, otherwise: calm}]}}]}]}
  - {id: refusing, title: x, numbers: [
      {id: deaf, kind: probability, low: 0.1, high: 0.9, bounds_only: true},
      {id: voyages, kind: rate, low: 1, high: 9, bounds_only: true}]}
  - {id: refusing-idle, title: x, numbers: [
      {id: idle, kind: rate, low: 1, high: 9, bounds_only: true}]}
  - {id: refusing-acts, title: x, acts: [{measure: M2, on: flights, how: rate-ratio,
      value: {low: 0.4, high: 1.2, bounds_only: true}}]}
  - {id: nothing, title: x, without: [air, sea, attack, myth]}
  - {id: myth-alone, title: x, without: [air, sea, attack]}
"""


def measure(name, area, *acts, **more) -> str:
    links = "".join(f", {key}: [{', '.join(names)}]" for key, names in more.items())
    return (
        f"  - {{id: {name}, area: {area}, title: x, seen: unverified, unilateral: false, "
        f"verifiability: none, acts: [{', '.join(acts)}]{links}}}\n"
    )


MEASURES = "measures:\n" + "".join(
    (
        measure("M1", 1, "{on: late, how: odds-ratio, value: {low: 0.2, high: 0.9}}"),
        measure("M2", 1, "{on: flights, how: rate-ratio, value: {low: 0.4, high: 1.1}}",
                "{on: flights-crisis, how: rate-ratio, value: {low: 0.6, high: 1.1}}",
                needs=["M1"]),
        measure("M3", 2, "{on: deaf, how: replacement, value: {low: 0.01, high: 0.2}}",
                saturates_with=["M1"]),
        measure("M4", 2, "{on: misread-crisis, how: odds-ratio, value: {value: 2}}",
                excludes=["M3"]),
        measure("M5", 3, "{on: never, how: replacement, value: {low: 0.01, high: 0.2}}"),
        measure("M6", 4),
        measure("M7", 5, "{on: idle, how: rate-ratio, value: {value: 0.5}}"),
        measure("M8", 6, "{on: c, how: odds-ratio, value: {low: 0.3, high: 0.8}}"),
    )
)  # fmt: skip
ANSWERS = (
    QuantityBelief("T1", "E1", Spread(0.1, 0.25, 0.5), 0.25, 6, None),
    QuantityBelief("A", "E2", Spread(0.3, 0.6, 0.9), 0.6, 5, None),
)


@pytest.fixture(scope="module")
def case(make_case):
    incidents = [
        model.Incident(
            id=f"I{i}", date=f"{2015 + i % 6}-0{4 + i % 5}", place="x", domain="air", actor_a="A",
            actor_b="B", activity="x", injury="none", initiates="air", reported_by="A",
            status="verified",
        )
        for i in range(17)
    ]  # fmt: skip
    counts = [
        model.Count(id=f"N{i}", start=start, end=end, what="x", count=n, by="A", status="verified")
        for i, (start, end, n) in enumerate(
            [("2014-03", "2014-10", 40), ("2015", "2016", 25)], start=1
        )
    ]
    made = make_case(LADDER, MEASURES, seed=4)
    return replace(made, incidents=tuple(incidents), counts=tuple(counts))


@pytest.fixture(scope="module")
def results(case) -> EscalationResults:
    return assess_escalation(case, points=2**10, answers=ANSWERS)


def test_every_figure_is_finite(results):
    json.dumps(dataclasses.asdict(results), allow_nan=False)


def test_the_same_case_gives_the_same_results_to_the_last_bit(case, results):
    again = assess_escalation(case, points=2**10, answers=ANSWERS[::-1])
    assert pickle.dumps(again) == pickle.dumps(results)


def test_another_seed_gives_other_results(case, results):
    other = replace(case, about=case.about.model_copy(update={"seed": 5}))
    assert assess_escalation(other, points=2**10, answers=ANSWERS) != results


def test_every_part_speaks(results):
    for field in dataclasses.fields(results):
        if field.name != "orders":
            assert getattr(results, field.name), field.name


def test_a_belief_under_which_nothing_can_happen_ranks_no_measure(case, results):
    assert "nothing" in {one.id for one in results.beliefs}
    assert "nothing" not in beliefs_of(results.preferred)
    assert "base" in beliefs_of(results.preferred)
    kept = tuple(one for one in case.ladder.beliefs if one.id in ("numbers", "structures"))
    fewer = replace(case, ladder=case.ladder.model_copy(update={"beliefs": kept}))
    orders = assess_escalation(fewer, points=2**8, answers=ANSWERS).orders
    assert ("M1", "M4") in {(one.better, one.worse) for one in orders}
    assert all(0.9 <= one.least <= 1 for one in orders)


def beliefs_of(part) -> set[str]:
    return {one.belief for one in part}


def test_beliefs_that_refuse_tell_bounds_and_nothing_else(results):
    held = {one.id: one for one in results.beliefs}
    refusing = {name for name, one in held.items() if one.bounds_only}
    assert refusing == {"refusing", "refusing-acts"}
    assert beliefs_of(results.bounds) == refusing
    assert {name for name, one in held.items() if one.structure} == {
        "structures", "nothing", "myth-alone",
    }  # fmt: skip
    for part in (results.frequencies, results.ways, results.areas, results.drivers,
                 results.learning, results.observations, results.preferred):  # fmt: skip
        assert not beliefs_of(part) & refusing
    by_belief: dict[str, Any] = {}
    for one in results.effects:
        by_belief.setdefault(one.belief, []).append(one.measure)
    assert list(by_belief) == list(held)
    assert set(map(tuple, by_belief.values())) == {tuple(f"M{i}" for i in range(1, 9))}


def test_orders_of_magnitude_are_in_order(results):
    for one in (*results.frequencies, *results.ways):
        assert 0 <= one.per_year.low <= one.per_year.mid <= one.per_year.high
    for one in results.frequencies:
        assert 0 <= one.within_horizon.low <= one.within_horizon.high <= 1
    for one in results.effects:
        assert one.ratio is None or 0 < one.ratio.low <= one.ratio.mid <= one.ratio.high
    for one in results.bounds:
        assert 0 <= one.low <= one.high
    for one in results.observations:
        assert 0 < one.expected <= 1
        assert one.after.high <= one.before.high
    for one in results.learning:
        assert one.worth >= 0
    at = {(one.belief, one.ladder, one.level): one.per_year for one in results.frequencies}
    for (belief, ladder, level), found in at.items():
        worse = {"shots": "clash", "clash": "war"}.get(level)
        if worse:
            assert at[belief, ladder, worse].high <= found.high * (1 + 1e-12)


def test_a_world_where_it_cannot_happen_says_so(results):
    effects = {(one.belief, one.measure): one for one in results.effects}
    assert effects["myth-alone", "M5"].verdict == "worse"
    assert effects["myth-alone", "M5"].ratio is None
    assert effects["nothing", "M1"].verdict == "no-difference"
    assert effects["base", "M6"].verdict == "unknown"
    assert effects["base", "M7"].verdict == "unknown"
    assert {one.measure for one in results.effects if one.verdict == "better"}
