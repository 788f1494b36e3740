"""Frequencies in one compiled pass are those of the ladders at the values of the sample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.escalation.bdd import NOWHERE, end
from detente.escalation.ladder import frequencies
from detente.escalation.packages import blocks as module
from detente.escalation.packages.blocks import CompiledSample, draw_blocks
from detente.escalation.packages.sampled import sampled
from detente.escalation.uncertainty import dimensions
from detente.ground.chance import TwoPiece
from detente.ground.errors import UsageError


@pytest.fixture
def many(monkeypatch):
    """Few points, which are taken for many."""
    monkeypatch.setattr(module, "_MANY", 0)
    monkeypatch.setattr(module, "BLOCK_POINTS", 2**10)


def plainly(ladders, belief, blocks):
    values = [sample.parameters(belief) for sample in blocks]
    return np.concatenate([sum(frequencies(one, v) for one in ladders) for v in values], axis=1)


@pytest.mark.parametrize("seed", range(4))
def test_sampled_frequencies_are_those_of_the_ladders(many, random_case, setting, seed):
    made = setting(random_case(seed))
    belief = made.held[0]
    ladders = [
        replace(one, root=root, nodes=one.nodes if root == one.root else (), ends=2)
        for one in made.of(belief)
        for root in (one.root, end(1), NOWHERE)
    ]
    blocks = draw_blocks(dimensions(made.held), 2**12, seed=seed)
    assert isinstance(blocks[0], CompiledSample)
    found = sampled(ladders, belief, blocks)
    assert np.array_equal(found, plainly(ladders, belief, blocks))
    assert np.array_equal(found, sampled(ladders, belief, blocks, workers=3))


def test_few_points_and_unknown_distributions_are_sampled_plainly(
    monkeypatch, random_case, setting
):
    made = setting(random_case(1))
    belief, ladders = made.held[0], made.of(made.held[0])
    names = dimensions(made.held)
    few = draw_blocks(names, 2**8, seed=5)
    assert np.array_equal(sampled(ladders, belief, few), plainly(ladders, belief, few))
    monkeypatch.setattr(module, "_MANY", 0)
    linear = {
        name: replace(one, spread=TwoPiece("linear", 0.5, 0.01, 0.02))
        for name, one in belief.parameters.items()
    }
    other = replace(belief, parameters=linear)
    assert np.array_equal(sampled(ladders, other, few), plainly(ladders, other, few))


def test_ladders_that_are_sampled_together_have_the_same_ends(random_case, setting):
    made = setting(random_case(1))
    one = made.of(made.held[0])[0]
    blocks = draw_blocks(dimensions(made.held), 8, seed=5)
    for ladders in ((), (one, replace(one, ends=3))):
        with pytest.raises(UsageError, match="the same ends"):
            sampled(ladders, made.held[0], blocks)
