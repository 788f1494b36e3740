"""`detente elicit pool`: many people's numbers as one spread and one marker a question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.elicit.files import assessed, is_case
from detente.cli.elicit.of_case import head, names_of, print_head
from detente.cli.files import AS_JSON, FILE, findings_told, given
from detente.cli.show import number, print_json, print_table, say, spread, yes_no
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.elicitation.results import ElicitationResults
    from detente.report.names import Names

FAMILIES = ("beta", "logit_normal", "two_piece", "metalog", "best")
TABLE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    short_help=_("Many people's numbers as one spread and one marker."),
    help=_(
        "Pool the three-point answers in FILES (the long CSV of aggreCAT, or a table with the "
        "columns person, question, low, value and high; low and high are read as 5 % and 95 %), or "
        "those of a case folder: the mixture of all, markers on it, and what moved between rounds."
    ),
    epilog=_(
        "Example: detente elicit pool ratings.csv --outcomes outcomes.csv --method all. "
        "Example: detente elicit pool cases/training --json"
    ),
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--method",
    "methods",
    multiple=True,
    help=_(
        "A method of aggreCAT, such as ArMean; may be repeated. `all`: each whose data are there."
    ),
)
@click.option(
    "--family", type=click.Choice(FAMILIES), help=_("Fit this family to every answer too.")
)
@click.option("--outcomes", type=TABLE, help=_("paper_id, outcome (0 or 1): adds Brier scores."))
@click.option("--quiz", type=TABLE, help=_("user_name, quiz_score: prior knowledge."))
@click.option("--reasons", type=TABLE, help=_("paper_id, user_name and a column for each code."))
@click.option("--words", type=TABLE, help=_("paper_id, user_name, justification."))
@click.option("--priors", type=TABLE, help=_("paper_id, prior_means (log-odds): shown beside."))
@AS_JSON
def pool(  # noqa: PLR0913 (the options of one verb)
    files: tuple[Path, ...],
    *,
    methods: tuple[str, ...],
    family: str | None,
    outcomes: Path | None,
    quiz: Path | None,
    reasons: Path | None,
    words: Path | None,
    priors: Path | None,
    as_json: bool,
) -> None:
    """Pool files, or print what may be shown of a case."""
    beside = {
        "outcomes": outcomes,
        "quiz": quiz,
        "reasons": reasons,
        "words": words,
        "priors": priors,
    }
    options = given(method=methods, family=family, **beside)
    with findings_told("elicit-pool", as_json=as_json):
        if is_case(files, options):
            _case(files[0], as_json=as_json)
            return
        from detente.cli.elicit.pool_files import pool_files

        told = pool_files(files, beside, methods=methods, family=family)
    if as_json:
        print_json("elicit-pool", told)
    else:
        from detente.cli.elicit.pool_tables import print_pool

        print_pool(told)


def _case(folder: Path, *, as_json: bool) -> None:
    case, results = assessed(folder)
    if as_json:
        print_json("elicit-pool", {**head(results), **_told(results)})
        return
    names = names_of(case)
    print_head(names, results)
    if not any(_told(results).values()):
        say(_("No number of anybody who may be shown."))
    _print_beliefs(names, results)
    _print_quantities(names, results)
    _print_differences(names, results)
    _print_movements(names, results)


def _told(results: ElicitationResults) -> dict[str, Any]:
    return {
        "perceptions": results.perceptions,
        "consequences": results.consequences,
        "quantities": results.quantities,
        "differences": results.differences,
        "movements": results.movements,
    }


def _print_beliefs(names: Names, results: ElicitationResults) -> None:
    print_table(
        _("How likely: the mixture (median, 5–95 %) and the trimmed geometric mean of odds"),
        (_("risk"), _("group"), _("mixture"), _("marker"), _("people")),
        (
            (
                names.risk(one.risk),
                names.group(one.group),
                spread(one.spread.low, one.spread.mid, one.spread.high),
                number(one.marker),
                str(one.people),
            )
            for one in results.perceptions
        ),
    )
    print_table(
        _("How grave, from 0 to 10"),
        (_("risk"), _("group"), _("mixture"), _("people")),
        (
            (
                names.risk(one.risk),
                names.group(one.group),
                spread(one.spread.low, one.spread.mid, one.spread.high),
                str(one.people),
            )
            for one in results.consequences
        ),
    )


def _print_quantities(names: Names, results: ElicitationResults) -> None:
    print_table(
        _("Quantities"),
        (_("quantity"), _("group"), _("mixture"), _("marker"), _("known"), _("people")),
        (
            (
                names.quantity(one.quantity),
                names.group(one.group),
                spread(one.spread.low, one.spread.mid, one.spread.high),
                number(one.marker),
                number(one.known),
                str(one.people),
            )
            for one in results.quantities
        ),
    )


def _print_differences(names: Names, results: ElicitationResults) -> None:
    print_table(
        _("How far groups part, as a ratio of odds"),
        (_("risk"), _("group"), _("against"), _("ratio (90 %)"), _("tells")),
        (
            (
                names.risk(one.risk),
                names.group(one.a),
                names.group(one.b),
                spread(one.odds_ratio.low, one.odds_ratio.mid, one.odds_ratio.high),
                yes_no(holds=one.tells),
            )
            for one in results.differences
        ),
    )


def _print_movements(names: Names, results: ElicitationResults) -> None:
    print_table(
        _("From the first round to the last, of the people who answered in both"),
        (_("risk"), _("group"), _("before"), _("after"), _("ratio of odds (90 %)"), _("settled")),
        (
            (
                names.risk(one.risk),
                names.group(one.group),
                number(one.before),
                number(one.after),
                spread(one.shift.low, one.shift.mid, one.shift.high),
                yes_no(holds=one.settled),
            )
            for one in results.movements
        ),
    )
