"""A frequency as a polynomial: the same numbers as from the diagram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.escalation.effects import headline
from detente.escalation.ladder import compile_ladder
from detente.escalation.moments.polynomial import (
    PathPolynomial,
    TooManyPathsError,
    path_polynomial,
    paths_to_ends,
    power,
)

TWO_ENDS = """
levels: [calm, shots, war]
parameters: []
ladders:
  - id: air
    title: Air
    branch: accident
    starts: meetings
    path: [{event: One, p: p, otherwise: calm}, {event: Two, p: p, otherwise: shots}]
    ends: war
"""


def evaluated(polynomial: PathPolynomial, values: Mapping[str, Any]) -> float:
    x = np.array([values[name] for name in polynomial.parameters])
    products = x**polynomial.happens * (1 - x) ** polynomial.otherwise
    return float(polynomial.coefficients @ products.prod(axis=1))


@given(seed=st.integers(0, 10_000), other=st.integers(0, 10_000))
def test_the_polynomial_is_the_frequency_from_the_diagrams(seed, other, entangled):
    ladders = [
        entangled(seed, ("a", "b", "c", "a", "d"), "one"),
        entangled(other, ("b", "e"), "two"),
    ]
    polynomial = path_polynomial(ladders)
    rng = np.random.default_rng(seed)
    values = {name: np.array(rng.random()) for name in polynomial.parameters}
    wanted = sum(float(headline(one, values)) for one in ladders)
    assert evaluated(polynomial, values) == pytest.approx(wanted, rel=1e-12, abs=0)


def test_a_parameter_on_two_rungs_is_a_square_and_ends_can_be_chosen(ladder_file):
    file = ladder_file(TWO_ENDS.replace("parameters: []\n", ""))
    ladder = compile_ladder(file, file.ladders[0], {"shots": 0, "war": 1})
    values = {"meetings": 10.0, "p": 0.2}
    war, shots = (path_polynomial([ladder], frozenset({one})) for one in (1, 0))
    assert evaluated(war, values) == pytest.approx(10 * 0.04)
    assert evaluated(shots, values) == pytest.approx(10 * 0.2 * 0.8)
    assert evaluated(path_polynomial([ladder]), values) == pytest.approx(10 * 0.2)
    assert (war.degree, shots.degree) == (2, 2)


def test_paths_with_the_same_product_are_one_term(chain):
    both = path_polynomial([chain("one", "p"), chain("one", "p")])
    assert both.coefficients.tolist() == [2.0]
    assert both.parameters == ("one-rate", "p")


def test_too_many_paths_are_counted_and_refused(pairs_in_a_row):
    assert paths_to_ends(pairs_in_a_row(40)) == 2**40
    with pytest.raises(TooManyPathsError, match=f"^{2**40} paths"):
        path_polynomial([pairs_in_a_row(40)])


@given(st.floats(0, 5), st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_powers_are_powers(base, exponents):
    found = power(np.array([base]), np.array(exponents))
    assert found == pytest.approx([base**one for one in exponents], rel=1e-14, abs=0)
