"""The contact roster of a party: who answers for it, in which languages, when, and by which phone.

A person writes it as YAML and gets every finding at once; it travels as plain values (texts, whole
numbers, lists, mappings), so that it can be signed. `whom_to_call` answers with a list for one
instant that begins with whom to call first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from detente.ground.duty import MOST_WINDOWS, Hours, Window, hours_of, read_hours, write_hours
from detente.ground.errors import CaseError, UsageError
from detente.ground.fields import (
    FaultError,
    Field,
    choice,
    line_of,
    number,
    pattern,
    read_mapping,
    reading,
    shown,
    words,
)
from detente.ground.text import Marked, parse_yaml
from detente.ground.time import FIRST, LAST, read_instant, write_instant

FORMAT = "detente/roster-1"
MOST_CONTACTS = 40
MOST_EDITION = 2**31 - 1

ROLES = (
    "duty-officer",
    "deputy",
    "liaison-officer",
    "commander",
    "foreign-ministry",
    "legal-adviser",
    "interpreter",
    "technical-officer",
)
"""Ids of roles, in the order in which they are called where nothing else decides."""

# ISO 639-1: the second letters of codes by their first.
# fmt: off
_SECOND_LETTERS = {
    "a": "abefkmnrsvyz", "b": "aegimnors", "c": "aehorsuvy", "d": "aevz", "e": "elnostu",
    "f": "afijory", "g": "adlnuv", "h": "aeiortuyz", "i": "adegikostu", "j": "av",
    "k": "agijklmnorsuvwy", "l": "abginotuv", "m": "ghiklnrsty", "n": "abdeglnorvy",
    "o": "cjmrs", "p": "ailst", "q": "u", "r": "mnouw", "s": "acdegiklmnoqrstuvw",
    "t": "aeghiklnorstwy", "u": "gkrz", "v": "eio", "w": "ao", "x": "h", "y": "io",
    "z": "ahu",
}
# fmt: on
LANGUAGES = frozenset(a + b for a, letters in _SECOND_LETTERS.items() for b in letters)

Reason = Literal[
    "contact-expired",
    "roster-expired",
    "roster-not-yet-valid",
    "always-on-duty",
    "on-duty",
    "off-duty",
    "shared-language",
    "no-shared-language",
]


@dataclass(frozen=True)
class Contact:
    """One who can be called.

    ``name`` may be a pseudonym; ``languages`` are ISO 639-1 codes, best first; ``phone`` is the
    phone of last resort; ``expires`` is an instant, or None where only the roster's end counts.
    """

    id: str
    role: str
    name: str
    languages: tuple[str, ...]
    hours: Hours
    phone: str
    other_ways: tuple[str, ...] = ()
    expires: int | None = None


@dataclass(frozen=True)
class Roster:
    """The contacts of one party, in its order, from the instant ``issued`` up to ``expires``."""

    party: str
    edition: int
    issued: int
    expires: int
    contacts: tuple[Contact, ...]

    def ends(self, contact: Contact) -> int:
        """The instant from which a contact of this roster is expired."""
        return self.expires if contact.expires is None else min(contact.expires, self.expires)

    def as_plain(self) -> dict[str, Any]:
        """The roster in texts, whole numbers, lists and mappings, as it is signed."""
        return {
            "format": FORMAT,
            "party": self.party,
            "edition": self.edition,
            "issued": self.issued,
            "expires": self.expires,
            "contacts": [_plain(one) for one in self.contacts],
        }


def _plain(one: Contact) -> dict[str, Any]:
    plain = {
        "id": one.id,
        "role": one.role,
        "name": one.name,
        "languages": list(one.languages),
        "hours": [[window.begins, window.minutes] for window in one.hours.windows],
        "phone": one.phone,
        "other_ways": list(one.other_ways),
    }
    return plain if one.expires is None else {**plain, "expires": one.expires}


# --- whom to call ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A contact in its place of the order of calling, and why it stands there.

    ``until`` is the instant at which the present duty ends, by its hours or because the contact
    expires; None off duty, and where duty has no end. ``next_begin`` is the instant at which an
    off-duty contact is next on duty, None where it expires before. ``language`` is the shared
    language that the caller likes best, or ''.
    """

    contact: Contact
    reasons: tuple[Reason, ...]
    on_duty: bool
    is_expired: bool
    language: str
    until: int | None
    next_begin: int | None


def whom_to_call(roster: Roster, at: int, languages: Sequence[str]) -> tuple[Call, ...]:
    """Every contact of a roster, whom to call first foremost.

    Before all others stand contacts that are not expired by their own date, then those on duty,
    then those who share a language; then the order of `ROLES`, of the caller's languages, of the
    next duty, and of the roster decides. Nobody is left out: an expired number may still be
    answered. Where the whole roster is expired or not yet valid, every call says so.

    Parameters
    ----------
    roster
        The other party's roster.
    at
        The instant of the call.
    languages
        ISO 639-1 codes of the caller's languages, best first.
    """
    calls = (_call(roster, one, at, languages) for one in roster.contacts)
    return tuple(sorted(calls, key=lambda call: _order(call, languages)))


def _call(roster: Roster, one: Contact, at: int, languages: Sequence[str]) -> Call:
    on_duty, ends = one.hours.on_duty(at), roster.ends(one)
    until, next_begin = one.hours.until(at), one.hours.next_begin(at)
    language = next((each for each in languages if each in one.languages), "")
    duty: Reason = "always-on-duty" if one.hours.is_always else "on-duty" if on_duty else "off-duty"
    reasons: list[Reason] = []
    if one.expires is not None and at >= one.expires:
        reasons.append("contact-expired")
    if at >= roster.expires:
        reasons.append("roster-expired")
    if at < roster.issued:
        reasons.append("roster-not-yet-valid")
    is_expired = at >= ends
    return Call(
        contact=one,
        reasons=(*reasons, duty, "shared-language" if language else "no-shared-language"),
        on_duty=on_duty,
        is_expired=is_expired,
        language=language,
        until=until if until is None or is_expired else min(until, ends),
        next_begin=None if on_duty or at < ends <= next_begin else next_begin,
    )


def _order(call: Call, languages: Sequence[str]) -> tuple[bool, bool, bool, int, int, int]:
    return (
        "contact-expired" in call.reasons,
        not call.on_duty,
        not call.language,
        ROLES.index(call.contact.role),
        languages.index(call.language) if call.language else 0,
        LAST if call.next_begin is None else call.next_begin,
    )


# --- what another edition changed ------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One difference between two editions.

    ``contact`` is the id of a contact, or '' for the roster itself; ``field`` is '' where the whole
    contact was added or removed. ``before`` and ``after`` are as people read them, '' for nothing.
    """

    kind: Literal["added", "removed", "changed"]
    contact: str
    field: str
    before: str
    after: str


def changes(old: Roster, new: Roster) -> tuple[Change, ...]:
    """What differs between two editions: the roster's own fields, then contact by contact.

    Contacts are matched by their ids, in the order of the new roster; those removed come last, and
    the order of contacts alone is no change.

    Raises
    ------
    UsageError
        The rosters are of two parties.
    """
    if old.party != new.party:
        raise UsageError(f"These are rosters of two parties, {old.party} and {new.party}.")
    before = {one.id: one for one in old.contacts}
    after = {one.id: one for one in new.contacts}
    found = _differences("", _roster_texts(old), _roster_texts(new))
    for id_, one in after.items():
        if id_ in before:
            found += _differences(id_, _contact_texts(before[id_]), _contact_texts(one))
        else:
            found.append(Change("added", id_, "", "", one.name))
    gone = [one for id_, one in before.items() if id_ not in after]
    return (*found, *(Change("removed", one.id, "", one.name, "") for one in gone))


def _differences(contact: str, old: dict[str, str], new: dict[str, str]) -> list[Change]:
    return [
        Change("changed", contact, field, old[field], new[field])
        for field in old
        if old[field] != new[field]
    ]


def _roster_texts(one: Roster) -> dict[str, str]:
    return {
        "edition": str(one.edition),
        "issued": write_instant(one.issued),
        "expires": write_instant(one.expires),
    }


def _contact_texts(one: Contact) -> dict[str, str]:
    return {
        "role": one.role,
        "name": one.name,
        "languages": ", ".join(one.languages),
        "hours": "; ".join(write_hours(one.hours)),
        "phone": one.phone,
        "other_ways": "; ".join(one.other_ways),
        "expires": "" if one.expires is None else write_instant(one.expires),
    }


# --- reading ---------------------------------------------------------------------------------


def roster_of(text: str | None, marked: Marked) -> Roster:
    """The roster that a person wrote as YAML, as `TEMPLATE` explains it.

    Parameters
    ----------
    text
        The text that `ground.text.read_text` read as ``marked``, None where it could not.
    marked
        The file's name, and findings so far.

    Raises
    ------
    CaseError
        With every fault: file, line, key and mend.
    """
    roster = None
    if text is not None and not parse_yaml(text, marked).findings:
        roster = _roster(marked, _WRITTEN)
    if roster is None or marked.findings:
        raise CaseError(tuple(sorted(set(marked.findings))))
    return roster


def from_plain(value: Any) -> Roster:
    """The roster of plain values; `Roster.as_plain` of it is ``value`` again.

    Raises
    ------
    UsageError
        With every fault in one message; a value that is sound but not in the form that `as_plain`
        gives, such as windows out of order, is refused too.
    """
    marked = Marked("roster", value)
    roster = _roster(marked, _PLAIN)
    if roster is None or marked.findings:
        raise UsageError(
            " ".join(f"{one.key or 'roster'} {one.problem}" for one in marked.findings)
        )
    if roster.as_plain() != value:
        raise UsageError("The roster is not in the one form in which it is signed.")
    return roster


@dataclass(frozen=True)
class _Form:
    """The keys of a roster and of a contact in one of its two forms."""

    roster: dict[str, Field]
    contact: dict[str, Field]


def _roster(marked: Marked, form: _Form) -> Roster | None:
    """The roster of a marked value; None, with findings, where a part is missing or faulty."""
    found = read_mapping(marked, (), marked.value, form.roster)
    people = [
        read_mapping(marked, ("contacts", place), value, form.contact)
        for place, value in enumerate(found.pop("contacts", ()))
    ]
    _check_ends(marked, found, people)
    ids = [fields.get("id") for fields in people]
    for place, id_ in enumerate(ids):
        if id_ is not None and id_ in ids[:place]:
            path = ("contacts", place, "id")
            marked.find(path, f"is {id_}, as of another contact.", "choose another id.")
    if marked.findings:
        return None
    del found["format"]
    return Roster(contacts=tuple(Contact(**fields) for fields in people), **found)


def _check_ends(marked: Marked, found: dict[str, Any], people: list[dict[str, Any]]) -> None:
    issued, mend = found.get("issued", FIRST - 1), "correct one of the two."
    if found.get("expires", LAST) <= issued:
        marked.find(("expires",), "is not after `issued`.", mend)
    for place, fields in enumerate(people):
        if fields.get("expires", LAST) <= issued:
            path = ("contacts", place, "expires")
            marked.find(path, "is not after the roster's `issued`.", mend)


def _language(value: Any) -> str:
    code = line_of(value, 2, "en")
    if code not in LANGUAGES:
        raise FaultError(
            f"is {shown(code)}, no code of ISO 639-1.", "write en, ru, fr, pl, de, uk …."
        )
    return code


def _languages(codes: list[str]) -> tuple[str, ...]:
    if len(set(codes)) < len(codes):
        raise FaultError("names a language twice.", "keep it once.")
    return tuple(codes)


def _phone(value: Any) -> str:
    says = '"+00 000 0001", in quotes'
    text = line_of(value, 30, says)
    digits = sum(one.isdigit() for one in text)
    if not re.fullmatch(r"\+[0-9]+(?:[ -][0-9]+)*", text) or not 7 <= digits <= 15:
        raise FaultError(f"is {text!r}, no phone of 7 to 15 digits.", f"write {says}.")
    return text


def _window(value: Any) -> Hours:
    try:
        begins, minutes = value
        if type(begins) is int and type(minutes) is int:
            return hours_of([Window(begins, minutes)])
    except (TypeError, ValueError, UsageError):
        pass
    raise FaultError("is no window of the week.", "write [begin, minutes].")


def _hours(parts: list[Hours]) -> Hours:
    hours = hours_of(window for part in parts for window in part.windows)
    if len(hours.windows) > MOST_WINDOWS:
        raise FaultError(f"has more than {MOST_WINDOWS} windows a week.", "simplify it.")
    return hours


_INSTANT = "a day and a time that exist, 2026-11-28 19:16Z"
_HOURS = "days and times of the week, Mon-Fri 08:00-20:00, or always"
_CONTACT = {
    "id": pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", "up to 32 letters, digits, '.', '_', '-'"),
    "role": choice(ROLES),
    "name": words(80, "a name or a pseudonym"),
    "languages": Field("codes such as [en, ru]", _language, 1, 8, _languages),
    "hours": replace(reading(lambda text: read_hours([text]), _HOURS), most=28, whole=_hours),
    "phone": Field('a phone, "+00 000 0001"', _phone),
    "other_ways": replace(words(120, "other ways to reach"), least=0, most=6, is_needed=False),
    "expires": replace(reading(read_instant, _INSTANT), is_needed=False),
}
_ROSTER = {
    "format": choice((FORMAT,)),
    "party": pattern(r"[A-Za-z0-9]{1,8}", "up to 8 letters and digits, as the line has it"),
    "edition": number(1, MOST_EDITION, "a whole number from 1, higher each time"),
    "issued": reading(read_instant, _INSTANT),
    "expires": reading(read_instant, _INSTANT),
    "contacts": Field("contacts, each after `- `", lambda value: value, 1, MOST_CONTACTS),
}
_WRITTEN = _Form(_ROSTER, _CONTACT)

_SECOND = number(FIRST, LAST, "seconds since 1970")
_PLAIN = _Form(
    {**_ROSTER, "issued": _SECOND, "expires": _SECOND},
    {
        **_CONTACT,
        "hours": Field("windows", _window, 1, MOST_WINDOWS, _hours),
        "expires": replace(_SECOND, is_needed=False),
    },
)

TEMPLATE = """\
# Whom the other party can call. Every time is in UTC and says so: a Z stands after it.
# Check it with each change, and raise `edition` by one; an expired roster is shown as expired.
format: detente/roster-1
party: AAA                    # your party's id on the line; here Arland, which is invented
edition: 1
issued: 2026-11-01 00:00Z
expires: 2027-02-01 00:00Z    # three months are a good habit: numbers grow old

contacts:
  - id: watch                 # stays the same from edition to edition
    # duty-officer, deputy, liaison-officer, commander, foreign-ministry, legal-adviser,
    # interpreter or technical-officer
    role: duty-officer
    name: Watch of Arland     # a name, or a pseudonym
    languages: [en, ru]       # ISO 639-1, best first
    hours: always
    # The phone of last resort, in quotes. This one is invented: no country has the code 00.
    phone: "+00 000 0001"
    other_ways:               # may be left out
      - "radio: as agreed in the line's annex"

  - id: deputy
    role: deputy
    name: Officer Amber
    languages: [en]
    # Days and times; a window may pass midnight and the end of the week:
    # Mon-Fri 08:00-20:00, Sat,Sun 20:00-06:00, daily 00:00-12:00, Fri 18:00-Mon 08:00
    hours:
      - Mon-Fri 06:00-18:00
      - Sat 22:00-04:00
    phone: "+00 000 0002"

  - id: interpreter
    role: interpreter
    name: Interpreter Birch
    languages: [ru, en, fr]   # for calls to Borland, BBB, which is invented, too
    hours: daily 20:00-08:00
    phone: "+00 000 0003"
    expires: 2026-12-31 23:00Z  # its own end, where that comes before the roster's
"""
