"""Frames, headings and links are found in every kind of block."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.sample import PRIORITIES, WIDE, document

from detente.report.document import Columns, Heading, Link, Listing, Note, Paragraph, Table
from detente.report.walk import check, contents, every_block, frames


def test_blocks_in_columns_are_found_in_reading_order():
    a, b, c = (Paragraph((letter,)) for letter in "abc")
    columns = Columns(((a,), (b, c)))
    assert list(every_block((columns,))) == [columns, a, b, c]


def test_each_frame_is_named_once():
    assert list(frames(document())) == [
        "priorities",
        "ledger",
        "bars",
        "frequencies",
        "single",
        "open",
    ]


def test_two_frames_of_one_name_are_refused():
    other = replace(PRIORITIES, rows=())
    blocks = (Table(PRIORITIES, "a"), Table(other, "b"))
    with pytest.raises(ValueError, match="'priorities'"):
        frames(document(blocks))


def test_the_sample_is_sound():
    check(document())


@pytest.mark.parametrize(
    "block",
    [
        Paragraph((Link("x", "#nowhere"),)),
        Listing(((Link("x", "#nowhere"),),)),
        Note("t", ((Link("x", "#nowhere"),),)),
        Columns(((Paragraph(("a", Link("x", "#nowhere"))),),)),
    ],
)
def test_a_link_to_no_block_is_found(block):
    with pytest.raises(ValueError, match="nowhere"):
        check(document((block,)))


def test_an_anchor_that_stands_twice_is_found():
    with pytest.raises(ValueError, match=r"stand twice: \['x'\]"):
        check(document((Heading("a", 1, "x"), Table(WIDE, "b", "x"))))


def test_a_heading_that_leaves_out_a_level_is_found():
    with pytest.raises(ValueError, match=r"level: \[\(1, 3\)\]"):
        check(document((Heading("a", 1, "a"), Heading("b", 3, "b"))))
    with pytest.raises(ValueError, match=r"\(0, 2\)"):
        check(document((Heading("b", 2, "b"),)))


def test_contents_stop_at_the_second_level():
    assert {heading.level for heading in contents(document())} == {1, 2}
