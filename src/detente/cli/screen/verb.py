"""`detente screen`: encounters in tracks of position, and what rules say of them."""

from __future__ import annotations

from typing import Any

import click

from detente.cli.files import findings_told
from detente.cli.screen.arguments import Given, with_options
from detente.cli.show import print_json
from detente.cli.words import _
from detente.ground.errors import UsageError


@click.command(
    short_help=_("Encounters in tracks of ships and aircraft, and what rules say of them."),
    help=_(
        "Read TRACKS (AIS, ADS-B, CSV, Parquet, JSON, GPX, GeoJSON), find every close approach, "
        "hold each against rules with their articles, and say where nothing could have been found. "
        "Findings say what is consistent with a rule and what only a report could tell; they "
        "decide nothing in law."
    ),
    epilog=_("Example: detente screen ais.csv.gz --sides sides.yaml --out found"),
)
@with_options
def screen(**options: Any) -> None:
    """Read, search, evaluate; results go to standard output, progress to standard error."""
    given = Given(**options)
    with findings_told("screen", as_json=given.as_json):
        if given.lint:
            _lint(given)
            return
        if not given.tracks:
            raise UsageError(_("Name files of tracks."))
        from detente.cli.screen.run import run

        run(given)


def _lint(given: Given) -> None:
    from detente.encounters.rules.read import read_table, starting_table

    table = starting_table() if given.rules is None else read_table(given.rules)
    unread = sum(not rule.verified for rule in table.rules)
    if given.as_json:
        print_json("screen-lint", {"table": table.table, "rules": len(table.rules),
                                   "unverified": unread, "findings": []})  # fmt: skip
        return
    click.echo(_.n("Nothing to mend; {n} rule.", "Nothing to mend; {n} rules.", len(table.rules)))
    if unread:
        click.echo(
            _.n(
                "The text of {n} rule was not read where it is said to stand.",
                "The texts of {n} rules were not read where they are said to stand.",
                unread,
            )
        )
