"""Encounters from passes, their bounds, and what could have happened inside gaps."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.encounters.approach.fleet import GEOD, fly

from detente.encounters.approach.encounters import encounters
from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.reach import could_have_met
from detente.encounters.approach.search import search
from detente.encounters.approach.states import stray
from detente.ground.errors import UsageError

T0 = 1.6e9
LIMITS = Limits({"air-air": Limit(2000.0, 300.0)})
DEGREE = 111_319.49  # metres of longitude on the equator


def passing(times=1, **known):
    """One craft goes to and fro along the equator, under another that stands above (0, 0.1)."""
    ends = [(T0 + 200 * k, 0.0, 0.2 * (k % 2), 1000.0) for k in range(times + 1)]
    made = fly(ends, [(T0, 0.01, 0.1, 1200.0), (T0 + 200 * times, 0.01, 0.1, 1200.0)])
    return replace(made, **{name: np.full(len(made), value) for name, value in known.items()})


def test_one_pass():
    made = passing()
    (found,) = encounters(search(made, LIMITS), made)
    assert (found.a, found.b, found.domains, found.met) == ("t0", "t1", "air-air", "met")
    assert found.closest == pytest.approx(T0 + 100, abs=1e-6)
    apart = GEOD.inv(0.1, 0.0, 0.1, 0.01)[2]
    assert found.horizontal == pytest.approx(apart, rel=1e-6)
    assert found.vertical == pytest.approx(200)
    assert found.place == (pytest.approx(0.005, abs=1e-6), pytest.approx(0.1))
    half = math.sqrt(2000**2 - apart**2) / (0.2 * DEGREE / 200)
    assert (found.start, found.end) == pytest.approx((T0 + 100 - half, T0 + 100 + half), abs=1e-4)
    speed = 0.2 * DEGREE / 200
    assert found.closure == pytest.approx(speed * math.sqrt(1 - (apart / 2000) ** 2), rel=1e-5)
    assert found.separation.low == found.separation.high == found.horizontal


def test_passes_within_a_time_are_one_encounter():
    made = passing(times=3)
    hits = search(made, LIMITS)
    assert len(hits) == 3
    assert [len(one.passes) for one in encounters(hits, made)] == [1, 1, 1]
    (found,) = encounters(hits, made, gap_seconds=200)
    assert len(found.passes) == 3
    assert found.start == found.passes[0].start
    assert found.end == found.passes[2].end
    best = min(found.passes, key=lambda one: one.horizontal)
    assert (found.closest, found.closure) == (best.closest, best.closure)


def test_errors_of_fixes_and_clocks_widen_separation():
    made = passing(error=30.0, height_error=10.0, clock_error=2.0)
    made.height[1] = 1200.0
    (found,) = encounters(search(made, LIMITS), made)
    speed, climb = 0.2 * DEGREE / 200, 1.0
    # The one that stands has no error from its clock.
    margin = 2 * 30 + 2 * speed
    assert found.separation.high - found.separation.value == pytest.approx(margin, rel=1e-5)
    assert found.separation.low == pytest.approx(found.horizontal - margin, rel=1e-4)
    assert found.vertical_separation is not None
    assert found.vertical_separation.high == pytest.approx(found.vertical + 2 * 10 + 2 * climb)


def test_ways_not_taken_widen_separation():
    made = passing()
    hits = search(made, LIMITS)
    speed = 0.2 * DEGREE / 200
    (found,) = encounters(hits, made, top_speed={"air": 1.25 * speed})
    # Half-way: sqrt(1/4 (1.25^2 - 1)) d = 3/8 d for the one, 5/8 d for the other.
    margin = 0.2 * DEGREE * (3 / 8 + 5 / 8)
    assert found.separation.low == 0
    assert found.separation.high - found.horizontal == pytest.approx(margin, rel=0.01)
    with pytest.raises(UsageError, match="air"):
        encounters(hits, made, top_speed={"sea": 1.0})


def test_unknown_height():
    made = passing(height=np.nan)
    (found,) = encounters(search(made, LIMITS), made)
    assert found.vertical is None
    assert found.vertical_separation is None


def test_no_hits():
    made = passing()
    assert encounters(search(made, Limits({"sea-sea": Limit(1.0)})), made) == ()
    assert could_have_met(made, LIMITS, top_speed={"air": 300.0}) == ()


@given(
    st.integers(0, 10_000),
    st.floats(0, 60),
    st.sampled_from([10_000.0, 300_000.0, 1_000_000.0]),
    st.floats(1.0, 4.0),
    st.floats(0.01, 0.99),
)
def test_nobody_strays_further(seed, lat, far, ratio, part):
    # Places that are within reach of both ends, on the globe, are within `stray` of the way.
    rng = np.random.default_rng(seed)
    lon, north, _ = GEOD.fwd(0.0, lat, rng.uniform(0, 360), far)
    gone = GEOD.inv(0.0, lat, lon, north)[2]
    reach = ratio * gone
    away = GEOD.inv(0.0, lat, lon, north)[0]
    x, y, _ = GEOD.fwd(0.0, lat, away, part * gone)
    bound = float(stray(np.array([part]), np.array([reach]), np.array([gone * 0.998]))[0])
    around = np.linspace(0, 360, 73)
    edge = np.full(73, 1.0001 * bound + 0.001)
    lons, lats, _ = GEOD.fwd(np.full(73, x), np.full(73, y), around, edge)
    one = GEOD.inv(np.zeros(73), np.full(73, lat), lons, lats)[2]
    other = GEOD.inv(np.full(73, lon), np.full(73, north), lons, lats)[2]
    assert not ((one < part * reach) & (other < (1 - part) * reach)).any()


def test_could_have_met_in_a_gap():
    # Silent for half an hour, 18 km on; another stands 5 km beside the middle of the way.
    made = fly(
        [(T0, 0.0, 0.0), (T0 + 60, 0.0, 0.001), (T0 + 1860, 0.0, 0.163), (T0 + 1900, 0.0, 0.164)],
        [(T0, 0.045, 0.08), (T0 + 1900, 0.045, 0.08)],
        domain="sea",
    )
    made.cut[2] = True
    limits = Limits({"sea-sea": Limit(500.0)})
    assert len(search(made, limits)) == 0
    (found,) = could_have_met(made, limits, top_speed={"sea": 15.0}, slice_seconds=30)
    assert found.met == "could-have-met"
    assert T0 + 60 < found.start < found.closest < found.end < T0 + 1860
    assert found.separation.low == 0
    assert found.separation.value == found.horizontal == pytest.approx(5000, rel=0.3)
    # 18 km in 1800 s at 10.4 m/s at most: sqrt(10.4^2 - 10.02^2) * 900 = 2.5 km to the side.
    assert could_have_met(made, limits, top_speed={"sea": 10.4}, slice_seconds=30) == ()
    assert could_have_met(made, limits, top_speed={"sea": 15.0}, longest_seconds=1700) == ()
    same = np.array([4, 4])
    assert could_have_met(made, limits, top_speed={"sea": 15.0}, sides=same) == ()


@settings(max_examples=30)
@given(st.integers(0, 100_000), st.sampled_from([0.0, 70.0]), st.sampled_from([20, 120, 600]))
def test_whoever_met_in_a_gap_could_have_met(seed, lat, length):
    # Two craft wander at up to 10 m/s in steps of 20 s; only parts of their ways are told.
    rng = np.random.default_rng(seed)
    steps, step, top, limit = 90, 20.0, 10.0, 400.0
    moves = rng.uniform(0, 2 * np.pi, (2, 1)) + np.cumsum(rng.normal(0, 0.5, (2, steps)), axis=1)
    pace = rng.uniform(0.3, 0.995, (2, 1)) * top * step
    east = np.cumsum(pace * np.sin(moves), axis=1)
    north = np.cumsum(pace * np.cos(moves), axis=1)
    turn = int(rng.integers(10, 80))  # where the two are less than the limit apart
    away = rng.uniform(0, 0.9) * limit, rng.uniform(0, 2 * np.pi)
    east[1] += east[0, turn] - east[1, turn] + away[0] * np.sin(away[1])
    north[1] += north[0, turn] - north[1, turn] + away[0] * np.cos(away[1])
    lons, lats, _ = GEOD.fwd(
        np.full(2 * steps, 180.0), np.full(2 * steps, lat),
        np.degrees(np.arctan2(east, north)).ravel(), np.hypot(east, north).ravel(),
    )  # fmt: skip
    lats, lons = lats.reshape(2, steps), lons.reshape(2, steps)
    told = np.ones((2, steps), bool)
    told[0, rng.integers(max(1, turn - 60), turn) : rng.integers(turn + 1, steps - 1)] = False
    if rng.integers(2):
        told[1, turn - 3 : turn + 3] = False
    ways = [
        [(T0 + step * k, lats[i, k], lons[i, k]) for k in np.flatnonzero(told[i])] for i in (0, 1)
    ]
    made = fly(*ways, domain="sea")
    made.cut[1:] |= np.diff(made.seconds) > step
    limits = Limits({"sea-sea": Limit(limit)})
    found = could_have_met(made, limits, top_speed={"sea": top}, slice_seconds=length)
    assert any(one.start <= T0 + step * turn <= one.end for one in found)
