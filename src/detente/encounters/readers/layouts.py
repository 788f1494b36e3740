"""What the columns of well-known tables mean, and how a table is recognised by its names.

Sources of the names: MarineCadastre.gov data dictionary of vessel traffic data (2018 and 2025);
Danish Maritime Authority, "Description of the AIS data"; OpenSky Network, state vectors and the
REST interface; `traffic`, names of its data frames; AISdb, exported tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from detente.encounters.readers.instants import Format
from detente.encounters.readers.source import Source
from detente.encounters.tracks import Domain

METRES = {"m": 1.0, "ft": 0.3048, "km": 1000.0, "FL": 30.48, "nmi": 1852.0}
SPEEDS = {"m/s": 1.0, "kn": 1852 / 3600, "km/h": 1 / 3.6, "mph": 0.44704, "ft/s": 0.3048}

KEYS = (
    "id",
    "time",
    "lat",
    "lon",
    "height",
    "geometric",
    "course",
    "speed",
    "error",
    "height_error",
    "clock_error",
    "nacp",
    "nic",
    "on_ground",
    "domain",
    "kind",
    "accuracy",
)


@dataclass(frozen=True)
class Use:
    """A column, by its name in the file, and the unit of its numbers."""

    column: str
    unit: str = ""


@dataclass(frozen=True)
class Box:
    """Where a table says its fixes lie; west of east, or across the antimeridian."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True)
class Layout:
    """How one table is read: the columns of each key, most wanted first, and what is fixed.

    ``identity`` is what names a craft: ``mmsi``, ``icao24`` or ``id``. ``errors`` bound every fix,
    by the names of the arrays of `Fixes`. In ``ais`` some values stand for "not available".
    """

    name: str
    columns: Mapping[str, tuple[Use, ...]]
    claims: Mapping[str, str] = field(default_factory=dict)
    domain: Domain | None = None
    identity: str = "id"
    ais: bool = False
    clock: Format | None = None
    errors: Mapping[str, float] = field(default_factory=dict)
    box: Box | None = None


@dataclass(frozen=True)
class _Known:
    """A well-known table: it has all ``marks``; names are as `_plain` gives them."""

    name: str
    domain: Domain
    identity: str
    marks: frozenset[str]
    columns: tuple[tuple[str, str, str], ...]  # key, name, unit
    claims: Mapping[str, str]
    clock: Format | None = None


_VESSEL = {
    "vesselname": "name",
    "vessel_name": "name",
    "name": "name",
    "imo": "imo",
    "callsign": "callsign",
    "call_sign": "callsign",
    "vesseltype": "ship-type",
    "vessel_type": "ship-type",
    "ship_type": "ship-type",
    "length": "length",
    "width": "width",
}
_AIRCRAFT = {"callsign": "callsign", "squawk": "squawk", "registration": "registration"}
_KNOWN = (
    _Known(
        "marinecadastre",
        "sea",
        "mmsi",
        frozenset({"mmsi", "basedatetime", "lat", "lon"}),
        (
            ("id", "mmsi", ""),
            ("time", "basedatetime", ""),
            ("lat", "lat", ""),
            ("lon", "lon", ""),
            ("speed", "sog", "kn"),
            ("course", "cog", ""),
        ),
        _VESSEL,
    ),
    _Known(
        "marinecadastre-2025",
        "sea",
        "mmsi",
        frozenset({"mmsi", "base_date_time", "latitude", "longitude"}),
        (
            ("id", "mmsi", ""),
            ("time", "base_date_time", ""),
            ("lat", "latitude", ""),
            ("lon", "longitude", ""),
            ("speed", "sog", "kn"),
            ("course", "cog", ""),
        ),
        _VESSEL,
    ),
    _Known(
        "danish-ais",
        "sea",
        "mmsi",
        frozenset({"timestamp", "type_of_mobile", "mmsi", "latitude", "longitude"}),
        (
            ("id", "mmsi", ""),
            ("time", "timestamp", ""),
            ("lat", "latitude", ""),
            ("lon", "longitude", ""),
            ("speed", "sog", "kn"),
            ("course", "cog", ""),
            ("kind", "type_of_mobile", ""),
        ),
        _VESSEL,
        "day-first",
    ),
    _Known(
        "aisdb",
        "sea",
        "mmsi",
        frozenset({"mmsi", "message_id", "time", "longitude", "latitude"}),
        (
            ("id", "mmsi", ""),
            ("time", "time", ""),
            ("lat", "latitude", ""),
            ("lon", "longitude", ""),
            ("speed", "sog", "kn"),
            ("course", "cog", ""),
            ("accuracy", "accuracy", ""),
            ("kind", "message_id", ""),
        ),
        _VESSEL,
        "compact",
    ),
    _Known(
        "opensky",
        "air",
        "icao24",
        frozenset({"time", "icao24", "lat", "lon", "velocity"}),
        (
            ("id", "icao24", ""),
            ("time", "lastposupdate", ""),  # of the position itself; `time` is of the whole row
            ("time", "time", ""),
            ("lat", "lat", ""),
            ("lon", "lon", ""),
            ("height", "baroaltitude", "m"),
            ("geometric", "geoaltitude", "m"),
            ("speed", "velocity", "m/s"),
            ("course", "heading", ""),
            ("on_ground", "onground", ""),
        ),
        _AIRCRAFT,
    ),
    _Known(
        "traffic",
        "air",
        "icao24",
        frozenset({"timestamp", "icao24", "latitude", "longitude", "altitude"}),
        (
            ("id", "icao24", ""),
            ("time", "timestamp", ""),
            ("lat", "latitude", ""),
            ("lon", "longitude", ""),
            ("height", "altitude", "ft"),
            ("geometric", "geoaltitude", "ft"),
            ("speed", "groundspeed", "kn"),
            ("course", "track", ""),
            ("on_ground", "onground", ""),
            ("nacp", "nacp", ""),
            ("nacp", "nac_p", ""),
            ("nic", "nic", ""),
        ),
        _AIRCRAFT,
    ),
)

_GENERIC: dict[str, tuple[tuple[str, str], ...]] = {  # key: names and units, most wanted first
    "id": (
        *((name, "") for name in ("mmsi", "icao24", "icao", "hex", "track_id", "id", "craft")),
        *((name, "") for name in ("callsign", "name")),
    ),
    "time": tuple(
        (name, "") for name in ("time", "timestamp", "datetime", "date_time", "time_utc", "t")
    ),
    "lat": (("lat", ""), ("latitude", ""), ("lat_deg", "")),
    "lon": (("lon", ""), ("longitude", ""), ("lng", ""), ("long", ""), ("lon_deg", "")),
    "height": (
        *((f"{name}_{unit}", unit) for name in ("height", "altitude", "alt") for unit in METRES),
        ("baroaltitude", "m"),
        ("flight_level", "FL"),
        ("ele", "m"),
    ),
    "geometric": (("geoaltitude", "m"), ("geo_altitude_m", "m"), ("geo_altitude_ft", "ft")),
    "course": tuple((name, "") for name in ("course", "course_deg", "cog", "track", "track_deg")),
    "speed": (
        ("speed_kn", "kn"),
        ("speed_ms", "m/s"),
        ("speed_kmh", "km/h"),
        ("sog", "kn"),
        ("groundspeed", "kn"),
    ),
    "error": (("error_m", "m"), ("accuracy_m", "m"), ("epu", "m")),
    "height_error": (("height_error_m", "m"),),
    "clock_error": (("clock_error_s", ""),),
    "nacp": (("nacp", ""), ("nac_p", "")),
    "nic": (("nic", ""),),
    "on_ground": (("on_ground", ""), ("onground", "")),
    "domain": (("domain", ""),),
}
_BARE = ("altitude", "alt", "height", "elevation")
_IDENTITY = {"mmsi": "mmsi", "icao24": "icao24", "icao": "icao24", "hex": "icao24"}
_DOMAIN: dict[str, Domain] = {"mmsi": "sea", "icao24": "air"}


def layout_of(source: Source, names: Sequence[str]) -> Layout:
    """The layout of a table with columns ``names``.

    Raises
    ------
    CaseError
        Where it has no column of time or place, or a height without a unit.

    """
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    for known in _KNOWN:
        if known.marks <= plain.keys():
            return _known(known, plain)
    return _generic(source, names, plain)


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lstrip("#$").strip().lower())


def _known(known: _Known, plain: Mapping[str, str]) -> Layout:
    columns: dict[str, tuple[Use, ...]] = {}
    for key, name, unit in known.columns:
        if name in plain:
            columns[key] = (*columns.get(key, ()), Use(plain[name], unit))
    return Layout(
        name=known.name,
        columns=columns,
        claims={plain[name]: key for name, key in known.claims.items() if name in plain},
        domain=known.domain,
        identity=known.identity,
        ais=known.domain == "sea",
        clock=known.clock,
    )


def _generic(source: Source, names: Sequence[str], plain: Mapping[str, str]) -> Layout:
    columns: dict[str, tuple[Use, ...]] = {}
    identity = "id"
    for key, known in _GENERIC.items():
        found = next(((name, unit) for name, unit in known if name in plain), None)
        if found is not None:
            columns[key] = (Use(plain[found[0]], found[1]),)
            identity = _IDENTITY.get(found[0], identity) if key == "id" else identity
    missing = [key for key in ("time", "lat", "lon") if key not in columns]
    if missing:
        problem = f"has no column of {', '.join(missing)} by a known name."
        told = ", ".join(name[:40] for name in names[:12])
        source.stop(problem, f"rename columns or give a mapping; there are: {told}.", line=1)
    bare = next((plain[name] for name in _BARE if name in plain), None)
    if bare is not None and "height" not in columns:
        mend = f"name it {bare}_m or {bare}_ft, or state its unit in a mapping."
        source.stop("does not tell its unit.", mend, line=1, key=bare)
    used = {use.column for uses in columns.values() for use in uses}
    own = {"registration": "registration", "operator": "operator", "type": "type", **_VESSEL}
    return Layout(
        name="table",
        columns=columns,
        claims={plain[n]: key for n, key in own.items() if n in plain and plain[n] not in used},
        domain=_DOMAIN.get(identity),
        identity=identity,
        ais=identity == "mmsi",
    )


def with_domain(source: Source, layout: Layout, domain: Domain | None) -> Layout:
    """The layout where craft move in ``domain``; `CaseError` where nothing tells where."""
    found = domain or layout.domain
    if found is None and "domain" not in layout.columns:
        mend = "state sea, air or land, as an option, a column `domain` or in a mapping."
        source.stop("does not tell where the craft move.", mend)
    return replace(layout, domain=found)
