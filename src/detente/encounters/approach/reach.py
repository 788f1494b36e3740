"""Who could have met whom inside a gap: an over-approximation of what a top speed allows.

Inside a gap a craft can be, at each instant, in the part that two discs share: around the fix
before, as far as it can have come, and around the fix after, as far as it can still have to go;
over time that is an ellipse with the fixes as foci. It lies in a disc around where the craft would
be had it gone straight (`states.stray`), and two craft could have met where their discs come within
the limit at one instant. So every meeting that the top speed allows is found, and some that it does
not allow; never the other way round. Heights are taken to be possible inside a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from detente.encounters.approach import plain
from detente.encounters.approach.encounters import assemble
from detente.encounters.approach.limits import Limits
from detente.encounters.approach.motion import Nodes, nodes, on_way
from detente.encounters.approach.search import merge, usual_slice
from detente.encounters.approach.shape import TRACK, widened
from detente.encounters.approach.states import States, distance, fixes, speeds, stray
from detente.encounters.results import Encounter
from detente.encounters.tracks import Domain, Flags, Floats, Longs, Tracks


def could_have_met(
    tracks: Tracks,
    limits: Limits,
    *,
    top_speed: Mapping[Domain, float],
    longest_seconds: float = 86_400.0,
    gap_seconds: float = 0.0,
    sides: Longs | None = None,
    slice_seconds: int | None = None,
) -> tuple[Encounter, ...]:
    """Find every pair that could have come within the limits while one of them was in a gap.

    Parameters
    ----------
    tracks
        A gap is where a track is ``cut`` between two fixes.
    limits
        How near is close; horizontal limits alone count inside a gap.
    top_speed
        Metres a second by domain. A craft whose fixes lie further apart than that allows is taken
        to have been as fast as they demand.
    longest_seconds
        Gaps that last longer are left out: anything is possible in them.
    gap_seconds
        As of `encounters`.
    sides
        As of `search`.
    slice_seconds
        A shorter slice gives fewer pairs that could not have met, for more work.

    Returns
    -------
    encounters
        With ``met`` as "could-have-met"; ``horizontal`` is the distance of the straight ways where
        the two could have been nearest, ``separation`` all that was possible then.

    """
    length = usual_slice(tracks) if slice_seconds is None else slice_seconds
    lasted = np.diff(tracks.seconds, prepend=tracks.seconds[:1])
    first = np.zeros(len(tracks), np.bool_)
    first[tracks.starts[:-1][np.diff(tracks.starts) > 0]] = True
    gap = tracks.cut & ~first & (lasted <= longest_seconds)
    bridged = replace(tracks, cut=tracks.cut & ~gap)
    made = nodes(bridged, length)
    radius, inside = _radii(bridged, made, gap, speeds(tracks, top_speed))
    rows, margin = _rows(bridged, limits, made, radius, inside, sides)
    return _encounters(bridged, rows, margin, gap_seconds)


def _radii(tracks: Tracks, made: Nodes, gap: Flags, top: Floats) -> tuple[Floats, Flags]:
    """How far a craft may be off the piece that begins at each node (n,), and whether in a gap."""
    ends = np.append(np.arange(1, len(made.nodes)), len(made.nodes) - 1)
    ends[made.boxes[:, 3]] = made.boxes[:, 3]
    fix = made.fix[ends]
    before = np.where(tracks.cut[fix], fix, fix - 1)
    lasted = tracks.seconds[fix] - tracks.seconds[before]
    safe = np.where(lasted > 0, lasted, 1.0)
    low, high = ((made.nodes[i, 0] - tracks.seconds[before]) / safe for i in (slice(None), ends))
    inside = gap[fix] & (low < 1)
    speed = top[tracks.track[fix]]
    wrong = tracks.error + tracks.clock_error * top[tracks.track]
    error = np.maximum(wrong[before], wrong[fix])
    gone = np.maximum(distance(tracks, before, fix) - wrong[before] - wrong[fix], 0)
    part = np.clip(0.5, low, high)
    return np.where(inside, stray(part, speed * lasted, gone), 0) + error, inside


def _rows(
    tracks: Tracks, limits: Limits, made: Nodes, radius: Floats, inside: Flags,
    sides: Longs | None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Rows of hits as of `kernels.scan`, and both craft's radii at each."""
    horizontal, _ = limits.arrays()
    count = len(tracks.ids)
    sides = np.full(count, -1) if sides is None else np.asarray(sides, np.int64)
    most = np.maximum.reduceat(radius, made.boxes[:, 2]) if len(made.boxes) else np.zeros(0)
    any_gap = np.logical_or.reduceat(inside, made.boxes[:, 2]) if len(made.boxes) else most > 0
    grown = made.bounds + most[:, None] * np.array([-1, -1, -1, 0, 1, 1, 1, 0])
    wide = np.where(horizontal > 0, np.vectorize(widened)(horizontal), 0.0)
    pairs = plain.candidates(
        replace(made, bounds=grown), wide, np.full(wide.shape, np.inf), tracks.domain, sides,
        np.zeros(count, np.bool_),
    )  # fmt: skip
    rows, margins = [np.zeros((0, 8))], [np.zeros(0)]
    kinds = tracks.domain[made.boxes[:, TRACK]]
    for first, second in pairs:
        useful = any_gap[first] | any_gap[second]
        one, other = first[useful], second[useful]
        found, margin = _meetings(
            made, one, other, horizontal[kinds[one], kinds[other]], radius, inside, limits
        )
        rows.append(found)
        margins.append(margin)
    return np.concatenate(rows), np.concatenate(margins)


def _meetings(
    made: Nodes, one: Longs, other: Longs, limit: Floats, radius: Floats, inside: Flags,
    limits: Limits,
) -> Any:  # fmt: skip
    """Rows of hits of pairs of boxes, while at least one is in a gap, and the sums of radii."""
    pair, i, j, since, until = plain.overlaps(made, one, other)
    held = inside[i] | inside[j]
    pair, i, j, since, until = pair[held], i[held], j[held], since[held], until[held]
    margin = radius[i] + radius[j]
    found, rows = plain.hits(
        made, one, other, (pair, i, j, since, until), limit[pair] + margin,
        np.full(len(pair), np.inf), could=True,
        inclusive=limits.inclusive,
    )  # fmt: skip
    return rows[found], margin[found]


def _encounters(
    tracks: Tracks, rows: Floats, margin: Floats, gap_seconds: float
) -> tuple[Encounter, ...]:
    # Where the two could have been nearest, not where their straight ways were.
    hits, best = merge(rows, rows[:, 5] - margin)
    hits = replace(hits, vertical=np.full(len(hits), np.nan))
    one, other = (_states(tracks, who, hits.closest, margin[best]) for who in (hits.a, hits.b))
    return assemble(hits, tracks, one, other, gap_seconds, "could-have-met")


def _states(tracks: Tracks, who: Longs, instants: Floats, margin: Floats) -> States:
    fix, instants = fixes(tracks, who, instants)
    spot, height = on_way(tracks, fix, instants)
    return States(spot, height, 0.5 * margin, np.zeros(len(who)))
