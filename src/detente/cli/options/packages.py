"""`detente options packages`: the measures to take together, by several rules, exactly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from detente.cli.files import AS_JSON, findings_told
from detente.cli.options.arguments import DISAGREEMENT, FILES, SEED, UNITS
from detente.cli.show import number, print_json, print_table, say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.assessment.bargain.results import Bargain
    from detente.cli.options.chosen import Chosen


MOST = 30  # measures of which the exterior ones are printed too


@click.command(
    short_help=_("The measures to take together, by several rules."),
    help=_(
        "Choose packages that keep all rules and leave no party below its trend without agreement: "
        "the Nash product, leximin, Kalai-Smorodinsky, the weighted sum, and each party's best; "
        "with sides at other weights; and the core index, the share of defensible packages that "
        "hold a measure. FILE: a table of gains (party, measure, gain; side, weight, low, high) "
        "and tables of rules (rule, measure, with, value: needs, excludes, required, choice, "
        "red-line, cost, budget, side-weight; of a path received, verifiable, unilateral, "
        "revocable, earliest, latest); a GENIUS domain and its profiles; or a case folder. Every "
        "package is proven best, or the gap is told; where none is acceptable, what stands against "
        "each other."
    ),
    epilog=_(
        "Example: detente options packages gains.csv rules.csv. Example: detente options packages "
        "cases/training"
    ),
)
@FILES
@click.option(
    "--draws",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help=_("Of weights and gains, for the core index where packages are too many to count."),
)
@SEED
@DISAGREEMENT
@UNITS
@AS_JSON
def packages(
    files: tuple[Path, ...],
    *,
    draws: int,
    seed: int | None,
    disagreement: Literal["reservation", "worst"] | None,
    units: Literal["raw", "normalised"] | None,
    as_json: bool,
) -> None:
    """Print the packages, or what keeps any from being acceptable."""
    with findings_told("options-packages", as_json=as_json):
        from detente.cli.options.chosen import Chosen
        from detente.cli.options.problems import Genius, read_choice

        choice = read_choice(files, Genius(disagreement, units))
        found = Chosen.of(choice, draws=draws, seed=1 if seed is None else seed)
    if as_json:
        print_json("options-packages", found.told())
    else:
        _print(found)


def _print(found: Chosen) -> None:
    from detente.cli.options.package_words import print_conflict
    from detente.cli.options.problems import print_head

    print_head(found.choice)
    if found.nash.status == "infeasible":
        print_conflict(found.choice, found.nash.conflict)
        return
    _print_packages(found)
    _print_gains(found)
    _print_terms(found)
    _print_sides(found)
    _print_core(found)


def _print_packages(found: Chosen) -> None:
    from detente.cli.options.package_words import proven, rule

    choice = found.choice

    def title(one: Bargain) -> str:
        return f"{rule(one.solution)} *" if one.comparable else rule(one.solution)

    rows = [
        (title(one), choice.package(one.package), proven(one.status, one.gap))
        for one in found.rules
    ]
    rows += [
        (
            _("best for {party}", party=choice.party(name)),
            choice.package(one.package),
            proven(one.status, one.gap),
        )
        for name, one in found.best
    ]
    print_table(
        _("Packages"),
        (_("rule"), _("package"), _("proven within")),
        rows,
        note=_(
            "* Only if gains are comparable: one unit is worth the same to every party. Proven "
            "within: no package betters the objective by more (of Nash, in logarithms)."
        ),
    )
    for one in found.rules:
        if one.left_out:
            names = _.list([choice.party(name) for name in one.left_out])
            say(
                _(
                    "{rule}: cannot gain, and stays at the trend: {parties}.",
                    rule=rule(one.solution),
                    parties=names,
                )
            )


def _print_gains(found: Chosen) -> None:
    from detente.cli.options.package_words import rule

    own = {name: one.objective for name, one in found.best}
    print_table(
        _("What each party gains, in its own units, against its trend"),
        (_("party"), *(rule(one.solution) for one in found.rules), _("its best")),
        (
            (
                found.choice.party(name),
                *(number(dict(one.gains)[name], 4) for one in found.rules),
                number(own[name], 4),
            )
            for name in found.choice.problem.parties
        ),
        note=_("Gains of two parties are not compared: their units may differ."),
    )


def _print_terms(found: Chosen) -> None:
    """What the Nash package spends and what it gains together; nothing where nothing is stated."""
    from detente.cli.options.package_words import changes

    choice, own = found.choice, found.nash.package

    def change(package: tuple[str, ...]) -> str:
        joins = [name for name in package if name not in own]
        return changes(joins, [name for name in own if name not in package])

    if found.budgets:
        print_table(
            _("What the Nash package spends"),
            (_("budget"), _("limit"), _("spent"), _("by measure"), _("without the budget")),
            (
                (
                    choice.budget(one.budget),
                    number(one.limit, 4),
                    number(one.spent, 4),
                    ", ".join(f"{name} {number(cost, 4)}" for name, cost in one.costs),
                    change(one.without),
                )
                for one in found.budgets
            ),
            note=_("A budget binds where the package would be another without it."),
        )
    if found.joint_gains:
        print_table(
            _("What changes only where measures stand together"),
            (
                _("measures"),
                *(choice.party(name) for name in choice.problem.parties),
                _("in the Nash package"),
                _("without the change"),
            ),
            (
                (
                    " + ".join("/".join(clause) for clause in one.measures),
                    *(number(dict(one.gains).get(p, 0.0), 3) for p in choice.problem.parties),
                    _("yes") if one.held else _("no"),
                    change(one.without),
                )
                for one in found.joint_gains
            ),
            note=_("Mean changes of gains, in each party's own units; of M1/M2 one suffices."),
        )
    if found.groups:
        print_table(
            _("Groups of which a package holds so many"),
            (_("group"), _("at least"), _("at most"), _("in the Nash package")),
            (
                (choice.group(one.group), str(one.least), str(one.most), ", ".join(one.held))
                for one in found.groups
            ),
            note=_("Beside those in force."),
        )


def _print_sides(found: Chosen) -> None:
    choice = found.choice
    print_table(
        _("The Nash product with a side at another weight"),
        (_("side"), _("weight"), _("package")),
        (
            (choice.side(side), _.percent(weight, 1), choice.package(one.package))
            for side, weight, one in found.at_weights
        ),
        note=_("The rest is split evenly among the other sides."),
    )


def _print_core(found: Chosen) -> None:
    kinds = {"core": _("core"), "borderline": _("borderline"), "exterior": _("exterior")}
    core = found.core
    if core is None:
        return
    count = _.n("{n} package", "{n} packages", len(core.packages))
    note = _("Over {packages}: all that no other dominates.", packages=count)
    if core.method == "sampled":
        note = _(
            "Over {packages}, each the best under some drawn weights and gains: too many to count "
            "all, so that shares near 0 and 1 are overstated.",
            packages=count,
        )
    shown = core.indices
    if len(shown) > MOST:
        shown = tuple(one for one in shown if one.kind != "exterior")
        note += " " + _("Measures that are in none are left out.")
    print_table(
        _("Core index"),
        (_("measure"), _("share"), _("class")),
        (
            (found.choice.measure(one.measure), _.percent(one.share), kinds[one.kind])
            for one in shown
        ),
        note=note,
    )
