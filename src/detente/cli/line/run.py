"""`detente line run`: this side's node, until it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.line import sayings, standing
from detente.cli.line.options import FOLDER
from detente.cli.line.standing import Standing
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.channel.node.home import Home
    from detente.channel.node.notice import Notice
    from detente.channel.step import Event


@click.command(
    short_help=_("Run this side's node."),
    help=_(
        "Run the node: it takes in what comes, writes it to the disk, says so to the other side, "
        "and sends what officers released. It answers nothing by itself. Name one way or several, "
        "the best first: sockets by TLS with the certificates of the agreed cards, a folder for a "
        "USB stick or mail, a serial line. Changes are told on standard error. Stop it with "
        "Ctrl-C; nothing is lost by that, nor by a power cut."
    ),
    epilog=_(
        "Example: detente line run arland --listen 0.0.0.0:7443 --connect "
        "BBB=borland.example.org:7443 --folder /media/stick"
    ),
)
@FOLDER
@click.option("--listen", metavar="HOST:PORT", help=_("Wait for the other side's calls here."))
@click.option(
    "--connect", "calls", metavar="PARTY=HOST:PORT", multiple=True,
    help=_("Call a party there; PARTY alone calls the address on its card."),
)  # fmt: skip
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path, file_okay=False),
    help=_("A folder with in and out, to be carried by hand."),
)  # fmt: skip
@click.option("--serial", metavar="DEVICE", help=_("A serial line to the only other party."))
@click.option("--baud", type=click.IntRange(50), default=1_200, show_default=True,
              help=_("Bits a second on it."))  # fmt: skip
@click.option("--plain-tcp", is_flag=True, help=_("Without TLS, for trials on this machine alone."))
def run(
    folder: Path, *, listen: str | None, calls: tuple[str, ...], folders: tuple[Path, ...],
    serial: str | None, baud: int, plain_tcp: bool,
) -> None:  # fmt: skip
    """Run the node."""
    import asyncio

    from detente.channel.node import home, loop
    from detente.channel.node.carriers.parse import parse
    from detente.channel.node.clock import moment

    words = carrier_words(listen, calls, plain_tcp=plain_tcp)
    words += [f"folder:{path}" for path in folders]
    words += [f"serial:{serial}@{baud}"] if serial else []
    place = home.Home(folder)
    agreement = home.agreement(place)
    carriers = parse(place, words or ["folder"])
    click.echo(_("not an accredited state channel"), err=True)
    click.echo(
        _("Node of {me} on the line “{title}”. A message here is no treaty notice by itself.",
          me=home.own_card(place).party, title=agreement.title),
        err=True,
    )  # fmt: skip
    if not words:
        click.echo(_("No way was named; by files in {path}.", path=place.carry), err=True)
    asyncio.run(loop.run(place, carriers, tell=teller(place, click_line), moment=moment))
    click.echo(_("Stopped."), err=True)


def carrier_words(listen: str | None, calls: tuple[str, ...], *, plain_tcp: bool) -> list[str]:
    """The names of the socket carriers that options ask for (`node.carriers.parse`)."""
    kind, words = "tcp" if plain_tcp else "tls", []
    if listen:
        words.append(f"{kind}-listen:{listen}")
    for call in calls:
        party, is_, address = call.partition("=")
        if not party or (is_ and not address):
            raise UsageError(_("{given}: write PARTY=HOST:PORT.", given=call))
        words.append(f"{kind}:{party}@{address}" if address else f"{kind}:{party}")
    return words


def click_line(words: str) -> None:
    """A line on standard error."""
    click.echo(words, err=True)


def teller(home: Home, say: Callable[[str], None]) -> Callable[[Event | Notice], None]:
    """What tells each event in a line, and leaves the node's standing for other programs."""
    from detente.channel.node.clock import moment
    from detente.channel.node.home import own_card
    from detente.ground.time import write_instant

    me, stands = own_card(home).party, [Standing(runs=True)]
    standing.leave(home, stands[0])

    def tell(event: Event | Notice) -> None:
        after = stands[0].after(event, me)
        if after != stands[0]:
            stands[0] = after
            standing.leave(home, after)
        say(f"{write_instant(moment().at)}  {told(event)}")

    return tell


def told(event: Event | Notice) -> str:
    """An event in a line."""
    of = getattr(event, "number", "") or event.detail
    parts = [event.party, sayings.event(event.kind), of]
    return " · ".join(part for part in parts if part)
