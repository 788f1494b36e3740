"""What comparisons of risks tell of each group, and what they must not tell."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from detente.elicitation.disclosure import showable
from detente.elicitation.orders import Orders, comparisons, orders

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}
RISKS = ["r1", "r2", "r3", "r4"]
PEOPLE = [f"{party}{i}" for party in "ABCD" for i in range(3)]


def row(person: str, kind: str, item: str, value: float, about: str | None = None):
    return {"participant": person, "party": person[0], "question": kind, "item": item} | {
        "value": value,
        "about": about,
    }


def ranking(person: str, *risks: str) -> list[dict[str, object]]:
    return [row(person, "priority", risk, place) for place, risk in enumerate(risks, start=1)]


def choice(person: str, values: tuple[int, ...], name: str = "s1") -> list[dict[str, object]]:
    return [
        row(person, "best-worst", risk, value, name)
        for risk, value in zip(RISKS, values, strict=False)
    ]


def found(make_case, rows, **more) -> Orders:
    case = make_case(SIDES, rows, risks=RISKS, **more)
    return orders(case, showable(case)[0])


def two_camps() -> list[dict[str, object]]:
    """X puts r1 and r2 before r3 and r4, Y the other way round; each person in an own order."""
    heads, tails = [["r1", "r2"], ["r2", "r1"]], [["r3", "r4"], ["r4", "r3"]]
    rows = []
    for i, person in enumerate(PEOPLE):
        front, back = heads[i % 2], tails[i // 2 % 2]
        rows += ranking(person, *(front + back if person[0] in "AB" else back + front))
    return rows


def test_every_form_of_answer_counts_its_own_pairs(make_case):
    rows = ranking("A0", "r2", "r1")  # before each other, and both before the two left out
    rows += [
        row("A1", "pairwise", "r3", 1, "r1"),
        row("A1", "pairwise", "r4", -1, "r2"),
        row("A1", "pairwise", "r1", 0, "r2"),
    ]
    rows += choice("A2", (0, 1, -1))  # r2 before r1 and r3, r1 before r3
    told = comparisons(make_case(SIDES, rows, risks=RISKS))
    assert (told.persons, told.items) == (("A0", "A1", "A2"), tuple(RISKS))
    wins = {
        (person, a, b): told.wins[i, j, k]
        for i, person in enumerate(told.persons)
        for j, a in enumerate(RISKS)
        for k, b in enumerate(RISKS)
        if told.wins[i, j, k]
    }
    assert wins == dict.fromkeys(
        [
            ("A0", "r2", "r1"),
            *(("A0", a, b) for a in ("r1", "r2") for b in ("r3", "r4")),
            ("A1", "r3", "r1"),
            ("A1", "r2", "r4"),
            ("A2", "r2", "r1"),
            ("A2", "r2", "r3"),
            ("A2", "r1", "r3"),
        ],
        1.0,
    )
    assert told.ties.sum() == 2
    assert told.ties[1, 0, 1] == told.ties[1, 1, 0] == 1


def test_sets_of_one_name_are_kept_apart_by_person_and_sets_of_one_person_by_name(make_case):
    rows = choice("A0", (1, -1), "s1") + choice("A0", (-1, 1), "s2") + choice("A1", (1, -1), "s1")
    told = comparisons(make_case(SIDES, rows, risks=RISKS))
    assert told.wins[:, 0, 1].tolist() == [1, 1]
    assert told.wins[:, 1, 0].tolist() == [1, 0]


def test_worths_follow_the_order_and_sum_to_nothing(make_case):
    told = found(make_case, two_camps())
    worth = {(one.group, one.risk): one.worth for one in told.worths}
    for side, best in (("X", "r1 r2"), ("Y", "r3 r4")):
        mids = {risk: worth[side, risk].mid for risk in RISKS}
        assert sum(mids.values()) == pytest.approx(0, abs=1e-9)
        assert set(sorted(mids, key=mids.__getitem__)[2:]) == set(best.split())
        assert all(worth[side, risk].low < mids[risk] < worth[side, risk].high for risk in RISKS)
    assert {one.people for one in told.worths} == {6}
    assert all(1 <= one.rank_low <= one.rank_high <= 4 for one in told.worths)
    for side in "XY":  # three places for four risks
        chances = [one.in_first for one in told.worths if one.group == side]
        assert sum(chances) == pytest.approx(3, abs=1e-9)


def test_sides_that_rank_apart_are_told_apart_and_those_alike_are_not(make_case):
    (contrast,) = found(make_case, two_camps()).contrasts
    # No other of the C(12, 6) = 924 ways to share out the names parts the people so far.
    assert contrast.groups == ("X", "Y")
    assert contrast.p < 0.02
    assert contrast.tells
    alike = [
        one
        for i, person in enumerate(PEOPLE)
        for one in ranking(person, *list(permutations(RISKS))[i % 6])
    ]
    (contrast,) = found(make_case, alike).contrasts
    assert contrast.p == 1  # both sides hold the same six rankings: the statistic is 0
    assert not contrast.tells


def test_the_tree_parts_by_side_and_counts_its_people(make_case):
    root, *branches = found(make_case, two_camps()).tree
    assert (root.id, root.parent, root.values, root.by, root.people) == (0, None, (), "side", 12)
    assert root.p < 0.1
    assert {(one.parent, one.values, one.by, one.people) for one in branches} == {
        (0, ("X",), None, 6),
        (0, ("Y",), None, 6),
    }
    assert {one.values[0]: set(one.first[:2]) for one in branches} == {
        "X": {"r1", "r2"},
        "Y": {"r3", "r4"},
    }


def test_concordance_is_friedmans_statistic_rescaled(make_case):
    told = {one.group: one for one in found(make_case, two_camps()).concordances}
    for side in "XY":
        ranks = [
            [own.index(risk) + 1 for risk in RISKS]
            for own in (
                [r["item"] for r in two_camps() if r["participant"] == person]
                for person in PEOPLE
                if (person[0] in "AB") == (side == "X")
            )
        ]
        friedman = stats.friedmanchisquare(*zip(*ranks, strict=True)).statistic
        assert told[side].w == pytest.approx(friedman / (6 * 3))
        assert told[side].people == 6


def test_risks_left_out_stand_last_in_the_concordance(make_case):
    rows = ranking("A0", "r1") + ranking("A1", "r1", "r2", "r3", "r4") + ranking("B0", "r2", "r1")
    (told,) = found(make_case, rows).concordances
    # Sums of ranks: r1 1+1+2 = 4, r2 3+2+1 = 6, r3 3+3+3.5 = 9.5, r4 3+4+3.5 = 10.5; ties:
    # 3^3 - 3 = 24 and 2^3 - 2 = 6, so W = 12 S / (m^2 (n^3 - n) - m T), S about the mean 7.5.
    s = 3.5**2 + 1.5**2 + 2**2 + 3**2
    assert told.w == pytest.approx(12 * s / (9 * 60 - 3 * 30))


def test_fewer_than_the_least_cell_compare_and_nothing_is_told(make_case):
    rows = ranking("A0", "r1", "r2") + ranking("B0", "r2", "r1")
    rows += [{"participant": person, "party": person[0]} for person in PEOPLE]
    assert found(make_case, rows) == Orders()


def test_what_is_first_on_all_sides_needs_all_sides(make_case):
    assert [one.risk for one in found(make_case, two_camps()).shared_first] == RISKS
    x_only = [one for one in two_camps() if one["party"] in ("A", "B")]
    told = found(make_case, x_only)
    assert {one.group for one in told.worths} == {"X"}
    assert told.shared_first == told.contrasts == told.tree == ()


def test_shared_first_is_what_the_sides_chances_give(make_case):
    told = found(make_case, two_camps())
    first = {(one.group, one.risk): one.in_first for one in told.worths}
    for one in told.shared_first:
        product = first["X", one.risk] * first["Y", one.risk]
        assert one.chance == pytest.approx(product, abs=0.03)  # 4,000 draws each


def test_one_order_of_all_is_not_told(make_case):
    rows = [one for person in PEOPLE[:6] for one in ranking(person, *RISKS)]
    assert found(make_case, rows) == Orders()
    # The same order under other numbers is still one order of all.
    rows = [row(p, "priority", risk, 10 * (i + 1) + k) for i, p in enumerate(PEOPLE[:6])
            for k, risk in enumerate(RISKS)]  # fmt: skip
    told = found(make_case, rows)
    assert told.worths == told.concordances == ()


def test_a_risk_that_all_put_first_is_withheld_with_another(make_case):
    rows = []
    for person, rest in zip(PEOPLE, permutations(RISKS[1:]), strict=False):
        rows += ranking(person, "r1", *rest)
    told = found(make_case, rows).worths
    assert len(told) == 2
    assert "r1" not in {one.risk for one in told}
    assert all(one.worth.high - one.worth.low > 0.1 for one in told)


@pytest.mark.parametrize("choosing", [0, 1, 2])
def test_who_chooses_nothing_is_nobody(make_case, choosing):
    rows = []
    for i, person in enumerate(PEOPLE[:6]):
        rows += choice(person, ((1, -1, 0, 0), (1, 0, -1, 0))[i % 2] if i < choosing else (0,) * 4)
    assert found(make_case, rows) == Orders()


def test_three_who_choose_are_three_people_whoever_else_passed(make_case):
    rows = []
    for i, person in enumerate(PEOPLE[:6]):
        chosen = ((1, -1, 0, 0), (1, 0, -1, 0), (0, 1, -1, 0))
        rows += choice(person, chosen[i] if i < 3 else (0,) * 4)
    released = found(make_case, rows, released="A")  # the three are all of party A
    assert {(one.group, one.people) for one in released.worths} >= {("X", 3)}
    assert found(make_case, rows) == Orders()


def test_the_order_of_rows_changes_nothing(make_case):
    rows = two_camps() + [one for p in PEOPLE for one in choice(p, (1, -1, 0, 0))]
    shuffled = [rows[i] for i in np.random.default_rng(5).permutation(len(rows))]
    assert found(make_case, rows) == found(make_case, shuffled)


def test_no_risks_to_compare_give_nothing(make_case):
    case = make_case(SIDES, two_camps(), risks=["r1"])
    assert orders(case, showable(case)[0]) == Orders()
    assert found(make_case, []) == Orders()
