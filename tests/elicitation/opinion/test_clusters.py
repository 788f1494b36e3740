"""k-means and silhouettes, against brute force and definitions."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.opinion.clusters import base_clusters, cluster, k_means, silhouette


def ones(points) -> np.ndarray:
    return np.ones(points.shape[:2])


def spread(points, labels) -> float:
    """Sum of squared distances to the means of the groups."""
    return sum(
        ((points[labels == one] - points[labels == one].mean(axis=0)) ** 2).sum()
        for one in set(labels)
    )


def blobs(seed, centres, each=20, width=0.2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(centre, width, (each, 2)) for centre in centres])


def partition(labels) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == one)) for one in set(labels)}


@pytest.mark.parametrize(("k", "excess"), [(2, 1e-9), (3, 0.25)])
@pytest.mark.parametrize("seed", range(8))
def test_k_means_beside_the_tightest_of_all_partitions_of_seven_points(k, excess, seed):
    # two groups are found for good; of three, the starts may all miss the best by a little
    points = np.random.default_rng(seed).normal(size=(7, 2))
    best = min(spread(points, np.array(labels)) for labels in product(range(k), repeat=7))
    found = k_means(points[None], ones(points[None]), k=k)[0]
    assert best * (1 - 1e-9) <= spread(points, found) <= best * (1 + excess)


@given(seed=st.integers(0, 10_000), k=st.integers(2, 5))
def test_each_point_is_nearest_to_the_mean_of_its_own_group(seed, k):
    points = np.random.default_rng(seed).normal(size=(40, 2))
    labels = k_means(points[None], ones(points[None]), k=k)[0]
    means = np.array([points[labels == one].mean(axis=0) for one in range(k)])
    nearest = ((points[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    np.testing.assert_array_equal(nearest, labels)


@given(seed=st.integers(0, 10_000))
def test_a_weight_draws_the_mean(seed):
    rng = np.random.default_rng(seed)
    points, weights = rng.normal(size=(20, 2)), rng.integers(1, 9, 20)
    labels = k_means(points[None], weights[None] + 0.0, k=3)[0]
    repeated, own = np.repeat(points, weights, axis=0), np.repeat(labels, weights)
    means = np.array([repeated[own == one].mean(axis=0) for one in range(3)])
    nearest = ((points[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    np.testing.assert_array_equal(nearest, labels)


def test_silhouette_by_its_definition():
    points = np.random.default_rng(3).normal(size=(15, 2))
    labels = np.array([0] * 7 + [1] * 7 + [2])
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    each = []
    for one in range(15):
        own = (labels == labels[one]) & (np.arange(15) != one)
        if not own.any():
            each.append(0.0)
            continue
        a = distance[one, own].mean()
        b = min(distance[one, labels == c].mean() for c in set(labels) - {labels[one]})
        each.append((b - a) / max(a, b))
    found = silhouette(distance[None], labels[None], np.ones((1, 15), dtype=bool), 3)
    assert found[0] == pytest.approx(np.mean(each))


@pytest.mark.parametrize("k", [2, 3, 4, 5])
@pytest.mark.parametrize("each", [20, 80])
def test_separate_blobs_are_found_with_their_number(k, each):
    angles = 2 * np.pi * np.arange(k) / k
    points = blobs(k, 3 * np.column_stack([np.cos(angles), np.sin(angles)]), each)
    found = cluster(points[None], ones(points[None]))
    assert found.k.tolist() == [k]
    assert partition(found.labels[0]) == partition(np.repeat(np.arange(k), each))


def test_stacked_sets_are_as_if_each_stood_alone():
    sets = np.stack([blobs(seed, [(0, 0), (2, 1), (0, 3)], 50, 0.6) for seed in range(5)])
    stacked = cluster(sets, ones(sets))
    for place, points in enumerate(sets):
        alone = cluster(points[None], ones(points[None]))
        np.testing.assert_array_equal(stacked.labels[place], alone.labels[0])
        assert stacked.k[place] == alone.k[0]


def test_order_of_points_changes_no_partition():
    points = blobs(4, [(0, 0), (2, 1), (0, 3)], 70, 0.8)
    order = np.random.default_rng(0).permutation(len(points))
    straight = cluster(points[None], ones(points[None])).labels[0]
    shuffled = cluster(points[order][None], ones(points[None])).labels[0]
    assert partition(straight[order]) == partition(shuffled)


def test_over_a_hundred_points_become_a_hundred_base_clusters_at_most():
    points = np.random.default_rng(0).normal(size=(1, 700, 2))
    base, centres, mass = base_clusters(points, ones(points))
    assert centres.shape == (1, 100, 2)
    assert mass.sum() == 700
    np.testing.assert_array_equal(mass[0], np.bincount(base[0], minlength=100))
    apart = np.linalg.norm(points[0] - centres[0][base[0]], axis=1)
    assert apart.mean() < 0.25 * np.linalg.norm(points[0], axis=1).mean()


def test_few_points_try_few_groups():
    points = blobs(0, [(0, 0), (3, 0), (0, 3), (3, 3)], 5)
    scores = cluster(points[None], ones(points[None])).silhouettes[0]
    assert np.isfinite(scores).tolist() == [True, True, False, False]


def test_points_of_no_weight_are_in_no_group():
    points = blobs(0, [(0, 0), (3, 0)], 10)
    weights = ones(points[None])
    weights[0, 3] = 0
    found = cluster(points[None], weights).labels[0]
    assert found[3] == -1
    assert (np.delete(found, 3) >= 0).all()
