"""Ranks of the risks, with those that a person left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.elicitation.disclosure import showable
from detente.elicitation.priorities import complete, priorities

SIDES = {"X": ["A", "B"], "Y": ["C"]}
RISKS = ["r1", "r2", "r3", "r4", "r5"]


def ranking(participant: str, *risks: str) -> list[dict[str, object]]:
    """The answers of one person who put ``risks`` in this order."""
    return [
        {"participant": participant, "party": participant[0], "question": "priority"}
        | {"item": risk, "value": place}
        for place, risk in enumerate(risks, start=1)
    ]


def test_risks_left_out_share_the_mean_of_the_ranks_left():
    assert complete({"r2": 1, "r4": 2}, RISKS) == {"r1": 4, "r2": 1, "r3": 4, "r4": 2, "r5": 4}


def test_numbers_are_read_as_an_order():
    assert complete({"r1": 10, "r2": 4, "r3": 4}, ["r1", "r2", "r3"]) == {
        "r1": 3,
        "r2": 1.5,
        "r3": 1.5,
    }


@given(st.dictionaries(st.sampled_from(RISKS), st.integers(1, 99), min_size=1))
def test_a_ranking_always_sums_to_the_same(stated):
    ranks = complete(stated, RISKS)
    assert sum(ranks.values()) == 15
    assert all(1 <= rank <= 5 for rank in ranks.values())


def test_mean_rank_and_first_three_by_hand(make_case):
    rows = ranking("A1", *RISKS) + ranking("A2", *RISKS) + ranking("B1", "r2", "r1")
    rows += ranking("B2", "r5", "r4", "r3", "r2", "r1")
    case = make_case(SIDES, rows, risks=RISKS)
    found = {one.risk: one for one in priorities(case, showable(case)[0])}
    assert [one.group for one in found.values()] == ["X"] * 5
    ranks = [1, 1, 2, 5]
    interval = stats.ttest_1samp(ranks, 0).confidence_interval(0.9)
    assert found["r1"].mean_rank.mid == 2.25
    assert found["r1"].mean_rank.low == 1  # the t interval starts below the first rank
    assert found["r1"].mean_rank.high == pytest.approx(interval.high)
    # r3: third for three people; B1 left it out, and that counts in nobody's first three.
    assert found["r3"].mean_rank.mid == (3 + 3 + 4 + 3) / 4
    assert {(one.first_three_low, one.first_three_high) for one in found.values()} == {(0, 4)}


def test_the_first_three_are_counted_where_there_are_enough(make_case):
    rows = [row for i in range(4) for row in ranking(f"A{i}", *RISKS)]
    rows += [row for i in range(4) for row in ranking(f"B{i}", "r5", "r4", "r2", "r3", "r1")]
    case = make_case(SIDES, rows, risks=RISKS)
    found = {one.risk: one for one in priorities(case, showable(case)[0])}
    counted = {risk: (one.first_three_low, one.first_three_high) for risk, one in found.items()}
    # r2 stands in the first three of all eight, which is told as six or more.
    assert counted == {"r1": (4, 4), "r2": (6, 8), "r3": (4, 4), "r4": (4, 4), "r5": (4, 4)}


def test_those_who_ranked_nothing_are_not_counted(make_case):
    rows = ranking("A1", "r1") + ranking("B1", "r2") + ranking("B2", "r3")
    rows.append({"participant": "A2", "party": "A"})
    case = make_case(SIDES, rows, risks=RISKS)
    groups, _ = showable(case)
    assert groups[0].people == 4
    assert {one.people for one in priorities(case, groups)} == {3}


def test_a_risk_that_all_put_in_one_place_is_withheld_with_another(make_case):
    rows = ranking("A1", *RISKS) + ranking("A2", "r1", "r3", "r2", "r4", "r5")
    rows += ranking("B1", "r1", "r2", "r5", "r4", "r3")
    case = make_case(SIDES, rows, risks=RISKS)
    found = [one.risk for one in priorities(case, showable(case)[0])]
    # All put r1 first, and r4 fourth: two unanimous rows hide each other.
    assert found == ["r2", "r3", "r5"]
    rows += ranking("B2", "r1", "r3", "r4", "r2", "r5")
    case = make_case(SIDES, rows, risks=RISKS)
    # Of the four others people differ least on r4, so that r1 cannot be had by subtraction.
    assert [one.risk for one in priorities(case, showable(case)[0])] == ["r2", "r3", "r5"]


def test_fewer_rankers_than_the_least_cell_give_nothing(make_case):
    rows = ranking("A1", "r1") + ranking("B1", "r1")
    rows += [{"participant": f"B{i}", "party": "B"} for i in range(2, 5)]
    case = make_case(SIDES, rows, risks=RISKS)
    assert priorities(case, showable(case)[0]) == ()
