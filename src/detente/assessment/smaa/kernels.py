"""Compiled draws and tallies of SMAA: the twin of `plain`, with the same bits in every draw.

Everything happens a tile of samples at a time, in loops that the compiler can turn into vector
instructions: random words and their places in the tables of quantiles, look-ups, values. Each of
the TILE samples of a tile has a generator of its own, SFC64 as NumPy has it, which gives two
numbers a step; tiles of a chunk follow each other. What belongs together lies in one flat array,
as the compiler gives up where it must check many for overlap. Rows are told by their numbers, not
cut out, and what is called for every number calls no other kernel: views and such calls count
references, which costs as much as the work itself. Products and sums are never fused, as NumPy's
are not.

What is counted is a set of samples: a word of 64 bits, one for each sample of a block, so that
counting is the number of its ones. How many options stand before one is a number in binary, each
digit of it such a word. Two things are told to the compiler in its own language, as it does not
find them: a block is compared at once, and start and slope of a line are loaded as one.
"""

# ruff: noqa: PLR0913, PLR0917 (a kernel takes its arrays one by one)
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from detente.assessment.smaa.tables import CELLS, SHIFT

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]
Places = NDArray[np.int32]
Word = Any  # 64 bits without a sign in a kernel
Count = Any
Kernel = TypeVar("Kernel", bound=Callable[..., Any])

TILE = 128
BLOCK = 64  # samples of a set
LINES = 8  # looked up at once
PLACE, SIDE = np.uint64(SHIFT - 1), np.uint64(52)  # a line of a table takes two places
WITHIN, BESIDE = np.uint64(2 * CELLS - 2), np.uint64(2 * CELLS)
LENGTH = 4 * CELLS  # of a flat table
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
ONE = np.uint64(1)
HALF = np.uint64(32)
RIGHT, LEFT, TURN, BACK = np.uint64(11), np.uint64(3), np.uint64(24), np.uint64(40)


def _inner(code: Kernel) -> Kernel:
    """Compile what only kernels call into them, and do not cache it on its own."""
    made: Any = njit(error_model="numpy")(code)
    return cast("Kernel", made)


def _code_of_bits(_: Any, x: Any) -> Any:
    return types.int64(x), lambda _c, build, _s, args: build.bitcast(args[0], ir.IntType(64))


def _code_of_ones(_: Any, x: Any) -> Any:
    return types.int64(x), lambda _c, build, _s, args: build.ctpop(args[0])


def _vector(context: Any, build: Any, kind: Any, array: Any, start: Any, size: int) -> Any:
    """Where ``size`` numbers of an array of floats lie, from ``start`` on."""
    data = context.make_array(kind)(context, build, array).data
    return build.bitcast(
        build.gep(data, [start]), ir.VectorType(ir.DoubleType(), size).as_pointer()
    )


def _code_of_above(_: Any, total: Any, one: Any, other: Any) -> Any:
    def code(context: Any, build: Any, sig: Any, args: Any) -> Any:
        left, right = (
            build.load(_vector(context, build, sig.args[0], args[0], start, BLOCK), align=8)
            for start in args[1:]
        )
        return build.bitcast(build.fcmp_ordered(">", left, right), ir.IntType(BLOCK))

    return types.uint64(total, one, other), code


def _quantiles(context: Any, build: Any, kinds: Any, args: Any) -> Any:
    """Those of LINES samples: tables, where one begins, cells, tails, where in these they are."""
    tables, base, cells, tails, place = args
    cell = context.make_array(kinds[2])(context, build, cells).data
    at = [build.add(place, ir.Constant(ir.IntType(64), k)) for k in range(LINES)]
    lines = [build.add(base, build.zext(build.load(build.gep(cell, [k])), base.type)) for k in at]
    lines = [build.load(_vector(context, build, kinds[0], tables, k, 2), align=8) for k in lines]
    while len(lines) > 1:
        pairs = zip(lines[::2], lines[1::2], strict=True)
        lines = [_shuffled(build, *pair, range(2 * pair[0].type.count)) for pair in pairs]
    first, slope = (_shuffled(build, lines[0], lines[0], range(k, 2 * LINES, 2)) for k in (0, 1))
    tail = build.load(_vector(context, build, kinds[3], tails, place, LINES), align=8)
    return build.fadd(first, build.fmul(slope, tail))


def _code_of_look(
    _: Any, tables: Any, base: Any, cells: Any, tails: Any, place: Any, found: Any, at: Any
) -> Any:
    def code(context: Any, build: Any, sig: Any, args: Any) -> Any:
        value = _quantiles(context, build, sig.args, args[:5])
        build.store(value, _vector(context, build, sig.args[5], args[5], args[6], LINES), align=8)
        return context.get_dummy_value()

    return types.void(tables, base, cells, tails, place, found, at), code


def _code_of_look_line(
    _: Any, tables: Any, base: Any, cells: Any, tails: Any, place: Any, shift: Any, factor: Any,
    least: Any, most: Any, weights: Any, start: Any, total: Any, at: Any,
) -> Any:  # fmt: skip
    def code(context: Any, build: Any, sig: Any, args: Any) -> Any:
        x = _quantiles(context, build, sig.args, args[:5])
        shift, factor, least, most = (_splat(build, one) for one in args[5:9])
        line = build.fadd(shift, build.fmul(factor, x))
        line = build.select(build.fcmp_ordered(">", line, least), line, least)
        line = build.select(build.fcmp_ordered("<", line, most), line, most)
        weight = build.load(_vector(context, build, sig.args[9], args[9], args[10], LINES), align=8)
        into = _vector(context, build, sig.args[11], args[11], args[12], LINES)
        build.store(build.fadd(build.load(into, align=8), build.fmul(weight, line)), into, align=8)
        return context.get_dummy_value()

    given = tables, base, cells, tails, place, shift, factor, least, most, weights, start, total, at
    return types.void(*given), code


def _splat(build: Any, one: Any) -> Any:
    vector = ir.Constant(ir.VectorType(one.type, LINES), ir.Undefined)
    return _shuffled(
        build,
        build.insert_element(vector, one, ir.Constant(ir.IntType(32), 0)),
        vector,
        [0] * LINES,
    )


def _shuffled(build: Any, one: Any, other: Any, order: Sequence[int]) -> Any:
    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(order)), list(order))
    return build.shuffle_vector(one, other, mask)


_bits: Any = intrinsic(_code_of_bits)  # of a float, as a whole number
_ones: Any = intrinsic(_code_of_ones)  # how many a word has
_above: Any = intrinsic(_code_of_above)  # the samples of a block in which one total is the larger
_look: Any = intrinsic(_code_of_look)  # the quantiles of LINES samples
_look_line: Any = intrinsic(_code_of_look_line)  # and what they add to totals


@_inner
def _place(number: Count) -> Any:
    """Where the line of 32 random bits begins in a flat table, and its argument."""
    tail = np.float64(number)
    bits = np.uint64(_bits(tail))
    return np.int64((bits >> PLACE & WITHIN) | (bits >> SIDE & BESIDE)), tail


@_inner
def _step(number: Count, turn: Count, state: Words, cells: Places, tails: Floats) -> None:
    """Let all generators make a step where ``number`` is even, and place both halves of the words.

    ``turn`` is how many steps they made before the tile. ``state`` is flat, (3 TILE,), ``cells``
    and ``tails`` (2 TILE,). SFC64: Doty-Humphrey, PractRand 0.95.
    """
    if number & 1:
        return
    count = np.uint64(turn + (number >> 1) + 1)
    for j in range(TILE):
        a = state[j]
        b = state[TILE + j]
        c = state[2 * TILE + j]
        word = a + b + count
        state[j] = b ^ (b >> RIGHT)
        state[TILE + j] = c + (c << LEFT)
        state[2 * TILE + j] = ((c << TURN) | (c >> BACK)) + word
        cells[j], tails[j] = _place((np.int64(word << HALF) >> 30) | 2)
        cells[TILE + j], tails[TILE + j] = _place((np.int64(word) >> 30 & -4) | 2)


@_inner
def _draw(
    number: Count, tables: Floats, base: Count, cells: Places, tails: Floats, found: Floats,
    row: Count,
) -> None:  # fmt: skip
    """Quantiles of one number at a tile of samples."""
    for j in range(0, TILE, LINES):
        _look(tables, base, cells, tails, (number & 1) * TILE + j, found, row * TILE + j)


@_inner
def _draw_line(
    number: Count, tables: Floats, base: Count, cells: Places, tails: Floats, shift: float,
    factor: float, least: float, most: float, weights: Floats, c: Count, total: Floats, i: Count,
) -> None:  # fmt: skip
    """`_draw`, `_add_piece` and `_add` at once where there is one piece."""
    for j in range(0, TILE, LINES):
        _look_line(
            tables, base, cells, tails, (number & 1) * TILE + j, shift, factor, least, most,
            weights, c * TILE + j, total, i * TILE + j,
        )  # fmt: skip


@_inner
def _add_piece(
    x: Floats, shift: float, factor: float, least: float, most: float, value: Floats, row: Count
) -> None:  # fmt: skip
    """Add one piece of the partial values of scores whose quantiles are ``x``."""
    for j in range(TILE):
        value[row, j] += min(max(shift + factor * x[0, j], least), most)


@_inner
def _add(total: Floats, i: Count, weights: Floats, c: Count, value: Floats) -> None:
    for j in range(TILE):
        total[i, j] += weights[c, j] * value[0, j]


@_inner
def _add_point(total: Floats, i: Count, weights: Floats, c: Count, value: float) -> None:
    for j in range(TILE):
        total[i, j] += weights[c, j] * value


@_inner
def _clear(rows: Floats, start: Count) -> None:
    """Set the ends of rows to 0; a loop compiles faster than a slice."""
    for i in range(len(rows)):
        for j in range(start, TILE):
            rows[i, j] = 0


@_inner
def _take(given: Floats, start: Count, size: Count, weights: Floats) -> None:
    for c in range(len(given)):
        for j in range(size):
            weights[c, j] = given[c, start + j]


@_inner
def _mix(vertices: Floats, drawn: Floats, total: Floats, weights: Floats) -> None:
    """Points of the simplex with these vertices, from exponentials that are normalised here."""
    for k in range(len(drawn)):
        for j in range(TILE):
            total[0, j] += drawn[k, j]
    for c in range(len(vertices)):
        for k in range(len(drawn)):
            if vertices[c, k] != 0:
                _add_point(weights, c, drawn, k, vertices[c, k])
        for j in range(TILE):
            weights[c, j] /= total[0, j]


@_inner
def _draw_weights(
    turn: Count, tables: Floats, vertices: Floats, state: Words, cells: Places, tails: Floats,
    drawn: Floats, total: Floats, weights: Floats,
) -> None:  # fmt: skip
    """Uniform points of the simplex with these vertices."""
    for k in range(len(drawn)):
        _step(k, turn, state, cells, tails)
        _draw(k, tables, 0, cells, tails, drawn, k)
    _clear(total, 0)
    _clear(weights, 0)
    _mix(vertices, drawn, total, weights)


@_inner
def _compare(start: Count, total: Floats, digits: Words, wins: Longs) -> None:
    """Compare all pairs of options in a block of samples: who wins, how many stand before each."""
    m = len(total)
    for i in range(m):
        for k in range(digits.shape[1]):
            digits[i, k] = 0
    for i in range(m):
        for j in range(i):
            above = _above(total, i * TILE + start, j * TILE + start)
            below = _above(total, j * TILE + start, i * TILE + start)
            wins[i, j] += _ones(above)
            wins[j, i] += _ones(below)
            for k in range(digits.shape[1]):
                digit = digits[j, k]
                digits[j, k] = digit ^ above
                above &= digit
                digit = digits[i, k]
                digits[i, k] = digit ^ below
                below &= digit


@_inner
def _count_ranks(option: Count, some: Word, digits: Words, sets: Words, counts: Longs) -> Word:
    """Count the ranks of the samples ``some``, which are parted by one digit after the other."""
    sets[0] = some
    for k in range(digits.shape[1]):
        digit = digits[option, k]
        for rank in range(1 << k):
            sets[np.uint64(rank + (1 << k))] = sets[rank] & digit
            sets[rank] &= ~digit
    for rank in range(len(counts)):
        counts[option, rank] += _ones(sets[rank])
    return sets[0]


@_inner
def _count_rankings(size: Count, digits: Words, code: Longs, codes: Longs) -> None:
    """Count the rankings of the first ``size`` samples of a block."""
    m = len(digits)
    for j in range(BLOCK):
        code[j] = 0
    for i in range(m):
        for j in range(BLOCK):
            code[j] *= m
        for k in range(digits.shape[1]):
            digit = digits[i, k]
            for j in range(BLOCK):
                code[j] += np.int64(digit >> np.uint64(j) & ONE) << k
    for j in range(size):
        codes[code[j]] += 1


@_inner
def _add_weights(option: Count, some: Word, start: Count, weights: Floats, sums: Floats) -> None:
    """Add up the weights, and their squares, of the samples ``some`` of a block."""
    while some:
        j = start + _ones(~some & (some - ONE))
        some &= some - ONE
        for c in range(sums.shape[2]):
            weight = weights[c, np.uint64(j)]
            sums[0, option, c] += weight
            sums[1, option, c] += weight * weight


@_inner
def _count(
    size: Count, total: Floats, weights: Floats, digits: Words, sets: Words, counts: Longs,
    wins: Longs, sums: Floats, code: Longs, codes: Longs,
) -> None:  # fmt: skip
    """Count all of the ``size`` samples of a tile, a block at a time."""
    for start in range(0, size, BLOCK):
        some = ALL >> np.uint64(max(0, BLOCK + start - size))
        _compare(start, total, digits, wins)
        for i in range(len(total)):
            first = _count_ranks(i, some, digits, sets, counts)
            _add_weights(i, first, start, weights, sums)
        if len(codes):
            _count_rankings(min(BLOCK, size - start), digits, code, codes)


@_inner
def _weigh(values: Floats, i: Count, central: Floats, own: Count, total: Floats) -> None:
    """The totals of option ``i`` under the central weights of ``own``.

    Two criteria are added at a time, as storing costs more than adding.
    """
    n = central.shape[1]
    odd = n % 2
    weight = central[own, 0] * odd
    for j in range(TILE):
        total[0, j] = values[i * n, j] * weight
    for c in range(odd, n, 2):
        one, other, row = central[own, c], central[own, c + 1], i * n + c
        for j in range(TILE):
            total[0, j] = total[0, j] + values[row, j] * one + values[row + 1, j] * other


@_inner
def _larger(best: Floats, total: Floats) -> None:
    for j in range(TILE):
        best[0, j] = max(best[0, j], total[0, j])


@_inner
def _count_best(option: Count, size: Count, total: Floats, best: Floats, counts: Longs) -> None:
    for j in range(size):
        counts[option] += total[0, j] == best[0, j]


@_inner
def _count_confident(
    size: Count, values: Floats, central: Floats, mine: Floats, rival: Floats, best: Floats,
    counts: Longs,
) -> None:  # fmt: skip
    """Count in how many samples of a tile each option is first under its central weights."""
    for i in range(len(central)):
        if np.isnan(central[i, 0]):
            continue
        _weigh(values, i, central, i, mine)
        _weigh(values, i, central, i, best)
        for k in range(len(central)):
            if k != i:
                _weigh(values, k, central, i, rival)
                _larger(best, rival)
        _count_best(i, size, mine, best, counts)


@njit(cache=True, nogil=True, error_model="numpy")
def tally(
    size: Count, state: Words, tables: Floats, which: Longs, factor: Floats, shift: Floats,
    constant: Floats, ends: Floats, many: Longs, vertices: Floats, given: Floats, counts: Longs,
    wins: Longs, sums: Floats, codes: Longs,
) -> None:  # fmt: skip
    """Add ranks, wins, weights and rankings of the ``size`` samples of a chunk.

    ``state`` (3 TILE,) is that of the generators, and is used up. Inputs are those of
    `problem.Arrays`, the tables flat; ``vertices`` (n, k) of the weights' simplex, or with k = 0
    ``given`` (n, size) weights. ``counts`` (m, m) ranks, ``wins`` (m, m), ``sums`` (2, m, n) of the
    weights and their squares under which an option is first, ``codes`` (m^m,) or empty.
    """
    m, n = which.shape
    cells, tails = np.empty(2 * TILE, np.int32), np.empty(2 * TILE)
    x, value, drawn = np.empty((1, TILE)), np.empty((1, TILE)), np.empty((vertices.shape[1], TILE))
    weights, total = np.zeros((n, TILE)), np.empty((m, TILE))
    places = 1
    while 1 << places < m:
        places += 1
    digits, sets = np.empty((m, places), np.uint64), np.empty(1 << places, np.uint64)
    code = np.empty(BLOCK, np.int64)
    turn = 0
    for done in range(0, size, TILE):
        tile = min(TILE, size - done)
        number = vertices.shape[1]
        if number:
            _draw_weights(turn, tables, vertices, state, cells, tails, drawn, value, weights)
        else:
            _take(given, done, tile, weights)
        _clear(total, 0)
        for i in range(m):
            for c in range(n):
                if which[i, c] < 0:
                    _add_point(total, i, weights, c, constant[i, c])
                    continue
                _step(number, turn, state, cells, tails)
                base = which[i, c] * LENGTH
                if many[c] == 1:
                    _draw_line(
                        number, tables, base, cells, tails, shift[i, c, 0], factor[i, c, 0],
                        ends[c, 0, 0], ends[c, 0, 1], weights, c, total, i,
                    )  # fmt: skip
                else:
                    _draw(number, tables, base, cells, tails, x, 0)
                    _clear(value, 0)
                    for k in range(many[c]):
                        _add_piece(
                            x, shift[i, c, k], factor[i, c, k], ends[c, k, 0], ends[c, k, 1],
                            value, 0,
                        )  # fmt: skip
                    _add(total, i, weights, c, value)
                number += 1
        turn += (number + 1) >> 1
        _clear(total, tile)  # nobody wins what is no sample
        _count(tile, total, weights, digits, sets, counts, wins, sums, code, codes)


@njit(cache=True, nogil=True, error_model="numpy")
def confident(
    size: Count, state: Words, skipped: Count, tables: Floats, which: Longs, factor: Floats,
    shift: Floats, constant: Floats, ends: Floats, many: Longs, central: Floats, counts: Longs,
) -> None:  # fmt: skip
    """Add to ``counts`` (m,) how often an option is first under its own ``central`` weights (m, n).

    ``skipped`` is how many numbers the weights took before the scores. Rows of NaN are left out.
    """
    m, n = which.shape
    cells, tails = np.empty(2 * TILE, np.int32), np.empty(2 * TILE)
    x, values = np.empty((1, TILE)), np.empty((m * n, TILE))
    mine, rival, best = np.empty((1, TILE)), np.empty((1, TILE)), np.empty((1, TILE))
    turn = 0
    for done in range(0, size, TILE):
        for number in range(skipped):
            _step(number, turn, state, cells, tails)
        number = skipped
        for i in range(m):
            for c in range(n):
                row = i * n + c
                for j in range(TILE):
                    values[row, j] = constant[i, c] if which[i, c] < 0 else 0.0
                if which[i, c] < 0:
                    continue
                _step(number, turn, state, cells, tails)
                _draw(number, tables, which[i, c] * LENGTH, cells, tails, x, 0)
                for k in range(many[c]):
                    _add_piece(
                        x, shift[i, c, k], factor[i, c, k], ends[c, k, 0], ends[c, k, 1], values,
                        row,
                    )  # fmt: skip
                number += 1
        turn += (number + 1) >> 1
        tile = min(TILE, size - done)
        _count_confident(tile, values, central, mine, rival, best, counts)
