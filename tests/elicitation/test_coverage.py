"""Intervals hold what they promise on simulated truth, and what is listed is there.

The long runs take 1,000 panels of each size and allow nothing beyond 86 and 94 %; the ordinary ones
take fewer, and allow four standard errors of so many at either edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

from detente.elicitation.compare import t_interval, welch
from detente.elicitation.truth_and_bias import mirrors

SIZES = (5, 8, 12)
RISKS = 10
LEAST, MOST = 0.86, 0.94


@dataclass(frozen=True)
class World:
    """How panels are drawn: logits; each person's deviation is 1, a part of it shared by risks."""

    bias: float = 0.0
    accuracy: float = 1.0
    projection: float = 0.0
    residual: float = 0.0
    gaps: tuple[float, ...] = ()
    risks: int = RISKS
    spread: float = 1.0
    shared: float = 0.5


ERRING = World(bias=0.5, accuracy=0.7, projection=0.3, residual=0.5)
NOBODY_ERRS = World()


def simulated(world, count, n_a, n_b, rng) -> tuple[list, np.ndarray]:
    """Tables of ``count`` pairs of panels, and their true gaps (count, R)."""

    def people(n) -> np.ndarray:
        own = rng.normal(0, world.shared, (count, n, 1))
        return own + rng.normal(0, math.sqrt(1 - world.shared**2), (count, n, world.risks))

    def risks(sd) -> np.ndarray:
        return rng.normal(0, 1, (count, world.risks)) * sd

    def centred(x) -> np.ndarray:
        return x - x.mean(axis=1, keepdims=True)

    said = risks(world.spread) - 2
    held = (said + risks(world.spread)) / math.sqrt(2)
    extra = centred(risks(world.residual))
    extra[:, : len(world.gaps)] += world.gaps
    level = said.mean(axis=1, keepdims=True) + world.bias
    line = level + world.accuracy * centred(said) + extra
    own_a = held[:, None] + people(n_a)
    about = own_a - held.mean(axis=1)[:, None, None]
    pred = line[:, None] + world.projection * about + people(n_a)
    tables = list(zip(own_a, pred, said[:, None] + people(n_b), strict=True))
    return tables, line + world.projection * centred(held) - said


def share(hits) -> float:
    return float(np.mean([bool(hit) for hit in hits]))


def holds(spread, truth) -> bool:
    return spread.low <= truth <= spread.high


def within(rate, count) -> bool:
    """Whether a share is 86 to 94 %, or of under 1,000 panels agrees with a true one that is."""
    room = 0.0 if count >= 1000 else 4 * math.sqrt(0.1 * 0.9 / count)
    return LEAST - room <= rate <= MOST + room


def check_mirrors(people, count, rng) -> None:
    tables, gaps = simulated(ERRING, count, people, people, rng)
    found = mirrors(tables, rng=rng, draws=400)
    assert within(share(holds(m.bias, g.mean()) for m, g in zip(found, gaps, strict=True)), count)
    assert within(share(holds(m.accuracy, ERRING.accuracy) for m in found), count)
    assert within(share(holds(m.projection, ERRING.projection) for m in found), count)
    cells = [
        (cell.gap, gap)
        for m, row in zip(found, gaps, strict=True)
        for cell, gap in zip(m.cells, row, strict=True)
    ]
    assert within(share(holds(cell, gap) for cell, gap in cells), count)


def listed_where_nobody_errs(world, people, count, rng) -> float:
    tables, _ = simulated(world, count, people, people, rng)
    found = mirrors(tables, rng=rng, draws=800)
    return share(any(cell.listed for cell in m.cells) for m in found)


def listed_of_two_gaps(gap, people, count, rng) -> tuple[float, float]:
    tables, _ = simulated(World(gaps=(gap, -gap)), count, people, people, rng)
    found = mirrors(tables, rng=rng, draws=800)
    right = share(m.cells[r].listed for m in found for r in (0, 1))
    expected = ((0, 1), (1, -1))
    wrong = share(
        m.cells[r].listed and m.cells[r].gap.mid * s < 0 for m in found for r, s in expected
    )
    return right, wrong


# --- differences and means of one risk ---------------------------------------------------------


@pytest.mark.parametrize(("n_a", "n_b"), [(5, 5), (8, 8), (12, 12), (5, 12)])
def test_intervals_of_means_and_differences_cover(n_a, n_b):
    rng = np.random.default_rng(31)
    a, b = rng.normal(0.7, 1.0, (1000, n_a)), rng.normal(0.0, 1.5, (1000, n_b))
    covered = share(holds(welch(x, y)[0], 0.7) for x, y in zip(a, b, strict=True))
    assert LEAST <= covered <= MOST
    assert LEAST <= share(holds(t_interval(x), 0.7) for x in a) <= MOST


def test_welch_tells_of_one_in_ten_where_there_is_no_difference():
    rng = np.random.default_rng(32)
    a, b = rng.normal(0, 1, (1000, 8)), rng.normal(0, 1, (1000, 5))
    assert 0.06 <= share(welch(x, y)[1] for x, y in zip(a, b, strict=True)) <= 0.14


# --- mirrors -----------------------------------------------------------------------------------


@pytest.mark.parametrize("people", SIZES)
def test_intervals_of_mirrors_cover(people):
    check_mirrors(people, 200, np.random.default_rng(people))


def test_where_nobody_errs_nothing_is_listed():
    rng = np.random.default_rng(33)
    rates = [listed_where_nobody_errs(NOBODY_ERRS, people, 70, rng) for people in SIZES]
    assert np.mean(rates) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 210)


def test_gaps_of_two_logits_are_found():
    right, wrong = listed_of_two_gaps(2.0, 12, 60, np.random.default_rng(34))
    assert right >= 0.85
    assert wrong == 0


@pytest.mark.long
@pytest.mark.parametrize("people", SIZES)
def test_intervals_of_a_thousand_mirrors_cover(people):
    check_mirrors(people, 1000, np.random.default_rng(100 + people))


@pytest.mark.long
@pytest.mark.parametrize("people", SIZES)
@pytest.mark.parametrize(
    "world",
    [World(risks=8, shared=0.0), World(risks=12, spread=2.0)],
    ids=["eight risks", "twelve risks"],
)
def test_where_nobody_errs_nothing_is_listed_in_95_of_100_panels(world, people):
    assert (
        listed_where_nobody_errs(world, people, 1000, np.random.default_rng(200 + people)) <= 0.05
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("people", "gap", "least"),
    [(5, 2.0, 0.28), (8, 1.5, 0.27), (8, 2.0, 0.67), (12, 1.5, 0.6), (12, 2.0, 0.92)],
)
def test_gaps_are_found_as_often_as_told(people, gap, least):
    right, wrong = listed_of_two_gaps(gap, people, 300, np.random.default_rng(300 + people))
    assert right >= least
    assert wrong <= 0.01  # a sign that is not so
