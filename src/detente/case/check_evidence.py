"""What the ladders take from counts, answers and quiet years, and what is not independent."""

from __future__ import annotations

import math
from itertools import pairwise

from detente.case import model
from detente.case.case import Case
from detente.case.check_numbers import numbers
from detente.case.draft import Draft
from detente.ground.text import Path_

LADDER, CASE, QUESTIONS = "ladder.yaml", "case.yaml", "questions.yaml"
SCALES = {"probability": "probability", "rate": "positive", "ratio": "positive"}


def check_evidence(case: Case, draft: Draft) -> None:
    """Record every finding about where numbers of the ladders come from."""
    for file, path, number, _, kind in numbers(case):
        if isinstance(number, model.Uncertain) and number.elicited is not None:
            _elicited(case, draft, file, (*path, "elicited"), number.elicited, kind)
        if isinstance(number, model.Parameter) and number.counted is not None:
            _counted(case, draft, (*path, "counted"), number.counted, kind)
    _crisis(case, draft)
    _correlations(case, draft)
    _quiet(case, draft)
    _beside(case, draft)


def _elicited(
    case: Case, draft: Draft, file: str, path: Path_, stated: model.Elicited, kind: str
) -> None:
    quantities = draft.ids(QUESTIONS, "quantities")
    groups = draft.ids(CASE, "tracks", "sides", "parties")
    draft.known(file, (*path, "quantity"), stated.quantity, quantities, "quantity")
    draft.known(file, (*path, "group"), stated.group, groups, "track, side or party")
    scale = next((one.scale for one in case.quantities if one.id == stated.quantity), None)
    if scale is not None and scale != SCALES.get(kind):
        problem = f"`{stated.quantity}` is a quantity of scale {scale}, the number a {kind}."
        mend = f"ask for one of scale {SCALES.get(kind)}."
        draft.find(file, (*path, "quantity"), problem, mend)


def _counted(case: Case, draft: Draft, path: Path_, stated: model.Counted, kind: str) -> None:
    if kind != "rate":
        draft.find(LADDER, path, "gives a rate, not a probability.", "state the number itself.")
    ladders = draft.ids(LADDER, "ladders")
    draft.known(LADDER, (*path, "incidents"), stated.incidents, ladders, "ladder")
    if stated.start and stated.end and _first(stated.start) > _last(stated.end):
        draft.find(LADDER, (*path, "end"), "is earlier than `start`.", "correct one of them.")
    if stated.end and _last(stated.end) > _last(case.about.as_of):
        problem = f"is later than `as_of` {case.about.as_of}: those days have not been counted yet."
        draft.find(LADDER, (*path, "end"), problem, "correct the date, or `as_of` in case.yaml.")
    known = draft.column("counts.csv", "id")
    for j, name in enumerate(stated.counts):
        draft.known(LADDER, (*path, "counts", j), name, known, "count")
    rows = sorted(
        (row for row in case.counts if row.id in stated.counts), key=lambda row: _first(row.start)
    )
    for earlier, later in pairwise(rows):
        if _first(later.start) <= _last(earlier.end):
            problem = f"`{later.id}` begins before `{earlier.id}` has ended: events count twice."
            draft.find(LADDER, (*path, "counts"), problem, "name periods that do not overlap.")
    for row in rows:
        if row.count != int(row.count):
            problem = f"`{row.id}` is no whole number of events."
            draft.find(LADDER, (*path, "counts"), problem, "name counts of events.")
    if stated.reported is not None and stated.reported.value == 0:
        place = (*path, "reported", "value")
        draft.find(LADDER, place, "0 of the events are reported.", "write a share above 0.")


def _first(date: str) -> str:
    """The first day of a date of which the day, or the month, may be missing; it sorts."""
    return date + "-01-01"[len(date) - 4 :]


def _last(date: str) -> str:
    """The last day that a date may mean, or one shortly after; it sorts."""
    return date + "-12-31"[len(date) - 4 :]


def _crisis(case: Case, draft: Draft) -> None:
    crisis = case.ladder.crisis
    if crisis is None:
        return
    known, place = draft.ids(LADDER, "parameters"), ("crisis",)
    probabilities = None if known is None else known - _of_kind(case, "rate")
    draft.known(LADDER, (*place, "share"), crisis.share, probabilities, "probability")
    for name, instead in crisis.instead.items():
        path: Path_ = (*place, "instead", name)
        draft.known(LADDER, path, name, known, "parameter")
        draft.known(LADDER, path, instead, known, "parameter")
        if instead in crisis.instead or crisis.share in (name, instead):
            problem = "names a number that is itself another one in a crisis."
            draft.find(LADDER, path, problem, "name a number that is the same at all times.")
        pair = [case.parameter_by_id.get(one) for one in (name, instead)]
        if all(pair) and len({one.kind for one in pair if one}) > 1:
            problem = f"sets a {pair[1].kind} beside a {pair[0].kind}."  # type: ignore[union-attr]
            draft.find(LADDER, path, problem, "name a number of the same kind.")


def _of_kind(case: Case, kind: str) -> frozenset[str]:
    return frozenset(one.id for one in case.ladder.parameters if one.kind == kind)


def _correlations(case: Case, draft: Draft) -> None:
    known = draft.ids(LADDER, "parameters")
    pairs: dict[tuple[str, str], float] = {}
    for i, stated in enumerate(case.ladder.correlations):
        place: Path_ = ("correlations", i, "between")
        for j, name in enumerate(stated.between):
            draft.known(LADDER, (*place, j), name, known, "parameter")
            parameter = case.parameter_by_id.get(name)
            if parameter is not None and parameter.value is not None:
                problem = f"`{name}` is a point, which varies with nothing."
                draft.find(LADDER, (*place, j), problem, "give it an interval, or remove the pair.")
        first, second = sorted(stated.between)
        if (first, second) in pairs:
            draft.find(LADDER, place, "stands twice.", "keep one of them.")
        pairs[first, second] = stated.r
    if not is_possible(pairs):
        problem = "cannot all hold at once: the matrix is not positive definite."
        draft.find(LADDER, ("correlations",), problem, "bring some of them nearer to 0.")


def is_possible(pairs: dict[tuple[str, str], float]) -> bool:
    """Whether numbers can have such correlations, the others being 0 (Cholesky)."""
    names = sorted({name for pair in pairs for name in pair})
    lower: list[list[float]] = []
    for i, one in enumerate(names):
        row: list[float] = []
        for j, other in enumerate(names[:i]):
            r = pairs.get((other, one), 0.0)
            inner = sum(a * b for a, b in zip(row, lower[j], strict=False))
            row.append((r - inner) / lower[j][j])
        left = 1 - sum(a * a for a in row)
        if left <= 1e-12:
            return False
        lower.append([*row, math.sqrt(left)])
    return True


def _quiet(case: Case, draft: Draft) -> None:
    levels, sources = draft.ids(LADDER, "levels"), draft.ids("sources.yaml", "sources")
    for i, stated in enumerate(case.ladder.quiet):
        draft.known(LADDER, ("quiet", i, "level"), stated.level, levels, "level")
        _counts(case, draft, ("quiet", i, "level"), stated.level)
        draft.known(LADDER, ("quiet", i, "source"), stated.source, sources, "source")


def _counts(case: Case, draft: Draft, path: Path_, level: str) -> None:
    """Record a level milder than the headline: how often it is reached is not computed."""
    levels, headline = case.ladder.levels, case.ladder.headline
    known = level in levels and headline in levels
    if known and levels.index(level) < levels.index(headline or ""):
        mend = f"name `{headline}` or a worse level."
        draft.find(LADDER, path, f"`{level}` is milder than the headline.", mend)


def _beside(case: Case, draft: Draft) -> None:
    levels, ladders = draft.ids(LADDER, "levels"), draft.ids(LADDER, "ladders")
    for i, published in enumerate(case.ladder.published):
        path: Path_ = ("published", i, "beside")
        if published.beside is None:
            continue
        draft.known(LADDER, (*path, "level"), published.beside.level, levels, "level")
        _counts(case, draft, (*path, "level"), published.beside.level)
        if published.unit == "probability-in-total" and published.beside.years is None:
            mend = "state the years that the estimate speaks of."
            draft.find(LADDER, (*path, "years"), "is missing.", mend)
        draft.known(LADDER, (*path, "ladder"), published.beside.ladder, ladders, "ladder")
        if published.unit == "probability-conditional":
            problem = "is set beside a frequency, though the estimate is conditional."
            draft.find(LADDER, path, problem, "leave `beside` out.")
