"""`detente elicit plan`: what is told before anybody is asked, and the sheets."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli.main import cli
from detente.ground.errors import UsageError

ROOMY = ("--minutes", "1000", "--judgements", "1000")


@pytest.fixture(scope="module")
def case(root: Path):
    """The training case, read once for all tests."""
    from detente.case.read import read_case

    return read_case(root / "cases" / "training")


@pytest.fixture
def invoke(case, root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("detente.case.read.read_case", lambda _folder: case)

    def run(*options: str | Path):
        arguments = ["elicit", "plan", root / "cases" / "training", *options]
        return CliRunner().invoke(cli, [str(one) for one in arguments])

    return run


def test_a_plan_that_holds_leaves_with_0(invoke) -> None:
    result = invoke(*ROOMY, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["format"] == "detente/elicit-plan/1"
    assert found["complete"]
    assert found["left_out"] == []
    assert found["people"] == len(found["sheets"])
    assert not [one for one in found["findings"] if one["level"] == "error"]
    assert sum(one["judgements"] for one in found["burdens"]) == found["judgements"]


def test_a_plan_without_room_leaves_with_1_and_says_what_to_mend(invoke) -> None:
    result = invoke("--minutes", "5", "--judgements", "5", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["left_out"]
    errors = [one for one in found["findings"] if one["level"] == "error"]
    plain = invoke("--minutes", "5", "--judgements", "5")
    assert plain.exit_code == 1
    assert all(one["mend"] in plain.output for one in errors)
    assert "Left out" in plain.output


def test_a_table_has_a_column_for_every_group(invoke) -> None:
    found = json.loads(invoke(*ROOMY, "--json").stdout)
    output = invoke(*ROOMY).output
    heads = [line for line in output.splitlines() if "Highland (" in line]
    sides = {one["group"]: one["people"] for one in found["tables"] if one["kind"] == "likelihood"}
    assert all(f"({people})" in "".join(heads) for people in sides.values())
    assert f"Highland ({sides['highland']})" in heads[0]


def test_people_are_told_by_party(invoke) -> None:
    found = json.loads(invoke(*ROOMY, "--people", "ALD=6, BRE=5,COR=4", "--json").stdout)
    asked = Counter(one["party"] for one in found["sheets"])
    assert asked == {"ALD": 6, "BRE": 5, "COR": 4}


@pytest.mark.parametrize("people", ["ALD", "ALD=x", "ALD=1,ALD=2", "=3", "ALD=-1"])
def test_people_that_cannot_be_read_are_refused(invoke, people: str) -> None:
    result = invoke("--people", people)
    assert isinstance(result.exception, UsageError)
    assert "PARTY=NUMBER" in str(result.exception)


def test_the_sheets_hold_what_everybody_is_asked(invoke, tmp_path: Path) -> None:
    result = invoke("--people", "ALD=6,BRE=5", "--judgements", "60", "--out", tmp_path / "plan")
    assert str(tmp_path / "plan" / "sheets.csv") in result.output.replace("\n", "")
    written = (tmp_path / "plan" / "sheets.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(written)))
    found = json.loads(invoke("--people", "ALD=6,BRE=5", "--judgements", "60", "--json").stdout)[
        "sheets"
    ]
    asked = sum(len(sheet["asks"]) for sheet in found)
    assert len(rows) == asked > 0
    assert {(row["party"], row["person"]) for row in rows} == {
        *(("ALD", str(n)) for n in range(1, 7)),
        *(("BRE", str(n)) for n in range(1, 6)),
    }
    assert all(row["question"] for row in rows)
    again = invoke("--people", "ALD=6,BRE=5", "--judgements", "60", "--out", tmp_path / "plan")
    assert isinstance(again.exception, UsageError)  # nothing is written over


def test_the_seed_deals_the_blocks(invoke) -> None:
    first, again, other = (
        json.loads(invoke("--judgements", "60", "--seed", seed, "--json").stdout)["sheets"]
        for seed in ("1", "1", "2")
    )
    assert first == again
    assert first != other
