"""Receipts: what became of a message at each recipient, and which step may follow which.

A recipient's node says *stored* once the message is on its disk, *shown* once it stood on the duty
officer's screen; a named officer says *read*, signing with a key of their own and saying the
numbers and positions again. A message of the recipient that names this one in ``answers`` has
*answered* it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, encode, from_text, to_text
from detente.channel.envelope import HASH_BYTES, SIGNATURE_BYTES
from detente.channel.keys import Keyring
from detente.channel.signature import verify_signature
from detente.channel.take import Fields

ActName = Literal["stored", "shown", "read"]
ACTS: tuple[ActName, ...] = ("stored", "shown", "read")
MOST_ACTS = 256
MOST_SAID = 64
_READ = b"detente read v1\n"

# Where a message stands, and what moves it on. `docs/line.md` draws this table.
PASSAGE: dict[tuple[str, str], str] = {
    ("sent", "stored"): "stored",
    ("stored", "shown"): "shown",
    ("shown", "read"): "read",
    ("read", "answered"): "answered",
}
FINAL = "answered"


@dataclass(frozen=True)
class Act:
    """What a recipient did with an entry: the entry's place and digest, and for *read* by whom.

    ``said`` holds the read-back: rows of field and value as the officer said them again.
    """

    act: ActName
    party: str
    seq: int
    digest: str
    officer: int = 0
    said: tuple[tuple[str, str], ...] = ()
    signature: str = ""

    def as_row(self) -> list[Any]:
        """The act as a row of a receipt."""
        row: list[Any] = [self.act, self.party, self.seq, self.digest]
        if self.act != "read":
            return row
        return [*row, self.officer, [list(pair) for pair in self.said], self.signature]


def read_acts(body: dict[str, Any]) -> tuple[Act, ...]:
    """The acts in the body of a receipt; `Malformed` where it is none."""
    fields = Fields(body, "receipt")
    rows = fields.items("acts", MOST_ACTS)
    fields.end()
    return tuple(_act(row) for row in rows)


def _act(row: Any) -> Act:
    if not isinstance(row, list) or len(row) not in {4, 7} or row[0] not in ACTS:
        raise Malformed("A receipt holds acts: stored, shown or read.")
    if not isinstance(row[1], str) or not isinstance(row[2], int) or not isinstance(row[3], str):
        raise Malformed("An act names an entry by party, place and digest.")
    from_text(row[3], HASH_BYTES)
    if (row[0] == "read") != (len(row) == 7):
        raise Malformed("Only what was read names an officer.")
    return Act(row[0], row[1], row[2], row[3]) if len(row) == 4 else _read(row)


def _read(row: list[Any]) -> Act:
    officer, said, signature = row[4:]
    if not isinstance(officer, int) or not isinstance(said, list) or not isinstance(signature, str):
        raise Malformed("What was read names an officer, what was said again, and a signature.")
    if len(said) > MOST_SAID or not all(_is_pair(pair) for pair in said):
        raise Malformed("What was said again is rows of field and value.")
    from_text(signature, SIGNATURE_BYTES)
    pairs = tuple((field, value) for field, value in said)
    return Act(row[0], row[1], row[2], row[3], officer, pairs, signature)


def _is_pair(pair: Any) -> bool:
    whole = isinstance(pair, list) and len(pair) == 2
    return whole and all(isinstance(part, str) and len(part) <= 200 for part in pair)


def receipt_body(acts: tuple[Act, ...]) -> dict[str, Any]:
    """The body of a receipt that holds these acts."""
    return {"acts": [act.as_row() for act in acts]}


def sign_read(line: str, act: Act, officer: Ed25519PrivateKey) -> Act:
    """The act *read* under the officer's own signature."""
    signature = to_text(officer.sign(_slip(line, act)))
    return Act(act.act, act.party, act.seq, act.digest, act.officer, act.said, signature)


def read_holds(line: str, act: Act, officers: Keyring, at: int) -> bool:
    """Whether the named officer's signature under *read* holds."""
    key = officers.key(act.officer, "officer", at)
    if key is None:
        return False
    return verify_signature(key, from_text(act.signature, SIGNATURE_BYTES), _slip(line, act))


def _slip(line: str, act: Act) -> bytes:
    said = [list(pair) for pair in act.said]
    return _READ + encode({"line": line, "of": act.digest, "officer": act.officer, "said": said})
