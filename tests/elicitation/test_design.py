"""Blocks are balanced, known designs are designs, and the search comes near the best there is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, combinations_with_replacement
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.elicitation.design import (
    _FAMILIES,
    balanced,
    blocks,
    concurrences,
    efficiency,
    incidence,
    replications,
    spread,
)
from detente.ground.errors import UsageError

# v, b, r, k, lambda of designs and their complements: Mathon and Rosa, "2-(v, k, lambda) designs of
# small order", in Colbourn and Dinitz (eds., 2007), "Handbook of Combinatorial Designs", II.1.
PUBLISHED = [
    (6, 10, 5, 3, 2),
    (7, 7, 3, 3, 1),
    (7, 7, 4, 4, 2),
    (8, 14, 7, 4, 3),
    (9, 12, 4, 3, 1),
    (9, 12, 8, 6, 5),
    (9, 18, 8, 4, 3),
    (10, 30, 9, 3, 2),
    (10, 18, 9, 5, 4),
    (10, 15, 6, 4, 2),
    (11, 11, 5, 5, 2),
    (11, 11, 6, 6, 3),
    (12, 22, 11, 6, 5),
    (13, 26, 6, 3, 1),
    (13, 13, 4, 4, 1),
    (13, 13, 9, 9, 6),
    (13, 26, 12, 6, 5),
    (14, 26, 13, 7, 6),
    (15, 35, 7, 3, 1),
    (15, 15, 7, 7, 3),
    (15, 15, 8, 8, 4),
    (16, 20, 5, 4, 1),
    (16, 16, 6, 6, 2),
    (16, 30, 15, 8, 7),
    (19, 57, 9, 3, 1),
    (19, 19, 9, 9, 4),
    (19, 19, 10, 10, 5),
    (21, 21, 5, 5, 1),
    (25, 30, 6, 5, 1),
    (31, 31, 6, 6, 1),
    (37, 37, 9, 9, 2),
    (57, 57, 8, 8, 1),
]


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def squares(design: Sequence[Sequence[int]], items: int) -> int:
    return sum(pair**2 for pair in concurrences(design, items))


@pytest.mark.parametrize(("v", "b", "r", "k", "lam"), PUBLISHED)
def test_a_published_design_is_found(v, b, r, k, lam):
    design = blocks(v, b, k, rng=rng())
    assert len(design) == b
    assert {len(set(block)) for block in design} == {k}
    assert set(replications(design, v)) == {r}
    assert set(concurrences(design, v)) == {lam}
    assert efficiency(design, v) == pytest.approx(lam * v / (r * k))


@pytest.mark.parametrize(("v", "k"), sorted(_FAMILIES))
def test_every_design_in_store_and_its_complement_keep_the_identities(v, k):
    for size in (k, v - k):
        design = balanced(v, size, most=1000)
        b = len(design)
        (r,), (lam,) = set(replications(design, v)), set(concurrences(design, v))
        assert b * size == v * r
        assert lam * (v - 1) == r * (size - 1)
        assert b >= v  # Fisher's inequality


def test_the_fano_plane_has_each_two_lines_in_one_point():
    lines = balanced(7, 3, most=7)
    assert all(len(set(a) & set(b)) == 1 for a, b in combinations(lines, 2))


def test_known_designs_repeat_and_the_rest_is_near_balanced():
    twice = blocks(7, 14, 3, rng=rng())
    assert set(concurrences(twice, 7)) == {2}
    more = blocks(7, 9, 3, rng=rng())
    assert set(replications(more, 7)) == {3, 4}
    assert set(concurrences(more, 7)) <= {1, 2}


@given(st.integers(1, 14), st.integers(0, 14), st.data())
@settings(max_examples=30, deadline=None)
def test_every_item_gets_nearly_the_same_number_of_people(items, people, data):
    size = data.draw(st.integers(1, items))
    seed = data.draw(st.integers(0, 5))
    design = blocks(items, people, size, rng=rng(seed))
    assert design == blocks(items, people, size, rng=rng(seed))
    assert len(design) == people
    assert all(list(block) == sorted(set(block)) and len(block) == size for block in design)
    assert max(replications(design, items)) - min(replications(design, items)) <= 1


def _best(items: int, people: int, size: int) -> int:
    """The least sum of squares of pair concurrences, of all designs with replications within 1."""
    subsets = list(combinations(range(items), size))
    designs = combinations_with_replacement(subsets, people)
    return min(
        squares(design, items)
        for design in designs
        if max(replications(design, items)) - min(replications(design, items)) <= 1
    )


@pytest.mark.parametrize(
    ("items", "people", "size"),
    [(4, 3, 2), (4, 5, 3), (5, 3, 2), (5, 3, 3), (5, 4, 3), (5, 4, 2), (6, 3, 3), (6, 4, 2)],
)
def test_the_search_finds_the_best_of_all_small_designs(items, people, size):
    assert squares(blocks(items, people, size, rng=rng()), items) == _best(items, people, size)


@pytest.mark.parametrize(
    ("items", "people", "size"), [(12, 15, 6), (31, 15, 8), (31, 12, 20), (20, 40, 5), (10, 15, 4)]
)
def test_a_larger_design_is_nearly_as_efficient_as_a_balanced_one_would_be(items, people, size):
    design = blocks(items, people, size, rng=rng())
    bound = items * (size - 1) / (size * (items - 1))
    assert 0.95 * bound < efficiency(design, items) <= bound + 1e-12
    each, left = divmod(people * comb(size, 2), comb(items, 2))
    least = comb(items, 2) * each**2 + left * (2 * each + 1)
    assert least <= squares(design, items) <= 1.35 * least


def test_many_people_and_items_do_not_take_long():
    design = blocks(100, 200, 20, rng=rng())
    assert set(replications(design, 100)) == {40}
    assert efficiency(design, 100) > 0.95


def test_efficiency_is_that_of_the_mean_variance_of_differences():
    design = blocks(6, 7, 4, rng=rng())
    table = incidence(design, 6).astype(float)
    # least squares of item and person effects, from the dense design matrix itself
    rows = [(p, i) for p in range(7) for i in range(6) if table[p, i]]
    X = np.zeros((len(rows), 13))
    for n, (p, i) in enumerate(rows):
        X[n, p] = X[n, 7 + i] = 1
    covariance = np.linalg.pinv(X.T @ X)[7:, 7:]
    variances = [
        covariance[i, i] + covariance[j, j] - 2 * covariance[i, j]
        for i, j in combinations(range(6), 2)
    ]
    complete = 2 / (len(rows) / 6)
    assert efficiency(design, 6) == pytest.approx(complete / np.mean(variances))


def test_efficiency_is_1_where_complete_and_0_where_items_cannot_be_compared():
    assert efficiency(blocks(5, 3, 5, rng=rng()), 5) == pytest.approx(1)
    assert efficiency([(0, 1), (2, 3)], 4) == 0
    assert efficiency(blocks(5, 5, 1, rng=rng()), 5) == 0
    assert efficiency([], 4) == 0
    assert efficiency([(0,)], 1) == 1


def test_blocks_change_people_until_each_group_has_all_items_about_equally():
    design = blocks(12, 15, 4, rng=rng())
    groups = ["A"] * 8 + ["B"] * 7
    ordered = spread(design, groups)
    assert sorted(ordered) == sorted(design)
    numbers = replications(ordered[:8], 12)
    assert max(numbers) - min(numbers) <= 1
    assert spread(design, ["A"] * 15) == design


@pytest.mark.parametrize(("items", "people", "size"), [(4, 3, 5), (4, 3, 0), (4, -1, 2)])
def test_what_is_no_design_is_refused(items, people, size):
    with pytest.raises(UsageError):
        blocks(items, people, size, rng=rng())
