"""What a running node last said of itself, left beside its log for other programs of its side."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.channel.node.home import Home
    from detente.channel.node.notice import Notice
    from detente.channel.protocol.state import Node
    from detente.channel.step import Event

_NAME = "standing.json"


@dataclass(frozen=True)
class Standing:
    """Whether a node runs, its standing, which parties have confirmed it, which are connected."""

    runs: bool = False
    standing: str = "starting"
    confirmed: tuple[str, ...] = ()
    connected: tuple[str, ...] = ()

    def after(self, event: Event | Notice, me: str) -> Standing:
        """The standing after something that the node said."""
        kind, party = event.kind, event.party
        if kind == "confirmed":
            return replace(self, confirmed=_with(self.confirmed, party))
        if kind == "open":
            return replace(self, standing="open")
        if kind == "key used elsewhere" or (kind == "fork" and party == me):
            return replace(self, standing="halted")
        if kind == "connected":
            return replace(self, connected=_with(self.connected, party))
        if kind == "disconnected":
            return replace(self, connected=tuple(one for one in self.connected if one != party))
        if kind == "written again":  # the node was loaded anew
            return replace(self, standing="starting", confirmed=())
        return self


def _with(parties: tuple[str, ...], party: str) -> tuple[str, ...]:
    return tuple(sorted({*parties, party}))


def leave(home: Home, standing: Standing) -> None:
    """Leave it beside the log."""
    from detente.channel.node.files import write_whole

    write_whole(home.path / _NAME, json.dumps(asdict(standing)).encode())


def found(home: Home) -> Standing:
    """What the running node left; where none runs, what is true of that."""
    try:
        with home.held():
            return Standing()
    except UsageError:  # a node holds the folder
        return _read(home.path / _NAME)


def _read(path: Path) -> Standing:
    with suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads(path.read_bytes())
        confirmed, connected = (tuple(map(str, told[key])) for key in ("confirmed", "connected"))
        return Standing(
            runs=True,
            standing=str(told["standing"]),
            confirmed=confirmed,
            connected=connected,
        )
    return Standing(runs=True)


def apply(node: Node, standing: Standing) -> None:
    """Let a node that was loaded to be read stand where the running one does; evidence stays so."""
    if node.standing != "halted" and standing.standing in {"starting", "open", "halted"}:
        node.standing = standing.standing
    for party in standing.confirmed:
        if party in node.links:
            node.links[party].confirmed = True
