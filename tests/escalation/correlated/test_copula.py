"""Correlated scores: closed forms, what stays as it is, and matrices that cannot be."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import spearmanr

from detente.escalation.correlated.copula import blocks, check_pairs, copula
from detente.escalation.uncertainty import Sample
from detente.ground.chance import TwoPiece, sobol
from detente.ground.errors import UsageError

NAMES = ("a", "b", "c", "d", "e")
PAIRS = {("a", "c"): 0.6, ("c", "d"): -0.5}
HALF = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}


def normals(names, points: int = 2**12):
    unit = sobol(points, len(names), seed=np.random.default_rng(5))
    return {name: ndtri(column) for name, column in zip(names, unit.T, strict=True)}


def same_bits(one, other) -> bool:
    return one.tobytes() == other.tobytes()


# --- scores ----------------------------------------------------------------------------------


@pytest.mark.parametrize("pairs", [{}, {("a", "b"): 0.0}])
def test_without_correlations_nothing_changes(pairs):
    normal = normals(NAMES, 64)
    found = copula(NAMES, pairs).correlated(normal)
    assert list(found) == list(NAMES)
    assert all(same_bits(found[name], normal[name]) for name in NAMES)


def test_what_is_not_correlated_and_the_first_of_a_block_keep_their_bits():
    normal = normals(NAMES, 64)
    held = copula(NAMES, {**PAIRS, ("b", "d"): 0.0})
    found = held.correlated(normal)
    assert held.block == ("a", "c", "d")
    assert [name for name in NAMES if same_bits(found[name], normal[name])] == ["a", "b", "e"]


def test_two_numbers_have_their_closed_form():
    normal = normals(NAMES, 64)
    found = copula(NAMES, {frozenset({"b", "d"}): -0.8}).correlated(normal)
    assert found["d"] == pytest.approx(-0.8 * normal["b"] + 0.6 * normal["d"], rel=1e-14)


def test_scores_have_the_stated_correlations_and_stay_standard_normals():
    found = copula(NAMES, PAIRS).correlated(normals(NAMES))
    wanted = np.eye(5)
    for (one, other), r in PAIRS.items():
        i, j = NAMES.index(one), NAMES.index(other)
        wanted[i, j] = wanted[j, i] = r
    assert np.cov(list(found.values())) == pytest.approx(wanted, abs=2e-3)
    for scores in found.values():
        assert np.quantile(scores, [0.1, 0.5, 0.9]) == pytest.approx(
            ndtri([0.1, 0.5, 0.9]), abs=0.02
        )


def test_ranks_have_their_closed_form_whatever_the_distributions():
    """Spearman's correlation of a Gaussian copula is 6 / pi arcsin(r / 2)."""
    held = copula(NAMES, {("a", "b"): 0.7}).correlated(normals(NAMES))
    values = [
        TwoPiece("log", 0.1, 0.4, 1.5).at_normal(held["a"]),
        TwoPiece("logit", 0.2, 2.0, 0.1).at_normal(held["b"]),
    ]
    wanted = 6 / np.pi * np.arcsin(0.35)
    assert spearmanr(*values).statistic == pytest.approx(wanted, abs=2e-3)


@given(points=st.integers(1, 100), seed=st.integers(0, 1000))
def test_the_first_points_do_not_depend_on_those_that_follow(points, seed, correlations, pairs_of):
    held = copula(NAMES, pairs_of(NAMES, correlations(5, seed)))
    normal = normals(NAMES, 128)
    few = held.correlated({name: own[:points] for name, own in normal.items()})
    for name, own in held.correlated(normal).items():
        assert same_bits(few[name], own[:points])


def test_a_sample_takes_correlated_scores():
    scores = copula(NAMES, PAIRS).correlated(normals(NAMES, 64))
    assert Sample(scores).first(8)._normal["c"].tolist() == scores["c"][:8].tolist()


# --- what is known of the rest ---------------------------------------------------------------


@given(seed=st.integers(0, 10_000), known=st.sets(st.sampled_from(NAMES)))
def test_the_rest_has_its_conditional_mean_and_covariance(seed, known, correlations, pairs_of):
    matrix = correlations(5, seed)
    found = copula(NAMES, pairs_of(NAMES, matrix)).given(known)
    on = np.array([name in known for name in NAMES])
    gain = np.linalg.solve(matrix[np.ix_(on, on)], matrix[np.ix_(on, ~on)]).T
    left = matrix[np.ix_(~on, ~on)] - gain @ matrix[np.ix_(on, ~on)]
    assert (set(found.known), set(found.rest)) == (known, set(NAMES) - known)
    assert found.weights == pytest.approx(gain, abs=1e-8)
    assert found.factor @ found.factor.T == pytest.approx(left, abs=1e-8)
    assert np.triu(found.factor, 1) == pytest.approx(0)


def test_scores_of_the_rest_are_mean_and_noise():
    found = copula(NAMES, {("a", "b"): 0.6}).given({"a", "e"})
    scores = found.scores({"a": np.array([2.0]), "e": np.array([9.0])}, {"b": np.array([0.5])})
    assert (found.known, found.rest) == (("a",), ("b",))
    assert scores["b"] == pytest.approx([0.6 * 2 + 0.8 * 0.5], rel=1e-14)


def test_known_and_drawn_anew_the_block_has_its_correlations_again():
    held = copula(NAMES, {**PAIRS, ("a", "d"): 0.1})
    normal = normals([*NAMES, *(f"{name}'" for name in NAMES)])
    here = held.correlated({name: normal[name] for name in NAMES})
    again = held.given({"c"}).scores(here, {name: normal[f"{name}'"] for name in NAMES})
    together = np.cov([again["a"], here["c"], again["d"]])
    assert together == pytest.approx(held.correlation, abs=5e-3)


def test_nearly_equal_numbers_can_be_told_apart():
    held = copula(NAMES, {("a", "b"): 1 - 1e-9})
    assert held.given({"a"}).factor == pytest.approx(np.sqrt(2e-9), rel=1e-6)


def test_a_part_of_a_block_does_not_look_at_the_rest():
    held = copula(NAMES, {**PAIRS, ("a", "d"): 0.1}).among({"d", "a", "b"})
    assert held.block == ("a", "d")
    assert held.correlation.tolist() == [[1, 0.1], [0.1, 1]]


# --- what cannot be --------------------------------------------------------------------------


def test_blocks_are_what_pairs_join():
    pairs = {("e", "d"): 0.1, ("b", "a"): 0.1, ("c", "a"): 0.2, ("c", "d"): 0.0}
    assert blocks(NAMES, pairs) == (("a", "b", "c"), ("d", "e"))
    assert blocks(NAMES, {**pairs, ("c", "d"): 0.1}) == (NAMES,)
    assert blocks(NAMES, {}) == ()


def test_a_block_that_cannot_be_is_named_and_others_are_not():
    with pytest.raises(UsageError) as caught:
        copula(NAMES, {**HALF, ("d", "e"): 0.99})
    assert str(caught.value).startswith("The correlations of `a`, `b`, `c` cannot all hold")
    assert "`d`" not in str(caught.value)


def test_every_block_that_cannot_be_is_named_at_once():
    names = (*NAMES, "f")
    more = {("d", "e"): -0.6, ("e", "f"): -0.6, ("d", "f"): -0.6}
    with pytest.raises(UsageError, match=r"`a`, `b`, `c`[^\n]*\n[^\n]*`d`, `e`, `f`"):
        check_pairs(names, {**HALF, **more})


@given(st.lists(st.floats(-0.99, 0.99), min_size=6, max_size=6))
def test_a_matrix_is_refused_where_it_has_an_eigenvalue_below_0_and_the_mend_holds(stated):
    names = NAMES[:4]
    pairs = dict(
        zip([(one, two) for one in names for two in names if one < two], stated, strict=True)
    )
    matrix = np.eye(4)
    for (one, other), r in pairs.items():
        i, j = names.index(one), names.index(other)
        matrix[i, j] = matrix[j, i] = r
    try:
        check_pairs(names, pairs)
    except UsageError as error:
        assert np.linalg.eigvalsh(matrix)[0] < 1e-9
        (bearable,) = re.findall(r"by (\d\.\d\d) or less", str(error))
        check_pairs(names, {pair: r * float(bearable) for pair, r in pairs.items()})
    else:
        assert np.linalg.eigvalsh(matrix)[0] > -1e-9


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ({("a", "x"): 0.5}, "`a` and `x`: name two different numbers"),
        ({("a", "a"): 0.5}, "name two different numbers"),
        ({frozenset({"a"}): 0.5}, "name two different numbers"),
        ({("a", "b"): 0.5, ("b", "a"): 0.5}, "`a` and `b` stands twice"),
        ({("a", "b"): 1.0}, "`a` and `b` of 1.0: it must lie between"),
        ({("a", "b"): float("nan")}, "it must lie between"),
    ],
)
def test_pairs_that_make_no_sense_are_refused(pairs, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        check_pairs(NAMES, pairs)
