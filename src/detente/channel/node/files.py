"""Files that are whole or not there at all, and a lock that one process holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from detente.ground.errors import StoreError, UsageError

fcntl: Any
try:
    import fcntl
except ImportError:  # no such locks on this system
    fcntl = None

PRIVATE, PUBLIC, FOLDER = 0o600, 0o644, 0o700


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, that only its owner may enter."""
    try:
        path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}.") from error


def write_whole(path: Path, data: bytes, *, mode: int = PRIVATE) -> None:
    """Write a file so that its name never stands for half of it; on the disk when this returns.

    Raises
    ------
    StoreError
        The disk did not take it; an earlier file of that name is as it was.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with suppress(FileNotFoundError):
            part.unlink()
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise StoreError(f"{path}: {error.strerror or error}.") from error


def sync_folder(path: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can."""
    with suppress(OSError):  # not every system opens folders, not every disk syncs them
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a file; `UsageError` where it cannot be read or is longer than ``most``."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}.") from error
    if len(data) > most:
        raise UsageError(f"{path}: it has more than {most:,} bytes.")
    return data


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock of that name; `UsageError` where another process holds it.

    The system lets go of it when the process ends, however it ends. Where the system has no such
    locks, a file stands for it, which a killed process leaves behind.
    """
    flags = os.O_RDWR | os.O_CREAT | (0 if fcntl else os.O_EXCL)
    try:
        descriptor = os.open(path, flags, PRIVATE)
    except FileExistsError:
        raise _held(path) from None
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}.") from error
    try:
        _grasp(descriptor, path)
        yield
    finally:
        os.close(descriptor)
        if not fcntl:
            path.unlink(missing_ok=True)


def _grasp(descriptor: int, path: Path) -> None:
    if fcntl:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _held(path) from None


def _held(path: Path) -> UsageError:
    mend = "" if fcntl else f" If none does, remove {path}."
    return UsageError(f"Another node runs on {path.parent}; only one may.{mend}")
