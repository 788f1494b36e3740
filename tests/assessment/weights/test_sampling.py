"""Uniform draws from sets of weights: closed forms, and each way beside another."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from detente.assessment.weights.polytope import (
    both,
    bounds,
    exact,
    free,
    ordinal,
    ranking,
    ratios,
)
from detente.assessment.weights.sampling import (
    hit_and_run,
    ordered,
    rejected,
    sampler,
    simplex,
)
from detente.assessment.weights.shape import body, vertices
from detente.ground.errors import UsageError

NAMES = tuple("abcde")


def rng(number=3):
    return np.random.default_rng(number)


def test_simplex_is_uniform():
    # A coordinate of a uniform point of the simplex in n dimensions is Beta(1, n - 1).
    drawn = simplex(5, 20_000, rng())
    assert np.allclose(drawn.sum(axis=1), 1, atol=1e-12)
    assert abs(drawn.mean(axis=0) - 1 / 5).max() < 0.005
    for coordinate in drawn.T:
        assert stats.kstest(coordinate, stats.beta(1, 4).cdf).pvalue > 0.001


def order_means(n):
    """E[w_k] = (1/n) sum_{j >= k} 1/j for weights that fall, k = 1, ..., n."""
    return np.array([sum(1 / j for j in range(k, n + 1)) / n for k in range(1, n + 1)])


def test_ordered_weights_have_the_moments_of_the_order_polytope():
    drawn = ordered(5, 40_000, rng())
    assert (np.diff(drawn, axis=1) <= 0).all()
    assert abs(drawn.mean(axis=0) - order_means(5)).max() < 0.003
    # The largest spacing: E[w_1^2] = sum over pairs of 1/(ij) and once more on the diagonal,
    # divided by n (n + 1), as w = sum_j e_j / j over a sum of n exponentials.
    inverse = 1 / np.arange(1, 6)
    second = (inverse.sum() ** 2 + (inverse**2).sum()) / (5 * 6)
    assert (drawn[:, 0] ** 2).mean() == pytest.approx(second, abs=0.003)


@pytest.mark.parametrize(
    ("weights", "corners"),
    [
        (free(NAMES), 5),
        (ranking(NAMES), 5),
        (bounds(NAMES, {"a": (0.1, 1), "b": (0.3, 1)}), 5),
        (ratios(NAMES, {("a", "b"): (2, 2), ("b", "c"): (1, math.inf)}), 4),
        (exact(dict(zip(NAMES, [1, 2, 3, 4, 0], strict=True))), 1),
        (ordinal(NAMES, [("a", "b"), ("b", "a")]), 4),
    ],
)
def test_sets_that_are_simplices_are_known_by_their_corners(weights, corners):
    found = sampler(weights)
    assert found.how == "simplex"
    assert found.corners.shape == (5, corners)
    assert weights.holds(found.corners.T, 1e-7).all()
    drawn = found.draw(2_000, rng())
    assert weights.holds(drawn, 1e-7).all()
    assert abs(drawn.mean(axis=0) - found.corners.mean(axis=1)).max() < 0.02


def test_the_order_s_corners_draw_as_sorting_does():
    drawn = sampler(ranking(NAMES)).draw(20_000, rng(1))
    sorted_ = ordered(5, 20_000, rng(2))
    for one, other in zip(drawn.T, sorted_.T, strict=True):
        assert stats.ks_2samp(one, other).pvalue > 0.001


def test_a_partial_order_of_two_pairs():
    # By symmetry the larger of a pair has the mean of the larger of two spacings.
    found = sampler(ordinal(NAMES, [("a", "b"), ("c", "d")])).draw(20_000, rng())
    assert abs(found.mean(axis=0) - [0.3, 0.1, 0.3, 0.1, 0.2]).max() < 0.005


NARROW = ratios(NAMES, {("a", name): (1.2, 3.5) for name in "bcde"})


def test_hit_and_run_draws_as_rejection_does():
    shape = body(NARROW)
    assert vertices(shape) is None
    walked, taken = hit_and_run(shape, 6_000, rng(1)), rejected(NARROW, 6_000, rng(2))
    assert NARROW.holds(walked, 1e-9).all()
    for one, other in zip(walked.T, taken.T, strict=True):
        assert stats.ks_2samp(one, other).pvalue > 0.001
    assert abs(np.cov(walked.T) - np.cov(taken.T)).max() < 0.0004


def test_hit_and_run_fills_a_simplex_and_its_draws_are_independent():
    drawn = hit_and_run(body(free(NAMES)), 16_000, rng(4), chains=64)
    for coordinate in drawn.T:
        assert stats.kstest(coordinate[::2], stats.beta(1, 4).cdf).pvalue > 0.0005
    series = drawn[:, 0].reshape(-1, 64)  # one column a chain
    lag = np.corrcoef(series[1:].ravel(), series[:-1].ravel())[0, 1]
    assert abs(lag) < 4 / math.sqrt(series.size)


def test_hit_and_run_stays_within_equalities():
    weights = both(ratios(NAMES, {("a", "b"): (2, 2)}), bounds(NAMES, {"c": (0.1, 0.3)}))
    shape = body(weights)
    assert shape.basis.shape == (5, 3)
    drawn = hit_and_run(shape, 2_000, rng())
    assert weights.holds(drawn, 1e-9).all()
    assert abs(drawn[:, 0] / drawn[:, 1] - 2).max() < 1e-9
    taken = simplex(4, 100_000, rng())  # (3 b, c, d, e) is uniform where a = 2 b
    inside = taken[(taken[:, 1] >= 0.1) & (taken[:, 1] <= 0.3)]
    assert drawn[:, 1].mean() == pytest.approx(inside[:, 0].mean() / 3, abs=0.004)


def test_the_way_to_draw_is_told():
    assert sampler(NARROW).how in {"rejection", "hit-and-run"}
    assert sampler(bounds(NAMES, {"a": (0.2, 0.6), "b": (0.1, 0.5)})).how == "rejection"
    tight = ratios(NAMES, {("a", name): (1.1, 1.2) for name in "bcde"})
    assert sampler(tight).how == "hit-and-run"
    assert tight.holds(sampler(tight).draw(100, rng())).all()
    tighter = ratios(NAMES, {("a", name): (1.1, 1.101) for name in "bcde"})
    with pytest.raises(UsageError, match="rejection"):
        rejected(tighter, 10, rng())


def test_one_seed_draws_one_set():
    found = sampler(NARROW)
    assert (found.draw(3_000, rng(6)) == found.draw(3_000, rng(6))).all()


def test_the_chebyshev_centre_is_as_far_from_all_facets():
    shape = body(free(("a", "b", "c")))
    assert np.allclose(shape.centre, 1 / 3)
    assert shape.radius == pytest.approx(1 / math.sqrt(6))  # of the triangle's inscribed circle


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_all_weights_are_drawn_as_by_the_corners_that_programmes_find(n):
    every = free([f"c{place}" for place in range(n)])
    found = vertices(body(every))
    assert np.array_equal(sampler(every).corners, found)
