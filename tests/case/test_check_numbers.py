from __future__ import annotations

import pytest
from tests.case.mini import faults, found, mini, plant, replaced

# --- ranges, then provenance
FAULTS = r"""
ladder.yaml | low: 2, high: 8 | low: 0, high: 8
    parameters[0].low | 0 is no rate. | write a number above 0.
ladder.yaml | low: 2, high: 8 | value: -0.5
    parameters[0].value | -0.5 is no rate. | write a number above 0.
ladder.yaml | low: 0.02, high: 0.10 | low: 0, high: 0.10
    parameters[1].low | 0 is no probability. | \
    keep it between 0 and 1, the ends of an interval strictly between.
ladder.yaml | low: 0.02, high: 0.10 | low: 0.02, mid: 0.5, high: 1
    parameters[1].high | 1 is no probability. | \
    keep it between 0 and 1, the ends of an interval strictly between.
ladder.yaml | low: 0.02, high: 0.10 | value: 1.5
    parameters[1].value | 1.5 is no probability. | \
    keep it between 0 and 1, the ends of an interval strictly between.
ladder.yaml | low: 0.2, high: 0.6}\n    without | low: 0.2, high: 6}\n    without
    beliefs[0].numbers[0].high | 6 is no probability. | \
    keep it between 0 and 1, the ends of an interval strictly between. | high: 6}
ladder.yaml | low: 0.7, high: 1.2 | low: -0.7, high: 1.2
    beliefs[0].acts[0].value.low | -0.7 is no ratio. | write a number above 0.
ladder.yaml | low: 0.005, high: 0.05 | value: 5
    published[0].value | 5 is no probability. | \
    keep it between 0 and 1, the ends of an interval strictly between.
measures.yaml | low: 0.2, high: 0.8 | value: 0
    measures[0].acts[0].value.value | 0 is no ratio. | write a number above 0.
measures.yaml | how: odds-ratio, value: {low: 0.2, high: 0.8} | how: replacement, value: {value: 2}
    measures[0].acts[0].value.value | 2 is no probability. | \
    keep it between 0 and 1, the ends of an interval strictly between.
measures.yaml | how: rate-ratio, value: {low: 0.4 | how: replacement, value: {low: -4
    measures[1].acts[0].value.low | -4 is no rate. | write a number above 0.
ladder.yaml | low: 2, high: 8 | low: 1e-16, high: 8
    parameters[0].low | 1e-16 is too small to compute with. | write 1e-15 or more.
ladder.yaml | low: 0.02, high: 0.10 | value: 5e-324
    parameters[1].value | 4.94066e-324 is too small to compute with. | write 1e-15 or more.
ladder.yaml | source: note\nevents | date: 2020-01-01\nevents
    parameters[4].source | `invented` is no source of the case. | add it, or use note. | \
    id: ordered
ladder.yaml | basis: source\n    source: note | basis: source\n    source: paper
    parameters[4].source | `paper` is no source of the case. | add it, or use note.
ladder.yaml | basis: source\n    source: note | basis: assumed\n    source: us\n    \
status: verified
    parameters[4].status | is verified, though the basis is assumed. | \
    write unverified, or give a source.
ladder.yaml | low: 2, high: 8 | low: 2, high: 8, status: verified
    parameters[0].status | is verified, though the basis is illustrative. | \
    write unverified, or give a source.
"""


@pytest.mark.parametrize("fault", faults(FAULTS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


@pytest.mark.parametrize(
    ("left_out", "key", "mend"),
    [
        (
            "basis: illustrative, ",
            "basis",
            "add source, elicited, computed, assumed or illustrative",
        ),
        ("source: invented, ", "source", "say who and why."),
        ("date: 2021-01-31, ", "date", "add the day for which the number holds."),
    ],
)
def test_a_number_needs_basis_source_and_date_of_its_own_or_from_the_file(
    tmp_path, left_out, key, mend
):
    text = replaced(mini()["measures.yaml"], left_out, "")
    findings = found(tmp_path, {"measures.yaml": text})
    assert [(one.key, one.problem) for one in findings] == [
        (f"measures[{n}].acts[0].value.{key}", "is missing.") for n in (0, 1)
    ]
    assert all(one.mend.startswith(mend) for one in findings)


def test_a_number_from_a_document_needs_one_and_takes_its_date(tmp_path):
    text = replaced(
        mini()["measures.yaml"],
        "defaults: {basis: illustrative, source: invented, \
date: 2021-01-31, status: unverified}",
        "defaults: {basis: source}",
    )
    findings = found(tmp_path, {"measures.yaml": text})
    assert {one.key.rpartition(".")[2] for one in findings} == {"source"}
    assert {one.mend for one in findings} == {"name the document in sources.yaml."}
    assert (
        found(
            tmp_path,
            {"measures.yaml": text.replace("basis: source", "basis: source, source: note")},
        )
        == []
    )


def test_faulty_defaults_give_no_finding_on_the_numbers_that_rest_on_them(tmp_path):
    text = replaced(mini()["ladder.yaml"], "basis: illustrative", "basis: guessed")
    [finding] = found(tmp_path, {"ladder.yaml": text})
    assert (finding.line, finding.key) == (2, "defaults.basis")
    assert finding.problem == "is `guessed`."
    assert finding.mend == "write source, elicited, computed, assumed or illustrative."


@pytest.mark.parametrize("value", ["0", "1"])
def test_a_probability_without_uncertainty_may_be_0_or_1(tmp_path, value):
    text = replaced(mini()["ladder.yaml"], "low: 0.02, high: 0.10", f"value: {value}")
    assert found(tmp_path, {"ladder.yaml": text}) == []


def test_a_rate_without_uncertainty_may_be_0(tmp_path):
    text = replaced(mini()["ladder.yaml"], "value: 1e-3", "value: 0")
    assert found(tmp_path, {"ladder.yaml": text}) == []
