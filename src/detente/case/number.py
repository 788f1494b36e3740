"""A number as people write it: one value or an interval, with its origin."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from detente.case.fields import Finite, Id, PartialDate, Record, Remark, Words
from detente.ground.basis import Basis, Estimate, Provenance, Status


class Origin(Record):
    """Basis, source, date and status for the numbers of a file that do not state their own."""

    basis: Basis | None = Field(None, strict=False, description="where the number comes from")
    source: Words | None = Field(
        None, description="an id of sources.yaml for basis `source`; else who, how and why"
    )
    date: PartialDate | None = Field(
        None, description="the day for which the number holds, or on which it was given"
    )
    status: Status | None = Field(None, strict=False, description="how far the origin was checked")


class Number(Origin):
    """A number: `value` alone, or `low` and `high` with or without `mid`."""

    value: Finite | None = Field(
        None, description="the number, where it is stated without uncertainty"
    )
    low: Finite | None = Field(None, description="the lower end of the interval")
    mid: Finite | None = Field(
        None, description="the median; left out, it is the middle on the number's own scale"
    )
    high: Finite | None = Field(None, description="the upper end of the interval")
    ci: float = Field(90, ge=50, le=99, description="per cent held between `low` and `high`")
    note: Remark = Field("", description="what a reader must know about the number")

    @property
    def from_elsewhere(self) -> tuple[str, ...]:
        """The keys that say where else the number is taken from; of a plain number none."""
        return ()

    @model_validator(mode="after")
    def _one_form(self) -> Number:
        interval = (self.low, self.high)
        stated = [*self.from_elsewhere]
        if self.value is not None:
            stated.append("value")
        if interval != (None, None) or self.mid is not None:
            stated.append("an interval")
        if len(stated) > 1:
            named = " and ".join(one if " " in one else f"`{one}`" for one in stated)
            raise PydanticCustomError("number", "has both {named}", {"named": named})
        if not self.from_elsewhere and self.value is None and None in interval:
            raise PydanticCustomError("number", "has neither `value` nor both `low` and `high`")
        if self.low is not None and self.high is not None:
            middle = self.low if self.mid is None else self.mid
            if not self.low <= middle <= self.high:
                raise PydanticCustomError("number", "is not in the order low <= mid <= high")
            if self.low == self.high:
                raise PydanticCustomError("number", "has an interval of no width")
        return self

    def estimate(self, scale: str, provenance: Provenance) -> Estimate:
        """The three quantiles; a missing `mid` is the middle on `scale` (log, logit, linear)."""
        if self.value is not None:
            return Estimate(self.value, self.value, self.value, self.ci / 100, provenance)
        assert self.low is not None
        assert self.high is not None
        mid = self.mid if self.mid is not None else _middle(self.low, self.high, scale)
        return Estimate(self.low, mid, self.high, self.ci / 100, provenance)


class Elicited(Record):
    """Answers of people that stand for a number: the spread of one group."""

    quantity: Id = Field(description="a quantity of questions.yaml, of the number's own scale")
    group: Id = Field(description="a track, a side or a party whose table may be shown")


class Uncertain(Number):
    """A number of the ladders: stated, or taken from the answers of people."""

    elicited: Elicited | None = Field(
        None, description="the answers that it is taken from, in the place of numbers here"
    )
    bounds_only: bool = Field(
        False,
        description="nothing more is granted than that it lies from `low` to `high`: no value in "
        "between is held likelier than another, and only bounds are told",
    )

    @property
    def from_elsewhere(self) -> tuple[str, ...]:
        """Whether the number is taken from answers."""
        return ("elicited",) if self.elicited is not None else ()

    @model_validator(mode="after")
    def _has_bounds(self) -> Uncertain:
        if self.bounds_only and (self.low is None or self.mid is not None):
            raise PydanticCustomError(
                "number", "has `bounds_only`, and so needs low and high alone"
            )
        return self


class Counted(Record):
    """Counts that a rate is computed from: events by calendar year, which may come in clusters."""

    incidents: Id | None = Field(
        None, description="a ladder: the rows of incidents.csv that `initiates` it are counted"
    )
    counts: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="rows of counts.csv, each a period of its own, none over another"
    )
    start: PartialDate | None = Field(None, description="of incidents: the first day that counts")
    end: PartialDate | None = Field(None, description="of incidents: the last day that counts")
    reported: Number | None = Field(
        None, description="the share of such events that is reported; left out, it is all"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Counted:
        dated = self.start is not None and self.end is not None
        if (self.incidents is not None) == bool(self.counts) or dated != (not self.counts):
            raise PydanticCustomError(
                "counted", "needs either incidents with start and end, or counts"
            )
        return self


def _middle(low: float, high: float, scale: str) -> float:
    if scale == "log":
        return math.sqrt(low) * math.sqrt(high)  # the product of both may be too small to tell
    if scale == "logit":
        odds = math.sqrt(low / (1 - low)) * math.sqrt(high / (1 - high))
        return odds / (1 + odds)
    return (low + high) / 2
