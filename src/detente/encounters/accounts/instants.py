"""Instants as people write them: to the day, the minute or the second, in UTC."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

_FORM = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?Z)?")
_MEND = {"mend": "write it as 2016-04-11 or 2016-04-11T15:05Z."}
_MINUTES = {"day": 24 * 60.0, "minute": 1.0, "second": 1 / 60}


def _instant(text: str) -> str:
    match = _FORM.fullmatch(text)
    if not match:
        raise PydanticCustomError("instant", "is no day and no instant in UTC", _MEND)
    if not "1900" <= text[:4] < "2200":  # so that what is counted from it is an instant, too
        raise PydanticCustomError("instant", "is not of the years 1900 to 2199", _MEND)
    try:
        parse(text)
    except ValueError:
        raise PydanticCustomError("instant", "is no instant that exists", _MEND) from None
    return text


Instant = Annotated[
    str,
    AfterValidator(_instant),
    Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$"}),
]


def parse(text: str) -> dt.datetime:
    """The instant; of a day alone its middle."""
    if "T" not in text:
        return dt.datetime.fromisoformat(f"{text}T12:00:00+00:00")
    return dt.datetime.fromisoformat(text)


def part(text: str) -> float:
    """The minutes of the last part that is stated: of a day, a minute or a second."""
    stated = "day" if "T" not in text else "second" if text.count(":") > 1 else "minute"
    return _MINUTES[stated]


def write(instant: dt.datetime) -> str:
    """The instant to the minute.

    >>> write(parse("2016-04-11"))
    '2016-04-11T12:00Z'
    """
    return instant.strftime("%Y-%m-%dT%H:%MZ")
