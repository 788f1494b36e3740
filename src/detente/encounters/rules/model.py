"""Rules as data: an article, a predicate over named metrics, and thresholds with their origin."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from detente.case.fields import Finite, Id, Record, Remark, Words
from detente.encounters.rules.metrics import UNITS, Domains, Profile

Unit = Literal[
    "m", "km", "nm", "ft", "kn", "m/s", "deg", "s", "min", "h", "d", "t", "count", "share"
]
assert set(Unit.__args__) == set(UNITS)  # type: ignore[attr-defined]
Compare = Literal["below", "at-most", "above", "at-least"]
COMPARES: tuple[Compare, ...] = ("below", "at-most", "above", "at-least")


class Threshold(Record):
    """One value of a threshold, by the profile that it belongs to."""

    profile: Profile = Field(
        description="treaty, guidance, practice, or analyst: a choice of the table's author"
    )
    value: Finite
    unit: Unit
    source: Words = Field(description="where the number stands; of an analyst why it was chosen")
    verified: bool | None = Field(
        None, description="whether it was read there; not of an analyst's choice"
    )

    @property
    def si(self) -> float:
        """The value in the unit of its metric."""
        return self.value * UNITS[self.unit][1]

    @model_validator(mode="after")
    def _origin(self) -> Threshold:
        if (self.profile == "analyst") != (self.verified is None):
            raise PydanticCustomError(
                "threshold",
                "states `verified` for an analyst's choice, or not for another profile",
                {"mend": "leave `verified` out of an analyst's choice, and state it of others."},
            )
        return self


class Predicate(Record):
    """A condition: one of `all`, `any`, `not`, a metric against a threshold, or a report."""

    all: Annotated[tuple[Predicate, ...], Field(strict=False)] = ()
    any: Annotated[tuple[Predicate, ...], Field(strict=False)] = ()
    not_: Predicate | None = Field(None, alias="not")
    metric: Id | None = Field(None, description="a metric of the list")
    below: Id | None = Field(None, description="a threshold of the rule: strictly less")
    at_most: Id | None = Field(None, alias="at-most", description="a threshold: less or equal")
    above: Id | None = Field(None, description="a threshold: strictly more")
    at_least: Id | None = Field(None, alias="at-least", description="a threshold: more or equal")
    is_: Literal["yes", "no"] | None = Field(None, alias="is", description="of a flag")
    reported: Id | None = Field(None, description="what only a report can tell, by its word")

    @property
    def comparison(self) -> tuple[Compare, str] | None:
        """How the metric is compared, and with which threshold."""
        stated = zip(COMPARES, (self.below, self.at_most, self.above, self.at_least), strict=True)
        return next(((how, name) for how, name in stated if name is not None), None)

    @model_validator(mode="after")
    def _one_form(self) -> Predicate:
        forms = [self.all, self.any, self.not_, self.metric, self.reported]
        if sum(form not in (None, ()) for form in forms) != 1:
            raise PydanticCustomError(
                "predicate",
                "has not just one of `all`, `any`, `not`, `metric`, `reported`",
                {"mend": "keep one of them."},
            )
        ends = [self.below, self.at_most, self.above, self.at_least, self.is_]
        wanted = 1 if self.metric is not None else 0
        if sum(end is not None for end in ends) != wanted:
            raise PydanticCustomError(
                "predicate",
                "needs one of `below`, `at-most`, `above`, `at-least`, `is` beside a metric, and "
                "none elsewhere",
                {"mend": "compare the metric once, or remove the comparison."},
            )
        return self


def _listed(value: Any) -> Any:
    """One threshold alone stands for a list of it."""
    return [value] if isinstance(value, dict) else value


Thresholds = Annotated[tuple[Threshold, ...], BeforeValidator(_listed), Field(strict=False)]


class Rule(Record):
    """What an article asks, as far as it can be held against tracks and reports."""

    id: Id
    title: Words = Field(description="what the predicate says, in neutral words")
    instrument: Words
    article: Words
    source: Words = Field(description="where the text stands")
    verified: bool = Field(description="whether the text was read")
    domains: Annotated[tuple[Domains, ...], Field(strict=False)] = Field(min_length=1)
    zone: Id | None = Field(None, description="the kind of zone that it is about")
    when: Predicate = Field(description="the condition")
    thresholds: dict[Id, Thresholds] = Field(
        {}, description="by name, one or more profiles of each"
    )
    note: Remark = ""


class RuleTable(Record):
    """A versioned table of rules."""

    FORMAT: ClassVar[str] = "detente/rules/1"
    format: Literal["detente/rules/1"] = Field(
        description="the format of this file and its version"
    )
    table: Id = Field(description="the name of the table")
    version: Words
    rules: Annotated[tuple[Rule, ...], Field(strict=False, min_length=1)]
