"""Random words, tables of quantiles, partial values, and the kernels beside their NumPy twin."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from detente.assessment.smaa import plain
from detente.assessment.smaa.indices import indices
from detente.assessment.smaa.intervals import Stop
from detente.assessment.smaa.laws import (
    EXPONENTIAL,
    beta,
    gamma,
    normal,
    point,
    two_piece,
    uniform,
)
from detente.assessment.smaa.problem import Problem, arrays
from detente.assessment.smaa.tables import table
from detente.assessment.smaa.tallies import CHUNK, Draws, confident, draws, tally
from detente.assessment.smaa.values import linear, piecewise
from detente.assessment.weights.polytope import bounds, free
from detente.ground.chance import TwoPiece
from detente.ground.errors import UsageError

LAWS = {
    "normal": (normal(0, 1), stats.norm()),
    "uniform": (uniform(2, 5), stats.uniform(2, 3)),
    "beta": (beta(20, 116), stats.beta(20, 116)),
    "beta at its end": (beta(1, 135), stats.beta(1, 135)),
    "beta on a range": (beta(2, 3, low=-1, high=4), stats.beta(2, 3, -1, 5)),
    "gamma": (gamma(0.5, 3), stats.gamma(0.5, scale=1 / 3)),
    "lognormal": (two_piece(TwoPiece("log", 2.0, 0.7, 0.7)), stats.lognorm(0.7, scale=2)),
}


def mixed(m=4):
    """All kinds of laws and values, and two options that are the same point on all criteria."""
    rng = np.random.default_rng(0)
    rows = [
        (
            normal(rng.uniform(0.3, 0.7), 0.1),
            beta(2, 5),
            gamma(2, 5),
            uniform(0.2, 0.5),
            two_piece(TwoPiece("linear", 0.5, 0.1, 0.2)),
        )
        for _ in range(m)
    ]
    rows[0] = rows[1] = tuple(point(0.5) for _ in range(5))
    values = (
        linear(0, 1),
        linear(0, 1, descending=True),
        piecewise([0, 0.3, 1], [0, 0.7, 1]),
        linear(0.1, 0.6, beyond="extend"),
        piecewise([0, 0.4, 1], [1, 0.2, 0], beyond="extend"),
    )
    return Problem(tuple(f"o{i}" for i in range(m)), tuple("abcde"), tuple(rows), values)


def on(drawn: Draws, *, compiled: bool) -> Draws:
    return Draws(drawn.made, drawn.sampler, drawn.seed, compiled)


def test_words_are_those_of_numpy_s_sfc64():
    state = np.random.default_rng(1).integers(0, 2**63, 3 * plain.TILE, dtype=np.uint64)
    ours = np.array(list(plain.steps(state, 40)))
    for lane in (0, 77, plain.TILE - 1):
        theirs = np.random.SFC64(0)
        inner = theirs.state
        inner["state"]["state"] = np.array([*state[lane :: plain.TILE], 1], dtype=np.uint64)
        theirs.state = inner
        assert (ours[:, lane] == theirs.random_raw(40)).all()


def test_words_are_uniform_and_independent_across_samples_numbers_and_chunks():
    drawn = draws(mixed(), free("abcde"), seed=np.random.SeedSequence(7), samples=10)
    u = np.array([plain.words(drawn.state(chunk), CHUNK, 4) for chunk in range(3)]) * 0.5**32
    for one in u.reshape(-1, CHUNK):
        assert stats.kstest(one, "uniform").pvalue > 0.001
        bits = (one * 2**32).astype(np.uint64)[:, None] >> np.arange(32, dtype=np.uint64) & 1
        assert abs(bits.mean(axis=0) - 0.5).max() < 4.5 * 0.5 / CHUNK**0.5
    series = u.reshape(-1, CHUNK)
    between = np.corrcoef(series) - np.eye(len(series))  # other numbers, other chunks
    assert abs(between).max() < 4.5 / CHUNK**0.5
    for lag in (1, plain.TILE):  # the generator beside, and the next step of the same one
        for one in series:
            assert abs(np.corrcoef(one[lag:], one[:-lag])[0, 1]) < 4.5 / CHUNK**0.5
    pairs, _, _ = np.histogram2d(u[0].ravel(), u[1].ravel(), bins=16)
    assert stats.chisquare(pairs.ravel()).pvalue > 0.001


@pytest.mark.parametrize("name", LAWS)
def test_tables_keep_every_probability(name):
    law, peer = LAWS[name]
    rng = np.random.default_rng(2)
    words = rng.integers(0, 2**32, 50_000, dtype=np.uint64)
    words[:200] = np.arange(200)  # the deepest tails
    words[200:400] = 2**32 - 1 - np.arange(200)
    u = (words + 0.5) * 0.5**32
    scores = law.place + law.size * plain.look(table(law.shape), words)
    assert abs(peer.cdf(scores) - u).max() < 3e-5
    tails = u[:200]
    assert abs(peer.cdf(scores[:200]) / tails - 1).max() < 2e-3
    assert abs(peer.sf(scores[200:400]) / tails - 1).max() < 2e-3
    assert np.allclose(law.quantile([0.05, 0.5, 0.95]), peer.ppf([0.05, 0.5, 0.95]))


def test_the_table_keeps_moments():
    # Every cell's midpoint rule with the probability of the cell's words.
    words = np.arange(0, 2**32, 2**14, dtype=np.uint64) + np.uint64(2**13)
    z = plain.look(table(normal(0, 1).shape), words)
    assert abs(z.mean()) < 1e-8
    assert abs((z**2).mean() - 1) < 2e-5
    assert abs(plain.look(table(EXPONENTIAL), words).mean() - 1) < 1e-5


def test_partial_values():
    falling = linear(2, 6, descending=True)
    assert falling.of([0, 2, 3, 6, 9]).tolist() == [1, 1, 0.75, 0, 0]
    beyond = linear(2, 6, descending=True, beyond="extend")
    assert beyond.of([0, 2, 3, 6, 10]).tolist() == [1.5, 1, 0.75, 0, -1]
    bent = piecewise([0, 1, 4], [0, 0.7, 1])
    x = np.linspace(-1, 5, 61)
    assert np.allclose(bent.of(x), np.interp(x, [0, 1, 4], [0, 0.7, 1]))
    assert bent.ascending
    assert falling.range == (2, 6)


@pytest.mark.parametrize(
    ("knots", "values"),
    [
        ([0, 1], [0, 0.5]),
        ([1, 0], [0, 1]),
        ([0, 1, 2], [0, 1.2, 1]),
        ([0], [0]),
        ([0, np.nan], [0, 1]),
    ],
)
def test_what_is_no_value_function_is_refused(knots, values):
    with pytest.raises(UsageError):
        piecewise(knots, values)


@pytest.mark.parametrize(
    "make",
    [
        lambda: normal(0, -1),
        lambda: normal(np.nan, 1),
        lambda: uniform(2, 1),
        lambda: beta(0, 1),
        lambda: beta(1, 1, low=1, high=1),
        lambda: gamma(1, 0),
    ],
)
def test_what_is_no_distribution_is_refused(make):
    with pytest.raises(UsageError):
        make()


def test_laws_without_spread_are_points():
    assert normal(2, 0).is_point
    assert uniform(2, 2).is_point
    assert two_piece(TwoPiece("log", 2.0, 0, 0)) == point(2)


def test_arrays_share_the_tables_of_shapes():
    made = arrays(mixed())
    assert len(made.tables) == 6  # exponential, and one for each kind
    assert (made.which[:2] == -1).all()


def test_a_problem_refuses_tables_that_do_not_fit():
    law, value = point(1), linear(0, 1)
    for options, criteria, scores, values in (
        ((), ("a",), (), (value,)),
        (("x", "x"), ("a",), ((law,), (law,)), (value,)),
        (("x",), ("a",), (), (value,)),
        (("x",), ("a", "b"), ((law,),), (value, value)),
        (("x",), ("a",), ((law,),), ()),
    ):
        with pytest.raises(UsageError):
            Problem(options, criteria, scores, values)


@pytest.mark.parametrize("limits", [{}, {"a": (0.1, 0.3), "b": (0.1, 0.25)}])
def test_kernels_count_what_numpy_counts(limits):
    problem = mixed()
    weights = bounds("abcde", limits)
    drawn = draws(problem, weights, seed=np.random.SeedSequence(3), samples=10)
    samples = 1500  # less than a chunk, and no whole number of tiles
    slow = tally(on(drawn, compiled=False), 0, samples)
    fast = tally(on(drawn, compiled=True), 0, samples)
    assert slow.samples == fast.samples == samples
    for one in ("ranks", "wins", "rankings"):
        assert (getattr(slow, one) == getattr(fast, one)).all()
    assert slow.ranks.sum(axis=1).tolist() == [samples] * 4
    assert slow.rankings.sum() == samples
    assert slow.wins[0, 1] == slow.wins[1, 0] == 0  # the same points tie, always
    assert (slow.ranks[0] == slow.ranks[1]).all()
    assert np.allclose(slow.sums, fast.sums, rtol=1e-12)
    central = slow.sums[0] / np.maximum(slow.ranks[:, :1], 1)
    central[2] = np.nan
    one, other = (
        confident(on(drawn, compiled=flag), 0, samples, central) for flag in (False, True)
    )
    assert np.array_equal(one, other)
    assert one[2] == 0


@pytest.mark.parametrize(("m", "samples"), [(2, 1), (3, 64), (9, 65), (17, 193)])
def test_kernels_agree_whatever_the_options_and_the_end_of_a_block(m, samples):
    drawn = draws(mixed(m), free("abcde"), seed=np.random.SeedSequence(5), samples=10)
    slow, fast = (tally(on(drawn, compiled=flag), 0, samples) for flag in (False, True))
    for one in ("ranks", "wins", "rankings"):
        assert (getattr(slow, one) == getattr(fast, one)).all()
    assert np.allclose(slow.sums, fast.sums, rtol=1e-12)


@pytest.mark.parametrize("compiled", [False, True])
def test_scores_on_a_level_end_tie_with_a_point_there(compiled):
    level = piecewise([0, 1, 2], [0, 1, 1], beyond="extend")
    rows = ((normal(5, 0.1),), (point(9.0),), (normal(1.5, 0.01),), (normal(-5, 0.1),))
    drawn = draws(
        Problem(tuple("abcd"), ("x",), rows, (level,)),
        free(("x",)),
        seed=np.random.SeedSequence(6),
        samples=10,
    )
    found = tally(on(drawn, compiled=compiled), 0, 200)
    assert found.ranks[:3, 0].tolist() == [200] * 3
    assert found.wins[:, 3].tolist() == [200, 200, 200, 0]
    assert found.wins[:3, :3].sum() == 0


def test_many_samples_are_compiled_with_the_same_counts(monkeypatch):
    problem, stop = mixed(), Stop(0, 20_000)
    seed = np.random.SeedSequence(9)
    slow = indices(problem, free("abcde"), seed=seed, stop=stop)
    monkeypatch.setattr("detente.assessment.smaa.tallies.COMPILED_FROM", 0)
    fast = indices(problem, free("abcde"), seed=seed, stop=stop, threads=2)
    assert (slow.acceptability.share == fast.acceptability.share).all()
    assert (slow.confidence.share == fast.confidence.share).all()
    assert np.allclose(slow.central_weights, fast.central_weights, rtol=1e-12)


def test_small_problems_do_not_import_numba():
    code = """
import sys
import numpy as np
from detente.assessment.smaa.indices import indices
from detente.assessment.smaa.laws import normal
from detente.assessment.smaa.problem import Problem
from detente.assessment.smaa.values import linear
from detente.assessment.weights.polytope import free
rows = tuple((normal(0.1 * i, 1), normal(0, 1)) for i in range(5))
made = Problem(tuple("vwxyz"), ("a", "b"), rows, (linear(0, 1), linear(0, 1)))
indices(made, free(("a", "b")), seed=np.random.SeedSequence(1))
assert "numba" not in sys.modules
"""
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout == ran.stderr == ""
