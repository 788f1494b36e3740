"""Answers fit their questions, their people and their scales."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from detente.case import model
from detente.case.case import Case
from detente.case.draft import Draft, Ids


@dataclass(frozen=True)
class Scale:
    """What an answer to a kind of question must look like."""

    item: str
    low: float
    high: float
    about: bool = False
    interval: bool = False
    whole: bool = False


SCALES: dict[str, Scale] = {
    "likelihood": Scale("risks", 0, 1, interval=True),
    "priority": Scale("risks", 1, 99, whole=True),
    "gain": Scale("measures", -100, 100, interval=True),
    "red-line": Scale("measures", 0, 1, whole=True),
    "reassurance-expected": Scale("measures", 0, 10, about=True),
    "reassurance-received": Scale("measures", 0, 10, about=True),
    "cost": Scale("measures", 0, 10),
    "kept": Scale("measures", 0, 1, about=True),
}


def check_answers(case: Case, draft: Draft) -> None:
    """Record every finding about the answer files."""
    known = _Known(case, draft)
    party_of: dict[str, str] = {}
    given: set[tuple[object, ...]] = set()
    for file in sorted(name for name in draft.records if name.startswith("answers/")):
        for index, row in enumerate(draft.records[file]):
            for key, problem, mend in known.findings(row):
                draft.find(file, (index, key), problem, mend)
            known.references(file, index, row)
            if party_of.setdefault(row.participant, row.party) != row.party:
                problem = f"`{row.participant}` answers for two parties."
                draft.find(file, (index, "participant"), problem, "give each person one pseudonym.")
            said = (row.participant, row.track, row.round, row.question)
            if (*said, row.item, row.about) in given:
                draft.find(file, (index,), "answers the same question twice.", "keep one answer.")
            given.add((*said, row.item, row.about))
