"""Sets of weights: what they hold, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detente.assessment.weights.polytope import (
    both,
    bounds,
    exact,
    free,
    ordinal,
    ranking,
    ratios,
)
from detente.ground.errors import UsageError

NAMES = ("a", "b", "c")


def test_ranges_of_what_was_said():
    assert np.allclose(free(NAMES).ranges(), [[0, 1]] * 3)
    assert np.allclose(ranking(NAMES).ranges(), [[1 / 3, 1], [0, 1 / 2], [0, 1 / 3]])
    assert np.allclose(ordinal(NAMES, [("a", "b")]).ranges(), [[0, 1], [0, 0.5], [0, 1]])
    limits = bounds(NAMES, {"a": (0.2, 0.5), "b": (0.4, 1)})
    assert np.allclose(limits.ranges(), [[0.2, 0.5], [0.4, 0.8], [0, 0.4]])
    twice = ratios(NAMES, {("a", "b"): (2, 2), ("b", "c"): (1, 3)})
    assert np.allclose(twice.ranges(), [[0.5, 0.6], [0.25, 0.3], [0.1, 0.25]])
    assert np.allclose(
        exact({"a": 2, "b": 1, "c": 1}).ranges(), [[0.5] * 2, [0.25] * 2, [0.25] * 2]
    )


def test_both_sets_meet():
    met = both(ranking(NAMES), bounds(NAMES, {"c": (0.25, 1)}))
    assert np.allclose(met.ranges(), [[1 / 3, 0.5], [0.25, 0.375], [0.25, 1 / 3]])
    with pytest.raises(UsageError, match="criteria"):
        both(free(NAMES), free(("b", "a", "c")))


def test_what_is_held():
    drawn = np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.5, 0.3, 0.3], [1.2, -0.1, -0.1]])
    assert ranking(NAMES).holds(drawn).tolist() == [True, False, False, False]
    assert free(NAMES).holds(drawn).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: bounds(NAMES, {"a": (0.6, 1), "b": (0.6, 1)}), "No weights fit"),
        (lambda: ratios(("a", "b"), {("a", "b"): (2, 3), ("b", "a"): (1, 2)}), "No weights fit"),
        (lambda: bounds(NAMES, {"a": (0.6, 0.5)}), "rise"),
        (lambda: bounds(NAMES, {"d": (0, 0.5)}), "no criterion"),
        (lambda: ordinal(NAMES, [("a", "d")]), "no criterion"),
        (lambda: ratios(NAMES, {("a", "a"): (1, 2)}), "itself"),
        (lambda: ratios(NAMES, {("a", "b"): (math.nan, 2)}), "rise"),
        (lambda: exact({"a": -1, "b": 2}), "at least 0"),
        (lambda: exact({"a": 0, "b": 0}), "not all 0"),
        (lambda: free(("a", "a")), "name"),
        (lambda: free(()), "name"),
    ],
)
def test_what_no_weights_fit_is_refused(make, words):
    with pytest.raises(UsageError, match=words):
        make()


def test_nothing_is_printed(capfd):
    free(NAMES).ranges()
    assert capfd.readouterr() == ("", "")
