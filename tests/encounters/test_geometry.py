"""What two tracks tell of an encounter: independent values, and bounds that hold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.encounters.ways import (
    GEOD,
    KNOT,
    encounter,
    fleet,
    low_pass,
    measured,
    straight,
    values,
)

from detente.encounters.approach.encounters import encounters
from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.search import search
from detente.encounters.geometry import conduct, known, pair
from detente.encounters.geometry.settings import Settings
from detente.encounters.geometry.way import courses, spots, way
from detente.encounters.results import Bound
from detente.encounters.tracks import Tracks

# --- known values ---------------------------------------------------------------------------------


def crossing_ships():
    """One goes north at 12 kn, the other west at 10 kn and comes from starboard."""
    seconds = np.arange(-1200.0, 601.0, 10.0)
    own = straight("sea", 0, 12, (0, 0), seconds)
    # At 0 the other is 300 m ahead of where the first is: it crosses the bow then.
    return fleet(own, straight("sea", 270, 10, (0, 300), seconds))


def test_a_crossing_from_starboard():
    of = crossing_ships()
    v, w = 12 * KNOT, 10 * KNOT
    # relative: (-w t, 300 - v t); the closest is |300 w| / sqrt(v^2 + w^2)
    nearest, when = 300 * w / math.hypot(v, w), 300 * v / (v * v + w * w)
    found = values(of, encounter(-100.0, when, 200.0))
    assert found["separation"] == pytest.approx(nearest, rel=1e-4)
    assert found["course-difference"] == pytest.approx(90, abs=0.05)
    assert found["relative-speed"] == pytest.approx(math.hypot(v, w), rel=1e-4)
    assert found["bow-crossing"] == pytest.approx(300, abs=0.5)
    assert found["bow-crossing-time"] == pytest.approx(300 / v, rel=2e-3)
    assert found["give-way-turn"] == pytest.approx(0, abs=0.02)
    assert found["give-way-slowing"] == pytest.approx(0, abs=1e-3)
    begin = when - 720
    # The slower goes west; the faster bears atan2(w t, v t - 300) from it.
    bearing = math.degrees(math.atan2(w * begin, v * begin - 300))
    assert found["approach-sector"] == pytest.approx(
        abs((bearing - 270 + 180) % 360 - 180), abs=0.1
    )


def test_the_faster_is_seen_off_the_bow_of_the_slower():
    seconds = np.arange(-1200.0, 601.0, 10.0)
    slow = straight("sea", 90, 8, (0, 0), seconds)
    fast = straight("sea", 90, 16, (0, 400), seconds)  # overtakes to the north
    found = measured(fleet(slow, fast), encounter(-300.0, 0.0, 300.0))
    behind = 8 * KNOT * 720
    assert found["approach-sector"].value == pytest.approx(
        90 + math.degrees(math.atan2(behind, 400)), abs=0.1
    )
    assert found["course-difference"].value == pytest.approx(0, abs=0.1)
    assert found["separation"].value == pytest.approx(400, abs=0.1)


def test_who_gives_way_turns():
    """The one that has the other to starboard turns by 40 degrees to starboard and slows."""
    seconds = np.arange(-1200.0, 601.0, 10.0)
    v = 12 * KNOT
    turn = -300.0
    east = np.where(seconds < turn, 0.0, 0.5 * v * math.sin(math.radians(40)) * (seconds - turn))
    north = np.where(
        seconds < turn,
        v * seconds,
        v * turn + 0.5 * v * math.cos(math.radians(40)) * (seconds - turn),
    )
    other = straight("sea", 270, 10, (400, 300), seconds)
    found = values(fleet(("sea", seconds, east, north, np.nan), other), encounter(-300, 0, 200))
    assert found["give-way-turn"] == pytest.approx(40, abs=0.1)
    assert found["starboard-turn"] == pytest.approx(40, abs=0.1)
    assert found["give-way-slowing"] == pytest.approx(0.5, abs=1e-3)
    assert found["stand-on-turn"] == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("difference", "one", "other", "who"),
    [
        (90, 45, -45, "one"),  # the first has the other to starboard
        (90, -45, 45, "other"),
        (178, 2, -2, "both"),  # head-on
        (5, 10, 170, "one"),  # the first comes up from astern
        (5, 170, -10, "other"),
        (90, 120, -100, "other"),  # 112.5 off the bow is where overtaking begins
        (90, 110, -100, "one"),
        (20, 170, 170, "none"),  # apart
    ],
)
def test_roles(difference, one, other, who):
    assert conduct.role(difference, one, other) == who


def test_roles_swap_with_the_ships():
    swap = {"one": "other", "other": "one"}
    for difference in (3.0, 60.0, 178.0):
        for one in range(-175, 180, 25):
            for other in range(-170, 180, 25):
                role = conduct.role(difference, float(one), float(other))
                back = conduct.role(difference, float(other), float(one))
                assert back == swap.get(role, role)


def test_an_unsure_bearing_leaves_the_role_open():
    before = conduct.Before(
        Bound(80, 90, 100), 3.0, 5.0, -45.0, 5.0, (Bound(5, 5, 5), Bound(5, 5, 5))
    )
    role, could = conduct.roles(before)
    assert role == "one"
    assert could == {"one", "none"}


def test_a_low_pass_over_a_ship():
    of = low_pass()
    found = values(of, encounter(-15.0, 0.0, 15.0, "sea-air"))
    assert found["separation"] == pytest.approx(200, abs=0.1)
    assert found["height-above"] == found["vertical"] == pytest.approx(60)
    assert found["slant"] == pytest.approx(math.hypot(200, 60), abs=0.1)
    v = 400 * KNOT
    assert found["closure"] == pytest.approx(
        (math.hypot(35 * v, 200) - math.hypot(15 * v, 200)) / 20, rel=1e-3
    )
    # off its course by atan(200 / x): within 10 degrees until x = 200 / tan 10
    until = 200 / math.tan(math.radians(10)) / v
    assert found["run"] == pytest.approx(120 - until, abs=1.0)
    assert found["heading-off"] == pytest.approx(math.degrees(math.atan2(200, 100 * v)), abs=0.05)
    assert found["turn-rate"] == pytest.approx(0, abs=0.02)


def test_a_turn_of_three_degrees_a_second():
    seconds = np.arange(-120.0, 61.0, 0.5)
    rate, v = math.radians(3), 100.0
    east, north = v / rate * (1 - np.cos(rate * seconds)), v / rate * np.sin(rate * seconds)
    of = fleet(
        ("air", seconds, east, north, 3000.0),
        straight("air", 0, 200, (5000, 0), seconds, 3000.0),
    )
    found = values(of, encounter(-20.0, 0.0, 20.0, "air-air"))
    assert found["turn-rate"] == pytest.approx(3, abs=0.02)


def circle(turns=3, radius=1500.0, period=600.0):
    """A ship that goes around an ellipse off another one: near, far, near."""
    seconds = np.arange(0.0, turns * period + 1, 5.0)
    phase = 2 * math.pi * seconds / period
    still = straight("sea", 0, 0, (0, 0), seconds)
    return fleet(
        still, ("sea", seconds, radius + radius * 0.9 * np.cos(phase), 0 * phase, np.nan)
    ), seconds


def test_dwell_and_passes_of_one_that_comes_three_times():
    of, seconds = circle()
    found = encounter(0.0, 300.0, float(seconds[-1]))
    own = measured(of, found, near=600.0)
    assert own["passes"].value == 3
    part = math.acos((600 / 1500 - 1) / 0.9) / math.pi  # the share of a turn spent beyond 600 m
    assert own["dwell"].value == pytest.approx(1800 * (1 - part), rel=5e-3)
    hits = search(of, Limits({"sea-sea": Limit(600.0)}))
    assert own["dwell"].value == pytest.approx(float((hits.end - hits.start).sum()), abs=0.01)
    assert len(hits) == 3


def test_separation_is_that_of_the_search():
    rng = np.random.default_rng(3)
    seconds = np.arange(0.0, 1801.0, 20.0)
    ways = []
    for _ in range(8):
        steps = rng.normal(0, 60, (2, len(seconds))).cumsum(axis=1)
        ways.append(("sea", seconds, *steps, np.nan))
    of = fleet(*ways)
    found = encounters(search(of, Limits({"sea-sea": Limit(900.0)})), of, gap_seconds=300)
    assert len(found) > 10
    for one in found:
        own = measured(of, one, near=900.0)
        assert own["separation"].value == pytest.approx(one.horizontal, abs=0.05)
        assert own["separation"].low == own["separation"].value
        assert own["dwell"].value == pytest.approx(
            sum(x.end - x.start for x in one.passes), abs=0.05
        )


def test_across_the_antimeridian_and_near_the_pole():
    seconds = np.arange(-1200.0, 601.0, 10.0)
    ways = (
        straight("sea", 0, 12, (0, 0), seconds),
        straight("sea", 270, 10, (0, 300), seconds),
    )
    usual = values(fleet(*ways), encounter(-100, 30, 200))
    for home in ((57.0, 180.0), (-57.0, -179.999), (0.0, 0.0)):
        there = values(fleet(*ways, home=home), encounter(-100, 30, 200))
        for name, value in usual.items():
            assert there[name] == pytest.approx(value, rel=3e-3, abs=0.1), (home, name)


# --- the craft is not seen for a time ------------------------------------------------------------


def test_a_gap_is_an_ellipse():
    """Halfway through a gap the bound is half of the smaller axis of the ellipse."""
    of = fleet(("sea", np.array([0.0, 600.0]), np.array([0.0, 3000.0]), np.zeros(2), np.nan))
    of = replace(of, cut=np.array([True, True]))
    own = way(of, 0, 0.0, 600.0, Settings(fastest={"sea": 10.0, "air": 1, "land": 1}))
    assert own is not None
    half = math.sqrt((10 * 600) ** 2 - 3000**2) / 2
    assert spots(own, np.array([300.0])).radius[0] == pytest.approx(half, rel=1e-3)
    # At one end it cannot be elsewhere; a quarter on, both disks bound it.
    assert spots(own, np.array([0.0])).radius[0] == 0
    radius = float(spots(own, np.array([150.0])).radius[0])
    x = np.linspace(-2000, 6000, 801)
    y = np.linspace(0, 6000, 601)
    xx, yy = np.meshgrid(x, y)
    both = (np.hypot(xx, yy) <= 1500) & (np.hypot(xx - 3000, yy) <= 4500)
    reached = np.hypot(xx - 750, yy)[both].max()
    assert reached <= radius + 20
    assert reached >= radius - 20  # it is tight


def test_a_gap_is_told_as_possible_not_as_fact():
    seconds = np.array([0.0, 10.0, 1210.0, 1220.0])
    one = ("sea", seconds, np.array([0.0, 60.0, 7260.0, 7320.0]), np.zeros(4), np.nan)
    two = straight("sea", 270, 0, (3600, 4000), np.arange(0.0, 1221.0, 10))
    of = fleet(one, two)
    cut = of.cut.copy()
    cut[2] = True
    own = measured(replace(of, cut=cut), encounter(300.0, 600.0, 900.0), near=1000.0)
    assert own["separation"].low == 0
    assert own["separation"].value == pytest.approx(4000, abs=1)
    assert own["dwell"].low == 0
    assert own["dwell"].high > 0
    assert measured(of, encounter(300.0, 600.0, 900.0))["separation"].low > 3990


# --- bounds hold ----------------------------------------------------------------------------------


def perturbed(of: Tracks, rng: np.random.Generator) -> Tracks:
    """Other tracks that the stated errors allow, stated without error."""
    count = len(of)
    radius = of.error * np.sqrt(rng.random(count))
    edge = rng.random(count) < 0.5
    radius = np.where(edge, of.error * 0.999, radius)
    lon, lat, _ = GEOD.fwd(of.lon, of.lat, rng.random(count) * 360, radius)
    which = of.track
    if rng.random() < 0.5:  # all fixes of a track off alike
        clock = rng.uniform(-1, 1, len(of.ids))[which] * of.clock_error
    else:
        clock = rng.uniform(-1, 1, count) * of.clock_error
    seconds = of.seconds + clock
    for place in range(len(of.ids)):
        own = slice(of.starts[place], of.starts[place + 1])
        seconds[own] = np.sort(seconds[own]) + np.arange(own.stop - own.start) * 1e-6
    height = of.height + rng.uniform(-1, 1, count) * np.nan_to_num(of.height_error)
    none = np.zeros(count)
    return replace(
        of, lat=lat, lon=lon, seconds=seconds, height=height, error=none, height_error=none,
        clock_error=none,
    )  # fmt: skip


def zigzag(domain, seconds, course, speed, at, rng, height=np.nan):
    """A craft that changes course and speed now and then."""
    step = np.diff(seconds, prepend=seconds[0])
    own = course + np.cumsum(rng.normal(0, 3, len(seconds)) * (rng.random(len(seconds)) < 0.2))
    fast = speed * (1 + 0.1 * np.sin(seconds / 200))
    east = np.cumsum(step * fast * np.sin(np.radians(own)))
    north = np.cumsum(step * fast * np.cos(np.radians(own)))
    middle = int(np.searchsorted(seconds, 0.0))
    return domain, seconds, east - east[middle] + at[0], north - north[middle] + at[1], height


def scenes(rng):
    sea, air = np.arange(-1300.0, 700.0, 10.0), np.arange(-300.0, 200.0, 1.0)
    ship = zigzag("sea", sea, 0, 6, (0, 0), rng)
    yield (
        "sea-sea",
        fleet(ship, zigzag("sea", sea, 260, 5, (200, 300), rng), errors=(12, 0, 2)),
        encounter(-200, 30, 250),
        800.0,
    )
    yield (
        "sea-sea",
        fleet(ship, zigzag("sea", sea, 2, 9, (250, 0), rng), errors=(30, 0, 0)),
        encounter(-200, 0, 250),
        400.0,
    )
    yield (
        "sea-air",
        fleet(
            ship, zigzag("air", air, 90, 150, (0, 150), rng, 80 + 0.2 * air), errors=(20, 15, 0.5)
        ),
        encounter(-20, 0, 20, "sea-air"),
        1500.0,
    )
    yield "air-air", fleet(
        zigzag("air", air, 0, 150, (0, 0), rng, 3000.0),
        zigzag("air", air, 250, 170, (700, 300), rng, 3050 + 0.5 * air), errors=(15, 20, 0.3),
    ), encounter(-30, 0, 30, "air-air"), 2500.0  # fmt: skip


def holds(bound, value, slack=1e-3):
    if isinstance(bound, bool) or bound is None:
        return bound is None or value is None or bound == value
    room = slack * (1 + (abs(value) if math.isfinite(value) else 0))
    return bound.low - room <= value <= bound.high + room


@pytest.mark.parametrize("scene", range(4))
def test_bounds_hold_whatever_the_errors_did(scene):
    rng = np.random.default_rng(20 + scene)
    for _ in range(2):
        domains, of, found, near = list(scenes(rng))[scene]
        own = measured(of, found, near=near)
        for one in own.values():
            if isinstance(one, Bound):
                assert one.low <= one.value <= one.high
        for _ in range(12):
            truth = values(perturbed(of, rng), found, near=near)
            for name, bound in own.items():
                if name in truth:
                    assert holds(bound, truth[name]), (domains, name, bound, truth[name])


def test_bounds_are_of_use():
    """What is known of a clear case decides it."""
    of = crossing_ships()
    of = replace(of, error=np.full(len(of), 10.0))
    own = measured(of, encounter(-100.0, 170.0, 200.0))
    assert own["separation"].high - own["separation"].low == pytest.approx(40, abs=0.1)
    assert own["course-difference"].low > 80
    assert own["course-difference"].high < 100
    assert own["give-way-turn"].high < 15
    assert own["closure"].low > 0


def test_a_track_in_a_gap_stays_within_its_bounds():
    rng = np.random.default_rng(5)
    top = 12.0
    settings = Settings(fastest={"sea": top, "air": top, "land": top})
    seconds = np.arange(-900.0, 901.0, 10.0)
    ship = straight("sea", 0, 0, (0, 900), seconds)
    before, after = np.arange(-900.0, -199.0, 10.0), np.arange(200.0, 901.0, 10.0)
    seen = np.concatenate([before, after])
    of = fleet(ship, ("sea", seen, 6 * seen, np.zeros(len(seen)), np.nan))
    cut = of.cut.copy()
    cut[len(seconds) + len(before)] = True
    own = measured(replace(of, cut=cut), encounter(-400, 0, 400), near=1200.0, settings=settings)
    for _ in range(40):
        # Inside the gap it goes by one corner that it can just reach.
        when = rng.uniform(-190, 190)
        reach = top * min(when + 200, 200 - when), 6 * when
        radius = rng.uniform(0, 1) * 0.5 * reach[0]
        angle = rng.uniform(0, 2 * math.pi)
        corner = reach[1] + radius * math.sin(angle), radius * math.cos(angle)
        legs = math.hypot(corner[0] + 1200, corner[1]), math.hypot(corner[0] - 1200, corner[1])
        if legs[0] > top * (when + 200) or legs[1] > top * (200 - when):
            continue
        track = (
            "sea", np.concatenate([before, [when], after]),
            np.concatenate([6 * before, [corner[0]], 6 * after]),
            np.concatenate([0 * before, [corner[1]], 0 * after]), np.nan,
        )  # fmt: skip
        truth = values(fleet(ship, track), encounter(-400, 0, 400), near=1200.0)
        for name in ("separation", "dwell", "closure", "relative-speed", "passes"):
            assert holds(own[name], truth[name]), (name, own[name], truth[name])


# --- odd cases ----------------------------------------------------------------------------------


def test_courses_of_a_short_way_are_not_known():
    of = fleet(straight("sea", 0, 1, (0, 0), np.arange(0.0, 61.0, 10.0)), errors=(20.0, 0, 0))
    own = way(of, 0, 0.0, 60.0)
    assert own is not None
    found = courses(own, np.array([0.0]), np.array([60.0]))
    assert found.error[0] == 180


def test_pieces_of_no_time():
    of = crossing_ships()
    own = [way(of, k, -100.0, 100.0) for k in (0, 1)]
    here = pair.pieces(own[0], own[1], [(0.0, 0.0)])
    assert pair.separation(here).value == pytest.approx(300, abs=0.1)
    assert pair.separation(pair.pieces(own[0], own[1], [(9e9, 9e9)])) is None


def test_two_fixes_at_one_instant_have_the_distance_of_the_search():
    of = fleet(
        ("sea", np.array([0.0]), np.array([0.0]), np.array([0.0]), np.nan),
        ("sea", np.array([0.0]), np.array([300.0]), np.array([0.0]), np.nan),
    )
    (found,) = encounters(search(of, Limits({"sea-sea": Limit(500.0)})), of)
    own = known.known(found, of, {}, near=Limit(500.0))
    assert set(own.metrics) == {"separation", "in-formation"}
    assert own.metrics["separation"].value == pytest.approx(300, abs=0.01)
