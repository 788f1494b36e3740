"""Nobody's answer can be read off, or worked out, from the groups that are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detente.case.case import Case
from detente.elicitation.answers import latest
from detente.elicitation.disclosure import cells, showable
from detente.elicitation.results import Group, Withheld


def panel(heads: Mapping[str, int], item: str = "r1") -> list[dict[str, str]]:
    """One likelihood of each person: ``heads`` people of every party."""
    return [
        {"participant": f"{party}{i}", "party": party, "item": item}
        for party, number in heads.items()
        for i in range(number)
    ]


def shown_ids(case: Case) -> list[str]:
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


heads = st.fixed_dictionaries({party: st.integers(0, 6) for party in "ABCDE"})


def derivable(printed: Sequence[Sequence[bool]], target: Sequence[bool]) -> bool:
    """Whether adding and subtracting the ``printed`` tables can give ``target``."""
    rows = np.array(printed, dtype=float).reshape(-1, len(target))
    both = np.vstack([rows, target])
    return bool(np.linalg.matrix_rank(both) == np.linalg.matrix_rank(rows))


@given(heads, heads, st.sets(st.sampled_from("ABCDE")), st.integers(1, 4), st.integers(2, 4))
def test_nothing_that_is_withheld_can_be_had_by_subtraction(
    make_case, all_heads, some, released, cut, least
):
    # A printed mean with its printed count is a sum of its parties' totals: of all sets of parties
    # in the span of the printed ones, none may be small, none a party without its release.
    sides = {"X": "ABCDE"[:cut], "Y": "ABCDE"[cut:]}
    fewer = {party: min(some[party], number) for party, number in all_heads.items()}
    rows = panel(all_heads) + panel(fewer, item="r2")
    case = make_case(sides, rows, released=released, min_cell=least)
    groups, withheld = showable(case)
    assert {one.group for one in withheld}.isdisjoint(group.id for group in groups)
    for item, number in (("r1", all_heads), ("r2", fewer)):
        own = [one for one in latest(case, "likelihood") if one.item == item]
        printed = [group for group, _ in cells(case, groups, own)]
        members = [sides.get(group.id, group.id) for group in printed]
        present = [party for party in "ABCDE" if number[party]]
        tables = [[party in table for party in present] for table in members]
        for size in range(1, len(present) + 1):
            for subset in combinations(present, size):
                if derivable(tables, [party in subset for party in present]):
                    assert sum(number[party] for party in subset) >= least
                    assert size > 1 or subset[0] in released


@given(heads, st.integers(1, 4))
def test_with_all_released_only_small_parties_cost_others_their_table(make_case, all_heads, cut):
    sides = {"X": "ABCDE"[:cut], "Y": "ABCDE"[cut:]}
    case = make_case(sides, panel(all_heads), released="ABCDE")
    shown = shown_ids(case)
    for side, parties in sides.items():
        present = [all_heads[party] for party in parties if all_heads[party]]
        assert (side in shown) == (sum(present) >= 3 and (len(present) > 1 or max(present) >= 3))
        if all(number >= 3 for number in present):
            assert {party for party in parties if all_heads[party]} <= set(shown)
