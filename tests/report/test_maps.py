"""Maps: land where it is, also at the antimeridian and the poles, and true distances."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import numpy as np
import pytest

from detente.report.charts import picture
from detente.report.document import Chart, Column, Frame
from detente.report.land import land, near
from detente.report.language import languages, phrases
from detente.report.maps import SIDE, Spot, Trace, View, drawn, view

FRAME = Frame("map", (Column("a", "a"),), (("x",),))
PLACES = {
    "Baltic": (55.2, 18.3, 150.0),
    "Bering": (65.7, -179.9, 400.0),
    "Fiji": (-17.0, 179.99, 300.0),
    "north pole": (90.0, 0.0, 1500.0),
    "near the south pole": (-86.0, 120.0, 1500.0),
    "Ross Sea": (-77.5, 180.0, 800.0),
}


def holds(shapes, lon, lat) -> bool:
    from shapely import intersects_xy

    return any(bool(intersects_xy(shapes, lon + turn, lat).any()) for turn in (-360, 0, 360))


@pytest.mark.parametrize(
    ("lon", "lat", "is_land"),
    [
        (21.0, 52.2, True),  # Warsaw
        (19.5, 57.0, False),  # east of Gotland
        (50.5, 41.5, False),  # the Caspian
        (60.0, 41.5, True),  # and east of it
        (179.0, 67.5, True),  # Chukotka, on both sides of the antimeridian
        (-178.0, 66.5, True),
        (0.0, -89.9, True),
        (0.0, 89.9, False),
        (-150.0, 0.0, False),
    ],
)
def test_land_is_where_it_is(lon, lat, is_land):
    assert holds(land(), lon, lat) is is_land


def test_land_has_the_area_of_the_earths_land():
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    km2 = sum(
        abs(geod.geometry_area_perimeter(one)[0]) for shape in land() for one in _parts(shape)
    )
    # 148.94 million km2 (CIA World Factbook), less the ice shelves of Antarctica (1.56; Rignot et
    # al. 2013) and the Caspian Sea (0.37), neither of which is land here.
    assert km2 / 1e12 == pytest.approx(148.94 - 1.56 - 0.37, rel=0.005)


def _parts(shape):
    return getattr(shape, "geoms", [shape])


def test_the_vendored_file_has_land_and_no_border():
    file = files("detente").joinpath("vendor", "natural_earth", "land-50m.json")
    assert list(json.loads(file.read_text("utf-8"))["objects"]) == ["land"]


@pytest.mark.parametrize("place", PLACES)
def test_land_near_a_place_is_the_lands_own(place):
    """Points around the place lie on land near it where they lie on land at all."""
    from pyproj import Geod

    lat, lon, km = PLACES[place]
    close = near(lat, lon, 1000 * km)
    rng = np.random.default_rng(7)
    count = 60
    lons, lats, _ = Geod(ellps="WGS84").fwd(
        [lon] * count,
        [lat] * count,
        rng.uniform(0, 360, count),
        1000 * km * np.sqrt(rng.uniform(0, 1, count)),
    )
    for x, y in zip(lons, lats, strict=True):
        assert holds(close, x, y) is holds(land(), x, y)


@pytest.mark.parametrize("place", PLACES)
def test_distances_from_the_middle_are_true_and_north_is_up(place):
    from pyproj import Geod

    lat, lon, km = PLACES[place]
    at = View(lat, lon, km)
    for bearing in range(0, 360, 30):
        x, y, _ = Geod(ellps="WGS84").fwd(lon, lat, bearing, 800 * km)
        px, py = at.pixels(x, y)
        east, north = px - SIDE / 2, SIDE / 2 - py
        assert math.hypot(east, north) == pytest.approx(0.8 * SIDE / 2, rel=1e-6)
        if abs(lat) < 90:
            turned = (math.degrees(math.atan2(east, north)) - bearing + 180) % 360 - 180
            assert abs(turned) < 1e-4


def test_a_view_holds_every_place_with_its_error():
    spots = (Spot(55.0, 18.0, 200_000.0), Spot(56.0, 19.0))
    at = view([Trace("a", spots)], Spot(55.2, 18.3))
    assert at.km > 200
    assert view([], Spot(55.2, 18.3)).km == 100


@pytest.mark.parametrize("place", PLACES)
def test_a_map_is_drawn_whole_inside_its_square(place):
    lat, lon, km = PLACES[place]
    traces = [
        Trace("ship", (Spot(lat, lon, 5e4),)),
        Trace(
            "jets", tuple(Spot(lat - step / 20 * math.copysign(1, lat), lon) for step in range(5))
        ),
    ]
    spec = drawn(traces, Spot(lat, lon), phrases("en"), least_km=km)
    for layer in spec["layer"]:
        for value in layer["data"]["values"]:
            for x, y in _coordinates(value.get("geometry", {}).get("coordinates", [])):
                assert -0.1 <= x <= SIDE + 0.1
                assert -0.1 <= y <= SIDE + 0.1
    svg = picture(Chart(FRAME, spec, "c", "alt"))
    assert svg.startswith("<svg")
    assert svg.count("<text") >= 3
    assert "NaN" not in svg


def _coordinates(value):
    if value and isinstance(value[0], int | float):
        yield value
    else:
        for one in value:
            yield from _coordinates(one)


def test_the_cut_at_the_antimeridian_leaves_no_coast_line():
    """A coast along 180 degrees would stand as a long straight line up the middle of the map."""
    from shapely.geometry import shape

    spec = drawn([], Spot(67.0, 180.0), phrases("en"), least_km=150)  # inland of Chukotka
    coasts = [
        shape(value["geometry"])
        for layer in spec["layer"]
        if layer["mark"].get("strokeWidth") == 0.8 and layer["mark"]["type"] == "geoshape"
        for value in layer["data"]["values"]
    ]
    from shapely import LineString

    middle = LineString([(SIDE / 2, 0), (SIDE / 2, SIDE)]).buffer(1)
    assert coasts
    assert sum(one.intersection(middle).length for one in coasts) < 60


def test_the_bar_has_the_length_that_it_names():
    spec = drawn([], Spot(55.2, 18.3), phrases("en"), least_km=100)
    bars = [
        value
        for layer in spec["layer"]
        for value in layer["data"]["values"]
        if layer["mark"]["type"] == "rule" and value.get("y") == value.get("y2")
    ]
    longest = max(bars, key=lambda one: one["x2"] - one["x"])
    words = [v["words"] for one in spec["layer"] for v in one["data"]["values"] if "words" in v]
    km = next(float(one.split()[0]) for one in words if one.endswith(" km"))
    assert longest["x2"] - longest["x"] == pytest.approx(km * SIDE / 2 / 100, abs=0.02)


def test_degrees_are_written_in_the_readers_language():
    for language in languages():
        words = phrases(language)
        spec = drawn([], Spot(55.2, 18.3), words, least_km=50)
        texts = [v["words"] for one in spec["layer"] for v in one["data"]["values"] if "words" in v]
        comma = words.number(0.5, 1)[1]
        assert any(f"55{comma}5°" in one for one in texts), texts
