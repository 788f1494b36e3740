"""Numbers that kernels and their NumPy twin share."""

from __future__ import annotations

import math

AXIS = 6_378_137.0  # half of the equator's width, WGS 84
FLATTENING = 1 / 298.257223563
SHRINK = (1 - FLATTENING) ** 2  # of what lies along the polar axis
PIECE = 20_000.0  # metres that a craft is taken to go straight in space
SHORT = 1e-6  # square of an angle (6 km) whose sine takes two terms, to a micrometre
TRACK = 0  # the column of a box
LAST = 3  # domains
FEW = 24  # boxes that need no grid
CELLS = 64  # a box with more is compared with all
FINEST = 16.0  # metres; smaller cells would not fit into a key
_LEAST_RADIUS = 6_335_000.0


def widened(radius: float) -> float:
    """How far apart in space two craft can be that are within a radius along the ground, metres.

    Both lie within (radius + PIECE) / 2 of where the tangent plane touches, so below it by half of
    the square over the radius of curvature at most, and a chord's sag below the ground.
    """
    drop = ((radius + PIECE) ** 2 + PIECE**2) / (8 * _LEAST_RADIUS)
    return math.hypot(radius, drop) * (1 + 1e-4)
