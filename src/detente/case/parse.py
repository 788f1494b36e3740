"""From the values of a file to its records; what pydantic refuses becomes findings people can use."""

from __future__ import annotations

import difflib
import typing
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from detente.case.model import Record, Row
from detente.ground.errors import Finding
from detente.ground.text import Marked, Path_, dotted

AnyRecord = TypeVar("AnyRecord", bound=Record)
AnyRow = TypeVar("AnyRow", bound=Row)

MOST_FINDINGS = 300
_PLAIN = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false"}


def parse_record(
    kind: type[AnyRecord], marked: Marked
) -> tuple[AnyRecord | None, dict[str, list[int]]]:
    """The record of a YAML file without its faulty list items, and which items were kept.

    Returns ``(None, {})`` where even that is no record. Every fault is recorded in ``marked``.
    """
    if not isinstance(marked.value, dict):
        marked.find((), "is no mapping of keys to values.", "start from `detente new`.")
        return None, {}
    value = dict(marked.value)
    errors = _errors(kind, value)
    _record(kind, errors, marked)
    kept = _without_faulty_items(value, errors)
    for error in errors:
        if len(error["loc"]) == 1 and error["type"] == "extra_forbidden":
            value.pop(str(error["loc"][0]), None)
    try:
        return kind.model_validate(value), kept
    except ValidationError:
        return None, kept


def parse_rows(kind: type[AnyRow], marked: Marked) -> tuple[list[AnyRow], list[int]]:
    """The sound rows of a CSV file and their places; every fault is recorded in ``marked``."""
    wanted = kind.FORMAT
    if marked.value is None:
        return [], []
    if marked.value["format"] != wanted:
        marked.find(("format",), "has no format line.", f"write `# {wanted}` as the first line.")
    rows = marked.value["rows"]
    columns = set().union(*rows[:1]) if rows else set()
    known = set(kind.model_fields)
    for column in sorted(columns - known):
        marked.find(("header", column), "is no column.", _did_you_mean(column, known))
    sound, places, missing = [], [], set()
    for index, row in enumerate(rows):
        cells = {name: cell for name, cell in row.items() if name in known}
        errors = _errors(kind, cells)
        for error in [e for e in errors if e["type"] == "missing"]:
            missing.add(error["loc"][0])
        _record(kind, [e for e in errors if e["type"] != "missing"], marked, (index,))
        if not errors:
            sound.append(kind.model_validate(cells))
            places.append(index)
    for column in sorted(missing):
        marked.find(("header", column), "is missing in the header.", "add the column.")
    return sound, places


def _errors(kind: type[BaseModel], value: Any) -> list[Any]:
    try:
        kind.model_validate(value)
    except ValidationError as error:
        return list(error.errors(include_url=False))
    return []


def _without_faulty_items(value: dict[str, Any], errors: Iterable[Any]) -> dict[str, list[int]]:
    faulty: dict[str, set[int]] = defaultdict(set)
    for error in errors:
        loc = error["loc"]
        if len(loc) > 1 and isinstance(loc[0], str) and isinstance(loc[1], int):
            faulty[loc[0]].add(loc[1])
    kept = {}
    for key, items in value.items():
        if isinstance(items, list):
            kept[key] = [index for index in range(len(items)) if index not in faulty[key]]
            value[key] = [items[index] for index in kept[key]]
    return kept


def _record(
    kind: type[BaseModel], errors: list[Any], marked: Marked, prefix: Path_ = ()
) -> None:
    for error in errors[:MOST_FINDINGS]:
        loc = tuple(p for p in error["loc"] if not (isinstance(p, str) and p.startswith("<")))
        problem, mend = _explain(kind, error, loc)
        marked.find((*prefix, *loc), problem, mend)
    if len(errors) > MOST_FINDINGS:
        more = len(errors) - MOST_FINDINGS
        marked.find(prefix, f"has {more} more findings.", "mend the first ones and check again.")


def _explain(kind: type[BaseModel], error: Any, loc: Path_) -> tuple[str, str]:
    what, context = error["type"], error.get("ctx", {})
    field = _field(kind, loc)
    says = f" ({field.description})" if field is not None and field.description else ""
    if what == "missing":
        return "is missing.", f"add `{loc[-1] if loc else ''}`{says}."
    if what == "extra_forbidden":
        names = set(_model(kind, loc[:-1]).model_fields) if _model(kind, loc[:-1]) else set()
        return "is no key here.", _did_you_mean(str(loc[-1]), names)
    if what in ("literal_error", "enum"):
        return f"is {_shown(error['input'])}.", f"write one of {context['expected']}."
    if what == "string_pattern_mismatch":
        return f"is {_shown(error['input'])}.", f"use only {field.description if field else 'ids'}."
    for plain, words in _PLAIN.items():
        if what in (f"{plain}_type", f"{plain}_parsing", f"{plain}_from_float"):
            quote = " (in quotes)" if plain == "str" else ""
            return f"is {_shown(error['input'])}, not {words}.", f"write {words}{quote}{says}."
    message = error["msg"][0].lower() + error["msg"][1:]
    if what in ("date", "number", "event"):
        return f"{_shown(error['input'])} {error['msg']}.", "correct it" + says + "."
    return f"is {_shown(error['input'])}: {message}.", f"correct it{says}."


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(known)}."


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    text = repr(value) if not isinstance(value, str) else f"`{value}`"
    return text if len(text) <= 60 else text[:57] + "..."


def _model(kind: type[BaseModel], loc: Path_) -> type[BaseModel] | None:
    """The record type that stands at ``loc``."""
    found: type[BaseModel] | None = kind
    for part in loc:
        if isinstance(part, int):
            continue
        if found is None or part not in found.model_fields:
            return None
        found = _record_type(found.model_fields[part].annotation)
    return found


def _field(kind: type[BaseModel], loc: Path_) -> Any:
    names = [index for index, part in enumerate(loc) if isinstance(part, str)]
    if not names:
        return None
    parent = _model(kind, loc[: names[-1]])
    return parent.model_fields.get(str(loc[names[-1]])) if parent else None


def _record_type(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in typing.get_args(annotation):
        found = _record_type(part)
        if found is not None:
            return found
    return None
