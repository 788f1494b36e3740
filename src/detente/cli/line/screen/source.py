"""What the screen reads: the party's folder, again whenever its log has changed.

Everything here waits for the disk and is called from a thread beside the screen's loop, one call at
a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar

from detente.channel.node import database
from detente.channel.node.home import Home
from detente.channel.results import LineView
from detente.cli.line import standing
from detente.cli.line.place import Line, opened

VIEW_EVERY_S = 15  # deadlines and the line's colour follow the clock

Clock = Callable[[], int]
_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Look:
    """The line at an instant: as loaded, and as a screen shows it."""

    line: Line
    view: LineView


class Source:
    """A party's folder, and the line as its disk last held it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._home = Home(folder)
        self._clock = clock
        self._lock = Lock()
        self._held = ExitStack()
        self._watch: sqlite3.Connection | None = None
        self._version: tuple[int, int] | None = None
        self._line: Line | None = None
        self._last: Look | None = None

    def look(self) -> Look:
        """The line now: the look before, where nothing but a few seconds has changed."""
        with self._lock:
            line, last = self._now(), self._last
            if last is None or _differs(last.line, line):
                last = self._last = Look(line, line.view(line.at))
            return last

    def do(
        self,
        what: Callable[Concatenate[Line, _Given], _Found],
        *args: _Given.args,
        **kwargs: _Given.kwargs,
    ) -> _Found:
        """What a function makes of the line as it is now."""
        with self._lock:
            return what(self._now(), *args, **kwargs)

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            self._held.close()
            self._line = None

    def _now(self) -> Line:
        if self._line is None or self._seen() != self._version:
            self._load()
        assert self._line is not None
        stands = standing.found(self._home)
        _stand(self._line, stands)
        return replace(self._line, at=self._clock(), standing=stands)

    def _seen(self) -> tuple[int, int] | None:
        """Which file the log is, and a number that changes when another connection writes to it."""
        if self._watch is None:
            return None
        number = self._watch.execute("PRAGMA data_version").fetchone()[0]
        return self._home.log.stat().st_ino, int(number)

    def _load(self) -> None:
        self._held.close()
        self._line = None
        self._watch = database.connect_beside(self._home.log)
        self._held.enter_context(closing(self._watch))
        # Read before the load: what is written meanwhile is seen the next time.
        self._version = self._seen()
        self._line = self._held.enter_context(opened(self._home.path))


def _differs(before: Line, after: Line) -> bool:
    """Whether a screen may have to show something else."""
    if before.node is not after.node or before.standing != after.standing:
        return True
    return not 0 <= after.at - before.at < VIEW_EVERY_S


def _stand(line: Line, stands: standing.Standing) -> None:
    """Let the loaded node stand where the running one does; what its disk proves stays."""
    node = line.node
    for link in node.links.values():
        link.confirmed = False
    standing.apply(node, stands)
