"""Quantiles of a distribution as lines, which a kernel looks up from 32 random bits.

A word r stands for u = (r + 1/2) / 2^32. The smaller of u and 1 - u lies in one of 32 octaves, each
cut into 32 cells; within a cell the quantile is a line through the cell's two Gauss points. So the
mean of a smooth function over a cell is kept to the fourth power of the cell's width. No
probability is off by more than 3e-5, and none of a tail by more than two thousandths of itself.

A line's argument is the whole number 2^34 u, or 2^34 (u - 1) where this is nearer to 0: as a float,
its sign tells the half of the table, and the last bits of its exponent, which go from 1024 to 1055,
with the first of its fraction the cell.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.laws import Shape

Floats = NDArray[np.float64]

OCTAVE_BITS = 5
CELLS = 32 << OCTAVE_BITS  # of each half
FIRST = 1024 << OCTAVE_BITS  # exponent and leading bits of 2, the smallest argument
SHIFT = 52 - OCTAVE_BITS

_GAUSS = np.array([0.5 - 0.5 / 3**0.5, 0.5 + 0.5 / 3**0.5])


def table(shape: Shape) -> Floats:
    """The lines of a shape's quantiles, shape (2 CELLS, 2): value at 0, slope.

    The first half of the cells is for u below 1/2.
    """
    edges = ((np.arange(CELLS + 1) + FIRST) << SHIFT).view(np.float64)
    widths = np.diff(edges)
    points = edges[:-1, None] + widths[:, None] * _GAUSS
    tails = points * 0.5**34
    values = np.stack([shape.lower(tails), shape.upper(tails)])
    slopes = (values[..., 1] - values[..., 0]) / (widths * (_GAUSS[1] - _GAUSS[0]))
    lines = np.stack([values[..., 0] - slopes * points[:, 0], slopes], axis=2)
    lines[1, :, 1] *= -1
    return lines.reshape(-1, 2)
