"""`detente line agree`: the same cards and options give the same line on every side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, FILE
from detente.cli.line.heading import head, wrapped
from detente.cli.line.options import FOLDER, PASSPHRASE_FILE, span_of
from detente.cli.line.passphrases import Passphrases
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _
from detente.ground.errors import PeerError, UsageError

if TYPE_CHECKING:
    from detente.channel.keys import Agreement, Witness
    from detente.channel.node.cards import Card


@click.command(
    short_help=_("Bind a party's folder to a line, from the parties' cards."),
    help=_(
        "Agree a line between the parties of CARDS. Each side does this with the same cards and "
        "options, in any order of cards, and gets the same line; compare its fingerprint by voice "
        "before first use. It needs the passphrase of the root key, and is done once a folder."
    ),
    epilog=_(
        "Example: detente line agree arland arland/AAA.card.json BBB.card.json --title 'Strait "
        "line' --drills-only"
    ),
)
@FOLDER
@click.argument("cards", nargs=-1, required=True, type=FILE)
@click.option("--title", required=True, help=_("The line's name, the same on every side."))
@click.option(
    "--witness", "witnesses", multiple=True, type=FILE,
    help=_("Card of one who cosigns tree heads, and sees hashes only."),
)  # fmt: skip
@click.option("--drills-only", is_flag=True, help=_("Only messages marked as drills may be sent."))
@click.option(
    "--test-every", default="1h", show_default=True,
    help=_("How long each side's turn to send a test message is; turns go round."),
)  # fmt: skip
@click.option(
    "--two-person", default="flash", show_default=True,
    help=_("Precedences that need the release of two officers."),
)  # fmt: skip
@click.option(
    "--allow-classical", is_flag=True,
    help=_("Also seal with X25519 alone, where a side's library lacks ML-KEM-768."),
)  # fmt: skip
@PASSPHRASE_FILE
@AS_JSON
def agree(  # noqa: PLR0913
    folder: Path, cards: tuple[Path, ...], *, title: str, witnesses: tuple[Path, ...],
    drills_only: bool, test_every: str, two_person: str, allow_classical: bool,
    passphrase_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Write the agreement and the first entries, or nothing."""
    import os

    from detente.channel.keys import fingerprint
    from detente.channel.node import home
    from detente.channel.node.clock import moment
    from detente.channel.sealing import CLASSICAL, HYBRID

    read = _cards((*cards, *witnesses))
    parties, outside = read[: len(cards)], read[len(cards) :]
    agreement = home.agreement_of(
        parties, title=title, witnesses=[_witness(one) for one in outside],
        suites=(HYBRID, CLASSICAL) if allow_classical else (HYBRID,),
        two_person=[one for one in two_person.replace(" ", "").split(",") if one],
        test_every=span_of(test_every), drills_only=int(drills_only),
    )  # fmt: skip
    place = home.Home(folder)
    if place.line.exists():
        raise UsageError(_("{path} is on a line already.", path=folder))
    me = home.own_card(place).party
    passphrase = Passphrases(passphrase_file).known(_("the root key of {party}", party=me))
    home.agree(
        place, parties, agreement, root_passphrase=passphrase, at=moment().at, entropy=os.urandom
    )
    if as_json:
        told = {"line": agreement.line, "fingerprint": fingerprint(agreement.line)}
        print_json("line-agree", {**told, "agreement": agreement.as_plain()})
        return
    _print(folder, agreement)


def _cards(paths: tuple[Path, ...]) -> list[Card]:
    """All cards, or everything that is wrong with any."""
    from detente.channel.node.home import load_card

    found, wrong = [], []
    for path in paths:
        try:
            found.append(load_card(path))
        except (PeerError, UsageError) as error:
            wrong.append(str(error))
    if wrong:
        raise UsageError("\n".join(wrong))
    return found


def _witness(card: Card) -> Witness:
    from detente.channel.keys import Witness

    return Witness(card.party, card.root)


def _print(folder: Path, agreement: Agreement) -> None:
    from detente.channel.keys import fingerprint

    head(_("The line “{title}” is agreed in {path}", title=agreement.title, path=folder))
    rows = [(one.id, one.name, fingerprint(one.root)) for one in agreement.parties]
    rows += [(one.name, _("witness"), fingerprint(one.key)) for one in agreement.witnesses]
    print_table(_("Parties"), (_("id"), _("name"), _("fingerprint of the root key")), rows)
    say(_("Fingerprint of the line, to be compared by voice before first use:"))
    say(f"    {fingerprint(agreement.line)}")
    if agreement.drills_only:
        say(_("This line carries drills only."))
    say("")
    moving = _("Now take {root} offline.", root=folder / "keys" / "root.pem")
    say("\n".join(wrapped(moving)))
    say(_("Next: detente line run {path}", path=folder))
