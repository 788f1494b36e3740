"""Kinds of values that people write in a case: ids, dates, texts in languages, records, rows."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

MAX_TEXT = 4_000
MOST = 1e15


def _partial_date(text: str) -> str:
    """Accept YYYY, YYYY-MM or YYYY-MM-DD, and only days that exist."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    if not match:
        raise PydanticCustomError("date", "is no date of the form YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in match.groups())
    if year == 0 or (month is not None and not 1 <= month <= 12):
        raise PydanticCustomError("date", "is no month that exists")
    if day is not None and not 1 <= day <= calendar.monthrange(year or 1, month or 1)[1]:
        raise PydanticCustomError("date", "is no day that exists")
    return text


def first_day(date: str) -> dt.date:
    """The first day of a date of which the day, or the month, may be missing."""
    return dt.date.fromisoformat(date + "-01-01"[len(date) - 4 :])


def last_day(date: str) -> dt.date:
    """The last day of a date of which the day, or the month, may be missing."""
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    month = month or 12
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


def _within(x: float) -> float:
    """Limits of a field stand beside this one; a limit in a type would take their place."""
    if x > MOST:
        raise PydanticCustomError("less_than_equal", "is too large", {"le": MOST})
    if x < -MOST:
        raise PydanticCustomError("greater_than_equal", "is too small", {"ge": -MOST})
    return x


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "is empty")
    return text


def _in_languages(value: Any) -> Any:
    """A bare string is a text in the first language of the case, kept under the key ''."""
    return {"": value} if isinstance(value, str) else value


Id = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description="letters, digits, '.', '_' and '-'; at most 64 characters",
    ),
]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Words = Annotated[str, Field(min_length=1, max_length=MAX_TEXT), AfterValidator(_not_blank)]
Remark = Annotated[str, Field(max_length=MAX_TEXT)]
Texts = Annotated[
    dict[str, Words],
    BeforeValidator(_in_languages),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ]
        }
    ),
]
PartialDate = Annotated[
    str,
    AfterValidator(_partial_date),
    Field(json_schema_extra={"pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}),
]
Finite = Annotated[
    float,
    Field(allow_inf_nan=False, json_schema_extra={"minimum": -MOST, "maximum": MOST}),
    AfterValidator(_within),
]


class Record(BaseModel):
    """A strict, frozen record from a YAML file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Row(BaseModel):
    """A frozen row of a CSV file; cells arrive as text."""

    FORMAT: ClassVar[str]
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
