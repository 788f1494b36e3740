"""A mapping file: what the columns of any table mean, in YAML.

.. code-block:: yaml

    format: detente/mapping/1
    domain: air
    columns: {id: hull, time: ts, lat: y, lon: x, height: alt, speed: v}
    claims: {name: ShipName}
    units: {time: ms, height: ft, speed: kn}
    errors: {horizontal: 100, height: 50, clock: 2}
    box: {south: 53, north: 66, west: 9, east: 31}
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, get_args

from detente.encounters.readers.instants import FORMATS, Format
from detente.encounters.readers.layouts import KEYS, METRES, SPEEDS, Box, Layout, Use
from detente.encounters.tracks import DOMAINS, Domain
from detente.ground.errors import CaseError
from detente.ground.text import Marked, Path_, parse_yaml

FORMAT = "detente/mapping/1"
_PARTS = ("format", "domain", "identity", "columns", "claims", "units", "errors", "box")
_UNITS: dict[str, Sequence[str]] = {
    "time": FORMATS,
    "height": tuple(METRES),
    "geometric": tuple(METRES),
    "speed": tuple(SPEEDS),
    "error": tuple(METRES),
    "height_error": tuple(METRES),
}
_ERRORS = {"horizontal": "error", "height": "height_error", "clock": "clock_error"}
_IDENTITIES = ("id", "mmsi", "icao24")


def read_mapping(file: str, text: str) -> Layout:
    """The layout that a mapping file states, in a text from `read_text`.

    Raises
    ------
    CaseError
        With every finding: unknown keys and units, missing columns of time or place, numbers that
        are none.

    """
    marked = parse_yaml(text, Marked(file))
    stated = marked.value
    if not isinstance(stated, dict):
        if not marked.findings:
            marked.find((), "is no mapping.", f"begin with `format: {FORMAT}`.")
        raise CaseError(tuple(sorted(marked.findings)))
    if stated.get("format") != FORMAT:
        marked.find(("format",), "is not known.", f"write `format: {FORMAT}`.")
    _only(marked, (), stated, _PARTS)
    columns = _texts(marked, stated, "columns", KEYS)
    units = _units(marked, stated, columns)
    for key in ("time", "lat", "lon"):
        if key not in columns:
            marked.find(("columns",), f"names no column of {key}.", f"add `{key}`.")
    time = units.pop("time", None)
    identity = _one_of(marked, stated, "identity", _IDENTITIES) or "id"
    found = Layout(
        name="mapping",
        columns={key: (Use(name, units.get(key, "")),) for key, name in columns.items()},
        claims={name: key for key, name in _texts(marked, stated, "claims", None).items()},
        domain=_domain(marked, stated),
        identity=identity,
        ais=identity == "mmsi",
        clock=_format(time),
        errors=_errors(marked, stated),
        box=_box(marked, stated),
    )
    if marked.findings:
        raise CaseError(tuple(sorted(marked.findings)))
    return found


def _format(time: str | None) -> Format | None:
    return next((one for one in FORMATS if one == time), None)


def _domain(marked: Marked, stated: dict[str, Any]) -> Domain | None:
    name = _one_of(marked, stated, "domain", get_args(Domain))
    return next((one for one in DOMAINS if one == name), None)


def _only(marked: Marked, path: Path_, stated: dict[str, Any], known: Sequence[str]) -> None:
    for key in stated:
        if key not in known:
            mend = f"remove it; there are: {', '.join(known)}."
            marked.find((*path, key), "is not known.", mend)


def _part(
    marked: Marked, stated: dict[str, Any], key: str, known: Sequence[str] | None
) -> dict[str, Any]:
    part = stated.get(key)
    if part is None:
        return {}
    if not isinstance(part, dict):
        marked.find((key,), "is no mapping.", "write `key: value` for each.")
        return {}
    if known is not None:
        _only(marked, (key,), part, known)
    return part


def _texts(
    marked: Marked, stated: dict[str, Any], key: str, known: Sequence[str] | None
) -> dict[str, str]:
    found = {}
    for name, value in _part(marked, stated, key, known).items():
        if isinstance(value, bool | dict | list) or value in (None, ""):
            marked.find((key, name), "is no text.", "write the name of a column.")
        else:
            found[name] = str(value)
    return found


def _units(marked: Marked, stated: dict[str, Any], columns: dict[str, str]) -> dict[str, str]:
    found = _texts(marked, stated, "units", tuple(_UNITS))
    for key, unit in found.items():
        if key in _UNITS and unit not in _UNITS[key]:
            mend = f"write one of {', '.join(_UNITS[key])}."
            marked.find(("units", key), f"`{unit[:40]}` is no unit of it.", mend)
    for key in ("height", "geometric", "speed"):
        if key in columns and key not in found:
            mend = f"add `units: {{{key}: ...}}`, one of {', '.join(_UNITS[key])}."
            marked.find(("columns", key), "does not tell its unit.", mend)
    return found


def _one_of(marked: Marked, stated: dict[str, Any], key: str, known: Sequence[str]) -> str | None:
    value = stated.get(key)
    if value is not None and value not in known:
        marked.find((key,), "is not known.", f"write one of {', '.join(known)}.")
        return None
    return value


def _number(marked: Marked, path: Path_, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        marked.find(path, f"is no number from {low:g} to {high:g}.", "write such a number.")
        return math.nan
    return float(value)


def _errors(marked: Marked, stated: dict[str, Any]) -> dict[str, float]:
    part = _part(marked, stated, "errors", tuple(_ERRORS))
    return {
        _ERRORS[key]: _number(marked, ("errors", key), value, 0.0, 1e6)
        for key, value in part.items()
        if key in _ERRORS
    }


def _box(marked: Marked, stated: dict[str, Any]) -> Box | None:
    sides = {"south": 90.0, "north": 90.0, "west": 180.0, "east": 180.0}
    part = _part(marked, stated, "box", tuple(sides))
    if not part:
        return None
    found = {}
    for side, most in sides.items():
        found[side] = _number(marked, ("box", side), part.get(side), -most, most)
    if found["south"] > found["north"]:
        marked.find(("box",), "has its south above its north.", "exchange them.")
    return Box(**found)
