"""Files and cases from the command line, with all findings of all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from detente.cli.files import contents, waiting
from detente.cli.words import _
from detente.ground.errors import CaseError, Finding, UsageError

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.elicitation.results import ElicitationResults

Read = TypeVar("Read")


@dataclass
class Reader:
    """Reads one file after the other and keeps what is wrong with any."""

    findings: list[Finding] = field(default_factory=list)

    def read(self, path: Path, reader: Callable[[str, bytes], Read]) -> Read | None:
        """What ``reader`` makes of a file; None where it has findings."""
        return self.take(lambda: reader(str(path), contents(path)))

    def take(self, made: Callable[[], Read]) -> Read | None:
        """What ``made`` gives; None where it has findings."""
        try:
            return made()
        except CaseError as error:
            self.findings += error.findings
            return None

    def done(self) -> None:
        """Raise `CaseError` with all findings where there is any."""
        if self.findings:
            raise CaseError(tuple(self.findings))


def is_case(paths: Sequence[Path], options: Sequence[str] = ()) -> bool:
    """Whether a case is named, which is a folder; it stands alone, and without ``options``.

    ``options`` are those given that hold for files only.
    """
    if not any(path.is_dir() for path in paths):
        return False
    if len(paths) > 1:
        raise UsageError(_("Name one case, or files; not both."))
    if options:
        named = ", ".join(options)
        raise UsageError(_("{options}: for files only; a case is told by its own.", options=named))
    return True


def assessed(folder: Path) -> tuple[Case, ElicitationResults]:
    """The case in ``folder`` and everything that may be shown of what its people said."""
    with waiting(_("reading")):
        from detente.case.read import read_case
        from detente.elicitation.assess import assess_elicitation

        case = read_case(folder)
    with waiting(_("assessing")):
        return case, assess_elicitation(case)
