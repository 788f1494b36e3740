"""`detente line heads` and `confirm`: the state of a log said by voice, where nothing else goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON
from detente.cli.line.heading import head, wrapped
from detente.cli.line.options import FOLDER
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _
from detente.ground.errors import PeerError, UsageError

if TYPE_CHECKING:
    from detente.cli.line.place import Line

LEAST_DIGITS = 16


@click.command(
    short_help=_("Size and root of each log, to be read out."),
    help=_(
        "The number of entries in each party's log as held here, and the root of their tree in "
        "sixteen digits, to be read out by voice. The other side types in what you read of its own "
        "log: detente line confirm."
    ),
    epilog=_("Example: detente line heads borland"),
)
@FOLDER
@AS_JSON
def heads(folder: Path, *, as_json: bool) -> None:
    """Print sizes and short roots."""
    from detente.cli.line.place import opened

    with opened(folder) as line:
        found = [(one.party, one.size, hexadecimal(one.root)) for one in line.node.log.heads()]
    if as_json:
        told = [{"party": party, "size": size, "root": root} for party, size, root in found]
        print_json("line-heads", {"heads": told})
        return
    head(_("Logs as held here; read them out slowly, digit by digit"))
    rows = [(party, str(size), spaced(root[:LEAST_DIGITS])) for party, size, root in found]
    print_table("", (_("log of"), _("entries"), _("root, first 16 digits")), rows)


@click.command(
    short_help=_("Type in what the other side read out by voice."),
    help=_(
        "Confirm this side's own log by voice, where no bundle can go both ways: the officer of "
        "PARTY reads out the line of your log from `detente line heads`. Do it only where you know "
        "the voice. This side may then write, as if PARTY's node had confirmed."
    ),
    epilog=_("Example: detente line confirm arland BBB --size 41 --root '09af 3c11 77e0 b2d4'"),
)
@FOLDER
@click.argument("party")
@click.option("--size", type=click.IntRange(0), required=True, help=_("Entries, as read out."))
@click.option("--root", required=True, help=_("Digits of the root, as read out; 16 or more."))
def confirm(folder: Path, party: str, *, size: int, root: str) -> None:
    """Queue the confirmation, where it fits this side's log."""
    from detente.cli.line.place import of_party, opened

    with opened(folder) as line:
        one = of_party(line, party)
        whole = _matching(line, size, root)
        line.queue({"item": "confirm", "party": one.id, "size": size, "root": whole})
    head()
    words = _("What {id} holds of this side's log fits it. Queued for the node.", id=one.id)
    say("\n".join(wrapped(words)))


def _matching(line: Line, size: int, digits: str) -> str:
    """The root of our chain at that size, where the digits begin it."""
    chain = line.node.log.chains[line.me]
    said = "".join(digits.split()).lower()
    if len(said) < LEAST_DIGITS or set(said) - set("0123456789abcdef"):
        raise UsageError(_("A root is read out as 16 digits, 0 to 9 and a to f."))
    if size > chain.size:
        raise PeerError(
            _(
                "They hold {size} entries of this side's log, this disk {own}: it is an older "
                "state. Do not confirm; let their node send what is missing.",
                size=size,
                own=chain.size,
            )
        )
    root = chain.root_at(size)
    if not hexadecimal(root).startswith(said):
        raise PeerError(
            _(
                "They hold another log of this side than this disk. Hear the digits again; if it "
                "stays so, keep everything and call the technical officer."
            )
        )
    return root


def hexadecimal(root: str) -> str:
    """A root in hexadecimal digits, which can be said."""
    from detente.channel.canonical import from_text

    return from_text(root).hex()


def spaced(digits: str) -> str:
    """Digits in groups of four."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
