"""Ways and places against geodesics, and nodes of both twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.encounters.approach.fleet import GEOD, fleet, fly, geodesic

from detente.encounters.approach import node_kernels
from detente.encounters.approach.motion import between, degrees, nodes, normal, on_way, surface
from detente.encounters.approach.shape import PIECE


@given(st.floats(-90, 90), st.floats(-180, 179))
def test_places_there_and_back(lat, lon):
    spot = surface(normal(np.array([lat]), np.array([lon])))
    x, y, z = spot[0]
    assert (x * x + y * y) / 6_378_137**2 + z * z / 6_356_752.314245**2 == pytest.approx(1)
    back = degrees(spot)
    assert back[0][0] == pytest.approx(lat, abs=1e-9)
    assert GEOD.inv(lon, lat, back[1][0], back[0][0])[2] < 1e-6


@given(st.floats(-89, 89), st.floats(0, 360), st.floats(1_000, 150_000), st.floats(0, 1))
def test_a_way_is_near_the_geodesic(lat, away, far, part):
    lon, north, _ = GEOD.fwd(0.0, lat, away, far)
    made = fly([(0.0, lat, 0.0), (600.0, north, lon)])
    at = np.array([600 * part])
    spots, _ = on_way(made, np.array([1]), at)
    own, true = degrees(spots), geodesic(made, 1, at)
    # The radius of curvature along a meridian changes by 3 e^2 a sin(2 lat) / 2 a radian, and an
    # eighth of that times the squared angle is how far the middle moves.
    assert GEOD.inv(own[1], own[0], true[1], true[0])[2][0] < 0.001 + 0.0014 * far**2 / 6.37e6


def test_unit_vectors_between():
    p = normal(np.array([0.0, 10.0]), np.array([0.0, 5.0]))
    q = normal(np.array([0.0, 10.0]), np.array([90.0, 5.0]))
    found = between(p, q, np.array([1 / 3, 0.5]))
    assert degrees(surface(found))[1] == pytest.approx([30, 5])
    assert np.linalg.norm(found, axis=1) == pytest.approx(1)


@given(st.integers(0, 1_000), st.sampled_from([15, 60, 600]), st.sampled_from([20.0, 900.0]))
def test_twins_make_the_same_nodes(seed, length, speed):
    made = fleet(seed, count=4, speed=speed, gaps=0.2, lat=85.0, heights=(0, 100))
    ours = nodes(made, length)
    first, last = (int(place) for place in (ours.boxes[:, 1].min(), ours.boxes[:, 1].max() + 1))
    count = len(ours.nodes), len(ours.boxes)
    room = np.empty((count[0], 5)), np.empty((count[1], 4), np.int64), np.empty((count[1], 8))
    need = node_kernels.gather(
        first, last, float(length), made.starts, made.seconds, made.lat, made.lon, made.height,
        made.cut, *room,
    )  # fmt: skip
    assert need == count
    np.testing.assert_array_equal(room[1], ours.boxes)
    np.testing.assert_array_equal(room[0][:, 0], ours.nodes[:, 0])
    np.testing.assert_allclose(room[0][:, 1:], ours.nodes[:, 1:], rtol=0, atol=1e-6)
    np.testing.assert_allclose(room[2], ours.bounds, rtol=0, atol=1e-6)
    away = np.linalg.norm(np.diff(ours.nodes[:, 1:4], axis=0), axis=1)
    inside = np.ones(len(away), bool)
    inside[ours.boxes[1:, 2] - 1] = False
    assert away[inside].max() <= PIECE
