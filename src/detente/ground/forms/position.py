"""Positions as whole ten-thousandths of a minute of arc: written in one form, read in several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.ground.errors import UsageError

MINUTE = 10_000  # parts of a minute of arc; one is about 18.5 cm on the ground
DEGREE = 60 * MINUTE
POLE, ANTIMERIDIAN = 90 * DEGREE, 180 * DEGREE

_PART = r"([0-9]{1,3})[ °]*(?:(?<=[ °])([0-9]{1,2})(?:[.,]([0-9]{1,4}))?[ '′’]*)?"
_POSITION = re.compile(rf"{_PART}([NS])[ ,;/]*{_PART}([EW])")
_SAYS = "write it as 59°26.1234′N 024°45.0000′E or 59 26.1234N 24 45E."


@dataclass(frozen=True)
class Position:
    """A point in WGS 84, north and east positive, each in 1/10,000 of a minute of arc.

    One point has one form: the antimeridian is east, and a pole has the longitude 0.
    """

    latitude: int
    longitude: int


def position_of(latitude: int, longitude: int) -> Position:
    """The position of two coordinates, in the one form that its point has.

    >>> position_of(0, -ANTIMERIDIAN), position_of(POLE, 5)
    (Position(latitude=0, longitude=108000000), Position(latitude=54000000, longitude=0))

    Raises
    ------
    UsageError
        They are beyond a pole or the antimeridian.
    """
    if abs(latitude) > POLE or abs(longitude) > ANTIMERIDIAN:
        raise UsageError("a latitude is at most 90 degrees and a longitude 180; " + _SAYS)
    if abs(latitude) == POLE:
        longitude = 0
    return Position(latitude, ANTIMERIDIAN if longitude == -ANTIMERIDIAN else longitude)


def write_position(position: Position) -> str:
    """The position in degrees and minutes; `read_position` reads it back.

    >>> write_position(Position(35_661_234, -14_850_000))
    '59°26.1234′N 024°45.0000′W'
    """
    latitude = _part(position.latitude, 2, "NS")
    return f"{latitude} {_part(position.longitude, 3, 'EW')}"


def _part(value: int, width: int, sides: str) -> str:
    degrees, rest = divmod(abs(value), DEGREE)
    minutes, parts = divmod(rest, MINUTE)
    return f"{degrees:0{width}}°{minutes:02}.{parts:04}′{sides[value < 0]}"


def read_position(text: str) -> Position:
    """The position that a text names, written by `write_position` or typed by a person.

    Raises
    ------
    UsageError
        It is no latitude and longitude in degrees and minutes of at most four decimals.

    Examples
    --------
    >>> write_position(read_position("59 26,1234n 24 45E"))
    '59°26.1234′N 024°45.0000′E'
    """
    match = _POSITION.fullmatch(" ".join(text.split()).upper())
    if not match:
        raise UsageError("is no position; " + _SAYS)
    latitude, longitude = _value(*match.groups()[:4]), _value(*match.groups()[4:])
    return position_of(latitude, longitude)


def _value(degrees: str, minutes: str | None, parts: str | None, side: str) -> int:
    if int(minutes or 0) > 59:
        raise UsageError("has more than 59 minutes; " + _SAYS)
    value = int(degrees) * DEGREE + int(minutes or 0) * MINUTE + int((parts or "").ljust(4, "0"))
    return -value if side in "SW" else value
