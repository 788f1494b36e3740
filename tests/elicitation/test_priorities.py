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
    assert {risk: one.first_three for risk, one in found.items()} == {
        "r1": 0.75,
        "r2": 0.75,
        "r3": 0.75,
        "r4": 0.25,
        "r5": 0.25,
    }


def test_those_who_ranked_nothing_are_not_counted(make_case):
    rows = ranking("A1", "r1") + ranking("B1", "r1") + ranking("B2", "r1")
    rows.append({"participant": "A2", "party": "A"})
    case = make_case(SIDES, rows, risks=RISKS)
    groups, _ = showable(case)
    assert groups[0].people == 4
    found = priorities(case, groups)
    assert {one.people for one in found} == {3}
    assert found[0].mean_rank.high == 1
    assert found[1].first_three == 0


def test_fewer_rankers_than_the_least_cell_give_nothing(make_case):
    rows = ranking("A1", "r1") + ranking("B1", "r1")
    rows += [{"participant": f"B{i}", "party": "B"} for i in range(2, 5)]
    case = make_case(SIDES, rows, risks=RISKS)
    assert priorities(case, showable(case)[0]) == ()
