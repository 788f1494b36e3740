"""A table ready to be set: every cell a text, every column with its side and its width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.report.document import Cell, Column, Frame
from detente.report.language import Phrases
from detente.report.write.widths import fitted

Side = Literal["left", "right", "center"]
_NOTHING = "–"


@dataclass(frozen=True)
class Grid:
    """The texts of a table, the side on which each column stands, and the columns' widths."""

    titles: tuple[str, ...]
    sides: tuple[Side, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


def grid(frame: Frame, phrases: Phrases, shown: tuple[str, ...] = ()) -> Grid:
    """The table of a frame, or of those of its columns that ``shown`` names, in its order.

    A number stands right and has the column's digits; an empty cell is an en dash.

    Raises
    ------
    ValueError
        The frame has no such column, or a number is not finite.
    """
    keys = [column.key for column in frame.columns]
    places = [keys.index(key) for key in shown] if shown else list(range(len(keys)))
    columns = [frame.columns[place] for place in places]
    cells = [[row[place] for row in frame.rows] for place in places]
    pairs = list(zip(columns, cells, strict=True))
    texts = [[_text(cell, column, phrases) for cell in column_] for column, column_ in pairs]
    return Grid(
        titles=tuple(column.title for column in columns),
        sides=tuple(_side(column, column_) for column, column_ in pairs),
        widths=fitted(
            [column.width for column in columns],
            [(column.title, *column_) for column, column_ in zip(columns, texts, strict=True)],
        ),
        rows=tuple(zip(*texts, strict=True)),
    )


def _text(cell: Cell, column: Column, phrases: Phrases) -> str:
    if cell is None or cell == "":
        return _NOTHING
    if isinstance(cell, str):
        return cell
    return phrases.cell(cell) if column.digits is None else phrases.number(cell, column.digits)


def _side(column: Column, cells: list[Cell]) -> Side:
    numbers = [isinstance(cell, int | float) for cell in cells if cell is not None]
    return "right" if column.align == "left" and numbers and all(numbers) else column.align
