"""`detente ladder`: fault trees, event trees and the ladders of a case, solved exactly."""

from __future__ import annotations

import click

from detente.cli.ladder.check import check
from detente.cli.ladder.cutsets import cutsets
from detente.cli.ladder.diff import diff
from detente.cli.ladder.draw import draw
from detente.cli.ladder.evppi import evppi
from detente.cli.ladder.export import export
from detente.cli.ladder.importance import importance
from detente.cli.ladder.sobol import sobol
from detente.cli.ladder.solve import solve
from detente.cli.words import _


@click.group(
    help=_(
        "Solve the ladders of a case, or fault trees and event trees in Open-PSA files: exact "
        "probabilities, cut sets, importance, and what is worth knowing better."
    ),
    epilog=_("Start with: detente ladder check tree.xml; detente ladder solve tree.xml"),
)
def ladder() -> None:
    """The group of the verbs of ladders."""


for verb in (check, solve, cutsets, importance, sobol, evppi, export, diff, draw):
    ladder.add_command(verb)
