"""Evidence: one file that proves to anybody, with no network, what a party of a line signed.

A file holds the line's agreement, the certificates that let the keys in it speak, and what they
signed. Four kinds:

*fork*     two entries of one party that cannot stand in one chain;
*heads*    two checkpoints of one chain, of one size and with different roots;
*denied*   a checkpoint that the entries of its own chain do not bear out;
*message*  one message, its text, the officers who released it, and that it stood in the chain of
           its sender when another party or a witness cosigned that chain's head.

Whatever stands in a file is verified, so no part of it can be changed and the rest still hold.
`verify_offline` reads the same files and shares no code with this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Literal

from detente.channel import envelope, merkle, note
from detente.channel.canonical import Malformed, decode, encode, from_text, to_text
from detente.channel.checkpoints import key_name, origin
from detente.channel.envelope import HASH_BYTES, Envelope, digest, signed_by
from detente.channel.keys import (
    KEY_BYTES,
    Agreement,
    Certificate,
    Keyring,
    agreement_from_plain,
    read_certificate,
)
from detente.channel.message import MAX_TEXT, form_of, read_message, unreleased
from detente.channel.note import Note
from detente.channel.take import Fields

EvidenceKind = Literal["fork", "heads", "denied", "message"]
KINDS: tuple[EvidenceKind, ...] = ("fork", "heads", "denied", "message")
MAX_BYTES = 16_777_216
MOST_CERTIFICATES = 256
MOST_ENTRIES = 20_000
Certified = dict[str, tuple[Certificate, ...]]

TWO_ENTRIES = "two entries for one place"
DENIES = "an entry that denies the one before"
TAKES_BACK = "an entry that takes back what an earlier one saw"
TWO_HEADS = "two tree heads of one size"
DENIED = "a tree head that its own entries deny"
RELEASED = "a message that was released and stood in the chain"


@dataclass(frozen=True)
class Evidence:
    """A file of evidence as read; nothing in it is verified yet.

    ``parts`` are what was signed: two entries, two notes, a note and entries, or for a message its
    entry, text and note. ``path`` is the inclusion proof of a message.
    """

    kind: EvidenceKind
    agreement: Agreement
    certificates: tuple[Any, ...]
    parts: tuple[str, ...]
    path: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Proved:
    """What a file proves: of which line and party, at which place, under which devices' keys.

    ``size`` is that of a tree head; ``number``, ``officers`` and ``cosigners`` are of a message.
    """

    what: str
    line: str
    party: str
    seq: int
    devices: tuple[int, ...]
    size: int = 0
    number: str = ""
    officers: tuple[int, ...] = ()
    cosigners: tuple[str, ...] = ()


# --- writing ----------------------------------------------------------------------------------


def statements_in(agreement: Agreement, entries: Iterable[bytes]) -> list[list[Any]]:
    """The certificates that entries brought, as the roots signed them, each once.

    Revocations are left out: evidence shows that a root certified a key.
    """
    found: dict[bytes, list[Any]] = {}
    for entry in map(envelope.read, entries):
        statement: Any = entry.body.get("statement")
        if entry.kind == "credential":
            with suppress(Malformed):
                if not read_certificate(statement, agreement, entry.sender).revoked:
                    found.setdefault(encode(statement), statement)
    return list(found.values())


def fork_evidence(
    agreement: Agreement, statements: Sequence[list[Any]], first: bytes, second: bytes
) -> bytes:
    """The file that proves a fork by two entries of one party.

    Parameters
    ----------
    statements
        Certificates as the root signed them (`keys.certify`); those of other keys are left out.
    first, second
        The entries' bytes, in either order.

    Raises
    ------
    Malformed
        The two prove no fork.
    """
    pair = sorted(map(envelope.read, (first, second)), key=lambda each: (each.seq, each.digest))
    needed = {(each.sender, each.device) for each in pair}
    parts = {"first": _text(pair[0].raw), "second": _text(pair[1].raw)}
    return _write("fork", agreement, _needed(statements, needed), parts)


def heads_evidence(
    agreement: Agreement, statements: Sequence[list[Any]], first: str, second: str
) -> bytes:
    """The file that proves two tree heads of one size by two signed checkpoints.

    Raises
    ------
    Malformed
        The two prove nothing.
    """
    keys = _keys_by_name(agreement, _certified(agreement, statements))
    parts = {"first": known_lines(first, keys), "second": known_lines(second, keys)}
    return _write("heads", agreement, statements, parts)


def denied_evidence(
    agreement: Agreement, statements: Sequence[list[Any]], note_text: str, entries: Sequence[bytes]
) -> bytes:
    """The file that proves a signed tree head false by its own chain's first entries.

    Raises
    ------
    Malformed
        They prove nothing, or are fewer than the head's size.
    """
    keys = _keys_by_name(agreement, _certified(agreement, statements))
    text = known_lines(note_text, keys)
    chain = [_text(raw) for raw in entries[: note.read(text).checkpoint.size]]
    return _write("denied", agreement, statements, {"note": text, "entries": chain})


def message_evidence(
    agreement: Agreement,
    statements: Sequence[list[Any]],
    entries: Sequence[bytes],
    seq: int,
    text: bytes,
    note_text: str,
) -> bytes:
    """The file that proves a message: who released it, and that it stood in a cosigned chain.

    Parameters
    ----------
    entries
        The sender's chain, at least as many entries as the checkpoint has.
    text
        What was sealed (`message.text_of`).
    note_text
        A checkpoint of the sender's chain that is larger than ``seq`` and cosigned.

    Raises
    ------
    Malformed
        They prove nothing.
    UsageError
        The checkpoint does not reach to the message, or beyond the entries.
    """
    keys = _keys_by_name(agreement, _certified(agreement, statements))
    kept = known_lines(note_text, keys)
    leaves = [merkle.leaf_hash(raw) for raw in entries]
    path = merkle.inclusion_proof(leaves, seq, note.read(kept).checkpoint.size)
    parts = {
        "entry": _text(entries[seq]),
        "text": _text(text),
        "note": kept,
        "path": [to_text(each) for each in path],
    }
    return _write("message", agreement, statements, parts)


def _write(
    kind: EvidenceKind,
    agreement: Agreement,
    statements: Sequence[list[Any]],
    parts: dict[str, Any],
) -> bytes:
    """The file; it is verified before anybody gets it."""
    plain = {"v": 1, "kind": kind, "agreement": agreement.as_plain()}
    data = encode(plain | {"certificates": list(statements)} | parts)
    verify_evidence(data)
    return data


def _needed(statements: Sequence[list[Any]], keys: set[tuple[str, int]]) -> list[list[Any]]:
    """The certificates of these parties and numbers, each once."""
    found = {encode(each): each for each in statements if _of(each) in keys}
    return [found[key] for key in sorted(found)]


def _of(statement: Any) -> tuple[str, int]:
    """The party and the number in a statement, as yet unverified."""
    try:
        plain = statement[0]
        return str(plain["party"]), int(plain["serial"])
    except (TypeError, LookupError, ValueError) as error:
        raise Malformed("A certificate is a pair of its text and a signature.") from error


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except ValueError as error:
        raise Malformed("It is no text in UTF-8.") from error


def known_lines(note_text: str, keys: dict[str, bytes]) -> str:
    """The note with the lines of known keys alone, each of which holds; others prove nothing.

    Raises
    ------
    Malformed
        It is no note, or no line of a known key holds.
    """
    body, blank, lines = note_text.rpartition("\n\n")
    held = [line for line in lines.splitlines(keepends=True) if _holds(body + blank + line, keys)]
    if not held:
        raise Malformed("The note bears no signature of a key that is known here.")
    return body + blank + "".join(held)


def _holds(note_text: str, keys: dict[str, bytes]) -> bool:
    try:
        return bool(note.verify(note.read(note_text), keys))
    except Malformed:
        return False


# --- reading ----------------------------------------------------------------------------------


def read_evidence(data: bytes) -> Evidence:
    """The evidence in a file; `Malformed` where it is none. Nothing is verified yet."""
    fields = Fields(decode(data, most=MAX_BYTES), "evidence")
    fields.number("v", 1, 1)
    kind: Any = fields.choice("kind", KINDS)
    evidence = Evidence(
        kind=kind,
        agreement=agreement_from_plain(fields.plain("agreement")),
        certificates=tuple(fields.items("certificates", MOST_CERTIFICATES)),
        parts=(),
    )
    if kind == "message":
        path = tuple(from_text(each, HASH_BYTES) for each in fields.items("path", 64))
        parts = (_part(fields, "entry"), fields.text("text", MAX_TEXT), _part(fields, "note"))
        evidence = replace(evidence, parts=parts, path=path)
    elif kind == "denied":
        entries = fields.items("entries", MOST_ENTRIES)
        if not all(isinstance(each, str) for each in entries):
            raise Malformed("The entries of evidence are texts.")
        evidence = replace(evidence, parts=(_part(fields, "note"), *entries))
    else:
        evidence = replace(evidence, parts=(_part(fields, "first"), _part(fields, "second")))
    fields.end()
    return evidence


def _part(fields: Fields, key: str) -> str:
    return fields.text(key, envelope.MAX_BYTES)


def verify_evidence(data: bytes) -> Proved:
    """What a file of evidence proves.

    Raises
    ------
    Malformed
        It proves nothing; its words say why.
    """
    evidence = read_evidence(data)
    certified = _certified(evidence.agreement, evidence.certificates)
    return _VERIFY[evidence.kind](evidence, certified)


def _certified(agreement: Agreement, statements: Sequence[Any]) -> Certified:
    """The keys by party; every certificate must hold, and none may revoke or stand twice.

    A root may give one number to two keys and show each to another party; both count.
    """
    found: dict[str, list[Certificate]] = {party: [] for party in agreement.ids}
    for each in statements:
        party, _ = _of(each)
        certificate = read_certificate(each, agreement, party)
        if certificate.revoked or certificate in found[party]:
            raise Malformed("A certificate in evidence revokes, or stands there twice.")
        found[party].append(certificate)
    return {party: tuple(each) for party, each in found.items()}


def _keys_by_name(agreement: Agreement, certified: Certified) -> dict[str, bytes]:
    keys = {each.name: from_text(each.key, KEY_BYTES) for each in agreement.witnesses}
    for party, certificates in certified.items():
        for each in certificates:
            if each.role == "device":
                keys[key_name(party, each.serial)] = from_text(each.key, KEY_BYTES)
    return keys


def _entry(evidence: Evidence, certified: Certified, raw: str) -> Envelope:
    """An entry of the evidence's line, its signature verified."""
    entry = envelope.read(raw.encode())
    if entry.line != evidence.agreement.line or entry.sender not in certified:
        raise Malformed("An entry is of another line.")
    for each in certified[entry.sender]:
        named = (each.serial, each.role) == (entry.device, "device") and each.holds_at(entry.at)
        if named and signed_by(entry, from_text(each.key, KEY_BYTES)):
            return entry
    raise Malformed(f"An entry is not signed by a device of {entry.sender}.")


def fork_between(first: Envelope, second: Envelope) -> str:
    """Why two signed entries, the earlier place first, cannot stand in one chain; else empty."""
    if first.sender != second.sender or first.line != second.line:
        return ""
    if first.seq == second.seq:
        return TWO_ENTRIES if first.raw != second.raw else ""
    if first.seq + 1 == second.seq and second.prev != first.digest:
        return DENIES
    if first.seq > second.seq:
        return ""
    later = {head.party: head for head in second.seen}
    for head in first.seen:
        other = later.get(head.party)
        if other is not None and (
            other.size < head.size or (other.size == head.size and other.root != head.root)
        ):
            return TAKES_BACK
    return ""


def _ring(certificates: tuple[Certificate, ...]) -> Keyring:
    return reduce(Keyring.with_, certificates, Keyring())


def _fork(evidence: Evidence, certified: Certified) -> Proved:
    first, second = (_entry(evidence, certified, raw) for raw in evidence.parts)
    what = fork_between(first, second)
    if not what:
        raise Malformed("The two entries can stand in one chain.")
    devices = tuple(sorted({first.device, second.device}))
    return Proved(what, first.line, first.sender, second.seq, devices)


def _head(evidence: Evidence, certified: Certified, text: str) -> tuple[Note, str, tuple[str, ...]]:
    """A checkpoint, whose chain it is of, and the names under it; every line must hold."""
    keys = _keys_by_name(evidence.agreement, certified)
    if known_lines(text, keys) != text:
        raise Malformed("A line under a checkpoint is of an unknown key or does not hold.")
    read = note.read(text)
    of = {origin(evidence.agreement.line, party): party for party in certified}
    party = of.get(read.checkpoint.origin, "")
    names = note.verify(read, keys)
    if not party or not _serials(certified, party, names):
        raise Malformed("A checkpoint is not signed by the party whose chain it is of.")
    return read, party, names


def _serials(certified: Certified, party: str, names: tuple[str, ...]) -> tuple[int, ...]:
    """The numbers of a party's devices among the names under a checkpoint."""
    serials = {each.serial for each in certified[party]}
    return tuple(sorted(serial for serial in serials if key_name(party, serial) in names))


def _heads(evidence: Evidence, certified: Certified) -> Proved:
    (first, party, names), (second, other, more) = (
        _head(evidence, certified, text) for text in evidence.parts
    )
    one, two = first.checkpoint, second.checkpoint
    if party != other or one.size != two.size or one.root == two.root:
        raise Malformed("The two checkpoints are not of one chain and size with different roots.")
    line, devices = evidence.agreement.line, _serials(certified, party, names + more)
    return Proved(TWO_HEADS, line, party, max(one.size - 1, 0), devices, size=one.size)


def _denied(evidence: Evidence, certified: Certified) -> Proved:
    text, *raws = evidence.parts
    read, party, names = _head(evidence, certified, text)
    head = read.checkpoint
    entries = [envelope.read(raw.encode()) for raw in raws]
    if len(entries) != head.size or not entries:
        raise Malformed("The entries are not as many as the checkpoint has.")
    last = _entry(evidence, certified, raws[-1])  # it names the one before, and so on to the first
    prev = ""
    for seq, entry in enumerate(entries):
        if (entry.sender, entry.seq, entry.prev) != (party, seq, prev):
            raise Malformed("The entries are no chain.")
        prev = entry.digest
    if merkle.root([merkle.leaf_hash(entry.raw) for entry in entries]) == head.root:
        raise Malformed("The checkpoint is that of its entries.")
    devices = tuple(sorted({last.device, *_serials(certified, party, names)}))
    return Proved(DENIED, last.line, party, last.seq, devices, size=head.size)


def _message(evidence: Evidence, certified: Certified) -> Proved:
    raw, text, note_text = evidence.parts
    entry = _entry(evidence, certified, raw)
    if entry.kind != "message":
        raise Malformed("The entry is no message.")
    message = read_message(entry.body, entry.line, entry.sender)
    form_of(text.encode())
    if digest(text.encode()) != message.slip.digest:
        raise Malformed("The text is not the one that was released.")
    reason = unreleased(message, _ring(certified[entry.sender]), evidence.agreement.two_person)
    if reason:
        raise Malformed(reason)
    read, party, names = _head(evidence, certified, note_text)
    head, leaf = read.checkpoint, merkle.leaf_hash(entry.raw)
    if party != entry.sender or not merkle.verify_inclusion(
        leaf, entry.seq, head.size, evidence.path, head.root
    ):
        raise Malformed("The message does not stand in the tree of the checkpoint.")
    own = {key_name(party, each.serial) for each in certified[party]}
    cosigners = tuple(name for name in names if name not in own)
    if not cosigners:
        raise Malformed("No other party and no witness cosigned the checkpoint.")
    return Proved(
        RELEASED,
        entry.line,
        party,
        entry.seq,
        (entry.device,),
        size=head.size,
        number=message.slip.number,
        officers=tuple(each.officer for each in message.releases),
        cosigners=cosigners,
    )


_VERIFY = {"fork": _fork, "heads": _heads, "denied": _denied, "message": _message}
