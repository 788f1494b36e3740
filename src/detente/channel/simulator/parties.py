"""Parties that do not exist, with keys drawn from a seed: for simulator, tests and rehearsals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.random import Generator

from detente.channel.canonical import encode, to_text
from detente.channel.envelope import digest
from detente.channel.keys import Agreement, Certificate, Party, Witness, certify, public_text
from detente.channel.message import Message, Slip, release, text_of
from detente.channel.protocol.found import found
from detente.channel.protocol.state import Identity
from detente.channel.sealing import HYBRID
from detente.channel.step import Step

DEVICE, FIRST_OFFICER = 1, 2
FOREVER = 2**40
NAMES = ("AAA", "BBB", "CCC", "DDD")


@dataclass(frozen=True)
class Cast:
    """The agreement of a line and every private key of its parties, by party."""

    agreement: Agreement
    roots: dict[str, Ed25519PrivateKey]
    devices: dict[str, Ed25519PrivateKey]
    officers: dict[str, tuple[Ed25519PrivateKey, ...]]
    witness: Ed25519PrivateKey

    def identity(self, party: str) -> Identity:
        """The identity of a party's node."""
        return Identity(party, DEVICE, self.devices[party])

    def statements(self, party: str) -> list[list[Any]]:
        """The certificates of a party's device and officers under its root."""
        keys = [("device", self.devices[party])]
        keys += [("officer", key) for key in self.officers[party]]
        return [
            certify(self.roots[party], self.certificate(party, number, role, key))
            for number, (role, key) in enumerate(keys, start=DEVICE)
        ]

    def certificate(
        self, party: str, serial: int, role: str, key: Ed25519PrivateKey
    ) -> Certificate:
        """A certificate that holds for ever."""
        name = f"{role} {serial}"
        return Certificate(
            self.agreement.line, party, serial, role, name, public_text(key), 0, FOREVER
        )

    def found(self, party: str, entropy: Callable[[int], bytes], at: int) -> Step:
        """What a party's disk holds before its node first starts."""
        return found(self.identity(party), self.agreement, self.statements(party), entropy, at)

    def draft(self, slip: Slip, form: dict[str, Any], salt: bytes, *, officers: int = 1) -> bytes:
        """The queue item of a form, released by so many officers; the digest is filled in."""
        text = text_of(form, salt)
        slip = Slip(**(slip.__dict__ | {"digest": digest(text), "line": self.agreement.line}))
        keys = self.officers[slip.sender][:officers]
        releases = tuple(
            release(slip, key, serial) for serial, key in enumerate(keys, start=FIRST_OFFICER)
        )
        body = Message(slip, releases).as_body()
        del body["boxes"]
        return encode({"item": "draft", "message": body, "text": to_text(text)})


def cast(rng: Generator, parties: int = 2, *, test_every: int = 3_600) -> Cast:
    """A line of invented parties with keys drawn from ``rng``."""
    names = NAMES[:parties]
    roots = {name: _key(rng) for name in names}
    witness = _key(rng)
    agreement = Agreement(
        title="A line that is drawn",
        parties=tuple(Party(name, f"Party {name}", public_text(roots[name])) for name in names),
        witnesses=(Witness("witness", public_text(witness)),),
        suites=(HYBRID,),
        two_person=("flash",),
        test_every=test_every,
    )
    devices = {name: _key(rng) for name in names}
    officers: dict[str, tuple[Ed25519PrivateKey, ...]] = {
        name: (_key(rng), _key(rng)) for name in names
    }
    return Cast(agreement, roots, devices, officers, witness)


def slip(sender: str, number: str, to: tuple[str, ...], written: int) -> Slip:
    """A routine slip that is no drill; line and digest are filled in by `Cast.draft`."""
    return Slip("", sender, number, "routine", 0, "meeting-request", 1, to, written, 0, "", "")


def _key(rng: Generator) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(rng.bytes(32))
