"""Necessary and possible preference, beside the corners of small polytopes and brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.assessment.relations import between, of_group, relations
from detente.assessment.smaa.indices import indices
from detente.assessment.smaa.intervals import Stop
from detente.assessment.smaa.laws import normal, point
from detente.assessment.smaa.problem import Problem
from detente.assessment.smaa.values import linear
from detente.assessment.weights.polytope import WeightSet, bounds, free, ranking, ratios
from detente.ground.errors import UsageError

NAMES = ("a", "b", "c", "d")
SETS = (
    free(NAMES),
    ranking(NAMES),
    bounds(NAMES, {"a": (0.1, 0.4), "b": (0.2, 0.5), "c": (0.0, 0.3)}),
    ratios(NAMES, {("a", "b"): (1, 2), ("c", "d"): (0.5, 3)}),
    ratios(NAMES, {("a", "b"): (2, 2), ("b", "c"): (1, 4)}),
)
numbers = st.integers(0, 2**32 - 1)


def corners(weights: WeightSet):
    """All corners, by every choice of rows that hold with equality."""
    n = len(weights.criteria)
    fixed = np.vstack([np.ones((1, n)), weights.equal])
    ends = np.concatenate([[1.0], weights.values])
    rows = np.vstack([np.eye(n), weights.above])
    least = np.concatenate([np.zeros(n), weights.least])
    found = []
    for chosen in combinations(range(len(rows)), n - len(fixed)):
        matrix = np.vstack([fixed, rows[list(chosen)]])
        if abs(np.linalg.det(matrix)) > 1e-9:
            corner = np.linalg.solve(matrix, np.concatenate([ends, least[list(chosen)]]))
            if weights.holds(corner[None], 1e-9)[0]:
                found.append(corner)
    return np.array(found)


@settings(max_examples=40)
@given(st.sampled_from(range(len(SETS))), numbers)
def test_ends_are_those_at_the_corners(which, number):
    rng = np.random.default_rng(number)
    low = rng.integers(0, 8, (4, 4)) / 8
    high = np.minimum(low + rng.integers(0, 3, (4, 4)) / 8, 1)
    found = between(tuple("wxyz"), low, high, SETS[which])
    every = corners(SETS[which])
    least = ((low[:, None] - high[None]) @ every.T).min(axis=2)
    most = ((high[:, None] - low[None]) @ every.T).max(axis=2)
    off = ~np.eye(4, dtype=bool)
    assert np.allclose(found.least[off], least[off], atol=1e-8)
    assert np.allclose(found.most[off], most[off], atol=1e-8)
    sure = abs(least) > 1e-7
    assert (found.necessary == (least >= 0))[sure & off].all()


@settings(max_examples=40)
@given(st.sampled_from(range(len(SETS))), numbers)
def test_relations_are_reflexive_transitive_and_complete(which, number):
    rng = np.random.default_rng(number)
    low = rng.random((6, 4))
    found = between(tuple("uvwxyz"), low, low + rng.random((6, 4)) * 0.2, SETS[which])
    assert found.necessary.diagonal().all()
    assert found.possible.diagonal().all()
    assert (found.necessary <= found.possible).all()
    assert (found.possible | found.necessary.T).all()
    assert (found.possible | found.possible.T).all()
    chained = found.necessary.astype(int) @ found.necessary.astype(int) > 0
    assert (chained <= found.necessary).all()


def test_brute_force_over_weights_and_scores_never_leaves_the_ends():
    rng = np.random.default_rng(2)
    low = rng.random((3, 4))
    high = low + 0.3 * rng.random((3, 4))
    for weights in SETS:
        found = between(tuple("xyz"), low, high, weights)
        drawn = rng.dirichlet(np.ones(len(every := corners(weights))), 500) @ every
        scores = low + rng.random((500, 3, 4)) * (high - low)
        totals = np.einsum("smn,sn->sm", scores, drawn)
        gaps = totals[:, :, None] - totals[:, None, :]
        assert (gaps.min(axis=0) >= found.least - 1e-9).all()
        assert (gaps.max(axis=0) <= found.most + 1e-9).all()


def problem(rows):
    scores = tuple(tuple(row) for row in rows)
    options = tuple("xyz"[: len(rows)])
    return Problem(options, ("a", "b"), scores, (linear(0, 1), linear(0, 1, descending=True)))


def test_relations_of_a_problem():
    made = problem([[point(0.9), point(0.1)], [point(0.5), point(0.2)], [point(0.6), point(0.9)]])
    found = relations(made, free(("a", "b")))
    assert found.necessary.tolist() == [
        [True, True, True],
        [False, True, False],
        [False, False, True],
    ]
    assert found.possible[1, 2]
    assert found.possible[2, 1]
    assert not found.possible[1, 0]
    settled = relations(made, bounds(("a", "b"), {"a": (0.95, 1)}))
    assert settled.necessary[2, 1]


def test_wider_scores_settle_less():
    made = problem([[normal(0.7, 0.05), point(0.3)], [normal(0.5, 0.05), point(0.3)]])
    assert relations(made, free(("a", "b")), coverage=0.9).necessary[0, 1]
    assert not relations(made, free(("a", "b")), coverage=0.99999).necessary[0, 1]


def test_what_is_necessary_wins_every_weighting():
    rng = np.random.default_rng(3)
    rows = [[point(rng.random()), point(rng.random())] for _ in range(3)]
    made, weights = problem(rows), ranking(("a", "b"))
    found = relations(made, weights)
    shares = indices(made, weights, seed=np.random.SeedSequence(1), stop=Stop(0, 2_000)).pairwise
    assert (shares.share.T[found.necessary] == 0).all()


def test_groups():
    scores = np.array([[0.9, 0.1], [0.5, 0.5], [0.4, 0.4]])
    weights = [bounds(("a", "b"), {"a": ends}) for ends in ((0.6, 1), (0, 1), (0, 0.4))]
    parties = [between(tuple("xyz"), scores, scores, one) for one in weights]
    found = of_group(parties)
    necessary = np.array([one.necessary for one in parties])
    possible = np.array([one.possible for one in parties])
    assert (found.necessary_for_all == necessary.all(axis=0)).all()
    assert found.necessary_for_all[1, 2]
    assert not found.necessary_for_all[0, 1]
    assert found.necessary_for_some[0, 1]
    assert not found.possible_for_all[0, 1]
    assert found.possible_for_some[1, 0]
    both = found.necessary_for_some & possible.all(axis=0)
    assert (found.necessary_for_some_possible_for_all == both).all()
    assert (found.necessary_for_all <= both).all()
    assert (both <= found.possible_for_all).all()


def test_what_does_not_fit_is_refused():
    made = problem([[point(0.0), point(0.0)]])
    with pytest.raises(UsageError, match="criteria"):
        relations(made, free(("b", "a")))
    with pytest.raises(UsageError, match="options"):
        of_group([])
