"""The stage of the demonstration: two nodes and a witness, their folders, a link, and a clock."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from detente.channel.keys import Agreement, Witness
from detente.channel.node import home, loop
from detente.channel.node.cards import Card
from detente.channel.node.carriers.carrier import Desk
from detente.channel.node.carriers.parse import parse
from detente.channel.node.carriers.tls import Sockets
from detente.channel.node.clock import moment
from detente.channel.protocol.state import Moment
from detente.cli.line.place import Line, opened
from detente.cli.line.run import teller
from detente.cli.words import _
from detente.ground.errors import StoreError
from detente.ground.time import read_instant

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

BEGINS = read_instant("2026-11-28 02:50Z")
PASSPHRASE = "only for a demonstration"  # noqa: S105 - of keys that are drawn anew each time
PATIENCE_S = 20.0
OFFICERS = {"AAA": ("Amber", "Birch"), "BBB": ("Cedar", "Dune")}
NAMES = {"AAA": "Arland", "BBB": "Borland"}


@dataclass
class Clock:
    """A clock that both nodes share and that can be set forward; milliseconds pass as they do."""

    at: int = BEGINS

    def __post_init__(self) -> None:
        self._began_ms = moment().ms

    def moment(self) -> Moment:
        """The instant on the stage."""
        ms = moment().ms
        return Moment(self.at + (ms - self._began_ms) // 1_000, ms)

    def forward_to(self, instant: str) -> None:
        """Let time pass up to an instant, if it has not yet."""
        ahead = read_instant(instant) - self.moment().at
        self.at += max(0, ahead)


@dataclass
class Link:
    """A carrier that can be cut and healed, around one over sockets with TLS."""

    sockets: Sockets
    name: str = "sockets"
    most_bytes: int = Sockets.most_bytes
    is_whole: bool = False

    def __post_init__(self) -> None:
        self.whole = asyncio.Event()
        self.whole.set()
        self._cut = asyncio.Event()

    def cut(self) -> None:
        """Cut it: connections end, and none is made."""
        self.whole.clear()
        self._cut.set()

    def heal(self) -> None:
        """Let connections be made again."""
        self._cut.clear()
        self.whole.set()

    def is_ready(self, party: str) -> bool:
        """Whether the party is connected."""
        return self.whole.is_set() and self.sockets.is_ready(party)

    def give(self, party: str, raw: bytes) -> None:
        """Send a bundle."""
        self.sockets.give(party, raw)

    def patience_ms(self, size: int) -> int:
        """How long an answer may take."""
        return self.sockets.patience_ms(size)

    async def serve(self, desk: Desk) -> None:
        """Serve while it is whole."""
        while True:
            await self.whole.wait()
            served = asyncio.ensure_future(self.sockets.serve(desk))
            until_cut = asyncio.ensure_future(self._cut.wait())
            try:
                await asyncio.wait((served, until_cut), return_when=asyncio.FIRST_COMPLETED)
            finally:
                served.cancel()
                until_cut.cancel()
                with suppress(asyncio.CancelledError):
                    await served


@dataclass
class Stage:
    """Both parties' folders, the agreement, the witness's key, the clock, and the link."""

    path: Path
    agreement: Agreement
    clock: Clock
    homes: dict[str, home.Home]
    witness: home.Home
    links: dict[str, Link] = field(default_factory=dict)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def line(self, party: str) -> Iterator[Line]:
        """The line as a party's disk holds it now."""
        with opened(self.homes[party].path, at=self.clock.moment().at) as line:
            yield line

    async def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds; `StoreError` where this machine does not get there."""
        loop_ = asyncio.get_running_loop()
        end = loop_.time() + PATIENCE_S
        while not holds():
            if loop_.time() > end:
                raise StoreError(_("The demonstration waited in vain for: {what}", what=what))
            await asyncio.sleep(0.05)

    async def until_stands(self, number: str, standing: str) -> None:
        """Wait until a message stands so at its recipient, as its sender holds it."""
        sender = number.partition("-")[0]

        def holds() -> bool:
            with self.line(sender) as line:
                place = line.node.record.by_number.get(number)
                if place is None:
                    return False
                to = line.node.record.messages[place].slip.to[0]
                return line.node.record.passage(place, to).standing == standing

        await self.until(f"{number} {standing}", holds)

    async def until_tested(self, party: str, *, at: str) -> None:
        """Wait until a party's test message of the hour is in the log of ``at``."""

        def holds() -> bool:
            with self.line(at) as line:
                slot = self.clock.moment().at // self.agreement.test_every
                return slot in line.node.log.chains[party].tests

        await self.until(f"the test message of {party}", holds)

    def cut(self) -> None:
        """Cut the link between the two nodes."""
        for link in self.links.values():
            link.cut()

    def heal(self) -> None:
        """Heal it."""
        for link in self.links.values():
            link.heal()


def build(path: Path) -> Stage:
    """Folders, keys, cards and the line; everything is drawn anew."""
    clock = Clock()
    homes = {party: home.Home(path / NAMES[party].lower()) for party in NAMES}
    for party, place in homes.items():
        _create(place, party, NAMES[party], OFFICERS[party], clock)
    witness = home.Home(path / "witness")
    _create(witness, "WIT", "Witness", ("Elm",), clock)
    cards = [home.own_card(place) for place in homes.values()]
    agreement = home.agreement_of(
        cards,
        title=_("Demonstration"),
        witnesses=(Witness("WIT", home.own_card(witness).root),),
        two_person=("immediate", "flash"),
        drills_only=1,
    )
    at = clock.moment().at
    for place in homes.values():
        home.agree(place, cards, agreement, root_passphrase=PASSPHRASE, at=at, entropy=os.urandom)
    return Stage(path, agreement, clock, homes, witness)


def _create(
    place: home.Home, party: str, name: str, officers: tuple[str, ...], clock: Clock
) -> Card:
    return home.create(
        place.path,
        party,
        name,
        officers=[(one, PASSPHRASE) for one in officers],
        root_passphrase=PASSPHRASE,
        at=clock.moment().at,
        entropy=os.urandom,
    )


async def play(stage: Stage, narrate: Coroutine[Any, Any, None]) -> None:
    """Run both nodes on loopback while a narrator tells; end with it, or with a node that ends."""
    listening = _link(stage, "BBB", "tls-listen:127.0.0.1:0")
    stage.links["BBB"] = listening
    nodes = [_run(stage, "BBB")]
    try:
        await stage.until("BBB listens", lambda: listening.sockets.port > 0)
        port = listening.sockets.port
        listening.sockets.listen = ("127.0.0.1", port)
        stage.links["AAA"] = _link(stage, "AAA", f"tls:BBB@127.0.0.1:{port}")
        nodes.append(_run(stage, "AAA"))
        telling = asyncio.ensure_future(narrate)
        await asyncio.wait((telling, *nodes), return_when=asyncio.FIRST_COMPLETED)
        if not telling.done():
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling
            raise StoreError(_("The demonstration was stopped."))
        await telling
    finally:
        stage.stop.set()
        await asyncio.gather(*nodes)


def _run(stage: Stage, party: str) -> asyncio.Task[None]:
    place = stage.homes[party]
    running = loop.run(
        place,
        [stage.links[party]],
        tell=teller(place, lambda _words: None),
        moment=stage.clock.moment,
        stop=stage.stop,
    )
    return asyncio.ensure_future(running)


def _link(stage: Stage, party: str, words: str) -> Link:
    sockets = parse(stage.homes[party], [words])[0]
    assert isinstance(sockets, Sockets)
    return Link(sockets)
