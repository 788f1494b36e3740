"""GeoJSON: lines and points with times, and polygons as zones."""

import json

import pytest

from detente.encounters.readers.source import Source
from detente.encounters.readers.zones import overlaps, read_zones
from detente.ground.errors import CaseError

TIMES = ["2022-01-03T00:00:00Z", "2022-01-03T00:00:10Z"]
LINE = {"type": "LineString", "coordinates": [[12, 55, 100], [12.5, 55.5]]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.mark.parametrize(
    "properties",
    [{"coordTimes": TIMES}, {"times": TIMES}, {"coordinateProperties": {"times": TIMES}}],
)
def test_lines_with_times(read, properties):
    text = collection(feature(LINE, name="Alfa", domain="air", **properties))
    found, reading = read(text, "a.geojson")
    assert reading.layout == "geojson"
    assert (found.craft[0].id, found.craft[0].domain) == ("Alfa", "air")
    assert (found.lat.tolist(), found.lon.tolist()) == ([55, 55.5], [12, 12.5])
    assert (found.seconds - 1641168000).tolist() == [0, 10]
    assert found.height[0] == 100
    assert found.height[1] != found.height[1]


def test_points_and_several_lines(read):
    many = {"type": "MultiLineString", "coordinates": [LINE["coordinates"]] * 2}
    point = {"type": "Point", "coordinates": [12, 55]}
    text = collection(
        feature(many, id=7, coordTimes=[[1641168000, 1641168001], [1641168002, 1641168003]]),
        feature(point, id=8, time=1641168009),
        feature(LINE, id=9),
    )
    found, reading = read(text, "a.json", domain="sea")
    assert [craft.id for craft in found.craft] == ["7", "8"]
    assert (found.seconds - 1641168000).tolist() == [0, 1, 2, 3, 9]
    assert {one.what: one.value for one in reading.told}["other-elements"] == "LineString: 1"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (collection(feature(LINE, coordTimes=TIMES[:1])), "1 times for 2 positions"),
        (collection(feature(LINE)), "no position with a time"),
        (collection(feature(LINE, coordTimes=TIMES)), "where the craft move"),
        (collection({"geometry": 7}), "that is none"),
        ('{"type": "FeatureCollection", "features": 7}', "list of features"),
    ],
)
def test_what_is_no_track(findings, text, part):
    (finding,) = findings(text, "a.geojson")
    assert part in finding.problem


def test_odd_positions_are_counted(read):
    odd = {"type": "LineString", "coordinates": [[12, 55], [12, "x"], 7, [True, 55], [500, 55]]}
    text = collection(feature(odd, id="a", times=[1641168000 + n for n in range(5)]))
    found, reading = read(text, "a.json", domain="sea")
    assert len(found) == 1
    assert sum(one.count for one in reading.refused) == 4


# --- zones ----------------------------------------------------------------------------------------


def square(west, south, size=1.0):
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def zones(tmp_path):
    def reader(text, **options):
        path = tmp_path / "zones.geojson"
        path.write_text(text)
        return read_zones(Source(path), **options)

    return reader


@pytest.mark.parametrize(
    ("said", "state"),
    [({"A3": "UKR"}, "UA"), ({"ISO_A2": "fr", "A3": "GBR"}, "FR"), ({"iso_a3": "-99"}, ""),
     ({}, ""), ({"ISO_A2": "-99", "ISO_A3": "NOR"}, "NO")],
)  # fmt: skip
def test_whose_a_zone_is_drawn_as(zones, said, state):
    (one,) = zones(collection(feature(square(10, 0), name="A", **said)))
    assert one.state == state


def test_zones_have_names_and_sources(zones):
    a = feature(square(10, 0), name="A", source="chart 5", note="claimed by B too")
    b = feature(square(10.5, 0), A3="BBB")
    first, second = zones(collection(a, b), origin="atlas")
    assert (first.name, first.source, first.note) == ("A", "chart 5", "claimed by B too")
    assert (second.name, second.source) == ("BBB", "atlas")
    assert first.geometry.area == 1.0


def test_what_is_drawn_twice(zones):
    found = zones(
        collection(
            feature(square(10, 0), name="A"),
            feature(square(10.5, 0), name="B"),
            feature(square(11.5, 0), name="C"),  # touches B
        )
    )
    (shared,) = overlaps(found)
    assert (shared.first, shared.second) == ("A", "B")
    # half a degree times a degree on a sphere of 6371 km, from the equator to one degree north
    assert shared.km2 == pytest.approx(6182, rel=1e-3)


def test_every_finding_of_zones_at_once(zones):
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    text = collection(
        feature(LINE, name="line"),
        feature(square(0, 0)),
        feature(square(0, 89.5), name="beyond the pole"),
        feature(bow, name="bow"),
        feature({"type": "Polygon", "coordinates": [[[0, 0], [1]]]}, name="odd"),
    )
    with pytest.raises(CaseError) as caught:
        zones(text)
    assert [finding.key for finding in caught.value.findings] == [
        f"features[{n}]" for n in range(5)
    ]


@pytest.mark.conformance
def test_disputed_waters_are_told(shared_data):
    folder = shared_data / "tracks" / "maritime-boundaries"
    found = read_zones(Source(folder / "countries_maritime_europe_simplified.geojson"))
    assert len(found) == 19
    large = {(one.first, one.second) for one in overlaps(found, over_km2=1000)}
    assert large == {("RUS", "UKR")}
