"""Consensus over everybody and over groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.opinion.consensus import consensus, group_informed_consensus
from detente.elicitation.opinion.representative import Counts, count


def everybody(agrees, disagrees, votes) -> Counts:
    return Counts(np.array([agrees]), np.array([disagrees]), np.array([votes]))


@pytest.mark.conformance
def test_published_group_informed_consensus(open_data):
    whole = open_data("bg2050-volunteers")
    assert len(whole.published) == 371
    known = sorted(set(whole.camps) - {""})
    labels = np.array([known.index(camp) if camp else -1 for camp in whole.camps])
    found = group_informed_consensus(count(whole, labels))
    assert np.abs(found - whole.published).max() <= 1e-12


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=5),
)
def test_group_informed_consensus_is_a_product_of_shares(cells):
    agrees = np.array([[a] for a, _ in cells])
    votes = np.array([[a + more] for a, more in cells])
    found = group_informed_consensus(Counts(agrees, votes - agrees, votes))[0]
    assert found == pytest.approx(np.prod([(a + 1) / (a + more + 2) for a, more in cells]))
    assert 0 < found < 1


def test_consensus_goes_by_share_and_significance():
    found = consensus(
        everybody([30, 9, 1, 16, 1], [0, 0, 30, 14, 1], [30, 10, 31, 30, 2]),
        rejected=np.zeros(5, dtype=bool),
    )
    assert [(s.statement, s.direction) for s in found] == [
        (0, "agree"),
        (1, "agree"),
        (2, "disagree"),
    ]
    assert found[0].share == pytest.approx(31 / 32)
    assert (found[0].successes, found[0].trials) == (30, 30)


def test_no_more_than_five_a_side_and_none_rejected():
    rejected = np.arange(9) == 0
    found = consensus(everybody([20] * 9, [0] * 9, [20] * 9), rejected=rejected)
    assert [s.statement for s in found] == [1, 2, 3, 4, 5]
