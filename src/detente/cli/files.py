"""Files from the command line, and what is told while they are read or found wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from detente.cli.check import print_findings
from detente.cli.show import print_json
from detente.cli.words import _
from detente.ground.errors import CaseError, StoreError, UsageError


def contents(path: Path) -> bytes:
    """The bytes of a file; `StoreError` where the machine does not give them."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(_("{path} could not be read: {error}", path=path, error=error)) from error


def write_new(path: Path, data: bytes) -> None:
    """Write a file, never over another one.

    Raises
    ------
    UsageError
        Where the file exists.
    StoreError
        Where the machine does not take it.

    """
    try:
        with path.open("xb") as stream:
            stream.write(data)
    except FileExistsError as error:
        raise UsageError(_("{out} exists; name a new file.", out=path)) from error
    except OSError as error:
        raise StoreError(_("{out} could not be written: {error}", out=path, error=error)) from error


@contextmanager
def findings_told(format_name: str, *, as_json: bool) -> Iterator[None]:
    """Print the findings of a `CaseError` as `detente check` does, and leave with 1."""
    try:
        yield
    except CaseError as error:
        if as_json:
            print_json(format_name, {"findings": error.findings})
        else:
            print_findings(error.findings)
        sys.exit(1)


def given(**options: object) -> list[str]:
    """The names, as on the command line, of the options that were given."""
    names = (
        name
        for name, value in options.items()
        if value is not None and value is not False and value != ()
    )
    return [f"--{name.replace('_', '-')}" for name in names]


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
