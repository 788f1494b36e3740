from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from detente.case.read import YAML_FILES
from detente.case.schema import DRAFT, schema_text, schemas
from detente.case.template import template_files
from detente.ground.text import Marked, parse_yaml

KEYWORDS = {"$schema", "$id", "$defs", "$ref", "title", "description", "default", "type", "enum"}
KEYWORDS |= {"const", "properties", "required", "additionalProperties", "items", "anyOf", "oneOf"}
KEYWORDS |= {"pattern", "minLength", "maxLength", "minItems", "minimum", "maximum"}
KEYWORDS |= {"exclusiveMinimum", "exclusiveMaximum", "patternProperties", "propertyNames"}
KEYWORDS |= {"maxItems", "minProperties"}


def _nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema within a schema; keys of `properties` and `$defs` are names, not keywords."""
    yield schema
    for key, value in schema.items():
        if key in ("properties", "patternProperties", "$defs"):
            below = list(value.values())
        elif key in ("anyOf", "oneOf"):
            below = value
        else:
            below = [value] if key in ("items", "additionalProperties", "propertyNames") else []
        for one in below:
            if isinstance(one, dict):
                yield from _nodes(one)


def test_each_yaml_file_has_a_schema_with_a_relative_id():
    assert set(schemas()) == {name.replace(".yaml", ".json") for name in YAML_FILES}
    for name, schema in schemas().items():
        assert schema["$schema"] == DRAFT
        assert schema["$id"] == name


@pytest.mark.parametrize("name", schemas())
def test_a_schema_uses_only_keywords_of_the_draft(name):
    used = {key for node in _nodes(schemas()[name]) for key in node}
    assert used <= KEYWORDS


@pytest.mark.parametrize("name", schemas())
def test_every_reference_leads_to_a_definition(name):
    schema = schemas()[name]
    for node in _nodes(schema):
        if "$ref" in node:
            assert node["$ref"].removeprefix("#/$defs/") in schema["$defs"]


@pytest.mark.parametrize("name", schemas())
def test_no_record_takes_an_unknown_key(name):
    records = [node for node in _nodes(schemas()[name]) if "properties" in node]
    assert records
    assert all(node["additionalProperties"] is False for node in records)


def test_a_schema_survives_its_file():
    for schema in schemas().values():
        assert json.loads(schema_text(schema)) == schema


def _accepts(value: Any, node: dict[str, Any], schema: dict[str, Any]) -> bool:
    """A second, independent reading of the few keywords that the schemas use."""
    if "$ref" in node:
        return _accepts(value, schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    for key in ("anyOf", "oneOf"):
        if key in node:
            return any(_accepts(value, one, schema) for one in node[key])
    if "enum" in node or "const" in node:
        return value in node.get("enum", [node.get("const")])
    kinds = {"string": str, "array": list, "object": dict, "boolean": bool, "null": type(None)}
    kind = kinds.get(node["type"], (int, float))
    if not isinstance(value, kind):
        return False
    if isinstance(value, list):
        return all(_accepts(one, node["items"], schema) for one in value)
    if isinstance(value, dict) and "properties" in node:
        known = all(
            key in node["properties"] and _accepts(one, node["properties"][key], schema)
            for key, one in value.items()
        )
        return known and set(node.get("required", ())) <= set(value)
    return True


@pytest.mark.parametrize("file", YAML_FILES)
def test_the_schema_takes_the_template_and_refuses_a_strange_key(file):
    schema = schemas()[file.replace(".yaml", ".json")]
    value = parse_yaml(template_files()[file], Marked(file)).value
    assert _accepts(value, schema, schema)
    assert not _accepts({**value, "strange": 1}, schema, schema)
    assert not _accepts({**value, "format": "detente/other/1"}, schema, schema)
