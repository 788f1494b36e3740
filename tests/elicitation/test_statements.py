"""Verdicts on statements: from what is told of each side, and never from more."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from detente.elicitation.disclosure import showable
from detente.elicitation.statements import statements

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}


def votes(side: str, agree: int, disagree: int, passed: int = 0, statement: str = "s1"):
    """The votes of a side, whose people come from its two parties in turn."""
    cast = [1] * agree + [-1] * disagree + [0] * passed
    return [
        {"participant": f"{SIDES[side][i % 2]}{i}", "party": SIDES[side][i % 2]}
        | {"question": "statement", "item": statement, "value": value}
        for i, value in enumerate(cast)
    ]


def verdicts(make_case, rows, *names: str, **more):
    case = make_case(SIDES, rows, statements=names or ("s1",), **more)
    return statements(case, showable(case)[0])


def reaches(yes: int, people: int) -> float:
    return float(stats.beta(yes + 0.5, people - yes + 0.5).sf(0.6))


def test_a_consensus_by_hand(make_case):
    (told,) = verdicts(make_case, votes("X", 9, 3) + votes("Y", 12, 0))
    assert (told.kind, told.stance) == ("consensus", "agree")
    # 9 and 3 are told as they are; 12 of 12 as ten or more, and ten is what the verdict knows.
    assert [(c.group, c.stance, c.low, c.high, c.people) for c in told.camps] == [
        ("X", "agree", 9, 9, 12),
        ("Y", "agree", 10, 12, 12),
    ]
    assert told.chance == pytest.approx(reaches(9, 12) * reaches(10, 12))


def test_all_against_is_a_consensus_too(make_case):
    (told,) = verdicts(make_case, votes("X", 0, 14) + votes("Y", 0, 14))
    assert (told.kind, told.stance) == ("consensus", "disagree")
    assert told.chance == pytest.approx(reaches(12, 14) ** 2)


def test_sides_that_take_two_stances_are_divided_without_a_chance(make_case):
    (told,) = verdicts(make_case, votes("X", 12, 0) + votes("Y", 3, 9))
    assert told.kind == "divided"
    assert told.chance is None
    assert [(camp.stance, camp.low, camp.high) for camp in told.camps] == [
        ("agree", 10, 12),
        ("disagree", 9, 9),
    ]


def test_passing_is_no_agreement(make_case):
    (told,) = verdicts(make_case, votes("X", 4, 3, 5) + votes("Y", 12, 0))
    assert told.camps[0].people == 12
    assert told.camps[0].low == 4
    assert told.kind == "divided"
    assert told.chance == pytest.approx(reaches(4, 12) * reaches(10, 12))


@pytest.mark.parametrize("cast", [(5, 0), (0, 5), (2, 3), (1, 1, 3)])
def test_of_five_people_nothing_is_told(make_case, cast):
    (told,) = verdicts(make_case, votes("X", *cast) + votes("Y", 12, 0))
    x, _ = told.camps
    assert (x.low, x.high, x.people) == (0, 5, 5)
    # Whatever they voted, the verdict is the same.
    (other,) = verdicts(make_case, votes("X", 3, 2) + votes("Y", 12, 0))
    assert told == other


@pytest.mark.parametrize("agree", [10, 11, 12])
def test_the_verdict_tells_no_more_than_the_table(make_case, agree):
    told = verdicts(make_case, votes("X", agree, 12 - agree) + votes("Y", 9, 3))
    assert told == verdicts(make_case, votes("X", 12, 0) + votes("Y", 9, 3))


@pytest.mark.parametrize("people", [0, 2])
def test_one_side_alone_is_too_few_and_has_no_chance(make_case, people):
    others = [{"participant": f"C{i}", "party": "C"} for i in range(6)]
    (told,) = verdicts(make_case, votes("X", 12, 0) + votes("Y", people, 0) + others)
    assert told.kind == "too-few"
    assert told.chance is None  # in every side: of one of them nothing is known
    assert [camp.group for camp in told.camps] == ["X"]


def test_a_statement_that_no_side_may_be_shown_on_is_left_out(make_case):
    rows = votes("X", 12, 0, statement="s2") + votes("Y", 12, 0, statement="s2") + votes("X", 2, 0)
    assert [one.statement for one in verdicts(make_case, rows, "s1", "s2", "s3")] == ["s2"]
    assert verdicts(make_case, [], "s1") == ()


def test_statements_stand_in_their_own_order(make_case):
    rows = [one for name in "abc" for side in SIDES for one in votes(side, 7, 5, statement=name)]
    told = verdicts(make_case, rows, "b", "c", "a")
    assert [one.statement for one in told] == ["b", "c", "a"]


def test_the_last_vote_of_a_person_counts(make_case):
    rows = votes("X", 12, 0) + votes("Y", 12, 0)
    changed = [one | {"round": 2, "value": -1} for one in rows if one["participant"][0] in "AB"]
    assert verdicts(make_case, rows + changed) == verdicts(
        make_case, votes("X", 0, 12) + votes("Y", 12, 0)
    )


def test_the_order_of_rows_and_the_names_of_people_change_nothing(make_case):
    rows = votes("X", 7, 3, 2) + votes("Y", 8, 4)
    told = verdicts(make_case, rows)
    shuffled = [rows[i] for i in np.random.default_rng(2).permutation(len(rows))]
    assert told == verdicts(make_case, shuffled)
    renamed = [one | {"participant": f"z{99 - i}"} for i, one in enumerate(rows)]
    assert told == verdicts(make_case, renamed)
