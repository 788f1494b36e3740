"""`detente options ledger`: what each side would give, and what the other would value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, contents, findings_told, waiting
from detente.cli.options.arguments import FILES, kind_of, print_measures
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.assessment.results import LedgerEntry
    from detente.elicitation.results import Spread

Call = Callable[[str], str]


@click.command(
    short_help=_("What each side would give, and what the other values."),
    help=_(
        "The reassurance ledger, in both directions: how much a measure of one side would reassure "
        "the other as the giver expects and as the receiver says, what it costs the giver, and how "
        "likely each holds it to be kept. The two views are never merged: the gap is the result. "
        "FILE: a case folder; or a table with a row for each rating (measure, giver, receiver, "
        "question, person, rating), where question is expected (by the giver, how much it would "
        "reassure the receiver, 0 to 10), said (by the receiver, how much it would), cost (to the "
        "giver, 0 to 10), kept_own or kept_other (the probability, 0 to 1, that the giver keeps "
        "it, by the giver or by the receiver)."
    ),
    epilog=_(
        "Example: detente options ledger cases/training. A row of a table: Hotline, North, South, "
        "said, south-1, 8"
    ),
)
@FILES
@AS_JSON
def ledger(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Print the entries by giver and receiver."""
    kind = kind_of(files)
    if kind not in ("case", "tables") or len(files) > 1:
        raise UsageError(_("The ledger is of one case or one table of ratings: name it alone."))
    with findings_told("options-ledger", as_json=as_json):
        if kind == "case":
            _of_case(files[0], as_json=as_json)
        else:
            _of_table(files[0], as_json=as_json)


def _of_case(folder: Path, *, as_json: bool) -> None:
    from detente.assessment.ledger import ledger as entries_of
    from detente.cli.elicit.files import assessed
    from detente.cli.elicit.of_case import head, names_of, print_head

    case, results = assessed(folder)
    with waiting(_("reading")):
        entries = entries_of(case, results.groups)
    if as_json:
        print_json("options-ledger", {**head(results), "entries": entries})
        return
    names = names_of(case)
    print_head(names, results)
    if not entries:
        say(_("No side that may be shown was asked about reassurance."))
    _print(entries, names.group)
    print_measures(names, [one.measure for one in entries])


def _of_table(file: Path, *, as_json: bool) -> None:
    from detente.assessment.foreign.ratings_csv import read_ratings
    from detente.assessment.ledger import entries as entries_of

    with waiting(_("reading")):
        table = read_ratings(str(file), contents(file))
        entries = entries_of(table.ratings, table.measures, table.sides)
    if as_json:
        print_json("options-ledger", {"entries": entries})
        return
    if not entries:
        say(_("No measure was rated by two people of a side."))
    _print(entries, str)


def _print(entries: Sequence[LedgerEntry], group: Call) -> None:
    for giver, receiver in dict.fromkeys((one.giver, one.receiver) for one in entries):
        own = [one for one in entries if (one.giver, one.receiver) == (giver, receiver)]
        print_table(
            _(
                "{giver} gives, {receiver} receives",
                giver=group(giver),
                receiver=group(receiver),
            ),
            (
                *(_("measure"), _("receiver says"), _("giver expects"), _("gap")),
                *(_("cost"), _("kept"), _("class")),
            ),
            (_row(one) for one in own),
            note=_(
                "Means with 90 %; ratings from 0 to 10. Gap: said less expected. Kept: the "
                "probability in the eyes of the giver; of the receiver."
            ),
        )


def _row(one: LedgerEntry) -> tuple[str, ...]:
    kept = (one.kept_by_own_view, one.kept_by_other_view)
    return (
        one.measure,
        *(_spread(each) for each in (one.said, one.expected, one.gap, one.cost)),
        "; ".join("–" if each is None else _.number(each.mid, 2) for each in kept),
        _kind(one.kind),
    )


def _kind(kind: str) -> str:
    return {
        "valued-and-cheap": _("valued and cheap"),
        "valued-and-dear": _("valued and dear"),
        "gift-nobody-wants": _("gift nobody wants"),
        "unnoticed-opening": _("unnoticed opening"),
        "cannot-tell": _("cannot tell"),
    }[kind]


def _spread(told: Spread | None) -> str:
    if told is None:
        return "–"
    mid, low, high = (_.number(each, 1) for each in (told.mid, told.low, told.high))
    return f"{mid} ({low}–{high})"
