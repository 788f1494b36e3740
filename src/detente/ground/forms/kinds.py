"""The kinds of fields: how a value of each is checked, written in a language, and read back."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from detente.ground.errors import UsageError
from detente.ground.fields import FaultError, shown
from detente.ground.forms.catalogue import FieldType, alike, catalogue
from detente.ground.forms.free_text import check_text, tidy
from detente.ground.forms.model import NUMBER, PARTY
from detente.ground.forms.position import Position, position_of, read_position, write_position
from detente.ground.time import FIRST, LAST, read_instant, write_instant

MOST_PARTIES = 16
_INTEGER = re.compile(r"(-?[0-9]{1,12}) ?(.*)")


@dataclass(frozen=True)
class Kind:
    """What is done with values of one kind; each function refuses by `FaultError`.

    ``take`` makes the value of a plain one, ``plain`` the plain one of a value, ``write`` words in
    a language of a value, ``read`` the value of such words.
    """

    take: Callable[[FieldType, Any], Any]
    plain: Callable[[Any], Any]
    write: Callable[[FieldType, Any, str], str]
    read: Callable[[FieldType, str, str], Any]


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise FaultError("is no text.", "write a text.")
    return value


# --- text -------------------------------------------------------------------------------------


def _take_text(field: FieldType, value: Any) -> str:
    return check_text(_text(value), field.most, field.lines)


def _read_text(field: FieldType, text: str, _language: str) -> str:
    return check_text(tidy(text), field.most, field.lines)


# --- phrases ----------------------------------------------------------------------------------


def _take_phrase(field: FieldType, value: Any) -> str:
    if _text(value) not in field.among:
        raise FaultError(f"is {shown(value)}.", f"write one of {', '.join(field.among)}.")
    return str(value)


def _write_phrase(_field: FieldType, value: str, language: str) -> str:
    return catalogue().phrases[value][language]


def _read_phrase(field: FieldType, text: str, language: str) -> str:
    found = catalogue().phrase_of(text, field.among, language)
    if found is None:
        labels = [catalogue().phrases[id_][language] for id_ in field.among]
        near = difflib.get_close_matches(text[:100], labels, 1)
        mend = f"did you mean `{near[0]}`?" if near else f"write one of: {'; '.join(labels)}."
        raise FaultError(f"is {shown(text)}, which is no phrase of this field.", mend)
    return found


def _distinct(values: list[str], least: int, most: int) -> tuple[str, ...]:
    if not least <= len(values) <= most:
        raise FaultError(f"has {len(values)} parts.", f"write {least} to {most}.")
    if len(set(values)) < len(values):
        raise FaultError("names one thing twice.", "keep it once.")
    return tuple(values)


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise FaultError("is no list.", "write a list.")
    return value


def _take_phrases(field: FieldType, value: Any) -> tuple[str, ...]:
    return _distinct([_take_phrase(field, one) for one in _list(value)], 1, len(field.among))


def _write_phrases(field: FieldType, value: tuple[str, ...], language: str) -> str:
    return "; ".join(_write_phrase(field, one, language) for one in value)


def _read_phrases(field: FieldType, text: str, language: str) -> tuple[str, ...]:
    parts = _distinct(text.split(";"), 1, len(field.among))
    ids = [_read_phrase(field, part.strip(), language) for part in parts]
    return _distinct(ids, 1, len(field.among))


# --- numbers ----------------------------------------------------------------------------------


def _bounds(field: FieldType) -> str:
    return f"write a whole number from {field.low} to {field.high}."


def _take_integer(field: FieldType, value: Any) -> int:
    if type(value) is not int:
        raise FaultError("is no whole number.", _bounds(field))
    if not field.low <= value <= field.high:
        raise FaultError("is out of its range.", _bounds(field))
    return value


def _write_integer(field: FieldType, value: int, language: str) -> str:
    return f"{value} {catalogue().units[field.unit][language]}" if field.unit else str(value)


def _read_integer(field: FieldType, text: str, language: str) -> int:
    match = _INTEGER.fullmatch(text)
    if not match:
        raise FaultError(f"is {shown(text)}, no whole number.", _bounds(field))
    unit = catalogue().units[field.unit][language] if field.unit else ""
    if alike(match[2]) != alike(unit):
        mend = f"write `{match[1]} {unit}`." if unit else f"write `{match[1]}`."
        raise FaultError(f"has the unit {shown(match[2])}.", mend)
    return _take_integer(field, int(match[1]))


def _take_instant(_field: FieldType, value: Any) -> int:
    if type(value) is not int or not FIRST <= value <= LAST:
        raise FaultError("is no instant.", "write whole seconds since 1970.")
    return value


def write_second(at: int) -> str:
    """An instant as messages have it.

    >>> write_second(1795893365)
    '2026-11-28 19:16:05Z'
    """
    return write_instant(at).replace("T", " ")


def _write_instant(_field: FieldType, value: int, _language: str) -> str:
    return write_second(value)


def _read_instant(_field: FieldType, text: str, _language: str) -> int:
    try:
        return read_instant(text)
    except UsageError:
        mend = "write a day and a time that exist, in UTC: 2026-11-28 19:16:05Z."
        raise FaultError(f"is {shown(text)}, no instant.", mend) from None


def _take_position(_field: FieldType, value: Any) -> Position:
    pair = _list(value)
    if len(pair) != 2 or any(type(one) is not int for one in pair):
        raise FaultError("is no latitude and longitude.", "write two whole numbers.")
    try:
        found = position_of(*pair)
    except UsageError:
        raise FaultError("is beyond a pole or the antimeridian.", "correct it.") from None
    if [found.latitude, found.longitude] != pair:
        mend = f"write [{found.latitude}, {found.longitude}]."
        raise FaultError("is not in the one form of its point.", mend)
    return found


def _plain_position(value: Position) -> list[int]:
    return [value.latitude, value.longitude]


def _write_position(_field: FieldType, value: Position, _language: str) -> str:
    return write_position(value)


def _read_position(_field: FieldType, text: str, _language: str) -> Position:
    try:
        return read_position(text)
    except UsageError as error:
        problem, _, mend = str(error).partition("; ")
        raise FaultError(f"{problem}.", mend) from None


# --- parties and numbers of messages ----------------------------------------------------------


def _party(value: Any) -> str:
    if not PARTY.fullmatch(_text(value)):
        raise FaultError(f"is {shown(value)}, no party.", "write up to 8 letters and digits.")
    return str(value)


def _take_party(_field: FieldType, value: Any) -> str:
    return _party(value)


def _read_party(_field: FieldType, text: str, _language: str) -> str:
    return _party(text)


def _take_parties(_field: FieldType, value: Any) -> tuple[str, ...]:
    return _distinct([_party(one) for one in _list(value)], 1, MOST_PARTIES)


def _read_parties(_field: FieldType, text: str, _language: str) -> tuple[str, ...]:
    return _distinct([_party(one.strip()) for one in text.split(",")], 1, MOST_PARTIES)


def _reference(value: Any) -> str:
    if not NUMBER.fullmatch(_text(value)):
        problem = f"is {shown(value)}, no number of a message."
        raise FaultError(problem, "write party, year and number: AAA-2026-0007.")
    return str(value)


def _take_reference(_field: FieldType, value: Any) -> str:
    return _reference(value)


def _read_reference(_field: FieldType, text: str, _language: str) -> str:
    return _reference(text)


def _as_it_is(_field: FieldType, value: str, _language: str) -> str:
    return value


def _joined(_field: FieldType, value: tuple[str, ...], _language: str) -> str:
    return ", ".join(value)


KINDS = {
    "text": Kind(_take_text, _same, _as_it_is, _read_text),
    "phrase": Kind(_take_phrase, _same, _write_phrase, _read_phrase),
    "phrases": Kind(_take_phrases, list, _write_phrases, _read_phrases),
    "integer": Kind(_take_integer, _same, _write_integer, _read_integer),
    "instant": Kind(_take_instant, _same, _write_instant, _read_instant),
    "position": Kind(_take_position, _plain_position, _write_position, _read_position),
    "party": Kind(_take_party, _same, _as_it_is, _read_party),
    "parties": Kind(_take_parties, list, _joined, _read_parties),
    "reference": Kind(_take_reference, _same, _as_it_is, _read_reference),
}
