"""Seal a text for one recipient so that no carrier, witness or other party can read it.

HPKE (RFC 9180) of the library, one shot a recipient. Its interface binds no associated data and
names no sender, so whatever the text must not be torn from goes into ``info``, and the envelope
around it is signed. Hybrid keys have no serial form: both seeds are kept and the key is rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from detente.channel.canonical import Malformed, from_text, to_text
from detente.ground.errors import UsageError

HYBRID = "mlkem768-x25519"
CLASSICAL = "x25519"
SUITES = (HYBRID, CLASSICAL)
SEED_BYTES = {HYBRID: 64 + 32, CLASSICAL: 32}
PUBLIC_BYTES = {HYBRID: 1184 + 32, CLASSICAL: 32}


class Unreadable(Malformed):
    """A box that this key does not open, or whose ``info`` is another."""


@dataclass(frozen=True)
class SealingKey:
    """The private half of one epoch's key: suite and seed (ML-KEM seed, then X25519 key)."""

    suite: str
    seed: bytes

    def public(self) -> str:
        """The public half as text: ML-KEM-768 key, then X25519 key."""
        x25519 = _x25519(self.seed).public_key().public_bytes_raw()
        if self.suite == CLASSICAL:
            return to_text(x25519)
        return to_text(_mlkem(self.seed).public_key().public_bytes_raw() + x25519)

    def opens_for(self, suite: str, public: str) -> bool:
        """Whether this is the private half of a key of that suite."""
        whole = suite == self.suite and len(self.seed) == SEED_BYTES.get(suite)
        return whole and self.public() == public

    @cached_property
    def opener(self) -> Any:
        """The library's private key; it lives as long as this value, so erasing one erases both."""
        if self.suite == CLASSICAL:
            return _x25519(self.seed)
        return hpke.MLKEM768X25519PrivateKey(_mlkem(self.seed), _x25519(self.seed))


def offered_suites() -> tuple[str, ...]:
    """The suites that the installed library can seal with, best first."""
    return tuple(suite for suite in SUITES if suite == CLASSICAL or hasattr(hpke.KEM, _HYBRID_KEM))


def best_suite(allowed: tuple[str, ...]) -> str:
    """The best suite that the line's agreement allows and the library offers, else `UsageError`."""
    for suite in offered_suites():
        if suite in allowed:
            return suite
    wanted = ", ".join(allowed)
    raise UsageError(
        f"The installed cryptography library offers no suite that is agreed: {wanted}."
    )


def seal(suite: str, public: str, text: bytes, info: bytes) -> str:
    """The box of ``text`` for the holder of ``public``, bound to ``info``."""
    return to_text(_hpke(suite).encrypt(text, _public_key(suite, public), info))


def unseal(key: SealingKey, box: str, info: bytes) -> bytes:
    """The text in ``box``; `Unreadable` where key, box or ``info`` is another."""
    try:
        opened: bytes = _hpke(key.suite).decrypt(from_text(box), key.opener, info)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("The box does not open with this key.") from error
    return opened


_HYBRID_KEM = "MLKEM768_X25519"


@lru_cache(maxsize=len(SUITES))
def _hpke(suite: str) -> Any:
    if suite not in offered_suites():
        raise UsageError(f"The installed cryptography library does not offer the suite {suite}.")
    kem = getattr(hpke.KEM, _HYBRID_KEM) if suite == HYBRID else hpke.KEM.X25519
    return hpke.Suite(kem, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def _mlkem(seed: bytes) -> MLKEM768PrivateKey:
    return MLKEM768PrivateKey.from_seed_bytes(seed[:64])


def _x25519(seed: bytes) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(seed[-32:])


@lru_cache(maxsize=64)
def _public_key(suite: str, public: str) -> Any:
    raw = from_text(public, PUBLIC_BYTES[suite])
    x25519 = X25519PublicKey.from_public_bytes(raw[-32:])
    if suite == CLASSICAL:
        return x25519
    return hpke.MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(raw[:-32]), x25519)
