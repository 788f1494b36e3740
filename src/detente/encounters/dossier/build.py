"""Build the dossier of one encounter from its tracks, what was found in them, and two accounts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detente.encounters.accounts.results import TwoAccounts
from detente.encounters.dossier import told
from detente.encounters.dossier.beside import beside, timeline
from detente.encounters.dossier.motion import path, place_of, samples
from detente.encounters.dossier.questions import evidence, questions
from detente.encounters.dossier.results import Dossier, Path, Position
from detente.encounters.geometry.settings import USUAL, Settings
from detente.encounters.results import (
    Covered,
    Encounter,
    Flagged,
    Gap,
    Graded,
    Identity,
    RuleFinding,
)
from detente.encounters.tracks import DOMAINS, Tracks
from detente.ground.errors import UsageError


@dataclass(frozen=True)
class Found:
    """What else was found of an encounter and its craft; what is about other craft is left out.

    ``meant`` are words that tell in accounts which of several
    events is this one, such as ``first-day``; claims with other words are not set beside it.
    """

    identities: Sequence[Identity] = ()
    findings: Sequence[RuleFinding] = ()
    graded: Graded | None = None
    flags: Sequence[Flagged] = ()
    covered: Sequence[Covered] = ()
    gaps: Sequence[Gap] = ()
    accounts: TwoAccounts | None = None
    meant: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Telling:
    """How the encounter is told.

    The dossier looks from ``before_s`` before it to ``after_s`` after it, which are by default what
    the settings have as the begin of an approach. Of what happened after
    the instant ``until`` nothing is told; a publication with a delay sets it to the day less the
    delay. With ``coarsen_km`` places are told to a fixed grid and instants to a fixed stretch.
    ``reconstruction`` marks tracks that were entered from reports.
    """

    title: str
    shown_to: str = "own-side"
    before_s: float | None = None
    after_s: float | None = None
    until: float | None = None
    coarsen_km: float | None = None
    reconstruction: bool = False


def dossier(
    tracks: Tracks,
    encounter: Encounter,
    found: Found,
    telling: Telling,
    *,
    settings: Settings = USUAL,
) -> Dossier:
    """The dossier of one encounter.

    Parameters
    ----------
    tracks
        N fixes of K tracks, among them those of the two craft.
    encounter
        The encounter.
    found
        What else was found.
    telling
        How it is told.
    settings
        How fast craft can be where they were not seen.

    Raises
    ------
    UsageError
        The encounter ended after the instant until which may be told; a craft has no track, or two
        tracks its name; the grid or the times are none; the accounts are told for the own side,
        where the dossier is not, or is coarse.

    """
    _check(encounter, found, telling)
    if telling.until is not None:
        tracks = tracks.keep(tracks.seconds <= telling.until)
    whole = _whole(tracks, encounter, found, telling, settings)
    if telling.coarsen_km is not None:
        whole = _coarse(whole, telling.coarsen_km)
    whole = replace(whole, beside=beside(whole, found.meant), timeline=timeline(whole))
    return replace(whole, evidence=evidence(whole, tracks), questions=questions(whole))


def _whole(
    tracks: Tracks, encounter: Encounter, found: Found, telling: Telling, settings: Settings
) -> Dossier:
    """The dossier as it is known, before anything is derived from what may be told."""
    craft = (encounter.a, encounter.b)
    start, end = _times(tracks, encounter, telling, settings)
    paths = tuple(path(tracks, one, start, end) for one in craft)
    return Dossier(
        title=telling.title,
        reconstruction=telling.reconstruction,
        shown_to=telling.shown_to,
        start=start,
        end=end,
        encounter=encounter,
        place_within_m=_largest([_near(one, encounter.closest, "within_m") for one in paths]),
        instant_within_s=_largest([_near(one, encounter.closest, "within_s") for one in paths]),
        identities=tuple(one for name in craft for one in found.identities if one.id == name),
        paths=paths,
        samples=samples(tracks, encounter, start, end, settings=settings),
        findings=tuple(found.findings),
        graded=_finite(found.graded),
        evidence=(),
        flags=tuple(one for one in found.flags if one.craft in craft),
        covered=tuple(found.covered),
        gaps=tuple(
            one for one in found.gaps if one.craft in craft and one.start < end and one.end > start
        ),
        accounts=found.accounts,
        beside=(),
        timeline=(),
        questions=(),
        withheld=told.withheld(telling.until, None, None),
    )


def _check(encounter: Encounter, found: Found, telling: Telling) -> None:
    if telling.until is not None and encounter.end > telling.until:
        raise UsageError("The encounter is younger than the delay: nothing of it may be told yet.")
    if (telling.before_s or 0.0) < 0 or (telling.after_s or 0.0) < 0:
        raise UsageError("A dossier begins before its encounter and ends after it.")
    if telling.coarsen_km is not None and not 0 < telling.coarsen_km <= 1000:
        raise UsageError("A grid is above 0 and at most 1,000 km.")
    accounts = found.accounts
    inside = accounts is not None and accounts.shown_to == "own-side"
    if inside and (telling.shown_to != "own-side" or telling.coarsen_km is not None):
        raise UsageError(
            "The accounts are told for the own side. Compare them for those who shall see the "
            "dossier."
        )


def _times(
    tracks: Tracks, encounter: Encounter, telling: Telling, settings: Settings
) -> tuple[float, float]:
    """From when to when the dossier looks."""
    domains = (
        DOMAINS[int(tracks.domain[place_of(tracks, one)])] for one in (encounter.a, encounter.b)
    )
    ahead = min(settings.ahead[domain] for domain in domains)
    before = ahead if telling.before_s is None else telling.before_s
    after = ahead if telling.after_s is None else telling.after_s
    end = encounter.end + after
    return encounter.start - before, end if telling.until is None else min(end, telling.until)


def _finite(graded: Graded | None) -> Graded | None:
    """A grade in which what was measured without an upper end is not known."""
    if graded is None or graded.geometry is None:
        return graded
    points = tuple(
        replace(one, of=None) if one.of is not None and not math.isfinite(one.of.high) else one
        for one in graded.geometry.points
    )
    return replace(graded, geometry=replace(graded.geometry, points=points))


def _near(path: Path, instant: float, what: str) -> float | None:
    """A bound of the position that is nearest in time."""
    if not path.positions:
        return None
    nearest: Position = min(path.positions, key=lambda one: abs(one.instant - instant))
    value: float | None = getattr(nearest, what)
    return value


def _largest(values: Sequence[float | None]) -> float | None:
    """The largest; None where one is not known."""
    known = [one for one in values if one is not None]
    return max(known) if known and len(known) == len(values) else None


def _coarse(of: Dossier, km: float) -> Dossier:
    """The dossier with places and instants on a grid, and without what tells them finer."""
    seconds = told.stretch(of.paths, km)
    place = told.spot(*of.encounter.place, of.place_within_m, km)
    return replace(
        of,
        start=seconds * (of.start // seconds),
        end=seconds * (of.end // seconds + 1),
        encounter=told.coarse_encounter(of.encounter, km, seconds),
        place_within_m=place[2],
        instant_within_s=seconds / 2 + (of.instant_within_s or 0.0),
        paths=tuple(told.coarse_path(one, km, seconds) for one in of.paths),
        samples=(),
        findings=tuple(told.without_places(one) for one in of.findings),
        flags=tuple(told.coarse_flag(one, seconds) for one in of.flags),
        gaps=tuple(told.coarse_gap(one, km, seconds) for one in of.gaps),
        withheld=told.withheld(of.withheld.after, km, seconds),
    )
