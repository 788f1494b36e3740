"""Fits against SHELF's printed values, metalogs against published ones, and round trips."""

from __future__ import annotations

from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detente.elicitation.families import (
    TOLERANCE,
    best_fit,
    fit_family,
    suited,
)
from detente.ground.chance import TwoPiece
from detente.ground.errors import UsageError

# "Eliciting Probability Distributions with SHELF" (Oakley, 2016-06-29), the vignette's last
# example: P(X < 25) = .25, P(X < 30) = .5, P(X < 40) = .75, bounds 0 and 100; to three digits,
# the 5 and 95 % quantiles and the fitted probabilities.
SHELF = {
    "normal": ([12.5, 50.4], [0.288, 0.451, 0.772]),
    "student_t": ([7.49, 55.10], [0.289, 0.453, 0.774]),
    "gamma": ([16.2, 53.2], [0.279, 0.461, 0.769]),
    "lognormal": ([17.3, 55.3], [0.274, 0.466, 0.767]),
    "beta": ([15.2, 51.2], [0.283, 0.456, 0.770]),
}
QUARTILES = (0.25, 0.5, 0.75)

# The tests of the R package qpd (dmi3kno/qpd, inst/tinytest/test_metalog.R): the quantiles 4, 9
# and 17 at .1, .5 and .85; coefficients, the quantile at .12, the probability of 7.11, density.
METALOGS = [
    (-inf, inf, [9, 3.5217, 3.1152], 4.3419, 0.3501),
    (0, inf, [2.1972, 0.3678, -0.0032], 4.3146, 0.3452),
    (-inf, 50, [-3.7136, 0.0912, 0.0970], 4.3144, 0.3585),
    (0, 50, [-1.5163, 0.4590, 0.0938], 4.3146, 0.3472),
]


@pytest.mark.parametrize("family", SHELF)
def test_the_values_that_shelf_prints(family):
    fitted = fit_family(family, QUARTILES, values=(25, 30, 40), low=0, high=100)
    ends, probabilities = SHELF[family]
    assert fitted.quantile([0.05, 0.95]) == pytest.approx(ends, rel=4e-3)
    assert fitted.cdf([25, 30, 40]) == pytest.approx(probabilities, abs=6e-4)
    assert not fitted.ok
    assert fitted.worst_gap == pytest.approx(
        max(abs(np.subtract(probabilities, QUARTILES))), abs=6e-4
    )


@pytest.mark.parametrize(("low", "high", "coefficients", "quantile", "probability"), METALOGS)
def test_the_metalogs_that_qpd_prints(low, high, coefficients, quantile, probability):
    fitted = fit_family("metalog", (0.1, 0.5, 0.85), values=(4, 9, 17), low=low, high=high)
    assert fitted.parameters == pytest.approx(coefficients, abs=5.001e-5)
    assert float(fitted.quantile(0.12)) == pytest.approx(quantile, abs=5.001e-5)
    assert float(fitted.cdf(7.11)) == pytest.approx(probability, abs=5.001e-5)
    assert fitted.ok


@given(st.floats(0.01, 0.4), st.floats(-5, 5), st.floats(0.1, 5), st.floats(0.3, 0.7))
def test_the_closed_form_of_three_symmetric_percentiles(alpha, middle, spread, r):
    # Keelin (2016), section 6.2.1
    low, high = middle - r * spread, middle + (1 - r) * spread
    fitted = fit_family("metalog", (alpha, 0.5, 1 - alpha), values=(low, middle, high))
    odds = log((1 - alpha) / alpha)
    second = spread / 2 / odds
    third = (1 - 2 * r) * spread / ((1 - 2 * alpha) * odds)
    assert fitted.parameters == pytest.approx([middle, second, third], abs=1e-8 * spread / alpha)


@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.25])
@pytest.mark.parametrize("side", [-1, 1])
def test_three_terms_are_feasible_just_within_keelins_limit(alpha, side):
    limit = (1 - 1.66711 * (0.5 - alpha)) / 2  # k, and r must lie in (k, 1 - k)
    for step, feasible in ((1e-4, True), (-1e-4, False)):
        r = limit + step if side < 0 else 1 - limit - step
        fitted = fit_family("metalog", (alpha, 0.5, 1 - alpha), values=(-r, 0.0, 1 - r))
        assert fitted.feasible is feasible
        assert fitted.ok is feasible


def test_many_terms_meet_many_quantiles_and_few_terms_smooth_them():
    levels = np.array([0.05, 0.2, 0.5, 0.8, 0.95])
    values = stats.gumbel_r.ppf(levels)
    full = fit_family("metalog", levels, values=values)
    assert len(full.parameters) == 5
    assert full.worst_gap < 1e-12
    smooth = fit_family("metalog", levels, values=values, terms=3)
    assert len(smooth.parameters) == 3
    assert 1e-4 < smooth.worst_gap < TOLERANCE
    assert full.cdf(2.0) == pytest.approx(stats.gumbel_r.cdf(2.0), abs=0.003)


def test_what_is_no_distribution_has_no_quantiles():
    steep = fit_family("metalog", (0.1, 0.5, 0.9), values=(0.0, 0.1, 9.0))
    one_sided = fit_family("two_piece", (0.1, 0.2, 0.3), values=(1.0, 2.0, 3.0))
    for fitted in (steep, one_sided):
        assert not fitted.ok
        assert fitted.worst_gap == inf
        assert len(fitted.gaps()) == 3
        with pytest.raises(UsageError):
            fitted.quantile(0.5)
        with pytest.raises(UsageError):
            fitted.cdf(1.0)
    assert best_fit((0.1, 0.5, 0.9), values=(0.0, 0.1, 9.0)).feasible


def test_metalog_terms_follow_keelins_table():
    # with 6 terms at y = .8, where L = log 4 and y - .5 = .3
    levels = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
    wanted = np.array([1.0, 2.0, 0.3, 0.4, 0.5, 0.6])
    odds = np.log(np.array(levels) / (1 - np.array(levels)))
    d = np.array(levels) - 0.5
    terms = np.stack([d**0, odds, d * odds, d, d**2, d**2 * odds], axis=1)
    fitted = fit_family("metalog", levels, values=(terms @ wanted).tolist())
    assert fitted.parameters == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(
    ("family", "truth", "parameters", "bounds"),
    [
        ("normal", stats.norm(10, 20), (10, 20), {}),
        ("student_t", stats.t(4, 10, 20), (10, 20, 4), {"degrees": 4.0}),
        ("lognormal", stats.lognorm(0.5, -10, np.exp(2)), (2, 0.5), {"low": -10.0}),
        ("gamma", stats.gamma(50, 10, 1 / 2), (50, 2), {"low": 10.0}),
        ("gamma", stats.gamma(0.3, 0, 1 / 5), (0.3, 5), {"low": 0.0}),
        ("beta", stats.beta(5, 20, 10, 50), (5, 20), {"low": 10.0, "high": 60.0}),
        ("beta", stats.beta(0.4, 0.3), (0.4, 0.3), {"low": 0.0, "high": 1.0}),
        ("beta", stats.beta(0.5, 2e5), (0.5, 2e5), {"low": 0.0, "high": 1.0}),
    ],
)
@pytest.mark.parametrize("levels", [(0.1, 0.8), (0.05, 0.5, 0.95), (0.01, 0.3, 0.4, 0.99)])
def test_a_known_distribution_is_found_again(family, truth, parameters, bounds, levels):
    fitted = fit_family(family, levels, values=truth.ppf(levels), **bounds)
    assert fitted.parameters == pytest.approx(parameters, rel=1e-5)
    assert fitted.achieved == pytest.approx(truth.ppf(levels), rel=1e-6)
    grid = [0.02, 0.2, 0.6, 0.97]
    assert fitted.quantile(grid) == pytest.approx(truth.ppf(grid), rel=1e-4)
    assert fitted.ok
    assert fitted.gaps() == ()


def test_degrees_of_freedom_are_fitted_where_none_are_given():
    levels = (0.01, 0.1, 0.5, 0.9, 0.99)
    values = stats.t(5, 1, 2).ppf(levels)
    fitted = fit_family("student_t", levels, values=values, degrees=None)
    assert fitted.parameters == pytest.approx([1, 2, 5], rel=1e-4)


@pytest.mark.parametrize("family", ["logit_normal", "two_piece", "metalog"])
def test_tiny_probabilities_lose_nothing(family):
    values = (1e-9, 3e-7, 2e-5)
    fitted = fit_family(family, (0.05, 0.5, 0.95), values=values, low=0.0, high=1.0)
    if family == "logit_normal":
        assert fitted.worst_gap < 0.05
        centre = fit_family(family, (0.05, 0.95), values=values[::2], low=0.0, high=1.0)
        assert centre.achieved == pytest.approx(values[::2], rel=1e-12)
    else:
        assert fitted.achieved == pytest.approx(values, rel=1e-12)
    assert 0 < float(fitted.quantile(1e-12)) < 1e-9


def test_rare_levels_count_as_much_as_common_ones():
    levels = (1e-6, 0.5, 0.9)
    values = stats.norm(3, 2).ppf([1e-5, 0.5, 0.9])  # no normal has all three
    rare = fit_family("normal", levels, values=values)
    common = fit_family("normal", levels, values=values, measure="probability")
    log_odds = [abs(log(float(f.cdf(values[0])) / levels[0])) for f in (rare, common)]
    assert log_odds[0] < log_odds[1] / 2
    exact = stats.lognorm(1.5).ppf([1e-8, 1e-6, 0.5])
    found = fit_family("lognormal", (1e-8, 1e-6, 0.5), values=exact, low=0.0)
    assert found.parameters == pytest.approx([0, 1.5], abs=1e-8)


@pytest.mark.parametrize(
    ("scale", "low", "high"), [("linear", -inf, inf), ("log", 0, inf), ("logit", 0, 1)]
)
def test_the_two_piece_is_the_one_of_the_ground(scale, low, high):
    values = (0.1, 0.2, 0.7)
    fitted = fit_family("two_piece", (0.05, 0.5, 0.95), values=values, low=low, high=high)
    z = stats.norm.ppf(0.95)
    place = {"linear": float, "log": log, "logit": lambda p: log(p / (1 - p))}[scale]
    below, above = (place(0.2) - place(0.1)) / z, (place(0.7) - place(0.2)) / z
    twin = TwoPiece(scale, 0.2, below, above)
    grid = [0.001, 0.2, 0.5, 0.8, 0.999]
    assert fitted.quantile(grid) == pytest.approx(twin.quantile(grid), rel=1e-12)
    assert fitted.cdf([0.05, 0.2, 0.9]) == pytest.approx(twin.cdf([0.05, 0.2, 0.9]), abs=1e-13)


def test_the_best_fit_is_the_truth_and_the_simplest_of_equals():
    levels = (0.05, 0.5, 0.95)
    values = stats.gamma(3).ppf(levels)
    best = best_fit(levels, values=values, low=0.0)
    assert best.family == "gamma"
    skewed = best_fit(QUARTILES, values=(25, 30, 40), low=0.0, high=100.0)
    assert skewed.family == "two_piece"
    only = best_fit(QUARTILES, values=(25, 30, 40), low=0, high=100, families=list(SHELF))
    assert only.family == "lognormal"  # the least worst gap of SHELF's table


def test_of_two_quantiles_only_what_two_determine_takes_part():
    assert best_fit((0.1, 0.9), values=(1.0, 2.0)).family == "normal"
    with pytest.raises(UsageError, match="few"):
        best_fit((0.1, 0.9), values=(1.0, 2.0), families=["two_piece"])


def test_what_is_missed_is_told():
    fitted = fit_family("normal", QUARTILES, values=(1.0, 2.0, 9.0))
    gaps = fitted.gaps()
    own = stats.norm(*fitted.parameters).cdf([1.0, 2.0, 9.0])
    missed = [p for p, f in zip(QUARTILES, own, strict=True) if abs(p - f) > TOLERANCE]
    assert [gap.probability for gap in gaps] == missed == [0.25, 0.5]
    assert gaps[1].asked == 2.0
    assert gaps[1].achieved == pytest.approx(fitted.parameters[0])
    assert max(abs(g.fitted_probability - g.probability) for g in gaps) == fitted.worst_gap
    lax = fit_family("normal", QUARTILES, values=(1.0, 2.0, 9.0), tolerance=0.2)
    assert lax.ok
    assert lax.gaps() == ()
    assert TOLERANCE == 0.02


def test_suited_families_have_the_bounds_of_the_quantity():
    for low, high in ((-inf, inf), (0.0, inf), (0.0, 1.0), (-inf, 1.0)):
        for family in suited(low, high):
            fitted = fit_family(family, (0.1, 0.5, 0.8), values=(0.2, 0.5, 0.7), low=low, high=high)
            ends = fitted.quantile([1e-9, 1 - 1e-9])
            assert low <= ends[0] < ends[1] <= high
            assert fitted.cdf([-1e9, 1e9]) == pytest.approx([0, 1], abs=1e-9)


@pytest.mark.parametrize(
    ("family", "levels", "values", "more"),
    [
        ("normal", (0.5,), (1.0,), {}),
        ("normal", (0.5, 0.4), (1.0, 2.0), {}),
        ("normal", (0.0, 0.4), (1.0, 2.0), {}),
        ("normal", (0.4, np.nan), (1.0, 2.0), {}),
        ("normal", (0.4, 0.5), (2.0, 2.0), {}),
        ("normal", (0.4, 0.5), (2.0, np.nan), {}),
        ("normal", (0.4, 0.5), (2.0, 3.0, 4.0), {}),
        ("gamma", (0.4, 0.5), (2.0, 3.0), {}),
        ("beta", (0.4, 0.5), (2.0, 3.0), {"low": 0.0}),
        ("beta", (0.4, 0.5), (0.0, 0.5), {"low": 0.0, "high": 1.0}),
        ("two_piece", (0.4, 0.5), (2.0, 3.0), {}),
        ("student_t", (0.4, 0.5), (2.0, 3.0), {"degrees": None}),
        ("metalog", (0.4, 0.5), (2.0, 3.0), {"terms": 3}),
        ("metalog", (0.4, 0.5), (2.0, 3.0), {"terms": 1}),
        ("weibull", (0.4, 0.5), (2.0, 3.0), {}),
    ],
)
def test_what_cannot_be_fitted_is_refused(family, levels, values, more):
    with pytest.raises(UsageError):
        fit_family(family, levels, values=values, **more)


FAMILIES = st.sampled_from(
    [
        ("normal", -inf, inf),
        ("student_t", -inf, inf),
        ("lognormal", 0.0, inf),
        ("gamma", 0.0, inf),
        ("beta", 0.0, 1.0),
        ("logit_normal", 0.0, 1.0),
        ("two_piece", 0.0, 1.0),
        ("metalog", 0.0, 1.0),
    ]
)
stated = st.lists(st.integers(1, 999), min_size=3, max_size=3, unique=True).map(sorted)


@given(FAMILIES, stated, stated)
@settings(max_examples=50)
def test_quantiles_and_probabilities_are_inverse_and_rise(family, levels, values):
    name, low, high = family
    asked, at = np.array(values) / 1000, np.array(levels) / 1000
    fitted = fit_family(name, at, values=asked, low=low, high=high)
    if not fitted.feasible:
        return
    grid = np.array([0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98])
    quantiles = fitted.quantile(grid)
    inside = (quantiles > low + 1e-12) & (quantiles < (high - 1e-9 if high < inf else inf))
    assert (np.diff(quantiles) >= 0).all()
    assert fitted.cdf(quantiles)[inside] == pytest.approx(grid[inside], abs=1e-6)


@given(
    st.floats(-3, 3),
    st.floats(0.05, 3),
    st.sampled_from([("normal", -inf, inf), ("lognormal", 0.0, inf), ("logit_normal", 0.0, 1.0)]),
    st.sampled_from([(0.05, 0.95), (0.1, 0.5, 0.9), (1e-5, 0.5, 0.6, 0.7)]),
)
@settings(max_examples=30)
def test_normals_on_every_scale_come_back(location, scale, family, levels):
    name, low, high = family
    plain = stats.norm(location, scale).ppf(levels)
    values = {"normal": plain, "lognormal": np.exp(plain), "logit_normal": 1 / (1 + np.exp(-plain))}
    fitted = fit_family(name, levels, values=values[name], low=low, high=high)
    assert fitted.parameters == pytest.approx([location, scale], abs=1e-6)


def test_the_same_quantiles_give_the_same_bits():
    one, two = (best_fit(QUARTILES, values=(25, 30, 40), low=0.0, high=exp(5)) for _ in range(2))
    assert one == two
