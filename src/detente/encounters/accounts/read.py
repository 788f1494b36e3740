"""Read an account, with every finding at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from detente.case.draft import closest
from detente.case.parse import parse_whole
from detente.encounters.accounts.model import SUBJECTS, Account
from detente.ground.text import MAX_YAML_BYTES, Marked, Path_, read_text


def read_account(file: Path) -> Account:
    """The account in ``file``.

    Raises
    ------
    CaseError
        With all that is to mend in it.

    """
    marked = Marked(file.name)
    text = read_text(file.parent, file.name, marked, most=MAX_YAML_BYTES)
    return account_of(text, marked)


def account_of(text: str | None, marked: Marked) -> Account:
    """The account of a text that was read as ``marked``."""
    return parse_whole(Account, text, marked, _check)


def _check(one: Account, marked: Marked) -> None:
    for path, problem, mend in _faults(one):
        marked.find(path, problem, mend)


Fault = tuple[Path_, str, str]


def _faults(account: Account) -> Iterator[Fault]:
    yield from _subjects(account)
    yield from _repeated(account)
    craft, claims = {one.id for one in account.craft}, {one.id for one in account.claims}
    for place, claim in enumerate(account.claims):
        if claim.of is not None and claim.of not in craft:
            mend = "name a craft of `craft`, or add it there."
            yield ("claims", place, "of"), f"names the craft {claim.of}, which is not known.", mend
        if not claim.source.strip() and account.released_to is None:
            yield ("claims", place), "has no `source`.", "say how it is known."
    for place, question in enumerate(account.questions):
        if question.about is not None and question.about not in claims:
            mend = "name the id of a claim, or leave `about` out."
            yield ("questions", place, "about"), f"names {question.about}, which is no claim.", mend


def _subjects(account: Account) -> Iterator[Fault]:
    for place, claim in enumerate(account.claims):
        if claim.about not in SUBJECTS:
            near = closest(claim.about, frozenset(SUBJECTS))
            mend = f"did you mean {near}?" if near else f"take one of: {', '.join(SUBJECTS)}."
            yield ("claims", place, "about"), f"is about {claim.about}, which is no subject.", mend


def _repeated(account: Account) -> Iterator[Fault]:
    for key in ("craft", "claims"):
        seen: set[str] = set()
        for place, one in enumerate(getattr(account, key)):
            if one.id in seen:
                yield (key, place, "id"), f"repeats the id {one.id}.", "give each an id of its own."
            seen.add(one.id)
    subjects: set[tuple[str, str | None, str | None]] = set()
    for place, claim in enumerate(account.claims):
        subject = (claim.about, claim.of, claim.which)
        if subject in subjects:
            mend = "tell them apart by `which`, for example pass-1 and pass-2."
            yield ("claims", place), f"says something of {claim.about} a second time.", mend
        subjects.add(subject)
