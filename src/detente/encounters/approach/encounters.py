"""From passes to encounters: what belongs together, where it was, how sure its distances are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.encounters.approach.limits import pair_of
from detente.encounters.approach.motion import degrees
from detente.encounters.approach.search import Hits, runs
from detente.encounters.approach.states import States, states
from detente.encounters.results import Bound, Encounter, Met, Pass
from detente.encounters.tracks import Domain, Floats, Tracks


def encounters(
    hits: Hits,
    tracks: Tracks,
    *,
    gap_seconds: float = 0.0,
    top_speed: Mapping[Domain, float] | None = None,
) -> tuple[Encounter, ...]:
    """Put the passes of each pair that follow each other in time into encounters.

    Parameters
    ----------
    hits
        What `search` found in ``tracks``.
    gap_seconds
        How long after a pass the next one still belongs to the same encounter.
    top_speed
        Metres a second by domain; with it, separations allow for craft that did not go straight
        between fixes. Left out, only errors of fixes and clocks count.

    Returns
    -------
    encounters
        By the tracks' places, then by time.

    """
    one = states(tracks, hits.a, hits.closest, top_speed)
    other = states(tracks, hits.b, hits.closest, top_speed)
    return assemble(hits, tracks, one, other, gap_seconds, "met")


def assemble(
    hits: Hits, tracks: Tracks, one: States, other: States, gap_seconds: float, met: Met
) -> tuple[Encounter, ...]:
    """Encounters of hits, given what is known of both craft where they are closest."""
    rows = np.column_stack([hits.a, hits.b, hits.start, hits.end]).astype(np.float64)
    first, run = runs(rows, gap_seconds)
    margin = one.error + other.error
    rank = hits.horizontal if met == "met" else hits.horizontal - margin
    best = np.lexsort((hits.closest, rank, run))[first]
    last = np.append(first[1:], len(hits))[: len(first)]
    lat, lon = degrees(0.5 * (one.spot + other.spot))
    level = one.height_error + other.height_error
    found = []
    for begin, end, at in zip(first, last, best, strict=True):
        a, b = int(hits.a[at]), int(hits.b[at])
        passes = tuple(_pass(hits, place) for place in range(begin, end))
        closest = passes[at - begin]
        found.append(
            Encounter(
                a=tracks.ids[a],
                b=tracks.ids[b],
                domains=pair_of(int(tracks.domain[a]), int(tracks.domain[b])),
                start=passes[0].start,
                end=passes[-1].end,
                closest=closest.closest,
                place=(float(lat[at]), float(lon[at])),
                horizontal=closest.horizontal,
                vertical=closest.vertical,
                separation=_bound(closest.horizontal, margin[at]),
                vertical_separation=(
                    None if closest.vertical is None else _bound(closest.vertical, level[at])
                ),
                closure=closest.closure,
                passes=passes,
                met=met,
            )
        )
    return tuple(found)


def _pass(hits: Hits, place: int) -> Pass:
    vertical = float(hits.vertical[place])
    return Pass(
        start=float(hits.start[place]),
        end=float(hits.end[place]),
        closest=float(hits.closest[place]),
        horizontal=float(hits.horizontal[place]),
        vertical=None if np.isnan(vertical) else vertical,
        closure=float(hits.closure[place]),
    )


def _bound(value: float, margin: Floats) -> Bound:
    return Bound(max(0.0, value - float(margin)), value, value + float(margin))
