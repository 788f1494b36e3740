"""Ships on straight ways, searched a stretch of time after the other; run as a program.

    python streamed.py SHIPS STRETCHES FIXES

prints one JSON object: points, the pairs of hits among the first ships, all hits, and the most
memory that the process held in MB.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.search import join, rows_of, search
from detente.encounters.tracks import Tracks

TICK, SLICE, EPOCH = 10.0, 100, 1_600_000_000
LIMITS = Limits({"sea-sea": Limit(926.0)})
METRES = 111_195.0  # of a degree, near the equator
WATCHED = 300


def courses(ships: int):
    """Start (ships, 2) in degrees, and velocity in degrees a second, of ships near the equator."""
    rng = np.random.default_rng(7)
    wide = 10 * np.sqrt(ships / 100_000)
    start = rng.uniform(-wide, wide, (ships, 2)) / 2
    start[:WATCHED] = rng.uniform(-0.05, 0.05, (min(WATCHED, ships), 2))
    bearing, speed = rng.uniform(0, 2 * np.pi, ships), rng.uniform(0, 10, ships) / METRES
    return start, speed[:, None] * np.column_stack([np.cos(bearing), np.sin(bearing)])


def stretch(ships: int, number: int, fixes: int, stretches: int) -> Tracks:
    """The fixes of one stretch, and one before and after it so that every way is whole."""
    start, velocity = courses(ships)
    first, last = max(number * fixes - 1, 0), min((number + 1) * fixes + 1, stretches * fixes)
    t = TICK * np.arange(first, last)
    spots = start[:, None, :] + velocity[:, None, :] * t[None, :, None]
    count = len(t)
    cut = np.zeros(ships * count, np.bool_)
    cut[::count] = True
    zero = np.broadcast_to(0.0, cut.shape)
    return Tracks(
        ids=tuple(map(str, range(ships))),
        domain=np.zeros(ships, np.int8),
        starts=np.arange(ships + 1) * count,
        seconds=np.tile(EPOCH + t, ships),
        lat=spots[..., 0].ravel(),
        lon=spots[..., 1].ravel(),
        height=np.full(cut.shape, np.nan),
        error=zero,
        height_error=zero,
        clock_error=zero,
        cut=cut,
    )


def streamed(ships: int, stretches: int, fixes: int):
    """The hits of all stretches put together."""
    own = {"sides": np.full(ships, -1), "still": np.zeros(ships, np.bool_)}
    step = int(fixes * TICK) // SLICE
    parts = []
    for number in range(stretches):
        span = EPOCH // SLICE + number * step, EPOCH // SLICE + (number + 1) * step
        made = stretch(ships, number, fixes, stretches)
        parts.append(rows_of(made, LIMITS, span, length=SLICE, compiled=True, **own))
    return join(np.concatenate(parts))


def whole(ships: int, stretches: int, fixes: int):
    """The same in one piece."""
    made = stretch(ships, 0, stretches * fixes, 1)
    return search(made, LIMITS, slice_seconds=SLICE, compiled=True)


def pairs_met(ships: int, seconds: float) -> set[tuple[int, int]]:
    """The pairs of the first ships that come within the limit, by the closed form on a plane."""
    start, velocity = (one[:WATCHED] * METRES for one in courses(ships))
    a, b = np.triu_indices(len(start), 1)
    d, w = start[a] - start[b], velocity[a] - velocity[b]
    speed = (w * w).sum(axis=1)
    t = np.clip(-(d * w).sum(axis=1) / speed, 0, seconds)
    far = np.hypot(*(d + t[:, None] * w).T)
    return set(zip(a[far < 926].tolist(), b[far < 926].tolist(), strict=True))


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]]
    hits = streamed(*asked)
    watched = (hits.a < WATCHED) & (hits.b < WATCHED)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    told = {
        "points": asked[0] * asked[1] * asked[2],
        "hits": len(hits),
        "pairs": sorted(set(zip(hits.a[watched].tolist(), hits.b[watched].tolist(), strict=True))),
        "peak": int(status.split("VmHWM:")[1].split()[0]) / 1024,
    }
    sys.stdout.write(json.dumps(told))
