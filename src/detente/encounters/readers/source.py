"""A file of tracks as blocks of whole lines: unpacked on the way, never trusted, never half read.

Plain files and gzip stream. Zstandard is unpacked in memory, after its blocks were counted: what a
file could become is known before a byte of it is unpacked (RFC 8878, 3.1.1).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NoReturn

from detente.ground.errors import CaseError, Finding, StoreError

BLOCK = 32 * 2**20
HEAD = 2**16
GZIP, ZSTD, PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
_FOREIGN = {
    b"PK\x03\x04": ("is a zip archive or a workbook.", "unpack it, or save it as CSV."),
    b"\xfd7zXZ": ("is packed with xz.", "unpack it, or pack it with gzip or zstd."),
    b"BZh": ("is packed with bzip2.", "unpack it, or pack it with gzip or zstd."),
    b"\xff\xfe": ("is UTF-16.", "save it as UTF-8."),
    b"\xfe\xff": ("is UTF-16.", "save it as UTF-8."),
    b"SQLite format 3": ("is a database.", "export the table as CSV."),
    b"\x89HDF": ("is an HDF file.", "export the table as CSV or Parquet."),
}


@dataclass(frozen=True)
class Limits:
    """The most that is read: bytes after unpacking, their ratio to the file, of a line, rows.

    ``whole`` bounds what must be held in memory at once: JSON, XML and Zstandard.
    """

    expanded: int = 200 * 10**9
    ratio: float = 200.0
    whole: int = 4 * 10**9
    line: int = 2**20
    rows: int = 400_000_000


@dataclass
class Source:
    """One file; ``file`` is how findings call it."""

    path: Path
    limits: Limits = field(default_factory=Limits)

    @property
    def file(self) -> str:
        """The name of the file without its folder."""
        return self.path.name

    def stop(self, problem: str, mend: str, *, line: int = 0, key: str = "") -> NoReturn:
        """Raise `CaseError` with one finding."""
        raise CaseError((Finding(self.file, line, key, problem, mend),))

    def head(self) -> bytes:
        """The first bytes after unpacking."""
        for block in self._raw(HEAD):
            return block[:HEAD]
        return b""

    def magic(self) -> bytes:
        """The first bytes as they stand in the file."""
        with self._opened() as stream:
            return stream.read(16)

    def check(self) -> bytes:
        """The head of a file that may be read; `CaseError` where it is empty or no such file."""
        magic = self.magic()
        for start, (problem, mend) in _FOREIGN.items():
            if magic.startswith(start):
                self.stop(problem, mend)
        head = magic if magic.startswith(PARQUET) else self.head()
        if not head.strip():
            self.stop("is empty.", "give a file with at least a header.")
        if not head.startswith(PARQUET) and b"\0" in head:
            self.stop("is binary and no Parquet file.", "save it as CSV, JSON, NMEA or Parquet.")
        return head

    def blocks(self) -> Iterator[bytes]:
        """The file in blocks of whole lines, each of them ended by a line feed.

        Raises
        ------
        CaseError
            Where the file is cut off or broken, unpacks to too much, or has too long a line.
        StoreError
            Where the machine does not give it.

        """
        rest = b""
        for raw in self._raw(BLOCK):
            end = raw.rfind(b"\n") + 1
            if not end:
                rest += raw
            else:
                yield rest + raw[:end]
                rest = raw[end:]
            if len(rest) > self.limits.line:
                problem = f"has a line of more than {self.limits.line:,} bytes."
                self.stop(problem, "check that it is text with one fix a line.")
        if rest:
            yield rest + b"\n"

    def whole(self, most: int) -> bytes:
        """All bytes after unpacking, at most ``most``."""
        parts, size = [], 0
        for raw in self._raw(BLOCK):
            parts.append(raw)
            size += len(raw)
            if size > most:
                self.stop(f"holds more than {most:,} bytes.", "split it, or give CSV or Parquet.")
        return b"".join(parts)

    def _opened(self) -> BinaryIO:
        if self.path.is_dir():
            self.stop("is a folder.", "name the files in it.")
        if self.path.exists() and not self.path.is_file():  # a pipe would wait, and be read once
            self.stop("is no plain file.", "save what it gives as a file.")
        try:
            return self.path.open("rb")
        except OSError as error:
            raise StoreError(f"{self.file} could not be read: {error.strerror}.") from error

    def _raw(self, size: int) -> Iterator[bytes]:
        magic = self.magic()
        with self._opened() as stream:
            if magic.startswith(GZIP):
                yield from self._unzipped(stream, size)
            elif magic.startswith(ZSTD):
                yield from self._decompressed(stream, size)
            else:
                while raw := stream.read(size):
                    yield raw

    def _unzipped(self, stream: BinaryIO, size: int) -> Iterator[bytes]:
        expanded = 0
        with gzip.GzipFile(fileobj=stream) as unzipped:
            while True:
                try:
                    raw = unzipped.read(size)
                except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                    told = "is cut off" if isinstance(error, EOFError) else "is damaged"
                    self.stop(f"{told}: it cannot be unpacked to its end.", "fetch it again.")
                if not raw:
                    return
                expanded += len(raw)
                self._bounded(expanded)
                yield raw

    def _bounded(self, expanded: int) -> None:
        packed = max(self.path.stat().st_size, 1)
        if expanded > self.limits.expanded:
            problem = f"unpacks to more than {self.limits.expanded:,} bytes."
            self.stop(problem, "split it.")
        if expanded > BLOCK and expanded / packed > self.limits.ratio:
            problem = f"unpacks to more than {self.limits.ratio:g} times its size."
            self.stop(problem, "unpack it yourself if you trust it.")

    def _decompressed(self, stream: BinaryIO, size: int) -> Iterator[bytes]:
        import polars as pl

        most = self._zstd_most(stream)
        self._bounded(most)
        if most > self.limits.whole:
            problem = f"unpacks to more than {self.limits.whole:,} bytes."
            self.stop(problem, "split it, or pack it with gzip.")
        try:
            lines = pl.read_csv(  # each line is one cell
                self.path,
                has_header=False,
                infer_schema=False,
                separator="\x1f",
                quote_char=None,
                truncate_ragged_lines=True,
                encoding="utf8-lossy",
                n_rows=None if size > HEAD else 50,
            ).to_series()
        except pl.exceptions.NoDataError:
            return
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
            self.stop("is damaged: it cannot be unpacked to its end.", "fetch it again.")
        step = 200_000
        for start in range(0, len(lines), step):
            part = lines[start : start + step].fill_null("")
            yield "\n".join(part).encode() + b"\n"

    def _zstd_most(self, stream: BinaryIO) -> int:
        """The most bytes that the frames can unpack to."""
        most = 0
        while magic := stream.read(4):
            if len(magic) == 4 and magic[1:] == b"\x2a\x4d\x18" and magic[0] >> 4 == 5:
                stream.seek(int.from_bytes(self._exactly(stream, 4), "little"), 1)
            elif magic == ZSTD:
                most += self._zstd_frame(stream)
            else:
                self.stop("is damaged: it cannot be unpacked to its end.", "fetch it again.")
        return most

    def _zstd_frame(self, stream: BinaryIO) -> int:
        descriptor = self._exactly(stream, 1)[0]
        single = descriptor >> 5 & 1
        content = (single, 2, 4, 8)[descriptor >> 6]
        self._exactly(stream, (not single) + (0, 1, 2, 4)[descriptor & 3] + content)
        most = last = 0
        while not last:
            header = int.from_bytes(self._exactly(stream, 3), "little")
            last, kind, size = header & 1, header >> 1 & 3, header >> 3
            most += size if kind < 2 else 2**17
            self._exactly(stream, 1 if kind == 1 else size)
        self._exactly(stream, 4 * (descriptor >> 2 & 1))
        return most

    def _exactly(self, stream: BinaryIO, size: int) -> bytes:
        found = stream.read(size)
        if len(found) < size:
            self.stop("is cut off: it cannot be unpacked to its end.", "fetch it again.")
        return found
