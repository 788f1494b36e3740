"""JSON Schemas of the case's YAML files, for editors that check while a person types."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from detente.case.read import YAML_FILES

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class _WithoutTitles(GenerateJsonSchema):
    """A key is its own title: `Held By` beside `held_by` tells an editor nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each YAML file, by the schema's own name, for example ``case.json``.

    The schemas follow draft 2020-12 and are made from the same records that `detente check` uses;
    what needs more than one record to see, such as a reference between files, only the check sees.
    """
    made = {}
    for file, kind in YAML_FILES.items():
        name = f"{file.removesuffix('.yaml')}.json"
        schema = kind.model_json_schema(schema_generator=_WithoutTitles)
        made[name] = {"$schema": DRAFT, "$id": name, **schema, "title": file}
    return made


def schema_text(schema: dict[str, Any]) -> str:
    """A schema as it is written to a file: one key a line, keys in the order of the records."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
