"""JSON: records, columns, lines, and the answer of OpenSky."""

import json

import pytest

RECORDS = [
    {"timestamp": 1641168000000, "icao24": "4b1234", "latitude": 47.0, "longitude": 8.0},
    {"timestamp": 1641168001000, "icao24": "4b1234", "latitude": 47.1, "longitude": None},
    {"timestamp": 1641168002000, "icao24": "4b1234", "latitude": 47.2, "longitude": 8.2},
]
for place, record in enumerate(RECORDS):
    record |= {"altitude": 1000.0 * place, "onground": False, "callsign": "SWR1"}


def columns(as_lists):
    keys = RECORDS[0]
    if as_lists:
        return {key: [record[key] for record in RECORDS] for key in keys}
    return {key: {str(n): record[key] for n, record in enumerate(RECORDS)} for key in keys}


@pytest.mark.parametrize(
    "value", [RECORDS, columns(as_lists=True), columns(as_lists=False)], ids=["rows", "a", "b"]
)
def test_records_and_columns_say_the_same(read, value):
    found, reading = read(json.dumps(value), "a.json")
    assert reading.layout == "traffic"
    assert found.row.tolist() == [1, 3]
    assert found.lat.tolist() == [47.0, 47.2]
    assert found.height.tolist() == pytest.approx([0, 609.6])
    assert found.on_ground.tolist() == [0, 0]
    assert [(one.reason, one.count) for one in reading.refused] == [("no-position", 1)]


def test_lines_of_objects(read, findings):
    text = "\n".join(json.dumps(record) for record in RECORDS)
    found, _ = read(text, "a.jsonl")
    assert len(found) == 2
    (finding,) = findings(text + "\n{broken", "a.jsonl")
    assert finding.line == 4


def test_the_answer_of_opensky(read):
    # the order of a state is that of "All State Vectors" in the documentation of the interface
    state = ["4b1234", "SWR1    ", "Switzerland", 1641167999, 1641168000, 8.5, 47.25, 3000.0]
    state += [False, 200.0, 90.0, 1.5, None, 3100.0, "1000", False, 0]
    found, reading = read(json.dumps({"time": 1641168000, "states": [state]}), "a.json")
    assert reading.layout == "opensky-rest"
    assert (found.lat[0], found.lon[0], found.seconds[0]) == (47.25, 8.5, 1641167999)
    assert (found.height[0], found.speed_ms[0], found.course_deg[0]) == (3000, 200, 90)
    assert found.craft[0].claims[0].value == "SWR1"


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2, 3]",
        "{}",
        "[]",
        '{"a": 1}',
        '{"a": [1], "b": [1, 2]}',
        '{"a": [1], "b": {"0": 2}}',
        '[{"a": 1}, 2]',
        '{"states": [1]}',
        '[{"latitude": 1',
        "[" * 100_000,
        '{"type": "FeatureCollection"}',
    ],
)
def test_what_holds_no_tracks_is_one_finding(findings, text):
    (finding,) = findings(text, "a.json")
    assert finding.mend


def test_numbers_that_json_has_not(read):
    text = json.dumps(RECORDS).replace("47.2", "NaN").replace("1000.0", "Infinity")
    found, reading = read(text, "a.json")
    assert (len(found), reading.rows) == (1, 3)
