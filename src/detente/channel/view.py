"""What one side's screen shows of its line, from the node as it is loaded and what it wrote down.

A view is a value: nothing here writes, marks as shown, or answers. Every status comes from the
record, so the views of two sides that hold the same chains agree on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from detente.channel import envelope
from detente.channel.canonical import Malformed, decode
from detente.channel.deadlines import dues, is_expired
from detente.channel.keys import Certificate, Keyring, fingerprint
from detente.channel.life import colour
from detente.channel.message import Message, read_message
from detente.channel.protocol.items import MAX_ITEM
from detente.channel.protocol.state import Node
from detente.channel.read_text import differs
from detente.channel.receipts import PASSAGE
from detente.channel.record import Passage, Place
from detente.channel.results import (
    Counts,
    DrillState,
    EvidenceView,
    HaltReason,
    IrregularEntry,
    JournalLine,
    KeyState,
    KeyView,
    LineView,
    MessageView,
    PartyView,
    PassageStep,
    PassageView,
    TextState,
    WaitReason,
)
from detente.channel.take import Fields
from detente.ground.time import DAY

# A root key lies offline: to fetch it and certify anew takes days.
EXPIRING_SOON = 14 * DAY
MOST_SHOWN = 200
_STANDINGS = ("waiting", "sent", *PASSAGE.values())  # in the order in which they come
_UNREAD = ("sent", "stored", "shown")
# The most urgent first; `message.PRECEDENCES` begins with the least.
_URGENCY = {"flash": 0, "immediate": 1, "priority": 2, "routine": 3}


class Shelf(Protocol):
    """What a view reads of what the node wrote."""

    def queued(self, after: int = 0, most: int = 256) -> list[tuple[int, bytes]]:
        """Items that wait, by number."""

    def evidence(self) -> list[tuple[bytes, bytes]]:
        """Pairs of entries that prove a fork; the second is empty where one says enough."""

    def journal(self, most: int = 200) -> list[tuple[int, bytes]]:
        """The last events: when, and what in canonical JSON."""


def view(node: Node, shelf: Shelf, at: int, *, most: int = MOST_SHOWN) -> LineView:
    """The line at an instant, as this node holds it.

    Parameters
    ----------
    node
        The node, loaded.
    shelf
        What it wrote: the queue, evidence, the journal.
    at
        The instant by this side's clock.
    most
        How many messages a box, and lines of the journal, are shown at most. Those left out are
        counted.
    """
    received, sent = _received(node), _sent(node)
    drafts = list(_drafts(node, shelf, at))
    inbox = tuple(message_view(node, place, at) for place in received[:most])
    outbox = tuple(message_view(node, place, at) for place in sent[:most])
    life = colour(node.log, node.record, at, node.me)
    return LineView(
        line=node.log.line,
        fingerprint=fingerprint(node.log.line),
        title=node.agreement.title,
        me=node.me,
        at=at,
        standing=node.standing,
        halted=_halted(node),
        restored=node.restored,
        drill=_drill(node, [*received, *sent], at),
        parties=_parties(node),
        life=life,
        counts=_counts(node, received, sent, len(drafts), at),
        inbox=inbox,
        outbox=(*drafts, *outbox),
        irregular=tuple(
            IrregularEntry(*place, found) for place, found in sorted(node.record.irregular.items())
        ),
        keys=tuple(_keys(node, at)),
        journal=tuple(_journal_line(when, event) for when, event in shelf.journal(most)),
        evidence=tuple(_evidence(*pair) for pair in shelf.evidence()),
    )


# --- boxes --------------------------------------------------------------------------------------


def _received(node: Node) -> list[Place]:
    """The messages to this side: unread first, the most urgent first, the oldest first."""
    return sorted((place for place, _ in node.record.to(node.me)), key=lambda at: _rank(node, at))


def _rank(node: Node, place: Place) -> tuple[bool, int, int, Place]:
    record, slip = node.record, node.record.messages[place].slip
    read = record.passage(place, node.me).standing not in _UNREAD
    return read, _URGENCY[slip.precedence], record.sent_at[place], place


def _sent(node: Node) -> list[Place]:
    """The messages of this side, the newest first."""
    return sorted((place for place in node.record.messages if place[0] == node.me), reverse=True)


def message_view(node: Node, place: Place, at: int) -> MessageView:
    """A message of the record, by its place: what it is, and where it stands at each recipient."""
    record, message = node.record, node.record.messages[place]
    sender, seq = place
    passages = tuple(record.passage(place, party) for party in message.slip.to)
    watched = [each for each in passages if node.me in (sender, each.recipient)]
    standing = min((each.standing for each in watched or passages), key=_STANDINGS.index)
    ours = node.me in (sender, *message.slip.to)
    held = ours and place not in node.lost
    text = node.text(place) if held else None
    unheld: TextState = "lost" if ours else "not-ours"
    return MessageView(
        **_slip_fields(node, message, at),
        entered=record.sent_at[place],
        seq=seq,
        standing=standing,
        waits=None,
        waits_for=(),
        text=unheld if text is None else "held",
        differs="" if text is None else differs(message.slip, text),
        passages=tuple(_passage(node, each) for each in passages),
        dues=dues(record, place, at),
    )


def _slip_fields(node: Node, message: Message, at: int) -> dict[str, Any]:
    """The fields that a message has before it is in a chain."""
    slip, ring = message.slip, node.log.chains[message.slip.sender].keyring
    return {
        "number": slip.number,
        "sender": slip.sender,
        "to": slip.to,
        "precedence": slip.precedence,
        "drill": bool(slip.drill),
        "form": slip.form,
        "version": slip.version,
        "written": slip.written,
        "expires": slip.expires or None,
        "expired": is_expired(slip, at),
        "answers": slip.answers,
        "released_by": tuple(_officer(ring, each.officer) for each in message.releases),
    }


def _officer(ring: Keyring, serial: int) -> str:
    """An officer's name; empty where no certificate of that number is held."""
    found = ring.certificate(serial, "officer")
    return "" if found is None else found.name


def _passage(node: Node, passage: Passage) -> PassageView:
    ring = node.log.chains[passage.recipient].keyring
    steps = []
    for step, noted in passage.steps:
        act = noted.act if step == "read" else None
        steps.append(
            PassageStep(
                step=step,
                at=noted.at,
                officer=0 if act is None else act.officer,
                name="" if act is None else _officer(ring, act.officer),
                said=() if act is None else act.said,
                number=_number_at(node, noted.place) if step == "answered" else "",
            )
        )
    return PassageView(passage.recipient, passage.standing, tuple(steps))


def _number_at(node: Node, place: Place) -> str:
    return node.record.messages[place].slip.number


# --- drafts -------------------------------------------------------------------------------------


def _drafts(node: Node, shelf: Shelf, at: int) -> Iterator[MessageView]:
    """The drafts in the queue, in its order; an item that is no draft is passed over."""
    after = 0
    while batch := shelf.queued(after):
        for number, raw in batch:
            after = number
            message = _draft(node, raw)
            if message is not None:
                yield _waiting(node, message, at)


def _draft(node: Node, raw: bytes) -> Message | None:
    try:
        item = Fields(decode(raw, most=MAX_ITEM), "item")
        if item.text("item", 40) != "draft":
            return None
        return read_message(item.plain("message") | {"boxes": []}, node.log.line, node.me)
    except Malformed:  # the node will refuse it, and say so in the journal
        return None


def _waiting(node: Node, message: Message, at: int) -> MessageView:
    reasons: dict[str, WaitReason] = {"starting": "not-confirmed", "halted": "halted"}
    waits = reasons.get(node.standing, "next")
    missing = tuple(party for party, link in node.links.items() if not link.confirmed)
    return MessageView(
        **_slip_fields(node, message, at),
        entered=None,
        seq=None,
        standing="waiting",
        waits=waits,
        waits_for=missing if waits == "not-confirmed" else (),
        text="held",
        differs="",
        passages=(),
        dues=(),
    )


# --- the line -----------------------------------------------------------------------------------


def _halted(node: Node) -> HaltReason:
    if node.standing != "halted":
        return ""
    forked = node.log.chains[node.me].forked
    return "own-chain-forked" if forked else "own-chain-continued-elsewhere"


def _drill(node: Node, places: list[Place], at: int) -> DrillState:
    """Whether the line is for drills only, or a drill of this side's is under way.

    A drill is under way until every recipient has answered its messages, or they expired.
    """
    if node.agreement.drills_only:
        return "drills-only"
    record = node.record
    for place in places:
        slip = record.messages[place].slip
        done = all(record.passage(place, to).standing == "answered" for to in slip.to)
        if slip.drill and not done and not is_expired(slip, at):
            return "drill-open"
    return "none"


def _parties(node: Node) -> tuple[PartyView, ...]:
    found = []
    for party in node.agreement.parties:
        chain, link = node.log.chains[party.id], node.links.get(party.id)
        found.append(
            PartyView(
                id=party.id,
                name=party.name,
                fingerprint=fingerprint(party.root),
                entries=chain.size,
                root=chain.head.root,
                confirmed=link is not None and link.confirmed,
                forked=chain.forked,
            )
        )
    return tuple(found)


def _counts(node: Node, received: list[Place], sent: list[Place], waiting: int, at: int) -> Counts:
    record, me = node.record, node.me
    unread = [each for each in received if record.passage(each, me).standing in _UNREAD]
    standings = [
        {record.passage(place, to).standing for to in record.messages[place].slip.to}
        for place in sent
    ]
    due = [one for place in (*received, *sent) for one in dues(record, place, at)]
    return Counts(
        received=len(received),
        unread=len(unread),
        unread_drills=sum(record.messages[place].slip.drill for place in unread),
        sent=len(sent),
        unstored=sum("sent" in each for each in standings),
        unanswered=sum(each != {"answered"} for each in standings),
        waiting=waiting,
        between_others=len(record.messages) - len(received) - len(sent),
        lost_texts=len(node.lost),
        overdue=sum(one.state == "overdue" for one in due),
    )


def _keys(node: Node, at: int) -> Iterator[KeyView]:
    """All certificates, by party in the agreement's order, then by number."""
    for party, chain in node.log.chains.items():
        for serial, held in chain.keyring.certificates:
            yield KeyView(
                party=party,
                serial=serial,
                role=held.role,
                name=held.name,
                fingerprint=fingerprint(held.key),
                since=held.since,
                until=held.until,
                state=_key_state(held, at),
            )


def _key_state(held: Certificate, at: int) -> KeyState:
    if held.revoked:
        return "revoked"
    if at < held.since:
        return "not-yet-valid"
    if at >= held.until:
        return "expired"
    return "expiring" if held.until - at <= EXPIRING_SOON else "valid"


def _journal_line(at: int, event: bytes) -> JournalLine:
    try:
        read = Fields(decode(event), "event")
        return JournalLine(
            at=at,
            kind=read.text("kind", 40),
            of=read.text("party", 40, least=0),
            party=read.text("of", 40, least=0),
            seq=read.number("seq", 0, 2**40),
            number=read.text("number", 200, least=0),
            detail=read.text("detail", 65_536, least=0),
        )
    except Malformed:
        return JournalLine(at, "illegible", "", "", 0, "", "")


def _evidence(first: bytes, second: bytes) -> EvidenceView:
    found = []
    for raw in filter(None, (first, second)):
        try:
            entry = envelope.read(raw)
        except Malformed:
            continue  # the disk holds other bytes than were written; its digest still is shown
        found.append(entry)
    party = found[0].sender if found else ""
    digests = tuple(envelope.digest(raw) for raw in (first, second) if raw)
    return EvidenceView(party, tuple(entry.seq for entry in found), digests)


# --- as JSON ------------------------------------------------------------------------------------


def as_plain(value: Any) -> Any:
    """A result as texts, integers, lists, mappings and None, for JSON; a flag is 0 or 1."""
    if is_dataclass(value):
        return {each.name: as_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [as_plain(each) for each in value]
    return int(value) if isinstance(value, bool) else value
