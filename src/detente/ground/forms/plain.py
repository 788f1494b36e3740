"""A message as plain values (texts, whole numbers, lists, mappings), as it is hashed and sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from detente.ground.errors import CaseError, UsageError
from detente.ground.fields import Field, number, read_mapping
from detente.ground.forms.catalogue import FieldType, catalogue
from detente.ground.forms.kinds import KINDS
from detente.ground.forms.model import Message, message_of
from detente.ground.forms.whole import faults
from detente.ground.text import Marked

MOST_BYTES = 20_000  # of the plain values as JSON in UTF-8


def as_plain(message: Message) -> dict[str, Any]:
    """The plain values of a message: its header's lines, ``drill`` as 0 or 1, and ``values``.

    Keys are of ``a-z`` and ``_``; what is not stated has no key.

    Raises
    ------
    UsageError
        There is no such form, or it has no field of some value's id.
    """
    form = catalogue().form(message.form)
    top, values = message.top(), message.values
    return {
        **_plain(catalogue().header, top),
        "drill": int(message.header.drill),
        "values": _plain(form.fields, values),
    }


def _plain(fields: Sequence[FieldType], values: Mapping[str, Any]) -> dict[str, Any]:
    stated = [field for field in fields if field.id in values]
    unknown = sorted(set(values) - {field.id for field in stated})
    if unknown:
        raise UsageError(f"The form has no {', '.join(unknown)}.")
    return {field.id: KINDS[field.kind].plain(values[field.id]) for field in stated}


def from_plain(value: Any, *, file: str = "message") -> Message:
    """The message of plain values; `as_plain` of it is ``value`` again.

    Parameters
    ----------
    value
        Any value, as a peer may have sent it.
    file
        What findings call it.

    Raises
    ------
    CaseError
        With every fault: a key missing or unknown, a value not of its kind or not in the one form
        that it has, values that contradict each other, more than `MOST_BYTES`.
    """
    marked = Marked(file, value)
    keys = {
        **_keys(catalogue().header),
        "drill": number(0, 1, "0 or 1"),
        "values": Field("a mapping", lambda one: one),
    }
    top = read_mapping(marked, (), value, keys)
    form = catalogue().forms.get(top.get("form", ""))
    values: dict[str, Any] = {}
    if form is not None:
        if "values" in top:
            values = read_mapping(marked, ("values",), top["values"], _keys(form.fields))
        ids = {field.id for field in form.fields}
        for key, problem, mend in faults(form, top, values):
            marked.find(("values", key) if key in ids else (key,), problem, mend)
        if form.answers and isinstance(value, dict) and "answers" not in value:
            marked.find((), "has no `answers`.", "name the message that this one answers.")
    if not marked.findings and _size(value) > MOST_BYTES:
        problem = f"has {_size(value):,} bytes as JSON; {MOST_BYTES:,} are the most."
        marked.find((), problem, "shorten free text.")
    if marked.findings:
        raise CaseError(tuple(sorted(set(marked.findings))))
    return message_of(top, values, drill=top["drill"] == 1)


def check(message: Message) -> None:
    """`CaseError` with every fault of a message that a program put together."""
    from_plain(as_plain(message))


def _keys(fields: Sequence[FieldType]) -> dict[str, Field]:
    return {
        field.id: Field(
            f"a value of the kind {field.kind}",
            partial(KINDS[field.kind].take, field),
            is_needed=field.is_needed,
        )
        for field in fields
    }


def _size(plain: Any) -> int:
    return len(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode())
