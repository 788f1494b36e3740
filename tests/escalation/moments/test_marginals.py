"""Quadrature of uncertain numbers: closed forms, and an independent integrator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy.special import expit, logit, ndtr

from detente.escalation.moments.marginals import mean, moments, of_quantile, of_spreads
from detente.ground.chance import TwoPiece

SPREADS = st.floats(0.0, 3.0)


def moment(spread: TwoPiece, happens: int, otherwise: int = 0) -> float:
    held = of_spreads([spread], power=happens + otherwise)
    return float(moments(held, happens, otherwise)[0])


@given(st.floats(1e-9, 1e3), SPREADS, SPREADS, st.integers(1, 4))
def test_a_lognormal_with_two_spreads_has_its_closed_form(mid, below, above, power):
    """E exp(a s |z|) on one side of the median is exp(a^2 s^2 / 2) Phi(a s)."""
    lower = np.exp((power * below) ** 2 / 2) * ndtr(-power * below)
    upper = np.exp((power * above) ** 2 / 2) * ndtr(power * above)
    wanted = mid**power * (lower + upper)
    assert moment(TwoPiece("log", mid, below, above), power) == pytest.approx(
        wanted, rel=1e-12, abs=0
    )


@given(st.floats(-5, 5), st.floats(0.1, 3))
def test_a_normal_has_its_first_four_moments(mid, s):
    spread = TwoPiece("linear", mid, s, s)
    wanted = {1: mid, 2: mid**2 + s**2, 4: mid**4 + 6 * mid**2 * s**2 + 3 * s**4}
    for power, value in wanted.items():
        assert moment(spread, power) == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("mid", [1e-12, 1e-6, 1e-3, 0.1, 0.5, 0.97])
@pytest.mark.parametrize(("below", "above"), [(0.3, 0.3), (1, 2), (3, 1.5), (0, 1)])
@pytest.mark.parametrize(("happens", "otherwise"), [(1, 0), (2, 0), (0, 1), (0, 2), (3, 1)])
def test_a_logit_normal_agrees_with_an_adaptive_integrator(mid, below, above, happens, otherwise):
    def integrand(z: float) -> float:
        y = logit(mid) + z * (below if z < 0 else above)
        density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
        return float(expit(y) ** happens * expit(-y) ** otherwise * density)

    wanted = sum(
        integrate.quad(integrand, start, start + 4, epsabs=0, epsrel=1e-13, limit=200)[0]
        for start in range(-20, 20, 4)
    )
    got = moment(TwoPiece("logit", mid, below, above), happens, otherwise)
    assert got == pytest.approx(wanted, rel=1e-12, abs=0)


@given(st.floats(1e-12, 1 - 1e-12), st.integers(0, 3), st.integers(0, 3))
def test_a_point_has_the_powers_of_its_value_and_no_variance(mid, happens, otherwise):
    held = of_spreads([TwoPiece("logit", mid, 0.0, 0.0)])
    wanted = mid**happens * (1 - mid) ** otherwise
    assert moments(held, happens, otherwise)[0] == pytest.approx(wanted, rel=1e-15, abs=0)
    assert mean((held.values - moments(held, 1)[:, None]) ** 2, held.weights)[0] == 0


def test_the_rest_of_a_probability_near_1_keeps_its_digits():
    near_1 = of_spreads([TwoPiece("logit", 1 - 1e-13, 0.5, 0.5)])
    near_0 = of_spreads([TwoPiece("logit", float(1 - (1 - 1e-13)), 0.5, 0.5)])
    assert moments(near_1, 0, 1)[0] == pytest.approx(moments(near_0, 1)[0], rel=1e-3, abs=0)


def test_numbers_stand_beside_each_other_as_alone():
    held = [TwoPiece("log", 2.0, 0.5, 1.0), TwoPiece("logit", 0.1, 1.0, 0.2)]
    both = moments(of_spreads(held), 2)
    assert both.tolist() == [moments(of_spreads([one]), 2)[0] for one in held]


def test_any_quantile_function_gives_moments():
    uniform = of_quantile(lambda u: u)
    kinked = of_quantile(lambda u: np.abs(4 * u - 2))
    assert [moments(uniform, power)[0] for power in (1, 2, 5)] == pytest.approx(
        [1 / 2, 1 / 3, 1 / 6]
    )
    assert moments(kinked, 2)[0] == pytest.approx(4 / 3, rel=1e-14, abs=0)
    assert moments(uniform, 2, 3)[0] == pytest.approx(1 / 60, rel=1e-14, abs=0)
