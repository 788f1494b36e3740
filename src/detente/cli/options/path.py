"""`detente options path`: a package in steps, each of which every party can stand on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from detente.cli.files import AS_JSON, findings_told
from detente.cli.options.arguments import DISAGREEMENT, FILES, UNITS
from detente.cli.show import number, print_json, print_table, say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.assessment.bargain.results import SequenceStep
    from detente.cli.options.course import Found

STEPS = 3


@click.command(
    short_help=_("A package in steps, with balance and off-ramps."),
    help=_(
        "Put a package in order: what needs something comes after it, no step leaves a party below "
        "its trend, gains come early, and what can be verified or begun alone comes first. After "
        "each step it is told what holds if the next one fails. FILE: as of `detente options "
        "packages`; rules may tell what sides receive, what is verifiable, unilateral or "
        "revocable, and when it may begin. In a case, what sides receive is what they say of "
        "measures of the other, and verifiability is that of the measure."
    ),
    epilog=_(
        "Example: detente options path gains.csv rules.csv --steps 4 --balance 2. Example: detente "
        "options path cases/training"
    ),
)
@FILES
@click.option(
    "--of",
    "rule",
    type=click.Choice(("nash", "leximin", "kalai-smorodinsky", "utilitarian", "free")),
    default="nash",
    show_default=True,
    help=_("Which package; `free` chooses measures with their order, at the stated gains."),
)
@click.option(
    "--steps",
    type=click.IntRange(min=1, max=100),
    default=STEPS,
    show_default=True,
    help=_("The number of steps."),
)
@click.option(
    "--most-a-step",
    type=click.IntRange(min=1),
    help=_("How many measures may begin in a step; as few as suffice by default."),
)
@click.option(
    "--discount",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.9,
    show_default=True,
    help=_("What a gain that begins a step later is worth."),
)
@click.option(
    "--balance",
    type=click.FloatRange(min=0),
    help=_("The most by which what two sides have received may differ after a step; any."),
)
@click.option(
    "--slack",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help=_("How far below its trend a party may stand in between, in shares of its scale."),
)
@click.option(
    "--same-step", is_flag=True, help=_("What is needed may begin in the same step, not before.")
)
@DISAGREEMENT
@UNITS
@AS_JSON
def path(  # noqa: PLR0913
    files: tuple[Path, ...],
    *,
    rule: str,
    steps: int,
    most_a_step: int | None,
    discount: float,
    balance: float | None,
    slack: float,
    same_step: bool,
    disagreement: Literal["reservation", "worst"] | None,
    units: Literal["raw", "normalised"] | None,
    as_json: bool,
) -> None:
    """Print the steps, or what keeps any path from being possible."""
    with findings_told("options-path", as_json=as_json):
        from detente.cli.options.course import Found, Wanted
        from detente.cli.options.problems import Genius, read_choice

        choice = read_choice(files, Genius(disagreement, units))
        wanted = Wanted(rule, steps, most_a_step, discount, balance, slack, same_step=same_step)
        found = Found.of(choice, wanted)
    if as_json:
        print_json("options-path", found.told())
    else:
        _print(found)


def _print(found: Found) -> None:
    from detente.cli.options.package_words import print_conflict
    from detente.cli.options.problems import print_head

    print_head(found.choice)
    if found.path.status == "infeasible":
        print_conflict(found.choice, found.path.conflict)
        return
    begun = [one for one in found.path.steps if one.begins]
    if not begun:
        say(_("The package is empty: nothing is to be put in order."))
        return
    print_table(
        _("Steps"),
        (_("step"), _("begins"), *_balance_head(found), _("can be taken back then")),
        (_row(found, one, name) for one in begun for name in one.begins),
        note=_note(found),
    )
    print_table(
        _("What each party has gained if nothing follows"),
        (_("party"), *(_("after {step}", step=one.number) for one in found.path.steps)),
        (
            (
                found.choice.party(name),
                *(number(dict(one.off_ramp.gains)[name], 4) for one in found.path.steps),
            )
            for name in found.choice.problem.parties
        ),
        note=_("In its own units, against its trend."),
    )


def _note(found: Found) -> str:
    from detente.cli.options.package_words import proven

    gap = proven(found.path.status, found.path.gap)
    note = _("Proven within: {gap}.", gap=gap)
    if found.has_balance:
        first, second = dict.fromkeys(found.choice.problem.own_sides)
        told = _(
            "Balance: what {second} has received so far less what {first} has.",
            first=found.choice.side(first),
            second=found.choice.side(second),
        )
        note += f" {told}"
    return note


def _balance_head(found: Found) -> tuple[str, ...]:
    return (_("balance"),) if found.has_balance else ()


def _row(found: Found, one: SequenceStep, name: str) -> tuple[str, ...]:
    last = name == one.begins[-1]
    ramp = one.off_ramp
    balance = (number(ramp.balance) if last else "",) if found.has_balance else ()
    back = ", ".join(ramp.withdrawable) if last else ""
    return (str(one.number), found.choice.measure(name), *balance, back)
