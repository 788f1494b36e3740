from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.ground.errors import UsageError
from detente.ground.forms.position import (
    ANTIMERIDIAN,
    DEGREE,
    POLE,
    Position,
    position_of,
    read_position,
    write_position,
)

TALLINN = Position(59 * DEGREE + 261_234, 24 * DEGREE + 450_000)


@pytest.mark.parametrize(
    "text",
    [
        "59°26.1234′N 024°45.0000′E",
        "59 26.1234N 24 45E",
        "59 26,1234 n, 024 45 e",
        "59° 26.1234' N / 24° 45' E",
        "59°26.1234’N024°45’E",
    ],
)
def test_usual_forms_are_read(text):
    assert read_position(text) == TALLINN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90N 24 45E", Position(POLE, 0)),
        ("90S 180W", Position(-POLE, 0)),
        ("0N 180W", Position(0, ANTIMERIDIAN)),
        ("0S 0W", Position(0, 0)),
        ("0N 179 59.9999W", Position(0, 1 - ANTIMERIDIAN)),
    ],
)
def test_a_point_has_one_form_at_poles_and_antimeridian(text, expected):
    assert read_position(text) == expected
    assert read_position(write_position(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "59 26N", "59.4354N 24.75E", "59 60N 24E", "90 0.0001N 24E", "59N 180 0.0001E"),
        *("59 26.12345N 24 45E", "24 45E 59 26N", "5926N 2445E", "٥٩ 26N 24 45E", "-59N 24E"),
    ],
)
def test_what_is_no_position_is_refused(text):
    with pytest.raises(UsageError):
        read_position(text)


@given(st.integers(-POLE, POLE), st.integers(-ANTIMERIDIAN, ANTIMERIDIAN))
def test_a_position_comes_back(latitude, longitude):
    position = position_of(latitude, longitude)
    assert read_position(write_position(position)) == position


def test_beyond_the_limits_is_refused():
    for latitude, longitude in ((POLE + 1, 0), (0, ANTIMERIDIAN + 1), (0, -ANTIMERIDIAN - 1)):
        with pytest.raises(UsageError):
            position_of(latitude, longitude)
