"""What a dossier of one encounter holds: frozen values, no computing.

Instants are seconds since 1970-01-01 UTC, lengths metres, speeds metres a second, places degrees
north and east (WGS 84). What is not known is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.encounters.accounts.results import Apart, TwoAccounts
from detente.encounters.results import (
    Bound,
    Covered,
    Encounter,
    Flagged,
    Gap,
    Graded,
    Identity,
    RuleFinding,
)


@dataclass(frozen=True)
class Position:
    """Where a craft was at an instant, and how far off each may be.

    The craft was within ``within_m`` of the place at an instant within ``within_s`` of ``instant``;
    ``height`` likewise within ``height_within``. ``gap`` is whether it was not seen on the way from
    the position before. None is: not stated.
    """

    instant: float
    within_s: float | None
    lat: float
    lon: float
    within_m: float | None
    height: float | None
    height_within: float | None
    gap: bool


@dataclass(frozen=True)
class Path:
    """The positions of one craft in the time of the dossier, in the order of time."""

    id: str
    domain: str
    positions: tuple[Position, ...]


@dataclass(frozen=True)
class Sample:
    """The second craft as seen from the first at an instant.

    ``east`` and ``north`` are metres, right within ``within``; ``above`` is by how much the second
    was higher, ``closure`` how fast the distance shrank.
    """

    instant: float
    east: float
    north: float
    within: float
    distance: Bound
    above: Bound | None
    closure: Bound | None


EvidenceKind = Literal["measured", "said"]


@dataclass(frozen=True)
class EvidenceRow:
    """One thing that is known: of which craft or pair, what, and on whose word.

    ``what`` is the name of a metric of the rules, or of a claim. ``bound`` is in the unit of its
    metric; ``flag`` is a yes or no; ``value`` the words of a claim.
    """

    kind: EvidenceKind
    of: str
    what: str
    bound: Bound | None
    flag: bool | None
    value: str
    sources: tuple[str, ...]
    single_source: bool


QuestionKind = Literal[
    "would-change",  # a metric or report that could still decide findings
    "gap",
    "single-source",
    "disputed",  # evidence on a craft contradicts itself
    "height",  # of a craft is not known
    "flag",
    "apart",  # the accounts part
    "only-one",  # one account says nothing
    "article",  # its text was not read
]


@dataclass(frozen=True)
class OpenQuestion:
    """What is not known and could be asked: ``what`` of ``of``, and which rules it bears on."""

    kind: QuestionKind
    what: str
    of: str
    rules: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True)
class Beside:
    """A claim of the accounts beside what the tracks show of the same.

    ``shown`` is what the tracks show, in ``unit``, which for instants is seconds since 1970; of a
    place it is 0 within so many metres. ``first`` and ``second`` tell how far each side's claim is
    apart from it, None where a side claims nothing.
    """

    about: str
    of: str
    which: str
    shown: Bound
    unit: str
    lat: float | None
    lon: float | None
    first: Apart | None
    second: Apart | None


Who = Literal["first", "second", "tracks"]


@dataclass(frozen=True)
class TimeMark:
    """One instant on the common line of time: who tells it, and of what."""

    who: Who
    what: str
    of: str
    which: str
    low: float
    instant: float
    high: float


@dataclass(frozen=True)
class Withheld:
    """What the dossier keeps back.

    ``after`` is the instant after which positions are withheld. Places are told to the middle of a
    cell of a fixed grid of ``grid_km``, and instants to that of a stretch of ``grid_s``; then what
    is measured in metres all along the way, and metrics that tell a place, are withheld too.
    """

    after: float | None
    grid_km: float | None
    grid_s: float | None
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Dossier:
    """What is known of one encounter, with its bounds and its sources, and what is not.

    ``start`` and ``end`` are the time that the dossier looks at. ``samples`` are empty where the
    two were never both seen, or where positions are told coarsely.
    """

    title: str
    reconstruction: bool
    shown_to: str
    start: float
    end: float
    encounter: Encounter
    place_within_m: float | None
    instant_within_s: float | None
    identities: tuple[Identity, ...]
    paths: tuple[Path, ...]
    samples: tuple[Sample, ...]
    findings: tuple[RuleFinding, ...]
    graded: Graded | None
    evidence: tuple[EvidenceRow, ...]
    flags: tuple[Flagged, ...]
    covered: tuple[Covered, ...]
    gaps: tuple[Gap, ...]
    accounts: TwoAccounts | None
    beside: tuple[Beside, ...]
    timeline: tuple[TimeMark, ...]
    questions: tuple[OpenQuestion, ...]
    withheld: Withheld
