"""`detente elicit template`: a workbook to fill in for a verb."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import write_new
from detente.cli.show import say
from detente.cli.words import _
from detente.ground.errors import UsageError

VERBS = ("pool", "cooke", "rank", "statements", "groups")


@click.command(
    short_help=_("A workbook to fill in for a verb."),
    help=_(
        "Write a workbook with the columns that VERB reads, one example row, and a second sheet "
        "that explains each column."
    ),
    epilog=_(
        "Example: detente elicit template pool answers.xlsx; fill it in; detente elicit pool "
        "answers.xlsx"
    ),
)
@click.argument("verb", type=click.Choice(VERBS))
@click.argument("out", metavar="OUT.xlsx", type=click.Path(path_type=Path, dir_okay=False))
def template(verb: str, out: Path) -> None:
    """Write the workbook; never over another file."""
    from detente.elicitation.foreign.template import workbook

    if out.suffix.lower() != ".xlsx":
        raise UsageError(_("{out} must end in .xlsx: a workbook is read by its name.", out=out))
    data = workbook(verb, _)
    write_new(out, data)
    say(_("{out} is ready. Next: detente elicit {verb} {out}", out=out, verb=verb))
