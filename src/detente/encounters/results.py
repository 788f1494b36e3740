"""What was found in tracks and accounts: frozen values, no computing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Phase = Literal["approaching", "receding", "abreast"]
Met = Literal["met", "could-have-met"]


@dataclass(frozen=True)
class Bound:
    """A number that is known to lie between two ends; ``value`` is the best single one."""

    low: float
    value: float
    high: float


@dataclass(frozen=True)
class Pass:
    """One stretch in which two craft were within the limits, without a break.

    Instants are seconds since 1970-01-01 UTC. ``closest`` is when they were closest inside it;
    ``horizontal`` metres along the ground and ``vertical`` metres of height (None where a height is
    not known) are at that instant; ``closure`` is how fast the distance shrank when they came
    within the limits, in metres a second.
    """

    start: float
    end: float
    closest: float
    horizontal: float
    vertical: float | None
    closure: float


@dataclass(frozen=True)
class Encounter:
    """A close approach of two tracks: all their passes that follow each other within a time.

    ``closest`` and the distances are those of the closest pass; ``separation`` is the horizontal
    distance there with what errors of position and clock and the gaps between fixes allow;
    ``vertical_separation`` likewise, None where a height is not known. ``met`` says whether the two
    were within the limits, or whether that was only possible inside a gap.
    """

    a: str
    b: str
    domains: str
    start: float
    end: float
    closest: float
    place: tuple[float, float]
    horizontal: float
    vertical: float | None
    separation: Bound
    vertical_separation: Bound | None
    closure: float
    passes: tuple[Pass, ...]
    met: Met


# --- what was read ------------------------------------------------------------------------------

Reason = Literal[
    "cells",  # more cells than the header
    "quotes",  # a quote that is not closed on its line
    "no-identity",
    "no-time",
    "time",  # a time that cannot be read, or before 1970 or after 2100
    "no-position",  # empty, or the value that stands for "not available"
    "position",  # no number, or no place on earth
    "checksum",
    "incomplete",  # parts of a message are missing
    "undecodable",
    "no-track",  # a base station, a buoy
    "outside",  # not in the asked window of time and place
]
Notice = Literal[
    "time-format",
    "no-zone-utc",
    "relative-time",
    "decimal-comma",
    "not-utf-8",
    "one-track",  # no column of identity: the file is one track
    "height",  # which height was read
    "claims-capped",
    "other-messages",  # without a position, by type
    "other-elements",
    "two-places",  # fixes of one identity at one instant in different places
    "outside-box",
]


@dataclass(frozen=True)
class Refused:
    """Rows that are not used for one reason, and the lines of the first of them."""

    reason: Reason
    count: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """Something that was understood rather than stated, or counted on the way."""

    what: Notice
    value: str


@dataclass(frozen=True)
class Reading:
    """What became of the rows of one file: ``rows`` are ``kept`` or refused for a reason.

    ``layout`` names how the file was understood; ``start`` and ``end`` are the first and last
    instant in seconds since 1970-01-01 UTC, None where nothing was kept.
    """

    file: str
    layout: str
    rows: int
    kept: int
    craft: int
    start: float | None
    end: float | None
    refused: tuple[Refused, ...]
    told: tuple[Told, ...]


Outcome = Literal["true", "false", "undetermined", "needs-report"]


@dataclass(frozen=True)
class Measured:
    """What is known of one metric: a bound or a flag; neither where nothing is.

    Lengths are metres, speeds metres a second, durations seconds, angles degrees, masses tonnes.
    ``single_source`` is whether it rests on the word of one source alone.
    """

    metric: str
    bound: Bound | None
    flag: bool | None
    single_source: bool


@dataclass(frozen=True)
class Used:
    """The threshold that was used, in its own unit, and where it comes from.

    ``verified`` is whether the number was read there; None of an analyst's choice.
    """

    name: str
    profile: str
    value: float
    unit: str
    source: str
    verified: bool | None


@dataclass(frozen=True)
class RuleFinding:
    """Whether what is known is consistent with the condition of a rule.

    ``would_change`` are the metrics and reports whose knowledge could still decide it;
    ``unverified`` the thresholds whose number was not read in its source, and ``text_verified``
    whether the article was.
    """

    rule: str
    title: str
    instrument: str
    article: str
    version: str
    outcome: Outcome
    metrics: tuple[Measured, ...]
    thresholds: tuple[Used, ...]
    text_verified: bool
    unverified: tuple[str, ...]
    would_change: tuple[str, ...]


# --- whose craft it is said to be ---------------------------------------------------------------

State = Literal["state", "civil", "unknown"]


@dataclass(frozen=True)
class Evidence:
    """One thing that is said of a craft, or follows from it by a register, and its source."""

    key: str
    value: str
    source: str


@dataclass(frozen=True)
class Identity:
    """What is said of a craft, summed up: a claim with its sources, never proof.

    ``side`` is None where nothing or several things tell one. ``state`` is whether it is used in
    military, customs or police service (Chicago Convention, Art. 3 b; UNCLOS, Art. 29). ``kind`` is
    the most specific type that is said. ``disputed`` names what the evidence contradicts itself in:
    ``side``, ``state`` or ``country``.

    All that a craft transmits of itself is one source, through however many receivers and registers
    it went: who forges an address forges what a register tells of it. ``single_source`` holds where
    no second source, such as a report, says that the craft was there.
    """

    id: str
    domain: str
    side: str | None
    state: State
    kind: str
    single_source: bool
    disputed: tuple[str, ...]
    evidence: tuple[Evidence, ...]

    @property
    def at_most_undetermined(self) -> bool:
        """Whether no finding on this craft may go beyond "undetermined".

        So it is for state ships of which one source alone is known: tracks of such ships have been
        made up before.
        """
        return self.domain == "sea" and self.state == "state" and self.single_source


# --- what lowers confidence in a track ----------------------------------------------------------

FlagKind = Literal[
    "speed",  # the way from the fix before is too far for the time
    "acceleration",
    "two-places",  # two movements under one name at the same time
    "circle",  # a ship on circles too even for a ship
    "freeze",  # one position, while the craft says that it moves
    "on-land",  # a ship
    "accuracy",  # the accuracy or integrity that is stated with a position fell away
    "regional",  # several craft of one region jump at once
    "disorder",  # earlier than a fix that was received before it
]


@dataclass(frozen=True)
class Flagged:
    """How often one flag holds in one track, and from when to when; nothing is deleted for it.

    ``fixes`` of the ``of`` fixes of the craft are flagged; ``intervals`` are instants in seconds
    since 1970-01-01 UTC, the first of ``stretches``.
    """

    craft: str
    domain: str
    kind: FlagKind
    fixes: int
    of: int
    stretches: int
    intervals: tuple[tuple[float, float], ...]


# --- where and when nothing could have been found -----------------------------------------------


@dataclass(frozen=True)
class Covered:
    """Of an area and a time, how much had at least one fix of a domain.

    The area is cut into ``cells`` and the time into ``bins``; ``share`` is how much of both
    together, by area, had a fix of any craft, ``area_share`` how much of the area ever had one, and
    ``time_share`` how much of the time had one anywhere in the area. ``silent`` are the stretches
    without any, in seconds since 1970-01-01 UTC. ``source`` is empty where all sources count.

    A cell without a fix had no receiver, or no craft that told of itself: either way nothing could
    be found there, and nothing follows from that nothing was.
    """

    domain: str
    source: str
    start: float
    end: float
    cells: int
    bins: int
    share: float
    area_share: float
    time_share: float
    silent: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Gap:
    """A stretch in which a craft was not seen, and the places (lat, lon) before and after it.

    ``metres`` is the way along the ground between both places; instants are seconds since
    1970-01-01 UTC.
    """

    craft: str
    domain: str
    start: float
    end: float
    before: tuple[float, float]
    after: tuple[float, float]
    metres: float


@dataclass(frozen=True)
class Cleaning:
    """How many fixes each rule of cleaning touched, in the order in which rules are applied.

    ``without_place`` had no finite instant or no place on the globe; ``repeated`` said again what
    their track had said of the same instant, ``conflicting`` said something else; ``too_fast`` by
    each time that the speed gate was applied; ``gaps`` are ways that were cut, no fixes left out;
    ``lone`` were left out as no way led to them or from them.
    """

    given: int
    without_place: int
    repeated: int
    conflicting: int
    too_fast: tuple[int, ...]
    gaps: int
    lone: int
    kept: int


# --- how grave ----------------------------------------------------------------------------------

Class = Literal["near-routine", "serious", "high-risk"]
Part = Literal["separation", "closure", "controllability"]


@dataclass(frozen=True)
class Points:
    """Points of one part of the geometry; ``of`` is what was measured, None where it is not known.

    ``low`` and ``high`` are what the errors allow; ``value`` is None where it is not known.
    """

    part: Part
    title: str
    low: float
    value: float | None
    high: float
    of: Bound | None
    source: str


@dataclass(frozen=True)
class GeometryGrade:
    """The sum of the points, of at most ``most``; the more, the graver.

    ``horizontal`` and ``vertical`` metres are the separation that counts as whole. Whether it was a
    near collision by distance, and whether well clear was lost, is asked of aircraft alone.
    """

    points: tuple[Points, ...]
    low: float
    value: float | None
    high: float
    most: float
    near_collision: Outcome
    well_clear_lost: Outcome
    horizontal: float
    vertical: float | None


@dataclass(frozen=True)
class GradeReason:
    """Why an encounter would be of a grade, whether that holds, and what says so."""

    id: str
    title: str
    grade: Class
    outcome: Outcome
    because: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class EscalationGrade:
    """At least so grave by what holds; as grave as ``could_be`` by what the tracks leave open."""

    at_least: Class
    could_be: Class
    reasons: tuple[GradeReason, ...]


@dataclass(frozen=True)
class Given:
    """What a side calls an encounter; ``letter`` is that of a scheme, both empty for mere words."""

    side: str
    words: str
    by: str
    source: str
    scheme: str = ""
    letter: str = ""


@dataclass(frozen=True)
class LabelGap:
    """How the labels of two sides differ: by ``steps``, above 0 where the second is the graver."""

    first: str
    second: str
    scheme: str
    verdict: Literal["agreed", "apart", "not-compared"]
    steps: int | None


@dataclass(frozen=True)
class Graded:
    """Both axes, the labels of the sides, and how far these are apart."""

    geometry: GeometryGrade | None
    escalation: EscalationGrade
    labels: tuple[Given, ...]
    gaps: tuple[LabelGap, ...]
    table: str


# --- what a proposed rule would touch -----------------------------------------------------------

Method = Literal["block-bootstrap", "exact-poisson"]


@dataclass(frozen=True)
class SideTouched:
    """What a proposed rule would have touched of one side's traffic, beside what was seen of it.

    ``tracks`` of the ``tracks_seen`` were in one of the ``encounters`` of the side; ``hours`` is
    how long its craft were within the distance of one of another side, and ``seen_hours`` for how
    long they were seen at all. Who transmits is counted, so sides are not to be compared by it.
    """

    side: str
    encounters: int
    hours: float
    tracks: int
    tracks_seen: int
    share: Bound
    seen_hours: float


@dataclass(frozen=True)
class TouchedAt:
    """What a distance would have touched: encounters, and hours of pairs of craft within it.

    The ends of ``encounters`` and of the hours hold 90 % by ``method``; None where it gives none.
    """

    metres: float
    encounters: Bound
    method: Method
    hours: float
    hours_low: float | None
    hours_high: float | None
    sides: tuple[SideTouched, ...]


@dataclass(frozen=True)
class WhatIf:
    """What a proposed rule would have touched, from its smallest distance to its largest.

    ``vertical`` is metres of height, None for any; ``start`` and ``end`` are those of the traffic,
    None where there was none, cut into ``blocks`` of so many seconds. ``tracks_without_side`` were
    not counted.
    """

    proposal: str
    title: str
    domains: str
    unit: str
    vertical: float | None
    closing_only: bool
    sides: tuple[str, ...]
    notice: str
    source: str
    start: float | None
    end: float | None
    blocks: int
    block_seconds: float
    tracks_without_side: int
    points: tuple[TouchedAt, ...]
