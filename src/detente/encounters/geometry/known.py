"""What is known of an encounter, or of a craft and a zone, by the names that rules use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.encounters.approach.limits import Limit
from detente.encounters.geometry import conduct, pair, well_clear
from detente.encounters.geometry.formation import USUAL_FORMATION, Formation, came_among
from detente.encounters.geometry.identities import flags, single_source
from detente.encounters.geometry.settings import USUAL, Settings
from detente.encounters.geometry.way import Way, way
from detente.encounters.geometry.zones import in_zone
from detente.encounters.results import Bound, Encounter, Identity, RuleFinding
from detente.encounters.rules.evaluate import Known, Value, evaluate
from detente.encounters.rules.metrics import PROFILES, Profile
from detente.encounters.rules.model import Rule, RuleTable
from detente.encounters.tracks import DOMAINS, Floats, Tracks
from detente.ground.errors import UsageError


@dataclass(frozen=True, eq=False)
class View:
    """One encounter with the ways of its two craft, as far as they are seen around it.

    ``begin`` and ``closest`` are instants; from the one to the other goes the approach. ``near`` is
    what counts as near for how long and how often. ``margin`` seconds are what clocks can be off.
    """

    encounter: Encounter
    one: Way
    other: Way
    begin: float
    closest: float
    near: Limit
    margin: float
    settings: Settings


def view(
    encounter: Encounter, tracks: Tracks, *, near: Limit, settings: Settings = USUAL
) -> View | None:
    """The encounter as its two tracks show it; None where they do not overlap in time.

    Parameters
    ----------
    encounter
        The encounter; its ``a`` and ``b`` are ids of tracks.
    tracks
        The tracks that it was found in.
    near
        What counts as near: the limit of the search, or of a rule within it.
    settings
        Stretches of time, and what craft can do unseen.

    Raises
    ------
    UsageError
        Where a craft is not among the tracks.

    """
    places = _places(encounter, tracks)
    clocks = [_clock(tracks, place) for place in places]
    domains = encounter.domains.split("-")
    ahead = min(settings.ahead[one] for one in domains)  # type: ignore[index]
    since = min(encounter.start, encounter.closest - ahead) - 60.0
    ways = [way(tracks, place, since, encounter.end + 60.0, settings) for place in places]
    one, other = ways
    if one is None or other is None:
        return None
    first, last = max(one.first, other.first), min(one.last, other.last)
    if first > last:
        return None
    closest = min(max(encounter.closest, first), last)
    begin = max(first, closest - ahead)
    return View(encounter, one, other, begin, closest, near, sum(clocks), settings)


def _places(encounter: Encounter, tracks: Tracks) -> tuple[int, int]:
    found = []
    for name, domain in zip((encounter.a, encounter.b), encounter.domains.split("-"), strict=True):
        same = [place for place, one in enumerate(tracks.ids) if one == name]
        if not same:
            raise UsageError(f"No track is named {name!r}.")
        fitting = [p for p in same if DOMAINS[int(tracks.domain[p])] == domain]
        found.append((fitting or same)[0])
    return found[0], found[1]


def _clock(tracks: Tracks, place: int) -> float:
    own = slice(int(tracks.starts[place]), int(tracks.starts[place + 1]))
    return float(np.max(tracks.clock_error[own], initial=0.0))


def metrics(of: View) -> dict[str, Value]:
    """All that the two tracks tell of the encounter; what they do not tell is not there."""
    found: dict[str, Value | None] = {}
    found.update(_near(of))
    found.update(_approach(of))
    domains = of.one.domain, of.other.domain
    if set(domains) == {"sea", "air"}:
        found.update(_over(of))
    if domains == ("air", "air"):
        instants = _grid(of.begin, of.encounter.end, 1.0, of)
        found["well-clear-lost"] = well_clear.lost(of.one, of.other, instants, chord=_chord(of))
    return {name: value for name, value in found.items() if value is not None}


def _near(of: View) -> dict[str, Value | None]:
    """How near, how long and how often."""
    near, around = _passes(of, of.one, of.other)
    separation = pair.separation(near, around)
    above = pair.above(near, around, separation) if separation else None
    wide = pair.pieces(
        of.one, of.other, [(of.encounter.start - of.margin, of.encounter.end + of.margin)]
    )
    chord = max(_chord(of), of.settings.chord[of.one.domain])
    span = of.encounter.start, of.encounter.end
    return {
        "separation": separation,
        "vertical": pair.size(above) if above else None,
        "slant": pair.slant(near, around),
        "dwell": pair.dwell(wide, of.near),
        "passes": pair.passes(wide, of.near, of.settings),
        "relative-speed": pair.relative_speed(of.one, of.other, _even(*span, chord, of)),
    }


def _passes(of: View, one: Way, other: Way) -> tuple[pair.Pieces, pair.Pieces]:
    """The pieces of the passes, and those around them by what clocks can be off."""
    times = [(x.start, x.end) for x in of.encounter.passes]
    around = _joined((since - of.margin, until + of.margin) for since, until in times)
    return pair.pieces(one, other, times), pair.pieces(one, other, around)


def _approach(of: View) -> dict[str, Value | None]:
    """Courses before, who gives way, turns, and crossings ahead."""
    chord, until = _chord(of), of.closest
    rate = min(of.settings.rate[x.domain] for x in (of.one, of.other))
    found: dict[str, Value | None] = {"closure": pair.closure(of.one, of.other, *_entry(of, rate))}
    own = [max(chord, of.settings.chord[x.domain]) for x in (of.one, of.other)]
    if until - of.begin <= 0:
        return found
    before = conduct.before(of.one, of.other, of.begin, min(of.begin + max(own), until))
    found["course-difference"] = before.difference
    found["approach-sector"] = conduct.sector(before)
    role, could = conduct.roles(before)
    both = [
        conduct.changes(x, of.begin, until, c) for x, c in zip((of.one, of.other), own, strict=True)
    ]
    turns = both[0].turn, both[1].turn
    found["give-way-turn"] = conduct.of_role(role, could, turns)
    on = frozenset(conduct.stands_on(x) for x in could)
    found["stand-on-turn"] = conduct.of_role(conduct.stands_on(role), on, turns)
    slow = both[0].slowing, both[1].slowing
    if slow[0] is not None and slow[1] is not None:
        found["give-way-slowing"] = conduct.of_role(role, could, (slow[0], slow[1]))
    right = both[0].starboard, both[1].starboard
    found["starboard-turn"] = _larger(right)
    found["turn-rate"] = _turn_rate(of)
    crossings = _crossings(of, own)
    found["bow-crossing"] = _smaller([x.ahead for x in crossings])
    found["bow-crossing-time"] = _smaller([x.after for x in crossings])
    return found


def _entry(of: View, rate: float) -> tuple[float, float]:
    """From when to when the closure is taken: up to when they came near, or from then on."""
    first, last = max(of.one.first, of.other.first), min(of.one.last, of.other.last)
    held = [x for x in of.encounter.passes if x.start <= of.encounter.closest <= x.end]
    near = min(max(held[0].start if held else of.encounter.start, first), last)
    since = max(first, near - rate)
    return (since, near) if near - since >= rate / 2 else (since, min(last, near + rate))


def _turn_rate(of: View) -> Bound | None:
    """Of aircraft where there is one, else of both."""
    craft = [x for x in (of.one, of.other) if x.domain == "air"] or [of.one, of.other]
    end = min(of.one.last, of.other.last, max(of.encounter.end, of.closest) + 60.0)
    rates = [conduct.turn_rate(x, of.begin, end, of.settings.chord[x.domain]) for x in craft]
    held = [x for x in rates if x is not None]
    return _larger(held) if held else None


def _crossings(of: View, chords: Sequence[float]) -> list[conduct.Crossing]:
    step = _chord(of) / 2
    instants = _grid(of.begin, of.encounter.end, step, of)
    if len(instants) < 2:
        return []
    return [
        conduct.crossing(of.one, of.other, instants, chords[1]),
        conduct.crossing(of.other, of.one, instants, chords[0]),
    ]


def _over(of: View) -> dict[str, Value | None]:
    """An aircraft and a ship: how high over it, and whether it headed for it."""
    aircraft, ship = (of.one, of.other) if of.one.domain == "air" else (of.other, of.one)
    near, around = _passes(of, ship, aircraft)
    separation = pair.separation(near, around)
    found: dict[str, Value | None] = {
        "height-above": pair.above(near, around, separation) if separation else None
    }
    headed = conduct.heading(
        aircraft, ship, _grid(of.begin, of.closest, 1.0, of), chord=of.settings.chord["air"],
        within=of.settings.heading, steady=of.settings.steady,
    )  # fmt: skip
    if headed is not None:
        found |= {"heading-off": headed.off, "run": headed.run}
    return found


def _chord(of: View) -> float:
    return min(of.settings.chord[x.domain] for x in (of.one, of.other))


def _grid(since: float, until: float, step: float, of: View) -> Floats:
    """Even instants at which both are seen, the last one not after the end."""
    low = max(since, of.one.first, of.other.first)
    high = min(until, of.one.last, of.other.last)
    if high < low:
        return np.zeros(0)
    found: Floats = low + np.arange(int((high - low) / step + 1e-9) + 1, dtype=np.float64) * step
    return found


def _even(since: float, until: float, step: float, of: View) -> Floats:
    """Even instants from end to end, at least a step apart, around the time where it is short."""
    first, last = max(of.one.first, of.other.first), min(of.one.last, of.other.last)
    short = max(0.0, step - (until - since)) / 2
    low, high = max(first, since - short), min(last, until + short)
    return np.linspace(low, high, max(2, int((high - low) / step + 1e-9) + 1))


def _joined(times: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for since, until in sorted(times):
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], until)
        else:
            found.append((since, until))
    return found


def _larger(of: Iterable[Bound]) -> Bound:
    all_ = list(of)
    return Bound(*(max(getattr(x, end) for x in all_) for end in ("low", "value", "high")))


def _smaller(of: Iterable[Bound]) -> Bound | None:
    all_ = list(of)
    if not all_:
        return None
    return Bound(*(min(getattr(x, end) for x in all_) for end in ("low", "value", "high")))


# --- for rules ------------------------------------------------------------------------------------


def known(
    encounter: Encounter,
    tracks: Tracks,
    identities: Mapping[str, Identity],
    *,
    near: Limit,
    reports: Mapping[str, bool] | None = None,
    others: Mapping[str, Value] | None = None,
    settings: Settings = USUAL,
    formation: Formation = USUAL_FORMATION,
) -> Known:
    """What is known of an encounter, for `rules.evaluate`.

    Parameters
    ----------
    encounter
        The encounter.
    tracks
        All tracks: of its two craft, and of ships that may sail together with one.
    identities
        What is said of craft, by their ids; one that is missing is not known.
    near
        What counts as near for ``dwell`` and ``passes``.
    reports
        What was reported, by the words of `rules.metrics.REPORTS`.
    others
        Metrics that no track of the two tells, such as ``notice``; they go before.
    settings, formation
        As there.

    Raises
    ------
    UsageError
        Where a craft is not among the tracks.

    """
    looked = view(encounter, tracks, near=near, settings=settings)
    found = {} if looked is None else metrics(looked)
    if encounter.domains == "sea-sea":
        among = came_among(
            tracks,
            _places(encounter, tracks),
            (encounter.start, encounter.end),
            sides={name: one.side for name, one in identities.items()},
            settings=settings,
            formation=formation,
        )
        found |= {} if among is None else {"in-formation": among}
    return _of(encounter, identities, found, reports or {}, others or {})


def _of(
    encounter: Encounter,
    identities: Mapping[str, Identity],
    found: Mapping[str, Value],
    reports: Mapping[str, bool],
    others: Mapping[str, Value],
) -> Known:
    """Put together what tracks, identities, reports and others tell of an encounter."""
    whose = [identities[name] for name in (encounter.a, encounter.b) if name in identities]
    # Of two fixes at one instant there are no ways; the encounter has their distance.
    alone: dict[str, Value] = {
        "separation": encounter.separation,
        "vertical": encounter.vertical_separation,
    }
    all_ = {**alone, **found, **(flags(whose) if len(whose) == 2 else {}), **others}
    return Known(
        domains=encounter.domains,
        metrics={name: value for name, value in all_.items() if value is not None},
        reports=dict(reports),
        single_source=single_source(whose),
    )


def findings(
    table: RuleTable,
    encounter: Encounter,
    tracks: Tracks,
    identities: Mapping[str, Identity],
    *,
    near: Limit,
    reports: Mapping[str, bool] | None = None,
    profiles: Sequence[Profile] = PROFILES,
    settings: Settings = USUAL,
) -> tuple[RuleFinding, ...]:
    """What each rule says of an encounter, "near" being what the rule says it is.

    A rule that bounds a separation by a threshold ``near`` measures how long and how often within
    that; any other within ``near``. The other parameters are those of `known` and
    `rules.evaluate.evaluate`.
    """
    base = known(encounter, tracks, identities, near=near, reports=reports, settings=settings)
    looked = view(encounter, tracks, near=near, settings=settings)
    within: dict[float, Known] = {}
    found: list[RuleFinding] = []
    for rule in table.rules:
        held = base
        radius = _radius(rule, profiles)
        fits = encounter.domains in rule.domains or "any" in rule.domains
        if fits and looked is not None and radius is not None:
            if radius not in within:
                own = replace(looked, near=Limit(radius, near.vertical))
                within[radius] = replace(base, metrics={**base.metrics, **_within(own)})
            held = within[radius]
        found += evaluate(table.model_copy(update={"rules": (rule,)}), held, profiles=profiles)
    return tuple(found)


def _radius(rule: Rule, profiles: Sequence[Profile]) -> float | None:
    by_profile = {one.profile: one.si for one in rule.thresholds.get("near", ())}
    return next((by_profile[one] for one in profiles if one in by_profile), None)


def _within(of: View) -> dict[str, Value]:
    span = of.encounter.start - of.margin, of.encounter.end + of.margin
    wide = pair.pieces(of.one, of.other, [span])
    return {
        "dwell": pair.dwell(wide, of.near),
        "passes": pair.passes(wide, of.near, of.settings),
    }


def known_in_zone(
    tracks: Tracks,
    track: int,
    geometry: Any,
    *,
    zone: str,
    identity: Identity | None = None,
    reports: Mapping[str, bool] | None = None,
    others: Mapping[str, Value] | None = None,
    settings: Settings = USUAL,
) -> Known:
    """What is known of a craft and a zone, for `rules.evaluate`.

    Parameters
    ----------
    tracks, track
        The tracks, and the place of the craft's.
    geometry
        A shapely polygon in degrees, longitude before latitude.
    zone
        The kind of zone, such as ``territorial-sea``.
    identity, reports, others, settings
        As of `known`.

    """
    found: dict[str, Value] = {}
    own = slice(int(tracks.starts[track]), int(tracks.starts[track + 1]))
    if own.stop - own.start > 1:
        since, until = float(tracks.seconds[own][0]), float(tracks.seconds[own][-1])
        path = way(tracks, track, since, until, settings)
        seen = in_zone(path, geometry, since=since, until=until) if path else None
        if seen is not None:
            found |= {"inside": seen.inside, "depth": seen.depth, "zone-dwell": seen.dwell}
            found |= {"stay": seen.stay, "border-distance": seen.border}
    whose = (identity,) if identity is not None else ()
    found.update(flags(whose) if whose else {})
    found.update(others or {})
    return Known(
        domains=f"{DOMAINS[int(tracks.domain[track])]}-zone",
        zone=zone,
        metrics={name: value for name, value in found.items() if value is not None},
        reports=dict(reports or {}),
        single_source=single_source(whose),
    )
