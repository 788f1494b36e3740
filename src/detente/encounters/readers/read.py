"""A file of tracks in any format, told by what it holds and not by its name."""

from __future__ import annotations

import re
from pathlib import Path

from detente.encounters.fixes import Fixes
from detente.encounters.readers.gather import Options
from detente.encounters.readers.source import PARQUET, Limits, Source
from detente.encounters.results import Reading

_SENTENCE = re.compile(rb"^[^\n]*!(AI|AB|BS|AN|AR|AS|AT|AX|SA)VD[MO],", re.MULTILINE)


def read_tracks(
    path: Path, options: Options | None = None, limits: Limits | None = None
) -> tuple[Fixes, Reading]:
    """The fixes of a file, plain or packed with gzip or Zstandard, and what became of its rows.

    Tables (CSV, Parquet, JSON), AIS sentences, GPX, GeoJSON, encounters of DAIDALUS, and tracks
    entered by hand.

    Raises
    ------
    CaseError
        With every finding where it cannot be read.
    StoreError
        Where the machine does not give it.

    """
    source, options = Source(path, limits or Limits()), options or Options()
    head = source.check()
    if head.startswith(PARQUET):
        from detente.encounters.readers.table import read_parquet

        return read_parquet(source, options)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return _json(source, options)
    if start.startswith(b"<"):
        from detente.encounters.readers.gpx import read_gpx

        return read_gpx(source, options)
    if _SENTENCE.search(head):
        from detente.encounters.readers.nmea import read_nmea

        return read_nmea(source, options)
    return _text(source, options, start.decode("utf-8", "replace"))


def _json(source: Source, options: Options) -> tuple[Fixes, Reading]:
    from detente.encounters.readers.geojson import is_geojson, read_geojson
    from detente.encounters.readers.objects import from_value, parsed

    value = parsed(source)
    if is_geojson(value):
        return read_geojson(source, options, value)
    return from_value(source, options, value)


def _text(source: Source, options: Options, head: str) -> tuple[Fixes, Reading]:
    from detente.encounters.readers.daa import is_daa, read_daa
    from detente.encounters.readers.table import read_csv
    from detente.encounters.readers.told import is_told, read_told

    if is_told(head):
        return read_told(source, options.source)
    if is_daa(head):
        return read_daa(source, options)
    return read_csv(source, options)
