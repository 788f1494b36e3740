"""Who answers on which items, where nobody can answer on all: balanced incomplete blocks.

A block is what one person gets. Every item should get the same number of people, and every two
items the same number of people who see both, so that all are compared equally well. A balanced
incomplete block design does both exactly; it exists only for some numbers of items (v), blocks (b)
and items a block (k), with b k = v r and lambda (v - 1) = r (k - 1). Elsewhere the search below
comes near: replications never differ by more than 1.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache
from itertools import combinations
from math import comb, inf

import numpy as np
from numpy.typing import NDArray

from detente.ground.chance import stream
from detente.ground.errors import UsageError

Blocks = tuple[tuple[int, ...], ...]
Ints = NDArray[np.int64]

# Base blocks that give a balanced design when developed: v, k -> the modulus and the blocks. With
# modulus v - 1 the item v - 1 stays where it is ("1-rotational"). Beth, Jungnickel and Lenz (1999),
# "Design Theory", 2nd ed., chapter VII; Abel and Buratti, "Difference families", in Colbourn and
# Dinitz (eds., 2007), "Handbook of Combinatorial Designs", II.16.
_FAMILIES: dict[tuple[int, int], tuple[int, Blocks]] = {
    (6, 3): (5, ((5, 0, 1), (0, 2, 4))),
    (7, 3): (7, ((0, 1, 3),)),
    (8, 4): (7, ((7, 0, 1, 3), (2, 4, 5, 6))),
    (9, 3): (8, ((8, 0, 4), (0, 1, 3))),
    (9, 4): (9, ((0, 1, 2, 4), (0, 1, 4, 6))),
    (10, 3): (9, ((9, 0, 1), (0, 1, 4), (0, 2, 4), (0, 3, 6))),
    (10, 5): (9, ((9, 0, 1, 2, 4), (0, 1, 3, 5, 6))),
    (11, 5): (11, ((1, 3, 4, 5, 9),)),
    (12, 6): (11, ((11, 1, 3, 4, 5, 9), (0, 2, 6, 7, 8, 10))),
    (13, 3): (13, ((0, 1, 4), (0, 2, 7))),
    (13, 4): (13, ((0, 1, 3, 9),)),
    (13, 6): (13, ((0, 1, 2, 3, 5, 9), (0, 1, 3, 6, 7, 11))),
    (14, 7): (13, ((13, 0, 1, 2, 3, 5, 9), (0, 1, 2, 4, 7, 9, 10))),
    (15, 3): (15, ((0, 5, 10), (0, 1, 4), (0, 2, 8))),
    (15, 7): (15, ((0, 1, 2, 4, 5, 8, 10),)),
    (16, 4): (15, ((15, 0, 5, 10), (0, 1, 3, 7))),
    (16, 8): (15, ((15, 0, 1, 2, 4, 5, 8, 10), (3, 6, 7, 9, 11, 12, 13, 14))),
    (19, 3): (19, ((0, 1, 8), (0, 2, 5), (0, 4, 13))),
    (19, 9): (19, ((1, 4, 5, 6, 7, 9, 11, 16, 17),)),
    (21, 5): (21, ((3, 6, 7, 12, 14),)),
    (23, 11): (23, ((1, 2, 3, 4, 6, 8, 9, 12, 13, 16, 18),)),
    (25, 5): (24, ((24, 0, 6, 12, 18), (0, 1, 3, 11, 20))),
    (31, 6): (31, ((1, 5, 11, 24, 25, 27),)),
    (37, 9): (37, ((1, 7, 9, 10, 12, 16, 26, 33, 34),)),
    (57, 8): (57, ((0, 1, 3, 13, 32, 36, 43, 52),)),
}
_STARTS = 12  # searches from different orders; the first that meets the bound ends them
_VISITS = 1200  # blocks that all searches of one design look at
_WORK = 10_000_000  # exchanges that they weigh


def blocks(items: int, people: int, size: int, *, rng: np.random.Generator) -> Blocks:
    """One block of ``size`` items, numbered from 0, for each of ``people``; each block in order.

    Every item gets floor or ceil of people x size / items people. Where a known balanced design
    fits the number of people once or several times, it is taken, else the sum of squares of the
    pair concurrences is lowered by exchanges. Which item and which person take which place in the
    design is drawn with ``rng``.

    Raises
    ------
    UsageError
        Where a number is below 1 (people: below 0), or a block is larger than the items.

    References
    ----------
    John and Mitchell (1977), "Optimal incomplete block designs", Journal of the Royal Statistical
    Society B 39(1):39-43: regular graph designs, whose concurrences differ by at most 1, hold the
    optimum; Jones and Eccleston (1980), "Exchange and interchange procedures to search for optimal
    designs", ibid. 42(2):238-243.

    """
    if people < 0 or not 1 <= size <= items:
        raise UsageError(f"No design of {people} blocks of {size} of {items} items.")
    known = balanced(items, size, most=people)
    copies = people // len(known) if known else 0
    rest = people - copies * len(known)
    rows = [*known] * copies + list(_near(items, rest, size))
    names, order = rng.permutation(items), rng.permutation(people)
    return tuple(tuple(sorted(int(names[item]) for item in rows[row])) for row in order)


def spread(design: Blocks, groups: Sequence[Hashable]) -> Blocks:
    """The same blocks in an order that gives the items about equally to every group of people.

    ``groups`` names the group of each person. Two people of different groups change their blocks
    while this lowers the sum of squares of the people of a group who have an item.
    """
    names = list(dict.fromkeys(groups))
    if len(names) < 2:
        return design
    table = incidence(design, 1 + max(max(block) for block in design))
    member = np.array([names.index(group) for group in groups])
    held = np.stack([table[member == i].sum(axis=0) for i in range(len(names))])
    order, changed = np.arange(len(design)), True
    while changed:
        changed = False
        for p, q in combinations(range(len(design)), 2):
            step = table[order[q]] - table[order[p]]
            mine, theirs = member[p], member[q]
            if mine != theirs and int(step @ (held[mine] - held[theirs] + step)) < 0:
                held[mine] += step
                held[theirs] -= step
                order[[p, q]] = order[[q, p]]
                changed = True
    return tuple(design[row] for row in order)


def balanced(items: int, size: int, *, most: int) -> Blocks:
    """A known balanced design with at most ``most`` blocks, or nothing.

    In turn: everything in one block, a difference family developed, the complements of one, all
    subsets.
    """
    if size == items:
        found: Blocks = (tuple(range(items)),)
    elif (items, size) in _FAMILIES:
        found = _developed(items, *_FAMILIES[items, size])
    elif (items, items - size) in _FAMILIES:
        family = _developed(items, *_FAMILIES[items, items - size])
        found = tuple(tuple(i for i in range(items) if i not in block) for block in family)
    elif comb(items, size) <= most:
        found = tuple(combinations(range(items), size))
    else:
        return ()
    return found if len(found) <= most else ()


def _developed(items: int, modulus: int, bases: Blocks) -> Blocks:
    """All shifts of the base blocks, each once: a block that maps to itself has a short orbit."""
    fixed = min(items, modulus)
    orbits = (
        dict.fromkeys(
            tuple(sorted(i if i == fixed else (i + shift) % modulus for i in base))
            for shift in range(modulus)
        )
        for base in bases
    )
    return tuple(block for orbit in orbits for block in orbit)


# --- measuring a design ----------------------------------------------------------------------


def incidence(design: Sequence[Sequence[int]], items: int) -> Ints:
    """1 where the person (row) has the item (column); shape (people, items)."""
    table = np.zeros((len(design), items), dtype=np.int64)
    for row, block in enumerate(design):
        table[row, list(block)] = 1
    return table


def replications(design: Sequence[Sequence[int]], items: int) -> tuple[int, ...]:
    """How many people have each item."""
    return tuple(int(count) for count in incidence(design, items).sum(axis=0))


def concurrences(design: Sequence[Sequence[int]], items: int) -> tuple[int, ...]:
    """How many people have both items, for every two items i < j in lexicographic order."""
    table = incidence(design, items)
    return tuple(int(count) for count in (table.T @ table)[np.triu_indices(items, 1)])


def efficiency(design: Sequence[Sequence[int]], items: int) -> float:
    """How well items are compared within people, against complete blocks of as many judgements.

    The A-efficiency (v - 1) / (r sum 1 / theta), with theta the nonzero eigenvalues of diag(r_i) -
    N' N / k and r the mean replication: the mean variance of a difference of two items with
    complete blocks over that with these. 1 for complete blocks, v (k - 1) / (k (v - 1)) for a
    balanced design, which no other exceeds, and 0 where some items cannot be compared at all.

    References
    ----------
    John and Williams (1995), "Cyclic and Computer Generated Designs", 2nd ed., chapter 2.

    """
    if items == 1:
        return 1.0
    table = incidence(design, items).astype(np.float64)
    sizes = table.sum(axis=1)
    if not sizes.size or not sizes.all():
        return 0.0
    information = np.diag(table.sum(axis=0)) - (table / sizes[:, None]).T @ table
    roots = np.linalg.eigvalsh(information)[1:]
    if roots[0] < 1e-9:
        return 0.0
    return round(float((items - 1) / (sizes.sum() / items * (1 / roots).sum())), 12)


# --- the search ------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _near(items: int, people: int, size: int) -> Blocks:
    """The best of several near-balanced designs found by exchanges; the same for the same numbers.

    The starts are drawn from a stream that the numbers name, so that a design is looked for once.
    """
    if people == 0:
        return ()
    rng = stream(0, "design", str(items), str(people), str(size))
    visits = min(_VISITS, 1 + _WORK // (people * size * (items - size) + 1))
    best, least = np.zeros((0, items), dtype=np.int64), inf
    for _ in range(_STARTS):
        table = _dealt(items, people, size, rng=rng)
        badness, visits = _improve(table, visits)
        if badness < least:
            best, least = table, badness
        if visits <= 0 or least <= _bound(items, people, size):
            break
    return tuple(tuple(int(item) for item in np.flatnonzero(row)) for row in best)


def _bound(items: int, people: int, size: int) -> int:
    """The sum of squares of pair concurrences that differ by at most 1."""
    pairs = comb(items, 2)
    if pairs == 0:
        return 0
    each, left = divmod(people * comb(size, 2), pairs)
    return pairs * each**2 + left * (2 * each + 1)


def _dealt(items: int, people: int, size: int, *, rng: np.random.Generator) -> Ints:
    """Blocks filled one after the other; replications differ by at most 1.

    The next item is one that fewest people have, of these one that was least often together with
    those in the block, of these one by lot.
    """
    table = np.zeros((people, items), dtype=np.int64)
    number, joint = np.zeros(items, dtype=np.int64), np.zeros((items, items), dtype=np.int64)
    for row in table:
        met = np.zeros(items, dtype=np.int64)
        for _ in range(size):
            item = int(np.lexsort((rng.random(items), met, number, row))[0])
            row[item] = 1
            met += joint[item]
        number += row
        joint += np.outer(row, row)
    return table


def _improve(table: Ints, visits: int) -> tuple[int, int]:
    """Exchange items between blocks, in place, while it helps and ``visits`` are left.

    The sum of squares in the end, and the visits still left.
    """
    joint = table.T @ table
    np.fill_diagonal(joint, 0)
    helped = True
    while helped and visits > 0:
        looks = min(visits, len(table))
        helped = sum(_exchange(table, joint, row) for row in range(looks)) > 0
        visits -= looks
    return int((joint**2).sum()) // 2, visits


def _exchange(table: Ints, joint: Ints, p: int) -> bool:
    """The best exchange of an item i of block p for an item j of another; whether one helped.

    Moving i from p to q and j from q to p changes the concurrences c_i by u, which is q - p off i
    and j, and c_j by -u, so that half of the sum of squares changes by u (c_i - c_j) + u u. The
    last q is no block: it lends the items that have one person less than others, and keeps nothing,
    so that u is - p. Both ways the replications stay within 1 of each other.
    """
    mine, number = table[p] == 1, table.sum(axis=0)
    rare = (number == number.min()) & (number.min() < number.max())
    give, take = np.flatnonzero(mine), np.flatnonzero(~mine)
    if not take.size:
        return False
    step = np.vstack([table, np.zeros_like(table[p])]) - table[p]
    pull, size = (step @ joint).astype(np.float64), give.size
    may_give = np.vstack([table[:, give] == 0, ~rare[give] & rare.any()])
    may_take = np.vstack([table[:, take] == 1, rare[take]])
    own = np.append(np.full(len(table), 2), 1)
    square = np.append(np.abs(step[:-1]).sum(axis=1) - 2, size - 1)
    gain = np.where(may_give, pull[:, give], np.inf)
    loss = np.where(may_take, pull[:, take], -np.inf)
    change = gain[:, :, None] - loss[:, None, :] + square[:, None, None]
    change -= own[:, None, None] * joint[np.ix_(give, take)]
    q, i, j = np.unravel_index(np.argmin(change), change.shape)
    if change[q, i, j] >= 0:
        return False
    _swap(table, joint, p, int(give[i]), int(take[j]))
    if q < len(table):
        _swap(table, joint, int(q), int(take[j]), int(give[i]))
    return True


def _swap(table: Ints, joint: Ints, row: int, out: int, into: int) -> None:
    """Put ``into`` in the place of ``out`` in one block."""
    table[row, out] = 0
    others = table[row].copy()
    table[row, into] = 1
    joint[out] -= others
    joint[:, out] -= others
    joint[into] += others
    joint[:, into] += others
