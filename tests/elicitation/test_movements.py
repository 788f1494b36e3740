"""Movement between rounds: of the same people, and only where it may be shown."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit

from detente.elicitation.disclosure import showable
from detente.elicitation.movements import movements

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}
BEFORE = {"A0": 0.1, "A1": 0.2, "A2": 0.3, "B0": 0.15, "B1": 0.4, "B2": 0.05}
AFTER = {"A0": 0.12, "A1": 0.25, "A2": 0.2, "B0": 0.2, "B1": 0.3, "B2": 0.1}


def row(person: str, value: float, number: int, risk: str = "r1") -> dict[str, object]:
    return {"participant": person, "party": person[0], "round": number, "item": risk} | {
        "question": "likelihood",
        "value": value,
    }


def two_rounds(before=BEFORE, after=AFTER) -> list[dict[str, object]]:
    rows = [row(person, value, 1) for person, value in before.items()]
    return rows + [row(person, value, 2) for person, value in after.items()]


def moved(make_case, rows, **more):
    case = make_case(SIDES, rows, **more)
    return movements(case, showable(case)[0])


def test_the_shift_is_the_paired_t_interval_as_a_ratio_of_odds(make_case):
    (told,) = moved(make_case, two_rounds())
    first, last = (logit(np.array(list(own.values()))) for own in (BEFORE, AFTER))
    interval = stats.ttest_rel(last, first).confidence_interval(0.9)
    assert (told.group, told.risk, told.people) == ("X", "r1", 6)
    assert told.shift.mid == pytest.approx(math.exp((last - first).mean()))
    assert told.shift.low == pytest.approx(math.exp(interval.low))
    assert told.shift.high == pytest.approx(math.exp(interval.high))
    assert told.spread_ratio == pytest.approx(last.std() / first.std())
    # One is dropped at either end of six.
    assert told.before == pytest.approx(expit(np.sort(first)[1:-1].mean()))
    assert told.after == pytest.approx(expit(np.sort(last)[1:-1].mean()))
    assert told.settled == (told.shift.low > 1 / 1.5 and told.shift.high < 1.5)


@pytest.mark.parametrize(("factor", "settled"), [(1.1, True), (2.0, False)])
def test_settled_is_a_whole_interval_within_one_and_a_half(make_case, factor, settled):
    # All move alike but for a trace, which has them differ.
    after = {
        person: float(expit(logit(value) + math.log(factor) + 0.01 * i))
        for i, (person, value) in enumerate(BEFORE.items())
    }
    (told,) = moved(make_case, two_rounds(after=after))
    assert told.settled is settled


def test_who_came_or_left_between_the_rounds_does_not_count(make_case):
    gone, came = [f"A{i}" for i in range(3, 6)], [f"B{i}" for i in range(3, 6)]
    rows = two_rounds()
    rows += [row(person, 0.5 + i / 10, 1, "r2") for i, person in enumerate(gone)]
    rows += [row(person, 0.3 + i / 10, 2, "r2") for i, person in enumerate(came)]
    told = {one.risk: one for one in moved(make_case, rows)}
    assert told["r1"].people == 6
    assert "r2" not in told


def test_a_middle_round_does_not_count(make_case):
    rows = [one | {"round": 3} if one["round"] == 2 else one for one in two_rounds()]
    between = [row(person, 0.9 - i / 50, 2) for i, person in enumerate(BEFORE)]
    assert moved(make_case, rows + between) == moved(make_case, two_rounds())


@pytest.mark.parametrize("movers", [0, 1, 2, 3])
def test_so_few_who_changed_are_not_told(make_case, movers):
    changing = ["A0", "B0", "B1"][:movers]
    after = {p: AFTER[p] if p in changing else BEFORE[p] for p in BEFORE}
    told = moved(make_case, two_rounds(after=after))
    assert bool(told) == (movers == 3)


def test_one_round_moves_nobody(make_case):
    assert moved(make_case, [row(p, v, 1) for p, v in BEFORE.items()]) == ()
    assert moved(make_case, []) == ()


def test_all_the_same_before_tells_of_everybody(make_case):
    assert moved(make_case, two_rounds(before=dict.fromkeys(BEFORE, 0.2))) == ()


def test_a_group_of_one_party_needs_its_release(make_case):
    before, after = (
        {p: v for p, v in own.items() if p[0] == "A"} for own in (BEFORE, AFTER)
    )  # X is then A by another name
    rows = two_rounds(before, after)
    assert moved(make_case, rows) == ()
    assert {one.group for one in moved(make_case, rows, released=["A"])} == {"X", "A"}


def test_the_order_of_rows_changes_nothing(make_case):
    rows = two_rounds()
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    assert moved(make_case, rows) == moved(make_case, shuffled)


def test_the_wildest_answers_stay_finite(make_case):
    before = {"A0": 0.5, "B0": 0.4}
    after = {"A0": 1e-300, "B0": 1 - 1e-16}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (told,) = moved(make_case, two_rounds(before, after), min_cell=2)
    assert 0 < told.shift.low < told.shift.high < math.inf
