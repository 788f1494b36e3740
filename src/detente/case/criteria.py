"""What parties weigh: the records of `criteria.yaml`.

Like `detente.case.model`, which hands them on, the one place where this format is defined.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from detente.case.fields import Finite, Id, Record, Remark, Texts
from detente.case.number import Number, Origin

CriterionKind = Literal[
    "risk",
    "own-deterrence",
    "freedom-of-action",
    "precedent",
    "cost",
    "feasibility",
    "reassurance",
    "other",
]
Points = Annotated[float, Field(ge=0, le=1000)]
Times = Annotated[float, Field(ge=0.001, le=1000)]
Grade = Annotated[float, Field(ge=1, le=9)]


class Criterion(Record):
    """Something by which parties judge measures, with the range that is weighed.

    Without `worst` and `best` nobody can say what it weighs, and no statement of weights may name
    it.
    """

    id: Id
    title: Texts = Field(description="the criterion in a few words")
    kind: CriterionKind = Field(
        description="what it is about: scores of `risk` come from the ladders, of `reassurance` "
        "from answers, of `cost` from answers where scores.csv has none on it"
    )
    what: Texts = Field(description="what is measured, and how, so that two people score alike")
    worst: Finite | None = Field(
        None, description="the worst score of the range; of `risk` a ratio with : without"
    )
    best: Finite | None = Field(None, description="the best score of the range")
    unit: Remark = Field("", description="the unit of scores")
    unchanged: Finite | None = Field(
        None, description="the score where nothing changes; left out, 1 for `risk` and else 0"
    )
    holds_reassurance: bool = Field(
        False,
        description="whether it already contains what a party is reassured by: then the ratings "
        "of reassurance count for nobody a second time",
    )

    @property
    def from_elsewhere(self) -> bool:
        """Whether its scores are never stated in scores.csv."""
        return self.kind in ("risk", "reassurance")

    @property
    def today(self) -> float:
        """The score where nothing changes."""
        if self.unchanged is not None:
            return self.unchanged
        return 1.0 if self.kind == "risk" else 0.0

    @property
    def range(self) -> tuple[float, float] | None:
        """The worst and the best score; None where no range is stated."""
        if self.worst is None or self.best is None:
            return None
        return self.worst, self.best

    @model_validator(mode="after")
    def _both_ends(self) -> Criterion:
        if (self.worst is None) != (self.best is None):
            raise PydanticCustomError("range", "has one of `worst` and `best` alone")
        if self.worst is not None and self.worst == self.best:
            raise PydanticCustomError("range", "has a range of no width")
        return self


class RatioBound(Record):
    """How many times as much one criterion weighs as another, at least and at most."""

    of: Id = Field(description="a criterion: its swing from worst to best")
    to: Id = Field(description="the criterion that it is set against")
    low: Points = Field(0.0, description="at least so many times as much; 0 says nothing")
    high: Times | None = Field(None, description="at most so many times as much")


class PairRatio(Record):
    """How many times as much one criterion weighs as another."""

    of: Id = Field(description="a criterion: its swing from worst to best")
    to: Id = Field(description="the criterion that it is set against")
    times: Times = Field(description="so many times as much; below 1 it weighs less")


class BestWorst(Record):
    """The weightiest and the lightest criterion, each set against all others."""

    best: Id = Field(description="the criterion whose swing weighs most")
    worst: Id = Field(description="the criterion whose swing weighs least")
    best_to: dict[Id, Grade] = Field(
        min_length=1, description="how many times as much the best weighs as each other, 1 to 9"
    )
    to_worst: dict[Id, Grade] = Field(
        min_length=1, description="how many times as much each other weighs as the worst, 1 to 9"
    )

    @property
    def whole(self) -> float | None:
        """How many times as much the best weighs as the worst."""
        return self.best_to.get(self.worst, self.to_worst.get(self.best))

    @property
    def named(self) -> tuple[str, ...]:
        """Every criterion that is named, each once."""
        return tuple(dict.fromkeys((self.best, *self.best_to, *self.to_worst, self.worst)))


class Weights(Origin):
    """What one party says of the weights of criteria, in one form.

    A weight is that of the whole swing from `worst` to `best`, never of a criterion as such. What a
    statement does not name does not count for the party.
    """

    party: Id = Field(description="an id of case.yaml")
    swing: dict[Id, Points] | None = Field(
        None, description="points for the swing from worst to best, 100 for the first"
    )
    order: (
        Annotated[
            tuple[Annotated[tuple[Id, ...], Field(min_length=1, strict=False)], ...],
            Field(min_length=1, strict=False),
        ]
        | None
    ) = Field(
        None,
        description="chains, each from the weightiest on: one chain of all is a full order, "
        "several are a part of one",
    )
    ratios: Annotated[tuple[RatioBound, ...], Field(min_length=1, strict=False)] | None = Field(
        None, description="bounds on the ratios of two weights"
    )
    pairs: Annotated[tuple[PairRatio, ...], Field(min_length=1, strict=False)] | None = Field(
        None, description="ratios of two weights, which need not fit together"
    )
    best_worst: BestWorst | None = Field(
        None, description="the best and the worst criterion against all others"
    )
    exact: dict[Id, Points] | None = Field(
        None, description="the weights themselves; they are divided by their sum"
    )
    note: Remark = Field("", description="what a reader must know about the statement")

    FORMS: ClassVar[tuple[str, ...]] = ("swing", "order", "ratios", "pairs", "best_worst", "exact")

    @property
    def form(self) -> str:
        """The form that is stated."""
        return next(form for form in self.FORMS if getattr(self, form) is not None)

    @property
    def comparisons(self) -> tuple[tuple[str, str, float], ...]:
        """Every stated ratio (of, to, times) of `pairs` or `best_worst`."""
        if self.pairs is not None:
            return tuple((pair.of, pair.to, pair.times) for pair in self.pairs)
        if self.best_worst is None:
            return ()
        told = self.best_worst
        first = {(told.best, name): times for name, times in told.best_to.items()}
        last = {(name, told.worst): times for name, times in told.to_worst.items()}
        both = last | first
        return tuple((of, to, times) for (of, to), times in both.items() if of != to)

    @property
    def named(self) -> tuple[str, ...]:
        """The criteria that are named and may weigh something, each once."""
        points = self.swing if self.swing is not None else self.exact
        if points is not None:
            return tuple(name for name, own in points.items() if own > 0)
        if self.order is not None:
            names = [name for chain in self.order for name in chain]
        elif self.best_worst is not None:
            names = [*self.best_worst.named]
        else:
            pairs = self.ratios or self.pairs or ()
            names = [name for pair in pairs for name in (pair.of, pair.to)]
        return tuple(dict.fromkeys(names))

    @model_validator(mode="after")
    def _one_form(self) -> Weights:
        if sum(getattr(self, form) is not None for form in self.FORMS) != 1:
            raise PydanticCustomError(
                "weights", "needs exactly one of {forms}", {"forms": ", ".join(self.FORMS)}
            )
        return self


class Trend(Number):
    """What a party expects on one criterion without any agreement; else nothing changes.

    Of a `risk` a ratio to today: a measure multiplies it. Of all else a score: scores of measures
    are told with all that comes anyway.
    """

    party: Id = Field(description="an id of case.yaml")
    criterion: Id = Field(description="a criterion of this file")


class CriteriaFile(Record):
    """`criteria.yaml`: what parties judge measures by, and what it weighs."""

    FORMAT: ClassVar[str] = "detente/criteria/1"
    format: Literal["detente/criteria/1"] = Field(
        description="the format of this file and its version"
    )
    defaults: Origin = Field(
        Origin(), description="basis, source, date and status of what here states none"
    )
    criteria: Annotated[tuple[Criterion, ...], Field(strict=False)] = Field(
        (), description="the criteria"
    )
    weights: Annotated[tuple[Weights, ...], Field(strict=False)] = Field(
        (), description="what each party says of weights; of one that says nothing none are told"
    )
    trend: Annotated[tuple[Trend, ...], Field(strict=False)] = Field(
        (), description="what parties expect without any agreement; left out, nothing changes"
    )
