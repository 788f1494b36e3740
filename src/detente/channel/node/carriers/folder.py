"""Bundles as files: a USB stick, a shared folder, an attachment that a person sends.

For each party one file lies in the out folder, with all that the party lacks; a newer one takes its
place. A file in the in folder is taken once it is whole and then moved to the done folder. One that
stays unreadable for a while, or is not for this node, is moved to the refused folder, with a text
beside it that says why. Taking the same file again changes nothing.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from detente.channel import bundle
from detente.channel.canonical import Malformed
from detente.channel.node.carriers import mail
from detente.channel.node.carriers.carrier import NOT_WRITTEN, Desk
from detente.channel.node.files import make_folder, write_whole
from detente.channel.node.notice import Notice
from detente.ground.errors import StoreError

SCAN_S = 1.0
SETTLE_MS = 10_000  # how long a file that is not whole may lie unchanged: somebody may be copying
PATIENCE_MS = 600_000
MOST_FILE = 2 * bundle.MAX_BYTES
_NAME = re.compile(r"\.(bundle|eml)", re.IGNORECASE)
_Seen = tuple[int, int]  # size and time of change


@dataclass
class Folder:
    """A carrier by files.

    ``path`` holds the folders ``in``, ``out``, ``done`` and ``refused``. Where ``addresses`` names
    both parties' mail addresses, what goes out is a mail with the bundle attached.
    """

    me: str
    path: Path
    addresses: Mapping[str, str] = field(default_factory=dict)
    settle_ms: int = SETTLE_MS

    name = "folder"
    most_bytes = 2_097_152
    is_whole = True

    def __post_init__(self) -> None:
        self._given: dict[str, bytes] = {}
        self._since: dict[Path, tuple[_Seen, int]] = {}
        self._tried: dict[Path, _Seen] = {}
        self._desk: Desk | None = None

    # --- what the loop asks -------------------------------------------------------------------

    def is_ready(self, party: str) -> bool:
        """Whether the last bundle for the party has been written."""
        return self._desk is not None and party not in self._given

    def give(self, party: str, raw: bytes) -> None:
        """Take a bundle; it is written with the next look at the folders."""
        self._given[party] = raw

    def patience_ms(self, _: int) -> int:
        """How long an answer may take."""
        return PATIENCE_MS

    async def serve(self, desk: Desk) -> None:
        """Look at the folders again and again until cancelled."""
        self._desk = desk
        loop = asyncio.get_running_loop()
        while True:
            await self.look(desk, int(loop.time() * 1_000))
            await asyncio.sleep(SCAN_S)

    async def look(self, desk: Desk, ms: int) -> None:
        """Write what was given, and take what came; `OSError` where a folder cannot be used."""
        self._desk = desk
        try:
            for folder in ("in", "out", "done", "refused"):
                make_folder(self.path / folder)
            for party in list(self._given):
                self.put(party, self._given[party])
                del self._given[party]
                desk.wake()
        except StoreError as error:
            raise OSError(str(error)) from error
        for path in self._whole_ones(ms):
            await self._take(desk, path, ms)

    # --- out ----------------------------------------------------------------------------------

    def put(self, party: str, raw: bytes) -> Path:
        """Write the bundle for a party in the place of the last one; where it is now."""
        mine, theirs = self.addresses.get(self.me), self.addresses.get(party)
        end = "eml" if mine and theirs else "bundle"
        if mine and theirs:
            raw = mail.pack(raw, sender=mine, recipient=theirs)
        out = self.path / "out"
        stem = f"{self.me}-{party}-"
        counter = out / f".{stem}count"  # a number is not given twice, though the file was taken
        with suppress(OSError, ValueError):
            last = int(counter.read_text(encoding="ascii"))
            return self._number(out, stem, end, max(last, self._last(out, stem)) + 1, raw)
        return self._number(out, stem, end, self._last(out, stem) + 1, raw)

    def _number(self, out: Path, stem: str, end: str, count: int, raw: bytes) -> Path:
        write_whole(out / f".{stem}count", str(count).encode())
        path = out / f"{stem}{count:06}.{end}"
        write_whole(path, raw)
        for old in out.glob(f"{stem}*"):
            if old != path and _NAME.fullmatch(old.suffix):
                old.unlink(missing_ok=True)
        return path

    @staticmethod
    def _last(out: Path, stem: str) -> int:
        counts = (path.stem[len(stem) :] for path in out.glob(f"{stem}*"))
        return max((int(count) for count in counts if count.isdecimal()), default=0)

    # --- in -----------------------------------------------------------------------------------

    def _whole_ones(self, ms: int) -> list[Path]:
        """Files that did not change since the last look, and were not tried as they are."""
        found: dict[Path, tuple[_Seen, int]] = {}
        with os.scandir(self.path / "in") as entries:
            for entry in entries:
                is_ours = not entry.name.startswith(".") and _NAME.fullmatch(
                    Path(entry.name).suffix
                )
                if not is_ours or not entry.is_file(follow_symlinks=False):
                    continue
                path = self.path / "in" / entry.name
                status = entry.stat(follow_symlinks=False)
                seen = (status.st_size, status.st_mtime_ns)
                before, since = self._since.get(path, (None, ms))
                found[path] = (seen, since if before == seen else ms)
        known, self._since = self._since, found
        self._tried = {path: seen for path, seen in self._tried.items() if path in found}
        return sorted(
            path
            for path, (seen, _) in found.items()
            if known.get(path, ((), 0))[0] == seen and self._tried.get(path) != seen
        )

    async def _take(self, desk: Desk, path: Path, ms: int) -> None:
        seen, since = self._since[path]
        try:
            raws = self._read(path, seen[0])
        except Malformed as error:
            if ms - since >= self.settle_ms or seen[0] > MOST_FILE:
                self._tried[path] = seen
                self._refuse(desk, path, str(error))
            return
        reasons = [await (await desk.bring(raw)) for raw in raws]
        if NOT_WRITTEN in reasons:
            return
        self._tried[path] = seen
        if all(reasons):
            self._refuse(desk, path, reasons[0])
        else:
            _move(path, self.path / "done")

    @staticmethod
    def _read(path: Path, size: int) -> list[bytes]:
        """The bundles in a file, each whole."""
        if size > MOST_FILE:
            raise Malformed(f"It has {size:,} bytes; {MOST_FILE:,} are the most.")
        with path.open("rb") as file:
            data = file.read(MOST_FILE + 1)
        raws = mail.unpack(data) if path.suffix.lower() == ".eml" else [data]
        for raw in raws:
            bundle.read(raw)
        return raws

    def _refuse(self, desk: Desk, path: Path, reason: str) -> None:
        moved = _move(path, self.path / "refused")
        desk.say(Notice("file refused", detail=f"{moved.name}: {reason}"))
        with suppress(StoreError):
            write_whole(moved.with_name(f"{moved.name}.txt"), f"{reason}\n".encode())


def _move(path: Path, folder: Path) -> Path:
    """Move a file into a folder without overwriting; where it is now."""
    target, count = folder / path.name, 1
    while target.exists():
        count += 1
        target = folder / f"{path.stem}-{count}{path.suffix}"
    try:
        path.replace(target)
    except OSError:  # a stick that cannot be written: the file stays, and is not tried again
        return path
    return target
