"""What each rule touches, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from detente.encounters.clean import Rules, clean
from detente.encounters.results import Cleaning
from detente.encounters.tracks import Craft, Errors
from detente.ground.errors import UsageError

SHIP = [Craft("ship", "sea")]
KNOT = 1852 / 3600
MINUTE = 1 / 60  # of latitude, about a nautical mile


def cleaned(fixes, craft=SHIP, **rules):
    seconds, lat, lon = (np.array(column, float) for column in zip(*fixes, strict=True))
    place = np.zeros(len(seconds), int)
    return clean(craft, place, seconds=seconds, lat=lat, lon=lon, rules=Rules(**rules))


def test_nothing_to_do():
    found, counts = cleaned([(0, 0, 0), (60, 0, 0.001)])
    assert len(found) == 2
    assert counts == Cleaning(2, 0, 0, 0, (0, 0), 0, 0, 2)


def test_without_a_place():
    fixes = [(0, 91, 0), (1, 0, 181), (np.nan, 0, 0), (3, np.inf, 0), (4, 0, np.nan), (5, 0, 180)]
    found, counts = cleaned(fixes)
    assert (counts.without_place, counts.kept) == (5, 1)
    assert found.lon.tolist() == [-180]


def test_repeated_and_conflicting():
    found, counts = cleaned([(60, 1, 1), (0, 1, 1), (0, 1, 1), (0, 1.0001, 1), (60, 1, 1)])
    assert (counts.repeated, counts.conflicting) == (2, 1)
    assert found.lat.tolist() == [1, 1]


def test_heights_conflict_too():
    _, counts = clean(
        SHIP, [0, 0, 0, 0], seconds=[0, 0, 1, 1], lat=[0, 0, 0, 0], lon=[0, 0, 0, 0],
        height=[1.0, np.nan, np.nan, np.nan],
    )  # fmt: skip
    assert (counts.repeated, counts.conflicting) == (1, 1)


def test_speed_gate_times():
    # The jump to a degree away is left out at first; the fix after it only a second time not.
    fixes = [(0, 0, 0), (60, 1, 0), (120, 1, 0.001), (180, 0, 0)]
    found, counts = cleaned(fixes, times=1)
    assert (counts.too_fast, found.lat.tolist()) == ((2,), [0, 1])
    found, counts = cleaned(fixes, times=3)
    assert (counts.too_fast, found.lat.tolist()) == ((2, 1, 0), [0])
    found, counts = cleaned(fixes, times=0)
    assert (counts.too_fast, counts.kept) == ((), 4)


def test_the_gate_is_that_of_the_domain():
    fixes = [(0, 0, 0), (60, 1.5 * MINUTE, 0)]  # 90 knots
    for domain, kept in (("sea", 1), ("land", 2), ("air", 2)):
        assert cleaned(fixes, [Craft("x", domain)])[1].kept == kept
    assert cleaned(fixes, gate_knots={})[1].kept == 2
    assert cleaned(fixes, gate_knots={"sea": 91.0})[1].kept == 2
    assert cleaned(fixes, gate_knots={"sea": 89.0})[1].kept == 1


def test_gaps_are_cut():
    found, counts = cleaned([(0, 0, 0), (600, 0, 0), (1201, 0, 0)])
    assert (counts.gaps, found.cut.tolist()) == (1, [True, False, True])
    assert cleaned([(0, 0, 0), (1e6, 0, 0)], gap_seconds=None)[1].gaps == 0


def test_lone_fixes():
    fixes = [(0, 0, 0), (1000, 0, 0), (2000, 0, 0), (2010, 0, 0), (4000, 0, 0)]
    assert cleaned(fixes)[1].lone == 0
    found, counts = cleaned(fixes, lone=False)
    assert (counts.lone, found.seconds.tolist()) == (3, [2000, 2010])


def test_many_craft_and_errors_go_along():
    craft = [Craft("a", "sea"), Craft("b", "sea"), Craft("c", "sea")]
    found, counts = clean(
        craft, [2, 0, 2, 0], seconds=[10, 0, 0, np.nan], lat=[0, 1, 0, 0], lon=[0, 0, 0, 0],
        errors=Errors(horizontal=[1.0, 2.0, 3.0, 4.0], clock=1.0),
    )  # fmt: skip
    assert found.ids == ("a", "b", "c")
    assert found.starts.tolist() == [0, 1, 1, 3]
    assert found.error.tolist() == [2, 3, 1]
    assert counts.kept == 3


def test_nobody():
    found, counts = clean(SHIP, [], seconds=[], lat=[], lon=[])
    assert len(found) == counts.kept == counts.given == 0


def test_wrong_rules():
    for wrong in ({"gate_knots": {"sea": 0.0}}, {"times": -1}, {"gap_seconds": 0.0}):
        with pytest.raises(UsageError):
            Rules(**wrong)
    with pytest.raises(UsageError, match="2 values for 1"):
        clean(SHIP, [0], seconds=[1, 2], lat=[0], lon=[0])
