"""Flips against a second way of finding them: a case with the number written as a point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from detente.case import model
from detente.case.case import Case
from detente.escalation import flips
from detente.escalation.assess import assess_escalation
from detente.escalation.flips import FLIP_POINTS
from detente.escalation.results import Flip

LADDER = """
levels: [calm, shots, war]
headline: war
parameters:
  - {id: flights, kind: rate, low: 0.01, high: 4}
  - {id: voyages, kind: rate, low: 0.05, high: 0.5}
  - {id: alarms, kind: rate, low: 0.02, high: 0.2, basis: elicited}
  - {id: fire, kind: probability, low: 0.01, high: 0.5}
  - {id: misread, kind: probability, low: 0.02, high: 0.9}
  - {id: line-fails, kind: probability, low: 0.05, high: 0.3}
  - {id: sure, kind: probability, value: 0.7}
events:
  - {id: no-way-back, any_of: [line-fails, misread]}
  - {id: misread-again, p: misread}
ladders:
  - {id: air, title: x, branch: accident, starts: flights, ends: war, path: [
      {event: x, p: fire, otherwise: calm}, {event: x, p: no-way-back, otherwise: shots}]}
  - {id: sea, title: x, branch: misread-signal, starts: voyages, ends: war, path: [
      {event: x, p: misread-again, otherwise: calm}, {event: x, p: sure, otherwise: shots}]}
  - {id: alarm, title: x, branch: false-alarm, starts: alarms, ends: war, path: [
      {event: x, p: misread, otherwise: calm}, {event: x, p: no-way-back, otherwise: calm}]}
beliefs: [{id: other, title: x, without: [air]}]
"""
ACTS = {
    "line": ["{on: line-fails, how: odds-ratio, value: {low: 0.2, high: 0.8}}"],
    "rules": [
        "{on: fire, how: odds-ratio, value: {low: 0.3, high: 1.2}}",
        "{on: voyages, how: rate-ratio, value: {low: 0.8, high: 1.3}}",
    ],
    "show": ["{on: misread, how: replacement, value: {low: 0.05, high: 0.5}}"],
    "quiet": ["{on: flights, how: rate-ratio, value: {low: 0.9, high: 1.05, basis: elicited}}"],
    "reckless": [
        "{on: flights, how: rate-ratio, value: {low: 0.7, high: 1.0}}",
        "{on: alarms, how: rate-ratio, value: {low: 1.0, high: 2.0}}",
    ],
}


@pytest.fixture
def case(make_case, measure) -> Case:
    return make_case(LADDER, "measures:\n" + "".join(measure(n, *a) for n, a in ACTS.items()))


def at_point(number: Any, end: str) -> Any:
    """The same number, stated as one of its ends."""
    return number.model_copy(
        update={"value": getattr(number, end), "low": None, "mid": None, "high": None}
    )


def assumed(number: Any) -> bool:
    return number.basis is None and number.value is None


def fixed_cases(case: Case) -> Iterator[tuple[str, str, float, Case]]:
    """Every case in which one assumed number stands at one of its ends."""
    for i, parameter in enumerate(case.ladder.parameters):
        for end in ("low", "high") if assumed(parameter) else ():
            parameters = list(case.ladder.parameters)
            parameters[i] = at_point(parameter, end)
            ladder = case.ladder.model_copy(update={"parameters": tuple(parameters)})
            at = getattr(parameter, end)
            yield (
                parameter.id,
                end,
                at,
                Case(case.about, measures_file=case.measures_file, ladder=ladder),
            )
    for i, measure in enumerate(case.measures):
        for j, act in enumerate(measure.acts):
            for end in ("low", "high") if assumed(act.value) else ():
                acts = list(measure.acts)
                acts[j] = act.model_copy(update={"value": at_point(act.value, end)})
                measures = list(case.measures)
                measures[i] = measure.model_copy(update={"acts": tuple(acts)})
                file: model.MeasuresFile = case.measures_file.model_copy(
                    update={"measures": tuple(measures)}
                )
                at = getattr(act.value, end)
                yield (
                    f"{measure.id}#{j + 1}",
                    end,
                    at,
                    Case(case.about, measures_file=file, ladder=case.ladder),
                )


def verdicts(case: Case) -> dict[str, str]:
    effects = assess_escalation(case, points=FLIP_POINTS).effects
    return {effect.measure: effect.verdict for effect in effects if effect.belief == "base"}


def test_flips_are_the_verdicts_of_cases_with_the_number_at_its_end(case):
    before = verdicts(case)
    wanted = [
        Flip(number, end, at, measure, before[measure], after)
        for number, end, at, fixed in fixed_cases(case)
        for measure, after in verdicts(fixed).items()
        if after != before[measure]
    ]
    found = assess_escalation(case, points=2**12).flips
    assert list(found) == wanted
    assert len({flip.number for flip in found}) > 4  # the case is made so that many turn
    assert {flip.end for flip in found} == {"low", "high"}


def test_what_is_not_assumed_and_what_is_a_point_cannot_flip(case):
    numbers = {flip.number for flip in assess_escalation(case, points=2**10).flips}
    assert numbers.isdisjoint({"alarms", "sure", "quiet#1"})


def test_fewer_points_than_flips_ask_for_are_all_used(case):
    assert assess_escalation(case, points=2**6).flips


def test_flips_rest_on_the_first_points(case, monkeypatch):
    many = assess_escalation(case, points=2**6).flips
    monkeypatch.setattr(flips, "FLIP_POINTS", 1)
    one = assess_escalation(case, points=1).flips
    assert assess_escalation(case, points=2**6).flips == one
    assert one != many
