from __future__ import annotations

import pytest
from tests.case.mini import faults, found, line_of, mini, plant, replaced

from detente.case.check_ladder import MOST_GATES

FAULTS = r"""
ladder.yaml | headline: exchange | headline: exchanges
    headline | `exchanges` is no level of the case. | did you mean `exchange`?
ladder.yaml | headline: exchange | headline:
    headline | is missing. | name the level that ratios count from.
ladder.yaml | id: slow, p: call-late | id: slow, p: call-lat
    events[0].p | `call-lat` is no parameter of kind probability. | \
    did you mean `call-late`?
ladder.yaml | id: slow, p: call-late | id: slow, p: ordered
    events[0].p | `ordered` is no parameter of kind probability. | \
    add it, or use one of call-late, damage, misread.
ladder.yaml | all_of: [slow, misread] | all_of: [slow, misread, approaches]
    events[1].all_of[2] | `approaches` is no event or probability of the case. | \
    add it, or use one of call-late, damage, misread, slow, taken-for-attack.
ladder.yaml | id: slow, p: call-late | id: slow, any_of: [call-late, taken-for-attack]
    events[0] | contains itself: slow > taken-for-attack > slow. | break the circle.
ladder.yaml | id: slow, p: call-late | id: slow, none_of: [slow]
    events[0] | contains itself: slow > slow. | break the circle.
ladder.yaml | events:\n | events:\n  - {id: misread, p: damage}\n
    events[0].id | `misread` is also a parameter. | give the event another id. | - {id: misread, p
ladder.yaml | starts: approaches | starts: damage
    ladders[0].starts | `damage` is no parameter of kind rate. | \
    add it, or use one of approaches, ordered.
ladder.yaml | risk: R1 | risk: R1a
    ladders[0].risk | `R1a` is no risk of the case. | did you mean `R1`?
ladder.yaml | p: damage, | p: damages,
    ladders[0].path[0].p | `damages` is no event or probability of the case. | \
    did you mean `damage`?
ladder.yaml | p: taken-for-attack | p: approaches
    ladders[0].path[1].p | `approaches` is no event or probability of the case. | \
    add it, or use one of call-late, damage, misread, slow, taken-for-attack.
ladder.yaml | p: misread, otherwise | p: x, otherwise
    ladders[0].path[1].otherwise.path[0].p | `x` is no event or probability of the case. | \
    add it, or use one of call-late, damage, misread, slow, taken-for-attack.
ladder.yaml | p: damage, otherwise: contained | p: damage, otherwise: peace
    ladders[0].path[0].otherwise | `peace` is no level of the case. | \
    add it, or use one of contained, exchange, war.
ladder.yaml | ends: exchange | ends: exchanged
    ladders[0].path[1].otherwise.ends | `exchanged` is no level of the case. | \
    did you mean `exchange`?
ladder.yaml | p: misread, otherwise: contained | p: misread, otherwise: contain
    ladders[0].path[1].otherwise.path[0].otherwise | `contain` is no level of the case. | \
    did you mean `contained`?
ladder.yaml | starts: ordered\n    ends: war | starts: ordered\n    ends: wars
    ladders[1].ends | `wars` is no level of the case. | did you mean `war`?
ladder.yaml | held_by: NO | held_by: NOO
    beliefs[0].held_by | `NOO` is no party of the case. | did you mean `NO`?
ladder.yaml | held_by: NO | source: paper
    beliefs[0].source | `paper` is no source of the case. | add it, or use note.
ladder.yaml | without: [attack] | without: [attack, sea]
    beliefs[0].without[1] | `sea` is no ladder of the case. | did you mean `at-sea`?
ladder.yaml | id: misread, kind: probability, low: 0.2 | id: misreed, kind: probability, low: 0.2
    beliefs[0].numbers[0].id | `misreed` is no parameter of the case. | did you mean `misread`?
ladder.yaml | id: misread, kind: probability, low: 0.2 | id: misread, kind: rate, low: 0.2
    beliefs[0].numbers[0].kind | is rate, though `misread` is a probability. | \
    write `kind: probability`.
ladder.yaml | measure: M2 | measure: M5
    beliefs[0].acts[0].measure | `M5` is no measure of the case. | \
    add it, or use one of M1, M2, M3.
ladder.yaml | measure: M2, on: approaches | measure: M2, on: approach
    beliefs[0].acts[0].on | `approach` is no parameter of the case. | did you mean `approaches`?
ladder.yaml | on: approaches, how: rate-ratio | on: approaches, how: odds-ratio
    beliefs[0].acts[0].how | is odds-ratio, though `approaches` is a rate. | \
    write rate-ratio or replacement.
ladder.yaml | acts:\n | acts:\n      - {measure: M2, on: approaches, how: rate-ratio, \
value: {value: 0.5}}\n
    beliefs[0].acts[1].on | changes `approaches` twice. | join the two acts. | \
    how: rate-ratio, value: {low
measures.yaml | on: call-late | on: call-early
    measures[0].acts[0].on | `call-early` is no parameter of the case. | did you mean `call-late`?
measures.yaml | how: odds-ratio | how: rate-ratio
    measures[0].acts[0].how | is rate-ratio, though `call-late` is a probability. | \
    write odds-ratio or replacement.
measures.yaml | value: {low: 0.2, high: 0.8}} | value: {low: 0.2, high: 0.8}}\n      \
- {on: call-late, how: replacement, value: {value: 0.1}}
    measures[0].acts[1].on | changes `call-late` twice. | join the two acts.
"""


@pytest.mark.parametrize("fault", faults(FAULTS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


def test_a_ladder_without_a_deliberate_branch_is_noted_and_passes(tmp_path):
    text = replaced(mini()["ladder.yaml"], "branch: deliberate", "branch: false-alarm")
    [note] = found(tmp_path, {"ladder.yaml": text})
    assert (note.level, note.file, note.key) == ("note", "ladder.yaml", "ladders")
    assert note.line == line_of(text, "ladders:")
    assert note.problem == "has no deliberate branch: it frames every war as an accident."
    assert note.mend == "add one, or say in the summary why not."


def test_a_real_party_holds_a_belief_only_with_a_document(tmp_path):
    numbers = "basis: illustrative, source: invented"
    files = {
        "case.yaml": mini()["case.yaml"]
        .replace("name: Cedar\n    real: false", "name: Cedar\n    real: true")
        .replace("illustrative: true", "illustrative: false"),
        "measures.yaml": mini()["measures.yaml"].replace(numbers, "basis: assumed, source: us"),
        "packages.yaml": mini()["packages.yaml"].replace(numbers, "basis: assumed, source: us"),
        "ladder.yaml": mini()["ladder.yaml"]
        .replace(numbers, "basis: assumed, source: us")
        .replace("held_by: NO", "held_by: CC"),
    }
    [finding] = found(tmp_path, files)
    assert finding.key == "beliefs[0].source"
    assert finding.line == line_of(files["ladder.yaml"], "- id: eastern")
    assert finding.problem == "is missing, though `CC` is real."
    assert "no belief is invented for a state" in finding.mend
    files["ladder.yaml"] = files["ladder.yaml"].replace(
        "held_by: CC", "held_by: CC\n    source: note"
    )
    assert found(tmp_path, files) == []


@pytest.mark.parametrize("deep", [MOST_GATES, MOST_GATES + 1])
def test_gates_stand_on_each_other_to_a_depth(tmp_path, deep):
    gates = ["  - {id: g0, p: misread}", "  - {id: g1, any_of: [damage, g0]}"]
    gates += [f"  - {{id: g{n}, any_of: [damage, g{n - 1}]}}" for n in range(2, deep)]
    text = replaced(mini()["ladder.yaml"], "events:\n", "events:\n" + "\n".join(gates) + "\n")
    findings = found(tmp_path, {"ladder.yaml": text})
    if deep == MOST_GATES:
        assert findings == []
    else:
        [finding] = findings
        assert finding.key == f"events[{MOST_GATES}]"
        assert finding.line == line_of(text, f"id: g{MOST_GATES},")
        assert finding.problem == f"stands on more than {MOST_GATES} gates, one on another."
