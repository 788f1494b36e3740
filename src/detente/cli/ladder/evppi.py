"""`detente ladder evppi`: which number, once known, would change the choice of a measure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, findings_told, waiting
from detente.cli.ladder.options import BELIEF, MODEL, is_openpsa
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.escalation.prepare import Prepared
    from detente.escalation.results import Learning
    from detente.escalation.uncertainty import Belief
    from detente.report.names import Names


@click.command(
    short_help=_("Which number, once known, would change the choice."),
    help=_(
        "The expected value of perfect information on one number: how often learning it would "
        "change the measure that a belief prefers, and the share of the headline frequency that "
        "this would save. MODEL: a case folder; a choice needs its measures."
    ),
    epilog=_("Example: detente ladder evppi cases/training --belief all"),
)
@MODEL
@BELIEF
@AS_JSON
def evppi(model: tuple[Path, ...], *, belief: str | None, as_json: bool) -> None:
    """Print what learning each number would change."""
    if is_openpsa(model):
        raise UsageError(
            _("Open-PSA files have no measures to choose from: name a case, as `detente new` does.")
        )
    with findings_told("ladder-evppi", as_json=as_json):
        from detente.cli.ladder.of_case import chosen, made_ready, names_of

        made = made_ready(model[0])
        held = chosen(made, belief)
        with waiting(_("learning")):
            told = [one for each in held for one in _learning(made, each)]
    if as_json:
        print_json("ladder-evppi", {"learning": told})
    else:
        _print(names_of(made), held, told)


def _learning(made: Prepared, belief: Belief) -> tuple[Learning, ...]:
    from detente.escalation.learning import learning

    return learning(
        belief,
        made.at_headline[belief.id],
        made.together,
        measures=made.measures,
        sample=made.sample,
    )


def _print(names: Names, held: tuple[Belief, ...], told: list[Learning]) -> None:
    from detente.cli.ladder.of_case import print_belief

    for belief in held:
        print_belief(names, belief)
        own = [one for one in told if one.belief == belief.id]
        print_table(
            _("What learning one number would change"),
            (_("number"), _("preferred"), _("changes"), _("likeliest instead"), _("saves")),
            (_row(names, one) for one in own),
            note=_(
                "Changes: the probability that another measure is best once the number is known. "
                "Saves: the share of the frequency of {level} or worse, on average.",
                level=names.level(names.case.ladder.headline or ""),
            ),
        )
        if not own:
            say(_("No number would change the choice."))


def _row(names: Names, one: Learning) -> tuple[str, ...]:
    def measure(name: str) -> str:
        return names.measure(name) if name else _("no measure")

    return (
        one.number,
        measure(one.preferred),
        _.percent(one.changes, 1),
        measure(one.instead),
        _.percent(one.worth, 2),
    )
