"""A node's log in SQL: one transaction a step, durable when it returns.

Written against the one method that ``sqlite3`` and ``apsw`` connections share, so that the very
same statements run on a real disk and on the simulator's. The caller opens the connection in
autocommit mode, with ``journal_mode=WAL`` and ``synchronous=FULL``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol

from detente.channel.canonical import encode
from detente.channel.protocol.state import Held
from detente.channel.record import Place
from detente.channel.sealing import SealingKey
from detente.channel.step import Event, Step

FORMAT = 1
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-8000",
    # What a killed process left in the write-ahead log may not have reached the disk: it must,
    # before anything rests on it.
    "PRAGMA wal_checkpoint(TRUNCATE)",
)
_TABLES = (
    """CREATE TABLE IF NOT EXISTS entries (
        id INTEGER PRIMARY KEY, party TEXT NOT NULL, seq INTEGER NOT NULL,
        digest TEXT NOT NULL, raw BLOB NOT NULL, UNIQUE (party, seq))""",
    """CREATE TABLE IF NOT EXISTS texts (
        party TEXT NOT NULL, seq INTEGER NOT NULL, text BLOB NOT NULL, PRIMARY KEY (party, seq))""",
    """CREATE TABLE IF NOT EXISTS secrets (
        epoch INTEGER PRIMARY KEY, suite TEXT NOT NULL, seed BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS queue (
        id INTEGER PRIMARY KEY AUTOINCREMENT, item BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS evidence (
        id INTEGER PRIMARY KEY, first BLOB NOT NULL, second BLOB NOT NULL,
        UNIQUE (first, second))""",
    """CREATE TABLE IF NOT EXISTS starts (
        id INTEGER PRIMARY KEY, party TEXT NOT NULL, nonce TEXT NOT NULL, token TEXT NOT NULL,
        UNIQUE (party, nonce))""",
    "CREATE TABLE IF NOT EXISTS tokens (party TEXT PRIMARY KEY, token TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS journal (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, event BLOB NOT NULL)""",
    f"PRAGMA user_version={FORMAT}",
)


# These follow from the entries themselves and are not written a second time.
_FOLLOWS = {"sent", "message", "stored", "shown", "read"}


class Database(Protocol):
    """What the store asks of a connection."""

    def execute(self, sql: str, params: tuple[Any, ...] = (), /) -> Any:
        """Run one statement; the result can be iterated over its rows."""


class Store:
    """The tables of one node; also the `Reader` of its protocol."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(self) -> None:
        """Make the tables that are not there yet."""
        self._db.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            self._db.execute(statement)
        self._db.execute("COMMIT")

    # --- reading --------------------------------------------------------------------------------

    def held(self) -> Held:
        """What a node is loaded from."""
        return Held(
            entries=self._entries(),
            secrets=[
                (epoch, SealingKey(suite, bytes(seed)))
                for epoch, suite, seed in self._db.execute("SELECT epoch, suite, seed FROM secrets")
            ],
            evidence=self.evidence(),
            starts=list(self._db.execute("SELECT party, nonce, token FROM starts ORDER BY id")),
            tokens=list(self._db.execute("SELECT party, token FROM tokens")),
        )

    def _entries(self) -> Iterator[tuple[Place, str, bytes]]:
        """Rows as they stand; what a changed bit made no text comes as text that fits nowhere."""
        texts = "CAST(party AS BLOB), seq, CAST(digest AS BLOB)"
        rows = self._db.execute(f"SELECT {texts}, raw FROM entries ORDER BY id")  # noqa: S608
        for party, seq, digest, raw in rows:
            yield (_text(party), seq), _text(digest), bytes(raw)

    def missing(self, sizes: dict[str, int], most_bytes: int) -> list[tuple[Place, bytes]]:
        """Entries from these sizes on, in the order in which they came, up to so many bytes."""
        wanted = " OR ".join("(party = ? AND seq >= ?)" for _ in sizes)
        params = tuple(part for item in sizes.items() for part in item)
        found: list[tuple[Place, bytes]] = []
        rows = self._db.execute(
            f"SELECT party, seq, raw FROM entries WHERE {wanted} ORDER BY id",  # noqa: S608
            params,
        )
        left = most_bytes
        for party, seq, raw in rows:
            left -= len(raw) + 1
            if found and left < 0:
                break
            found.append(((party, seq), bytes(raw)))
        return found

    def text(self, place: Place) -> bytes | None:
        """The text of a message, where it is held."""
        return self._one("SELECT text FROM texts WHERE party = ? AND seq = ?", place)

    def entry(self, place: Place) -> bytes | None:
        """The bytes of an entry, where it is held."""
        return self._one("SELECT raw FROM entries WHERE party = ? AND seq = ?", place)

    def _one(self, sql: str, params: tuple[Any, ...]) -> bytes | None:
        row = next(iter(self._db.execute(sql, params)), None)
        return None if row is None else bytes(row[0])

    def queued(self, after: int = 0, most: int = 256) -> list[tuple[int, bytes]]:
        """Items that wait, by number."""
        rows = self._db.execute(
            "SELECT id, item FROM queue WHERE id > ? ORDER BY id LIMIT ?", (after, most)
        )
        return [(number, bytes(item)) for number, item in rows]

    def evidence(self) -> list[tuple[bytes, bytes]]:
        """The pairs of entries that prove a fork; the second is empty where one says enough."""
        rows = self._db.execute("SELECT first, second FROM evidence ORDER BY id")
        return [(bytes(first), bytes(second)) for first, second in rows]

    def journal(self, most: int = 200) -> list[tuple[int, bytes]]:
        """The last events: when, as this side's clock said, and what, as canonical JSON."""
        rows = self._db.execute("SELECT at, event FROM journal ORDER BY id DESC LIMIT ?", (most,))
        return [(at, bytes(event)) for at, event in rows][::-1]

    # --- writing --------------------------------------------------------------------------------

    def queue(self, item: bytes) -> int:
        """Add an item to the queue; returns its number once it is on the disk."""
        sql = "INSERT INTO queue (item) VALUES (?) RETURNING id"
        # To its end, for SQLite gives the row out first and commits after it.
        rows = list(self._db.execute(sql, (item,)))
        return int(rows[0][0])

    def queue_all(self, items: list[bytes]) -> None:
        """Add items to the queue in one transaction; returns once all are on the disk."""
        self._db.execute("BEGIN IMMEDIATE")
        for item in items:
            self.queue(item)
        self._db.execute("COMMIT")

    def write(self, step: Step, at: int) -> None:
        """Write all of a step in one transaction; returns once it is on the disk, or raises."""
        if not step.writes and not step.events:
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._write(step, at)
            self._db.execute("COMMIT")
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        """Leave the transaction; where the disk is full or gone, so is the transaction."""
        with suppress(Exception):  # the first error is the one to raise
            self._db.execute("ROLLBACK")

    def _write(self, step: Step, at: int) -> None:
        run = self._db.execute
        for party, seq in step.dropped:
            sql = "DELETE FROM entries WHERE CAST(party AS BLOB) = ? AND seq = ?"
            run(sql, (party.encode("utf-8", "surrogateescape"), seq))
        for place in step.dropped_texts:
            run("DELETE FROM texts WHERE party = ? AND seq = ?", place)
        for entry in step.entries:
            run(
                "INSERT INTO entries (party, seq, digest, raw) VALUES (?, ?, ?, ?)",
                (entry.sender, entry.seq, entry.digest, entry.raw),
            )
        for (party, seq), text in step.texts:
            run("INSERT OR REPLACE INTO texts VALUES (?, ?, ?)", (party, seq, text))
        self._write_keys(step)
        for number in step.done:
            run("DELETE FROM queue WHERE id = ?", (number,))
        for first, *rest in step.evidence:
            second = rest[0] if rest else b""
            sql = "INSERT OR IGNORE INTO evidence (first, second) VALUES (?, ?)"
            run(sql, (first, second))
        for event in (each for each in step.events if each.kind not in _FOLLOWS):
            run("INSERT INTO journal (at, event) VALUES (?, ?)", (at, encode(_plain(event))))

    def _write_keys(self, step: Step) -> None:
        run = self._db.execute
        for epoch, key in step.secrets:
            run("INSERT OR REPLACE INTO secrets VALUES (?, ?, ?)", (epoch, key.suite, key.seed))
        for epoch in step.erased:
            run("DELETE FROM secrets WHERE epoch = ?", (epoch,))
        for start in step.starts:
            run("INSERT OR IGNORE INTO starts (party, nonce, token) VALUES (?, ?, ?)", start)
        for token in step.tokens:
            run("INSERT OR REPLACE INTO tokens VALUES (?, ?)", token)


def _text(data: Any) -> str:
    return bytes(data).decode("utf-8", "surrogateescape")


def _plain(event: Event) -> dict[str, Any]:
    party, seq = event.place or ("", 0)
    return {
        "kind": event.kind,
        "party": event.party,
        "of": party,
        "seq": seq,
        "number": event.number,
        "detail": event.detail,
    }
