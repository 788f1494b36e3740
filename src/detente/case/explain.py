"""What pydantic refuses, in the words of the case format: what is wrong, and the mend."""

from __future__ import annotations

import typing
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from detente.case.draft import closest
from detente.ground.text import Path_, scalar

MOST_SHOWN = 60

# By the first part of pydantic's type of error: what was wanted, and how it is written.
_KINDS = {
    "string": ("a text", "write a text"),
    "int": ("a whole number", "write a whole number"),
    "float": ("a number", "write a number, with a point before decimals"),
    "bool": ("true or false", "write true or false"),
    "tuple": ("a list", "write a list, each item after `- `"),
    "dict": ("a text", "write a text, or one for each language"),
    "model": ("keys with values", "write keys with values"),
}
_QUOTED = ("int_type", "float_type", "bool_type")
_OTHER = ("what belongs here", "correct it")
_LIMITS = {
    "greater_than": "above {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "below {lt:g}",
    "less_than_equal": "at most {le:g}",
    "finite_number": "finite",
}
_MENDS = {
    "date": "write it as 2021, 2021-01 or 2021-01-31.",
    "number": "write `value` alone, or `low` and `high` with or without `mid`.",
    "event": "keep one of them.",
    "counted": "write `incidents`, `start` and `end`, or `counts` alone.",
    "weights": "state one form, and nothing of the others.",
    "range": "state both, one of them better than the other, or neither.",
    "group": "state `at_least`, `at_most` or both, in order, for the measures that it names.",
    "chain": "state one of the two forms, and nothing of the other.",
}


def explain(kind: type[BaseModel], error: Any, loc: Path_) -> tuple[str, str]:
    """The problem and the mend of one of pydantic's errors at ``loc`` in a record of ``kind``."""
    what = error["type"]
    record, field = _walk(kind, loc)
    says = f" ({field.description})" if field is not None and field.description else ""
    if what == "missing":
        return "is missing.", f"add `{loc[-1]}`{says}."
    if what == "extra_forbidden":
        return "is no key here.", did_you_mean(str(loc[-1]), frozenset(record.model_fields))
    if what == "too_short" and error["input"]:
        return f"has fewer than {error['ctx']['min_length']} items.", f"add to it{says}."
    if what in ("string_too_short", "too_short") or _is_blank(error["input"]):
        return "is empty.", f"fill it{says}."
    if what == "dict_type" and field is not None and _is_mapping(field):
        error = {**error, "type": "model_type"}
    return _value(error, says) or _kind(error, says)


def _value(error: Any, says: str) -> tuple[str, str] | None:
    """Of an error about a value of the right kind; None of others."""
    what, context, shown = error["type"], error.get("ctx", {}), _shown(error["input"])
    if what in ("literal_error", "enum"):
        return f"is {shown}.", f"write {context['expected'].replace(chr(39), '')}."
    if what == "string_pattern_mismatch":
        return f"is {shown}.", _pattern_mend(context["pattern"])
    if what == "string_too_long":
        return f"has more than {context['max_length']} characters.", "shorten it."
    if "mend" in context:
        return f"{error['msg']}.", context["mend"]
    if what in _MENDS:
        return f"{shown if what == 'date' else ''} {error['msg']}.".lstrip(), _MENDS[what]
    if what in _LIMITS:
        return f"is {shown}, not {_LIMITS[what].format(**context)}.", f"correct it{says}."
    return None


def _kind(error: Any, says: str) -> tuple[str, str]:
    """Of an error about the kind of a value."""
    what, value, shown = error["type"], error["input"], _shown(error["input"])
    wanted, mend = _KINDS.get(what.partition("_")[0], _OTHER)
    if what == "string_type" and isinstance(value, int | float):
        return f"is {shown}, not a text.", "put it in quotes."
    if what in _QUOTED and _is_quoted(value):
        return f"is the text {shown}, not {wanted}.", "remove the quotes."
    return f"is {shown}, not {wanted}.", f"{mend}{says}."


def _is_mapping(field: FieldInfo) -> bool:
    """Whether a field is a plain mapping, and no text in one or more languages."""
    return typing.get_origin(field.annotation) is dict and not field.metadata


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_quoted(value: Any) -> bool:
    """Whether a text would be a number, or true or false, without its quotes."""
    return isinstance(value, str) and not isinstance(scalar(value, plain=True), str)


def did_you_mean(name: str, known: frozenset[str]) -> str:
    """The mend of a name that is not known: the closest one that is, or all of them."""
    close = closest(name, known)
    return f"did you mean `{close}`?" if close else f"use one of {', '.join(sorted(known))}."


def _pattern_mend(pattern: str) -> str:
    if pattern == r"^[a-z]{2}$":
        return "write two small letters, such as en."
    return "use letters, digits, '.', '_' and '-', 64 at most, the first a letter or a digit."


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "a mapping"
    text = " ".join(value.split()) if isinstance(value, str) else str(value).lower()
    return f"`{text}`" if len(text) <= MOST_SHOWN else f"`{text[: MOST_SHOWN - 3]}...`"


def _walk(kind: type[BaseModel], loc: Path_) -> tuple[type[BaseModel], FieldInfo | None]:
    """The record type that stands at ``loc``, and the field of the last key that a record has."""
    record, field = kind, None
    for part in loc:
        if isinstance(part, str) and part in record.model_fields:
            field = record.model_fields[part]
            record = _record_type(field.annotation) or record
    return record, field


def _record_type(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in typing.get_args(annotation):
        found = _record_type(part)
        if found is not None:
            return found
    return None
