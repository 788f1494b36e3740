"""The one file that every carrier moves: a signed hello, and envelopes, one a line.

The hello tells the recipient how much of each chain its sender holds (tree heads), proves that the
sender answers now (``echo`` repeats the recipient's last ``nonce``), and carries the digest of all
that follows, so that a truncated or changed file is refused as a whole. Reading the same bundle
again changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, decode, encode, from_text, to_text
from detente.channel.envelope import HASH_BYTES, SIGNATURE_BYTES, Head, read_head
from detente.channel.signature import verify_signature
from detente.channel.take import Fields

MAX_BYTES = 4_194_304
MAX_HELLO = 16_384
MAX_ENTRIES = 20_000
NONCE_BYTES = 16
_CONTEXT = b"detente bundle v1\n"


@dataclass(frozen=True)
class Hello:
    """The first line of a bundle: from whom, for whom, what is held, what is missing.

    ``nonce`` is drawn once a start of the sender's node, ``count`` grows with every bundle of it,
    so that late ones are told; ``ask`` is 1 while the sender waits to see its nonce in an ``echo``.
    ``token`` is what the sender drew when it first heard of the recipient's last start, and ``by``
    the last such token of the recipient's that came: it tells that this bundle was made since.
    ``want`` names chains of which the sender asks for everything again from a place on.
    """

    line: str
    sender: str
    to: str
    at: int
    device: int
    count: int
    nonce: str
    echo: str
    ask: int
    token: str
    by: str
    heads: tuple[Head, ...]
    want: tuple[tuple[str, int], ...]
    rest: str


@dataclass(frozen=True)
class Bundle:
    """A bundle as read: hello, the bytes that its signature covers, and the envelopes' bytes."""

    hello: Hello
    signature: bytes
    signed: bytes
    entries: tuple[bytes, ...]

    def signed_by(self, key: bytes) -> bool:
        """Whether the hello's signature holds under a public key."""
        return verify_signature(key, self.signature, _CONTEXT + self.signed)


def digest_of(entries: tuple[bytes, ...]) -> str:
    """The digest of the lines after the hello, as text."""
    rest = hashlib.sha256()
    for entry in entries:
        rest.update(entry + b"\n")
    return to_text(rest.digest())


def write(device: Ed25519PrivateKey, hello: Hello, entries: tuple[bytes, ...]) -> bytes:
    """The bytes of a bundle; ``hello.rest`` must be the digest of ``entries``."""
    header = encode(
        {
            "v": 1,
            "line": hello.line,
            "from": hello.sender,
            "to": hello.to,
            "at": hello.at,
            "device": hello.device,
            "count": hello.count,
            "nonce": hello.nonce,
            "echo": hello.echo,
            "ask": hello.ask,
            "token": hello.token,
            "by": hello.by,
            "heads": [[head.party, head.size, head.root] for head in hello.heads],
            "want": [list(each) for each in hello.want],
            "rest": hello.rest,
        }
    )
    signature = to_text(device.sign(_CONTEXT + header))
    first = b"[" + header + b',"' + signature.encode() + b'"]'
    return b"\n".join((first, *entries)) + b"\n"


def read(raw: bytes) -> Bundle:
    """The bundle in some bytes; `Malformed` unless it is whole. Its signature is not verified."""
    if len(raw) > MAX_BYTES:
        raise Malformed(f"The bundle has {len(raw):,} bytes; {MAX_BYTES:,} are the most.")
    if not raw.endswith(b"\n"):
        raise Malformed("The bundle does not end with a line's end.")
    first, *entries = raw[:-1].split(b"\n", MAX_ENTRIES + 1)
    if len(entries) > MAX_ENTRIES:
        raise Malformed(f"The bundle holds more than {MAX_ENTRIES:,} envelopes.")
    value = decode(first, most=MAX_HELLO)
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], str):
        raise Malformed("A bundle begins with a pair of a hello and a signature.")
    signature = from_text(value[1], SIGNATURE_BYTES)
    hello = _hello(value[0])
    if hello.rest != digest_of(tuple(entries)):
        raise Malformed("The bundle is not whole: its envelopes are not those it was sent with.")
    return Bundle(hello, signature, encode(value[0]), tuple(entries))


def _hello(value: object) -> Hello:
    fields = Fields(value, "hello")
    fields.number("v", 1, 1)
    hello = Hello(
        line=fields.octets("line", HASH_BYTES),
        sender=fields.text("from", 8),
        to=fields.text("to", 8),
        at=fields.number("at", 0, 2**40),
        device=fields.number("device", 0, 2**31),
        count=fields.number("count", 0, 2**40),
        nonce=_nonce(fields, "nonce"),
        echo=_nonce(fields, "echo"),
        ask=fields.number("ask", 0, 1),
        token=_nonce(fields, "token"),
        by=_nonce(fields, "by"),
        heads=tuple(read_head(row) for row in fields.rows("heads", 3, 16)),
        want=tuple(_want(row) for row in fields.rows("want", 2, 16)),
        rest=fields.octets("rest", HASH_BYTES),
    )
    fields.end()
    return hello


def _nonce(fields: Fields, key: str) -> str:
    nonce = fields.text(key, 22, least=0)
    if nonce:
        from_text(nonce, NONCE_BYTES)
    return nonce


def _want(row: list[object]) -> tuple[str, int]:
    party, seq = row
    if not isinstance(party, str) or not isinstance(seq, int) or seq < 0:
        raise Malformed("What is wanted is a chain and a place.")
    return party, seq
