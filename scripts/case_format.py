"""Write what is made from the records of `detente.case.model`: schemas, reference, column list.

Run by `make schema`; a test holds that the written files are current.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detente.case import model
from detente.case.check_answers import SCALES
from detente.case.read import CSV_FILES, REQUIRED, YAML_FILES
from detente.case.schema import schema_text, schemas
from detente.ground.basis import Basis, Status

ROOT = Path(__file__).resolve().parents[1]
CASE = "src/detente/case"
Schema = dict[str, Any]

_ANSWERS = "answers/*.csv"
_ROWS: dict[str, type[model.Row]] = {**CSV_FILES, _ANSWERS: model.Answer}
_PATTERNS = {
    "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$": "id",
    "^[a-z]{2}$": "language code of two letters",
    r"^\d{4}(-\d{2}(-\d{2})?)?$": "date",
}
_ABOUT = {
    "nobody": "",
    "other": "another side or party",
    "anyone": "any side or party",
    "item": "the other item",
    "set": "the name of the set",
}
_INTRO = """\
# The case format

<!-- Made by `make schema` from src/detente/case/model.py. -->

A case is a folder of text files that holds everything its results depend on. `detente new DIR`
makes one with comments, `detente check DIR` names every finding with file, line and key.

- **YAML** is read by the core schema of YAML 1.2, so `NO` is a text and `2020-12` too, and without
  aliases, anchors and tags. A key that stands nowhere in this reference is a finding.
- **CSV** has its format on the first line, `# detente/positions/1`, and the names of its columns on
  the second; comma or semicolon, UTF-8.
- **text** is a bare text in the first language of the case, or a mapping from language to text.
- **date** is YYYY, YYYY-MM or YYYY-MM-DD.
- **id** has letters, digits, `.`, `_` and `-`; at most 64 characters.
- **number** with an origin is a record of its own: see [Number](#number).
"""
_TEMPLATE_INTRO = """\
# A case

Everything that the results of this case depend on stands in this folder. The YAML files explain
themselves; CSV files cannot hold comments, so their columns are explained here. The first line of
each CSV file is its format, the second its header.

    detente check .             every finding, with file, line and key
    detente assess . --out ../report
"""


def reference() -> str:
    """The text of docs/case-format.md."""
    parts, told = [_INTRO, _overview()], set[str]()
    for file, kind in YAML_FILES.items():
        parts.append(f"## {file}\n\n{_holds(kind)}.\n")
        schema = schemas()[f"{file.removesuffix('.yaml')}.json"]
        parts += _records(schema, told)
        if file == "questions.yaml":
            parts.append(_scales())
    for file, row in _ROWS.items():
        parts.append(f"## {file}\n\n{_first_line(row.__doc__)} First line: `# {row.FORMAT}`.\n")
        parts.append(_table(row.model_json_schema(), "column"))
    return "\n".join(parts)


def template_readme() -> str:
    """The text of the template's README.md: the columns of each CSV file."""
    parts = [_TEMPLATE_INTRO]
    for file, row in _ROWS.items():
        parts.append(f"## {file}\n\n{_first_line(row.__doc__)}\n")
        for key, field in row.model_json_schema()["properties"].items():
            parts.append(f"- `{key}`: {_meaning(key, field)} ({_kind(field)})")
        parts.append("")
    return "\n".join(parts)


def files() -> dict[str, str]:
    """Every file that this script writes, by its path in the checkout."""
    made = {
        "docs/case-format.md": reference(),
        f"{CASE}/template_files/README.md": template_readme(),
    }
    for name, schema in schemas().items():
        made[f"{CASE}/schema_files/{name}"] = schema_text(schema)
    return made


def _overview() -> str:
    lines = ["| file | holds | needed |", "|---|---|---|"]
    kinds: dict[str, type[model.Record | model.Row]] = {**YAML_FILES, **_ROWS}
    for file, kind in kinds.items():
        anchor = file.replace(".", "").replace("/", "").replace("*", "")
        lines.append(
            f"| [`{file}`](#{anchor}) | {_holds(kind)} | {'yes' if file in REQUIRED else 'no'} |"
        )
    return "\n".join(lines) + "\n"


def _scales() -> str:
    lines = [
        "### Kinds of questions\n",
        "| kind | asked about | scale | `low` and `high` | `about` |",
        "|---|---|---|---|---|",
    ]
    for kind, scale in SCALES.items():
        numbers = "whole number" if scale.whole else "number"
        interval, about = "needed" if scale.interval else "", _ABOUT[scale.about]
        bounds = f"{numbers}, {scale.low:g} to {scale.high:g}"
        if kind == "quantity":
            bounds = "as the quantity's own `scale` says"
        elif scale.chance:
            bounds += ", neither end"
        lines.append(f"| `{kind}` | {scale.item} | {bounds} | {interval} | {about} |")
    return "\n".join(lines) + "\n"


def _records(schema: Schema, told: set[str]) -> Iterator[str]:
    """The table of a file's own keys, then one for each record that no file above has told of."""
    yield _table(schema, "key")
    for name, record in schema.get("$defs", {}).items():
        if "properties" in record and name not in told:
            told.add(name)
            yield f"### {name}\n\n{_first_line(record['description'])}\n"
            yield _table(record, "key")


def _table(schema: Schema, what: str) -> str:
    lines = [f"| {what} | type | if left out | meaning |", "|---|---|---|---|"]
    for key, field in schema["properties"].items():
        left_out = "a finding" if key in schema.get("required", ()) else _default(field)
        kind = _kind(field, schema.get("$defs", {}))
        lines.append(f"| `{key}` | {kind} | {left_out} | {_meaning(key, field)} |")
    return "\n".join(lines) + "\n"


def _meaning(key: str, field: Schema) -> str:
    """What a key says; an `id` has the rule of ids for its description, told once above."""
    return "its name within the case" if key == "id" else str(field["description"])


def _default(field: Schema) -> str:
    default = field.get("default")
    if default in (None, "", [], ()) or isinstance(default, dict) or "$ref" in field:
        return "empty"
    return f"`{str(default).lower()}`"


def _kind(field: Schema, records: Schema | None = None) -> str:
    if "$ref" in field:
        return _linked(field["$ref"].rpartition("/")[2])
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    options = field.get("anyOf") or field.get("oneOf") or []
    stated = [option for option in options if option.get("type") != "null"]
    if {option.get("type") for option in stated} == {"string", "object"}:
        return "text"
    if stated:
        return " or ".join(_kind(option, records) for option in stated)
    if field.get("type") == "object":
        values = next(iter(field["patternProperties"].values()))
        return f"mapping of id to {_kind(values, records)}"
    if field.get("type") == "array":
        return f"list of {_kind(field['items'], records)}"
    return _scalar(field)


def _linked(name: str) -> str:
    values = {"Basis": Basis, "Status": Status}
    if name in values:
        return ", ".join(f"`{value}`" for value in values[name])
    return f"[{name}](#{name.lower()})"


def _scalar(field: Schema) -> str:
    names = {"string": "line", "integer": "whole number", "number": "number", "boolean": "yes/no"}
    if "pattern" in field:
        return _PATTERNS[field["pattern"]]
    return names[field["type"]] + _bounds(field)


def _bounds(field: Schema) -> str:
    signs = {"exclusiveMinimum": ">", "minimum": "≥", "exclusiveMaximum": "<", "maximum": "≤"}
    # A bound of 1e15 or 2^63 guards the machine and tells a person nothing.
    told = {key: field[key] for key in signs if key in field and abs(field[key]) < 1e15}
    return "".join(f", {signs[key]} {bound:g}" for key, bound in told.items())


def _holds(kind: type[model.Record | model.Row]) -> str:
    words = _first_line(kind.__doc__).rpartition("`: ")[2].removesuffix(".")
    return words[0].upper() + words[1:]


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().splitlines()[0]


if __name__ == "__main__":
    for path, text in files().items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
