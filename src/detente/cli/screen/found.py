"""All that a screening found, and the names of its encounters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.encounters.judge import InZone, Judged
    from detente.encounters.results import (
        Covered,
        Encounter,
        Flagged,
        Identity,
        Reading,
        WhatIf,
    )
    from detente.encounters.screen import Asked, Exposure, Prepared

Key = tuple[str, str, str, float]


@dataclass(frozen=True, eq=False)
class Found:
    """All that was found."""

    readings: tuple[Reading, ...]
    prepared: Prepared
    identities: dict[str, Identity]
    encounters: tuple[Encounter, ...]
    judged: tuple[Judged, ...]
    in_zones: tuple[InZone, ...]
    what_if: tuple[WhatIf, ...]
    flagged: tuple[Flagged, ...]
    exposure: tuple[Exposure, ...]
    covered: tuple[Covered, ...]
    asked: Asked

    def judged_by(self) -> dict[Key, Judged]:
        """What rules say, by the keys of encounters."""
        return {key(one.encounter): one for one in self.judged}


def key(one: Encounter) -> Key:
    """What tells an encounter from all others."""
    return one.domains, one.a, one.b, one.closest


def name_of(one: Encounter) -> str:
    """The id of an encounter: its craft, and the second in which they were closest."""
    from detente.report.pages.encounter_words import iso

    return f"{one.a}/{one.b}/{iso(float(int(one.closest)))}"
