"""`detente screen` on real tracks and published scenarios: counts that others found."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import math

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from detente.cli.main import cli
from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.search import search
from detente.encounters.clean import Rules, clean
from detente.encounters.tracks import Craft

pytestmark = pytest.mark.conformance

MILE = 1852.0


def seconds(text):
    """An instant of the JSON in seconds since 1970."""
    return dt.datetime.fromisoformat(text).timestamp()


def screen(*arguments):
    """The JSON that a screening prints."""
    done = CliRunner().invoke(cli, ["screen", *(str(one) for one in arguments), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def pairs(found, *, lasting=False):
    """The pairs of craft of the encounters, or of those that lasted."""
    encounters = [one["encounter"] for one in found["encounters"]]
    return {
        frozenset((one["a"], one["b"]))
        for one in encounters
        if not lasting or any(part["start"] < part["end"] for part in one["passes"])
    }


@pytest.mark.parametrize(("until", "count"), [("12:30", 8), ("14:00", 26)])
def test_swiss_pairs_under_separation(shared_data, until, count):
    # traffic, tests/test_cpa.py, and every pair once a second: 8 and 26.
    found = screen(
        shared_data / "tracks" / "traffic-samples" / "switzerland.json.gz",
        "--window", "2018-08-01T12:00Z", f"2018-08-01T{until}Z", "--judge", "0",
    )  # fmt: skip
    assert len(pairs(found)) == count


def test_the_swiss_day(shared_data):
    # Once a second there are 160 pairs; in continuous time four more dip below 1,000 ft for less
    # than a second, and one is 5 nm apart on a globe but not on the ellipsoid.
    path = shared_data / "tracks" / "traffic-samples" / "switzerland.json.gz"
    found = screen(path, "--judge", "0")
    assert len(pairs(found)) == 163
    over_a_whole_second = {
        frozenset((one["encounter"]["a"], one["encounter"]["b"]))
        for one in found["encounters"]
        if any(
            math.floor(seconds(part["start"])) + 1 < seconds(part["end"])
            for part in one["encounter"]["passes"]
        )
    }
    assert abs(len(over_a_whole_second) - 160) <= 2  # those that touch a second at its border


def test_in_parts_as_in_memory(shared_data, tmp_path):
    path = shared_data / "tracks" / "traffic-samples" / "switzerland.json.gz"
    whole = screen(path, "--judge", "3")
    parts = screen(path, "--judge", "3", "--work", tmp_path, "--workers", "1")
    assert whole == parts


def test_ground_traffic_raises_no_encounter(shared_data):
    path = shared_data / "tracks" / "traffic-samples" / "zurich_airport.json.gz"
    found = screen(path)
    rows = json.loads(gzip.decompress(path.read_bytes()))
    on_ground = sum(bool(row.get("onground")) and row["latitude"] is not None for row in rows)
    assert found["grounded"] == on_ground > 10_000
    assert found["encounters"] == []


def american(folder):
    return next((folder / "tracks" / "marinecadastre-20220103").glob("*.csv.gz"))


@pytest.mark.long
def test_american_ships(shared_data):
    # 17,256 pairs on a map of degrees, 17,228 on the ellipsoid, of which 18 are with stations and
    # aids that are no craft. The screening also has ships that were seen only once.
    rows = pl.read_csv(american(shared_data)).with_columns(
        t=pl.col("BaseDateTime").str.to_datetime().dt.epoch("s")
    )
    ids = rows["MMSI"].unique().sort()
    made, _ = clean(
        [Craft(str(name), "sea") for name in ids], np.searchsorted(ids, rows["MMSI"]),
        seconds=rows["t"].to_numpy(), lat=rows["LAT"].to_numpy(), lon=rows["LON"].to_numpy(),
        rules=Rules(gate_knots={"sea": 60.0}, lone=False),
    )  # fmt: skip
    hits = search(made, Limits({"sea-sea": Limit(0.1 * MILE)}))
    expected = {frozenset((made.ids[a], made.ids[b])) for a, b in zip(hits.a, hits.b, strict=True)}
    assert len(expected) == 17_228
    found = screen(american(shared_data), "--horizontal", "0.1nm", "--judge", "0")
    craft = {one["id"] for one in found["identities"]}
    of_craft = {pair for pair in expected if pair <= craft}
    assert len(expected - of_craft) == 18
    assert pairs(found) == of_craft
    more = screen(american(shared_data), "--horizontal", "0.1nm", "--judge", "0", "--lone")
    assert of_craft < pairs(more)
    assert pairs(more, lasting=True) <= of_craft


def test_a_warship_stays_a_claim(shared_data):
    # Ships of one source are claims: no rule is decided by them alone.
    found = screen(american(shared_data), "--horizontal", "1nm", "--moving", "--judge", "0")
    state = {one["id"] for one in found["identities"] if one["state"] == "state"}
    judged = [one for one in found["encounters"] if one["judged"]]
    with_state = [one for one in judged if {one["encounter"]["a"], one["encounter"]["b"]} & state]
    assert with_state
    for one in with_state:
        assert "true" not in {part["outcome"] for part in one["judged"]["findings"]}


def fixes(folder, name, minutes=60):
    """A CSV of the aircraft that a BlueSky scenario creates: two fixes of each, an hour apart."""
    lines = ["id,time,lat,lon,altitude_ft"]
    text = (folder / "tracks" / "bluesky-scenarios" / f"{name}.scn").read_text("utf-8")
    for line in text.splitlines():
        if ">CRE " in line:
            who, _, lat, lon, heading, feet, knots = (
                line.split(">CRE ")[1].split(",")
                if ("," in line)
                else line.split(">CRE ")[1].split()
            )
            level = float(feet[2:]) * 100 if feet.lower().startswith("fl") else float(feet)
            part = float(knots) * MILE * minutes / 60 / 6_371_000
            north, away = math.radians(float(lat)), math.radians(float(heading))
            up = math.asin(
                math.sin(north) * math.cos(part) + math.cos(north) * math.sin(part) * math.cos(away)
            )
            east = math.atan2(
                math.sin(away) * math.sin(part) * math.cos(north),
                math.cos(part) - math.sin(north) * math.sin(up),
            )
            end = (float(lon) + math.degrees(east) + 180) % 360 - 180
            lines.append(f"{who},2026-01-01T00:00:00Z,{lat},{lon},{level}")
            stop = f"2026-01-01T{minutes // 60:02d}:{minutes % 60:02d}:00Z"
            lines.append(f"{who},{stop},{math.degrees(up)},{end},{level}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("n", [2, 4, 6, 8, 10])
def test_super_scenarios(shared_data, tmp_path, n):
    path = tmp_path / "super.csv"
    path.write_text(fixes(shared_data, f"super{n}"))
    found = screen(path, "--domain", "air", "--gap-seconds", "4000", "--judge", "0")
    assert len(pairs(found)) == n * (n - 1) // 2
    assert all(one["encounter"]["horizontal"] < 0.001 * MILE for one in found["encounters"])


def test_across_the_date_line(shared_data, tmp_path):
    # Head on along the equator, 1 degree apart, at 300 kn each: at 180 degrees after 6 min.
    path = tmp_path / "dateline.csv"
    path.write_text(fixes(shared_data, "testdateline", minutes=15))
    found = screen(path, "--domain", "air", "--gap-seconds", "4000")
    (one,) = (part["encounter"] for part in found["encounters"])
    assert one["horizontal"] < 50
    assert abs(abs(one["place"][1]) - 180) < 0.01
    assert seconds(one["closest"]) % 3600 == pytest.approx(360, abs=2)
