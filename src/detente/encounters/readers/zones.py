"""Areas by name: waters, airspaces and special areas as polygons, each with its source.

A zone says what its source draws, not what is so in law. Where two zones overlap, as where states
claim one area, both hold and nothing chooses between them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.encounters.readers.geojson import features
from detente.encounters.readers.objects import parsed
from detente.encounters.readers.source import Source
from detente.ground.errors import CaseError, Finding

_NAMES = ("name", "NAME", "id", "ID", "A3", "iso_a3", "ISO_A3", "IDENT")
_STATES = ("ISO_A2", "iso_a2", "ISO_A3", "iso_a3", "A3")
_DEGREE = math.radians(6371.0)  # kilometres
_POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Zone:
    """A named area; ``geometry`` is a shapely polygon in degrees (lon, lat), WGS 84.

    ``state`` is the ISO 3166 code, of two letters, of whom its source draws it for; else empty.
    """

    name: str
    geometry: Any
    source: str
    note: str = ""
    state: str = ""


def read_zones(source: Source, *, key: str | None = None, origin: str = "") -> tuple[Zone, ...]:
    """The polygons of a GeoJSON file.

    Parameters
    ----------
    source
        The file.
    key
        The property that names a zone; without it ``name``, ``id``, ``A3`` or ``IDENT``.
    origin
        Who drew them, as findings and pages tell it; a feature's own ``source`` goes before it, and
        the name of the file stands where there is neither.

    Raises
    ------
    CaseError
        With every finding: no GeoJSON, a feature that is no polygon, has no name, lies outside the
        globe or crosses itself.

    """
    from shapely.geometry import shape

    findings: list[Finding] = []
    zones = []
    for number, feature in enumerate(features(source, parsed(source)), start=1):
        said = feature.get("properties") or {}
        name = _name(said, key)
        place = f"features[{number - 1}]"

        def find(problem: str, mend: str, place: str = place) -> None:
            findings.append(Finding(source.file, 0, place, problem, mend))

        geometry = feature.get("geometry") or {}
        if geometry.get("type") not in _POLYGONS:
            find("is no polygon.", "keep polygons only.")
            continue
        if not name:
            find("has no name.", f"give it the property `{key or 'name'}`.")
        try:
            drawn = shape(geometry)
        except Exception as error:  # noqa: BLE001 (shapely raises of many kinds on odd lists)
            find(f"is no polygon: {error}.", "follow RFC 7946.")
            continue
        _check(drawn, find)
        own = str(said.get("source") or origin or source.file)
        zones.append(Zone(name, drawn, own, str(said.get("note") or ""), _state(said)))
    if not zones and not findings:
        findings.append(Finding(source.file, 0, "", "has no zone.", "add polygons."))
    if findings:
        raise CaseError(tuple(sorted(findings)))
    return tuple(zones)


@dataclass(frozen=True)
class Overlap:
    """Two zones that share an area, of so many square kilometres."""

    first: str
    second: str
    km2: float


def overlaps(zones: tuple[Zone, ...], *, over_km2: float = 10.0) -> tuple[Overlap, ...]:
    """The pairs of zones that share more than ``over_km2``: what is drawn, or claimed, twice.

    The area is that in degrees by the cosine of its latitude, on a sphere of 6,371 km.
    """
    from shapely import STRtree

    shapes = [zone.geometry for zone in zones]
    found = []
    for first, second in zip(*STRtree(shapes).query(shapes, "intersects"), strict=True):
        if first < second:
            shared = shapes[first].intersection(shapes[second])
            km2 = shared.area * _DEGREE**2 * math.cos(math.radians(shared.centroid.y or 0.0))
            if km2 > over_km2:
                found.append(Overlap(zones[first].name, zones[second].name, km2))
    return tuple(found)


def _name(said: Mapping[str, Any], key: str | None) -> str:
    names = (key,) if key is not None else _NAMES
    return next((str(said[name]) for name in names if said.get(name) not in (None, "")), "")


def _state(said: Mapping[str, Any]) -> str:
    """The code of two letters; those of three are aliases of it in the Unicode CLDR."""
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    codes = [str(said.get(name) or "").upper() for name in _STATES]
    found = (code if len(code) == 2 else "".join(aliases.get(code, ())) for code in codes)
    return next((code for code in found if len(code) == 2 and code.isalpha()), "")


def _check(drawn: Any, find: Any) -> None:
    from shapely import is_valid_reason

    west, south, east, north = drawn.bounds if not drawn.is_empty else (999, 0, 0, 0)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        find("is empty or lies outside the globe.", "write longitude before latitude, in degrees.")
    elif not drawn.is_valid:
        find(f"crosses itself: {is_valid_reason(drawn)}.", "draw each ring without crossings.")
