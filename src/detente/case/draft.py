"""A case folder while it is being read and checked."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any

from detente.ground.errors import Finding, Level
from detente.ground.text import Marked, Path_, dotted


@dataclass
class Draft:
    """A case folder as far as it could be read: records, places of the kept ones, findings."""

    marked: dict[str, Marked] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def find(
        self, file: str, path: Path_, problem: str, mend: str, level: Level = "error"
    ) -> None:
        """Record a finding at a place of the *kept* records of ``file``."""
        marked = self.marked.get(file) or Marked(file)
        kept = self.kept.get(file, {})
        if len(path) > 1 and isinstance(path[1], int) and path[0] in kept:
            path = (path[0], kept[str(path[0])][path[1]], *path[2:])
        elif path and isinstance(path[0], int) and "" in kept:
            path = (kept[""][path[0]], *path[1:])
        self.findings.append(
            Finding(file, marked.line(path), dotted(path), problem, mend, level)
        )

    def raw(self, file: str, key: str) -> list[Any]:
        """The raw items of a list in a YAML file, sound or not."""
        value = self.marked[file].value if file in self.marked else None
        items = value.get(key) if isinstance(value, dict) else None
        return items if isinstance(items, list) else []

    def ids(self, file: str, key: str) -> frozenset[str]:
        """All ids that a list of a file states, those of faulty items too."""
        stated = (item.get("id") for item in self.raw(file, key) if isinstance(item, dict))
        return frozenset(name for name in stated if isinstance(name, str))

    def known(
        self, file: str, path: Path_, name: str | None, among: frozenset[str], what: str
    ) -> None:
        """Record a finding where ``name`` is stated and is not ``among`` the known ids."""
        if name is None or name in among:
            return
        close = difflib.get_close_matches(name, sorted(among), n=1, cutoff=0.6)
        mend = f"did you mean `{close[0]}`?" if close else f"use the id of a {what}, or add one."
        self.find(file, path, f"`{name}` is no {what} of the case.", mend)
