"""The frames of a document as CSV, one file each, for readers of R, Python and spreadsheets."""

from __future__ import annotations

import csv
import io
import math

from detente.report.document import Cell, Document, Frame
from detente.report.walk import frames

_DIGITS = 9
_READ_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables(document: Document) -> dict[str, bytes]:
    """Every frame of the document by its name, as UTF-8 with a byte order mark.

    The header holds the keys of the columns. A text that a spreadsheet would run as a formula gets
    an apostrophe before it; numbers have 9 significant digits.

    Raises
    ------
    ValueError
        Two different frames have one name, or a number is not finite.
    """
    return {name: _table(frame) for name, frame in frames(document).items()}


def _table(frame: Frame) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_cell(column.key) for column in frame.columns])
    writer.writerows([_cell(cell) for cell in row] for row in frame.rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_READ_AS_FORMULA) else cell
    if isinstance(cell, int):
        return str(cell)
    if not math.isfinite(cell):
        raise ValueError(f"{cell} cannot stand in a table.")
    return f"{cell:.{_DIGITS}g}"
