"""What must hold between the values of a message, whichever way it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.ground.forms.catalogue import Form
from detente.ground.forms.model import NUMBER

Fault = tuple[str, str, str]  # a field's id, the problem, the mend


def faults(form: Form, top: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    """What does not fit together among the values that are sound; a missing one fits with all."""
    number = NUMBER.fullmatch(top.get("number", ""))
    sender = top.get("from")
    if number and sender is not None and number[1] != sender:
        yield "number", f"does not begin with its sender, {sender}.", "correct one of the two."
    if sender is not None and sender in top.get("to", ()):
        yield "to", f"names the sender, {sender}.", "name the other parties."
    if number and top.get("answers") == number[0]:
        yield "answers", "is the message's own number.", "name the earlier message."
    if "version" in top and top["version"] != form.version:
        problem = f"is {top['version']}; this program reads version {form.version}."
        yield "version", problem, "write the message on a form that both sides know."
    for first, then in form.order:
        if first in values and then in values and values[then] < values[first]:
            yield then, f"is before `{first}`.", "correct one of the two."
