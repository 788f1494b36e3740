"""Blocks as plain values, for the templates of HTML and PDF, which only lay them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from detente.report.document import (
    Block,
    Chart,
    Columns,
    Document,
    Frame,
    Heading,
    Inline,
    Link,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Table,
)
from detente.report.language import Phrases
from detente.report.write.grid import grid

Draw = Callable[[Chart, int], dict[str, Any]]
_SHORT = 12  # letters of a digest that tell editions apart
_LEADS_OUT = ("http://", "https://", "mailto:")


def edition(document: Document, phrases: Phrases) -> list[str]:
    """What tells this edition from others: its name, its date and the first of its digest."""
    parts = (
        document.running or document.edition,
        phrases.date(document.date),
        document.digest[:_SHORT],
    )
    return [part for part in parts if part]


def plain(
    blocks: Iterable[Block], phrases: Phrases, draw: Draw, *, beside: int = 1
) -> list[dict[str, Any]]:
    """Blocks as dictionaries of texts, numbers and lists, each with its ``kind``.

    Parameters
    ----------
    blocks, phrases
        What to write, and in whose language numbers are written.
    draw
        Gives the picture of a chart, which stands beside others in so many columns.
    beside
        The number of columns in which these blocks stand.
    """
    return [_block(block, phrases, draw, beside) for block in blocks]


def _block(block: Block, phrases: Phrases, draw: Draw, beside: int) -> dict[str, Any]:
    if isinstance(block, Columns):
        parts = [plain(part, phrases, draw, beside=len(block.parts)) for part in block.parts]
        return {"kind": "columns", "parts": parts}
    if isinstance(block, Chart):
        table = _table(block.frame, phrases, block.caption)
        head = {"kind": "chart", "anchor": block.anchor, "alt": block.alt, "folded": block.folded}
        return {**head, "caption": block.caption, "table": table, **draw(block, beside)}
    if isinstance(block, Table):
        return _table(block.frame, phrases, block.caption, block.shown, block.anchor)
    return _words(block)


def _words(block: Heading | Paragraph | Listing | Note | PageBreak) -> dict[str, Any]:
    """A block that is words only."""
    if isinstance(block, Heading):
        head = {"kind": "heading", "level": block.level}
        return {**head, "text": block.text, "anchor": block.anchor}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "role": block.role, "content": _inline(block.content)}
    if isinstance(block, Listing):
        items = [_inline(item) for item in block.items]
        return {"kind": "listing", "numbered": block.numbered, "items": items}
    if isinstance(block, Note):
        lines = [_inline(line) for line in block.content]
        return {"kind": "note", "title": block.title, "content": lines}
    return {"kind": "break"}


def _inline(content: Inline) -> list[dict[str, str]]:
    """Pieces of text with their targets; a target of an unknown kind is dropped."""
    pieces = []
    for part in content:
        link = part if isinstance(part, Link) else Link(part, "")
        inner = link.target[1:] if link.target.startswith("#") else ""
        outer = link.target if link.target.lower().startswith(_LEADS_OUT) else ""
        pieces.append({"text": link.text, "inner": inner, "outer": outer})
    return pieces


def _table(
    frame: Frame, phrases: Phrases, caption: str, shown: tuple[str, ...] = (), anchor: str = ""
) -> dict[str, Any]:
    table = grid(frame, phrases, shown)
    return {
        "kind": "table",
        "name": frame.name,
        "anchor": anchor,
        "caption": caption,
        "titles": table.titles,
        "sides": table.sides,
        "widths": table.widths,
        "rows": table.rows,
        "named": bool(table.sides) and table.sides[0] == "left",
    }
