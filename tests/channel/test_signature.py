import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from detente.channel.signature import _P, _Y8, verify_signature

D = -121665 * pow(121666, -1, _P) % _P  # RFC 8032, 5.1
SMALL_ORDER = [0, 1, _P - 1, _Y8, _P - _Y8]
NOT_REDUCED = [_P, _P + 1]


@pytest.mark.conformance
def test_every_wycheproof_vector_of_ed25519(shared_data):
    folder = shared_data / "measures" / "vectors-wycheproof"
    vectors = json.loads((folder / "ed25519_test.json").read_text())
    tests = [
        (bytes.fromhex(group["publicKey"]["pk"]), test)
        for group in vectors["testGroups"]
        for test in group["tests"]
    ]
    said = [
        verify_signature(public, bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
        for public, test in tests
    ]
    assert said == [test["result"] == "valid" for _, test in tests]
    assert (len(said), sum(said)) == (151, 88)


def test_first_vector_of_rfc_8032():
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert verify_signature(bytes.fromhex(public), bytes.fromhex(signature), b"")
    assert not verify_signature(bytes.fromhex(public), bytes.fromhex(signature), b"\0")


def test_every_other_bit_is_refused():
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    parts = (key.public_key().public_bytes_raw(), key.sign(b"a line"), b"a line")
    assert verify_signature(*parts)
    for place, part in enumerate(parts):
        for bit in range(8 * len(part)):
            changed = (int.from_bytes(part, "big") ^ 1 << bit).to_bytes(len(part), "big")
            public, signature, message = (*parts[:place], changed, *parts[place + 1 :])
            assert not verify_signature(public, signature, message)


@pytest.mark.parametrize("lengths", [(0, 64), (31, 64), (33, 64), (32, 0), (32, 63), (32, 65)])
def test_other_lengths_are_refused(lengths):
    assert not verify_signature(b"\x09" * lengths[0], bytes(lengths[1]), b"")


# --- keys of small order ----------------------------------------------------------------------


def test_points_of_order_eight_by_the_equation_of_the_curve():
    """Doubled, they have y = 0, so x**2 = -y**2, and -x**2 + y**2 = 1 + d x**2 y**2."""
    assert (2 * _Y8**2 + D * _Y8**4 - 1) % _P == 0


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", SMALL_ORDER + NOT_REDUCED)
def test_a_key_under_which_one_signature_holds_for_many_messages_is_refused(y, sign):
    public = (y + (sign << 255)).to_bytes(32, "little")
    neutral = (1).to_bytes(32, "little") + bytes(32)  # R the neutral point, S = 0
    for message in range(64):
        assert not verify_signature(public, neutral, bytes([message]))


def test_the_library_lets_such_a_key_pass():
    neutral = (1).to_bytes(32, "little")
    for message in (b"one", b"another"):
        Ed25519PublicKey.from_public_bytes(neutral).verify(neutral + bytes(32), message)
