"""A line between two invented parties, each with a folder of its own, and what was said on it."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.color import Color
from textual.widgets import Input

from detente.channel.canonical import decode, encode
from detente.channel.node import database
from detente.channel.node import home as homes
from detente.channel.node.home import Home
from detente.channel.protocol import intake, items, outgoing, own
from detente.channel.protocol.load import load
from detente.channel.protocol.state import Moment
from detente.channel.store import Store
from detente.cli.line.compose import Order, draft
from detente.cli.line.place import opened
from detente.cli.line.screen.app import LineScreen
from detente.ground.contacts import Contact, Roster
from detente.ground.duty import Hours, Window
from detente.ground.forms.template import example

AT = 1_795_893_365  # 2026-11-28 19:16:05Z
HOUR = 3_600
DEADLINE_S = 15
PASSPHRASE = "correct horse"  # noqa: S105 - of keys that are drawn


def drawn(seed):
    """Bytes that are the same on every run."""
    count = iter(range(1_000_000))
    return lambda size: hashlib.shake_256(f"{seed} {next(count)}".encode()).digest(size)


class Talk:
    """Both parties' nodes in one process: bundles that are due are handed over at once."""

    def __init__(self, folder, *, drills_only=False, at=AT - 6 * HOUR):
        self.at, self.ms, self.count = at, 0, 0
        self.homes = {party: Home(folder / party) for party in ("AAA", "BBB")}
        if not self.homes["AAA"].path.exists():
            self._agree(drills_only)
        self.connections, self.stores, self.nodes, self.keys = {}, {}, {}, {}
        for party, home in self.homes.items():
            self.connections[party] = database.open_database(home.log)
            self.stores[party] = Store(self.connections[party])
            self.keys[party] = {n: homes.officer_key(home, n, PASSPHRASE) for n in (2, 3)}
            self.start(party)
        self.pump()

    def _agree(self, drills_only):
        names = {"AAA": ("Arland", "Cedar", "Birch"), "BBB": ("Borland", "Alder", "Rowan")}
        cards = [
            homes.create(
                self.homes[party].path, party, name,
                officers=[(one, PASSPHRASE) for one in officers],
                root_passphrase=PASSPHRASE, at=self.at, entropy=drawn(party),
            )
            for party, (name, *officers) in names.items()
        ]  # fmt: skip
        agreement = homes.agreement_of(cards, title="Strait line", drills_only=int(drills_only))
        for party, home in self.homes.items():
            homes.agree(
                home, cards, agreement,
                root_passphrase=PASSPHRASE, at=self.at, entropy=drawn(party + "!"),
            )  # fmt: skip

    @property
    def moment(self):
        return Moment(self.at, self.ms)

    def start(self, party):
        home, store = self.homes[party], self.stores[party]
        self.count += 1  # no two starts have the same nonce
        entropy = drawn(f"{party} {self.at} {self.count}")
        node, step = load(homes.identity(home), homes.agreement(home), store.held(), store, entropy)
        store.write(step, self.at)
        node.unwritten.clear()
        self.nodes[party] = node

    def write(self, party, step):
        self.stores[party].write(step, self.at)
        self.nodes[party].unwritten.clear()

    def pump(self):
        """Hand bundles over until none has been due for longer than any patience."""
        quiet = 0
        for _ in range(2_000):
            due = [(p, q) for p in self.nodes for q in outgoing.due(self.nodes[p], self.moment)]
            for party, other in due:
                bundle = outgoing.make(self.nodes[party], other, self.moment)
                self.write(other, intake.receive(self.nodes[other], bundle, self.moment))
            quiet = 0 if due else quiet + 1
            if quiet > 140:
                return
            self.ms += 500
        raise AssertionError("the nodes do not come to rest")

    def queued(self, party):
        """Do what waits in a party's queue, as its node would."""
        for number, raw in self.stores[party].queued():
            self.write(party, items.take(self.nodes[party], number, raw, self.moment))
        self.pump()

    def test(self):
        for party in self.nodes:
            self.write(party, own.tick(self.nodes[party], self.moment, "Test."))
        self.pump()

    def item(self, party, value):
        homes.queue(self.homes[party], encode(value))
        self.queued(party)

    def send(self, form, number, *, officers=(2,), values=(), **header):
        """Send the example of a form, with another header and other values."""
        sender = number[:3]
        to = "BBB" if sender == "AAA" else "AAA"
        made = example(form)
        head = replace(
            made.header, number=number, sender=sender, to=(to,), written=self.at, **header
        )
        message = replace(made, header=head, values={**made.values, **dict(values)})
        with opened(self.homes[sender].path) as line:
            keys = {one: self.keys[sender][one] for one in officers}
            order = Order("", message, tuple(officers))
            line.queue(draft(line, order, keys, drawn(number)(16))[1])
        self.queued(sender)

    def irregular(self):
        """What a sound node does not write: a message at flash that one officer released."""
        chain_log = self.nodes["BBB"].log
        judge, chain_log.judge = chain_log.judge, lambda _entry: ()
        self.send("meeting-request", "BBB-2026-0009", precedence="flash")
        chain_log.judge = judge

    def close(self):
        for connection in self.connections.values():
            connection.close()


def roster(at):
    always = Hours((Window(0, 7 * 24 * 60),))
    evening = Hours(tuple(Window(day * 24 * 60 + 8 * 60, 8 * 60) for day in range(5)))
    people = (
        Contact("duty", "duty-officer", "Rowan", ("ru", "en"), always, "+999 5550 0101"),
        Contact("law", "legal-adviser", "Willow", ("fr",), evening, "+999 5550 0102"),
    )
    return Roster("BBB", 3, at - HOUR, at + 90 * 24 * HOUR, people)


def talked(folder):
    """A morning on the line: messages both ways, receipts, tests."""
    talk = Talk(folder)
    talk.item("BBB", {"item": "roster", "roster": roster(talk.at).as_plain()})
    talk.send("meeting-request", "AAA-2026-0001", precedence="routine")
    talk.send(
        "incident-clarification", "BBB-2026-0001", precedence="immediate",
        values={"begins": AT - 7 * HOUR, "ends": AT - 7 * HOUR + 300, "reply_by": AT + 48 * HOUR},
    )  # fmt: skip
    for _ in range(5):
        talk.at += HOUR
        talk.test()
    talk.send("exercise", "AAA-2026-0002", precedence="priority")
    talk.send("unusual-activity", "BBB-2026-0002", precedence="priority")
    return talk


@pytest.fixture(scope="session")
def _morning(tmp_path_factory):
    folder = tmp_path_factory.mktemp("morning")
    talked(folder).close()
    return folder


@pytest.fixture
def folder(_morning, tmp_path):
    """Both folders of a line that has talked, to be changed at will."""
    return Path(shutil.copytree(_morning, tmp_path / "line"))


@pytest.fixture
def talk(folder):
    with closing(Talk(folder, at=AT - 60)) as made:
        yield made


@pytest.fixture
def screen(folder):
    """Makes the screen of a party, whose clock stands still."""
    return lambda party="AAA", at=AT, **more: LineScreen(folder / party, clock=lambda: at, **more)


@contextmanager
def changed(home):
    """The database of a party, to be changed behind its node's back."""
    with closing(sqlite3.connect(home.log)) as database, database:
        yield database


# --- a screen that is driven ----------------------------------------------------------------------


class Driver:
    """Presses keys and reads what stands on the screen as text."""

    def __init__(self, app, pilot):
        self.app, self.pilot = app, pilot

    @property
    def text(self):
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)

    @property
    def filtered(self):
        """The lines as a terminal gets them."""
        black = Color(0, 0, 0)
        return [
            strip.apply_filter(one, black)
            for strip in self.app.screen._compositor.render_strips(self.app.size)
            for one in self.app._filters
            if one.enabled
        ]

    @property
    def flat(self):
        """The text without line ends, for words that may be wrapped."""
        return " ".join(self.text.split())

    async def sees(self, words):
        """Wait until words stand on the screen, in one line or several."""
        try:
            async with asyncio.timeout(DEADLINE_S):
                while words not in self.flat:
                    await self.pilot.pause(0.01)
        except TimeoutError:
            raise AssertionError(f"{words!r} does not stand on the screen:\n{self.text}") from None
        return self.flat

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def types(self, text):
        """Give an answer to the question that stands there, and wait until it was taken."""
        self.app.query_one(Input).value = text
        await self.press("enter")

    async def reads(self):
        """Read the folder again, as the screen does every few seconds."""
        await self.app.read_again()
        await self.pilot.pause()


def drive(app, script, size=(80, 24), first="RECEIVED"):
    """Run a script on a screen once its first words stand there."""

    async def run():
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.sees(first)
            await pilot.pause()
            await script(driver)

    asyncio.run(run())


def waiting(home):
    """The items in a party's queue."""
    with homes.reading(home) as store:
        return [decode(raw) for _, raw in store.queued()]
