"""Write the JSON Schema of results.json; run by `make schema`, and a test holds it current."""

from __future__ import annotations

import json
from pathlib import Path

from detente.report.schema import results_schema

TARGET = Path(__file__).resolve().parents[1] / "src/detente/report/schema_files/results-1.json"


def text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(results_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text())
