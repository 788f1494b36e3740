"""What the installed cryptography library promises; none of our code runs here."""

import json

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def x25519(test):
    private = X25519PrivateKey.from_private_bytes(test["private"])
    return private.exchange(X25519PublicKey.from_public_bytes(test["public"])) == test["shared"]


def chacha20_poly1305(test):
    box = test["ct"] + test["tag"]
    cipher = ChaCha20Poly1305(test["key"])
    sealed = cipher.encrypt(test["iv"], test["msg"], test["aad"])
    return cipher.decrypt(test["iv"], box, test["aad"]) == test["msg"] and sealed == box


def hkdf(test):
    kdf = HKDF(algorithm=SHA256(), length=test["size"], salt=test["salt"], info=test["info"])
    return kdf.derive(test["ikm"]) == test["okm"]


def holds(check, test):
    """What the library says of a vector: right, or wrong by value or by refusal."""
    try:
        return check({key: _octets(key, value) for key, value in test.items()})
    except (InvalidTag, ValueError):
        return False


def _octets(key, value):
    texts = isinstance(value, str) and key not in {"comment", "result"}
    return bytes.fromhex(value) if texts else value


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("file", "check", "count"),
    [
        ("x25519_test.json", x25519, 518),
        ("chacha20_poly1305_test.json", chacha20_poly1305, 325),
        ("hkdf_sha256_test.json", hkdf, 86),
    ],
)
def test_installed_library_holds_the_vectors_of_wycheproof(shared_data, file, check, count):
    folder = shared_data / "measures" / "vectors-wycheproof"
    vectors = json.loads((folder / file).read_text())
    tests = [test for group in vectors["testGroups"] for test in group["tests"]]
    wrong = [test["tcId"] for test in tests if holds(check, test) != should(test)]
    assert not wrong
    assert len(tests) == vectors["numberOfTests"] == count


def should(test):
    """What is "acceptable" holds here, but for a shared secret of zeros (RFC 7748, 6.1)."""
    return test["result"] == "valid" or set(test.get("shared", "0")) != {"0"}


def test_installed_library_seals_for_a_hybrid_key_and_binds_the_info():
    seed, scalar = bytes(range(64)), bytes(range(32))
    mlkem = MLKEM768PrivateKey.from_seed_bytes(seed)
    x25519 = X25519PrivateKey.from_private_bytes(scalar)
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    public = hpke.MLKEM768X25519PublicKey(mlkem.public_key(), x25519.public_key())
    private = hpke.MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(seed), X25519PrivateKey.from_private_bytes(scalar)
    )
    box = suite.encrypt(b"Our vessel was in error.", public, b"header")
    assert suite.decrypt(box, private, b"header") == b"Our vessel was in error."
    assert len(box) == 1088 + 32 + 24 + 16  # FIPS 203, table 3; a point; the text; a tag
    for other, info in ((box, b"another"), (box[:-1] + bytes([box[-1] ^ 1]), b"header")):
        with pytest.raises(InvalidTag):
            suite.decrypt(other, private, info)
