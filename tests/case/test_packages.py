"""Budgets, synergies and groups: what is found wrong in packages.yaml."""

from __future__ import annotations

import pytest
from tests.case.mini import faults, found, mini, plant, replaced

from detente.case.read import read_case
from detente.case.template import template_files
from detente.ground.basis import Basis

FAULTS = r"""
packages.yaml | parties: [AA, east] | parties: [AA, eastt]
    budgets[0].parties[1] | `eastt` is no party or side of the case. | did you mean `east`?
packages.yaml | {M1: 8, M2: 5, M3: 1} | {M1: 8, M2: 5, M4: 9}
    budgets[0].costs.M4 | `M4` is no measure of the case. | add it, or use one of M1, M2, M3.
packages.yaml | {M1: 8, M2: 5, M3: 1} | {M1: 8, M2: 5, M3: -1}
    budgets[0].costs.M3 | is `-1`, not at least 0. | \
    correct it (what each measure costs; one that is left out costs nothing).
packages.yaml | costs: {M1: 8, M2: 5, M3: 1} | costs: {}
    budgets[0].costs | is empty. | \
    fill it (what each measure costs; one that is left out costs nothing).
packages.yaml | {low: 12, high: 20} | {low: -12, high: 20}
    budgets[0].limit.low | -12 is less than nothing. | write 0 or more.
packages.yaml | {low: 12, high: 20} | {low: 12, high: 20, basis: source}
    budgets[0].limit.source | `invented` is no source of the case. | add it, or use note.
packages.yaml | {low: 12, high: 20} | {low: 12}
    budgets[0].limit | has neither `value` nor both `low` and `high`. | \
    write `value` alone, or `low` and `high` with or without `mid`.
packages.yaml | measures: [M1, [M2, M3]] | measures: [M1, [M2, M1]]
    synergies[0].measures[1][1] | `M1` stands twice. | keep one of them.
packages.yaml | measures: [M1, [M2, M3]] | measures: [M1, [M2, M2]]
    synergies[0].measures[1][1] | `M2` stands twice. | keep one of them.
packages.yaml | measures: [M1, [M2, M3]] | measures: [M1, M9]
    synergies[0].measures[1] | `M9` is no measure of the case. | add it, or use one of M1, M2, M3.
packages.yaml | measures: [M1, [M2, M3]] | measures: [M2, M3]
    synergies[0].measures | can never be had: `M2` and `M3` exclude each other. | \
    remove it, or `excludes` in measures.yaml.
packages.yaml | measures: [M1, [M2, M3]] | measures: [M1]
    synergies[0].measures | has fewer than 2 items. | \
    add to it (the measures that must all stand; a list among them stands for any one of it).
packages.yaml | west: {low: 2, high: 8} | wets: {low: 2, high: 8}
    synergies[0].gains.wets | `wets` is no side of the case. | did you mean `west`?
packages.yaml | west: {low: 2, high: 8} | AA: {low: 2, high: 8}
    synergies[0].gains.AA | `AA` is no side of the case. | add it, or use one of east, west.
packages.yaml | east: {value: -1} | east: {value: -101}
    synergies[0].gains.east.value | -101 is no change of a gain. | keep it between -100 and 100.
packages.yaml | east: {value: -1} | east: -1
    synergies[0].gains.east | is `-1`, not keys with values. | \
    write keys with values \
    (by side, what its gain changes by, in points of its answers, -100 to 100).
packages.yaml | \n    why: They know whom to call.\ngroups | \ngroups
    synergies[0].why | is missing. | \
    add `why` (why they are worth more or less together, in one sentence). | - measures: [M1, [
packages.yaml | measures: [M1, M2, M3] | measures: [M1, M2, M7]
    groups[0].measures[2] | `M7` is no measure of the case. | add it, or use one of M1, M2, M3.
packages.yaml | at_least: 1\n    at_most: 2 | at_least: 3\n    at_most: 2
    groups[0] | has `at_least` above `at_most`. | \
    state `at_least`, `at_most` or both, in order, for the measures that it names. | - id: G1
packages.yaml | at_least: 1\n    at_most: 2 | at_least: 4
    groups[0] | asks for more measures than it names. | \
    state `at_least`, `at_most` or both, in order, for the measures that it names. | - id: G1
packages.yaml | at_least: 1\n    at_most: 2 | at_least: 0
    groups[0] | has neither `at_least` nor `at_most`. | \
    state `at_least`, `at_most` or both, in order, for the measures that it names. | - id: G1
"""


@pytest.mark.parametrize("fault", faults(FAULTS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


def test_the_same_measures_are_named_once(tmp_path):
    start = mini()["packages.yaml"]
    again = (
        "synergies:\n  - {measures: [[M3, M2], M1], gains: {west: {value: 1}}, why: So it is.}\n"
    )
    (finding,) = found(tmp_path, {"packages.yaml": replaced(start, "synergies:\n", again)})
    assert finding.key == "synergies[1].measures"
    assert finding.problem == "names the same measures as one before."


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("{low: 12, high: 20}", "{low: 14, high: 20}", "budgets[0].limit"),
        ("at_least: 1\n    at_most: 2", "at_most: 3", "groups[0].at_most"),
    ],
)
def test_what_limits_nothing_is_told_and_is_no_error(tmp_path, old, new, key):
    text = replaced(mini()["packages.yaml"], old, new)
    (finding,) = found(tmp_path, {"packages.yaml": text})
    assert (finding.key, finding.level) == (key, "note")
    assert finding.problem.startswith("limits nothing")


def test_numbers_without_any_origin_are_found_once_each(tmp_path):
    text = mini()["packages.yaml"]
    start, end = text.index("defaults:"), text.index("budgets:")
    told = found(tmp_path, {"packages.yaml": text[:start] + text[end:]})
    assert {one.key for one in told} == {"budgets[0].basis", "synergies[0].basis"}


def test_no_change_of_a_gain_is_invented_of_a_party_that_exists(tmp_path):
    about = replaced(mini()["case.yaml"], "name: Norland, real: false", "name: Norland, real: true")
    told = [one for one in found(tmp_path, {"case.yaml": about}) if one.file == "packages.yaml"]
    assert {one.key for one in told} == {"budgets[0].basis", "synergies[0].gains.east.basis"}
    assert "is `illustrative` for a real party." in {one.problem for one in told}


def test_nothing_is_elicited_from_a_side_of_which_a_party_was_not_asked(tmp_path):
    about = replaced(
        mini()["case.yaml"],
        "name: Norland, real: false, heard: panel",
        "name: Norland, real: false, heard: documents",
    )
    text = replaced(mini()["packages.yaml"], "{value: -1}", "{value: -1, basis: elicited}")
    told = found(tmp_path, {"case.yaml": about, "packages.yaml": text})
    wanted = "is `elicited` from `NO`, though case.yaml says `heard: documents`."
    assert wanted in {one.problem for one in told if one.file == "packages.yaml"}


def test_a_case_without_the_file_has_neither_budgets_nor_synergies(root):
    case = read_case(root / "cases" / "euro-atlantic")
    assert case.packages_file.budgets == case.packages_file.synergies == ()


def test_the_file_of_the_training_case_is_invented_throughout(root):
    file = read_case(root / "cases" / "training").packages_file
    assert file.budgets
    assert file.synergies
    assert {file.own(one).basis for one in (*file.budgets, *file.synergies)} == {Basis.ILLUSTRATIVE}


def test_the_template_has_one_of_each(tmp_path):
    for name, text in template_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    file = read_case(tmp_path).packages_file
    assert [len(part) for part in (file.budgets, file.synergies, file.groups)] == [1, 1, 1]
