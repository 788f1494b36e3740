from __future__ import annotations

import pytest

from detente.ground.errors import (
    CaseError,
    DetenteError,
    Finding,
    PeerError,
    StoreError,
    UsageError,
)


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (
            Finding("a.yaml", 3, "b[0].c", "is 7.", "write 8."),
            "a.yaml:3: b[0].c: is 7. Mend: write 8.",
        ),
        (Finding("a.yaml", 3, "", "is 7.", "write 8."), "a.yaml:3: is 7. Mend: write 8."),
        (Finding("a.yaml", 0, "", "is 7.", "write 8."), "a.yaml: is 7. Mend: write 8."),
    ],
)
def test_a_finding_reads_as_file_line_key_problem_and_mend(finding, text):
    assert str(finding) == text


def test_findings_sort_by_file_and_line():
    later, sooner = Finding("a", 10, "", "", ""), Finding("a", 9, "z", "", "")
    assert sorted([Finding("b", 1, "", "", ""), later, sooner]) == [
        sooner,
        later,
        Finding("b", 1, "", "", ""),
    ]


def test_a_case_error_carries_every_finding():
    findings = (Finding("a", 1, "", "is x.", "y."), Finding("b", 2, "", "is z.", "w."))
    error = CaseError(findings)
    assert error.findings == findings
    assert str(error) == "a:1: is x. Mend: y.\nb:2: is z. Mend: w."


@pytest.mark.parametrize("kind", [CaseError, UsageError, PeerError, StoreError])
def test_every_error_has_the_one_root(kind):
    assert issubclass(kind, DetenteError)
