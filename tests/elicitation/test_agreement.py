"""Agreement of judges: textbook figures, and what must hold for any."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy import stats

from detente.elicitation.agreement import Alpha, kendall_w, krippendorff_alpha
from detente.ground.errors import UsageError

n = np.nan
FOUR_CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
    [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
]


def alpha(codes: ArrayLike, level: Any, **more: Any) -> Alpha:
    return krippendorff_alpha(codes, level, rng=np.random.default_rng(1), **more)


# --- Kendall's W --------------------------------------------------------------------------------


def test_three_executives_and_six_applicants():
    """Siegel (1956), Nonparametric Statistics, chapter 9: W = .16."""
    got = kendall_w([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])
    assert got.w == pytest.approx(0.16, abs=0.005)
    assert got.w == pytest.approx(25.5 / 157.5)


def test_three_rankings_with_ties():
    """Kendall (1948), Rank Correlation Methods, chapter 6: S = 591, W = .828 with ties."""
    got = kendall_w(
        [
            [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
            [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
            [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
        ]
    )
    assert got.w == pytest.approx(0.828, abs=0.0005)
    assert got.chi_square == pytest.approx(3 * 9 * got.w)


tables = st.tuples(st.integers(2, 6), st.integers(2, 6), st.integers(0, 10_000))


@given(tables)
def test_mean_spearman_is_that_of_all_pairs_of_judges(size):
    judges, items, seed = size
    table = np.random.default_rng(seed).random((judges, items))
    pairs = [stats.spearmanr(a, b).statistic for a, b in itertools.combinations(table, 2)]
    assert kendall_w(table).mean_spearman == pytest.approx(np.mean(pairs), abs=1e-9)


@given(tables)
def test_chi_square_is_friedmans_with_ties(size):
    judges, items, seed = size
    table = np.random.default_rng(seed).integers(0, 4, size=(judges, items)).astype(float)
    assume(items > 2 and any(len(set(row)) > 1 for row in table))
    got = kendall_w(table)
    friedman = stats.friedmanchisquare(*table.T)
    assert got.chi_square == pytest.approx(friedman.statistic, abs=1e-9)
    assert got.p_chi_square == pytest.approx(friedman.pvalue, abs=1e-9)
    assert -1e-12 <= got.w <= 1 + 1e-12


def test_full_agreement_and_full_opposition():
    got = kendall_w([[1, 2, 3]] * 4)
    assert (got.w, got.mean_spearman, got.p_f) == (1, 1, 0)
    assert kendall_w([[1, 2, 3], [3, 2, 1]]).w == 0


def test_f_is_close_where_chi_square_is_not():
    """Under no agreement of three judges over five items F rejects about its level."""
    rng = np.random.default_rng(3)
    found = [kendall_w(rng.random((3, 5))) for _ in range(2000)]
    by_f = np.mean([one.p_f < 0.05 for one in found])
    by_chi_square = np.mean([one.p_chi_square < 0.05 for one in found])
    assert 0.035 < by_f < 0.065
    assert by_chi_square < by_f


@pytest.mark.parametrize(
    "scores", [[[1, 2, 3]], [[1], [2]], [[1, n], [1, 2]], [1, 2], [[2, 2], [5, 5]]]
)
def test_scores_without_a_concordance(scores):
    with pytest.raises(UsageError):
        kendall_w(scores)


# --- Krippendorff's alpha -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_four_coders_of_twelve_units(level, value):
    """Krippendorff (2011), Computing Krippendorff's alpha-reliability."""
    got = alpha(FOUR_CODERS, level)
    assert got.alpha == pytest.approx(value, abs=0.0005)
    assert (got.units, got.codes) == (11, 40)
    assert got.low < got.alpha < got.high


def test_two_coders_of_ten_binary_units():
    """Krippendorff (2011), part A: alpha = .095."""
    codes = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    assert alpha(codes, "nominal").alpha == pytest.approx(0.095, abs=0.0005)


def test_two_coders_of_twelve_nominal_units():
    """Krippendorff (2011), part B: alpha = .692."""
    codes = [
        [1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1],
        [2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4],
    ]
    assert alpha(codes, "nominal").alpha == pytest.approx(0.692, abs=0.0005)


def by_pairs(codes: ArrayLike, apart: Callable[[float, float], float]) -> float:
    """Alpha from its words: mean disagreement within units against that of all codes."""
    units = [[v for v in unit if not np.isnan(v)] for unit in np.array(codes, dtype=float).T]
    units = [unit for unit in units if len(unit) > 1]
    every = [v for unit in units for v in unit]
    observed = sum(
        sum(apart(a, b) for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1)
        for unit in units
    ) / len(every)
    expected = sum(apart(a, b) for a, b in itertools.permutations(every, 2))
    return 1 - observed / (expected / len(every) / (len(every) - 1))


@settings(max_examples=15)
@given(st.integers(0, 2_000))
def test_alpha_from_its_words(seed):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, size=(3, 6)).astype(float)
    codes[rng.random(codes.shape) < 0.2] = np.nan
    kept = codes[:, np.sum(~np.isnan(codes), axis=0) > 1]
    assume(len(np.unique(kept[~np.isnan(kept)])) > 1)
    nominal = by_pairs(codes, lambda a, b: float(a != b))
    interval = by_pairs(codes, lambda a, b: (a - b) ** 2)
    assert alpha(codes, "nominal", count=100).alpha == pytest.approx(nominal)
    assert alpha(codes, "interval", count=100).alpha == pytest.approx(interval)


@settings(max_examples=15)
@given(st.integers(0, 2_000))
def test_what_each_level_does_not_see(seed):
    """Ordinal sees the order of codes alone, interval no shift or unit, nominal no order."""
    rng = np.random.default_rng(seed)
    codes = np.vstack([rng.integers(0, 4, size=(3, 6)), np.arange(6) % 4]).astype(float)
    for level, other in (
        ("ordinal", np.exp(codes)),
        ("interval", 3 - 7 * codes),
        ("nominal", np.array([2.0, 0, 3, 1])[codes.astype(int)]),
    ):
        one, two = (alpha(table, level, count=100).alpha for table in (codes, other))
        assert one == pytest.approx(two)


def test_bounds():
    assert alpha([[1, 2, 3], [1, 2, 3]], "ordinal").alpha == 1
    chance = np.random.default_rng(2).integers(0, 3, size=(4, 3000))
    assert alpha(chance, "nominal", count=100).alpha == pytest.approx(0, abs=0.02)


def test_interval_narrows_with_more_units():
    widths = []
    for times in (1, 16):
        got = alpha(np.tile(FOUR_CODERS, times), "ordinal")
        widths.append(got.high - got.low)
    assert widths[1] == pytest.approx(widths[0] / 4, rel=0.3)


@pytest.mark.parametrize(
    "codes", [[[1, n], [n, 1]], [[1, 1], [1, 1]], [1, 2], [[np.inf, 1], [1, 2]]]
)
def test_codes_without_an_alpha(codes):
    with pytest.raises(UsageError):
        alpha(codes, "nominal")


def test_other_errors_of_the_caller():
    with pytest.raises(UsageError, match="level"):
        alpha(FOUR_CODERS, "ratio")
    with pytest.raises(UsageError, match="bootstrap"):
        alpha(FOUR_CODERS, "nominal", count=10)
