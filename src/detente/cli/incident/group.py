"""`detente incident`: two accounts of one incident, before any rule and without any track."""

from __future__ import annotations

import click

from detente.cli.incident.compare import compare
from detente.cli.incident.new import new
from detente.cli.incident.release import release
from detente.cli.words import _


@click.group(
    help=_(
        "Two accounts of one incident: write down what one side claims, release what may leave the "
        "house, and set it beside the other side's account. No tracks are needed."
    ),
    epilog=_(
        "Start with: detente incident new ours.yaml --side 'Side B' --day 2026-01-31; fill it in; "
        "detente incident compare ours.yaml --out sheet"
    ),
)
def incident() -> None:
    """The group of the verbs of incidents."""


for verb in (new, compare, release):
    incident.add_command(verb)
