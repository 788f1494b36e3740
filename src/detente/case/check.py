"""What must hold between the files of a case: a list of plain functions, one concern each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from detente.case import model
from detente.case.case import Case
from detente.case.check_answers import check_answers
from detente.case.check_ladder import check_ladder
from detente.case.check_numbers import check_numbers
from detente.case.cycles import cycle_through
from detente.case.draft import Draft
from detente.ground.text import Path_

CASE, SOURCES, RISKS, MEASURES = "case.yaml", "sources.yaml", "risks.yaml", "measures.yaml"
POLICIES, COMMITMENTS = "policies.yaml", "commitments.yaml"
POSITIONS, INCIDENTS, GRADES = "positions.csv", "incidents.csv", "grades.csv"
_LISTS = {
    CASE: ("parties", "sides", "tracks"),
    SOURCES: ("sources",),
    RISKS: ("risks",),
    MEASURES: ("measures",),
    "ladder.yaml": ("parameters", "events", "ladders", "beliefs", "published"),
    "questions.yaml": ("questions",),
    POLICIES: ("policies",),
    COMMITMENTS: ("commitments",),
}


def check_case(case: Case, draft: Draft) -> None:
    """Record in ``draft`` every finding that needs more than one record to see."""
    for check in (
        _unique_ids,
        _languages,
        _parties,
        _references,
        _prerequisites,
        _dates,
        check_numbers,
        check_ladder,
        check_answers,
    ):
        check(case, draft)


def _unique_ids(case: Case, draft: Draft) -> None:
    for file, keys in _LISTS.items():
        for key in keys:
            ids = [item.get("id") for item in draft.raw(file, key) if isinstance(item, dict)]
            _twice(ids, file, key, draft)
    for file, rows in ((INCIDENTS, case.incidents), ("counts.csv", case.counts)):
        seen: set[str] = set()
        for index, row in enumerate(rows):
            if row.id in seen:
                draft.find(file, (index, "id"), f"`{row.id}` stands twice.", "rename one.")
            seen.add(row.id)


def _twice(ids: list[Any], file: str, key: str, draft: Draft) -> None:
    count = Counter(name for name in ids if isinstance(name, str))
    for name in sorted(name for name, times in count.items() if times > 1):
        marked = draft.marked[file]
        last = len(ids) - 1 - ids[::-1].index(name)
        marked.find((key, last, "id"), f"`{name}` stands twice.", "rename one of them.")


def _languages(case: Case, draft: Draft) -> None:
    allowed = {"", *case.about.languages}
    for file, record in draft.records.items():
        if isinstance(record, model.Record):
            for path, texts in _texts(record, ()):
                for language in sorted(set(texts) - allowed):
                    known = ", ".join(case.about.languages)
                    mend = f"add it to `languages` in case.yaml, or use {known}."
                    draft.find(file, (*path, language), "is no language of the case.", mend)


def _texts(value: Any, path: Path_) -> Iterable[tuple[Path_, dict[str, str]]]:
    if isinstance(value, model.Record):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
    elif isinstance(value, dict):
        yield path, value


def _parties(case: Case, draft: Draft) -> None:
    about = case.about
    parties = draft.ids(CASE, "parties")
    on_side: dict[str, str] = {}
    for index, side in enumerate(about.sides):
        for place, party in enumerate(side.parties):
            path = ("sides", index, "parties", place)
            draft.known(CASE, path, party, parties, "party")
            if on_side.setdefault(party, side.id) != side.id:
                problem = f"`{party}` stands on two sides."
                draft.find(CASE, path, problem, "keep it on one of them.")
    for index, track in enumerate(about.tracks):
        for place, party in enumerate(track.parties):
            draft.known(CASE, ("tracks", index, "parties", place), party, parties, "party")
        for place, party in enumerate(track.released):
            path = ("tracks", index, "released", place)
            draft.known(CASE, path, party, frozenset(track.parties), "party of this track")
    if len(about.sides) == 1:
        draft.find(CASE, ("sides",), "declares one side only.", "declare two or more, or none.")
    if about.illustrative and any(party.real for party in about.parties):
        problem = "is true, though a party of the case is real."
        draft.find(CASE, ("illustrative",), problem, "invent no numbers for parties that exist.")


def _references(case: Case, draft: Draft) -> None:
    sources, parties = draft.ids(SOURCES, "sources"), draft.ids(CASE, "parties")
    risks, measures = draft.ids(RISKS, "risks"), draft.ids(MEASURES, "measures")
    ladders = draft.ids("ladder.yaml", "ladders")
    sides = draft.ids(CASE, "sides")
    for i, risk in enumerate(case.risks):
        draft.known(RISKS, ("risks", i, "source"), risk.source, sources, "source")
    for i, measure in enumerate(case.measures):
        _measure_references(draft, i, measure, measures, sources, parties, sides)
    for i, policy in enumerate(case.policies):
        draft.known(POLICIES, ("policies", i, "party"), policy.party, parties, "party")
        draft.known(POLICIES, ("policies", i, "source"), policy.source, sources, "source")
        for j, risk_id in enumerate(policy.answers):
            draft.known(POLICIES, ("policies", i, "answers", j), risk_id, risks, "risk")
    for i, kept in enumerate(case.commitments):
        place: Path_ = ("commitments", i)
        draft.known(COMMITMENTS, (*place, "party"), kept.party, parties, "party")
        draft.known(COMMITMENTS, (*place, "measure"), kept.measure, measures, "measure")
        draft.known(COMMITMENTS, (*place, "source"), kept.source, sources, "source")
    for i, row in enumerate(case.positions):
        draft.known(POSITIONS, (i, "party"), row.party, parties, "party")
        draft.known(POSITIONS, (i, "measure"), row.measure, measures, "measure")
    for i, incident in enumerate(case.incidents):
        draft.known(INCIDENTS, (i, "initiates"), incident.initiates, ladders, "ladder")
    incidents = frozenset(row.get("id") for row in _raw_rows(draft, INCIDENTS))
    for i, grade in enumerate(case.grades):
        draft.known(GRADES, (i, "incident"), grade.incident, incidents, "incident")


def _measure_references(
    draft: Draft,
    index: int,
    measure: model.Measure,
    measures: frozenset[str],
    sources: frozenset[str],
    parties: frozenset[str],
    sides: frozenset[str],
) -> None:
    place: Path_ = ("measures", index)
    draft.known(MEASURES, (*place, "source"), measure.source, sources, "source")
    for key in ("needs", "excludes", "saturates_with"):
        for j, other in enumerate(getattr(measure, key)):
            draft.known(MEASURES, (*place, key, j), other, measures, "measure")
    for j, decider in enumerate(measure.decided_by):
        path = (*place, "decided_by", j, "party")
        draft.known(MEASURES, path, decider.party, parties | sides, "party or side")
    for j, status in enumerate(measure.status):
        path = (*place, "status", j, "source")
        draft.known(MEASURES, path, status.source, sources, "source")
    for j, part in enumerate(measure.step.parts if measure.step else ()):
        path = (*place, "step", "parts", j, "by")
        draft.known(MEASURES, path, part.by, parties | sides, "party or side")


def _prerequisites(case: Case, draft: Draft) -> None:
    needs = {measure.id: measure.needs for measure in case.measures}
    for i, measure in enumerate(case.measures):
        chain = cycle_through(measure.id, needs)
        if chain:
            problem = f"needs itself: {' needs '.join(chain)}."
            draft.find(MEASURES, ("measures", i, "needs"), problem, "break the circle.")
        both = sorted(set(measure.needs) & set(measure.excludes))
        if both:
            problem = f"needs and excludes {', '.join(both)}."
            draft.find(MEASURES, ("measures", i, "excludes"), problem, "remove it from one.")


def _dates(case: Case, draft: Draft) -> None:
    about = case.about
    for i, row in enumerate(case.positions):
        if row.date and row.date > about.as_of:
            problem = f"{row.date} is later than `as_of` {about.as_of}."
            draft.find(POSITIONS, (i, "date"), problem, "correct the date, or `as_of`.")
    for i, measure in enumerate(case.measures):
        for j, status in enumerate(measure.status):
            if status.since > about.as_of:
                problem = f"{status.since} is later than `as_of` {about.as_of}."
                path = ("measures", i, "status", j, "since")
                draft.find(MEASURES, path, problem, "correct the date, or `as_of`.")
    for i, kept in enumerate(case.commitments):
        if kept.until and kept.until < kept.since:
            path = ("commitments", i, "until")
            draft.find(COMMITMENTS, path, "is earlier than `since`.", "correct one of them.")
    for i, count in enumerate(case.counts):
        if count.end < count.start:
            draft.find("counts.csv", (i, "end"), "is earlier than `start`.", "correct one of them.")


def _raw_rows(draft: Draft, file: str) -> list[dict[str, str]]:
    value = draft.marked[file].value if file in draft.marked else None
    return value["rows"] if value else []
