"""A party's public card: what the other side needs to agree a line with it, and to reach its node.

A card bears its root's signature, so that an address or a certificate in it is the party's own; the
root itself is compared by voice (`keys.fingerprint`). It holds no secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, decode, encode, from_text, to_text
from detente.channel.keys import KEY_BYTES, SIGNATURE_BYTES
from detente.channel.signature import verify_signature
from detente.channel.take import Fields

MAX_CARD = 8_192
_CARD = b"detente card v1\n"


@dataclass(frozen=True)
class Card:
    """Who a party is: id, name, public root key (text), its node's certificate and address.

    ``certificate`` is the X.509 certificate of the node's sockets (DER, as text); ``address`` is
    ``host:port``, or empty where the node is not to be called; ``raw`` are the signed bytes.
    """

    party: str
    name: str
    root: str
    certificate: str
    address: str
    at: int
    raw: bytes = b""

    def as_plain(self) -> dict[str, Any]:
        """The card as its root signs it."""
        plain = {"v": 1, **self.__dict__}
        del plain["raw"]
        return plain


def write_card(root: Ed25519PrivateKey, card: Card) -> Card:
    """The card under its root's signature; `Malformed` where the other side would refuse it."""
    plain = card.as_plain()
    return read_card(encode([plain, to_text(root.sign(_CARD + encode(plain)))]))


def read_card(raw: bytes) -> Card:
    """The card in some bytes.

    Raises
    ------
    Malformed
        They are no card, or its own root did not sign it.
    """
    value = decode(raw, most=MAX_CARD)
    if not isinstance(value, list) or len(value) != 2:
        raise Malformed("A card is a pair of its text and a signature.")
    fields = Fields(value[0], "card")
    fields.number("v", 1, 1)
    card = Card(
        party=fields.text("party", 8),
        name=fields.text("name", 200),
        root=fields.octets("root", KEY_BYTES),
        certificate=fields.text("certificate", 4_096, least=0),
        address=fields.text("address", 255, least=0),
        at=fields.number("at", 0, 2**40),
        raw=raw,
    )
    fields.end()
    from_text(card.certificate)
    if not (card.party.isascii() and card.party.isalnum()):
        raise Malformed("The id of a party has up to 8 letters and digits.")
    signature = from_text(value[1], SIGNATURE_BYTES)
    root = from_text(card.root, KEY_BYTES)
    if not verify_signature(root, signature, _CARD + encode(value[0])):
        raise Malformed("The card does not bear its root's signature.")
    return card
