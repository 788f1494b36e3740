"""What people put before what: pairs, rankings and best-worst choices, counted by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Basis = Literal["stated", "implied"]
Unranked = Literal["left out", "last"]

MOST_CELLS = 100_000_000  # people x items x items: 0.8 GB a matrix
_PIECE = 8_192


@dataclass(frozen=True)
class Comparisons:
    """How often each person put each item before each other.

    ``wins[p, i, j]`` counts how often person p put item i before j, ``ties[p, i, j]``, symmetric,
    how often the two were put level; both have shape (P, m, m). ``basis`` tells whether people
    stated the pairs one by one or whether they are implied by rankings or choices from sets:
    implied pairs of one person are not independent, so they take errors by person.
    """

    items: tuple[str, ...]
    persons: tuple[str, ...]
    wins: Floats
    ties: Floats
    basis: Basis = "stated"

    def of(self, people: ArrayLike) -> Comparisons:
        """The comparisons of some people, by their indices or as a mask (P,)."""
        kept = np.arange(len(self.persons))[np.asarray(people)]
        names = tuple(self.persons[p] for p in kept)
        return Comparisons(self.items, names, self.wins[kept], self.ties[kept], self.basis)


def pairwise(
    items: Sequence[str],
    persons: Sequence[str],
    *,
    person: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    result: ArrayLike,
) -> Comparisons:
    """Count pairwise statements given as index arrays, all of shape (n,).

    ``person`` points into ``persons``, ``first`` and ``second`` into ``items``; ``result`` is 1
    where the first was put before the second, 0 for a tie, -1 where the second was.

    Raises
    ------
    UsageError
        Where arrays differ in length, an index is out of range, an item meets itself, or a result
        is none of the three.

    """
    m = _size(items, persons)
    who, a, b, says = (
        np.ascontiguousarray(one, dtype=np.int64) for one in (person, first, second, result)
    )
    if not who.shape == a.shape == b.shape == says.shape or who.ndim != 1:
        raise UsageError("Person, first, second and result are arrays of one length.")
    _inside(who, len(persons), "person")
    _inside(a, m, "first item")
    _inside(b, m, "second item")
    if says.size and not -1 <= says.min() <= says.max() <= 1:
        raise UsageError("A result is 1 (first), 0 (tie) or -1 (second).")
    # One counter for the three results: block r of m x m holds what came out as r - 1. By pieces
    # that stay in the cache, because passes over memory are what counting costs.
    size = len(persons) * 3 * m * m
    counts, piece = np.zeros(size, dtype=np.int64), max(_PIECE, size)
    for start in range(0, len(who), piece):
        part = slice(start, start + piece)
        cell = ((who[part] * 3 + says[part] + 1) * m + a[part]) * m + b[part]
        counts += np.bincount(cell, minlength=size)
    if counts.reshape(-1, m * m)[:, :: m + 1].any():
        raise UsageError("An item was compared with itself.")
    lost, level, won = np.moveaxis(counts.reshape(-1, 3, m, m), 1, 0).astype(np.float64)
    wins = won + lost.swapaxes(1, 2)
    return Comparisons(tuple(items), tuple(persons), wins, level + level.swapaxes(1, 2))


def rankings(
    items: Sequence[str],
    persons: Sequence[str],
    *,
    ranks: ArrayLike,
    unranked: Unranked = "left out",
) -> Comparisons:
    """The pairs that one ranking of each person implies.

    ``ranks`` has shape (P, m): a smaller number is put first, equal numbers are a tie, NaN is not
    ranked. A ranking of k items implies its k (k - 1) / 2 pairs. With ``unranked="last"`` every
    ranked item also stands before every unranked one; two unranked items are never compared.

    Raises
    ------
    UsageError
        Where the shape is not (P, m).

    """
    m = _size(items, persons)
    order = np.asarray(ranks, dtype=np.float64)
    if order.shape != (len(persons), m):
        raise UsageError(f"Ranks have shape {order.shape}, not ({len(persons)}, {m}).")
    if unranked == "last":
        order = np.where(np.isnan(order), np.inf, order)
    before, after = order[:, :, None], order[:, None, :]
    level = (before == after) & np.isfinite(before) & ~np.eye(m, dtype=bool)
    wins = (before < after).astype(np.float64)
    return Comparisons(
        tuple(items), tuple(persons), wins, level.astype(np.float64), basis="implied"
    )


def best_worst(
    items: Sequence[str],
    persons: Sequence[str],
    *,
    person: ArrayLike,
    shown: ArrayLike,
    best: ArrayLike,
    worst: ArrayLike,
) -> Comparisons:
    """The pairs that choices of the best and the worst of a set imply.

    ``person`` (S,) tells who saw each of S sets, ``shown`` (S, m) what stood in it; ``best`` and
    ``worst`` (S,) are indices of items, -1 where none was chosen. The best stands before all others
    of its set and all others before the worst; the best before the worst counts once.

    Raises
    ------
    UsageError
        Where shapes differ, an index is out of range, a chosen item was not shown, or one item is
        both the best and the worst.

    References
    ----------
    Louviere, Flynn & Marley (2015), "Best-worst scaling", Cambridge University Press.

    """
    m = _size(items, persons)
    who, top, low = (np.ascontiguousarray(one, dtype=np.int64) for one in (person, best, worst))
    seen = np.asarray(shown, dtype=bool)
    if not who.shape == top.shape == low.shape or seen.shape != (*who.shape, m):
        raise UsageError("Person, best and worst have shape (S,), and shown has (S, m).")
    _inside(who, len(persons), "person")
    for chosen in (top, low):
        _inside(chosen + 1, m + 1, "chosen item")
        if not np.all(seen[np.arange(len(who)), chosen] | (chosen < 0)):
            raise UsageError("An item was chosen from a set that does not show it.")
    if np.any((top == low) & (top >= 0)):
        raise UsageError("One item is both the best and the worst of a set.")
    is_top, is_low = (np.arange(m) == chosen[:, None] for chosen in (top, low))
    wins = np.zeros((len(persons), m, m))
    sets, losers = np.nonzero(seen & ~is_top & (top >= 0)[:, None])
    np.add.at(wins, (who[sets], top[sets], losers), 1.0)
    sets, winners = np.nonzero(seen & ~is_low & ~is_top & (low >= 0)[:, None])
    np.add.at(wins, (who[sets], winners, low[sets]), 1.0)
    return Comparisons(tuple(items), tuple(persons), wins, np.zeros_like(wins), basis="implied")


def counted(items: Sequence[str], wins: ArrayLike, *, person: str = "all") -> Comparisons:
    """A table of counts (m, m), row before column, as the comparisons of one "person".

    The diagonal is left out.

    Raises
    ------
    UsageError
        Where the table is not square over the items, or a count is negative or not finite.

    """
    m = _size(items, (person,))
    table = np.array(wins, dtype=np.float64)
    if table.shape != (m, m) or not np.all(np.isfinite(table)) or np.any(table < 0):
        raise UsageError(f"A table of wins is {m} x {m}, and holds counts of 0 or more.")
    np.fill_diagonal(table, 0.0)
    return Comparisons(tuple(items), (person,), table[None], np.zeros((1, m, m)))


def _size(items: Sequence[str], persons: Sequence[str]) -> int:
    if len(items) < 2 or len(set(items)) != len(items):
        raise UsageError("Comparisons need at least two items, each named once.")
    if not persons or len(set(persons)) != len(persons):
        raise UsageError("Comparisons need at least one person, each named once.")
    if len(persons) * len(items) ** 2 > MOST_CELLS:
        raise UsageError(f"{len(persons)} people x {len(items)} items squared are too many.")
    return len(items)


def _inside(index: Whole, size: int, what: str) -> None:
    if index.size and index.view(np.uint64).max() >= size:  # a negative one is huge there
        raise UsageError(f"An index of a {what} is out of range.")
