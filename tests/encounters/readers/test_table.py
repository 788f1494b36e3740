"""Tables: known layouts, units, and every way in which a table is wrong."""

import gzip

import numpy as np
import polars as pl
import pytest

from detente.encounters.readers.gather import Options, Window
from detente.encounters.readers.layouts import Box
from detente.encounters.readers.mapping import read_mapping
from detente.encounters.readers.read import read_tracks
from detente.encounters.readers.source import Limits

MIDNIGHT = 1641168000.0  # 2022-01-03T00:00:00Z, by date(1)


def refused(reading):
    return {one.reason: (one.count, one.lines) for one in reading.refused}


def told(reading):
    return {one.what: one.value for one in reading.told}


def lines(*rows):
    return "\n".join(rows) + "\n"


HEADER = "mmsi,time,lat,lon"
ROW = "219000001,2022-01-03T00:00:00Z,55.0,12.0"


# --- known layouts --------------------------------------------------------------------------------


def test_marinecadastre(read):
    found, reading = read(
        lines(
            "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status",
            "338148873,2022-01-03T00:00:01,33.60716,-117.91483,36.0,280.0,511,CAZADOR,,,37.0,",
            "338148873,2022-01-03T00:01:01,33.6,-117.9,102.3,360.0,511,CAZADOR,,,37.0,",
        )
    )
    assert reading.layout == "marinecadastre"
    assert found.seconds.tolist() == [MIDNIGHT + 1, MIDNIGHT + 61]
    assert found.lat[0] == 33.60716
    assert found.lon[0] == -117.91483
    assert found.speed_ms[0] == pytest.approx(18.52)  # 36 kn are 36 * 1852 m an hour
    assert found.course_deg[0] == 280
    assert np.isnan([found.speed_ms[1], found.course_deg[1]]).all()  # "not available"
    assert np.isnan(found.height).all()
    (craft,) = found.craft
    assert (craft.id, craft.domain) == ("338148873", "sea")
    claims = {claim.key: claim.value for claim in craft.claims}
    assert claims == {"name": "CAZADOR", "ship-type": "37", "mmsi": "338148873"}
    assert told(reading)["no-zone-utc"] == "BaseDateTime"


def test_marinecadastre_as_of_2025(read):
    found, reading = read(
        lines(
            "mmsi,base_date_time,longitude,latitude,sog,cog,vessel_name",
            "338148873,2025-01-03 00:00:01,-117.9,33.6,1.0,20.0,CAZADOR",
        )
    )
    assert reading.layout == "marinecadastre-2025"
    assert (found.lat[0], found.lon[0]) == (33.6, -117.9)


def test_danish_days_come_first_and_stations_are_no_craft(read):
    found, reading = read(
        lines(
            "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,SOG,COG,Name,Ship type",
            "02/01/2022 00:00:00,Class A,219000001,55.0,12.0,10.0,90.0,ALFA,Military",
            "02/01/2022 00:00:05,Base Station,2190071,56.0,11.0,,,,",
            "02/01/2022 00:00:09,Class A,219000001,91.0,0.0,,,ALFA,Military",
        )
    )
    assert reading.layout == "danish-ais"
    assert found.seconds.tolist() == [MIDNIGHT - 86400]
    assert refused(reading) == {"no-track": (1, (3,)), "no-position": (1, (4,))}


def test_opensky_counts_the_instant_of_the_position_and_metres(read):
    header = "time,icao24,lat,lon,velocity,heading,onground,baroaltitude,geoaltitude,lastposupdate"
    row = "1641168010,4B1234,47.0,8.0,200.0,360.0,False,3000.0,3100.0,1641168003.5"
    found, reading = read(lines(header, row))
    assert reading.layout == "opensky"
    assert found.seconds.tolist() == [MIDNIGHT + 3.5]
    assert (found.height[0], found.speed_ms[0]) == (3000.0, 200.0)
    assert (found.course_deg[0], found.on_ground[0]) == (0.0, 0.0)
    assert (found.craft[0].id, found.craft[0].domain) == ("4b1234", "air")
    assert told(reading)["height"] == "barometric: baroaltitude"
    geometric, _ = read(lines(header, row), heights="geometric")
    assert geometric.height[0] == 3100.0


def test_traffic_has_feet_and_knots(read):
    found, reading = read(
        lines(
            "timestamp,icao24,latitude,longitude,altitude,groundspeed,track,nac_p",
            "2022-01-03 00:00:00+00:00,4b1234,47.0,8.0,1000,100,90,9",
        )
    )
    assert reading.layout == "traffic"
    assert found.height[0] == pytest.approx(304.8)
    assert found.speed_ms[0] == pytest.approx(100 * 1852 / 3600)
    assert found.nacp[0] == 9
    assert found.error[0] == 30.0  # EPU of NACp 9 (DO-260B)


@pytest.mark.parametrize(
    ("name", "value", "metres"),
    [("altitude_ft", 1000, 304.8), ("height_m", 1000, 1000.0), ("flight_level", 100, 3048.0)],
)
def test_heights_by_the_unit_in_their_name(read, name, value, metres):
    found, _ = read(lines(f"icao24,time,lat,lon,{name}", f"4b1234,{MIDNIGHT},47,8,{value}"))
    assert found.height[0] == pytest.approx(metres)


def test_a_height_without_a_unit_is_asked_for(findings):
    (finding,) = findings(lines("icao24,time,lat,lon,altitude", f"4b1234,{MIDNIGHT},47,8,1000"))
    assert "unit" in finding.problem
    assert finding.key == "altitude"


def test_without_identity_the_file_is_one_track(read):
    found, reading = read(
        lines("time,lat,lon", f"{MIDNIGHT},47,8", f"{MIDNIGHT + 1},47,8"),
        "patrol.csv",
        domain="land",
    )
    assert [craft.id for craft in found.craft] == ["patrol"]
    assert told(reading)["one-track"] == "patrol"


def test_without_a_domain_it_is_asked_for(findings):
    (finding,) = findings(lines("id,time,lat,lon", f"a,{MIDNIGHT},47,8"))
    assert "where the craft move" in finding.problem


def test_a_column_of_domains(read, findings):
    header = "id,domain,time,lat,lon"
    found, _ = read(lines(header, f"a,sea,{MIDNIGHT},47,8", f"a,air,{MIDNIGHT},48,8"))
    assert [(one.id, one.domain) for one in found.craft] == [("a", "sea"), ("a", "air")]
    (finding,) = findings(lines(header, f"a,space,{MIDNIGHT},47,8"))
    assert (finding.line, finding.key) == (2, "domain")


def test_search_aircraft_among_ships_are_in_the_air(read):
    found, _ = read(lines(HEADER, ROW, "111219501,2022-01-03T00:00:00Z,55.0,12.0"))
    assert [craft.domain for craft in found.craft] == ["sea", "air"]


# --- mapping --------------------------------------------------------------------------------------

MAPPING = """
format: detente/mapping/1
domain: air
columns: {id: hull, time: ts, lat: y, lon: x, height: alt, speed: v}
claims: {name: title}
units: {time: ms, height: ft, speed: km/h}
errors: {horizontal: 100, height: 50, clock: 2}
box: {south: 53, north: 66, west: 9, east: 31}
"""
MAPPED = "hull,ts,y,x,alt,v,title\nA1,1641168000000,55,12,1000,360,Alfa\n"


def test_a_mapping_states_columns_units_and_errors(read):
    found, reading = read(MAPPED, layout=read_mapping("map.yaml", MAPPING))
    assert reading.layout == "mapping"
    assert found.seconds[0] == MIDNIGHT
    assert found.height[0] == pytest.approx(304.8)
    assert found.speed_ms[0] == pytest.approx(100.0)
    assert (found.error[0], found.height_error[0], found.clock_error[0]) == (100, 50, 2)
    assert found.craft[0].claims[0].value == "Alfa"


def test_every_missing_column_of_a_mapping_is_told(findings):
    layout = read_mapping("map.yaml", MAPPING)
    found = findings("hull,ts,y\nA1,1,2\n", layout=layout)
    assert [finding.key for finding in found] == ["alt", "title", "v", "x"]


def test_a_box_tells_exchanged_columns_and_signs(findings):
    layout = read_mapping("map.yaml", MAPPING)
    (finding,) = findings(MAPPED.replace("55,12", "12,55"), layout=layout)
    assert "exchanged" in finding.problem
    (finding,) = findings(MAPPED.replace("55,12", "55,-12"), layout=layout)
    assert "exchanged" in finding.problem


def test_fixes_outside_the_box_are_kept_and_counted(read):
    layout = read_mapping("map.yaml", MAPPING)
    found, reading = read(MAPPED + "A1,1641168001000,10,12,1,1,\n", layout=layout)
    assert len(found) == 2
    assert told(reading)["outside-box"] == "1"


# --- hostile and broken ---------------------------------------------------------------------------


def test_each_row_is_kept_or_refused_for_a_reason(read):
    found, reading = read(
        lines(
            HEADER,
            ROW,
            "219000001,,55.0,12.0",  # 3
            "219000001,yesterday,55.0,12.0",
            "219000001,2022-01-03T00:00:02Z,,12.0",  # 5
            "219000001,2022-01-03T00:00:02Z,NaN,12.0",
            "219000001,2022-01-03T00:00:02Z,inf,12.0",  # 7
            "219000001,2022-01-03T00:00:02Z,north,12.0",
            "219000001,2022-01-03T00:00:02Z,95.0,12.0",  # 9
            ",2022-01-03T00:00:02Z,55.0,12.0",
            "219000001,2022-01-03T00:00:02Z,55.0,12.0,too,many",  # 11
            '219000001,2022-01-03T00:00:02Z,"55.0,12.0',
            "219000001,2201-01-03T00:00:02Z,55.0,12.0",  # 13
            "",
            "   ",
            "219000001,2022-01-03T00:00:09Z,55.5,12.0",  # 16
        )
    )
    assert found.row.tolist() == [2, 16]
    assert refused(reading) == {
        "no-time": (1, (3,)),
        "time": (2, (4, 13)),
        "no-position": (2, (5, 6)),
        "position": (3, (7, 8, 9)),
        "no-identity": (1, (10,)),
        "cells": (1, (11,)),
        "quotes": (1, (12,)),
    }
    assert reading.rows == reading.kept + sum(one.count for one in reading.refused) == 13


def test_a_stray_quote_swallows_nothing(read):
    rows = [f"219000001,2022-01-03T00:00:{n:02d}Z,55.0,12.0,B{n}" for n in range(50)]
    rows[7] = rows[7].replace("B7", '"B7')
    rows[30] = rows[30].replace("B30", 'B"30')
    found, reading = read(lines(f"{HEADER},name", *rows))
    assert len(found) == 49
    assert refused(reading) == {"quotes": (1, (9,))}


def test_quoted_cells_may_hold_commas(read):
    found, _ = read(lines(f"{HEADER},name", f'{ROW},"ALFA, THE ""FIRST"""'))
    assert found.craft[0].claims[0].value == 'ALFA, THE "FIRST"'


def test_exchanged_latitude_and_longitude_are_told(findings):
    rows = [f"219000001,2022-01-03T00:00:{n:02d}Z,{120 + n},45" for n in range(9)]
    (finding,) = findings(lines(HEADER, *rows, ROW))
    assert "exchanged" in finding.problem


@pytest.mark.parametrize("factor", [1, 1e3, 1e6, 1e9])
def test_numbers_of_time_by_their_magnitude(read, factor):
    found, reading = read(lines(HEADER, f"219000001,{int(MIDNIGHT * factor)},55,12"))
    assert found.seconds.tolist() == [MIDNIGHT]
    unit = {1: "s", 1e3: "ms", 1e6: "us", 1e9: "ns"}[factor]
    assert told(reading)["time-format"] == f"time: {unit}"


def test_order_and_doubles_are_kept_as_they_are(read):
    found, reading = read(
        lines(
            HEADER,
            "219000001,2022-01-03T00:00:09Z,55.0,12.0",
            "219000001,2022-01-03T00:00:01Z,55.1,12.0",
            "219000001,2022-01-03T00:00:01Z,57.1,12.0",
            "219000001,2022-01-03T00:00:09Z,55.0,12.0",
        )
    )
    assert (found.seconds - MIDNIGHT).tolist() == [9, 1, 1, 9]
    assert told(reading)["two-places"] == "2"  # the ninth second tells one place twice


def test_a_header_alone_is_an_empty_table(read):
    found, reading = read(HEADER + "\n")
    assert (len(found), found.craft, reading.rows, reading.start) == (0, (), 0, None)


def test_one_row(read):
    found, reading = read(lines(HEADER, ROW))
    assert (len(found), reading.start, reading.end) == (1, MIDNIGHT, MIDNIGHT)


def test_rows_without_one_fix_are_a_finding(findings):
    (finding,) = findings(lines(HEADER, "219000001,1641168000,,12", "219000001,1641168000,99,150"))
    assert finding.problem == "has 2 rows and not one fix (no-position: 1, position: 1)."
    assert finding.line == 2


def test_times_in_no_format_are_a_finding(findings):
    (finding,) = findings(lines(HEADER, "219000001,never,55,12"))
    assert (finding.line, finding.key) == (1, "time")
    assert "`never`" in finding.problem


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"\x00\x01\x02\x03" * 99, "binary"),
        (bytes(range(1, 256)) * 9, "column"),
        (b"PK\x03\x04rest", "zip"),
        ("mmsi,time".encode("utf-16"), "UTF-16"),
        (b"mmsi;time lat lon\n1;2\n", "no column"),
        (b"mmsi time lat lon\n1 2 3 4\n", "one column"),
        (b"219000001,1641168000,55.0,12.0\n", "numbers"),
        (b"mmsi,time,lat\n1,2,3\n", "lon"),
        (b"mmsi,time,lat,lon,lat\n1,2,3,4,5\n", "twice"),
    ],
)
def test_what_is_no_table_of_tracks(findings, content, part):
    (finding,) = findings(content)
    assert part in finding.problem
    assert finding.mend


def test_the_name_of_the_file_tells_nothing(read):
    found, reading = read(lines(HEADER, ROW), "tracks.parquet")
    assert (len(found), reading.layout) == (1, "table")


def test_semicolons_allow_decimal_commas(read):
    found, reading = read(lines(HEADER.replace(",", ";"), "219000001;1641168000,5;55,25;12,5"))
    assert (found.seconds[0], found.lat[0], found.lon[0]) == (MIDNIGHT + 0.5, 55.25, 12.5)
    assert "decimal-comma" in told(reading)


def test_other_encodings_are_told(read):
    content = lines(f"{HEADER},name", f"{ROW},SKÅL").encode("latin-1")
    found, reading = read(content)
    assert len(found) == 1
    assert "not-utf-8" in told(reading)


def test_a_byte_order_mark_and_windows_lines(read):
    content = b"\xef\xbb\xbf" + f"{HEADER}\r\n{ROW}\r\n".encode()
    found, _ = read(content)
    assert (found.lat[0], found.lon[0], found.row[0]) == (55.0, 12.0, 2)


def test_an_enormous_line_is_told(findings):
    content = f"{HEADER}\n{ROW}\n".encode() + b"9" * 5000
    (finding,) = findings(content, limits=Limits(line=1000))
    assert "line of more than" in finding.problem


def test_values_of_a_claim_are_bounded(read):
    rows = [f"219000001,2022-01-03T00:00:{n:02d}Z,55,12,NAME{n}" for n in range(20)]
    found, reading = read(lines(f"{HEADER},name", *rows))
    names = [claim for claim in found.craft[0].claims if claim.key == "name"]
    assert len(names) == 8
    assert told(reading)["claims-capped"] == "8"


def test_a_window_refuses_what_is_outside(read):
    rows = [f"219000001,2022-01-03T00:00:{n:02d}Z,55,{n}" for n in range(10)]
    window = Window(MIDNIGHT + 2, MIDNIGHT + 8, Box(50, 60, 4, 90))
    found, reading = read(lines(HEADER, *rows), window=window)
    assert found.lon.tolist() == [4, 5, 6, 7]
    assert refused(reading)["outside"] == (6, (2, 3, 4, 5, 10))


# --- one table, many containers -------------------------------------------------------------------


def table(count=5000):
    n = np.arange(count)
    return pl.DataFrame(
        {
            "mmsi": 219000000 + n % 7,
            "time": MIDNIGHT + n / 4,
            "lat": 50 + n / 1000,
            "lon": 10 + n / 700,
            "name": [f"SHIP {k % 7}" for k in n],
        }
    )


def same(one, other):
    assert [craft.id for craft in one.craft] == [craft.id for craft in other.craft]
    for name in ("track", "seconds", "lat", "lon"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_every_container_holds_the_same_fixes(tmp_path):
    frame = table()
    frame.write_csv(tmp_path / "a.csv")
    frame.write_parquet(tmp_path / "a.parquet")
    frame.write_json(tmp_path / "a.json")
    frame.write_ndjson(tmp_path / "a.jsonl")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
    plain, reading = read_tracks(tmp_path / "a.csv")
    assert reading.kept == 5000
    for name in ("a.parquet", "a.json", "a.jsonl", "a.csv.gz"):
        found, _ = read_tracks(tmp_path / name)
        same(found, plain)


def test_parquet_has_types_of_its_own(tmp_path):
    frame = table(3).with_columns(
        pl.from_epoch("time", time_unit="s").dt.replace_time_zone("Europe/Berlin"),
        pl.col("mmsi").cast(pl.Float64),
        pl.col("name").cast(pl.Categorical),
    )
    frame.write_parquet(tmp_path / "a.parquet")
    found, reading = read_tracks(tmp_path / "a.parquet")
    assert found.seconds[0] == MIDNIGHT - 3600
    assert found.craft[0].id == "219000000"
    assert "no-zone-utc" not in told(reading)


def test_a_cut_parquet_file_is_told(tmp_path, findings):
    table().write_parquet(tmp_path / "whole.parquet")
    raw = (tmp_path / "whole.parquet").read_bytes()
    (finding,) = findings(raw[: len(raw) // 2])
    assert "Parquet" in finding.problem


def test_blocks_do_not_change_what_is_read(tmp_path, monkeypatch):
    table().write_csv(tmp_path / "a.csv")
    whole, _ = read_tracks(tmp_path / "a.csv")
    monkeypatch.setattr("detente.encounters.readers.source.BLOCK", 997)
    found, reading = read_tracks(tmp_path / "a.csv", Options())
    same(found, whole)
    assert found.row.tolist() == list(range(2, 5002))
    assert reading == read_tracks(tmp_path / "a.csv")[1]


def test_parquet_columns_hold_plain_values(tmp_path, findings):
    table(3).with_columns(lat=pl.concat_list("lat")).write_parquet(tmp_path / "nested.parquet")
    (finding,) = findings((tmp_path / "nested.parquet").read_bytes())
    assert (finding.key, finding.problem) == ("lat", "holds no plain values.")


def test_rows_are_bounded_in_every_container(tmp_path, findings):
    table(50).write_parquet(tmp_path / "a.parquet")
    table(50).write_csv(tmp_path / "a.csv")
    for name in ("a.parquet", "a.csv"):
        (finding,) = findings((tmp_path / name).read_bytes(), limits=Limits(rows=49))
        assert finding.problem == "has more than 49 rows."
