"""Weights from statements, beside the textbooks' numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.assessment.weights.statements import best_worst, eigenvector, swing
from detente.ground.errors import UsageError


def ranges(names):
    return dict.fromkeys(names, (0.0, 10.0))


def case(shared_data, name):
    text = (shared_data / "options" / "mcda-textbook" / "cases.json").read_text("utf-8")
    return next(one for one in json.loads(text) if one["id"] == name)


def test_exact_swings_give_one_vector_of_weights():
    found = swing({"cost": 100, "time": 60, "noise": 40}, ranges(["cost", "time", "noise"]))
    assert np.allclose(found.ranges(), [[0.5] * 2, [0.3] * 2, [0.2] * 2])


def test_uncertain_swings_give_a_set():
    found = swing({"cost": 100.0, "time": (50.0, 100.0)}, ranges(["cost", "time"]))
    assert np.allclose(found.ranges(), [[0.5, 2 / 3], [1 / 3, 0.5]])


@pytest.mark.parametrize("missing", [{"cost": (0.0, 1.0)}, {"cost": (0.0, 1.0), "time": None}])
def test_a_swing_without_a_range_is_refused_by_name(missing):
    with pytest.raises(UsageError, match="time has no stated range"):
        swing({"cost": 100, "time": 50}, missing)


@pytest.mark.parametrize(
    ("points", "stated", "words"),
    [
        ({"a": 100, "b": -1}, ranges("ab"), "b has -1"),
        ({"a": (50.0, 100.0)}, ranges("a"), "exact"),
        ({"a": 0, "b": 0}, ranges("ab"), "exact"),
        ({"a": 1, "b": 1}, {"a": (0.0, 1.0), "b": (2.0, 2.0)}, "b has no swing"),
    ],
)
def test_swings_that_cannot_be_used_are_refused(points, stated, words):
    with pytest.raises(UsageError, match=words):
        swing(points, stated)


@pytest.mark.conformance
def test_the_textbook_s_hierarchy(shared_data):
    told = case(shared_data, "ahp_papathanasiou2018_criteria")
    weights = eigenvector("abcd", np.array(told["pairwise_criteria"])).weights
    local = [eigenvector("uvwxyz", np.array(one)) for one in told["pairwise_alternatives"]]
    priority = np.stack([one.weights for one in local], axis=1) @ weights
    assert abs(priority - told["expected"]["priority"]).max() < told["tol"]
    assert all(one.consistency_ratio < 0.1 for one in local)


@pytest.mark.conformance
def test_the_textbook_s_best_and_worst(shared_data):
    told = case(shared_data, "bwm_rezaei2015")
    best, worst = (
        dict(zip("abc", told[key], strict=True)) for key in ("best_to_others", "others_to_worst")
    )
    found = best_worst(best, worst)
    assert found.xi == pytest.approx(0.2583, abs=5e-5)
    assert abs(found.weights - told["expected"]["weights"]).max() < told["tol"]
    assert (found.high - found.low).max() < 1e-6  # of three criteria the weights are unique
    assert found.consistency_ratio == pytest.approx(0.2583 / 4.47, abs=5e-4)  # Rezaei's table 1


@settings(max_examples=20)
@given(st.lists(st.integers(1, 20), min_size=2, max_size=5))
def test_consistent_ratios_give_their_weights_back(whole):
    truth = np.array(whole) / sum(whole)
    names = [f"c{k}" for k in range(len(whole))]
    found = eigenvector(names, truth[:, None] / truth[None, :])
    assert np.allclose(found.weights, truth)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)
    best, worst = truth.argmax(), truth.argmin()
    to = dict(zip(names, truth[best] / truth, strict=True))
    of = dict(zip(names, truth / truth[worst], strict=True))
    result = best_worst(to, of)
    assert np.allclose(result.weights, truth, atol=1e-5)
    assert result.xi == pytest.approx(0, abs=1e-5)


def test_the_largest_eigenvalue_of_three_criteria():
    # In closed form 1 + q + 1 / q, with the cube of q the direct ratio over the indirect one.
    found = eigenvector("abc", np.array([[1, 2, 6], [1 / 2, 1, 4], [1 / 6, 1 / 4, 1]]))
    q = (6 / (2 * 4)) ** (1 / 3)
    assert found.largest == pytest.approx(1 + q + 1 / q)
    assert found.consistency_ratio == pytest.approx((found.largest - 3) / 2 / 0.58)


def test_two_criteria_are_always_consistent():
    assert eigenvector("ab", np.array([[1, 3], [1 / 3, 1]])).consistency_ratio == 0
    assert best_worst({"a": 1, "b": 3}, {"a": 3, "b": 1}).weights == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize(
    "matrix", [[[1, 2], [2, 1]], [[1, 0], [0, 1]], [[1, 2, 3], [1, 1, 1]], [[1, np.nan], [1, 1]]]
)
def test_ratios_that_are_none_are_refused(matrix):
    with pytest.raises(UsageError):
        eigenvector("ab", np.array(matrix, dtype=float))


def test_too_many_pairs_are_refused():
    with pytest.raises(UsageError, match="at most"):
        eigenvector([f"c{k}" for k in range(11)], np.ones((11, 11)))


@pytest.mark.parametrize(
    ("to", "of"),
    [
        ({"a": 1, "b": 2}, {"a": 2, "c": 1}),
        ({"a": 1, "b": 0.5}, {"a": 2, "b": 1}),
        ({"a": 2, "b": 2}, {"a": 2, "b": 2}),
        ({"a": 1}, {"a": 1}),
    ],
)
def test_best_and_worst_that_do_not_fit_are_refused(to, of):
    with pytest.raises(UsageError):
        best_worst(to, of)
