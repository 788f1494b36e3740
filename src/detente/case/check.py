"""What must hold between the records of a case: a list of plain functions, one concern each."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from detente.case import model
from detente.case.case import Case
from detente.case.check_answers import check_answers
from detente.case.check_calendar import check_calendar
from detente.case.check_criteria import check_criteria
from detente.case.check_evidence import check_evidence
from detente.case.check_ladder import check_ladder
from detente.case.check_numbers import check_numbers
from detente.case.check_packages import check_packages
from detente.case.check_policies import check_policies
from detente.case.check_questions import check_questions
from detente.case.check_references import check_references
from detente.case.cycles import cycles
from detente.case.draft import Draft
from detente.ground.text import Path_

CASE, MEASURES, COMMITMENTS = "case.yaml", "measures.yaml", "commitments.yaml"
POSITIONS = "positions.csv"
_LISTS = {
    CASE: ("parties", "sides", "tracks"),
    "sources.yaml": ("sources",),
    "risks.yaml": ("risks",),
    MEASURES: ("measures",),
    "ladder.yaml": ("parameters", "events", "ladders", "beliefs", "published", "quiet"),
    "questions.yaml": ("questions", "quantities", "chains", "themes"),
    "statements.yaml": ("statements",),
    "policies.yaml": ("policies",),
    "packages.yaml": ("budgets", "groups"),
    COMMITMENTS: ("commitments",),
    "criteria.yaml": ("criteria",),
    "calendar.yaml": ("windows",),
}

_BY_ID = ("expected", "instead", "swing", "exact", "best_to", "to_worst", "costs", "gains")


def check_case(case: Case, draft: Draft) -> None:
    """Record in ``draft`` every finding that needs more than one record to see."""
    for check in (
        _unique_ids,
        _unique_rows,
        _unique_below,
        _languages,
        _parties,
        check_references,
        _prerequisites,
        _dates,
        check_numbers,
        check_ladder,
        check_evidence,
        check_questions,
        check_answers,
        check_criteria,
        check_policies,
        check_packages,
        check_calendar,
    ):
        check(case, draft)


def check_lone_ladder(case: Case, draft: Draft) -> None:
    """Record every finding about a ladder file that stands outside a case folder."""
    for check in (_unique_ids, _unique_below, check_numbers, check_ladder, check_evidence):
        check(case, draft)


def _unique_ids(_case: Case, draft: Draft) -> None:
    for file, keys in _LISTS.items():
        for key in keys:
            items = draft.raw(file, key) or []
            names = [item.get("id") if isinstance(item, dict) else None for item in items]
            for index, name in _repeated(names):
                marked = draft.marked[file]
                marked.find((key, index, "id"), f"`{name}` stands twice.", "rename or remove one.")


def _unique_rows(case: Case, draft: Draft) -> None:
    named: dict[str, tuple[model.Incident | model.Count | model.Reason, ...]] = {
        "incidents.csv": case.incidents,
        "counts.csv": case.counts,
        "reasons.csv": case.reasons,
    }
    for file, rows in named.items():
        for index, name in _repeated(row.id for row in rows):
            draft.find(file, (index, "id"), f"`{name}` stands twice.", "rename or remove one.")
    graded = ((grade.incident, grade.coder) for grade in case.grades)
    for index, (incident, coder) in _repeated(graded):
        problem = f"`{coder}` grades `{incident}` twice."
        draft.find("grades.csv", (index,), problem, "keep one grade.")
    for index, (reason, coder) in _repeated((code.reason, code.coder) for code in case.codes):
        problem = f"`{coder}` codes `{reason}` twice."
        draft.find("codes.csv", (index,), problem, "keep one theme.")


def _unique_below(_case: Case, draft: Draft) -> None:
    """Names that stand twice in one of the shorter lists, such as `needs` or `workshops`."""
    for file, path, value in _nodes(draft):
        if isinstance(value, tuple) and (len(path) > 1 or path[0] in ("levels", "languages")):
            names = (item if isinstance(item, str) else getattr(item, "id", None) for item in value)
            for index, name in _repeated(names):
                draft.find(file, (*path, index), f"`{name}` stands twice.", "keep one of them.")


def _repeated(names: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """The places of what stood before; neither None nor a list or a mapping counts."""
    seen: set[Hashable] = set()
    for index, name in enumerate(names):
        if isinstance(name, str | tuple):
            if name in seen:
                yield index, name
            seen.add(name)


def _languages(case: Case, draft: Draft) -> None:
    allowed = draft.ids(CASE, "languages")
    if allowed is None:
        return
    for file, path, value in _nodes(draft):
        if isinstance(value, dict) and path[-1] not in _BY_ID:
            for language in sorted(set(value) - allowed - {""}):
                known = ", ".join(case.about.languages)
                mend = f"add it to `languages` in case.yaml, or use {known}."
                draft.find(file, (*path, language), "is no language of the case.", mend)


def _nodes(draft: Draft) -> Iterator[tuple[str, Path_, Any]]:
    """Every value of every YAML file."""
    for file, record in draft.records.items():
        if isinstance(record, model.Record):
            for path, value in _below(record, ()):
                yield file, path, value


def _below(value: Any, path: Path_) -> Iterator[tuple[Path_, Any]]:
    yield path, value
    if isinstance(value, model.Record):
        for name in type(value).model_fields:
            yield from _below(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _below(item, (*path, index))


def _parties(case: Case, draft: Draft) -> None:
    about = case.about
    on_side: dict[str, str] = {}
    for i, track in enumerate(about.tracks):
        if track.id in case.party_by_id or track.id in {side.id for side in about.sides}:
            problem = f"`{track.id}` is also a party or a side."
            draft.find(CASE, ("tracks", i, "id"), problem, "give the track another id.")
    for i, side in enumerate(about.sides):
        if side.id in case.party_by_id:
            problem = f"`{side.id}` is also a party."
            draft.find(CASE, ("sides", i, "id"), problem, "give the side another id.")
        for j, party in enumerate(side.parties):
            if on_side.setdefault(party, side.id) != side.id:
                problem = f"`{party}` stands on two sides."
                draft.find(CASE, ("sides", i, "parties", j), problem, "keep it on one of them.")
    if len(draft.raw(CASE, "sides") or ()) == 1:
        draft.find(CASE, ("sides",), "declares one side only.", "declare two or more, or none.")
    if about.illustrative and any(party.real for party in about.parties):
        problem = "is true, though a party of the case is real."
        draft.find(CASE, ("illustrative",), problem, "invent no numbers for parties that exist.")


def _prerequisites(case: Case, draft: Draft) -> None:
    needs = {measure.id: measure.needs for measure in case.measures}
    place = {measure.id: index for index, measure in enumerate(case.measures)}
    for chain in cycles(needs):
        problem = f"needs itself: {' needs '.join(chain)}."
        draft.find(MEASURES, ("measures", place[chain[0]], "needs"), problem, "break the circle.")
    excludes = {measure.id: {*measure.excludes} for measure in case.measures}
    for index, measure in enumerate(case.measures):
        together = _needed(measure.id, needs)
        for other in sorted(together & set().union(*(excludes.get(one, ()) for one in together))):
            problem = f"can never stand: `{other}` is excluded, though needed with it."
            mend = "remove `needs` or `excludes`."
            draft.find(MEASURES, ("measures", index, "excludes"), problem, mend)


def _needed(measure: str, needs: dict[str, tuple[str, ...]]) -> set[str]:
    """The measure and all that it needs, directly or not."""
    found, ahead = {measure}, [measure]
    while ahead:
        following = set(needs.get(ahead.pop(), ())) - found
        found |= following
        ahead += following
    return found


def _dates(case: Case, draft: Draft) -> None:
    as_of = case.about.as_of
    problem, mend = "{} is later than `as_of` {}.", "correct the date, or `as_of` in case.yaml."
    for i, row in enumerate(case.positions):
        if row.date and _later(row.date, as_of):
            draft.find(POSITIONS, (i, "date"), problem.format(row.date, as_of), mend)
    for i, measure in enumerate(case.measures):
        for j, status in enumerate(measure.status):
            if _later(status.since, as_of):
                path: Path_ = ("measures", i, "status", j, "since")
                draft.find(MEASURES, path, problem.format(status.since, as_of), mend)
    for i, kept in enumerate(case.commitments):
        if kept.until and _later(kept.since, kept.until):
            path = ("commitments", i, "until")
            draft.find(COMMITMENTS, path, "is earlier than `since`.", "correct one of them.")
    for i, count in enumerate(case.counts):
        if _later(count.start, count.end):
            draft.find("counts.csv", (i, "end"), "is earlier than `start`.", "correct one of them.")


def _later(date: str, other: str) -> bool:
    """Whether one date is surely later; 2020 is neither earlier nor later than 2020-06."""
    length = min(len(date), len(other))
    return date[:length] > other[:length]
