"""Private keys on the disk: PKCS8, under a passphrase where a person holds the key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from detente.channel.node.files import read_file, write_whole
from detente.ground.errors import UsageError

SHORTEST, LONGEST = 8, 1_000  # a passphrase, in bytes
_MAX_PEM = 16_384
_SEED_BYTES = 32
# A wrong clock must not cut a line: a certificate is ended by leaving it out, not by a date.
_SINCE, _UNTIL = dt.datetime(2000, 1, 1), dt.datetime(9999, 12, 31)  # noqa: DTZ001 - X.509 is UTC


def draw_key(entropy: Callable[[int], bytes]) -> Ed25519PrivateKey:
    """A new key from 32 bytes of ``entropy``."""
    return Ed25519PrivateKey.from_private_bytes(entropy(_SEED_BYTES))


def passphrase_problem(passphrase: str) -> str:
    """What is wrong with a passphrase; empty where nothing is."""
    length = len(passphrase.encode())
    if SHORTEST <= length <= LONGEST:
        return ""
    return f"A passphrase has {SHORTEST} to {LONGEST} bytes; this one has {length}."


def write_key(path: Path, key: Ed25519PrivateKey, passphrase: str = "") -> None:
    """Write a key for its owner's eyes; without a passphrase only its mode guards it."""
    how: KeySerializationEncryption = NoEncryption()
    if passphrase:
        how = BestAvailableEncryption(passphrase.encode())
    write_whole(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))


def read_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """The key in a file.

    Raises
    ------
    UsageError
        There is no such file, the passphrase is another, or it holds no Ed25519 key.
    """
    data = read_file(path, _MAX_PEM)
    try:
        key = load_pem_private_key(data, passphrase.encode() or None)
    except TypeError:
        problem = "it needs no passphrase" if passphrase else "it needs a passphrase"
        raise UsageError(f"{path}: {problem}.") from None
    except ValueError:
        raise UsageError(f"{path}: the passphrase is another, or it is no key.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path}: it holds no Ed25519 key.")
    return key


def self_signed(key: Ed25519PrivateKey, party: str, entropy: Callable[[int], bytes]) -> bytes:
    """An X.509 certificate (RFC 5280) of a key by itself, DER; others know it by its bytes."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, party)])
    built = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(entropy(8), "big") | 1)
        .not_valid_before(_SINCE)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, None)
    )
    return built.public_bytes(Encoding.DER)
