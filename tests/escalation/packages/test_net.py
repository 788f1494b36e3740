"""A net is the Sobol points of scipy, whatever the size of its blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.escalation.packages.net import net
from detente.ground.chance import sobol
from detente.ground.errors import UsageError


@given(
    points=st.integers(0, 12),
    block=st.integers(0, 13),
    dimensions=st.integers(1, 70),
    seed=st.integers(0, 2**32),
)
def test_a_net_is_the_sobol_points(points, block, dimensions, seed):
    made = net(2**points, dimensions, seed=seed, block_points=2**block)
    unit = np.concatenate([made.unit(place) for place in range(len(made.turns))], axis=1)
    assert np.array_equal(unit, sobol(2**points, dimensions, seed=seed).T)


@pytest.mark.parametrize(
    ("points", "dimensions", "words"),
    [(0, 1, "0 Sobol points"), (48, 1, "48 Sobol points"), (8, 0, "0 Sobol dim"),
     (8, 21_202, "21202 Sobol dimensions")],
)  # fmt: skip
def test_a_net_has_a_power_of_two_points_in_known_dimensions(points, dimensions, words):
    with pytest.raises(UsageError, match=words):
        net(points, dimensions, seed=1, block_points=8)
