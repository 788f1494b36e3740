"""Answers fit their questions, their people and their scales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


Place = tuple[str, int, model.Answer]
Fault = tuple[str, str, str]
"""The column, the problem, and the mend."""


def check_answers(case: Case, draft: Draft) -> None:
    """Record every finding about the answer files."""
    files = sorted(name for name in draft.records if name.startswith("answers/"))
    rows = [(file, index, row) for file in files for index, row in enumerate(draft.records[file])]
    kinds = {question.id: question.kind for question in case.questions}
    _references(kinds, draft, rows)
    _once(kinds, draft, rows)
    for file, index, row in rows:
        faults = [*_who(case, row)]
        if row.question in kinds:
            faults += [*_about(case, row, kinds[row.question]), *_value(row, kinds[row.question])]
        for column, problem, mend in faults:
            draft.find(file, (index, column), problem, mend)


def _references(kinds: Mapping[str, str], draft: Draft, rows: Iterable[Place]) -> None:
    questions = draft.ids("questions.yaml", "questions")
    parties, tracks = draft.ids("case.yaml", "parties"), draft.ids("case.yaml", "tracks")
    others = draft.ids("case.yaml", "parties", "sides")
    items = {key: draft.ids(f"{key}.yaml", key) for key in ("risks", "measures")}
    for file, index, row in rows:
        draft.known(file, (index, "question"), row.question, questions, "question")
        draft.known(file, (index, "party"), row.party, parties, "party")
        draft.known(file, (index, "track"), row.track, tracks, "track")
        if row.question in kinds:
            scale = SCALES[kinds[row.question]]
            what = scale.item.removesuffix("s")
            draft.known(file, (index, "item"), row.item, items[scale.item], what)
            among = others if scale.about else None
            draft.known(file, (index, "about"), row.about, among, "side or party")


def _once(kinds: Mapping[str, str], draft: Draft, rows: Iterable[Place]) -> None:
    party_of: dict[str, str] = {}
    given: set[tuple[object, ...]] = set()
    for file, index, row in rows:
        if party_of.setdefault(row.participant, row.party) != row.party:
            problem = f"`{row.participant}` answers for two parties."
            draft.find(file, (index, "participant"), problem, "give each person one pseudonym.")
        asked = (row.participant, row.track, row.round, row.question)
        answer = (*asked, row.item, row.about)
        if answer in given:
            draft.find(file, (index,), "answers the same question twice.", "keep one answer.")
        rank = (*asked, row.value)
        if kinds.get(row.question) == "priority" and row.value is not None and rank in given:
            problem = f"gives rank {row.value:g} twice."
            draft.find(file, (index, "value"), problem, "give each rank to one risk.")
        given.update((answer, rank))


def _who(case: Case, row: model.Answer) -> Iterator[Fault]:
    party = case.party_by_id.get(row.party)
    if party is None:
        return
    track = next((track for track in case.about.tracks if track.id == row.track), None)
    if track is not None and row.party not in track.parties:
        problem = f"`{row.party}` is no party of track `{row.track}`."
        yield "party", problem, "correct the party or the track."
    if party.heard != "panel":
        problem = f"`{row.party}` answers, though case.yaml says `heard: {party.heard}`."
        yield "party", problem, "write `heard: panel`, or remove the row."
    concerned = {row.party, *_members(case, row.about)}
    real = any(one.real for one in case.about.parties if one.id in concerned)
    if row.basis == "illustrative" and real:
        mend = "remove the row; no opinion is invented for a party that exists."
        yield "basis", "is `illustrative` for a real party.", mend


def _members(case: Case, about: str | None) -> tuple[str, ...]:
    """The parties that a side or a party consists of."""
    sides = {side.id: side.parties for side in case.about.sides}
    return sides.get(about or "", (about,) if about else ())


def _about(case: Case, row: model.Answer, kind: str) -> Iterator[Fault]:
    if not SCALES[kind].about:
        if row.about is not None:
            yield "about", "is not asked here.", f"leave it empty for questions of kind {kind}."
    elif row.about is None:
        yield "about", "is empty.", "name the other side or party."
    elif kind != "kept" and row.about in (row.party, case.side_of.get(row.party)):
        yield "about", f"`{row.about}` is the participant's own.", "name the other side or party."


def _value(row: model.Answer, kind: str) -> Iterator[Fault]:
    scale = SCALES[kind]
    if row.value is None:
        yield "value", "is empty.", "fill it, or leave the whole row out."
        return
    ends = [(key, getattr(row, key)) for key in ("low", "value", "high")]
    stated = [(key, end) for key, end in ends if end is not None]
    for key, end in stated:
        strictly = kind == "likelihood" and end in (scale.low, scale.high)
        if strictly or not scale.low <= end <= scale.high:
            mend = f"keep it {'strictly ' if kind == 'likelihood' else ''}between"
            mend += f" {scale.low:g} and {scale.high:g}."
            yield key, f"{end:g} is off the scale of {kind}.", mend
    if scale.whole and row.value != int(row.value):
        yield "value", f"{row.value:g} is no whole number.", "write a whole number."
    numbers = [end for _, end in stated]
    if scale.interval and len(numbers) < 3:
        mend = "give the values that the true one would undercut and exceed 5 times in 100."
        yield "low" if row.low is None else "high", "is empty.", mend
    elif numbers != sorted(numbers):
        yield "low", "is not in the order low, value, high.", "put the three in order."
    elif scale.interval and row.low == row.high:
        yield "low", "has an interval of no width.", "widen it."
