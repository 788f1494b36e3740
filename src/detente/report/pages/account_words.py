"""What claims of an account are called and say, in the reader's language."""

from __future__ import annotations

from detente.encounters.accounts.results import Apart, Compared, ToldClaim
from detente.report.language import Phrases

METRES_IN_KM = 1000.0
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def subject(about: str, phrases: Phrases) -> str:
    """What a claim is about."""
    _ = phrases
    return {
        "begins": _("begin"),
        "ends": _("end"),
        "closest-approach": _("instant of the closest approach"),
        "place": _("position"),
        "separation": _("smallest separation"),
        "height": _("height"),
        "height-difference": _("difference in height"),
        "distance-to-border": _("distance to the border"),
        "speed": _("speed"),
        "course": _("course"),
        "duration": _("duration"),
        "passes": _("number of passes"),
        "craft-involved": _("craft involved"),
        "identity-known": _("identity known at the time"),
        "international-space": _("in international airspace or waters"),
        "called-by-radio": _("called by radio"),
        "answered-by-radio": _("answered by radio"),
        "transponder-on": _("transponder on"),
        "lights-on": _("lights on"),
        "notified-before": _("notified before"),
        "kept-course-and-speed": _("kept course and speed"),
        "activity-interrupted": _("an activity was interrupted"),
        "weapons-visible": _("weapons visible"),
        "weapons-aimed": _("weapons aimed"),
        "radar-illumination": _("lit by fire-control radar"),
        "laser-or-searchlight": _("laser or searchlight used"),
        "objects-dropped": _("objects dropped or launched"),
        "simulated-attack": _("flown like an attack"),
        "people-hurt": _("people hurt"),
        "damage": _("damage"),
        "activity": _("activity"),
        "purpose": _("purpose"),
        "other": _("other"),
    }[about]


def title(one: Compared, craft: dict[str, str], phrases: Phrases) -> str:
    """What is compared: the subject, the craft and which of several."""
    of = craft.get(one.of, one.of)
    named = ", ".join(part for part in (of, one.which) if part)
    about = subject(one.about, phrases)
    return f"{about} ({named})" if named else about


def unit(name: str, phrases: Phrases) -> str:
    """A unit as it is written after a number; empty for a count."""
    _ = phrases
    return {
        "m": _("m"),
        "km": _("km"),
        "nm": _("nm"),
        "ft": _("ft"),
        "yd": _("yd"),
        "kn": _("kn"),
        "km/h": _("km/h"),
        "m/s": _("m/s"),
        "deg": "°",
        "min": _("min"),
        "h": _("h"),
        "s": _("s"),
        "count": "",
        "": "",
    }[name]


def claim(one: ToldClaim, phrases: Phrases, *, source: bool = True) -> str:
    """What a side says, in one line, with how sure it is and, with ``source``, how it knows."""
    said = _said(one, phrases)
    if one.form != "words" and one.words:
        said = f"{said}: {one.words}"
    sure = certainty(one.certainty, phrases)
    return f"{said} [{sure}; {one.source}]" if source and one.source else f"{said} [{sure}]"


def certainty(word: str, phrases: Phrases) -> str:
    """How sure a side says that it is."""
    _ = phrases
    return {"sure": _("sure"), "likely": _("likely"), "possible": _("possible"), "": ""}[word]


def _said(one: ToldClaim, phrases: Phrases) -> str:
    _ = phrases
    if one.form == "number":
        return _number(one, phrases)
    if one.form == "instant":
        size, name = _scale(60 * (one.within_minutes or 0.0), "s", phrases)
        within = f"{_.cell(60 * (one.within_minutes or 0.0) / size)} {name}"
        day, _t, clock = one.instant.partition("T")
        when = f"{_.date(day)}, {clock.rstrip('Z')} UTC" if clock else _.date(day)
        return f"{when} (± {within})"
    if one.form == "place":
        within = f"{_.number(one.within_km or 0.0, 1)} {unit('km', phrases)}"
        return f"{_position(one, phrases)} (± {within})"
    if one.form == "yes-no":
        return {"yes": _("yes"), "no": _("no"), "not-known": _("not known")}[one.says]
    return one.words


def _number(one: ToldClaim, phrases: Phrases) -> str:
    of = unit(one.unit, phrases)
    after = f" {of}" if of and of != "°" else of
    low, value, high = one.low or 0.0, one.value or 0.0, one.high or 0.0
    if low == high:
        return f"{phrases.cell(value)}{after}"
    return f"{phrases.cell(value)}{after} ({phrases.cell(low)}–{phrases.cell(high)})"


def _position(one: ToldClaim, phrases: Phrases) -> str:
    _ = phrases
    lat, lon = one.lat or 0.0, one.lon or 0.0
    north = _("{x}° N", x=_.cell(abs(lat))) if lat >= 0 else _("{x}° S", x=_.cell(abs(lat)))
    east = _("{x}° E", x=_.cell(abs(lon))) if lon >= 0 else _("{x}° W", x=_.cell(abs(lon)))
    return f"{north}, {east}"


def apart(found: Apart | None, phrases: Phrases) -> str:
    """How far two claims are apart, from what errors allow at least to what they allow at most."""
    if found is None:
        return ""
    size, name = _scale(found.most, found.unit, phrases)
    least, most = (phrases.cell(float(f"{x / size:.3g}")) for x in (found.least, found.most))
    gap = least if least == most else f"{least}–{most}"
    return f"{gap}{name}" if name == "°" else f"{gap} {name}".rstrip()


def _scale(most: float, of: str, phrases: Phrases) -> tuple[float, str]:
    """The unit in which an amount reads best: its size in that of ``of``, and its name."""
    if of == "s":
        _ = phrases
        larger = ((DAY, _("days")), (HOUR, _("h")), (MINUTE, _("min")))
        return next((one for one in larger if most >= 2 * one[0]), (1.0, unit("s", phrases)))
    if of == "m" and most >= METRES_IN_KM:
        return METRES_IN_KM, unit("km", phrases)
    return 1.0, unit(of, phrases)
