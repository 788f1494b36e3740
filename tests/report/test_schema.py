"""results.json keeps its format, and its schema is the one that is shipped."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter

import results_format
from detente.assessment.assess import assess
from detente.assessment.results import AssessmentResults
from detente.case.read import read_case
from detente.report.write.json import encode


def test_the_shipped_schema_is_current() -> None:
    assert results_format.TARGET.read_text() == results_format.text(), "run `make schema`"


def test_results_survive_a_round_trip_to_nine_digits(root: Path) -> None:
    results = assess(read_case(root / "cases" / "training"), points=64)
    once = encode(results)
    again = TypeAdapter(AssessmentResults).validate_python(json.loads(once))
    assert encode(again) == once
