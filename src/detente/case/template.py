"""A commented case to start from, with two parties that do not exist."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

SCHEMA_FOLDER = ".schema"


def template_files() -> dict[str, str]:
    """The texts of a new case folder by path, with the schemas that its YAML files point to."""
    here = resources.files("detente.case")
    files = _texts(here / "template_files")
    schemas = _texts(here / "schema_files")
    return files | {f"{SCHEMA_FOLDER}/{name}": text for name, text in schemas.items()}


def _texts(folder: Traversable, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found |= _texts(entry, f"{prefix}{entry.name}/")
        else:
            found[prefix + entry.name] = entry.read_text(encoding="utf-8")
    return found
