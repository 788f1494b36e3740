import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from detente.channel.canonical import Malformed
from detente.channel.note import (
    _COSIGNED,
    _SIGNED,
    MOST_CHARACTERS,
    MOST_SIGNATURES,
    Checkpoint,
    _key_id,
    _line,
    cosign,
    read,
    sign,
    verify,
)
from detente.ground.errors import UsageError

LOG = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
HEAD = Checkpoint("example.org/line/a", 7, bytes(range(32)))
AT = 1_795_893_365
NOTE = sign(HEAD, "example.org/a", LOG)
COSIGNED = cosign(NOTE, "example.org/b", WITNESS, AT)
BODY, BLANK, LINE = NOTE.rpartition("\n\n")


def public(key):
    return key.public_key().public_bytes_raw()


KEYS = {"example.org/a": public(LOG), "example.org/b": public(WITNESS)}


# --- what others wrote ----------------------------------------------------------------------------


def test_line_of_the_example_in_go_byte_for_byte():
    """golang.org/x/mod/sumdb/note, "Example": the key PRIVATE+KEY+PeterNeumann+c74f20a3+…"""
    seed = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
    key = Ed25519PrivateKey.from_private_bytes(seed[1:])
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    assert _key_id("PeterNeumann", _SIGNED, public(key)).hex() == "c74f20a3"
    assert _line("PeterNeumann", _SIGNED, key, key.sign(text.encode())) == (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
        "qdngotpRZb6KE6RyyBwJnAM=\n"
    )


def test_tree_heads_of_gos_checksum_database():
    """Two that sum.golang.org signed, and its public key as the go command holds it."""
    key = base64.b64decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")[1:]
    line = "— sum.golang.org Az3grn"
    heads = {
        31700353: f"qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n\n{line}mrIUEDFqHzAElIQCPNoRFRAAd"
        "Fo47fooyWKMHb89k11GJh5zHIfNCOBmwn/C3YI8oW9/C8DJ87F61QqspBYwM=\n",
        65209736: f"5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=\n\n{line}bssgK7ubgFX36gVETtNv0U23q"
        "xyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=\n",
    }
    for size, text in heads.items():
        note = read(f"go.sum database tree\n{size}\n{text}")
        assert (note.checkpoint.origin, note.checkpoint.size) == ("go.sum database tree", size)
        assert verify(note, {"sum.golang.org": key}) == ("sum.golang.org",)
        larger = read(f"go.sum database tree\n{size + 1}\n{text}")
        with pytest.raises(Malformed, match="does not hold"):
            verify(larger, {"sum.golang.org": key})


def test_example_of_tlog_cosignature():
    """c2sp.org/tlog-cosignature gives the note and the instant; not the witness's public key."""
    note = read(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhc"
        "yv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX"
        "3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    log, witness = note.signatures
    assert (log.name, len(log.value)) == ("example.com/behind-the-sofa", 64)
    assert (witness.name, witness.key_id.hex()) == ("witness.example.com/w1", "8d66cf3f")
    assert int.from_bytes(witness.value[:8], "big") == 1679315147
    assert len(witness.value) == 8 + 64


def test_key_id_of_a_cosigner():
    """sigsum-go, pkg/checkpoint, note verifier: example.org/key+57bfe580+BAFFLINGNESS+AAA…"""
    data = base64.b64decode("BAFFLINGNESS+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    assert _key_id("example.org/key", data[:1], data[1:]).hex() == "57bfe580"
    assert data[:1] == _COSIGNED


# --- what is written here, put together a second time ---------------------------------------------


def test_note_is_put_together_as_the_specifications_say():
    root = base64.b64encode(HEAD.root).decode()
    body = f"example.org/line/a\n7\n{root}\n"
    message = f"cosignature/v1\ntime {AT}\n{body}".encode()
    log = hashlib.sha256(b"example.org/a\n\x01" + public(LOG)).digest()[:4]
    witness = hashlib.sha256(b"example.org/b\n\x04" + public(WITNESS)).digest()[:4]
    seen = AT.to_bytes(8, "big")
    first = base64.b64encode(log + LOG.sign(body.encode())).decode()
    second = base64.b64encode(witness + seen + WITNESS.sign(message)).decode()
    assert f"{body}\n— example.org/a {first}\n" == NOTE
    assert f"{NOTE}— example.org/b {second}\n" == COSIGNED


@given(
    st.text(st.characters(min_codepoint=32, exclude_categories=("Cs",)), min_size=1),
    st.integers(0, 2**53),
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**63 - 1),
)
def test_what_is_signed_is_read(origin, size, root, at):
    head = Checkpoint(origin, size, root)
    note = read(cosign(sign(head, "example.org/a", LOG), "example.org/b", WITNESS, at))
    assert note.checkpoint == head
    assert verify(note, KEYS) == ("example.org/a", "example.org/b")


def test_one_key_and_name_may_sign_and_cosign():
    both = cosign(NOTE, "example.org/a", LOG, AT)
    assert verify(read(both), KEYS) == ("example.org/a",)
    assert len({signature.key_id for signature in read(both).signatures}) == 2


# --- whose signatures hold ------------------------------------------------------------------------


def test_lines_of_unknown_keys_are_ignored():
    note = read(COSIGNED)
    assert verify(note, KEYS) == ("example.org/a", "example.org/b")
    assert verify(note, {"example.org/b": public(WITNESS)}) == ("example.org/b",)
    # A known name with another key, as after a change of keys, is another key.
    assert verify(note, KEYS | {"example.org/b": public(LOG)}) == ("example.org/a",)
    nameless = _key_id("example.org/c", _SIGNED, b"") + bytes(64)
    foreign = f"— example.org/c {base64.b64encode(nameless).decode()}\n"
    assert verify(read(NOTE + foreign), KEYS) == ("example.org/a",)


def test_a_note_without_a_known_key_is_refused():
    for keys in ({}, {"example.org/c": public(LOG)}, {"example.org/a": public(WITNESS)}):
        with pytest.raises(Malformed, match="no signature of a key that is known"):
            verify(read(COSIGNED), keys)


def test_a_known_key_has_to_hold_even_beside_one_that_holds():
    wrong = _line("example.org/b", _COSIGNED, WITNESS, AT.to_bytes(8, "big") + bytes(64))
    message = f"cosignature/v1\ntime {2**63}\n{HEAD.text}".encode()
    late = _line("example.org/b", _COSIGNED, WITNESS, b"\x80" + bytes(7) + WITNESS.sign(message))
    short = _line("example.org/b", _COSIGNED, WITNESS, b"\0" * 7)
    for line in (wrong, late, short):
        with pytest.raises(Malformed, match=r"example\.org/b under the note does not hold"):
            verify(read(NOTE + line), KEYS)


def test_a_cosigner_vouches_for_the_instant():
    signature = read(COSIGNED).signatures[1]
    earlier = (AT - 1).to_bytes(8, "big") + signature.value[8:]
    with pytest.raises(Malformed, match="does not hold"):
        verify(read(NOTE + _line(signature.name, _COSIGNED, WITNESS, earlier)), KEYS)


def test_no_changed_bit_leaves_both_signatures():
    data = COSIGNED.encode()
    for bit in range(8 * len(data)):
        changed = (int.from_bytes(data, "big") ^ 1 << bit).to_bytes(len(data), "big")
        try:
            names = verify(read(changed.decode()), KEYS)
        except (Malformed, UnicodeDecodeError):
            continue
        assert len(names) < 2


# --- what is no note ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        BODY,
        BODY + "\n\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE + "More.\n",
        "\n" + NOTE,
        NOTE.replace("\n7\n", "\n07\n"),
        NOTE.replace("\n7\n", "\n-7\n"),
        NOTE.replace("\n7\n", "\n٧\n"),
        NOTE.replace("\n7\n", "\n7\n\n"),
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("example.org/line", "example.org\t/line"),
        NOTE.replace("example.org/line", "\ud800"),
        NOTE.replace(BLANK, "\nextension" + BLANK),
        NOTE.replace("AECAwQ", "AECAw"),
        NOTE.replace("Hh8=", "Hh9="),
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—  "),
        NOTE.replace("org/a ", "org+a "),
        NOTE.replace("org/a ", "org\u2003a "),
        f"{BODY}{BLANK}— example.org/a AAAA\n",
        f"{BODY}{BLANK}— example.org/a AAAAAA==\n",
        f"{BODY}{BLANK}— example.org/a AAAAA\n",
        f"{BODY}{BLANK}— example.org/a AAAAAB==\n",
    ],
)
def test_other_texts_are_refused(text):
    with pytest.raises(Malformed):
        read(text)


def test_notes_have_an_end():
    many = BODY + BLANK + LINE * MOST_SIGNATURES
    assert verify(read(many), KEYS) == ("example.org/a",)
    with pytest.raises(Malformed, match=f"{MOST_SIGNATURES + 1} signatures"):
        read(many + LINE)
    with pytest.raises(Malformed, match="characters"):
        read("a" * MOST_CHARACTERS + NOTE)


def test_what_cannot_stand_in_a_note_is_not_signed():
    for head in (
        Checkpoint("", 1, HEAD.root),
        Checkpoint("two\nlines", 1, HEAD.root),
        Checkpoint("a\n5", 1, HEAD.root),
        Checkpoint("a", -1, HEAD.root),
        Checkpoint("a", 1, HEAD.root[1:]),
        Checkpoint("a", 1, HEAD.root[2:]),
        Checkpoint("\ud800", 1, HEAD.root),
    ):
        with pytest.raises(UsageError, match="A checkpoint has"):
            sign(head, "example.org/a", LOG)
    for name in ("", "a b", "a+b", "a\nb", "a\u00a0b", "\0"):
        with pytest.raises(UsageError, match="no name of a key"):
            sign(HEAD, name, LOG)
    for at in (-1, 2**63):
        with pytest.raises(UsageError, match="no instant"):
            cosign(NOTE, "example.org/b", WITNESS, at)
    with pytest.raises(Malformed):
        cosign("no note", "example.org/b", WITNESS, AT)
