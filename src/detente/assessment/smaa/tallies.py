"""Run the draws of SMAA in chunks, on as many threads as wanted, and add up what they counted."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa import plain
from detente.assessment.smaa.problem import Arrays, Problem, arrays
from detente.assessment.weights.polytope import WeightSet
from detente.assessment.weights.sampling import Sampler, sampler

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]

CHUNK = 8192  # samples; no result depends on threads, as chunks do not
COMPILED_FROM = 50_000_000  # sums and compares from which on it pays to import numba
MOST_RANKED = 6  # options whose rankings are counted


@dataclass(frozen=True, eq=False)
class Tally:
    """What was counted in some samples of m options on n criteria.

    ``ranks`` (m, m) and ``wins`` (m, m); ``sums`` (2, m, n) of weights and their squares under
    which an option is first; ``rankings`` (m^m,) by code, empty for many options.
    """

    samples: int
    ranks: Longs
    wins: Longs
    sums: Floats
    rankings: Longs

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.samples + other.samples,
            self.ranks + other.ranks,
            self.wins + other.wins,
            self.sums + other.sums,
            self.rankings + other.rankings,
        )


@dataclass(frozen=True, eq=False)
class Draws:
    """A problem and its weights, ready to be drawn from; ``seed`` settles every draw."""

    made: Arrays
    sampler: Sampler
    seed: np.random.SeedSequence
    compiled: bool

    @property
    def corners(self) -> Floats:
        """The corners (n, k) of the simplex of weights; k = 0 where it is no simplex."""
        if self.sampler.corners is None:
            return np.empty((len(self.made.many), 0))
        return np.ascontiguousarray(self.sampler.corners)

    def state(self, chunk: int) -> Words:
        """The state (3 TILE,) of the generators of a chunk, by Philox under the chunk's own child.

        As all bits of it are random, the generators need no steps to run in.
        """
        source = np.random.Philox(_child(self.seed, chunk, 0))
        return np.asarray(source.random_raw(3 * plain.TILE), dtype=np.uint64)

    def weights(self, chunk: int, size: int) -> Floats:
        """Weights (n, size) of a chunk where these form no simplex; else none."""
        if self.sampler.corners is not None:
            return np.empty((0, 0))
        drawn = self.sampler.draw(size, np.random.default_rng(_child(self.seed, chunk, 1)))
        return np.ascontiguousarray(drawn.T)


def draws(
    problem: Problem, weights: WeightSet, *, seed: np.random.SeedSequence, samples: int
) -> Draws:
    """Make ready for about ``samples`` samples: many are drawn by compiled kernels."""
    m, n = len(problem.options), len(problem.criteria)
    compiled = not problem.joint and samples * m * (m + n) >= COMPILED_FROM
    return Draws(arrays(problem), sampler(weights), seed, compiled)


def tally(drawn: Draws, chunk: int, samples: int) -> Tally:
    """Count one chunk of ``samples`` samples in all."""
    m, n = drawn.made.which.shape
    size = min(CHUNK, samples - chunk * CHUNK)
    codes = m**m if m <= MOST_RANKED else 0
    found = Tally(
        size,
        np.zeros((m, m), dtype=np.int64),
        np.zeros((m, m), dtype=np.int64),
        np.zeros((2, m, n)),
        np.zeros(codes, dtype=np.int64),
    )
    room = found.ranks, found.wins, found.sums, found.rankings
    given, state = drawn.weights(chunk, size), drawn.state(chunk)
    if drawn.compiled:
        from detente.assessment.smaa import kernels

        run: Any = kernels.tally
        run(size, state, *_loose(drawn.made), drawn.corners, given, *room)
    else:
        plain.tally(size, state, drawn.made, drawn.corners, given, *room)
    return found


def confident(drawn: Draws, chunk: int, samples: int, central: Floats) -> Longs:
    """How often each option is first under its central weights, in one chunk; (m,)."""
    skipped, state = drawn.corners.shape[1], drawn.state(chunk)
    size = min(CHUNK, samples - chunk * CHUNK)
    counts = np.zeros(len(central), dtype=np.int64)
    if drawn.compiled:
        from detente.assessment.smaa import kernels

        made = _loose(drawn.made)
        run: Any = kernels.confident
        run(size, state, skipped, *made, central, counts)
    else:
        plain.confident(size, state, skipped, drawn.made, central, counts)
    return counts


def chunks(samples: int) -> range:
    """The chunks of so many samples."""
    return range(-(-samples // CHUNK))


@contextmanager
def workers(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that take chunks and leave no work behind when the caller stops early."""
    pool = ThreadPoolExecutor(max(1, threads))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _child(seed: np.random.SeedSequence, *key: int) -> np.random.SeedSequence:
    """A child that does not depend on how many were spawned before."""
    spawn_key = (*seed.spawn_key, *key)
    return np.random.SeedSequence(seed.entropy, spawn_key=spawn_key, pool_size=seed.pool_size)


def _loose(made: Arrays) -> tuple[Floats | Longs, ...]:
    """The arrays as kernels take them."""
    return (
        made.tables.ravel(),
        made.which,
        made.factor,
        made.shift,
        made.constant,
        made.ends,
        made.many,
    )
