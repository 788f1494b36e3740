"""A disk in memory that runs real SQLite and fails as told.

Theory of operation. A node's log is an SQLite database in write-ahead mode with
``synchronous=FULL``: a commit returns after one sync of the log file. The disk counts SQLite's
writes and syncs, and can stop the world at any of them. Two ends differ:

- *kill*: the process dies, the machine lives. Every write is kept, for the operating system holds
  it; but what was not yet durable is still not durable, and a later loss of power may take it.
- *power loss*: each file keeps its durable bytes and, by draw, some pieces of what was written
  since its last sync (`detente.channel.simulator.vfs.File.after_power_loss`).

Either way every open connection is dead: the running statement raises, later ones raise the same,
closing does not. A new one is had from `Disk.open`.

Making and deleting a file is durable at once. A write that a kill interrupts is there whole or not
at all. Chance and time are arguments: with the same seed, calls and instants every byte is equal,
as long as one thread of the process uses apsw.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

import apsw
import numpy as np

from detente.channel.simulator.vfs import File, Mount, seed_sqlite
from detente.ground.errors import UsageError

PRAGMAS = ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL")
CHECKPOINT_PAGES = 1000  # SQLite's own default


class Stopped(Exception):  # noqa: N818
    """The simulated process ended in the middle of what it did. No error: nobody must act."""


class PowerLost(Stopped):
    """The machine lost power."""


class Killed(Stopped):
    """The process was killed; the machine runs on."""


@dataclass(frozen=True)
class Plan:
    """Where the process is to end.

    Parameters
    ----------
    end
        A loss of power, or a kill.
    point
        What is counted, in all named files of the disk together: SQLite's writes (with cuts and
        deletions of files), or its syncs.
    count
        The first from now is 1.
    after
        Whether that write or sync is still done.
    """

    end: Literal["power", "kill"]
    point: Literal["write", "sync"]
    count: int
    after: bool


@dataclass(frozen=True)
class Snapshot:
    """All files of a disk in one instant, as a program that copies them reads them."""

    files: tuple[tuple[str, bytes], ...]


class Disk:
    """Files by name, the connections on them, and their faults.

    A context manager: leaving it closes what is open and frees the files.

    Parameters
    ----------
    rng
        Seeds SQLite at each `open` (salts of the log, ``random()``).

    Attributes
    ----------
    instant : int
        SQLite's clock: seconds since 1970, UTC.
    limit_bytes : int or None
        The room on the disk. A write that would pass it raises ``apsw.FullError``.
    unreadable : int
        How many of the coming reads raise ``apsw.IOError``. SQLite reads what it has not cached.
    plan : Plan or None
        The plan that has not come due yet.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.instant = 0
        self.limit_bytes: int | None = None
        self.unreadable = 0
        self.plan: Plan | None = None
        self._left = 0
        self._plan_rng: np.random.Generator | None = None
        self._rng = rng
        self._files: dict[str, File] = {}
        self._mount: Mount | None = None
        self._connections: dict[str, apsw.Connection] = {}
        self._dead: list[apsw.Connection] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- use ---------------------------------------------------------------------------------

    def open(self, name: str, *, checkpoint_pages: int = CHECKPOINT_PAGES) -> apsw.Connection:
        """A connection as the channel's store has it, made after the end of any earlier one.

        Parameters
        ----------
        name
            The database's file; its log is ``name-wal``.
        checkpoint_pages
            A commit that leaves so many pages in the log copies them into the database.

        Raises
        ------
        UsageError
            If the database is open already.
        Stopped
            If a plan comes due; connections made so far are dead.
        apsw.Error
            If SQLite finds the file broken, or cannot read or write it.
        """
        self._bury()
        file = self._files.get(name)
        if file is not None and file.handles:
            raise UsageError(f"{name} is open already; one process has one connection to its log.")
        if self._mount is None:
            self._mount = Mount(self, self._files)
        seed_sqlite(self._rng)
        connection = apsw.Connection(name, vfs=self._mount.vfs_name)
        self._connections[name] = connection
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").fetchall()
        except apsw.Error:
            connection.close(force=True)
            raise
        connection.set_wal_hook(_checkpoint_at(checkpoint_pages))
        return connection

    def names(self) -> tuple[str, ...]:
        """The files there are, in order of their names."""
        return tuple(sorted(self._files))

    def durable(self, name: str) -> bytes:
        """The bytes of a file that a loss of power cannot take."""
        return bytes(self._files[name].durable)

    def used_bytes(self) -> int:
        """The sizes of all files together."""
        return sum(len(file.live) for file in self._files.values())

    def close(self) -> None:
        """End the process as by `kill`, and free connections and files."""
        self.kill()
        self._bury()
        self._files.clear()

    # --- faults ------------------------------------------------------------------------------

    def set_plan(self, plan: Plan, rng: np.random.Generator) -> None:
        """End the process at a coming write or sync; replaces an earlier plan.

        Parameters
        ----------
        plan
            The end and its point. The running statement raises `PowerLost` or `Killed`.
        rng
            Draws what survives a loss of power.
        """
        if plan.count < 1:
            raise UsageError("A plan counts from 1, the next write or sync.")
        self.plan, self._left, self._plan_rng = plan, plan.count, rng

    def kill(self) -> None:
        """End the process: connections are dead, every write is kept."""
        self._stop(Killed, {name: file.after_kill() for name, file in self._files.items()})

    def lose_power(self, rng: np.random.Generator) -> None:
        """End the machine: of what was not synced, each file keeps what ``rng`` draws."""
        files = {name: self._files[name].after_power_loss(rng) for name in self.names()}
        self._stop(PowerLost, files)

    def flip(self, rng: np.random.Generator) -> tuple[str, int]:
        """Turn over one bit, drawn from all durable bits; tells the file and the bit.

        Raises
        ------
        UsageError
            If the disk holds no durable byte.
        """
        names = self.names()
        ends = np.cumsum([len(self._files[name].durable) * 8 for name in names])
        if not names or not ends[-1]:
            raise UsageError("There is no durable bit to flip.")
        bit = int(rng.integers(ends[-1]))
        index = int(np.searchsorted(ends, bit, side="right"))
        name = names[index]
        bit -= int(ends[index]) - len(self._files[name].durable) * 8
        self.flip_bit(name, bit)
        return name, bit

    def flip_bit(self, name: str, bit: int) -> None:
        """Turn over one durable bit: bit ``bit % 8`` (from the lowest) of byte ``bit // 8``."""
        self._files[name].flip(bit)

    def snapshot(self) -> Snapshot:
        """A backup of the whole disk."""
        return Snapshot(tuple((name, bytes(self._files[name].live)) for name in self.names()))

    def restore(self, snapshot: Snapshot) -> None:
        """End the process, and put a backup in the place of all files, durable."""
        self._stop(Killed, {name: File(self, image) for name, image in snapshot.files})

    # --- what the files ask ------------------------------------------------------------------

    def reach(self, point: Literal["write", "sync"], *, after: bool) -> None:
        """Count towards the plan, and carry it out when it is due."""
        plan = self.plan
        if plan is None or plan.point != point or plan.after is not after:
            return
        self._left -= 1
        if self._left:
            return
        if plan.end == "kill":
            self.kill()
            raise Killed
        assert self._plan_rng is not None
        self.lose_power(self._plan_rng)
        raise PowerLost

    def refuse_growth(self, by_bytes: int) -> None:
        """Raise if the disk has no room for so many bytes more."""
        if self.limit_bytes is not None and self.used_bytes() + by_bytes > self.limit_bytes:
            raise apsw.FullError("the simulated disk is full")

    def refuse_read(self) -> None:
        """Raise, and count the read."""
        self.unreadable -= 1
        raise apsw.exception_for(apsw.SQLITE_IOERR_READ)

    # --- ends --------------------------------------------------------------------------------

    def _stop(self, cause: type[Stopped], files: dict[str, File]) -> None:
        """Leave the old files to the dead process, and take new ones."""
        for file in self._files.values():
            file.disk = None
        for connection in self._connections.values():
            # A statement of the dead may be running now: it is left to raise, and `_bury` closes.
            with suppress(apsw.ConnectionClosedError):
                connection.exec_trace = _refuse(cause)
        self._dead += self._connections.values()
        self._connections = {}
        if self._mount is not None:
            self._mount.disk = None
            self._mount = None
        self._files = files
        self.plan = None
        self.unreadable = 0

    def _bury(self) -> None:
        """Close what the dead left open."""
        for connection in self._dead:
            connection.close(force=True)
        self._dead = []


def _checkpoint_at(pages: int) -> Callable[[apsw.Connection, str, int], int]:
    """SQLite's own checkpoint after a commit, in Python.

    SQLite ignores a checkpoint's error, for the commit before it stands. Under its built-in hook
    apsw would raise the VFS's exception all the same, out of a statement that succeeded.
    """

    def hook(connection: apsw.Connection, database: str, in_log: int) -> int:
        if in_log >= pages:
            try:
                connection.wal_checkpoint(database, apsw.SQLITE_CHECKPOINT_PASSIVE)
            except (apsw.FullError, apsw.IOError):
                return apsw.SQLITE_OK
        return apsw.SQLITE_OK

    return hook


def _refuse(cause: type[Stopped]) -> Callable[..., bool]:
    def refuse(*_: object) -> bool:
        raise cause

    return refuse
