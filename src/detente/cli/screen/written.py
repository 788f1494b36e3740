"""What a screening writes: a folder of results, a dossier, rows for a case."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from detente.cli.files import write_new
from detente.cli.screen.found import name_of
from detente.cli.screen.record import record
from detente.cli.screen.told_rules import holds
from detente.cli.show import plain
from detente.cli.words import _
from detente.ground.errors import StoreError, UsageError

if TYPE_CHECKING:
    from detente.cli.screen.arguments import Given
    from detente.cli.screen.found import Found
    from detente.encounters.judge import Judged
    from detente.encounters.results import Encounter


def ready(given: Given) -> None:
    """Refuse before the search, which may take long, what could not be written after it."""
    from detente.report.language import phrases

    if given.dossier is not None:
        if given.out is None:
            raise UsageError(_("A dossier needs --out."))
        if len(given.account) > 2:
            raise UsageError(_("Give at most two accounts, ours first."))
        phrases(given.lang)
    if given.evidence is None:
        return
    if not given.by:
        raise UsageError(_("Evidence needs --by: who made it."))
    if not given.evidence.parent.is_dir():
        error = os.strerror(errno.ENOENT)
        raise StoreError(_("{out} could not be written: {error}", out=given.evidence, error=error))
    for path in _rows_of(given.evidence):
        if path.exists():
            raise UsageError(_("{out} exists; name a new file.", out=path))


def _rows_of(evidence: Path) -> tuple[Path, Path]:
    """The files of encounters, and of how many there were."""
    return evidence, evidence.with_name("counts.csv")


def write(found: Found, given: Given) -> None:
    """Write what was asked for."""
    if given.out is not None:
        from detente.report.write.folder import write_folder
        from detente.report.write.json import encode

        dossier = {} if given.dossier is None else _dossier(found, given, given.dossier)
        if dossier and _for_others(given):  # beside it would lie what it does not tell
            write_folder(given.out, dossier)
        else:
            told = {"format": "detente/results/screen-1", **plain(record(found))}
            files = {"results.json": encode(told), "tables/encounters.csv": _table(found)}
            write_folder(given.out, files | {f"dossier/{x}": y for x, y in dossier.items()})
    if given.evidence is not None:
        _evidence(found, given)


def _for_others(given: Given) -> bool:
    """Whether the folder will leave the house, or is told later or coarser than what was found."""
    return given.shown_to != "own-side" or bool(given.delay_hours) or given.coarsen_km is not None


def _table(found: Found) -> bytes:
    """The encounters as CSV, in SI units."""
    from detente.report.pages.encounter_words import iso

    header = (
        "id", "domains", "met", "start", "closest", "end", "lat", "lon", "a", "side_a", "b",
        "side_b", "distance_m", "distance_low_m", "distance_high_m", "height_m", "height_low_m",
        "height_high_m", "closure_ms", "passes", "grade", "could_be", "consistent_with",
    )  # fmt: skip
    judged = found.judged_by()
    sides = {name: one.side or "" for name, one in found.identities.items()}
    return _csv(header, (
        (
            name_of(one), one.domains, one.met, iso(one.start), iso(one.closest), iso(one.end),
            round(one.place[0], 6), round(one.place[1], 6), one.a, sides[one.a], one.b,
            sides[one.b], *_ends(one), round(one.closure, 3), len(one.passes),
            *_judged(judged.get((one.domains, one.a, one.b, one.closest))),
        )
        for one in found.encounters
    ))  # fmt: skip


def _ends(one: Encounter) -> list[float | str]:
    both = (one.separation, one.vertical_separation)
    return [
        "" if bound is None else round(getattr(bound, end), 2)
        for bound in both
        for end in ("value", "low", "high")
    ]


def _judged(one: Judged | None) -> tuple[str, str, str]:
    if one is None:
        return "", "", ""
    own = one.graded.escalation
    return own.at_least, own.could_be, holds(one)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(one) for one in row])
    return text.getvalue().encode()


def _cell(one: object) -> object:
    """A spreadsheet must not take a name from a track for a formula."""
    risky = isinstance(one, str) and one[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{one}" if risky else one


# --- a dossier ------------------------------------------------------------------------------------


def _named(found: Found, name: str) -> Encounter:
    if name.isdecimal() and 1 <= int(name) <= len(found.encounters):
        return found.encounters[int(name) - 1]
    for one in found.encounters:
        if name_of(one) == name:
            return one
    raise UsageError(_("There is no encounter {name}; give its number or its id.", name=name))


def _dossier(found: Found, given: Given, name: str) -> dict[str, bytes]:
    from detente.encounters.accounts.compare import compare
    from detente.encounters.accounts.read import read_account
    from detente.encounters.dossier import build
    from detente.encounters.judge import AROUND, part_of
    from detente.report.language import phrases
    from detente.report.pages.encounter_words import moment
    from detente.report.write.dossier import files
    from detente.report.write.json import encode

    one, tracks = _named(found, name), found.prepared.tracks
    accounts = [read_account(path) for path in given.account]
    judged = found.judged_by().get((one.domains, one.a, one.b, one.closest))
    last = float(tracks.seconds.max())
    more = build.Found(
        identities=[found.identities[x] for x in (one.a, one.b)],
        findings=judged.findings if judged else (),
        graded=judged.graded if judged else None,
        flags=found.flagged,
        covered=found.covered,
        accounts=compare(*accounts, shown_to=given.shown_to) if accounts else None,  # type: ignore[arg-type]
    )
    telling = build.Telling(
        title=f"{one.a} – {one.b}",
        shown_to=given.shown_to,
        until=last - 3600 * given.delay_hours if given.delay_hours else None,
        coarsen_km=given.coarsen_km,
    )
    made = build.dossier(part_of(tracks, one, AROUND), one, more, telling)
    # Of what is told: a digest of what was read would change with what is not.
    digest = hashlib.sha256(encode(made)).hexdigest()
    day = f"{moment(telling.until or last):%Y-%m-%d}"
    return files(made, phrases(given.lang), digest=digest, as_of=day)


# --- rows for a case ------------------------------------------------------------------------------


def _evidence(found: Found, given: Given) -> None:
    from detente.case.rows import Count, Incident
    from detente.encounters.evidence import (
        UNKNOWN,
        Origin,
        Told,
        count_rows,
        csv_text,
        incident_rows,
    )

    assert given.evidence is not None
    judged = found.judged_by()
    told = [
        Told(one, found.identities, x.graded if (x := judged.get(
            (one.domains, one.a, one.b, one.closest))) else None)
        for one in found.encounters
    ]  # fmt: skip
    limits = "; ".join(
        f"{pair} within {one.horizontal:.6g} m"
        + (f" and {one.vertical:.6g} m of height" if one.vertical is not None else "")
        for pair, one in found.asked.limits.of.items()
    )
    origin = Origin(given.by, ", ".join(x.name for x in given.tracks), limits, "screen")
    starts = [one.start for one in found.readings if one.start is not None]
    stops = [one.end for one in found.readings if one.end is not None]
    if not starts:
        raise UsageError(_("There is no fix, so there is no evidence."))
    sides = (
        f"tracks seen of {one.side or UNKNOWN}: {one.tracks} for {one.hours:,.1f} hours"
        for one in found.exposure
    )
    area = (
        f"{one.domain}: {100 * one.share:.3g} % of the area and time had a fix"
        for one in found.covered
    )
    seen = "; ".join((*sides, *area))
    counts = count_rows(told, origin, start=min(starts), end=max(stops), seen=seen)
    incidents, totals = _rows_of(given.evidence)
    write_new(incidents, csv_text(incident_rows(told, origin), Incident).encode())
    write_new(totals, csv_text(counts, Count).encode())
