"""`detente options agenda`: what to talk about, and what the recommended package turns on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from detente.cli.files import AS_JSON, findings_told
from detente.cli.options.arguments import DISAGREEMENT, FILES, UNITS
from detente.cli.show import number, print_json, print_table
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.assessment.bargain.results import Misreport
    from detente.cli.options.turning import CaseAgenda, Turning

MOST = 10


@click.command(
    short_help=_("Which disagreement the package turns on."),
    help=_(
        "What is worth talking about: for each measure, what would change if the parties agreed on "
        "it; for each pair of parties, whether the package changes where one gains what the other "
        "says it gains; and for each party the smallest change of one stated gain that changes the "
        "package. The package is that of Nash. Of a case first the agenda of its assessment: every "
        "disagreement, and what it would change. FILE: as of `detente options packages`."
    ),
    epilog=_(
        "Example: detente options agenda gains.csv rules.csv --fast. Example: detente options "
        "agenda cases/training"
    ),
)
@FILES
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=MOST,
    show_default=True,
    help=_("Print at most so many disagreements, and so many measures."),
)
@click.option("--fast", is_flag=True, help=_("Leave out the smallest changes, which take longest."))
@DISAGREEMENT
@UNITS
@AS_JSON
def agenda(
    files: tuple[Path, ...],
    *,
    most: int,
    fast: bool,
    disagreement: Literal["reservation", "worst"] | None,
    units: Literal["raw", "normalised"] | None,
    as_json: bool,
) -> None:
    """Print what the package turns on."""
    with findings_told("options-agenda", as_json=as_json):
        from detente.cli.options.arguments import kind_of
        from detente.cli.options.problems import Genius, read_choice
        from detente.cli.options.turning import CaseAgenda, Turning

        told = CaseAgenda.of(files[0]) if kind_of(files) == "case" else None
        found: Turning | None = None
        try:
            found = Turning.of(read_choice(files, Genius(disagreement, units)), fast=fast)
        except UsageError:  # nobody was asked what it gains: there is no package to turn
            if told is None or not told.points:
                raise
    if as_json:
        points = {"agenda": told.points} if told else {}
        print_json("options-agenda", {**points, **(found.told() if found else {})})
        return
    if told:
        _print_agenda(told, most)
    if found:
        _print(found, most)


def _print_agenda(found: CaseAgenda, most: int) -> None:
    """The disagreements of a case, the first in full and by the rule of the report."""
    from detente.report.pages.agenda import agenda_rows

    rows = enumerate(agenda_rows(found.points[:most], found.names), start=1)
    left = len(found.points) - most
    note = _.n("{n} more disagreement: --most.", "{n} more disagreements: --most.", left)
    print_table(
        _("What to talk about, and what it would change"),
        ("", _("min"), _("kind"), _("on what"), _("who holds what"), _("what it would change")),
        ((str(place), *(str(cell) for cell in row)) for place, row in rows),
        note=note if left > 0 else "",
    )


def _print(found: Turning, most: int) -> None:
    from detente.cli.options.package_words import changes, print_conflict
    from detente.cli.options.problems import print_head

    choice = found.choice
    print_head(choice)
    if found.package.status == "infeasible":
        print_conflict(choice, found.package.conflict)
        return
    print_table(
        _("The package, and what each party gains by it"),
        (_("party"), _("gain"), _("package")),
        (
            (
                choice.party(name),
                number(gain, 4),
                "" if row else choice.package(found.package.package),
            )
            for row, (name, gain) in enumerate(found.package.gains)
        ),
    )
    note = _(
        "Apart: in shares of what each party can gain at most. Effect: on the sum of the "
        "logarithms of gains, by weight."
    )
    left = len(found.settlements) - most
    if left > 0:
        note += " " + _.n("{n} more measure: --most.", "{n} more measures: --most.", left)
    print_table(
        _("If the parties agreed on a measure, halfway between them"),
        (_("measure"), _("apart"), _("the package"), _("effect")),
        (
            (
                choice.measure(one.measure),
                number(one.apart),
                changes(one.joins, one.dominated),
                number(one.effect),
            )
            for one in found.settlements[:most]
        ),
        note=note,
    )
    print_table(
        _("If a party gained what another says of itself"),
        (_("party"), _("with the gains of"), _("the package")),
        (
            (choice.party(one.party), choice.party(one.by), changes(one.joins, one.leaves))
            for one in found.pivots
        ),
    )
    print_table(
        _("The smallest change of one stated gain that changes the package"),
        (_("party"), _("measure"), _("change"), _("share"), _("the package then")),
        (_misreport(found, name, one) for name, one in found.misreports),
        note=_(
            "Change: in the party's own units; share: of the largest number that it states. A "
            "small one can be an honest error as well as a bargaining position."
        ),
    )


def _misreport(found: Turning, name: str, one: Misreport | None) -> tuple[str, ...]:
    choice = found.choice
    if one is None or one.changes_at is None:
        return (choice.party(name), _("no measure"), "–", "–", _("stands"))
    scale = float(choice.problem.scales[choice.problem.parties.index(name)])
    return (
        choice.party(name),
        choice.measure(one.measure),
        number(one.changes_at),
        _.percent(abs(one.changes_at) / scale, 2),
        choice.package(one.package),
    )
