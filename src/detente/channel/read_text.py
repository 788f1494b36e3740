"""The form in a text: the slip it is released by, and whether what was said again repeats it."""

from __future__ import annotations

from detente.channel.canonical import Malformed
from detente.channel.envelope import digest
from detente.channel.message import Slip, form_of
from detente.ground.errors import CaseError, UsageError
from detente.ground.forms.model import Message
from detente.ground.forms.plain import from_plain
from detente.ground.forms.read_back import differences


def slip_of(line: str, message: Message, text: bytes, expires: int = 0) -> Slip:
    """The slip of a form, whose ``text`` (`message.text_of`) is to be released."""
    head = message.header
    return Slip(
        line=line,
        sender=head.sender,
        number=head.number,
        precedence=head.precedence,
        drill=int(head.drill),
        form=message.form,
        version=message.version,
        to=head.to,
        written=head.written,
        expires=expires,
        answers=head.answers,
        digest=digest(text),
    )


def form_in(text: bytes) -> Message:
    """The form in a text; `Malformed` where this node knows none such."""
    try:
        return from_plain(form_of(text))
    except CaseError as error:
        raise Malformed(str(error)) from error


def differs(slip: Slip, text: bytes) -> str:
    """How the form in a text is not the one its slip tells of; empty where it is."""
    try:
        told = slip_of(slip.line, form_in(text), text, slip.expires)
    except Malformed as error:
        return f"Its form cannot be read here. {error}"
    parts = sorted(key for key, value in told.__dict__.items() if value != getattr(slip, key))
    return f"Its form and its header differ in: {', '.join(parts)}." if parts else ""


def not_repeated(text: bytes, said: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The fields whose values an officer did not say as they stand, by id."""
    try:
        return tuple(each.critical.id for each in differences(form_in(text), dict(said)))
    except UsageError as error:
        raise Malformed(str(error)) from error
