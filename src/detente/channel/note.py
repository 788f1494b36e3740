"""Tree heads as text that anybody's tools can check: checkpoints, signed and cosigned.

A *checkpoint* is a signed note of three lines, the log's origin, its size and its root. Its log
signs it; a *cosigner*, here the other side or a witness, adds a line that says it saw this head at
an instant and that it extends the heads before. Formats: C2SP signed-note, tlog-checkpoint and
tlog-cosignature (v1, Ed25519) at c2sp.org.

One key may sign both ways: what a cosigner signs has ``time …`` for its second line, and what a log
signs a number, so neither can be taken for the other.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed
from detente.channel.signature import verify_signature
from detente.ground.errors import UsageError

MOST_CHARACTERS = 131_072  # signed-note: 16 signatures must be read, of up to 5 kB by some schemes
MOST_SIGNATURES = 64
_SIGNED, _COSIGNED = b"\x01", b"\x04"  # signed-note, "Signature types"
_KEY_ID_BYTES = 4
_TIME_BYTES = 8
_MOST_TIME = 2**63 - 1

# Origin, size and root; 43 letters and one sign of padding are 32 bytes.
_BODY = re.compile("([^\x00-\x1f\ud800-\udfff]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n")
_NAME = re.compile("[^\\s+\x00-\x1f\ud800-\udfff]+")
_LINE = re.compile(f"— ({_NAME.pattern}) ([A-Za-z0-9+/]+=?=?)\n")


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: whose log, how many leaves, and the root of their tree (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True)
class Signature:
    """A signature line: the key's name and id, and what it signed with, as yet unverified."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True)
class Note:
    """A checkpoint and the signatures under it, in the order of their lines."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]


def sign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a note under the signature of its log.

    Raises
    ------
    UsageError
        The checkpoint or the key's name cannot stand in a note.
    """
    text = checkpoint.text
    if not _BODY.fullmatch(text):
        raise UsageError("A checkpoint has an origin of one line, a size and a root of 32 bytes.")
    return f"{text}\n{_line(name, _SIGNED, key, key.sign(text.encode()))}"


def cosign(note_text: str, name: str, key: Ed25519PrivateKey, at: int) -> str:
    """The note with one line more: that the holder of ``key`` saw this head at the instant ``at``.

    The caller has verified that the head extends those that it cosigned before.

    Raises
    ------
    Malformed
        The text is no note.
    UsageError
        The instant or the key's name cannot stand in a note.
    """
    if not 0 <= at <= _MOST_TIME:
        raise UsageError(f"{at} is no instant that a note can hold.")
    message = _cosigned(read(note_text).checkpoint, at)
    value = at.to_bytes(_TIME_BYTES, "big") + key.sign(message)
    return note_text + _line(name, _COSIGNED, key, value)


def read(note_text: str) -> Note:
    """The checkpoint and the signatures in a note; none of these is verified yet.

    Raises
    ------
    Malformed
        The text is no signed checkpoint, is too long, or has extension lines.
    """
    if len(note_text) > MOST_CHARACTERS:
        raise Malformed(f"The note has more than {MOST_CHARACTERS:,} characters.")
    body, blank, lines = note_text.rpartition("\n\n")
    head = _BODY.fullmatch(body + "\n")
    if not blank or not head:
        raise Malformed("The note holds no checkpoint.")
    signatures = tuple(_signature(line) for line in lines.splitlines(keepends=True))
    if not 0 < len(signatures) <= MOST_SIGNATURES:
        raise Malformed(
            f"The note has {len(signatures)} signatures; 1 to {MOST_SIGNATURES} may be."
        )
    return Note(Checkpoint(head[1], int(head[2]), _from_base64(head[3])), signatures)


def verify(note: Note, keys: Mapping[str, bytes]) -> tuple[str, ...]:
    """The names of those keys that signed or cosigned the note, in the order of its lines.

    Parameters
    ----------
    keys
        Public keys of 32 bytes by name. Lines of other keys are ignored, as signed-note demands.

    Raises
    ------
    Malformed
        A line under one of these keys does not hold, or no line is under any of them.
    """
    names = []
    for signature in note.signatures:
        public = keys.get(signature.name)
        if public is None:
            continue
        if signature.key_id == _key_id(signature.name, _SIGNED, public):
            holds = verify_signature(public, signature.value, note.checkpoint.text.encode())
        elif signature.key_id == _key_id(signature.name, _COSIGNED, public):
            at = int.from_bytes(signature.value[:_TIME_BYTES], "big")
            message = _cosigned(note.checkpoint, at)
            holds = at <= _MOST_TIME and verify_signature(
                public, signature.value[_TIME_BYTES:], message
            )
        else:
            continue
        if not holds:
            raise Malformed(f"The signature of {signature.name} under the note does not hold.")
        names.append(signature.name)
    if not names:
        raise Malformed("The note bears no signature of a key that is known here.")
    return tuple(dict.fromkeys(names))


# --- lines ------------------------------------------------------------------------------------


def _cosigned(checkpoint: Checkpoint, at: int) -> bytes:
    """What a cosigner signs (tlog-cosignature, "Ed25519 signed message")."""
    return f"cosignature/v1\ntime {at}\n{checkpoint.text}".encode()


def _key_id(name: str, kind: bytes, public: bytes) -> bytes:
    digest = hashlib.sha256(name.encode() + b"\n" + kind + public).digest()
    return digest[:_KEY_ID_BYTES]


def _line(name: str, kind: bytes, key: Ed25519PrivateKey, value: bytes) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a key: it may not hold blanks or plus signs.")
    key_id = _key_id(name, kind, key.public_key().public_bytes_raw())
    return f"— {name} {_base64(key_id + value)}\n"


def _signature(line: str) -> Signature:
    match = _LINE.fullmatch(line)
    if not match:
        raise Malformed("A line under the note is no signature.")
    data = _from_base64(match[2])
    if len(data) <= _KEY_ID_BYTES:
        raise Malformed("A signature under the note is too short.")
    return Signature(match[1], data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:])


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode()


def _from_base64(text: str) -> bytes:
    try:
        data = binascii.a2b_base64(text)
    except ValueError as error:
        raise Malformed("A part of the note is no base64.") from error
    if _base64(data) != text:
        raise Malformed("A part of the note is no base64 in canonical form.")
    return data
