"""Scrambled Sobol points as whole numbers, of which only the first block is kept.

Number the points from 0 in blocks of P = 2^k. Each coordinate of point bP + i, as a whole number
of 2^-30, is that of point i with some bits turned, and which they are depends on b alone: a Sobol
coordinate is linear in the bits of the Gray code of the point's number, and the Gray code is
linear in the number's bits (Antonov & Saleev 1979, USSR Computational Mathematics and Mathematical
Physics 19(1)). So P points and one number a block stand for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from detente.ground.chance import MOST_DIMENSIONS, Floats
from detente.ground.errors import UsageError

BITS = 30
Cells = NDArray[np.int32]


@dataclass(frozen=True)
class Net:
    """The points of `chance.sobol` for the same arguments.

    ``cells`` are the coordinates of the first block, shape (dimensions, P); ``turns`` the bits that
    turn them into those of each block, shape (blocks, dimensions).
    """

    cells: Cells
    turns: Cells

    def unit(self, block: int) -> Floats:
        """The points of a block, strictly inside the unit cube, shape (dimensions, P)."""
        whole = (self.cells ^ self.turns[block, :, None]).astype(np.float64)
        return whole * 0.5**BITS + 0.5**BITS / 2


def net(points: int, dimensions: int, *, seed: int | np.random.Generator, block_points: int) -> Net:
    """Scrambled Sobol points in blocks.

    Parameters
    ----------
    points
        How many, a power of two up to 2^30.
    dimensions
        Of the unit cube, at least one.
    seed
        The seed, or the stream that chance is taken from.
    block_points
        The size P of a block, a power of two; fewer points are one block.

    Raises
    ------
    UsageError
        Where ``points`` is no such power, or there are over 21,201 dimensions.

    """
    if not 1 <= points <= 2**BITS or points & (points - 1):
        raise UsageError(f"{points} Sobol points: take a power of two up to 2^{BITS}.")
    if not 1 <= dimensions <= MOST_DIMENSIONS:
        raise UsageError(f"{dimensions} Sobol dimensions: from 1 to {MOST_DIMENSIONS} are known.")
    engine = qmc.Sobol(dimensions, scramble=True, bits=BITS, seed=np.random.default_rng(seed))
    size = min(points, block_points)
    cells = _whole(engine.random(size))
    turns = np.zeros((1, dimensions), np.int32)
    while len(turns) * size < points:
        turn = _whole(engine.random(1))[0] ^ cells[0]
        engine.fast_forward(len(turns) * size - 1)
        turns = np.concatenate([turns, turns ^ turn])
    return Net(np.ascontiguousarray(cells.T), turns)


def _whole(corners: Floats) -> Cells:
    return np.asarray(corners * 2.0**BITS, dtype=np.int32)
