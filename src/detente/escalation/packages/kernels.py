"""A compiled twin of `payoff.lower_counts`: sums and compares within the cache."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.ground.chance import Floats

TILE = 512


@njit(cache=True, nogil=True)
def _add(found: Floats, one: Floats) -> None:
    for j in range(found.size):
        found[j] += one[j]


@njit(cache=True, nogil=True)
def _below(values: Floats, limits: Floats) -> int:
    count = 0
    for j in range(values.size):
        count += values[j] < limits[j]
    return count


@njit(cache=True, nogil=True)
def lower_counts(rows: Floats, places: NDArray[np.int64], before: Floats) -> Floats:
    """At how many points each package lowers the frequency, shape (packages,).

    ``rows`` holds the frequencies of all ladders under the packages that touch them, shape
    (rows, N); ``places`` the rows to be added for each package, in the order of the ladders.
    """
    packages, ladders = places.shape
    counts = np.zeros(packages)
    room = np.empty(TILE)
    for start in range(0, before.size, TILE):
        stop = min(start + TILE, before.size)
        found = room[: stop - start]
        for package in range(packages):
            found[:] = rows[places[package, 0], start:stop]
            for ladder in range(1, ladders):
                _add(found, rows[places[package, ladder], start:stop])
            counts[package] += _below(found, before[start:stop])
    return counts
