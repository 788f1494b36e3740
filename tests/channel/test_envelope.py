import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, encode, to_text
from detente.channel.envelope import (
    KINDS,
    MAX_BYTES,
    Head,
    Header,
    digest,
    read,
    read_head,
    signed_by,
    write,
)

KEY = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
LINE = to_text(bytes(32))
HEADS = (Head("BBB", 3, to_text(b"\2" * 32)),)
HEADER = Header(LINE, "AAA", 1, to_text(b"\3" * 32), HEADS, "test", 1_800_000_000, 1, {"text": "ж"})
ENTRY = write(KEY, HEADER)


def test_an_envelope_is_read_as_it_was_written():
    read_back = read(ENTRY.raw)
    assert read_back == ENTRY
    assert signed_by(read_back, PUBLIC)
    assert read_back.digest == to_text(hashlib.sha256(ENTRY.raw).digest()) == digest(ENTRY.raw)


def test_any_tool_can_check_it():
    """The bytes are JSON as others write it, and what is signed is the header in it."""
    header, signature = json.loads(ENTRY.raw)
    plain = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert ENTRY.raw == b"[" + plain + b',"' + signature.encode() + b'"]'
    again = to_text(KEY.sign(b"detente envelope v1\n" + plain))
    assert signature == again
    assert header["from"] == "AAA"
    assert header["seen"] == [["BBB", 3, to_text(b"\2" * 32)]]


def changed(**fields):
    header, signature = json.loads(ENTRY.raw)
    return encode([header | fields, signature])


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"line": "A" * 42},
        {"from": ""},
        {"from": "A" * 9},
        {"seq": -1},
        {"seq": 2**40 + 1},
        {"seq": 0},
        {"prev": ""},
        {"prev": "A"},
        {"seen": [["BBB", 3]]},
        {"seen": [["BBB", "3", LINE]]},
        {"seen": [["BBB", 3, LINE]] * 17},
        {"kind": "poke"},
        {"at": -1},
        {"device": "1"},
        {"body": []},
        {"more": 1},
    ],
)
def test_what_is_no_envelope(fields):
    with pytest.raises(Malformed):
        read(changed(**fields))


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'["a"]', b'[{},"A"]', b"[{},1]", b"[" * 99])
def test_what_is_not_even_a_pair(raw):
    with pytest.raises(Malformed):
        read(raw)


def test_another_signature_does_not_hold():
    other = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
    assert not signed_by(ENTRY, other.public_key().public_bytes_raw())
    assert not signed_by(read(changed(at=5)), PUBLIC)
    assert not signed_by(read(changed(body={"text": "Ж"})), PUBLIC)


def test_an_envelope_has_an_end():
    body = {"text": "x" * 65_500}
    with pytest.raises(Malformed, match="bytes"):
        write(KEY, Header(**(HEADER.__dict__ | {"body": body})))
    with pytest.raises(Malformed, match="bytes"):
        read(b"x" * (MAX_BYTES + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_entry(kind):
    entry = write(KEY, Header(**(HEADER.__dict__ | {"kind": kind})))
    assert read(entry.raw).kind == kind


@pytest.mark.parametrize("row", [[1, 2, LINE], ["", 2, LINE], ["A", -1, LINE], ["A", 2, 3]])
def test_what_is_no_head(row):
    with pytest.raises(Malformed):
        read_head(row)
