"""Whether an Ed25519 signature holds: the one check that all that is signed here goes through."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_P = 2**255 - 19
# The y of a point of order 8: the root of d y**4 + 2 y**2 = 1 that RFC 8032's curve has.
_Y8 = int("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16)
_SMALL_ORDER = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})


def verify_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether ``signature`` is that of the holder of ``public`` under ``message``.

    Parameters
    ----------
    public
        The public key, 32 bytes (RFC 8032, 5.1.5).
    signature
        64 bytes (RFC 8032, 5.1.6).

    Notes
    -----
    A public key of small order makes one signature hold for many messages, so that its holder could
    deny any of them; RFC 8032 lets it pass, a record for third parties must not. Chalkias, Garillot
    and Nikolaenko, "Taming the many EdDSAs" (2020), section 3.
    """
    if int.from_bytes(public, "little") % 2**255 % _P in _SMALL_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
