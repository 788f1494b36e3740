"""Errors, split by who must act, and the findings they carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "note"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend in a text that a person wrote.

    An ``error`` keeps the case from being assessed; a ``note`` only informs.
    """

    file: str
    line: int
    key: str
    problem: str
    mend: str
    level: Level = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        return f"{where}:{key} {self.problem} Mend: {self.mend}"


class DetenteError(Exception):
    """Root of all errors that detente raises on purpose."""


class CaseError(DetenteError):
    """The author of a file must mend it; carries every finding at once."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


class UsageError(DetenteError):
    """The caller asked for something that cannot be done."""


class PeerError(DetenteError):
    """The other side of a line, or a peer process, did not do its part."""


class StoreError(DetenteError):
    """The machine or its operator must act: disk, rights, database."""
