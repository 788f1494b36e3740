"""Tracks that a person enters from a report: who says where a craft was, and how surely.

Every fix states how wrong place, height and instant may be; an account of a flight deck is worth
little as a point and much as a disc. As CSV, one fix a row, or as YAML, where a track states once
what holds for all its fixes:

.. code-block:: yaml

    format: detente/tracks/1
    tracks:
      - id: Su-24 first
        domain: air
        source: press release of 13 April
        says: ministry of defence
        claims: {type: Su-24}
        error_m: 2000
        clock_error_s: 120
        fixes:
          - {time: 2016-04-12T15:00:00Z, lat: 55.1, lon: 19.2, height_m: 100, height_error_m: 50}
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from detente.encounters.fixes import Fixes, fixes
from detente.encounters.readers.instants import LAST, Unreadable, recognised
from detente.encounters.readers.source import Source
from detente.encounters.results import Reading, Told
from detente.encounters.tracks import DOMAINS, Claim, Craft, Domain
from detente.ground.errors import CaseError
from detente.ground.text import Marked, Path_, Table, parse_csv, parse_yaml, read_text, scalar

FORMAT = "detente/tracks/1"
COLUMNS = ("id", "domain", "source", "says", "time", "lat", "lon", "height_m")
BOUNDS = ("error_m", "height_error_m", "clock_error_s")
CLAIMS = ("name", "type", "callsign", "mmsi", "icao24", "registration", "operator", "country")
_TRACK = ("id", "domain", "source", "says", "claims", "fixes", *BOUNDS)
_FIX = ("time", "lat", "lon", "height_m", *BOUNDS)
_HEAD = 2000
_YAML = re.compile(r"^format:", re.MULTILINE)
_MOST = {"error_m": 1e6, "height_error_m": 3e4, "clock_error_s": 1e6}


@dataclass
class _Fix:
    """One fix as it is entered, and where."""

    path: Path_
    said: Mapping[str, Any]
    claims: tuple[Claim, ...]


def is_told(head: str) -> bool:
    """Whether a text begins as a file of entered tracks."""
    lines = (line.strip() for line in head.splitlines()[:20])
    first = next((line for line in lines if line and not line.startswith("# ")), "")
    if FORMAT in head[:_HEAD]:
        return True
    return {"error_m", "source", "says"} <= {one.strip().strip('"') for one in first.split(",")}


def read_told(source: Source, name: str = "") -> tuple[Fixes, Reading]:
    """The fixes in a file of entered tracks, all of them or none.

    ``name`` is that of the source in the fixes, the file's own where it is empty.

    Raises
    ------
    CaseError
        With every finding: unknown or missing keys, times and numbers that are none, a fix without
        a bound on its error or without one who says it, two fixes of a craft at one instant.

    """
    marked = Marked(source.file)
    text = read_text(source.path.parent, source.file, marked)
    if text is None:
        raise CaseError(tuple(sorted(marked.findings)))
    table = _YAML.search(text[:_HEAD]) is None
    told = list(_of_csv(parse_csv(text, marked)) if table else _of_yaml(parse_yaml(text, marked)))
    if not told and not marked.findings:
        marked.find((), "has no fix.", "enter at least one.")
    found = _fixes(marked, told, name or source.file)
    if marked.findings or found is None:
        raise CaseError(tuple(sorted(marked.findings)))
    return found, _reading(source, found, told)


def _of_csv(marked: Marked) -> Iterator[_Fix]:
    if not isinstance(marked.value, Table):
        return
    table = marked.value
    known = (*COLUMNS, *BOUNDS, *CLAIMS)
    for column in table.columns:
        if column not in known:
            mend = f"remove it; there are: {', '.join(known)}."
            marked.find_at(1, column, "is not known.", mend)
    for index, row in enumerate(table.rows):
        said = {name: scalar(cell.strip(), plain=name != "id") for name, cell in row.items()}
        says = f"{row.get('source', '').strip()}: {row.get('says', '').strip()}"
        claims = (Claim(key, row[key].strip(), says) for key in CLAIMS if row.get(key, "").strip())
        yield _Fix((index,), said, tuple(claims))


def _of_yaml(marked: Marked) -> Iterator[_Fix]:
    value = marked.value
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        if not marked.findings:
            marked.find((), "is not known.", f"begin with `format: {FORMAT}`.")
        return
    _only(marked, (), value, ("format", "tracks"))
    for number, track in enumerate(_list(marked, (), value, "tracks")):
        path: Path_ = ("tracks", number)
        if not isinstance(track, dict):
            marked.find(path, "is no mapping.", "write `id: ...` and so on.")
            continue
        _only(marked, path, track, _TRACK)
        listed = track.get("claims")
        listed = listed if isinstance(listed, dict) else {}
        _only(marked, (*path, "claims"), listed, CLAIMS)
        says = f"{track.get('source')}: {track.get('says')}"
        claims = tuple(Claim(key, str(one), says) for key, one in listed.items() if key in CLAIMS)
        shared = {key: one for key, one in track.items() if key not in ("claims", "fixes")}
        for place, fix in enumerate(_list(marked, path, track, "fixes")):
            own: Path_ = (*path, "fixes", place)
            if isinstance(fix, dict):
                _only(marked, own, fix, _FIX)
                yield _Fix(own, {**shared, **fix}, claims)
            else:
                marked.find(own, "is no mapping.", "write `{time: ..., lat: ..., lon: ...}`.")


def _only(marked: Marked, path: Path_, said: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in said:
        if key not in known:
            marked.find((*path, key), "is not known.", f"remove it; there are: {', '.join(known)}.")


def _list(marked: Marked, path: Path_, said: Mapping[str, Any], key: str) -> list[Any]:
    value = said.get(key)
    if isinstance(value, list) and value:
        return value
    marked.find((*path, key), "is no list with at least one entry.", "add one.")
    return []


def _fixes(marked: Marked, told: list[_Fix], source: str) -> Fixes | None:
    names = ("seconds", "lat", "lon", "height", "error", "height_error", "clock_error")
    columns: dict[str, list[float]] = {name: [] for name in names}
    places: dict[tuple[str, str], int] = {}
    claims: list[dict[Claim, None]] = []
    seen: dict[tuple[int, float], int] = {}
    track, rows = [], []
    for fix in told:
        domain, name = (_text(marked, fix, key) for key in ("domain", "id"))
        for key in ("source", "says"):
            _text(marked, fix, key)
        if domain and domain not in DOMAINS:
            mend = f"write one of {', '.join(DOMAINS)}."
            marked.find((*fix.path, "domain"), f"`{domain[:40]}` is no domain.", mend)
        for key, value in zip(names, _numbers(marked, fix), strict=True):
            columns[key].append(value)
        place = places.setdefault((domain, name), len(places))
        if place == len(claims):
            claims.append({})
        says = Claim("reported-by", str(fix.said.get("says")), str(fix.said.get("source")))
        claims[place].update(dict.fromkeys((says, *fix.claims)))
        track.append(place)
        rows.append(marked.line(fix.path))
        instant = (place, columns["seconds"][-1])
        before = seen.setdefault(instant, rows[-1])
        if before != rows[-1] and not math.isnan(instant[1]):
            told_before = f"is at the instant of line {before} of the same craft."
            marked.find(fix.path, told_before, "give accounts that differ their own id.")
    if marked.findings or not told:
        return None
    craft = [
        Craft(name, cast("Domain", domain), tuple(claims[place]))
        for (domain, name), place in places.items()
    ]
    return fixes(craft, source, {**columns, "track": track, "row": rows})


def _text(marked: Marked, fix: _Fix, key: str) -> str:
    value = fix.said.get(key)
    if value in (None, "") or isinstance(value, dict | list):
        marked.find((*fix.path, key), "is missing.", f"write {key}.")
        return ""
    return str(value)


def _numbers(marked: Marked, fix: _Fix) -> tuple[float, ...]:
    """The numbers of a fix in the order of the arrays."""
    height = fix.said.get("height_m")
    has_height = height not in (None, "")
    return (
        _seconds(marked, fix),
        _number(marked, fix, "lat", -90, 90),
        _number(marked, fix, "lon", -180, 180),
        _number(marked, fix, "height_m", -500, 100_000) if has_height else math.nan,
        _number(marked, fix, "error_m", 0, _MOST["error_m"]),
        _number(marked, fix, "height_error_m", 0, _MOST["height_error_m"])
        if has_height
        else math.nan,
        _number(marked, fix, "clock_error_s", 0, _MOST["clock_error_s"]),
    )


def _number(marked: Marked, fix: _Fix, key: str, low: float, high: float) -> float:
    value = fix.said.get(key)
    path = (*fix.path, key)
    if value in (None, ""):
        mend = "say how wrong it may be." if key in BOUNDS else f"write a number as {key}."
        marked.find(path, "is missing.", mend)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        marked.find(path, f"`{str(value)[:40]}` is no number.", "write a number.")
    elif not low <= value <= high:
        marked.find(path, f"{value:g} is off the scale.", f"keep it between {low:g} and {high:g}.")
    else:
        return float(value)
    return math.nan


def _seconds(marked: Marked, fix: _Fix) -> float:
    text = pl.Series([str(fix.said.get("time") or "")])
    try:
        found = recognised(text, "iso").seconds(text)[0]
    except Unreadable:
        found = None
    if found is None or not 0 <= found < LAST:
        mend = "write it as 2016-04-12T15:00:00Z."
        marked.find((*fix.path, "time"), "is no time.", mend)
        return math.nan
    return float(found)


def _reading(source: Source, found: Fixes, told: list[_Fix]) -> Reading:
    zoned = all(
        str(fix.said["time"]).endswith(("Z", "z")) or "+" in str(fix.said["time"]) for fix in told
    )
    return Reading(
        file=source.file,
        layout="entered",
        rows=len(found),
        kept=len(found),
        craft=len(found.craft),
        start=float(found.seconds.min()),
        end=float(found.seconds.max()),
        refused=(),
        told=() if zoned else (Told("no-zone-utc", "time"),),
    )
