"""What was found, printed: what was read, what was met, what was seen at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from detente.cli.screen import told_rules
from detente.cli.screen.found import Found, key
from detente.cli.screen.record import record
from detente.cli.show import number, print_json, print_table, say
from detente.cli.words import _
from detente.encounters.results import Bound, Covered, Flagged, Met, Reading, Reason

if TYPE_CHECKING:
    from detente.cli.screen.arguments import Given


def tell(found: Found, given: Given) -> None:
    """Print it, as tables or as one JSON object."""
    if given.as_json:
        print_json("screen", record(found))
        return
    _readings(found.readings)
    _cleaning(found)
    _encounters(found, given.most)
    told_rules.rules(found)
    told_rules.zones(found, given.most)
    told_rules.what_if(found)
    _flags(found.flagged, given.most)
    _exposure(found)
    _coverage(found.covered)


def reason(of: Reason) -> str:
    """Why rows are not used."""
    return {
        "cells": _("more cells than the header"),
        "quotes": _("a quote that is not closed"),
        "no-identity": _("no identity"),
        "no-time": _("no time"),
        "time": _("a time that cannot be read"),
        "no-position": _("no position"),
        "position": _("no place on earth"),
        "checksum": _("a wrong checksum"),
        "incomplete": _("parts are missing"),
        "undecodable": _("cannot be decoded"),
        "no-track": _("no moving craft"),
        "outside": _("outside what was asked for"),
    }[of]


def _readings(readings: Sequence[Reading]) -> None:
    rows = []
    for one in readings:
        refused = "; ".join(
            _("{reason}: {n} (line {lines})", reason=reason(part.reason), n=_.cell(part.count),
              lines=", ".join(str(line) for line in part.lines) or "–")
            for part in one.refused
        )  # fmt: skip
        rows.append((
            one.file, one.layout, _.cell(one.rows), _.cell(one.kept), _.cell(one.craft),
            refused or "–",
        ))  # fmt: skip
    columns = (_("file"), _("read as"), _("rows"), _("rows used"), _("craft"), _("not used"))
    print_table(_("What was read"), columns, rows)


def _cleaning(found: Found) -> None:
    of = found.prepared.cleaning
    steps = [
        (_("aircraft on the ground, left out"), found.prepared.grounded),
        (_("no instant or no place on the globe, left out"), of.without_place),
        (_("said again, left out"), of.repeated),
        (_("said otherwise of the same instant, left out"), of.conflicting),
        (_("would have been too fast, left out"), sum(of.too_fast)),
        (_("stand alone, left out"), of.lone),
        (_("ways that were cut, as the gap was too long"), of.gaps),
        (_("fixes that were used"), of.kept),
    ]
    print_table(_("What was cleaned"), (_("what"), _("how many")),
                [(name, _.cell(count)) for name, count in steps])  # fmt: skip


def length(bound: Bound | None) -> str:
    """A distance with its bounds."""
    from detente.report.pages.encounter_words import amount

    return "–" if bound is None else amount(bound, "length", _)


def met(of: Met) -> str:
    """Whether the two met."""
    return {"met": _("met"), "could-have-met": _("could have met")}[of]


def craft(name: str, found: Found) -> str:
    """A craft, with its name and side where they are said."""
    one = found.identities[name]
    called = next((e.value for e in one.evidence if e.key in ("name", "callsign")), "")
    side = f" [{one.side}]" if one.side else ""
    return f"{name} {called}".rstrip() + side


def _encounters(found: Found, most: int) -> None:
    from detente.report.pages.encounter_words import iso

    pairs = {(one.a, one.b) for one in found.encounters}
    say(_.n("{n} encounter", "{n} encounters", len(found.encounters))
        + " " + _.n("of {n} pair of craft.", "of {n} pairs of craft.", len(pairs)))  # fmt: skip
    judged = found.judged_by()
    rows = []
    for place, one in enumerate(found.encounters[:most], start=1):
        own = judged.get(key(one))
        rows.append(
            (
                str(place),
                iso(round(one.closest)).replace("T", " ").rstrip("Z"),
                f"{craft(one.a, found)}\n{craft(one.b, found)}",
                length(one.separation),
                length(one.vertical_separation),
                met(one.met),
                _("not held against any") if own is None else told_rules.holds(own) or "–",
            )
        )
    columns = (
        _("no."), _("closest at, UTC"), _("craft"), _("distance (bounds)"),
        _("of height (bounds)"), _("certainty"), _("consistent with"),
    )  # fmt: skip
    note = ""
    if len(found.encounters) > most:
        note = _("{n} more; --most, --out and --json give them.", n=len(found.encounters) - most)
    print_table(_("Encounters, the closest first"), columns, rows, note=note)


def _flags(flagged: Sequence[Flagged], most: int) -> None:
    from detente.report.pages.encounter_words import flag

    rows = [
        (one.craft, flag(one.kind, _), _("{n} of {all}", n=one.fixes, all=one.of))
        for one in flagged[:most]
    ]
    note = ""
    if len(flagged) > most:
        note = _("{n} more; --most, --out and --json give them.", n=len(flagged) - most)
    columns = (_("craft"), _("what does not fit"), _("fixes"))
    print_table(_("Flags; nothing was deleted for them"), columns, rows, note=note)


def _exposure(found: Found) -> None:
    rows = [
        (one.side or _("not known"), _.cell(one.tracks), number(one.hours), _.cell(one.encounters))
        for one in found.exposure
    ]
    print_table(
        _("Sides, and how much of each was seen"),
        (_("side"), _("tracks"), _("hours seen"), _("encounters")),
        rows,
        note=_("Who transmits is counted: sides are not to be compared by it."),
    )


def _coverage(all_: Sequence[Covered]) -> None:
    print_table(
        _("Where and when anything was seen"),
        (_("domain"), _("from"), _("to"), _("of the area and time"), _("of the area, ever"),
         _("of the time, anywhere")),
        list(_covered(all_)),
        note=_(
            "Of half degrees and whole hours. Where none had a fix nothing could be found, and "
            "nothing follows from it."
        ),
    )  # fmt: skip


def _covered(all_: Sequence[Covered]) -> Iterator[tuple[str, ...]]:
    from detente.report.pages.encounter_words import domain, iso

    for one in all_:
        shares = (one.share, one.area_share, one.time_share)
        yield (
            domain(one.domain, _), iso(one.start), iso(one.end),
            *(f"{number(100 * share)} %" for share in shares),
        )  # fmt: skip
