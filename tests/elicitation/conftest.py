"""Cases made in memory for the tests of the room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import get_args

import pytest

from detente.case import model
from detente.case.case import Case

CaseMaker = Callable[..., Case]


def make_case(
    sides: Mapping[str, Iterable[str]],
    answers: Iterable[Mapping[str, object]],
    *,
    released: Iterable[str] = (),
    risks: Iterable[str] = ("r1", "r2", "r3"),
    min_cell: int = 3,
    unaligned: Iterable[str] = (),
    questions: Mapping[str, object] | None = None,
    statements: Iterable[str] = (),
    track: Mapping[str, object] | None = None,
    reasons: Iterable[Mapping[str, object]] = (),
    codes: Iterable[Mapping[str, object]] = (),
) -> Case:
    """A case with one track, whose answers are rows of party, participant, question and so on."""
    parties = [party for members in sides.values() for party in members] + list(unaligned)
    about = model.CaseFile.model_validate(
        {
            "format": "detente/case/1",
            "title": "A case",
            "edition": "2020-12",
            "date": "2020-12",
            "as_of": "2020-12",
            "summary": "Invented.",
            "parties": [
                {"id": party, "name": party, "real": False, "heard": "panel"} for party in parties
            ],
            "sides": [
                {"id": side, "name": side, "parties": list(members)}
                for side, members in sides.items()
            ],
            "tracks": [
                {
                    "id": "t",
                    "name": "t",
                    "parties": parties,
                    "released": list(released),
                    **(track or {}),
                },
                {"id": "t2", "name": "t2", "parties": parties},
            ],
            "horizon_years": 10.0,
            "languages": ["en"],
            "min_cell": min_cell,
            "seed": 1,
            "illustrative": True,
        }
    )
    kinds = get_args(model.QuestionKind)
    return Case(
        about=about,
        risks=tuple(
            model.Risk(id=risk, title={"": risk}, pathway="accidental", domain="air")
            for risk in risks
        ),
        questions_file=model.QuestionsFile.model_validate(
            {
                "format": "detente/questions/1",
                "questions": [{"id": kind, "kind": kind, "text": kind} for kind in kinds],
                **(questions or {}),
            }
        ),
        statements_file=model.StatementsFile.model_validate(
            {
                "format": "detente/statements/1",
                "statements": [{"id": name, "text": name} for name in statements],
            }
        ),
        answers=tuple(_answer(row) for row in answers),
        reasons=tuple(model.Reason.model_validate(row) for row in reasons),
        codes=tuple(model.Code.model_validate(row) for row in codes),
    )


def _answer(row: Mapping[str, object]) -> model.Answer:
    likely = {"question": "likelihood", "item": "r1", "low": 0.05, "value": 0.1, "high": 0.2}
    other = {"track": "t", "date": "2020-11", "basis": "illustrative"}
    return model.Answer.model_validate({**(other if "question" in row else likely | other), **row})


@pytest.fixture(name="make_case", scope="session")
def _make_case() -> CaseMaker:
    return make_case
