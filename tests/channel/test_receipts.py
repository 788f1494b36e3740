from itertools import pairwise, product

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed
from detente.channel.keys import Certificate, Keyring, public_text
from detente.channel.receipts import (
    ACTS,
    FINAL,
    PASSAGE,
    Act,
    read_acts,
    read_holds,
    receipt_body,
    sign_read,
)
from detente.channel.record import Noted, _next

OFFICER = Ed25519PrivateKey.from_private_bytes(b"\3" * 32)
LINE, DIGEST = "L" * 42 + "A", "A" * 43
READ = Act("read", "AAA", 4, DIGEST, 2, (("date", "4 March"), ("hour", "10:00")))
CERTIFICATE = Certificate(LINE, "BBB", 2, "officer", "o", public_text(OFFICER), 100, 200)
RING = Keyring().with_(CERTIFICATE)

STANDINGS = ("sent", *ACTS, FINAL)


def test_the_table_is_one_way_from_sent_to_answered():
    assert list(PASSAGE) == list(pairwise(STANDINGS))
    assert list(PASSAGE.values()) == list(STANDINGS[1:])


@pytest.mark.parametrize(("standing", "step"), [*product(STANDINGS, STANDINGS[1:])])
def test_every_other_pair_leaves_the_standing(standing, step):
    legal = STANDINGS.index(step) == STANDINGS.index(standing) + 1
    assert (_next(standing, {step: Noted(0, ("BBB", 0))}) == step) is legal


def test_acts_are_read_as_they_were_written():
    acts = (Act("stored", "AAA", 0, DIGEST), Act("shown", "AAA", 1, DIGEST))
    acts += (sign_read(LINE, READ, OFFICER),)
    assert read_acts(receipt_body(acts)) == acts


@pytest.mark.parametrize(
    "row",
    [
        [],
        "stored",
        ["kept", "AAA", 0, DIGEST],
        ["stored", "AAA", "0", DIGEST],
        ["stored", 1, 0, DIGEST],
        ["stored", "AAA", 0, DIGEST[:-1]],
        ["stored", "AAA", 0, DIGEST, 2, [], "A" * 86],
        ["read", "AAA", 0, DIGEST],
        ["read", "AAA", 0, DIGEST, "2", [], "A" * 86],
        ["read", "AAA", 0, DIGEST, 2, [["a"]], "A" * 86],
        ["read", "AAA", 0, DIGEST, 2, [["a", 1]], "A" * 86],
        ["read", "AAA", 0, DIGEST, 2, [["a", "b" * 201]], "A" * 86],
        ["read", "AAA", 0, DIGEST, 2, [["a", "b"]] * 65, "A" * 86],
        ["read", "AAA", 0, DIGEST, 2, [], "A" * 85],
    ],
)
def test_what_is_no_act(row):
    with pytest.raises(Malformed):
        read_acts({"acts": [row]})


def test_a_receipt_holds_acts_and_nothing_else():
    with pytest.raises(Malformed):
        read_acts({"acts": [], "more": 1})
    with pytest.raises(Malformed):
        read_acts({"acts": [["stored", "AAA", 0, DIGEST]] * 257})


def test_read_bears_its_officers_own_signature():
    act = sign_read(LINE, READ, OFFICER)
    assert read_holds(LINE, act, RING, 150)
    assert not read_holds("M" * 42 + "A", act, RING, 150)
    assert not read_holds(LINE, act, RING, 99)
    assert not read_holds(LINE, act, RING, 200)
    assert not read_holds(LINE, act, Keyring(), 150)
    revoked = RING.with_(Certificate(**(CERTIFICATE.__dict__ | {"revoked": 1})))
    assert not read_holds(LINE, act, revoked, 150)


@pytest.mark.parametrize(
    "changed", [{"digest": "E" + DIGEST[1:]}, {"officer": 3}, {"said": (("date", "5 March"),)}]
)
def test_what_was_said_again_is_signed(changed):
    act = sign_read(LINE, READ, OFFICER)
    assert not read_holds(LINE, Act(**(act.__dict__ | changed)), RING, 150)
