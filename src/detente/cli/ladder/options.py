"""What the verbs of `detente ladder` take, and which of it holds for which kind of model."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import FILE, given
from detente.cli.words import _
from detente.ground.errors import UsageError

MODEL = click.argument("model", nargs=-1, required=True, type=FILE)
GATE = click.option(
    "--gate", "gates", multiple=True, metavar="NAME", help=_("Of Open-PSA: this gate; repeatable.")
)
SEQUENCE = click.option(
    "--sequence",
    "ends",
    multiple=True,
    metavar="NAME",
    help=_("Of Open-PSA: this sequence of an event tree; repeatable."),
)
MISSION_TIME = click.option(
    "--mission-time",
    type=click.FloatRange(min=0),
    metavar="HOURS",
    help=_("Of Open-PSA: the system mission time; a year by default."),
)
BELIEF = click.option(
    "--belief",
    metavar="ID",
    help=_("Of a case: the belief whose numbers hold, or `all`; `base` by default, the case's own"),
)
SEED = click.option("--seed", type=click.IntRange(min=0), help=_("Of Open-PSA: of the points; 1."))
MOST = click.option("--most", type=click.IntRange(min=1), help=_("Print at most so many."))


def is_openpsa(model: tuple[Path, ...]) -> bool:
    """Whether Open-PSA files are named, and not a case or a ladder.yaml, which stand alone."""
    ladders = [path for path in model if path.is_dir() or path.suffix in (".yaml", ".yml")]
    if ladders and len(model) > 1:
        raise UsageError(_("Name one case, one ladder.yaml, or Open-PSA files."))
    return not ladders


def for_openpsa(**options: object) -> None:
    """Refuse options that hold for Open-PSA files only."""
    if given(**options):
        named = ", ".join(given(**options))
        raise UsageError(_("{options}: for Open-PSA files only.", options=named))


def for_cases(**options: object) -> None:
    """Refuse options that hold for a case or a ladder.yaml only."""
    if given(**options):
        named = ", ".join(given(**options))
        raise UsageError(_("{options}: for a case or a ladder.yaml only.", options=named))
