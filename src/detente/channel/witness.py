"""An outside witness: it cosigns tree heads that extend what it cosigned before, and sees hashes.

The habits are those of C2SP tlog-witness (c2sp.org): a log asks with the size that it believes the
witness holds, a consistency proof from there, and its signed checkpoint. The witness answers with
its cosignature, or with why not and the size it holds. It keeps one head a chain, and must have
written that to its disk before anybody gets the cosignature. No entry and no text ever reaches it.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel import merkle, note
from detente.channel.canonical import Malformed
from detente.channel.note import Checkpoint

MOST_CHARACTERS = note.MOST_CHARACTERS + 4_096
MOST_HASHES = 63  # tlog-witness: no tree of up to 2**63 leaves needs more
_OLD = re.compile("old (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True)
class Request:
    """What a log asks: the size that it believes is held, the proof from there, and its note."""

    old_size: int
    proof: tuple[bytes, ...]
    note: str

    @property
    def text(self) -> str:
        """The body of tlog-witness's ``add-checkpoint``."""
        hashes = "".join(_base64(each) + "\n" for each in self.proof)
        return f"old {self.old_size}\n{hashes}\n{self.note}"


@dataclass(frozen=True)
class Seen:
    """The last head of a chain that was cosigned: size, root (32 bytes) and the log's note."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True)
class State:
    """What a witness holds: the last head of each chain by its origin."""

    chains: Mapping[str, Seen] = field(default_factory=dict)


@dataclass(frozen=True)
class Cosigned:
    """The state to be written, and then the note with the witness's line to be handed out."""

    state: State
    note: str


@dataclass(frozen=True)
class Refusal:
    """Why not; the size that is held; two signed notes where they prove a split view."""

    reason: str
    size: int
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cosigner:
    """The witness itself: the name that stands in the agreement, and its key."""

    name: str
    key: Ed25519PrivateKey


def request(
    head: Checkpoint,
    name: str,
    key: Ed25519PrivateKey,
    leaf_hashes: Sequence[bytes],
    old_size: int,
) -> Request:
    """What a log asks of a witness that holds ``old_size`` of its leaves.

    ``head`` is signed by ``key`` under ``name``; ``leaf_hashes`` are of the entries, in order.

    Raises
    ------
    UsageError
        The head is of more leaves than there are, or of fewer than ``old_size``.
    """
    proof = merkle.consistency_proof(leaf_hashes, old_size, head.size) if old_size else ()
    return Request(old_size, proof, note.sign(head, name, key))


def read_request(text: str) -> Request:
    """The request in the body of an ``add-checkpoint``; `Malformed` where it is none."""
    if len(text) > MOST_CHARACTERS:
        raise Malformed(f"The request has more than {MOST_CHARACTERS:,} characters.")
    head, blank, note_text = text.partition("\n\n")
    old, *hashes = head.split("\n")
    match = _OLD.fullmatch(old)
    if not blank or not match or len(hashes) > MOST_HASHES:
        raise Malformed("A request is an old size, a proof, a blank line and a checkpoint.")
    return Request(int(match[1]), tuple(_from_base64(each) for each in hashes), note_text)


def consider(
    state: State,
    asked: Request,
    keys: Mapping[str, Mapping[str, bytes]],
    witness: Cosigner,
    at: int,
) -> Cosigned | Refusal:
    """Cosign a head that extends the one held, or say why not.

    Parameters
    ----------
    keys
        By origin, the public keys (32 bytes) by name that may sign for that chain.
    at
        The instant, UTC seconds.
    """
    try:
        read = note.read(asked.note)
        signers = keys.get(read.checkpoint.origin)
        if signers is None:
            return Refusal("It is a chain that this witness was not asked to watch.", 0)
        note.verify(read, signers)
    except Malformed as error:
        return Refusal(str(error), 0)
    head = read.checkpoint
    held = state.chains.get(head.origin, Seen(0, merkle.EMPTY_ROOT, ""))
    reason, evidence = _against(held, head, asked)
    if reason:
        return Refusal(reason, held.size, evidence)
    kept = State({**state.chains, head.origin: Seen(head.size, head.root, asked.note)})
    return Cosigned(kept, note.cosign(asked.note, witness.name, witness.key, at))


def _against(held: Seen, head: Checkpoint, asked: Request) -> tuple[str, tuple[str, ...]]:
    """Why a head may not follow the one held, and what proves it; both empty where it may."""
    if head.size == held.size and head.root != held.root:
        notes = (held.note, asked.note) if held.note else ()
        return "Another root of the same size was cosigned before.", notes
    if head.size < held.size:
        return "A larger head of this chain was cosigned before.", ()
    if asked.old_size != held.size:
        return "The proof does not begin at the size that is held here.", ()
    if not _extends(held, head, asked.proof):
        return "The proof does not show that the head extends the one held.", ()
    return "", ()


def _extends(held: Seen, head: Checkpoint, proof: tuple[bytes, ...]) -> bool:
    if held.size == 0:
        return not proof
    return merkle.verify_consistency(held.size, head.size, held.root, head.root, proof)


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode()


def _from_base64(text: str) -> bytes:
    try:
        data = binascii.a2b_base64(text)
    except ValueError as error:
        raise Malformed("A hash of the proof is no base64.") from error
    if _base64(data) != text or len(data) != merkle.HASH_BYTES:
        raise Malformed("A hash of the proof is not of 32 bytes.")
    return data
