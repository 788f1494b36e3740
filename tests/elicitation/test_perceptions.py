"""What groups believe, and how far they part, against the pooling and comparing of single cells."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit, logit

from detente.elicitation.disclosure import showable
from detente.elicitation.perceptions import differences, perceptions

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}


def row(
    participant: str, value: float, *, item: str = "r1", factor: float = 2.0, **more: object
) -> dict[str, object]:
    """An answer whose interval reaches ``factor`` times the odds either way."""
    odds = value / (1 - value)
    low, high = odds / factor / (1 + odds / factor), odds * factor / (1 + odds * factor)
    answer: dict[str, object] = {"participant": participant, "party": participant[0], "item": item}
    return answer | {"low": low, "value": value, "high": high} | more


def test_people_who_all_say_one_number_are_not_told_of(make_case):
    people = ["A1", "A2", "B1", "B2"]
    case = make_case(SIDES, [row(person, 0.2) for person in people])
    assert perceptions(case, showable(case)[0]) == ()


def test_nearly_alike_people_are_told_as_one_of_them(make_case):
    people = {"A1": 0.2, "A2": 0.2, "B1": 0.2, "B2": 0.2000001}
    case = make_case(SIDES, [row(person, value) for person, value in people.items()])
    (found,) = perceptions(case, showable(case)[0])
    assert (found.group, found.risk, found.people) == ("X", "r1", 4)
    # Odds 1:4, halved and doubled.
    expected = (1 / 9, 0.2, 1 / 3)
    spread = (found.spread.low, found.spread.mid, found.spread.high)
    assert spread == pytest.approx(expected, rel=1e-5)
    assert found.marker == pytest.approx(0.2, rel=1e-5)


def test_a_split_panel_keeps_both_views_in_its_spread(make_case):
    views = [0.001] * 3 + [0.5] * 3
    rows = [row(f"{'AB'[i % 2]}{i}", view, factor=1.5) for i, view in enumerate(views)]
    case = make_case(SIDES, rows)
    (found,) = perceptions(case, showable(case)[0])
    # The 5 % quantile of the pool is the 10 % quantile of the lower half, and so on.
    sigma = math.log(1.5) / stats.norm.ppf(0.95)
    below = expit(logit(0.001) + sigma * stats.norm.ppf(0.1))
    above = expit(logit(0.5) + sigma * stats.norm.ppf(0.9))
    assert (found.spread.low, found.spread.high) == pytest.approx((below, above), rel=1e-6)
    assert found.spread.low < found.marker < found.spread.high


def test_only_the_last_round_enters(make_case):
    once = [row(person, 0.2 + i / 10) for i, person in enumerate(("A1", "A2", "B1"))]
    twice = [row(person, 0.9, round=1) for person in ("A1", "A2", "B1")]
    again = [answer | {"round": 2} for answer in once]
    first, second = (make_case(SIDES, rows) for rows in (once, twice + again))
    groups = showable(first)[0]
    assert len(perceptions(first, groups)) == 1
    assert perceptions(first, groups) == perceptions(second, groups)


def test_sides_and_parties_on_different_sides_are_compared(make_case):
    values = {"A": 0.1, "B": 0.12, "C": 0.5, "D": 0.55, "U": 0.5}
    rows = [
        row(f"{party}{i}", value * (1 + i / 20))
        for party, value in values.items()
        for i in range(4)
    ]
    case = make_case(SIDES, rows, released="ABCDU", unaligned="U")
    found = differences(case, showable(case)[0])
    pairs = [(one.a, one.b) for one in found]
    assert pairs == [("X", "Y"), ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D")]
    one = found[0]
    own = [[logit(a["value"]) for a in rows if str(a["party"]) in side] for side in ("AB", "CD")]
    expected = stats.ttest_ind(*own, equal_var=False).confidence_interval(0.9)
    ends = (math.exp(expected.low), math.exp(expected.high))
    assert (one.odds_ratio.low, one.odds_ratio.high) == pytest.approx(ends)
    assert one.odds_ratio.high < 1
    assert one.tells
    assert (one.people_a, one.people_b) == (8, 8)


def test_a_risk_that_too_few_answered_is_left_out(make_case):
    rows = [row(f"{party}{i}", 0.1 + i / 50) for party in "ABCD" for i in range(2)]
    rows += [row("A0", 0.1, item="r2"), row("C0", 0.1, item="r2"), row("D0", 0.3, item="r2")]
    case = make_case(SIDES, rows)
    groups = showable(case)[0]
    assert {(one.group, one.risk) for one in perceptions(case, groups)} == {
        ("X", "r1"),
        ("Y", "r1"),
    }
    assert {one.risk for one in differences(case, groups)} == {"r1"}


def test_ratios_beyond_all_measure_stay_finite(make_case):
    values = {"A": [1e-200, 0.5], "B": [1e-200], "C": [1 - 1e-15, 0.5], "D": [1e-200]}
    rows = [
        {"participant": f"{party}{i}", "party": party, "value": value}
        | {"low": value / 2, "high": (1 + value) / 2}
        for party, several in values.items()
        for i, value in enumerate(several)
    ]
    case = make_case(SIDES, rows)
    (one,) = differences(case, showable(case)[0])
    assert 0 < one.odds_ratio.low < one.odds_ratio.high < math.inf


@settings(max_examples=30)
@given(st.lists(st.floats(1e-6, 0.999), min_size=6, max_size=6), st.permutations(range(6)))
def test_neither_rows_nor_names_matter(make_case, values, order):
    def told(names: list[str]) -> list[tuple[float, float]]:
        rows = [row(name, value) for name, value in zip(names, values, strict=True)]
        case = make_case(SIDES, rows)
        groups = showable(case)[0]
        return [(one.spread.mid, one.marker) for one in perceptions(case, groups)]

    names = [f"{'AB'[i % 2]}{i}" for i in range(6)]
    renamed = [names[i] for i in order]
    for one, other in zip(told(names), told(renamed), strict=True):
        assert one == pytest.approx(other, rel=1e-9)
