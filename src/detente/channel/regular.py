"""Whether an entry is regular: one plain function a kind of entry, judged from the record alone.

An irregular entry stays in the record, because it is signed; it moves nothing, is shown as
irregular, and can be held against its sender. Every function gives sentences; none means regular.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from detente.channel.canonical import Malformed
from detente.channel.chain import Chain, read_epoch
from detente.channel.envelope import HASH_BYTES, Envelope
from detente.channel.keys import Agreement, read_certificate
from detente.channel.message import Box, Message, read_boxes, read_message, unreleased
from detente.channel.receipts import read_acts, read_holds
from detente.channel.take import Fields
from detente.ground.contacts import from_plain
from detente.ground.errors import UsageError

MAX_NOTE = 4_000
MAX_TEST = 1_000
Chains = Mapping[str, Chain]
Judge = Callable[[Agreement, Chains, Envelope], list[str]]


def irregularities(agreement: Agreement, chains: Chains, envelope: Envelope) -> tuple[str, ...]:
    """What is irregular about the next entry of a chain, in sentences."""
    found = _seen(chains, envelope)
    if found:
        return tuple(found)
    try:
        return tuple(JUDGES[envelope.kind](agreement, chains, envelope))
    except Malformed as error:
        return (str(error),)


def _seen(chains: Chains, envelope: Envelope) -> list[str]:
    """What the sender says it saw must never shrink, and must be what this node holds."""
    parties = [head.party for head in envelope.seen]
    others = set(chains) - {envelope.sender}
    if len(set(parties)) < len(parties) or set(parties) != others:
        return ["It does not name one tree head of each other party."]
    before = chains[envelope.sender].seen
    found = []
    for head in envelope.seen:
        chain = chains[head.party]
        if head.size < before.get(head.party, 0):
            found.append(f"It saw less of {head.party} than an earlier entry.")
        if chain.root_at(head.size) != head.root:
            found.append(f"It saw other entries of {head.party} than are held here.")
    return found


def _credential(agreement: Agreement, chains: Chains, envelope: Envelope) -> list[str]:
    fields = Fields(envelope.body, "credential")
    statement = fields.items("statement", 2)
    fields.end()
    certificate = read_certificate(statement, agreement, envelope.sender)
    held = dict(chains[envelope.sender].keyring.certificates).get(certificate.serial)
    if held is not None and not certificate.revoked:
        return [f"The number {certificate.serial} was given before."]
    if held is None and certificate.revoked:
        return [f"It revokes the number {certificate.serial}, which was never given."]
    return []


def _epoch(agreement: Agreement, chains: Chains, envelope: Envelope) -> list[str]:
    epoch = read_epoch(envelope)
    held = chains[envelope.sender].epochs
    found = []
    if epoch.suite not in agreement.suites:
        found.append(f"The agreement does not allow the suite {epoch.suite}.")
    if held and epoch.number <= held[-1].number:
        found.append("Its number is not above that of the epoch before.")
    return found


def _roster(_: Agreement, __: Chains, envelope: Envelope) -> list[str]:
    fields = Fields(envelope.body, "roster")
    plain = fields.plain("roster")
    fields.end()
    try:
        roster = from_plain(plain)
    except UsageError as error:
        return [str(error)]
    return [] if roster.party == envelope.sender else ["It is another party's roster."]


def _message(agreement: Agreement, chains: Chains, envelope: Envelope) -> list[str]:
    message = read_message(envelope.body, envelope.line, envelope.sender)
    slip, chain = message.slip, chains[envelope.sender]
    if not set(slip.to) <= set(chains) - {envelope.sender} or not slip.to:
        return ["It is not addressed to other parties of the line."]
    found: list[str] = []
    if not slip.number.startswith(f"{envelope.sender}-"):
        found.append("Its number does not begin with its sender.")
    if slip.number in chain.numbers:
        found.append("Its number was used before.")
    if agreement.drills_only and not slip.drill:
        found.append("The line is agreed for drills only, and it is not marked as one.")
    if slip.expires and slip.expires <= envelope.at:
        found.append("It had expired when it entered the chain.")
    reason = unreleased(message, chain.keyring, agreement.two_person)
    return found + ([reason] if reason else []) + _boxed(agreement, chains, envelope, message)


def _boxed(agreement: Agreement, chains: Chains, envelope: Envelope, message: Message) -> list[str]:
    """Every recipient needs one box, sealed to the newest key that the sender had seen."""
    if tuple(box.to for box in message.boxes) != message.slip.to:
        return ["It is not sealed once for each recipient."]
    return _epochs(agreement, chains, envelope, message.boxes)


def _epochs(
    agreement: Agreement, chains: Chains, envelope: Envelope, boxes: tuple[Box, ...]
) -> list[str]:
    sizes = {head.party: head.size for head in envelope.seen}
    found = []
    for box in boxes:
        if box.suite not in agreement.suites:
            found.append(f"The agreement does not allow the suite {box.suite}.")
        epoch = chains[box.to].epoch_at(sizes[box.to])
        if epoch is None or (epoch.number, epoch.suite) != (box.epoch, box.suite):
            found.append(f"It is not sealed to the newest key of {box.to} that its sender saw.")
    return found


def _receipt(_: Agreement, chains: Chains, envelope: Envelope) -> list[str]:
    ring = chains[envelope.sender].keyring
    sizes = {head.party: head.size for head in envelope.seen}
    found = []
    for act in read_acts(envelope.body):
        if not 0 <= act.seq < sizes.get(act.party, 0):
            found.append("It receipts an entry that its sender had not seen.")
        elif chains[act.party].digests[act.seq] != act.digest:
            found.append(f"It receipts another entry {act.seq} of {act.party} than is held here.")
        if act.act == "read" and not read_holds(envelope.line, act, ring, envelope.at):
            found.append(f"The signature of officer {act.officer} under *read* does not hold.")
    return found


def slot_of(agreement: Agreement, at: int) -> tuple[int, str]:
    """The slot for test messages that holds an instant, and the party whose turn it is."""
    slot = at // agreement.test_every
    return slot, agreement.ids[slot % len(agreement.ids)]


def _test(agreement: Agreement, chains: Chains, envelope: Envelope) -> list[str]:
    fields = Fields(envelope.body, "test")
    slot = fields.number("slot", 0, 2**40)
    fields.text("text", MAX_TEST, least=0)
    notes = fields.items("notes", 16)
    fields.end()
    found = []
    if (slot, envelope.sender) != slot_of(agreement, envelope.at):
        found.append("It is not of the slot in which it says it was sent.")
    if slot in chains[envelope.sender].tests:
        found.append("There is a test message for its slot already.")
    if not all(isinstance(note, str) and len(note) <= MAX_NOTE for note in notes):
        found.append("Its checkpoints are no texts.")
    return found


def _lost(_: Agreement, chains: Chains, envelope: Envelope) -> list[str]:
    fields = Fields(envelope.body, "request")
    rows = fields.rows("of", 2, 256)
    fields.end()
    known = all(
        isinstance(party, str) and party in chains and isinstance(seq, int) for party, seq in rows
    )
    return [] if known else ["It asks for the text of no entry."]


def _again(agreement: Agreement, chains: Chains, envelope: Envelope) -> list[str]:
    fields = Fields(envelope.body, "second sealing")
    party = fields.choice("party", tuple(chains))
    seq = fields.number("seq", 0, 2**40)
    fields.octets("digest", HASH_BYTES)
    boxes = read_boxes(fields.rows("boxes", 4, 16))
    fields.end()
    sizes = {head.party: head.size for head in envelope.seen}
    size = sizes.get(party, envelope.seq)
    if seq >= size or chains[party].digests[seq] != envelope.body["digest"]:
        return [f"It seals another entry {seq} of {party} than is held here."]
    others = set(chains) - {envelope.sender}
    if not all(box.to in others for box in boxes):
        return ["It is not sealed for other parties of the line."]
    return _epochs(agreement, chains, envelope, boxes)


JUDGES: dict[str, Judge] = {
    "credential": _credential,
    "epoch": _epoch,
    "roster": _roster,
    "message": _message,
    "receipt": _receipt,
    "test": _test,
    "lost": _lost,
    "again": _again,
}
