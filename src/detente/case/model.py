"""What stands in a case folder: one frozen record per thing that a person writes.

These models, with those of `detente.case.rows`, are the one place where the file format is defined;
the check, the JSON Schemas for editors and the reference page are all made from them. Field
descriptions are the reference text.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from detente.case.criteria import (
    BestWorst,
    CriteriaFile,
    Criterion,
    CriterionKind,
    PairRatio,
    RatioBound,
    Trend,
    Weights,
)
from detente.case.fields import Id, Language, PartialDate, Record, Remark, Row, Texts, Words
from detente.case.ladders import (
    Act,
    Belief,
    BeliefAct,
    Branches,
    Correlation,
    Crisis,
    Event,
    Ladder,
    LadderFile,
    Parameter,
    Published,
    PublishedBeside,
    Quiet,
    Rung,
)
from detente.case.number import Counted, Elicited, Number, Origin, Uncertain
from detente.case.packages import Budget, MeasureGroup, PackagesFile, Synergy
from detente.case.policies import Cut, PoliciesFile, Policy, Raises
from detente.case.questions import (
    Chain,
    Quantity,
    Question,
    QuestionKind,
    QuestionsFile,
    Statement,
    StatementsFile,
    Theme,
)
from detente.case.rows import Answer, Code, Count, Grade, Incident, Position, Reason, Score
from detente.case.windows import CalendarFile, Wait, Window
from detente.ground.basis import Status

__all__ = [
    "Act",
    "Answer",
    "Belief",
    "BeliefAct",
    "BestWorst",
    "Branches",
    "Budget",
    "CalendarFile",
    "CaseFile",
    "Chain",
    "Code",
    "Commitment",
    "CommitmentsFile",
    "Correlation",
    "Count",
    "Counted",
    "Crisis",
    "CriteriaFile",
    "Criterion",
    "CriterionKind",
    "Cut",
    "Decider",
    "Elicited",
    "Event",
    "Grade",
    "Incident",
    "Ladder",
    "LadderFile",
    "Measure",
    "MeasureGroup",
    "MeasureStatus",
    "MeasuresFile",
    "Number",
    "Origin",
    "PackagesFile",
    "PairRatio",
    "Parameter",
    "Party",
    "PoliciesFile",
    "Policy",
    "Position",
    "Published",
    "PublishedBeside",
    "Quantity",
    "Question",
    "QuestionKind",
    "QuestionsFile",
    "Quiet",
    "Raises",
    "RatioBound",
    "Reason",
    "Record",
    "Risk",
    "RisksFile",
    "Row",
    "Rung",
    "Score",
    "Side",
    "Source",
    "SourcesFile",
    "Statement",
    "StatementsFile",
    "Step",
    "StepPart",
    "Synergy",
    "Theme",
    "Track",
    "Trend",
    "Uncertain",
    "Wait",
    "Weights",
    "Window",
    "Workshop",
]

# --- case.yaml -------------------------------------------------------------------------------


class Party(Record):
    """A state, or a bloc of states, with its own beliefs and priorities."""

    id: Id
    name: Texts = Field(description="the name that reports print, one per language")
    real: bool = Field(description="whether this is a party that exists")
    heard: Literal["panel", "documents", "not-heard"] = Field(
        description="how its view is known: asked in a track, read in public documents, or not"
    )
    affected: Remark = Field("", description="how a party that was not heard is affected")


class Side(Record):
    """A declared set of parties that bargain as one in the weights."""

    id: Id
    name: Texts = Field(description="the name that reports print, one per language")
    parties: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)] = Field(
        description="ids of the parties that stand on this side"
    )


class Workshop(Record):
    """A meeting of a track."""

    id: Id
    date: PartialDate = Field(description="the day of the meeting")
    place: Remark = Field("", description="town, or `online`")


class Track(Record):
    """A series of workshops with one set of parties."""

    id: Id
    name: Texts = Field(description="the name that reports print, one per language")
    parties: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)] = Field(
        description="ids of the parties that take part"
    )
    workshops: Annotated[tuple[Workshop, ...], Field(strict=False)] = Field(
        (), description="the meetings, in order"
    )
    released: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="parties whose group released tables under its own name, on record"
    )
    released_reasons: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="parties whose group cleared the wording of its reasons, on record"
    )
    expected: dict[Id, Annotated[int, Field(ge=1, le=500)]] = Field(
        {}, description="people who are to be asked, by party; for the plan"
    )


class CaseFile(Record):
    """`case.yaml`: what the case is about, and what holds for all its files."""

    FORMAT: ClassVar[str] = "detente/case/1"
    format: Literal["detente/case/1"] = Field(description="the format of this file and its version")
    title: Texts = Field(description="the title of the report")
    edition: Id = Field(description="the dated state of the case, for example 2020-12")
    date: PartialDate = Field(description="the day of this edition; printed, never the clock's")
    as_of: PartialDate = Field(description="the day for which the status of measures is told")
    positions_until: PartialDate | None = Field(
        None, description="positions dated later are shown as `since then` and count in no class"
    )
    summary: Texts = Field(description="what the case is about, in two or three sentences")
    parties: Annotated[tuple[Party, ...], Field(min_length=1, strict=False)] = Field(
        description="all parties of the case, heard or not"
    )
    sides: Annotated[tuple[Side, ...], Field(strict=False)] = Field(
        (), description="two or more, or none; each side weighs the same"
    )
    tracks: Annotated[tuple[Track, ...], Field(strict=False)] = Field(
        (), description="series of workshops"
    )
    horizon_years: float = Field(gt=0, le=100, description="exposure for which P(T) is told")
    languages: Annotated[tuple[Language, ...], Field(min_length=1, strict=False)] = Field(
        description="the languages of the case; the first is that of bare texts"
    )
    min_cell: int = Field(3, ge=2, le=50, description="no table cell speaks of fewer people")
    seed: int = Field(
        ge=0,
        le=2**63 - 1,
        description="the one source of chance; same case, same seed, same report",
    )
    illustrative: bool = Field(
        False, description="every number is invented for training; said on every page"
    )


# --- sources.yaml ----------------------------------------------------------------------------


class Source(Record):
    """A document that numbers and facts point to."""

    id: Id
    title: Words = Field(description="the title of the document")
    author: Remark = Field("", description="who wrote or issued it")
    date: PartialDate | None = Field(None, description="the day of the document")
    url: Remark = Field("", description="where it can be read")
    status: Status = Field(strict=False, description="how far the document was checked")
    note: Remark = Field("", description="what a reader must know about the document")


class SourcesFile(Record):
    """`sources.yaml`: the documents that other files point to by id."""

    FORMAT: ClassVar[str] = "detente/sources/1"
    format: Literal["detente/sources/1"] = Field(
        description="the format of this file and its version"
    )
    sources: Annotated[tuple[Source, ...], Field(strict=False)] = Field(
        (), description="the documents"
    )


# --- risks.yaml ------------------------------------------------------------------------------


class Risk(Record):
    """An unwanted event with a pathway."""

    id: Id
    title: Texts = Field(description="the event in a few words")
    pathway: Literal["doctrinal", "escalatory", "unauthorised", "accidental"] = Field(
        description="how it would come about"
    )
    domain: Words = Field(description="air, sea, land, space, cyber, nuclear, political, ...")
    text: Texts | None = Field(None, description="the event in a paragraph")
    source: Id | None = Field(None, description="an id of sources.yaml")


class RisksFile(Record):
    """`risks.yaml`: the unwanted events."""

    FORMAT: ClassVar[str] = "detente/risks/1"
    format: Literal["detente/risks/1"] = Field(
        description="the format of this file and its version"
    )
    risks: Annotated[tuple[Risk, ...], Field(strict=False)] = Field(
        (), description="the unwanted events"
    )


# --- measures.yaml ---------------------------------------------------------------------------


class Decider(Record):
    """Who can decide a measure, and at which level."""

    party: Id = Field(description="a party or a side")
    who: Words = Field(description="the office that decides")
    level: Literal["political", "political-military", "military", "operational", "technical"] = (
        Field(description="the level of that office")
    )


class MeasureStatus(Record):
    """The state of a measure, or of the instrument that it rests on, from a date on."""

    state: Literal[
        "in-force",
        "suspended",
        "expired",
        "overtaken",
        "possible-without-agreement",
        "needs-agreement",
    ] = Field(description="what holds from `since` on")
    since: PartialDate = Field(description="the day from which it holds")
    source: Id = Field(description="an id of sources.yaml")
    note: Remark = Field("", description="what a reader must know about the state")


class StepPart(Record):
    """What one side or party would do in a reciprocal step."""

    by: Id = Field(description="a side or a party")
    does: Texts = Field(description="what it does, in one sentence")


class Step(Record):
    """A measure as a reciprocal step: who does what, how it is verified, by when, and else."""

    parts: Annotated[tuple[StepPart, ...], Field(min_length=2, strict=False)] = Field(
        description="who does what; two or more"
    )
    verified: Texts = Field(description="how each sees that the other did it")
    months: float = Field(gt=0, le=120, description="by when, in months from the start")
    if_stopped: Texts = Field(description="what follows where one of them stops")


class Measure(Record):
    """Something that could be done to reduce risk."""

    id: Id
    area: int = Field(ge=1, le=7, description="area of the experts' recommendations")
    title: Texts = Field(description="the measure in a few words")
    text: Texts | None = Field(None, description="the measure in a paragraph")
    source: Id | None = Field(None, description="an id of sources.yaml")
    seen: Status = Field(strict=False, description="how far its wording was checked")
    acts: Annotated[tuple[Act, ...], Field(strict=False)] = Field(
        (), description="what it changes on the ladder; none where no effect is known"
    )
    needs: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="measures without which this one cannot stand"
    )
    excludes: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="measures that cannot stand beside this one"
    )
    saturates_with: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (),
        description="measures that do the same work: effects on one parameter do not add up",
    )
    unilateral: bool = Field(description="possible as a parallel unilateral step")
    verifiability: Literal["none", "declared", "observed", "inspected"] = Field(
        description="how its keeping can be seen by the other"
    )
    decided_by: Annotated[tuple[Decider, ...], Field(strict=False)] = Field(
        (), description="who can decide it"
    )
    status: Annotated[tuple[MeasureStatus, ...], Field(strict=False)] = Field(
        (), description="its states, each from a date on"
    )
    step: Step | None = Field(None, description="the measure as a reciprocal step")


class MeasuresFile(Record):
    """`measures.yaml`: the options."""

    FORMAT: ClassVar[str] = "detente/measures/1"
    format: Literal["detente/measures/1"] = Field(
        description="the format of this file and its version"
    )
    defaults: Origin = Field(
        Origin(), description="basis, source, date and status of numbers here that state none"
    )
    measures: Annotated[tuple[Measure, ...], Field(strict=False)] = Field(
        (), description="the options"
    )


# --- commitments.yaml ----------------------------------------------------------------------


class Commitment(Record):
    """A measure that a party has taken on."""

    id: Id
    party: Id = Field(description="an id of case.yaml")
    measure: Id | None = Field(None, description="an id of measures.yaml")
    title: Texts = Field(description="the commitment in a few words")
    since: PartialDate = Field(description="the day from which it holds")
    until: PartialDate | None = Field(
        None, description="the day on which it ends; empty where none was set"
    )
    source: Id = Field(description="an id of sources.yaml")
    note: Remark = Field("", description="what a reader must know about it")


class CommitmentsFile(Record):
    """`commitments.yaml`: what was agreed or declared."""

    FORMAT: ClassVar[str] = "detente/commitments/1"
    format: Literal["detente/commitments/1"] = Field(
        description="the format of this file and its version"
    )
    commitments: Annotated[tuple[Commitment, ...], Field(strict=False)] = Field(
        (), description="the commitments"
    )
