"""A folder is written whole or not at all, and nothing of the user's is ever removed."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from detente.ground.errors import StoreError, UsageError
from detente.report.write.folder import SUMS, write_folder

RESULTS = b'{\n  "format": "detente/results/1",\n  "n": %d\n}\n'
FILES = {"results.json": RESULTS % 1, "index.html": b"<p>", "tables/a.csv": b"a\r\n"}


def _tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _files(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in _tree(folder).items() if name != SUMS}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An earlier output."""
    write_folder(tmp_path / "out", {**FILES, "gone.html": b"old"})
    return tmp_path / "out"


def test_a_new_folder_holds_the_files_and_nothing_else_is_left(tmp_path):
    write_folder(tmp_path / "deep" / "out", FILES)
    assert _files(tmp_path / "deep" / "out") == FILES
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_digests_are_those_of_the_files(tmp_path):
    write_folder(tmp_path / "out", FILES)
    listed = (tmp_path / "out" / SUMS).read_text("utf-8").splitlines()
    assert listed == [
        f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}" for name in sorted(FILES)
    ]


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "out").mkdir()
    write_folder(tmp_path / "out", FILES)
    assert _files(tmp_path / "out") == FILES


def test_an_earlier_output_is_replaced_whole(old):
    new = {**FILES, "results.json": RESULTS % 2}
    write_folder(old, new)
    assert _files(old) == new
    assert [path.name for path in old.parent.iterdir()] == ["out"]


def test_an_earlier_output_without_digests_is_replaced(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "results.json").write_bytes(RESULTS % 0)
    (tmp_path / "out" / "report.pdf").write_bytes(b"old")
    write_folder(tmp_path / "out", FILES)
    assert _files(tmp_path / "out") == FILES


def test_a_link_to_a_folder_is_followed(old, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(old)
    write_folder(link, {"results.json": RESULTS % 3})
    assert link.is_symlink()
    assert _files(old) == {"results.json": RESULTS % 3}


@pytest.mark.parametrize(
    "there",
    [
        {"notes.txt": b"mine"},
        {"results.json": b'{"format": "other/1"}'},
        {"results.json": b" " * 500 + RESULTS},
        {"sub/results.json": RESULTS},
    ],
)
def test_another_folder_is_refused_and_left_alone(tmp_path, there):
    for name, data in there.items():
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(data)
    with pytest.raises(UsageError, match="no earlier output of detente"):
        write_folder(tmp_path / "out", FILES)
    assert _tree(tmp_path / "out") == there


def test_a_file_of_the_user_among_an_earlier_output_is_never_removed(old):
    (old / "tables" / "notes.txt").write_bytes(b"mine")
    before = _tree(old)
    with pytest.raises(UsageError, match=r"did not write: tables/notes\.txt"):
        write_folder(old, FILES)
    assert _tree(old.parent) == {f"out/{name}": data for name, data in before.items()}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(UsageError, match="is a file"):
        write_folder(tmp_path / "out", FILES)
    assert (tmp_path / "out").read_bytes() == b"mine"


@pytest.mark.parametrize(
    "name",
    ["", "/etc/x", "../x", "a/../../x", "a//b", "./x", "a/", "a\\b", "C:x", "a\0b", "a\nb"],
)
def test_a_name_that_leads_out_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="leads out"):
        write_folder(tmp_path / "out", {**FILES, name: b"x"})
    assert list(tmp_path.iterdir()) == []


def test_a_file_inside_a_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match="lies in another file"):
        write_folder(tmp_path / "out", {"a": b"", "a/b/c": b""})


def _no_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", [0, 1, 2, 4], ids=["first", "second", "third", "folder"])
def test_a_full_disk_leaves_the_old_output(old, monkeypatch, call):
    before = _tree(old.parent)
    handles: list[int] = []

    def synced(handle: int) -> None:
        handles.append(handle)
        if len(handles) > call:
            _no_space()

    monkeypatch.setattr(os, "fsync", synced)
    with pytest.raises(StoreError, match=r"No space left on device\); nothing was changed"):
        write_folder(old, {**FILES, "results.json": RESULTS % 2})
    monkeypatch.undo()
    assert _tree(old.parent) == before
    assert [path.name for path in old.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "No"), KeyboardInterrupt()])
def test_a_failed_rename_leaves_the_old_output(old, monkeypatch, failing, error):
    before, rename, calls = _tree(old.parent), Path.rename, []

    def renamed(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == failing:
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)
    with pytest.raises(StoreError if isinstance(error, OSError) else KeyboardInterrupt):
        write_folder(old, {**FILES, "results.json": RESULTS % 2})
    monkeypatch.undo()
    assert _tree(old.parent) == before
    assert [path.name for path in old.parent.iterdir()] == ["out"]


def test_an_old_output_that_cannot_be_put_back_is_kept_and_named(old, monkeypatch):
    before, rename, calls = _tree(old), Path.rename, []

    def renamed(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) > 1:
            _no_space()
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)
    with pytest.raises(StoreError, match=r"What was there is now in .*old\.$"):
        write_folder(old, FILES)
    monkeypatch.undo()
    (kept,) = old.parent.glob(".out-*/old")
    assert _tree(kept) == before


def test_a_parent_that_takes_no_folder_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="could not be written"):
        write_folder(tmp_path / "file" / "out", FILES)
