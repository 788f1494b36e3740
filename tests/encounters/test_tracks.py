"""Fixes in any order become tracks, and what is left out stays cut."""

from __future__ import annotations

import numpy as np
import pytest

from detente.encounters.tracks import Craft, Errors, tracks
from detente.ground.errors import UsageError

CRAFT = [Craft("a", "sea"), Craft("b", "air"), Craft("c", "land")]


def made(**given):
    found = {
        "seconds": [5.0, 1.0, 3.0, 2.0],
        "lat": [1.0, 2.0, 3.0, 4.0],
        "lon": [180.0, 0.0, -180.0, 190.0],
        "height": 100.0,
    }
    return tracks(CRAFT, given.pop("track", [2, 0, 0, 2]), **{**found, **given})


def test_order_and_longitude():
    found = made(errors=Errors(horizontal=[1.0, 2.0, 3.0, 4.0], clock=0.5))
    assert found.starts.tolist() == [0, 2, 2, 4]
    assert found.seconds.tolist() == [1, 3, 2, 5]
    assert found.lon.tolist() == [0, -180, -170, -180]
    assert found.error.tolist() == [2, 3, 4, 1]
    assert found.clock_error.tolist() == [0.5] * 4
    assert found.cut.tolist() == [True, False, True, False]
    assert found.track.tolist() == [0, 0, 2, 2]
    assert found.domain.tolist() == [0, 1, 2]
    assert len(found) == 4


def test_what_is_left_out_stays_cut():
    found = made(track=[0, 0, 0, 0])
    found.cut[2] = True
    kept = found.keep(np.array([True, True, False, True]))
    assert kept.cut.tolist() == [True, False, True]
    assert found.keep(np.array([False, True, False, False])).cut.tolist() == [True]
    nothing = made().keep(np.zeros(4, bool))
    assert (len(nothing), nothing.starts.tolist()) == (0, [0, 0, 0, 0])
    second = made().keep(np.array([False, False, True, True]))
    assert second.starts.tolist() == [0, 0, 0, 2]


def test_errors():
    with pytest.raises(UsageError, match="lat"):
        made(lat=[1.0, np.nan, 2.0, 3.0])
    with pytest.raises(UsageError, match="3 values of seconds for 4"):
        made(seconds=[1.0, 2.0, 3.0])
    with pytest.raises(UsageError, match="two fixes"):
        made(seconds=[1.0, 1.0, 1.0, 2.0])
