"""`detente line export`: the whole log of a line as one file."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import write_new
from detente.cli.line.options import FOLDER, OUT
from detente.cli.line.verify import log_bytes
from detente.cli.show import say
from detente.cli.words import _


@click.command(
    short_help=_("Write the whole log as one file that anybody can verify."),
    help=_(
        "Write all entries of all parties, as held here, to a file: signed, in order, bodies of "
        "messages sealed. Anybody can verify it with `detente line verify`, and set it beside the "
        "other side's."
    ),
    epilog=_("Example: detente line export arland --out arland.log"),
)
@FOLDER
@click.option("--out", type=OUT, required=True, help=_("The file."))
def export(folder: Path, *, out: Path) -> None:
    """Write the file, never over another."""
    data = log_bytes(folder)
    write_new(out, data)
    say(_("not an accredited state channel"))
    say(_.n("{n} entry in {path}.", "{n} entries in {path}.", data.count(b"\n") - 1, path=out))
