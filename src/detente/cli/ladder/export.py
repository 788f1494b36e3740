"""`detente ladder export`: a model as Open-PSA XML for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import findings_told, write_new
from detente.cli.ladder.options import MODEL, for_cases, is_openpsa
from detente.cli.show import print_json, say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.escalation.openpsa.ladder import Exported


@click.command(
    short_help=_("Write a model as Open-PSA XML."),
    help=_(
        "Write MODEL as one file of the Open-PSA Model Exchange Format. A case folder or a "
        "ladder.yaml becomes event trees; what the format cannot hold is told on standard error. "
        "Open-PSA files become one file in a fixed order, the same bytes for equal models."
    ),
    epilog=_("Example: detente ladder export cases/training --out training.xml"),
)
@MODEL
@click.option(
    "--to",
    "to",
    type=click.Choice(("openpsa",)),
    default="openpsa",
    show_default=True,
    help=_("The format."),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("A new file; standard output where none is named."),
)
@click.option(
    "--form",
    type=click.Choice(("exact", "deviates")),
    help=_(
        "Of a case: uncertain numbers as expressions of a standard normal (exact), or as one "
        "deviate each, for tools that want that."
    ),
)
@click.option(
    "--rates",
    type=click.Choice(("elements", "attributes")),
    help=_("Of a case: rates as the standard has them, or as attributes, for SCRAM."),
)
@click.option("--json", "as_json", is_flag=True, help=_("What was lost, as JSON; needs --out."))
def export(
    model: tuple[Path, ...],
    *,
    to: str,
    out: Path | None,
    form: str | None,
    rates: str | None,
    as_json: bool,
) -> None:
    """Write the model, and tell what it lost."""
    if as_json and out is None:
        raise UsageError(_("--json tells what was lost and needs --out for the model."))
    with findings_told("ladder-export", as_json=as_json):
        if is_openpsa(model):
            for_cases(form=form, rates=rates)
            found = _of_openpsa(model)
        else:
            found = _of_case(model[0], form, rates)
    from detente.escalation.openpsa.write import write_openpsa

    data = write_openpsa(found.model)
    if out is None:
        click.echo(data.decode(), nl=False)
    else:
        write_new(out, data)
    for line in found.lost:
        click.echo(line, err=True)
    if as_json:
        print_json("ladder-export", {"out": str(out), "to": to, "lost": found.lost})
    elif out is not None:
        say(_("{out} is ready. Next: detente ladder solve {out}", out=out))


def _of_openpsa(files: tuple[Path, ...]) -> Exported:
    from detente.cli.ladder.openpsa import read_model
    from detente.escalation.openpsa.ladder import Exported

    return Exported(read_model(files), ())


def _of_case(path: Path, form: str | None, rates: str | None) -> Exported:
    from dataclasses import replace

    from detente.cli.ladder.of_case import answers_of, complete
    from detente.escalation.openpsa.ladder import ladder_to_openpsa, taken_from_elsewhere
    from detente.escalation.stated import stated

    case = complete(path)
    plain = stated(case, answers_of(case))
    found = ladder_to_openpsa(
        plain.ladder,
        measures=plain.measures,
        form="deviates" if form == "deviates" else "exact",
        rates="attributes" if rates == "attributes" else "elements",
    )
    return replace(found, lost=(*taken_from_elsewhere(case.ladder), *found.lost))
