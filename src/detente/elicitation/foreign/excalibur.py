"""Studies for the classical model: EXCALIBUR's pair of files, or one plain table.

EXCALIBUR writes the answers (``.dtt``) in columns: number of the expert (5 characters), name of the
expert (9), number of the item (5, and a blank), name of the item, scale (UNI or LOG), and as many
numbers as the first line has quantiles. The realisations (``.rls``) hold number and name of the
item, the realisation, and the scale. Numbers from -1000 to -990 stand for none. Text may follow.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

import numpy as np

from detente.elicitation.cooke import Scale, Study
from detente.elicitation.foreign.rows import EMPTY, Rows, read_rows
from detente.ground.errors import CaseError

MOST_NUMBERS = 20_000_000  # of the whole table of experts x items x quantiles
MISSING = (-1000.0, -990.0)

_SCALE = re.compile(r"(?<=\s)(uni|log)(?=\s|$)", re.IGNORECASE)
_HEADER = re.compile(r"NQ\s*=\s*(\S+)\s+QU\s*=\s*(.*)", re.IGNORECASE)
_LOOSE = re.compile(r"\s*\d+\s+(\S.*?)\s+\d+\s+(\S.*?)\s*$")
_REALISED = re.compile(r"\s(\S+)\s+(uni|log)(?=\s|$)", re.IGNORECASE)
_QUANTILE = re.compile(r"q(\d+(?:\.\d+)?)", re.IGNORECASE)


@dataclass
class _Gathered:
    """What has been read so far of a study, and what is wrong with it."""

    rows: Rows
    probabilities: tuple[float, ...] = ()
    experts: dict[str, None] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    answers: dict[tuple[str, str], list[float] | None] = field(default_factory=dict)
    realisations: dict[str, float] = field(default_factory=dict)

    def answer(
        self, line: int, expert: str, item: str, scale: Scale, values: list[float] | None
    ) -> None:
        """Take one answer, None where it was not given."""
        find = self.rows.find
        self.experts.setdefault(expert)
        if (expert, item) in self.answers:
            find(line, item, f"is answered twice by {expert}.", "keep one of the answers.")
            return
        if self.scales.setdefault(item, scale) != scale:
            find(line, item, "has another scale above.", "give an item one scale, UNI or LOG.")
        self.answers[expert, item] = values
        if values is None:
            return
        if any(a >= b for a, b in pairwise(values)):
            mend = "let each quantile be larger than the one before."
            find(line, item, f"has quantiles that do not rise, by {expert}.", mend)
        if scale == "log" and min(values) <= 0:
            find(line, item, "is on a LOG scale and has a value of 0 or less.", _MEND_LOG)

    def realise(self, rows: Rows, line: int, item: str, value: float) -> None:
        """Take the realisation of an item."""
        if item not in self.scales:
            rows.find(line, item, "is no item of the answers.", "write its name as it is there.")
        elif self.realisations.setdefault(item, value) != value:
            rows.find(line, item, "has two realisations.", "keep one of them.")
        elif self.scales[item] == "log" and value <= 0:
            rows.find(line, item, "is on a LOG scale and was 0 or less.", _MEND_LOG)

    def study(self) -> Study:
        """The study, where nothing is wrong with it."""
        experts, items = tuple(self.experts), tuple(self.scales)
        asked = len(self.probabilities)
        if len(experts) * len(items) * asked > MOST_NUMBERS:
            self.rows.find(0, "", "has too many experts and items.", "split the study.")
        if not self.answers:
            self.rows.find(0, "", "has no answer.", "add the answers of at least one expert.")
        self.rows.done()
        who = {name: place for place, name in enumerate(experts)}
        what = {name: place for place, name in enumerate(items)}
        answers = np.full((len(experts), len(items), asked), np.nan)
        for (expert, item), values in self.answers.items():
            if values is not None:
                answers[who[expert], what[item]] = values
        return Study(
            experts=experts,
            items=items,
            scales=tuple(self.scales.values()),
            probabilities=np.array(self.probabilities),
            answers=answers,
            realisations=np.array([self.realisations.get(item, np.nan) for item in items]),
        )


_MEND_LOG = "make it larger than 0, or put the item on the UNI scale."


def read_excalibur(
    answers_file: str, answers: bytes, realisations_file: str, realisations: bytes
) -> Study:
    """The study in EXCALIBUR's files of answers (``.dtt``) and realisations (``.rls``).

    Both are in UTF-8 or Latin-1. An item is known by its name, and its scale is that of the
    answers; one without a realisation is a target.

    Raises
    ------
    CaseError
        With every finding: a header without quantiles, lines that cannot be read, too few numbers,
        quantiles that do not rise, a LOG item at 0 or less, answers given twice, an unknown item.

    """
    rows, seen = Rows(answers_file), Rows(realisations_file)
    found = _Gathered(rows)
    lines = _lines(answers)
    if not lines:
        rows.find(1, "", "is empty.", "export the study again.")
    else:
        found.probabilities = _header(rows, *lines[0])
    rows.done()
    for line, text in lines[1:]:
        _answer(found, line, text)
    for line, text in _lines(realisations):
        _realisation(found, seen, line, text)
    if rows.findings or seen.findings:
        raise CaseError(tuple(sorted(rows.findings) + sorted(seen.findings)))
    return found.study()


def _lines(data: bytes) -> list[tuple[int, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    # Old files end in Ctrl-Z.
    numbered = enumerate((line.rstrip(" \t\r\x1a\x00") for line in text.split("\n")), start=1)
    return [(number, line) for number, line in numbered if line.strip()]


def _header(rows: Rows, line: int, text: str) -> tuple[float, ...]:
    match = _HEADER.search(text)
    mend = "begin the file with `* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95`."
    if not match:
        rows.find(line, "", "names no quantiles.", mend)
        return ()
    percents = _numbers(match[2].split())
    if percents is None or not percents:
        rows.find(line, "QU", f"`{match[2][:40]}` are no percentages.", mend)
        return ()
    if match[1] != str(len(percents)):
        rows.find(line, "NQ", f"is {match[1][:10]}, but {len(percents)} quantiles follow.", mend)
    _check_percents(rows, line, percents)
    return tuple(percent / 100 for percent in percents)


def _check_percents(rows: Rows, line: int, percents: list[float]) -> None:
    ends = [0.0, *(percent / 100 for percent in percents), 1.0]
    if any(a >= b for a, b in pairwise(ends)):
        mend = "let the percentages rise, all between 0 and 100."
        rows.find(line, "", "has quantiles out of order or off the scale.", mend)


def _answer(found: _Gathered, line: int, text: str) -> None:
    place = _scale_of(text)
    names = _names(text[: place.start()]) if place else None
    if place is None or names is None:
        mend = "write number, expert, number, item, UNI or LOG, and the quantiles."
        found.rows.find(line, "", "cannot be read as an answer.", mend)
        return
    expert, item = names
    asked = len(found.probabilities)
    cells = text[place.end() :].split()
    values = _numbers(cells[:asked])
    if values is None or len(values) < asked or (len(cells) > asked and _numbers(cells)):
        problem = f"has no {asked} numbers of {expert}."
        found.rows.find(line, item, problem, f"give all {asked} quantiles, or -999 for each.")
        return
    missing = [MISSING[0] <= value <= MISSING[1] for value in values]
    if any(missing) and not all(missing):
        mend = f"give all {asked} quantiles, or -999 for each."
        found.rows.find(line, item, f"has some quantiles of {expert} only.", mend)
        return
    scale = cast("Scale", place[1].lower())
    found.answer(line, expert, item, scale, None if all(missing) else values)


def _scale_of(text: str) -> re.Match[str] | None:
    """Where the scale stands: in its own columns, else the first that numbers follow."""
    fixed = _SCALE.match(text, 35)
    if fixed:
        return fixed
    places = list(_SCALE.finditer(text))
    followed = (p for p in places if _numbers(text[p.end() :].split()[:1]))
    return next(followed, places[0] if places else None)


def _names(head: str) -> tuple[str, str] | None:
    """Expert and item, by columns, or by their numbers where the columns have shifted."""
    if _is_whole(head[:5]) and _is_whole(head[14:19]) and head[19:20].isspace():
        expert, item = head[5:14].strip(), head[20:].strip()
    else:
        match = _LOOSE.match(head)
        expert, item = (match[1], match[2]) if match else ("", "")
    return (expert, item) if expert and item else None


def _realisation(found: _Gathered, rows: Rows, line: int, text: str) -> None:
    places = list(_REALISED.finditer(text))
    place = next((p for p in places if _numbers([p[1]])), None)
    if place is None:
        mend = "write number, item, realisation (-999 for none), and UNI or LOG."
        rows.find(line, "", "cannot be read as a realisation.", mend)
        return
    head = text[: place.start()]
    numbered = _is_whole(head[:5])
    item = (head[5:] if numbered else head.strip().partition(" ")[2]).strip()
    value = float(place[1])
    if MISSING[0] <= value <= MISSING[1]:
        if item not in found.scales:
            rows.find(line, item, "is no item of the answers.", "write its name as it is there.")
        return
    found.realise(rows, line, item, value)


def _is_whole(text: str) -> bool:
    return text.strip().isdecimal()


def _numbers(cells: list[str]) -> list[float] | None:
    """The cells as finite numbers; None where one is none."""
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        return None
    return values if all(math.isfinite(value) for value in values) else None


def read_cooke_table(file: str, data: bytes) -> Study:
    """The study in one table, CSV or Excel: a row for each answer.

    Columns are ``expert``, ``item``, one for each quantile named by its percentage (``q5``,
    ``q50``, ``q95``, or ``q2.5``), and, where wanted, ``scale`` (UNI, which is also what an empty
    cell is, or LOG) and ``realisation`` (empty for a target; one row of an item is enough).

    Raises
    ------
    CaseError
        With every finding, as `read_excalibur`.

    """
    rows = read_rows(file, data)
    rows.need(["expert", "item"])
    named = sorted((float(m[1]), c) for c in rows.columns if (m := _QUANTILE.fullmatch(c)))
    if not named:
        mend = "name them by percentages, such as q5, q50 and q95."
        rows.find(1, "", "has no columns of quantiles.", mend)
    _check_percents(rows, 1, [percent for percent, _ in named])
    rows.done()
    found = _Gathered(rows, tuple(percent / 100 for percent, _ in named))
    realised = []
    for line, cells in rows.each():
        _row(found, line, cells, [column for _, column in named])
        value = rows.number(line, "realisation", cells.get("realisation", ""))
        if value is not None:
            realised.append((line, cells["item"].strip(), value))
    for line, item, value in realised:
        found.realise(rows, line, item, value)
    return found.study()


def _row(found: _Gathered, line: int, cells: dict[str, str], columns: list[str]) -> None:
    rows = found.rows
    expert, item = cells["expert"].strip(), cells["item"].strip()
    for column, name in (("expert", expert), ("item", item)):
        if not name:
            rows.find(line, column, "is empty.", "name it.")
    scale = cells.get("scale", "").strip().lower() or "uni"
    if scale not in ("uni", "log"):
        rows.find(line, "scale", f"`{scale[:40]}` is no scale.", "write UNI or LOG.")
    given = [column for column in columns if cells[column].strip() not in EMPTY]
    values = [rows.number(line, column, cells[column]) for column in given]
    known = [value for value in values if value is not None]
    if given and len(given) < len(columns):
        rows.find(line, item, f"has some quantiles of {expert} only.", "give all, or none.")
    elif expert and item and scale in ("uni", "log") and len(known) == len(given):
        found.answer(line, expert, item, cast("Scale", scale), known or None)
