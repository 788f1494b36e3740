"""Tracks in JSON: records, columns, lines of records, and the REST interface of OpenSky.

==========  ================================================================================
layout      text
==========  ================================================================================
records     ``[{"icao24": ..., "latitude": ...}, ...]``, as `traffic` and pandas write it
columns     ``{"latitude": {"0": ...} or [...], ...}``, likewise
lines       an object on each line
opensky     ``{"time": ..., "states": [[...], ...]}`` (OpenSky REST, "All State Vectors")
==========  ================================================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from detente.encounters.fixes import Fixes
from detente.encounters.readers.gather import Options
from detente.encounters.readers.source import Source
from detente.encounters.readers.table import MOST_COLUMNS, read_columns
from detente.encounters.results import Reading

MOST_BYTES = 512 * 2**20
_STATES = (
    "icao24",
    "callsign",
    "",
    "lastposupdate",
    "lastcontact",
    "lon",
    "lat",
    "baroaltitude",
    "onground",
    "velocity",
    "heading",
    "vertrate",
    "",
    "geoaltitude",
    "squawk",
)


def parsed(source: Source) -> Any:
    """The value of a JSON file, or the list of those of its lines."""
    data = source.whole(min(MOST_BYTES, source.limits.whole)).removeprefix(b"\xef\xbb\xbf")
    value: Any = None
    try:
        value = json.loads(data)
    except UnicodeDecodeError:
        source.stop("is not UTF-8.", "save the file as UTF-8.")
    except RecursionError:
        source.stop("is nested too deep.", "give records of fixes.")
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        if b"\n" not in data.strip() or not data.lstrip().startswith(b"{"):
            source.stop("is no JSON from here on.", "check that it is whole.", line=line)
        value = _lines(source, data)
    return value


def _lines(source: Source, data: bytes) -> list[Any]:
    found = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError):
                mend = "write one object a line, or one list."
                source.stop("is no JSON on this line.", mend, line=number)
    return found


def from_value(source: Source, options: Options, value: Any) -> tuple[Fixes, Reading]:
    """The fixes of a JSON value in any layout above."""
    if isinstance(value, dict) and isinstance(value.get("states"), list):
        return read_columns(source, options, _states(source, value), "opensky-rest")
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return read_columns(source, options, _records(source, value))
    columns = value if isinstance(value, dict) else {}
    if not columns or not all(isinstance(one, dict | list) for one in columns.values()):
        source.stop("holds tracks in no known layout.", "give a list of records, one a fix.")
    return read_columns(source, options, _columns(source, columns))


def _records(source: Source, records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
        if len(names) > MOST_COLUMNS:
            source.stop(f"has more than {MOST_COLUMNS} keys.", "keep those of fixes.")
    return _frame({name: [record.get(name) for record in records] for name in names})


def _columns(source: Source, columns: Mapping[str, Any]) -> pl.DataFrame:
    if len(columns) > MOST_COLUMNS:
        source.stop(f"has more than {MOST_COLUMNS} keys.", "keep those of fixes.")
    keyed = [column for column in columns.values() if isinstance(column, dict)]
    if not keyed:
        sizes = {len(column) for column in columns.values()}
        if len(sizes) > 1:
            source.stop("has columns of different lengths.", "give each fix every column.")
        return _frame(columns)
    if len(keyed) < len(columns):
        source.stop("mixes lists and objects as columns.", "write all of them alike.")
    index = dict.fromkeys(key for column in keyed for key in column)
    return _frame({n: [column.get(key) for key in index] for n, column in columns.items()})


def _states(source: Source, value: Mapping[str, Any]) -> pl.DataFrame:
    states = value["states"]
    if not all(isinstance(state, list) for state in states):
        source.stop("has states that are no lists.", "keep the answer as OpenSky gives it.")
    found = {
        name: [state[place] if place < len(state) else None for state in states]
        for place, name in enumerate(_STATES)
        if name
    }
    return _frame({"time": [value.get("time")] * len(states), **found})


def _frame(columns: Mapping[str, Sequence[Any]]) -> pl.DataFrame:
    return pl.DataFrame({name: _series(name, values) for name, values in columns.items()})


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {int, float}:
        return pl.Series(name, values, pl.Float64, strict=False)
    if kinds == {bool}:
        return pl.Series(name, values, pl.Boolean)
    texts = (None if v is None or isinstance(v, dict | list) else str(v) for v in values)
    return pl.Series(name, list(texts), pl.String)
