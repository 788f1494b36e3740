"""Comparisons as other programs export them, in five layouts that are told by their columns.

==========  ===================================  ===================================================
layout      columns                              a cell
==========  ===================================  ===================================================
long        person, first, second, result        result 1 or first, -1 or second, 0 or tie, or empty
rankings    person, item, rank                   a smaller rank is put first; empty is not ranked
best-worst  person, set, item, choice            choice best, worst or empty; a row for every item
square      names of items, as the rows          how often the row was put before the column
wide        "A:B" for each pair of items         1 for A, -1 for B, 0 for a tie, or empty
==========  ===================================  ===================================================

All other columns describe the person (wide, long, rankings, best-worst), `group` among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from detente.elicitation.comparisons import (
    MOST_CELLS,
    Comparisons,
    Unranked,
    best_worst,
    counted,
    pairwise,
    rankings,
)
from detente.elicitation.foreign.rows import EMPTY, Rows, read_rows

Layout = Literal["long", "rankings", "best-worst", "square", "wide"]
Values = tuple[str, ...] | tuple[float, ...]

_KEYS: dict[Layout, tuple[str, ...]] = {
    "long": ("person", "first", "second", "result"),
    "rankings": ("person", "item", "rank"),
    "best-worst": ("person", "set", "item", "choice"),
}
_RESULTS = {"first": 1, "second": -1, "tie": 0}
_PERSON = ("person", "id", "")


@dataclass(frozen=True)
class ComparisonTable:
    """What a table holds: comparisons, and what it says of each person, in the order of persons.

    A column of ``covariates`` is numbers (NaN where empty) where every filled cell is one, else
    names ("" where empty).
    """

    layout: Layout
    comparisons: Comparisons
    covariates: Mapping[str, Values]


@dataclass
class _Index:
    """Names by their place, in the order of first use."""

    places: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.places.setdefault(name, len(self.places))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.places)


def read_comparisons(file: str, data: bytes, *, unranked: Unranked = "left out") -> ComparisonTable:
    """The comparisons of a CSV file or workbook in any layout above.

    ``unranked`` is for rankings, as in `rankings`.

    Raises
    ------
    CaseError
        With every finding: an unknown layout, cells that are none of the allowed, an item compared
        with itself, ranked, shown or chosen twice, and persons described in two ways.

    """
    rows = read_rows(file, data)
    layout = _layout(rows)
    if layout == "long":
        comparisons, own = _long(rows)
    elif layout == "rankings":
        comparisons, own = _rankings(rows, unranked)
    elif layout == "best-worst":
        comparisons, own = _best_worst(rows)
    elif layout == "square":
        return ComparisonTable(layout, _square(rows), {})
    else:
        comparisons, own = _wide(rows)
    rows.done()
    return ComparisonTable(layout, comparisons, {name: _typed(own[name]) for name in own})


def _layout(rows: Rows) -> Layout:
    lower = [name.lower() for name in rows.columns]
    for layout, keys in _KEYS.items():
        if set(keys) <= set(lower):
            rows.columns = tuple(
                low if low in (*keys, "group") else name
                for low, name in zip(lower, rows.columns, strict=True)
            )
            return layout
    if len(rows.columns) > 2 and rows.columns[1:] == tuple(
        cells[0].strip() for _, cells in rows.lines
    ):
        return "square"
    if any(_pair(name) for name in rows.columns):
        return "wide"
    known = "; ".join(f"{', '.join(keys)} ({layout})" for layout, keys in _KEYS.items())
    mend = f'name the columns: {known}; or "A:B" for each pair (wide); or a square table.'
    rows.find(1, "", "holds comparisons in no known layout.", mend)
    rows.done()
    raise AssertionError


def _pair(column: str) -> tuple[str, str] | None:
    first, colon, second = (part.strip() for part in column.partition(":"))
    return (first, second) if colon and first and second and ":" not in second else None


def _name(rows: Rows, line: int, column: str, cell: str) -> str:
    name = cell.strip()
    if not name:
        rows.find(line, column, "is empty.", "write a name.")
    return name


def _result(rows: Rows, line: int, column: str, cell: str) -> int | None:
    text = cell.strip()
    if text.lower() in _RESULTS:
        return _RESULTS[text.lower()]
    number = rows.number(line, column, text)
    if number is not None and number not in (-1, 0, 1):
        mend = "write 1 (first), -1 (second), 0 (tie) or nothing."
        rows.find(line, column, f"{number:g} is no result of a comparison.", mend)
        return None
    return None if number is None else int(number)


def _check(rows: Rows, items: _Index, persons: _Index) -> None:
    """Stop with all findings so far; what is left can be counted."""
    if len(items.names) < 2:
        rows.find(1, "", "names fewer than two items.", "add comparisons.")
    if not persons.names:
        rows.find(1, "", "holds no person.", "add rows.")
    if len(persons.names) * len(items.names) ** 2 > MOST_CELLS:
        problem = f"has {len(persons.names)} persons and {len(items.names)} items: too many."
        rows.find(1, "", problem, "split the file.")
    rows.done()


# --- the layouts --------------------------------------------------------------------------------

_Found = tuple[Comparisons, dict[str, list[str]]]


def _wide(rows: Rows) -> _Found:
    items, persons = _Index(), _Index()
    pairs = {name: pair for name in rows.columns if (pair := _pair(name))}
    for name, pair in pairs.items():
        if pair[0] == pair[1]:
            rows.find(1, name, "compares an item with itself.", "rename or remove the column.")
    ends = {name: (items[a], items[b]) for name, (a, b) in pairs.items()}
    key = next((name for name in rows.columns if name.lower() in _PERSON), None)
    said: list[tuple[int, int, int, int]] = []
    for number, (line, cells) in enumerate(rows.each(), start=1):
        name = _name(rows, line, key, cells[key]) if key is not None else str(number)
        if name in persons.places:
            rows.find(line, key or "", f"names `{name}` twice.", "give each person one row.")
        for column, (a, b) in ends.items():
            result = _result(rows, line, column, cells[column])
            if result is not None:
                said.append((persons[name], a, b, result))
        _ = persons[name]
    others = [name for name in rows.columns if name not in pairs and name not in (key, "")]
    own = {name: [cells[name].strip() for _, cells in rows.each()] for name in others}
    return _counted_pairs(rows, items, persons, said), own


def _counted_pairs(
    rows: Rows, items: _Index, persons: _Index, said: Iterable[tuple[int, int, int, int]]
) -> Comparisons:
    _check(rows, items, persons)
    who, first, second, result = np.array(list(said), dtype=np.int64).reshape(-1, 4).T
    return pairwise(
        items.names, persons.names, person=who, first=first, second=second, result=result
    )


def _long(rows: Rows) -> _Found:
    items, persons = _Index(), _Index()
    said = []
    for line, cells in rows.each():
        person, first, second = (
            _name(rows, line, column, cells[column]) for column in ("person", "first", "second")
        )
        if first and first == second:
            rows.find(line, "second", f"compares `{first}` with itself.", "name two items.")
        result = _result(rows, line, "result", cells["result"])
        ends = persons[person], items[first], items[second]
        if result is not None:
            said.append((*ends, result))
    own = _described(rows, "long", persons)
    return _counted_pairs(rows, items, persons, said), own


def _rankings(rows: Rows, unranked: Unranked) -> _Found:
    items, persons = _Index(), _Index()
    ranks: dict[tuple[int, int], float] = {}
    for line, cells in rows.each():
        person, item = (_name(rows, line, column, cells[column]) for column in ("person", "item"))
        place = persons[person], items[item]
        if place in ranks:
            rows.find(line, "item", f"`{person}` ranks `{item}` twice.", "remove one of the rows.")
        rank = rows.number(line, "rank", cells["rank"])
        ranks[place] = np.nan if rank is None else rank
    own = _described(rows, "rankings", persons)
    _check(rows, items, persons)
    table = np.full((len(persons.names), len(items.names)), np.nan)
    for place, rank in ranks.items():
        table[place] = rank
    return rankings(items.names, persons.names, ranks=table, unranked=unranked), own


@dataclass
class _Set:
    """What one person was shown at once, and chose of it."""

    line: int
    person: int
    shown: list[int] = field(default_factory=list)
    chosen: dict[str, int] = field(default_factory=dict)


def _best_worst(rows: Rows) -> _Found:
    items, persons = _Index(), _Index()
    sets: dict[tuple[str, str], _Set] = {}
    for line, cells in rows.each():
        person, name, item = (
            _name(rows, line, key, cells[key]) for key in ("person", "set", "item")
        )
        one = sets.setdefault((person, name), _Set(line, persons[person]))
        if items[item] in one.shown:
            rows.find(line, "item", f"`{item}` stands twice in set `{name}`.", "remove one.")
        one.shown.append(items[item])
        _choose(rows, line, one, items[item], cells["choice"])
    for one in sets.values():
        if len(one.shown) < 2:
            rows.find(one.line, "set", "shows a single item.", "give every item of a set a row.")
    own = _described(rows, "best-worst", persons)
    _check(rows, items, persons)
    shown = np.zeros((len(sets), len(items.names)), dtype=bool)
    for place, one in enumerate(sets.values()):
        shown[place, one.shown] = True
    who = [one.person for one in sets.values()]
    best, worst = ([one.chosen.get(end, -1) for one in sets.values()] for end in ("best", "worst"))
    return best_worst(
        items.names, persons.names, person=who, shown=shown, best=best, worst=worst
    ), own


def _choose(rows: Rows, line: int, one: _Set, item: int, cell: str) -> None:
    choice = cell.strip().lower()
    if cell.strip() in EMPTY:
        return
    if choice not in ("best", "worst"):
        rows.find(line, "choice", f"`{cell[:40]}` is no choice.", "write best, worst or nothing.")
    elif choice in one.chosen:
        rows.find(line, "choice", f"names a second {choice} of its set.", "keep one.")
    else:
        one.chosen[choice] = item


def _square(rows: Rows) -> Comparisons:
    names = rows.columns[1:]
    if "" in names:
        rows.find(1, "", "has an item without a name.", "name it.")
    wins = np.zeros((len(names), len(names)))
    for i, (line, cells) in enumerate(rows.lines):
        for j, name in enumerate(names):
            wins[i, j] = rows.number(line, name, cells[j + 1], low=0) or 0.0
    rows.done()
    return counted(names, wins)


# --- what is said of persons --------------------------------------------------------------------


def _described(rows: Rows, layout: Layout, persons: _Index) -> dict[str, list[str]]:
    """Each other column by person; columns that vary within a person are of the row, not of them.

    Only `group` must not vary.
    """
    others = [name for name in rows.columns if name and name not in _KEYS[layout]]
    found: dict[str, dict[str, str]] = {name: {} for name in others}
    varying: set[str] = set()
    for line, cells in rows.each():
        for name in others:
            value, person = cells[name].strip(), cells["person"].strip()
            if found[name].setdefault(person, value) == value:
                continue
            varying.add(name)
            if name == "group":
                problem = f"`{person}` is of `{found[name][person]}` and of `{value}`."
                rows.find(line, name, problem, "give each person one group.")
    return {
        name: [found[name].get(person, "") for person in persons.names]
        for name in others
        if name not in varying
    }


def _typed(cells: list[str]) -> Values:
    filled = [cell for cell in cells if cell not in EMPTY]
    try:
        numbers = [float(cell) for cell in filled]
    except ValueError:
        numbers = []
    if not numbers or not np.all(np.isfinite(numbers)):
        return tuple("" if cell in EMPTY else cell for cell in cells)
    left = iter(numbers)
    return tuple(np.nan if cell in EMPTY else next(left) for cell in cells)
