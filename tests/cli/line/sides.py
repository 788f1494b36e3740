"""Two sides of a line for tests: verbs as they are called, and nodes that exchange bundles."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from detente.channel.node import home
from detente.channel.node.clock import moment
from detente.channel.node.database import open_database
from detente.channel.protocol.intake import receive
from detente.channel.protocol.items import take
from detente.channel.protocol.load import load
from detente.channel.protocol.outgoing import due, make
from detente.channel.protocol.state import Moment
from detente.channel.store import Store
from detente.cli.main import cli

ROOT, FIRST, SECOND = "root passphrase", "first passphrase", "second passphrase"
EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples" / "line"


def run(*arguments: object, typed: str | None = None) -> Result:
    """`detente line …`; ``typed`` is what a person types."""
    return CliRunner().invoke(cli, ["line", *(str(one) for one in arguments)], input=typed)


def done(*arguments: object, typed: str | None = None) -> str:
    """The output of a verb that must succeed."""
    result = run(*arguments, typed=typed)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def told(*arguments: object) -> dict[str, Any]:
    """The JSON of a verb that must succeed."""
    return json.loads(done(*arguments, "--json"))


def queued(folder: Path) -> list[dict[str, Any]]:
    """The items that wait in a folder's queue."""
    with home.reading(home.Home(folder)) as store:
        return [json.loads(item) for _, item in store.queued()]


class _Side:
    def __init__(self, folder: Path) -> None:
        place = home.Home(folder)
        self.database = open_database(place.log)
        self.store = Store(self.database)
        identity = home.identity(place)
        held = self.store.held()
        self.node, step = load(identity, home.agreement(place), held, self.store, os.urandom)
        self._after = 0
        self.write(step)

    def write(self, step: Any) -> None:
        self.store.write(step, moment().at)
        self.node.unwritten.clear()

    def work(self, now: Moment) -> bool:
        """Do what is queued; whether anything was."""
        did = False
        for number, raw in self.store.queued():
            step = take(self.node, number, raw, now)
            if step is not None:
                self.write(step)
                did = True
        return did


def exchange(*folders: Path) -> None:
    """Start the nodes of these folders, and let them talk until all is quiet."""
    sides = {side.node.me: side for side in map(_Side, folders)}
    quiet, ms = 0, 0
    while quiet < 3:
        ms += 1_000
        assert ms < 100_000
        now, did = Moment(moment().at, ms), False
        for side in sides.values():
            did = side.work(now) or did
            for party in due(side.node, now):
                raw, other = make(side.node, party, now), sides[party]
                other.write(receive(other.node, raw, now))
                did = True
        quiet = 0 if did else quiet + 1
    for side in sides.values():
        side.database.close()


def send(line: Path, *more: object, form: Path = EXAMPLES / "asks.txt") -> tuple[object, ...]:
    """The arguments that send Arland's question."""
    officers = ("--officer", 2, "--second", 3, "--passphrase-file", line / "officers")
    said = ("--said", EXAMPLES / "asks.said")
    return ("send", line / "AAA", form, *officers, *said, *more)
