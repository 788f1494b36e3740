"""Options, criteria and weights from two plain tables, CSV or Excel.

The scores, one row an option and criterion: ``option``, ``criterion``, and either ``low``, ``mid``
and ``high`` (the ends of a central interval and the median) or ``mean`` and ``sd`` (of a normal
distribution). ``mid`` or ``mean`` alone is a point.

The weights, one row a criterion: ``criterion``, ``worst`` and ``best`` (the scores between which
its swing lies; where ``best`` is the lower one, less is better), and at most one of these kinds of
statement: ``points`` of the swing, ``rank`` (1 weighs most; equal ranks and empty cells leave the
order open), or ``low`` and ``high`` limits of the weight from 0 to 1. Without one all weights fit.
"""

from __future__ import annotations

from itertools import product

from detente.assessment.foreign.drugis import Inputs
from detente.assessment.smaa.laws import Law, normal, point, two_piece
from detente.assessment.smaa.problem import Problem
from detente.assessment.smaa.values import PartialValue, linear
from detente.assessment.weights.polytope import WeightSet, bounds, free, ordinal
from detente.assessment.weights.statements import swing
from detente.elicitation.foreign.rows import Rows, read_rows
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import fit
from detente.ground.errors import CaseError, UsageError

_QUANTILES = ("low", "mid", "high")
_MOMENTS = ("mean", "sd")
_KINDS = (("points",), ("rank",), ("low", "high"))

Cells = dict[str, float]


def read_tables(
    scores_file: str,
    scores: bytes,
    weights_file: str,
    weights: bytes,
    *,
    coverage: float = 0.9,
) -> Inputs:
    """The problem and the weights in two tables.

    Parameters
    ----------
    scores_file, scores
        Name and bytes of the table of scores.
    weights_file, weights
        Name and bytes of the table of weights; its order of criteria is that of the result.
    coverage
        The share of belief from ``low`` to ``high``.

    Raises
    ------
    CaseError
        With every finding: missing columns, cells without numbers, numbers out of order, criteria
        without a range, options without a score, statements that contradict each other.

    """
    table, stated = read_rows(scores_file, scores), read_rows(weights_file, weights)
    table.need(("option", "criterion"))
    stated.need(("criterion", "worst", "best"))
    values, said = _criteria(stated)
    laws = _scores(table, values, coverage)
    made = _weights(stated, tuple(values), said)
    findings = (*table.findings, *stated.findings)
    if findings or made is None:
        raise CaseError(tuple(sorted(findings)))
    options = tuple(dict.fromkeys(option for option, _ in laws))
    rows = tuple(tuple(laws[option, name] for name in values) for option in options)
    return Inputs(Problem(options, tuple(values), rows, tuple(values.values())), made)


def _criteria(rows: Rows) -> tuple[dict[str, PartialValue], dict[str, Cells]]:
    """The value function and the numbers of each criterion."""
    values: dict[str, PartialValue] = {}
    said: dict[str, Cells] = {}
    for line, cells in rows.each():
        name = cells["criterion"].strip()
        if not name or name in said:
            rows.find(line, "criterion", "is empty or stands twice.", "name each criterion once.")
            continue
        said[name] = _numbers(rows, line, cells, ("worst", "best", "points", "rank", "low", "high"))
        ends = [said[name][end] for end in ("worst", "best") if end in said[name]]
        if len(ends) < 2 or ends[0] == ends[1]:
            mend = "state its worst and best score: without them a weight means nothing."
            rows.find(line, name, "has no range.", mend)
            continue
        values[name] = linear(min(ends), max(ends), descending=ends[0] > ends[1])
    if not said:
        rows.find(1, "", "has no criterion.", "add a row for each criterion.")
    return values, said


def _scores(
    rows: Rows, values: dict[str, PartialValue], coverage: float
) -> dict[tuple[str, str], Law]:
    laws: dict[tuple[str, str], Law] = {}
    seen: dict[tuple[str, str], int] = {}
    for line, cells in rows.each():
        option, name = cells["option"].strip(), cells["criterion"].strip()
        if not option:
            rows.find(line, "option", "is empty.", "name the option.")
        elif (option, name) in seen:
            first = seen[option, name]
            rows.find(line, name, f"is scored in line {first} already.", "keep one of the rows.")
        else:
            seen[option, name] = line
            law = _law(rows, line, _numbers(rows, line, cells, (*_QUANTILES, *_MOMENTS)), coverage)
            if law is not None:
                laws[option, name] = law
    for name in dict.fromkeys(name for _, name in seen):
        if name not in values:
            rows.find(1, name, "is no criterion with a range.", "add it to the table of weights.")
    options = dict.fromkeys(option for option, _ in seen)
    for option, name in product(options, values):
        if (option, name) not in seen:
            rows.find(1, name, f"has no score of {option}.", "add the row.")
    if not seen:
        rows.find(1, "", "has no score.", "add a row for each option and criterion.")
    return laws


def _law(rows: Rows, line: int, said: Cells, coverage: float) -> Law | None:
    has = set(said)
    if has in ({"mid"}, {"mean"}):
        return point(next(iter(said.values())))
    if has == set(_MOMENTS) and said["sd"] >= 0:
        return normal(said["mean"], said["sd"])
    if has == set(_QUANTILES) and (
        said["low"] < said["mid"] < said["high"] or said["low"] == said["mid"] == said["high"]
    ):
        origin = Provenance(Basis.ELICITED, rows.file, "", Status.UNVERIFIED)
        stated = Estimate(said["low"], said["mid"], said["high"], coverage, origin)
        return two_piece(fit(stated, "linear"))
    mend = "give low < mid < high, or mean and an sd of at least 0, or mid or mean alone."
    rows.find(line, "", "has no score that can be read.", mend)
    return None


def _weights(rows: Rows, criteria: tuple[str, ...], said: dict[str, Cells]) -> WeightSet | None:
    used = [kind for kind in _KINDS if any(set(kind) & set(one) for one in said.values())]
    if len(used) > 1:
        rows.find(1, "", "has several kinds of statement.", "keep points, or ranks, or limits.")
    if len(used) > 1 or set(criteria) != set(said):
        return None
    try:
        return _set_of(used[0] if used else (), criteria, said)
    except UsageError as error:
        rows.find(1, "", f"cannot be used: {error}", "mend the numbers.")
        return None


def _set_of(kind: tuple[str, ...], criteria: tuple[str, ...], said: dict[str, Cells]) -> WeightSet:
    if kind == ("points",):
        lacking = [name for name in criteria if "points" not in said[name]]
        if lacking:
            raise UsageError(f"{', '.join(lacking)} has no points.")
        points = {name: said[name]["points"] for name in criteria}
        return swing(points, {name: (said[name]["worst"], said[name]["best"]) for name in criteria})
    if kind == ("rank",):
        ranks = {name: said[name]["rank"] for name in criteria if "rank" in said[name]}
        pairs = [(a, b) for a, b in product(ranks, ranks) if ranks[a] < ranks[b]]
        return ordinal(criteria, pairs)
    if kind:
        limits = {n: (said[n].get("low", 0.0), said[n].get("high", 1.0)) for n in criteria}
        return bounds(criteria, limits)
    return free(criteria)


def _numbers(rows: Rows, line: int, cells: dict[str, str], names: tuple[str, ...]) -> Cells:
    """The numbers that stand in the columns ``names``."""
    found = {name: rows.number(line, name, cells.get(name, "")) for name in names}
    return {name: number for name, number in found.items() if number is not None}
