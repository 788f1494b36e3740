"""A frame is a full table."""

from __future__ import annotations

import pytest

from detente.report.document import Column, Frame

COLUMNS = (Column("a", "A"), Column("b", "B"))


@pytest.mark.parametrize("row", [("x",), ("x", 1, 2), ()])
def test_a_row_with_too_few_or_too_many_cells_is_refused(row):
    with pytest.raises(ValueError, match="'f'"):
        Frame("f", COLUMNS, (("x", 1), row))


def test_a_frame_may_have_no_rows():
    assert Frame("f", COLUMNS, ()).rows == ()
