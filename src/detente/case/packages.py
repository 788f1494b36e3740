"""What stands in packages.yaml: budgets, what counts only together, and how many of a group.

Everything here is about measures *taken together*; what a measure alone needs, excludes or does the
same work as stands with the measure.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from detente.case.fields import Id, Record, Remark, Texts
from detente.case.number import Number, Origin

Cost = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e15)]


def _listed(value: Any) -> Any:
    """A bare id is a list of one."""
    return [value] if isinstance(value, str) else value


OneOf = Annotated[
    tuple[Id, ...],
    BeforeValidator(_listed),
    Field(min_length=1, strict=False),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]


class Budget(Origin):
    """What all measures of a package may cost together, in one unit.

    Measures in force cost nothing more. Basis, source, date and status are those of the costs, and
    of the limit where it states none.
    """

    id: Id
    title: Texts = Field(description="what is spent, in a few words")
    unit: Remark = Field("", description="the unit of the limit and of all costs")
    limit: Number = Field(
        description="the most that may be spent; of an interval a package keeps the lower end"
    )
    parties: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="the parties or sides that pay; left out, it is open who does"
    )
    costs: dict[Id, Cost] = Field(
        min_length=1, description="what each measure costs; one that is left out costs nothing"
    )
    note: Remark = Field("", description="what a reader must know about the budget")


class Synergy(Origin):
    """What sides gain or lose besides, where measures stand together: a conditional offer too.

    "Acceptable if X is done as well" is a gain by both together. Basis, source, date and status are
    those of gains that state none.
    """

    measures: Annotated[tuple[OneOf, ...], Field(min_length=2, strict=False)] = Field(
        description="the measures that must all stand; a list among them stands for any one of it"
    )
    gains: dict[Id, Number] = Field(
        min_length=1,
        description="by side, what its gain changes by, in points of its answers, -100 to 100",
    )
    why: Texts = Field(description="why they are worth more or less together, in one sentence")


class MeasureGroup(Record):
    """Measures of which a package holds so many; those in force count as held."""

    id: Id
    title: Texts = Field(description="what the measures have in common, in a few words")
    measures: Annotated[tuple[Id, ...], Field(min_length=2, strict=False)] = Field(
        description="ids of measures.yaml"
    )
    at_least: int = Field(0, ge=0, le=1000, description="so many of them or more")
    at_most: int | None = Field(None, ge=0, le=1000, description="so many of them or fewer")
    why: Texts = Field(description="who asks for it and why, in one sentence")

    @model_validator(mode="after")
    def _says_something(self) -> MeasureGroup:
        if self.at_most is None and not self.at_least:
            raise PydanticCustomError("group", "has neither `at_least` nor `at_most`")
        if self.at_most is not None and self.at_least > self.at_most:
            raise PydanticCustomError("group", "has `at_least` above `at_most`")
        if self.at_least > len(self.measures):
            raise PydanticCustomError("group", "asks for more measures than it names")
        return self


class PackagesFile(Record):
    """`packages.yaml`: what holds for measures that are taken together."""

    FORMAT: ClassVar[str] = "detente/packages/1"
    format: Literal["detente/packages/1"] = Field(
        description="the format of this file and its version"
    )
    defaults: Origin = Field(
        Origin(), description="basis, source, date and status of numbers here that state none"
    )
    budgets: Annotated[tuple[Budget, ...], Field(strict=False)] = Field(
        (), description="what packages may cost"
    )
    synergies: Annotated[tuple[Synergy, ...], Field(strict=False)] = Field(
        (), description="what counts only where measures stand together"
    )
    groups: Annotated[tuple[MeasureGroup, ...], Field(strict=False)] = Field(
        (), description="of which measures a package holds how many"
    )

    def own(self, record: Origin) -> Origin:
        """The origin of what a budget or a synergy holds: its own, else that of the file."""
        stated = ((key, getattr(record, key)) for key in Origin.model_fields)
        return Origin.model_construct(
            **{key: getattr(self.defaults, key) if told is None else told for key, told in stated}
        )
