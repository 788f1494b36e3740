"""`detente line show` and `read`: open a message, and say that a named officer read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, findings_told
from detente.cli.line import reading
from detente.cli.line.compose import officers
from detente.cli.line.heading import head, wrapped
from detente.cli.line.message_screen import screen
from detente.cli.line.options import FOLDER, PASSPHRASE_FILE
from detente.cli.line.passphrases import Passphrases
from detente.cli.line.said import SAID, say_again
from detente.cli.show import print_json, say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.cli.line.place import Line

LANGUAGE = click.option("--language", help=_("Language of the form; by default DETENTE_LANG."))


@click.command(
    short_help=_("Open a message; the other side is told that it was shown."),
    help=_(
        "Show message NUMBER in any language of the forms. The first time a message of the other "
        "side is shown here, a receipt *shown* is queued, which says no more than that it stood on "
        "a screen of this side: nobody has read it yet, and nothing is answered."
    ),
    epilog=_("Example: detente line show arland BBB-2026-0007 --language ru"),
)
@FOLDER
@click.argument("number")
@LANGUAGE
@AS_JSON
def show(folder: Path, number: str, *, language: str | None, as_json: bool) -> None:
    """Print the message and queue the receipt."""
    from detente.channel.view import message_view
    from detente.cli.line.place import opened

    tongue = _tongue(language)
    with opened(folder) as line:
        found = reading.message_of(line, number)
        view = message_view(line.node, found.place, line.at)
        item = reading.shown(line, found.place)
        if not as_json:
            head()
            for row in screen(found, view, tongue):
                say(row)
        if item is not None:
            line.queue(item)
    if as_json:
        told = {"message": view, "form": found.plain, "problem": found.problem}
        print_json("line-show", {**told, "receipt_queued": item is not None})
    elif item is not None:
        say(_("The receipt *shown* is queued."))
    if not as_json and view.sender != line.me and view.standing in {"sent", "stored", "shown"}:
        say(_("Next, by a named officer: detente line read DIR {number} --officer N",
              number=number))  # fmt: skip


@click.command(
    short_help=_("Read back a message; sign that a named officer read it."),
    help=_(
        "A duty officer who has read message NUMBER types its numbers, instants and positions "
        "again and gives their passphrase; a receipt *read* under their own signature is queued. "
        "It says that they read and understood, and not that they agree. What differs is refused."
    ),
    epilog=_("Example: detente line read arland BBB-2026-0007 --officer 2"),
)
@FOLDER
@click.argument("number")
@click.option("--officer", type=click.IntRange(1), required=True, help=_("Who read it."))
@LANGUAGE
@SAID
@PASSPHRASE_FILE
@AS_JSON
def read(
    folder: Path, number: str, *, officer: int, language: str | None, said_file: Path | None,
    passphrase_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Queue the signed receipt."""
    from detente.cli.line.place import opened

    tongue = _tongue(language)
    with opened(folder) as line, findings_told("line-read", as_json=as_json):
        found = _readable(line, number, officer)
        assert found.form is not None
        if not as_json:
            head(_("Read-back of {number}", number=number))
        said = say_again(found.form, said_file, tongue)
        _queue_read(line, found, officer, said, Passphrases(passphrase_file))
    if as_json:
        print_json("line-read", {"number": number, "officer": officer, "said": said})
        return
    words = _("The receipt *read* of {number}, signed by officer {officer}, is queued.",
              number=number, officer=officer)  # fmt: skip
    say("\n".join(wrapped(words)))
    say(_("To answer, fill in a form that names this number: detente line forms reply"))


def _tongue(language: str | None) -> str:
    from detente.ground.forms.catalogue import LANGUAGES, check_language

    chosen = language or _.language
    if language:
        check_language(language)
    return chosen if chosen in LANGUAGES else "en"


def _readable(line: Line, number: str, officer: int) -> reading.Opened:
    found = reading.message_of(line, number)
    if found.slip.sender == line.me:
        raise UsageError(_("{number} is this side’s own message.", number=number))
    if officer not in officers(line):
        names = ", ".join(f"{key} {one.name}" for key, one in officers(line).items())
        raise UsageError(_("Officer {n} is none in force; choose of {names}.", n=officer,
                           names=names))  # fmt: skip
    if "read" in line.node.record.said(found.place, line.me):
        raise UsageError(_("{number} was read and receipted before.", number=number))
    if found.form is None or found.problem:
        raise UsageError(
            _("{number} is not to be receipted: {why} Ask by voice.", number=number,
              why=found.problem)
        )  # fmt: skip
    return found


def _queue_read(
    line: Line, found: reading.Opened, officer: int, said: tuple[tuple[str, str], ...],
    ask: Passphrases,
) -> None:  # fmt: skip
    from detente.channel.node.home import officer_key

    name = officers(line)[officer].name
    key = officer_key(line.home, officer, ask.known(_("officer {name}", name=name)))
    line.queue(reading.read(line, found.place, officer, said, key))
