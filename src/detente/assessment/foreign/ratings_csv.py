"""Ratings of reassurance by people of two sides or more, from a plain table, CSV or Excel.

One row a rating: ``measure``, ``giver`` (the side that would take the measure), ``receiver`` (the
side that it may reassure), ``question``, ``person`` (any name, the same in all rows), ``rating``.

==========  ======================  ================================================  ========
question    who rates               what                                              rating
==========  ======================  ================================================  ========
expected    a person of the giver   how much it would reassure the receiver           0 to 10
said        one of the receiver     how much it would reassure them                   0 to 10
cost        one of the giver        what it would cost the giver                      0 to 10
kept_own    one of the giver        the probability that the giver keeps it           0 to 1
kept_other  one of the receiver     the probability that the giver keeps it           0 to 1
==========  ======================  ================================================  ========

Of ``cost`` and ``kept_own`` the receiver may be left empty: they are asked once of each measure and
giver. A person belongs to one side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.assessment.ledger import Ratings
from detente.elicitation.foreign.rows import Rows, read_rows

COLUMNS = ("measure", "giver", "receiver", "question", "person", "rating")
MOST_SIDES = 50

Role = Literal["giver", "receiver"]


@dataclass(frozen=True)
class _Question:
    """Who rates, and about whom; ``kind`` is that of the ledger's ratings, ``high`` the scale's."""

    kind: str
    by: Role
    about: Role | None
    high: float

    @property
    def has_receiver(self) -> bool:
        """Whether it is asked anew of each receiver."""
        return "receiver" in (self.by, self.about)


QUESTIONS: Mapping[str, _Question] = {
    "expected": _Question("reassurance-expected", "giver", "receiver", 10.0),
    "said": _Question("reassurance-received", "receiver", "giver", 10.0),
    "cost": _Question("cost", "giver", None, 10.0),
    "kept_own": _Question("kept", "giver", "giver", 1.0),
    "kept_other": _Question("kept", "receiver", "giver", 1.0),
}


@dataclass(frozen=True, eq=False)
class RatingsTable:
    """Ratings as `detente.assessment.ledger.entries` takes them; names in the order of the rows."""

    ratings: Ratings
    measures: tuple[str, ...]
    sides: tuple[str, ...]


@dataclass
class _Table:
    """What was read so far."""

    values: dict[tuple[str, str, str, str | None], list[float]]
    lines: dict[tuple[str, str, str, str | None, str], int]
    side_of: dict[str, str]


def read_ratings(file: str, data: bytes) -> RatingsTable:
    """The ratings in a table.

    Raises
    ------
    CaseError
        With every finding: missing columns or cells, questions that are unknown, ratings outside
        their scale, sides that give to themselves, people on two sides, ratings that stand twice.

    """
    rows = read_rows(file, data)
    rows.need(COLUMNS)
    table = _Table(defaultdict(list), {}, {})
    measures: dict[str, None] = {}
    sides: dict[str, None] = {}
    for line, cells in rows.each():
        texts = {name: cells[name].strip() for name in COLUMNS}
        measures.update(dict.fromkeys(filter(None, [texts["measure"]])))
        sides.update(dict.fromkeys(filter(None, (texts["giver"], texts["receiver"]))))
        _row(rows, line, texts, table)
    if not rows.lines:
        rows.find(1, "", "has no rating.", "add a row for each rating.")
    elif len(sides) < 2:
        rows.find(1, "receiver", "names one side only.", "name who gives and who receives.")
    elif len(sides) > MOST_SIDES:
        rows.find(1, "giver", f"names {len(sides)} sides.", "write a side, not a person.")
    rows.done()
    ratings = {key: np.array(values) for key, values in table.values.items()}
    return RatingsTable(ratings, tuple(measures), tuple(sides))


def _row(rows: Rows, line: int, texts: Mapping[str, str], table: _Table) -> None:
    before = len(rows.findings)
    question = QUESTIONS.get(texts["question"])
    if question is None:
        told = f"is `{texts['question'][:40]}`."
        rows.find(line, "question", told, f"write one of {', '.join(QUESTIONS)}.")
    needed = {"measure", "giver", "person"} | ({"receiver"} if _needs_receiver(question) else set())
    for name in COLUMNS:
        if name in needed and not texts[name]:
            rows.find(line, name, "is empty.", "fill the cell.")
    if texts["giver"] and texts["giver"] == texts["receiver"]:
        rows.find(line, "receiver", "is the giver.", "name another side.")
    high = 10.0 if question is None else question.high
    rating = rows.number(line, "rating", texts["rating"], low=0.0, high=high)
    if rating is None and len(rows.findings) == before:
        rows.find(line, "rating", "is empty.", "write a number, or remove the row.")
    if len(rows.findings) == before and question is not None and rating is not None:
        _add(rows, line, (question, texts), rating, table)


def _needs_receiver(question: _Question | None) -> bool:
    return question is not None and question.has_receiver


def _add(
    rows: Rows,
    line: int,
    row: tuple[_Question, Mapping[str, str]],
    rating: float,
    table: _Table,
) -> None:
    question, texts = row
    person, by = texts["person"], texts[question.by]
    about = texts[question.about] if question.about else None
    side = table.side_of.setdefault(person, by)
    if side != by:
        told = f"`{person[:40]}` answers for {by}, and before for {side}."
        rows.find(line, "person", told, "let each person belong to one side.")
        return
    key = (question.kind, texts["measure"], by, about)
    first = table.lines.setdefault((*key, person), line)
    if first != line:
        told = f"of {person[:40]} stands in line {first} already."
        rows.find(line, "rating", told, "keep one of the rows.")
        return
    table.values[key].append(rating)
