"""The numbers that the ladders rest on travel with their origin."""

from __future__ import annotations

from detente.escalation.assess import assess_escalation
from detente.ground.basis import Basis, Status

LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: rate, kind: rate, low: 0.1, high: 0.4, title: {en: Close approaches}}
  - {id: p, kind: probability, value: 0.2, basis: assumed, source: the authors}
  - {id: unused, kind: probability, value: 0.2}
ladders:
  - {id: air, title: x, branch: accident, starts: rate, ends: war, path: [
      {event: x, p: p, otherwise: calm}]}
beliefs:
  - id: other
    title: Others
    numbers: [{id: rate, kind: rate, value: 3}, {id: unused, kind: probability, value: 0.1}]
    acts: [{measure: M, on: p, how: odds-ratio, value: {value: 2}}]
published:
  - {id: forecast, about: War by 2030, unit: probability-in-total, low: 0.01, high: 0.04,
     period: 2026-2030, status: second-hand}
"""


def test_each_number_once_and_those_of_rivals_where_they_differ(make_case, measure):
    act = "{on: p, how: odds-ratio, value: {value: 0.5}}"
    orphan = "{on: unused, how: odds-ratio, value: {value: 0.5}}"
    case = make_case(LADDER, "measures:\n" + measure("M", act, orphan))
    found = {one.id: one for one in assess_escalation(case, points=2**4).numbers}
    assert list(found) == ["rate", "p", "M#1", "other:rate", "other:M#1"]
    assert found["rate"].what == "Close approaches"
    assert found["M#1"].what == "M, odds-ratio: p"
    assert (found["rate"].low, found["rate"].high) == (0.1, 0.4)
    assert found["p"].provenance.basis == Basis.ASSUMED
    assert found["p"].provenance.source == "the authors"
    assert found["other:rate"].mid == 3


def test_published_estimates_stand_beside_the_ladders(make_case):
    (found,) = assess_escalation(make_case(LADDER), points=2**4).published
    assert (found.id, found.unit, found.period) == (
        "forecast",
        "probability-in-total",
        "2026-2030",
    )
    assert 0.0199 < found.mid < 0.0205  # the middle of the log-odds
    assert found.provenance.status == Status.SECOND_HAND
