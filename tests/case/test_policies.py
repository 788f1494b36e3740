from __future__ import annotations

import pytest
from tests.case.mini import faults, found, mini, plant, replaced

from detente.case.read import examine
from detente.case.template import template_files

FAULTS = r"""
policies.yaml | felt:\n      - {party: NO | felt:\n      - {party: NOO
    policies[0].felt[0].party | `NOO` is no party of the case. | did you mean `NO`? | {party: NOO
policies.yaml | felt:\n      - {party: NO, risk: R2 | felt:\n      - {party: NO, risk: R7
    policies[0].felt[0].risk | `R7` is no risk of the case. | add it, or use one of R1, R2.
policies.yaml | own_view:\n      - {party: NO | own_view:\n      - {party: AA
    policies[0].own_view[0].party | `AA` is the party whose policy it is. | name another party.
policies.yaml | own_view:\n | own_view:\n      - {party: NO, risk: R2, raises: {value: 4}}\n
    policies[0].own_view[1] | tells of `R2` for `NO` twice. | \
    keep one of them. | - {party: NO, risk: R2, raises: {value: 3}}
policies.yaml | {low: 5, high: 9} | {low: 5, high: 11}
    policies[0].felt[0].raises.high | 11 is no rating. | keep it between 0 and 10.
policies.yaml | {value: 3} | {value: -1}
    policies[0].own_view[0].raises.value | -1 is no rating. | keep it between 0 and 10.
policies.yaml | {value: 3} | {value: 3, low: 2, high: 4}
    policies[0].own_view[0].raises | has both `value` and an interval. | \
    write `value` alone, or `low` and `high` with or without `mid`.
policies.yaml | {value: 3} | {value: 3, status: verified}
    policies[0].own_view[0].raises.status | is verified, though the basis is illustrative. | \
    write unverified, or give a source.
policies.yaml | {value: 3} | {value: 3, basis: source}
    policies[0].own_view[0].raises.source | `invented` is no source of the case. | \
    add it, or use note.
policies.yaml | measure: M3, party | measure: M9, party
    policies[0].cut_by[0].measure | `M9` is no measure of the case. | \
    add it, or use one of M1, M2, M3.
policies.yaml | measure: M3, party: NO | measure: M3, party: CC
    policies[0].cut_by[0].party | `CC` is no party for whom the policy raises a risk. | \
    use one of NO, or leave `party` out.
policies.yaml | cut_by:\n | cut_by:\n      - {measure: M3, party: NO, why: It is dark.}\n
    policies[0].cut_by[1] | names `M3` twice. | keep one of them. | NO, why: No boat
policies.yaml | , why: No boat comes close in the dark.} | }
    policies[0].cut_by[0].why | is missing. | add `why` (how it would, in one sentence).
"""


@pytest.mark.parametrize("fault", faults(FAULTS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


def test_a_measure_cuts_nothing_of_a_policy_that_raises_nothing(tmp_path):
    text = mini()["policies.yaml"]
    start, end = text.index("    felt:"), text.index("    cut_by:")
    (finding,) = found(tmp_path, {"policies.yaml": text[:start] + text[end:]})
    assert finding.key == "policies[0].cut_by[0]"
    assert finding.problem == "cuts nothing, since the policy raises no risk for others."


def test_no_view_is_invented_of_a_party_that_exists(tmp_path):
    about = replaced(mini()["case.yaml"], "name: Norland, real: false", "name: Norland, real: true")
    told = [one for one in found(tmp_path, {"case.yaml": about}) if one.file == "policies.yaml"]
    assert [one.key for one in told] == ["policies[0].felt[0].raises.basis"]
    assert told[0].problem == "is `illustrative` for a real party."


def test_nothing_is_elicited_from_a_party_that_was_not_asked(tmp_path):
    about = replaced(
        mini()["case.yaml"],
        "name: Norland, real: false, heard: panel",
        "name: Norland, real: false, heard: documents",
    )
    text = replaced(mini()["policies.yaml"], "high: 9}", "high: 9, basis: elicited}")
    told = found(tmp_path, {"case.yaml": about, "policies.yaml": text})
    wanted = "is `elicited` from `NO`, though case.yaml says `heard: documents`."
    assert wanted in {one.problem for one in told if one.file == "policies.yaml"}


def test_a_file_as_it_was_before_these_keys_still_reads(tmp_path):
    old = "format: detente/policies/1\npolicies:\n"
    old += "  - {id: P1, party: AA, title: Patrols, answers: [R1], source: note}\n"
    assert found(tmp_path, {"policies.yaml": old}) == []


def test_the_template_shows_every_key(tmp_path):
    for name, text in template_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    case, _ = examine(tmp_path)
    assert case is not None
    assert all(one.felt and one.own_view and one.cut_by for one in case.policies)
