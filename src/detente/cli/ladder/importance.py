"""`detente ladder importance`: how much each event matters."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import AS_JSON, findings_told
from detente.cli.ladder.options import (
    BELIEF,
    GATE,
    MISSION_TIME,
    MODEL,
    MOST,
    SEQUENCE,
    for_cases,
    for_openpsa,
    is_openpsa,
)
from detente.cli.show import print_json
from detente.cli.words import _

BY = ("MIF", "CIF", "DIF", "RAW", "RRW")


@click.command(
    short_help=_("How much each event matters, by five factors."),
    help=_(
        "Tell the importance factors of the events of MODEL. MIF: Birnbaum's, the probability "
        "given the event less that given it fails to happen; CIF: critical, or Fussell-Vesely's; "
        "DIF: the probability of the event given the outcome; RAW: how many times more probable "
        "the outcome is if the event happens; RRW: if it does not, how many times less. Open-PSA "
        "files: of every sequence, or where there are none of every top gate. A case folder or a "
        "ladder.yaml: of the headline or worse, by ladder, at the medians."
    ),
    epilog=_(
        "Example: detente ladder importance tree.xml --by RAW --most 10. Example: detente ladder "
        "importance cases/training"
    ),
)
@MODEL
@GATE
@SEQUENCE
@click.option(
    "--by",
    type=click.Choice(BY, case_sensitive=False),
    default="CIF",
    show_default=True,
    help=_("Sort by this factor, the largest first."),
)
@MOST
@MISSION_TIME
@BELIEF
@AS_JSON
def importance(
    model: tuple[Path, ...],
    *,
    gates: tuple[str, ...],
    ends: tuple[str, ...],
    by: str,
    most: int | None,
    mission_time: float | None,
    belief: str | None,
    as_json: bool,
) -> None:
    """Print the factors, of files or of a case."""
    with findings_told("ladder-importance", as_json=as_json):
        from detente.cli.ladder.factors import case_factors, model_factors, print_factors

        if is_openpsa(model):
            for_cases(belief=belief)
            outcomes = model_factors(model, gates, ends, time=mission_time)
        else:
            for_openpsa(gate=gates, sequence=ends, mission_time=mission_time)
            outcomes = case_factors(model[0], belief)
        told = [one.sorted(by.upper(), most) for one in outcomes]
    if as_json:
        print_json("ladder-importance", {"by": by.upper(), "outcomes": told})
    else:
        print_factors(told)
