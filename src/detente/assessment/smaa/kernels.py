"""Compiled draws and tallies of SMAA: the twin of `plain`, with the same bits in every draw.

Everything happens a tile of samples at a time, in loops that the compiler can turn into vector
instructions: random words and their places in the tables of quantiles, look-ups, values. Each of
the TILE samples of a tile has a generator of its own, SFC64 as NumPy has it, which gives two
numbers a step; tiles of a chunk follow each other. What belongs together lies in one flat array,
as the compiler gives up where it must check many for overlap. Products and sums are never fused,
as NumPy's are not.
"""

# ruff: noqa: PLR0913, PLR0917 (a kernel takes its arrays one by one)
from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from detente.assessment.smaa.tables import CELLS, FIRST, KEEP, SHIFT

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]
Word = Any  # 64 bits without a sign in a kernel
Count = Any
Kernel = TypeVar("Kernel", bound=Callable[..., Any])

TILE = 128
MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
TOP = np.uint64(31)
RIGHT, LEFT, TURN, BACK = np.uint64(11), np.uint64(3), np.uint64(24), np.uint64(40)


def _inner(code: Kernel) -> Kernel:
    """Compile what only kernels call into them, and do not cache it on its own."""
    made: Any = njit(error_model="numpy")(code)
    return cast("Kernel", made)


def _code_of_bits(_: Any, x: Any) -> Any:
    return types.int64(x), lambda _c, build, _s, args: build.bitcast(args[0], ir.IntType(64))


def _code_of_float(_: Any, x: Any) -> Any:
    return types.float64(x), lambda _c, build, _s, args: build.bitcast(args[0], ir.DoubleType())


_bits: Any = intrinsic(_code_of_bits)  # of a float, as a whole number
_float: Any = intrinsic(_code_of_float)  # that has these bits


@_inner
def _place(word: Word) -> Any:
    """Where the cell of 32 random bits begins in a flat table, and how far inside it they lie."""
    side = word >> TOP
    tail = np.float64(np.int64(word ^ (side * MASK))) + 0.5
    bits = _bits(tail)
    cell = np.int64(side) * CELLS + ((bits >> SHIFT) - FIRST)
    return 2 * cell, tail - _float(bits & KEEP)


@_inner
def _step(turn: Count, state: Words, cells: Longs, inside: Floats) -> None:
    """Let all generators make their step number ``turn``, and place both halves of each word.

    ``state`` is flat, (3 TILE,), ``cells`` and ``inside`` (2 TILE,). SFC64: Doty-Humphrey,
    PractRand 0.95.
    """
    count = np.uint64(turn)
    for j in range(TILE):
        a = state[j]
        b = state[TILE + j]
        c = state[2 * TILE + j]
        word = a + b + count
        state[j] = b ^ (b >> RIGHT)
        state[TILE + j] = c + (c << LEFT)
        state[2 * TILE + j] = ((c << TURN) | (c >> BACK)) + word
        cells[j], inside[j] = _place(word & MASK)
        cells[TILE + j], inside[TILE + j] = _place(word >> HALF)


@_inner
def _look(half: Count, table: Floats, cells: Longs, inside: Floats, found: Floats) -> None:
    """The quantiles at the places of one half of the words."""
    start = half * TILE
    for j in range(TILE):
        cell = np.uint64(cells[start + j])
        found[j] = table[cell] + table[cell + np.uint64(1)] * inside[start + j]


@_inner
def _draw(
    number: Count, turn: Count, table: Floats, state: Words, cells: Longs, inside: Floats,
    found: Floats,
) -> None:  # fmt: skip
    """Quantiles of one number at a tile of samples; numbers come in order, two a step."""
    if number & 1 == 0:
        _step(turn + (number >> 1), state, cells, inside)
    _look(number & 1, table, cells, inside, found)


@_inner
def _value(x: Floats, first: float, shift: Floats, size: float, pieces: Floats) -> None:
    """The partial values of scores whose quantiles are ``x``, in place."""
    for j in range(TILE):
        z = size * x[j]
        found = first
        for k in range(len(pieces)):
            within = min(max(shift[k] + z, pieces[k, 0]), pieces[k, 1])
            found += pieces[k, 2] * within
        x[j] = found


@_inner
def _add(total: Floats, weight: Floats, value: Floats) -> None:
    for j in range(TILE):
        total[j] += weight[j] * value[j]


@_inner
def _add_line(
    total: Floats, weight: Floats, x: Floats, first: float, shift: float, size: float,
    least: float, most: float, slope: float,
) -> None:  # fmt: skip
    """`_value` and `_add` at once where there is one piece."""
    for j in range(TILE):
        within = min(max(shift + size * x[j], least), most)
        total[j] += weight[j] * (first + slope * within)


@_inner
def _add_point(total: Floats, weight: Floats, value: float) -> None:
    for j in range(TILE):
        total[j] += weight[j] * value


@_inner
def _clear(rows: Any, start: Count) -> None:
    """Set the ends of rows to 0; a loop compiles faster than a slice."""
    for i in range(len(rows)):
        for j in range(start, TILE):
            rows[i, j] = 0


@_inner
def _take(given: Floats, start: Count, size: Count, weights: Floats) -> None:
    for c in range(len(weights)):
        for j in range(size):
            weights[c, j] = given[c, start + j]


@_inner
def _weights(
    turn: Count, table: Floats, vertices: Floats, state: Words, cells: Longs, inside: Floats,
    drawn: Floats, weights: Floats,
) -> None:  # fmt: skip
    """Uniform points of the simplex with these vertices, from normalised exponentials."""
    total = np.zeros(TILE)
    for k in range(vertices.shape[1]):
        _draw(k, turn, table, state, cells, inside, drawn[k])
        for j in range(TILE):
            total[j] += drawn[k, j]
    _clear(weights, 0)
    for c in range(len(vertices)):
        for k in range(vertices.shape[1]):
            if vertices[c, k] != 0:
                _add_point(weights[c], drawn[k], vertices[c, k])
        for j in range(TILE):
            weights[c, j] /= total[j]


@_inner
def _pair(one: Floats, other: Floats, before_one: Longs, before_other: Longs) -> Any:
    """Compare two options: how often each wins, and how many stand before each."""
    won = 0
    lost = 0
    for j in range(TILE):
        above = one[j] > other[j]
        below = other[j] > one[j]
        won += above
        lost += below
        before_other[j] += above
        before_one[j] += below
    return won, lost


@_inner
def _count_first(size: Count, before: Longs, weights: Floats, sums: Floats) -> None:
    """Add up the weights, and their squares, of who is first."""
    who = np.zeros(TILE, np.int64)
    many = 0
    for i in range(len(before)):
        for j in range(TILE):
            first = before[i, j] == 0
            many += first
            who[j] = i if first else who[j]
    for j in range(size):
        _add_weights(j, np.uint64(who[j]), weights, sums)
    if many == TILE:
        return
    for i in range(len(before)):  # somebody is tied for the first place
        for j in range(size):
            if before[i, j] == 0 and who[j] != i:
                _add_weights(j, np.uint64(i), weights, sums)


@_inner
def _add_weights(sample: Count, option: Word, weights: Floats, sums: Floats) -> None:
    for c in range(len(weights)):
        sums[0, option, c] += weights[c, sample]
        sums[1, option, c] += weights[c, sample] * weights[c, sample]


@_inner
def _count_ranks(size: Count, before: Longs, counts: Longs, codes: Longs) -> None:
    """Count ranks, and, where there is room for them, rankings."""
    m = len(before)
    for j in range(size):
        for i in range(m):
            counts[i, np.uint64(before[i, j])] += 1
    if len(codes) == 0:
        return
    for j in range(size):
        code = 0
        for i in range(m):
            code = code * m + before[i, j]
        codes[code] += 1


@_inner
def _compare(total: Floats, before: Longs, wins: Longs) -> None:
    """Compare all pairs of options."""
    for i in range(len(total)):
        for j in range(i):
            won, lost = _pair(total[i], total[j], before[i], before[j])
            wins[i, j] += won
            wins[j, i] += lost


@_inner
def _count_confident(
    size: Count, own: Count, values: Floats, weights: Floats, rival: Floats, best: Floats,
    mine: Floats,
) -> Count:  # fmt: skip
    """At how many samples of a tile an option is first under given weights."""
    for j in range(TILE):
        best[j] = -np.inf
    for k in range(len(values)):
        for j in range(TILE):
            rival[j] = 0
        for c in range(len(weights)):
            _add_point(rival, values[k, c], weights[c])
        for j in range(TILE):
            best[j] = max(best[j], rival[j])
            mine[j] = rival[j] if k == own else mine[j]
    count = 0
    for j in range(size):
        count += mine[j] == best[j]
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def tally(
    size: Count, state: Words, tables: Floats, which: Longs, factor: Floats, shift: Floats,
    constant: Floats, first: Floats, pieces: Floats, many: Longs, vertices: Floats, given: Floats,
    counts: Longs, wins: Longs, sums: Floats, codes: Longs,
) -> None:  # fmt: skip
    """Add ranks, wins, weights and rankings of the ``size`` samples of a chunk.

    ``state`` (3 TILE,) is that of the generators, and is used up. Inputs are those of
    `problem.Arrays`, each table flat; ``vertices`` (n, k) of the weights' simplex, or with k = 0
    ``given`` (n, size) weights. ``counts`` (m, m) ranks, ``wins`` (m, m), ``sums`` (2, m, n) of the
    weights and their squares under which an option is first, ``codes`` (m^m,) or empty.
    """
    m, n = which.shape
    cells, inside, x = np.empty(2 * TILE, np.int64), np.empty(2 * TILE), np.empty(TILE)
    drawn, weights = np.empty((vertices.shape[1], TILE)), np.zeros((n, TILE))
    total, before = np.empty((m, TILE)), np.empty((m, TILE), np.int64)
    turn = 1
    for done in range(0, size, TILE):
        tile = min(TILE, size - done)
        number = vertices.shape[1]
        if number:
            _weights(turn, tables[0], vertices, state, cells, inside, drawn, weights)
        else:
            _take(given, done, tile, weights)
        _clear(total, 0)
        for i in range(m):
            for c in range(n):
                table = which[i, c]
                if table < 0:
                    _add_point(total[i], weights[c], constant[i, c])
                    continue
                _draw(number, turn, tables[table], state, cells, inside, x)
                number += 1
                if many[c] == 1:
                    _add_line(
                        total[i], weights[c], x, first[c], shift[i, c, 0], factor[i, c],
                        pieces[c, 0, 0], pieces[c, 0, 1], pieces[c, 0, 2],
                    )  # fmt: skip
                else:
                    _value(x, first[c], shift[i, c], factor[i, c], pieces[c, : many[c]])
                    _add(total[i], weights[c], x)
        turn += (number + 1) >> 1
        _clear(total, tile)  # nobody wins what is no sample
        _clear(before, 0)
        _compare(total, before, wins)
        _count_ranks(tile, before, counts, codes)
        _count_first(tile, before, weights, sums)


@njit(cache=True, nogil=True, error_model="numpy")
def confident(
    size: Count, state: Words, skipped: Count, tables: Floats, which: Longs, factor: Floats,
    shift: Floats, constant: Floats, first: Floats, pieces: Floats, many: Longs, central: Floats,
    counts: Longs,
) -> None:  # fmt: skip
    """Add to ``counts`` (m,) how often an option is first under its own ``central`` weights (m, n).

    ``skipped`` is how many numbers the weights took before the scores. Rows of NaN are left out.
    """
    m, n = which.shape
    cells, inside = np.empty(2 * TILE, np.int64), np.empty(2 * TILE)
    values = np.empty((m, n, TILE))
    own, rival, best = np.empty(TILE), np.empty(TILE), np.empty(TILE)
    turn = 1
    for done in range(0, size, TILE):
        for number in range(0, skipped, 2):
            _step(turn + (number >> 1), state, cells, inside)
        number = skipped
        for i in range(m):
            for c in range(n):
                table = which[i, c]
                if table < 0:
                    values[i, c] = constant[i, c]
                    continue
                _draw(number, turn, tables[table], state, cells, inside, values[i, c])
                number += 1
                _value(values[i, c], first[c], shift[i, c], factor[i, c], pieces[c, : many[c]])
        turn += (number + 1) >> 1
        tile = min(TILE, size - done)
        for i in range(m):
            if not np.isnan(central[i, 0]):
                counts[i] += _count_confident(tile, i, values, central[i], rival, best, own)
