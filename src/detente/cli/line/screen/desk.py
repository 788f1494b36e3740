"""What an officer does at the screen, as functions on the line: open, read, answer."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.channel.canonical import Malformed, decode, from_text
from detente.channel.message import form_of
from detente.channel.node import home
from detente.channel.protocol.items import MAX_ITEM
from detente.channel.record import Place
from detente.channel.results import MessageView
from detente.channel.view import message_view
from detente.cli.line import reading
from detente.cli.line.compose import Order, draft, faults, next_number, officers
from detente.cli.line.place import Line
from detente.cli.words import _
from detente.ground.errors import CaseError, DetenteError, UsageError
from detente.ground.forms.model import Header, Message
from detente.ground.forms.plain import check, from_plain

UNREAD = ("sent", "stored", "shown")
SALT_BYTES = 16


@dataclass(frozen=True)
class Opening:
    """A message as it was opened: ``form`` is None, and ``problem`` says why, where it has none.

    ``told`` is whether a receipt *shown* was queued by this very opening.
    """

    view: MessageView
    form: Message | None
    problem: str = ""
    told: bool = False


def open_message(line: Line, number: str) -> Opening:
    """The message of that number; the first time, the other side is told that it was shown.

    A text that does not open was not shown, and nothing is said of it.
    """
    place = line.node.record.by_number.get(number)
    if place is None:
        return _waiting(line, number)
    try:
        found = reading.message_of(line, number)
    except DetenteError as error:
        return Opening(message_view(line.node, place, line.at), None, str(error))
    item = reading.shown(line, place)
    told = item is not None and not _is_queued(line, "shown", place)
    if told and item is not None:
        line.queue(item)
    return Opening(message_view(line.node, place, line.at), found.form, found.problem, told)


def seen_again(before: Opening, fresh: MessageView) -> Opening:
    """An opened message as the record has it now."""
    return replace(before, view=fresh)


def _waiting(line: Line, number: str) -> Opening:
    """A draft of this side that has not left."""
    found = next((one for one in line.view(line.at).outbox if one.number == number), None)
    if found is None:
        raise UsageError(_("There is no message {number} in this log.", number=number))
    for item in _items(line):
        if item.get("item") == "draft" and item["message"].get("number") == number:
            try:
                plain = form_of(from_text(item["text"]))
                return Opening(found, from_plain(plain, file=number))
            except (Malformed, CaseError) as error:
                return Opening(found, None, str(error))
    return Opening(found, None, _("It has left the queue in this moment."))


def _items(line: Line) -> Iterator[Mapping[str, Any]]:
    after = 0
    while batch := line.store.queued(after):
        for after, raw in batch:  # noqa: B007 - the next batch begins behind the last
            try:
                value = decode(raw, most=MAX_ITEM)
            except Malformed:
                continue  # the node will refuse it and say so
            if isinstance(value, dict):
                yield value


def _is_queued(line: Line, act: str, place: Place) -> bool:
    """Whether a receipt of that act waits for the node already."""
    acts = (row for item in _items(line) if item.get("item") == "receipt" for row in item["acts"])
    return any(row[:3] == [act, *place] for row in acts)


# --- read -------------------------------------------------------------------------------------


def why_not_read(line: Line, number: str) -> str:
    """Why a message cannot be receipted as read; empty where it can."""
    place = line.node.record.by_number.get(number)
    if place is None or place[0] == line.me:
        return _("{number} is this side’s own message.", number=number)
    said_before = "read" in line.node.record.said(place, line.me)
    if said_before or _is_queued(line, "read", place):
        return _("{number} was read and receipted before.", number=number)
    try:
        found = reading.message_of(line, number)
    except DetenteError as error:
        return str(error)
    if found.form is None or found.problem:
        return _("{number} is not to be receipted: {why} Ask by voice.", number=number,
                 why=found.problem)  # fmt: skip
    return ""


def names(line: Line) -> Mapping[int, str]:
    """The officers of this side that may sign now, by number."""
    return {number: one.name for number, one in officers(line).items()}


def key_of(line: Line, number: int, passphrase: str) -> Ed25519PrivateKey:
    """An officer's key; `UsageError` where the passphrase does not open it."""
    return home.officer_key(line.home, number, passphrase)


def queue_read(
    line: Line,
    number: str,
    officer: int,
    said: Mapping[str, str],
    key: Ed25519PrivateKey,
) -> None:
    """Queue the receipt *read* of an officer, with what was said again."""
    place = line.node.record.by_number[number]
    line.queue(reading.read(line, place, officer, tuple(said.items()), key))


# --- answer -----------------------------------------------------------------------------------


def why_not_answered(line: Line, asked: MessageView) -> str:
    """Why a message cannot be answered here; empty where it can."""
    place = line.node.record.by_number.get(asked.number)
    if place is None or place[0] == line.me:
        return _("{number} is this side’s own message.", number=asked.number)
    if "read" in line.node.record.said(place, line.me) or _is_queued(line, "read", place):
        return ""
    return _("An answer counts once an officer has read {number}: key r first.",
             number=asked.number)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """What an officer chose for a reply: its phrase, free text and the language of it."""

    phrase: str
    text: str
    precedence: str
    language: str


def reply_to(line: Line, asked: MessageView, wording: Wording) -> Message:
    """A reply that answers a message; `CaseError` with all that is wrong with it."""
    header = Header(
        number=next_number(line),
        precedence=wording.precedence,
        sender=line.me,
        to=(asked.sender,),
        written=line.at,
        language=wording.language,
        drill=asked.drill,
        answers=asked.number,
    )
    values = {"answer": wording.phrase} | ({"text": wording.text} if wording.text else {})
    reply = Message(header, "reply", 1, values)
    check(reply)
    return reply


def needed(line: Line, precedence: str) -> int:
    """How many officers must release a message of that precedence."""
    return 2 if precedence in line.agreement.two_person else 1


def queue_reply(line: Line, reply: Message, keys: Mapping[int, Ed25519PrivateKey]) -> None:
    """Queue a reply under its officers' releases; `CaseError` with all that keeps it from going."""
    order = Order(_("reply"), reply, tuple(keys))
    found = faults(line, order)
    if found:
        raise CaseError(found)
    line.queue(draft(line, order, keys, os.urandom(SALT_BYTES))[1])
