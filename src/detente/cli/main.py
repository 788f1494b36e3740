"""The command line: thin verbs, each a call into a room."""

from __future__ import annotations

import sys

import click

from detente import __version__
from detente.cli.assess import assess
from detente.cli.check import check
from detente.cli.elicit.group import elicit
from detente.cli.incident.group import incident
from detente.cli.ladder.group import ladder
from detente.cli.line.group import line
from detente.cli.new import new
from detente.cli.options.group import options
from detente.cli.screen.verb import screen
from detente.cli.words import _
from detente.ground.errors import CaseError, DetenteError, PeerError, StoreError, UsageError

EXIT_CODES: tuple[tuple[type[DetenteError], int], ...] = (
    (CaseError, 1),
    (UsageError, 2),
    (PeerError, 3),
    (StoreError, 3),
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_(
        "A systematic, reproducible assessment of risk-reduction measures between rival parties."
    ),
    epilog=_(
        "Start with: detente new my-case; detente check my-case; detente assess my-case --out "
        "report"
    ),
)
@click.version_option(__version__, prog_name="detente")
def cli() -> None:
    """The group of all verbs."""


for verb in (new, check, assess, elicit, ladder, options, incident, screen, line):
    cli.add_command(verb)


def main() -> None:
    """Run the command line: 0 done, 1 findings, 2 usage, 3 the other side or the machine."""
    try:
        cli.main(prog_name="detente", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo(_("Stopped; nothing was written."), err=True)
        sys.exit(3)
    except DetenteError as error:
        click.echo(str(error), err=True)
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 3))
