"""The body of a message: a sealed form, released by named officers, and its opened counterpart.

What the recipient reads is the *text*: the plain form and a salt, in canonical JSON. Its digest
stands in the signed envelope, so a recipient can later show anybody what was sent to it, while the
salt keeps a carrier or a witness from guessing a short text. Officers release a text by signing its
*slip*: digest, number, recipients, precedence and the drill flag. The boxes are bound to the slip.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, decode, encode, from_text, to_text
from detente.channel.envelope import HASH_BYTES, SIGNATURE_BYTES, digest
from detente.channel.keys import Keyring
from detente.channel.sealing import SUITES, SealingKey, seal, unseal
from detente.channel.signature import verify_signature
from detente.channel.take import Fields

PRECEDENCES = ("routine", "priority", "immediate", "flash")
SALT_BYTES = 16
MAX_TEXT = 24_000
_RELEASE = b"detente release v1\n"


@dataclass(frozen=True)
class Slip:
    """What officers release, and what the boxes are bound to; ``digest`` is that of the text."""

    line: str
    sender: str
    number: str
    precedence: str
    drill: int
    form: str
    version: int
    to: tuple[str, ...]
    written: int
    expires: int
    answers: str
    digest: str

    def as_plain(self) -> dict[str, Any]:
        """The slip as it is signed."""
        plain = dict(self.__dict__)
        plain["from"] = plain.pop("sender")
        plain["to"] = list(self.to)
        return plain


@dataclass(frozen=True)
class Box:
    """A text sealed for one recipient's key of an epoch."""

    to: str
    epoch: int
    suite: str
    box: str


@dataclass(frozen=True)
class Release:
    """An officer's signature under a slip; ``officer`` is the number of the certificate."""

    officer: int
    signature: str


@dataclass(frozen=True)
class Message:
    """A message as it stands in a chain: slip, releases and boxes."""

    slip: Slip
    releases: tuple[Release, ...]
    boxes: tuple[Box, ...] = ()

    def as_body(self) -> dict[str, Any]:
        """The body of the envelope; line and sender stand in its header."""
        body = self.slip.as_plain()
        del body["line"], body["from"]
        body["releases"] = [[each.officer, each.signature] for each in self.releases]
        body["boxes"] = boxes_as_plain(self.boxes)
        return body


def text_of(form: dict[str, Any], salt: bytes) -> bytes:
    """The text of a plain form (`ground.forms`): what is hashed, released and sealed."""
    text = encode({"form": form, "salt": to_text(salt)})
    if len(text) > MAX_TEXT:
        raise Malformed(f"The form has {len(text):,} bytes; {MAX_TEXT:,} are the most.")
    return text


def form_of(text: bytes) -> dict[str, Any]:
    """The plain form in a text."""
    fields = Fields(decode(text, most=MAX_TEXT), "text")
    fields.octets("salt", SALT_BYTES)
    form = fields.plain("form")
    fields.end()
    return form


def release(slip: Slip, officer: Ed25519PrivateKey, serial: int) -> Release:
    """The slip released by an officer."""
    return Release(serial, to_text(officer.sign(_RELEASE + encode(slip.as_plain()))))


def read_message(body: dict[str, Any], line: str, sender: str) -> Message:
    """The message in the body of an envelope; `Malformed` where it is none."""
    fields = Fields(body, "message")
    slip = Slip(
        line=line,
        sender=sender,
        number=fields.text("number", 40),
        precedence=fields.choice("precedence", PRECEDENCES),
        drill=fields.number("drill", 0, 1),
        form=fields.text("form", 40),
        version=fields.number("version", 1, 99),
        to=fields.texts("to", None, most=16),
        written=fields.number("written", 0, 2**40),
        expires=fields.number("expires", 0, 2**40),
        answers=fields.text("answers", 40, least=0),
        digest=fields.octets("digest", HASH_BYTES),
    )
    releases = tuple(_release(row) for row in fields.rows("releases", 2, 8))
    boxes = read_boxes(fields.rows("boxes", 4, 16))
    fields.end()
    return Message(slip, releases, boxes)


def _release(row: list[Any]) -> Release:
    if not isinstance(row[0], int) or not isinstance(row[1], str):
        raise Malformed("A release is an officer's number and a signature.")
    from_text(row[1], SIGNATURE_BYTES)
    return Release(row[0], row[1])


def boxes_as_plain(boxes: tuple[Box, ...]) -> list[list[Any]]:
    """Boxes as rows of recipient, epoch, suite and box."""
    return [[each.to, each.epoch, each.suite, each.box] for each in boxes]


def read_boxes(rows: list[list[Any]]) -> tuple[Box, ...]:
    """Boxes from rows of recipient, epoch, suite and box."""
    for to, epoch, suite, box in rows:
        known = isinstance(to, str) and isinstance(epoch, int) and suite in SUITES
        if not known or not isinstance(box, str):
            raise Malformed("A box names recipient, epoch and suite.")
    return tuple(Box(*row) for row in rows)


def sealed(slip: Slip, text: bytes, keys: dict[str, tuple[int, str, str]]) -> tuple[Box, ...]:
    """The text in one box a recipient; ``keys`` gives each one's epoch, suite and public key."""
    boxes = (Box(to, epoch, suite, "") for to, (epoch, suite, _) in keys.items())
    return tuple(
        replace(box, box=seal(box.suite, keys[box.to][2], text, _info(slip, box))) for box in boxes
    )


def opened(slip: Slip, box: Box, key: SealingKey) -> bytes:
    """The text in a box, checked against the slip's digest; `Malformed` where it is another."""
    text = unseal(key, box.box, _info(slip, box))
    if digest(text) != slip.digest:
        raise Malformed("The box holds another text than the one released.")
    return text


def _info(slip: Slip, box: Box) -> bytes:
    return encode(slip.as_plain() | {"recipient": box.to, "epoch": box.epoch, "suite": box.suite})


def unreleased(message: Message, officers: Keyring, two_person: tuple[str, ...]) -> str:
    """Why the releases under a message do not suffice; empty where they do."""
    slip = _RELEASE + encode(message.slip.as_plain())
    numbers = [each.officer for each in message.releases]
    if len(set(numbers)) < len(numbers):
        return "One officer released it twice."
    for each in message.releases:
        key = officers.key(each.officer, "officer", message.slip.written)
        if key is None:
            return f"Officer {each.officer} held no key when it was written."
        if not verify_signature(key, from_text(each.signature, SIGNATURE_BYTES), slip):
            return f"The release of officer {each.officer} does not hold."
    needed = 2 if message.slip.precedence in two_person else 1
    if len(numbers) < needed:
        return f"It needs the release of {needed} officers and has {len(numbers)}."
    return ""
