"""Results come back from JSON as they were, to nine digits."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.report.write.json import encode

LEAVES = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(LEAVES, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=12)


@dataclass(frozen=True)
class Outer:
    zulu: tuple[float, ...]
    alpha: Any


def test_dataclasses_keep_the_order_of_their_fields():
    provenance = Provenance(Basis.SOURCE, "S1", "2026", Status.VERIFIED)
    data = encode(Outer((1 / 3,), Estimate(0.1, 0.2, 0.30000000000000004, 0.9, provenance)))
    assert data.decode().index('"zulu"') < data.decode().index('"alpha"')
    assert json.loads(data) == {
        "zulu": [0.333333333],
        "alpha": {
            "low": 0.1,
            "mid": 0.2,
            "high": 0.3,
            "coverage": 0.9,
            "provenance": {"basis": "source", "source": "S1", "date": "2026", "status": "verified"},
        },
    }


def test_the_text_is_readable_and_ends_with_a_line():
    data = encode({"format": "detente/results/1", "title": "Łódź и Рига"})
    assert data == '{\n  "format": "detente/results/1",\n  "title": "Łódź и Рига"\n}\n'.encode()


def test_kinds_of_text_are_texts():
    class Kind(StrEnum):
        ONE = "one"

    assert json.loads(encode({Kind.ONE: Kind.ONE})) == {"one": "one"}


@given(VALUES)
def test_plain_values_come_back(value):
    assert json.loads(encode(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_to_nine_digits_and_a_second_pass_changes_nothing(x):
    once = json.loads(encode(x))
    assert math.isclose(once, x, rel_tol=5.1e-9, abs_tol=0)
    assert encode(once) == encode(x)
    assert encode(-0.0) == encode(0.0) == b"0.0\n"


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused_with_its_place(x):
    with pytest.raises(ValueError, match=r"the value\.choices\[1\]\.zulu\[0\] is"):
        encode({"choices": [1, Outer((x,), None)]})


@pytest.mark.parametrize("value", [{1}, object(), Outer, b"bytes", {1: "a"}])
def test_what_json_does_not_have_is_refused(value):
    with pytest.raises(TypeError, match="the value"):
        encode(value)
