"""Streams, Sobol points and two-piece normals, against closed forms and their invariants."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import TwoPiece, fit, from_scale, sobol, stream, to_scale
from detente.ground.errors import UsageError

ORIGIN = Provenance(Basis.ILLUSTRATIVE, "a test", "2026", Status.UNVERIFIED)


def estimate(low: float, mid: float, high: float, coverage: float = 0.9) -> Estimate:
    return Estimate(low, mid, high, coverage, ORIGIN)


# --- streams ---------------------------------------------------------------------------------


def test_a_stream_is_the_same_on_every_machine():
    # NumPy keeps SeedSequence and PCG64 stable (NEP 19); Python's own hash differs by process.
    drawn = stream(20201206, "escalation").integers(0, 2**32, 3)
    assert drawn.tolist() == [3750127532, 2488505489, 1607514811]


def test_streams_differ_by_seed_name_and_where_names_are_cut():
    drawn = [
        stream(seed, *names).random()
        for seed, *names in ((1, "a"), (2, "a"), (1, "b"), (1, "a", "b"), (1, "ab"), (1,))
    ]
    assert len(set(drawn)) == len(drawn)


def test_named_streams_are_uncorrelated():
    draws = np.array([stream(7, str(i)).standard_normal(4_000) for i in range(8)])
    off = np.corrcoef(draws)[~np.eye(8, dtype=bool)]
    assert np.abs(off).max() < 4 / math.sqrt(4_000)


# --- Sobol points ----------------------------------------------------------------------------


def test_sobol_points_stand_one_in_each_stratum_of_each_dimension():
    points = sobol(256, 40, seed=3)
    for column in points.T:
        assert sorted((column * 256).astype(int).tolist()) == list(range(256))


def test_sobol_points_stand_strictly_inside():
    points = sobol(2**14, 64, seed=5)
    assert points.min() >= 2.0**-31
    assert points.max() <= 1 - 2.0**-31
    assert (points * 2.0**31 % 2 == 1).all()  # the middles of the cells


def test_the_first_points_are_a_net_themselves():
    few = sobol(2**12, 5, seed=11)[: 2**7]
    for column in few.T:
        assert sorted((column * 2**7).astype(int).tolist()) == list(range(2**7))


def test_sobol_integrates_a_product_far_better_than_chance():
    # The integral of the product of (1 + (u - 1/2) / 2) over the cube is 1.
    points = sobol(2**12, 6, seed=2)
    error = abs(np.prod(1 + (points - 0.5) / 2, axis=1).mean() - 1)
    assert error < 1e-4  # plain Monte Carlo: about 6e-3


@pytest.mark.parametrize("points", [0, -4, 3, 1000, 2**31])
def test_sobol_wants_a_power_of_two(points):
    with pytest.raises(UsageError, match="power of two"):
        sobol(points, 2, seed=1)


def test_sobol_knows_so_many_dimensions():
    with pytest.raises(UsageError, match="21201"):
        sobol(2, 21_202, seed=1)
    assert sobol(8, 0, seed=1).shape == (8, 0)


def test_sobol_repeats_by_seed():
    assert sobol(64, 3, seed=9).tobytes() == sobol(64, 3, seed=9).tobytes()
    assert sobol(64, 3, seed=9).tobytes() != sobol(64, 3, seed=10).tobytes()


# --- scales ----------------------------------------------------------------------------------


def test_small_probabilities_keep_every_digit_on_log_odds():
    p = 10.0 ** -np.arange(4, 300, 7.0)
    back = from_scale(to_scale(p, "logit"), "logit")
    assert np.abs(back / p - 1).max() < 1e-12
    # At such p the log-odds are log p + p to all digits.
    assert np.allclose(to_scale(p, "logit"), np.log(p) + p, rtol=1e-8, atol=0)


def test_ends_of_the_scales_do_not_warn():
    assert to_scale([0.0, 1.0], "logit").tolist() == [-math.inf, math.inf]
    assert from_scale([-math.inf, math.inf], "logit").tolist() == [0.0, 1.0]
    assert to_scale(0.0, "log") == -math.inf


# --- two-piece normals -----------------------------------------------------------------------

COVERAGES = st.floats(0.5, 0.99)


@given(st.lists(st.floats(1e-9, 1e6), min_size=3, max_size=3, unique=True), COVERAGES)
def test_the_stated_quantiles_are_met_on_the_log_scale(ends, coverage):
    low, mid, high = sorted(ends)
    found = fit(estimate(low, mid, high, coverage), "log")
    u = [(1 - coverage) / 2, 0.5, (1 + coverage) / 2]
    assert np.allclose(found.quantile(u), [low, mid, high], rtol=1e-9, atol=0)


@given(st.lists(st.floats(-14, -0.01), min_size=3, max_size=3, unique=True), COVERAGES)
def test_the_stated_quantiles_are_met_on_log_odds(powers, coverage):
    low, mid, high = (10**power for power in sorted(powers))
    found = fit(estimate(low, mid, high, coverage), "logit")
    u = [(1 - coverage) / 2, 0.5, (1 + coverage) / 2]
    assert np.allclose(found.quantile(u), [low, mid, high], rtol=1e-9, atol=0)


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3, unique=True))
def test_the_stated_quantiles_are_met_on_the_linear_scale(ends):
    low, mid, high = sorted(ends)
    found = fit(estimate(low, mid, high), "linear")
    assert np.allclose(found.quantile([0.05, 0.5, 0.95]), [low, mid, high], rtol=1e-9, atol=1e-9)


def test_equal_spreads_on_the_log_scale_are_the_lognormal_distribution():
    sigma = math.log(4) / stats.norm.ppf(0.95)
    found = fit(estimate(0.5 / 4, 0.5, 0.5 * 4), "log")
    peer = stats.lognorm(sigma, scale=0.5)
    u = np.linspace(0.001, 0.999, 101)
    assert np.allclose(found.quantile(u), peer.ppf(u), rtol=1e-12)
    assert np.allclose(found.cdf(found.quantile(u)), u, rtol=1e-12)
    assert np.allclose(found.cdf([0.1, 0.5, 3.0]), peer.cdf([0.1, 0.5, 3.0]), rtol=1e-12)


@given(
    st.lists(st.floats(0.001, 0.999), min_size=3, max_size=3, unique=True),
    st.lists(st.floats(1e-6, 1 - 1e-6), min_size=2, max_size=2),
)
def test_quantiles_rise_and_cdf_undoes_them(ends, u):
    low, mid, high = sorted(ends)
    found = fit(estimate(low, mid, high), "logit")
    x = found.quantile(sorted(u))
    assert 0 <= x[0] <= x[1] <= 1
    inside = (x > 1e-12) & (x < 1 - 1e-12)
    assert np.allclose(found.cdf(x)[inside], np.sort(u)[inside], rtol=1e-3, atol=1e-9)


@pytest.mark.parametrize("scale", ["log", "logit", "linear"])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_point_is_constant_to_the_last_bit(scale, value):
    found = fit(estimate(value, value, value), scale)
    assert found.quantile([[1e-9, 0.5, 0.999]]).tolist() == [[value] * 3]
    assert found.cdf([value - 1e-6, value, value + 1e-6])[1] == 1
    assert found.cdf(-1.0) == 0


def test_no_spread_on_one_side_puts_half_of_the_probability_on_the_median():
    found = fit(estimate(0.2, 0.2, 0.4), "logit")
    assert found.quantile([0.01, 0.3, 0.5]) == pytest.approx([0.2, 0.2, 0.2])
    assert found.quantile(0.95) == pytest.approx(0.4)
    assert found.cdf([0.1, 0.2, 0.4]) == pytest.approx([0, 0.5, 0.95])


def test_the_distribution_function_knows_its_support():
    assert TwoPiece("log", 1.0, 1.0, 1.0).cdf([-3.0, 0.0]).tolist() == [0, 0]
    assert TwoPiece("logit", 0.5, 1.0, 1.0).cdf([-3.0, 0.0, 1.0, 9.0]).tolist() == [0, 0, 1, 1]
