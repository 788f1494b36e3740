"""What a claim says, as numbers with bounds: a bare number is read to its last stated digit."""

from __future__ import annotations

from dataclasses import dataclass

from pyproj import Geod

from detente.encounters.accounts import instants
from detente.encounters.accounts.model import SUBJECTS, UNITS, Claim, Place
from detente.encounters.accounts.results import Apart, ToldClaim

GEOD = Geod(ellps="WGS84")
KM_PER_DEGREE = 111.2
COURSE, DEGREE = 5.0, 0.5  # at most so many degrees are left open by a bare course, a position
SI = {"length": "m", "speed": "m/s", "angle": "deg", "duration": "s", "count": ""}


@dataclass(frozen=True)
class Stated:
    """A middle and how far it may be off, in the unit of `SI` of its measure."""

    middle: float
    within: float
    measure: str


def rounding(value: float) -> float:
    """Half of the last digit that is not zero: what a bare number leaves open.

    >>> [rounding(x) for x in (30.0, 9.0, 9.25, 914.0, 0.0)]
    [5.0, 0.5, 0.005, 0.5, 0.5]
    """
    text = f"{abs(value):.12g}"
    if "e" in text:
        return abs(value) * 0.5
    whole, _, decimals = text.partition(".")
    if decimals:
        return float(0.5 / 10 ** len(decimals))
    zeros = len(whole) - len(whole.rstrip("0")) if whole.strip("0") else 0
    return float(0.5 * 10**zeros)


def number(claim: Claim) -> Stated:
    """The number of a claim that has one. A count is exact; another bare number is rounded.

    Courses may go through north, from 350 to 10 degrees. Of a bare course of 200 degrees nobody
    means 150 to 250: it leaves open `COURSE` at the most.
    """
    measure, factor = UNITS[claim.unit or "count"]
    if claim.low is not None and claim.high is not None:
        low, high = claim.low, claim.high
        if measure == "angle" and low > high:
            high += 360
        middle, within = (low + high) / 2, (high - low) / 2
    else:
        middle = claim.value or 0.0
        within = 0.0 if measure == "count" else rounding(middle)
        if measure == "angle":
            within = min(rounding(middle or 360.0), COURSE)
    return Stated(middle * factor, within * factor, measure)


def bounds(claim: Claim) -> tuple[float, float, float]:
    """Low, middle and high of a number, in its own unit; courses from 0 to 360 degrees."""
    stated, factor = number(claim), UNITS[claim.unit or "count"][1]
    middle, within = stated.middle / factor, stated.within / factor
    if stated.measure != "angle":
        return middle - within, middle, middle + within
    if claim.low is not None and claim.high is not None:
        return claim.low, middle % 360, claim.high
    return (middle - within) % 360, middle, (middle + within) % 360


def instant(claim: Claim) -> Stated:
    """The instant of a claim that has one, in seconds since 1970 UTC."""
    assert claim.at is not None
    within = claim.at.within_minutes or instants.part(claim.at.utc) / 2
    return Stated(instants.parse(claim.at.utc).timestamp(), 60 * within, "duration")


def within_km(place: Place) -> float:
    """How far off a position may be: as stated, or half of its last decimal.

    Both degrees are taken to be written to as many decimals; a 0 at the end is lost in reading, so
    the finer of both tells how many.
    """
    if place.within_km is not None:
        return place.within_km
    return min(rounding(place.lat), rounding(place.lon), DEGREE) * KM_PER_DEGREE


def difference(first: Claim, second: Claim) -> Apart | None:
    """How far two claims of one subject are apart; None where they are no numbers.

    With middles d apart and bounds r and s: from max(0, d - r - s) to d + r + s. Courses are
    compared around the circle, positions along the geodesic (WGS 84).
    """
    form, measure = SUBJECTS[first.about]
    if form == "number":
        one, other = number(first), number(second)
        apart = abs(one.middle - other.middle)
        if measure == "angle":
            apart = min(apart % 360, 360 - apart % 360)
    elif form == "instant":
        one, other = instant(first), instant(second)
        apart = abs(one.middle - other.middle)
    elif form == "place":
        assert first.place is not None
        assert second.place is not None
        one, other = (
            Stated(0.0, 1000 * within_km(place), "length") for place in (first.place, second.place)
        )
        ends = (first.place.lon, first.place.lat, second.place.lon, second.place.lat)
        apart = float(GEOD.inv(*ends)[2])
    else:
        return None
    slack = one.within + other.within
    most = min(apart + slack, 180.0) if one.measure == "angle" else apart + slack
    return Apart(max(0.0, apart - slack), apart, most, SI[one.measure])


def told(claim: Claim) -> ToldClaim:
    """A claim as it is told."""
    form = SUBJECTS[claim.about][0]
    low, middle, high = bounds(claim) if form == "number" else (None, None, None)
    at, place = claim.at, claim.place
    return ToldClaim(
        claim=claim.id, form=form, low=low, value=middle, high=high, unit=claim.unit or "",
        instant=at.utc if at else "",
        within_minutes=instant(claim).within / 60 if at else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        within_km=within_km(place) if place else None,
        says=claim.says or "", words=claim.words or "", certainty=claim.certainty,
        source=claim.source,
    )  # fmt: skip
