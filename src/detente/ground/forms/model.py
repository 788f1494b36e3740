"""A message: who tells whom what, and when; the values of its header and of its form's fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.ground.forms.position import Position

# By kind: text, phrase, party and reference are str, phrases a tuple of them, integer and instant
# int, position a Position.
Value = str | int | tuple[str, ...] | Position

PARTY = re.compile(r"[A-Za-z0-9]{1,8}")
NUMBER = re.compile(rf"({PARTY.pattern})-([0-9]{{4}})-([0-9]{{4}}|[1-9][0-9]{{4,5}})")


@dataclass(frozen=True)
class Header:
    """What stands above every form.

    ``number`` is such as ``AAA-2026-0007``; ``written`` an instant in seconds (`ground.time`);
    ``language`` that of free text, an ISO 639-1 code; ``answers`` an earlier number, or ''.
    """

    number: str
    precedence: str
    sender: str
    to: tuple[str, ...]
    written: int
    language: str
    drill: bool = False
    answers: str = ""


@dataclass(frozen=True)
class Message:
    """A filled form; an optional field that is not stated has no key in ``values``."""

    header: Header
    form: str
    version: int
    values: Mapping[str, Value]

    def top(self) -> dict[str, Value]:
        """The values of the header's lines, by the ids that these have in the catalogue."""
        head = self.header
        top: dict[str, Value] = {
            "number": head.number,
            "precedence": head.precedence,
            "from": head.sender,
            "to": head.to,
            "written": head.written,
            "answers": head.answers,
            "language": head.language,
            "form": self.form,
            "version": self.version,
        }
        return top if head.answers else {key: top[key] for key in top if key != "answers"}


def message_of(top: Mapping[str, Any], values: Mapping[str, Value], *, drill: bool) -> Message:
    """The message with the values of header lines that `Message.top` gives."""
    header = Header(
        number=top["number"],
        precedence=top["precedence"],
        sender=top["from"],
        to=top["to"],
        written=top["written"],
        language=top["language"],
        drill=drill,
        answers=top.get("answers", ""),
    )
    return Message(header, top["form"], top["version"], values)
