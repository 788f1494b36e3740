"""Of every person the last answer counts."""

from __future__ import annotations

import numpy as np

from detente.elicitation.answers import Judgement, latest, people

SIDES = {"X": ["A"], "Y": ["B"]}


def row(participant: str, party: str, value: float | None, **more: object) -> dict[str, object]:
    return {"participant": participant, "party": party, "value": value, **more}


def test_the_last_round_counts_and_an_unrepeated_answer_is_kept(make_case):
    case = make_case(
        SIDES,
        [
            row("a1", "A", 0.10, round=1),
            row("a1", "A", 0.15, round=2),
            row("a2", "A", 0.12, round=1),
        ],
    )
    assert latest(case, "likelihood") == (
        Judgement("a1", "A", "X", "r1", None, 0.05, 0.15, 0.2),
        Judgement("a2", "A", "X", "r1", None, 0.05, 0.12, 0.2),
    )


def test_a_ranking_is_one_answer(make_case):
    rank = {"question": "priority"}
    case = make_case(
        SIDES,
        [
            row("a1", "A", 1, item="r1", round=1, **rank),
            row("a1", "A", 2, item="r2", round=1, **rank),
            row("a1", "A", 3, item="r3", round=1, **rank),
            row("a1", "A", 1, item="r3", round=2, **rank),
        ],
    )
    assert [(one.item, one.value) for one in latest(case, "priority")] == [("r3", 1)]


def test_kind_about_and_side_are_told_apart(make_case):
    received = {"question": "reassurance-received", "item": "m1"}
    case = make_case(
        SIDES,
        [
            row("u1", "U", 4, about="X", **received),
            row("u1", "U", 7, about="Y", **received),
            row("u1", "U", 0.1),
        ],
        unaligned=["U"],
    )
    found = latest(case, "reassurance-received")
    assert [(one.about, one.value, one.side) for one in found] == [("X", 4, None), ("Y", 7, None)]
    assert latest(case, "gain") == ()
    assert people(case) == {"u1": "U"}


def test_an_empty_cell_is_no_answer(make_case):
    case = make_case(SIDES, [row("a1", "A", None)])
    assert latest(case, "likelihood") == ()
    assert people(case) == {}


def test_the_order_of_rows_does_not_matter(make_case):
    rows = [
        row(f"a{i}", "A", 0.06 + i / 100 + turn / 1000, round=turn, item=item)
        | {"question": "likelihood", "low": 0.01, "high": 0.9}
        for i in range(5)
        for turn in (1, 2, 3)
        for item in ("r1", "r2")
    ]
    shuffled = [rows[i] for i in np.random.default_rng(4).permutation(len(rows))]
    expected = latest(make_case(SIDES, rows), "likelihood")
    assert latest(make_case(SIDES, shuffled), "likelihood") == expected
    assert all(one.value * 1000 % 10 // 1 == 3 for one in expected)
