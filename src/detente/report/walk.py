"""Ways through a document: its blocks in reading order, its frames, its headings and links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

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
    Paragraph,
    Table,
)


def every_block(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks in reading order, those inside columns too."""
    for block in blocks:
        yield block
        if isinstance(block, Columns):
            for part in block.parts:
                yield from every_block(part)


def frames(document: Document) -> dict[str, Frame]:
    """Every frame of the document by its name, in reading order.

    Raises
    ------
    ValueError
        Two different frames have one name.
    """
    found: dict[str, Frame] = {}
    for block in every_block(document.blocks):
        if isinstance(block, Table | Chart) and found.setdefault(block.frame.name, block.frame) != (
            block.frame
        ):
            raise ValueError(f"Two different frames are named {block.frame.name!r}.")
    return found


def check(document: Document) -> None:
    """Make sure that anchors stand once, links inside lead to one, and headings leave out no level.

    Raises
    ------
    ValueError
        It names what is wrong.
    """
    blocks = list(every_block(document.blocks))
    anchors = Counter(anchor for block in blocks if (anchor := getattr(block, "anchor", "")))
    targets = {link.target[1:] for link in _links(blocks) if link.target.startswith("#")}
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    steps = zip([0, *levels], levels, strict=False)
    wrong = {
        "anchors that stand twice": sorted(one for one, times in anchors.items() if times > 1),
        "links to no block": sorted(targets - anchors.keys()),
        "headings that leave out a level": [(a, b) for a, b in steps if b > a + 1],
    }
    if any(wrong.values()):
        named = "; ".join(f"{what}: {which}" for what, which in wrong.items() if which)
        raise ValueError(f"The document has {named}.")


def _links(blocks: Iterable[Block]) -> Iterator[Link]:
    for block in blocks:
        for line in _lines(block):
            yield from (part for part in line if isinstance(part, Link))


def _lines(block: Block) -> tuple[Inline, ...]:
    if isinstance(block, Paragraph):
        return (block.content,)
    if isinstance(block, Listing):
        return block.items
    return block.content if isinstance(block, Note) else ()


def contents(document: Document) -> list[Heading]:
    """The headings of a list of contents: levels 1 and 2, in reading order."""
    found = (block for block in every_block(document.blocks) if isinstance(block, Heading))
    return [heading for heading in found if heading.level < 3]
