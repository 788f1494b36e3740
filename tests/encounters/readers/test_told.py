"""Tracks entered by hand: all of them right, or every finding."""

import math

import pytest

YAML = """# entered from press releases
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
      - {time: 2016-04-12T15:01:00Z, lat: 55.2, lon: 19.2, error_m: 500}
"""
HEADER = "id,domain,source,says,time,lat,lon,height_m,error_m,height_error_m,clock_error_s,type\n"
CSV = HEADER + "A,sea,log,captain,2016-04-12T15:00:00,55.1,19.2,,500,,60,frigate\n"


def test_yaml(read):
    found, reading = read(YAML, "a.yaml")
    assert reading.layout == "entered"
    assert found.seconds.tolist() == [1460473200.0, 1460473260.0]
    assert found.error.tolist() == [2000, 500]
    assert found.clock_error.tolist() == [120, 120]
    assert (found.height[0], found.height_error[0]) == (100, 50)
    assert math.isnan(found.height[1])
    assert found.row.tolist() == [12, 13]
    (craft,) = found.craft
    assert (craft.id, craft.domain) == ("Su-24 first", "air")
    said = {claim.key: (claim.value, claim.source) for claim in craft.claims}
    assert said["reported-by"] == ("ministry of defence", "press release of 13 April")
    assert said["type"] == ("Su-24", "press release of 13 April: ministry of defence")


def test_csv(read):
    found, reading = read(CSV)
    assert (len(found), reading.layout, found.error[0]) == (1, "entered", 500)
    assert [one.what for one in reading.told] == ["no-zone-utc"]
    assert "frigate" in {claim.value for claim in found.craft[0].claims}


def test_every_finding_of_a_csv_at_once(findings):
    rows = [
        "A,sea,log,captain,2016-04-12T15:00:00Z,55.1,19.2,,500,,60,",
        "A,sea,log,captain,2016-04-12T15:00:00Z,55.2,19.2,,500,,60,",  # the instant of line 2
        ",space,,captain,noon,95,x,100,,,60,",
    ]
    found = {(finding.line, finding.key) for finding in findings(HEADER + "\n".join(rows) + "\n")}
    assert found == {
        (3, ""),
        (4, "id"),
        (4, "domain"),
        (4, "source"),
        (4, "time"),
        (4, "lat"),
        (4, "lon"),
        (4, "error_m"),
        (4, "height_error_m"),
    }


def test_every_finding_of_a_yaml_at_once(findings):
    text = YAML.replace("error_m: 2000", "error_m: wide").replace("says: ", "sais: ")
    found = {(finding.line, finding.key) for finding in findings(text, "a.yaml")}
    assert (7, "tracks[0].sais") in found
    assert (12, "tracks[0].fixes[0].error_m") in found
    assert (13, "tracks[0].fixes[1].error_m") not in found  # it has its own
    assert any(key.endswith("says") for _, key in found)


@pytest.mark.parametrize(
    "text",
    [
        "format: detente/tracks/1\ntracks: []\n",
        "format: detente/tracks/1\n",
        "format: detente/tracks/1\ntracks: [7, {fixes: [7]}]\n",
        "format: detente/tracks/1\ntracks: &a [*a]\n",
        HEADER,
    ],
)
def test_without_a_fix(findings, text):
    assert findings(text, "a.yaml")


def test_a_nameless_bound_is_no_bound(findings):
    (finding,) = findings(CSV.replace(",500,", ",,"))
    assert (finding.key, finding.mend) == ("error_m", "say how wrong it may be.")
