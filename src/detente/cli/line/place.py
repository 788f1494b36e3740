"""A party's folder as a verb reads it: the log of its line, and a queue that its node empties."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.channel.keys import Agreement, Party
    from detente.channel.node.home import Home
    from detente.channel.protocol.state import Node
    from detente.channel.results import LineView
    from detente.channel.store import Store
    from detente.cli.line.standing import Standing
    from detente.ground.contacts import Roster


@dataclass(frozen=True)
class Line:
    """A line as this side's disk holds it at the instant ``at``.

    ``node`` is loaded to be read, and stands where the running node does; it writes nothing.
    """

    home: Home
    agreement: Agreement
    node: Node
    store: Store
    at: int
    standing: Standing

    @property
    def me(self) -> str:
        """The id of this side's party."""
        return self.node.me

    def entries(self) -> Iterator[bytes]:
        """The entries of all parties, in the order in which they came."""
        return (raw for _place, _digest, raw in self.store.held().entries)

    def queue(self, item: dict[str, Any] | bytes) -> int:
        """Queue an item for the node; its number, once it is on the disk."""
        from detente.channel.canonical import encode
        from detente.channel.node import home

        return home.queue(self.home, item if isinstance(item, bytes) else encode(item))

    def roster(self, party: str) -> Roster | None:
        """The newest roster that a party signed and that can be read; None where there is none."""
        from detente.channel import envelope
        from detente.ground.contacts import from_plain

        newest = None
        for raw in self.entries():
            if b'"kind":"roster"' not in raw:
                continue
            entry = envelope.read(raw)
            place = (entry.sender, entry.seq)
            if (entry.kind, entry.sender) != ("roster", party):
                continue
            if place in self.node.record.irregular:
                continue
            try:
                found = from_plain(entry.body["roster"])
            except UsageError:  # signed, but no roster that this version reads
                continue
            newest = found if newest is None or found.edition >= newest.edition else newest
        return newest

    def view(self, at: int) -> LineView:
        """All that a screen shows of the line."""
        from detente.channel.view import view

        return view(self.node, self.store, at)


@contextmanager
def opened(folder: Path, *, at: int | None = None) -> Iterator[Line]:
    """The line in a party's folder, now or at an instant; `UsageError` where there is none."""
    import os

    from detente.channel.node import home
    from detente.channel.node.clock import moment
    from detente.channel.protocol.load import load
    from detente.cli.line import standing

    place = home.Home(folder)
    agreement = home.agreement(place)
    with home.reading(place) as store:
        node, _step = load(home.identity(place), agreement, store.held(), store, os.urandom)
        stands = standing.found(place)
        standing.apply(node, stands)
        yield Line(place, agreement, node, store, moment().at if at is None else at, stands)


def others(line: Line, party: str | None) -> tuple[Party, ...]:
    """The party of that id, or all but this side's own."""
    if party is not None:
        return (of_party(line, party),)
    return tuple(one for one in line.agreement.parties if one.id != line.me)


def of_party(line: Line, party: str | None) -> Party:
    """The party of that id; without one the only other party."""
    ids = ", ".join(one for one in line.agreement.ids if one != line.me)
    if party is None:
        found = others(line, None)
        if len(found) > 1:
            raise UsageError(_("Name one of the parties: {ids}.", ids=ids))
        return found[0]
    one = line.agreement.party(party)
    if one is None:
        raise UsageError(_("{id} is no party of this line; the others are {ids}.", id=party,
                           ids=ids))  # fmt: skip
    return one
