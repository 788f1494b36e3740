"""Opinion groups, and when they are refused."""

from dataclasses import replace

import numpy as np
import pytest

from detente.elicitation.opinion.consensus import group_informed_consensus
from detente.elicitation.opinion.groups import OpinionGroups, group_labels, opinion_groups
from detente.elicitation.opinion.representative import count
from detente.elicitation.opinion.stability import adjusted_rand
from detente.elicitation.opinion.votes import clusterable, conversation, subset
from detente.ground.errors import UsageError

from .conftest import OPEN_DATA


def rng(seed=0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_planted_groups_come_back_with_their_figures(planted):
    whole, truth = planted(150, 30)
    found = opinion_groups(whole, rng=rng(), draws=40)
    assert found.verdict == "stable groups"
    assert [group.size for group in found.groups] == sorted(
        (group.size for group in found.groups), reverse=True
    )
    labels = np.full(150, -1)
    for place, group in enumerate(found.groups):
        assert group.size == len(group.people)
        labels[list(group.people)] = place
    assert adjusted_rand(labels[None], truth)[0] > 0.9
    informed = group_informed_consensus(count(whole, labels))
    np.testing.assert_array_equal(found.group_informed, informed)
    for place, group in enumerate(found.groups):
        for said in group.representative:
            votes = count(whole, labels)
            side = votes.agrees if said.direction == "agree" else votes.disagrees
            assert said.successes == side[place, said.statement]


def test_unstable_groups_leave_no_membership(noise):
    found = opinion_groups(noise(120, 30), rng=rng(), draws=60)
    assert found.verdict == "no stable groups"
    assert found.groups == ()
    assert found.group_informed.size == 0
    assert found.ari_median is not None
    assert found.ari_median < 0.6
    assert sum(times for _, times in found.k_counts) == 60


def test_same_chance_same_result(planted):
    whole, _ = planted(60, 15)
    one, two = (opinion_groups(whole, rng=rng(3), draws=20) for _ in range(2))
    assert one.ari_median == two.ari_median
    assert one.groups == two.groups


def test_order_of_people_changes_no_group(planted):
    whole, _ = planted(150, 20, density=0.4)
    order = rng(9).permutation(150)
    shuffled = group_labels(subset(whole, order))
    np.testing.assert_array_equal(shuffled, group_labels(whole)[order])


def test_turning_every_vote_round_changes_no_group(planted):
    whole, _ = planted(120, 20)
    turned = replace(whole, values=-whole.values)
    assert adjusted_rand(group_labels(turned)[None], group_labels(whole))[0] == 1


def test_a_rejected_statement_has_no_say(planted):
    whole, _ = planted(100, 20)
    rejected = np.arange(20) == 7
    values = whole.values.copy()
    values[whole.columns == 7] *= -1
    one = group_labels(replace(whole, rejected=rejected))
    two = group_labels(replace(whole, rejected=rejected, values=values))
    np.testing.assert_array_equal(one, two)


def test_too_few_people_are_not_grouped():
    votes = rng().choice(np.array([-1, 1], dtype=np.int8), (5, 10))
    found = opinion_groups(conversation(votes, np.ones_like(votes, dtype=bool)), rng=rng())
    assert (found.stable, found.ari_median, found.placed, found.groups) == (False, None, 5, ())


def test_people_of_one_opinion_are_no_groups():
    votes = np.ones((20, 10), dtype=np.int8)
    found = opinion_groups(conversation(votes, votes > 0), rng=rng(), draws=20)
    assert found.groups == ()
    assert len(found.consensus) == 5


def test_nobody_at_all():
    empty = np.zeros((0, 4), dtype=np.int8)
    assert opinion_groups(conversation(empty, empty > 0), rng=rng()).placed == 0


@pytest.mark.parametrize("given", [{"k": 1}, {"k": 6}, {"draws": 0}])
def test_what_cannot_be_done_is_refused(planted, given):
    with pytest.raises(UsageError):
        opinion_groups(planted(40, 10)[0], rng=rng(), **given)


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_k_may_be_given(planted, k):
    whole, _ = planted(80, 20)
    assert len(set(group_labels(whole, k=k)[clusterable(whole)])) == k


def thirty(whole, seed) -> OpinionGroups:
    """The groups of thirty of those who can be placed."""
    people = np.flatnonzero(clusterable(whole))
    chosen = rng(seed).choice(people, min(30, len(people)), replace=False)
    return opinion_groups(subset(whole, chosen), rng=rng(seed), draws=25)


@pytest.mark.conformance
@pytest.mark.parametrize("name", OPEN_DATA)
def test_thirty_people_of_real_conversations(open_data, name):
    found = thirty(open_data(name), 0)
    assert found.ari_median is not None
    assert (found.verdict == "no stable groups") == (found.ari_median < 0.6)
    assert bool(found.groups) == found.stable


@pytest.mark.long
@pytest.mark.conformance
@pytest.mark.parametrize("name", OPEN_DATA)
def test_twenty_five_samples_of_thirty_people(open_data, name):
    whole = open_data(name)
    found = [thirty(whole, seed) for seed in range(25)]
    for one in found:
        assert one.ari_median is not None
        assert (one.verdict == "no stable groups") == (one.ari_median < 0.6)
        assert bool(one.groups) == one.stable


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("canadian-electoral-reform", 0.9),
        ("scoop-hivemind.taxes", 0.9),
        ("brexit-consensus", 0.8),
        ("vtaiwan.uberx", 0.7),
    ],
)
def test_published_groups_where_two_are_asked_for(open_data, name, least):
    whole = open_data(name)
    known = sorted(set(whole.camps) - {""})
    theirs = np.array([known.index(camp) if camp else -1 for camp in whole.camps])
    assert adjusted_rand(group_labels(whole, k=2)[None], theirs)[0] >= least
