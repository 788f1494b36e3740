"""Answers fit their questions, their people and their scales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from detente.case import model
from detente.case.case import Case
from detente.case.draft import Draft, Ids

About = Literal["nobody", "other", "anyone", "item", "set"]


@dataclass(frozen=True)
class Scale:
    """What an answer to a kind of question must look like.

    ``about`` is what the column of this name holds: nothing, another side or party, any side or
    party, another item of the same kind, or the name of a set. ``chance`` is strictly between 0
    and 1.
    """

    item: str
    low: float
    high: float
    about: About = "nobody"
    interval: bool = False
    whole: bool = False
    chance: bool = False


SCALES: dict[str, Scale] = {
    "likelihood": Scale("risks", 0, 1, interval=True, chance=True),
    "consequence": Scale("risks", 0, 10, interval=True),
    "priority": Scale("risks", 1, 99, whole=True),
    "pairwise": Scale("risks", -1, 1, about="item", whole=True),
    "best-worst": Scale("risks", -1, 1, about="set", whole=True),
    "expected-say": Scale("risks", 0, 1, about="other", chance=True),
    "expected-fear": Scale("risks", 0, 1, about="other", chance=True),
    "expected-do": Scale("quantities", 0, 1, about="other", chance=True),
    "quantity": Scale("quantities", -1e15, 1e15, interval=True),
    "statement": Scale("statements", -1, 1, whole=True),
    "gain": Scale("measures", -100, 100, interval=True),
    "red-line": Scale("measures", 0, 1, whole=True),
    "reassurance-expected": Scale("measures", 0, 10, about="other"),
    "reassurance-received": Scale("measures", 0, 10, about="other"),
    "cost": Scale("measures", 0, 10),
    "kept": Scale("measures", 0, 1, about="anyone"),
}
FILE_OF = {
    "risks": "risks.yaml",
    "measures": "measures.yaml",
    "quantities": "questions.yaml",
    "statements": "statements.yaml",
}
MAY_BE_MISSING = ("quantities", "statements")
NAME_OF = {
    "risks": "risk",
    "measures": "measure",
    "quantities": "quantity",
    "statements": "statement",
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
            kind = kinds[row.question]
            scale = scale_of(case, kind, row.item)
            faults += [*_about(case, row, kind), *_value(row, kind, scale)]
        for column, problem, mend in faults:
            draft.find(file, (index, column), problem, mend)


def _references(kinds: Mapping[str, str], draft: Draft, rows: Iterable[Place]) -> None:
    questions = draft.ids("questions.yaml", "questions")
    parties, tracks = draft.ids("case.yaml", "parties"), draft.ids("case.yaml", "tracks")
    others = draft.ids("case.yaml", "parties", "sides")
    items = items_of(draft)
    for file, index, row in rows:
        draft.known(file, (index, "question"), row.question, questions, "question")
        draft.known(file, (index, "party"), row.party, parties, "party")
        draft.known(file, (index, "track"), row.track, tracks, "track")
        if row.question in kinds:
            scale = SCALES[kinds[row.question]]
            what = NAME_OF[scale.item]
            draft.known(file, (index, "item"), row.item, items[scale.item], what)
            if scale.about == "item":
                draft.known(file, (index, "about"), row.about, items[scale.item], what)
            elif scale.about in ("other", "anyone"):
                draft.known(file, (index, "about"), row.about, others, "side or party")


def items_of(draft: Draft) -> dict[str, Ids]:
    """The ids of all that can be asked about, by its list.

    Any id will do where there are no quantities or no statements: the question has that finding,
    and not each answer once more.
    """
    ids = {key: draft.ids(file, key) for key, file in FILE_OF.items()}
    return {key: ids[key] or (None if key in MAY_BE_MISSING else ids[key]) for key in ids}


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


_NAMES = {
    "other": "name the other side or party.",
    "anyone": "name the side or party that would keep it.",
    "item": "name the risk that it is compared with.",
    "set": "name the set that was shown.",
}


def _about(case: Case, row: model.Answer, kind: str) -> Iterator[Fault]:
    about = SCALES[kind].about
    if about == "nobody":
        if row.about is not None:
            yield "about", "is not asked here.", f"leave it empty for questions of kind {kind}."
    elif row.about is None:
        yield "about", "is empty.", _NAMES[about]
    elif about == "other" and row.about in (row.party, case.side_of.get(row.party)):
        yield "about", f"`{row.about}` is the participant's own.", _NAMES[about]
    elif about == "item" and row.about == row.item:
        yield "about", "is the item itself.", _NAMES[about]


def scale_of(case: Case, kind: str, item: str) -> Scale:
    """The scale of a kind of question; of `quantity` that of the item itself."""
    scale = SCALES[kind]
    quantity = next((one for one in case.quantities if one.id == item), None)
    if kind != "quantity" or quantity is None or quantity.scale == "real":
        return scale
    if quantity.scale == "positive":
        return replace(scale, low=1e-15)
    return replace(scale, low=0, high=1, chance=True)


def _value(row: model.Answer, kind: str, scale: Scale) -> Iterator[Fault]:
    if row.value is None:
        yield "value", "is empty.", "fill it, or leave the whole row out."
        return
    ends = [(key, getattr(row, key)) for key in ("low", "value", "high")]
    stated = [(key, end) for key, end in ends if end is not None]
    for key, end in stated:
        strictly = scale.chance and end in (scale.low, scale.high)
        if strictly or not scale.low <= end <= scale.high:
            mend = f"keep it {'strictly ' if scale.chance else ''}between"
            mend += f" {scale.low:g} and {scale.high:g}."
            yield key, f"{end:g} is off the scale of {kind}.", mend
    if scale.whole and row.value != int(row.value):
        yield "value", f"{row.value:g} is no whole number.", "write a whole number."
    if row.confidence is not None and not scale.interval:
        yield "confidence", "is not asked here.", f"leave it empty for questions of kind {kind}."
    numbers = [end for _, end in stated]
    if scale.interval and len(numbers) < 3:
        mend = "give the values that the true one would undercut and exceed 5 times in 100."
        yield "low" if row.low is None else "high", "is empty.", mend
    elif numbers != sorted(numbers):
        yield "low", "is not in the order low, value, high.", "put the three in order."
    elif scale.interval and row.low == row.high:
        yield "low", "has an interval of no width.", "widen it."
