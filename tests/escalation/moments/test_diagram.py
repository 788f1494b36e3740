"""Moments from the diagram itself: as from paths, and where paths are too many to list."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.escalation.moments import diagram
from detente.escalation.moments.diagram import TooManyPairsError, diagram_parts
from detente.escalation.moments.frequency import expected_frequency, frequency_indices
from detente.escalation.moments.linear import LinearDiagrams, is_linear
from detente.escalation.moments.marginals import moments, of_spreads
from detente.escalation.moments.polynomial import TooManyPathsError, path_polynomial
from detente.escalation.moments.sobol_indices import variance_parts


@given(seed=st.integers(0, 10_000))
def test_the_diagram_gives_the_same_moments_as_its_paths(seed, entangled, spreads):
    ladder = entangled(seed, ("a", "b", "c", "d", "e", "f"))
    held = spreads(ladder.named, seed)
    polynomial = path_polynomial([ladder])
    wanted = variance_parts(polynomial.at(of_spreads([held[n] for n in polynomial.parameters])))
    names, found = diagram_parts(ladder, held)
    order = [names.index(name) for name in polynomial.parameters]
    assert found.mean == pytest.approx(wanted.mean, rel=1e-12, abs=0)
    assert found.variance == pytest.approx(wanted.variance, rel=1e-11, abs=0)
    assert found.alone[order] == pytest.approx(wanted.alone, rel=1e-9, abs=1e-12 * wanted.variance)
    assert found.left[order] == pytest.approx(wanted.left, rel=1e-9, abs=1e-12 * wanted.variance)


def test_a_product_of_2_to_the_40_paths_has_its_closed_form(pairs_in_a_row, spreads):
    """Each stage is 1 - (1 - x)(1 - y), and the frequency their product."""
    ladder = pairs_in_a_row(40)
    held = spreads(ladder.named)
    found = frequency_indices([ladder], held)
    own = of_spreads([held[name] for name in ladder.events])
    once, twice = (moments(own, 0, power).reshape(40, 2).prod(axis=1) for power in (1, 2))
    rate = of_spreads([held[ladder.starts]])
    mean = moments(rate, 1)[0] * (1 - once).prod()
    square = moments(rate, 2)[0] * (1 - 2 * once + twice).prod()
    assert found.indices.mean == pytest.approx(mean, rel=1e-12, abs=0)
    assert found.indices.variance == pytest.approx(square - mean**2, rel=1e-10, abs=0)
    of_rate = 1 - moments(rate, 1)[0] ** 2 / moments(rate, 2)[0]
    left = square * of_rate / found.indices.variance
    assert found.indices.total[found.parameters.index(ladder.starts)] == pytest.approx(
        left, rel=1e-10
    )


@given(seed=st.integers(0, 10_000))
def test_lines_from_the_diagram_are_those_from_paths(seed, entangled, spreads):
    ladders = [entangled(seed, ("a", "b", "c"), "one"), entangled(seed + 1, ("c", "d"), "two")]
    polynomial, lines = path_polynomial(ladders), LinearDiagrams(tuple(ladders))
    assert lines.parameters == polynomial.parameters
    held = spreads(polynomial.parameters, seed)
    marginals = of_spreads([held[name] for name in polynomial.parameters])
    means = np.stack([np.ones(len(held)), moments(marginals, 1)], axis=1)[None]
    expected, multiply = lines.expectations(means)
    curves = multiply[0, :, :1] + multiply[0, :, 1:] * marginals.values
    function = polynomial.at(marginals)
    wanted, slopes = polynomial.expectations(function.means[None])
    assert expected == pytest.approx(wanted, rel=1e-12, abs=0)
    assert curves == pytest.approx((slopes[0][:, None] @ function.functions)[:, 0], rel=1e-9, abs=0)


def test_too_many_paths_need_a_parameter_at_one_event(pairs_in_a_row, spreads):
    ladder = pairs_in_a_row(12)
    again = type(ladder)(**{**vars(ladder), "events": ("same",) * len(ladder.events)})
    assert is_linear(ladder)
    assert not is_linear(again)
    assert isinstance(expected_frequency([ladder]), LinearDiagrams)
    with pytest.raises(TooManyPathsError):
        expected_frequency([again])
    with pytest.raises(TooManyPathsError):
        frequency_indices([again], spreads({"ladder-rate", "same"}))


def test_a_product_of_diagrams_that_is_too_large_is_refused(pairs_in_a_row, spreads, monkeypatch):
    monkeypatch.setattr(diagram, "MOST_PAIRS", 20)
    ladder = pairs_in_a_row(12)
    with pytest.raises(TooManyPairsError, match="over 20 pairs"):
        diagram_parts(ladder, spreads(ladder.named))
