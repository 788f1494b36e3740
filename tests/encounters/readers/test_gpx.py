"""GPX: points with times, and nothing that makes a file grow."""

import pytest

GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
  <wpt lat="1" lon="2"><name>not a fix</name></wpt>
  <trk><name>Patrol</name><type>boat</type>
    <trkseg>
      <trkpt lat="55.0" lon="12.0"><ele>3.5</ele><time>2022-01-03T00:00:00Z</time></trkpt>
      <trkpt lat="55.1" lon="12.1"><time>2022-01-03T01:00:00+01:00</time></trkpt>
      <trkpt lat="55.2" lon="12.2"></trkpt>
      <trkpt lat="555" lon="12.2"><time>2022-01-03T00:00:05Z</time></trkpt>
    </trkseg>
  </trk>
  <trk><trkseg>
    <trkpt lat="56.0" lon="13.0"><time>2022-01-03T00:00:09.5Z</time></trkpt>
  </trkseg></trk>
</gpx>
"""


def test_points_of_tracks(read):
    found, reading = read(GPX, "a.gpx", domain="sea")
    assert [craft.id for craft in found.craft] == ["Patrol", "track 2"]
    assert found.row.tolist() == [6, 7, 13]
    assert found.seconds.tolist() == [1641168000, 1641168000, 1641168009.5]
    assert found.height[0] == 3.5
    assert [(one.reason, one.lines) for one in reading.refused] == [
        ("no-time", (8,)),
        ("position", (9,)),
    ]
    told = {one.what: one.value for one in reading.told}
    assert told["other-elements"] == "wpt: 1"


def test_it_does_not_tell_where_craft_move(findings):
    (finding,) = findings(GPX, "a.gpx")
    assert "where the craft move" in finding.problem


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ('<!DOCTYPE gpx [<!ENTITY a "aaaa">]><gpx>&a;</gpx>', "document type"),
        ('<!DOCTYPE gpx SYSTEM "http://example.org/gpx.dtd"><gpx/>', "document type"),
        (GPX[:400], "well-formed"),
        ("<kml></kml>", "`kml`"),
        ("<gpx>" * 100, "deeper"),
        ("<gpx>" + "x" * 20_000 + "</gpx>", "text of over"),
        ('<?xml version="1.0" encoding="nonsense"?><gpx/>', "decoded"),
        ("<gpx><trk><trkseg><trkpt lat='1' lon='2'/></trkseg></trk></gpx>", "not one fix"),
    ],
)
def test_what_is_refused(findings, content, part):
    (finding,) = findings(content, "a.gpx", domain="sea")
    assert part in finding.problem
