from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.case.case import Case
from detente.case.check_numbers import numbers
from detente.case.read import examine, read_case
from detente.ground.basis import Basis

SHIPPED = ("training", "euro-atlantic")


@pytest.fixture
def euro_atlantic(root: Path) -> Case:
    return read_case(root / "cases" / "euro-atlantic")


def _bases(case: Case) -> Iterator[Basis]:
    for _, _, number, defaults, _ in numbers(case):
        yield case.provenance(number, defaults).basis


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_case_passes_the_check(root, name):
    case, findings = examine(root / "cases" / name)
    assert [str(one) for one in findings if one.level == "error"] == []
    assert case is not None


def test_the_training_case_is_invented_throughout(root):
    case = read_case(root / "cases" / "training")
    assert case.about.illustrative
    assert not any(party.real for party in case.about.parties)
    assert case.answers
    assert {row.basis for row in case.answers} == {"illustrative"}
    assert {row.basis for row in case.scores} == {Basis.ILLUSTRATIVE}
    assert case.criteria_file.defaults.basis is Basis.ILLUSTRATIVE
    stated = (*case.criteria_file.weights, *case.criteria_file.trend)
    assert {one.basis for one in stated} == {None}


def test_the_real_case_has_no_invented_number_and_no_answer(euro_atlantic):
    assert not euro_atlantic.about.illustrative
    assert euro_atlantic.answers == ()
    assert euro_atlantic.criteria == euro_atlantic.scores == ()
    assert list(_bases(euro_atlantic))
    assert Basis.ILLUSTRATIVE not in _bases(euro_atlantic)


def test_every_position_of_the_real_case_names_a_document(euro_atlantic):
    assert euro_atlantic.positions
    assert [row for row in euro_atlantic.positions if not row.document.strip()] == []
    assert all(party.real for party in euro_atlantic.about.parties)
