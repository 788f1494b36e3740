import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, encode, to_text
from detente.channel.keys import (
    Agreement,
    Certificate,
    Keyring,
    Party,
    Witness,
    agreement_from_plain,
    certify,
    fingerprint,
    public_text,
    read_certificate,
)
from detente.channel.sealing import CLASSICAL, HYBRID

ROOT, OTHER, DEVICE = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
AGREEMENT = Agreement(
    "A line",
    (Party("AAA", "Aland", public_text(ROOT)), Party("BBB", "Beland", public_text(OTHER))),
    (Witness("w.example", public_text(DEVICE)),),
    (HYBRID, CLASSICAL),
    ("flash",),
    3_600,
)
LINE = AGREEMENT.line
CERTIFICATE = Certificate(LINE, "AAA", 1, "device", "post 1", public_text(DEVICE), 100, 200)
KEY = DEVICE.public_key().public_bytes_raw()


def test_the_lines_id_is_the_digest_of_what_was_agreed():
    plain = AGREEMENT.as_plain()
    assert to_text(hashlib.sha256(encode(plain)).digest()) == LINE
    assert agreement_from_plain(plain) == AGREEMENT
    for key, value in {
        "title": "B",
        "test_every": 60,
        "drills_only": 1,
        "suites": [HYBRID],
    }.items():
        assert agreement_from_plain(plain | {key: value}).line != LINE


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"title": ""},
        {"title": "x" * 201},
        {"parties": []},
        {"parties": [["AAA", "A", "A" * 43]]},
        {"parties": [["AAA", "A", "A" * 43], ["AAA", "B", "A" * 43]]},
        {"parties": [["A-A", "A", "A" * 43], ["BBB", "B", "A" * 43]]},
        {"parties": [["A" * 9, "A", "A" * 43], ["BBB", "B", "A" * 43]]},
        {"parties": [["AAA", "A", "A" * 42], ["BBB", "B", "A" * 43]]},
        {"parties": [["AAA", 1, "A" * 43], ["BBB", "B", "A" * 43]]},
        {"witnesses": [["w", "A"]]},
        {"witnesses": [["w"]]},
        {"suites": []},
        {"suites": ["rot13"]},
        {"test_every": 59},
        {"test_every": 86_401},
        {"drills_only": 2},
        {"more": 1},
    ],
)
def test_what_cannot_be_agreed(changed):
    with pytest.raises(Malformed):
        agreement_from_plain(AGREEMENT.as_plain() | changed)


def test_no_witness_may_bear_the_name_of_a_partys_device():
    """`AAA/1` under a checkpoint is a device of AAA, and nobody else."""
    plain = AGREEMENT.as_plain() | {"witnesses": [["AAA/7", public_text(DEVICE)]]}
    with pytest.raises(Malformed):
        agreement_from_plain(plain)


def test_a_certificate_bears_its_partys_root():
    assert read_certificate(certify(ROOT, CERTIFICATE), AGREEMENT, "AAA") == CERTIFICATE
    for root, party in ((OTHER, "AAA"), (ROOT, "BBB"), (DEVICE, "AAA"), (ROOT, "CCC")):
        with pytest.raises(Malformed):
            read_certificate(certify(root, CERTIFICATE), AGREEMENT, party)


@pytest.mark.parametrize(
    "changed",
    [
        {"line": "A" * 43},
        {"party": "BBB"},
        {"serial": -1},
        {"role": "admiral"},
        {"name": ""},
        {"key": "A"},
        {"since": -1},
        {"until": 2**41},
        {"revoked": 2},
    ],
)
def test_what_is_no_certificate(changed):
    with pytest.raises(Malformed):
        read_certificate(certify(ROOT, replace(CERTIFICATE, **changed)), AGREEMENT, "AAA")


def test_what_the_root_signed_cannot_be_changed():
    plain, signature = certify(ROOT, CERTIFICATE)
    for changed in ({"serial": 2}, {"role": "officer"}, {"until": 300}, {"since": 0}):
        with pytest.raises(Malformed, match="root's signature"):
            read_certificate([plain | changed, signature], AGREEMENT, "AAA")
    for value in ([plain], plain, [plain, signature, 1], [plain, signature[:-1]], None):
        with pytest.raises(Malformed):
            read_certificate(value, AGREEMENT, "AAA")


def test_a_key_holds_in_its_time_and_role():
    ring = Keyring().with_(CERTIFICATE)
    held = {at: ring.key(1, "device", at) for at in (99, 100, 199, 200)}
    assert held == {99: None, 100: KEY, 199: KEY, 200: None}
    assert ring.key(1, "officer", 150) is None
    assert ring.key(2, "device", 150) is None


def test_a_revoked_number_stays_revoked():
    revoked = replace(CERTIFICATE, revoked=1)
    ring = Keyring().with_(CERTIFICATE).with_(revoked)
    assert ring.key(1, "device", 150) is None
    again = ring.with_(CERTIFICATE).with_(replace(CERTIFICATE, key=public_text(OTHER)))
    assert again.key(1, "device", 150) is None
    assert Keyring().with_(revoked).with_(CERTIFICATE).key(1, "device", 150) is None


def test_a_number_keeps_its_first_key():
    ring = Keyring().with_(CERTIFICATE).with_(replace(CERTIFICATE, key=public_text(OTHER)))
    assert ring.key(1, "device", 150) == KEY
    assert ring.with_(replace(CERTIFICATE, serial=2)).key(2, "device", 150) == KEY


def test_a_fingerprint_is_eight_groups_of_the_digest():
    told = fingerprint(public_text(DEVICE))
    assert told.replace(" ", "") == hashlib.sha256(KEY).hexdigest()[:32]
    assert len(told.split()) == 8
