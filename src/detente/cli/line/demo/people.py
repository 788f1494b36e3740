"""What officers do in the demonstration, through the very functions that the verbs call."""

from __future__ import annotations

import os
from importlib.resources import files

from detente.channel.node.home import officer_key
from detente.cli.line import reading
from detente.cli.line.compose import Order, draft, faults
from detente.cli.line.demo.stage import PASSPHRASE, Stage
from detente.ground.errors import CaseError
from detente.ground.forms.model import Message
from detente.ground.forms.parse import parse
from detente.ground.forms.read_back import Difference, critical, differences

FIRST, SECOND = 2, 3


def form(name: str) -> Message:
    """A filled-in form of the demonstration."""
    folder = files("detente.cli.line.demo")
    return parse(folder.joinpath(f"{name}.txt").read_bytes(), file=f"{name}.txt")


def typed(message: Message) -> dict[str, str]:
    """The read-back of an officer who makes no mistake."""
    return {one.id: one.written("en") for one in critical(message)}


def slip_of_tongue(message: Message, field: str, said: str) -> tuple[Difference, ...]:
    """What the program says to an officer who types one value wrongly."""
    return differences(message, {**typed(message), field: said})


def release(stage: Stage, party: str, message: Message) -> int:
    """Two officers release a message and it is queued; how many values were said again."""
    with stage.line(party) as line:
        order = Order("form", message, (FIRST, SECOND))
        if found := faults(line, order):
            raise CaseError(found)
        said = typed(message)
        assert not differences(message, said)
        keys = {one: officer_key(line.home, one, PASSPHRASE) for one in order.officers}
        line.queue(draft(line, order, keys, os.urandom(16))[1])
    return len(said)


def open_message(stage: Stage, party: str, number: str) -> Message:
    """A message is shown on a party's screen, and the receipt *shown* queued."""
    with stage.line(party) as line:
        found = reading.message_of(line, number)
        item = reading.shown(line, found.place)
        if item is not None:
            line.queue(item)
    assert found.form is not None
    return found.form


def read_message(stage: Stage, party: str, number: str) -> None:
    """An officer reads a message back, and the signed receipt *read* is queued."""
    with stage.line(party) as line:
        found = reading.message_of(line, number)
        assert found.form is not None
        said = tuple(typed(found.form).items())
        key = officer_key(line.home, FIRST, PASSPHRASE)
        line.queue(reading.read(line, found.place, FIRST, said, key))
