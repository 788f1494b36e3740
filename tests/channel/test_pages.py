"""The pages on the line say what the code does."""

import re
from pathlib import Path

import pytest

from detente.channel.protocol.state import STANDING
from detente.channel.receipts import PASSAGE

ROOT = Path(__file__).resolve().parents[2]


def rows(name):
    lines = (ROOT / "docs" / name).read_text(encoding="utf-8").splitlines()
    return [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in lines
        if line.startswith("| ")
    ]


@pytest.mark.parametrize("table", [PASSAGE, STANDING])
def test_legal_moves_are_drawn_as_they_stand(table):
    drawn = [row for row in rows("line.md") if len(row) == 3]
    moves = {(*key, after) for key, after in table.items()}
    assert moves <= set(drawn)
    of_this_table = {here for here, _ in table}
    assert {row for row in drawn if row[0] in of_this_table} == moves


def test_every_test_that_the_threat_model_names_is_there():
    named = re.findall(r"`(test_\w+)`", (ROOT / "docs/threat-model.md").read_text(encoding="utf-8"))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 30
    assert set(named) <= there


def test_every_attacker_has_a_test_or_says_that_there_is_none():
    shown = [row[-1] for row in rows("threat-model.md") if len(row) == 5][1:]
    assert len(shown) > 15
    assert all("`test_" in cell or cell.startswith("none:") for cell in shown)
