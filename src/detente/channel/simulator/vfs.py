"""What SQLite sees of a simulated disk: files in memory behind apsw's virtual file system.

A `File` has two images. ``live`` is what the operating system shows: all writes so far. ``durable``
is what the platters hold: all writes up to the last sync. Between the two stand the ``pending``
writes. A process that dies loses nothing that it wrote; a machine that loses power keeps some
pending writes and not others, see `File.after_power_loss`.

A file is its own handle (SQLite calls its ``x`` methods), so a write is one Python call. A
`Mount` is the disk as one running process sees it. When the process dies, the disk takes fresh
files, and the old mount with its old files goes on as a ghost: what the dead connection still
writes while it is closed reaches nobody, and raises nothing.
"""

# The methods' names are SQLite's.
# ruff: noqa: N802

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import apsw
import numpy as np

if TYPE_CHECKING:
    from detente.channel.simulator.disk import Disk

SECTOR_BYTES = 512
JULIAN_MS_1970 = 210_866_760_000_000  # Julian day 2440587.5 in milliseconds
SEED_BYTES = 64  # SQLite asks for 44 (a ChaCha20 state without its constant)

# An offset and the bytes written there; None stands for a cut of the file to that offset.
Write = tuple[int, bytes | None]


class File:
    """One file of a disk, and SQLite's handle on it.

    Parameters
    ----------
    disk
        The disk that is told of each write, sync and read, or None for a ghost.
    image
        The durable bytes at the start.
    """

    __slots__ = ("disk", "durable", "handles", "live", "pending")

    def __init__(self, disk: Disk | None, image: bytes | bytearray = b"") -> None:
        self.disk = disk
        self.durable = bytearray(image)
        self.live = bytearray(image)
        self.pending: list[Write] = []
        self.handles = 0

    def after_kill(self) -> File:
        """The same file for the next process: every write kept, none more durable than before."""
        file = File(self.disk, self.durable)
        file.live = bytearray(self.live)
        file.pending = list(self.pending)
        return file

    def after_power_loss(self, rng: np.random.Generator) -> File:
        """The file that the machine finds after a loss of power.

        Pending writes are cut at sector boundaries; of the pieces survive, by draw, none, all, the
        first few, or any subset (later ones without earlier ones: the disk reorders). In half of
        the cases one survivor is torn: only its first bytes are there. Bytes outside a write are
        never harmed, as SQLite supposes of today's disks (``SQLITE_IOCAP_POWERSAFE_OVERWRITE``).
        Gaps before a surviving piece read as zeros.
        """
        file = File(self.disk, self.durable)
        if self.pending:
            for write in _survivors(list(_pieces(self.pending)), rng):
                _apply(file.durable, write)
            file.live = bytearray(file.durable)
        return file

    def flip(self, bit: int) -> None:
        """Turn one durable bit over; a pending write above it still hides it."""
        self.durable[bit // 8] ^= 1 << bit % 8
        self.live = bytearray(self.durable)
        for write in self.pending:
            _apply(self.live, write)

    # --- what SQLite calls -------------------------------------------------------------------

    def xRead(self, amount: int, offset: int) -> bytearray:
        """The live bytes; fewer than asked for at the end of the file."""
        if self.disk is not None and self.disk.unreadable:
            self.disk.refuse_read()
        return self.live[offset : offset + amount]

    def xWrite(self, data: bytes, offset: int) -> None:
        """Write, pending until the next sync. apsw hands over bytes of its own: no copy is made."""
        disk = self.disk
        if disk is not None and disk.plan is not None:
            disk.reach("write", after=False)
        live = self.live
        end = offset + len(data)
        if end > len(live):
            if disk is not None and disk.limit_bytes is not None:
                disk.refuse_growth(end - len(live))
            if offset > len(live):
                live.extend(bytes(offset - len(live)))
        live[offset:end] = data
        self.pending.append((offset, data))
        if disk is not None and disk.plan is not None:
            disk.reach("write", after=True)

    def xTruncate(self, newsize: int) -> None:
        """Cut the file, pending until the next sync; counted as a write."""
        disk = self.disk
        if disk is not None and disk.plan is not None:
            disk.reach("write", after=False)
        _apply(self.live, (newsize, None))
        self.pending.append((newsize, None))
        if disk is not None and disk.plan is not None:
            disk.reach("write", after=True)

    def xSync(self, flags: int) -> None:  # noqa: ARG002
        """Make every pending write durable."""
        disk = self.disk
        if disk is not None and disk.plan is not None:
            disk.reach("sync", after=False)
        for write in self.pending:
            _apply(self.durable, write)
        self.pending.clear()
        if disk is not None and disk.plan is not None:
            disk.reach("sync", after=True)

    def xFileSize(self) -> int:
        """The live size in bytes."""
        return len(self.live)

    def xClose(self) -> None:
        """Give the handle back."""
        self.handles -= 1

    def xLock(self, level: int) -> None:
        """Granted: `Disk.open` allows one connection a file."""

    def xUnlock(self, level: int) -> None:
        """Granted."""

    def xCheckReservedLock(self) -> bool:
        """No other connection exists."""
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002
        """No request is understood, so SQLite does what it does by default."""
        return False

    def xSectorSize(self) -> int:
        """Bytes that the disk writes at once."""
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:
        """What SQLite's own VFS claims of a Unix disk, and what `after_power_loss` keeps."""
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE


class Mount(apsw.VFS):
    """A disk as one running process sees it: a flat directory of files.

    Making and deleting a file is durable at once.

    Parameters
    ----------
    disk
        The disk; its ``instant`` is SQLite's clock. The disk sets it to None when the process dies.
    files
        The disk's files by name; the mount changes this dict in place.
    """

    def __init__(self, disk: Disk, files: dict[str, File]) -> None:
        self.disk: Disk | None = disk
        self.files = files
        self.vfs_name = f"detente-disk-{id(self):x}"
        super().__init__(self.vfs_name, base=None, iVersion=2)

    def xOpen(  # type: ignore[override]  # any object with the methods will do
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> File:
        """The file of that name, made if asked for; without a name, a temporary file."""
        flags[1] = flags[0]
        if name is None:
            file = File(None)
        else:
            key = name if isinstance(name, str) else name.filename()
            if key not in self.files:
                if not flags[0] & apsw.SQLITE_OPEN_CREATE:
                    raise apsw.CantOpenError(key)
                self.files[key] = File(self.disk)
            file = self.files[key]
        file.handles += 1
        return file

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002
        """Whether the file is there; every file may be read and written."""
        return pathname in self.files

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: ARG002, FBT001
        """Delete, durable at once; counted as a write."""
        if filename not in self.files:
            raise apsw.exception_for(apsw.SQLITE_IOERR_DELETE_NOENT)
        disk = self.disk
        if disk is not None:
            disk.reach("write", after=False)
        del self.files[filename]
        if disk is not None:
            disk.reach("write", after=True)

    def xFullPathname(self, name: str) -> str:
        """A name is its own path."""
        return name

    def xCurrentTimeInt64(self) -> int:
        """The disk's instant as milliseconds of Julian days."""
        instant = 0 if self.disk is None else self.disk.instant
        return JULIAN_MS_1970 + instant * 1000

    def xCurrentTime(self) -> float:
        """The disk's instant in Julian days."""
        return self.xCurrentTimeInt64() / 86_400_000

    def xSleep(self, microseconds: int) -> int:
        """No time passes."""
        return microseconds

    def xGetLastError(self) -> tuple[int, str | None]:
        """No operating system stands behind this."""
        return 0, None


class _Chance(apsw.VFS):
    """The default VFS for one moment, to hand SQLite its seed."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        super().__init__("detente-chance", base="", makedefault=True)

    def xRandomness(self, numbytes: int) -> bytes:
        return self._seed[:numbytes]


def seed_sqlite(rng: np.random.Generator) -> None:
    """Seed SQLite's one generator of this process from ``rng``.

    SQLite draws the salts of its write-ahead log, ``random()`` and ``randomblob()`` of all
    connections from one generator, which asks the *default* VFS for its seed, once, and forgets it
    when asked for no bytes (``sqlite3_randomness``). Python's own ``sqlite3`` is another copy of
    the library and is left alone.
    """
    chance = _Chance(rng.bytes(SEED_BYTES))
    try:
        apsw.randomness(0)  # forget
        apsw.randomness(1)  # ask for a seed now, while the default VFS is ours
    finally:
        chance.unregister()


def _apply(image: bytearray, write: Write) -> None:
    offset, data = write
    if offset > len(image):
        image.extend(bytes(offset - len(image)))
    if data is None:
        del image[offset:]
    else:
        image[offset : offset + len(data)] = data


def _pieces(writes: list[Write]) -> Iterator[Write]:
    """The writes, cut at sector boundaries, in order."""
    for offset, data in writes:
        if data is None:
            yield offset, None
            continue
        start = 0
        while start < len(data):
            end = min(len(data), start + SECTOR_BYTES - (offset + start) % SECTOR_BYTES)
            yield offset + start, data[start:end]
            start = end


def _survivors(pieces: list[Write], rng: np.random.Generator) -> list[Write]:
    match int(rng.integers(4)):
        case 0:
            kept = []
        case 1:
            kept = pieces
        case 2:
            kept = pieces[: int(rng.integers(len(pieces) + 1))]
        case _:
            chosen = np.flatnonzero(rng.random(len(pieces)) < rng.random())
            kept = [pieces[index] for index in chosen]
    if kept and rng.random() < 0.5:
        torn = int(rng.integers(len(kept)))
        offset, data = kept[torn]
        if data is not None:
            kept[torn] = offset, data[: int(rng.integers(len(data)))]
    return kept
