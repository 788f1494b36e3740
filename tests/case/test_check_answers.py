from __future__ import annotations

import pytest
from tests.case.mini import faults, found, line_of, mini, plant, replaced

from detente.case.check_answers import SCALES
from detente.case.model import QuestionKind

FAULTS = r"""
answers/T1.csv | a-1,AA,T1,1,Q7,M1 | a-1,AA,T1,1,X9,M1
    question | `X9` is no question of the case. | \
    add it, or use one of Q1, Q10, Q11, Q12, Q13, Q14, Q15, Q16 and others.
answers/T1.csv | a-1,AA,T1,1,Q7,M1 | a-3,AAA,T1,1,Q7,M1
    party | `AAA` is no party of the case. | did you mean `AA`?
answers/T1.csv | a-1,AA,T1,1,Q7,M1 | a-1,AA,T2,1,Q7,M1
    track | `T2` is no track of the case. | add it, or use T1.
answers/T1.csv | a-1,AA,T1,1,Q7,M1 | a-1,AA,T1,1,Q7,R1
    item | `R1` is no measure of the case. | add it, or use one of M1, M2, M3.
answers/T1.csv | a-1,AA,T1,1,Q1,R1 | a-1,AA,T1,1,Q1,M1
    item | `M1` is no risk of the case. | add it, or use one of R1, R2.
answers/T1.csv | a-1,AA,T1,1,Q5,M1,east | a-1,AA,T1,1,Q5,M1,eas
    about | `eas` is no side or party of the case. | did you mean `east`?
answers/T1.csv | a-1,AA,T1,1,Q5,M1,east | a-1,AA,T1,1,Q5,M1,
    about | is empty. | name the other side or party.
answers/T1.csv | a-1,AA,T1,1,Q5,M1,east | a-1,AA,T1,1,Q5,M1,west
    about | `west` is the participant's own. | name the other side or party.
answers/T1.csv | n-1,NO,T1,1,Q6,M1,west | n-1,NO,T1,1,Q6,M1,NO
    about | `NO` is the participant's own. | name the other side or party.
answers/T1.csv | a-1,AA,T1,1,Q4,M1, | a-1,AA,T1,1,Q4,M1,east
    about | is not asked here. | leave it empty for questions of kind red-line.
answers/T1.csv | a-1,AA,T1,1,Q4,M1,,,0, | a-1,AA,T1,1,Q4,M1,,,,
    value | is empty. | fill it, or leave the whole row out.
answers/T1.csv | a-1,AA,T1,1,Q1,R1,,0.025,0.05,0.1 | a-1,AA,T1,1,Q1,R1,,0,0.05,0.1
    low | 0 is off the scale of likelihood. | keep it strictly between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q1,R1,,0.025,0.05,0.1 | a-1,AA,T1,1,Q1,R1,,0.025,0.05,1
    high | 1 is off the scale of likelihood. | keep it strictly between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q3,M1,,5,20,40 | a-1,AA,T1,1,Q3,M1,,-101,20,40
    low | -101 is off the scale of gain. | keep it between -100 and 100.
answers/T1.csv | a-1,AA,T1,1,Q4,M1,,,0, | a-1,AA,T1,1,Q4,M1,,,2,
    value | 2 is off the scale of red-line. | keep it between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q4,M1,,,0, | a-1,AA,T1,1,Q4,M1,,,0.5,
    value | 0.5 is no whole number. | write a whole number.
answers/T1.csv | a-1,AA,T1,1,Q5,M1,east,,4, | a-1,AA,T1,1,Q5,M1,east,,10.5,
    value | 10.5 is off the scale of reassurance-expected. | keep it between 0 and 10.
answers/T1.csv | a-1,AA,T1,1,Q6,M1,east,,8, | a-1,AA,T1,1,Q6,M1,east,,80,
    value | 80 is off the scale of reassurance-received. | keep it between 0 and 10.
answers/T1.csv | a-1,AA,T1,1,Q7,M1,,,0, | a-1,AA,T1,1,Q7,M1,,,-1,
    value | -1 is off the scale of cost. | keep it between 0 and 10.
answers/T1.csv | a-1,AA,T1,1,Q8,M1,east,,0.7, | a-1,AA,T1,1,Q8,M1,east,,7,
    value | 7 is off the scale of kept. | keep it between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q2,R1,,,1, | a-1,AA,T1,1,Q2,R1,,,0,
    value | 0 is off the scale of priority. | keep it between 1 and 99.
answers/T1.csv | a-1,AA,T1,1,Q1,R1,,0.025,0.05,0.1 | a-1,AA,T1,1,Q1,R1,,,0.05,0.1
    low | is empty. | give the values that the true one would undercut and exceed 5 times in 100.
answers/T1.csv | a-1,AA,T1,1,Q3,M1,,5,20,40 | a-1,AA,T1,1,Q3,M1,,5,20,
    high | is empty. | give the values that the true one would undercut and exceed 5 times in 100.
answers/T1.csv | a-1,AA,T1,1,Q3,M1,,5,20,40 | a-1,AA,T1,1,Q3,M1,,50,20,40
    low | is not in the order low, value, high. | put the three in order.
answers/T1.csv | a-1,AA,T1,1,Q3,M1,,5,20,40 | a-1,AA,T1,1,Q3,M1,,20,20,20
    low | has an interval of no width. | widen it.
answers/T1.csv | a-1,AA,T1,1,Q2,R2,,,2, | a-1,AA,T1,1,Q2,R2,,,1,
    value | gives rank 1 twice. | give each rank to one risk.
answers/T1.csv | a-1,AA,T1,1,Q3,M2,,5,20,40,,2021-01-10,illustrative\na-1,AA,T1,1,Q4,M2 | \
    a-1,AA,T1,1,Q3,M2,,5,20,40,,2021-01-10,illustrative\na-1,AA,T1,1,Q4,M1
    - | answers the same question twice. | keep one answer.
answers/T1.csv | a-1,AA,T1,1,Q9,R1,,2,4,6 | a-1,AA,T1,1,Q9,R1,,2,4,11
    high | 11 is off the scale of consequence. | keep it between 0 and 10.
answers/T1.csv | a-1,AA,T1,1,Q9,R1,,2,4,6 | a-1,AA,T1,1,Q9,R1,,2,4,
    high | is empty. | give the values that the true one would undercut and exceed 5 times in 100.
answers/T1.csv | a-1,AA,T1,1,Q9,R1,,2,4,6, | a-1,AA,T1,1,Q9,R1,east,2,4,6,
    about | is not asked here. | leave it empty for questions of kind consequence.
answers/T1.csv | a-1,AA,T1,1,Q10,R1,R2 | a-1,AA,T1,1,Q10,R1,R1
    about | is the item itself. | name the risk that it is compared with.
answers/T1.csv | a-1,AA,T1,1,Q10,R1,R2 | a-1,AA,T1,1,Q10,R1,M1
    about | `M1` is no risk of the case. | add it, or use one of R1, R2.
answers/T1.csv | a-1,AA,T1,1,Q10,R1,R2 | a-1,AA,T1,1,Q10,R1,
    about | is empty. | name the risk that it is compared with.
answers/T1.csv | a-1,AA,T1,1,Q10,R1,R2,,1, | a-1,AA,T1,1,Q10,R1,R2,,2,
    value | 2 is off the scale of pairwise. | keep it between -1 and 1.
answers/T1.csv | a-1,AA,T1,1,Q10,R1,R2,,1, | a-1,AA,T1,1,Q10,R1,R2,,0.5,
    value | 0.5 is no whole number. | write a whole number.
answers/T1.csv | a-1,AA,T1,1,Q11,R1,set-1 | a-1,AA,T1,1,Q11,R1,
    about | is empty. | name the set that was shown.
answers/T1.csv | a-1,AA,T1,1,Q11,R1,set-1,,1, | a-1,AA,T1,1,Q11,R1,set-1,,-2,
    value | -2 is off the scale of best-worst. | keep it between -1 and 1.
answers/T1.csv | a-1,AA,T1,1,Q11,R2,set-1 | a-1,AA,T1,1,Q11,R1,set-1
    - | answers the same question twice. | keep one answer.
answers/T1.csv | a-1,AA,T1,1,Q12,R1,east | a-1,AA,T1,1,Q12,R1,
    about | is empty. | name the other side or party.
answers/T1.csv | a-1,AA,T1,1,Q12,R1,east | a-1,AA,T1,1,Q12,R1,AA
    about | `AA` is the participant's own. | name the other side or party.
answers/T1.csv | a-1,AA,T1,1,Q12,R1,east,,0.05, | a-1,AA,T1,1,Q12,R1,east,,0,
    value | 0 is off the scale of expected-say. | keep it strictly between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q13,R1,east | a-1,AA,T1,1,Q13,R1,eas
    about | `eas` is no side or party of the case. | did you mean `east`?
answers/T1.csv | a-1,AA,T1,1,Q13,R1,east,,0.025, | a-1,AA,T1,1,Q13,R1,east,,1,
    value | 1 is off the scale of expected-fear. | keep it strictly between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q14,E1,east | a-1,AA,T1,1,Q14,E1,west
    about | `west` is the participant's own. | name the other side or party.
answers/T1.csv | a-1,AA,T1,1,Q14,E1,east | a-1,AA,T1,1,Q14,R1,east
    item | `R1` is no quantity of the case. | add it, or use one of E1, E2, E3, E4, E5, E6.
answers/T1.csv | a-1,AA,T1,1,Q14,E1,east,,0.5, | a-1,AA,T1,1,Q14,E1,east,,1,
    value | 1 is off the scale of expected-do. | keep it strictly between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q15,E2,,0.01,0.02,0.1 | a-1,AA,T1,1,Q15,E2,,0.01,0.02,1.1
    high | 1.1 is off the scale of quantity. | keep it strictly between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q15,E2,,0.01,0.02,0.1 | a-1,AA,T1,1,Q15,E2,,0,0.02,0.1
    low | 0 is off the scale of quantity. | keep it strictly between 0 and 1.
answers/T1.csv | a-1,AA,T1,1,Q15,E4,,3,5,12 | a-1,AA,T1,1,Q15,E4,,0,5,12
    low | 0 is off the scale of quantity. | keep it between 1e-15 and 1e+15.
answers/T1.csv | a-1,AA,T1,1,Q15,E4,,3,5,12 | a-1,AA,T1,1,Q15,E4,,3,5,
    high | is empty. | give the values that the true one would undercut and exceed 5 times in 100.
answers/T1.csv | a-1,AA,T1,1,Q15,E4,,3,5,12 | a-1,AA,T1,1,Q15,S1,,3,5,12
    item | `S1` is no quantity of the case. | add it, or use one of E1, E2, E3, E4, E5, E6.
answers/T1.csv | a-1,AA,T1,1,Q16,S1,,,1, | a-1,AA,T1,1,Q16,S9,,,1,
    item | `S9` is no statement of the case. | add it, or use one of S1, S2.
answers/T1.csv | a-1,AA,T1,1,Q16,S1,,,1, | a-1,AA,T1,1,Q16,S1,,,3,
    value | 3 is off the scale of statement. | keep it between -1 and 1.
answers/T1.csv | a-1,AA,T1,1,Q16,S1,, | a-1,AA,T1,1,Q16,S1,east,
    about | is not asked here. | leave it empty for questions of kind statement.
answers/T1.csv | a-1,AA,T1,1,Q1,R1,,0.025,0.05,0.1, | a-1,AA,T1,1,Q1,R1,,0.025,0.05,0.1,0.5
    confidence | is `0.5`, not above 0.5. | \
    correct it (how sure the person is that low to high holds the value; empty is 0.9).
answers/T1.csv | a-1,AA,T1,1,Q1,R1,,0.025,0.05,0.1, | a-1,AA,T1,1,Q1,R1,,0.025,0.05,0.1,1
    confidence | is `1`, not below 1. | \
    correct it (how sure the person is that low to high holds the value; empty is 0.9).
answers/T1.csv | a-1,AA,T1,1,Q7,M1,,,0,, | a-1,AA,T1,1,Q7,M1,,,0,,0.8
    confidence | is not asked here. | leave it empty for questions of kind cost.
answers/T1.csv | a-1,AA,T1,1,Q12,R1,east,,0.05,, | a-1,AA,T1,1,Q12,R1,east,,0.05,,0.8
    confidence | is not asked here. | leave it empty for questions of kind expected-say.
"""


@pytest.mark.parametrize("fault", faults(FAULTS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


def test_every_kind_of_question_has_a_scale():
    assert set(SCALES) == set(QuestionKind.__args__)  # type: ignore[attr-defined]


def test_a_pseudonym_stands_for_one_party(tmp_path):
    text = replaced(mini()["answers/T1.csv"], "n-1,NO,T1,1,Q7,M1", "a-1,NO,T1,1,Q7,M3")
    [finding] = found(tmp_path, {"answers/T1.csv": text})
    assert (finding.line, finding.key) == (line_of(text, "a-1,NO"), "participant")
    assert finding.problem == "`a-1` answers for two parties."
    assert finding.mend == "give each person one pseudonym."


def test_people_answer_only_in_a_track_of_their_party(tmp_path):
    text = replaced(mini()["case.yaml"], "parties: [AA, NO]", "parties: [AA]")
    text = replaced(text, "released: [AA, NO]", "released: [AA]")
    text = replaced(text, "released_reasons: [NO]", "released_reasons: [AA]")
    text = replaced(text, "expected: {AA: 3, NO: 3}", "expected: {AA: 3}")
    findings = found(tmp_path, {"case.yaml": text})
    assert {(one.key, one.problem) for one in findings} == {
        ("party", "`NO` is no party of track `T1`.")
    }
    assert len(findings) == mini()["answers/T1.csv"].count(",NO,")


def test_only_parties_of_a_panel_answer(tmp_path):
    text = replaced(
        mini()["case.yaml"],
        "Norland, real: false, heard: panel",
        "N, real: false, heard: documents",
    )
    findings = found(tmp_path, {"case.yaml": text})
    assert {(one.key, one.problem, one.mend) for one in findings} == {
        (
            "party",
            "`NO` answers, though case.yaml says `heard: documents`.",
            "write `heard: panel`, or remove the row.",
        )
    }


@pytest.mark.parametrize("about", ["east", "NO"])
def test_no_answer_by_or_about_a_real_party_is_illustrative(tmp_path, about):
    case = replaced(mini()["case.yaml"], "Norland, real: false", "Norland, real: true")
    row = f"a-1,AA,T1,1,Q5,M1,{about},,4,,,2021-01-10,illustrative\n"
    answers = mini()["answers/T1.csv"].partition("a-1")[0] + row
    findings = found(tmp_path, {"case.yaml": case, "answers/T1.csv": answers})
    [finding] = [one for one in findings if one.file == "answers/T1.csv"]
    assert (finding.line, finding.key) == (3, "basis")
    assert finding.problem == "is `illustrative` for a real party."
    assert finding.mend == "remove the row; no opinion is invented for a party that exists."


INTERVALS = {
    "likelihood": "a-1,AA,T1,1,Q1,R1,,0.025,0.05,0.1,",
    "consequence": "a-1,AA,T1,1,Q9,R1,,2,4,6,",
    "gain": "a-1,AA,T1,1,Q3,M1,,5,20,40,",
    "quantity": "a-1,AA,T1,1,Q15,E4,,3,5,12,",
}


@pytest.mark.parametrize("kind", SCALES)
def test_a_confidence_goes_with_an_interval_and_with_nothing_else(tmp_path, kind):
    assert SCALES[kind].interval == (kind in INTERVALS)
    if kind in INTERVALS:
        text = replaced(mini()["answers/T1.csv"], INTERVALS[kind], f"{INTERVALS[kind]}0.8")
        assert found(tmp_path, {"answers/T1.csv": text}) == []


def test_a_quantity_on_the_real_scale_may_be_below_nothing(tmp_path):
    questions = replaced(mini()["questions.yaml"], "at sea, scale: positive", "at sea, scale: real")
    answers = replaced(mini()["answers/T1.csv"], "Q15,E4,,3,5,12", "Q15,E4,,-3,0,12")
    assert found(tmp_path, {"questions.yaml": questions, "answers/T1.csv": answers}) == []


@pytest.mark.parametrize("kind", ["Q10,R1,R2", "Q11,R1,set-1"])
def test_a_pair_and_a_set_may_be_asked_in_each_round(tmp_path, kind):
    text = mini()["answers/T1.csv"]
    again = f"a-1,AA,T1,2,{kind},,0,,,2021-01-10,illustrative\n"
    assert found(tmp_path, {"answers/T1.csv": text + again}) == []


def test_answers_do_not_repeat_that_there_is_nothing_to_ask_about(tmp_path):
    text = mini()["statements.yaml"].partition("statements:\n")[0]
    [finding] = found(tmp_path, {"statements.yaml": text})
    assert (finding.file, finding.key) == ("questions.yaml", "questions[15].kind")
    assert finding.problem == "has nothing to ask about."
