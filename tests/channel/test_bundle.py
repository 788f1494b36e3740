import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from detente.channel.bundle import MAX_BYTES, MAX_ENTRIES, Hello, digest_of, read, write
from detente.channel.canonical import Malformed, to_text
from detente.channel.envelope import Head

KEY = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
LINE, NONCE = to_text(bytes(32)), to_text(bytes(16))


def hello(entries, **changed):
    made = {
        "line": LINE,
        "sender": "AAA",
        "to": "BBB",
        "at": 1_800_000_000,
        "device": 1,
        "count": 4,
        "nonce": NONCE,
        "echo": "",
        "ask": 1,
        "token": "",
        "by": "",
        "heads": (Head("AAA", 3, LINE),),
        "want": (("BBB", 7),),
        "rest": digest_of(entries),
    }
    return Hello(**(made | changed))


@given(st.lists(st.binary(min_size=1).filter(lambda raw: b"\n" not in raw)))
def test_a_bundle_is_read_as_it_was_written(entries):
    said = hello(tuple(entries))
    came = read(write(KEY, said, tuple(entries)))
    assert came.hello == said
    assert came.entries == tuple(entries)
    assert came.signed_by(PUBLIC)
    assert not came.signed_by(bytes(32))


def test_the_digest_is_that_of_the_lines():
    assert digest_of((b"a", b"b")) == to_text(hashlib.sha256(b"a\nb\n").digest())


def test_another_key_or_word_does_not_hold():
    raw = write(KEY, hello(()), ())
    assert not read(raw.replace(b'"count":4', b'"count":5')).signed_by(PUBLIC)
    other = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
    assert not read(write(other, hello(()), ())).signed_by(PUBLIC)


def test_a_bundle_is_whole_or_refused():
    raw = write(KEY, hello((b"one", b"two")), (b"one", b"two"))
    for cut in range(len(raw)):
        with pytest.raises(Malformed):
            read(raw[:cut])
    for more in (b"\n", b"three\n", b"x"):
        with pytest.raises(Malformed):
            read(raw + more)
    with pytest.raises(Malformed, match="not whole"):
        read(raw.replace(b"one\ntwo", b"two\none"))


@pytest.mark.parametrize(
    "changed",
    [
        {"line": "A"},
        {"sender": ""},
        {"count": -1},
        {"nonce": "A"},
        {"echo": "A"},
        {"ask": 2},
        {"want": (("BBB", -1),)},
        {"want": ((1, 1),)},
        {"heads": (Head("AAA", -3, LINE),)},
        {"rest": to_text(bytes(32))},
        {"at": 2**40 + 1},
    ],
)
def test_what_is_no_hello(changed):
    with pytest.raises(Malformed):
        read(write(KEY, hello((), **changed), ()))


def test_a_bundle_has_an_end():
    with pytest.raises(Malformed, match="bytes"):
        read(b"x" * (MAX_BYTES + 1))
    entries = (b"x",) * (MAX_ENTRIES + 1)
    with pytest.raises(Malformed, match="more than"):
        read(write(KEY, hello(entries), entries))


def test_its_first_line_is_json_of_anybodys_tools():
    raw = write(KEY, hello((b"one",)), (b"one",))
    said, signature = json.loads(raw.split(b"\n")[0])
    assert said["heads"] == [["AAA", 3, LINE]]
    assert len(signature) == 86
