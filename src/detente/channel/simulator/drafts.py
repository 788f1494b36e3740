"""What people write in a run: forms as they fill them in, with words that are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from numpy.random import Generator

from detente.channel.message import SALT_BYTES, Slip, text_of
from detente.channel.read_text import slip_of
from detente.ground.forms.model import Header, Message, Value
from detente.ground.forms.plain import as_plain
from detente.ground.forms.read_back import critical

MOST_WORDS = 120


@dataclass(frozen=True)
class Draft:
    """A message as a person wrote it: the filled form, and the salt of its text."""

    form: Message
    salt: bytes

    @property
    def number(self) -> str:
        """The message's number."""
        return self.form.header.number

    @property
    def to(self) -> tuple[str, ...]:
        """Its recipients."""
        return self.form.header.to

    @cached_property
    def text(self) -> bytes:
        """The text that must arrive."""
        return text_of(as_plain(self.form), self.salt)

    def slip(self, line: str) -> Slip:
        """What the officer releases."""
        return slip_of(line, self.form, self.text)

    def said_again(self) -> tuple[tuple[str, str], ...]:
        """Numbers and instants as an officer who read it says them."""
        return tuple((each.id, each.written("en")) for each in critical(self.form))


def drawn_draft(
    number: str, to: tuple[str, ...], written: int, answers: str, rng: Generator
) -> Draft:
    """A request for a meeting with words that are drawn."""
    header = Header(number, "routine", number[:3], to, written, "en", answers=answers)
    values: dict[str, Value] = {
        "subject": " ".join(["words"] * int(rng.integers(3, MOST_WORDS))),
        "level": "experts",
        "manner": "by_voice",
        "proposed": written + 86_400,
    }
    return Draft(Message(header, "meeting-request", 1, values), rng.bytes(SALT_BYTES))
