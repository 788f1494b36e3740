"""What stands above every screen of text: no accredited channel, no treaty notice, drill or not."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from detente.cli.words import _

COLUMNS = 80


def head(title: str = "") -> None:
    """Print the words that begin every screen of a line, and a title."""
    click.echo(_("not an accredited state channel"))
    if title:
        click.echo(f"\n{title}\n")


def no_notice() -> str:
    """What every view of a message says."""
    return _("A message here is no treaty notice by itself.")


def drill_banner(*, is_drill: bool) -> Iterator[str]:
    """The banner of a drill, nothing where it is none."""
    if is_drill:
        words = _("DRILL DRILL DRILL")
        yield "=" * COLUMNS
        yield words.center(COLUMNS).rstrip()
        yield "=" * COLUMNS


def wrapped(text: str, *, first: str = "", then: str = "") -> list[str]:
    """A text in lines of a terminal of 80 columns."""
    return textwrap.wrap(text, COLUMNS, initial_indent=first, subsequent_indent=then)
