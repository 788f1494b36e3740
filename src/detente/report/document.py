"""The one report model: what a page says, before it is HTML, PDF or Word.

A page function gives blocks; a writer turns them into bytes. Pages know no writer and writers know
no page. All values are plain, frozen and already in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Cell = str | float | int | None


@dataclass(frozen=True)
class Link:
    """Words that lead to an anchor in the document (``#id``) or to an address."""

    text: str
    target: str


Inline = tuple[str | Link, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` 1 opens a chapter, on a new page where little is left of the last."""

    text: str
    level: Literal[1, 2, 3]
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """Running text. ``lead`` is the sentence that a hurried reader takes away."""

    content: Inline
    role: Literal["body", "lead", "small"] = "body"


@dataclass(frozen=True)
class Listing:
    """A list of short texts, numbered or not."""

    items: tuple[Inline, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Note:
    """A framed remark: what is missing, what rests on assumption, who can supply it."""

    title: str
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class Column:
    """One column of a frame: its key in CSV and JSON, its title for readers, how it is set."""

    key: str
    title: str
    align: Literal["left", "right", "center"] = "left"
    digits: int | None = None
    width: float = 1.0


@dataclass(frozen=True)
class Frame:
    """The data of one block: the table, the chart and the CSV file all show these rows."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"A row of the frame {self.name!r} has too few or too many cells.")


@dataclass(frozen=True)
class Table:
    """A frame as a table. ``shown`` picks columns by key; empty shows all."""

    frame: Frame
    caption: str
    anchor: str = ""
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A frame as a picture: a Vega-Lite specification without data, and words for who sees none.

    The writer fills in the data of the frame. ``folded`` puts the table of the same frame under the
    picture, closed in HTML and in the annex of a printed page; never left out.
    """

    frame: Frame
    spec: dict[str, Any] = field(hash=False)
    caption: str
    alt: str
    anchor: str = ""
    folded: bool = True


@dataclass(frozen=True)
class Columns:
    """Blocks side by side on a wide page and below each other on a narrow one."""

    parts: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class PageBreak:
    """The following blocks start on a new printed page."""


Block = Heading | Paragraph | Listing | Note | Table | Chart | Columns | PageBreak


@dataclass(frozen=True)
class Document:
    """A whole report."""

    title: str
    subtitle: str
    language: str
    edition: str
    date: str
    digest: str
    marking: str
    running: str
    contents: str
    blocks: tuple[Block, ...]
