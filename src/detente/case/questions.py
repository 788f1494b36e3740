"""What was asked: the records of `questions.yaml` and `statements.yaml`.

Like `detente.case.model`, which hands them on, the one place where these formats are defined.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from detente.case.fields import Id, Record, Remark, Texts

QuestionKind = Literal[
    "likelihood",
    "consequence",
    "priority",
    "pairwise",
    "best-worst",
    "expected-say",
    "expected-fear",
    "expected-do",
    "quantity",
    "statement",
    "gain",
    "red-line",
    "reassurance-expected",
    "reassurance-received",
    "cost",
    "kept",
]


class Question(Record):
    """One question put to participants; `kind` says what its answers mean."""

    id: Id
    kind: QuestionKind = Field(description="what the answers mean, and their scale")
    text: Texts = Field(description="the question as it was put")
    note: Remark = Field("", description="what was said when it was put")


class Quantity(Record):
    """A number, or the chance of an event, that people estimate; later it may be known."""

    id: Id
    title: Texts = Field(description="the number or the event in words, so that it can be told")
    scale: Literal["probability", "positive", "real"] = Field(
        description="`probability`: between 0 and 1; `positive`: above 0; `real`: any number"
    )
    unit: Remark = Field("", description="the unit; empty for a probability")
    known: float | None = Field(
        None, description="what it turned out to be; an event is 1 where it happened, else 0"
    )
    source: Id | None = Field(None, description="an id of sources.yaml, for what is known")


class Chain(Record):
    """Estimates that must fit together: steps whose product is the direct estimate, or two spans.

    State `steps` and `direct`, or `shorter`, `longer` and `times`.
    """

    id: Id
    steps: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="probabilities, each given those before it"
    )
    direct: Id | None = Field(None, description="the probability of all of them, asked directly")
    shorter: Id | None = Field(None, description="a probability for the shorter span")
    longer: Id | None = Field(None, description="the same for the longer span")
    times: float | None = Field(
        None, gt=1, le=10_000, description="how many times longer, for example 12"
    )

    @model_validator(mode="after")
    def _one_form(self) -> Chain:
        product = bool(self.steps) and self.direct is not None
        spans = None not in (self.shorter, self.longer, self.times)
        stated = (self.steps, self.direct, self.shorter, self.longer, self.times)
        if product == spans or sum(bool(one) for one in stated) != (2 if product else 3):
            raise PydanticCustomError(
                "chain", "needs either steps and direct, or shorter, longer and times"
            )
        return self


class Theme(Record):
    """A theme under which coders put reasons."""

    id: Id
    title: Texts = Field(description="the theme in a few words")


class QuestionsFile(Record):
    """`questions.yaml`: what was asked."""

    FORMAT: ClassVar[str] = "detente/questions/1"
    format: Literal["detente/questions/1"] = Field(
        description="the format of this file and its version"
    )
    questions: Annotated[tuple[Question, ...], Field(strict=False)] = Field(
        (), description="the questions"
    )
    quantities: Annotated[tuple[Quantity, ...], Field(strict=False)] = Field(
        (), description="numbers and events that questions of some kinds ask for"
    )
    chains: Annotated[tuple[Chain, ...], Field(strict=False)] = Field(
        (), description="which estimates must fit together"
    )
    themes: Annotated[tuple[Theme, ...], Field(strict=False)] = Field(
        (), description="themes of reasons"
    )


class Statement(Record):
    """A sentence with which people agree or disagree."""

    id: Id
    text: Texts = Field(description="the sentence as it was put")
    source: Id | None = Field(None, description="an id of sources.yaml; empty where from the room")


class StatementsFile(Record):
    """`statements.yaml`: sentences to agree or disagree with."""

    FORMAT: ClassVar[str] = "detente/statements/1"
    format: Literal["detente/statements/1"] = Field(
        description="the format of this file and its version"
    )
    threshold: float = Field(
        0.6, gt=0.5, lt=1, description="the share of a side from which on it counts as agreeing"
    )
    statements: Annotated[tuple[Statement, ...], Field(strict=False)] = Field(
        (), description="the sentences"
    )
