"""Write a folder of files, all or nothing.

The files are written into a hidden folder beside the target, on the same disk; then two renames
put the new folder in the place of the old one. Whatever fails before leaves the old one as it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from detente.ground.errors import StoreError, UsageError

SUMS = "SHA256SUMS"  # names every file that detente wrote, so that no other is ever removed
_RESULTS, _MARK = "results.json", b'"format": "detente/results/'
_HEAD = 200  # bytes of the results in which their format stands


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into the folder, in place of an earlier output of detente.

    ``SHA256SUMS`` is added, with the digest of each file (``sha256sum -c SHA256SUMS`` checks it).

    Parameters
    ----------
    folder
        New, empty, or an earlier output, in which no other files lie.
    files
        Contents by name; a name may have folders, divided by ``/``.

    Raises
    ------
    UsageError
        The folder holds something else, or a name leads out of it.
    StoreError
        The disk refused: rights, space. The old folder is still there.
    """
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    whole = {**files, SUMS: sums.encode()}
    _check_names(whole)
    try:
        folder = folder.resolve()
        _check_place(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        holder = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        _write(holder / "new", whole)
        _swap(holder, folder)
    except OSError as error:
        raise _refused(folder, error, holder / "old") from error
    finally:
        _clear(holder)


def _check_names(files: Mapping[str, bytes]) -> None:
    for name in files:
        parts = name.split("/")
        if any(part in ("", ".", "..") or set(part) & set('\\:"\0\n\r') for part in parts):
            raise UsageError(f"The file name {name!r} leads out of the folder or is none.")
        above = {str(parent) for parent in PurePosixPath(name).parents}
        if above & files.keys():
            raise UsageError(f"The file name {name!r} lies in another file.")


def _check_place(folder: Path) -> None:
    """Refuse a folder in which something lies that detente did not write."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder.")
    if not any(folder.iterdir()):
        return
    results = folder / _RESULTS
    if not results.is_file() or _MARK not in _head(results):
        raise UsageError(
            f"{folder} holds files and is no earlier output of detente. "
            "Name a new or an empty folder, or empty this one yourself."
        )
    foreign = _foreign(folder)
    if foreign:
        raise UsageError(
            f"{folder} holds files that detente did not write: {', '.join(foreign[:5])}. "
            "Move them elsewhere, or name another folder."
        )


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_HEAD)


def _foreign(folder: Path) -> list[str]:
    """Files that the folder's list of digests does not name; none where there is no list."""
    if not (folder / SUMS).is_file():
        return []
    lines = (folder / SUMS).read_text("utf-8", "replace").splitlines()
    known = {SUMS, *(line.partition("  ")[2] for line in lines)}
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted({path.relative_to(folder).as_posix() for path in found} - known)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file and wait until the disk has it."""
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    for part in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        _sync(part)


def _sync(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(holder: Path, folder: Path) -> None:
    """Put ``holder/new`` in the folder's place; what was there goes to ``holder/old``."""
    old = holder / "old"
    try:
        if folder.exists():
            folder.rename(old)
        (holder / "new").rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise
    with contextlib.suppress(OSError):  # both are in place; only a power cut could still tell
        _sync(folder.parent)


def _clear(holder: Path) -> None:
    """Remove the holder, unless the old folder is in it and could not be put back."""
    if not ((holder / "old").exists() and (holder / "new").exists()):
        shutil.rmtree(holder, ignore_errors=True)


def _refused(folder: Path, error: OSError, old: Path | None = None) -> StoreError:
    why = error.strerror or error
    if old and old.exists() and not folder.exists():
        return StoreError(f"{folder} could not be written ({why}). What was there is now in {old}.")
    return StoreError(
        f"{folder} could not be written ({why}); nothing was changed. "
        "Check the space on the disk and the rights, or name another folder."
    )
