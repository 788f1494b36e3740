"""Compiled values of uncertain numbers at points of the unit cube.

Loops are cut so that the compiler can use vector instructions: the rational centre of the inverse
normal for all points, the tails for the few that lie in them, and logarithms and exponentials
without branches. The error model is NumPy's, as Python's check of each division for 0 would keep
the compiler from them.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.ground.chance import Floats

Cells = NDArray[np.int32]
Longs = NDArray[np.int64]

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
SHIFT_BITS = int(np.float64(SHIFT).view(np.int64))
ATANH = tuple(1 / odd for odd in range(21, 0, -2))
HALF_ROOT_BITS = int(np.float64(math.sqrt(0.5)).view(np.int64))
CELL = 0.5**30
FIRST = CELL / 2 - 0.5
FUSED = {"contract"}  # a product and a sum may be one instruction
TILE = 512  # points whose intermediate values stay within the first cache


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED, inline="always")
def _degree_7(c: tuple[float, ...], x: float) -> float:
    found = ((c[0] * x + c[1]) * x + c[2]) * x + c[3]
    return (((found * x + c[4]) * x + c[5]) * x + c[6]) * x + c[7]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED, inline="always")
def _degree_13(c: tuple[float, ...], x: float) -> float:
    found = (((((c[0] * x + c[1]) * x + c[2]) * x + c[3]) * x + c[4]) * x + c[5]) * x + c[6]
    found = (((found * x + c[7]) * x + c[8]) * x + c[9]) * x + c[10]
    return ((found * x + c[11]) * x + c[12]) * x + c[13]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED, inline="always")
def _degree_10(c: tuple[float, ...], x: float) -> float:
    found = (((((c[0] * x + c[1]) * x + c[2]) * x + c[3]) * x + c[4]) * x + c[5]) * x + c[6]
    return (((found * x + c[7]) * x + c[8]) * x + c[9]) * x + c[10]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
def _logarithms(x: Floats, powers: Floats) -> None:
    """The natural logarithms of positive normal numbers, in place: k ln 2 + 2 artanh(s)."""
    bits, shifted = x.view(np.int64), powers.view(np.int64)
    for j in range(x.size):  # x = 2^k m with m from the root of a half to its double
        k = (bits[j] - HALF_ROOT_BITS) >> 52
        shifted[j] = SHIFT_BITS + k
        bits[j] -= k << 52
    for j in range(x.size):
        k = powers[j] - SHIFT
        s = (x[j] - 1) / (x[j] + 1)
        x[j] = 2 * s * _degree_10(ATANH, s * s) + k * LN2_LOW + k * LN2_HIGH


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
def _quantiles(half: Floats, found: Floats, tail: Floats, room: Floats, places: Longs) -> None:
    """The standard normal quantiles of 1/2 + ``half``; the other arrays are room of its size."""
    for j in range(half.size):
        r = 0.180625 - half[j] * half[j]
        found[j] = half[j] * _degree_7(CENTRE_ABOVE, r) / _degree_7(CENTRE_BELOW, r)
    count = 0
    for j in range(half.size):
        places[count] = j
        count += abs(half[j]) > 0.425
    for place in range(count):
        tail[place] = 0.5 - abs(half[places[place]])
    tails = tail[:count]
    _logarithms(tails, room)
    for place in range(count):
        r = math.sqrt(-tails[place]) - 1.6
        tails[place] = _degree_7(TAIL_ABOVE, r) / _degree_7(TAIL_BELOW, r)
    for place in range(count):
        j = places[place]
        found[j] = math.copysign(tails[place], half[j])


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
def _exponentials(x: Floats, powers: Floats) -> None:
    """The exponentials of ``x`` between -700 and 700, in place: 2^k e^r with |r| <= ln 2 / 2."""
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


@njit(cache=True, nogil=True, error_model="numpy")
def _two_piece(found: Floats, room: Floats, law: Floats) -> None:
    """The values of a two-piece normal at standard normal quantiles, in place.

    ``law`` has 1 for the scale of logarithms or -1 for that of log-odds; then, on the scale, the
    median and the spreads below and above.
    """
    sign, mid, below, above = law
    for j in range(found.size):
        spread = below if found[j] < 0 else above
        found[j] = min(max(sign * (mid + found[j] * spread), -700.0), 700.0)
    _exponentials(found, room)
    if sign < 0:
        for j in range(found.size):
            found[j] = 1 / (1 + found[j])


@njit(cache=True, nogil=True, error_model="numpy")
def _draw(cells: Cells, turn: int, law: Floats, found: Floats, room: Floats, places: Longs) -> None:
    """The values of one number at the points of a tile, with ``room``, (3, TILE), to work in.

    ``law`` (`blocks.law`) begins with 0 for a number without spread, whose value follows.
    """
    if law[0] == 0:
        found[:] = law[1]
        return
    half, tail, powers = room[0, : cells.size], room[1], room[2]
    for j in range(cells.size):
        half[j] = np.int32(cells[j] ^ turn) * CELL + FIRST
    _quantiles(half, found, tail, powers, places)
    _two_piece(found, powers, law)


@njit(cache=True, nogil=True, error_model="numpy")
def values(cells: Cells, turns: Cells, rows: Longs, laws: Floats, found: Floats) -> None:
    """The values of numbers at the first N points of a block of a net, into ``found``.

    ``cells`` and ``turns`` are those of `net.Net`; ``rows``, (numbers,), the dimensions of the
    numbers; ``laws``, (numbers, 4), their distributions as of `blocks.law`; ``found`` has shape
    (numbers, N).
    """
    room, places = np.empty((3, TILE)), np.empty(TILE, np.int64)
    for i in range(len(rows)):
        for start in range(0, found.shape[1], TILE):
            stop = min(start + TILE, found.shape[1])
            one = cells[rows[i], start:stop]
            _draw(one, turns[rows[i]], laws[i], found[i, start:stop], room, places)


@njit(cache=True, nogil=True, error_model="numpy")
def _pass(flow: Floats, p: Floats, found: Floats) -> None:
    for j in range(flow.size):
        found[j] += flow[j] * p[j]


@njit(cache=True, nogil=True, error_model="numpy")
def _pass_by(flow: Floats, p: Floats, found: Floats) -> None:
    for j in range(flow.size):
        found[j] += flow[j] * (1 - p[j])


@njit(cache=True, nogil=True, error_model="numpy")
def frequencies(
    cells: Cells, turns: Cells, rows: Longs, laws: Floats, root: int, steps: Longs, found: Floats
) -> None:
    """Add the frequencies of a ladder's ends to ``found``, (ends, N), as `ladder.frequencies`.

    The numbers are those of `values`; the first is the rate. Step n stands for node n of the
    diagram, from its root down: the number that is its probability, and the places that its flow
    goes to if the event happens and if not. A place is a step, an end after all steps, or -1 for
    nowhere; the rate arrives at place ``root``.
    """
    nodes, ends = len(steps), len(found)
    room, places = np.empty((3, TILE)), np.empty(TILE, np.int64)
    drawn, flows = np.empty((len(rows), TILE)), np.empty((nodes + ends, TILE))
    for start in range(0, found.shape[1], TILE):
        size = min(TILE, found.shape[1] - start)
        for i in range(len(rows)):
            one = cells[rows[i], start : start + size]
            _draw(one, turns[rows[i]], laws[i], drawn[i, :size], room, places)
        flows[:] = 0
        if root >= 0:
            flows[root] = drawn[0]
        for node in range(nodes):
            flow, p = flows[node, :size], drawn[steps[node, 0], :size]
            if steps[node, 1] >= 0:
                _pass(flow, p, flows[steps[node, 1], :size])
            if steps[node, 2] >= 0:
                _pass_by(flow, p, flows[steps[node, 2], :size])
        for end in range(ends):
            for j in range(size):
                found[end, start + j] += flows[nodes + end, j]
