"""Tables come back from CSV as they were, and run nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.sample import document

from detente.report.document import Column, Document, Frame, Table
from detente.report.write.csv import tables

CELLS = st.none() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def _one(*rows: tuple[str | float | None, ...]) -> Document:
    columns = tuple(Column(f"k{place}", f"Title {place}") for place in range(len(rows[0])))
    return document((Table(Frame("one", columns, rows), "Caption"),))


def _read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_frame_is_a_table():
    assert set(tables(document())) == {
        "priorities",
        "ledger",
        "bars",
        "frequencies",
        "single",
        "open",
    }


def test_the_header_holds_keys_and_spreadsheets_see_utf_8():
    data = tables(_one(("Łódź", 1.5)))["one"]
    assert data.startswith(b"\xef\xbb\xbfk0,k1\r\n")
    assert _read(data)[1] == ["Łódź", "1.5"]


@pytest.mark.parametrize(
    "text", ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")']
)
def test_what_would_run_as_a_formula_is_a_text(text):
    assert _read(tables(_one((text,)))["one"])[1] == ["'" + text]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (-5, "-5"),
        (-0.25, "-0.25"),
        (1 / 3, "0.333333333"),
        (12345678901, "12345678901"),
        (1e-7, "1e-07"),
    ],
)
def test_numbers_stay_numbers(number, shown):
    assert _read(tables(_one((number,)))["one"])[1] == [shown]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_any_cells_come_back(rows):
    data = tables(_one(("first", 1), *rows))["one"]
    read = _read(data)[2:]
    for row, cells in zip(rows, read, strict=True):
        for cell, text in zip(row, cells, strict=True):
            if cell is None or isinstance(cell, str):
                assert text in (cell or "", f"'{cell}")
                assert not text.startswith(("=", "+", "-", "@"))
            else:
                assert math.isclose(float(text), cell, rel_tol=1e-8, abs_tol=0)


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="inf"):
        tables(_one((math.inf,)))
