"""`detente ladder sobol`: which uncertain number makes the spread."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import AS_JSON, findings_told
from detente.cli.ladder.options import (
    BELIEF,
    GATE,
    MISSION_TIME,
    MODEL,
    SEED,
    SEQUENCE,
    for_cases,
    for_openpsa,
    is_openpsa,
)
from detente.cli.show import print_json
from detente.cli.words import _


@click.command(
    short_help=_("Which uncertain number makes the spread."),
    help=_(
        "Tell Sobol's indices of each uncertain number of MODEL: the share of the variance that "
        "goes when it alone is learnt (first), and that is left when all else is (total). They "
        "are exact where every event has a number of its own, else sampled, with standard errors. "
        "Open-PSA files: of every sequence, or where there are none of every top gate. A case "
        "folder or a ladder.yaml: of the headline frequency."
    ),
    epilog=_(
        "Example: detente ladder sobol tree.xml --samples 65536. Example: detente ladder sobol "
        "cases/training --belief all"
    ),
)
@MODEL
@GATE
@SEQUENCE
@click.option(
    "--samples",
    type=click.IntRange(min=32),
    help=_("Of Open-PSA: points where they are needed, a power of two; 8192 by default."),
)
@SEED
@MISSION_TIME
@BELIEF
@AS_JSON
def sobol(
    model: tuple[Path, ...],
    *,
    gates: tuple[str, ...],
    ends: tuple[str, ...],
    samples: int | None,
    seed: int | None,
    mission_time: float | None,
    belief: str | None,
    as_json: bool,
) -> None:
    """Print the indices, of files or of a case."""
    with findings_told("ladder-sobol", as_json=as_json):
        if is_openpsa(model):
            for_cases(belief=belief)
            from detente.cli.ladder.indices import Wanted, model_indices, print_indices

            wanted = Wanted(gates, ends, samples, seed, mission_time)
            told = {"outcomes": model_indices(model, wanted)}
            if not as_json:
                print_indices(told["outcomes"])
        else:
            for_openpsa(
                gate=gates, sequence=ends, samples=samples, seed=seed, mission_time=mission_time
            )
            from detente.cli.ladder.drivers import case_drivers

            told = case_drivers(model[0], belief, quiet=as_json)
    if as_json:
        print_json("ladder-sobol", told)
