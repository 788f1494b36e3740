"""Whether a ship came among others that sail together.

Ships sail together where each is linked to another of them: near it, and hardly moving as seen from
it for half an hour. What no ship transmits is not seen: fewer than three may be seen of more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.encounters.approach.motion import normal, surface
from detente.encounters.geometry.pair import seen
from detente.encounters.geometry.settings import NM, USUAL, Settings
from detente.encounters.geometry.way import Way, dot, plane, spots, way
from detente.encounters.tracks import DOMAINS, Floats, Longs, Tracks

FAR = 60 * NM  # from the pair no ship is looked for


@dataclass(frozen=True)
class Formation:
    """What makes ships a formation; all of it is the analyst's choice.

    ``least`` ships, within ``linked`` metres of another one, of which each moves by at most
    ``drift`` metres as seen from the other in ``span`` seconds, and more than ``moving`` over
    ground; one comes among them within ``margin`` metres of their convex hull.
    """

    least: int = 3
    span: float = 1800.0
    linked: float = 5 * NM
    drift: float = 1 * NM
    moving: float = 1 * NM
    margin: float = 1 * NM


USUAL_FORMATION = Formation()


def came_among(
    tracks: Tracks,
    pair: tuple[int, int],
    times: tuple[float, float],
    *,
    sides: Mapping[str, str | None] | None = None,
    settings: Settings = USUAL,
    formation: Formation = USUAL_FORMATION,
) -> bool | None:
    """Whether one of two ships came among ships that sail together with the other.

    Parameters
    ----------
    tracks
        All tracks; the other ships are looked for among them.
    pair
        The places of the two tracks.
    times
        From when to when they were near.
    sides
        Of tracks, by their ids: ships of the side of the one that comes are not among the others.
    settings, formation
        As there.

    Returns
    -------
    bool or None
        None where errors or gaps leave it open. False where no ships are seen to sail together.

    """
    since, until = times
    begin = since - formation.span
    if not any(_sails(tracks, place, begin, since, formation) for place in pair):
        return False
    ways = _ships(tracks, pair, begin, until, settings)
    if pair[0] not in ways or pair[1] not in ways:
        return False
    whose = sides or {}
    answers: list[bool | None] = []
    for guest, host in (pair, pair[::-1]):
        own = whose.get(tracks.ids[guest])
        rest = {
            place: one
            for place, one in ways.items()
            if place != guest and (own is None or whose.get(tracks.ids[place]) != own)
        }
        sure = _together(rest, host, begin, since, formation, margin=-1.0)
        could = _together(rest, host, begin, since, formation, margin=1.0)
        if len(could) < formation.least:
            answers.append(False)
            continue
        instants = np.linspace(since, until, 61)
        if len(sure) >= formation.least and _among(ways, guest, sure, instants, formation, -1.0):
            answers.append(True)
        else:
            near = _among(ways, guest, could, instants, formation, 1.0)
            answers.append(None if near else False)
    return True if True in answers else None if None in answers else False


def _ships(
    tracks: Tracks, pair: tuple[int, int], since: float, until: float, settings: Settings
) -> dict[int, Way]:
    """The ways of ships that are seen around a time, and not far off, by the place of the track."""
    there = (np.diff(tracks.starts) > 1) & (tracks.domain == DOMAINS.index("sea"))
    full = np.flatnonzero(there)
    first, last = tracks.seconds[tracks.starts[full]], tracks.seconds[tracks.starts[full + 1] - 1]
    full = full[(first <= until) & (last >= since)]
    fix = _first_from(tracks, full, since)
    here = surface(normal(tracks.lat[fix], tracks.lon[fix]))
    middle = here[np.isin(full, pair)]
    if not len(middle):
        return {}
    near = full[np.linalg.norm(here - middle[0], axis=1) <= FAR]
    ways = {int(place): way(tracks, int(place), since, until, settings) for place in near}
    return {place: one for place, one in ways.items() if one is not None}


def _first_from(tracks: Tracks, places: Longs, instant: float) -> Longs:
    """The first fix of each track that is not before an instant, or its last one."""
    low, high = tracks.starts[places].copy(), tracks.starts[places + 1] - 1
    while (low < high).any():
        middle = (low + high) // 2
        before = tracks.seconds[middle] < instant
        low = np.where(before & (low < high), middle + 1, low)
        high = np.where(before, high, middle)
    return low


def _sails(tracks: Tracks, place: int, since: float, until: float, formation: Formation) -> bool:
    """Whether a ship can have gone far enough for others to sail with it."""
    own = way(tracks, place, since, until)
    if own is None or own.first > since or own.last < until:
        return False
    ends = spots(own, np.array([since, until]))
    went = float(np.linalg.norm(ends.places[1] - ends.places[0]))
    return went + float(ends.radius.sum()) > formation.moving


def _together(
    ways: dict[int, Way],
    host: int,
    since: float,
    until: float,
    formation: Formation,
    *,
    margin: float,
) -> list[int]:
    """The ships that sail together with one, it among them, in order."""
    whole = [p for p, one in ways.items() if one.first <= since and one.last >= until]
    if host not in whole:
        return []
    reached, open_ = {host}, [host]
    while open_:
        here = open_.pop()
        for place in whole:
            if place not in reached and _linked(
                ways[here], ways[place], since, until, formation, margin
            ):
                reached.add(place)
                open_.append(place)
    return sorted(reached)


def _linked(
    one: Way, other: Way, since: float, until: float, formation: Formation, margin: float
) -> bool:
    instants = np.linspace(since, until, 7)
    both = seen(one, other, instants)
    off = margin * both.off
    moved = np.hypot(both.east - both.east[0], both.north - both.north[0]) - off - off[0]
    near = both.distance - off
    if (near > formation.linked).any() or (moved > formation.drift).any():
        return False
    ends = [spots(x, instants[[0, -1]]) for x in (one, other)]
    went = [float(np.linalg.norm(x.places[1] - x.places[0])) for x in ends]
    slack = [margin * float(x.radius.sum()) for x in ends]
    return all(w + s > formation.moving for w, s in zip(went, slack, strict=True))


def _among(
    ways: dict[int, Way], guest: int, members: Sequence[int], instants: Floats,
    formation: Formation, margin: float,
) -> bool:  # fmt: skip
    """Whether a ship was within the margin of the hull of others at any of the instants."""
    import shapely

    for instant in instants:
        here = [p for p in (*members, guest) if ways[p].first <= instant <= ways[p].last]
        if guest not in here or len(here) <= formation.least:
            continue
        xy, radius = _at(ways, here, float(instant))
        hull: Any = shapely.MultiPoint(xy[:-1]).convex_hull
        off = margin * (radius[-1] + radius[:-1].max())
        if hull.distance(shapely.Point(xy[-1])) <= formation.margin + off:
            return True
    return False


def _at(ways: dict[int, Way], places: Sequence[int], instant: float) -> tuple[Floats, Floats]:
    when = np.array([instant])
    all_ = [spots(ways[p], when) for p in places]
    spot = np.concatenate([one.places for one in all_])
    east, north = plane(spot[-1:])
    apart = spot - spot[-1]
    wide: Longs = np.zeros(len(spot), np.int64)
    xy = np.column_stack([dot(apart, east[wide]), dot(apart, north[wide])])
    return xy, np.concatenate([one.radius for one in all_])
