"""The table by which encounters are graded: points, reasons, and schemes of labels, as data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from detente.case.fields import Finite, Id, Record, Words
from detente.case.parse import parse_whole
from detente.encounters.accounts.model import SUBJECTS
from detente.encounters.results import Class, Part
from detente.encounters.rules.metrics import METRICS, REPORTS, UNITS, Domains
from detente.encounters.rules.model import Threshold
from detente.ground.text import Marked

Ids = Annotated[tuple[Id, ...], Field(strict=False)]
Pairs = Annotated[tuple[Domains, ...], Field(strict=False)]


class Reference(Record):
    """The separation that is taken as whole, for a pair of domains."""

    domains: Domains
    horizontal: Threshold
    vertical: Threshold | None = None


class Step(Record):
    """Points for a value below a bound; without one for all that is left."""

    below: Finite | None = None
    points: Finite = Field(ge=0)


class Scale(Record):
    """Points for one part, by steps from small values to large ones."""

    part: Part
    title: Words
    unit: Literal["share", "kn", "deg"]
    domains: Pairs = Field(min_length=1)
    source: Words
    steps: Annotated[tuple[Step, ...], Field(strict=False, min_length=2)]

    def points(self, value: float) -> float:
        """The points of a value in the unit of its metric."""
        factor = UNITS[self.unit][1]
        return next(
            step.points for step in self.steps if step.below is None or value < step.below * factor
        )


class Ground(Record):
    """What makes an encounter at least as grave as a grade: any of what it names."""

    id: Id
    grade: Class
    title: Words
    rules: Ids = Field((), description="rules, by id, of which one is true")
    reported: Ids = Field((), description="reports, by word, of which one is yes")
    metric: Id | None = None
    at_least: Finite | None = None
    below: Finite | None = None
    domains: Pairs = Field((), description="all where left out")
    sides_differ: Literal["yes", "no"] = Field(
        "no", description="whether it only holds between craft of different sides"
    )
    source: Words


class Scheme(Record):
    """A scheme of labels with the definition of each; ``order`` from the least to the gravest."""

    id: Id
    title: Words
    letters: dict[Id, Words]
    order: Ids = ()


class GradeTable(Record):
    """A versioned table of grades."""

    FORMAT: ClassVar[str] = "detente/grades-of-encounters/1"
    format: Literal["detente/grades-of-encounters/1"]
    table: Id
    version: Words
    references: Annotated[tuple[Reference, ...], Field(strict=False)]
    points: Annotated[tuple[Scale, ...], Field(strict=False)]
    reasons: Annotated[tuple[Ground, ...], Field(strict=False)]
    schemes: Annotated[tuple[Scheme, ...], Field(strict=False)]


def table_of(text: str, file: str) -> GradeTable:
    """The table of a YAML text.

    Raises
    ------
    CaseError
        With all that is to mend in it.

    """
    return parse_whole(GradeTable, text, Marked(file), _check)


def _check(table: GradeTable, marked: Marked) -> None:
    for place, scale in enumerate(table.points):
        bounds = [step.below for step in scale.steps]
        inner = [bound for bound in bounds if bound is not None]
        if bounds[-1] is not None or len(inner) != len(bounds) - 1 or inner != sorted(inner):
            mend = "put the steps in order, the last one without `below`."
            marked.find(("points", place, "steps"), "has steps out of order.", mend)
    words = {*REPORTS, *(word for word, (kind, _) in SUBJECTS.items() if kind == "yes-no")}
    for place, one in enumerate(table.reasons):
        for word in one.reported:
            if word not in words:
                marked.find(
                    ("reasons", place, "reported"), f"is {word}.", "take a word of the lists."
                )
        if one.metric is not None and one.metric not in METRICS:
            marked.find(("reasons", place, "metric"), f"is {one.metric}.", "take one of the list.")
    for place, scheme in enumerate(table.schemes):
        if not set(scheme.order) <= set(scheme.letters):
            mend = "name letters of the scheme only."
            marked.find(("schemes", place, "order"), "has a letter without a definition.", mend)


@cache
def starting_grades() -> GradeTable:
    """The table that detente comes with."""
    text = files("detente.encounters.grade").joinpath("grades.yaml").read_text("utf-8")
    return table_of(text, "grades.yaml")
