"""Closed forms against published examples."""

from __future__ import annotations

import numpy as np
import pytest

from detente.encounters.approach.cpa import closest, within
from detente.ground.errors import UsageError


def test_the_example_of_the_postgis_manual():
    # ST_DistanceCPA: LINESTRING Z (0 0 0, 10 0 5) and (0 2 10, 12 1 2), both in one hour.
    p, q = np.array([0.0, 2, 10]), np.array([2.0, -1, -13])
    hours, distance = closest(p, q)
    assert 0 < hours < 1
    assert distance == pytest.approx(1.9652147377620688, rel=1e-15)


def test_no_relative_motion():
    assert closest([3.0, 4.0], [0.0, 0.0]) == (0.0, 5.0)


def test_many_at_once():
    seconds, distance = closest([[10.0, 1.0], [-10.0, 2.0]], [1.0, 0.0])
    assert seconds.tolist() == [-10, 10]
    assert distance.tolist() == [1, 2]


def test_within_both_limits():
    # A 3-4-5 triangle: within 5 of the origin while 4 before and 4 after the closest point.
    start, end = within([-10.0, 3.0, 100.0], [1.0, 0.0, -10.0], 5.0)
    assert (start, end) == (6, 14)
    # The height is below 20 from 8 s to 12 s.
    start, end = within([-10.0, 3.0, 100.0], [1.0, 0.0, -10.0], 5.0, 20.0)
    assert (start, end) == (8, 12)
    assert np.isnan(within([-10.0, 3.0, 100.0], [1.0, 0.0, 0.0], 5.0, 20.0)).all()
    assert np.isnan(within([-10.0, 5.0, 0.0], [1.0, 0.0, 0.0], 5.0)).all()
    assert within([-10.0, 5.0, 0.0], [1.0, 0.0, 0.0], 5.0, inclusive=True) == (10, 10)
    assert within([1.0, 0.0, 2.0], [0.0, 0.0, 0.0], 5.0, 3.0) == (-np.inf, np.inf)
    with pytest.raises(UsageError):
        within([1.0, 2.0], [0.0, 0.0], 5.0)
