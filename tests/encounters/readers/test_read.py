"""Real files, against counts that were made without these readers."""

import csv
import gzip
import json

import numpy as np
import pytest

from detente.encounters.readers.gather import Options
from detente.encounters.readers.read import read_tracks

pytestmark = pytest.mark.conformance


@pytest.fixture
def tracks(shared_data):
    return shared_data / "tracks"


def test_marinecadastre_row_by_row(tracks):
    path = tracks / "marinecadastre-20220103" / "ais_20220103_first99999.csv.gz"
    found, reading = read_tracks(path)
    with gzip.open(path, "rt") as stream:
        rows = list(csv.DictReader(stream))
    stations = [row for row in rows if len(row["MMSI"]) == 7 or row["MMSI"].startswith(("0", "99"))]
    assert reading.rows == len(rows) == 99_999
    assert {one.reason: one.count for one in reading.refused} == {"no-track": len(stations)}
    for place in range(0, len(found), 997):
        row = rows[found.row[place] - 2]
        assert found.craft[found.track[place]].id == row["MMSI"]
        assert (found.lat[place], found.lon[place]) == (float(row["LAT"]), float(row["LON"]))
    military = [
        craft.id
        for craft in found.craft
        if any(claim.key == "ship-type" and claim.value == "35" for claim in craft.claims)
    ]
    assert len(military) == 13


@pytest.mark.parametrize(
    ("name", "craft"), [("switzerland", 842), ("zurich_airport", 10), ("tour_de_france", 2)]
)
def test_samples_of_traffic(tracks, name, craft):
    path = tracks / "traffic-samples" / f"{name}.json.gz"
    found, reading = read_tracks(path)
    records = json.loads(gzip.decompress(path.read_bytes()))
    placed = [one for one in records if one["latitude"] is not None]
    assert (reading.rows, len(found), reading.craft) == (len(records), len(placed), craft)
    assert np.array_equal(found.seconds, [one["timestamp"] / 1000 for one in placed])
    feet = np.array([np.nan if one["altitude"] is None else one["altitude"] for one in placed])
    assert found.height == pytest.approx(feet * 0.3048, nan_ok=True)


def test_satellite_table_and_sentences_decode(tracks):
    folder = tracks / "aisdb-testdata"
    table, reading = read_tracks(folder / "test_data_20210701.csv.gz")
    assert reading.layout == "aisdb"
    assert table.seconds.min() >= 1625097600  # all of 1 July 2021
    assert table.seconds.max() < 1625184000
    sentences, reading = read_tracks(folder / "test_data_20211101.nm4")
    assert reading.layout == "nmea"
    assert len(sentences) == 909
    assert {one.reason for one in reading.refused} == {"no-track", "no-position"}


@pytest.mark.parametrize(
    "name",
    [
        "plane-alert-mil/plane-alert-mil.csv",
        "firs-eurocontrol/eurofirs.json",
        "degas-wellclear/Headon.mat",
        "bluesky-scenarios/ASAS-01.scn",
        "daidalus/DaidalusAlerting-sum.gold.csv",
        "daidalus/H0.txt",
        "daidalus/DO_365B_SUM.conf",
    ],
)
def test_other_files_are_told_as_none_of_tracks(tracks, name):
    from detente.ground.errors import CaseError

    with pytest.raises(CaseError) as caught:
        read_tracks(tracks / name, Options(domain="air"))
    assert len(caught.value.findings) == 1
