"""`detente elicit template`: the workbook that it writes, filled in, is read by the verb."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from detente.cli.elicit.template import VERBS
from detente.cli.main import cli
from detente.ground.errors import UsageError

FILLED: dict[str, list[tuple]] = {
    "pool": [
        (person, "Q1", low, low + 10, low + 30, 1, None, "A")
        for person, low in (("p1", 5), ("p2", 20), ("p3", 40))
    ],
    "cooke": [
        (expert, item, low, low + 3, low + 9, "UNI", known)
        for expert, low in (("e1", 1.5), ("e2", 4))
        for item, known in (("I1", 5), ("I2", 6), ("I3", None))
    ],
    "rank": [
        (person, item, order.index(item) + 1, group)
        for person, order, group in (("p1", "xyz", "A"), ("p2", "zxy", "A"), ("p3", "yzx", "A"))
        for item in "xyz"
    ],
    "statements": [
        (f"p{n}", statement, vote, "A" if n < 4 else "B")
        for n in range(8)
        for statement, vote in (("S1", 1), ("S2", -1 if n < 4 else 1), ("S3", 0))
    ],
}
FILLED["groups"] = FILLED["statements"]


def invoke(*arguments: str | Path):
    return CliRunner().invoke(cli, ["elicit", *(str(argument) for argument in arguments)])


@pytest.mark.parametrize("verb", VERBS)
def test_the_workbook_filled_in_is_read_by_its_verb(verb: str, tmp_path: Path) -> None:
    path = tmp_path / f"{verb}.xlsx"
    made = invoke("template", verb, path)
    assert made.exit_code == 0, made.output
    assert f"detente elicit {verb}" in made.output.replace("\n", " ")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for place, row in enumerate(FILLED[verb], start=2):  # over the example row
        for column, value in enumerate(row, start=1):
            sheet.cell(place, column).value = value
    book.save(path)
    result = invoke(verb, path, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    found = json.loads(result.stdout)
    assert found["format"] == f"detente/elicit-{verb}/1"
    people = len({row[0] for row in FILLED[verb]})
    told = sum(one["people"] for one in found["camps"]) if verb == "statements" else found["people"]
    assert told == people


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert invoke("template", "pool", path).exit_code == 0
    before = path.read_bytes()
    again = invoke("template", "rank", path)
    assert isinstance(again.exception, UsageError)
    assert path.read_bytes() == before


def test_the_name_tells_a_workbook(tmp_path: Path) -> None:
    refused = invoke("template", "pool", tmp_path / "a.csv")
    assert ".xlsx" in str(refused.exception)
    assert not list(tmp_path.iterdir())
    assert invoke("template", "plan", tmp_path / "a.xlsx").exit_code == 2
