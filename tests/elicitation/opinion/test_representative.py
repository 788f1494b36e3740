"""Which statements speak for a group, by hand."""

import math

import numpy as np
import pytest

from detente.elicitation.opinion.representative import (
    Counts,
    contrast,
    count,
    representative,
    share,
    share_z,
)
from detente.elicitation.opinion.votes import conversation

NONE_REJECTED = np.zeros(3, dtype=bool)


def counts(agrees, disagrees, votes) -> Counts:
    return Counts(np.array(agrees), np.array(disagrees), np.array(votes))


def test_a_published_share_and_its_test():
    # Polis server, "Improving the Polis Software", group 0, statement 13
    assert share(np.array(6), np.array(6)) == 0.875
    assert share_z(np.array(6), np.array(6)) == pytest.approx(2.6457513110645907)


def test_contrast_of_two_groups_by_hand():
    found = contrast(np.array([[6], [2]]), np.array([[6], [13]]))
    assert found.ratio[0, 0] == pytest.approx((7 / 8) / (3 / 15))
    pooled = (7 + 3) / (7 + 14)
    z = (7 / 7 - 3 / 14) / math.sqrt(pooled * (1 - pooled) * (1 / 7 + 1 / 14))
    assert found.ratio_z[0, 0] == pytest.approx(z)


def test_where_everybody_agrees_nothing_differs():
    # one more success and trial on either side leaves a pooled share of 1
    assert contrast(np.array([[4], [9]]), np.array([[4], [9]])).ratio_z.tolist() == [[0], [0]]


def test_votes_are_counted_by_group_passes_among_them():
    votes = np.array([[1, -1], [1, 0], [-1, 1], [1, 1]], dtype=np.int8)
    voted = np.array([[1, 1], [1, 1], [1, 0], [1, 1]], dtype=bool)
    found = count(conversation(votes, voted), np.array([0, 0, 1, -1]))
    assert found.agrees.tolist() == [[2, 0], [0, 0]]
    assert found.disagrees.tolist() == [[0, 1], [1, 0]]
    assert found.votes.tolist() == [[2, 2], [1, 0]]


def test_a_group_is_represented_by_what_sets_it_apart_in_either_direction():
    found = representative(
        counts([[20, 10, 1], [1, 10, 19]], [[0, 10, 19], [19, 10, 1]], [[20] * 3] * 2),
        rejected=NONE_REJECTED,
    )
    assert [[(s.statement, s.direction) for s in group] for group in found] == [
        [(0, "agree"), (2, "disagree")],
        [(2, "agree"), (0, "disagree")],
    ]


def test_a_rejected_statement_represents_nobody():
    found = representative(
        counts([[20, 10, 1], [1, 10, 19]], [[0, 10, 19], [19, 10, 1]], [[20] * 3] * 2),
        rejected=np.array([True, False, False]),
    )
    assert {s.statement for group in found for s in group} == {2}


def test_one_statement_stands_in_where_none_is_significant():
    found = representative(
        counts([[2, 1, 1], [1, 1, 1]], [[2, 3, 2], [3, 2, 2]], [[4, 4, 4]] * 2),
        rejected=NONE_REJECTED,
    )
    assert [len(group) for group in found] == [1, 1]


def test_at_most_five_speak_for_a_group_agreements_first():
    agrees = np.array([[20] * 4 + [0] * 6, [2] * 4 + [20] * 6])
    found = representative(
        Counts(agrees, 20 - agrees, np.full((2, 10), 20)), rejected=np.zeros(10, dtype=bool)
    )
    for group in found:
        assert len(group) == 5
        directions = [s.direction for s in group]
        assert directions == sorted(directions)
