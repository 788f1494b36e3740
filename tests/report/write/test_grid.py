"""Cells as texts, and the side on which a column stands."""

from __future__ import annotations

import math

import pytest

from detente.report.document import Column, Frame
from detente.report.language import phrases
from detente.report.write.grid import grid

EN = phrases("en")
FRAME = Frame(
    "f",
    (
        Column("text", "Text", width=3),
        Column("share", "Share", digits=2),
        Column("year", "Year"),
        Column("mixed", "Mixed"),
        Column("sign", "Sign", "center"),
    ),
    (("a", 0.125, 2026, 1, "+"), ("", None, 1999, "none", "−")),
)


def test_cells_are_texts_and_nothing_is_a_dash():
    table = grid(FRAME, EN)
    assert table.rows == (("a", "0.12", "2026", "1", "+"), ("–", "–", "1999", "none", "−"))
    assert table.widths == pytest.approx((3, 1, 1, 1, 1))


def test_numbers_stand_right_unless_the_column_says_otherwise():
    assert grid(FRAME, EN).sides == ("left", "right", "right", "left", "center")


def test_columns_are_picked_in_the_order_asked_for():
    table = grid(FRAME, EN, ("year", "text"))
    assert table.titles == ("Year", "Text")
    assert table.rows == (("2026", "a"), ("1999", "–"))


def test_a_frame_without_rows_has_titles():
    table = grid(Frame("f", FRAME.columns, ()), EN)
    assert table.titles[0] == "Text"
    assert table.rows == ()


def test_an_unknown_column_is_refused():
    with pytest.raises(ValueError, match="nowhere"):
        grid(FRAME, EN, ("nowhere",))


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="nan"):
        grid(Frame("f", (Column("x", "X", digits=1),), ((math.nan,),)), EN)
