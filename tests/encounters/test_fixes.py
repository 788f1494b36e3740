"""Fixes of several sources, put together."""

import numpy as np
import pytest

from detente.encounters.fixes import ARRAYS, fixes, joined
from detente.encounters.tracks import Claim, Craft, Errors
from detente.ground.errors import UsageError

A, B = Craft("a", "sea", (Claim("name", "A", "x"),)), Craft("b", "air")


def part(source, craft, track, **more):
    count = len(track)
    columns = {"track": track, "seconds": np.arange(count), "lat": 1.0, "lon": 2.0}
    return fixes(craft, source, columns | more)


def test_what_is_not_stated_is_not_a_number():
    found = part("x", [A], [0, 0])
    assert np.isnan(found.height).all()
    assert np.isnan(found.error).all()
    assert found.lat.tolist() == [1, 1]
    assert len(found) == 2


def test_one_craft_of_two_sources():
    again = Craft("a", "sea", (Claim("name", "A", "x"), Claim("name", "A2", "y")))
    other = Craft("a", "air")  # another domain is another craft
    found = joined(
        [part("x", [A, B], [0, 1, 0], height=5.0), part("y", [other, again], [0, 1, 1], nic=7.0)]
    )
    own = [(one.id, one.domain) for one in found.craft]
    assert own == [
        ("a", "sea"),
        ("b", "air"),
        ("a", "air"),
    ]
    assert found.track.tolist() == [0, 1, 0, 2, 0, 0]
    assert found.source.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.sources == ("x", "y")
    assert [claim.value for claim in found.craft[0].claims] == ["A", "A2"]
    assert np.isnan(found.height).tolist() == [False] * 3 + [True] * 3


def test_nothing_joins_to_nothing():
    found = joined([])
    assert len(found) == 0
    assert all(len(getattr(found, name)) == 0 for name in ARRAYS)


def test_unlike_lengths_and_unknown_places_are_refused():
    with pytest.raises(UsageError, match="height"):
        part("x", [A], [0, 0], height=[1.0])
    with pytest.raises(UsageError, match="lat"):
        part("x", [A], [0, 0], lat=[1.0, np.nan])


def test_bounds_that_no_source_states():
    found = part("x", [A], [0, 0], error=[10.0, np.nan], clock_error=2.0)
    bounds = found.errors(Errors(horizontal=100.0, height=30.0, clock=9.0))
    assert bounds.horizontal.tolist() == [10, 100]
    assert bounds.height.tolist() == [30, 30]
    assert bounds.clock.tolist() == [2, 2]
