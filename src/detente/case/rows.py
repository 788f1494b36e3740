"""What stands in the CSV files of a case: one frozen record per row.

Like `detente.case.model`, the one place where these formats are defined.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from detente.case.fields import Finite, Id, PartialDate, Remark, Row, Words
from detente.ground.basis import Basis, Status

_EMPTY = BeforeValidator(lambda cell: None if cell == "" else cell)
OptionalDate = Annotated[PartialDate | None, _EMPTY]
OptionalNumber = Annotated[Finite | None, _EMPTY]
OptionalId = Annotated[Id | None, _EMPTY]


class Position(Row):
    """The public stand of a party on a measure, from one document."""

    FORMAT: ClassVar[str] = "detente/positions/1"
    party: Id = Field(description="an id of case.yaml")
    measure: Id = Field(description="an id of measures.yaml")
    position: Literal["offered", "accepted", "conditional", "refused", "silent", "not-found"] = (
        Field(description="what the document says about the measure")
    )
    date: OptionalDate = Field(None, description="an undated row is shown and never counted")
    document: Remark = Field("", description="the title of the document")
    place: Remark = Field("", description="where in the document")
    url: Remark = Field("", description="where it can be read")
    words: Remark = Field("", description="what it says, in our own words")
    status: Status = Field(description="how far the row was checked")
    note: Remark = Field("", description="what a reader must know about the row")


class Incident(Row):
    """A dated, located, sourced event between forces, with each side's account."""

    FORMAT: ClassVar[str] = "detente/incidents/1"
    id: Id
    date: PartialDate = Field(description="the day of the event")
    place: Remark = Field(description="where it happened, in words")
    lat: OptionalNumber = Field(None, ge=-90, le=90, description="degrees north, WGS 84")
    lon: OptionalNumber = Field(None, ge=-180, le=180, description="degrees east, WGS 84")
    domain: Literal["air", "sea", "sea-air", "land", "undersea", "space", "cyber"] = Field(
        description="where it happened, by kind"
    )
    actor_a: Words = Field(description="whose craft approached or entered")
    actor_b: Words = Field(description="whom it approached, or whose space it entered")
    activity: Id = Field(description="what kind of event it was, for example close-approach")
    distance_m: OptionalNumber = Field(None, ge=0, description="as reported; 0 is contact")
    injury: Literal["none", "not-known", "injured", "killed"] = Field(
        description="whether people came to harm"
    )
    account_a: Remark = Field("", description="what the side of `actor_a` said")
    account_b: Remark = Field("", description="what the side of `actor_b` said")
    civil_involved: Literal["yes", "no", "not-known"] = Field(
        "not-known", description="whether civil craft or people were involved"
    )
    initiates: OptionalId = Field(
        None, description="the ladder that such an event could start; empty where none"
    )
    reported_by: Words = Field(description="who reported it")
    url: Remark = Field("", description="where it can be read")
    status: Status = Field(description="how far the row was checked")
    note: Remark = Field("", description="what a reader must know about the row")


class Grade(Row):
    """The grade that one coder, or one source, gave to an incident."""

    FORMAT: ClassVar[str] = "detente/grades/1"
    incident: Id = Field(description="an id of incidents.csv")
    coder: Id = Field(description="who graded it: a pseudonym, or a source")
    grade: Literal["near-routine", "serious", "high-risk"] = Field(
        description="how serious it was held to be"
    )
    source: Remark = Field("", description="where the grade was published")
    status: Status = Field(description="how far the row was checked")


class Count(Row):
    """A total that somebody published: a count of what was counted, never a rate."""

    FORMAT: ClassVar[str] = "detente/counts/1"
    id: Id
    start: PartialDate = Field(description="the first day of the count")
    end: PartialDate = Field(description="the last day of the count")
    what: Words = Field(description="what was counted")
    count: Finite = Field(ge=0, description="the total")
    qualifier: Remark = Field("", description="as published: about, more than, at least")
    by: Words = Field(description="who counted")
    url: Remark = Field("", description="where it can be read")
    status: Status = Field(description="how far the row was checked")
    note: Remark = Field("", description="what a reader must know about the row")


class Score(Row):
    """How a measure would do on a criterion, for one party: what it says, or what is known.

    Of criteria of kind risk and reassurance nothing stands here.
    """

    FORMAT: ClassVar[str] = "detente/scores/1"
    party: Id = Field(description="an id of case.yaml")
    measure: Id = Field(description="an id of measures.yaml")
    criterion: Id = Field(description="a criterion of criteria.yaml, of its unit and range")
    low: OptionalNumber = Field(
        None, description="the score that the true one would undercut 5 times in 100"
    )
    value: Finite = Field(description="the score with the measure, and all that comes anyway")
    high: OptionalNumber = Field(
        None, description="the score that the true one would exceed 5 times in 100"
    )
    basis: Basis = Field(
        description="`source` and `computed` are facts, shared by all parties that name the same "
        "source; `illustrative` only for parties that do not exist"
    )
    source: Words = Field(
        description="an id of sources.yaml for basis `source`; else who, how and why"
    )
    date: PartialDate = Field(description="the day on which the score was given")
    status: Status = Field(description="how far the origin was checked")
    note: Remark = Field("", description="what a reader must know about the score")


class Answer(Row):
    """One judgement of one participant."""

    FORMAT: ClassVar[str] = "detente/answers/1"
    participant: Id = Field(description="a pseudonym")
    party: Id = Field(description="the participant's party")
    track: Id = Field(description="an id of case.yaml")
    round: int = Field(1, ge=1, le=9, description="the round of the question, from 1")
    question: Id = Field(description="an id of questions.yaml")
    item: Id = Field(
        description="a risk, a measure, a quantity or a statement, by the question's kind"
    )
    about: OptionalId = Field(
        None,
        description=(
            "the other side or party, where a question is about one; for `pairwise` the other "
            "risk, for `best-worst` the name of the set"
        ),
    )
    low: OptionalNumber = Field(
        None, description="the value that the true one would undercut 5 times in 100"
    )
    value: OptionalNumber = Field(None, description="the median, the rating, the rank, or 0/1")
    high: OptionalNumber = Field(
        None, description="the value that the true one would exceed 5 times in 100"
    )
    confidence: OptionalNumber = Field(
        None,
        gt=0.5,
        lt=1,
        description="how sure the person is that low to high holds the value; empty is 0.9",
    )
    date: PartialDate = Field(description="the day of the answer")
    basis: Literal["elicited", "illustrative"] = Field(
        description="`illustrative` only between parties that do not exist"
    )


class Reason(Row):
    """Why a person answered so, in the analyst's words, never in the person's."""

    FORMAT: ClassVar[str] = "detente/reasons/1"
    id: Id
    participant: Id = Field(description="a pseudonym")
    party: Id = Field(description="the participant's party")
    track: Id = Field(description="an id of case.yaml")
    question: Id = Field(description="an id of questions.yaml")
    item: Id = Field(description="the item of the answer that it explains")
    words: Words = Field(description="the reason in one neutral sentence")
    basis: Literal["elicited", "illustrative"] = Field(
        description="`illustrative` only between parties that do not exist"
    )


class Code(Row):
    """The theme under which one coder put one reason."""

    FORMAT: ClassVar[str] = "detente/codes/1"
    reason: Id = Field(description="an id of reasons.csv")
    coder: Id = Field(description="who coded it: a pseudonym")
    theme: Id = Field(description="a theme of questions.yaml")
