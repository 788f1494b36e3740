"""From the values of a file to its records; what does not fit becomes findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from detente.case.explain import did_you_mean, explain
from detente.case.model import Record, Row
from detente.ground.errors import CaseError
from detente.ground.text import HEADER, Marked, Path_, Table, parse_yaml

AnyModel = TypeVar("AnyModel", bound=BaseModel)
AnyRecord = TypeVar("AnyRecord", bound=Record)
AnyRow = TypeVar("AnyRow", bound=Row)

# What stands for a faulty key of a file, so that the rest of the case can be checked all the same.
_STAND_INS: dict[str, Any] = {
    "title": "unknown",
    "edition": "unknown",
    "date": "9999",
    "as_of": "9999",
    "summary": "unknown",
    "parties": [{"id": "unknown", "name": "unknown", "real": False, "heard": "not-heard"}],
    "horizon_years": 1,
    "languages": ["en"],
    "seed": 0,
    "defaults": {"basis": "assumed", "source": "?", "date": "9999", "status": "unverified"},
}


_CHOICES = {("otherwise", "<level>"), ("otherwise", "<path>")}


def parse_record(
    kind: type[AnyRecord], marked: Marked
) -> tuple[AnyRecord | None, dict[str, list[int]]]:
    """The record of a YAML file without what is faulty in it, and which list items were kept.

    Faulty items of lists are left out, other faulty keys filled with stand-ins; every fault is
    recorded in ``marked``. Returns ``(None, {})`` where the file holds no mapping.
    """
    if not isinstance(marked.value, dict):
        marked.find((), "is no mapping of keys to values.", "start from `detente new`.")
        return None, {}
    record, errors = _validated(kind, marked.value)
    if record is not None:
        return record, {}
    _record(kind, errors, marked)
    value = dict(marked.value)
    kept = _without_faulty_items(value, errors)
    return _with_stand_ins(kind, value), {key: kept[key] for key in kept if key in value}


def parse_whole(
    kind: type[AnyRecord],
    text: str | None,
    marked: Marked,
    check: Callable[[AnyRecord, Marked], None],
) -> AnyRecord:
    """The record of a YAML text that stands alone, in which nothing is faulty.

    ``text`` was read as ``marked``, and is None where it could not be; ``check`` records in it what
    the record alone does not see, once all else is right. Nothing stands in for a faulty part.

    Raises
    ------
    CaseError
        With every fault.

    """
    record = None
    if text is not None and not parse_yaml(text, marked).findings:
        record = _whole(kind, marked)
    if record is not None:
        check(record, marked)
    if record is None or marked.findings:
        raise CaseError(tuple(sorted(set(marked.findings))))
    return record


def _whole(kind: type[AnyRecord], marked: Marked) -> AnyRecord | None:
    if not isinstance(marked.value, dict):
        marked.find((), "is no mapping of keys to values.", "write keys with values.")
        return None
    record, errors = _validated(kind, marked.value)
    _record(kind, errors, marked)
    return record


def stand_in(kind: type[AnyRecord]) -> AnyRecord:
    """A record in the place of a file that cannot be read."""
    return _with_stand_ins(kind, {})


def _with_stand_ins(kind: type[AnyRecord], value: dict[str, Any]) -> AnyRecord:
    """The record of ``value``, whose faulty keys are removed and, where needed, filled."""
    stand_ins = {"format": kind.FORMAT, **_STAND_INS}  # type: ignore[attr-defined]
    record, errors = _validated(kind, value)
    while record is None:
        for key in {str(error["loc"][0]) for error in errors}:
            value.pop(key, None)
            if key in stand_ins and key in kind.model_fields:
                value[key] = stand_ins[key]
        record, errors = _validated(kind, value)
    return record


def parse_rows(kind: type[AnyRow], marked: Marked) -> tuple[list[AnyRow], list[int]]:
    """The sound rows of a CSV file and their places; every fault is recorded in ``marked``."""
    table = marked.value
    if not isinstance(table, Table):
        return [], []
    _format(kind, table, marked)
    _columns(kind, table, marked)
    needed = {name: field.is_required() for name, field in kind.model_fields.items()}
    sound, places = [], []
    for index, cells in enumerate(table.rows):
        if index in table.ragged:
            continue
        # An empty cell stands for the default of its column, where that has one.
        stated = {
            name: cell
            for name, cell in cells.items()
            if name in needed and (needed[name] or cell.strip())
        }
        row, errors = _validated(kind, stated)
        if row is not None:
            sound.append(row)
            places.append(index)
        _record(kind, [e for e in errors if e["loc"][0] in table.columns], marked, (index,))
    return sound, places


def _format(kind: type[Row], table: Table, marked: Marked) -> None:
    mend = f"write `# {kind.FORMAT}` as the first line."
    if table.format is None:
        marked.find((), "has no format line.", mend)
    elif table.format != kind.FORMAT:
        marked.find((), f"has the format line `# {table.format}`.", mend)


def _columns(kind: type[Row], table: Table, marked: Marked) -> None:
    known = kind.model_fields
    for column in sorted({*table.columns} - {*known, ""}):
        mend = did_you_mean(column, frozenset(known))
        marked.find((HEADER, column), "is no column here.", mend)
    for column, field in known.items():
        if field.is_required() and column not in table.columns:
            says = f" ({field.description})" if field.description else ""
            marked.find((HEADER, column), "is missing in the header.", f"add the column{says}.")


def _validated(kind: type[AnyModel], value: Any) -> tuple[AnyModel | None, list[Any]]:
    try:
        return kind.model_validate(value), []
    except ValidationError as error:
        return None, list(error.errors(include_url=False))


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
    kind: type[BaseModel], errors: Iterable[Any], marked: Marked, prefix: Path_ = ()
) -> None:
    for error in errors:
        if error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
            continue  # pydantic does not count faulty items, which have findings of their own
        loc = _place(error)
        problem, mend = explain(kind, error, loc)
        marked.find((*prefix, *loc), problem, mend)


def _place(error: Any) -> Path_:
    """Where an error is, without what only the models name: ``<path>``, and '' for a bare text."""
    loc, stated = error["loc"], error["type"] == "extra_forbidden"
    if loc[-2:] == (error["input"], "[key]"):
        loc = loc[:-1]  # the key itself is faulty, not what stands under it
    return tuple(
        part
        for before, part in zip(("", *loc), loc, strict=False)
        if (part != "" or stated) and (before, part) not in _CHOICES
    )
