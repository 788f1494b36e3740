"""Compiled values of uncertain numbers at points of the unit cube.

Loops are cut so that the compiler can use vector instructions: the rational centre of the inverse
normal for all points, the tails for the few that lie in them, and an exponential without branches.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from detente.ground.chance import Floats

# Wichura (1988), "Algorithm AS 241", Applied Statistics 37(3): numerators and denominators of the
# centre, |p - 1/2| <= 0.425, and of the tails down to 1e-11, the highest power first.
CENTRE_ABOVE = (
    2509.0809287301227,
    33430.57558358813,
    67265.7709270087,
    45921.95393154987,
    13731.69376550946,
    1971.5909503065513,
    133.14166789178438,
    3.3871328727963665,
)
CENTRE_BELOW = (
    5226.495278852854,
    28729.085735721943,
    39307.89580009271,
    21213.794301586597,
    5394.196021424751,
    687.1870074920579,
    42.31333070160091,
    1.0,
)
TAIL_ABOVE = (
    0.0007745450142783414,
    0.022723844989269184,
    0.2417807251774506,
    1.2704582524523684,
    3.6478483247632045,
    5.769497221460691,
    4.630337846156546,
    1.4234371107496835,
)
TAIL_BELOW = (
    1.0507500716444169e-09,
    0.0005475938084995345,
    0.015198666563616457,
    0.14810397642748008,
    0.6897673349851,
    1.6763848301838038,
    2.053191626637759,
    1.0,
)
LOG2_E = 1 / math.log(2)
LN2_HIGH = 0.693145751953125  # its multiples by whole numbers up to 2^36 are exact
LN2_LOW = 1.4286068203094173e-06
SHIFT = 1.5 * 2.0**52  # added to a number, it rounds it into the lowest bits
EXP = tuple(1 / math.factorial(power) for power in range(13, -1, -1))
FUSED = {"contract"}  # a product and a sum may be one instruction


@njit(cache=True, nogil=True, fastmath=FUSED, inline="always")
def _degree_7(c: tuple[float, ...], x: float) -> float:
    found = ((c[0] * x + c[1]) * x + c[2]) * x + c[3]
    return (((found * x + c[4]) * x + c[5]) * x + c[6]) * x + c[7]


@njit(cache=True, nogil=True, fastmath=FUSED, inline="always")
def _degree_13(c: tuple[float, ...], x: float) -> float:
    found = (((((c[0] * x + c[1]) * x + c[2]) * x + c[3]) * x + c[4]) * x + c[5]) * x + c[6]
    found = (((found * x + c[7]) * x + c[8]) * x + c[9]) * x + c[10]
    return ((found * x + c[11]) * x + c[12]) * x + c[13]


@njit(cache=True, nogil=True, fastmath=FUSED)
def normal_quantiles(unit: Floats, found: Floats) -> None:
    """The standard normal quantiles of ``unit``, from 1e-11 to 1 - 1e-11, shape (N,)."""
    for j in range(unit.size):
        q = unit[j] - 0.5
        r = 0.180625 - q * q
        found[j] = q * _degree_7(CENTRE_ABOVE, r) / _degree_7(CENTRE_BELOW, r)
    tails = np.empty(unit.size, np.int64)
    count = 0
    for j in range(unit.size):
        tails[count] = j
        count += abs(unit[j] - 0.5) > 0.425
    for place in range(count):
        j = tails[place]
        r = math.sqrt(-math.log(min(unit[j], 1 - unit[j]))) - 1.6
        size = _degree_7(TAIL_ABOVE, r) / _degree_7(TAIL_BELOW, r)
        found[j] = -size if unit[j] < 0.5 else size


@njit(cache=True, nogil=True, fastmath=FUSED)
def _exponentials(x: Floats) -> None:
    """The exponentials of ``x`` between -700 and 700, in place: 2^k e^r with |r| <= ln 2 / 2."""
    powers = np.empty(x.size)
    for j in range(x.size):
        shifted = x[j] * LOG2_E + SHIFT
        k = shifted - SHIFT
        powers[j] = shifted
        x[j] = _degree_13(EXP, (x[j] - k * LN2_HIGH) - k * LN2_LOW)
    bits = powers.view(np.int64)
    for j in range(x.size):
        bits[j] = (bits[j] << 52) + (1023 << 52)
    for j in range(x.size):
        x[j] *= powers[j]


@njit(cache=True, nogil=True)
def two_piece(unit: Floats, mid: float, below: float, above: float, is_logit: bool) -> Floats:  # noqa: FBT001
    """The quantiles of `chance.TwoPiece` at ``unit``; ``mid`` stands on the fitting scale."""
    found = np.empty(unit.size)
    normal_quantiles(unit, found)
    sign = -1.0 if is_logit else 1.0
    for j in range(unit.size):
        spread = below if found[j] < 0 else above
        found[j] = min(max(sign * (mid + found[j] * spread), -700.0), 700.0)
    _exponentials(found)
    if is_logit:
        for j in range(unit.size):
            found[j] = 1 / (1 + found[j])
    return found
