"""`detente line init`: a party's folder and keys, after the page on law was read."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import AS_JSON
from detente.cli.line.heading import wrapped
from detente.cli.line.law import page
from detente.cli.line.options import PASSPHRASE_FILE
from detente.cli.line.passphrases import Passphrases
from detente.cli.show import print_json, say
from detente.cli.words import _
from detente.ground.errors import UsageError


@click.command(
    short_help=_("A party's folder, its keys and its card."),
    help=_(
        "Make the folder DIR of one party: a root key, a key for its node, one for each duty "
        "officer, and a card for the other side. The page on law and sanctions comes first and "
        "must be confirmed. Passphrases are asked for: of the root key, then of each officer in "
        "the order of --officer, each typed by its holder."
    ),
    epilog=_(
        "Example: detente line init arland --party AAA --name Arland --officer Amber --officer "
        "Birch"
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--party", required=True, help=_("Its id on lines: up to 8 letters and digits."))
@click.option("--name", required=True, help=_("Its name."))
@click.option(
    "--officer", "officers", multiple=True, required=True,
    help=_("A duty officer's name or pseudonym; two or more, so that two can release."),
)  # fmt: skip
@click.option("--address", default="", help=_("HOST:PORT at which its node is to be reached."))
@click.option(
    "--i-have-read-it", "has_read", is_flag=True,
    help=_("For scripts: the page on law and sanctions was read; see `detente line law`."),
)  # fmt: skip
@PASSPHRASE_FILE
@AS_JSON
def init(
    folder: Path, *, party: str, name: str, officers: tuple[str, ...], address: str,
    has_read: bool, passphrase_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Make the folder, or nothing."""
    import os

    from detente.channel.keys import fingerprint
    from detente.channel.node.clock import moment
    from detente.channel.node.home import create

    _check_new(folder)
    _confirm_page(has_read=has_read, as_json=as_json)
    ask = Passphrases(passphrase_file)
    root = ask.new(_("the root key of {party}", party=party))
    named = [(one, ask.new(_("officer {name}", name=one))) for one in officers]
    card = create(
        folder, party, name, officers=named, root_passphrase=root, at=moment().at,
        entropy=os.urandom, address=address,
    )  # fmt: skip
    file = folder / f"{card.party}.card.json"
    if as_json:
        told = {"party": card.party, "card": str(file), "fingerprint": fingerprint(card.root)}
        officers_told = [{"number": at, "name": one} for at, one in enumerate(officers, start=2)]
        print_json("line-init", {**told, "officers": officers_told})
        return
    for words in _done(folder, file, fingerprint(card.root), officers):
        say("\n".join(wrapped(words, then="   ")) if words else "")


def _check_new(folder: Path) -> None:
    """Before anybody types a passphrase."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(_("{path} is no empty folder; name a new one.", path=folder))


def _confirm_page(*, has_read: bool, as_json: bool) -> None:
    click.echo(page(), err=as_json)
    if has_read:
        return
    asked = _("Have you read it, and does your side allow this?")
    if not click.confirm(asked, default=False, err=True):
        raise UsageError(_("No keys were made."))


def _done(folder: Path, card: Path, key: str, officers: tuple[str, ...]) -> list[str]:
    numbers = ", ".join(f"{at} {name}" for at, name in enumerate(officers, start=2))
    return [
        _("{path} is ready. Officers by number: {numbers}", path=folder, numbers=numbers),
        "",
        _("1. Read this fingerprint of the root key aloud to the other side, by a voice it knows:"),
        f"      {key}",
        _("2. Give it the card: {card}", card=card),
        _("3. Take the other side’s card, compare its fingerprint, and agree: detente line agree"),
        _(
            "4. Then move {root} to a medium that is kept offline, with a copy in a second place. "
            "Only agreeing, certifying and revoking need it.",
            root=folder / "keys" / "root.pem",
        ),
        *([_("With one officer alone, no message of two-person release can leave.")]
          if len(officers) < 2 else []),
    ]  # fmt: skip
