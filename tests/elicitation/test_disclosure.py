"""Nobody's answer can be read off, or worked out, from the groups that are shown."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.answers import latest
from detente.elicitation.disclosure import cells, showable
from detente.elicitation.results import Group, Withheld


def panel(heads, item="r1"):
    """One likelihood of each person: ``heads`` people of every party."""
    return [
        {"participant": f"{party}{i}", "party": party, "item": item}
        for party, number in heads.items()
        for i in range(number)
    ]


def shown_ids(case):
    return [group.id for group in showable(case)[0]]


def test_a_side_needs_enough_people_and_a_party_its_release_too(make_case):
    sides = {"X": ["A", "B"], "Y": ["C", "D"]}
    case = make_case(sides, panel({"A": 4, "B": 5, "C": 1, "D": 1}), released=["A", "B", "C", "D"])
    groups, withheld = showable(case)
    assert groups == (Group("X", "side", 9), Group("A", "party", 4), Group("B", "party", 5))
    assert withheld == (
        Withheld("Y", 2, "too-few"),
        Withheld("C", 1, "too-few"),
        Withheld("D", 1, "too-few"),
    )


def test_without_release_only_sides_are_shown(make_case):
    case = make_case({"X": ["A", "B"], "Y": ["C", "D"]}, panel(dict.fromkeys("ABCD", 4)))
    groups, withheld = showable(case)
    assert [group.id for group in groups] == ["X", "Y"]
    assert {one.reason for one in withheld} == {"not-released"}


def test_a_release_must_hold_in_every_track_that_was_answered(make_case):
    rows = panel(dict.fromkeys("AB", 4))
    rows[0] = rows[0] | {"track": "t2"}
    case = make_case({"X": ["A"], "Y": ["B"]}, rows, released=["A", "B"])
    assert shown_ids(case) == ["Y", "B"]


def test_a_side_of_one_party_needs_the_release_of_that_party(make_case):
    case = make_case({"X": ["A", "E"], "Y": ["B"]}, panel(dict.fromkeys("AB", 4)), released=["B"])
    groups, withheld = showable(case)
    assert [group.id for group in groups] == ["Y", "B"]
    assert Withheld("X", 4, "not-released") in withheld


def test_the_smallest_party_shown_goes_with_a_single_one_withheld(make_case):
    sides = {"X": ["A", "B", "C"], "Y": ["D"]}
    case = make_case(sides, panel({"A": 6, "B": 4, "C": 5, "D": 3}), released=["A", "B", "D"])
    groups, withheld = showable(case)
    assert [group.id for group in groups] == ["X", "Y", "A", "D"]
    assert withheld == (Withheld("B", 4, "complementary"), Withheld("C", 5, "not-released"))


def test_two_small_parties_withheld_take_a_third_with_them(make_case):
    sides = {"X": ["A", "B", "C", "E"], "Y": ["D"]}
    heads = {"A": 6, "B": 4, "C": 1, "E": 1, "D": 3}
    case = make_case(sides, panel(heads), released=["A", "B", "C", "E", "D"])
    assert shown_ids(case) == ["X", "Y", "A", "D"]


def test_two_parties_withheld_hide_each_other(make_case):
    sides = {"X": ["A", "B", "C"], "Y": ["D"]}
    case = make_case(sides, panel({"A": 6, "B": 4, "C": 5, "D": 3}), released=["A"])
    assert shown_ids(case) == ["X", "A"]


def test_a_party_on_no_side_needs_people_and_release(make_case):
    sides = {"X": ["A"], "Y": ["B"]}
    rows = panel({"U": 3, "V": 3, "W": 2})
    case = make_case(sides, rows, released=["U", "W"], unaligned=["U", "V", "W"])
    groups, withheld = showable(case)
    assert groups == (Group("U", "party", 3),)
    assert [(one.group, one.reason) for one in withheld] == [
        ("V", "not-released"),
        ("W", "too-few"),
    ]


def test_a_cell_is_held_to_the_rules_by_those_who_answered_it(make_case):
    sides = {"X": ["A", "B", "C"], "Y": ["D"]}
    everyone = {"A": 6, "B": 4, "C": 5, "D": 3}
    rows = panel(everyone) + panel({"A": 6, "B": 1, "C": 5, "D": 2}, item="r2")
    case = make_case(sides, rows, released="ABCD")
    groups, _ = showable(case)
    assert [group.id for group in groups] == ["X", "Y", "A", "B", "C", "D"]
    own = [one for one in latest(case, "likelihood") if one.item == "r2"]
    shown = cells(case, groups, own)
    # B is one person, so C, the smaller of the others, goes too; D has too few for its side.
    assert [(group.id, group.people) for group, _ in shown] == [("X", 12), ("A", 6)]
    assert [len(answers) for _, answers in shown] == [12, 6]


heads = st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 6), min_size=1)
flags = st.sets(st.sampled_from("ABCDE"))
cuts = st.integers(0, 5)


def _subsets(parties):
    sizes = range(1, len(parties) + 1)
    return chain.from_iterable(combinations(parties, size) for size in sizes)


def _derivable(printed, target):
    """Whether ``target`` is a linear combination of the printed tables' party totals."""
    if not printed:
        return False
    rows = np.array(printed, dtype=float)
    both = np.vstack([rows, target])
    return np.linalg.matrix_rank(both) == np.linalg.matrix_rank(rows)


@given(heads, heads, flags, st.integers(0, 5), st.integers(2, 4), st.data())
def test_no_group_that_is_withheld_can_be_recovered_by_subtraction(
    first, later, released, cut, least, data
):
    # Every printed mean, with its printed count, gives the sum of its parties' totals. What can be
    # had by adding and subtracting tables is what their span holds.
    from conftest_cases import make_case  # noqa: F401
