"""Quantiles of a distribution as lines, which a kernel looks up from 32 random bits.

A word r stands for u = (r + 1/2) / 2^32. The smaller of u and 1 - u lies in one of 32 octaves, each
cut into 32 cells; within a cell the quantile is the line through its two Gauss points. So the mean
of a smooth function over a cell is kept to the fourth power of the cell's width. No probability is
off by more than 3e-5, and none of a tail by more than two thousandths of itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.laws import Shape

Floats = NDArray[np.float64]

OCTAVE_BITS = 5
CELLS = 32 << OCTAVE_BITS  # of each half
FIRST = 1022 << OCTAVE_BITS  # exponent and leading bits of 1/2, the smallest tail
SHIFT = 52 - OCTAVE_BITS
KEEP = ~((1 << SHIFT) - 1)  # of the bits of a tail: those that tell its cell

_GAUSS = np.array([0.5 - 0.5 / 3**0.5, 0.5 + 0.5 / 3**0.5])


def table(shape: Shape) -> Floats:
    """The lines of a shape's quantiles, shape (2 CELLS, 2): value at the cell's start, slope.

    A line's argument is the distance of the tail from the start of its cell, both times 2^32. The
    first half of the cells is for u below 1/2.
    """
    edges = ((np.arange(CELLS + 1) + FIRST) << SHIFT).view(np.float64)
    widths = np.diff(edges)
    tails = (edges[:-1, None] + widths[:, None] * _GAUSS) * 0.5**32
    values = np.concatenate([shape.lower(tails), shape.upper(tails)])
    slopes = (values[:, 1] - values[:, 0]) / np.tile(widths * (_GAUSS[1] - _GAUSS[0]), 2)
    starts = values[:, 0] - slopes * np.tile(widths * _GAUSS[0], 2)
    return np.stack([starts, slopes], axis=1)
