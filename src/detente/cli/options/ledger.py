"""`detente options ledger`: what each side would give, and what the other would value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, findings_told, waiting
from detente.cli.options.arguments import FILES, kind_of, print_measures
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.assessment.results import LedgerEntry
    from detente.elicitation.results import ElicitationResults, Spread
    from detente.report.names import Names


@click.command(
    short_help=_("What each side would give, and what the other values."),
    help=_(
        "The reassurance ledger, in both directions: how much a measure of one side would reassure "
        "the other as the giver expects and as the receiver says, what it costs the giver, and how "
        "likely each holds it to be kept. The two views are never merged: the gap is the result. "
        "FILE: a case folder."
    ),
    epilog=_("Example: detente options ledger cases/training"),
)
@FILES
@AS_JSON
def ledger(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Print the entries by giver and receiver."""
    if kind_of(files) != "case":
        raise UsageError(_("The ledger is of a case: name its folder, as `detente new` makes one."))
    with findings_told("options-ledger", as_json=as_json):
        from detente.assessment.ledger import ledger as entries_of
        from detente.cli.elicit.files import assessed
        from detente.cli.elicit.of_case import head, names_of

        case, results = assessed(files[0])
        with waiting(_("reading")):
            entries = entries_of(case, results.groups)
    if as_json:
        print_json("options-ledger", {**head(results), "entries": entries})
    else:
        _print(names_of(case), results, entries)


def _print(names: Names, results: ElicitationResults, entries: tuple[LedgerEntry, ...]) -> None:
    from detente.cli.elicit.of_case import print_head

    print_head(names, results)
    if not entries:
        say(_("No side that may be shown was asked about reassurance."))
    for giver, receiver in dict.fromkeys((one.giver, one.receiver) for one in entries):
        own = [one for one in entries if (one.giver, one.receiver) == (giver, receiver)]
        print_table(
            _(
                "{giver} gives, {receiver} receives",
                giver=names.group(giver),
                receiver=names.group(receiver),
            ),
            (
                *(_("measure"), _("receiver says"), _("giver expects"), _("gap")),
                *(_("cost"), _("kept"), _("class")),
            ),
            (_row(names, one) for one in own),
            note=_(
                "Means with 90 %; ratings from 0 to 10. Gap: said less expected. Kept: the "
                "probability in the eyes of the giver; of the receiver."
            ),
        )
    print_measures(names, [one.measure for one in entries])


def _row(names: Names, one: LedgerEntry) -> tuple[str, ...]:
    kept = (one.kept_by_own_view, one.kept_by_other_view)
    return (
        one.measure,
        *(_spread(each) for each in (one.said, one.expected, one.gap, one.cost)),
        "; ".join("–" if each is None else _.number(each.mid, 2) for each in kept),
        names.ledger(one.kind),
    )


def _spread(told: Spread | None) -> str:
    if told is None:
        return "–"
    mid, low, high = (_.number(each, 1) for each in (told.mid, told.low, told.high))
    return f"{mid} ({low}–{high})"
