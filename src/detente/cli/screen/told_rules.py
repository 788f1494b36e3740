"""What rules say, printed: of encounters, of craft in zones, and of rules that are proposed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from detente.cli.show import number, print_table, shortened
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.cli.screen.found import Found
    from detente.encounters.judge import InZone, Judged
    from detente.encounters.results import RuleFinding, TouchedAt, WhatIf


def holds(one: Judged | InZone) -> str:
    """The rules with whose conditions it is consistent, by id."""
    return ", ".join(part.rule for part in one.findings if part.outcome == "true")


def rules(found: Found) -> None:
    """Of each rule, with how many of the encounters it is consistent, and what is left open."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[str, RuleFinding] = {}
    for one in found.judged:
        for part in one.findings:
            counts[part.rule, part.outcome] += 1
            first.setdefault(part.rule, part)
    rows = [
        (
            name,
            shortened(f"{one.article}: {one.instrument}", 44),
            *(_.cell(counts[name, outcome])
              for outcome in ("true", "undetermined", "needs-report", "false")),
            _("yes") if one.text_verified else _("no"),
        )
        for name, one in first.items()
        if any(counts[name, outcome] for outcome in ("true", "undetermined", "needs-report"))
    ]  # fmt: skip
    columns = (
        _("rule"), _("article"), _("consistent"), _("open"), _("needs a report"),
        _("not consistent"), _("text read"),
    )  # fmt: skip
    left = len(found.encounters) - len(found.judged)
    note = _("Of {n} encounters held against rules.", n=len(found.judged))
    if left:
        more = _("{n} more were not; --judge asks for more of the closest.", n=left)
        note = f"{note} {more}"
    print_table(_("What rules say; it decides nothing in law"), columns, rows, note=note)


def zones(found: Found, most: int) -> None:
    """Craft in zones."""
    rows = [
        (
            one.craft, one.zone, one.kind, _("yes") if one.inside else _("open"),
            holds(one) or "–", one.source,
        )
        for one in found.in_zones[:most]
    ]  # fmt: skip
    note = ""
    if len(found.in_zones) > most:
        note = _("{n} more; --most, --out and --json give them.", n=len(found.in_zones) - most)
    columns = (
        _("craft"), _("zone"), _("kind"), _("inside the zone"), _("consistent with"), _("drawn by"),
    )  # fmt: skip
    print_table(_("Craft in zones, as their sources draw them"), columns, rows, note=note)


def what_if(found: Found) -> None:
    """What proposed rules would have touched, by distance, and who was seen of each side."""
    for one in found.what_if:
        columns = (
            _("distance"), _("encounters (90 %)"), _("pair-hours"), _("side"), _("encounters"),
            _("tracks"), _("of tracks seen"), _("hours"), _("of hours seen"),
        )  # fmt: skip
        rows = [row for point in one.points for row in _rows(one, point)]
        note = _(
            "Who transmits is counted: sides are not to be compared by it. {n} tracks are of no "
            "known side and were not counted.",
            n=one.tracks_without_side,
        )
        title = _("Proposed: {title} (source: {source})", title=one.title, source=one.source)
        print_table(title, columns, rows, note=note)


def _rows(one: WhatIf, point: TouchedAt) -> list[tuple[str, ...]]:
    from detente.cli.screen.quantities import METRES

    count = point.encounters
    lead = (
        f"{number(point.metres / METRES[one.unit])} {one.unit}",
        f"{number(count.value)} ({number(count.low)}–{number(count.high)})",
        number(point.hours),
    )
    return [
        (
            *(lead if place == 0 else (lead[0], "", "")), part.side, _.cell(part.encounters),
            _.cell(part.tracks), _.cell(part.tracks_seen), number(part.hours),
            number(part.seen_hours),
        )
        for place, part in enumerate(point.sides)
    ]  # fmt: skip
