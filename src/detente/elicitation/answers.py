"""The answers that count: of every person the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.case.case import Case
from detente.case.model import Answer

COVERAGE = 0.9  # what an interval is asked to hold, where a person states no confidence


@dataclass(frozen=True)
class Judgement:
    """What one person said on one item; ``low`` and ``high`` where an interval was asked.

    ``side`` is None where the person's party stands on no side; ``coverage`` is how sure the person
    was that the interval holds the true value.
    """

    participant: str
    party: str
    side: str | None
    item: str
    about: str | None
    low: float | None
    value: float
    high: float | None
    coverage: float = COVERAGE


def latest(case: Case, kind: str) -> tuple[Judgement, ...]:
    """The answers to questions of ``kind`` that count: per person, item and ``about`` the last.

    The last is that of the highest round, then of the latest date, then of the later row; a person
    who did not answer again keeps the earlier answer. Two questions of one kind ask for the same
    thing, so that nobody counts twice. A ranking is one answer: of kind ``priority`` only a
    person's last round counts. The order is by person, item and ``about``, whatever that of rows.
    """
    rows = _asked(case, kind)
    if kind == "priority":
        rows = _last_round(rows)
    return _one_each(case, sorted(rows, key=lambda row: (row.round, row.date)))


def earliest(case: Case, kind: str) -> tuple[Judgement, ...]:
    """The first answers to questions of ``kind``, as `latest` gives the last."""
    rows = _asked(case, kind)
    return _one_each(case, sorted(rows, key=lambda row: (-row.round, row.date)))


def _asked(case: Case, kind: str) -> list[Answer]:
    asked = {question.id for question in case.questions if question.kind == kind}
    return [row for row in case.answers if row.question in asked and row.value is not None]


def _one_each(case: Case, rows: Sequence[Answer]) -> tuple[Judgement, ...]:
    """Of every person, item and ``about`` the last of ``rows``."""
    last = {(row.participant, row.item, row.about or ""): row for row in rows}
    return tuple(_judgement(case, last[key]) for key in sorted(last))


def people(case: Case) -> dict[str, str]:
    """The party of every person who answered anything."""
    return {row.participant: row.party for row in case.answers if row.value is not None}


def _last_round(rows: Sequence[Answer]) -> list[Answer]:
    last: dict[str, int] = {}
    for row in rows:
        last[row.participant] = max(row.round, last.get(row.participant, 0))
    return [row for row in rows if row.round == last[row.participant]]


def _judgement(case: Case, row: Answer) -> Judgement:
    assert row.value is not None
    return Judgement(
        participant=row.participant,
        party=row.party,
        side=case.side_of.get(row.party),
        item=row.item,
        about=row.about,
        low=row.low,
        value=row.value,
        high=row.high,
        coverage=row.confidence or COVERAGE,
    )
