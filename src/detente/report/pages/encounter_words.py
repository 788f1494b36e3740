"""What is measured, said and found of an encounter, in the reader's language."""

from __future__ import annotations

import datetime as dt
import math
from typing import Literal

from detente.encounters.results import Bound, Measured, Used
from detente.report.language import Phrases

Measure = Literal["length", "speed", "angle", "duration", "count", "mass", "share", "flag"]

KNOT = 1852 / 3600
_KM = 10_000.0  # metres from which a length is told in kilometres
_MINUTES, _HOURS, _DAYS = 120.0, 2 * 3600.0, 2 * 86400.0  # seconds from which it is told in these
_MEASURES: dict[Measure, tuple[str, ...]] = {
    "length": (
        *("separation", "vertical", "slant", "bow-crossing", "height-above", "depth"),
        "border-distance",
    ),
    "speed": ("closure", "relative-speed"),
    "duration": (*("dwell", "bow-crossing-time", "run", "zone-dwell", "notice", "stay"),),
    "count": ("passes",),
    "mass": ("tonnage",),
    "share": ("give-way-slowing", "accuracy-lost", "tonnage-share"),
}


def measure(metric: str) -> Measure:
    """What kind of number a metric is."""
    return next((kind for kind, names in _MEASURES.items() if metric in names), "angle")


def metric(name: str, phrases: Phrases) -> str:
    """What a metric of the rules is called."""
    _ = phrases
    known = {
        "separation": _("smallest horizontal distance"),
        "vertical": _("difference in height"),
        "slant": _("smallest distance in space"),
        "closure": _("how fast the distance shrank"),
        "relative-speed": _("speed of one as seen from the other"),
        "dwell": _("how long they stayed near"),
        "passes": _("how often they came near"),
        "course-difference": _("difference of courses before the approach"),
        "approach-sector": _("where the faster came from, off the bow of the other"),
        "bow-crossing": _("distance of a crossing ahead"),
        "bow-crossing-time": _("time of the other to the point of crossing"),
        "give-way-turn": _("turn of the craft that gives way"),
        "give-way-slowing": _("slowing of the craft that gives way"),
        "stand-on-turn": _("turn of the craft that stands on"),
        "starboard-turn": _("turn to starboard"),
        "height-above": _("height of the aircraft over the ship"),
        "heading-off": _("angle between the course and the other craft"),
        "run": _("how long one headed for the other"),
        "turn-rate": _("turn in a second"),
        "well-clear-lost": _("the well-clear volume was entered"),
        "in-formation": _("one came among ships that sail together"),
        "inside": _("inside the zone"),
        "foreign": _("of another state than the zone"),
        "depth": _("how far inside the zone"),
        "zone-dwell": _("how long inside the zone"),
        "border-distance": _("smallest distance to the border"),
        "position-silent": _("it sent no position while it was seen otherwise"),
        "accuracy-lost": _("share of craft whose stated accuracy fell"),
        "notice": _("time from the notification to the begin"),
        "stay": _("time since it entered the sea"),
        "tonnage": _("tonnage of warships of other states"),
        "tonnage-share": _("share of the one state that has most of it"),
        "sides-differ": _("the two are of different sides"),
        "state-craft-involved": _("one of them is a state craft"),
        "warship-involved": _("one of them is a warship"),
        "civil-craft-involved": _("one of them is civil"),
    }
    return known.get(name) or report(name, phrases)


def report(name: str, phrases: Phrases) -> str:
    """What only a report can tell."""
    _ = phrases
    return {
        "weapons-aimed": _("whether weapons were aimed"),
        "radar-illumination": _("whether fire-control radar was used"),
        "laser-or-searchlight": _("whether a laser or a searchlight was used"),
        "objects-dropped": _("whether objects were dropped or launched"),
        "simulated-attack": _("whether it was flown like an attack"),
        "aerobatics": _("whether aerobatics were flown"),
        "hampered": _("whether movement or activity was hampered"),
        "notified-before": _("whether it was notified before"),
        "flight-operations": _("whether aircraft or stores were being handled on deck"),
        "submarine-exercise": _("whether signals of a submarine exercise were shown"),
        "command-interference": _("whether command networks were interfered with"),
        "not-innocent": _("whether the passage held an activity that is not innocent"),
        "no-flight-plan": _("whether a flight plan was filed"),
        "exercise-size": _("whether the exercise was larger than what must be notified"),
        "outside-place": _("whether forces stood outside their peacetime place"),
        "hazardous": _("whether the incident was hazardous"),
        "prompt-report": _("whether the other side was told promptly"),
    }.get(name, name)


def outcome(name: str, phrases: Phrases) -> str:
    """What is known says of the condition of a rule."""
    _ = phrases
    return {
        "true": _("consistent with the condition"),
        "false": _("not consistent with the condition"),
        "undetermined": _("undetermined"),
        "needs-report": _("only a report could tell"),
    }[name]


def grade_class(name: str, phrases: Phrases) -> str:
    """A grade of escalation, by the words of the European Leadership Network (2014)."""
    _ = phrases
    return {
        "near-routine": _("near-routine"),
        "serious": _("serious"),
        "high-risk": _("high risk"),
    }[name]


def profile(used: Used, phrases: Phrases) -> str:
    """Whose number a threshold is, and whether it was read there."""
    _ = phrases
    whose = {
        "treaty": _("of a treaty"),
        "guidance": _("of guidance"),
        "practice": _("of practice"),
        "analyst": _("the analyst's choice"),
    }[used.profile]
    if used.verified is None:
        return whose
    read = _("read there") if used.verified else _("not read there")
    return f"{whose}, {read}"


def threshold(used: Used, phrases: Phrases) -> str:
    """A threshold in its own unit, and whose it is."""
    _ = phrases
    of = {
        "deg": "°",
        "kn": _("kn"),
        "nm": _("nm"),
        "ft": _("ft"),
        "km": _("km"),
        "m": _("m"),
        "m/s": _("m/s"),
        "s": _("s"),
        "min": _("min"),
        "h": _("h"),
        "d": _("days"),
        "t": _("t"),
    }.get(used.unit, "")
    gap = "" if of in ("", "°") else " "
    return f"{_.cell(used.value)}{gap}{of} ({profile(used, phrases)})"


def flag(kind: str, phrases: Phrases) -> str:
    """What lowers confidence in a track."""
    _ = phrases
    return {
        "speed": _("too far for the time since the fix before"),
        "acceleration": _("too large a change of speed"),
        "two-places": _("two movements under one name at the same time"),
        "circle": _("circles too even for a ship"),
        "freeze": _("one position, while it says that it moves"),
        "on-land": _("a ship on land"),
        "accuracy": _("the stated accuracy fell away"),
        "regional": _("several craft of one region jumped at once"),
        "disorder": _("earlier than a fix received before it"),
    }[kind]


def claim_key(key: str, phrases: Phrases) -> str:
    """What a claim or a register tells of a craft."""
    _ = phrases
    return {
        "name": _("name"),
        "type": _("type"),
        "kind": _("kind"),
        "side": _("side"),
        "state": _("service"),
        "country": _("country"),
        "operator": _("operator"),
        "callsign": _("callsign"),
        "registration": _("registration"),
        "ship-type": _("stated type of ship"),
        "reported-by": _("reported by"),
        "mmsi": "MMSI",
        "icao24": _("24-bit address"),
        "imo": "IMO",
        "squawk": _("transponder code"),
        "length": _("length"),
        "width": _("width"),
    }.get(key, key)


def state(name: str, phrases: Phrases) -> str:
    """Whether a craft is said to be in state service."""
    _ = phrases
    return {
        "state": _("state craft"),
        "civil": _("civil craft"),
        "unknown": _("not known whether state or civil"),
    }[name]


def domain(name: str, phrases: Phrases) -> str:
    """Where a craft moves."""
    _ = phrases
    return {"sea": _("at sea"), "air": _("in the air"), "land": _("on land")}[name]


# --- numbers --------------------------------------------------------------------------------------


def measured(one: Measured, phrases: Phrases) -> str:
    """What is known of a metric: a number with its bounds, yes or no, or nothing."""
    _ = phrases
    if one.flag is not None:
        return _("yes") if one.flag else _("no")
    if one.bound is None:
        return _("not known")
    return amount(one.bound, measure(one.metric), phrases)


def amount(bound: Bound, kind: Measure, phrases: Phrases) -> str:
    """A number with its bounds, in the unit in which it reads best, no finer than these."""
    ends = [abs(x) for x in (bound.low, bound.value, bound.high) if math.isfinite(x)]
    size, name = _unit(max(ends, default=0.0), kind, phrases)
    shown = Bound(bound.low / size, bound.value / size, bound.high / size)
    low, value, high = (three(x, phrases) for x in (shown.low, _as_coarse(shown), shown.high))
    gap = "" if name in ("", "°") else " "
    if low == high:
        return f"{value}{gap}{name}"
    return phrases("{value} ({low} to {high})", value=f"{value}{gap}{name}", low=low, high=high)


def _as_coarse(bound: Bound) -> float:
    """The value to the third digit of its larger bound: 0.035 within 0 to 60.5 tells nothing."""
    most = max(abs(bound.low), abs(bound.high))
    if not 0 < most < math.inf or not math.isfinite(bound.value):
        return bound.value
    step = 10.0 ** (math.floor(math.log10(most)) - 2)
    found = step * round(bound.value / step)
    return found if bound.low <= found <= bound.high else bound.value


def three(x: float, phrases: Phrases) -> str:
    """A number with three significant digits, of which nothing after the point below a thousandth.

    >>> from detente.report.language import phrases
    >>> [three(x, phrases("en")) for x in (12345.0, 0.12345, 1e-9, float("inf"))]
    ['12300', '0.123', '0', '∞']
    """
    if math.isinf(x):  # such as a crossing ahead that did not take place
        return "∞" if x > 0 else "−∞"
    return phrases.cell(float(f"{round(x, 3):.3g}") + 0.0)


def _unit(most: float, kind: Measure, phrases: Phrases) -> tuple[float, str]:
    _ = phrases
    if kind == "length":
        return (1000.0, _("km")) if most >= _KM else (1.0, _("m"))
    if kind == "duration":
        larger = ((_DAYS, 86400.0, _("days")), (_HOURS, 3600.0, _("h")), (_MINUTES, 60.0, _("min")))
        return next(((size, name) for least, size, name in larger if most >= least), (1.0, _("s")))
    return {
        "speed": (KNOT, _("kn")),
        "angle": (1.0, "°"),
        "mass": (1.0, _("t")),
        "share": (0.01, "%"),
    }.get(kind, (1.0, ""))


def moment(seconds: float) -> dt.datetime:
    """An instant in seconds since 1970 UTC."""
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)


def iso(seconds: float) -> str:
    """An instant as ISO 8601, to the millisecond where it is not on a whole second.

    >>> iso(1460379600.0), iso(0.25)
    ('2016-04-11T13:00:00Z', '1970-01-01T00:00:00.250Z')
    """
    when = moment(round(seconds, 3))
    part = "milliseconds" if when.microsecond else "seconds"
    return when.replace(tzinfo=None).isoformat(timespec=part) + "Z"


def instant(seconds: float, phrases: Phrases, *, within: float | None = None) -> str:
    """An instant with its day, to the minute where it may be off by as much, else to the second."""
    when = moment(round(seconds))
    clock = f"{when:%H:%M}" if within is not None and within >= 60 else f"{when:%H:%M:%S}"
    day = phrases.date(f"{when:%Y-%m-%d}")
    return f"{day}, {clock} UTC"


def off(within: float | None, kind: Measure, phrases: Phrases) -> str:
    """How far off something may be: ``± 2 km``, or that nobody says."""
    _ = phrases
    if within is None:
        return _("error not stated")
    size, name = _unit(within, kind, phrases)
    return f"± {three(within / size, phrases)} {name}"


def between(start: float, end: float, phrases: Phrases) -> str:
    """From when to when, the day told once where both are of one."""
    first, last = moment(round(start)), moment(round(end))
    if first.date() == last.date():
        day = phrases.date(f"{first:%Y-%m-%d}")
        return f"{day}, {first:%H:%M:%S}–{last:%H:%M:%S} UTC"
    return f"{instant(start, phrases)} – {instant(end, phrases)}"
