"""Two parties with folders of their own that agreed a line, and what waits without sleeping."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from detente.channel.canonical import encode, to_text
from detente.channel.message import Message, release
from detente.channel.node import home as homes
from detente.channel.node.cards import Card
from detente.channel.node.carriers.parse import parse
from detente.channel.node.clock import moment
from detente.channel.node.home import Home
from detente.channel.node.loop import Running
from detente.channel.simulator.drafts import Draft
from detente.ground.forms.model import Header
from detente.ground.forms.model import Message as Form

AT = 1_795_893_365
PASSPHRASE = "correct horse"  # noqa: S105 - of parties that do not exist
DEADLINE_S = 60.0


def drawn(seed: str) -> Callable[[int], bytes]:
    """Bytes that are the same on every run."""
    count = iter(range(1_000_000))
    return lambda size: hashlib.shake_256(f"{seed} {next(count)}".encode()).digest(size)


def make_party(path: Path, party: str) -> tuple[Home, Card]:
    card = homes.create(
        path,
        party,
        f"Party {party}",
        officers=[("First Officer", PASSPHRASE), ("Second Officer", PASSPHRASE)],
        root_passphrase=PASSPHRASE,
        at=AT,
        entropy=drawn(party),
    )
    return Home(path), card


def make_line(path: Path, parties: tuple[str, ...] = ("AAA", "BBB")) -> dict[str, Home]:
    made = {party: make_party(path / party, party) for party in parties}
    cards = [card for _, card in made.values()]
    agreement = homes.agreement_of(cards, title="A line that is drawn", test_every=86_400)
    for party, (home, _) in made.items():
        homes.agree(
            home, cards, agreement, root_passphrase=PASSPHRASE, at=AT, entropy=drawn(party + "!")
        )
    return {party: home for party, (home, _) in made.items()}


@dataclass
class Author:
    """Writes drafts of one party, released by its first officer."""

    home: Home
    party: str
    to: tuple[str, ...]
    count: int = 0
    written: list[str] = field(default_factory=list)

    def __post_init__(self):
        self._key = homes.officer_key(self.home, 2, PASSPHRASE)
        self._line = homes.agreement(self.home).line

    def draft(self, size: int = 0) -> bytes:
        """A request for a meeting; ``size`` are the letters of its subject, 0 for a few."""
        self.count += 1
        number = f"{self.party}-2026-{self.count:04}"
        values = {
            "subject": os.urandom(size // 2).hex() or f"This is {number}.",
            "level": "experts",
            "manner": "by_voice",
            "proposed": AT + 86_400,
        }
        header = Header(number, "routine", self.party, self.to, AT, "en")
        draft = Draft(Form(header, "meeting-request", 1, values), os.urandom(16))
        slip = draft.slip(self._line)
        body = Message(slip, (release(slip, self._key, 2),)).as_body()
        del body["boxes"]
        self.written.append(number)
        return encode({"item": "draft", "message": body, "text": to_text(draft.text)})

    def queue(self, size: int = 0) -> int:
        return homes.queue(self.home, self.draft(size))


@pytest.fixture
def line(tmp_path):
    return make_line(tmp_path)


@pytest.fixture
def author(line):
    return Author(line["AAA"], "AAA", ("BBB",))


@pytest.fixture
def answerer(line):
    return Author(line["BBB"], "BBB", ("AAA",))


def parsed(home: Home, *words: str) -> Any:
    """The carriers of these words, of whatever kinds they are."""
    return parse(home, words)


@asynccontextmanager
async def at_work(home, carriers, heard):
    """A node at work in this loop; ``heard`` gathers what it tells."""
    stop = asyncio.Event()
    running = Running(home, carriers, heard.append, moment)
    task = asyncio.create_task(running.serve(stop))
    try:
        yield running
    finally:
        stop.set()
        running.wake()
        await task
        running.close()


async def until(holds, *, seconds=DEADLINE_S):
    """Wait until it holds; fail at the deadline."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for also happens on the disk
            await asyncio.sleep(0.01)


def waits(home):
    """Whether an item waits in the queue."""
    with homes.reading(home) as store:
        return bool(store.queued())


def text(home, place):
    """The text of a message, as it stands in the log."""
    with homes.reading(home) as store:
        return store.text(place)


def entries(home):
    """All entries by party, as they stand in the log."""
    found = {}
    with homes.reading(home) as store:
        for (party, _), _, raw in store.held().entries:
            found.setdefault(party, []).append(raw)
    return found
