"""SMAA-2 against the reference runs of R smaa, closed forms, brute force and its invariants."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detente.assessment.smaa.samples import rank_acceptability, ranking_entropy, sample_ranks
from detente.assessment.weights.sampling import simplex
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]

# Printed by R smaa 0.3-3 in tests/Examples/smaa-Ex.Rout.save.
THROMBO_RA = [[0.3504, 0.6496], [0.6496, 0.3504]]
THROMBO_CW = [[0.1865097, 0.2772205, 0.5362698], [0.4073100, 0.3641477, 0.2285423]]
THROMBO_CF = [0.6682, 0.8956]
THROMBO_ENTROPY = 0.9344248
THROMBO_RA_FIXED = [[0.1279, 0.8721], [0.8721, 0.1279]]


def r_arrays(path: Path) -> list[Floats]:
    """The arrays of a file that R's dput wrote; R counts the first index fastest."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    shaped = r"structure\(c\(([-\d.,eEL\s]+)\)(?:,\s*\.Dim = (?:c\(([\dL,\s]+)\)|(\d+):(\d+)))?"
    arrays = []
    for numbers, listed, start, stop in re.findall(shaped, text):
        flat = np.array([float(number.rstrip("L")) for number in re.split(r",\s*", numbers)])
        shape = [int(size.strip().rstrip("L")) for size in listed.split(",")] if listed else []
        shape = list(range(int(start), int(stop) + 1)) if start else shape
        arrays.append(flat.reshape(shape or [-1], order="F"))
    return arrays


@pytest.fixture(scope="module")
def hansen(request: pytest.FixtureRequest) -> dict[str, Floats]:
    folder = request.getfixturevalue("shared_data") / "options" / "smaa-rsmaa"
    (values,) = r_arrays(folder / "hansen-meas.txt.gz")
    (weights,) = r_arrays(folder / "hansen-weights-ord.txt.gz")
    (acceptability,) = r_arrays(folder / "hansen-ra-ord.txt")
    confidence, central = r_arrays(folder / "hansen-cf-ord.txt")
    return {"values": values, "weights": weights, "ra": acceptability, "cf": confidence,
            "cw": central}  # fmt: skip


@pytest.fixture(scope="module")
def thrombo(request: pytest.FixtureRequest) -> dict[str, Floats]:
    folder = request.getfixturevalue("shared_data") / "options" / "smaa-rsmaa"
    names = {"values": "meas", "weights": "weights-nopref", "ranks": "ranks-nopref"}
    return {key: r_arrays(folder / f"thrombo-{name}.txt.gz")[0] for key, name in names.items()}


@pytest.mark.conformance
def test_hansen_equals_the_r_reference(hansen: dict[str, Floats]) -> None:
    result = rank_acceptability(hansen["values"], hansen["weights"])
    assert hansen["values"].shape == (10_000, 5, 6)
    assert np.abs(result.acceptability - hansen["ra"]).max() == 0.0
    assert np.abs(result.confidence - hansen["cf"]).max() < 5e-5
    assert np.abs(result.central_weights - hansen["cw"]).max() < 5e-5


@pytest.mark.conformance
def test_thrombo_equals_the_r_reference(thrombo: dict[str, Floats]) -> None:
    result = rank_acceptability(thrombo["values"], thrombo["weights"])
    ranks = sample_ranks(thrombo["values"], thrombo["weights"])
    assert (ranks == thrombo["ranks"]).all()
    assert np.abs(result.acceptability - THROMBO_RA).max() == 0.0
    assert np.abs(result.central_weights - THROMBO_CW).max() < 5e-8
    assert np.abs(result.confidence - THROMBO_CF).max() == 0.0
    assert ranking_entropy(ranks) == pytest.approx(THROMBO_ENTROPY, abs=5e-8)
    assert result.pairwise[0, 1] == THROMBO_RA[0][0]


@pytest.mark.conformance
def test_thrombo_with_fixed_weights(thrombo: dict[str, Floats]) -> None:
    fixed = np.broadcast_to([0.5, 0.2, 0.3], (10_000, 3))
    result = rank_acceptability(thrombo["values"], fixed)
    assert np.abs(result.acceptability - THROMBO_RA_FIXED).max() == 0.0


def test_weights_alone_give_the_closed_form() -> None:
    # Three options, each best on one of three criteria: by symmetry each is first a third of
    # the time, and the second is a third likewise.
    rng = np.random.default_rng(5)
    weights = simplex(3, 60_000, rng)
    values = np.broadcast_to(np.eye(3), (60_000, 3, 3))
    result = rank_acceptability(values, weights)
    assert np.abs(result.acceptability - 1 / 3).max() < 0.01
    # E[largest of three uniform spacings] = (1 + 1/2 + 1/3) / 3 = 11/18.
    assert np.abs(np.diag(result.central_weights) - 11 / 18).max() < 0.005
    assert (result.confidence == 1).all()


def test_ties_share_the_best_rank() -> None:
    values = np.array([[[1.0, 0.3], [1.0, 0.3], [0.0, 0.0], [0.1, 0.7]]])
    weights = np.array([[0.9, 0.1]])
    assert sample_ranks(values, weights).tolist() == [[1, 1, 4, 3]]
    result = rank_acceptability(values, weights)
    assert result.acceptability.sum(axis=1).tolist() == [1, 1, 1, 1]
    assert result.pairwise[0, 1] == result.pairwise[1, 0] == 0
    assert result.confidence[:2].tolist() == [1, 1]


def test_an_option_that_is_never_first_has_no_central_weights() -> None:
    values = np.array([[[1.0, 1.0], [0.0, 0.0]]])
    result = rank_acceptability(values, np.array([[0.5, 0.5]]))
    assert np.isnan(result.central_weights[1]).all()
    assert np.isnan(result.confidence[1])
    assert result.central_weights[0].tolist() == [0.5, 0.5]


samples = st.integers(1, 30), st.integers(1, 6), st.integers(1, 4), st.integers(0, 2**32 - 1)


@given(*samples)
def test_indices_equal_brute_force(size: int, m: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 3, (size, m, n)).astype(float)
    weights = rng.integers(0, 3, (size, n)).astype(float)
    counts = np.zeros((m, m))
    wins = np.zeros((m, m))
    for sample in range(size):
        worth = [float(np.dot(values[sample, i], weights[sample])) for i in range(m)]
        for i in range(m):
            counts[i, sum(other > worth[i] for other in worth)] += 1
            wins[i] += [worth[i] > other for other in worth]
    result = rank_acceptability(values, weights)
    assert np.allclose(result.acceptability, counts / size, atol=1e-15)
    assert np.allclose(result.pairwise, wins / size, atol=1e-15)


@given(*samples)
def test_the_order_of_options_does_not_matter(size: int, m: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, weights = rng.random((size, m, n)), simplex(n, size, rng)
    order = rng.permutation(m)
    direct, moved = (rank_acceptability(v, weights) for v in (values, values[:, order]))
    assert (direct.acceptability[order] == moved.acceptability).all()
    assert np.array_equal(direct.confidence[order], moved.confidence, equal_nan=True)
    assert np.allclose(direct.acceptability.sum(axis=1), 1)


def test_a_better_option_is_never_less_acceptable() -> None:
    rng = np.random.default_rng(11)
    values, weights = rng.random((500, 4, 3)), simplex(3, 500, rng)
    better = values.copy()
    better[:, 2] += 0.1
    before, after = (rank_acceptability(v, weights).acceptability[2] for v in (values, better))
    assert (np.cumsum(after) >= np.cumsum(before) - 1e-12).all()


def test_entropy_of_known_rankings() -> None:
    assert ranking_entropy(np.array([[1, 2], [1, 2]], dtype=np.int32)) == 0
    four = np.array([[1, 2, 3], [2, 1, 3], [3, 2, 1], [1, 3, 2]], dtype=np.int32)
    assert ranking_entropy(four) == pytest.approx(2)


@pytest.mark.parametrize(
    ("values", "weights"),
    [
        (np.ones((2, 3)), np.ones((2, 3))),
        (np.ones((2, 3, 4)), np.ones((2, 3))),
        (np.ones((0, 3, 4)), np.ones((0, 4))),
        (np.full((2, 3, 4), np.nan), np.ones((2, 4))),
    ],
)
def test_unfit_samples_are_refused(values: Floats, weights: Floats) -> None:
    with pytest.raises(UsageError):
        rank_acceptability(values, weights)
