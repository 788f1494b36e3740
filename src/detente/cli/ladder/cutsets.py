"""`detente ladder cutsets`: how many minimal cut sets there are, and the most probable ones."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import AS_JSON, findings_told
from detente.cli.ladder.options import (
    BELIEF,
    GATE,
    MISSION_TIME,
    MODEL,
    SEQUENCE,
    for_cases,
    for_openpsa,
    is_openpsa,
)
from detente.cli.show import print_json
from detente.cli.words import _

MOST = 20


@click.command(
    short_help=_("How many minimal cut sets there are, and the most probable."),
    help=_(
        "Count the minimal cut sets of MODEL by order, without listing them, and rank the most "
        "probable. Open-PSA files: of every sequence, or where there are none of every top gate. "
        "A case folder or a ladder.yaml: the ways to the headline level."
    ),
    epilog=_(
        "Example: detente ladder cutsets tree.xml --most 50 --above 1e-9. Example: detente ladder "
        "cutsets cases/training"
    ),
)
@MODEL
@GATE
@SEQUENCE
@click.option(
    "--most",
    type=click.IntRange(min=0),
    default=MOST,
    show_default=True,
    help=_("Rank at most so many."),
)
@click.option(
    "--above",
    type=click.FloatRange(0, 1),
    help=_("Of Open-PSA: rank those of at least this probability."),
)
@MISSION_TIME
@BELIEF
@AS_JSON
def cutsets(
    model: tuple[Path, ...],
    *,
    gates: tuple[str, ...],
    ends: tuple[str, ...],
    most: int,
    above: float | None,
    mission_time: float | None,
    belief: str | None,
    as_json: bool,
) -> None:
    """Count and rank, of files or of a case."""
    with findings_told("ladder-cutsets", as_json=as_json):
        if is_openpsa(model):
            for_cases(belief=belief)
            from detente.cli.ladder.cutsets_openpsa import Wanted, found_sets, print_sets

            wanted = Wanted(gates, ends, most, above or 0.0, mission_time)
            told = found_sets(model, wanted)
            if not as_json:
                print_sets(told)
        else:
            for_openpsa(gate=gates, sequence=ends, above=above, mission_time=mission_time)
            from detente.cli.ladder.ways import FoundWays, print_ways

            found = FoundWays.of(model[0], belief, most=most)
            told = found.told()
            if not as_json:
                print_ways(found)
    if as_json:
        print_json("ladder-cutsets", told)
