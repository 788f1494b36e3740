"""The model of escalation as people write it: the records of `ladder.yaml`, and acts of measures.

Like `detente.case.model`, which hands them on, the one place where this format is defined.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from detente.case.fields import Id, Record, Remark, Texts
from detente.case.number import Counted, Number, Origin, Uncertain


class Act(Record):
    """How a measure changes one named parameter of the ladder; it may lower or raise it."""

    on: Id = Field(description="a parameter of ladder.yaml")
    how: Literal["rate-ratio", "odds-ratio", "replacement"] = Field(
        description="a ratio (below 1 lowers, above 1 raises), or a number put in place"
    )
    value: Uncertain = Field(description="the ratio, or the new number")


class Parameter(Uncertain):
    """A named uncertain number of the ladder."""

    id: Id
    kind: Literal["rate", "probability"] = Field(
        description="`rate`: events per year of exposure; `probability`: of one branch"
    )
    title: Texts | None = Field(None, description="the number in words")
    counted: Counted | None = Field(
        None, description="counts that a rate is computed from, in the place of numbers here"
    )

    @property
    def from_elsewhere(self) -> tuple[str, ...]:
        """Whether the number is taken from answers or counts."""
        return (*super().from_elsewhere, *(("counted",) if self.counted is not None else ()))


class Correlation(Record):
    """Two numbers of which one tends to be high where the other is, or low."""

    between: Annotated[tuple[Id, ...], Field(min_length=2, max_length=2, strict=False)] = Field(
        description="two parameters that are no points"
    )
    r: float = Field(
        gt=-1, lt=1, description="the correlation of their normal scores (Gaussian copula)"
    )
    note: Remark = Field("", description="why, and who says so")


class Crisis(Record):
    """What is different in a crisis: every ladder that rests on such a number has two states."""

    share: Id = Field(description="a parameter of kind probability: the share of time in a crisis")
    instead: dict[Id, Id] = Field(
        min_length=1, description="by parameter, the one that stands in its place in a crisis"
    )


class Event(Record):
    """A named event: a basic event with a probability, or a gate over other events."""

    id: Id
    p: Id | None = Field(None, description="a parameter of kind probability")
    any_of: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)] | None = Field(
        None, description="events or probabilities of which one suffices"
    )
    all_of: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)] | None = Field(
        None, description="events or probabilities that must all happen"
    )
    none_of: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)] | None = Field(
        None, description="events or probabilities of which none may happen"
    )
    either_of: Annotated[tuple[Id, ...], Field(min_length=2, max_length=2, strict=False)] | None = (
        Field(None, description="two events or probabilities of which one happens, but not both")
    )
    at_least: Annotated[int, Field(ge=1)] | None = Field(
        None, description="how many of those under `of` must happen"
    )
    of: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)] | None = Field(
        None, description="events or probabilities of which `at_least` so many must happen"
    )
    title: Texts | None = Field(None, description="the event in words")

    GATES: ClassVar[tuple[str, ...]] = ("any_of", "all_of", "none_of", "either_of", "of")

    @property
    def gate(self) -> str:
        """The key that lists what a gate combines; empty for a basic event."""
        return next((key for key in self.GATES if getattr(self, key) is not None), "")

    @property
    def operands(self) -> tuple[str, ...]:
        """What a gate combines; nothing for a basic event."""
        return getattr(self, self.gate) if self.gate else ()

    @model_validator(mode="after")
    def _one_kind(self) -> Event:
        if sum(getattr(self, key) is not None for key in ("p", *self.GATES)) != 1:
            raise PydanticCustomError(
                "event",
                "needs exactly one of p, any_of, all_of, none_of, either_of, at_least with of",
            )
        if (self.at_least is None) != (self.of is None):
            raise PydanticCustomError("event", "needs `at_least` and `of` together")
        if self.of is not None and not 1 <= (self.at_least or 0) <= len(self.of):
            raise PydanticCustomError("event", "asks for more events than stand under `of`")
        return self


class Rung(Record):
    """One ordered conditional branch: it happens, or the path leaves by `otherwise`."""

    event: Texts = Field(description="what happens at this stage, in words")
    p: Id = Field(description="a parameter of kind probability, or an event")
    otherwise: Annotated[
        Annotated[Id, Tag("<level>")] | Annotated[Branches, Tag("<path>")],
        Discriminator(lambda value: "<level>" if isinstance(value, str) else "<path>"),
    ] = Field(description="a level, or a further path")


class Branches(Record):
    """Rungs in order; where all of them happen, the path ends at level `ends`."""

    path: Annotated[tuple[Rung, ...], Field(strict=False)] = Field(
        (), description="the rungs in order"
    )
    ends: Id = Field(description="the level reached where all rungs happen")


class Ladder(Branches):
    """An initiator and its stages."""

    id: Id
    title: Texts = Field(description="the ladder in a few words")
    branch: Literal["accident", "misread-signal", "false-alarm", "deliberate"] = Field(
        description="how the escalation begins"
    )
    starts: Id = Field(description="a parameter of kind rate")
    risk: Id | None = Field(None, description="an id of risks.yaml")


class BeliefAct(Act):
    """How, in one belief, a measure changes a parameter."""

    measure: Id = Field(description="an id of measures.yaml")


Named = TypeVar("Named", Event, Ladder)


class Belief(Record):
    """A rival set of numbers on the same ladders."""

    id: Id
    title: Texts = Field(description="the belief in a few words")
    held_by: Id | None = Field(None, description="a party; empty for a published author")
    source: Id | None = Field(None, description="an id of sources.yaml")
    numbers: Annotated[tuple[Parameter, ...], Field(strict=False)] = Field(
        (), description="parameters with the numbers of this belief"
    )
    without: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="ladders that this belief does not hold to exist"
    )
    events: Annotated[tuple[Event, ...], Field(strict=False)] = Field(
        (), description="events of this belief, in the place of those of the same id, or new ones"
    )
    ladders: Annotated[tuple[Ladder, ...], Field(strict=False)] = Field(
        (), description="ladders of this belief, in the place of those of the same id, or new ones"
    )
    acts: Annotated[tuple[BeliefAct, ...], Field(strict=False)] = Field(
        (), description="effects of measures in this belief"
    )


class PublishedBeside(Record):
    """What of the ladders a published estimate can be set beside."""

    level: Id = Field(description="a level, reached or exceeded")
    ladder: Id | None = Field(None, description="one ladder; left out, all together")
    years: float | None = Field(
        None, gt=0, le=1000, description="the years that the estimate speaks of; left out, one"
    )
    comparable: bool = Field(
        True, description="false where the outcomes differ: then nothing is said of agreement"
    )


class Published(Number):
    """A published estimate of a whole outcome; told in the annex, never fed to a ladder."""

    id: Id
    about: Texts = Field(description="the outcome that was estimated")
    unit: Literal["probability-per-year", "probability-in-total", "probability-conditional"] = (
        Field(description="what the number is a probability of")
    )
    period: Remark = Field("", description="the years that it speaks of")
    beside: PublishedBeside | None = Field(
        None, description="what it can be set beside; left out where the outcomes differ"
    )


class Quiet(Record):
    """Years in which something did not happen: an observation like any other."""

    id: Id
    level: Id = Field(description="the level that was not reached, nor a worse one")
    years: float = Field(gt=0, le=1000, description="how long, under like conditions")
    title: Texts = Field(description="what did not happen, in words")
    source: Id | None = Field(None, description="an id of sources.yaml")
    note: Remark = Field("", description="how far those years were like those of the ladders")


class LadderFile(Record):
    """`ladder.yaml`: the model of escalation."""

    FORMAT: ClassVar[str] = "detente/ladder/1"
    format: Literal["detente/ladder/1"] = Field(
        description="the format of this file and its version"
    )
    defaults: Origin = Field(
        Origin(), description="basis, source, date and status of numbers here that state none"
    )
    levels: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="end states, from the mildest to the worst"
    )
    headline: Id | None = Field(
        None, description="the level from which on an end state counts in the ratios"
    )
    parameters: Annotated[tuple[Parameter, ...], Field(strict=False)] = Field(
        (), description="the uncertain numbers"
    )
    events: Annotated[tuple[Event, ...], Field(strict=False)] = Field(
        (), description="gates over probabilities, where a rung needs one"
    )
    ladders: Annotated[tuple[Ladder, ...], Field(strict=False)] = Field(
        (), description="the initiators and their stages"
    )
    beliefs: Annotated[tuple[Belief, ...], Field(strict=False)] = Field(
        (), description="rival sets of numbers on the same ladders"
    )
    published: Annotated[tuple[Published, ...], Field(strict=False)] = Field(
        (), description="estimates by others, told beside the ladders"
    )
    crisis: Crisis | None = Field(None, description="what is different in a crisis")
    correlations: Annotated[tuple[Correlation, ...], Field(strict=False)] = Field(
        (), description="numbers that are not independent of each other"
    )
    quiet: Annotated[tuple[Quiet, ...], Field(strict=False)] = Field(
        (), description="what did not happen in so many years"
    )

    def under(self, belief: Belief) -> LadderFile:
        """The file with the events and ladders of a belief in the place of its own."""
        without = tuple(one for one in self.ladders if one.id not in belief.without)
        return self.model_copy(
            update={
                "events": _replaced(self.events, belief.events),
                "ladders": _replaced(without, belief.ladders),
            }
        )


def _replaced(base: tuple[Named, ...], own: tuple[Named, ...]) -> tuple[Named, ...]:
    """Records of a belief in the place of those of the same id, and its new ones at the end."""
    by_id = {one.id: one for one in base} | {one.id: one for one in own}
    return tuple(by_id.values())
