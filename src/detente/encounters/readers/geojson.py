"""Tracks in GeoJSON (RFC 7946), where each position has a time.

A line has its times beside it (``coordTimes``, ``times`` or ``coordinateProperties.times``, one for
each position), a point has ``time`` or ``timestamp``. A third number is metres of height. Craft are
told by ``id``, ``mmsi``, ``icao24`` or ``name``, and move where ``domain`` or the options say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from detente.encounters.fixes import Fixes
from detente.encounters.readers.columns import Reader
from detente.encounters.readers.gather import Gather, Options, counted
from detente.encounters.readers.layouts import Layout, Use, with_domain
from detente.encounters.readers.objects import parsed
from detente.encounters.readers.source import Source
from detente.encounters.results import Reading

KINDS = ("Feature", "FeatureCollection", "GeometryCollection")
_NAMES = ("id", "mmsi", "icao24", "name")
_TIMES = ("coordTimes", "times", "timestamps")
_TIME = ("time", "timestamp", "datetime")
_COLUMNS = ("row", "id", "domain", "time", "lat", "lon", "height", "name", "type")


def is_geojson(value: Any) -> bool:
    """Whether a JSON value is GeoJSON."""
    return isinstance(value, dict) and value.get("type") in (*KINDS, "LineString", "Point")


def read_geojson(source: Source, options: Options, value: Any = None) -> tuple[Fixes, Reading]:
    """The fixes of a GeoJSON file; a row is a position, counted from 1.

    Raises
    ------
    CaseError
        Where it is no GeoJSON, a line has another number of times than of positions, it does not
        tell where craft move, or nothing in it has a time.

    """
    value = parsed(source) if value is None else value
    others: Counter[str] = Counter()
    rows = list(_rows(source, value, others))
    if not rows:
        told = counted(others) or "nothing"
        source.stop(f"has no position with a time ({told}).", "add `coordTimes` or `time`.")
    texts = dict.fromkeys(_COLUMNS[1:], pl.String)
    numbers = dict.fromkeys(("lat", "lon", "height"), pl.Float64)
    schema = {"row": pl.Int64, **texts, **numbers}
    cells = pl.DataFrame(rows, schema=schema, orient="row", strict=False)
    columns = {name: (Use(name),) for name in ("id", "time", "lat", "lon", "height")}
    if cells["domain"].null_count() < cells.height and options.domain is None:
        columns["domain"] = (Use("domain"),)
    claims = {"name": "name", "type": "type"}
    layout = with_domain(source, Layout("geojson", columns, claims), options.domain)
    gather = Gather(source, "geojson", options, None)
    reader = Reader(source, layout, "barometric")
    gather.add(reader.frame(cells), layout.domain, "id")
    if others:
        gather.tell("other-elements", counted(others))
    for column, clock in reader.clocks.items():
        gather.tell("time-format", f"{column}: {clock.format}")
        if not clock.zoned:
            gather.tell("no-zone-utc", column)
    return gather.done()


def features(source: Source, value: Any) -> Iterator[Mapping[str, Any]]:
    """The features of a GeoJSON value; a bare geometry is one without properties."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "FeatureCollection":
        listed = value.get("features")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            source.stop("has no list of features.", "write `features: [...]`.")
        yield from listed
    elif kind == "Feature":
        yield value
    elif kind is not None and ("coordinates" in value or "geometries" in value):
        yield {"type": "Feature", "properties": {}, "geometry": value}
    else:
        source.stop("is no GeoJSON.", "begin with a FeatureCollection.")


def _rows(source: Source, value: Any, others: Counter[str]) -> Iterator[tuple[Any, ...]]:
    row = 0
    for number, feature in enumerate(features(source, value), start=1):
        geometry, said = feature.get("geometry") or {}, feature.get("properties") or {}
        if not isinstance(geometry, dict) or not isinstance(said, dict):
            source.stop(f"has a feature ({number}) that is none.", "follow RFC 7946.")
        name = next((said[key] for key in _NAMES if said.get(key) is not None), None)
        if name is None:
            name = feature.get("id", f"track {number}")
        own = (str(name), _text(said.get("domain")))
        claims = (_text(said.get("name")), _text(said.get("type")))
        kind = str(geometry.get("type"))
        lines = _lines(kind, geometry.get("coordinates"), said)
        if lines is None:
            others[kind] += 1
            continue
        for positions, times in lines:
            if len(positions) != len(times):
                problem = (
                    f"has {len(times)} times for {len(positions)} positions in `{own[0][:40]}`."
                )
                source.stop(problem, "give each position one time.", key="coordTimes")
            for place, time in zip(positions, times, strict=True):
                row += 1
                yield (row, *own, _text(time), *_place(place), *claims)


def _lines(
    kind: str, coordinates: Any, said: Mapping[str, Any]
) -> list[tuple[Sequence[Any], Sequence[Any]]] | None:
    """Positions and times of each line; None where the geometry has no times."""
    if kind == "Point":
        time = next((said[key] for key in _TIME if said.get(key) is not None), None)
        return None if time is None else [([coordinates], [time])]
    beside = said.get("coordinateProperties")
    nested = beside.get("times") if isinstance(beside, dict) else None
    times = next((said[key] for key in _TIMES if said.get(key) is not None), nested)
    if not isinstance(times, list) or not isinstance(coordinates, list):
        return None
    if kind == "LineString":
        return [(coordinates, times)]
    if kind == "MultiLineString" and all(isinstance(line, list) for line in coordinates):
        if len(times) == len(coordinates) and all(isinstance(part, list) for part in times):
            return list(zip(coordinates, times, strict=True))
        return [([place for line in coordinates for place in line], times)]
    return None


def _place(place: Any) -> tuple[Any, Any, Any]:
    """Latitude, longitude and height of a position, None what is no number."""
    listed = place if isinstance(place, list) else []
    found = [
        float(one) if isinstance(one, int | float) and not isinstance(one, bool) else None
        for one in [*listed[:3], None, None, None][:3]
    ]
    return found[1], found[0], found[2]


def _text(value: Any) -> str | None:
    return None if value is None or isinstance(value, dict | list) else str(value)
