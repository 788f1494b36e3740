"""Questions have items, chains fit their quantities, and reasons belong to answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from detente.case import model
from detente.case.case import Case
from detente.case.check_answers import FILE_OF, MAY_BE_MISSING, NAME_OF, SCALES, items_of
from detente.case.draft import Draft

QUESTIONS, REASONS, CODES = "questions.yaml", "reasons.csv", "codes.csv"


def check_questions(case: Case, draft: Draft) -> None:
    """Record every finding about questions, quantities, chains, reasons and codes."""
    _items(case, draft)
    _quantities(case, draft)
    _chains(case, draft)
    _reasons(case, draft)
    _codes(case, draft)


def _items(case: Case, draft: Draft) -> None:
    for i, question in enumerate(case.questions):
        asked = SCALES[question.kind].item
        file = FILE_OF[asked]
        lacks = file not in draft.marked or draft.raw(file, asked) == []
        if asked in MAY_BE_MISSING and lacks:
            mend = f"add `{asked}` to {file}, or remove the question."
            draft.find(QUESTIONS, ("questions", i, "kind"), "has nothing to ask about.", mend)
    for i, statement in enumerate(case.statements):
        path = ("statements", i, "source")
        sources = draft.ids("sources.yaml", "sources")
        draft.known("statements.yaml", path, statement.source, sources, "source")


def _quantities(case: Case, draft: Draft) -> None:
    sources = draft.ids("sources.yaml", "sources")
    for i, quantity in enumerate(case.quantities):
        draft.known(QUESTIONS, ("quantities", i, "source"), quantity.source, sources, "source")
        path, known = ("quantities", i, "known"), quantity.known
        if known is None:
            continue
        if quantity.scale == "probability" and known not in (0, 1):
            draft.find(QUESTIONS, path, "is neither 0 nor 1.", "write 1 where it happened, else 0.")
        if quantity.scale == "positive" and known <= 0:
            draft.find(QUESTIONS, path, "is not above 0.", "correct it, or the scale.")
        real = any(party.real for party in case.about.parties)
        if quantity.source is None and real:
            draft.find(QUESTIONS, path, "has no source.", "name the document that tells it.")


def _chains(case: Case, draft: Draft) -> None:
    known = draft.ids(QUESTIONS, "quantities")
    scales = {quantity.id: quantity.scale for quantity in case.quantities}
    for i, chain in enumerate(case.chains):
        for key, name in _links(chain):
            path = ("chains", i, *key)
            draft.known(QUESTIONS, path, name, known, "quantity")
            if scales.get(name, "probability") != "probability":
                problem = f"`{name}` is no probability."
                draft.find(QUESTIONS, path, problem, "chain probabilities only.")


def _links(chain: model.Chain) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for j, step in enumerate(chain.steps):
        yield ("steps", j), step
    for key in ("direct", "shorter", "longer"):
        name = getattr(chain, key)
        if name is not None:
            yield (key,), name


def _reasons(case: Case, draft: Draft) -> None:
    questions = draft.ids(QUESTIONS, "questions")
    parties, tracks = draft.ids("case.yaml", "parties"), draft.ids("case.yaml", "tracks")
    asked = {question.id: SCALES[question.kind].item for question in case.questions}
    items = items_of(draft)
    of = {row.participant: row.party for row in reversed(case.answers)}
    for i, row in enumerate(case.reasons):
        draft.known(REASONS, (i, "question"), row.question, questions, "question")
        draft.known(REASONS, (i, "party"), row.party, parties, "party")
        draft.known(REASONS, (i, "track"), row.track, tracks, "track")
        if row.question in asked:
            what = asked[row.question]
            draft.known(REASONS, (i, "item"), row.item, items[what], NAME_OF[what])
        if of.get(row.participant, row.party) != row.party:
            problem = f"`{row.participant}` answers for {of[row.participant]}."
            draft.find(REASONS, (i, "party"), problem, "correct the party or the pseudonym.")
        party = case.party_by_id.get(row.party)
        if row.basis == "illustrative" and party is not None and party.real:
            mend = "remove the row; no opinion is invented for a party that exists."
            draft.find(REASONS, (i, "basis"), "is `illustrative` for a real party.", mend)


def _codes(case: Case, draft: Draft) -> None:
    themes, reasons = draft.ids(QUESTIONS, "themes"), draft.column(REASONS, "id")
    for i, row in enumerate(case.codes):
        draft.known(CODES, (i, "theme"), row.theme, themes, "theme")
        draft.known(CODES, (i, "reason"), row.reason, reasons, "reason")
    coders = Counter(row.coder for row in case.codes)
    if len(coders) == 1:
        mend = "let a second person code them too: one coder has no reliability."
        draft.find(CODES, (0, "coder"), "is the only coder.", mend, "note")
