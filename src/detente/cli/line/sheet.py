"""`detente line sheet`: a month's test messages, the same text on all sides."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import AS_JSON, write_new
from detente.cli.line.options import FOLDER, OUT
from detente.cli.show import print_json, say
from detente.cli.words import _


@click.command(
    short_help=_("A month's test messages, the same on all sides."),
    help=_(
        "The availability sheet of MONTH: test messages due, sent and stored in each direction, "
        "and which are missing. All sides that hold the same logs get the same text; compare the "
        "digest. For a month in progress, all must name the same instant with --until."
    ),
    epilog=_("Example: detente line sheet arland 2026-11 --until 2026-11-28T12:00Z"),
)
@FOLDER
@click.argument("month")
@click.option("--until", help=_("Only slots that ended by this instant."))
@click.option("--out", type=OUT, help=_("Write the sheet to a file, too."))
@AS_JSON
def sheet(folder: Path, month: str, *, until: str | None, out: Path | None, as_json: bool) -> None:
    """Print the sheet."""
    from detente.channel.envelope import digest
    from detente.channel.life import sheet as sheet_of
    from detente.channel.life import sheet_bytes, sheet_text
    from detente.cli.line.place import opened
    from detente.ground.time import read_instant

    end = None if until is None else read_instant(until)
    with opened(folder) as line:
        found = sheet_of(line.node.log, line.node.record, month, until=end)
    if out is not None:
        write_new(out, sheet_text(found).encode())
    if as_json:
        print_json("line-sheet", {"digest": digest(sheet_bytes(found)), "sheet": found})
        return
    say(_("not an accredited state channel"))
    say("")
    click.echo(sheet_text(found), nl=False)
