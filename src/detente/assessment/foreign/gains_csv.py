"""Who gains what by which measures, and the rules of packages, from plain tables, CSV or Excel.

The gains, one row a party and measure: ``party``, ``measure``, ``gain``, in the party's own units
against its own trend without agreement; where wanted ``low`` and ``high`` (the interval of the
gain), ``side`` (of the party; it is one of its own where left out) and ``weight`` (how the weight
of a side is split among its parties; evenly where left out). Side and weight may stand in one row
of a party alone. A gain of nothing is written as 0: no cell is guessed.

The rules, in as many tables as wanted, one row a rule: ``rule``, ``measure``, ``with``, ``value``.

=============  ===========  =====================  ==============================================
rule           measure      with                   value
=============  ===========  =====================  ==============================================
needs          a measure    what it needs
excludes       a measure    another measure
required       a measure
choice         a measure    an issue: one measure
                            of it is in
red-line       a measure    the party
cost           a measure    a budget               what it costs
budget                      a budget               its limit
side-weight                 a side                 its weight; sides weigh the same where left out
received       a measure    a side                 what the side receives by it, in one unit
verifiable     a measure                           from 0 to 1
unilateral     a measure
revocable      a measure
earliest       a measure                           the first step in which it may begin
latest         a measure                           the last step in which it may begin
=============  ===========  =====================  ==============================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from detente.assessment.bargain.problem import Budget, Floats, Problem, Rules
from detente.elicitation.foreign.rows import Rows, read_rows
from detente.ground.errors import CaseError, Finding, UsageError

Kind = Literal["", "measure", "party", "side", "name"]

GAINS = ("party", "measure", "gain")
RULES = ("rule", "measure", "with", "value")
MOST_STEPS = 1_000

_TAKES: Mapping[str, tuple[bool, Kind, bool]] = {  # a measure, what it is with, a value
    "needs": (True, "measure", False),
    "excludes": (True, "measure", False),
    "required": (True, "", False),
    "choice": (True, "name", False),
    "red-line": (True, "party", False),
    "cost": (True, "name", True),
    "budget": (False, "name", True),
    "side-weight": (False, "side", True),
    "received": (True, "side", True),
    "verifiable": (True, "", True),
    "unilateral": (True, "", False),
    "revocable": (True, "", False),
    "earliest": (True, "", True),
    "latest": (True, "", True),
}
_LIMITS = {"verifiable": (0.0, 1.0), "earliest": (1.0, MOST_STEPS), "latest": (1.0, MOST_STEPS)}


@dataclass(frozen=True, eq=False)
class Marks:
    """What a path asks of the m measures: see `detente.assessment.bargain.sequence.Course`.

    ``received`` has shape (2, m), by the two sides in the order of the problem, and ``verifiable``
    shape (m,); both are empty where nothing is known. A window is (measure, earliest, latest).
    """

    received: Floats = field(default_factory=lambda: np.zeros((2, 0)))
    verifiable: Floats = field(default_factory=lambda: np.zeros(0))
    unilateral: tuple[str, ...] = ()
    revocable: tuple[str, ...] = ()
    windows: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Gains:
    """A problem of packages, the intervals of its gains, shape (P, m) each, and its marks."""

    problem: Problem
    low: Floats
    high: Floats
    marks: Marks


@dataclass(frozen=True)
class _Rule:
    """A row of a table of rules; ``rows`` and ``line`` are where it stands."""

    rows: Rows
    line: int
    name: str
    measure: str
    other: str
    value: float

    def find(self, problem: str, mend: str) -> None:
        self.rows.find(self.line, self.name, problem, mend)


@dataclass
class _Party:
    """What the rows of a party say of it, and of each measure low, gain and high."""

    side: str | None = None
    weight: float | None = None
    gains: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def read_gains(file: str, data: bytes, rules: Sequence[tuple[str, bytes]] = ()) -> Gains:
    """The problem in a table of gains, under the rules of other tables, each by name and bytes.

    Measures and parties stand in the order of their first rows.

    Raises
    ------
    CaseError
        With every finding of all tables: missing columns, cells without numbers, parties without a
        gain by some measure, intervals that do not hold their gain, rules that are unknown, name
        something unknown, or contradict each other.

    """
    table, *others = _tables([(file, data), *rules])
    parties = _parties(table)
    measures = tuple(dict.fromkeys(name for one in parties.values() for name in one.lines))
    _complete(table, parties, measures)
    sides = {name: one.side or "" for name, one in parties.items()}
    found = [rule for rows in others for rule in _rules(rows, measures, sides)]
    stated = _stated(found, measures)
    weights = _side_weights(found, sides)
    marks = _marks(found, measures, sides)
    findings = [finding for rows in (table, *others) for finding in rows.findings]
    if findings:
        raise CaseError(tuple(sorted(findings)))
    cells = np.array([[one.gains[name] for name in measures] for one in parties.values()])
    try:
        problem = Problem(
            measures=measures,
            parties=tuple(parties),
            gains=cells[:, :, 1],
            sides=tuple(sides.values()),
            side_weights=weights,
            shares=np.array([one.weight or 1.0 for one in parties.values()]),
            rules=stated,
        )
    except UsageError as error:  # what only the whole shows
        table.find(1, "", f"cannot be used: {error}", "mend the rows.")
        raise CaseError(tuple(table.findings)) from error
    return Gains(problem, cells[:, :, 0], cells[:, :, 2], marks)


def _tables(files: Sequence[tuple[str, bytes]]) -> list[Rows]:
    """The tables, the first of gains and the others of rules, with their columns."""
    tables: list[Rows] = []
    findings: list[Finding] = []
    for place, (file, data) in enumerate(files):
        try:
            rows = read_rows(file, data)
            rows.need(RULES if place else GAINS)
            tables.append(rows)
        except CaseError as error:
            findings += error.findings
    if findings:
        raise CaseError(tuple(sorted(findings)))
    return tables


# --- gains ----------------------------------------------------------------------------------------


def _parties(rows: Rows) -> dict[str, _Party]:
    parties: dict[str, _Party] = {}
    for line, cells in rows.each():
        name, measure = cells["party"].strip(), cells["measure"].strip()
        if not name or not measure:
            rows.find(line, "party" if not name else "measure", "is empty.", "name it.")
            continue
        party = parties.setdefault(name, _Party())
        _of_party(rows, line, cells, party)
        if measure in party.lines:
            told = f"states {name} on {measure} once more, after line {party.lines[measure]}."
            rows.find(line, "measure", told, "keep one of the rows.")
            continue
        party.lines[measure] = line
        gain = _gain(rows, line, cells)
        if gain is not None:
            party.gains[measure] = gain
    if not parties and not rows.findings:
        rows.find(1, "", "has no gain.", "add a row for each party and measure.")
    return parties


def _of_party(rows: Rows, line: int, cells: Mapping[str, str], party: _Party) -> None:
    side = cells.get("side", "").strip()
    if side and party.side not in (None, side):
        rows.find(line, "side", f"is `{side}`, and before `{party.side}`.", "keep one of them.")
    weight = rows.number(line, "weight", cells.get("weight", ""))
    if weight is not None and weight <= 0:
        rows.find(line, "weight", f"is {weight:g}.", "write a number larger than 0.")
    elif weight is not None and party.weight not in (None, weight):
        told = f"is {weight:g}, and before {party.weight:g}."
        rows.find(line, "weight", told, "keep one of them.")
    party.side, party.weight = party.side or side or None, party.weight or weight


def _gain(rows: Rows, line: int, cells: Mapping[str, str]) -> tuple[float, float, float] | None:
    before = len(rows.findings)
    names = ("low", "gain", "high")
    low, gain, high = (rows.number(line, name, cells.get(name, "")) for name in names)
    if len(rows.findings) > before:
        return None
    if gain is None:
        rows.find(line, "gain", "is empty.", "write a number, 0 where nothing is gained.")
        return None
    if low is None and high is None:
        return gain, gain, gain
    if low is None or high is None or not low <= gain <= high:
        mend = "give low <= gain <= high, or neither low nor high."
        rows.find(line, "low", "is no interval that holds the gain.", mend)
        return None
    return low, gain, high


def _complete(rows: Rows, parties: Mapping[str, _Party], measures: Sequence[str]) -> None:
    for name, party in parties.items():
        for measure in measures:
            if measure not in party.lines:
                mend = "add the row, with 0 where it gains nothing."
                rows.find(1, measure, f"has no gain of {name}.", mend)


# --- rules ----------------------------------------------------------------------------------------


def _rules(rows: Rows, measures: Sequence[str], sides: Mapping[str, str]) -> Iterator[_Rule]:
    """The rows that can be read as a rule."""
    named: dict[Kind, set[str]] = {
        "measure": set(measures),
        "party": set(sides),
        "side": {side or party for party, side in sides.items()},
    }
    for line, cells in rows.each():
        texts = {name: cells[name].strip() for name in RULES}
        if texts["rule"] not in _TAKES:
            mend = f"write one of {', '.join(_TAKES)}."
            rows.find(line, "rule", f"is `{texts['rule'][:40]}`.", mend)
            continue
        rule = _rule(rows, line, texts, named)
        if rule is not None:
            yield rule


def _rule(
    rows: Rows, line: int, texts: Mapping[str, str], named: Mapping[Kind, set[str]]
) -> _Rule | None:
    name = texts["rule"]
    has_measure, kind, has_value = _TAKES[name]
    before = len(rows.findings)
    takes = {"measure": has_measure, "with": bool(kind), "value": has_value}
    for column, wanted in takes.items():
        if wanted != bool(texts[column]):
            told = f"has no `{column}`." if wanted else f"takes no `{column}`."
            rows.find(line, name, told, "fill the cell." if wanted else "empty the cell.")
    for column, known in (("measure", named["measure"]), ("with", named.get(kind))):
        if takes[column] and texts[column] and known is not None and texts[column] not in known:
            mend = "write it as in the table of gains."
            rows.find(line, name, f"`{texts[column][:40]}` is not known.", mend)
    low, high = _LIMITS.get(name, (-np.inf, np.inf))
    value = rows.number(line, "value", texts["value"], low=low, high=high) if has_value else 0.0
    if len(rows.findings) > before or value is None:
        return None
    rule = _Rule(rows, line, name, texts["measure"], texts["with"], value)
    if name in ("earliest", "latest") and value != round(value):
        rule.find(f"is {value:g}.", "write the number of a step.")
    if kind == "measure" and rule.measure == rule.other:
        rule.find("names one measure twice.", "name two.")
    if name == "side-weight" and value <= 0:
        rule.find(f"is {value:g}.", "write a number larger than 0.")
    return rule


def _once(rules: Sequence[_Rule], name: str) -> dict[tuple[str, str], float]:
    """The values of a rule by measure and what it is with; each may be stated once."""
    values: dict[tuple[str, str], float] = {}
    for rule in rules:
        if rule.name == name and (rule.measure, rule.other) in values:
            rule.find("is stated once more.", "keep one of the rows.")
        elif rule.name == name:
            values[rule.measure, rule.other] = rule.value
    return values


def _stated(rules: Sequence[_Rule], measures: Sequence[str]) -> Rules:
    def pairs(name: str) -> tuple[tuple[str, str], ...]:
        return tuple(_once(rules, name))

    choices: dict[str, list[str]] = {}
    for measure, issue in pairs("choice"):
        choices.setdefault(issue, []).append(measure)
    _one_choice(rules)
    return Rules(
        budgets=tuple(_budgets(rules, measures)),
        needs=pairs("needs"),
        excludes=pairs("excludes"),
        red_lines=tuple((party, measure) for measure, party in pairs("red-line")),
        required=tuple(measure for measure, _ in pairs("required")),
        choices=tuple(tuple(values) for values in choices.values()),
    )


def _one_choice(rules: Sequence[_Rule]) -> None:
    issues: dict[str, str] = {}
    for rule in rules:
        if rule.name == "choice" and issues.setdefault(rule.measure, rule.other) != rule.other:
            told = f"`{rule.measure[:40]}` is of `{issues[rule.measure][:40]}` already."
            rule.find(told, "let each measure stand in one choice.")


def _budgets(rules: Sequence[_Rule], measures: Sequence[str]) -> Iterator[Budget]:
    costs, limits = _once(rules, "cost"), _once(rules, "budget")
    for rule in rules:
        if rule.name == "cost" and ("", rule.other) not in limits:
            told = f"`{rule.other[:40]}` has no limit."
            rule.find(told, "add a row `budget` with its limit.")
    for (_, name), limit in limits.items():
        yield Budget(name, tuple(costs.get((one, name), 0.0) for one in measures), limit)


def _side_weights(
    rules: Sequence[_Rule], sides: Mapping[str, str]
) -> tuple[tuple[str, float], ...]:
    stated = {side: value for (_, side), value in _once(rules, "side-weight").items()}
    names = tuple(dict.fromkeys(side or party for party, side in sides.items()))
    last = next((rule for rule in reversed(rules) if rule.name == "side-weight"), None)
    lacking = [name for name in names if name not in stated]
    if last is not None and lacking:
        told = f"none is given for {', '.join(lacking)}."
        last.find(told, "weigh every side, or none.")
    alone = {party for party, side in sides.items() if not side}
    return tuple((f"{n} alone" if n in alone else n, stated[n]) for n in names if n in stated)


def _marks(rules: Sequence[_Rule], measures: Sequence[str], sides: Mapping[str, str]) -> Marks:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(measure for measure, _ in _once(rules, name))

    verifiable = _once(rules, "verifiable")
    return Marks(
        received=_received(rules, measures, sides),
        verifiable=np.array([verifiable.get((one, ""), 0.0) for one in measures]),
        unilateral=listed("unilateral"),
        revocable=listed("revocable"),
        windows=_windows(rules),
    )


def _received(rules: Sequence[_Rule], measures: Sequence[str], sides: Mapping[str, str]) -> Floats:
    names = tuple(dict.fromkeys(side or party for party, side in sides.items()))
    values = _once(rules, "received")
    if not values:
        return np.zeros((2, 0))
    if len(names) != 2:
        first = next(rule for rule in rules if rule.name == "received")
        first.find(f"needs two sides; there are {len(names)}.", "name two sides, or none received.")
        return np.zeros((2, 0))
    return np.array([[values.get((one, side), 0.0) for one in measures] for side in names])


def _windows(rules: Sequence[_Rule]) -> tuple[tuple[str, int, int], ...]:
    first, last = _once(rules, "earliest"), _once(rules, "latest")
    found = []
    for measure in dict.fromkeys(name for name, _ in (*first, *last)):
        start, end = first.get((measure, ""), 1.0), last.get((measure, ""), float(MOST_STEPS))
        if start > end:
            rule = next(one for one in rules if one.name == "latest" and one.measure == measure)
            rule.find(f"comes before the earliest, {start:g}.", "let it come later.")
        found.append((measure, round(start), round(end)))
    return tuple(found)
