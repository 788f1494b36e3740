"""The log's file on a real disk: begun once, opened by the node or beside it, set aside if damaged.

Only the standard library's ``sqlite3`` touches it. A node that finds its database damaged starts an
empty one: its own chain comes back from the other parties, and until it has, nothing is written.
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from detente.channel import envelope
from detente.channel.node.files import sync_folder
from detente.channel.step import Step
from detente.channel.store import FORMAT, PRAGMAS, Store
from detente.ground.errors import StoreError, UsageError
from detente.ground.time import write_instant

BUSY_S = 10.0
_BESIDE = PRAGMAS[:-1]  # the write-ahead log is the node's to empty
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_MOST_SALVAGED = 10_000


class Damaged(StoreError):  # noqa: N818 - reads as what it says of the file
    """The database is not one any more, or not whole."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is damaged, and not that the disk is full or busy."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _DAMAGED


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn the library's errors into those of the house."""
    try:
        yield
    except sqlite3.Error as error:
        kind = Damaged if is_damage(error) else StoreError
        raise kind(f"{path}: {error}.") from error


def _connect(path: Path, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    # The loop commits in a thread of its own, one at a time.
    connection = sqlite3.connect(
        path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    # A flipped bit in a text must reach the check of its digest, and not end the program.
    connection.text_factory = _text
    try:
        for pragma in pragmas:
            connection.execute(pragma)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except BaseException:
        connection.close()
        raise
    if version > FORMAT:
        connection.close()
        raise StoreError(f"{path}: a later version of this program wrote it.")
    return connection


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")


def open_database(path: Path) -> sqlite3.Connection:
    """The node's connection: checked, with all tables, the write-ahead log emptied.

    Raises
    ------
    Damaged
        The file is not whole; `set_aside` moves it away.
    StoreError
        It cannot be opened, or a later version wrote it.
    """
    with told(path):
        fresh = not path.exists()
        connection = _connect(path, PRAGMAS)
        try:
            _check(connection, path)
            Store(connection).create()
        except BaseException:
            connection.close()
            raise
        path.chmod(0o600)
        if fresh:
            sync_folder(path.parent)
        return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise Damaged(f"{path}: {found.splitlines()[-1]}.")


def connect_beside(path: Path) -> sqlite3.Connection:
    """The connection of a program beside the node; `UsageError` where there is no log yet."""
    if not path.exists():
        raise UsageError(f"{path}: there is no log; the line is not agreed yet.")
    with told(path):
        return _connect(path, _BESIDE)


def close(connection: sqlite3.Connection) -> None:
    """Close the node's connection; the file then holds all by itself, fit to be copied."""
    with suppress(sqlite3.Error):  # a full or damaged disk: the next start sees to it
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def queue(path: Path, wake: Path, item: bytes) -> int:
    """Add an item to the queue and wake the node; its number, once it is on the disk."""
    with told(path), closing(connect_beside(path)) as connection:
        number = Store(connection).queue(item)
    ring(wake)
    return number


def ring(wake: Path) -> None:
    """Wake the node that listens there; one that does not looks by itself soon."""
    if hasattr(socket, "AF_UNIX"):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
            bell.settimeout(0)
            bell.sendto(b"!", str(wake))


def begin(path: Path, line: str, step: Step, at: int) -> None:
    """Write a chain's first entries, once: a log that holds some of this line is left as it is.

    Raises
    ------
    UsageError
        There is a log, and it is of another line.
    """
    if path.exists():
        with told(path), closing(_connect(path, _BESIDE)) as connection:
            rows = connection.execute("SELECT raw FROM entries ORDER BY id LIMIT 1").fetchall()
        if not rows or envelope.read(bytes(rows[0][0])).line != line:
            raise UsageError(f"{path}: it is the log of another line.")
        return
    part = path.with_name("log.sqlite.begun")
    for left in _files(part):
        left.unlink(missing_ok=True)
    with told(part):
        connection = open_database(part)
        try:
            Store(connection).write(step, at)
        finally:
            close(connection)
    part.replace(path)
    sync_folder(path.parent)


def set_aside(path: Path, at: int) -> Path:
    """Move a damaged database away, beside; drafts that still wait in it are queued in a new one.

    Returns
    -------
    Path
        Where it is now.
    """
    stamp = write_instant(at).replace(":", "").replace("-", "")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{count}")
    for old, new in zip(_files(path), _files(aside), strict=True):
        if old.exists():
            old.replace(new)
    sync_folder(path.parent)
    waiting = _salvaged(aside)
    with told(path), closing(open_database(path)) as connection:
        for item in waiting:
            Store(connection).queue(item)
    return aside


def _salvaged(aside: Path) -> list[bytes]:
    """The queued items that can still be read."""
    found: list[bytes] = []
    with suppress(sqlite3.Error), closing(_connect(aside, ())) as connection:
        sql = "SELECT item FROM queue ORDER BY id LIMIT ?"
        for row in connection.execute(sql, (_MOST_SALVAGED,)):
            if isinstance(row[0], bytes):
                found.append(row[0])  # noqa: PERF401 - what was read before an error counts
    return found


def _files(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]
