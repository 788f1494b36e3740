"""Read-back: the numbers, instants and positions of a message that are said again, and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from detente.ground.errors import UsageError
from detente.ground.fields import FaultError
from detente.ground.forms.catalogue import LANGUAGES, FieldType, alike, catalogue, check_language
from detente.ground.forms.kinds import KINDS
from detente.ground.forms.model import Message, Value
from detente.ground.forms.position import Position, write_position

SAID_AGAIN = frozenset({"integer", "instant", "position", "reference"})
MOST_TYPED = 200

Reason = Literal["not-said", "unreadable", "differs"]


@dataclass(frozen=True)
class Critical:
    """One value that must be said again, with the field that it stands in."""

    field: FieldType
    value: Value

    @property
    def id(self) -> str:
        """The field's id, which no other critical value of the message has."""
        return self.field.id

    def label(self, language: str) -> str:
        """The field's label in a language."""
        return self.field.label[language]

    def written(self, language: str) -> str:
        """The value as the message has it in a language."""
        return KINDS[self.field.kind].write(self.field, self.value, language)


@dataclass(frozen=True)
class Difference:
    """Where what was said does not repeat what stands; ``said`` is as typed, '' for nothing."""

    critical: Critical
    said: str
    reason: Reason


def critical(message: Message) -> tuple[Critical, ...]:
    """What must be said again: the message's number, then its form's values in their order."""
    found = catalogue()
    number = next(one for one in found.header if one.id == "number")
    fields = found.form(message.form).fields
    stated = (one for one in fields if one.kind in SAID_AGAIN and one.id in message.values)
    return (
        Critical(number, message.header.number),
        *(Critical(one, message.values[one.id]) for one in stated),
    )


def differences(message: Message, said: Mapping[str, str]) -> tuple[Difference, ...]:
    """Where the values that an officer typed do not repeat those of a message.

    Parameters
    ----------
    message
        The message that was read back.
    said
        What was typed, by the id of a critical value, in any usual form: ``59 26.1234N 24 45E``,
        ``2026-11-28 19:16:05`` (UTC), ``1 200``, with a unit in any language or none.

    Raises
    ------
    UsageError
        An id is not that of a critical value.
    """
    items = critical(message)
    unknown = sorted(set(said) - {one.id for one in items})
    if unknown:
        raise UsageError(f"{', '.join(unknown)} need not be said again in this message.")
    found = ((one, said.get(one.id, "").strip()) for one in items)
    judged = ((one, typed, _reason(one, typed)) for one, typed in found)
    return tuple(Difference(one, typed, reason) for one, typed, reason in judged if reason)


def _reason(one: Critical, typed: str) -> Reason | None:
    if not typed:
        return "not-said"
    if len(typed) > MOST_TYPED:
        return "unreadable"
    try:
        value = _READERS[one.field.kind](one.field, typed)
    except FaultError:
        return "unreadable"
    return None if value == one.value else "differs"


def _integer(field: FieldType, typed: str) -> int:
    match = re.fullmatch(r"([-−]?)([0-9][0-9 ]*)(.*)", " ".join(typed.split()))
    units = {""}
    if field.unit:
        units |= {alike(catalogue().units[field.unit][one]) for one in LANGUAGES}
    if not match or alike(match[3]) not in units:
        raise FaultError("is no whole number.", "write digits.")
    value = int(match[2].replace(" ", ""))
    return -value if match[1] else value


def _instant(field: FieldType, typed: str) -> Any:
    text = " ".join(typed.upper().split())
    has_zone = re.search(r"(Z|UTC|[+-][0-9]{2}:[0-9]{2})$", text)
    return KINDS["instant"].read(field, text if has_zone else text + "Z", "en")


def _position(field: FieldType, typed: str) -> Any:
    return KINDS["position"].read(field, typed, "en")


def _reference(field: FieldType, typed: str) -> Any:
    return KINDS["reference"].read(field, re.sub(r"[ –—-]+", "-", typed), "en")


_READERS = {
    "integer": _integer,
    "instant": _instant,
    "position": _position,
    "reference": _reference,
}


# --- said aloud -------------------------------------------------------------------------------


def spoken(one: Critical, language: str) -> str:
    """How a value is said: digits one by one, letters by the international spelling alphabet.

    Raises
    ------
    UsageError
        The forms are not in this language.
    """
    check_language(language)
    words = {id_: label[language] for id_, label in catalogue().words.items()}
    if isinstance(one.value, Position):
        return ", ".join(_said_position(one.value, words))
    if one.field.kind == "instant":
        return ", ".join(_said_instant(one.written(language), words))
    if one.field.kind == "integer":
        unit = catalogue().units[one.field.unit][language] if one.field.unit else ""
        bare = replace(one.field, unit="")
        digits = _digits(KINDS["integer"].write(bare, one.value, language), words)
        return f"{digits}, {unit}" if unit else digits
    said = {**catalogue().spelling, **words, "-": words["dash"]}
    return " ".join(said[letter.upper()] for letter in str(one.value))


def _digits(text: str, words: Mapping[str, str]) -> str:
    return " ".join(words[digit] for digit in text)


def _said_position(position: Position, words: Mapping[str, str]) -> Iterator[str]:
    sides = {"N": "north", "S": "south", "E": "east", "W": "west"}
    for part in write_position(position).split(" "):
        degrees, _, rest = part.partition("°")
        minutes, _, side = rest.partition("′")
        yield words[sides[side]]
        yield f"{words['degrees']} {_digits(degrees, words)}"
        yield f"{words['minutes']} {_digits(minutes, words)}"


def _said_instant(written: str, words: Mapping[str, str]) -> Iterator[str]:
    units = ("year", "month", "day", "hours", "minutes", "seconds")
    for unit, digits in zip(units, re.split("[- :]", written[:-1]), strict=True):
        yield f"{words[unit]} {_digits(digits, words)}"
    yield words["utc"]
