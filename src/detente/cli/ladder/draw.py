"""`detente ladder draw`: one ladder, or the bow-tie of all, as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import findings_told, waiting, write_new
from detente.cli.ladder.options import MODEL, is_openpsa
from detente.cli.show import say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.report.document import Chart


@click.command(
    short_help=_("One ladder, or the bow-tie of all, as a picture."),
    help=_(
        "Draw the bow-tie of all ladders of MODEL, with what each measure acts on, or one ladder. "
        "MODEL: a case folder or a ladder.yaml."
    ),
    epilog=_(
        "Example: detente ladder draw cases/training --out bow-tie.svg. Example: detente ladder "
        "draw cases/training --ladder collision-at-sea --out collision.svg"
    ),
)
@MODEL
@click.option("--ladder", "ladder", metavar="ID", help=_("Draw this ladder."))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE.svg",
    help=_("A new file."),
)
def draw(model: tuple[Path, ...], *, ladder: str | None, out: Path) -> None:
    """Write the picture."""
    if is_openpsa(model):
        raise UsageError(_("Open-PSA files are not drawn: name a case or a ladder.yaml."))
    if out.suffix.lower() != ".svg":
        raise UsageError(_("{out} must end in .svg.", out=out))
    with findings_told("ladder-draw", as_json=False):
        from detente.cli.ladder.of_case import read
        from detente.report.charts import picture

        case = read(model[0])
        with waiting(_("drawing")):
            drawn = picture(_chart(case, ladder), language=_.language)
    write_new(out, f"{drawn}\n".encode())
    say(_("{out} is ready.", out=out))


def _chart(case: Case, ladder: str | None) -> Chart:
    from detente.report.drawings.bow_tie import bow_tie_chart
    from detente.report.drawings.ladder import ladder_chart
    from detente.report.names import Names

    names = Names(case, _)
    if ladder is None:
        return bow_tie_chart(case, names)
    found = [one for one in case.ladder.ladders if one.id == ladder]
    if not found:
        told = ", ".join(one.id for one in case.ladder.ladders) or _("none")
        raise UsageError(_("No ladder `{name}`; there are: {told}.", name=ladder, told=told))
    return ladder_chart(case.ladder, found[0], case.measures, names)
