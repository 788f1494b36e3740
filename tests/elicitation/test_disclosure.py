"""Nobody's answer can be read off, or worked out, from the groups that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from detente.case.case import Case
from detente.elicitation import disclosure
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.disclosure import (
    cells,
    cells_by_round,
    members,
    sets_showable,
    showable,
    unanimous,
)
from detente.elicitation.results import Group, Withheld
from detente.ground.errors import UsageError

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}


def panel(heads: Mapping[str, int], item: str = "r1") -> list[dict[str, Any]]:
    """One likelihood of each person, all of them different: ``heads`` people of every party."""
    return [
        {"participant": f"{party}{i}", "party": party, "item": item}
        | {"value": 0.1 + i / 100 + ord(party) / 10_000}
        for party, number in heads.items()
        for i in range(number)
    ]


def judged(case: Case, item: str = "r1", kind: str = "likelihood") -> list[Judgement]:
    return [one for one in latest(case, kind) if one.item == item]


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
    # A0 answered in t2, where A has no release, so A and its side go; A's others in t may be told
    # of, and so the track t may stand beside Y.
    assert shown_ids(case) == ["Y", "t", "B"]


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


def test_a_track_is_a_group_where_it_is_neither_a_side_nor_all(make_case):
    rows = panel({"A": 4, "B": 4, "C": 4, "D": 4})
    in_t2 = [row | {"track": "t2"} if row["party"] in "CD" else row for row in rows]
    assert shown_ids(make_case(SIDES, rows)) == ["X", "Y"]
    assert shown_ids(make_case(SIDES, in_t2)) == ["X", "Y"]
    across = [row | {"track": "t2"} if row["party"] in "BD" else row for row in rows]
    groups, _ = showable(make_case(SIDES, across))
    # With X and Y, t - X + t2 = Y whatever is shown, but A's and D's people only together.
    assert groups == tuple(Group(*g) for g in [("X", "side", 8), ("Y", "side", 8)]) + tuple(
        Group(name, "track", 8) for name in ("t", "t2")
    )


def test_a_track_that_parts_a_party_from_a_side_is_withheld(make_case):
    rows = panel({"A": 4, "B": 4, "C": 4, "D": 4})
    most = [row | {"track": "t2"} if row["party"] == "D" else row for row in rows]
    groups, withheld = showable(make_case(SIDES, most))
    assert [group.id for group in groups] == ["X", "Y"]
    assert [(one.group, one.reason) for one in withheld[:2]] == [
        ("t", "complementary"),
        ("t2", "not-released"),
    ]


def test_a_person_stands_in_every_track_that_heard_them(make_case):
    rows = panel({"A": 4, "B": 4, "C": 4})
    again = [row | {"track": "t2", "item": "r2"} for row in rows if row["party"] in "AC"]
    case = make_case({"X": ["A", "B"], "Y": ["C"]}, rows + again, released="AC")
    t2 = Group("t2", "track", 8)
    assert members(case, t2) == {f"{party}{i}" for party in "AC" for i in range(4)}
    assert [group.id for group, _ in cells(case, [t2], judged(case, "r2"))] == ["t2"]


# --- unanimity ----------------------------------------------------------------------------------


def test_a_unanimous_cell_is_withheld_unless_it_counts_categories(make_case):
    rows = [row | {"value": 0.3} if row["party"] in "AB" else row for row in panel_of_four()]
    case = make_case(SIDES, rows, released="ABCD")
    groups, _ = showable(case)
    assert [group.id for group, _ in cells(case, groups, judged(case))] == ["Y", "C", "D"]
    counted = cells(case, groups, judged(case), categories=True)
    assert [group.id for group, _ in counted] == [group.id for group in groups]


def test_what_a_unanimous_party_could_be_worked_out_from_goes_too(make_case):
    rows = [row | {"value": 0.3} if row["party"] == "A" else row for row in panel_of_four()]
    case = make_case(SIDES, rows, released="ABCD")
    shown = cells(case, showable(case)[0], judged(case))
    assert [group.id for group, _ in shown] == ["X", "Y", "C", "D"]


def test_alike_is_whoever_gave_the_same_number_for_every_item(make_case):
    def ranking(*risks: str) -> list[dict[str, Any]]:
        return [
            {"participant": f"{party}{i}", "party": party, "question": "priority"}
            | {"item": risk, "value": place}
            for party in "AB"
            for i in range(2)
            for place, risk in enumerate(risks[:: -1 if (party, i) == ("B", 1) else 1])
        ]

    def shown(rows: list[dict[str, Any]]) -> list[str]:
        case = make_case(SIDES, rows)
        return [g.id for g, _ in cells(case, showable(case)[0], latest(case, "priority"))]

    assert shown(ranking("r1", "r2")) == ["X"]
    assert shown(ranking("r1")) == []


def panel_of_four() -> list[dict[str, Any]]:
    return panel(dict.fromkeys("ABCD", 4))


def test_unanimous_is_one_value_for_all():
    assert unanimous([0.2, 0.2])
    assert not unanimous([0.2, 0.3])
    assert not unanimous([])


# --- rounds -------------------------------------------------------------------------------------


def in_two_rounds(make_case, first: Mapping[str, float], last: Mapping[str, float], **more):
    """The case, and the judgements of either round alone, by person; the party is the letter."""
    rows = [
        {"participant": person, "party": person[0], "value": value, "round": number}
        for number, values in ((1, first), (2, last))
        for person, value in values.items()
    ]
    case = make_case(SIDES, rows, **more)
    rounds = [
        latest(replace(case, answers=[r for r in case.answers if r.round == n]), "likelihood")
        for n in (1, 2)
    ]
    return case, *rounds


FIRST = {f"{party}{i}": 0.2 + i / 100 for party in "AB" for i in range(4)}


def by_round(make_case, changed: dict[str, float], gone: Iterable[str] = ()) -> list[Group]:
    last = {person: value for person, value in (FIRST | changed).items() if person not in gone}
    case, first, second = in_two_rounds(make_case, FIRST, last)
    found = cells_by_round(case, showable(case)[0], first, second)
    for group, before, after in found:
        assert [a.participant for a in before] == [a.participant for a in after]
        assert group.people == len(before)
    return [group for group, _, _ in found]


@pytest.mark.parametrize(
    ("changed", "gone", "shown"),
    [
        (["A0", "A1", "B0"], [], 8),
        (["A0", "B0"], [], None),  # too few changed
        (["A0", "A1", "A2", "A3"], [], None),  # all who changed are of one party
        (["A0", "A1", "B0"], ["B3"], None),  # one left
        (["A0", "A1", "B0"], ["A3", "B3", "B2"], 5),
        (["A0", "A1", "B0"], ["B1", "B2", "B3"], None),  # all who left are of one party
        (["A0", "A1", "B0", "A9"], [], None),  # one came
        (["A0", "A1", "B0", "A9", "A8", "B9"], [], 8),
    ],
)
def test_two_rounds_stand_side_by_side_where_nobody_stands_out(make_case, changed, gone, shown):
    found = by_round(make_case, {person: 0.5 + i / 100 for i, person in enumerate(changed)}, gone)
    assert found == ([Group("X", "side", shown)] if shown else [])


def test_an_interval_that_one_person_changed_keeps_the_first_round_back(make_case):
    rows = [
        {"participant": person, "party": person[0], "value": value, "round": number, "high": 0.8}
        for number in (1, 2)
        for person, value in FIRST.items()
    ]
    for row in rows[8:11]:
        row |= {"value": 0.5}
    rows[12] |= {"value": 0.6}
    narrow = [*rows[:15], rows[15] | {"high": 0.7}]
    for some, shown in ((rows, ["X"]), (narrow, [])):
        case = make_case(SIDES, some)
        first = latest(replace(case, answers=case.answers[:8]), "likelihood")
        found = cells_by_round(case, showable(case)[0], first, latest(case, "likelihood"))
        assert [group.id for group, _, _ in found] == shown


# --- sets of other rooms ------------------------------------------------------------------------


def test_all_and_all_but_one_are_not_both_shown(make_case):
    case = make_case(SIDES, panel(dict.fromkeys("ABCD", 4)))
    everybody = frozenset(f"{party}{i}" for party in "ABCD" for i in range(4))
    sets = {"all": everybody, "all but one": everybody - {"A0"}, "all but three": everybody}
    sets["all but three"] -= {"A0", "B0", "C0"}
    assert sets_showable(case, sets) == ("all", "all but three")
    assert sets_showable(case, sets, before=[everybody - {"B0"}]) == ()
    assert sets_showable(case, {"none": frozenset()}) == ()


def test_opinion_groups_are_shown_beside_sides_where_their_crossing_tells_of_nobody(make_case):
    case = make_case(SIDES, panel(dict.fromkeys("ABCD", 4)))
    sides = [members(case, group) for group in showable(case)[0]]
    across = frozenset(f"{party}{i}" for party in "ABCD" for i in range(2))
    parties = frozenset(f"{party}{i}" for party in "AC" for i in range(4))
    groups = {"across": across, "parties": parties}
    assert sets_showable(case, groups, before=sides) == ("across", "parties")
    crossed = {f"{name} of X": some & sides[0] for name, some in groups.items()}
    assert sets_showable(case, crossed, before=sides) == ("across of X",)


def test_strangers_have_no_table(make_case):
    case = make_case(SIDES, panel(dict.fromkeys("ABCD", 4)))
    with pytest.raises(UsageError, match="Z0"):
        sets_showable(case, {"strange": frozenset(["A0", "Z0"])})


# --- the attacker -------------------------------------------------------------------------------


def sums(tables: Sequence[frozenset[tuple[str, int]]], most: int) -> Iterator[frozenset[str]]:
    """Whom the sums of at most ``most`` tables of answers, with factors -2 to 2, speak of."""
    answers = sorted(frozenset().union(*tables))
    rows = np.array([[answer in table for answer in answers] for table in set(tables)], dtype=int)
    people = np.array([person for person, _ in answers])
    for size in range(1, min(most, len(rows)) + 1):
        factors = np.array(list(product((-2, -1, 1, 2), repeat=size)))
        for some in combinations(range(len(rows)), size):
            for told in np.unique(factors @ rows[list(some)] != 0, axis=0):
                if told.any():
                    yield frozenset(people[told].tolist())


person = st.fixed_dictionaries(
    {
        "party": st.sampled_from("AABBBCCCDE"),
        "tracks": st.sampled_from([("t",), ("t",), ("t2",), ("t2",), ("t", "t2")]),
        "first": st.sampled_from([None, 0.1, 0.1, 0.2, 0.3]),
        "last": st.sampled_from([None, 0.1, 0.2, 0.2, 0.3, "same", "same"]),
    }
)
releases = st.frozensets(st.sampled_from("ABCDE"))


def room(make_case, panel, released, least, cut) -> tuple[Case, list, list]:
    """A case of two tracks and two rounds; E stands on no side."""
    sides = {"X": "ABCD"[:cut], "Y": "ABCD"[cut:]}
    rows = []
    for i, one in enumerate(panel):
        base = {"participant": f"p{i:02d}", "party": one["party"]}
        last = one["first"] if one["last"] == "same" else one["last"]
        for number, value in ((1, one["first"]), (2, last)):
            told = [base | {"value": value, "round": number}] if value else []
            rows += [row | {"track": track} for row in told for track in one["tracks"]]
    case = make_case(sides, rows, released=released[0], min_cell=least, unaligned="E")
    t, t2 = case.about.tracks
    tracks = (t, t2.model_copy(update={"released": tuple(released[1])}))
    case = replace(case, about=case.about.model_copy(update={"tracks": tracks}))
    rounds = [
        latest(replace(case, answers=[r for r in case.answers if r.round == n]), "likelihood")
        for n in (1, 2)
    ]
    return case, *rounds


def printed(case, first, last) -> list[frozenset[tuple[str, int]]]:
    """All tables on one item, as sets of answers: one that did not change is the same in both."""
    groups, _ = showable(case)
    of_first = {one.participant: one.value for one in first}
    changed = {one.participant for one in last if of_first.get(one.participant) != one.value}
    changed |= of_first.keys() - {one.participant for one in last}

    def answers(people: Iterable[str], number: int) -> frozenset[tuple[str, int]]:
        return frozenset((one, number if one in changed else 0) for one in people)

    tables = [answers((one.participant for one in own), 2) for _, own in cells(case, groups, last)]
    for group, before, after in cells_by_round(case, groups, first, last):
        tables.append(answers((one.participant for one in before), 1))
        tables.append(answers((one.participant for one in after), 2))
        tables.append(answers(members(case, group) & of_first.keys(), 1))
    return tables


def assert_nobody_exposed(case: Case, tables, least: int) -> None:
    """By the rows of answers and the releases alone."""
    released = {track.id: track.released for track in case.about.tracks}
    party = {row.participant: row.party for row in case.answers}
    kept = {r.participant for r in case.answers if r.party not in released[r.track]}
    for told in sums(tables, 3) if tables else ():
        assert len(told) >= least, told
        assert len({party[one] for one in told}) > 1 or not told & kept, told


rooms = given(
    st.lists(person, min_size=4, max_size=14),
    st.tuples(releases, releases),
    st.integers(2, 4),
    st.integers(1, 3),
    st.booleans(),
)


@rooms
def test_nobody_is_exposed_by_all_tables_of_an_item(make_case, panel, released, least, cut, only):
    case, first, last = room(make_case, panel, released, least, cut)
    last = last if only else latest(case, "likelihood")
    assert_nobody_exposed(case, printed(case, first, last), least)


@given(
    st.lists(person, min_size=6, max_size=14),
    st.tuples(releases, releases),
    st.integers(2, 4),
    st.lists(st.frozensets(st.integers(0, 13), min_size=2), min_size=2, max_size=4),
)
def test_nobody_is_exposed_by_tables_that_follow_one_another(
    make_case, panel, released, least, sets
):
    case, _, _ = room(make_case, panel, released, least, 2)
    there = {row.participant for row in case.answers}
    crowds = [frozenset(f"p{i:02d}" for i in some) & there for some in sets]
    shown = [members(case, group) for group in showable(case)[0]]
    for crowd in [*crowds, frozenset(there), frozenset(sorted(there)[1:])]:
        shown += [crowd] if sets_showable(case, {"next": crowd}, before=shown) else []
    assert_nobody_exposed(case, [frozenset((one, 0) for one in some) for some in shown], least)


def changes_overlooked(monkeypatch) -> None:
    monkeypatch.setattr(disclosure, "_changed", lambda first, _last, _part: every(first))


def every(judgements: Iterable[Judgement]) -> frozenset[str]:
    return frozenset(one.participant for one in judgements)


def one_short(monkeypatch) -> None:
    monkeypatch.setattr(disclosure._Roster, "least", property(lambda r: r.case.about.min_cell - 1))


def releases_overlooked(monkeypatch) -> None:
    monkeypatch.setattr(disclosure._Roster, "closed", ())


@pytest.mark.parametrize("breaks", [changes_overlooked, one_short, releases_overlooked])
def test_the_attacker_catches_what_is_broken(make_case, monkeypatch, breaks):
    breaks(monkeypatch)

    @settings(max_examples=300, phases=[Phase.generate])
    @rooms
    def attacked(panel, released, least, cut, only):
        case, first, last = room(make_case, panel, released, least, cut)
        last = last if only else latest(case, "likelihood")
        assert_nobody_exposed(case, printed(case, first, last), least)

    with pytest.raises(AssertionError):
        attacked()


@rooms
def test_no_unanimous_group_is_worked_out(make_case, panel, released, least, cut, only):
    case, first, last = room(make_case, panel, released, least, cut)
    last = last if only else first
    tables = [
        frozenset((one.participant, 0) for one in own)
        for _, own in cells(case, showable(case)[0], last)
    ]
    value = {one.participant: one.value for one in last}
    party = {one.participant: one.party for one in last}
    sides = {"X": "ABCD"[:cut], "Y": "ABCD"[cut:]}
    for told in sums(tables, 3) if tables else ():
        for name in [*sides.values(), *"ABCDE"]:
            group = {one for one in value if party[one] in name}
            assert not told <= group or len({value[one] for one in group}) > 1


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
