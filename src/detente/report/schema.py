"""The JSON Schema of results.json, made from the result types themselves."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults

FORMAT = "detente/results/1"


def results_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of a whole results.json of this version."""
    from pydantic import TypeAdapter

    inner = TypeAdapter(AssessmentResults).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "results-1.json",
        "title": "Results of detente assess",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "results"],
        "properties": {
            "format": {"const": FORMAT},
            "results": {key: value for key, value in inner.items() if key != "$defs"},
        },
        "$defs": inner["$defs"],
    }
