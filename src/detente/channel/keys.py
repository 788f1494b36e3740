"""Who may speak on a line: the agreement, the certificates under each party's root, the officers.

Each party holds a root key offline. It certifies the device key that signs the chain, and the keys
of the duty officers who release and read messages; it revokes them the same way. A certificate or a
revocation is a statement under the root's signature, and takes effect where it stands in its
party's own chain, so that both sides judge by the record and not by their clocks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, encode, from_text, to_text
from detente.channel.sealing import SUITES
from detente.channel.signature import verify_signature
from detente.channel.take import Fields

KEY_BYTES = 32
SIGNATURE_BYTES = 64
ROLES = ("device", "officer")
MOST_PARTIES = 16
_CERTIFICATE = b"detente certificate v1\n"


@dataclass(frozen=True)
class Party:
    """A party as the agreement names it: id, name, public root key (text)."""

    id: str
    name: str
    root: str


@dataclass(frozen=True)
class Witness:
    """One who cosigns tree heads and sees hashes only: name and public key (text)."""

    name: str
    key: str


@dataclass(frozen=True)
class Agreement:
    """What the parties of a line agreed; its digest is the line's id.

    ``test_every`` is the length in seconds of a slot for test messages; slots go round the parties.
    ``two_person`` lists the precedences that need the release of two officers.
    """

    title: str
    parties: tuple[Party, ...]
    witnesses: tuple[Witness, ...]
    suites: tuple[str, ...]
    two_person: tuple[str, ...]
    test_every: int
    drills_only: int = 0

    def as_plain(self) -> dict[str, Any]:
        """The agreement as it is encoded and hashed."""
        return {
            "v": 1,
            "title": self.title,
            "parties": [[party.id, party.name, party.root] for party in self.parties],
            "witnesses": [[witness.name, witness.key] for witness in self.witnesses],
            "suites": list(self.suites),
            "two_person": list(self.two_person),
            "test_every": self.test_every,
            "drills_only": self.drills_only,
        }

    @property
    def line(self) -> str:
        """The line's id: the SHA-256 of the agreement, as text."""
        return to_text(hashlib.sha256(encode(self.as_plain())).digest())

    def party(self, party: str) -> Party | None:
        """The party of that id."""
        return next((each for each in self.parties if each.id == party), None)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the parties, in their order."""
        return tuple(party.id for party in self.parties)


def agreement_from_plain(value: Any) -> Agreement:
    """The agreement in a plain value; `Malformed` where it is none."""
    fields = Fields(value, "agreement")
    fields.number("v", 1, 1)
    agreement = Agreement(
        title=fields.text("title", 200),
        parties=tuple(_party(row) for row in fields.rows("parties", 3, MOST_PARTIES)),
        witnesses=tuple(_witness(row) for row in fields.rows("witnesses", 2, MOST_PARTIES)),
        suites=fields.texts("suites", SUITES),
        two_person=fields.texts("two_person", None),
        test_every=fields.number("test_every", 60, 86_400),
        drills_only=fields.number("drills_only", 0, 1),
    )
    fields.end()
    ids = agreement.ids
    if len(ids) < 2 or len(set(ids)) < len(ids):
        raise Malformed("A line needs two or more parties with ids of their own.")
    devices = tuple(f"{party}/" for party in ids)  # so begin the names of their devices' keys
    if any(witness.name.startswith(devices) for witness in agreement.witnesses):
        raise Malformed("A witness may not bear the name of a party's device.")
    if not agreement.suites:
        raise Malformed("A line needs a suite to seal with.")
    return agreement


def _party(row: list[Any]) -> Party:
    if not all(isinstance(cell, str) and 0 < len(cell) <= 200 for cell in row):
        raise Malformed("A party of the agreement has an id, a name and a root key.")
    if not (row[0].isascii() and row[0].isalnum() and len(row[0]) <= 8):
        raise Malformed("The id of a party has up to 8 letters and digits.")
    from_text(row[2], KEY_BYTES)
    return Party(*row)


def _witness(row: list[Any]) -> Witness:
    if not all(isinstance(cell, str) and 0 < len(cell) <= 200 for cell in row):
        raise Malformed("A witness of the agreement has a name and a key.")
    from_text(row[1], KEY_BYTES)
    return Witness(*row)


# --- certificates -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Certificate:
    """A key that a party's root lets speak for it, or, with ``revoked``, no longer."""

    line: str
    party: str
    serial: int
    role: str
    name: str
    key: str
    since: int
    until: int
    revoked: int = 0

    def as_plain(self) -> dict[str, Any]:
        """The certificate as its root signs it."""
        return dict(self.__dict__)

    def holds_at(self, at: int) -> bool:
        """Whether the key may sign what claims to be from the instant ``at``."""
        return not self.revoked and self.since <= at < self.until


def certify(root: Ed25519PrivateKey, certificate: Certificate) -> list[Any]:
    """The certificate under its root's signature, ready for a chain: plain form and signature."""
    plain = certificate.as_plain()
    return [plain, to_text(root.sign(_CERTIFICATE + encode(plain)))]


def read_certificate(value: Any, agreement: Agreement, party: str) -> Certificate:
    """The certificate in a plain value, its root's signature verified; else `Malformed`."""
    if not isinstance(value, list) or len(value) != 2:
        raise Malformed("A certificate is a pair of its text and a signature.")
    fields = Fields(value[0], "certificate")
    certificate = Certificate(
        line=fields.text("line", 43),
        party=fields.text("party", 8),
        serial=fields.number("serial", 0, 2**31),
        role=fields.choice("role", ROLES),
        name=fields.text("name", 100),
        key=fields.octets("key", KEY_BYTES),
        since=fields.number("since", 0, 2**40),
        until=fields.number("until", 0, 2**40),
        revoked=fields.number("revoked", 0, 1),
    )
    fields.end()
    owner = agreement.party(party)
    if owner is None or certificate.party != party or certificate.line != agreement.line:
        raise Malformed("The certificate is for another party or line.")
    signature = from_text(value[1], SIGNATURE_BYTES)
    if not verify_signature(
        from_text(owner.root, KEY_BYTES), signature, _CERTIFICATE + encode(value[0])
    ):
        raise Malformed("The certificate does not bear its root's signature.")
    return certificate


@dataclass(frozen=True)
class Keyring:
    """The certificates of one party as they stand at one place of its chain, by serial number."""

    certificates: tuple[tuple[int, Certificate], ...] = ()

    def certificate(self, serial: int, role: str) -> Certificate | None:
        """The certificate of that number and role."""
        found = dict(self.certificates).get(serial)
        return found if found is not None and found.role == role else None

    def key(self, serial: int, role: str, at: int) -> bytes | None:
        """The public key that may sign for what claims to be from the instant ``at``."""
        found = self.certificate(serial, role)
        if found is None or not found.holds_at(at):
            return None
        return from_text(found.key, KEY_BYTES)

    def with_(self, certificate: Certificate) -> Keyring:
        """The ring after a certificate or a revocation; a revoked number stays revoked."""
        held = dict(self.certificates)
        before = held.get(certificate.serial)
        if before is not None:
            certificate = replace(before, revoked=max(before.revoked, certificate.revoked))
        held[certificate.serial] = certificate
        return Keyring(tuple(sorted(held.items())))


def fingerprint(key: str) -> str:
    """The SHA-256 of a public key or digest in groups of four, to be read aloud and compared.

    >>> fingerprint("AAAA")[:9]
    '709e 80c8'
    """
    digest = hashlib.sha256(from_text(key)).hexdigest()
    return " ".join(digest[place : place + 4] for place in range(0, 32, 4))


def public_text(private: Ed25519PrivateKey) -> str:
    """The public half of a key as text."""
    return to_text(private.public_key().public_bytes_raw())
