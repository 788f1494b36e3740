"""Frequencies and shares in as few digits as they bear."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.report.pages.rarity import about, one_in, orders, years


@pytest.mark.parametrize(
    ("per_year", "said"),
    [(0.0, "never"), (1e-12, "> 1,000,000,000"), (0.0142, "70"), (0.5, "2"), (4.0, "0.2")],
)
def test_years_have_one_significant_digit(names, per_year, said):
    assert years(per_year, names) == said


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "never"),
        (1e-12, "<\u00a01\u00a0in\u00a01,000,000,000"),
        (0.00034, "1\u00a0in\u00a03,000"),
        (0.4, "1\u00a0in\u00a02"),
        (0.77, "75%"),
        (0.999, "95%"),
    ],
)
def test_a_probability_is_one_in_so_many_or_nearly_sure(names, probability, said):
    assert one_in(probability, names) == said


@pytest.mark.parametrize(("share", "said"), [(0.0, "< 5%"), (0.03, "5%"), (0.31, "30%")])
def test_a_share_is_told_to_the_nearest_twentieth(names, share, said):
    assert about(share, names) == said


@given(st.floats(1e-9, 1), st.floats(1e-9, 1))
def test_orders_of_magnitude_turn_round(one, other):
    assert orders(one, other) == pytest.approx(-orders(other, one))
    assert math.isclose(10 ** orders(one, other) * other, one)


def test_no_order_of_magnitude_lies_between_something_and_nothing():
    assert orders(0.0, 1.0) is orders(1.0, 0.0) is None
