"""`detente ladder check`: every finding of Open-PSA files, of a case, or of a ladder.yaml."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from detente.cli.check import print_findings
from detente.cli.files import AS_JSON
from detente.cli.ladder.options import MODEL, is_openpsa
from detente.cli.show import print_json
from detente.cli.words import _
from detente.ground.errors import CaseError, Finding


@click.command(
    short_help=_("Every finding: file, line, what is wrong and the mend."),
    help=_(
        "Report every finding of MODEL: Open-PSA files that are one model together, a case folder, "
        "or a ladder.yaml."
    ),
    epilog=_(
        "Example: detente ladder check tree.xml basic-events.xml. Exit code 1 where something must "
        "be mended."
    ),
)
@MODEL
@AS_JSON
def check(model: tuple[Path, ...], *, as_json: bool) -> None:
    """Print all findings; leave with 1 where one is an error."""
    findings = _of_openpsa(model) if is_openpsa(model) else _of_case(model[0])
    if as_json:
        print_json("ladder-check", {"findings": findings})
    else:
        print_findings(findings)
    if any(finding.level == "error" for finding in findings):
        sys.exit(1)


def _of_openpsa(files: tuple[Path, ...]) -> tuple[Finding, ...]:
    from detente.cli.ladder.openpsa import read_model

    try:
        return read_model(files).notes
    except CaseError as error:
        return error.findings


def _of_case(path: Path) -> tuple[Finding, ...]:
    from detente.case.read import examine, read_ladder

    if path.is_dir():
        return examine(path)[1]
    if path.name == "ladder.yaml" and (path.parent / "case.yaml").is_file():
        return examine(path.parent)[1]
    try:
        read_ladder(path)
    except CaseError as error:
        return error.findings
    return ()
