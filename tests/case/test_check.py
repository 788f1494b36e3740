from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.case.mini import faults, found, line_of, mini, plant, replaced

from detente.case.cycles import cycles

IDS = r"""
case.yaml | id: CC | id: CC\n    name: Cedar\n    real: false\n    heard: not-heard\n  - id: CC
    parties[3].id | `CC` stands twice. | rename or remove one.
case.yaml | sides:\n | sides:\n  - {id: west, name: Isles, parties: [CC]}\n
    sides[1].id | `west` stands twice. | rename or remove one. | id: west, name: West
case.yaml | tracks:\n | tracks:\n  - {id: T1, name: Other, parties: [AA, NO]}\n
    tracks[1].id | `T1` stands twice. | rename or remove one. | - id: T1
sources.yaml | sources:\n | sources:\n  - {id: note, title: Other, status: verified}\n
    sources[1].id | `note` stands twice. | rename or remove one. | - id: note
risks.yaml | risks:\n | risks:\n  - {id: R2, title: Other, pathway: doctrinal, domain: sea}\n
    risks[2].id | `R2` stands twice. | rename or remove one. | id: R2, title: A false
measures.yaml | - id: M3 | - {id: M3, area: 1, title: A, seen: unverified, unilateral: true, \
verifiability: none}\n  - id: M3
    measures[3].id | `M3` stands twice. | rename or remove one.
ladder.yaml | parameters:\n | parameters:\n  - {id: damage, kind: probability, value: 0.5}\n
    parameters[2].id | `damage` stands twice. | rename or remove one. | \
    id: damage, kind: probability, low
ladder.yaml | events:\n | events:\n  - {id: slow, p: misread}\n
    events[1].id | `slow` stands twice. | rename or remove one. | id: slow, p: call-late
ladder.yaml | ladders:\n | ladders:\n  - {id: attack, title: A, branch: accident, starts: ordered, \
ends: war}\n
    ladders[2].id | `attack` stands twice. | rename or remove one. | - id: attack
ladder.yaml | beliefs:\n | beliefs:\n  - {id: eastern, title: A}\n
    beliefs[1].id | `eastern` stands twice. | rename or remove one. | - id: eastern
ladder.yaml | published:\n | published:\n  - {id: almanac, about: A, unit: probability-in-total, \
value: 0.1}\n
    published[1].id | `almanac` stands twice. | rename or remove one. | id: almanac, about: An
questions.yaml | questions:\n | questions:\n  - {id: Q8, kind: kept, text: Is it}\n
    questions[8].id | `Q8` stands twice. | rename or remove one. | id: Q8, kind: kept, text: 'Is
policies.yaml | policies:\n | policies:\n  - {id: P1, party: NO, title: A, source: note}\n
    policies[1].id | `P1` stands twice. | rename or remove one. | - id: P1\n    party: AA
commitments.yaml | commitments:\n | commitments:\n  - {id: C1, party: AA, title: A, since: \
    2020-06, \
source: note}\n
    commitments[1].id | `C1` stands twice. | rename or remove one. | - id: C1
incidents.csv | I2,2020-04 | \
    I1,2020-03,Port,,,sea,AA,NO,fishing,,none,,,,,Both,,unverified,\nI2,2020-04
    id | `I1` stands twice. | rename or remove one. | I1,2020-03,Port
counts.csv | N1,2020 | N1,2020-01,2020-02,A,1,,B,,unverified,\nN1,2020
    id | `N1` stands twice. | rename or remove one.
grades.csv | I1,coder-2 | I1,coder-1
    - | `coder-1` grades `I1` twice. | keep one grade.
case.yaml | workshops: [ | workshops: [{id: W1, date: 2021-01-09},\n \
\n
    tracks[0].workshops[1] | `W1` stands twice. | keep one of them. | id: W1, date: 2021-01-10
case.yaml | languages: [en, fr] | languages: [en, fr, en]
    languages[2] | `en` stands twice. | keep one of them.
case.yaml | parties: [AA]} | parties: [AA, AA]}
    sides[0].parties[1] | `AA` stands twice. | keep one of them.
measures.yaml | needs: [M1] | needs: [M1, M1]
    measures[1].needs[1] | `M1` stands twice. | keep one of them.
ladder.yaml | levels: [contained, exchange, war] | levels: [contained, exchange, war, war]
    levels[3] | `war` stands twice. | keep one of them.
ladder.yaml | numbers:\n | numbers:\n      - {id: misread, kind: probability, low: 0.1, high: 0.5}\n
    beliefs[0].numbers[1] | `misread` stands twice. | keep one of them. | \
    id: misread, kind: probability, low: 0.2, high
"""
REFERENCES = r"""
case.yaml | name: East shore, parties: [NO] | name: East shore, parties: [NOR]
    sides[1].parties[0] | `NOR` is no party of the case. | did you mean `NO`?
case.yaml | parties: [AA, NO] | parties: [AA, NO, XX]
    tracks[0].parties[2] | `XX` is no party of the case. | add it, or use one of AA, CC, NO.
case.yaml | released: [AA, NO] | released: [AA, CC]
    tracks[0].released[1] | `CC` is no party of this track. | \
    add it, or use one of AA, NO.
risks.yaml | source: note | source: nota
    risks[0].source | `nota` is no source of the case. | did you mean `note`?
measures.yaml | source: note\n    seen | source: joint-paper\n    seen
    measures[0].source | `joint-paper` is no source of the case. | add it, or use note. | \
    source: joint-paper
measures.yaml | needs: [M1] | needs: [M9]
    measures[1].needs[0] | `M9` is no measure of the case. | add it, or use one of M1, M2, M3.
measures.yaml | excludes: [M2] | excludes: [line]
    measures[2].excludes[0] | `line` is no measure of the case. | add it, or use one of M1, M2, M3.
measures.yaml | saturates_with: [M1] | saturates_with: [M1, line]
    measures[2].saturates_with[1] | `line` is no measure of the case. | \
    add it, or use one of M1, M2, M3.
measures.yaml | party: AA | party: wets
    measures[0].decided_by[0].party | `wets` is no party or side of the case. | did you mean `west`?
measures.yaml | since: 2020-06-01, source: note | since: 2020-06-01, source: none
    measures[0].status[0].source | `none` is no source of the case. | did you mean `note`?
measures.yaml | by: east | by: easter
    measures[1].step.parts[1].by | `easter` is no party or side of the case. | did you mean `east`?
policies.yaml | party: AA | party: AB
    policies[0].party | `AB` is no party of the case. | add it, or use one of AA, CC, NO.
policies.yaml | answers: [R1] | answers: [R1, X1]
    policies[0].answers[1] | `X1` is no risk of the case. | add it, or use one of R1, R2.
policies.yaml | source: note | source: notes
    policies[0].source | `notes` is no source of the case. | did you mean `note`?
commitments.yaml | party: NO | party: NOO
    commitments[0].party | `NOO` is no party of the case. | did you mean `NO`?
commitments.yaml | measure: M1 | measure: X
    commitments[0].measure | `X` is no measure of the case. | add it, or use one of M1, M2, M3.
commitments.yaml | source: note | source: notes
    commitments[0].source | `notes` is no source of the case. | did you mean `note`?
positions.csv | NO,M1 | east,M1
    party | `east` is no party of the case. | add it, or use one of AA, CC, NO.
positions.csv | NO,M2 | NO,M22
    measure | `M22` is no measure of the case. | did you mean `M2`?
incidents.csv | no,at-sea | no,at-see
    initiates | `at-see` is no ladder of the case. | did you mean `at-sea`?
grades.csv | I2,coder-1 | I3,coder-1
    incident | `I3` is no incident of the case. | add it, or use one of I1, I2.
"""
OTHERS = r"""
case.yaml | fr: Deux rives | de: Zwei Ufer
    title.de | is no language of the case. | add it to `languages` in case.yaml, or use en, fr.
ladder.yaml | event: A boat is damaged | event: {xx: A boat}
    ladders[0].path[0].event.xx | is no language of the case. | \
    add it to `languages` in case.yaml, or use en, fr.
case.yaml | East shore, parties: [NO]} | \
    East shore, parties: [NO]}\n  - {id: CC, name: C, parties: [CC]}
    sides[2].id | `CC` is also a party. | give the side another id.
case.yaml | tracks:\n | tracks:\n  - {id: west, name: Track of the west, parties: [AA]}\n
    tracks[0].id | `west` is also a party or a side. | give the track another id. | \
    - {id: west, name: Track
case.yaml | tracks:\n | tracks:\n  - {id: CC, name: Track of one, parties: [AA]}\n
    tracks[0].id | `CC` is also a party or a side. | give the track another id. | - {id: CC, name
case.yaml | parties: [AA]} | parties: [AA, NO]}
    sides[1].parties[0] | `NO` stands on two sides. | keep it on one of them. | id: east
measures.yaml | title: A line | needs: [M2]\n    title: A line
    measures[0].needs | needs itself: M1 needs M2 needs M1. | break the circle. | needs: [M2]
measures.yaml | title: A line | needs: [M1]\n    title: A line
    measures[0].needs | needs itself: M1 needs M1. | break the circle. | needs: [M1]
measures.yaml | needs: [M1] | needs: [M1, M3]
    measures[1].excludes | can never stand: `M2` is excluded, though needed with it. | \
    remove `needs` or `excludes`. | - id: M2
measures.yaml | excludes: [M2] | excludes: [M3]
    measures[2].excludes | can never stand: `M3` is excluded, though needed with it. | \
    remove `needs` or `excludes`.
positions.csv | refused,2020-07 | refused,2021-02
    date | 2021-02 is later than `as_of` 2021-01-31. | correct the date, or `as_of` in case.yaml.
measures.yaml | since: 2020-06-01 | since: 2021-02-01
    measures[0].status[0].since | 2021-02-01 is later than `as_of` 2021-01-31. | \
    correct the date, or `as_of` in case.yaml.
commitments.yaml | until: 2022-06-01 | until: "2019"
    commitments[0].until | is earlier than `since`. | correct one of them.
counts.csv | 2020-12-31 | 2019-12-31
    end | is earlier than `start`. | correct one of them.
"""


@pytest.mark.parametrize("fault", faults(IDS + REFERENCES + OTHERS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


def test_a_cases_with_one_side_declares_two_or_none(tmp_path):
    text = replaced(mini()["case.yaml"], "  - {id: east, name: East shore, parties: [NO]}\n", "")
    findings = found(tmp_path, {"case.yaml": text, "answers/T1.csv": "", "measures.yaml": ""})
    [finding] = [one for one in findings if one.key == "sides"]
    assert finding.line == line_of(text, "sides:")
    assert finding.problem == "declares one side only."


def test_no_number_of_a_case_with_a_real_party_is_illustrative(tmp_path):
    text = replaced(mini()["case.yaml"], "name: Cedar\n    real: false", "name: C\n    real: true")
    findings = found(tmp_path, {"case.yaml": text})
    about, *numbers = findings
    assert (about.file, about.key) == ("case.yaml", "illustrative")
    assert about.problem == "is true, though a party of the case is real."
    assert {one.problem for one in numbers} == {"is illustrative in a case with real parties."}
    assert (
        len(numbers) == 4 + 2 + 1 + 2 + 1
    )  # parameters but for one from a source, belief, published, acts, a budget


LISTED = {
    "case.yaml": ("parties", "sides", "tracks"),
    "sources.yaml": ("sources",),
    "risks.yaml": ("risks",),
    "measures.yaml": ("measures",),
    "ladder.yaml": ("parameters", "events", "ladders", "levels", "beliefs", "published"),
    "questions.yaml": ("questions",),
    "policies.yaml": ("policies",),
    "packages.yaml": ("budgets", "synergies", "groups"),
    "calendar.yaml": ("windows", "waits"),
    "commitments.yaml": ("commitments",),
}
LISTS = [(file, key) for file, keys in LISTED.items() for key in keys]


@pytest.mark.parametrize(("file", "key"), LISTS)
def test_a_misspelt_list_gives_no_finding_about_its_ids(tmp_path, file, key):
    text = mini()[file].replace(f"\n{key}:", f"\n{key}s:")
    findings = found(tmp_path, {file: text})
    told = [(one.file, one.line, one.key, one.mend) for one in findings]
    strange = (file, line_of(text, f"{key}s:"), f"{key}s", f"did you mean `{key}`?")
    missing = [one for one in findings if one.key == key and one.problem == "is missing."]
    assert strange in told
    assert len(findings) == 1 + len(missing)


@pytest.mark.parametrize(("file", "key"), LISTS)
def test_a_list_that_is_none_gives_no_finding_about_its_ids(tmp_path, file, key):
    text = mini()[file] + f"{key}: 7\n"
    text = text.replace(f"\n{key}:", "\nold:", 1)
    problems = [(one.key, one.problem) for one in found(tmp_path, {file: text})]
    assert sorted(problems) == sorted([("old", "is no key here."), (key, "is `7`, not a list.")])


@pytest.mark.parametrize("file", [file for file, _ in LISTS] + ["incidents.csv"])
def test_a_file_that_cannot_be_read_gives_no_finding_about_its_ids(tmp_path, file):
    findings = found(tmp_path, {file: mini()[file] + '"'})
    assert [one.file for one in findings] == [file]


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "unknown"),
    [
        (
            "measures.yaml",
            "area: 3",
            "area: 9",
            "measures[0].area",
            ("needs: [M1]", "needs: [M1, X]"),
        ),
        ("ladder.yaml", "low: 2,", "low: two,", "parameters[0].low", ("p: misread", "p: misreat")),
        (
            "case.yaml",
            "heard: not-heard",
            "heard: no",
            "parties[2].heard",
            ("released: [AA", "released: [CC"),
        ),
        ("case.yaml", "seed: 7", "seed: -7", "seed", ("released: [AA", "released: [CC")),
    ],
)
def test_references_are_checked_beside_a_faulty_item(tmp_path, file, old, new, key, unknown):
    known, other = unknown
    text = replaced(mini()[file], old, new).replace(known, other, 1)
    findings = found(tmp_path, {file: text})
    assert len(findings) == 2
    assert {one.line for one in findings} == {line_of(text, new), line_of(text, other)}
    assert key in {one.key for one in findings}


def test_ids_of_items_that_cannot_be_read_are_not_called_unknown(tmp_path):
    text = replaced(mini()["measures.yaml"], "  - id: M1\n", "  - ID: M1\n")
    keys = {one.key for one in found(tmp_path, {"measures.yaml": text})}
    assert keys == {"measures[0].ID", "measures[0].id"}


def test_faults_in_several_files_come_out_at_once(tmp_path):
    files = {
        "case.yaml": mini()["case.yaml"].replace("seed: 7", "seed: -7").replace("01-10", "02-30"),
        "measures.yaml": mini()["measures.yaml"].replace("needs: [M1]", "needs: [M9]"),
        "ladder.yaml": mini()["ladder.yaml"].replace("headline: exchange", "headline: peace"),
        "positions.csv": mini()["positions.csv"].replace("AA,M1", "ZZ,M1"),
        "grades.csv": mini()["grades.csv"].replace("I2,coder-1,serious", "I2,coder-1,grave"),
        "answers/T1.csv": mini()["answers/T1.csv"].replace("Q4,M2,,,0", "Q4,M2,,,2", 1),
    }
    told = [(one.file, one.key) for one in found(tmp_path, files)]
    assert told == [
        ("answers/T1.csv", "value"),
        ("case.yaml", "tracks[0].workshops[0].date"),
        ("case.yaml", "seed"),
        ("grades.csv", "grade"),
        ("ladder.yaml", "headline"),
        ("measures.yaml", "measures[1].needs[0]"),
        ("positions.csv", "party"),
    ]


def _reaches(edges: dict[str, list[str]], start: str, goal: str) -> bool:
    """Whether any walk of at least one edge leads from ``start`` to ``goal``, by brute force."""
    reached = set(edges.get(start, ()))
    for _ in edges:
        reached |= {following for name in reached for following in edges.get(name, ())}
    return goal in reached


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"))))
def test_circles_are_found_where_a_name_reaches_itself(edges):
    found_circles = cycles(edges)
    assert bool(found_circles) == any(_reaches(edges, name, name) for name in edges)
    for chain in found_circles:
        assert chain[0] == chain[-1]
        assert len(chain) > 1
        assert all(after in edges[before] for before, after in pairwise(chain))


def test_a_long_circle_is_found_without_recursion():
    edges = {str(name): [str((name + 1) % 5_000)] for name in range(5_000)}
    [chain] = cycles(edges)
    assert len(chain) == 5_001
