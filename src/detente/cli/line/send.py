"""`detente line send`: check a form, read it back, let officers release it, queue it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, FILE, contents, findings_told
from detente.cli.line.compose import Order, draft, faults, officers, unknown_officers
from detente.cli.line.heading import drill_banner, head, no_notice, wrapped
from detente.cli.line.options import FOLDER, PASSPHRASE_FILE
from detente.cli.line.passphrases import Passphrases
from detente.cli.line.said import SAID, say_again
from detente.cli.line.sayings import precedence
from detente.cli.show import print_json, say
from detente.cli.words import _
from detente.ground.errors import CaseError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from detente.cli.line.place import Line
    from detente.ground.forms.model import Message


@click.command(
    short_help=_("Check, read back, release and queue a message."),
    help=_(
        "Read a filled-in form in any of the languages, say all that is wrong with it, and show "
        "how both sides will read it. The releasing officer then types its numbers, instants and "
        "positions again and gives their passphrase; where the line asks for two officers, a "
        "second one reads it and gives theirs. The draft is queued and leaves once this side’s "
        "node is open. Nothing is ever sent without this."
    ),
    epilog=_("Example: detente line send arland clarify.txt --officer 2 --second 3"),
)
@FOLDER
@click.argument("form", type=FILE)
@click.option("--officer", type=click.IntRange(1), required=True, help=_("Who releases it."))
@click.option("--second", type=click.IntRange(1), help=_("A second officer who releases it, too."))
@click.option("--expires", help=_("The instant from which it is void, as 2026-11-28T19:16Z."))
@click.option("--dry-run", is_flag=True, help=_("Check and show it; queue nothing."))
@SAID
@PASSPHRASE_FILE
@AS_JSON
def send(  # noqa: PLR0913
    folder: Path, form: Path, *, officer: int, second: int | None, expires: str | None,
    dry_run: bool, said_file: Path | None, passphrase_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Queue the draft, or say what must be mended."""
    import os

    from detente.cli.line.place import opened
    from detente.ground.time import read_instant

    ends = read_instant(expires) if expires else 0
    numbers = (officer,) if second is None else (officer, second)
    with opened(folder) as line, findings_told("line-send", as_json=as_json):
        order = _order(line, form, numbers, ends)
        _show(order.message, as_json=as_json)
        if not dry_run:
            say_again(order.message, said_file, own_language(order.message))
            keys = _keys(line, order, Passphrases(passphrase_file))
            line.queue(draft(line, order, keys, os.urandom(16))[1])
        stands = line.node.standing
    header = order.message.header
    if as_json:
        told = {"number": header.number, "to": header.to, "drill": header.drill}
        print_json("line-send", {**told, "queued": not dry_run})
    elif dry_run:
        say(_("Nothing was queued: this was a trial."))
    else:
        for words in _queued(header.number, stands):
            say("\n".join(wrapped(words)))


def own_language(message: Message) -> str:
    """The language in which a message is shown to its own side."""
    from detente.ground.forms.catalogue import LANGUAGES

    given = message.header.language
    return given if given in LANGUAGES else "en"


def _order(line: Line, form: Path, numbers: tuple[int, ...], ends: int) -> Order:
    """The message in the file, or all that is wrong with it and with sending it."""
    from detente.ground.forms.parse import parse

    try:
        message = parse(contents(form), file=form.name)
    except CaseError as error:
        found = unknown_officers(line, form.name, numbers)
        raise CaseError((*error.findings, *found)) from error
    order = Order(form.name, message, numbers, ends)
    found = faults(line, order)
    if found:
        raise CaseError(found)
    return order


def _show(message: Message, *, as_json: bool) -> None:
    """The message as its own side reads it, and as the other side may."""
    from detente.ground.forms.render import render

    if as_json:
        return
    head(_("To be sent: {number}, {precedence}", number=message.header.number,
           precedence=precedence(message.header.precedence)))  # fmt: skip
    for row in drill_banner(is_drill=message.header.drill):
        say(row)
    own = own_language(message)
    for language in (own, "ru" if own == "en" else "en"):
        say(_("As read in {language}:", language=language))
        say("")
        say(render(message, language))
    say(no_notice())


def _keys(line: Line, order: Order, ask: Passphrases) -> dict[int, Ed25519PrivateKey]:
    """The keys of the releasing officers, each with its own passphrase."""
    from detente.channel.node.home import officer_key

    known = officers(line)
    return {
        number: officer_key(
            line.home, number, ask.known(_("officer {name}", name=known[number].name))
        )
        for number in order.officers
    }


def _queued(number: str, stands: str) -> list[str]:
    words = [_("Released and queued: {number}.", number=number)]
    if stands == "open":
        words.append(_("It leaves now. See: detente line inbox DIR --sent"))
    else:
        words.append(
            _(
                "It leaves once this side’s node runs and all other parties have confirmed this "
                "side’s log; see: detente line status DIR"
            )
        )
    return words
