"""Movement between rounds against the published second round of repliCATS, and arithmetic."""

from __future__ import annotations

import csv
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.compare import t_interval
from detente.elicitation.rounds import change
from detente.ground.errors import UsageError

numbers = st.lists(st.floats(-6, 6), min_size=2, max_size=9)


def test_all_who_meet_at_the_mean_of_the_others_moved_all_the_way():
    before = np.array([0.0, 1.0, 5.0])
    others = (before.sum() - before) / 2
    moved = change(before, others)
    assert moved.toward == pytest.approx(1)
    assert change(before, before + (others - before) / 4).toward == pytest.approx(0.25)
    assert change(before, before - (others - before) / 4).toward == pytest.approx(-0.25)


def test_nobody_moves():
    still = change([0.0, 1.0, 5.0], [0.0, 1.0, 5.0])
    assert (still.changed, still.toward, still.spread_ratio, still.settled) == (0, 0, 1, True)
    assert (still.shift.low, still.shift.high) == (0, 0)


def test_a_large_move_of_all_is_not_settled_and_a_small_one_is():
    rng = np.random.default_rng(1)
    before = rng.normal(size=12)
    assert not change(before, before + 1 + rng.normal(size=12) / 20).settled
    assert change(before, before + 0.05 + rng.normal(size=12) / 20).settled


def test_dissent_is_kept():
    before, after = [0.0, 0.1, 0.2, 9.0], [0.1, 0.1, 0.1, 9.0]
    assert change(before, after).spread_ratio == pytest.approx(1, abs=0.02)


@given(numbers, st.floats(-3, 3), st.integers(0, 1000))
def test_a_common_shift_changes_the_shift_alone(before, by, seed):
    after = np.array(before) + np.random.default_rng(seed).normal(size=len(before))
    plain, shifted = change(before, after), change(before, after + by)
    expected = t_interval(after - np.array(before) + by)
    assert shifted.shift.mid == pytest.approx(expected.mid, abs=1e-9)
    assert (shifted.spread_ratio is None) == (plain.spread_ratio is None)
    if plain.spread_ratio is not None and plain.spread_ratio < 1e6:
        assert shifted.spread_ratio == pytest.approx(plain.spread_ratio, rel=1e-6)


@pytest.mark.parametrize(("before", "after"), [([1, 2], [1]), ([1], [1]), ([], [])])
def test_rounds_of_other_people_are_refused(before, after):
    with pytest.raises(UsageError):
        change(before, after)


@pytest.mark.conformance
def test_the_second_round_of_replicats_drew_people_together(shared_data):
    file = shared_data / "elicitation/replicats-aggrecat/data_ratings.csv"
    best = defaultdict(dict)
    with file.open() as lines:
        for row in csv.DictReader(lines):
            if (row["question"], row["element"]) == ("direct_replication", "three_point_best"):
                key = row["paper_id"], row["user_name"]
                best[key][row["round"]] = float(row["value"])
    papers = defaultdict(list)
    for (paper, _), rounds in best.items():
        papers[paper].append((rounds["round_1"], rounds["round_2"]))
    moves = [change(*np.array(pairs).T) for pairs in papers.values()]
    widths = [np.array(pairs).std(axis=0, ddof=1) for pairs in papers.values()]
    # As SOURCE.md tells: the mean standard deviation of the bests fell from 16.9 to 15.7 points.
    assert np.mean(widths, axis=0) == pytest.approx([16.9, 15.7], abs=0.05)
    assert np.median([move.spread_ratio for move in moves]) < 1
    assert np.mean([move.toward for move in moves]) > 0
