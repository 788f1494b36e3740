"""Blocks are the sample that is drawn at once, and compiled values are those of scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from detente.escalation.packages import blocks as module
from detente.escalation.packages.blocks import CompiledSample, draw_blocks
from detente.escalation.packages.draw_kernels import normal_quantiles
from detente.escalation.uncertainty import Uncertain, dimensions, draw
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import TwoPiece
from detente.ground.errors import UsageError

TEST = Provenance(Basis.ILLUSTRATIVE, "a test", "2026-11", Status.UNVERIFIED)
UNIT = np.concatenate([[2.0**-31, 0.075, 0.5, 0.925, 1 - 2.0**-31], np.linspace(1e-6, 1, 999)[:-1]])


def uncertain(spread: TwoPiece) -> Uncertain:
    return Uncertain("x", Estimate(spread.mid, spread.mid, spread.mid, 0.9, TEST), spread)


def test_blocks_are_the_sample(random_case, setting):
    made = setting(random_case(1))
    names = dimensions(made.held)
    blocks, whole = draw_blocks(names, 2**15, seed=5), draw(names, 2**15, seed=5)
    number = next(iter(made.held[0].parameters.values()))
    joined = np.concatenate([block.values(number) for block in blocks])
    assert np.array_equal(joined, whole.values(number))
    assert len(blocks[:1]) == 1
    with pytest.raises(IndexError):
        blocks[2]


def test_compiled_normal_quantiles_are_those_of_scipy():
    found = np.empty_like(UNIT)
    normal_quantiles(UNIT, found)
    assert found == pytest.approx(ndtri(UNIT), rel=1e-14, abs=1e-16)


@pytest.mark.parametrize(
    "spread",
    [
        TwoPiece("log", 2.0, 0.7, 1.3),
        TwoPiece("log", 1e-9, 4.0, 0.0),
        TwoPiece("logit", 0.2, 0.7, 1.3),
        TwoPiece("logit", 1e-12, 2.0, 3.0),
        TwoPiece("logit", 0.999, 9.0, 9.0),
        TwoPiece("linear", -3.0, 1.0, 2.0),
        TwoPiece("log", 5.0, 0.0, 0.0),
        TwoPiece("log", 0.0, 0.0, 0.0),
    ],
)
def test_compiled_values_are_the_plain_ones(spread):
    number = uncertain(spread)
    found = CompiledSample({"x": UNIT}).values(number)
    assert found == pytest.approx(spread.quantile(UNIT), rel=1e-13, abs=0)
    few = CompiledSample({"x": UNIT}).first(7)
    assert np.array_equal(few.values(number), found[:7])


def test_many_points_are_compiled(monkeypatch, random_case, setting):
    monkeypatch.setattr(module, "_MANY", 0)
    monkeypatch.setattr(module, "BLOCK_POINTS", 2**6)
    made = setting(random_case(1))
    names = dimensions(made.held)
    blocks, whole = draw_blocks(names, 2**8, seed=5), draw(names, 2**8, seed=5)
    for number in made.held[0].parameters.values():
        joined = np.concatenate([block.values(number) for block in blocks])
        assert joined == pytest.approx(whole.values(number), rel=1e-13, abs=0)


def test_points_are_drawn_for_something():
    with pytest.raises(UsageError, match="no numbers"):
        draw_blocks((), 8, seed=1)
