"""`detente options front`: the packages that none betters for one party without loss to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from detente.cli.files import AS_JSON, findings_told, waiting
from detente.cli.options.arguments import DISAGREEMENT, FILES, UNITS
from detente.cli.show import number, print_json, print_table, say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.assessment.bargain.results import FrontPoint
    from detente.cli.options.problems import Choice

MOST = 20


@click.command(
    short_help=_("Packages that none betters for one without loss to another."),
    help=_(
        "The front: the acceptable packages that no other one betters for one party without loss "
        "to another. Of two parties it is found by mixed-integer programs, however many packages "
        "there are; of more by counting all packages, or between two of them while no other loses. "
        "FILE: as of `detente options packages`."
    ),
    epilog=_(
        "Example: detente options front domain.xml profile-1.xml profile-2.xml --units normalised. "
        "Example: detente options front gains.csv --between north south"
    ),
)
@FILES
@click.option(
    "--between",
    nargs=2,
    metavar="PARTY PARTY",
    help=_("These two alone; all others gain 0 or more."),
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=MOST,
    show_default=True,
    help=_("Print at most so many."),
)
@DISAGREEMENT
@UNITS
@AS_JSON
def front(
    files: tuple[Path, ...],
    *,
    between: tuple[str, str] | None,
    most: int,
    disagreement: Literal["reservation", "worst"] | None,
    units: Literal["raw", "normalised"] | None,
    as_json: bool,
) -> None:
    """Print the front, from the first party's best on."""
    with findings_told("options-front", as_json=as_json):
        from detente.cli.options.problems import Genius, print_head, read_choice

        choice = read_choice(files, Genius(disagreement, units))
        with waiting(_("finding the front")):
            method, parties, points = _front(choice, between)
    if as_json:
        told = {"method": method, "between": parties, "front": points}
        print_json("options-front", {**choice.told(), **told})
        return
    print_head(choice)
    _print(choice, parties, points, most)


def _front(
    choice: Choice, between: tuple[str, str] | None
) -> tuple[str, tuple[str, ...], tuple[FrontPoint, ...]]:
    """How the front was found, between whom, and its points."""
    from detente.assessment.bargain.enumeration import MOST_PACKAGES, count
    from detente.assessment.bargain.front import bargaining_front, enumerated_front

    problem = choice.problem
    if unknown := sorted(set(between or ()) - set(problem.parties)):
        raise UsageError(
            _(
                "No party {names}; there are: {known}.",
                names=", ".join(unknown),
                known=", ".join(problem.parties),
            )
        )
    if between is None and len(problem.parties) != 2:
        if count(problem) > MOST_PACKAGES:
            raise UsageError(
                _("There are too many packages to count: name two parties by --between.")
            )
        return "enumerated", problem.parties, enumerated_front(problem)
    first, second = between or problem.parties
    return "programs", (first, second), bargaining_front(problem, (first, second))


def _print(
    choice: Choice, parties: tuple[str, ...], points: tuple[FrontPoint, ...], most: int
) -> None:
    if not points:
        say(_("No package is acceptable; `detente options packages` tells why."))
        return
    order = [*parties, *(name for name in choice.problem.parties if name not in parties)]
    shown = points[:most]
    left = len(points) - len(shown)
    note = _("Gains in each party's own units, against its trend.")
    if left:
        note += " " + _.n(
            "{n} more package: --most, or --json.", "{n} more packages: --most, or --json.", left
        )
    print_table(
        _.n("A front of {n} package", "A front of {n} packages", len(points)),
        (*(choice.party(name) for name in order), _("package")),
        (
            (
                *(number(dict(one.gains)[name], 6) for name in order),
                choice.package(one.package),
            )
            for one in shown
        ),
        note=note,
    )
