"""Problems of the drugis MCDA web tool (mcda-elicitation-web), JSON, with every finding at once.

What is read of ``{"criteria", "alternatives", "performanceTable", "preferences"}``: of each
criterion its partial value function ``pvf`` (``range``, ``direction`` increasing or decreasing,
``type`` linear or piecewise-linear with ``cutoffs`` and ``values``), which stands in its only data
source or in the criterion; of each cell its ``performance``, a distribution (``dnorm`` mu sigma,
``dbeta`` alpha beta, ``dgamma`` alpha beta with beta a rate, ``range`` lowerBound upperBound) or
an ``exact`` value; of each preference the two ``criteria`` and ``type``: ``ordinal`` (the first
weighs at least as much), ``exact swing`` with the ``ratio`` of the first weight to the second, or
``ratio bound`` with two ``bounds`` of it. Distributions of several alternatives at once
(``relative-...``) are findings: cut into independent ones they would say something else. Beyond
its range a partial value goes on along its line, as in the tool.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from detente.assessment.smaa.laws import Law, beta, gamma, normal, point, uniform
from detente.assessment.smaa.problem import Problem
from detente.assessment.smaa.values import PartialValue, piecewise
from detente.assessment.weights.polytope import WeightSet, ratios
from detente.ground.errors import CaseError, Finding, UsageError

Found = TypeVar("Found")
Limits = dict[tuple[str, str], tuple[float, float]]

MOST_CELLS = 200_000

_LAWS: dict[str, tuple[tuple[str, ...], Callable[..., Law]]] = {
    "exact": (("value",), point),
    "dnorm": (("mu", "sigma"), normal),
    "dbeta": (("alpha", "beta"), beta),
    "dgamma": (("alpha", "beta"), gamma),
    "range": (("lowerBound", "upperBound"), uniform),
}


@dataclass(frozen=True, eq=False)
class Inputs:
    """A problem and what was said of its weights, as they were read."""

    problem: Problem
    weights: WeightSet


@dataclass
class _Reader:
    """The file, and what is wrong with it."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def find(self, key: str, problem: str, mend: str) -> None:
        self.findings.append(Finding(self.file, 0, key, problem, mend))

    def table(self, parent: Any, name: str, key: str) -> Mapping[str, Any]:
        """The object ``name`` of ``parent``; an empty one with a finding where it is none."""
        value = parent.get(name) if isinstance(parent, dict) else None
        if isinstance(value, dict) and value:
            return value
        self.find(key, "is missing, empty, or no object.", "export the problem again.")
        return {}

    def numbers(self, value: Any, key: str, count: int | None = None) -> tuple[float, ...] | None:
        """A list of finite numbers, ``count`` of them if it is given; None with a finding."""
        listed = value if isinstance(value, list) else [None]
        if all(map(_is_number, listed)) and count in {None, len(listed)}:
            return tuple(map(float, listed))
        many = "" if count is None else f"{count} "
        self.find(key, f"is no list of {many}numbers.", "write numbers between brackets.")
        return None

    def made(self, key: str, make: Callable[[], Found]) -> Found | None:
        """What ``make`` makes; None, with what it raised as a finding."""
        try:
            return make()
        except UsageError as error:
            self.find(key, f"cannot be used: {error}", "mend the numbers.")
            return None

    def done(self) -> None:
        if self.findings:
            raise CaseError(tuple(sorted(self.findings)))


def read_drugis(file: str, data: bytes) -> Inputs:
    """The problem and its preferences in an export; without preferences all weights fit.

    Options and criteria bear the ids of the file, in its order.

    Raises
    ------
    CaseError
        With every finding: no JSON, parts that are missing, value functions without a range,
        distributions that are unknown or impossible, cells that are missing or stand twice,
        preferences on unknown criteria or that contradict each other.

    """
    reader = _Reader(file)
    whole = _parse(reader, data)
    criteria = reader.table(whole, "criteria", "criteria")
    options = reader.table(whole, "alternatives", "alternatives")
    reader.done()
    values = {name: _value(reader, name, one) for name, one in criteria.items()}
    scores = _scores(reader, whole.get("performanceTable"), tuple(options), tuple(criteria))
    limits = _limits(reader, whole.get("preferences"), tuple(criteria))
    weights = reader.made("preferences", lambda: ratios(tuple(criteria), limits))
    reader.done()
    assert weights is not None  # else there was a finding
    rows = tuple(tuple(scores[option, name] for name in criteria) for option in options)
    found = tuple(one for one in values.values() if one is not None)
    return Inputs(Problem(tuple(options), tuple(criteria), rows, found), weights)


def _parse(reader: _Reader, data: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem, mend = "is not UTF-8 from here on.", "save the file in UTF-8."
        reader.findings.append(Finding(reader.file, line, "", problem, mend))
    except json.JSONDecodeError as error:
        problem, mend = f"is no JSON from here on: {error.msg}.", "export the problem again."
        reader.findings.append(Finding(reader.file, error.lineno, "", problem, mend))
    except RecursionError:
        reader.find("", "is nested too deeply.", "export the problem again.")
    else:
        if isinstance(whole, dict):
            return whole
        reader.find("", "is no object.", "export the problem again.")
    reader.done()
    raise AssertionError  # there was a finding


def _value(reader: _Reader, name: str, criterion: Any) -> PartialValue | None:
    key = f"criteria.{name}"
    stated = criterion.get("pvf") if isinstance(criterion, dict) else None
    if stated is None and isinstance(criterion, dict):
        sources = criterion.get("dataSources")
        if not isinstance(sources, list) or len(sources) != 1:
            reader.find(f"{key}.dataSources", "is not one source.", "keep one source a criterion.")
            return None
        key = f"{key}.dataSources[0]"
        stated = sources[0].get("pvf") if isinstance(sources[0], dict) else None
    if not isinstance(stated, dict) or "range" not in stated:
        mend = "state the scores from worst to best: without them weights mean nothing."
        reader.find(f"{key}.pvf", "has no range.", mend)
        return None
    return _function(reader, f"{key}.pvf", stated)


def _function(reader: _Reader, key: str, stated: Mapping[str, Any]) -> PartialValue | None:
    ends = reader.numbers(stated["range"], f"{key}.range", 2)
    kind, direction = stated.get("type"), stated.get("direction")
    if direction not in ("increasing", "decreasing"):
        reader.find(f"{key}.direction", f"is `{direction}`.", "write increasing or decreasing.")
        return None
    best = (0.0, 1.0) if direction == "increasing" else (1.0, 0.0)
    cuts: tuple[float, ...] | None = ()
    inner: tuple[float, ...] | None = ()
    if kind == "piecewise-linear":
        cuts = reader.numbers(stated.get("cutoffs"), f"{key}.cutoffs")
        inner = reader.numbers(stated.get("values"), f"{key}.values")
    elif kind != "linear":
        reader.find(f"{key}.type", f"is `{kind}`.", "write linear or piecewise-linear.")
        return None
    if ends is None or cuts is None or inner is None:
        return None
    knots, worths = (ends[0], *cuts, ends[1]), (best[0], *inner, best[1])
    return reader.made(key, lambda: piecewise(knots, worths, beyond="extend"))


def _scores(
    reader: _Reader, table: Any, options: Sequence[str], criteria: Sequence[str]
) -> dict[tuple[str, str], Law]:
    scores: dict[tuple[str, str], Law] = {}
    seen: set[tuple[str, str]] = set()
    if not isinstance(table, list) or len(table) > MOST_CELLS:
        reader.find("performanceTable", "is no list, or too long.", "export the problem again.")
        return scores
    for place, cell in enumerate(table):
        key = f"performanceTable[{place}]"
        criterion: Any = cell.get("criterion") if isinstance(cell, dict) else None
        if criterion not in criteria:
            reader.find(f"{key}.criterion", f"`{criterion}` is no criterion.", "use its id.")
            continue
        option: Any = cell.get("alternative")
        law = _law(reader, f"{key}.performance", cell.get("performance"))
        if option is None and law is None:  # a distribution of all alternatives: found above
            seen.update((one, criterion) for one in options)
            continue
        if option not in options:
            reader.find(f"{key}.alternative", f"`{option}` is no alternative.", "use its id.")
        elif (option, criterion) in seen:
            reader.find(key, f"gives {option} on {criterion} once more.", "keep one of the cells.")
        else:
            seen.add((option, criterion))
            scores.update({(option, criterion): law} if law is not None else {})
    for option in options:
        for criterion in criteria:
            if (option, criterion) not in seen:
                problem = f"lacks {option} on {criterion}."
                reader.find("performanceTable", problem, "add the cell.")
    return scores


def _law(reader: _Reader, key: str, stated: Any) -> Law | None:
    """The distribution of a performance, or its exact effect where it has none."""
    if isinstance(stated, dict) and "type" not in stated:
        part = next((p for p in ("distribution", "effect") if p in stated), None)
        stated, key = (stated[part], f"{key}.{part}") if part else (None, key)
    kind = stated.get("type") if isinstance(stated, dict) else None
    if not isinstance(kind, str) or kind not in _LAWS:
        known = ", ".join(_LAWS)
        reader.find(key, f"is of the type `{kind}`.", f"write one of {known}.")
        return None
    names, make = _LAWS[kind]
    numbers = stated.get("parameters", stated)
    given: list[Any] = [None]
    if isinstance(numbers, dict):
        given = [numbers.get(name) for name in names]
    if not all(map(_is_number, given)):
        reader.find(key, f"lacks numbers of {kind}.", f"give {' and '.join(names)}.")
        return None
    return reader.made(key, lambda: make(*map(float, given)))


def _limits(reader: _Reader, stated: Any, criteria: Sequence[str]) -> Limits:
    limits: Limits = {}
    if not stated:
        return limits
    if not isinstance(stated, list):
        reader.find("preferences", "is no list.", "export the problem again.")
        return limits
    for key, pair, one in _statements(reader, stated, criteria):
        kind = one.get("type")
        if kind == "ordinal":
            found: tuple[float, ...] | None = (1.0, math.inf)
        elif kind == "exact swing":
            found = reader.numbers([one.get("ratio")] * 2, f"{key}.ratio", 2)
        elif kind == "ratio bound":
            found = reader.numbers(one.get("bounds"), f"{key}.bounds", 2)
        else:
            mend = "write ordinal, exact swing or ratio bound."
            reader.find(f"{key}.type", f"is `{kind}`.", mend)
            continue
        if pair in limits:
            reader.find(key, f"compares {pair[0]} with {pair[1]} once more.", "keep one of them.")
        elif found is not None:
            limits[pair] = (found[0], found[1])
    return limits


def _statements(
    reader: _Reader, stated: Sequence[Any], criteria: Sequence[str]
) -> Iterator[tuple[str, tuple[str, str], Mapping[str, Any]]]:
    for place, one in enumerate(stated):
        key = f"preferences[{place}]"
        pair = one.get("criteria") if isinstance(one, dict) else None
        if not isinstance(pair, list) or len(pair) != 2 or not all(c in criteria for c in pair):
            reader.find(f"{key}.criteria", "is not two known criteria.", "name two by their ids.")
            continue
        yield key, (pair[0], pair[1]), one


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
