"""What can be worked out from all that is published: people and sets of people, and nothing else.

A table speaks of a set of people: its mean with its number is a sum over their answers. Whoever has
all the tables of one question can add and subtract them, that is, knows every vector in the row
space of the 0/1 matrix with a row for each published set and a column for each *atom*: people who
stand in the same sets move together. A vector tells of the people of its support, so none may have
a support of fewer than ``least`` people, and none may lie within a `Closed` set.

Both are read off row echelon forms, in whole numbers. With the columns outside a set put first, the
rows that begin inside it span all vectors whose support it holds. For a closed set no row may begin
there. For the number of people, the columns of ``least`` or more come first; the lightest vector
that the other rows span is sought by branching on its heaviest column: it is zero there, or the
people of that column are paid for. The search is exact; a set for which it would need more than
`MOST` steps is held back (ten tables that cut forty people at random need a third).

References
----------
Chin and Ozsoyoglu (1982), "Auditing and inference control in statistical databases", IEEE
Transactions on Software Engineering SE-8(6):574-582.

"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import TypeVar

from detente.ground.errors import UsageError

MOST = 10_000

People = frozenset[str]
Name = TypeVar("Name", bound=Hashable)

Atoms = tuple[int, ...]  # a set of people, as the atoms that it holds
Row = dict[int, int]  # the coefficients that are not zero, by place in an order of the atoms
Basis = dict[int, Row]  # rows in echelon form, by the place at which each begins


@dataclass(frozen=True)
class Closed:
    """People of whom nothing may be derived, unless it speaks of the ``released`` alone."""

    people: People
    released: People = frozenset()


def publish(
    candidates: Mapping[Name, Iterable[People]],
    least: int,
    *,
    closed: Iterable[Closed] = (),
    before: Iterable[People] = (),
) -> tuple[Name, ...]:
    """The candidates that may be published, taken in order as long as nobody is exposed.

    A candidate is one or more sets that come out together. It is taken where it, those taken and
    all sets published ``before`` expose nothing: no sum over fewer than ``least`` people, none
    within a closed set. Where those before already do, nothing is taken.

    Raises
    ------
    UsageError
        Where ``least`` is below 1.

    """
    if least < 1:
        raise UsageError(f"A table needs at least one person, not {least}.")
    bundles = [tuple(sets) for sets in candidates.values()]
    known, walls = tuple(before), tuple(closed)
    published = [*known, *(people for sets in bundles for people in sets)]
    marks = _marks([*published, *(p for wall in walls for p in (wall.people, wall.released))])
    told = (1 << len(published)) - 1
    atoms = Counter(mark for mark in marks.values() if mark & told)
    held = iter(_holding(sorted(atoms), len(published) + 2 * len(walls)))
    taken = _taken(
        tuple(next(held) for _ in known),
        tuple(tuple(next(held) for _ in sets) for sets in bundles),
        tuple((next(held), next(held)) for _ in walls),
        tuple(min(atoms[atom], least) for atom in sorted(atoms)),
        least,
    )
    return tuple(name for name, yes in zip(candidates, taken, strict=True) if yes)


def _marks(sets: Sequence[People]) -> dict[str, int]:
    """Of every person the sets that hold them, as bits."""
    marks: dict[str, int] = defaultdict(int)
    for i, people in enumerate(sets):
        for person in people:
            marks[person] |= 1 << i
    return marks


def _holding(marks: Sequence[int], sets: int) -> list[Atoms]:
    """Of every set the atoms that it holds."""
    return [tuple(j for j, mark in enumerate(marks) if mark >> i & 1) for i in range(sets)]


@dataclass(frozen=True)
class _View:
    """An order of the atoms in which no row may begin from ``start`` to before ``stop``.

    Given ``weights``, the people at each place, one may, if no sum of the rows from ``start`` on
    speaks of as few as ``few``.
    """

    place: Mapping[int, int]
    start: int
    stop: int
    weights: tuple[int, ...] = ()
    few: int = 0

    def bars(self, basis: Basis, begin: int) -> bool:
        """Whether the row that came last, from place ``begin`` on, exposes somebody."""
        if not self.start <= begin < self.stop:
            return False
        inside = {at: row for at, row in basis.items() if at >= self.start}
        return not self.weights or _light(inside, self.weights, self.few)


@lru_cache(maxsize=4096)
def _taken(
    before: tuple[Atoms, ...],
    bundles: tuple[tuple[Atoms, ...], ...],
    closed: tuple[tuple[Atoms, Atoms], ...],
    weights: tuple[int, ...],
    least: int,
) -> tuple[bool, ...]:
    """Whether each bundle is taken; only the pattern of sets and numbers counts, so it is kept."""
    # Sums within a closed set of few people are barred as such.
    wide = [wall for wall in closed if sum(weights[atom] for atom in wall[0]) >= least]
    views = [_by_weight(weights, least), *(_by_wall(wall, len(weights)) for wall in wide)]
    bases = _with([{} for _ in views], before, views)
    taken = []
    for bundle in bundles:
        grown = None if bases is None else _with(bases, bundle, views)
        taken.append(grown is not None)
        bases = bases if grown is None else grown
    return tuple(taken)


def _by_weight(weights: Sequence[int], least: int) -> _View:
    order = sorted(range(len(weights)), key=lambda atom: (-weights[atom], atom))
    start = sum(weight >= least for weight in weights)
    people = tuple(weights[atom] for atom in order)
    return _View(_places(order), start, len(order), people, least - 1)


def _by_wall(wall: tuple[Atoms, Atoms], number: int) -> _View:
    people, released = set(wall[0]), set(wall[0]).intersection(wall[1])
    outside = [atom for atom in range(number) if atom not in people]
    places = _places([*outside, *(people - released), *released])
    return _View(places, len(outside), number - len(released))


def _places(order: Iterable[int]) -> dict[int, int]:
    return {atom: place for place, atom in enumerate(order)}


def _with(
    bases: Sequence[Basis], tables: Iterable[Atoms], views: Sequence[_View]
) -> list[Basis] | None:
    """The echelon forms with ``tables`` added, or None where somebody is exposed."""
    grown = list(bases)
    for table in tables:
        for i, view in enumerate(views):
            row = _reduced({view.place[atom]: 1 for atom in table}, grown[i])
            if not row:
                break  # it follows from the others, in every order
            grown[i] = grown[i] | {min(row): row}
            if view.bars(grown[i], min(row)):
                return None
    return grown


def _reduced(row: Row, basis: Basis) -> Row:
    """``row`` less what makes it begin where none of ``basis`` does; empty where it depends."""
    while row and (pivot := basis.get(begin := min(row))):
        a, b = row[begin], pivot[begin]
        sums = {j: b * row.get(j, 0) - a * pivot.get(j, 0) for j in row.keys() | pivot.keys()}
        common = gcd(*sums.values()) or 1
        row = {j: number // common for j, number in sums.items() if number}
    return row


def _light(basis: Basis, weights: Sequence[int], few: int) -> bool:
    """Whether some sum of the rows, not zero, has a support that weighs at most ``few``."""
    open_ends = [(basis, few)]
    for _ in range(MOST):
        if not open_ends:
            break
        rows, left = open_ends.pop()
        if any(sum(weights[j] for j in row) <= left for row in rows.values()):
            return True
        if len(rows) < 2:
            continue
        begin = min(rows)
        zero_there = {at: row for at, row in rows.items() if at != begin}
        open_ends.append((zero_there, left))
        if weights[begin] <= left:
            paid = _reduced({j: v for j, v in rows[begin].items() if j != begin}, zero_there)
            if not paid:
                return True
            open_ends.append((zero_there | {min(paid): paid}, left - weights[begin]))
    return bool(open_ends)
