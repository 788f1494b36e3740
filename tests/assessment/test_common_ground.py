"""Common ground: the bound, the rule, and what may not change a class."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.assessment.common_ground import answer_class, lower_bound

shares = st.floats(0, 1)
cells = st.lists(st.tuples(shares, shares, st.booleans()), min_size=1, max_size=6)


def test_lower_bound_for_nobody_winning_and_one_person_is_closed_form() -> None:
    """Beta(1/2, 1/2) is the arcsine law: its 10 % quantile is sin^2(pi/20)."""
    assert lower_bound(0, 0) == pytest.approx(math.sin(math.pi * 0.1 / 2) ** 2, rel=1e-12)


@pytest.mark.parametrize(("wins", "people"), [(5, 5), (6, 6), (9, 12)])
def test_lower_bound_by_numerical_integration(wins: int, people: int) -> None:
    """A tenth of the Beta density lies below the bound, summed by the midpoint rule."""
    a, b = wins + 0.5, people - wins + 0.5
    x = lower_bound(wins, people)
    # mass below x by substitution t = sin(u)^2, which removes the poles of the density
    top = math.asin(math.sqrt(x))
    steps = 20_000
    area = sum(
        2 * math.sin(u) ** (2 * a - 1) * math.cos(u) ** (2 * b - 1)
        for u in ((i + 0.5) * top / steps for i in range(steps))
    ) * (top / steps)
    beta = math.gamma(a) * math.gamma(b) / math.gamma(a + b)
    assert area / beta == pytest.approx(0.10, abs=1e-6)


def test_five_who_agree_suffice_and_four_do_not() -> None:
    assert lower_bound(5, 5) > 0.75 > lower_bound(4, 4)


@given(st.integers(1, 40), st.floats(0, 1), st.floats(0, 1))
def test_lower_bound_rises_with_wins(people: int, a: float, b: float) -> None:
    low, high = sorted((a * people, b * people))
    assert 0 <= lower_bound(low, people) <= lower_bound(high, people) + 1e-12 <= 1 + 1e-12


def test_each_class_by_the_rule_as_printed() -> None:
    sure, likely, unlikely = (0.95, 0.80, False), (0.6, 0.4, False), (0.2, 0.1, False)
    assert answer_class([sure, sure]) == "shared-ground"
    assert answer_class([sure, likely]) == "acceptable"
    assert answer_class([sure, unlikely]) == "tradeable"
    assert answer_class([likely, unlikely]) == "contested"
    assert answer_class([sure, (0.95, 0.80, True)]) == "red-line"


@given(cells, st.data())
def test_cloning_a_party_changes_no_class(
    views: list[tuple[float, float, bool]], data: st.DataObject
) -> None:
    clone = data.draw(st.sampled_from(views))
    assert answer_class([*views, clone]) == answer_class(views)


@given(cells, st.randoms())
def test_the_order_of_parties_changes_no_class(
    views: list[tuple[float, float, bool]], shuffler: object
) -> None:
    mixed = list(views)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    assert answer_class(mixed) == answer_class(views)


@given(cells, shares)
def test_a_party_that_gains_less_never_improves_the_class(
    views: list[tuple[float, float, bool]], gain: float
) -> None:
    order = ["shared-ground", "acceptable", "tradeable", "contested", "red-line"]
    worse = (min(gain, *(v[0] for v in views)), min(v[1] for v in views), False)
    before, after = answer_class(views), answer_class([*views, worse])
    assert order.index(after) >= order.index(before)
