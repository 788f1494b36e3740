"""Counts of what was put before what, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.comparisons import best_worst, counted, pairwise, rankings
from detente.ground.errors import UsageError

ABC = ("a", "b", "c")


def test_statements_are_counted_by_hand():
    got = pairwise(
        ABC,
        "xy",
        person=[0, 0, 1, 1],
        first=[0, 1, 2, 2],
        second=[1, 0, 0, 1],
        result=[1, 1, -1, 0],
    )
    assert got.wins[0].tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert got.wins[1].tolist() == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert got.ties[1].tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert not got.ties[0].any()
    assert got.basis == "stated"


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2), st.integers(0, 3), st.integers(1, 3), st.sampled_from([-1, 0, 1])
        ),
        max_size=40,
    )
)
def test_turning_statements_round_changes_nothing(said):
    table = np.array(said, dtype=int).reshape(-1, 4)
    who, first, second, result = (
        table[:, 0],
        table[:, 1],
        table[:, 1:3].sum(axis=1) % 4,
        table[:, 3],
    )
    one = pairwise("abcd", "xyz", person=who, first=first, second=second, result=result)
    other = pairwise("abcd", "xyz", person=who, first=second, second=first, result=-result)
    assert np.array_equal(one.wins, other.wins)
    assert np.array_equal(one.ties, other.ties)
    assert one.wins.sum() + one.ties.sum() / 2 == len(said)


def test_a_ranking_implies_its_pairs():
    got = rankings("abcd", "x", ranks=[[2, 1, np.nan, 2]])
    assert np.argwhere(got.wins[0]).tolist() == [[1, 0], [1, 3]]
    assert np.argwhere(got.ties[0]).tolist() == [[0, 3], [3, 0]]
    assert got.basis == "implied"


def test_unranked_items_stand_below_only_when_told():
    got = rankings("abcd", "x", ranks=[[1, np.nan, 2, np.nan]], unranked="last")
    assert np.argwhere(got.wins[0]).tolist() == [[0, 1], [0, 2], [0, 3], [2, 1], [2, 3]]
    assert not got.ties.any()


@given(st.permutations(range(6)))
def test_a_full_ranking_has_all_pairs_once(order):
    got = rankings("abcdef", "x", ranks=[order])
    assert np.array_equal(got.wins[0] + got.wins[0].T, 1 - np.eye(6))
    assert got.wins[0].sum(axis=1).tolist() == [5 - rank for rank in order]


def test_best_and_worst_of_a_set_of_four_imply_five_pairs():
    shown = [[True, True, True, True, False]]
    got = best_worst("abcde", "x", person=[0], shown=shown, best=[2], worst=[0])
    assert np.argwhere(got.wins[0]).tolist() == [[1, 0], [2, 0], [2, 1], [2, 3], [3, 0]]
    assert got.wins.max() == 1
    assert got.basis == "implied"


def test_best_or_worst_alone_implies_three_pairs():
    shown = [[True, True, True, True, False]] * 2
    got = best_worst("abcde", "xy", person=[0, 1], shown=shown, best=[2, -1], worst=[-1, 2])
    assert np.argwhere(got.wins[0]).tolist() == [[2, 0], [2, 1], [2, 3]]
    assert np.argwhere(got.wins[1]).tolist() == [[0, 2], [1, 2], [3, 2]]


def test_a_set_of_two_is_one_pair_however_it_is_chosen():
    got = best_worst(ABC, "x", person=[0], shown=[[True, True, False]], best=[0], worst=[1])
    assert np.argwhere(got.wins[0]).tolist() == [[0, 1]]
    assert got.wins.sum() == 1


def test_some_people_by_mask_or_index():
    got = rankings(ABC, "xyz", ranks=[[1, 2, 3], [3, 2, 1], [2, 1, 3]])
    assert got.of([False, True, True]).persons == ("y", "z")
    assert np.array_equal(got.of([2]).wins[0], got.wins[2])


def test_a_table_leaves_out_its_diagonal():
    assert counted("ab", [[7, 2], [3, 7]]).wins.tolist() == [[[0, 2], [3, 0]]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"person": [1]}, "range"),
        ({"first": [3]}, "range"),
        ({"second": [-1]}, "range"),
        ({"result": [2]}, "result"),
        ({"second": [0]}, "itself"),
        ({"result": [1, 1]}, "length"),
    ],
)
def test_statements_that_cannot_be(change, words):
    right = {"person": [0], "first": [0], "second": [1], "result": [1]}
    with pytest.raises(UsageError, match=words):
        pairwise(ABC, "x", **(right | change))


@pytest.mark.parametrize(
    ("best", "worst", "words"), [(2, 0, "not show"), (0, 0, "both"), (5, 0, "range")]
)
def test_choices_that_cannot_be(best, worst, words):
    with pytest.raises(UsageError, match=words):
        best_worst(ABC, "x", person=[0], shown=[[True, True, False]], best=[best], worst=[worst])


def test_other_errors_of_the_caller():
    with pytest.raises(UsageError, match="two items"):
        rankings("aa", "x", ranks=[[1, 2]])
    with pytest.raises(UsageError, match="one person"):
        rankings("ab", "", ranks=np.empty((0, 2)))
    with pytest.raises(UsageError, match="shape"):
        rankings("ab", "x", ranks=[[1, 2, 3]])
    with pytest.raises(UsageError, match="too many"):
        rankings([str(i) for i in range(20_000)], "x", ranks=np.empty((1, 20_000)))
    with pytest.raises(UsageError, match="counts"):
        counted("ab", [[0, -1], [1, 0]])


def test_many_statements_are_counted_as_the_sum_of_few():
    rng = np.random.default_rng(1)
    first, step = rng.integers(0, 4, 20_000), rng.integers(1, 4, 20_000)
    said = {"first": first, "second": (first + step) % 4, "result": rng.integers(-1, 2, 20_000)}
    said["person"] = rng.integers(0, 3, 20_000)
    whole = pairwise("abcd", "xyz", **said)
    parts = [
        pairwise("abcd", "xyz", **{name: one[k::5] for name, one in said.items()}) for k in range(5)
    ]
    assert np.array_equal(whole.wins, sum(part.wins for part in parts))
    assert np.array_equal(whole.ties, sum(part.ties for part in parts))
