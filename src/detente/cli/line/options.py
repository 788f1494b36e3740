"""Arguments and options that several verbs of a line share."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.words import _
from detente.ground.errors import UsageError

FOLDER = click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
AT = click.option("--at", help=_("The instant, as 2026-11-28T19:16Z; now by default."))
OUT = click.Path(path_type=Path)
PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("For scripts: passphrases in the order in which they are asked for, one a line."),
)


def instant(text: str | None, now_: int) -> int:
    """The instant that an option names, else that of the call."""
    from detente.ground.time import read_instant

    return now_ if text is None else read_instant(text)


def span_of(text: str) -> int:
    """Seconds of a span such as ``1h``, ``30min`` or ``2d``."""
    import re

    match = re.fullmatch(r"([0-9]{1,6}) ?(s|min|h|d)", text)
    if not match:
        raise UsageError(_("{given} is no span; write 1h, 30min or 1d.", given=text))
    return int(match[1]) * {"s": 1, "min": 60, "h": 3_600, "d": 86_400}[match[2]]
