"""Encounters as evidence for a case: rows of incidents.csv and counts.csv, and how they arose.

A case counts events; a rate needs what they are counted against. So beside the number of
encounters stands for how many hours craft of the two sides were near each other at all. Neither is
told of one side alone: who transmits is counted, and who does not is not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from detente.case.fields import MAX_TEXT, Row
from detente.case.rows import Count, Incident
from detente.encounters.geometry.identities import flags
from detente.encounters.results import Bound, Class, Encounter, Graded, Identity
from detente.ground.basis import Basis, Status
from detente.ground.errors import UsageError

HOUR = 3600.0
UNKNOWN = "not known"
_DOMAINS = {
    "sea-sea": "sea",
    "sea-air": "sea-air",
    "sea-land": "sea",
    "air-air": "air",
    "air-land": "land",
    "land-land": "land",
}
_CLASSES: tuple[Class, ...] = ("near-routine", "serious", "high-risk")


@dataclass(frozen=True)
class Origin:
    """Who computed the rows, from which tracks, and how far that was checked.

    ``limit`` says in words what counted as near, such as "within 926 m along the ground";
    ``tracks`` where the tracks come from. ``prefix`` begins the ids of all rows. Positions are told
    to so many ``decimals`` of a degree.
    """

    by: str
    tracks: str
    limit: str
    prefix: str
    url: str = ""
    status: Status = Status.UNVERIFIED
    decimals: int = 1


@dataclass(frozen=True)
class Coded:
    """What tracks do not tell of an encounter, as an analyst coded it.

    ``approached_by`` is the id of the craft that approached, None where that was not judged.
    ``injury`` and ``accounts`` are as in incidents.csv, the accounts by side; ``initiates`` is the
    ladder that such an event could start.
    """

    activity: str = "close-approach"
    approached_by: str | None = None
    injury: str = "not-known"
    accounts: Mapping[str, str] | None = None
    initiates: str | None = None
    place: str = ""


@dataclass(frozen=True)
class Told:
    """One encounter with what is said of its craft, how it was graded, and what was coded."""

    encounter: Encounter
    identities: Mapping[str, Identity]
    graded: Graded | None = None
    coded: Coded = Coded()


def incident_rows(encounters: Sequence[Told], origin: Origin) -> tuple[Incident, ...]:
    """A row of incidents.csv for each encounter, in the order of time.

    Those that could have met inside a gap, and need not have, are no incidents and have no row.

    Raises
    ------
    UsageError
        Where the one that approached is neither of the two craft.

    """
    met = sorted(
        (one for one in encounters if one.encounter.met == "met"),
        key=lambda one: (one.encounter.closest, one.encounter.a, one.encounter.b),
    )
    return tuple(
        _incident(one, f"{origin.prefix}-{k + 1:04d}", origin) for k, one in enumerate(met)
    )


def _incident(told: Told, name: str, origin: Origin) -> Incident:
    one, coded = told.encounter, told.coded
    first, second = _order(told)
    sides = [_side(told, craft) for craft in (first, second)]
    accounts = coded.accounts or {}
    lat, lon = (round(x, origin.decimals) for x in one.place)
    return Incident(
        id=name,
        date=_day(one.closest),
        place=_line(
            coded.place or f"{abs(lat)} {_letter(lat, 'NS')}, {abs(lon)} {_letter(lon, 'EW')}"
        ),
        lat=lat,
        lon=lon,
        domain=_DOMAINS[one.domains],
        actor_a=sides[0],
        actor_b=sides[1],
        activity=coded.activity,
        distance_m=float(f"{one.horizontal:.3g}"),
        injury=coded.injury,
        account_a=_line(accounts.get(sides[0], "")),
        account_b=_line(accounts.get(sides[1], "")),
        civil_involved=_civil(told),
        initiates=coded.initiates,
        reported_by=_line(origin.by),
        url=origin.url,
        status=origin.status,
        note=_note(told, origin),
    )


def _order(told: Told) -> tuple[str, str]:
    """Who approached before whom; where that was not judged, by side and name."""
    pair = told.encounter.a, told.encounter.b
    who = told.coded.approached_by
    if who is None:
        one, other = sorted(pair, key=lambda craft: (_side(told, craft), craft))
        return one, other
    if who not in pair:
        raise UsageError(f"{who!r} is neither {pair[0]!r} nor {pair[1]!r}.")
    return who, pair[1] if who == pair[0] else pair[0]


def _side(told: Told, craft: str) -> str:
    own = told.identities.get(craft)
    return (_line(own.side or "") if own is not None else "") or UNKNOWN


def _civil(told: Told) -> str:
    pair = [told.identities.get(x) for x in (told.encounter.a, told.encounter.b)]
    known = [one for one in pair if one is not None]
    flag = flags(known)["civil-craft-involved"] if known else None
    if flag:
        return "yes"
    return "no" if flag is False and len(known) == 2 else "not-known"


def _note(told: Told, origin: Origin) -> str:
    one = told.encounter
    parts = [
        f"Basis {Basis.COMPUTED}: found by searching {origin.tracks} for craft {origin.limit}",
        f"horizontal separation {_told(one.separation)}",
    ]
    if one.vertical_separation is not None:
        parts.append(f"vertical {_told(one.vertical_separation)} at that instant")
    parts.append(f"{len(one.passes)} passes, {_near(one) / 60:.3g} minutes near")
    if told.graded is not None:
        own = told.graded.escalation
        parts.append(f"graded {own.at_least}, could be {own.could_be}, by {told.graded.table}")
    if told.coded.approached_by is None:
        parts.append("who approached whom was not judged, actors stand in the order of their names")
    alone = [
        x for x in (one.a, one.b)
        if x in told.identities and told.identities[x].single_source
    ]  # fmt: skip
    if alone:
        parts.append(f"by one source alone: {', '.join(alone)}")
    parts.append("positions are rounded")
    return _line("; ".join(parts) + ".")


def _told(of: Bound) -> str:
    value, low, high = (f"{float(f'{x:.3g}'):,.10g}" for x in (of.value, of.low, of.high))
    return f"{value} m ({low} to {high} m)"


def _near(one: Encounter) -> float:
    return sum(each.end - each.start for each in one.passes)


def _letter(value: float, letters: str) -> str:
    return letters[0] if value >= 0 else letters[1]


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _line(text: str) -> str:
    """One line of printable text, not longer than a cell may be."""
    whole = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return whole if len(whole) <= MAX_TEXT else whole[: MAX_TEXT - 1] + "…"


# --- counts ---------------------------------------------------------------------------------------


def count_rows(
    encounters: Sequence[Told], origin: Origin, *, start: float, end: float, seen: str
) -> tuple[Count, ...]:
    """Rows of counts.csv: encounters by pair of sides, and hours near each other beside them.

    Parameters
    ----------
    encounters
        All encounters of a time; those that only could have met are not counted.
    origin
        Where the rows come from.
    start, end
        The time that was searched, in seconds since 1970-01-01 UTC.
    seen
        In words, what was seen and what not: for how long each side's tracks were, and where no
        receiver was. It stands in each row.

    Raises
    ------
    UsageError
        Where the time does not last, or an encounter lies outside it, or nothing is said of what
        was seen.

    Notes
    -----
    Where encounters are graded, those that are at least serious, and at least high-risk, are rows
    of their own. The hours are those of all passes of the two sides: encounters divided by them is
    a rate per hour near each other, which does not grow with how much was seen.

    """
    if not end > start:
        raise UsageError("The time does not last.")
    if not seen.strip():
        raise UsageError("A count says what was seen, and what was not.")
    met = [one for one in encounters if one.encounter.met == "met"]
    if any(one.encounter.start < start or one.encounter.end > end for one in met):
        raise UsageError("An encounter lies outside the time.")
    rows: list[Count] = []
    by_pair = sorted(met, key=_pair)
    for number, (pair, group) in enumerate(groupby(by_pair, key=_pair)):
        rows += _counts(pair, list(group), origin, (start, end, seen), number + 1)
    return tuple(rows)


def _pair(told: Told) -> tuple[str, str]:
    one, other = sorted(_side(told, craft) for craft in (told.encounter.a, told.encounter.b))
    return one, other


def _counts(
    pair: tuple[str, str], group: Sequence[Told], origin: Origin, time: tuple[float, float, str],
    number: int,
) -> list[Count]:  # fmt: skip
    start, end, seen = time
    hours = sum(_near(one.encounter) for one in group) / HOUR
    note = _line(
        f"Basis {Basis.COMPUTED}: from {origin.tracks}; exposure {hours:.4g} hours near each "
        f"other, of all passes {origin.limit}; {seen}. Who transmits is counted, who does not is "
        "not."
    )

    def row(kind: str, what: str, count: float) -> Count:
        return Count(
            id=f"{origin.prefix}-{kind}-{number:02d}",
            start=_day(start),
            end=_day(end),
            what=_line(what),
            count=count,
            qualifier="at least, of those seen",
            by=_line(origin.by),
            url=origin.url,
            status=origin.status,
            note=note,
        )

    who = f"craft of {pair[0]} and {pair[1]}"
    rows = [row("all", f"Encounters between {who} {origin.limit}", len(group))]
    graded = [one.graded.escalation.at_least for one in group if one.graded is not None]
    if len(graded) == len(group):
        for least in _CLASSES[1:]:
            many = sum(_CLASSES.index(x) >= _CLASSES.index(least) for x in graded)
            rows.append(row(least, f"Encounters between {who}, at least {least}", many))
    hours_told = float(f"{hours:.6g}")
    return [*rows, row("hours", f"Hours during which {who} were {origin.limit}", hours_told)]


# --- text -----------------------------------------------------------------------------------------


def csv_text(rows: Sequence[Row], kind: type[Row]) -> str:
    """The CSV text of rows of a case, with its line of format and its header.

    Raises
    ------
    UsageError
        Where a row is of another kind.

    """
    if any(type(row) is not kind for row in rows):
        raise UsageError(f"Not all rows are of {kind.FORMAT}.")
    text = io.StringIO()
    text.write(f"# {kind.FORMAT}\n")
    writer = csv.writer(text, lineterminator="\n")
    names = list(kind.model_fields)
    writer.writerow(names)
    for row in rows:
        cells = row.model_dump(mode="json")
        writer.writerow(["" if cells[name] is None else _cell(cells[name]) for name in names])
    return text.getvalue()


def _cell(value: object) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)
