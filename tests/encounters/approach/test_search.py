"""The search against geodesics and brute force, and what must not change its result."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.encounters.approach.fleet import GEOD, distances, fleet, fly, least_distance, pairs

from detente.encounters.approach import search as module
from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.search import Hits, search, standing, usual_slice
from detente.encounters.tracks import Craft, tracks
from detente.ground.errors import UsageError

SEA = Limits({"sea-sea": Limit(1852.0)})
AIR = Limits({"air-air": Limit(9260.0, 304.8)})
T0 = 1.6e9


def same(one, other, **near):
    assert pairs(one) == pairs(other)
    assert len(one) == len(other)
    for column in fields(Hits):
        mine, its = getattr(one, column.name), getattr(other, column.name)
        assert mine == pytest.approx(its, nan_ok=True, **near)


@settings(max_examples=25)
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.0, 51.0, -75.0, 88.0, 89.0, -90.0, 90.0]),
    st.sampled_from([0.0, 179.99, -180.0]),
    st.sampled_from([(5.0, 30.0), (15.0, 200.0), (250.0, 10.0), (250.0, 60.0)]),
    st.sampled_from([0.0, 0.3]),
)
def test_recall_and_precision_against_geodesics(seed, lat, lon, motion, gaps):
    speed, step = motion
    made = fleet(
        seed, count=6, fixes=5, lat=lat, lon=lon, speed=speed, step=step, gaps=gaps,
        spread=4_000 + speed * step,
    )  # fmt: skip
    found = pairs(search(made, SEA, slice_seconds=60))
    for a in range(6):
        for b in range(a + 1, 6):
            least = least_distance(made, a, b)
            # The looks are within a 500th of a way of the least; between them lies nothing.
            if least < 1852 * (1 - 1e-4):
                assert (a, b) in found
            elif least > 1852 * 1.001 + speed * step / 500:
                assert (a, b) not in found


@settings(max_examples=30)
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.0, 60.0, 89.9, -90.0]),
    st.sampled_from([(8, 4_000.0), (40, 30_000.0), (60, 300_000.0)]),
    st.sampled_from(["could-hold", "no"]),
    st.booleans(),
    st.sampled_from([20, 60, 600]),
)
def test_twins_agree(seed, lat, size, unknown, inclusive, length):
    count, spread = size
    made = fleet(
        seed, count=count, lat=lat, lon=180.0, spread=spread, speed=150.0, gaps=0.1,
        domains=("sea", "air", "land"), heights=(0, 900),
    )  # fmt: skip
    limits = Limits(
        {
            "sea-sea": Limit(spread / 6),
            "sea-air": Limit(spread / 3, 500.0),
            "air-air": Limit(spread / 2, 300.0),
            "land-land": Limit(spread / 2, 10.0),
        },
        inclusive=inclusive,
        unknown_height=unknown,
    )
    sides = np.arange(count) % 3 - 1
    still = np.arange(count) % 2 == 0
    ours = [
        search(made, limits, sides=sides, still=still, slice_seconds=length, compiled=compiled)
        for compiled in (True, False)
    ]
    # Instants have 2e-7 s, which is 1e-4 m at the speeds here; grazing passes are not among these.
    same(*ours, abs=1e-3, rel=1e-6)


def test_many_in_cells_and_large_boxes():
    made = fleet(3, count=200, fixes=12, spread=9_000.0, speed=15.0)
    made.lat[5], made.lon[17] = made.lat[5] + 20, made.lon[17] + 40  # jumps over half a continent
    found = search(made, SEA, compiled=True, slice_seconds=30)
    assert len(found) > 1_024  # for which room is made at first
    same(found, search(made, SEA, compiled=False, slice_seconds=30), abs=1e-3, rel=1e-6)


@given(st.integers(0, 1_000), st.integers(0, 1_000))
def test_order_of_tracks_does_not_matter(seed, order):
    made = fleet(seed, count=12, gaps=0.1, spread=3_000.0)
    turn = np.random.default_rng(order).permutation(12)
    rows = np.concatenate([np.arange(*made.starts[k : k + 2]) for k in turn])
    sizes = np.diff(made.starts)[turn]
    columns = ("seconds", "lat", "lon", "height", "error", "height_error", "clock_error", "cut")
    turned = replace(
        made,
        ids=tuple(made.ids[k] for k in turn),
        domain=made.domain[turn],
        starts=np.append(0, np.cumsum(sizes)),
        **{name: getattr(made, name)[rows] for name in columns},
    )

    def told(tracks):
        hits = search(tracks, SEA)
        values = zip(hits.start, hits.end, hits.closest, hits.horizontal, hits.closure, strict=True)
        who = ({tracks.ids[a], tracks.ids[b]} for a, b in zip(hits.a, hits.b, strict=True))
        return {(*sorted(two), *value) for two, value in zip(who, values, strict=True)}

    assert told(made) == told(turned)


@given(st.integers(0, 1_000), st.integers(-10_000, 10_000))
def test_shift_of_time(seed, slices):
    made = fleet(seed, spread=3_000.0)
    shifted = replace(made, seconds=made.seconds + 60 * slices)
    one, other = (search(one, SEA, slice_seconds=60) for one in (made, shifted))
    moved = {name: getattr(other, name) - 60 * slices for name in ("start", "end", "closest")}
    same(one, replace(other, **moved), abs=1e-4)


def test_any_shift_of_time_and_any_slice():
    made = fleet(11, count=30, spread=6_000.0)
    ours = search(made, SEA, slice_seconds=60)
    shifted = search(replace(made, seconds=made.seconds + 12_345.678), SEA, slice_seconds=60)
    assert pairs(ours) == pairs(shifted)
    for length in (10, 77, 600, 100_000):
        same(ours, search(made, SEA, slice_seconds=length), abs=0.02)


def test_parts_of_time_give_the_same_bits():
    made = fleet(5, count=40, fixes=30, spread=8_000.0)
    whole = search(made, SEA, slice_seconds=60, compiled=True)
    border = 60 * np.floor((T0 + 450) / 60)
    late = made.seconds > border
    last_early = np.append(late[1:], True) & ~late
    first_late = late & ~np.append(False, late[:-1])
    early = search(made.keep(~late | first_late), SEA, slice_seconds=60, compiled=True)
    later = search(made.keep(late | last_early), SEA, slice_seconds=60, compiled=True)
    for part, held in ((early, whole.end < border), (later, whole.start > border)):
        assert held.sum() > 10
        told = set(zip(*(getattr(part, c.name).tolist() for c in fields(Hits)[:6]), strict=True))
        mine = zip(*(getattr(whole, c.name)[held].tolist() for c in fields(Hits)[:6]), strict=True)
        assert set(mine) <= told


def test_threads_and_groups_do_not_matter(monkeypatch):
    made = fleet(7, count=60, fixes=40, spread=9_000.0)
    whole = search(made, SEA, compiled=True, slice_seconds=30)
    monkeypatch.setattr(module, "GROUP", 300)
    assert len(list(module._groups(made, 30))) > 5
    for threads in (1, 3):
        found = search(made, SEA, compiled=True, slice_seconds=30, threads=threads)
        for column in fields(Hits):
            np.testing.assert_array_equal(getattr(found, column.name), getattr(whole, column.name))


@pytest.mark.parametrize("compiled", [True, False])
def test_over_the_pole(compiled):
    made = fly(
        [(T0, 89.5, 0.0), (T0 + 500, 89.5, -180.0)],
        [(T0, 89.5, 90.0), (T0 + 500, 89.5, -90.0)],
        [(T0, 89.5, 45.0), (T0 + 500, 89.6, 45.0)],
    )
    found = search(made, Limits({"air-air": Limit(1000.0)}), compiled=compiled)
    assert pairs(found) == {(0, 1)}
    assert found.closest == pytest.approx([T0 + 250], abs=1e-3)
    assert found.horizontal == pytest.approx([0], abs=1e-3)


@pytest.mark.parametrize("compiled", [True, False])
def test_over_the_antimeridian(compiled):
    made = fly(
        [(T0, 10.0, 179.9), (T0 + 600, 10.0, -179.9)],
        [(T0, 10.0, -179.9), (T0 + 600, 10.0, 179.9)],
    )
    found = search(made, Limits({"air-air": Limit(100.0)}), compiled=compiled)
    assert found.closest == pytest.approx([T0 + 300], abs=1e-3)
    # 21.9 km in 600 s, towards each other.
    assert found.closure == pytest.approx([2 * 21_926 / 600], rel=1e-3)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("shift", [0, 17])
def test_one_shared_instant_is_enough(compiled, shift):
    border = 60.0 * 26_000_000 + shift
    made = fly(
        [(border - 60, 0.0, 0.0), (border, 0.01, 0.0)],
        [(border, 0.01, 0.001), (border + 60, 0.02, 0.0)],
        [(border, 0.01, -0.001)],
        [(border + 1, 0.01, 0.0)],
    )
    found = search(made, Limits({"air-air": Limit(300.0)}), compiled=compiled, slice_seconds=60)
    assert pairs(found) == {(0, 1), (0, 2), (1, 2), (1, 3)}
    assert found.start == pytest.approx([border, border, border, border + 1])
    assert (found.end == found.start).tolist() == [True, True, True, True]


def test_a_cut_way_is_no_way():
    made = fly([(T0, 0.0, 0.0), (T0 + 60, 0.0, 0.1)], [(T0, -0.05, 0.05), (T0 + 60, 0.05, 0.05)])
    limits = Limits({"air-air": Limit(500.0)})
    assert len(search(made, limits)) == 1
    made.cut[1] = True
    assert len(search(made, limits)) == 0


def test_both_limits_at_one_instant():
    # The one passes beneath the other, 600 m lower; their heights are the same a minute later.
    way = [(T0, 0.0, 0.0, 1000.0), (T0 + 120, 0.0, 0.2, 1000.0)]
    other = [(T0, 0.1, 0.1, 0.0), (T0 + 120, -0.1, 0.1, 1200.0)]
    made = fly(way, other)
    wide = search(made, Limits({"air-air": Limit(3000.0, 500.0)}))
    assert wide.vertical[0] < 500
    assert len(search(made, Limits({"air-air": Limit(3000.0, 250.0)}))) == 0
    assert len(search(made, Limits({"air-air": Limit(3000.0)}))) == 1
    # At T0 + 60: 400 m apart in height; within 500 m from T0 + 50.
    assert wide.start == pytest.approx([T0 + 50], abs=1e-3)


def test_a_limit_is_not_reached_by_rounding():
    feet = 0.3048
    made = fly(
        [(T0, 0.0, 0.0, 35_000 * feet), (T0 + 60, 0.0, 0.1, 35_000 * feet)],
        [(T0, 0.0, 0.0, 34_000 * feet), (T0 + 60, 0.0, 0.1, 34_000 * feet)],
    )
    assert made.height[0] - made.height[2] < 304.8
    assert len(search(made, AIR)) == 0
    assert len(search(made, replace(AIR, inclusive=True))) == 1


def test_unknown_heights():
    made = fly(
        [(T0, 0.0, 0.0, 9000.0), (T0 + 60, 0.0, 0.1, 9000.0)],
        [(T0, 0.01, 0.0, np.nan), (T0 + 60, 0.01, 0.1, np.nan)],
    )
    found = search(made, AIR)
    assert len(found) == 1
    assert np.isnan(found.vertical[0])
    assert len(search(made, replace(AIR, unknown_height="no"))) == 0


def test_sides_and_standing():
    made = fly(*[[(T0, k / 1000, 0.0), (T0 + 60, k / 1000, 1e-5)] for k in range(4)], domain="sea")
    made.lon[7] = 0.05
    assert standing(made, 5.0).tolist() == [True, True, True, False]
    everything = {(a, b) for a in range(4) for b in range(a + 1, 4)}
    assert pairs(search(made, SEA)) == everything
    assert pairs(search(made, SEA, still=standing(made, 5.0))) == {(0, 3), (1, 3), (2, 3)}
    sides = np.array([0, 0, 1, -1])
    assert pairs(search(made, SEA, sides=sides)) == everything - {(0, 1)}


@pytest.mark.parametrize(
    ("limit", "relative", "metres"),
    [(185.2, 1e-5, 0.02), (9_260.0, 1e-5, 0.02), (20_000.0, 1e-5, 0.02), (300_000.0, 3e-4, 0.02)],
)
def test_distances_are_geodesic(limit, relative, metres):
    for lat in (0.0, 45.0, 80.0, 90.0):
        made = fleet(1, count=20, lat=lat, spread=0.4 * limit, speed=250.0, step=60.0)
        found = search(made, Limits({"sea-sea": Limit(limit)}))
        assert len(found)
        for row in range(len(found)):
            t = found.closest[row]
            at = [
                made.starts[k] + np.searchsorted(made.seconds[slice(*made.starts[k : k + 2])], t)
                for k in (found.a[row], found.b[row])
            ]
            far = distances(made, at[0], at[1], np.array([t]))[0]
            # Where each is comes from geodesics too, which differ by centimetres.
            assert found.horizontal[row] == pytest.approx(far, rel=relative, abs=metres)


def test_start_and_end_are_on_the_limit():
    made = fleet(2, count=20, spread=6_000.0)
    found = search(made, SEA)
    ends = [made.seconds[made.starts[k + 1] - 1] for k in range(20)]
    seen = 0
    for row in range(len(found)):
        a, b = found.a[row], found.b[row]
        if found.end[row] < min(ends[a], ends[b]):
            at = [
                made.starts[k]
                + np.searchsorted(made.seconds[slice(*made.starts[k : k + 2])], found.end[row])
                for k in (a, b)
            ]
            assert distances(made, at[0], at[1], found.end[row : row + 1])[0] == pytest.approx(
                1852, abs=0.05
            )
            seen += 1
    assert seen > 10


def test_usual_slice():
    assert usual_slice(fleet(0, step=10.0)) == 120
    assert usual_slice(fly([(T0, 0.0, 0.0)])) == 300


def test_nothing_to_find():
    nobody = tracks([Craft("a", "sea")], [], seconds=[], lat=[], lon=[])
    assert len(search(nobody, SEA)) == 0
    apart = fly([(T0, 0.0, 0.0)], [(T0, 5.0, 0.0)], domain="sea")
    assert len(search(apart, SEA, compiled=True)) == 0
    assert len(search(apart, SEA, compiled=False)) == 0
    assert len(search(apart, Limits({"air-air": Limit(1e5)}))) == 0


def test_wrong_questions():
    made = fleet(0, count=3)
    for limits in ({"sea-moon": Limit(1.0)}, {"sea-sea": Limit(0.0)}, {"sea-sea": Limit(1.0, 0.0)}):
        with pytest.raises(UsageError):
            Limits(limits)
    with pytest.raises(UsageError, match="tracks"):
        search(made, SEA, sides=np.zeros(2))
    with pytest.raises(UsageError, match="whole number"):
        search(made, SEA, slice_seconds=0.5)
    with pytest.raises(UsageError, match="whole number"):
        search(made, SEA, slice_seconds=0)
    made.seconds[-1] = 1e12
    with pytest.raises(UsageError, match="too short"):
        search(made, SEA, slice_seconds=1, compiled=True)


def flat_brute(made, limit):
    """All pairs of ways in a plane about the first fix: pairs with their least distance."""
    away, _, far = GEOD.inv(
        np.full(len(made), made.lon[0]), np.full(len(made), made.lat[0]), made.lon, made.lat
    )
    spot = np.stack([far * np.sin(np.radians(away)), far * np.cos(np.radians(away))], axis=1)
    to = np.flatnonzero(~made.cut)
    to = to[np.argsort(made.seconds[to - 1], kind="stable")]
    since, until, who = made.seconds[to - 1], made.seconds[to], made.track[to]
    p, v = spot[to - 1], (spot[to] - spot[to - 1]) / (until - since)[:, None]
    longest, least = (until - since).max(), {}
    for i in range(len(to)):
        j = slice(np.searchsorted(since, since[i] - longest), np.searchsorted(since, until[i]))
        s, e = np.maximum(since[j], since[i]), np.minimum(until[j], until[i])
        d = p[j] + v[j] * (s - since[j])[:, None] - p[i] - v[i] * (s - since[i])[:, None]
        w = v[j] - v[i]
        speed = (w * w).sum(axis=1)
        t = np.clip(-(d * w).sum(axis=1) / np.where(speed > 0, speed, 1), 0, e - s)
        apart = np.hypot(*(d + t[:, None] * w).T)
        for k in np.flatnonzero((s < e) & (who[j] > who[i]) & (apart < 1.01 * limit)):
            pair = int(who[i]), int(who[j][k])
            least[pair] = min(least.get(pair, np.inf), float(apart[k]))
    return least


def compare(made, limit):
    least = flat_brute(made, limit)
    found = search(made, Limits({"sea-sea": Limit(limit)}), compiled=True)
    inside = {pair for pair, far in least.items() if far < limit * (1 - 1e-4)}
    beside = {pair for pair, far in least.items() if far < limit * (1 + 1e-4)}
    assert inside <= pairs(found) <= beside
    return len(inside)


def test_recall_against_brute_force():
    assert compare(fleet(4, count=60, fixes=20, spread=12_000.0, lat=55.0), 1_000.0) > 40


@pytest.mark.long
@pytest.mark.parametrize(("count", "spread"), [(1_000, 30_000.0), (3_000, 40_000.0)])
def test_recall_against_brute_force_at_100_000_points(count, spread):
    made = fleet(
        9, count=count, fixes=100_000 // count, spread=spread, lat=-60.0, lon=180.0, step=10
    )
    assert compare(made, 500.0) > 1_000


def test_few_fixes_need_no_compiler():
    code = (
        "import sys; from detente.encounters.approach.limits import Limit, Limits;"
        "from detente.encounters.approach.search import search;"
        "from detente.encounters.tracks import Craft, tracks;"
        "made = tracks([Craft('a', 'sea')], [0, 0], seconds=[0, 9], lat=[0, 0], lon=[0, 1]);"
        "search(made, Limits({'sea-sea': Limit(100.0)})); sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
