"""`detente incident new`: a blank account to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import write_new
from detente.cli.words import _


@click.command(
    short_help=_("Write a blank account to fill in."),
    help=_(
        "Write a commented account into FILE: craft, whom to call, claims with their certainty and "
        "source, and questions, each with who may see it. It passes as it is."
    ),
    epilog=_(
        "Example: detente incident new ours.yaml --incident 2026-01-31-strait --side 'Side B'"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--side", required=True, help=_("Whose account it is."))
@click.option(
    "--incident",
    default="incident-1",
    show_default=True,
    help=_("The incident: one word, the same in both accounts."),
)
@click.option("--day", required=True, help=_("The day of the account, as 2026-01-31."))
def new(file: Path, *, side: str, incident: str, day: str) -> None:
    """Write the file, never over another."""
    from detente.encounters.accounts.read import account_of
    from detente.encounters.accounts.write import blank
    from detente.ground.text import Marked

    text = blank(incident, side, day)
    account_of(text, Marked(file.name))
    write_new(file, text.encode())
    click.echo(_("{file} is ready. Next: detente incident compare {file} --out sheet", file=file))
