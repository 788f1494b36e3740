"""A message from a form: what is wrong with sending it, and the draft that officers release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.cli.line.sayings import minute
from detente.cli.words import _
from detente.ground.errors import Finding

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from detente.channel.keys import Certificate
    from detente.channel.message import Slip
    from detente.cli.line.place import Line
    from detente.ground.forms.model import Message

AHEAD = 600  # seconds that the writer's clock may be ahead of this machine's


@dataclass(frozen=True)
class Order:
    """What is to be sent: a message from a file, its officers' numbers, and when it expires."""

    file: str
    message: Message
    officers: tuple[int, ...]
    expires: int = 0


def faults(line: Line, order: Order) -> tuple[Finding, ...]:
    """All that keeps a message from being sent on this line."""
    found = (*_of_header(line, order), *_of_line(line, order), *_of_officers(line, order))
    return tuple(
        Finding(order.file, 0, key, problem, mend) for key, problem, mend in dict.fromkeys(found)
    )


Fault = tuple[str, str, str]


def _of_header(line: Line, order: Order) -> Iterator[Fault]:
    head, me = order.message.header, line.me
    if head.sender != me:
        yield ("from", _("is {id}; this is the folder of {me}.", id=head.sender, me=me),
               _("write {me}.", me=me))  # fmt: skip
    elif not head.number.startswith(f"{me}-"):
        yield ("number", _("does not begin with {me}.", me=me), _("write {me}-….", me=me))
    strange = [one for one in head.to if one == me or one not in line.agreement.ids]
    if strange:
        ids = ", ".join(one for one in line.agreement.ids if one != me)
        yield ("to", _("names {ids}, no other party of this line.", ids=", ".join(strange)),
               _("choose of {ids}.", ids=ids))  # fmt: skip
    if head.written > line.at + AHEAD:
        yield ("written", _("is in the future: {at}.", at=minute(head.written)),
               _("write when it was written, in UTC."))  # fmt: skip


def _of_line(line: Line, order: Order) -> Iterator[Fault]:
    head = order.message.header
    if line.agreement.drills_only and not head.drill:
        yield ("drill", _("is missing, and this line is agreed for drills only."),
               _("mark the form as a drill, in its first and its last line."))  # fmt: skip
    if head.number in used_numbers(line):
        yield ("number", _("was used before: {number}.", number=head.number),
               _("write {number}.", number=next_number(line)))  # fmt: skip
    known = line.node.record.by_number
    if head.answers and head.answers not in known:
        yield ("answers", _("names {number}, which is not in the log.", number=head.answers),
               _("write the number of the message that this one answers."))  # fmt: skip
    elif head.answers:
        asked = line.node.record.messages[known[head.answers]].slip
        if bool(asked.drill) != head.drill:
            yield ("drill", _("is not as in {number}, which this answers.", number=head.answers),
                   _("answer a drill with a drill, and only a drill."))  # fmt: skip
    if order.expires and order.expires <= max(line.at, head.written):
        yield ("--expires", _("is past: {at}.", at=minute(order.expires)),
               _("name a later instant."))  # fmt: skip


def _of_officers(line: Line, order: Order) -> Iterator[Fault]:
    yield from _unknown(line, order.officers)
    precedence = order.message.header.precedence
    needed = 2 if precedence in line.agreement.two_person else 1
    if len(set(order.officers)) < len(order.officers):
        yield "--second", _("is the same officer."), _("name another one.")
    elif len(order.officers) < needed:
        problem = _("is missing: {precedence} needs two officers.", precedence=precedence)
        yield "--second", problem, _("name a second officer.")


def _unknown(line: Line, numbers: tuple[int, ...]) -> Iterator[Fault]:
    known = officers(line)
    names = ", ".join(f"{number} {one.name}" for number, one in known.items())
    for place, number in enumerate(numbers):
        if number not in known:
            key = "--second" if place else "--officer"
            problem = _("is {n}, no officer in force.", n=number)
            yield key, problem, _("choose of {names}.", names=names)


def unknown_officers(line: Line, file: str, numbers: tuple[int, ...]) -> tuple[Finding, ...]:
    """What is wrong with the numbers of officers, whatever is to be sent."""
    return tuple(
        Finding(file, 0, key, problem, mend) for key, problem, mend in _unknown(line, numbers)
    )


def officers(line: Line) -> Mapping[int, Certificate]:
    """The officers of this side whose certificates are in force, by number."""
    ring = line.node.log.chains[line.me].keyring
    return {
        serial: one
        for serial, one in ring.certificates
        if one.role == "officer" and one.holds_at(line.at)
    }


def used_numbers(line: Line) -> frozenset[str]:
    """The numbers of this side's messages, sent or waiting."""
    view = line.view(line.at)
    waiting = {one.number for one in view.outbox if one.entered is None}
    return frozenset({*line.node.log.chains[line.me].numbers, *waiting})


def next_number(line: Line) -> str:
    """The next number of this side in the year of the instant."""
    import re

    from detente.ground.time import write_instant

    year = write_instant(line.at)[:4]
    pattern = re.compile(rf"{line.me}-{year}-([0-9]+)")
    matches = (pattern.fullmatch(one) for one in used_numbers(line))
    last = max((int(match[1]) for match in matches if match), default=0)
    return f"{line.me}-{year}-{last + 1:04}"


def draft(
    line: Line, order: Order, keys: Mapping[int, Ed25519PrivateKey], salt: bytes
) -> tuple[Slip, bytes]:
    """The slip that officers release, and the item for the queue under their signatures."""
    from detente.channel.canonical import encode, to_text
    from detente.channel.message import Message as Body
    from detente.channel.message import release, text_of
    from detente.channel.read_text import slip_of
    from detente.ground.forms.plain import as_plain

    text = text_of(as_plain(order.message), salt)
    slip = slip_of(line.agreement.line, order.message, text, order.expires)
    releases = tuple(release(slip, key, number) for number, key in keys.items())
    body = Body(slip, releases).as_body()
    del body["boxes"]
    return slip, encode({"item": "draft", "message": body, "text": to_text(text)})
