"""What the duty officer is told of a line: frozen values, no computing.

Instants are whole seconds since 1970 in UTC as their writers claimed them; spans are seconds. None
stands where the record says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Colour = Literal["green", "grey", "amber", "red"]
LifeReason = Literal[
    "not-heard-yet",  # no test message of the other side is held
    "test-missed",  # the other side's last test messages that were due are not held
    "own-test-not-receipted",  # the other side did not say that it stored our last ones
    "own-test-not-sent",  # this side wrote none in its last slots
    "clocks-differ",  # what both sides claim cannot be of one clock
]
Advice = Literal["watch", "call-phone-of-last-resort", "check-own-node", "compare-clocks"]
DueState = Literal[
    "not-begun",  # the recipient has not said that it stored the message
    "open",
    "met",
    "late",  # done, but after the end
    "overdue",
    "not-told",  # the end has passed, and the record cannot tell whether it was done
]
WaitReason = Literal["not-confirmed", "halted", "next"]
HaltReason = Literal["", "own-chain-forked", "own-chain-continued-elsewhere"]
TextState = Literal["held", "lost", "not-ours"]
KeyState = Literal["valid", "expiring", "expired", "not-yet-valid", "revoked"]
DrillState = Literal["drills-only", "drill-open", "none"]


# --- proof of life ------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetHead:
    """The tree head of a party's chain up to the last entry that a sheet rests on."""

    party: str
    size: int
    root: str


@dataclass(frozen=True)
class SheetReceipt:
    """When a party said that it stored a test message; ``late`` is after the slot had ended."""

    party: str
    at: int
    late: bool


@dataclass(frozen=True)
class SheetSlot:
    """A slot: whose turn it was, when the test message was sent, and who stored it when."""

    slot: int
    party: str
    sent: int | None
    receipts: tuple[SheetReceipt, ...]


@dataclass(frozen=True)
class Direction:
    """Availability from one party to another: ``receipted`` of ``due`` slots, ``late`` of these."""

    sender: str
    to: str
    due: int
    sent: int
    receipted: int
    late: int


@dataclass(frozen=True)
class AvailabilitySheet:
    """The test messages of a month, the same on all sides that hold the same record.

    ``first`` to ``last`` are the slots covered; ``last`` is below ``first`` where none is. A
    slot lasts ``every`` seconds and begins at its number times this length.
    """

    line: str
    month: str
    every: int
    first: int
    last: int
    heads: tuple[SheetHead, ...]
    slots: tuple[SheetSlot, ...]
    directions: tuple[Direction, ...]


@dataclass(frozen=True)
class PartyLife:
    """Whether the line to one other party lives.

    ``since`` is when the cause of the colour began. ``missed`` counts the other side's last test
    messages in a row that were due and are not held, ``unreceipted`` ours that it did not receipt.
    ``clocks`` is by how many seconds at least its clock is ahead of ours (behind where negative), 0
    where both can be right. Its next test message is due before ``next_test``.
    """

    party: str
    colour: Colour
    reasons: tuple[LifeReason, ...]
    advice: tuple[Advice, ...]
    since: int | None
    missed: int
    unreceipted: int
    last_test: int | None
    last_receipt: int | None
    clocks: int
    next_test: int


@dataclass(frozen=True)
class LineLife:
    """Whether the line lives: the worst of its parties, and ``unsent`` test messages of our own."""

    colour: Colour
    reasons: tuple[LifeReason, ...]
    advice: tuple[Advice, ...]
    since: int | None
    unsent: int
    parties: tuple[PartyLife, ...]


# --- messages -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReplyDue:
    """What a recipient owes a message by when, and where that rule comes from.

    ``begins`` is the recipient's own stored receipt. ``left`` and ``over`` are seconds to and since
    the end, 0 once it is done. ``status`` says how far the source was checked.
    """

    rule: str
    act: str
    number: str
    party: str
    state: DueState
    begins: int | None
    ends: int | None
    done: int | None
    left: int
    over: int
    source: str
    status: str


@dataclass(frozen=True)
class PassageStep:
    """One step of a message at a recipient: what, when, by whom.

    For *read* the officer's certificate and name, and what was said again; for *answered* the
    number of the answer.
    """

    step: str
    at: int
    officer: int
    name: str
    said: tuple[tuple[str, str], ...]
    number: str


@dataclass(frozen=True)
class PassageView:
    """Where a message stands at one recipient."""

    recipient: str
    standing: str
    steps: tuple[PassageStep, ...]


@dataclass(frozen=True)
class MessageView:
    """A message as a list shows it.

    ``standing`` is waiting, sent, stored, shown, read or answered: the one at this side for a
    message to it, else the least one of all recipients.
    ``entered`` is when it entered its sender's chain and ``seq`` where; None while a draft waits,
    for which ``waits`` says why and ``waits_for`` for whom. ``differs`` says how the text differs
    from what its officers released.
    """

    number: str
    sender: str
    to: tuple[str, ...]
    precedence: str
    drill: bool
    form: str
    version: int
    written: int
    entered: int | None
    seq: int | None
    expires: int | None
    expired: bool
    answers: str
    released_by: tuple[str, ...]
    standing: str
    waits: WaitReason | None
    waits_for: tuple[str, ...]
    text: TextState
    differs: str
    passages: tuple[PassageView, ...]
    dues: tuple[ReplyDue, ...]


# --- the line -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartyView:
    """A party of the line: its root key's fingerprint, and its chain as held here.

    ``confirmed`` is whether its node has confirmed our chain since this node's start.
    """

    id: str
    name: str
    fingerprint: str
    entries: int
    root: str
    confirmed: bool
    forked: bool


@dataclass(frozen=True)
class KeyView:
    """A certificate: whose key, in which role, from when until when, and how it stands."""

    party: str
    serial: int
    role: str
    name: str
    fingerprint: str
    since: int
    until: int
    state: KeyState


@dataclass(frozen=True)
class IrregularEntry:
    """A signed entry that is kept and moves nothing, and what is irregular about it."""

    party: str
    seq: int
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class JournalLine:
    """Something that this node saw: when by this side's clock, and what.

    ``party`` and ``seq`` name the entry that it is about, ``of`` who it is about; ``kind`` is
    ``illegible`` where the line on the disk cannot be read.
    """

    at: int
    kind: str
    of: str
    party: str
    seq: int
    number: str
    detail: str


@dataclass(frozen=True)
class EvidenceView:
    """Proof that this node keeps: entries of a party that cannot stand in one chain.

    One entry alone is of our own chain and was not written by this node.
    """

    party: str
    seqs: tuple[int, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """How much there is, also of what the lists leave out."""

    received: int
    unread: int
    unread_drills: int
    sent: int
    unstored: int
    unanswered: int
    waiting: int
    between_others: int
    lost_texts: int
    overdue: int


@dataclass(frozen=True)
class LineView:
    """All that a screen shows of a line at an instant, as one party's node holds it."""

    line: str
    fingerprint: str
    title: str
    me: str
    at: int
    standing: str
    halted: HaltReason
    restored: bool
    drill: DrillState
    parties: tuple[PartyView, ...]
    life: LineLife
    counts: Counts
    inbox: tuple[MessageView, ...]
    outbox: tuple[MessageView, ...]
    irregular: tuple[IrregularEntry, ...]
    keys: tuple[KeyView, ...]
    journal: tuple[JournalLine, ...]
    evidence: tuple[EvidenceView, ...]
