"""Columns are as wide as their words need, and together as wide as before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.report.write.widths import fitted, lowered, raised

SHARES = st.lists(st.tuples(st.floats(0.1, 20), st.floats(0, 1)), min_size=1, max_size=12)


# Advance widths of Noto Sans 2.004, in thousandths of an em (table `hmtx` of the shipped font).
OBSERVATION = 605 + 615 + 479 + 564 + 413 + 508 + 561 + 361 + 258 + 605 + 618
DATE = 8 * 572 + 2 * 322


@pytest.mark.parametrize(
    ("word", "thousandths"), [("observation", OBSERVATION), ("2021-12-18", DATE)]
)
def test_a_narrow_column_gets_room_for_its_longest_word(word, thousandths):
    first, second = fitted([0.1, 9.9], [("by", f"a {word} a"), ("what", "words " * 40)])
    em = 66 * first / 10 - 1.1
    assert thousandths / 1000 <= em <= 1.2 * thousandths / 1000
    assert first + second == pytest.approx(10)


def test_a_compound_may_be_broken_at_its_hyphens():
    long = ("what", "words " * 200)
    texts = [("by", "military-to-military"), long]
    assert fitted([0.1, 9.9], texts) == fitted([0.1, 9.9], [("by", "military"), long])


def test_wide_enough_columns_stay_as_they_are():
    assert fitted([3, 2, 1], [("head", "some words"), ("b", "a"), ("c", "12.5")]) == pytest.approx(
        [3, 2, 1]
    )


def test_where_nothing_fits_all_columns_give_way():
    widths = fitted([1] * 12, [("head", "Donaudampfschifffahrt")] * 12)
    assert widths == pytest.approx([1] * 12)


def test_no_columns_have_no_widths():
    assert fitted([], []) == ()


@given(SHARES)
def test_needs_are_met_and_the_sum_stays(shares):
    wanted = [width for width, _ in shares]
    total = sum(wanted)
    weight = sum(share for _, share in shares) or 1.0
    needs = [0.99 * total * share / weight for _, share in shares]
    widths = raised(wanted, needs)
    assert sum(widths) == pytest.approx(total)
    assert all(width >= need - 1e-6 for width, need in zip(widths, needs, strict=True))
    if all(width >= need for width, need in zip(wanted, needs, strict=True)):
        assert widths == wanted


def test_a_long_column_takes_the_room_of_a_short_one():
    short, long = ("by", *["yes"] * 9), ("what is known", *["some words " * 40] * 9)
    first, second = fitted([5, 5], [short, long])
    assert second > 8
    assert first + second == pytest.approx(10)


def test_two_long_columns_share_the_room_as_their_texts_need_it():
    first, second = fitted([5, 5], [("a", "word " * 50), ("b", "word " * 150)])
    assert second / first == pytest.approx(3, rel=0.2)


@given(st.lists(st.tuples(st.floats(3, 30), st.integers(0, 400)), min_size=1, max_size=6))
def test_rows_never_become_higher_and_no_column_less_than_its_need(columns):
    widths, lengths = [width for width, _ in columns], [length for _, length in columns]
    texts = [("h", "a" * length) for length in lengths]

    def lines(ems):
        return max(1, *(0.58 * n / (em - 1.1) for n, em in zip(lengths, ems, strict=True)))

    found = lowered(widths, [2.0] * len(widths), texts)
    assert sum(found) == pytest.approx(sum(widths))
    assert all(em >= 2 - 1e-6 for em in found)
    assert lines(found) <= lines(widths) + 1e-9


@given(
    st.lists(st.tuples(st.floats(0.1, 9), st.lists(st.text(max_size=30), min_size=1)), max_size=14)
)
def test_any_texts_give_widths_of_the_same_sum(columns):
    widths = fitted([width for width, _ in columns], [texts for _, texts in columns])
    assert sum(widths) == pytest.approx(sum(width for width, _ in columns))
    assert all(width > 0 for width in widths)
