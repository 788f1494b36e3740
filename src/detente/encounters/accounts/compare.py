"""Two accounts of one incident: what is agreed, how far they part, what only one speaks of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

from detente.encounters.accounts import instants
from detente.encounters.accounts.model import SUBJECTS, Account, Claim, Deadline, Recipient
from detente.encounters.accounts.release import release
from detente.encounters.accounts.results import (
    Asked,
    Compared,
    Contact,
    Due,
    HeldBack,
    OneSided,
    SideLabel,
    TwoAccounts,
    Verdict,
)
from detente.encounters.accounts.stated import difference, told
from detente.ground.errors import UsageError

ShownTo = Recipient | Literal["own-side"]
ORDER: tuple[Verdict, ...] = ("agreed", "apart", "only-one", "not-compared")
CERTAINTY = ("possible", "likely", "sure")
NOT_RECEIVED = "?"
# Due where an account names nothing else. The text of the paragraph was not read for it.
DEADLINES = (
    Deadline(
        hours=48, due="answer to a request for an explanation", by="Vienna Document 2011, III",
        verified=False,
    ),
)  # fmt: skip

Subject = tuple[str, str, str]


def compare(first: Account, second: Account | None, *, shown_to: ShownTo) -> TwoAccounts:
    """Set two accounts side by side, for ``shown_to``.

    Parameters
    ----------
    first
        The own account; but for the own side only what may be released is told.
    second
        The other side's, as it was received; None before. It is told whole to both sides, and to
        others as far as it says itself.
    shown_to
        Who will see the sheet.

    Raises
    ------
    UsageError
        Where the accounts are of two incidents or of one side, or where one was not released to
        those who shall see it.

    """
    if second is not None:
        _fit(first, second)
    seen = _seen(first, shown_to)
    if second is not None:  # the other side may see all of its own account
        second = _seen(second, "own-side" if shown_to == "other-side" else shown_to)
    both = [seen, *([second] if second is not None else [])]
    begun = min((one.begun for one in both if one.begun), key=instants.parse, default=None)
    craft = _craft(seen, second)
    return TwoAccounts(
        incident=first.incident,
        title=_beside(one.title for one in both),
        begun=begun or "",
        shown_to=shown_to,
        accounts=(_one_sided(seen), _one_sided(second)),
        craft=tuple((of, name if name == other else of) for of, name, other in craft),
        named=tuple(one for one in craft if one[1] != one[2]),
        labels=tuple(
            SideLabel(one.side, one.label.words, one.label.by, one.label.source)
            for one in both
            if one.label is not None
        ),
        compared=compared(seen, second),
        questions=tuple(
            Asked(one.side, question.words, _subject_of(one, question.about))
            for one in both
            for question in one.questions
        ),
        contacts=tuple(
            Contact(one.side, call.who, call.channel, call.hours, call.as_of)
            for one in both
            for call in one.calls
        ),
        clock=_clock(begun, both),
        withheld=_withheld(first) if shown_to == "own-side" else (),
    )


def _fit(first: Account, second: Account) -> None:
    if first.incident != second.incident:
        raise UsageError(
            f"The accounts are of two incidents: {first.incident} and {second.incident}."
        )
    if first.side.strip().casefold() == second.side.strip().casefold():
        raise UsageError(f"Both accounts are of one side: {first.side}.")


def _seen(account: Account, to: ShownTo) -> Account:
    """What ``to`` may see of an account; a copy that was made for them, or for all, as it is."""
    if to == "own-side":
        return account
    if account.released_to is None:
        return release(account, to)[0]
    if account.released_to not in (to, "public"):
        raise UsageError(
            f"The account of {account.side} was released to the {account.released_to}; ask for one "
            f"that is released to the {to}."
        )
    return account


def _withheld(account: Account) -> tuple[HeldBack, ...]:
    return release(account, "other-side")[1] if account.released_to is None else ()


def _beside(words: Iterable[str]) -> str:
    """What both accounts call it: one title, or two, the first account's first."""
    return " / ".join(dict.fromkeys(words))


def _one_sided(account: Account | None) -> OneSided:
    if account is None:
        return OneSided(NOT_RECEIVED, "", reconstruction=False, received=False)
    return OneSided(account.side, account.as_of, account.reconstruction, received=True)


def _craft(first: Account, second: Account | None) -> tuple[tuple[str, str, str], ...]:
    """Each craft, and its name by both accounts: by one where the other tells none, or its id."""
    ours, theirs = (
        {one.id: one.name if one.name != one.id else "" for one in account.craft} if account else {}
        for account in (first, second)
    )
    names = ((of, ours.get(of, ""), theirs.get(of, "")) for of in sorted({**ours, **theirs}))
    return tuple((of, one or other or of, other or one or of) for of, one, other in names)


def _subject_of(account: Account, claim: str | None) -> str:
    return next((one.about for one in account.claims if one.id == claim), "")


def compared(first: Account, second: Account | None) -> tuple[Compared, ...]:
    """All subjects of both accounts: agreed facts first, then in the order of `SUBJECTS`."""
    ours, theirs = _by_subject(first), _by_subject(second)
    found = [_compared(key, ours.get(key), theirs.get(key)) for key in {**ours, **theirs}]
    places = {name: place for place, name in enumerate(SUBJECTS)}
    return tuple(
        sorted(
            found,
            # pass-2 stands before pass-10, whichever account names it first
            key=lambda one: (
                ORDER.index(one.verdict), places[one.about], one.of, len(one.which), one.which,
            ),
        )
    )  # fmt: skip


def _by_subject(account: Account | None) -> dict[Subject, Claim]:
    claims = account.claims if account is not None else ()
    return {(one.about, one.of or "", one.which or ""): one for one in claims}


def _compared(key: Subject, first: Claim | None, second: Claim | None) -> Compared:
    about, of, which = key
    both = [one for one in (first, second) if one is not None]
    certainty = ""
    apart = None
    verdict: Verdict = "only-one"
    if first is not None and second is not None:
        apart = difference(first, second)
        verdict = _verdict(first, second, None if apart is None else apart.least)
        if verdict == "agreed":
            certainty = min((one.certainty for one in both), key=CERTAINTY.index)
    return Compared(
        about=about, of=of, which=which,
        first=told(first) if first else None,
        second=told(second) if second else None,
        verdict=verdict, difference=apart, certainty=certainty,
    )  # fmt: skip


def _verdict(first: Claim, second: Claim, least: float | None) -> Verdict:
    if least is not None:
        return "agreed" if least == 0 else "apart"
    if "not-known" in (first.says, second.says):
        return "not-compared"
    if first.says is not None:
        return "agreed" if first.says == second.says else "apart"
    return "agreed" if first.words == second.words else "not-compared"


def _clock(begun: str | None, accounts: Iterable[Account]) -> tuple[Due, ...]:
    stated = {one: None for account in accounts for one in account.deadlines}
    return tuple(sorted(_due(begun, stated or DEADLINES), key=lambda one: one.hours))


def _due(begun: str | None, deadlines: Iterable[Deadline]) -> Iterator[Due]:
    for one in deadlines:
        until = ""
        if begun is not None:
            until = instants.write(instants.parse(begun) + dt.timedelta(hours=one.hours))
        yield Due(one.hours, until, one.due, one.by, one.verified)
