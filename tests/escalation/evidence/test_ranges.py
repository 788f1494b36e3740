"""Ranges over boxes: exact for a tree, never too narrow for a diagram, signs that see sharing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.escalation.bdd import NOWHERE, Diagram, end
from detente.escalation.evidence import ranges
from detente.escalation.ladder import CompiledLadder, frequencies


@pytest.fixture
def shared():
    """War by (a or b) and then c, where c is one and the same below both."""
    diagram = Diagram()
    a, b, c = (diagram.event(i) for i in range(3))
    place = diagram.choose(diagram.any_of([a, b]), diagram.choose(c, end(0), NOWHERE), NOWHERE)
    nodes = tuple(diagram.reached(place))
    return CompiledLadder("x", "rate", ("a", "b", "c"), place, nodes, 1, frozenset())


BOX = {"a": (0.1, 0.6), "b": (0.2, 0.9), "c": (0.3, 0.8)}


def ends(which) -> Any:
    return {name: np.array([pair[which]]) for name, pair in BOX.items()}


def test_the_range_holds_every_frequency(shared):
    low, high = ranges.spans_of(shared, ends(0), ends(1))[shared.root]
    drawn = np.random.default_rng(3).random((3, 500))
    values = {n: x + (y - x) * u for (n, (x, y)), u in zip(BOX.items(), drawn, strict=True)}
    found = frequencies(shared, {"rate": np.ones(1), **values})[0]
    assert low[0] <= found.min()
    assert high[0] >= found.max()
    assert high[0] == pytest.approx((1 - 0.4 * 0.1) * 0.8)


def test_signs_see_through_what_both_branches_share(shared):
    """With a: c; without: b c, never more. The ranges of the two alone overlap."""
    found = ranges.signs([shared], ends(0), ends(1))
    assert all(up.all() and not down.any() for up, down in found.values())
    assert set(found) == {"rate", "a", "b", "c"}


def test_range_arithmetic():
    one, other = (np.array([-1.0]), np.array([2.0])), (np.array([3.0]), np.array([4.0]))
    assert np.ravel(ranges.times(one, other)).tolist() == [-4, 8]
    assert np.ravel(ranges.added([one, other])).tolist() == [2, 6]
    assert np.ravel(ranges.apart(one, other, (np.zeros(1), np.ones(1)))).tolist() == [-5, 2]
    assert ranges.quotient(np.ones(2), np.array([0.0, 4.0])).tolist() == [np.inf, 0.25]
