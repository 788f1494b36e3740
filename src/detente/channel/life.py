"""Proof of life: whose turn it is to send a test message, whether the line lives, a month's sheet.

Parties take turns, slot by slot (`regular.slot_of`), as Washington and Moscow do by even and odd
hours. The sheet is computed from the record alone, so that all sides that hold the same entries
compute the same bytes and need to compare no more than a digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from detente.channel.canonical import encode
from detente.channel.envelope import digest
from detente.channel.keys import fingerprint
from detente.channel.log import Log
from detente.channel.record import Noted, Place, Record
from detente.channel.regular import slot_of
from detente.channel.results import (
    Advice,
    AvailabilitySheet,
    Colour,
    Direction,
    LifeReason,
    LineLife,
    PartyLife,
    SheetHead,
    SheetReceipt,
    SheetSlot,
)
from detente.ground.time import MINUTE, month, write_minute

# Clocks of two sides that are set by hand agree this well; what differs by less says nothing, and
# a slot is not missed before it ended this long ago by our clock (or a slot's length, if shorter).
TOLERANCE = 10 * MINUTE
# One missed test message may be a restart; a second one in a row has no such plain reason.
AMBER_AFTER, RED_AFTER = 1, 2

_Said = TypeVar("_Said", LifeReason, Advice)
_WORST: tuple[Colour, ...] = ("green", "grey", "amber", "red")


# --- the sheet of a month -----------------------------------------------------------------------


def sheet(
    log: Log, record: Record, month_text: str, *, until: int | None = None
) -> AvailabilitySheet:
    """The test messages of a month as the record tells.

    A slot belongs to the month in which it begins. The heads are those of the shortest chains that
    hold all that the sheet rests on: it stays the same while chains grow by other entries.

    Parameters
    ----------
    log, record
        The chains, and what they say of tests and receipts.
    month_text
        Year and month in UTC, ``2026-11``.
    until
        For a month in progress: only slots that ended by this instant are covered. All sides must
        take the same; without it the whole month is covered, and what is not there was missed.

    Raises
    ------
    UsageError
        The text names no month.
    """
    period, every = month(month_text), log.agreement.test_every
    first, end = -(-period.begins // every), -(-period.ends // every)
    if until is not None:
        end = max(first, min(end, until // every))
    used: dict[str, int] = dict.fromkeys(log.chains, 0)
    slots = tuple(_slot(log, record, number, used) for number in range(first, end))
    return AvailabilitySheet(
        line=log.line,
        month=month_text,
        every=every,
        first=first,
        last=end - 1,
        heads=tuple(
            SheetHead(party, size, log.chains[party].root_at(size)) for party, size in used.items()
        ),
        slots=slots,
        directions=_directions(log.agreement.ids, slots),
    )


def _slot(log: Log, record: Record, number: int, used: dict[str, int]) -> SheetSlot:
    """A slot as the record tells; ``used`` learns how much of each chain that took."""
    every = log.agreement.test_every
    _, party = slot_of(log.agreement, number * every)
    seq = log.chains[party].tests.get(number)
    if seq is None:
        return SheetSlot(number, party, None, ())
    used[party] = max(used[party], seq + 1)
    receipts = []
    for other in log.agreement.ids:
        noted = _stored(record, (party, seq), other)
        if other != party and noted is not None:
            used[other] = max(used[other], noted.place[1] + 1)
            late = noted.at >= (number + 1) * every
            receipts.append(SheetReceipt(other, noted.at, late))
    return SheetSlot(number, party, record.tests[party, seq], tuple(receipts))


def _stored(record: Record, place: Place, by: str) -> Noted | None:
    return record.said(place, by).get("stored")


def _directions(ids: tuple[str, ...], slots: tuple[SheetSlot, ...]) -> tuple[Direction, ...]:
    found = []
    for sender in ids:
        turns = [each for each in slots if each.party == sender]
        sent = sum(each.sent is not None for each in turns)
        for to in ids:
            late = [got.late for each in turns for got in each.receipts if got.party == to]
            if to != sender:
                found.append(Direction(sender, to, len(turns), sent, len(late), sum(late)))
    return tuple(found)


def sheet_bytes(one: AvailabilitySheet) -> bytes:
    """The sheet in canonical JSON, to be compared or signed."""
    return encode(
        {
            "format": "detente/availability-sheet-1",
            "line": one.line,
            "month": one.month,
            "every": one.every,
            "first": one.first,
            "last": one.last,
            "heads": [[head.party, head.size, head.root] for head in one.heads],
            "slots": [_slot_row(each) for each in one.slots],
            "directions": [list(each.__dict__.values()) for each in one.directions],
        }
    )


def _slot_row(one: SheetSlot) -> list[object]:
    sent = [] if one.sent is None else [one.sent]
    return [one.slot, one.party, sent, [[got.party, got.at, int(got.late)] for got in one.receipts]]


def sheet_text(one: AvailabilitySheet) -> str:
    """The sheet as a text in up to 80 columns: totals, then what is missing or late, then a digest.

    It is in one language, so that two sides can lay theirs side by side.
    """
    begins, ends = (write_minute(slot * one.every) for slot in (one.first, one.last + 1))
    own = digest(sheet_bytes(one))
    lines = [
        f"Availability sheet {one.month}",
        f"Line {fingerprint(one.line)}",
        f"Slots of {one.every} s, {begins} to {ends}: {len(one.slots)}",
        "",
        "From      To          Due   Sent  Stored   Late  Availability",
        *(_direction_text(each) for each in one.directions),
        "",
        "Not sent, not stored, or stored after the slot had ended",
        *(_gap_lines(one) or ["none"]),
        "",
        "Chains it rests on",
        *(f"{head.party:<8} {head.size:>9}  {head.root}" for head in one.heads),
        "",
        "Times are those that each side's clock claimed.",
        f"Digest of the sheet (SHA-256): {own}",
        f"To be read aloud: {fingerprint(own)}",
    ]
    return "\n".join(lines) + "\n"


def _direction_text(one: Direction) -> str:
    counts = f"{one.due:>5} {one.sent:>6} {one.receipted:>7} {one.late:>6}"
    tenths = 1_000 * one.receipted // one.due if one.due else 0  # rounded down: 100.0 % is all
    share = f"{tenths // 10}.{tenths % 10} %" if one.due else "none due"
    return f"{one.sender:<8}  {one.to:<8} {counts}  {share:>12}"


def _gap_lines(one: AvailabilitySheet) -> list[str]:
    """Runs of a sender's slots of which the same is to be said."""
    lines = []
    for sender in dict.fromkeys(each.party for each in one.slots):
        others = sorted({each.to for each in one.directions if each.sender == sender})
        turns = [(each, _gap(each, others)) for each in one.slots if each.party == sender]
        for gap, run in groupby(turns, key=lambda turn: turn[1]):
            if gap:
                lines += _run_lines(sender, [each.slot for each, _ in run], gap, one.every)
    return lines


def _gap(one: SheetSlot, others: list[str]) -> tuple[str, ...]:
    if one.sent is None:
        return ("not sent",)
    got = {each.party: each.late for each in one.receipts}
    missing = [f"not stored by {to}" for to in others if to not in got]
    return (*missing, *(f"late at {to}" for to in others if got.get(to)))


def _run_lines(sender: str, slots: list[int], gap: tuple[str, ...], every: int) -> list[str]:
    begins, last = (write_minute(slot * every) for slot in (slots[0], slots[-1]))
    return [f"{sender:<8} {begins} to {last}  {len(slots):>4}  {what}" for what in gap]


# --- the colour of the line ---------------------------------------------------------------------


def colour(log: Log, record: Record, at: int, me: str) -> LineLife:
    """Whether the line lives, as one party sees it at an instant.

    Parameters
    ----------
    log, record
        The chains as this party holds them, and what they say.
    at
        The instant, as this side's clock claims.
    me
        This party.
    """
    parties = tuple(_party(log, record, at, me, other) for other in log.chains if other != me)
    unsent, since = _missed(log, me, at, _began(log, me))
    own = _by_count(unsent)
    worst = max((own, *(each.colour for each in parties)), key=_WORST.index)
    causes = [each.since for each in parties if each.colour == worst and each.since is not None]
    if unsent and own == worst:
        causes.append(since)
    reasons = [reason for each in parties for reason in each.reasons]
    advice = [what for each in parties for what in each.advice]
    if unsent:
        reasons.append("own-test-not-sent")
        advice.append("check-own-node")
    return LineLife(
        colour=worst,
        reasons=_once(reasons),
        advice=_once(advice),
        since=min(causes, default=None),
        unsent=unsent,
        parties=parties,
    )


def _once(values: Iterable[_Said]) -> tuple[_Said, ...]:
    return tuple(dict.fromkeys(values))


def _by_count(missed: int) -> Colour:
    return "red" if missed >= RED_AFTER else "amber" if missed >= AMBER_AFTER else "green"


def _party(log: Log, record: Record, at: int, me: str, other: str) -> PartyLife:
    heard = _heard(log, other, at)
    missed, silent_since = _missed(log, other, at, _began(log, me))
    waiting = list(_unreceipted(log, record, at, me, other))
    clocks = _clocks(log, record, at, me, other)
    reasons = _reasons(heard, missed, len(waiting), clocks)
    last_test = None if heard is None else record.tests[other, log.chains[other].tests[heard]]
    if heard is None:
        shade: Colour = "grey"
        causes = [_began(log, me)]
    else:
        shade = _by_count(max(missed, len(waiting)))
        if clocks and shade == "green":
            shade = "amber"
        causes = [silent_since] * (missed > 0) + waiting[-1:]
    receipt = _last_receipted(log, record, me, other)
    return PartyLife(
        party=other,
        colour=shade,
        reasons=reasons,
        advice=_advice(shade, missed, len(waiting), clocks),
        since=min(causes, default=last_test),
        missed=missed,
        unreceipted=len(waiting),
        last_test=last_test,
        last_receipt=None if receipt is None else receipt[1].at,
        clocks=clocks,
        next_test=_next_end(log, other, at),
    )


def _reasons(heard: int | None, missed: int, waiting: int, clocks: int) -> tuple[LifeReason, ...]:
    said: tuple[tuple[LifeReason, bool], ...] = (
        ("not-heard-yet", heard is None),
        ("test-missed", heard is not None and missed > 0),
        ("own-test-not-receipted", waiting > 0),
        ("clocks-differ", clocks != 0),
    )
    return tuple(reason for reason, holds in said if holds)


def _advice(shade: Colour, missed: int, waiting: int, clocks: int) -> tuple[Advice, ...]:
    """A side that was never heard is called like one that fell silent, after as many turns."""
    found: list[Advice] = []
    if max(missed, waiting) >= RED_AFTER:
        found.append("call-phone-of-last-resort")
    elif shade != "green":
        found.append("watch")
    if clocks:
        found.append("compare-clocks")
    return tuple(found)


# --- slots --------------------------------------------------------------------------------------


def _last_due(log: Log, party: str, at: int) -> int:
    """A party's last slot that ended long enough ago to be missed."""
    every = log.agreement.test_every
    return _turn(log, party, (at - min(TOLERANCE, every)) // every - 1)


def _turn(log: Log, party: str, slot: int) -> int:
    """A party's last slot up to this one."""
    ids = log.agreement.ids
    return slot - (slot - ids.index(party)) % len(ids)


def _next_end(log: Log, party: str, at: int) -> int:
    """When a party's slot that runs, or else its next one, ends."""
    every, parties = log.agreement.test_every, len(log.agreement.ids)
    last = _turn(log, party, at // every)
    slot = last if last == at // every else last + parties
    return (slot + 1) * every


def _began(log: Log, me: str) -> int:
    """When this side came to the line: its first key to seal for."""
    epochs = log.chains[me].epochs
    return epochs[0].at if epochs else 0


def _heard(log: Log, party: str, at: int) -> int | None:
    """A party's last slot with a test message; one of a clock far ahead says nothing of today."""
    latest = (at + TOLERANCE) // log.agreement.test_every
    return max((slot for slot in log.chains[party].tests if slot <= latest), default=None)


def _missed(log: Log, party: str, at: int, began: int) -> tuple[int, int]:
    """How many of a party's last slots due are without a test message, and since when.

    Before the first one, slots count from the one that was running when this side began.
    """
    every, parties = log.agreement.test_every, len(log.agreement.ids)
    heard = _heard(log, party, at)
    if heard is None:
        heard = _turn(log, party, began // every)
    missed = max(0, (_last_due(log, party, at) - heard) // parties)
    return missed, (heard + parties + 1) * every


def _unreceipted(log: Log, record: Record, at: int, me: str, other: str) -> Iterator[int]:
    """The ends of our last slots due whose test message the other side did not receipt."""
    tests, due = log.chains[me].tests, _last_due(log, me, at)
    for slot in sorted((slot for slot in tests if slot <= due), reverse=True):
        if _stored(record, (me, tests[slot]), other) is not None:
            return
        yield (slot + 1) * log.agreement.test_every


def _last_receipted(log: Log, record: Record, me: str, other: str) -> tuple[int, Noted] | None:
    """The last of our test messages that the other side receipted: when sent, and the receipt."""
    for seq in sorted(log.chains[me].tests.values(), reverse=True):
        noted = _stored(record, (me, seq), other)
        if noted is not None:
            return record.tests[me, seq], noted
    return None


def _clocks(log: Log, record: Record, at: int, me: str, other: str) -> int:
    """By how much at least the other clock is ahead of ours (negative: behind), 0 within tolerance.

    However long a message travels, nothing is stored before it was sent. So if *t* sent by the
    other clock was stored here at *r*, it is ahead by t - r at least; and if it stored at *q* what
    we sent at *s*, by q - s at most. The last exchange each way counts, as clocks are set right.
    """
    seqs = log.chains[other].tests.values()
    if seqs:
        place = (other, max(seqs))
        noted = _stored(record, place, me)
        seen = at if noted is None else min(at, noted.at)
        if record.tests[place] - seen > TOLERANCE:
            return record.tests[place] - seen
    receipted = _last_receipted(log, record, me, other)
    if receipted is not None and receipted[1].at - receipted[0] < -TOLERANCE:
        return receipted[1].at - receipted[0]
    return 0
