"""What a node does with a bundle: trust nothing, take what follows, say what does not."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from detente.channel import bundle, envelope
from detente.channel.bundle import NONCE_BYTES, Bundle, Hello
from detente.channel.canonical import Malformed, to_text
from detente.channel.checkpoints import held_note
from detente.channel.envelope import Envelope, Head, digest
from detente.channel.links import ACKNOWLEDGE_AFTER_MS, Link
from detente.channel.message import Box, Message, opened, read_boxes
from detente.channel.protocol.own import settle
from detente.channel.protocol.state import Moment, Node
from detente.channel.read_text import differs, not_repeated
from detente.channel.receipts import Act, read_acts
from detente.channel.record import Place
from detente.channel.step import Event, EventKind, Step


def receive(node: Node, raw: bytes, moment: Moment) -> Step:
    """Take in a bundle; one that is not whole, or not from a party of the line, changes nothing."""
    step = Step()
    try:
        came = bundle.read(raw)
        _check_sender(node, came)
    except Malformed as error:
        step.say("refused", detail=str(error))
        return step
    link = node.links[came.hello.sender]
    current = _is_current(node, came.hello, step)
    # Who holds nothing of a chain has confirmed nothing of it, so nothing of it can be forgotten.
    takes = current or not node.log.chains[link.party].size
    for entry in came.entries:
        _take(node, link, entry, step, is_current=takes)
    if came.entries and link.acknowledge_at is None:
        link.acknowledge_at = moment.ms + ACKNOWLEDGE_AFTER_MS
    if not link.is_late(came.hello.nonce, came.hello.count):
        _heed(node, link, came.hello, step, is_current=current)
    settle(node, step, moment)
    return step


def _check_sender(node: Node, came: Bundle) -> None:
    """The bundle must be for us, and signed by a device that its party's root certified."""
    hello = came.hello
    if hello.line != node.log.line:
        raise Malformed("The bundle is of another line.")
    if hello.to != node.me or hello.sender not in node.links:
        raise Malformed("The bundle is not from another party of the line to this one.")
    key = node.log.chains[hello.sender].keyring.key(hello.device, "device", hello.at)
    if key is None:
        key = _key_in(node, came)
    if key is None or not came.signed_by(key):
        raise Malformed(f"The bundle is not signed by a device of {hello.sender}.")


def _key_in(node: Node, came: Bundle) -> bytes | None:
    """The key of the bundle's device, where its certificate is among the entries it brings."""
    hello = came.hello
    for raw in came.entries:
        entry = envelope.read(raw)
        if entry.kind == "credential" and entry.sender == hello.sender:
            key = node.log.ring_with(entry).key(hello.device, "device", hello.at)
            if key is not None:
                return key
    return None


def _is_current(node: Node, hello: Hello, step: Step) -> bool:
    """Whether a bundle was made since its sender's last start; a start not heard of is noted."""
    starts = node.starts.setdefault(hello.sender, {})
    if hello.nonce not in starts:
        both = sha256((node.nonce + hello.nonce).encode()).digest()  # of these two starts alone
        token = starts[hello.nonce] = to_text(both[:NONCE_BYTES])
        step.starts.append((hello.sender, hello.nonce, token))
    return hello.by == node.token_for(hello.sender)


def _take(node: Node, link: Link, raw: bytes, step: Step, *, is_current: bool = True) -> None:
    try:
        entry = envelope.read(raw)
    except Malformed as error:
        step.say("refused", link.party, detail=str(error))
        return
    place, reason = node.log.place(entry)
    where = (entry.sender, entry.seq)
    if not is_current and entry.sender == link.party and place != "known":
        _say_once(step, "out of date", entry)
        return
    if place == "refused":
        step.say("refused", entry.sender, place=where, detail=reason)
    elif place == "gap":
        _say_once(step, "gap", entry)
    elif place == "fork":
        _fork(node, entry, step)
    elif place == "next" and entry.sender == node.me and node.standing != "starting":
        node.move("own chain continued elsewhere")
        step.evidence.append((raw,))
        step.say("key used elsewhere", link.party, place=where)
    elif place == "next":
        if entry.sender == node.me and not node.restored:
            node.restored = True
            step.say("restored", link.party, place=where)
        admit(node, entry, step)
        if entry.sender == node.me:
            step.say("healed", link.party, place=where)


def _say_once(step: Step, kind: EventKind, entry: Envelope) -> None:
    """Say something of the first of many entries of one sender."""
    if not any(each.kind == kind and each.party == entry.sender for each in step.events):
        step.say(kind, entry.sender, place=(entry.sender, entry.seq))


def _fork(node: Node, entry: Envelope, step: Step) -> None:
    """Keep the two entries that prove it, and take nothing more of that chain.

    Under a key that was revoked since, the pair is kept as well, but the chain goes on: a thief of
    an old key must not be able to end it.
    """
    chain = node.log.chains[entry.sender]
    chain.disputed = True
    chain.forked = node.log.in_force(entry)
    seq = entry.seq if entry.seq < chain.size else entry.seq - 1
    held = node.entry((entry.sender, seq))
    if held is not None:
        step.evidence.append((held, entry.raw))
    step.say("fork", entry.sender, place=(entry.sender, entry.seq))
    if entry.sender == node.me and chain.forked:
        node.move("own chain forked")


def admit(node: Node, entry: Envelope, step: Step) -> None:
    """Take in the next entry of a chain, and see what it asks of this node."""
    found = node.log.judge(entry)
    node.log.append(entry, found)
    node.record.take(entry, found)
    step.entries.append(entry)
    place = (entry.sender, entry.seq)
    node.unwritten.entries[place] = entry.raw
    if found:
        step.say("irregular", entry.sender, place=place, detail=" ".join(found))
        return
    react(node, entry, step)


def react(node: Node, entry: Envelope, step: Step) -> None:
    """What a regular entry asks of this node; also at a start, for what was asked before it."""
    place = (entry.sender, entry.seq)
    if entry.kind == "message":
        _message(node, place, node.record.messages[place], step)
    elif entry.kind == "test":
        _test(node, entry, place, step)
    elif entry.kind == "receipt":
        _receipt(node, entry, step)
    elif entry.kind == "lost":
        _lost(node, entry)
    elif entry.kind == "again":
        _again(node, entry, step)


def _message(node: Node, place: Place, message: Message, step: Step) -> None:
    """Open a message for us; whether it opens or not, it is stored."""
    mine = place[0] == node.me
    if not mine and node.me not in message.slip.to:
        return
    if not mine:
        node.to_receipt[place] = None
        step.say("message", place[0], place=place, number=message.slip.number)
    held = node.text(place)
    if held is not None and digest(held) == message.slip.digest:
        return
    if held is not None:
        step.dropped_texts.append(place)
    box = next((each for each in message.boxes if each.to == node.me), None)
    if box is None or not _open(node, place, message, (box,), step):
        node.lost.add(place)
        step.say("unreadable", place[0], place=place, number=message.slip.number)


def _open(node: Node, place: Place, message: Message, boxes: tuple[Box, ...], step: Step) -> bool:
    """Open one of the boxes that are for us and keep the text."""
    for box in boxes:
        key = node.secrets.get(box.epoch)
        if box.to != node.me or key is None or key.suite != box.suite:
            continue
        try:
            text = opened(message.slip, box, key)
        except Malformed:
            continue
        node.unwritten.texts[place] = text
        step.texts.append((place, text))
        node.lost.discard(place)
        if (detail := differs(message.slip, text)) != "":
            step.say("irregular", place[0], place=place, detail=detail)
        return True
    return False


def _receipt(node: Node, entry: Envelope, step: Step) -> None:
    """Say what became of our own messages."""
    acts = read_acts(entry.body)
    if entry.sender == node.me:
        for act in acts:
            node.to_receipt.pop((act.party, act.seq), None)
        return
    for act in acts:
        message = node.record.messages.get((act.party, act.seq))
        if act.party == node.me and message is not None:
            place = (act.party, act.seq)
            step.events.append(Event(act.act, entry.sender, place, message.slip.number))
            if act.act == "read":
                _compare_read_back(node, entry, act, step)


def _compare_read_back(node: Node, entry: Envelope, act: Act, step: Step) -> None:
    """Say where the officer who read our message said a number otherwise than it stands."""
    place = (act.party, act.seq)
    text = node.text(place)
    if text is None:
        return
    with suppress(Malformed):  # a form that is not known here has nothing to compare
        fields = not_repeated(text, act.said)
        if fields:
            number = node.record.messages[place].slip.number
            detail = ", ".join(fields)
            step.say("read-back differs", entry.sender, place=place, number=number, detail=detail)


def _test(node: Node, entry: Envelope, place: Place, step: Step) -> None:
    """Receipt a test of another party, and keep its checkpoint to cosign where it holds."""
    if entry.sender == node.me:
        return
    node.to_receipt[place] = None
    for text in entry.body["notes"]:
        try:
            node.notes.update(held_note(node.log, entry.sender, text))
        except Malformed as error:
            step.say("irregular", entry.sender, place=place, detail=str(error))


def _lost(node: Node, entry: Envelope) -> None:
    if entry.sender != node.me:
        asked = ((party, seq) for party, seq in entry.body["of"])
        node.to_seal_again += [(place, entry.sender) for place in asked]


def _again(node: Node, entry: Envelope, step: Step) -> None:
    place = (entry.body["party"], entry.body["seq"])
    boxes = read_boxes(entry.body["boxes"])
    if entry.sender == node.me:
        answered = {(place, box.to) for box in boxes}
        node.to_seal_again = [each for each in node.to_seal_again if each not in answered]
        node.sealed_again |= {(place, box.to, box.epoch) for box in boxes}
        return
    message = node.record.messages.get(place)
    if place in node.lost and message is not None and _open(node, place, message, boxes, step):
        step.say("text back", entry.sender, place=place, number=message.slip.number)


# --- what the hello tells -----------------------------------------------------------------------


def _heed(node: Node, link: Link, hello: Hello, step: Step, *, is_current: bool) -> None:
    """Learn who answers whom, and from a current hello what is held and lacked there."""
    link.nonce = hello.nonce
    link.asked = link.asked or bool(hello.ask) or not is_current
    if hello.token and node.tokens.get(hello.sender) != hello.token:
        node.tokens[hello.sender] = hello.token
        step.tokens.append((hello.sender, hello.token))
        link.offered.clear()  # what was under way does not show it
    for head in hello.heads:
        if is_current and head.party in node.log.chains:
            _compare(node, link, head, step)
        elif head.size < link.acked.get(head.party, 0):  # to send too much does no harm
            link.holds(head.party, head.size)
    if not is_current:
        return
    for party, seq in hello.want:
        if party in node.log.chains:
            link.holds(party, min(seq, node.log.chains[party].size))
    if node.standing == "starting" and hello.echo == node.nonce:
        _confirm(node, link, hello.heads, step)


def _compare(node: Node, link: Link, head: Head, step: Step) -> None:
    """Set another side's tree head of a chain beside ours."""
    chain = node.log.chains[head.party]
    if head.size > chain.size:
        link.holds(head.party, chain.size)
        if head.party == node.me and node.standing == "starting" and not node.restored:
            node.restored = True
            detail = f"{head.size} entries there, {chain.size} here."
            step.say("restored", link.party, detail=detail)
    elif chain.root_at(head.size) == head.root:
        link.holds(head.party, head.size)
    elif not chain.forked:
        step.say("split", link.party, place=(head.party, head.size))
        link.want[head.party] = 0


def _confirm(node: Node, link: Link, heads: tuple[Head, ...], step: Step) -> None:
    """The other side, having seen this start's nonce, holds no more than we do: so be it."""
    chains = node.log.chains
    sizes = {head.party: head for head in heads}
    for party in (node.me, link.party):
        head = sizes.get(party)
        if head is None or head.size > chains[party].size:
            return
        if chains[party].root_at(head.size) != head.root:
            return
    if not link.confirmed:
        step.say("confirmed", link.party)
    confirm(node, link, step)


def confirm(node: Node, link: Link, step: Step) -> None:
    """Note that a party has confirmed our chain; once all have, this node may write."""
    link.confirmed, link.doublings = True, 0
    if all(each.confirmed for each in node.links.values()) and node.standing == "starting":
        node.move("all confirmed")
        step.say("open")
