"""Craft for tests, and what is true of them by other means than the search's."""

from __future__ import annotations

import numpy as np
from pyproj import Geod

from detente.encounters.tracks import Craft, tracks

GEOD = Geod(ellps="WGS84")


def fleet(seed, *, count=8, fixes=10, lat=0.0, lon=0.0, spread=5_000.0, speed=20.0, step=30.0,
          domains=("sea",), gaps=0.0, heights=None):  # fmt: skip
    """Craft that wander within ``spread`` metres of a point, with jittered instants and gaps."""
    rng = np.random.default_rng(seed)
    seconds = 1.6e9 + np.cumsum(np.ceil(rng.uniform(0.2, 1.8, (count, fixes)) * step), axis=1)
    seconds += np.floor(rng.uniform(0, step, (count, 1)))
    course = rng.uniform(0, 2 * np.pi, (count, 1)) + np.cumsum(
        rng.normal(0, 0.4, (count, fixes)), axis=1
    )
    lasted = np.diff(seconds, axis=1, prepend=seconds[:, :1])
    gone = rng.uniform(0, speed, (count, 1)) * lasted
    east = rng.uniform(-spread, spread, (count, 1)) + np.cumsum(gone * np.sin(course), axis=1)
    north = rng.uniform(-spread, spread, (count, 1)) + np.cumsum(gone * np.cos(course), axis=1)
    away = np.degrees(np.arctan2(east, north)).ravel()
    start = np.full(east.size, lon), np.full(east.size, lat)
    lons, lats, _ = GEOD.fwd(*start, away, np.hypot(east, north).ravel())
    level = np.nan
    if heights is not None:
        level = rng.uniform(heights[0], heights[1], east.size).round()
        level[rng.uniform(size=east.size) < 0.1] = np.nan
    craft = [Craft(f"t{k}", domains[k % len(domains)]) for k in range(count)]
    place = np.repeat(np.arange(count), fixes)
    found = tracks(craft, place, seconds=seconds.ravel(), lat=lats, lon=lons, height=level)
    found.cut[:] |= rng.uniform(size=len(found)) < gaps
    return found


def fly(*ways, domain="air", height=np.nan):
    """Tracks of ways of (seconds, lat, lon) or (seconds, lat, lon, height)."""
    rows = [(k, *fix) for k, way in enumerate(ways) for fix in way]
    columns = list(zip(*[(*row, height)[:5] for row in rows], strict=True))
    craft = [Craft(f"t{k}", domain) for k in range(len(ways))]
    return tracks(
        craft, columns[0], seconds=columns[1], lat=columns[2], lon=columns[3], height=columns[4]
    )


def pairs(hits):
    return set(zip(hits.a.tolist(), hits.b.tolist(), strict=True))


def least_distance(made, a, b):
    """The least geodesic distance of two tracks, from finer and finer looks along geodesics."""
    best = np.inf
    for s, e, i, j in shared(made, a, b):
        low, high = s, e
        for _ in range(3):
            instants = np.linspace(low, high, 17)
            far = distances(made, i, j, instants)
            near = int(far.argmin())
            low, high = instants[max(near - 1, 0)], instants[min(near + 1, 16)]
        best = min(best, far.min())
    return best


def shared(made, a, b):
    """From, to and the two fixes at the end, of each stretch that both tracks have."""
    ways = [range(made.starts[k], made.starts[k + 1]) for k in (a, b)]
    for i in ways[0]:
        for j in ways[1]:
            since = [made.seconds[k if made.cut[k] else k - 1] for k in (i, j)]
            s, e = max(since), min(made.seconds[i], made.seconds[j])
            if s <= e:
                yield s, e, i, j


def distances(made, i, j, instants):
    """Geodesic distances of two craft on their ways to two fixes."""
    lats, lons = zip(*(geodesic(made, k, instants) for k in (i, j)), strict=True)
    return np.asarray(GEOD.inv(lons[0], lats[0], lons[1], lats[1])[2])


def geodesic(made, fix, instants):
    """Places on the geodesic to a fix, at constant speed."""
    before = fix if made.cut[fix] else fix - 1
    lasted = made.seconds[fix] - made.seconds[before]
    part = (instants - made.seconds[before]) / (lasted or 1)
    away, _, whole = GEOD.inv(made.lon[before], made.lat[before], made.lon[fix], made.lat[fix])
    one = np.ones_like(part)
    lon, lat, _ = GEOD.fwd(made.lon[before] * one, made.lat[before] * one, away * one, whole * part)
    return np.asarray(lat), np.asarray(lon)
