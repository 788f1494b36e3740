"""One entry of a party's chain: what it says, after which entry, having seen what, under whose key.

An envelope is a pair in canonical JSON: a header, and the Ed25519 signature of the device that
wrote it over the header's bytes. The header names the line, the sender, the entry's place
(``seq``), the digest of the entry before (``prev``), the tree heads of the other parties as last
seen (``seen``), the kind of entry and its body. The bytes travel, are hashed and are stored as they
stand: a reader refuses any that are not the canonical form of what they say, so one envelope has
one byte form.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, decode, encode, from_text, to_text
from detente.channel.signature import verify_signature
from detente.channel.take import Fields

MAX_BYTES = 65_536
HASH_BYTES = 32
SIGNATURE_BYTES = 64
KINDS = ("credential", "epoch", "roster", "message", "receipt", "test", "lost", "again")
_CONTEXT = b"detente envelope v1\n"
_TAIL = 2 + 86 + 2  # after the header: a comma and a quote, the signature, a quote and a bracket


@dataclass(frozen=True)
class Head:
    """The tree head of a party's chain: how many entries, and the root of their tree (text)."""

    party: str
    size: int
    root: str


@dataclass(frozen=True)
class Header:
    """What an entry says and its device signs; ``device`` is the number of that certificate."""

    line: str
    sender: str
    seq: int
    prev: str
    seen: tuple[Head, ...]
    kind: str
    at: int
    device: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Envelope(Header):
    """An entry as it travels; ``raw`` are its bytes, from which all else is taken."""

    raw: bytes

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the bytes, as text; what the next entry names as ``prev``."""
        return digest(self.raw)


def digest(raw: bytes) -> str:
    """The SHA-256 of some bytes, as text."""
    return to_text(hashlib.sha256(raw).digest())


def write(device: Ed25519PrivateKey, header: Header) -> Envelope:
    """The header under its device's signature; `Malformed` where it is too long."""
    text = encode(
        {
            "v": 1,
            "line": header.line,
            "from": header.sender,
            "seq": header.seq,
            "prev": header.prev,
            "seen": [[head.party, head.size, head.root] for head in header.seen],
            "kind": header.kind,
            "at": header.at,
            "device": header.device,
            "body": header.body,
        }
    )
    signature = to_text(device.sign(_CONTEXT + text))
    raw = b"[" + text + b',"' + signature.encode() + b'"]'
    if len(raw) > MAX_BYTES:
        raise Malformed(f"The envelope has {len(raw):,} bytes; {MAX_BYTES:,} are the most.")
    return Envelope(**header.__dict__, raw=raw)


def read(raw: bytes) -> Envelope:
    """The envelope in some bytes; `Malformed` unless they are the canonical form of one.

    The signature is not verified here: whose key holds stands in the chain (`signed_by`).
    """
    value = decode(raw, most=MAX_BYTES)
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], str):
        raise Malformed("An envelope is a pair of a header and a signature.")
    from_text(value[1], SIGNATURE_BYTES)
    fields = Fields(value[0], "envelope")
    fields.number("v", 1, 1)
    envelope = Envelope(
        line=fields.octets("line", HASH_BYTES),
        sender=fields.text("from", 8),
        seq=fields.number("seq", 0, 2**40),
        prev=_prev(fields),
        seen=tuple(read_head(row) for row in fields.rows("seen", 3, 16)),
        kind=fields.choice("kind", KINDS),
        at=fields.number("at", 0, 2**40),
        device=fields.number("device", 0, 2**31),
        body=fields.plain("body"),
        raw=raw,
    )
    fields.end()
    if (envelope.seq == 0) != (envelope.prev == ""):
        raise Malformed("Only the first envelope of a chain follows none.")
    return envelope


def signed_by(envelope: Envelope, key: bytes) -> bool:
    """Whether the envelope's signature holds under a public key of 32 bytes."""
    header, tail = envelope.raw[1:-_TAIL], envelope.raw[-_TAIL:]
    signature = from_text(tail[2:-2].decode(), SIGNATURE_BYTES)
    return verify_signature(key, signature, _CONTEXT + header)


def _prev(fields: Fields) -> str:
    prev = fields.text("prev", 43, least=0)
    if prev:
        from_text(prev, HASH_BYTES)
    return prev


def read_head(row: list[Any]) -> Head:
    """The tree head in a row of party, size and root."""
    party, size, root = row
    if not isinstance(party, str) or not 0 < len(party) <= 8:
        raise Malformed("A tree head names a party.")
    if not isinstance(size, int) or not 0 <= size <= 2**40:
        raise Malformed("A tree head has a size.")
    if not isinstance(root, str):
        raise Malformed("A tree head has a root.")
    from_text(root, HASH_BYTES)
    return Head(party, size, root)
