"""Answers fit their questions, their people and their scales."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from detente.case import model
from detente.case.case import Case
from detente.case.draft import Draft


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
    people: dict[str, set[str]] = defaultdict(set)
    given: set[tuple[object, ...]] = set()
    ranks: set[tuple[object, ...]] = set()
    for file in sorted(name for name in draft.records if name.startswith("answers/")):
        for index, row in enumerate(draft.records[file]):
            people[row.participant].add(row.party)
            _references(case, draft, file, index, row)
            _scale(case, draft, file, index, row)
            _real(case, draft, file, index, row)
            key = (row.participant, row.track, row.round, row.question, row.item, row.about)
            if key in given:
                draft.find(file, (index,), "answers the same question twice.", "keep one answer.")
            given.add(key)
            _rank_once(case, draft, file, index, row, ranks)
            if len(people[row.participant]) > 1:
                problem = f"`{row.participant}` answers for two parties."
                draft.find(file, (index, "participant"), problem, "give each person one pseudonym.")


def _references(case: Case, draft: Draft, file: str, index: int, row: model.Answer) -> None:
    questions = draft.ids("questions.yaml", "questions")
    parties = draft.ids("case.yaml", "parties")
    draft.known(file, (index, "question"), row.question, questions, "question")
    draft.known(file, (index, "party"), row.party, parties, "party")
    draft.known(file, (index, "track"), row.track, draft.ids("case.yaml", "tracks"), "track")
    track = next((track for track in case.about.tracks if track.id == row.track), None)
    if track is not None and row.party in parties and row.party not in track.parties:
        problem = f"`{row.party}` is no party of track `{row.track}`."
        draft.find(file, (index, "party"), problem, "correct the party or the track.")
    question = _question(case, row)
    if question is None:
        return
    scale = SCALES[question.kind]
    among = draft.ids(f"{scale.item}.yaml", scale.item)
    draft.known(file, (index, "item"), row.item, among, scale.item.removesuffix("s"))
    others = (parties | draft.ids("case.yaml", "sides")) if scale.about else frozenset()
    if scale.about and row.about is None:
        draft.find(file, (index, "about"), "is empty.", "name the other side or party.")
    elif row.about is not None and not scale.about:
        mend = f"leave it empty for questions of kind {question.kind}."
        draft.find(file, (index, "about"), "is not asked here.", mend)
    elif row.about is not None:
        draft.known(file, (index, "about"), row.about, others, "side or party")


def _question(case: Case, row: model.Answer) -> model.Question | None:
    return next((question for question in case.questions if question.id == row.question), None)


def _scale(case: Case, draft: Draft, file: str, index: int, row: model.Answer) -> None:
    question = _question(case, row)
    if question is None:
        return
    scale = SCALES[question.kind]
    if row.value is None:
        draft.find(file, (index, "value"), "is empty.", "fill it, or leave the whole row out.")
        return
    ends = [end for end in (row.low, row.value, row.high) if end is not None]
    inside = all(scale.low <= end <= scale.high for end in ends)
    if question.kind == "likelihood":
        inside = all(0 < end < 1 for end in ends)
    if not inside:
        mend = f"keep {question.kind} between {scale.low:g} and {scale.high:g}"
        mend += ", strictly." if question.kind == "likelihood" else "."
        draft.find(file, (index, "value"), f"{ends} is off the scale.", mend)
    if scale.whole and row.value != int(row.value):
        draft.find(file, (index, "value"), f"{row.value:g} is no whole number.", "write one.")
    if scale.interval and (row.low is None or row.high is None):
        mend = "give the values that you would exceed 95 and 5 times in 100."
        draft.find(file, (index, "low"), "has no interval.", mend)
    elif ends != sorted(ends):
        draft.find(file, (index, "low"), f"{ends} is not in order.", "order low, value, high.")
    elif scale.interval and row.low == row.high:
        draft.find(file, (index, "low"), "has an interval of no width.", "widen it.")


def _rank_once(
    case: Case,
    draft: Draft,
    file: str,
    index: int,
    row: model.Answer,
    ranks: set[tuple[object, ...]],
) -> None:
    question = _question(case, row)
    if question is None or question.kind != "priority":
        return
    key = (row.participant, row.round, row.question, row.value)
    if key in ranks:
        problem = f"gives rank {row.value:g} twice."
        draft.find(file, (index, "value"), problem, "give each rank to one risk.")
    ranks.add(key)


def _real(case: Case, draft: Draft, file: str, index: int, row: model.Answer) -> None:
    concerned = [case.party_by_id.get(row.party), case.party_by_id.get(row.about or "")]
    real = any(party is not None and party.real for party in concerned)
    if row.basis == "illustrative" and real:
        mend = "no opinion is invented for a state; remove the row."
        draft.find(file, (index, "basis"), "is `illustrative` for a real party.", mend)
    own = concerned[0]
    if own is not None and own.heard != "panel":
        problem = f"`{own.id}` answers, though case.yaml says heard: {own.heard}."
        draft.find(file, (index, "party"), problem, "write `heard: panel`, or remove the row.")
