from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.cycles import cycles
from tests.case.mini import faults, found, line_of, mini, plant, replaced

IDS = r"""
case.yaml | id: CC | id: CC\n    name: Cedar\n    real: false\n    heard: not-heard\n  - id: CC
    parties[3].id | `CC` stands twice. | rename one of them.
case.yaml | sides:\n | sides:\n  - {id: west, name: Isles, parties: [CC]}\n
    sides[1].id | `west` stands twice. | rename one of them. | id: west, name: West
case.yaml | tracks:\n | tracks:\n  - {id: T1, name: Other, parties: [AA, NO]}\n
    tracks[1].id | `T1` stands twice. | rename one of them. | - id: T1
sources.yaml | sources:\n | sources:\n  - {id: note, title: Other, status: verified}\n
    sources[1].id | `note` stands twice. | rename one of them. | - id: note
risks.yaml | risks:\n | risks:\n  - {id: R2, title: Other, pathway: doctrinal, domain: sea}\n
    risks[2].id | `R2` stands twice. | rename one of them. | id: R2, title: A false
measures.yaml | - id: M3 | - {id: M3, area: 1, title: A, seen: unverified, unilateral: true, \
verifiability: none}\n  - id: M3
    measures[3].id | `M3` stands twice. | rename one of them.
ladder.yaml | parameters:\n | parameters:\n  - {id: damage, kind: probability, value: 0.5}\n
    parameters[2].id | `damage` stands twice. | rename one of them. | id: damage, kind: probability, low
ladder.yaml | events:\n | events:\n  - {id: slow, p: misread}\n
    events[1].id | `slow` stands twice. | rename one of them. | id: slow, p: call-late
ladder.yaml | ladders:\n | ladders:\n  - {id: attack, title: A, branch: accident, starts: ordered, \
ends: war}\n
    ladders[2].id | `attack` stands twice. | rename one of them. | - id: attack
ladder.yaml | beliefs:\n | beliefs:\n  - {id: eastern, title: A}\n
    beliefs[1].id | `eastern` stands twice. | rename one of them. | - id: eastern
ladder.yaml | published:\n | published:\n  - {id: almanac, about: A, unit: probability-in-total, \
value: 0.1}\n
    published[1].id | `almanac` stands twice. | rename one of them. | id: almanac, about: An
questions.yaml | questions:\n | questions:\n  - {id: Q8, kind: kept, text: Is it?}\n
    questions[8].id | `Q8` stands twice. | rename one of them. | id: Q8, kind: kept, text: 'Is
policies.yaml | policies:\n | policies:\n  - {id: P1, party: NO, title: A, source: note}\n
    policies[1].id | `P1` stands twice. | rename one of them. | id: P1, party: AA
commitments.yaml | commitments:\n | commitments:\n  - {id: C1, party: AA, title: A, since: 2020-06, \
source: note}\n
    commitments[1].id | `C1` stands twice. | rename one of them. | - id: C1
incidents.csv | I2,2020-04 | I1,2020-03,Port,,,sea,AA,NO,fishing,,none,,,,,Both,,unverified,\nI2,2020-04
    id | `I1` stands twice. | rename one of them. | I1,2020-03,Port
counts.csv | N1,2020 | N1,2020-01,2020-02,A,1,,B,,unverified,\nN1,2020
    id | `N1` stands twice. | rename one of them.
grades.csv | I1,coder-2 | I1,coder-1
    - | `coder-1` grades `I1` twice. | keep one grade.
case.yaml | workshops: [ | workshops: [{id: W1, date: 2021-01-09},\n      
    tracks[0].workshops[1] | `W1` stands twice. | keep one of them.
case.yaml | languages: [en, fr] | languages: [en, fr, en]
    languages[2] | `en` stands twice. | keep one of them.
case.yaml | parties: [AA]} | parties: [AA, AA]}
    sides[0].parties[1] | `AA` stands twice. | keep one of them.
measures.yaml | needs: [M1] | needs: [M1, M1]
    measures[1].needs[1] | `M1` stands twice. | keep one of them.
ladder.yaml | levels: [contained, exchange, war] | levels: [contained, exchange, war, war]
    levels[3] | `war` stands twice. | keep one of them.
ladder.yaml | numbers:\n | numbers:\n      - {id: misread, kind: probability, low: 0.1, high: 0.5}\n
    beliefs[0].numbers[1] | `misread` stands twice. | keep one of them. | id: misread, kind: probability, low: 0.2, high
"""
REFERENCES = r"""
case.yaml | name: East shore, parties: [NO] | name: East shore, parties: [NOR]
    sides[1].parties[0] | `NOR` is no party of the case. | did you mean `NO`?
case.yaml | parties: [AA, NO] | parties: [AA, NO, XX]
    tracks[0].parties[2] | `XX` is no party of the case. | use the id of a party, or add one.
case.yaml | released: [AA, NO] | released: [AA, CC]
    tracks[0].released[1] | `CC` is no party of this track of the case. | use the id of a party of this track, or add one.
risks.yaml | source: note | source: nota
    risks[0].source | `nota` is no source of the case. | did you mean `note`?
measures.yaml | source: note\n    seen | source: joint-paper\n    seen
    measures[0].source | `joint-paper` is no source of the case. | use the id of a source, or add one. | source: joint-paper
measures.yaml | needs: [M1] | needs: [M9]
    measures[1].needs[0] | `M9` is no measure of the case. | did you mean `M3`?
measures.yaml | excludes: [M2] | excludes: [line]
    measures[2].excludes[0] | `line` is no measure of the case. | use the id of a measure, or add one.
measures.yaml | saturates_with: [M1] | saturates_with: [M1, line]
    measures[2].saturates_with[1] | `line` is no measure of the case. | use the id of a measure, or add one.
measures.yaml | party: AA | party: wets
    measures[0].decided_by[0].party | `wets` is no party or side of the case. | did you mean `west`?
measures.yaml | since: 2020-06-01, source: note | since: 2020-06-01, source: none
    measures[0].status[0].source | `none` is no source of the case. | did you mean `note`?
measures.yaml | by: east | by: easter
    measures[1].step.parts[1].by | `easter` is no party or side of the case. | did you mean `east`?
policies.yaml | party: AA | party: AB
    policies[0].party | `AB` is no party of the case. | use the id of a party, or add one.
policies.yaml | answers: [R1] | answers: [R1, X1]
    policies[0].answers[1] | `X1` is no risk of the case. | did you mean `R1`?
policies.yaml | source: note | source: notes
    policies[0].source | `notes` is no source of the case. | did you mean `note`?
commitments.yaml | party: NO | party: NOO
    commitments[0].party | `NOO` is no party of the case. | did you mean `NO`?
commitments.yaml | measure: M1 | measure: X
    commitments[0].measure | `X` is no measure of the case. | use the id of a measure, or add one.
commitments.yaml | source: note | source: notes
    commitments[0].source | `notes` is no source of the case. | did you mean `note`?
positions.csv | NO,M1 | east,M1
    party | `east` is no party of the case. | use the id of a party, or add one.
positions.csv | NO,M2 | NO,M22
    measure | `M22` is no measure of the case. | did you mean `M2`?
incidents.csv | no,at-sea | no,at-see
    initiates | `at-see` is no ladder of the case. | did you mean `at-sea`?
grades.csv | I2,coder-1 | I3,coder-1
    incident | `I3` is no incident of the case. | did you mean `I2`?
"""
OTHERS = r"""
case.yaml | fr: Deux rives | de: Zwei Ufer
    title.de | is no language of the case. | add it to `languages` in case.yaml, or use en, fr.
ladder.yaml | event: A boat is damaged | event: {xx: A boat}
    ladders[0].path[0].event.xx | is no language of the case. | add it to `languages` in case.yaml, or use en, fr.
case.yaml | id: east, | id: NO,
    sides[1].id | `NO` is also a party. | give the side another id.
case.yaml | parties: [AA]} | parties: [AA, NO]}
    sides[1].parties[0] | `NO` stands on two sides. | keep it on one of them. | id: east
case.yaml | - {id: east, name: East shore, parties: [NO]} |     # no more
    sides | declares one side only. | declare two or more, or none. | sides:
measures.yaml | title: A line | needs: [M2]\n    title: A line
    measures[1].needs | needs itself: M2 needs M1 needs M2. | break the circle. | needs: [M1]
measures.yaml | title: A line | needs: [M1]\n    title: A line
    measures[0].needs | needs itself: M1 needs M1. | break the circle. | needs: [M1]
measures.yaml | needs: [M1] | needs: [M1, M3]
    measures[1].excludes | can never stand: `M2` is excluded, though needed with it. | remove `needs` or `excludes`. | - id: M2
measures.yaml | excludes: [M2] | excludes: [M3]
    measures[2].excludes | can never stand: `M3` is excluded, though needed with it. | remove `needs` or `excludes`.
positions.csv | refused,2020-07 | refused,2021-02
    date | 2021-02 is later than `as_of` 2021-01-31. | correct the date, or `as_of` in case.yaml.
measures.yaml | since: 2020-06-01 | since: 2021-02-01
    measures[0].status[0].since | 2021-02-01 is later than `as_of` 2021-01-31. | correct the date, or `as_of` in case.yaml.
commitments.yaml | until: 2022-06-01 | until: 2019
    commitments[0].until | is earlier than `since`. | correct one of them.
counts.csv | 2020-12-31 | 2019-12-31
    end | is earlier than `start`. | correct one of them.
"""


@pytest.mark.parametrize("fault", faults(IDS + REFERENCES + OTHERS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)
