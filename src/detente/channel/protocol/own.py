"""What a node writes into its own chain: nothing but while it is open, and nothing twice."""

from __future__ import annotations

from itertools import islice
from typing import Any

from detente.channel import envelope, note
from detente.channel.canonical import Malformed
from detente.channel.checkpoints import checkpoint, key_name
from detente.channel.envelope import Envelope, Header
from detente.channel.message import Slip, boxes_as_plain, read_message, sealed
from detente.channel.protocol.state import Moment, Node
from detente.channel.receipts import Act, receipt_body
from detente.channel.record import Place
from detente.channel.regular import MAX_NOTE, slot_of
from detente.channel.sealing import SEED_BYTES, SealingKey, best_suite
from detente.channel.step import Step

ROTATE_AFTER = 30 * 86_400
ACTS_AN_ENTRY = 128
LOST_AN_ENTRY = 128


def append(node: Node, step: Step, moment: Moment, kind: str, body: dict[str, Any]) -> Envelope:
    """Write the next entry of the own chain; `Malformed` where it would not be regular."""
    chain = node.log.chains[node.me]
    header = Header(
        line=node.log.line,
        sender=node.me,
        seq=chain.size,
        prev=chain.last,
        seen=node.log.heads(but=node.me),
        kind=kind,
        at=moment.at,
        device=node.identity.serial,
        body=body,
    )
    entry = envelope.write(node.identity.device, header)
    held = node.log.ring_with(entry).key(entry.device, "device", entry.at)
    if held != node.identity.public:
        raise Malformed(f"Our device {entry.device} holds no key for what is written now.")
    found = node.log.judge(entry)
    if found:
        raise Malformed(" ".join(found))
    node.log.append(entry, found)
    node.record.take(entry, ())
    node.unwritten.entries[node.me, entry.seq] = entry.raw
    step.entries.append(entry)
    return entry


def settle(node: Node, step: Step, moment: Moment) -> None:
    """Write what is due of itself: a key to seal for, receipts, requests for lost texts."""
    if node.standing != "open":
        return
    hindrance = ""
    try:
        for write in (_keep_epoch, _receipt, _ask_for_lost, _seal_again):
            write(node, step, moment)
    except Malformed as error:  # a clock that left the time of our certificate, or a key of ours
        hindrance = str(error)
    if hindrance and hindrance != node.hindrance:
        step.say("cannot write", detail=hindrance)
    node.hindrance = hindrance
    _erase_old_secrets(node, step)


def _keep_epoch(node: Node, step: Step, moment: Moment) -> None:
    """Publish a new key to seal for, where the last one is old or its secret is lost."""
    epoch = node.log.chains[node.me].epoch_at(node.own)
    fresh = epoch is not None and 0 <= moment.at - epoch.at < ROTATE_AFTER
    if epoch is None or epoch.number not in node.secrets or not fresh:
        publish_epoch(node, step, moment)


def publish_epoch(node: Node, step: Step, moment: Moment) -> None:
    """Draw a new key to seal for and publish its public half."""
    epochs = node.log.chains[node.me].epochs
    number = epochs[-1].number + 1 if epochs else 1
    suite = best_suite(node.agreement.suites)
    key = SealingKey(suite, node.entropy(SEED_BYTES[suite]))
    body = {"number": number, "suite": suite, "public": key.public()}
    append(node, step, moment, "epoch", body)
    node.secrets[number] = key
    step.secrets.append((number, key))
    node.asked_for.clear()


def _receipt(node: Node, step: Step, moment: Moment) -> None:
    while node.to_receipt:
        places = list(islice(node.to_receipt, ACTS_AN_ENTRY))
        acts = tuple(stored(node, place) for place in places)
        append(node, step, moment, "receipt", receipt_body(acts))
        for place in places:
            del node.to_receipt[place]


def stored(node: Node, place: Place) -> Act:
    """The act *stored* of an entry that is held."""
    party, seq = place
    return Act("stored", party, seq, node.log.chains[party].digests[seq])


def _ask_for_lost(node: Node, step: Step, moment: Moment) -> None:
    """Ask once a key for the texts that are ours to know and that we cannot read."""
    wanted = sorted(node.lost - node.asked_for)[:LOST_AN_ENTRY]
    if wanted:
        append(node, step, moment, "lost", {"of": [list(place) for place in wanted]})
        node.asked_for.update(wanted)


def _seal_again(node: Node, step: Step, moment: Moment) -> None:
    """Seal a released text once more, for a party that was its sender or recipient and lost it."""
    while node.to_seal_again:
        place, party = node.to_seal_again[0]
        message, text = node.record.messages.get(place), node.text(place)
        if message is not None and text is not None and party in {place[0], *message.slip.to}:
            boxes = sealed(message.slip, text, keys_of(node, (party,)))
            sealed_once = {(place, box.to, box.epoch) for box in boxes}
            if (
                not sealed_once <= node.sealed_again
            ):  # once a key: nobody can make us write for ever
                body = {
                    "party": place[0],
                    "seq": place[1],
                    "digest": node.log.chains[place[0]].digests[place[1]],
                    "boxes": boxes_as_plain(boxes),
                }
                append(node, step, moment, "again", body)
                node.sealed_again |= sealed_once
        node.to_seal_again.pop(0)


def keys_of(node: Node, parties: tuple[str, ...]) -> dict[str, tuple[int, str, str]]:
    """The newest key to seal for of each party; `Malformed` where one has published none."""
    keys = {}
    for party in parties:
        chain = node.log.chains[party]
        epoch = chain.epoch_at(chain.size)
        if epoch is None:
            raise Malformed(f"{party} has published no key to seal for yet.")
        keys[party] = (epoch.number, epoch.suite, epoch.public)
    return keys


def _erase_old_secrets(node: Node, step: Step) -> None:
    """Erase secrets that no entry to come can be sealed for: every party has seen a newer key."""
    chains = node.log.chains
    newest = chains[node.me].epoch_at(node.own)
    others = [chains[party] for party in chains if party != node.me]
    if newest is None or any(chain.seen.get(node.me, 0) <= newest.seq for chain in others):
        return
    for number in [each for each in node.secrets if each < newest.number]:
        del node.secrets[number]
        step.erased.append(number)


def message(node: Node, step: Step, moment: Moment, parts: dict[str, Any], text: bytes) -> None:
    """Seal and chain what officers released; ``parts`` is the body without its boxes."""
    released = read_message(parts | {"boxes": []}, node.log.line, node.me)
    slip: Slip = released.slip
    if envelope.digest(text) != slip.digest:
        raise Malformed("The text is not the one that was released.")
    boxes = sealed(slip, text, keys_of(node, slip.to))
    entry = append(node, step, moment, "message", parts | {"boxes": boxes_as_plain(boxes)})
    place = (node.me, entry.seq)
    node.unwritten.texts[place] = text
    step.texts.append((place, text))
    step.say("sent", place=place, number=slip.number)


def test_message(node: Node, step: Step, moment: Moment, text: str) -> None:
    """Write the test message of the slot, where it is this party's turn and none is there yet.

    It carries the checkpoint of our own chain, and those of the others as we cosign them.
    """
    slot, party = slot_of(node.agreement, moment.at)
    if party != node.me or slot in node.log.chains[node.me].tests or node.standing != "open":
        return
    body = {"slot": slot, "text": text, "notes": checkpoints(node, moment.at)}
    append(node, step, moment, "test", body)


def checkpoints(node: Node, at: int) -> list[str]:
    """Our own chain's signed checkpoint, and each other's last one where it holds, cosigned."""
    key, name = node.identity.device, key_name(node.me, node.identity.serial)
    chain = node.log.chains[node.me]
    notes = [note.sign(checkpoint(node.log.line, chain.head), name, key)]
    for party, text in sorted(node.notes.items()):
        if party != node.me:
            notes.append(note.cosign(text, name, key, at))
    return [each for each in notes if len(each) <= MAX_NOTE]  # others may pad theirs with lines


def tick(node: Node, moment: Moment, text: str) -> Step:
    """What time asks for as it passes: the slot's test message, with ``text``, and what is due."""
    step = Step()
    test_message(node, step, moment, text)
    settle(node, step, moment)
    return step
