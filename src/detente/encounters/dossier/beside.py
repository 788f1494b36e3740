"""Claims of accounts beside what the tracks show of the same, and all on one line of time."""

from __future__ import annotations

from collections.abc import Iterator

from detente.encounters.accounts import instants
from detente.encounters.accounts.model import UNITS
from detente.encounters.accounts.results import Apart, Compared, ToldClaim
from detente.encounters.accounts.stated import GEOD
from detente.encounters.dossier.results import Beside, Dossier, TimeMark, Who
from detente.encounters.dossier.told import around
from detente.encounters.geometry.pair import size
from detente.encounters.results import Bound

SIDES: tuple[Who, Who] = ("first", "second")


def beside(of: Dossier, meant: frozenset[str]) -> tuple[Beside, ...]:
    """Each claim that is about this encounter, beside what the tracks show.

    A claim with a word that tells which of several events it is about counts where that word is
    ``meant``; one about a craft that the tracks do not name is left out.
    """
    if of.accounts is None:
        return ()
    return tuple(_beside(of, meant))


def _beside(of: Dossier, meant: frozenset[str]) -> Iterator[Beside]:
    assert of.accounts is not None
    craft = ("", of.encounter.a, of.encounter.b)
    for one in of.accounts.compared:
        if (one.which and one.which not in meant) or one.of not in craft:
            continue
        shown = _shown(of, one)
        if shown is None:
            continue
        bound, unit = shown
        is_place = one.about == "place"
        lat, lon = of.encounter.place if is_place else (None, None)
        first, second = (
            _apart(of, claim, bound, unit) if claim is not None else None
            for claim in (one.first, one.second)
        )
        yield Beside(one.about, one.of, one.which, bound, unit, lat, lon, first, second)


def _shown(of: Dossier, claim: Compared) -> tuple[Bound, str] | None:
    """What the tracks show of what a claim is about, in which unit."""
    found, within = of.encounter, of.instant_within_s
    ends = {"begins": found.start, "ends": found.end, "closest-approach": found.closest}
    if claim.about in ends and within is not None:
        return around(ends[claim.about], within), "s"
    if claim.about == "place" and of.place_within_m is not None:
        return Bound(0.0, 0.0, of.place_within_m), "m"
    if claim.about == "separation":
        return _separation(of), "m"
    if claim.about == "height-difference" and found.vertical_separation is not None:
        return size(found.vertical_separation), "m"
    if claim.about == "passes":
        count = _passes(of)
        return (count, "") if count is not None else None
    if claim.about == "duration" and within is not None and of.withheld.grid_s is None:
        lasted = found.end - found.start
        return Bound(max(0.0, lasted - 2 * within), lasted, lasted + 2 * within), "s"
    if claim.about == "height":
        return _height(of, claim.of)
    return None


def _separation(of: Dossier) -> Bound:
    """From the least along the ground to the most in space: accounts do not tell which."""
    flat, high = of.encounter.separation, of.encounter.vertical_separation
    if high is None:
        return flat
    return Bound(flat.low, flat.value, (flat.high**2 + size(high).high ** 2) ** 0.5)


def _passes(of: Dossier) -> Bound | None:
    """As often as the rules were told, else as the search counted; None where nothing saw them."""
    for finding in of.findings:
        for metric in finding.metrics:
            if metric.metric == "passes" and metric.bound is not None:
                return metric.bound
    count = float(len(of.encounter.passes))
    return Bound(count, count, count) if of.encounter.met == "met" else None


def _height(of: Dossier, craft: str) -> tuple[Bound, str] | None:
    """The height of a craft at the position nearest to the closest instant."""
    path = next((one for one in of.paths if one.id == craft), None)
    known = [one for one in path.positions if one.height is not None] if path else []
    if not known:
        return None
    near = min(known, key=lambda one: abs(one.instant - of.encounter.closest))
    if near.height is None or near.height_within is None:
        return None
    return around(near.height, near.height_within), "m"


def _apart(of: Dossier, claim: ToldClaim, shown: Bound, unit: str) -> Apart | None:
    """How far a claim is from what the tracks show: from 0 where both can be right."""
    if claim.form == "place":
        lat, lon = of.encounter.place
        assert claim.lat is not None
        assert claim.lon is not None
        metres = float(GEOD.inv(lon, lat, claim.lon, claim.lat)[2])
        slack = shown.high + 1000 * (claim.within_km or 0.0)
        return Apart(max(0.0, metres - slack), metres, metres + slack, "m")
    said = _said(claim)
    if said is None:
        return None
    return Apart(
        least=max(0.0, said.low - shown.high, shown.low - said.high),
        value=abs(said.value - shown.value),
        most=max(abs(said.high - shown.low), abs(shown.high - said.low)),
        unit=unit,
    )


def _said(claim: ToldClaim) -> Bound | None:
    """The number or the instant of a claim in the units of tracks."""
    if claim.form == "instant":
        middle = instants.parse(claim.instant).timestamp()
        return around(middle, 60 * (claim.within_minutes or 0.0))
    if claim.low is None or claim.value is None or claim.high is None:
        return None
    factor = UNITS[claim.unit or "count"][1]
    return Bound(factor * claim.low, factor * claim.value, factor * claim.high)


def timeline(of: Dossier) -> tuple[TimeMark, ...]:
    """Every instant that an account claims, and those of the tracks, in the order of time."""
    marks = [*_claimed(of), *_tracked(of)]
    return tuple(sorted(marks, key=lambda one: (one.instant, one.who, one.what)))


def _claimed(of: Dossier) -> Iterator[TimeMark]:
    for one in of.accounts.compared if of.accounts is not None else ():
        for who, claim in zip(SIDES, (one.first, one.second), strict=True):
            said = _said(claim) if claim is not None and claim.form == "instant" else None
            if said is not None:
                yield TimeMark(who, one.about, one.of, one.which, said.low, said.value, said.high)


def _tracked(of: Dossier) -> Iterator[TimeMark]:
    found, within = of.encounter, of.instant_within_s or 0.0
    ends = {"begins": found.start, "closest-approach": found.closest, "ends": found.end}
    if found.start == found.end:
        ends = {"closest-approach": found.closest}
    for what, instant in ends.items():
        bound = around(instant, within)
        yield TimeMark("tracks", what, "", "", bound.low, instant, bound.high)
    for gap in of.gaps:
        middle = (gap.start + gap.end) / 2
        yield TimeMark("tracks", "gap", gap.craft, "", gap.start, middle, gap.end)
