"""The forms, their fields, and all words about them in every language, from the data files."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from detente.ground.errors import UsageError
from detente.ground.text import Marked, parse_yaml

Language = Literal["en", "ru", "fr", "pl", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "ru", "fr", "pl", "de")
Words = Mapping[str, str]  # from a language to the words in it


@dataclass(frozen=True)
class FieldType:
    """One field of a form, or one line of the header.

    ``low``, ``high`` and ``unit`` are those of an integer, ``most`` characters and ``lines`` of a
    text, ``among`` the phrases of a choice. ``absent`` is the word for an optional field without
    a value.
    """

    id: str
    kind: str
    label: Words
    is_needed: bool = True
    among: tuple[str, ...] = ()
    unit: str = ""
    low: int = 0
    high: int = 0
    most: int = 0
    lines: int = 0
    absent: str = "not_stated"


@dataclass(frozen=True)
class Form:
    """A type of message; ``order`` holds pairs of instants of which the second is no earlier."""

    id: str
    version: int
    title: Words
    fields: tuple[FieldType, ...]
    answers: bool = False
    order: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All forms by id, the header's lines, and words by id: phrases (titles too), units, others."""

    header: tuple[FieldType, ...]
    forms: Mapping[str, Form]
    phrases: Mapping[str, Words]
    units: Mapping[str, Words]
    words: Mapping[str, Words]
    spelling: Mapping[str, str]

    def form(self, id_: str) -> Form:
        """The form of an id; `UsageError` where there is none."""
        if id_ not in self.forms:
            raise UsageError(f"There is no form {id_!r}; choose of {', '.join(self.forms)}.")
        return self.forms[id_]

    def phrase_of(self, label: str, among: tuple[str, ...], language: str) -> str | None:
        """The id of the phrase with a label, of those that a field allows."""
        sought = alike(label)
        return next((id_ for id_ in among if alike(self.phrases[id_][language]) == sought), None)


def alike(label: str) -> str:
    """What two ways to type one label have in common: case, blanks and apostrophes apart."""
    plain = unicodedata.normalize("NFC", label).casefold().replace("’", "'").replace("`", "'")
    return " ".join(plain.split())


def check_language(language: str) -> None:
    """`UsageError` where the forms are not written in a language."""
    if language not in LANGUAGES:
        raise UsageError(f"The forms are in {', '.join(LANGUAGES)}, not in {language!r}.")


@cache
def catalogue() -> Catalogue:
    """The catalogue that detente comes with."""
    labels, phrases = _data("labels"), _data("phrases")["phrases"]
    words, forms = _data("words"), _data("forms")
    titles = labels["titles"]
    groups = {**forms["groups"], "titles": list(titles)}

    def field(row: dict[str, Any]) -> FieldType:
        among = row.get("among", ())
        more = {key: row[key] for key in ("unit", "low", "high", "most", "lines") if key in row}
        return FieldType(
            id=row["id"],
            kind=row["kind"],
            label=labels["labels"][row["id"]],
            is_needed=not row.get("optional", False),
            among=tuple(groups[among] if isinstance(among, str) else among),
            absent=row.get("absent", "not_stated"),
            **more,
        )

    def form(row: dict[str, Any]) -> Form:
        return Form(
            id=row["id"],
            version=row["version"],
            title=titles[row["id"]],
            fields=tuple(map(field, row["fields"])),
            answers=row.get("answers", False),
            order=tuple((first, then) for first, then in row.get("order", ())),
        )

    return Catalogue(
        header=tuple(map(field, forms["header"])),
        forms={row["id"]: form(row) for row in forms["forms"]},
        phrases={**phrases, **titles},
        units=words["units"],
        words=words["words"],
        spelling=words["spelling"],
    )


def _data(name: str) -> dict[str, Any]:
    text = files("detente.ground.forms").joinpath(f"{name}.yaml").read_text("utf-8")
    value: dict[str, Any] = parse_yaml(text, Marked(f"{name}.yaml")).value
    return value
