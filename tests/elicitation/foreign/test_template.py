"""The workbooks to fill in: their columns are those that the readers know."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook

from detente.elicitation.foreign.excalibur import read_cooke_table
from detente.elicitation.foreign.idea_csv import PLAIN, read_idea
from detente.elicitation.foreign.pairs import read_comparisons
from detente.elicitation.foreign.polis import read_conversation
from detente.elicitation.foreign.template import columns, workbook
from detente.ground.errors import CaseError, UsageError

VERBS = ("pool", "cooke", "rank", "statements", "groups")


@pytest.mark.parametrize("verb", VERBS)
def test_the_first_sheet_is_columns_and_an_example_the_second_explains_each(verb: str) -> None:
    book = load_workbook(io.BytesIO(workbook(verb)))
    first, second = book.worksheets
    rows = list(first.values)
    assert len(rows) == 2
    assert rows[0] == tuple(column.name for column in columns(verb))
    assert None not in rows[1]
    explained = {row[0]: row[2] for row in second.values if row[0]}
    assert explained.keys() == {*rows[0], "column"}
    assert all(len(words) > 20 for name, words in explained.items() if name != "column")


@pytest.mark.parametrize("verb", VERBS)
def test_the_same_bytes_on_every_day(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = workbook(verb)
    dates = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert dates == {(2000, 1, 1, 0, 0, 0)}
    core = zipfile.ZipFile(io.BytesIO(first)).read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert str(datetime.now().year) not in core  # noqa: DTZ005
    assert workbook(verb) == first


def test_the_examples_are_read_as_they_stand() -> None:
    ratings = read_idea("a.xlsx", workbook("pool"))
    assert ratings.answers.ravel().tolist() == [0.05, 0.2, 0.5]
    assert ratings.confidence.item() == 0.9
    study = read_cooke_table("a.xlsx", workbook("cooke"))
    assert study.realisations.tolist() == [35]
    votes = read_conversation("a.xlsx", workbook("statements"))
    assert (votes.people, votes.camps, votes.values.tolist()) == (("p01",), ("A",), [1])
    with pytest.raises(CaseError, match="fewer than two items"):  # its columns are known
        read_comparisons("a.xlsx", workbook("rank"))


def test_what_is_needed_is_what_the_reader_needs() -> None:
    needed = {column.name for column in columns("pool") if column.needed}
    assert needed == set(PLAIN)


def test_words_come_in_the_reader_s_language() -> None:
    book = load_workbook(io.BytesIO(workbook("rank", lambda words: f"<{words}>")))
    cells = [cell for row in book.worksheets[1].values for cell in row if cell]
    assert "<column>" in cells
    assert book.worksheets[0]["A1"].value == "person"  # the reader knows no other name


def test_there_is_no_other_workbook() -> None:
    with pytest.raises(UsageError, match="pool, cooke"):
        workbook("plan")
