"""Close approaches here and elsewhere: seconds, memory, and how much of the truth is found.

Run from the checkout: ``python benchmarks/encounters.py``. Every run is a process of its own, and
kernels are loaded before the clock starts. First half an hour of Swiss ADS-B beside ``traffic``,
whose pairs are those under 5 nm and 1,000 ft; then a million points of 10,000 ships, which report
each ten seconds at instants of their own, beside Polars and DuckDB, which bring them to common
ticks of ten seconds and join them there by cells of a grid, with the share of our pairs within
0.5 nm that each finds; then ours at growing numbers of points. Beside a peer all have one thread.
Peers stand in environments of their own, made from ``benchmarks/peers`` at the first run. Other
work on the machine adds to the wall: the load is printed, and processor seconds beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import polars as pl

from detente.encounters.approach import search as engine
from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.clean import Rules, clean
from detente.encounters.tracks import Craft, Tracks

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "build" / "peers"
WORK = ROOT / "build" / "benchmarks"
RADIUS = 926.0
DEGREE = 111_195.0  # metres of a degree, for the peers' grid
SEA = Limits({"sea-sea": Limit(RADIUS)})
AIR = Limits({"air-air": Limit(9260.0, 304.8)})
SHIPS = 10_000
TICK = 10.0
FOOT = 0.3048
TRAFFIC_TARGET, JOIN_TARGET, SPEED_TARGET = 500, 5, 5e6


def main() -> None:
    """Print the tables, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=float, nargs="+", default=[1e6, 1e7, 3e7])
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--ours-only", action="store_true", help="leave the peers out")
    parser.add_argument("--run", choices=sorted(RUNS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        told = RUNS[asked.run](int(asked.points[0]), asked.threads, asked.repeats)
        sys.stdout.write(json.dumps(told))
        return
    WORK.mkdir(parents=True, exist_ok=True)
    if not asked.ours_only:
        beside_traffic(asked.repeats)
        beside_joins(asked.repeats)
    growth([int(points) for points in asked.points], asked.threads, asked.repeats)


def beside_traffic(repeats: int) -> None:
    """Half an hour of Swiss ADS-B, as the peer ships it."""
    peer = process(TRAFFIC, "traffic")
    ours = own("swiss", 0, 1, repeats)
    ratio = peer["wall"] / ours["wall"]
    show("Swiss ADS-B, 12:00-12:30", ours, f"{ours['found']} pairs")
    show("  traffic 2.13", peer, f"{peer['found']} pairs")
    verdict("times faster than traffic", ratio, TRAFFIC_TARGET)


def beside_joins(repeats: int) -> None:
    """A million points, beside joins at ticks."""
    rows_of(ships(1_000_000)).write_parquet(WORK / "ticks.parquet")
    ours = own("ours", 1_000_000, 1, repeats)
    show("1,000,000 points, 1 thread", ours, f"{ours['found']} pairs")
    peers = {"Polars": own("polars", 1_000_000, 1, repeats), "DuckDB": process(DUCKDB, "duckdb")}
    for name, peer in peers.items():
        show(f"  {name}", peer, f"recall {peer['found'] / ours['found']:.4f}")
        verdict(f"times faster than {name}", peer["wall"] / ours["wall"], JOIN_TARGET)


def growth(sizes: list[int], threads: int, repeats: int) -> None:
    """Ours at growing numbers of points."""
    for points in sizes:
        ours = own("ours", points, threads, repeats)
        rate = points / ours["wall"]
        note = (
            f"{rate / 1e6:.1f} million a second, {points / ours['cpu'] / 1e6:.1f} a processor"
            f" second; {ours['data']:.0f} MB of tracks, {ours['peak'] - ours['data']:.0f} above"
        )
        show(f"{points:,} points, {threads} threads", ours, note)
        verdict("million points a second", rate / 1e6, SPEED_TARGET / 1e6)


def show(title: str, told: dict[str, Any], note: str) -> None:
    """Print a line of what a process told."""
    seconds = f"{told['wall']:9.3f} s wall {told['cpu']:9.3f} s processor"
    load = os.getloadavg()[0]
    print(f"{title:<34}{seconds} {told['peak']:7.0f} MB  load {load:.1f}  {note}", flush=True)


def verdict(what: str, value: float, target: float) -> None:
    """Print whether a target is met."""
    print(f"    {value:.1f} {what}; {target:.0f}: {'met' if value >= target else 'MISSED'}")


# --- what is measured ----------------------------------------------------------------------------


def measured(call: Any, repeats: int) -> tuple[Any, dict[str, Any]]:
    """What a call gives; its least seconds of wall and of processor, after one that loads it."""
    found = call()
    walls, cpus = [], []
    for _ in range(repeats):
        begun = perf_counter(), process_time()
        found = call()
        walls.append(perf_counter() - begun[0])
        cpus.append(process_time() - begun[1])
    return found, {"wall": min(walls), "cpu": min(cpus), "peak": peak()}


def peak() -> float:
    """The most memory that this process ever held, without what its parent held, MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def run_ours(points: int, threads: int, repeats: int) -> dict[str, Any]:
    """The search on ships that report each ten seconds, at instants of their own."""
    few = ships(20_000)
    engine.search(few, SEA, compiled=True)  # loads the kernels
    made = ships(points)
    data = peak()
    hits, told = measured(lambda: engine.search(made, SEA, threads=threads, compiled=True), repeats)
    return {**told, "found": len(np.unique(hits.a * SHIPS + hits.b)), "data": data}


def run_polars(_points: int, _threads: int, repeats: int) -> dict[str, Any]:
    """A grid join at ticks."""
    rows = pl.read_parquet(WORK / "ticks.parquet")
    found, told = measured(lambda: joined(rows), repeats)
    return {**told, "found": found}


def joined(rows: pl.DataFrame) -> int:
    """Pairs within the radius at one of the ticks."""
    tick = (pl.col("seconds") / TICK).floor().cast(pl.Int64)
    before = pl.col("seconds").shift().over("id")
    part = (tick * TICK - before) / (pl.col("seconds") - before)
    there = (
        pl.col(name).shift().over("id") * (1 - part) + pl.col(name) * part
        for name in ("lat", "lon")
    )
    own = rows.lazy().select("id", tick.alias("tick"), *there).drop_nulls()
    x = pl.col("lon") * DEGREE * pl.col("lat").radians().cos()
    own = own.with_columns(x=x, y=pl.col("lat") * DEGREE)
    cells = [(pl.col(name) / RADIUS).floor().cast(pl.Int32).alias(f"c{name}") for name in "xy"]
    own = own.with_columns(cells).select("id", "tick", "x", "y", "cx", "cy")
    steps = pl.LazyFrame({"dx": [i for i in (-1, 0, 1) for _ in range(3)], "dy": [-1, 0, 1] * 3})
    around = own.join(steps, how="cross").with_columns(
        cx=(pl.col("cx") + pl.col("dx")).cast(pl.Int32),
        cy=(pl.col("cy") + pl.col("dy")).cast(pl.Int32),
    )
    far = (pl.col("x") - pl.col("x_b")).pow(2) + (pl.col("y") - pl.col("y_b")).pow(2)
    both = own.join(around, on=["tick", "cx", "cy"], suffix="_b")
    close = both.filter(pl.col("id") < pl.col("id_b"), far < RADIUS**2)
    return close.select("id", "id_b").unique().collect().height


def run_swiss(_points: int, threads: int, repeats: int) -> dict[str, Any]:
    """The search on what the peer wrote, without a compiler as it is small."""
    rows = pl.read_csv(WORK / "swiss.csv")
    ids = rows["icao24"].unique().sort()
    made, _ = clean(
        [Craft(name, "air") for name in ids],
        np.searchsorted(ids, rows["icao24"]),
        seconds=rows["seconds"].to_numpy(),
        lat=rows["latitude"].to_numpy(),
        lon=rows["longitude"].to_numpy(),
        height=rows["altitude"].to_numpy() * FOOT,
        rules=Rules(gate_knots={}),
    )
    hits, told = measured(lambda: engine.search(made, AIR, threads=threads), repeats)
    return {**told, "found": len(np.unique(hits.a * len(ids) + hits.b))}


RUNS = {"ours": run_ours, "polars": run_polars, "swiss": run_swiss}


def ships(points: int) -> Tracks:
    """Ships that turn a little, 100 in a square degree."""
    count = min(SHIPS, points // 10)
    fixes, side = points // count, 10 * np.sqrt(count / SHIPS)
    rng = np.random.default_rng(1)
    lat, lon = (np.empty((count, fixes)) for _ in range(2))
    seconds = np.empty((count, fixes))
    for k in range(count):
        course = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.02, fixes))
        step = rng.uniform(0, 12) * TICK / DEGREE
        lat[k] = rng.uniform(-side, side) / 2 + np.cumsum(step * np.cos(course))
        lon[k] = rng.uniform(-side, side) / 2 + np.cumsum(step * np.sin(course))
        seconds[k] = 1.6e9 + TICK * np.arange(fixes) + rng.integers(10)
    cut = np.zeros(count * fixes, np.bool_)
    cut[::fixes] = True
    zero = np.broadcast_to(0.0, cut.shape)  # takes no room, as the search asks for no error
    return Tracks(
        ids=tuple(map(str, range(count))),
        domain=np.zeros(count, np.int8),
        starts=np.arange(count + 1) * fixes,
        seconds=seconds.ravel(),
        lat=lat.ravel(),
        lon=lon.ravel(),
        height=np.full(cut.shape, np.nan),
        error=zero,
        height_error=zero,
        clock_error=zero,
        cut=cut,
    )


def rows_of(made: Tracks) -> pl.DataFrame:
    """The same for a join."""
    ids = made.track.astype(np.int32)
    return pl.DataFrame({"id": ids, "seconds": made.seconds, "lat": made.lat, "lon": made.lon})


# --- processes -----------------------------------------------------------------------------------


def own(run: str, points: int, threads: int, repeats: int) -> dict[str, Any]:
    """Run this file in a process of its own."""
    command = [sys.executable, __file__, "--run", run, "--points", str(points)]
    command += ["--threads", str(threads), "--repeats", str(repeats)]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"} if run == "polars" else None
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def process(code: str, name: str) -> dict[str, Any]:
    """Run code in a peer's environment; its last line is what it tells."""
    python = PEERS / name / "bin" / "python"
    if not python.is_file():
        venv.create(PEERS / name, with_pip=True)
        listed = ROOT / "benchmarks" / "peers" / f"{name}.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", listed], check=True)
    done = subprocess.run(
        [python, "-c", code, str(WORK)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{name} fails:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


TRAFFIC = """
import json, resource, sys, time
from traffic.data.samples import switzerland

def spent():
    return sum(sum(resource.getrusage(who)[:2]) for who in (-1, 0))

part = switzerland.between("2018-08-01 12:00", "2018-08-01 12:30")
rows = part.data[["icao24", "latitude", "longitude", "altitude"]]
rows.assign(seconds=part.data.timestamp.astype("int64") / 10**
            {"ns": 9, "us": 6, "ms": 3}[part.data.timestamp.dt.unit]).to_csv(
    sys.argv[1] + "/swiss.csv", index=False)
begun, used = time.perf_counter(), spent()
found = part.closest_point_of_approach(
    lateral_separation=5 * 1852, vertical_separation=1000, max_workers=2)
wall, cpu = time.perf_counter() - begun, spent() - used
rows = found.data
close = rows[(rows.lateral < 5) & (rows.vertical < 1000)]
pairs = {tuple(sorted(two)) for two in zip(close.icao24_x, close.icao24_y)}
memory = open("/proc/self/status").read().split("VmHWM:")[1]
print(json.dumps({"wall": wall, "cpu": cpu, "found": len(pairs),
                  "peak": int(memory.split()[0]) / 1024}))
"""

# Radius and metres of a degree as above.
DUCKDB = """
import json, sys, time
import duckdb

base = duckdb.connect()
base.execute("SET threads = 1")
base.execute(f"CREATE TABLE rows AS SELECT * FROM '{sys.argv[1]}/ticks.parquet'")
asked = '''
WITH told AS (
  SELECT id, CAST(floor(seconds / 10) AS BIGINT) AS tick, lat, lon,
    lag(lat) OVER way AS lat0, lag(lon) OVER way AS lon0,
    (10 * floor(seconds / 10) - lag(seconds) OVER way) / (seconds - lag(seconds) OVER way) AS part
  FROM rows WINDOW way AS (PARTITION BY id ORDER BY seconds)
), rows_at AS (
  SELECT id, tick, lat0 + part * (lat - lat0) AS lat, lon0 + part * (lon - lon0) AS lon
  FROM told WHERE part IS NOT NULL
), own AS (
  SELECT id, tick, lon * 111195.0 * cos(radians(lat)) AS x, lat * 111195.0 AS y FROM rows_at
), cells AS (
  SELECT *, CAST(floor(x / 926.0) AS INTEGER) AS cx, CAST(floor(y / 926.0) AS INTEGER) AS cy
  FROM own
), around AS (
  SELECT id, tick, x, y, cx + dx AS cx, cy + dy AS cy
  FROM cells, (VALUES (-1), (0), (1)) a(dx), (VALUES (-1), (0), (1)) b(dy)
)
SELECT count(*) FROM (
  SELECT DISTINCT a.id, b.id AS other FROM cells a JOIN around b USING (tick, cx, cy)
  WHERE a.id < b.id AND (a.x - b.x) ** 2 + (a.y - b.y) ** 2 < 926.0 ** 2
)
'''
walls, cpus = [], []
for _ in range(3):
    begun, used = time.perf_counter(), time.process_time()
    found = base.execute(asked).fetchone()[0]
    walls.append(time.perf_counter() - begun)
    cpus.append(time.process_time() - used)
memory = open("/proc/self/status").read().split("VmHWM:")[1]
print(json.dumps({"wall": min(walls), "cpu": min(cpus), "found": found,
                  "peak": int(memory.split()[0]) / 1024}))
"""


if __name__ == "__main__":
    main()
