"""Proposed rules as data: within which distance which two sides would keep to something."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from detente.case.fields import Finite, Id, Record, Remark, Words
from detente.case.parse import parse_whole
from detente.encounters.accounts.model import UNITS
from detente.encounters.approach.limits import WIDEST
from detente.ground.text import Marked

LengthUnit = Literal["m", "km", "nm", "ft", "yd"]
Pair = Literal["sea-sea", "sea-air", "sea-land", "air-air", "air-land", "land-land"]


class Distance(Record):
    """A distance in a unit."""

    value: Finite = Field(gt=0)
    unit: LengthUnit

    @property
    def metres(self) -> float:
        """The distance in metres."""
        return self.value * UNITS[self.unit][1]


class Range(Record):
    """Distances from one to another, in even steps, in a unit."""

    least: Finite = Field(gt=0)
    most: Finite = Field(gt=0)
    steps: int = Field(10, ge=1, le=200, description="how many distances, both ends among them")
    unit: LengthUnit

    @property
    def metres(self) -> tuple[float, ...]:
        """The distances in metres, from the least on."""
        factor = UNITS[self.unit][1]
        return tuple(float(x) * factor for x in np.linspace(self.least, self.most, self.steps))

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.least > self.most or (self.steps == 1) != (self.least == self.most):
            raise PydanticCustomError(
                "range", "does not lead from `least` to `most`",
                {"mend": "put the smaller distance first, and one step where both are the same."},
            )  # fmt: skip
        if self.most * UNITS[self.unit][1] > WIDEST:
            raise PydanticCustomError(
                "range", "goes beyond 300 km", {"mend": "take a smaller distance."}
            )
        return self


class Proposal(Record):
    """A rule that somebody proposes."""

    id: Id
    title: Words
    domains: Pair
    horizontal: Range = Field(description="the distances that are tried")
    vertical: Distance | None = Field(None, description="of height; left out, any height counts")
    closing_only: Literal["yes", "no"] = Field(
        "no", description="whether it holds only while the two come closer"
    )
    between: Annotated[tuple[Words, ...], Field(strict=False, max_length=2)] = Field(
        (), description="two sides; left out, any two"
    )
    notice: Remark = Field("", description="what notice would be due; told, and not counted")
    source: Words = Field(description="who proposed it, or that it is made up")

    @model_validator(mode="after")
    def _two_sides(self) -> Proposal:
        if self.between and len(set(self.between)) != 2:
            raise PydanticCustomError(
                "between", "does not name two sides", {"mend": "name two sides, or none."}
            )
        return self


class Proposals(Record):
    """A file of proposed rules."""

    FORMAT: ClassVar[str] = "detente/proposals/1"
    format: Literal["detente/proposals/1"] = Field(
        description="the format of this file and its version"
    )
    proposals: Annotated[tuple[Proposal, ...], Field(strict=False, min_length=1)]


def proposals_of(text: str, file: str) -> tuple[Proposal, ...]:
    """The proposed rules of a YAML text.

    .. code-block:: yaml

        format: detente/proposals/1
        proposals:
        - id: thousand-yards
          title: Ships of the two sides keep 1,000 yards apart
          domains: sea-sea
          horizontal: {least: 200, most: 3000, steps: 15, unit: yd}
          between: [A, B]
          source: made up for an exercise

    Raises
    ------
    CaseError
        With all that is to mend in it.

    """
    return parse_whole(Proposals, text, Marked(file), _check).proposals


def _check(found: Proposals, marked: Marked) -> None:
    ids = [one.id for one in found.proposals]
    for place, name in enumerate(ids):
        if name in ids[:place]:
            mend = "give each proposal an id of its own."
            marked.find(("proposals", place, "id"), f"repeats the id {name}.", mend)
