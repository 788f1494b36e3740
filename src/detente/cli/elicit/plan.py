"""`detente elicit plan`: what a meeting can answer, before anybody is asked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.check import print_findings
from detente.cli.elicit.of_case import names_of
from detente.cli.elicit.sheets import number_of, sheets_csv
from detente.cli.files import AS_JSON, findings_told, waiting
from detente.cli.show import number, print_json, print_table, say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.elicitation.plan import Plan, Sheet, Table
    from detente.report.names import Names


@click.command(
    short_help=_("What a meeting can answer, before anybody is asked."),
    help=_(
        "Plan what is asked of whom in CASE: minutes and judgements, blocks of items where it is "
        "too much, tables that will be shown, and the smallest difference that will tell. Exit "
        "code 1 where the plan cannot answer its own question."
    ),
    epilog=_(
        "Example: detente elicit plan cases/training --minutes 45 --people ALD=6,BRE=5 --out plan"
    ),
)
@click.argument("case", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    default=45.0,
    show_default=True,
    help=_("What one person gives at most."),
)
@click.option(
    "--judgements",
    type=click.IntRange(min=1),
    default=40,
    show_default=True,
    help=_("Numbers that one person gives at most."),
)
@click.option(
    "--attendance",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.8,
    show_default=True,
    help=_("The chance that a person who is expected comes."),
)
@click.option(
    "--people",
    metavar="PARTY=N,...",
    help=_("How many people of each party are asked; by default what the tracks expect."),
)
@click.option("--seed", type=int, help=_("Of the blocks; by default that of the case."))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=_("A new folder for sheets.csv: who is asked what."),
)
@AS_JSON
def plan(
    case: Path,
    *,
    minutes: float,
    judgements: int,
    attendance: float,
    people: str | None,
    seed: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Plan, print, and write the sheets."""
    asked = _people(people)
    with findings_told("elicit-plan", as_json=as_json), waiting(_("planning")):
        from detente.case.read import read_case
        from detente.elicitation.plan import plan as run

        read = read_case(case)
        made = run(
            read,
            minutes=minutes,
            most_judgements=judgements,
            attendance=attendance,
            people=asked,
            seed=seed,
        )
    if out is not None:
        from detente.report.write.folder import write_folder

        write_folder(out, {"sheets.csv": sheets_csv(made)})
    if as_json:
        print_json("elicit-plan", _told(made))
    else:
        _print(names_of(read), made)
        if out is not None:
            say(_("Sheets: {path}", path=out / "sheets.csv"))
    if any(one.level == "error" for one in made.findings):
        sys.exit(1)


def _people(text: str | None) -> dict[str, int] | None:
    """The number of people by party from ``ALD=6,BRE=5``."""
    if text is None:
        return None
    found: dict[str, int] = {}
    for part in text.split(","):
        party, _equals, number = (word.strip() for word in part.partition("="))
        if not party or not number.isdecimal() or party in found:
            raise UsageError(_("`{part}` is no PARTY=NUMBER, or names a party twice.", part=part))
        found[party] = int(number)
    return found


def _told(made: Plan) -> dict[str, Any]:
    return {
        "minutes": made.minutes,
        "judgements": made.judgements,
        "budget": made.budget,
        "attendance": made.attendance,
        "people": len(made.people),
        "complete": made.complete,
        "least_minutes": made.least_minutes,
        "least_judgements": made.least_judgements,
        "burdens": made.burdens,
        "designs": made.designs,
        "left_out": made.left_out,
        "tables": made.tables,
        "contrasts": made.contrasts,
        "findings": made.findings,
        "sheets": [_sheet(one) for one in made.sheets],
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "party": sheet.person.party,
        "person": number_of(sheet.person),
        "track": sheet.person.track,
        "side": sheet.person.side,
        "judgements": sheet.judgements,
        "minutes": sheet.minutes,
        "asks": [
            {"kind": kind, "question": question, "item": item, "about": about}
            for kind, question, asks in sheet.asks
            for item, about in asks
        ],
    }


def _print(names: Names, made: Plan) -> None:
    say(names.text(names.case.about.title))
    say(_.n("{n} person is asked", "{n} people are asked", len(made.people)))
    say(
        _(
            "Everything: {minutes} minutes and {judgements} judgements a person; there is room for "
            "{most} minutes and {numbers}.",
            minutes=number(made.minutes),
            judgements=made.judgements,
            most=number(made.budget.minutes),
            numbers=made.budget.judgements,
        )
    )
    if made.complete:
        say(_("Everybody can answer everything."))
    else:
        say(_("Each person answers on a block of the items."))
    say("")
    _print_burdens(made)
    _print_designs(names, made)
    _print_tables(names, made)
    _print_contrasts(names, made)
    print_findings(made.findings)


def _print_burdens(made: Plan) -> None:
    print_table(
        _("What everything takes of one person"),
        (_("kind"), _("items"), _("judgements"), _("minutes")),
        (
            (one.kind, str(one.items), str(one.judgements), number(one.minutes))
            for one in made.burdens
        ),
    )
    print_table(
        _("Left out: there is no room"),
        (_("kind"), _("judgements"), _("minutes"), _("items that would fit")),
        (
            (one.kind, str(one.judgements), number(one.minutes), str(one.room))
            for one in made.left_out
        ),
    )


def _group(names: Names, group: str | None) -> str:
    return _("no side") if group is None else names.group(group)


def _print_designs(names: Names, made: Plan) -> None:
    print_table(
        _("Blocks: items of each person, people of each item"),
        (
            _("kinds"),
            _("side"),
            _("people"),
            _("items"),
            _("of"),
            _("an item"),
            _("two items"),
            _("efficiency"),
        ),
        (
            (
                ", ".join(one.kinds),
                _group(names, one.side),
                str(one.people),
                str(one.size),
                str(one.items),
                _range(one.replications),
                _range(one.concurrences),
                number(one.efficiency, 2),
            )
            for one in made.designs
        ),
    )


def _range(ends: tuple[int, int]) -> str:
    low, high = ends
    return str(low) if low == high else f"{low}–{high}"


_AT_ONCE = 5  # groups beside each other in a table of 100 columns


def _print_tables(names: Names, made: Plan) -> None:
    """A row for every kind, a column for every group."""
    people = {(one.group_kind, one.group): one.people for one in made.tables}
    cells = {(one.kind, one.group_kind, one.group): one for one in made.tables}
    kinds = list(dict.fromkeys(one.kind for one in made.tables))
    groups = list(people)
    for start in range(0, len(groups), _AT_ONCE):
        some = groups[start : start + _AT_ONCE]
        print_table(
            _("Chance that a table is shown, if {share} come", share=_.percent(made.attendance)),
            (_("kind"), *(f"{_group(names, group[1])} ({people[group]})" for group in some)),
            ((kind, *(_shown(cells.get((kind, *group))) for group in some)) for kind in kinds),
            note=_("In brackets: how many are expected to answer on an item."),
        )


def _shown(table: Table | None) -> str:
    if table is None:
        return "–"
    return f"{_.percent(table.shown)} ({number(table.expected, 2)})"


def _print_contrasts(names: Names, made: Plan) -> None:
    print_table(
        _("The smallest ratio of odds between sides that tells 80 times in 100"),
        (_("kind"), _("side"), _("against"), _("people"), _("ratio")),
        (
            (
                one.kind,
                _group(names, one.a),
                _group(names, one.b),
                f"{number(one.people_a)} / {number(one.people_b)}",
                number(one.odds_ratio, 2),
            )
            for one in made.contrasts
        ),
    )
