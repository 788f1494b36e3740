"""Zones and formations: closed forms, symmetry at the antimeridian, and bounds that hold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Polygon, box

from detente.encounters.approach.limits import Limit
from detente.encounters.geometry import known
from detente.encounters.geometry.formation import came_among
from detente.encounters.geometry.identities import foreign
from detente.encounters.geometry.settings import NM
from detente.encounters.geometry.zones import depths
from detente.encounters.results import Bound, Encounter, Evidence, Identity, Pass
from detente.encounters.rules.evaluate import evaluate
from detente.encounters.rules.read import starting_table
from detente.encounters.tracks import Craft, Errors, tracks

GEOD = Geod(ellps="WGS84")
DEGREE = 111_319.49  # metres of a degree of longitude on the equator


def ship(seconds, lat, lon, error=0.0, domain="sea"):
    return tracks(
        [Craft("craft-0", domain)], [0] * len(seconds), seconds=seconds, lat=lat, lon=lon,
        errors=Errors(error),
    )  # fmt: skip


def through(error=0.0, middle=20.0, speed=5.0):
    """Along the equator, west to east, through a square of two degrees around a longitude."""
    seconds = np.arange(0.0, 100_001.0, 500.0)
    lon = middle - 2.2 + seconds * speed / DEGREE
    return ship(seconds, np.zeros(len(seconds)), (lon + 180) % 360 - 180, error)


def in_zone(of, geometry, kind="territorial-sea", **how):
    return known.known_in_zone(of, 0, geometry, zone=kind, **how)


SQUARE = box(19, -1, 21, 1)


def test_through_a_square_on_the_equator():
    own = in_zone(through(), SQUARE).metrics
    width = 2 * DEGREE
    assert own["inside"] is True
    north = GEOD.inv(20, 0, 20, 1)[2]  # the nearest side is the north or south one
    assert own["depth"].value == pytest.approx(min(north, DEGREE), rel=2e-3)
    assert own["zone-dwell"].value == pytest.approx(width / 5, rel=2e-3)
    assert own["stay"].value == pytest.approx(width / 5, rel=2e-3)
    assert own["border-distance"].value == 0
    for name in ("depth", "zone-dwell", "stay"):
        assert own[name].low <= own[name].value <= own[name].high
    assert own["zone-dwell"].high - own["zone-dwell"].low <= 4 * 500


def test_the_antimeridian_is_no_border():
    usual = in_zone(through(), SQUARE).metrics
    two = box(179, -1, 180, 1).union(box(-180, -1, -179, 1))  # as RFC 7946 cuts it
    there = in_zone(through(middle=180.0), two).metrics
    for name, value in usual.items():
        if isinstance(value, Bound):
            for end in ("low", "value", "high"):
                assert getattr(there[name], end) == pytest.approx(getattr(value, end), rel=1e-6)
        else:
            assert there[name] is value


def test_errors_open_the_question_at_the_edge():
    seconds = np.arange(0.0, 3601.0, 60.0)
    edge = GEOD.fwd(20, 1, 0, 300)[1]  # 300 m north of the zone
    lon = 20 + seconds * 5 / DEGREE
    lat = np.full(len(seconds), edge)
    assert in_zone(ship(seconds, lat, lon), SQUARE).metrics["inside"] is False
    unsure = in_zone(ship(seconds, lat, lon, 400.0), SQUARE).metrics
    assert "inside" not in unsure
    assert unsure["border-distance"].low == 0
    assert unsure["border-distance"].value == pytest.approx(300, abs=5)
    assert unsure["depth"].low == 0
    assert unsure["depth"].high == pytest.approx(100, abs=160)
    exact = in_zone(ship(seconds, lat, lon), SQUARE).metrics
    assert exact["border-distance"].value == pytest.approx(300, abs=5)


def test_a_gap_that_could_reach_the_zone():
    seconds = np.array([0.0, 10.0, 7210.0, 7220.0])
    lon = 19.5 + 5 * seconds / DEGREE
    lat = np.full(4, GEOD.fwd(20, 1, 0, 10_000)[1])
    of = ship(seconds, lat, lon)
    assert in_zone(of, SQUARE).metrics["inside"] is False
    cut = of.cut.copy()
    cut[2] = True
    own = in_zone(replace(of, cut=cut), SQUARE).metrics
    assert "inside" not in own
    assert own["zone-dwell"].low == 0
    assert own["zone-dwell"].high > 3600


def test_stay_is_unbounded_where_it_can_have_begun_before():
    seconds = np.arange(0.0, 86_401.0, 600.0)
    of = ship(seconds, np.zeros(len(seconds)), np.full(len(seconds), 20.0))
    own = in_zone(of, SQUARE).metrics["stay"]
    assert own.low == own.value == 86_400
    assert own.high == math.inf


@given(
    lat=st.floats(-70, 70), lon=st.floats(-180, 179.9), azimuth=st.floats(0, 359),
    distance=st.floats(100, 60_000),
)  # fmt: skip
def test_depth_is_the_distance_to_the_border(lat, lon, azimuth, distance):
    """A place off the corner of a thin triangle: the corner is the nearest point of it."""
    at = GEOD.fwd(lon, lat, azimuth, distance)
    back = (at[2]) % 360  # from the place to the corner
    ends = [GEOD.fwd(lon, lat, back + turn, 30_000) for turn in (-10, 10)]
    lons = np.array([lon, *(end[0] for end in ends)])
    lons = lon + (lons - lon + 180) % 360 - 180
    corners = [(x, y) for x, y in zip(lons, [lat, *(end[1] for end in ends)], strict=True)]
    if abs(at[1]) > 75 or max(abs(y) for _, y in corners) > 75:
        return
    found = depths(Polygon(corners), np.array([at[1]]), np.array([at[0]]))[0]
    assert found == pytest.approx(-distance, rel=2e-3, abs=0.5)


def test_bounds_of_zones_hold():
    rng = np.random.default_rng(8)
    seconds = np.arange(0.0, 20_001.0, 200.0)
    east = np.cumsum(rng.normal(0, 500, len(seconds))) + 600 * np.sin(seconds / 3000)
    lat = 1 + np.cumsum(rng.normal(0, 400, len(seconds))) / 110_574
    of = ship(seconds, lat, 20 + east / DEGREE, 250.0)
    own = in_zone(of, SQUARE).metrics
    for _ in range(60):
        radius, turn = 250 * np.sqrt(rng.random(len(seconds))), rng.random(len(seconds)) * 360
        x, y, _ = GEOD.fwd(of.lon, of.lat, turn, radius)
        truth = in_zone(ship(seconds, y, x), SQUARE).metrics
        if "inside" in own:
            assert truth["inside"] == own["inside"]
        for name in ("depth", "zone-dwell", "border-distance"):
            assert own[name].low - 1 <= truth[name].value <= own[name].high + 1, name


def test_a_warship_in_territorial_waters_by_rule():
    whose = Identity("craft-0", "sea", "A", "state", "frigate", False, (), ())
    known_ = in_zone(through(), SQUARE, identity=whose, others={"foreign": True})
    told = {one.rule: one.outcome for one in evaluate(starting_table(), known_)}
    assert told["SEA-TTS"] == "true"
    assert told["SEA-INNOC"] == "needs-report"
    alone = replace(whose, single_source=True)
    known_ = in_zone(through(), SQUARE, identity=alone, others={"foreign": True})
    told = {one.rule: one.outcome for one in evaluate(starting_table(), known_)}
    assert told["SEA-TTS"] == "undetermined"


@pytest.mark.parametrize(
    ("country", "state", "outcome"),
    [(["FR"], "IT", "true"), (["FR"], "FR", "false"), (["FR"], "", "undetermined"),
     ([], "FR", "undetermined"), (["FR", "IT"], "IT", "undetermined")],
)  # fmt: skip
def test_nobody_is_told_of_in_the_zone_of_his_own_state(country, state, outcome):
    said = tuple(Evidence("country", one, "ITU") for one in country)
    whose = Identity("craft-0", "air", "A", "state", "tanker", True, (), said)
    seconds = np.arange(0.0, 1000.0, 10.0)
    of = ship(seconds, np.zeros(100), 20 + seconds * 1e-4, domain="air")
    told = {"foreign": foreign(whose, state)}
    known_ = in_zone(of, SQUARE, "national-airspace", identity=whose, others=told)
    (one,) = (x for x in evaluate(starting_table(), known_) if x.rule == "AIR-VIOL")
    assert one.outcome == outcome


# --- formations -----------------------------------------------------------------------------------


def squadron(guest_from=(0.0, 3000.0), guest_course=180.0, error=0.0, count=3, wander=0.0):
    """Ships abreast, 2 km apart, going north at 6 m/s, and a guest that comes at instant 0."""
    seconds = np.arange(-3600.0, 1201.0, 60.0)
    rows = [(2000.0 * k + wander * k * seconds, 6 * seconds) for k in range(count)]
    sin, cos = math.sin(math.radians(guest_course)), math.cos(math.radians(guest_course))
    rows.append((guest_from[0] + 5 * seconds * sin, guest_from[1] + 5 * seconds * cos))
    columns = {"track": [], "seconds": [], "lat": [], "lon": []}
    for place, (east, north) in enumerate(rows):
        columns["track"] += [place] * len(seconds)
        columns["seconds"] += list(seconds)
        columns["lat"] += list(north / 110_574)
        columns["lon"] += list(10 + east / DEGREE)
    craft = [Craft(f"craft-{k}", "sea") for k in range(len(rows))]
    return tracks(craft, errors=Errors(error), **columns)


def test_a_guest_among_ships_that_sail_together():
    assert came_among(squadron((1000, 0), 180), (1, 3), (-60.0, 120.0)) is True
    # The same with its own name second, or with the host named first.
    assert came_among(squadron((1000, 0), 180), (3, 1), (-60.0, 120.0)) is True


def test_a_guest_that_stays_away():
    far = squadron((15_000, 0), 180)
    assert came_among(far, (2, 3), (-60.0, 120.0)) is False


def test_two_ships_are_no_formation_and_nor_are_three_that_part():
    assert came_among(squadron((1000, 0), 180, count=2), (1, 2), (-60.0, 120.0)) is False
    parting = squadron((1000, 0), 180, wander=2.0)
    assert came_among(parting, (1, 3), (-60.0, 120.0)) is False


def test_errors_leave_the_edge_open():
    edge = squadron((4000 + NM + 100, 0), 180.0)  # passes 100 m outside the margin
    assert came_among(edge, (2, 3), (-60.0, 0.0)) is False
    assert came_among(replace(edge, error=np.full(len(edge), 200.0)), (2, 3), (-60.0, 0.0)) is None


def test_one_of_a_side_does_not_come_among_others_through_its_own():
    """Going along, the last ship is one of those that sail together, and the third among them."""
    along = squadron((4000 + NM + 100, 0), 0.0)
    assert came_among(along, (2, 3), (-60.0, 0.0)) is True
    sides = {"craft-0": "A", "craft-1": "A", "craft-2": "A", "craft-3": "B"}
    assert came_among(along, (2, 3), (-60.0, 0.0), sides=sides) is False


def test_the_formation_is_part_of_what_is_known():
    one = Pass(-60.0, 120.0, 0.0, 0.0, None, 1.0)
    zero = Bound(0.0, 0.0, 0.0)
    found = Encounter(
        "craft-1", "craft-3", "sea-sea", -60.0, 120.0, 0.0, (0.0, 10.0), 0.0, None, zero, None,
        0.0, (one,), "met",
    )  # fmt: skip
    held = {
        name: Identity(name, "sea", side, "state", "frigate", False, (), ())
        for name, side in (("craft-1", "A"), ("craft-3", "B"))
    }
    own = known.known(found, squadron((1000, 0), 180), held, near=Limit(2 * NM))
    told = {x.rule: x.outcome for x in evaluate(starting_table(), own)}
    assert told["SEA-FORM"] == "true"
