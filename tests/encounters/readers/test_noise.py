"""Broken bytes of any kind: a finding or an account, nothing else."""

import gzip

import numpy as np
import polars as pl
import pytest

from detente.encounters.readers.gather import Options
from detente.encounters.readers.read import read_tracks
from detente.ground.errors import CaseError

ROWS = "".join(f"219000001,2022-01-03T00:00:{n:02d}Z,55.{n},12.0,SHIP {n}\n" for n in range(40))
CSV = f"mmsi,time,lat,lon,name\n{ROWS}".encode()
JSON = b'[{"icao24": "4b1234", "timestamp": 1641168000, "latitude": 47.0, "longitude": 8}]'
GPX = (
    b"<gpx><trk><trkseg><trkpt lat='55' lon='12'><time>2022-01-03T00:00:00Z</time></trkpt>"
    b"</trkseg></trk></gpx>"
)
NMEA = b"1641168000 !AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\n" * 5
TOLD = (
    b"format: detente/tracks/1\ntracks:\n  - {id: a, domain: sea, source: s, says: t, error_m: 9, "
    b"clock_error_s: 1, fixes: [{time: 2016-04-12T15:00:00Z, lat: 55.1, lon: 19.2}]}\n"
)
DAA = b"NAME,lat,lon,alt,time\n[none],[deg],[deg],[ft],[s]\na,40.0,-74.0,1000.0,0.0\n"


def parquet(folder):
    pl.read_csv(CSV).write_parquet(folder / "whole")
    return (folder / "whole").read_bytes()


@pytest.mark.parametrize("kind", ["csv", "json", "gpx", "nmea", "told", "daa", "gzip", "parquet"])
def test_changed_bytes_raise_nothing_else(tmp_path, kind):
    whole = {
        "csv": CSV,
        "json": JSON,
        "gpx": GPX,
        "nmea": NMEA,
        "told": TOLD,
        "daa": DAA,
        "gzip": gzip.compress(CSV),
        "parquet": parquet(tmp_path),
    }[kind]
    rng = np.random.default_rng(len(kind))
    path, read = tmp_path / "a", 0
    path.write_bytes(whole)
    assert len(read_tracks(path, Options(domain="sea"))[0]) > 0
    for _ in range(60):
        raw = bytearray(whole)
        for place in rng.integers(0, len(raw), rng.integers(1, 4)):
            raw[place] = rng.integers(0, 256)
        if rng.random() < 0.3:
            del raw[rng.integers(0, len(raw)) :]
        path.write_bytes(bytes(raw))
        try:
            found, reading = read_tracks(path, Options(domain="sea"))
        except CaseError:
            continue
        read += 1
        assert reading.rows == reading.kept + sum(one.count for one in reading.refused)
        assert reading.kept == len(found)
        assert np.isfinite([found.seconds, found.lat, found.lon]).all()
    assert kind in ("gzip", "parquet", "json", "gpx", "told") or read > 0
