import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, decode
from detente.channel.envelope import digest
from detente.channel.keys import Certificate, Keyring, public_text
from detente.channel.message import (
    MAX_TEXT,
    PRECEDENCES,
    Box,
    Message,
    Slip,
    form_of,
    opened,
    read_boxes,
    read_message,
    release,
    sealed,
    text_of,
    unreleased,
)
from detente.channel.sealing import CLASSICAL, HYBRID, SealingKey, Unreadable

ONE, TWO, THIRD = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
LINE, SALT = "L" * 42 + "A", b"s" * 16
TEXT = text_of({"free": "Привет"}, SALT)
SLIP = Slip(LINE, "AAA", "AAA-1", "routine", 0, "f", 1, ("BBB",), 150, 0, "", digest(TEXT))
KEYS = {
    suite: SealingKey(suite, bytes(range(96))[-n:]) for suite, n in ((HYBRID, 96), (CLASSICAL, 32))
}
TWO_PERSON = ("flash",)


def certificate(serial, key, **changed):
    made = Certificate(LINE, "AAA", serial, "officer", "o", public_text(key), 100, 200)
    return replace(made, **changed)


RING = Keyring().with_(certificate(2, ONE)).with_(certificate(3, TWO))


# --- texts --------------------------------------------------------------------------------------


def test_a_text_is_the_form_and_a_salt():
    assert form_of(TEXT) == {"free": "Привет"}
    assert decode(TEXT) == {"form": {"free": "Привет"}, "salt": "c3Nzc3Nzc3Nzc3Nzc3Nzcw"}
    assert (
        hashlib.sha256(TEXT).digest()
        != hashlib.sha256(text_of({"free": "Привет"}, b"t" * 16)).digest()
    )


def test_a_text_has_an_end():
    with pytest.raises(Malformed):
        text_of({"free": "x" * MAX_TEXT}, SALT)
    for text in (b"{}", b'{"form":{},"salt":"AA"}', b'{"form":[],"salt":"c3Nzc3Nzc3Nzc3Nzc3Nzcw"}'):
        with pytest.raises(Malformed):
            form_of(text)


def test_messages_are_read_as_they_were_written():
    boxes = (Box("BBB", 1, HYBRID, "A"),)
    message = Message(SLIP, (release(SLIP, ONE, 2),), boxes)
    assert read_message(message.as_body(), LINE, "AAA") == message


@pytest.mark.parametrize(
    "changed",
    [
        {"precedence": "now"},
        {"drill": 2},
        {"to": "BBB"},
        {"to": ["BBB", "BBB"]},
        {"digest": ""},
        {"version": 0},
        {"number": ""},
        {"releases": [[2]]},
        {"releases": [["2", "A" * 86]]},
        {"boxes": [["BBB", 1, "rot13", "A"]]},
        {"boxes": [["BBB", "1", HYBRID, "A"]]},
        {"more": 1},
    ],
)
def test_what_is_no_message(changed):
    body = Message(SLIP, (release(SLIP, ONE, 2),)).as_body()
    with pytest.raises(Malformed):
        read_message(body | changed, LINE, "AAA")


def test_what_is_no_box():
    with pytest.raises(Malformed):
        read_boxes([["BBB", 1, HYBRID, 1]])


# --- sealing ------------------------------------------------------------------------------------


def box(suite=CLASSICAL, slip=SLIP, text=TEXT):
    return sealed(slip, text, {"BBB": (1, suite, KEYS[suite].public())})[0]


@pytest.mark.parametrize("suite", [HYBRID, CLASSICAL])
def test_a_box_opens_for_its_recipient(suite):
    assert opened(SLIP, box(suite), KEYS[suite]) == TEXT
    assert box(suite).box != box(suite).box


@pytest.mark.parametrize(
    "changed",
    [{name: "x"} for name in ("line", "sender", "number", "precedence", "form", "answers")]
    + [{"drill": 1}, {"version": 2}, {"to": ("BBB", "CCC")}, {"written": 151}, {"expires": 1}]
    + [{"digest": "A" * 43}],
)
def test_no_box_opens_under_another_slip(changed):
    with pytest.raises(Unreadable):
        opened(replace(SLIP, **changed), box(), KEYS[CLASSICAL])


@pytest.mark.parametrize("changed", [{"to": "CCC"}, {"epoch": 2}, {"suite": HYBRID}])
def test_no_box_opens_for_another_recipient_epoch_or_suite(changed):
    with pytest.raises(Unreadable):
        opened(SLIP, replace(box(), **changed), KEYS[CLASSICAL])


def test_no_other_key_opens_it():
    with pytest.raises(Unreadable):
        opened(SLIP, box(), SealingKey(CLASSICAL, b"\7" * 32))
    with pytest.raises(Unreadable):
        opened(SLIP, box(), KEYS[HYBRID])
    with pytest.raises(Malformed):
        opened(SLIP, replace(box(), box="?"), KEYS[CLASSICAL])


def test_another_text_than_the_released_one_is_refused():
    other = text_of({"free": "Прощай"}, SALT)
    with pytest.raises(Malformed, match="another text"):
        opened(SLIP, box(text=other), KEYS[CLASSICAL])


# --- releases -----------------------------------------------------------------------------------


def why(*releases, precedence="routine", ring=RING, slip=SLIP):
    slip = replace(slip, precedence=precedence)
    return unreleased(Message(slip, tuple(each(slip) for each in releases)), ring, TWO_PERSON)


def by(key, serial, **changed):
    return lambda slip: release(replace(slip, **changed), key, serial)


@pytest.mark.parametrize("precedence", PRECEDENCES)
def test_how_many_officers_a_precedence_needs(precedence):
    enough = precedence not in TWO_PERSON
    assert (why(by(ONE, 2), precedence=precedence) == "") is enough
    assert why(by(ONE, 2), by(TWO, 3), precedence=precedence) == ""
    assert "needs the release" in why(precedence=precedence)


def test_one_officer_is_not_two():
    assert "twice" in why(by(ONE, 2), by(ONE, 2), precedence="flash")
    assert "does not hold" in why(by(ONE, 2), by(ONE, 3), precedence="flash")


def test_every_release_must_hold():
    assert "does not hold" in why(by(THIRD, 2))
    assert "does not hold" in why(by(ONE, 2), by(THIRD, 3))
    assert "held no key" in why(by(THIRD, 4))
    for changed in ({"number": "AAA-2"}, {"to": ("CCC",)}, {"drill": 1}, {"line": "x"}):
        assert "does not hold" in why(by(ONE, 2, **changed))
    assert "does not hold" in why(by(ONE, 2, precedence="routine"), precedence="priority")


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({"revoked": 1}, False),
        ({"role": "device"}, False),
        ({"since": 151}, False),
        ({"until": 150}, False),
        ({"since": 150}, True),
        ({"until": 151}, True),
    ],
)
def test_an_officers_key_must_hold_when_it_was_written(changed, holds):
    ring = Keyring().with_(certificate(2, ONE, **changed))
    assert (why(by(ONE, 2), ring=ring) == "") is holds
