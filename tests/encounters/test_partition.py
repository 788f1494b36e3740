"""A search in parts gives what the whole gives, to the bit, wherever borders lie."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.encounters import partition
from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.search import join, search
from detente.encounters.tracks import Craft, tracks
from detente.ground.errors import UsageError

LIMITS = Limits({"sea-sea": Limit(2000.0), "air-air": Limit(9260.0, 300.0), "sea-air": Limit(4000)})
LENGTH = 60


def in_parts(made, of, limits=LIMITS):
    found = [np.zeros((0, 8))]
    for slab, cube, places, own in partition.parts(made, of):
        rows = partition.rows(
            own, limits, slab, cube, of, sides=np.full(len(places), -1),
            still=np.zeros(len(places), bool),
        )  # fmt: skip
        rows[:, :2] = places[rows[:, :2].astype(int)]
        found.append(rows)
    return join(np.concatenate(found))


def same(one, other):
    for field in fields(one):
        np.testing.assert_array_equal(
            getattr(one, field.name), getattr(other, field.name), field.name, strict=True
        )


def crowd(seed, lat, lon, *, craft=8, many=20, spread=0.06):
    """Craft that cross around a place, with odd instants and on borders, ships and aircraft."""
    rng = np.random.default_rng(seed)
    who, seconds, lats, lons, heights = [], [], [], [], []
    for k in range(craft):
        times = np.unique(rng.integers(0, 400, many)) * rng.choice([15.0, 20.0, 7.5])
        way = np.linspace(-1, 1, len(times)) * spread
        turn = rng.uniform(0, 2 * np.pi)
        north = lat + way * np.cos(turn) + rng.normal(0, spread / 9, len(times))
        shrink = max(np.cos(np.radians(lat)), 1e-3)
        east = lon + (way * np.sin(turn) + rng.normal(0, spread / 9, len(times))) / shrink
        over = np.abs(north) > 90
        lats.append(np.where(over, np.sign(north) * 180 - north, north))
        lons.append(np.where(over, east + 180, east))
        who.append(np.full(len(times), k))
        seconds.append(times)
        heights.append(np.full(len(times), 100.0 * (k % 3)))
    return tracks(
        [Craft(f"c{k}", ("sea", "air")[k % 2]) for k in range(craft)], np.concatenate(who),
        seconds=np.concatenate(seconds), lat=np.concatenate(lats), lon=np.concatenate(lons),
        height=np.concatenate(heights),
    )  # fmt: skip


@pytest.mark.parametrize("compiled", [False, True])
@settings(max_examples=12)
@given(
    seed=st.integers(0, 2**32 - 1),
    place=st.sampled_from([
        (55.0, 12.0), (0.0, 180.0), (0.0, -180.0), (0.0, 0.0), (52.0, 179.99), (89.98, 30.0),
        (-90.0, 0.0), (0.0, 90.0), (45.0, -90.0),
    ]),
    hours=st.sampled_from([1 / 60, 0.1, 0.5, 24.0]),
    cube=st.sampled_from([1.0, 60_000.0, 500_000.0]),
)  # fmt: skip
def test_parts_give_what_the_whole_gives(compiled, seed, place, hours, cube):
    made = crowd(seed, *place)
    of = partition.plan(LIMITS, LENGTH, hours=hours, cube=cube, compiled=compiled)
    whole = search(made, LIMITS, slice_seconds=LENGTH, compiled=compiled)
    same(in_parts(made, of), whole)


def test_the_crowd_meets_across_borders():
    # What the test above compares is not empty, and it is cut.
    made = crowd(1, 0.0, 180.0)
    of = partition.plan(LIMITS, LENGTH, hours=0.1, cube=1.0, compiled=False)
    assert len(search(made, LIMITS, slice_seconds=LENGTH)) > 5
    cut = [(slab, cube) for slab, cube, _, _ in partition.parts(made, of)]
    assert len({slab for slab, _ in cut}) > 5
    assert len({cube for _, cube in cut}) > 2
    assert len(set(cut)) == len(cut)


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32 - 1))
def test_long_ways_over_the_curve(seed):
    # Fixes of some thousand kilometres apart: the way bulges far out of the box around its ends.
    rng = np.random.default_rng(seed)
    made = tracks(
        [Craft(f"a{k}", "air") for k in range(12)], np.repeat(np.arange(12), 2),
        seconds=np.tile([0.0, 7200.0], 12), lat=rng.uniform(-85, 85, 24),
        lon=np.repeat(rng.uniform(-180, 180, 12), 2) + np.tile([0, 60.0], 12), height=10_000.0,
    )  # fmt: skip
    limits = Limits({"air-air": Limit(100_000.0)})
    of = partition.plan(limits, 600, hours=1.0, cube=3e6, compiled=False)
    whole = search(made, limits, slice_seconds=600, compiled=False)
    same(in_parts(made, of, limits), whole)


def test_a_cube_is_large_beside_the_limits():
    wide = Limits({"air-air": Limit(200_000.0)})
    assert partition.plan(wide, 60, cube=1.0).cube >= 8 * 100_000
    with pytest.raises(UsageError, match="last"):
        partition.plan(LIMITS, 0)
    with pytest.raises(UsageError, match="last"):
        partition.plan(LIMITS, 60, hours=0)


def test_no_tracks_no_parts():
    made = tracks([Craft("a", "sea")], [], seconds=[], lat=[], lon=[])
    assert not list(partition.parts(made, partition.plan(LIMITS, 60)))
