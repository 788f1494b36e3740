"""The adjusted Rand index, and a bootstrap done one draw at a time."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.opinion.groups import group_labels
from detente.elicitation.opinion.projection import project
from detente.elicitation.opinion.stability import (
    _basis,
    _dense,
    _planes,
    adjusted_rand,
    bootstrap,
)
from detente.elicitation.opinion.votes import clusterable, kept, subset
from detente.ground.errors import UsageError


def test_a_published_adjusted_rand_index():
    # Yeung and Ruzzo (2001), "Details of the adjusted Rand index": table 3, .313
    table = [[1, 1, 0], [1, 2, 1], [0, 0, 4]]
    pairs = [(u, v) for u in range(3) for v in range(3) for _ in range(table[u][v])]
    ours, theirs = np.array(pairs).T
    assert adjusted_rand(ours[None], theirs)[0] == pytest.approx(0.313, abs=5e-4)


labels = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=25)


@given(labels)
def test_adjusted_rand_by_counting_pairs(pairs):
    ours, theirs = np.array(pairs).T
    every = list(combinations(range(len(ours)), 2))
    a = [ours[i] == ours[j] for i, j in every]
    b = [theirs[i] == theirs[j] for i, j in every]
    both, chance = np.logical_and(a, b).sum(), sum(a) * sum(b) / len(every)
    most = (sum(a) + sum(b)) / 2
    expected = 1 if most == chance else (both - chance) / (most - chance)
    assert adjusted_rand(ours[None], theirs)[0] == pytest.approx(expected)
    assert adjusted_rand(theirs[None], ours)[0] == pytest.approx(expected)


def test_names_of_groups_do_not_matter_and_unplaced_people_do_not_count():
    ours = np.array([[0, 0, 1, 1, 2, -1, 0]])
    theirs = np.array([2, 2, 0, 0, 1, 1, -1])
    assert adjusted_rand(ours, theirs).tolist() == [1]


def test_independent_partitions_agree_as_by_chance():
    rng = np.random.default_rng(0)
    found = adjusted_rand(rng.integers(0, 3, (200, 300)), rng.integers(0, 3, 300))
    assert abs(found.mean()) < 0.003


def test_a_draw_is_the_conversation_of_the_people_drawn(planted):
    whole, _ = planted(80, 20)
    votes, rng = kept(whole), np.random.default_rng(0)
    drawn = rng.integers(0, 80, (5, 80))
    weights = np.array([np.bincount(row, minlength=80) for row in drawn], dtype=np.float32)
    planes = _planes(_dense(votes), weights, _basis(votes))
    for rows, plane in zip(drawn, planes, strict=True):
        alone = project(kept(subset(whole, rows)))
        stretched = alone.points / np.sqrt(20 / np.maximum(votes.seen[rows], 1))[:, None]
        signs = np.sign((plane[rows] * stretched).sum(axis=0))
        # a few steps of subspace iteration in single precision
        assert np.abs(plane[rows] * signs - stretched).max() < 0.02


def test_planted_groups_hold(planted):
    whole, truth = planted(200, 40)
    found = group_labels(whole)
    assert adjusted_rand(found[None], truth)[0] > 0.95
    held = bootstrap(
        kept(whole), found, placed=clusterable(whole), draws=50, rng=np.random.default_rng(0)
    )
    assert held.stable
    assert held.median > 0.95
    assert held.k_counts == ((3, 50),)
    assert held.p10 <= held.median


@pytest.mark.parametrize("people", [30, 150, 300])
def test_groups_of_coin_tossers_do_not_hold(noise, people):
    whole = noise(people, 40)
    held = bootstrap(
        kept(whole),
        group_labels(whole),
        placed=clusterable(whole),
        draws=100,
        rng=np.random.default_rng(0),
    )
    assert not held.stable


def test_same_chance_same_figures_in_chunks_of_any_size(planted, monkeypatch):
    whole, _ = planted(60, 15, density=0.4)
    given = {"votes": kept(whole), "labels": group_labels(whole), "placed": clusterable(whole)}
    once = bootstrap(**given, draws=30, rng=np.random.default_rng(5))
    monkeypatch.setattr("detente.elicitation.opinion.stability._CELLS", 60 * 100 * 7)
    again = bootstrap(**given, draws=30, rng=np.random.default_rng(5))
    np.testing.assert_allclose(again.agreement, once.agreement, atol=0.3)
    assert abs(again.median - once.median) < 0.05


def test_no_draws_are_refused(planted):
    whole, _ = planted(30, 10)
    with pytest.raises(UsageError):
        bootstrap(
            kept(whole),
            group_labels(whole),
            placed=clusterable(whole),
            draws=0,
            rng=np.random.default_rng(0),
        )


@pytest.mark.conformance
def test_canadian_electoral_reform_holds(open_data):
    whole = open_data("canadian-electoral-reform")
    held = bootstrap(
        kept(whole),
        group_labels(whole),
        placed=clusterable(whole),
        draws=100,
        rng=np.random.default_rng(1),
    )
    assert held.median >= 0.9
    assert held.p10 == pytest.approx(0.7, abs=0.1)
