"""All that a screening found, for programs; instants as ISO 8601, as JSON numbers are rounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from detente.cli.screen.found import Found, key, name_of
from detente.encounters.results import Encounter

_INSTANTS = ("start", "end", "closest")


def record(found: Found) -> dict[str, object]:
    """What `detente screen --json` prints."""
    involved = {name for one in found.encounters for name in (one.a, one.b)}
    involved |= {one.craft for one in found.in_zones}
    return {
        "readings": [_timed(one) for one in found.readings],
        "grounded": found.prepared.grounded,
        "cleaning": found.prepared.cleaning,
        "limits": {
            pair: {"horizontal": one.horizontal, "vertical": one.vertical}
            for pair, one in found.asked.limits.of.items()
        },
        "encounters": list(_encounters(found)),
        "in_zones": found.in_zones,
        "what_if": [_timed(one) for one in found.what_if],
        "flagged": [
            {**_timed(one), "intervals": [[_iso(t) for t in ends] for ends in one.intervals]}
            for one in found.flagged
        ],
        "identities": [one for name, one in found.identities.items() if name in involved],
        "exposure": found.exposure,
        "covered": [
            {**_timed(one), "silent": [[_iso(t) for t in ends] for ends in one.silent]}
            for one in found.covered
        ],
    }


def _encounters(found: Found) -> Iterator[dict[str, object]]:
    judged = found.judged_by()
    for one in found.encounters:
        own = judged.get(key(one))
        told = None if own is None else {"findings": own.findings, "graded": own.graded}
        yield {"id": name_of(one), "encounter": encounter(one), "judged": told}


def encounter(one: Encounter) -> dict[str, Any]:
    """An encounter with its passes."""
    return {**_timed(one), "passes": [_timed(part) for part in one.passes]}


def _timed(one: Any) -> dict[str, Any]:
    """The fields of a result, those that are instants as text."""
    values = {field.name: getattr(one, field.name) for field in fields(one)}
    return {
        name: _iso(value) if name in _INSTANTS and value is not None else value
        for name, value in values.items()
    }


def _iso(seconds: float) -> str:
    from detente.report.pages.encounter_words import iso

    return iso(seconds)
