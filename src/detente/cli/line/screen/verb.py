"""`detente line screen`: the duty officer's screen."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.line.options import FOLDER
from detente.cli.words import _


@click.command(
    short_help=_("The duty officer's screen."),
    help=_(
        "Show the line on one screen by keys alone: how it stands, what came and what was sent, "
        "messages in any language of the forms, whom to call. A message that is opened is said to "
        "be *shown*; nothing else is said or sent unless an officer gives a passphrase. The node "
        "runs beside it: detente line run DIR."
    ),
    epilog=_("Example: detente line screen arland --language ru"),
)
@FOLDER
@click.option("--language", help=_("Language of the forms; by default DETENTE_LANG."))
def screen(folder: Path, *, language: str | None) -> None:
    """Run the screen until its officer leaves it."""
    from detente.channel.node.home import Home, agreement
    from detente.cli.line.screen.app import LineScreen
    from detente.ground.forms.catalogue import LANGUAGES, check_language

    if language:
        check_language(language)
    agreement(Home(folder))  # says what is missing before the terminal is taken
    chosen = language or _.language
    LineScreen(folder, language=chosen if chosen in LANGUAGES else "en").run()
