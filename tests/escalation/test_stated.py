"""Numbers that come from counts and answers, put in place with their origin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.case import model
from detente.elicitation.results import QuantityBelief, Spread
from detente.escalation.assess import assess_escalation
from detente.escalation.evidence.counted import counted_rate
from detente.escalation.prepare import prepared
from detente.escalation.stated import stated
from detente.ground.basis import Basis, Status
from detente.ground.errors import CaseError

LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: flights, kind: rate, counted: {counts: [N1, N2]}}
  - {id: p, kind: probability, elicited: {quantity: E1, group: T1}}
  - {id: q, kind: probability, low: 0.1, high: 0.4, source: ours}
ladders:
  - {id: air, title: x, branch: deliberate, starts: flights, ends: war, path: [
      {event: x, p: p, otherwise: calm}, {event: x, p: q, otherwise: calm}]}
beliefs:
  - id: other
    title: x
    numbers:
      - {id: flights, kind: rate, counted: {counts: [N2], reported: {value: 0.5}}}
      - {id: q, kind: probability, elicited: {quantity: E1, group: west}}
    acts: [{measure: M1, on: p, how: odds-ratio, value: {elicited: {quantity: E2, group: T1}}}]
"""
ACT = "{on: q, how: odds-ratio, value: {elicited: {quantity: E2, group: A}}}"


def answer(group, quantity, low, mid, high, people=7) -> QuantityBelief:
    return QuantityBelief(group, quantity, Spread(low, mid, high), mid, people, None)


ANSWERS = (
    answer("T1", "E1", 0.02, 0.1, 0.3),
    answer("west", "E1", 0.2, 0.5, 0.6),
    answer("A", "E2", 0.3, 0.5, 0.9, people=4),
    answer("T1", "E2", 0.5, 0.8, 1.4),
    answer("A", "E1", 0.9, 0.91, 0.92),
)


@pytest.fixture
def case(make_case, measure):
    rows = [
        model.Count(id=f"N{i}", start=str(y), end=str(y), what="x", count=n, by="A",
                    status="verified")
        for i, (y, n) in enumerate([(2018, 4), (2019, 9)], start=1)
    ]  # fmt: skip
    return replace(make_case(LADDER, "measures:\n" + measure("M1", ACT)), counts=tuple(rows))


def numbers(one) -> tuple[float, ...]:
    return one.low, one.mid, one.high


def test_numbers_stand_in_the_place_of_counts_and_answers(case):
    plain = stated(case, ANSWERS)
    flights, p, q = plain.ladder.parameters
    expected = counted_rate(case, case.ladder.parameters[0].counted)
    assert numbers(flights) == numbers(expected)
    assert (flights.ci, flights.basis) == (90.0, Basis.COMPUTED)
    assert numbers(p) == (0.02, 0.1, 0.3)
    assert q is case.ladder.parameters[2]
    assert not any(one.from_elsewhere for one in plain.ladder.parameters)


def test_each_group_stands_for_the_numbers_that_name_it(case):
    plain = stated(case, ANSWERS)
    belief = plain.ladder.beliefs[0]
    assert numbers(belief.numbers[1]) == (0.2, 0.5, 0.6)
    assert numbers(belief.acts[0].value) == (0.5, 0.8, 1.4)
    assert numbers(plain.measures[0].acts[0].value) == (0.3, 0.5, 0.9)
    assert belief.acts[0].measure == "M1"
    half = counted_rate(case, model.Counted(counts=("N2",)))
    assert numbers(belief.numbers[0]) == pytest.approx([2 * end for end in numbers(half)])


def test_an_answer_says_how_many_people_of_whom_gave_it(case):
    p = stated(case, ANSWERS).ladder.parameters[1]
    assert (p.basis, p.status, p.date) == (Basis.ELICITED, Status.UNVERIFIED, "2026-11")
    assert p.source == "7 people of T1, question on E1"
    act = stated(case, ANSWERS).measures[0].acts[0].value
    assert act.source == "4 people of A, question on E2"


def test_the_numbers_are_those_that_the_ladders_are_run_with(case):
    made = prepared(case, points=2**4, answers=ANSWERS)
    assert made.base.parameters["p"].estimate.mid == 0.1
    assert made.held[1].parameters["q"].estimate.mid == 0.5
    assert made.held[1].changes["M1"][0].size.estimate.high == 1.4
    used = {one.id: one for one in assess_escalation(case, points=2**6, answers=ANSWERS).numbers}
    assert used["p"].provenance.basis is Basis.ELICITED
    assert used["flights"].provenance.source.startswith("computed from 13 events of counts N1, N2")
    assert used["other:flights"].provenance.source.endswith("50 % reported")
    assert used["M1#1"].mid == 0.5


def test_every_number_without_answers_that_may_be_shown_is_told_at_once(case):
    with pytest.raises(CaseError) as raised:
        stated(case, ANSWERS[:1])
    told = [(one.file, one.key) for one in raised.value.findings]
    assert told == [("ladder.yaml", "E1"), ("ladder.yaml", "E2"), ("measures.yaml", "E2")]
    assert {one.problem for one in raised.value.findings} == {
        "takes `E1` from the answers of west, of which none can be shown.",
        "takes `E2` from the answers of A, of which none can be shown.",
        "takes `E2` from the answers of T1, of which none can be shown.",
    }
    assert all("min_cell" in one.mend for one in raised.value.findings)


def test_a_case_that_takes_nothing_from_elsewhere_stays_as_it_is(make_case):
    plain = make_case(LADDER.replace("counted: {counts: [N1, N2]}", "low: 1, high: 4").split(
        "beliefs"
    )[0].replace("elicited: {quantity: E1, group: T1}", "value: 0.5"))  # fmt: skip
    assert stated(plain).ladder == plain.ladder


def test_answers_that_all_agree_are_a_point(case):
    agreed = (answer("T1", "E1", 0.1, 0.1, 0.1), *ANSWERS[1:])
    made = prepared(case, points=2**4, answers=agreed)
    assert (made.sample.values(made.base.parameters["p"]) == 0.1).all()
