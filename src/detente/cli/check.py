"""`detente check`: every finding of a case."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from detente.cli.words import _
from detente.ground.errors import Finding


@click.command(
    help=_("Report every finding of a case: file, line, key, what is wrong and the mend."),
    epilog=_("Example: detente check cases/training. Exit code 1 where something must be mended."),
)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("Findings as JSON on standard output."))
def check(case: Path, *, as_json: bool) -> None:
    """Print all findings; leave with 1 where one is an error."""
    from detente.case.read import examine

    _case, findings = examine(case)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    else:
        print_findings(findings)
    if any(finding.level == "error" for finding in findings):
        sys.exit(1)


def print_findings(findings: Sequence[Finding]) -> None:
    """The findings, a block each, and how many there are."""
    for finding in findings:
        where = f"{finding.file}:{finding.line}" if finding.line else finding.file
        click.echo(f"{where}  {finding.key}" if finding.key else where)
        mark = "" if finding.level == "error" else _("note: ")
        click.echo(f"    {mark}{finding.problem}")
        click.echo(_("    mend: {mend}", mend=finding.mend))
    errors = sum(finding.level == "error" for finding in findings)
    notes = len(findings) - errors
    if errors:
        click.echo(_.n("{n} thing to mend.", "{n} things to mend.", errors))
    elif notes:
        click.echo(_.n("Nothing to mend; {n} note.", "Nothing to mend; {n} notes.", notes))
    else:
        click.echo(_("Nothing to mend."))
