"""Ratings under the IDEA protocol from tables: the long one of aggreCAT, and a plain one.

The long table has a row for each number (columns ``round``, ``paper_id``, ``user_name``,
``question``, ``element``, ``value`` and perhaps ``group``); the plain one a row for each answer
(``person``, ``question``, ``low``, ``value``, ``high`` and perhaps ``round``, ``confidence`` and
``group``). Both stand in percent where any of their three-point values exceeds 1.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.elicitation.foreign.rows import Rows, read_rows
from detente.elicitation.idea.ratings import Ratings

Floats = NDArray[np.float64]

LONG = ("round", "paper_id", "user_name", "question", "element", "value")
PLAIN = ("person", "question", "low", "value", "high")
ELEMENTS = ("three_point_lower", "three_point_best", "three_point_upper")
MOST_CELLS = 20_000_000  # people times questions times rounds: a table with more is none of these
_ENDS = ("low", "value", "high")

Place = tuple[str, str, str]  # round, person, question


@dataclass
class _Answers:
    """What a table says, by place; of each number also its line."""

    points: dict[Place, dict[int, tuple[int, float]]] = field(default_factory=dict)
    comprehension: dict[Place, float] = field(default_factory=dict)
    confidence: dict[Place, float] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Reasons:
    """How often each coded reason was given, shape (people, questions, codes); NaN where no row."""

    codes: tuple[str, ...]
    counts: Floats


def read_idea(file: str, data: bytes) -> Ratings:
    """The ratings in a table, long where it has a column ``element``, else plain.

    People and questions stand in the order of their names, rounds by the number at their end.
    Elements other than the three points and comprehension are left out. A person whose rows name
    different groups has none.

    Raises
    ------
    CaseError
        With all findings: what is no number, off the scale, said twice, incomplete, or out of the
        order lowest, best, highest.

    """
    rows = read_rows(file, data)
    answers = _long(rows) if "element" in rows.columns else _plain(rows)
    _check(rows, answers)
    if not answers.points:
        rows.find(1, "", "has no three-point answer.", "give low, value and high of somebody.")
    rows.done()
    return _ratings(rows, answers)


def read_quiz(file: str, data: bytes, *, ratings: Ratings, column: str = "quiz_score") -> Floats:
    """Scores of prior knowledge in the order of ``ratings.people``; NaN for who has none.

    Columns ``user_name`` and ``column``. Rows of other people are left out.

    Raises
    ------
    CaseError
        With all findings.

    """
    rows = read_rows(file, data)
    rows.need(("user_name", column))
    scores: dict[str, float] = {}
    for line, cells in rows.each():
        person, score = cells["user_name"].strip(), rows.number(line, column, cells[column])
        if person in ratings.people and score is not None:
            _once(rows, scores, person, line=line, column="user_name")
            scores[person] = score
    rows.done()
    return np.array([scores.get(person, np.nan) for person in ratings.people])


def read_by_question(file: str, data: bytes, *, column: str) -> dict[str, float]:
    """One number a question, such as ``outcome`` or ``prior_means``, by ``paper_id``.

    Raises
    ------
    CaseError
        With all findings.

    """
    rows = read_rows(file, data)
    rows.need(("paper_id", column))
    found: dict[str, float] = {}
    for line, cells in rows.each():
        question, number = cells["paper_id"].strip(), rows.number(line, column, cells[column])
        if number is not None:
            _once(rows, found, question, line=line, column="paper_id")
            found[question] = number
    rows.done()
    return found


def read_reasons(file: str, data: bytes, *, ratings: Ratings) -> Reasons:
    """Coded reasons along the axes of ``ratings``; a code is every column but the two names.

    Columns ``paper_id`` and ``user_name``. Rows on other people and questions are left out.

    Raises
    ------
    CaseError
        With all findings.

    """
    rows = read_rows(file, data)
    rows.need(("paper_id", "user_name"))
    codes = tuple(name for name in rows.columns if name not in {"paper_id", "user_name"})
    found: dict[tuple[int, int], list[float]] = {}
    for line, cells, where in _placed(rows, ratings):
        counts = [rows.number(line, code, cells[code], low=0) for code in codes]
        if None in counts:
            rows.find(line, "", "lacks a count.", "write 0 where a reason was not given.")
        _once(rows, found, where, line=line, column="user_name")
        found[where] = [count or 0.0 for count in counts]
    rows.done()
    table = np.full((len(ratings.people), len(ratings.questions), len(codes)), np.nan)
    for where, row in found.items():
        table[where] = row
    return Reasons(codes, table)


def read_words(file: str, data: bytes, *, ratings: Ratings) -> Floats:
    """How many words everybody wrote on each question, shape (people, questions); NaN if nothing.

    Columns ``paper_id``, ``user_name`` and ``justification``; several rows add up, whatever their
    round. As in aggreCAT words are the spaces and one more.

    Raises
    ------
    CaseError
        With all findings.

    """
    rows = read_rows(file, data)
    rows.need(("paper_id", "user_name", "justification"))
    table = np.full((len(ratings.people), len(ratings.questions)), np.nan)
    for _, cells, where in _placed(rows, ratings):
        if cells["justification"]:
            table[where] = np.nan_to_num(table[where]) + cells["justification"].count(" ") + 1
    return table


def _placed(rows: Rows, ratings: Ratings) -> Iterator[tuple[int, dict[str, str], tuple[int, int]]]:
    who = {name: place for place, name in enumerate(ratings.people)}
    what = {name: place for place, name in enumerate(ratings.questions)}
    for line, cells in rows.each():
        person, question = cells["user_name"].strip(), cells["paper_id"].strip()
        if person in who and question in what:
            yield line, cells, (who[person], what[question])


def _once(rows: Rows, found: Container[object], key: object, *, line: int, column: str) -> None:
    if key in found:
        rows.find(line, column, "stands twice.", "keep one row.")


def _long(rows: Rows) -> _Answers:
    rows.need(LONG)
    answers = _Answers()
    for line, cells in rows.each():
        place = _place(rows, line, cells, ("round", "user_name", "paper_id"))
        element = cells["element"].strip()
        if element in ELEMENTS:
            number = rows.number(line, "value", cells["value"], low=0, high=100)
            _point(rows, answers, place, end=ELEMENTS.index(element), line=line, number=number)
        elif cells["question"].strip() == "comprehension":
            mark = rows.number(line, "value", cells["value"])
            if mark is not None:
                answers.comprehension[place] = mark
        _group(answers, place, cells)
    return answers


def _plain(rows: Rows) -> _Answers:
    rows.need(PLAIN)
    answers = _Answers()
    for line, cells in rows.each():
        place = _place(rows, line, {"round": "1", **cells}, ("round", "person", "question"))
        for end, name in enumerate(_ENDS):
            number = rows.number(line, name, cells[name], low=0, high=100)
            _point(rows, answers, place, end=end, line=line, number=number)
        sure = rows.number(line, "confidence", cells.get("confidence", ""), low=0, high=100)
        if sure is not None:
            answers.confidence[place] = sure
        _group(answers, place, cells)
    return answers


def _place(rows: Rows, line: int, cells: Mapping[str, str], names: tuple[str, str, str]) -> Place:
    for name in names:
        if not cells[name].strip():
            rows.find(line, name, "is empty.", "fill the cell.")
    one, two, three = (cells[name].strip() for name in names)
    return one, two, three


def _point(
    rows: Rows, answers: _Answers, place: Place, *, end: int, line: int, number: float | None
) -> None:
    if number is None:
        return
    points = answers.points.setdefault(place, {})
    if end in points:
        column, said = _ENDS[end], " / ".join(place)
        rows.find(
            line,
            column,
            f"is said twice by {said}, first in line {points[end][0]}.",
            "keep one row a person, question and round.",
        )
    else:
        points[end] = (line, number)


def _group(answers: _Answers, place: Place, cells: Mapping[str, str]) -> None:
    if cells.get("group", "").strip():
        answers.groups.setdefault(place[1], set()).add(cells["group"].strip())


def _check(rows: Rows, answers: _Answers) -> None:
    for place, points in answers.points.items():
        line, said = points[max(points)][0], " / ".join(place)
        if len(points) < len(_ENDS):
            lacking = ", ".join(name for end, name in enumerate(_ENDS) if end not in points)
            rows.find(line, lacking, f"lacks in the answer of {said}.", "give all three or none.")
            continue
        low, best, high = (points[end][1] for end in range(3))
        if not low <= best <= high:
            numbers = f"{low:g}, {best:g}, {high:g}"
            rows.find(
                line,
                "value",
                f"of {said} stands out of order: {numbers}.",
                "write lowest <= best <= highest.",
            )


def _ratings(rows: Rows, answers: _Answers) -> Ratings:
    places = sorted(answers.points)
    rounds = tuple(sorted({place[0] for place in places}, key=_by_number))
    people = tuple(sorted({place[1] for place in places}))
    questions = tuple(sorted({place[2] for place in places}))
    shape = (len(rounds), len(people), len(questions))
    if np.prod(shape, dtype=np.float64) > MOST_CELLS:
        counts = f"{shape[1]} people and {shape[2]} questions"
        rows.find(1, "", f"names {counts}, too many for a panel.", "check the columns' names.")
        rows.done()
    axes = [{name: at for at, name in enumerate(names)} for names in (rounds, people, questions)]
    where = {place: (axes[0][place[0]], axes[1][place[1]], axes[2][place[2]]) for place in places}
    triples = {
        place: [points[end][1] for end in range(3)] for place, points in answers.points.items()
    }
    percent = any(high > 1 for _, _, high in triples.values())
    values = np.full((*shape, 3), np.nan)
    for place, triple in triples.items():
        values[where[place]] = triple
    sure = _table(answers.confidence, where, shape)
    return Ratings(
        people,
        questions,
        rounds,
        answers=values / 100 if percent else values,
        comprehension=_table(answers.comprehension, where, shape),
        confidence=sure / 100 if (np.nan_to_num(sure) > 1).any() else sure,
        groups=tuple(_only(answers.groups.get(person, set())) for person in people),
        percent=percent,
    )


def _table(
    said: Mapping[Place, float],
    where: Mapping[Place, tuple[int, int, int]],
    shape: tuple[int, int, int],
) -> Floats:
    table = np.full(shape, np.nan)
    for place, number in said.items():
        if place in where:
            table[where[place]] = number
    return table


def _only(names: set[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""


def _by_number(name: str) -> tuple[int, str]:
    digits = re.search(r"(\d+)\D*$", name)
    return (int(digits[1]) if digits else 0), name
