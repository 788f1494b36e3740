"""The form in a text: whether it is the one that was released, and what must be said again."""

from __future__ import annotations

from detente.channel.canonical import Malformed
from detente.channel.message import Slip, form_of


def differs(slip: Slip, text: bytes) -> str:
    """How the form's own words differ from the slip under it; empty where they do not."""
    try:
        form = form_of(text)
    except Malformed as error:
        return str(error)
    return "" if form.get("form", slip.form) == slip.form else "It holds another form."
