"""SMAA from distributions and sets of weights: closed forms, invariants, intervals, references."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detente.assessment.foreign.drugis import read_drugis
from detente.assessment.smaa.indices import indices
from detente.assessment.smaa.intervals import Stop, wilson
from detente.assessment.smaa.laws import normal, point, uniform
from detente.assessment.smaa.problem import Problem
from detente.assessment.smaa.values import linear
from detente.assessment.weights.polytope import bounds, exact, free, ranking, ratios
from detente.ground.errors import UsageError


def seed(number=1):
    return np.random.SeedSequence(number)


def problem(rows, values=None):
    n = len(rows[0])
    names = tuple(f"c{k}" for k in range(n))
    options = tuple(f"o{i}" for i in range(len(rows)))
    scores = tuple(tuple(row) for row in rows)
    return Problem(options, names, scores, values or tuple(linear(0, 1) for _ in range(n)))


def test_each_best_on_one_criterion():
    made = problem([[point(float(i == c)) for c in range(3)] for i in range(3)])
    found = indices(made, free(made.criteria), seed=seed(), stop=Stop(0, 60_000))
    assert found.samples == 60_000
    assert (abs(found.acceptability.share - 1 / 3) < 0.01).all()
    # E[largest of three uniform spacings] = (1 + 1/2 + 1/3) / 3 = 11/18.
    near = 4 * found.central_errors.diagonal()
    assert (abs(found.central_weights.diagonal() - 11 / 18) < near).all()
    assert (found.confidence.share == 1).all()
    assert found.entropy == pytest.approx(math.log2(6), abs=0.001)
    assert found.undecided.sum() == 6


def test_two_normal_scores_on_one_criterion():
    # P(A > B) = Phi((0.5 - 0.4) / sqrt(0.1^2 + 0.2^2)); ranges wide enough not to clip.
    made = problem([[normal(0.5, 0.1)], [normal(0.4, 0.2)]], (linear(-3, 3),))
    found = indices(made, free(made.criteria), seed=seed(), stop=Stop(0, 100_000))
    truth = stats.norm.cdf(0.1 / math.hypot(0.1, 0.2))
    assert abs(found.pairwise.share[0, 1] - truth) < 4 * math.sqrt(truth * (1 - truth) / 1e5)
    assert found.central_weights.tolist() == [[1], [1]]
    assert not found.undecided.any()


def test_points_and_exact_weights_are_a_weighted_sum():
    made = problem([[point(0.2), point(0.9)], [point(0.8), point(0.5)]])
    found = indices(made, exact({"c0": 3, "c1": 1}), seed=seed(), stop=Stop(0, 100))
    assert found.acceptability.share.tolist() == [[0, 1], [1, 0]]
    assert np.allclose(found.central_weights[1], [0.75, 0.25])
    assert np.isnan(found.central_weights[0]).all()
    assert np.isnan([found.confidence.share[0], found.confidence.low[0]]).all()
    assert found.entropy == 0


def test_a_range_that_is_left_gives_the_end_s_value():
    made = problem([[point(5.0), point(0.0)], [point(1.0), point(0.0)]])
    found = indices(made, free(made.criteria), seed=seed(), stop=Stop(0, 500))
    assert found.acceptability.share.tolist() == [[1, 0], [1, 0]]  # a tie: both are first
    assert found.undecided[0, 1]


def test_weights_that_are_no_simplex_are_drawn_from_their_set():
    made = problem([[point(float(i == c)) for c in range(3)] for i in range(3)])
    weights = bounds(made.criteria, {"c0": (0.1, 0.5), "c1": (0.2, 0.4)})
    found = indices(made, weights, seed=seed(), stop=Stop(0, 20_000))
    assert found.drawn_by == "rejection"
    grid = np.random.default_rng(5).dirichlet([1, 1, 1], 400_000)
    inside = grid[weights.holds(grid)]
    first = np.bincount(inside.argmax(axis=1), minlength=3) / len(inside)
    assert (abs(found.acceptability.share[:, 0] - first) < 0.015).all()


def test_no_result_depends_on_threads():
    rows = [[normal(0.1 * i, 0.3), uniform(0, 1), uniform(0, 1)] for i in range(4)]
    made = problem(rows)
    for weights in (
        free(made.criteria),
        ratios(made.criteria, {("c0", "c1"): (1.1, 1.2), ("c0", "c2"): (1.1, 1.3)}),
    ):
        one, many = (
            indices(made, weights, seed=seed(4), stop=Stop(0, 30_000), threads=threads)
            for threads in (1, 3)
        )
        for name in ("acceptability", "pairwise", "confidence"):
            assert np.array_equal(getattr(one, name).share, getattr(many, name).share)
        for name in ("central_weights", "central_errors"):
            assert np.array_equal(getattr(one, name), getattr(many, name), equal_nan=True)


def test_a_seed_settles_the_draws_and_its_children_differ():
    made = problem([[normal(0.5, 0.3), uniform(0, 1)] for _ in range(3)])
    root = seed(8)
    first, second = root.spawn(2)
    stop = Stop(0, 5_000)
    found = [
        indices(made, free(made.criteria), seed=one, stop=stop).acceptability.share
        for one in (first, first, second, root)
    ]
    assert (found[0] == found[1]).all()
    assert (found[0] != found[2]).any()
    assert (found[0] != found[3]).any()


def test_the_rule_stops_when_intervals_are_narrow():
    even = problem([[uniform(0, 1)] for _ in range(2)])
    found = indices(even, free(even.criteria), seed=seed(), stop=Stop(0.005))
    assert found.half_width <= 0.005
    assert 38_000 < found.samples < 50_000
    plain = problem([[point(1.0)], [point(0.0)]])
    found = indices(plain, free(plain.criteria), seed=seed())
    assert found.samples < 20_000
    capped = indices(even, free(even.criteria), seed=seed(), stop=Stop(0.005, most=1_000))
    assert capped.samples == 1_000
    assert capped.half_width > 0.005


def test_what_is_needed_is_enough_at_one_half():
    for half in (0.05, 0.01, 0.005):
        needed = Stop(half).needed
        assert wilson(np.array(needed / 2), needed).half_width <= half
        assert wilson(np.array(needed / 2 - 1), needed - 2).half_width > half * 0.9999


def test_wilson_intervals():
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I: 81/263.
    found = wilson(np.array([81, 0, 1, 29]), 263)
    assert found.low[0] == pytest.approx(0.2553, abs=5e-5)
    assert found.high[0] == pytest.approx(0.3662, abs=5e-5)
    assert found.low[1] == 0
    both = wilson(np.array([0, 20]), 20)
    assert (both.low[0], both.high[1]) == (0, 1)
    assert both.high[0] == pytest.approx(0.1611, abs=5e-5)


def test_intervals_cover_the_truth_as_often_as_they_say():
    made = problem([[normal(0.5, 0.1)], [normal(0.4, 0.2)]], (linear(-3, 3),))
    truth = stats.norm.cdf(0.1 / math.hypot(0.1, 0.2))
    covered = 0
    for child in seed(12).spawn(200):
        found = indices(made, free(made.criteria), seed=child, stop=Stop(0, 400)).pairwise
        covered += found.low[0, 1] <= truth <= found.high[0, 1]
    assert 181 <= covered <= 198  # 95 %, give or take three standard errors


@settings(max_examples=15)
@given(st.integers(2, 5), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_shares_add_up_and_fit_each_other(m, n, number):
    rng = np.random.default_rng(number)
    made = problem([[normal(rng.random(), rng.random() / 4) for _ in range(n)] for _ in range(m)])
    found = indices(made, ranking(made.criteria), seed=seed(number), stop=Stop(0, 300))
    share = found.acceptability.share
    assert np.allclose(share.sum(axis=1), 1)
    assert (found.pairwise.share + found.pairwise.share.T <= 1 + 1e-12).all()
    # The mean rank is one and the mean number of rivals that win.
    assert np.allclose(share @ np.arange(m), found.pairwise.share.sum(axis=0))
    held = found.central_weights[~np.isnan(found.central_weights[:, 0])]
    assert np.allclose(held.sum(axis=1), 1)
    assert (np.diff(held, axis=1) <= 1e-12).all()


def test_more_score_is_never_less_acceptable():
    rows = [[uniform(0, 0.5), uniform(0.2, 0.7)] for _ in range(3)]
    better = [*rows[:2], [uniform(0.1, 0.6), uniform(0.2, 0.7)]]
    before, after = (
        indices(made, free(made.criteria), seed=seed(), stop=Stop(0, 5_000)).acceptability.share[2]
        for made in map(problem, (rows, better))
    )
    assert (np.cumsum(after) >= np.cumsum(before) - 1e-12).all()


def test_other_criteria_are_refused():
    made = problem([[point(1.0), point(0.0)]])
    with pytest.raises(UsageError, match="criteria"):
        indices(made, free(("c1", "c0")), seed=seed())
    for wrong in ({"half_width": -1}, {"most": 0}, {"level": 1}):
        with pytest.raises(UsageError):
            Stop(**wrong)
    with pytest.raises(UsageError):
        wilson(np.array(0), 0)


SETTINGS = {
    "free": ([], 0.3426),
    "ordinal": (
        [
            {"type": "ordinal", "criteria": ["proximalId", "bleedingId"]},
            {"type": "ordinal", "criteria": ["bleedingId", "distalId"]},
        ],
        0.1353,
    ),
    "exact swing": (
        [
            {"type": "exact swing", "criteria": ["proximalId", "bleedingId"], "ratio": 2},
            {"type": "exact swing", "criteria": ["bleedingId", "distalId"], "ratio": 2},
        ],
        0.1034,
    ),
}


@pytest.mark.conformance
@pytest.mark.parametrize("name", SETTINGS)
def test_thrombolytics_as_drugis_has_them(shared_data, name):
    preferences, share = SETTINGS[name]
    path = shared_data / "options" / "smaa-drugis" / "thrombolytics.json"
    whole = json.loads(path.read_text("utf-8")) | {"preferences": preferences}
    read = read_drugis(path.name, json.dumps(whole).encode())
    found = indices(read.problem, read.weights, seed=seed(), stop=Stop(0, 200_000))
    assert found.options == ("heparinId", "enoxaparinId")
    assert abs(found.acceptability.share[0, 0] - share) < 0.01
    if name == "free":  # R smaa, from ten thousand samples of its own
        central = [[0.1865097, 0.2772205, 0.5362698], [0.4073100, 0.3641477, 0.2285423]]
        assert abs(found.central_weights - central).max() < 0.02
        assert abs(found.confidence.share - [0.6682, 0.8956]).max() < 0.02
        assert found.entropy == pytest.approx(0.9344, abs=0.01)


@pytest.mark.conformance
def test_the_textbook_s_weighted_sum(shared_data):
    text = (shared_data / "options" / "mcda-textbook" / "cases.json").read_text("utf-8")
    case = next(one for one in json.loads(text) if re.match("wsm", one["id"]))
    matrix = np.array(case["matrix"], float)
    falls = np.array([one == "min" for one in case["objectives"]])
    matrix[:, falls] = 1 / matrix[:, falls]
    score = matrix / matrix.sum(axis=0) @ (np.array(case["weights"]) / sum(case["weights"]))
    assert abs(score - case["expected"]["score"]).max() < case["tol"]
    # The same by SMAA with points and exact weights: values are scores, and ranks the book's.
    shares = matrix / matrix.sum(axis=0)
    made = problem([[point(x) for x in row] for row in shares])
    weights = exact(dict(zip(made.criteria, case["weights"], strict=True)))
    found = indices(made, weights, seed=seed(), stop=Stop(0, 10)).acceptability.share
    assert (found.argmax(axis=1) + 1).tolist() == case["expected"]["rank"]
