"""Hold encounters, and craft in zones, against rules, and grade them: each with what it needs.

An encounter needs little of all tracks: those of its two craft and, at sea, of ships around that
could sail together. So encounters can be judged in any number of parts, each on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.encounters.approach.limits import Limits
from detente.encounters.approach.motion import normal, surface
from detente.encounters.geometry.formation import FAR, USUAL_FORMATION
from detente.encounters.geometry.identities import foreign
from detente.encounters.geometry.known import findings, known, known_in_zone
from detente.encounters.geometry.settings import USUAL, Settings
from detente.encounters.grade.grade import grade
from detente.encounters.results import Encounter, Graded, Identity, RuleFinding
from detente.encounters.rules.evaluate import evaluate
from detente.encounters.rules.metrics import PROFILES, Profile
from detente.encounters.rules.model import RuleTable
from detente.encounters.tracks import DOMAINS, Flags, Longs, Tracks

AROUND = 7200.0  # seconds before and after an encounter of which anything is asked


@dataclass(frozen=True)
class Judged:
    """What rules say of an encounter, and its grades."""

    encounter: Encounter
    findings: tuple[RuleFinding, ...]
    graded: Graded


@dataclass(frozen=True)
class InZone:
    """What rules say of a craft and a zone of a kind.

    ``inside`` is None where positions are not good or not many enough to tell whether it was.
    """

    craft: str
    zone: str
    kind: str
    source: str
    inside: bool | None
    findings: tuple[RuleFinding, ...]


@dataclass(frozen=True)
class By:
    """By what is judged; ``limits`` say what counts as near."""

    table: RuleTable
    limits: Limits
    profiles: tuple[Profile, ...] = PROFILES
    settings: Settings = USUAL


@dataclass(frozen=True, eq=False)
class Job:
    """An encounter with the tracks and identities that judging it takes."""

    encounter: Encounter
    tracks: Tracks
    identities: Mapping[str, Identity]


def judge(job: Job, by: By) -> Judged:
    """What rules say of an encounter that met or could have met, and its grades."""
    near = by.limits.of[job.encounter.domains]
    found = findings(
        by.table, job.encounter, job.tracks, job.identities, near=near, profiles=by.profiles,
        settings=by.settings,
    )  # fmt: skip
    told = known(job.encounter, job.tracks, job.identities, near=near, settings=by.settings)
    return Judged(job.encounter, found, grade(told, found))


def jobs(
    found: Iterable[Encounter], tracks: Tracks, identities: Mapping[str, Identity]
) -> Iterator[Job]:
    """Each encounter with what judging it takes of all tracks (K)."""
    place = _places(tracks)
    movers = _movers(tracks)
    for one in found:
        a, b = _pair(one, place)
        begin, end = one.start - AROUND, one.end + AROUND
        wanted = np.array([a, b])
        if one.domains == "sea-sea":
            wanted = np.append(wanted, _around(tracks, movers, (a, b), one))
        own = part(tracks, wanted, begin, end)
        yield Job(one, own, {n: identities[n] for n in own.ids if n in identities})


def part_of(tracks: Tracks, one: Encounter, around: float) -> Tracks:
    """The tracks of both craft of an encounter alone, so many seconds before and after it."""
    pair = np.array(_pair(one, _places(tracks)))
    return part(tracks, pair, one.start - around, one.end + around)


def _places(tracks: Tracks) -> dict[tuple[str, str], int]:
    names = zip(tracks.ids, tracks.domain, strict=True)
    return {(DOMAINS[int(domain)], name): k for k, (name, domain) in enumerate(names)}


def _pair(one: Encounter, place: Mapping[tuple[str, str], int]) -> tuple[int, int]:
    """The places of both craft; the name of a pair has its domains in the order of `DOMAINS`."""
    first, second = one.domains.split("-")
    if (first, one.a) in place and (second, one.b) in place:
        return place[first, one.a], place[second, one.b]
    return place[second, one.a], place[first, one.b]


def part(tracks: Tracks, places: Longs, begin: float, end: float) -> Tracks:
    """Some tracks alone, with their fixes from the last before a time to the first after it."""
    fixes, starts = [], [0]
    for place in places:
        start, stop = int(tracks.starts[place]), int(tracks.starts[place + 1])
        own = tracks.seconds[start:stop]
        low = max(int(np.searchsorted(own, begin, side="right")) - 1, 0)
        high = min(int(np.searchsorted(own, end, side="left")) + 1, stop - start)
        fixes.append(np.arange(start + low, start + max(high, low)))
        starts.append(starts[-1] + len(fixes[-1]))
    index = np.concatenate(fixes) if fixes else np.zeros(0, np.int64)
    own_arrays: dict[str, Any] = {
        name: getattr(tracks, name)[index]
        for name in (
            "seconds", "lat", "lon", "height", "error", "height_error", "clock_error", "cut",
        )
    }  # fmt: skip
    first = np.array(starts[:-1], np.int64)[np.diff(starts) > 0]
    own_arrays["cut"][first] = True
    return replace(
        tracks,
        ids=tuple(tracks.ids[k] for k in places),
        domain=tracks.domain[places],
        starts=np.array(starts, np.int64),
        claims=tuple(tracks.claims[k] for k in places) if tracks.claims else (),
        **own_arrays,
    )


def _movers(tracks: Tracks) -> Longs:
    """The ships (places) that ever go as far as one of a formation does."""
    counts = np.diff(tracks.starts)
    full = np.flatnonzero((counts > 1) & (tracks.domain == DOMAINS.index("sea")))
    if not len(full):
        return full
    spots = surface(normal(tracks.lat, tracks.lon))
    starts = tracks.starts[:-1][counts > 0]
    place = np.cumsum(counts > 0) - 1
    wide = np.maximum.reduceat(spots, starts) - np.minimum.reduceat(spots, starts)
    off = np.maximum.reduceat(tracks.error + 50 * tracks.clock_error, starts)
    far = np.sqrt((wide * wide).sum(axis=1)) + 4 * off > USUAL_FORMATION.moving
    moved: Longs = full[far[place[full]]]
    return moved


def _around(tracks: Tracks, movers: Longs, pair: tuple[int, int], one: Encounter) -> Longs:
    """The movers seen at the time of an encounter, and not far from it then."""
    since, until = one.start - USUAL_FORMATION.span, one.end
    first, last = (
        tracks.seconds[tracks.starts[movers]],
        tracks.seconds[tracks.starts[movers + 1] - 1],
    )
    there = movers[(first <= until) & (last >= since)]
    there = there[(there != pair[0]) & (there != pair[1])]
    fix = _first_from(tracks, there, since)
    here = surface(normal(*(np.array([x]) for x in one.place)))
    spots = surface(normal(tracks.lat[fix], tracks.lon[fix]))
    near: Flags = np.sqrt(((spots - here) ** 2).sum(axis=1)) <= 2 * FAR
    found: Longs = there[near]
    return found


def _first_from(tracks: Tracks, places: Longs, instant: float) -> Longs:
    """The first fix of each track not before an instant, or its last."""
    low, high = tracks.starts[places], tracks.starts[places + 1] - 1
    while (low < high).any():
        middle = (low + high) // 2
        late = tracks.seconds[middle] < instant
        low, high = np.where(late, middle + 1, low), np.where(late, high, middle)
    found: Longs = low
    return found


def in_zones(
    tracks: Tracks,
    identities: Mapping[str, Identity],
    zones: Sequence[tuple[str, Any]],
    by: By,
) -> Iterator[InZone]:
    """What rules say of each craft that came into the box around a zone.

    ``zones`` are kinds and `readers.zones.Zone`.
    """
    for kind, zone in zones:
        west, south, east, north = zone.geometry.bounds
        inside = (tracks.lat >= south) & (tracks.lat <= north)
        inside &= (tracks.lon >= west) & (tracks.lon <= east)
        for place in np.unique(tracks.track[inside]):
            name = tracks.ids[place]
            whose = identities.get(name)
            of_whom = None if whose is None else foreign(whose, zone.state)
            told = known_in_zone(
                tracks, int(place), zone.geometry, zone=kind, identity=whose,
                others={"foreign": of_whom}, settings=by.settings,
            )  # fmt: skip
            found = evaluate(by.table, told, profiles=by.profiles)
            inside = told.metrics.get("inside")
            if found and inside is not False:
                sure = True if inside is True else None
                yield InZone(name, zone.name, kind, zone.source, sure, found)
