"""What goes between a party and a witness as files, and what the witness keeps on its disk.

A party's request holds the agreement, its root's certificates of its devices, and tlog-witness's
``add-checkpoint`` (`witness.Request`): keys, sizes and hashes, no officer and no entry. The witness
keeps the last note of each chain with the certificates that came with it, so that it can prove a
split view by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from detente.channel import note
from detente.channel.audit import Audit
from detente.channel.canonical import Malformed, decode, encode, from_text
from detente.channel.checkpoints import key_name, origin
from detente.channel.evidence import MOST_CERTIFICATES, heads_evidence
from detente.channel.keys import KEY_BYTES, Agreement, agreement_from_plain, read_certificate
from detente.channel.merkle import Frontier
from detente.channel.take import Fields
from detente.channel.witness import MOST_CHARACTERS, Refusal, Request, Seen, State, read_request

MAX_ASKED = 1_048_576
MAX_HELD = 67_108_864
MOST_CHAINS = 4_096
Statements = tuple[list[Any], ...]


@dataclass(frozen=True)
class Asked:
    """A party's request: ``statements`` are certificates as its root signed them, unverified."""

    agreement: Agreement
    party: str
    statements: Statements
    request: Request


@dataclass(frozen=True)
class Held:
    """What a witness holds: its state, and by origin the certificates that came with the notes."""

    state: State = field(default_factory=State)
    statements: Mapping[str, Statements] = field(default_factory=dict)

    def after(self, state: State, origin: str, statements: Sequence[list[Any]]) -> Held:
        """The same with another state and the certificates that came with a note of that chain."""
        return Held(state, {**self.statements, origin: tuple(statements)})


def devices_of(statements: Sequence[list[Any]], party: str) -> list[list[Any]]:
    """Those of verified statements that certify a device of the party."""
    return [each for each in statements if (each[0]["party"], each[0]["role"]) == (party, "device")]


def write_asked(asked: Asked) -> bytes:
    """The request as a file."""
    plain = {
        "v": 1,
        "agreement": asked.agreement.as_plain(),
        "party": asked.party,
        "certificates": list(asked.statements),
        "request": asked.request.text,
    }
    return encode(plain)


def read_asked(data: bytes) -> Asked:
    """The request in a file, no signature of it verified; `Malformed` where it is none."""
    fields = Fields(decode(data, most=MAX_ASKED), "request")
    fields.number("v", 1, 1)
    asked = Asked(
        agreement=agreement_from_plain(fields.plain("agreement")),
        party=fields.text("party", 8),
        statements=tuple(fields.items("certificates", MOST_CERTIFICATES)),
        request=read_request(fields.text("request", MOST_CHARACTERS)),
    )
    fields.end()
    return asked


def device_keys(asked: Asked) -> tuple[dict[str, bytes], list[str]]:
    """The keys by name that may sign for the asking party's chain, and all that is wrong."""
    keys: dict[str, bytes] = {}
    problems = []
    for each in asked.statements:
        try:
            certificate = read_certificate(each, asked.agreement, asked.party)
        except Malformed as error:
            problems.append(str(error))
            continue
        if certificate.role != "device" or certificate.revoked:
            problems.append("A certificate is of no device, or revokes one.")
        name, key = key_name(asked.party, certificate.serial), from_text(certificate.key, KEY_BYTES)
        if keys.setdefault(name, key) != key:
            problems.append("Two certificates give one number to two keys.")
    if not keys:
        problems.append("The request brings no certificate of a device of its party.")
    return keys, list(dict.fromkeys(problems))


def split_view(asked: Asked, held: Held, origin: str, refusal: Refusal) -> bytes | None:
    """The file that proves two heads of one size to anybody (`evidence.heads_evidence`).

    None where the refusal is for another reason, or where the file would prove nothing.
    """
    if not refusal.evidence:
        return None
    needed = {each.name for text in refusal.evidence for each in note.read(text).signatures}
    both = (*held.statements.get(origin, ()), *asked.statements)
    # By what is certified: a root may sign the same twice, and with another signature.
    statements = {
        encode(each[0]): each for each in both if key_name(asked.party, each[0]["serial"]) in needed
    }
    try:
        return heads_evidence(asked.agreement, list(statements.values()), *refusal.evidence)
    except Malformed:  # one number for two keys, of which a file of evidence knows one
        return None


def borne_out(log: Audit, text: str) -> tuple[str, int, tuple[str, ...]]:
    """Party and size of the head in a note that a log bears out, and whose keys stand under it.

    Raises
    ------
    Malformed
        It is no note of a chain of this log, its party did not sign it, a signature under a known
        key does not hold, or the entries have another root.
    """
    read = note.read(text)
    head = read.checkpoint
    chain = next((each for each in log.chains if origin(log.line, each.party) == head.origin), None)
    if chain is None:
        raise Malformed("The note is of no chain of this line.")
    keys = {each.name: from_text(each.key, KEY_BYTES) for each in log.agreement.witnesses}
    statements: Any = log.statements  # read_certificate took each of them apart
    for plain in (each[0] for each in statements if each[0]["role"] == "device"):
        keys[key_name(plain["party"], plain["serial"])] = from_text(plain["key"], KEY_BYTES)
    names = note.verify(read, keys)
    if not any(name.startswith(f"{chain.party}/") for name in names):
        raise Malformed("The checkpoint does not bear the signature of its own party.")
    frontier = reduce(Frontier.append, chain.leaves[: head.size], Frontier())
    if head.size > chain.size or frontier.root() != head.root:
        raise Malformed("The checkpoint is not of the entries that its party has sent.")
    return chain.party, head.size, names


def write_held(held: Held) -> bytes:
    """What a witness holds, as a file."""
    rows = [
        [seen.note, list(held.statements.get(origin, ()))]
        for origin, seen in sorted(held.state.chains.items())
    ]
    return encode({"v": 1, "chains": rows})


def read_held(data: bytes) -> Held:
    """What a witness holds; `Malformed` where the file is none of `write_held`."""
    fields = Fields(decode(data, most=MAX_HELD), "state of the witness")
    fields.number("v", 1, 1)
    rows = fields.rows("chains", 2, MOST_CHAINS)
    fields.end()
    chains, statements = {}, {}
    for text, certificates in rows:
        head = note.read(text).checkpoint
        chains[head.origin] = Seen(head.size, head.root, text)
        statements[head.origin] = tuple(certificates)
    return Held(State(chains), statements)
