from __future__ import annotations

import pytest
from tests.case.mini import faults, found, line_of, mini, plant, replaced

from detente.case.read import examine
from detente.ground.errors import Finding

FAULTS = r"""
questions.yaml | quantities:\n | quantities:\n  - {id: E6, title: It ends, scale: real}\n
    quantities[6].id | `E6` stands twice. | rename or remove one. | - {id: E6, title: A clash
questions.yaml | known: 1, source: note} | known: 1, source: not}
    quantities[0].source | `not` is no source of the case. | did you mean `note`?
questions.yaml | known: 1, source: note} | known: 0.5, source: note}
    quantities[0].known | is neither 0 nor 1. | write 1 where it happened, else 0.
questions.yaml | unit: boats} | unit: boats, known: 0}
    quantities[3].known | is not above 0. | correct it, or the scale.
questions.yaml | scale: positive, unit | scale: negative, unit
    quantities[3].scale | is `negative`. | write probability, positive or real.
questions.yaml | shorter: E2, longer: E3, times: 12 | shorter: E2, longer: E9, times: 12
    chains[0].longer | `E9` is no quantity of the case. | \
    add it, or use one of E1, E2, E3, E4, E5, E6.
questions.yaml | shorter: E2, longer: E3, times: 12 | shorter: R1, longer: E3, times: 12
    chains[0].shorter | `R1` is no quantity of the case. | \
    add it, or use one of E1, E2, E3, E4, E5, E6.
questions.yaml | shorter: E2, longer: E3, times: 12 | shorter: E4, longer: E3, times: 12
    chains[0].shorter | `E4` is no probability. | chain probabilities only.
questions.yaml | shorter: E2, longer: E3, times: 12 | shorter: E2, longer: E3, times: 1
    chains[0].times | is `1`, not above 1. | correct it (how many times longer, for example 12).
questions.yaml | steps: [E3, E5], direct: E6 | steps: [E3, R1], direct: E6
    chains[1].steps[1] | `R1` is no quantity of the case. | \
    add it, or use one of E1, E2, E3, E4, E5, E6.
questions.yaml | steps: [E3, E5], direct: E6 | steps: [E3, E4], direct: E6
    chains[1].steps[1] | `E4` is no probability. | chain probabilities only.
questions.yaml | steps: [E3, E5], direct: E6 | steps: [E3, E3], direct: E6
    chains[1].steps[1] | `E3` stands twice. | keep one of them.
questions.yaml | steps: [E3, E5], direct: E6 | steps: [E3, E5], direct: R1
    chains[1].direct | `R1` is no quantity of the case. | \
    add it, or use one of E1, E2, E3, E4, E5, E6.
questions.yaml | - {id: C2, steps | - {id: C1, steps
    chains[1].id | `C1` stands twice. | rename or remove one.
questions.yaml | themes:\n | themes:\n  - {id: near, title: Near}\n
    themes[1].id | `near` stands twice. | rename or remove one. | - {id: near, title: Too near
statements.yaml | source: note | source: not
    statements[1].source | `not` is no source of the case. | did you mean `note`?
statements.yaml | threshold: 0.7 | threshold: 0.5
    threshold | is `0.5`, not above 0.5. | \
    correct it (the share of a side from which on it counts as agreeing).
statements.yaml | statements:\n | statements:\n  - {id: S2, text: Neither shore is bound.}\n
    statements[2].id | `S2` stands twice. | rename or remove one. | - {id: S2, text: The
reasons.csv | basis\n | basis\nW2,a-1,AA,T1,Q1,R2,Calls are late.,illustrative\n
    id | `W2` stands twice. | rename or remove one. | W2,n-1
reasons.csv | W2,n-1,NO,T1,Q1,R1 | W2,n-1,NO,T1,X1,R1
    question | `X1` is no question of the case. | \
    add it, or use one of Q1, Q10, Q11, Q12, Q13, Q14, Q15, Q16 and others.
reasons.csv | W2,n-1,NO,T1,Q1,R1 | W2,n-1,NO,T1,Q1,M1
    item | `M1` is no risk of the case. | add it, or use one of R1, R2.
reasons.csv | W2,n-1,NO,T1,Q1,R1 | W2,n-1,NO,T1,Q15,R1
    item | `R1` is no quantity of the case. | add it, or use one of E1, E2, E3, E4, E5, E6.
reasons.csv | W2,n-1,NO,T1,Q1,R1 | W2,n-1,NO,T1,Q16,R1
    item | `R1` is no statement of the case. | add it, or use one of S1, S2.
reasons.csv | W2,n-1,NO,T1,Q1,R1 | W2,n-9,NNO,T1,Q1,R1
    party | `NNO` is no party of the case. | did you mean `NO`?
reasons.csv | W2,n-1,NO,T1,Q1,R1 | W2,n-1,AA,T1,Q1,R1
    party | `n-1` answers for NO. | correct the party or the pseudonym.
reasons.csv | W2,n-1,NO,T1,Q1,R1 | W2,n-1,NO,T9,Q1,R1
    track | `T9` is no track of the case. | add it, or use T1.
reasons.csv | R1,Nobody answers calls.,illustrative | R1,,illustrative
    words | is empty. | fill it (the reason in one neutral sentence).
codes.csv | W2,c2,trust | W2,c2,trusty
    theme | `trusty` is no theme of the case. | did you mean `trust`?
codes.csv | W2,c2,trust | W9,c2,trust
    reason | `W9` is no reason of the case. | add it, or use one of W1, W2.
codes.csv | W2,c2,trust | W2,c1,trust
    - | `c1` codes `W2` twice. | keep one theme.
"""


@pytest.mark.parametrize("fault", faults(FAULTS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


def test_a_chain_has_one_of_two_forms(tmp_path):
    text = mini()["questions.yaml"]
    whole, product = "shorter: E2, longer: E3, times: 12", "steps: [E3, E5], direct: E6"
    for old, new in (
        (whole, "shorter: E2, longer: E3"),
        (whole, "shorter: E2, times: 12"),
        (whole, f"{whole}, direct: E6"),
        (whole, f"{whole}, steps: [E5]"),
        (product, "steps: [E3, E5]"),
        (product, "direct: E6"),
        (product, "steps: [], direct: E6"),
        (product, f"{product}, times: 12"),
        (product, f"{product}, {whole}"),
    ):
        [finding] = found(tmp_path, {"questions.yaml": replaced(text, old, new)})
        place = 0 if old == whole else 1
        assert (finding.key, finding.line) == (f"chains[{place}]", line_of(text, old)), new
        assert finding.problem == "needs either steps and direct, or shorter, longer and times."
        assert finding.mend == "state one of the two forms, and nothing of the other."


def test_a_positive_or_real_quantity_may_be_known(tmp_path):
    text = mini()["questions.yaml"]
    for new in ("scale: positive, unit: boats, known: 7.5", "scale: real, known: 0"):
        old = "scale: positive, unit: boats"
        assert found(tmp_path, {"questions.yaml": replaced(text, old, new)}) == []


def test_a_question_needs_something_to_ask_about(tmp_path):
    text = mini()["questions.yaml"]
    before, _, rest = text.partition("quantities:\n")
    themes = f"themes:{rest.partition('themes:')[2]}"
    findings = found(tmp_path, {"questions.yaml": before + themes})
    assert [(one.line, one.key) for one in findings] == [
        (line_of(text, "id: Q14,"), "questions[13].kind"),
        (line_of(text, "id: Q15,"), "questions[14].kind"),
    ]
    mend = "add `quantities` to questions.yaml, or remove the question."
    assert {(one.problem, one.mend) for one in findings} == {("has nothing to ask about.", mend)}


def test_a_statement_question_misses_its_file_once(tmp_path):
    plain = found(tmp_path, {})
    (tmp_path / "statements.yaml").unlink()
    _, [finding] = examine(tmp_path)
    assert plain == []
    assert (finding.file, finding.key) == ("questions.yaml", "questions[15].kind")
    assert finding.line == line_of(mini()["questions.yaml"], "id: Q16")
    assert finding.mend == "add `statements` to statements.yaml, or remove the question."


def test_what_is_known_of_real_parties_has_a_source(tmp_path):
    case = mini()["case.yaml"].replace("real: false", "real: true")
    questions = replaced(mini()["questions.yaml"], "known: 1, source: note", "known: 1")
    findings = found(tmp_path, {"case.yaml": case, "questions.yaml": questions})
    [finding] = [one for one in findings if one.file == "questions.yaml"]
    assert (finding.line, finding.key) == (line_of(questions, "id: E1,"), "quantities[0].known")
    assert (finding.problem, finding.mend) == (
        "has no source.",
        "name the document that tells it.",
    )
    assert found(tmp_path, {"questions.yaml": questions}) == []


def test_no_reason_of_a_real_party_is_illustrative(tmp_path):
    case = replaced(mini()["case.yaml"], "Norland, real: false", "Norland, real: true")
    findings = found(tmp_path, {"case.yaml": case})
    [finding] = [one for one in findings if one.file == "reasons.csv"]
    assert (finding.line, finding.key) == (line_of(mini()["reasons.csv"], "W2,"), "basis")
    assert finding.problem == "is `illustrative` for a real party."
    assert finding.mend == "remove the row; no opinion is invented for a party that exists."


def test_a_reason_may_come_from_somebody_who_answered_nothing(tmp_path):
    text = replaced(mini()["reasons.csv"], "W2,n-1,NO", "W2,n-9,NO")
    assert found(tmp_path, {"reasons.csv": text}) == []


def test_one_coder_alone_is_a_note(tmp_path):
    text = replaced(mini()["codes.csv"], "W1,c2,near\n", "").replace("W2,c2,trust\n", "")
    [finding] = found(tmp_path, {"codes.csv": text})
    assert finding == Finding(
        "codes.csv",
        3,
        "coder",
        "is the only coder.",
        "let a second person code them too: one coder has no reliability.",
        "note",
    )


@pytest.mark.parametrize("key", ["released_reasons", "expected"])
def test_what_a_track_says_of_parties_is_said_of_its_own(tmp_path, key):
    old, new = {
        "released_reasons": ("released_reasons: [NO]", "released_reasons: [CC]"),
        "expected": ("expected: {AA: 3, NO: 3}", "expected: {AA: 3, CC: 3}"),
    }[key]
    text = replaced(mini()["case.yaml"], old, new)
    [finding] = found(tmp_path, {"case.yaml": text})
    place = {"released_reasons": "[0]", "expected": ".CC"}[key]
    assert (finding.line, finding.key) == (line_of(text, new), f"tracks[0].{key}{place}")
    assert finding.problem == "`CC` is no party of this track."
