"""Opinion groups across sides: found where they are planted, and hidden where they must be."""

from __future__ import annotations

import numpy as np
import pytest

from detente.elicitation.disclosure import showable
from detente.elicitation.opinions import opinions

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}
PEOPLE = [f"{party}{i}" for party in "ABCD" for i in range(6)]
STATEMENTS = [f"s{i}" for i in range(9)]


def rows_of(camps: dict[str, int], noise: float = 0.0) -> list[dict[str, object]]:
    """Votes of people who agree (1) or disagree (-1) with all but the last statement.

    All agree with the last; of ``noise`` a share votes as the other camp does.
    """
    rng = np.random.default_rng(1)
    return [
        {"participant": person, "party": person[0], "question": "statement", "item": statement}
        | {"value": 1 if statement == "s8" else camp * (-1 if rng.random() < noise else 1)}
        for person, camp in camps.items()
        for statement in STATEMENTS
    ]


def found(make_case, rows, **more):
    case = make_case(SIDES, rows, statements=STATEMENTS, **more)
    return opinions(case, showable(case)[0])


ACROSS = {person: 1 if int(person[1]) < 4 else -1 for person in PEOPLE}  # 16 and 8, of all parties


def test_camps_across_the_sides_are_found_and_told_in_ranges(make_case):
    told = found(make_case, rows_of(ACROSS))
    assert told.stable
    assert told.ari_median == 1
    assert told.people == 24
    assert [group.people for group in told.groups] == [16, 8]
    for group, stance in zip(told.groups, ("agree", "disagree"), strict=True):
        assert group.representative
        for one in group.representative:
            assert one.stance == stance
            assert one.statement != "s8"  # on which nobody stands out
            # All of them hold it, which is told as all but two or more.
            assert (one.low, one.high, one.people) == (group.people - 2, group.people, group.people)


def test_groups_that_one_person_parts_from_a_side_are_not_shown(make_case):
    # Y and one of X: beside the table of Y they would tell of that one.
    camps = {person: -1 if person[0] in "CD" or person == "A0" else 1 for person in PEOPLE}
    told = found(make_case, rows_of(camps))
    assert told.stable
    assert told.people == 24
    assert told.groups == ()
    # Three of two parties in their place may be shown.
    camps |= dict.fromkeys(("A0", "B0", "B1"), -1)
    assert [group.people for group in found(make_case, rows_of(camps)).groups] == [15, 9]


def test_groups_that_are_one_party_need_its_release(make_case):
    camps = {person: -1 if person[0] == "D" else 1 for person in PEOPLE}
    assert found(make_case, rows_of(camps)).groups == ()
    told = found(make_case, rows_of(camps), released="ABCD")
    assert [group.people for group in told.groups] == [18, 6]


def test_votes_by_chance_make_no_groups(make_case):
    told = found(make_case, rows_of(ACROSS, noise=0.5))
    assert not told.stable
    assert told.groups == ()
    assert told.ari_low < 0.5


@pytest.mark.parametrize("people", [0, 5])
def test_too_few_to_group_give_nothing(make_case, people):
    camps = dict(list(ACROSS.items())[:people])
    assert found(make_case, rows_of(camps)) is None


def test_the_order_of_rows_changes_nothing(make_case):
    rows = rows_of(ACROSS, noise=0.1)
    shuffled = [rows[i] for i in np.random.default_rng(6).permutation(len(rows))]
    assert found(make_case, rows) == found(make_case, shuffled)


def test_numbers_under_the_least_are_told_as_ranges(make_case):
    # One of the eight passes on s0: seven is told as six to eight, as eight would be.
    rows = rows_of(ACROSS)
    for row in rows:
        if (row["participant"], row["item"]) == ("A4", "s0"):
            row["value"] = 0
    told = found(make_case, rows)
    assert [group.people for group in told.groups] == [16, 8]
    for group in told.groups:
        assert all(one.high - one.low == 2 for one in group.representative)
