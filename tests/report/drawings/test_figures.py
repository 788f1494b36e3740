"""Numbers are told with at most two significant digits, in words that fit their size."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.drawings.parts import chance, rate

from detente.case import model
from detente.report.drawings.figures import ends, interval
from detente.report.language import phrases


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.05, "1–5%"),
        (0.0005, 0.03, "0.05–3%"),
        (0.123456, 0.98765, "12–99%"),
        (0.000003, 0.001, "1\u00a0in\u00a0330,000 – 1\u00a0in\u00a01,000"),
        (0, 0.5, "0–50%"),
        (0.2, 1, "20–100%"),
    ],
)
def test_a_probability_is_told_in_per_cent_or_as_one_in_so_many(names, low, high, words):
    assert interval(chance("p", low, high), names) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (20, 60, "20–60 a year"),
        (0.3, 6, "0.3–6 a year"),
        (0.005, 0.2, "once in 5–200 years"),
        (0.02, 0.5, "once in 2–50 years"),
        (0, 0.5, "0–0.5 a year"),
        (1234, 56789, "1,200–57,000 a year"),
    ],
)
def test_a_rate_is_told_by_the_year_or_by_the_years_between(names, low, high, words):
    assert interval(rate("r", low, high), names) == words


def test_a_point_is_told_once(names):
    point = model.Parameter(id="p", kind="probability", value=0.125)
    assert interval(point, names) == "13%" or interval(point, names) == "12%"
    assert interval(model.Parameter(id="r", kind="rate", value=0.06), names) == "once in 17 years"


def test_bounds_and_numbers_from_elsewhere_say_so(names):
    assert interval(chance("p", bounds_only=True), names) == "somewhere in 10–40%"
    answers = model.Elicited(quantity="E1", group="AA")
    told = model.Parameter(id="p", kind="probability", elicited=answers)
    assert interval(told, names) == "from people's answers"
    assert all(math.isnan(end) for end in ends(told))
    counted = model.Parameter(id="r", kind="rate", counted=model.Counted(counts=("N1",)))
    assert interval(counted, names) == "from counts"


def test_numbers_are_written_as_the_language_has_them(names):
    german = replace(names, phrases=phrases("de"))
    assert interval(chance("p", 0.005, 0.08), german) == "0,5–8\u00a0%"


@given(st.floats(1e-4, 1), st.floats(1e-4, 1))
def test_never_more_than_two_significant_digits(names, a, b):
    low, high = sorted((a, b))
    if low == high:
        return
    shown = interval(chance("p", low, high), names)
    for number, true in zip(re.findall(r"[0-9.]+", shown), (low, high), strict=False):
        assert len(number.replace(".", "").strip("0")) <= 2
        assert float(number) == pytest.approx(100 * true, rel=0.06)
