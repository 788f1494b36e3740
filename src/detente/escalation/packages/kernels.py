"""A compiled twin of `payoff.lower_counts`: sums and compares within the cache."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.ground.chance import Floats

TILE = 512


@njit(cache=True, nogil=True)
def _add(one: Floats, other: Floats, found: Floats) -> None:
    for j in range(TILE):
        found[j] = one[j] + other[j]


@njit(cache=True, nogil=True)
def _below(one: Floats, other: Floats, limits: Floats) -> int:
    count = 0
    for j in range(TILE):
        count += one[j] + other[j] < limits[j]
    return count


@njit(cache=True, nogil=True)
def lower_counts(rows: Floats, places: NDArray[np.int64], before: Floats) -> Floats:
    """At how many points each package lowers the frequency, shape (packages,).

    ``rows`` holds the frequencies of all ladders under the packages that touch them, shape
    (rows, N); ``places`` the rows to be added for each package, in the order of the ladders. What
    a package shares with the one before it is not added again: they are best in the order of
    their places.
    """
    packages, ladders = places.shape
    counts = np.zeros(packages)
    near, limits = np.zeros((len(rows), TILE)), np.zeros(TILE)
    sums = np.zeros((ladders, TILE))  # of the first l ladders
    for start in range(0, before.size, TILE):
        size = min(TILE, before.size - start)
        near[:, :size] = rows[:, start : start + size]
        limits[:size] = before[start : start + size]
        limits[size:] = 0  # nothing is below it
        for package in range(packages):
            same = 0
            while package and same < ladders and places[package, same] == places[package - 1, same]:
                same += 1
            for ladder in range(same, ladders - 1):
                _add(sums[ladder], near[places[package, ladder]], sums[ladder + 1])
            last = near[places[package, ladders - 1]]
            counts[package] += _below(sums[ladders - 1], last, limits)
    return counts
