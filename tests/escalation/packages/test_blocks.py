"""Blocks are the sample that is drawn at once, and compiled values are those of scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from detente.escalation.packages import blocks as module
from detente.escalation.packages.blocks import CompiledSample, draw_blocks
from detente.escalation.packages.net import Net
from detente.escalation.uncertainty import Uncertain, dimensions, draw
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import TwoPiece
from detente.ground.errors import UsageError

TEST = Provenance(Basis.ILLUSTRATIVE, "a test", "2026-11", Status.UNVERIFIED)
ENDS = [0, 1, 2**26, 2**29 - 1, 2**29, 2**30 - 2, 2**30 - 1]
CELLS = np.concatenate([ENDS, np.linspace(0, 2**30 - 1, 993)]).astype(np.int32)
NET = Net(np.stack([CELLS ^ 12345, CELLS]), np.array([[12345, 0], [0, 5]], np.int32))


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
    found = CompiledSample(NET, {"x": 0}, 0, 1000).values(number)
    assert found == pytest.approx(spread.quantile(NET.unit(0)[0]), rel=1e-13, abs=0)
    few = CompiledSample(NET, {"x": 0}, 0, 1000).first(7)
    assert np.array_equal(few.values(number), found[:7])


def test_compiled_normal_quantiles_are_those_of_scipy():
    number = uncertain(TwoPiece("log", 1.0, 1.0, 1.0))
    for block in (0, 1):
        found = CompiledSample(NET, {"y": 0, "x": 1}, block, 1000).values(number)
        normal = ndtri(NET.unit(block)[1])
        assert found == pytest.approx(np.exp(normal), rel=3e-14)
        assert np.log(found) == pytest.approx(normal, rel=1e-14, abs=1e-15)


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
