"""Sobol indices: published closed forms, brute force on a grid, and identities."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.escalation.effects import headline
from detente.escalation.moments.frequency import frequency_indices
from detente.escalation.moments.marginals import Marginals, of_quantile, of_spreads
from detente.escalation.moments.polynomial import path_polynomial
from detente.escalation.moments.products import SumOfProducts, expectation, given_one
from detente.escalation.moments.sobol_indices import sobol_indices
from detente.ground.chance import TwoPiece


def sum_of_products(marginals: Marginals, terms) -> SumOfProducts:
    """From one function (or None for 1) of each number in each term, with a coefficient first."""
    numbers = len(marginals.values)
    functions = np.ones((numbers, 1 + len(terms), marginals.values.shape[1]))
    for row, (_, *factors) in enumerate(terms, start=1):
        for number, factor in enumerate(factors):
            if factor is not None:
                functions[number, row] = factor(marginals.values[number])
    which = np.tile(np.arange(1, 1 + len(terms)), (numbers, 1))
    coefficients = np.array([float(c) for c, *_ in terms])
    return SumOfProducts(coefficients, which, functions, marginals.weights)


def uniforms(count: int, low: float = 0.0, high: float = 1.0) -> Marginals:
    one = of_quantile(lambda u: low + (high - low) * u)
    return Marginals(
        *(np.repeat(part, count, axis=0) for part in (one.values, one.rest, one.weights))
    )


@pytest.mark.conformance
def test_sobol_g_has_its_published_indices(shared_data):
    wanted = json.loads((shared_data / "risk/sobol-analytic/analytic.json").read_text())["sobol_g"]
    factors = [lambda x, a=a: (np.abs(4 * x - 2) + a) / (1 + a) for a in wanted["a"]]
    found = sobol_indices(sum_of_products(uniforms(8), [(1, *factors)]))
    assert found.mean == pytest.approx(wanted["mean"], rel=1e-12, abs=0)
    assert found.variance == pytest.approx(wanted["variance"], rel=1e-12, abs=0)
    assert found.first == pytest.approx(np.array(wanted["S1"]), rel=1e-12, abs=0)
    assert found.total == pytest.approx(np.array(wanted["ST"]), rel=1e-12, abs=0)


@pytest.mark.conformance
def test_ishigami_has_its_published_indices(shared_data):
    wanted = json.loads((shared_data / "risk/sobol-analytic/analytic.json").read_text())["ishigami"]
    terms = [
        (1, np.sin, None, None),
        (wanted["a"], None, lambda x: np.sin(x) ** 2, None),
        (wanted["b"], np.sin, None, lambda x: x**4),
    ]
    found = sobol_indices(sum_of_products(uniforms(3, -np.pi, np.pi), terms))
    assert found.mean == pytest.approx(wanted["mean"], rel=1e-12, abs=0)
    assert found.variance == pytest.approx(wanted["variance"], rel=1e-12, abs=0)
    assert found.first == pytest.approx(np.array(wanted["S1"]), abs=1e-12)
    assert found.total == pytest.approx(np.array(wanted["ST"]), abs=1e-12)


def on_a_grid(ladders, spreads, names, points: int = 12):
    """Mean, variance and indices by all combinations of a few points of each parameter."""
    held = of_spreads([spreads[name] for name in names], power=4, panels=1, nodes=points)
    axes = np.meshgrid(*held.values, indexing="ij", sparse=True)
    weights = np.ones(())
    for axis, own in enumerate(held.weights):
        along = [1] * len(names)
        along[axis] = -1
        weights = weights * own.reshape(along)
    frequency = sum(headline(one, dict(zip(names, axes, strict=True))) for one in ladders)
    shape = weights.shape
    values = np.broadcast_to(frequency, shape)
    scale = weights.sum()
    mean = (values * weights).sum() / scale
    variance = ((values - mean) ** 2 * weights).sum() / scale
    first, total = [], []
    for axis in range(len(names)):
        others = tuple(other for other in range(len(names)) if other != axis)
        known = (values * weights).sum(axis=others) / weights.sum(axis=others)
        first.append(((known - mean) ** 2 * weights.sum(axis=others)).sum() / scale)
        left = (values * weights).sum(axis=axis, keepdims=True) / weights.sum(
            axis=axis, keepdims=True
        )
        total.append(((values - left) ** 2 * weights).sum() / scale)
    return mean, variance, np.array(first) / variance, np.array(total) / variance


@pytest.mark.parametrize("seed", range(4))
def test_indices_with_repeated_parameters_agree_with_a_grid(seed, entangled, spreads):
    ladders = [entangled(seed, ("a", "b", "a"), "one"), entangled(seed + 50, ("b",), "two")]
    polynomial = path_polynomial(ladders)
    held = {
        name: TwoPiece(one.scale, one.mid, one.below / 3, one.above / 3)
        for name, one in spreads(polynomial.parameters, seed).items()
    }
    mean, variance, first, total = on_a_grid(ladders, held, polynomial.parameters)
    found = frequency_indices(ladders, held)
    order = [found.parameters.index(name) for name in polynomial.parameters]
    assert found.indices.mean == pytest.approx(mean, rel=1e-5, abs=0)
    assert found.indices.variance == pytest.approx(variance, rel=1e-4, abs=0)
    assert found.indices.first[order] == pytest.approx(first, abs=1e-4)
    assert found.indices.total[order] == pytest.approx(total, abs=1e-4)


def test_a_product_of_lognormals_has_its_closed_form(chain):
    """With u_i = exp(s_i^2): variance prod u - 1, S_i ~ u_i - 1, T_i ~ (u_i - 1) prod of others."""
    s = np.array([0.3, 0.8, 1.1])
    ladder = chain("plain", "a", "b")
    names = ("plain-rate", "a", "b")
    held = {n: TwoPiece("log", 0.1, float(x), float(x)) for n, x in zip(names, s, strict=True)}
    found = frequency_indices([ladder], held)
    u = np.exp(s**2)
    assert found.parameters == names
    assert found.indices.mean == pytest.approx(0.1**3 * np.exp((s**2).sum() / 2), rel=1e-12, abs=0)
    assert found.indices.first == pytest.approx((u - 1) / (u.prod() - 1), rel=1e-12, abs=0)
    assert found.indices.total == pytest.approx(
        (u - 1) * u.prod() / u / (u.prod() - 1), rel=1e-12, abs=0
    )


def test_a_small_variance_keeps_its_digits(chain):
    """The difference of E f^2 and (E f)^2 would lose all of them."""
    held = {name: TwoPiece("log", 2.0, 1e-9, 1e-9) for name in ("plain-rate", "a")}
    found = frequency_indices([chain("plain", "a")], held).indices
    assert found.variance == pytest.approx(16 * 2e-18, rel=1e-6, abs=0)
    assert found.first == pytest.approx([0.5, 0.5], rel=1e-6, abs=0)


@given(seed=st.integers(0, 10_000))
def test_indices_keep_their_bounds(seed, entangled, spreads):
    ladder = entangled(seed, ("a", "b", "c", "a", "d"))
    found = frequency_indices([ladder], spreads(ladder.named, seed)).indices
    assert np.all(found.first >= 0)
    assert found.first.sum() <= 1 + 1e-12
    assert np.all(found.first <= found.total + 1e-12)
    assert found.total.sum() >= 1 - 1e-12


def test_parts_that_add_have_no_interactions(spreads):
    held = of_spreads(list(spreads(["a", "b", "c"]).values()))
    terms = [(2, np.square, None, None), (-1, None, np.sqrt, None), (3, None, None, np.exp)]
    found = sobol_indices(sum_of_products(held, terms))
    assert found.first == pytest.approx(found.total, rel=1e-12, abs=0)
    assert found.first.sum() == pytest.approx(1, rel=1e-12, abs=0)


def test_the_order_of_numbers_and_terms_does_not_matter(spreads):
    held = of_spreads(list(spreads(["a", "b", "c"]).values()))
    terms = [(2, np.square, np.sqrt, None), (-1, None, np.sqrt, np.exp)]
    turned = Marginals(held.values[::-1], held.rest[::-1], held.weights[::-1])
    one = sobol_indices(sum_of_products(held, terms))
    other = sobol_indices(sum_of_products(turned, [(c, *f[::-1]) for c, *f in terms[::-1]]))
    assert one.first == pytest.approx(other.first[::-1], rel=1e-12, abs=0)
    assert one.total == pytest.approx(other.total[::-1], rel=1e-12, abs=0)


def test_ladders_that_share_a_parameter_vary_together(chain):
    point = TwoPiece("log", 1.0, 0.0, 0.0)
    held = {"p": TwoPiece("logit", 0.3, 1.0, 1.0), "one-rate": point, "two-rate": point}
    alone = frequency_indices([chain("one", "p")], held).indices
    both = frequency_indices([chain("one", "p"), chain("two", "p")], held)
    assert set(both.parameters) == set(held)
    assert both.indices.variance == pytest.approx(4 * alone.variance, rel=1e-12, abs=0)
    assert both.indices.first[both.parameters.index("p")] == pytest.approx(1, rel=1e-12, abs=0)


def test_ladders_without_a_common_parameter_add_their_variances(chain, spreads):
    ladders = [chain("one", "a", "b"), chain("two", "c")]
    held = spreads({"one-rate", "two-rate", "a", "b", "c"})
    together = frequency_indices(ladders, held).indices
    apart = [frequency_indices([one], held).indices for one in ladders]
    assert together.variance == pytest.approx(sum(one.variance for one in apart), rel=1e-12, abs=0)
    polynomial = path_polynomial(ladders)
    in_one = sobol_indices(polynomial.at(of_spreads([held[n] for n in polynomial.parameters])))
    assert together.total == pytest.approx(in_one.total, rel=1e-12, abs=0)


def test_a_frequency_of_fixed_numbers_does_not_vary(chain):
    held = dict.fromkeys(("plain-rate", "a"), TwoPiece("log", 0.1, 0.0, 0.0))
    found = frequency_indices([chain("plain", "a")], held).indices
    assert found.mean == pytest.approx(0.01, rel=1e-15, abs=0)
    assert (found.variance, found.first.tolist(), found.total.tolist()) == (0.0, [0, 0], [0, 0])


def test_the_mean_given_one_number_averages_to_the_mean(entangled, spreads):
    ladder = entangled(3, ("a", "b", "c", "a"))
    polynomial = path_polynomial([ladder])
    held = spreads(polynomial.parameters)
    function = polynomial.at(of_spreads([held[name] for name in polynomial.parameters]))
    averages = (given_one(function) * function.weights).sum(axis=1)
    assert averages == pytest.approx(expectation(function), rel=1e-12, abs=0)
