"""Words are measured as the fonts have them, and lines never get wider than they may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.report.drawings.letters import longest_word, width_of, wrapped

WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzäöüßжшщю-,.", min_size=1, max_size=30), max_size=12
)


def test_a_width_is_that_of_the_font_and_a_little_more():
    # Noto Sans: n has 618 of 1000 units, i 258; in bold n has 657.
    assert width_of("n", 1000) == pytest.approx(618 * 1.06)
    assert width_of("i", 1000) == pytest.approx(258 * 1.06)
    assert width_of("n", 1000, bold=True) == pytest.approx(657 * 1.06)


@given(WORDS, st.floats(30, 400))
def test_no_line_is_wider_than_it_may_be_and_no_word_is_lost(words, width):
    lines = wrapped(" ".join(words), width, 12)
    assert all(width_of(line, 12) <= width + 1e-6 for line in lines)
    if longest_word(" ".join(words), 12) <= width:
        assert " ".join(lines).split() == words


def test_a_word_that_is_too_wide_is_hyphenated():
    lines = wrapped("Verständigungsmaßnahmen", 80, 12)
    assert len(lines) > 1
    assert all(line.endswith("-") for line in lines[:-1])
    assert "".join(line.removesuffix("-") for line in lines) == "Verständigungsmaßnahmen"


def test_lines_of_the_case_file_are_no_lines_here():
    assert wrapped("one\ntwo\tthree", 400, 12) == ["one two three"]
    assert wrapped("", 400, 12) == []
