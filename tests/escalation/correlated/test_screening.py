"""Screening: the numbers that matter stand alone, copies of one number included."""

from __future__ import annotations

import numpy as np
import pytest

from detente.escalation.correlated.copula import copula
from detente.escalation.correlated.resampling import Inputs
from detente.escalation.correlated.screening import importances, screen

NAMES = tuple(f"x{place}" for place in range(12))
SLOPES = dict(zip(NAMES, [0.1, 3, 0.1, 2, 0.1, 0.1, 1, 0.1, 0.1, 2, 0.1, 0], strict=True))


def linear(values):
    return sum(slope * values[name] for name, slope in SLOPES.items())


def rng():
    return np.random.default_rng(2)


def test_total_indices_of_independent_numbers():
    found = importances(linear, Inputs(NAMES, copula(NAMES, {})), rng=rng())
    whole = sum(slope**2 for slope in SLOPES.values())
    wanted = {name: slope**2 / whole for name, slope in SLOPES.items()}
    assert found == pytest.approx(wanted, abs=0.01)
    assert found["x11"] == 0


def test_the_most_important_stand_alone_and_the_rest_together():
    found = screen(linear, Inputs(NAMES, copula(NAMES, {})), rng=rng(), kept=4)
    assert [player for (player,) in found[:-1]][0::3] == ["x1", "x6"]
    assert {*found[1], *found[2]} == {"x3", "x9"}
    assert found[-1] == tuple(name for name in NAMES if name not in {"x1", "x3", "x6", "x9"})


def test_copies_of_one_number_matter_though_each_alone_leaves_nothing():
    """x3 and x9 have total indices near 0, and x0 matters as a copy of x1 alone."""
    inputs = Inputs(NAMES, copula(NAMES, {("x3", "x9"): 0.999, ("x0", "x1"): 0.999}))
    found = screen(linear, inputs, rng=rng(), kept=4)
    assert {name for (name,) in found[:-1]} == {"x0", "x1", "x3", "x9"}


def test_few_numbers_all_stand_alone():
    inputs = Inputs(NAMES, copula(NAMES, {}))
    assert screen(linear, inputs, rng=rng(), kept=11) == tuple((name,) for name in NAMES)


def test_where_nothing_varies_nothing_matters():
    found = importances(
        lambda v: np.ones(len(v["x0"])), Inputs(NAMES, copula(NAMES, {})), rng=rng()
    )
    assert set(found.values()) == {0.0}
