"""Craft on ways that tests know, their encounters, and what is measured of them."""

from __future__ import annotations

import math

import numpy as np
from pyproj import Geod

from detente.encounters.approach.limits import Limit
from detente.encounters.geometry import known
from detente.encounters.geometry.settings import NM, Settings
from detente.encounters.results import Bound, Encounter, Pass
from detente.encounters.tracks import Craft, Errors, tracks

GEOD = Geod(ellps="WGS84")
KNOT = NM / 3600
HOME = (57.0, 19.0)


def moved(east, north, *, home=HOME):
    """Places at metres east and north of one, by geodesics."""
    east, north = np.broadcast_arrays(np.asarray(east, float), np.asarray(north, float))
    azimuth = np.degrees(np.arctan2(east, north))
    lon, lat, _ = GEOD.fwd(
        np.full(east.shape, home[1]), np.full(east.shape, home[0]), azimuth, np.hypot(east, north)
    )
    return lat, lon


def fleet(*ways, errors=(0.0, 0.0, 0.0), home=HOME):
    """Tracks of (domain, seconds, east, north, height)."""
    columns = {name: [] for name in ("track", "seconds", "lat", "lon", "height")}
    for place, (_, seconds, east, north, height) in enumerate(ways):
        lat, lon = moved(east, north, home=home)
        count = len(seconds)
        columns["track"] += [place] * count
        columns["seconds"] += list(seconds)
        columns["lat"] += list(np.broadcast_to(lat, count))
        columns["lon"] += list(np.broadcast_to(lon, count))
        columns["height"] += list(np.broadcast_to(height, count).astype(float))
    craft = [Craft(f"craft-{k}", one[0]) for k, one in enumerate(ways)]
    own = {key: value for key, value in columns.items() if key != "track"}
    return tracks(craft, columns["track"], errors=Errors(*errors), **own)


def encounter(start, closest, end, domains="sea-sea", a="craft-0", b="craft-1"):
    one = Pass(start, end, closest, 0.0, None, 0.0)
    zero = Bound(0.0, 0.0, 0.0)
    return Encounter(
        a, b, domains, start, end, closest, HOME, 0.0, None, zero, None, 0.0, (one,), "met"
    )


def measured(of, found, near=2 * NM, settings=None):
    looked = known.view(found, of, near=Limit(near), settings=settings or Settings())
    return known.metrics(looked)


def values(of, found, **how):
    return {
        name: one.value if isinstance(one, Bound) else one
        for name, one in measured(of, found, **how).items()
    }


def straight(domain, course, knots, at_zero, seconds, height=np.nan):
    """A craft that goes straight and is at (east, north) at instant 0."""
    v = knots * KNOT
    east = at_zero[0] + v * math.sin(math.radians(course)) * seconds
    north = at_zero[1] + v * math.cos(math.radians(course)) * seconds
    return domain, seconds, east, north, height


def low_pass(height=60.0, offset=200.0, knots=400.0):
    """An aircraft that runs at a ship, passes beside it and goes on."""
    seconds = np.arange(-120.0, 61.0, 1.0)
    ship = straight("sea", 0, 0, (0, 0), np.arange(-600.0, 601.0, 10.0))
    return fleet(ship, straight("air", 90, knots, (0, offset), seconds, height))
