"""Real tracks and published scenarios: counts that others found, and where ours differ, why."""

from __future__ import annotations

import gzip
import math

import numpy as np
import polars as pl
import pytest
from scipy.spatial import cKDTree
from tests.encounters.approach.fleet import distances, fly, pairs

from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.search import search
from detente.encounters.clean import Rules, clean
from detente.encounters.tracks import Craft

pytestmark = pytest.mark.conformance

FEET, MILE, DEGREE = 0.3048, 1852.0, 6_371_000 * math.pi / 180
SEPARATION = Limits({"air-air": Limit(5 * MILE, 1000 * FEET)})
DAY = 1_533_081_600  # 2018-08-01


@pytest.fixture(scope="session")
def adsb(shared_data):
    with gzip.open(shared_data / "tracks" / "traffic-samples" / "switzerland.json.gz") as file:
        rows = pl.read_json(file.read(), infer_schema_length=None)
    return rows.with_columns(t=pl.col("timestamp") / 1000)


def swiss(rows, start, end, **rules):
    """Tracks of Swiss ADS-B between two hours of the day."""
    rows = rows.filter(pl.col("t").is_between(DAY + 3600 * start, DAY + 3600 * end))
    ids = rows["icao24"].unique(maintain_order=True)
    place = {name: k for k, name in enumerate(ids)}
    found, _ = clean(
        [Craft(name, "air") for name in ids], [place[name] for name in rows["icao24"]],
        seconds=rows["t"].to_numpy(), lat=rows["latitude"].to_numpy(),
        lon=rows["longitude"].to_numpy(), height=rows["altitude"].to_numpy() * FEET,
        rules=Rules(gate_knots={}, **rules),
    )  # fmt: skip
    return found


@pytest.mark.parametrize(("start", "end", "count"), [(12, 12.5, 8), (12, 14, 26)])
def test_swiss_pairs_under_separation(adsb, start, end, count):
    made = swiss(adsb, start, end)
    for compiled in (False, True):
        assert len(pairs(search(made, SEPARATION, compiled=compiled))) == count


def test_the_partners_of_traffic_s_own_test(adsb):
    # traffic, tests/test_cpa.py: max(lateral / 5 nm, vertical / 1000 ft) < 1.5.
    made = swiss(adsb, 12, 14)
    own = made.ids.index("0a0075")
    wide = Limits({"air-air": Limit(1.5 * 5 * MILE, 1500 * FEET)})
    found = {a + b - own for a, b in pairs(search(made, wide)) if own in (a, b)}
    assert {made.ids[k] for k in found} == {"4008e6", "400aff", "406d92"}


def test_the_swiss_day(adsb):
    made = swiss(adsb, 0, 24)
    assert len(pairs(search(made, SEPARATION))) == 163
    bridged = swiss(adsb, 0, 24, gap_seconds=None)
    assert len(pairs(search(bridged, SEPARATION))) == 3_282


@pytest.mark.long
def test_the_swiss_day_once_a_second(adsb):
    # Once a second, on a globe and with degrees linear in time, there are 160 pairs. Four more dip
    # below 1,000 ft for less than a second; one is 5 nm apart on a globe but not on the ellipsoid.
    made = swiss(adsb, 0, 24)
    sampled = each_second(made)
    assert len(sampled) == 160
    hits = search(made, SEPARATION)
    found = pairs(hits)
    lasted = dict.fromkeys(found, 0.0)
    for a, b, start, end in zip(hits.a, hits.b, hits.start, hits.end, strict=True):
        lasted[int(a), int(b)] += end - start
    assert len(found - sampled) == 4
    assert all(lasted[pair] < 1 for pair in found - sampled)
    (lost,) = sampled - found
    wider = Limits({"air-air": Limit(5.02 * MILE, 1000 * FEET)})
    assert lost in pairs(search(made, wider))


def each_second(made):
    """Pairs under separation at whole seconds."""
    rows = []
    for k in range(len(made.ids)):
        own = slice(*made.starts[k : k + 2])
        t = made.seconds[own]
        at = np.arange(math.ceil(t[0]), math.floor(t[-1]) + 1)
        to = np.searchsorted(t, at)
        at = at[(t[to] == at) | ~made.cut[own][to]]
        feet = np.round(made.height[own] / FEET)
        columns = [np.interp(at, t, column) for column in (made.lat[own], made.lon[own], feet)]
        rows.append(np.column_stack([np.full(len(at), k), at, *columns]))
    every = np.concatenate(rows)
    every = every[np.argsort(every[:, 1], kind="stable")]
    found = set()
    for here in np.split(every, np.flatnonzero(np.diff(every[:, 1])) + 1):
        i, j = np.triu_indices(len(here), 1)
        north = (here[i, 2] - here[j, 2]) * DEGREE
        middle = np.radians((here[i, 2] + here[j, 2]) / 2)
        east = (here[i, 3] - here[j, 3]) * DEGREE * np.cos(middle)
        close = (np.hypot(north, east) < 5 * MILE) & (np.abs(here[i, 4] - here[j, 4]) < 1000)
        both = np.sort(np.column_stack([here[i, 0], here[j, 0]])[close].astype(int))
        found |= set(map(tuple, both.tolist()))
    return found


def american(folder):
    rows = pl.read_csv(
        folder / "tracks" / "marinecadastre-20220103" / "ais_20220103_first99999.csv.gz"
    ).with_columns(t=pl.col("BaseDateTime").str.to_datetime().dt.epoch("s"))
    ids = rows["MMSI"].unique().sort()
    return clean(
        [Craft(str(name), "sea") for name in ids], np.searchsorted(ids, rows["MMSI"]),
        seconds=rows["t"].to_numpy(), lat=rows["LAT"].to_numpy(), lon=rows["LON"].to_numpy(),
        rules=Rules(gate_knots={"sea": 60.0}, lone=False),
    )  # fmt: skip


LIMIT = 0.1 * MILE
NEAR = Limits({"sea-sea": Limit(LIMIT)})


def test_american_ships(shared_data):
    made, counts = american(shared_data)
    assert counts.given - counts.repeated - counts.conflicting == 99_924
    assert counts.too_fast[0] == 58
    found = pairs(search(made, NEAR, compiled=True))
    assert len(found) == 17_228
    assert found == pairs(search(made, NEAR, compiled=False))


@pytest.mark.long
def test_american_ships_against_brute_force(shared_data):
    # The count of others, 17,256 pairs within 0.1 nm, takes degrees of 111,195 m and ways linear in
    # degrees; brute force with both gives it. Ours takes the ellipsoid and great circles, so pairs
    # at the limit differ, and those of ships that jump far.
    made, _ = american(shared_data)
    theirs = {pair for pair, far in on_map(made, 1.02 * LIMIT).items() if far < LIMIT}
    assert len(theirs) == 17_256
    found = pairs(search(made, NEAR))
    certain, possible = (
        pairs(search(made, Limits({"sea-sea": Limit(LIMIT * by)}))) for by in (0.996, 1.004)
    )
    jumps = set(jumping(made, 10_000.0))
    unexplained = {
        pair
        for pair in found ^ theirs
        if (pair in certain or pair not in possible) and not jumps & set(pair)
    }
    assert not unexplained


def jumping(made, metres):
    """Tracks with a way of more than so many metres that is not cut."""
    north = np.diff(made.lat, prepend=0) * DEGREE
    east = np.diff(made.lon, prepend=0) * DEGREE * np.cos(np.radians(made.lat))
    return np.unique(made.track[(np.hypot(north, east) > metres) & ~made.cut]).tolist()


def on_map(made, limit):
    """Pairs of tracks within a limit on a map, and their least distance: every way with every."""
    to = np.flatnonzero(~made.cut)
    spot = np.column_stack([made.lon, made.lat]) * DEGREE
    since, until = made.seconds[to - 1], made.seconds[to]
    start, rate = spot[to - 1], (spot[to] - spot[to - 1]) / (until - since)[:, None]
    who, shrink = made.track[to], np.cos(np.radians(made.lat[to - 1]))
    # Half a way from its middle, each way is in a disc; discs of like size are looked up together.
    middle, half = start + rate * (until - since)[:, None] / 2, rate * (until - since)[:, None] / 2
    radius = np.hypot(*half.T)
    least = {}
    bins = np.digitize(radius, [30.0, 300.0, 3_000.0, 30_000.0])
    trees = {size: cKDTree(middle[bins == size]) for size in np.unique(bins)}
    for size, tree in trees.items():
        its = np.flatnonzero(bins == size)
        for i, found in enumerate(
            tree.query_ball_point(middle, radius + radius[its].max() + 2.5 * limit)
        ):
            j = its[found]
            j = j[(who[j] != who[i]) & (since[j] < until[i]) & (until[j] > since[i])]
            if not len(j):
                continue
            # The ways of the pair's first track give the length of a degree of longitude.
            cos = np.where(who[j] > who[i], shrink[i], shrink[j])
            s, e = np.maximum(since[j], since[i]), np.minimum(until[j], until[i])
            d = start[j] + rate[j] * (s - since[j])[:, None]
            d -= start[i] + rate[i] * (s - since[i])[:, None]
            w = rate[j] - rate[i]
            d[:, 0] *= cos
            w[:, 0] *= cos
            speed = (w * w).sum(axis=1)
            t = np.clip(-(d * w).sum(axis=1) / np.where(speed > 0, speed, 1), 0, e - s)
            far = np.hypot(*(d + t[:, None] * w).T)
            for k in np.flatnonzero(far < limit):
                pair = min(int(who[i]), int(who[j[k]])), max(int(who[i]), int(who[j[k]]))
                least[pair] = min(least.get(pair, np.inf), float(far[k]))
    return least


def scenario(folder, name):
    """Straight ways of the aircraft that a BlueSky scenario creates, for an hour."""
    ways = []
    text = (folder / "tracks" / "bluesky-scenarios" / f"{name}.scn").read_text("utf-8")
    for line in text.splitlines():
        if ">CRE " in line:
            _, _, lat, lon, heading, feet, knots = line.split(">CRE ")[1].split(",")
            level = float(feet[2:]) * 100 if feet.startswith("Fl") else float(feet)
            height = level * FEET
            part = float(knots) * MILE / 6_371_000
            ways.append([(0.0, float(lat), float(lon), height)])
            north, away = math.radians(float(lat)), math.radians(float(heading))
            up = math.sin(north) * math.cos(part) + math.cos(north) * math.sin(part) * math.cos(
                away
            )
            east = math.atan2(
                math.sin(away) * math.sin(part) * math.cos(north),
                math.cos(part) - math.sin(north) * up,
            )
            end = math.degrees(math.asin(up)), float(lon) + math.degrees(east)
            ways[-1].append((3600.0, *end, height))
    return fly(*ways)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        *((f"super{n}", n * (n - 1) // 2) for n in (2, 4, 6, 8, 10)),
        ("matrix2", 20),
        ("matrix4", 48),
        ("matrix6", 76),
        ("wall", 1),
    ],
)
def test_bluesky_scenarios(shared_data, name, count):
    found = search(scenario(shared_data, name), SEPARATION)
    assert len(pairs(found)) == count
    if name.startswith("super"):
        assert found.horizontal.max() < 0.001 * MILE


def test_daidalus_head_on(shared_data):
    folder = shared_data / "tracks" / "daidalus"
    rows = [line.split(",") for line in (folder / "H1_SUM.daa").read_text("utf-8").splitlines()[2:]]
    ways = {
        name: [
            (float(row[7]), float(row[1]), float(row[2]), float(row[3]) * FEET)
            for row in rows
            if row[0].strip() == name
        ]
        for name in ("Ownship", "Intruder_1")
    }
    made = fly(*ways.values())
    gold = [
        line.split(",")
        for line in (folder / "DaidalusAlerting-sum.gold.csv").read_text("utf-8").splitlines()[2:]
    ]
    told = {float(row[0]): float(row[8]) for row in gold}
    best = min(told, key=told.__getitem__)
    assert (best, told[best]) == (201, 0.177538)
    found = search(made, Limits({"air-air": Limit(MILE, 450 * FEET)}))
    assert len(found) == 1
    assert abs(found.closest[0] - best) < 1
    assert found.vertical[0] == pytest.approx(33 * FEET, abs=0.5)
    # DAIDALUS projects with a minute of arc as a nautical mile; the ellipsoid is within 0.6 %.
    fixes = [int(np.flatnonzero((made.track == k) & (made.seconds == best))[0]) for k in (0, 1)]
    at_best = distances(made, fixes[0], fixes[1], np.array([float(best)]))[0]
    assert at_best == pytest.approx(0.177538 * MILE, rel=0.006)
    assert found.horizontal[0] <= at_best + 0.01
