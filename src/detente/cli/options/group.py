"""`detente options`: measures weighed, chosen together, put in order, and what stands between."""

from __future__ import annotations

import click

from detente.cli.options.accept import accept
from detente.cli.options.agenda import agenda
from detente.cli.options.front import front
from detente.cli.options.ledger import ledger
from detente.cli.options.packages import packages
from detente.cli.options.path import path
from detente.cli.options.relations import relations
from detente.cli.words import _


@click.group(
    help=_(
        "Weigh options for parties that disagree, and choose among them: on a case, or on files of "
        "other programs and spreadsheets."
    ),
    epilog=_(
        "Start with: detente options packages gains.csv rules.csv; detente options accept --help"
    ),
)
def options() -> None:
    """The group of the verbs of options."""


for verb in (ledger, accept, relations, packages, front, path, agenda):
    options.add_command(verb)
