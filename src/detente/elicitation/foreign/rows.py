"""Rows of a table that other programs wrote, CSV or Excel, with every finding by its line.

Foreign tables claim no format and have columns of their own; a reader asks for those that it needs,
reads its cells through `Rows`, and calls `Rows.done` at the end: all findings come at once.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from detente.ground.errors import CaseError, Finding

MOST_ROWS = 2_000_000
EMPTY = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "None"})


@dataclass
class Rows:
    """The rows of one table: ``lines`` holds the line number and the cells of each, in order."""

    file: str
    columns: tuple[str, ...] = ()
    lines: list[tuple[int, list[str]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def find(self, line: int, column: str, problem: str, mend: str) -> None:
        """Record what is wrong at one place."""
        self.findings.append(Finding(self.file, line, column, problem, mend))

    def need(self, names: Collection[str]) -> None:
        """Stop, with every finding so far, where a column of ``names`` is missing."""
        for name in names:
            if name not in self.columns:
                known = ", ".join(self.columns[:12])
                self.find(1, name, "is no column of the table.", f"name it; there are: {known}.")
        self.done()

    def each(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line number and cells by column of every row."""
        for line, cells in self.lines:
            yield line, dict(zip(self.columns, cells, strict=True))

    def number(
        self,
        line: int,
        column: str,
        cell: str,
        *,
        low: float = -math.inf,
        high: float = math.inf,
    ) -> float | None:
        """The number in a cell; None where it is empty, or, with a finding, where it is none."""
        text = cell.strip()
        if text in EMPTY:
            return None
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.find(line, column, f"`{text[:40]}` is no number.", "write a number or nothing.")
            return None
        if not low <= number <= high:
            mend = f"keep it between {low:g} and {high:g}."
            self.find(line, column, f"{number:g} is off the scale.", mend)
            return None
        return number

    def done(self) -> None:
        """Raise `CaseError` with all findings where there is any."""
        if self.findings:
            raise CaseError(tuple(sorted(self.findings)))


def read_rows(file: str, data: bytes) -> Rows:
    """The table in ``data``: a workbook where the name ends in ``.xlsx``, else CSV in UTF-8.

    CSV has comma, semicolon or tab; of a workbook the first sheet counts. The first row names the
    columns; blank rows are left out.

    Raises
    ------
    CaseError
        Where it cannot be read as a table at all; ragged rows and columns named twice too.

    """
    rows = Rows(file)
    table = _workbook(rows, data) if file.lower().endswith(".xlsx") else _csv(rows, data)
    if not table and not rows.findings:
        rows.find(1, "", "is empty.", "write the names of the columns into the first row.")
    rows.done()
    rows.columns = tuple(name.strip() for name in table[0][1])
    rows.lines = table[1:]
    for place, name in enumerate(rows.columns):
        if name and name in rows.columns[:place]:
            rows.find(table[0][0], name, "names a column twice.", "rename or remove one.")
    for line, cells in rows.lines:
        if len(cells) != len(rows.columns):
            problem = f"has {len(cells)} cells where the header has {len(rows.columns)}."
            rows.find(line, "", problem, "add or remove cells; quote those that hold a comma.")
    rows.done()
    return rows


def _csv(rows: Rows, data: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        rows.find(line, "", "is not UTF-8 from here on.", "save the file as CSV in UTF-8.")
        return []
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=header.count), strict=True)
    table, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                table.append((line, cells))
            line = reader.line_num + 1
            if len(table) > MOST_ROWS:
                rows.find(line, "", f"has more than {MOST_ROWS} rows.", "split the file.")
                return []
    except csv.Error as error:
        rows.find(line, "", f"is no CSV from here on: {error}.", "check and close the quotes.")
        return []
    return table


def _workbook(rows: Rows, data: bytes) -> list[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        found = [["" if v is None else str(v) for v in row] for row in sheet.values]
    except Exception as error:  # noqa: BLE001 (openpyxl raises of many kinds on a broken file)
        rows.find(1, "", f"is no Excel workbook: {error}.", "save it as .xlsx or as CSV.")
        return []
    width = max((_last(row) for row in found), default=0)
    return [(n, row[:width]) for n, row in enumerate(found, start=1) if _last(row)]


def _last(row: list[str]) -> int:
    return max((place + 1 for place, cell in enumerate(row) if cell.strip()), default=0)
