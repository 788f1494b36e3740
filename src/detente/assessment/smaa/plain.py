"""Draws and tallies of SMAA in NumPy: the oracle of `kernels`, and the path of small problems.

Words, quantiles, values and ranks have the same bits as those of the kernels, and so do all counts;
sums of weights are added in another order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.problem import CONSTANT, Arrays
from detente.assessment.smaa.tables import CELLS, SHIFT

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]

TILE = 128
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_RIGHT, _LEFT, _TURN, _BACK = (np.uint64(bits) for bits in (11, 3, 24, 40))


def steps(state: Words, count: int) -> Iterator[Words]:
    """The words, each (TILE,), that generators SFC64 with this state (3 TILE,) give in turn.

    Doty-Humphrey, PractRand 0.95; as NumPy's, their counters begin at 1.
    """
    a, b, c = state.reshape(3, -1)
    for turn in range(1, count + 1):
        word = a + b + np.uint64(turn)
        a, b, c = b ^ (b >> _RIGHT), c + (c << _LEFT), ((c << _TURN) | (c >> _BACK)) + word
        yield word


def words(state: Words, size: int, numbers: int) -> Words:
    """The words below 2^32 of all numbers, two a step, at ``size`` samples: (numbers, size)."""
    tiles, pairs = -(-size // TILE), (numbers + 1) // 2
    grid = np.array(list(steps(state, tiles * pairs)), dtype=np.uint64)
    grid = grid.reshape(tiles, pairs, TILE)
    halves = np.stack([grid & _LOW, grid >> _HALF], axis=2)
    by_number = halves.transpose(1, 2, 0, 3).reshape(2 * pairs, tiles * TILE)
    return by_number[:numbers, :size]


def look(table: Floats, word: Words) -> Floats:
    """The quantiles, as of `tables.table`, at random words below 2^32; same shape."""
    tail = ((word << _HALF).view(np.int64) // 2**30 + 2).astype(np.float64)
    cell = (tail.view(np.int64) >> SHIFT) % CELLS + CELLS * (tail < 0)
    found: Floats = table[cell, 0] + table[cell, 1] * tail
    return found


def tally(  # noqa: PLR0913, PLR0917 (the kernel's)
    size: int, state: Words, made: Arrays, vertices: Floats, given: Floats, counts: Longs,
    wins: Longs, sums: Floats, codes: Longs,
) -> None:  # fmt: skip
    """Add ranks, wins, weights and rankings of the ``size`` samples of a chunk.

    Arguments as of `kernels.tally`; the arrays of the problem come in one.
    """
    skipped = vertices.shape[1]
    drawn = words(state, size, skipped + made.numbers)
    weights = _weights(drawn[:skipped], made.tables[0], vertices) if skipped else given
    total = np.zeros((len(made.which), size))
    for i, c, value in _values(drawn[skipped:], made):
        total[i] += weights[c] * value
    before = np.zeros(total.shape, dtype=np.int64)
    for i, one in enumerate(total):
        above = one > total
        wins[i] += np.count_nonzero(above, axis=1)
        before += above
    for i, places in enumerate(before):
        counts[i] += np.bincount(places, minlength=len(counts))
        first = weights[:, places == 0]
        sums[0, i] += first.sum(axis=1)
        sums[1, i] += np.square(first).sum(axis=1)
    if len(codes):
        powers = len(before) ** np.arange(len(before) - 1, -1, -1)
        codes += np.bincount(powers @ before, minlength=len(codes))


def confident(
    size: int, state: Words, skipped: int, made: Arrays, central: Floats, counts: Longs
) -> None:
    """Add to ``counts`` how often an option is first under its ``central`` weights.

    Arguments as of `kernels.confident`; the arrays of the problem come in one.
    """
    drawn = words(state, size, skipped + made.numbers)
    values = np.empty((*made.which.shape, size))
    for i, c, value in _values(drawn[skipped:], made):
        values[i, c] = value
    for i, weights in enumerate(central):
        if np.isnan(weights[0]):
            continue
        total = np.zeros((len(values), size))
        for c, weight in enumerate(weights):
            total += values[:, c] * weight
        counts[i] += np.count_nonzero(total[i] == total.max(axis=0))


def _weights(drawn: Words, table: Floats, vertices: Floats) -> Floats:
    total, weights = np.zeros(drawn.shape[1]), np.zeros((len(vertices), drawn.shape[1]))
    for k, word in enumerate(drawn):
        one = look(table, word)
        total += one
        weights += vertices[:, k, None] * one
    found: Floats = weights / total
    return found


def _values(drawn: Words, made: Arrays) -> Iterator[tuple[int, int, Floats]]:
    """Option, criterion and partial values of every score; those drawn together come last."""
    word = iter(drawn)
    for i, c in np.ndindex(made.which.shape):
        table = made.which[i, c]
        if table == CONSTANT:
            yield i, c, made.constant[i, c]
            continue
        x, found = look(made.tables[table], next(word)), np.zeros(drawn.shape[1])
        for k in range(int(made.many[c])):
            least, most = made.ends[c, k]
            line = made.shift[i, c, k] + made.factor[i, c, k] * x
            found += np.minimum(np.maximum(line, least), most)
        yield i, c, found
    for c, joint, worth in made.joint:
        some = np.array([next(word) for _ in range(joint.numbers)])
        for i, scores in enumerate(joint.scores(some)):
            yield i, c, worth.of(scores)
