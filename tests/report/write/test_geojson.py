"""GeoJSON after RFC 7946: order of coordinates, rings, the antimeridian, the poles."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, unary_union
from shapely.geometry import shape
from tests.encounters.dossier.made import cook, encounter, flight, known

from detente.encounters.dossier.build import Telling, dossier
from detente.encounters.dossier.results import Position
from detente.report.write.geojson import cut, disc, geojson


def features(found):
    value = json.loads(geojson(found))
    assert value["type"] == "FeatureCollection"
    assert "crs" not in value  # 4
    return value["features"]


def made(**keys):
    return dossier(
        flight(**keys), encounter(place=(58.0, keys.get("lon", 20.0))), known(), Telling("t")
    )


def test_ways_are_longitude_latitude_height_with_a_time_for_each():
    found = made()
    plane = next(
        one
        for one in features(found)
        if one["properties"].get("craft") == "plane" and one["properties"]["what"] == "way"
    )
    coordinates = plane["geometry"]["coordinates"]
    assert plane["geometry"]["type"] == "LineString"
    path = found.paths[1]
    assert coordinates[0] == pytest.approx(
        [path.positions[0].lon, path.positions[0].lat, 50.0], abs=1e-6
    )
    assert len(coordinates) == len(plane["properties"]["times"]) == len(path.positions)
    assert plane["properties"]["times"][0].endswith("Z")
    assert shape(plane["geometry"]).is_valid


def test_a_craft_with_one_position_is_a_point_and_has_its_area():
    kinds = [
        (one["properties"]["what"], one["geometry"]["type"], one["properties"].get("craft"))
        for one in features(cook())
    ]
    assert ("way", "Point", "ship") in kinds
    assert ("within", "Polygon", "jets") in kinds
    closest = next(one for one in features(cook()) if one["properties"]["what"] == "closest")
    assert closest["geometry"]["coordinates"] == [18.3, 55.2]
    assert closest["properties"]["separation_m"] == [0, 0, 120_000]


def position(t, lon, lat, height=None):
    return Position(float(t), 0.0, lat, lon, 1.0, height, None, gap=False)


def test_a_way_over_the_antimeridian_is_cut_there_and_both_parts_meet():
    parts = cut(
        [position(0, 179.5, 10, 100), position(40, -179.5, 12, 300), position(50, -179, 13)]
    )
    assert [[(one.lon, one.lat, one.instant) for one in part] for part in parts] == [
        [(179.5, 10, 0), (180.0, 11, 20)],
        [(-180.0, 11, 20), (-179.5, 12, 40), (-179, 13, 50)],
    ]
    assert parts[0][-1].height == 200


def test_a_flight_across_is_a_multiline_without_any_jump():
    found = made(lon=180.0)
    way = next(one for one in found.paths if one.id == "plane")
    eastward = tuple(
        replace(one, lon=(179.9 + 0.02 * place + 180) % 360 - 180)
        for place, one in enumerate(way.positions)
    )
    feature = next(
        one
        for one in features(replace(found, paths=(replace(way, positions=eastward),)))
        if one["properties"]["what"] == "way"
    )
    assert feature["geometry"]["type"] == "MultiLineString"
    lines = feature["geometry"]["coordinates"]
    assert [len(one) for one in lines] == [len(one) for one in feature["properties"]["times"]]
    for line in lines:
        lons = [one[0] for one in line]
        assert max(lons) - min(lons) < 1


@settings(deadline=None, max_examples=60)
@given(
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    metres=st.floats(10, 400_000),
)
def test_a_disc_holds_what_lies_within_it_and_keeps_to_the_rules(lat, lon, metres):
    from pyproj import Geod

    polygons = disc(lat, lon, metres)
    whole = unary_union(
        [shape({"type": "Polygon", "coordinates": one}).buffer(0) for one in polygons]
    )
    for polygon in polygons:
        ring = polygon[0]
        assert ring[0] == ring[-1]
        assert all(abs(x) <= 180 and abs(y) <= 90 for x, y in ring)
        assert (
            sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring)) <= 0
        )  # counterclockwise
    for bearing in range(0, 360, 24):
        for share, inside in ((0.9, True), (1.1, False)):
            x, y, _ = Geod(ellps="WGS84").fwd(lon, lat, bearing, share * metres)
            near = whole.distance(Point(x, y)) < 2e-6  # of rounding
            assert near is inside, (bearing, share)


def test_a_disc_on_the_antimeridian_is_two_polygons_and_around_a_pole_one_up_to_it():
    assert len(disc(65.0, 179.99, 10_000)) == 2
    (polar,) = disc(89.0, 30.0, 300_000)
    assert {90.0} == {y for _x, y in polar[0] if y > 89.999}
    assert {-180.0, 180.0} <= {x for x, _y in polar[0]}
