"""Files and cases from the command line, with all findings of all of them at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from detente.cli.check import print_findings
from detente.cli.elicit.show import print_json
from detente.cli.words import _
from detente.ground.errors import CaseError, Finding, StoreError, UsageError

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


def contents(path: Path) -> bytes:
    """The bytes of a file; `StoreError` where the machine does not give them."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(_("{path} could not be read: {error}", path=path, error=error)) from error


@contextmanager
def findings_told(verb: str, *, as_json: bool) -> Iterator[None]:
    """Print the findings of a `CaseError` as `detente check` does, and leave with 1."""
    try:
        yield
    except CaseError as error:
        if as_json:
            print_json(verb, {"findings": error.findings})
        else:
            print_findings(error.findings)
        sys.exit(1)


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


def given(**options: object) -> list[str]:
    """The names, as on the command line, of the options that were given."""
    names = (
        name
        for name, value in options.items()
        if value is not None and value is not False and value != ()
    )
    return [f"--{name.replace('_', '-')}" for name in names]


def assessed(folder: Path) -> tuple[Case, ElicitationResults]:
    """The case in ``folder`` and everything that may be shown of what its people said."""
    with waiting(_("reading")):
        from detente.case.read import read_case
        from detente.elicitation.assess import assess_elicitation

        case = read_case(folder)
    with waiting(_("assessing")):
        return case, assess_elicitation(case)


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """Tell on standard error what is being done, where that is a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(words):
            yield
    else:
        yield


FILE = click.Path(path_type=Path, exists=True)
AS_JSON = click.option(
    "--json", "as_json", is_flag=True, help=_("One JSON object on standard output.")
)
