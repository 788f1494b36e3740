"""`detente new`: a commented case to start from."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.words import _
from detente.ground.errors import UsageError


@click.command(
    help=_("Make a commented case template in DIR; it passes the check as it is."),
    epilog=_("Example: detente new my-case; then edit case.yaml first."),
)
@click.argument("dir", type=click.Path(path_type=Path))
def new(dir: Path) -> None:  # noqa: A002
    """Write the template, all or nothing."""
    from detente.case.template import template_files
    from detente.report.write.folder import write_folder

    if dir.exists() and (not dir.is_dir() or any(dir.iterdir())):
        raise UsageError(_("{dir} exists and is not empty; name a new folder.", dir=dir))
    write_folder(dir, {name: text.encode() for name, text in template_files().items()})
    click.echo(_("{dir} is ready. Next: detente check {dir}", dir=dir))
