"""What stands in calendar.yaml: dated occasions, and the measures that wait for them.

A step on the path is announced or decided at an occasion at which those who decide take part; a
measure may have to wait for one, such as the end of an exercise season.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from detente.case.fields import Id, PartialDate, Record, Remark, Texts


class Window(Record):
    """A dated diplomatic occasion, on one day or on several."""

    id: Id
    title: Texts = Field(description="the occasion in a few words")
    start: PartialDate = Field(description="its first day")
    end: PartialDate | None = Field(None, description="its last day; left out for one day")
    kind: Literal["meeting", "exercise", "other"] = Field(
        "meeting",
        description="steps are decided at meetings; for the others a measure can only wait",
    )
    parties: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="parties and sides that take part; left out, all do"
    )
    source: Id = Field(description="an id of sources.yaml")
    note: Remark = Field("", description="what a reader must know about it")


class Wait(Record):
    """What a measure waits for."""

    measure: Id = Field(description="an id of measures.yaml")
    after: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="windows that must be over before it begins"
    )
    within: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="windows in one of which it is decided, whatever their kind"
    )


class CalendarFile(Record):
    """`calendar.yaml`: dated occasions, and measures that wait for them."""

    FORMAT: ClassVar[str] = "detente/calendar/1"
    format: Literal["detente/calendar/1"] = Field(
        description="the format of this file and its version"
    )
    windows: Annotated[tuple[Window, ...], Field(strict=False)] = Field(
        (), description="the occasions"
    )
    waits: Annotated[tuple[Wait, ...], Field(strict=False)] = Field(
        (), description="what measures wait for, at most one entry a measure"
    )
