"""Moments of functions of uncertain probabilities, by closed forms and by summing over all."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from detente.escalation.circuit import Circuit, Gate
from detente.escalation.engine.compiled import birnbaum, compiled
from detente.escalation.openpsa import variance
from detente.escalation.openpsa.variance import TooManyPairsError, function_moments


def _circuit(rng: np.random.Generator, *, events: int = 6, gates: int = 7) -> Circuit:
    names = [f"e{place}" for place in range(events)]
    made = {}
    for place in range(gates):
        op = str(rng.choice(["and", "or", "xor", "not", "at-least", "nand", "nor"]))
        size = 1 if op == "not" else int(rng.integers(2, 4))
        inputs = tuple(str(one) for one in rng.choice(names, size=size, replace=False))
        least = 2 if op == "at-least" else 0
        made[f"g{place}"] = Gate(f"g{place}", op, inputs, least)
        names.append(f"g{place}")
    made["top"] = Gate("top", "or", (f"g{gates - 1}", f"g{gates - 2}"))
    return Circuit(made, tuple(names[:events]))


def _by_sums(function, means, variances):
    """The same over all corners: each probability is mean +- deviation with chance 1/2 each."""
    sides = np.array(list(product([-1, 1], repeat=len(means)))).T
    points = means[:, None] + np.sqrt(variances)[:, None] * sides
    tops, slopes = birnbaum(function, points)
    return tops.mean(), tops.var(), slopes.mean(axis=1), (slopes**2).mean(axis=1)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("split", [True, False])
def test_moments_are_those_of_all_corners(seed, split):
    rng = np.random.default_rng(seed)
    function = compiled(_circuit(rng), "top", split=split)
    means = rng.uniform(0.2, 0.8, len(function.events))
    variances = rng.uniform(0, 0.19, len(means)) ** 2
    found = function_moments(function, means, variances)
    mean, spread, slopes, squares = _by_sums(function, means, variances)
    assert found.mean == pytest.approx(mean, rel=1e-12)
    assert found.variance == pytest.approx(spread, rel=1e-10, abs=1e-16)
    np.testing.assert_allclose(found.slopes, slopes, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(found.squares, squares, rtol=1e-10, atol=1e-14)


def test_rare_events_keep_their_digits():
    names = tuple(f"e{place}" for place in range(10))
    circuit = Circuit({"top": Gate("top", "and", names)}, names)
    found = function_moments(compiled(circuit, "top"), np.full(10, 1e-9), np.full(10, 1e-18))
    # E f^2 is the product of E p^2, which is twice the square of the mean
    assert found.mean == pytest.approx(1e-90, rel=1e-12)
    assert found.variance == pytest.approx((2.0**10 - 1) * 1e-180, rel=1e-12)
    np.testing.assert_allclose(found.squares, 2.0**9 * 1e-162, rtol=1e-12)


def test_a_conjunction_has_the_moments_of_a_product():
    names = ("a", "b", "c")
    circuit = Circuit({"top": Gate("top", "and", names)}, names)
    means, variances = np.array([1e-3, 2e-5, 0.3]), np.array([1e-6, 4e-10, 0.01])
    found = function_moments(compiled(circuit, "top"), means, variances)
    second = (means**2 + variances).prod()
    assert found.mean == pytest.approx(means.prod(), rel=1e-13)
    assert found.variance == pytest.approx(second - means.prod() ** 2, rel=1e-12)
    others = [(means**2 + variances)[[1, 2]].prod(), (means**2 + variances)[[0, 2]].prod()]
    np.testing.assert_allclose(found.squares[:2], others, rtol=1e-12)


def test_a_certain_function_has_no_variance():
    circuit = Circuit({"top": Gate("top", "or", ("a", "yes"))}, ("a",), {"yes": True})
    found = function_moments(compiled(circuit, "top"), np.array([0.5]), np.array([0.1]))
    assert (found.mean, found.variance) == (1.0, 0.0)
    assert found.slopes.tolist() == found.squares.tolist() == [0.0]


def test_too_many_pairs_are_refused(monkeypatch):
    monkeypatch.setattr(variance, "MOST_PAIRS", 3)
    names = tuple(f"e{place}" for place in range(5))
    circuit = Circuit({"top": Gate("top", "at-least", names, 3)}, names)
    function = compiled(circuit, "top")
    with pytest.raises(TooManyPairsError):
        function_moments(function, np.full(5, 0.5), np.full(5, 0.01))
