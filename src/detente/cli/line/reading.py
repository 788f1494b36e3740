"""A message as it is opened: its form, its rendering, and the receipts of having seen and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.cli.words import _
from detente.ground.errors import PeerError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from detente.channel.message import Slip
    from detente.channel.record import Place
    from detente.cli.line.place import Line
    from detente.ground.forms.model import Message


@dataclass(frozen=True)
class Opened:
    """A message of the log that this side can read: its place, slip and form.

    ``problem`` says why its text cannot be shown as a form; ``form`` is None then.
    """

    place: Place
    slip: Slip
    form: Message | None
    plain: dict[str, Any]
    problem: str = ""


def message_of(line: Line, number: str) -> Opened:
    """The message of that number, opened.

    Raises
    ------
    UsageError
        There is none, or it is between other parties.
    PeerError
        Its text is not here: it did not open, and was asked for again.
    """
    from detente.channel.canonical import Malformed
    from detente.channel.message import form_of
    from detente.channel.read_text import differs
    from detente.ground.errors import CaseError
    from detente.ground.forms.plain import from_plain

    record = line.node.record
    place = record.by_number.get(number)
    if place is None:
        raise UsageError(_("There is no message {number} in this log.", number=number))
    slip = record.messages[place].slip
    if line.me not in (slip.sender, *slip.to):
        raise UsageError(_("Message {number} is between other parties.", number=number))
    text = None if place in line.node.lost else line.node.text(place)
    if text is None:
        raise PeerError(
            _("The text of {number} does not open here; it is asked for again.", number=number)
        )
    problem = differs(slip, text)
    try:
        plain = form_of(text)
        form = from_plain(plain, file=number)
    except (Malformed, CaseError) as error:
        return Opened(place, slip, None, {}, problem or str(error))
    return Opened(place, slip, form, plain, problem)


def _acts_item(acts: Sequence[Any]) -> dict[str, Any]:
    """The item for the queue that says these acts."""
    return {"item": "receipt", "acts": [act.as_row() for act in acts]}


def shown(line: Line, place: Place) -> dict[str, Any] | None:
    """The item that says a message stood on a screen of this side; None where it was said."""
    from detente.channel.receipts import Act

    party, seq = place
    if party == line.me or "shown" in line.node.record.said(place, line.me):
        return None
    digest = line.node.log.chains[party].digests[seq]
    return _acts_item([Act("shown", party, seq, digest)])


def read(
    line: Line,
    place: Place,
    officer: int,
    said: Sequence[tuple[str, str]],
    key: Ed25519PrivateKey,
) -> dict[str, Any]:
    """The item that says an officer read a message, with what was said again, signed by them.

    It says *shown* before it, where this was not said.
    """
    from detente.channel.receipts import Act, sign_read

    party, seq = place
    digest = line.node.log.chains[party].digests[seq]
    act = Act("read", party, seq, digest, officer, tuple(said), "")
    first = [] if shown(line, place) is None else [Act("shown", party, seq, digest)]
    return _acts_item([*first, sign_read(line.agreement.line, act, key)])
