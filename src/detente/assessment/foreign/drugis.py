"""Problems of the drugis MCDA web tool (mcda-elicitation-web), JSON, with every finding at once.

What is read of ``{"criteria", "alternatives", "performanceTable", "preferences"}``: of each
criterion its partial value function ``pvf`` (``range``, ``direction`` increasing or decreasing,
``type`` linear or piecewise-linear with ``cutoffs`` and ``values``), which stands in its only data
source or in the criterion; of each cell its ``performance``, a distribution (``dnorm`` mu sigma,
``dbeta`` alpha beta, ``dgamma`` alpha beta with beta a rate, ``range`` lowerBound upperBound) or
an ``exact`` value; of each preference the two ``criteria`` and ``type``: ``ordinal`` (the first
weighs at least as much), ``exact swing`` with the ``ratio`` of the first weight to the second, or
``ratio bound`` with two ``bounds`` of it. A cell without an alternative holds a distribution of all
alternatives at once (``relative-...``: see `drugis_relative`), which are drawn together. Beyond its
range a partial value goes on along its line, as in the tool.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente.assessment.foreign.drugis_json import Reader
from detente.assessment.foreign.drugis_relative import RELATIVE, relative
from detente.assessment.smaa.joint import Joint
from detente.assessment.smaa.laws import Law, beta, gamma, normal, point, uniform
from detente.assessment.smaa.problem import Problem
from detente.assessment.smaa.values import PartialValue, piecewise
from detente.assessment.weights.polytope import WeightSet, ratios

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
    reader = Reader(file)
    whole = reader.parsed(data)
    criteria = reader.table(whole, "criteria", "criteria")
    options = reader.table(whole, "alternatives", "alternatives")
    reader.done()
    values = {name: _value(reader, name, one) for name, one in criteria.items()}
    scores = _scores(reader, whole.get("performanceTable"), tuple(options), tuple(criteria))
    limits = _limits(reader, whole.get("preferences"), tuple(criteria))
    weights = reader.made("preferences", lambda: ratios(tuple(criteria), limits))
    reader.done()
    assert weights is not None  # else there was a finding
    rows = tuple(tuple(scores.laws[option, name] for name in criteria) for option in options)
    found = tuple(one for one in values.values() if one is not None)
    joint = tuple((place, scores.joint[n]) for place, n in enumerate(criteria) if n in scores.joint)
    return Inputs(Problem(tuple(options), tuple(criteria), rows, found, joint), weights)


def _value(reader: Reader, name: str, criterion: Any) -> PartialValue | None:
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


def _function(reader: Reader, key: str, stated: Mapping[str, Any]) -> PartialValue | None:
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


@dataclass
class _Scores:
    """Laws by option and criterion; where all options are scored at once medians, and the joint."""

    laws: dict[tuple[str, str], Law] = field(default_factory=dict)
    joint: dict[str, Joint] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)


def _scores(reader: Reader, table: Any, options: Sequence[str], criteria: Sequence[str]) -> _Scores:
    scores = _Scores()
    if not isinstance(table, list) or len(table) > MOST_CELLS:
        reader.find("performanceTable", "is no list, or too long.", "export the problem again.")
        return scores
    for place, cell in enumerate(table):
        key = f"performanceTable[{place}]"
        criterion: Any = cell.get("criterion") if isinstance(cell, dict) else None
        if criterion not in criteria:
            reader.find(f"{key}.criterion", f"`{criterion}` is no criterion.", "use its id.")
        elif cell.get("alternative") is None:
            _of_all(reader, key, cell, options, scores)
        else:
            _of_one(reader, key, cell, options, scores)
    for option in options:
        for criterion in criteria:
            if (option, criterion) not in scores.seen:
                problem = f"lacks {option} on {criterion}."
                reader.find("performanceTable", problem, "add the cell.")
    return scores


def _of_all(
    reader: Reader, key: str, cell: Mapping[str, Any], options: Sequence[str], scores: _Scores
) -> None:
    """A cell without an alternative: a distribution of all of them at once."""
    criterion = cell["criterion"]
    stated, where = _stated(cell.get("performance"), f"{key}.performance")
    kind = stated.get("type") if isinstance(stated, dict) else None
    if kind not in RELATIVE:
        mend = f"name the alternative, or write one of {', '.join(RELATIVE)}."
        reader.find(where, f"is of the type `{kind}`, and of no alternative.", mend)
    elif any((option, criterion) in scores.seen for option in options):
        reader.find(key, f"gives {criterion} once more.", "keep one of the cells.")
    else:
        joint = relative(reader, f"{where}.parameters", stated, options)
        if joint is not None:
            scores.joint[criterion] = joint
            for place, option in enumerate(options):
                median = float(joint.quantiles(place, 0.5))
                scores.laws[option, criterion] = point(median)
    scores.seen.update((option, criterion) for option in options)


def _of_one(
    reader: Reader, key: str, cell: Mapping[str, Any], options: Sequence[str], scores: _Scores
) -> None:
    option, criterion = cell["alternative"], cell["criterion"]
    law = _law(reader, f"{key}.performance", cell.get("performance"))
    if option not in options:
        reader.find(f"{key}.alternative", f"`{option}` is no alternative.", "use its id.")
    elif (option, criterion) in scores.seen:
        reader.find(key, f"gives {option} on {criterion} once more.", "keep one of the cells.")
    else:
        scores.seen.add((option, criterion))
        scores.laws.update({(option, criterion): law} if law is not None else {})


def _stated(stated: Any, key: str) -> tuple[Any, str]:
    """The distribution of a performance, or its exact effect where it has none; and its place."""
    if isinstance(stated, dict) and "type" not in stated:
        part = next((p for p in ("distribution", "effect") if p in stated), None)
        return (stated[part], f"{key}.{part}") if part else (None, key)
    return stated, key


def _law(reader: Reader, key: str, stated: Any) -> Law | None:
    """What is believed of one cell."""
    stated, key = _stated(stated, key)
    kind = stated.get("type") if isinstance(stated, dict) else None
    if kind in RELATIVE:
        mend = "leave its alternative out: it is of all of them."
        reader.find(key, f"is of the type `{kind}`, and of one alternative.", mend)
        return None
    if not isinstance(kind, str) or kind not in _LAWS:
        known = ", ".join(_LAWS)
        reader.find(key, f"is of the type `{kind}`.", f"write one of {known}.")
        return None
    names, make = _LAWS[kind]
    given = reader.named(stated.get("parameters", stated), key, names, kind)
    return None if given is None else reader.made(key, lambda: make(*given))


def _limits(reader: Reader, stated: Any, criteria: Sequence[str]) -> Limits:
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
    reader: Reader, stated: Sequence[Any], criteria: Sequence[str]
) -> Iterator[tuple[str, tuple[str, str], Mapping[str, Any]]]:
    for place, one in enumerate(stated):
        key = f"preferences[{place}]"
        pair = one.get("criteria") if isinstance(one, dict) else None
        if not isinstance(pair, list) or len(pair) != 2 or not all(c in criteria for c in pair):
            reader.find(f"{key}.criteria", "is not two known criteria.", "name two by their ids.")
            continue
        yield key, (pair[0], pair[1]), one
