"""Tree heads of a line's chains as notes for anybody's tools: names, keys, and what holds."""

from __future__ import annotations

from detente.channel import note
from detente.channel.canonical import Malformed, from_text, to_text
from detente.channel.envelope import HASH_BYTES, Head
from detente.channel.keys import KEY_BYTES
from detente.channel.log import Log
from detente.channel.note import Checkpoint


def origin(line: str, party: str) -> str:
    """The name of a party's chain in a checkpoint."""
    return f"detente.line/{line}/{party}"


def key_name(party: str, serial: int) -> str:
    """The name of a device's key under a checkpoint."""
    return f"{party}/{serial}"


def checkpoint(line: str, head: Head) -> Checkpoint:
    """The checkpoint of a tree head."""
    return Checkpoint(origin(line, head.party), head.size, from_text(head.root, HASH_BYTES))


def keys_by_name(log: Log) -> dict[str, bytes]:
    """The public keys that may stand under a checkpoint: those of devices and witnesses."""
    keys = {each.name: from_text(each.key, KEY_BYTES) for each in log.agreement.witnesses}
    for party, chain in log.chains.items():
        for serial, certificate in chain.keyring.certificates:
            if certificate.role == "device":
                keys[key_name(party, serial)] = from_text(certificate.key, KEY_BYTES)
    return keys


def held_note(log: Log, party: str, text: str) -> dict[str, str]:
    """The note by party, where it is a checkpoint of that party's chain; else nothing.

    Raises
    ------
    Malformed
        It is no note, a signature under a known key does not hold, its party did not sign it, or
        this log does not bear it out.
    """
    read = note.read(text)
    head = read.checkpoint
    if head.origin != origin(log.line, party):
        return {}
    chain = log.chains[party]
    names = note.verify(read, keys_by_name(log))
    if not any(name.startswith(f"{party}/") for name in names):
        raise Malformed("The checkpoint does not bear the signature of its own party.")
    if head.size > chain.size or chain.root_at(head.size) != to_text(head.root):
        raise Malformed("The checkpoint is not of the entries that its party has sent.")
    return {party: text}
