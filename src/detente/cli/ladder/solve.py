"""`detente ladder solve`: how probable the top is, and how frequent every sequence or level."""

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
    for_cases,
    for_openpsa,
    is_openpsa,
)
from detente.cli.show import print_json
from detente.cli.words import _


@click.command(
    short_help=_("Probabilities of top gates, frequencies of sequences and levels."),
    help=_(
        "Solve MODEL exactly. Open-PSA files: the probability of each top gate and of each "
        "sequence of the event trees, and its frequency; uncertain numbers stand at their means, "
        "or are sampled. A case folder or a ladder.yaml: how often each level or worse is reached, "
        "and what each measure does to it."
    ),
    epilog=_(
        "Example: detente ladder solve tree.xml --samples 4096. Example: detente ladder solve "
        "cases/training --belief all"
    ),
)
@MODEL
@GATE
@click.option(
    "--samples",
    type=click.IntRange(min=1),
    help=_("Points of the uncertain numbers, a power of two; none for Open-PSA, 16384 for a case."),
)
@SEED
@MISSION_TIME
@BELIEF
@AS_JSON
def solve(
    model: tuple[Path, ...],
    *,
    gates: tuple[str, ...],
    samples: int | None,
    seed: int | None,
    mission_time: float | None,
    belief: str | None,
    as_json: bool,
) -> None:
    """Solve files, or a case."""
    with findings_told("ladder-solve", as_json=as_json):
        if is_openpsa(model):
            for_cases(belief=belief)
            from detente.cli.ladder.solve_openpsa import print_model, solved_model

            told = solved_model(model, gates, samples=samples, seed=seed, time=mission_time)
            if not as_json:
                print_model(told)
        else:
            for_openpsa(gate=gates, seed=seed, mission_time=mission_time)
            from detente.cli.ladder.solve_case import SolvedCase, print_case

            solved = SolvedCase.of(model[0], belief, points=samples)
            told = solved.told()
            if not as_json:
                print_case(solved)
    if as_json:
        print_json("ladder-solve", told)
