"""Conversations: compressed rows, moderation, and who may be placed."""

import numpy as np
import pytest

from detente.elicitation.opinion.votes import clusterable, conversation, kept, subset
from detente.ground.errors import UsageError

VOTES = np.array([[1, 0, -1], [0, 1, 0], [-1, -1, 1], [1, 0, 0]], dtype=np.int8)
VOTED = np.array([[1, 1, 1], [0, 1, 0], [1, 1, 1], [1, 0, 0]], dtype=bool)


def dense(whole) -> np.ndarray:
    found = np.full(whole.shape, np.nan)
    rows = np.repeat(np.arange(whole.shape[0]), whole.votes_cast)
    found[rows, whole.columns] = whole.values
    return found


def test_a_table_comes_back_from_its_compressed_rows():
    expected = np.where(VOTED, VOTES, np.nan)
    np.testing.assert_array_equal(dense(conversation(VOTES, VOTED)), expected)


def test_a_subset_has_the_rows_asked_for_repeats_too():
    rows = np.array([2, 0, 2, 1])
    found = subset(conversation(VOTES, VOTED), rows)
    np.testing.assert_array_equal(dense(found), np.where(VOTED, VOTES, np.nan)[rows])
    assert found.people == ("2", "0", "2", "1")


def test_a_rejected_statement_counts_as_passed_by_everybody():
    whole = conversation(VOTES, VOTED, rejected=np.array([False, False, True]))
    found = kept(whole)
    assert found.seen.tolist() == [3, 2, 3, 2]
    assert found.means().tolist() == [pytest.approx(1 / 3), 0, 0]


def test_blocks_hold_deviations_and_zero_where_unseen():
    found = kept(conversation(VOTES, VOTED))
    means = found.means()
    ((rows, block),) = found.blocks(means)
    assert rows == slice(0, 4)
    np.testing.assert_allclose(block, np.where(VOTED, VOTES - means, 0))


def test_blocks_of_many_people_cover_each_once(planted):
    whole, _ = planted(9000, 5)
    found = kept(whole)
    means = found.means()
    blocks = list(found.blocks(means))
    assert [(rows.start, rows.stop) for rows, _ in blocks] == [
        (0, 4096),
        (4096, 8192),
        (8192, 9000),
    ]
    stacked = np.vstack([block for _, block in blocks])
    np.testing.assert_allclose(stacked, np.nan_to_num(dense(whole) - means))


def marks(counts, statements) -> np.ndarray:
    return np.arange(statements) < np.array(counts)[:, None]


def test_seven_votes_place_a_person():
    voted = marks([7] * 15 + [6], 20)
    assert clusterable(conversation(voted.astype(np.int8), voted)).tolist() == [True] * 15 + [False]


def test_all_votes_place_a_person_where_statements_are_few():
    voted = marks([3] * 15 + [2], 3)
    assert clusterable(conversation(voted.astype(np.int8), voted)).tolist() == [True] * 15 + [False]


def test_most_votes_join_up_to_fifteen_people_but_nobody_without_a_vote():
    voted = marks([8] * 12 + [1, 3, 2, 4], 20)
    placed = clusterable(conversation(voted.astype(np.int8), voted))
    assert placed.tolist() == [True] * 12 + [False, True, True, True]
    voted = marks([8, 2, 0], 20)
    assert clusterable(conversation(voted.astype(np.int8), voted)).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("votes", "voted"), [(VOTES * 2, VOTED), (VOTES, VOTED[:, :2]), (VOTES * 0.5, VOTED)]
)
def test_what_is_no_vote_is_refused(votes, voted):
    with pytest.raises(UsageError):
        conversation(votes, voted)
