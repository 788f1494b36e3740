"""A case folder while it is being read and checked."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from detente.ground.errors import Finding, Level
from detente.ground.text import Marked, Path_, Table, dotted

MOST_NAMES = 8
Ids = frozenset[str] | None
"""Ids that may be referred to; None where a list cannot be read in full, so that any may be."""


@dataclass
class Draft:
    """A case folder as far as it could be read: records, places of the kept ones, findings."""

    marked: dict[str, Marked] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def find(self, file: str, path: Path_, problem: str, mend: str, level: Level = "error") -> None:
        """Record a finding at a place of the *kept* records of ``file``."""
        marked = self.marked.get(file) or Marked(file)
        kept = self.kept.get(file, {})
        if len(path) > 1 and isinstance(path[1], int) and path[0] in kept:
            path = (path[0], kept[str(path[0])][path[1]], *path[2:])
        elif path and isinstance(path[0], int) and "" in kept:
            path = (kept[""][path[0]], *path[1:])
        self.findings.append(Finding(file, marked.line(path), dotted(path), problem, mend, level))

    def raw(self, file: str, key: str) -> list[Any] | None:
        """The items of a list in a YAML file, sound or not; None where there is no such list.

        A list that a sound file leaves out is empty; a faulty file may have misspelt it.
        """
        marked = self.marked.get(file)
        if marked is None or not isinstance(marked.value, dict):
            return None
        items = marked.value.get(key, None if marked.findings else [])
        return items if isinstance(items, list) else None

    def ids(self, file: str, *keys: str) -> Ids:
        """All ids that lists of a YAML file state, those of faulty items too."""
        found: set[Any] = set()
        for key in keys:
            items = self.raw(file, key)
            if items is None:
                return None
            found.update(_id(item) for item in items)
        return None if None in found else frozenset(found)

    def column(self, file: str, name: str) -> Ids:
        """All cells of a column of a CSV file, those of faulty rows too."""
        table = self.marked[file].value if file in self.marked else None
        if not isinstance(table, Table) or name not in table.columns:
            return None
        return frozenset(row.get(name, "").strip() for row in table.rows)

    def known(self, file: str, path: Path_, name: str | None, among: Ids, what: str) -> None:
        """Record a finding where ``name`` is stated and is not ``among`` the known ids."""
        if name is None or among is None or name in among:
            return
        close = closest(name, among)
        mend = f"did you mean `{close}`?" if close else f"add it{_or_one_of(among)}."
        where = "" if " of " in what else " of the case"
        self.find(file, path, f"`{name}` is no {what}{where}.", mend)


def _id(item: Any) -> str | None:
    name = item.get("id") if isinstance(item, dict) else item
    return name if isinstance(name, str) else None


def _or_one_of(names: frozenset[str]) -> str:
    """The first names, for a person who looks for the right one."""
    first = ", ".join(sorted(names)[:MOST_NAMES])
    others = " and others" if len(names) > MOST_NAMES else ""
    one_of = "one of " if len(names) > 1 else ""
    return f", or use {one_of}{first}{others}" if names else ""


@lru_cache(maxsize=1_000)
def closest(name: str, known: frozenset[str]) -> str | None:
    """The known name that ``name`` may be a misspelling of."""
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1)), None)
