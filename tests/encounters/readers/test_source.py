"""Packed files: whole or not at all, and never larger than allowed."""

import gzip
import os
import shutil
import subprocess

import pytest

from detente.encounters.readers.source import Limits, Source
from detente.ground.errors import CaseError, StoreError

TABLE = b"mmsi,time,lat,lon\n" + b"".join(
    b"219000001,%d,%.6f,12\n" % (1641168000 + n, 55 + (n * 7919 % 9973) / 1e4) for n in range(20000)
)


def problem(path, limits=None):
    with pytest.raises(CaseError) as caught:
        list(Source(path, limits or Limits()).blocks())
    (finding,) = caught.value.findings
    return finding.problem


def put(tmp_path, content, name="a.csv.gz"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_gzip_of_several_members_is_read_whole(tmp_path):
    half = TABLE.index(b"\n", len(TABLE) // 2) + 1
    path = put(tmp_path, gzip.compress(TABLE[:half]) + gzip.compress(TABLE[half:]))
    assert b"".join(Source(path).blocks()) == TABLE


def test_a_cut_gzip_is_an_error_and_nothing_is_half_read(tmp_path, findings):
    packed = gzip.compress(TABLE)
    assert "cut off" in problem(put(tmp_path, packed[:-1000]))
    (finding,) = findings(packed[:-1000])
    assert "cut off" in finding.problem


def test_a_damaged_gzip_is_an_error(tmp_path):
    packed = bytearray(gzip.compress(TABLE))
    packed[len(packed) // 2] ^= 0xFF
    assert "damaged" in problem(put(tmp_path, bytes(packed)))


def test_rubbish_behind_a_gzip_is_an_error(tmp_path):
    assert "damaged" in problem(put(tmp_path, gzip.compress(TABLE) + b"rubbish"))


def test_a_bomb_is_stopped_by_its_ratio_before_it_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("detente.encounters.readers.source.BLOCK", 2**16)
    path = put(tmp_path, gzip.compress((b"0" * 79 + b"\n") * 100_000))
    taken = []
    with pytest.raises(CaseError, match="times its size"):
        taken.extend(len(block) for block in Source(path).blocks())
    assert 0 < sum(taken) < 200 * path.stat().st_size + 2**16 < 6_000_000  # of eight million


def test_unpacked_bytes_are_bounded(tmp_path):
    path = put(tmp_path, gzip.compress(TABLE))
    assert "unpacks to more than 1,000 bytes" in problem(path, Limits(expanded=1000))


def test_what_must_be_held_at_once_is_bounded(tmp_path):
    with pytest.raises(CaseError, match="holds more than"):
        Source(put(tmp_path, TABLE, "a.csv")).whole(1000)


def test_a_file_that_is_not_there_is_the_machines_fault(tmp_path):
    with pytest.raises(StoreError):
        Source(tmp_path / "none.csv").check()


def test_a_folder_is_to_be_mended(tmp_path):
    assert "is a folder" in problem(tmp_path)


def test_a_pipe_is_told_and_not_waited_for(tmp_path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    assert "is no plain file" in problem(path)


# --- Zstandard ------------------------------------------------------------------------------------


def raw_frame(content, *, single=True):
    """A frame of one raw block, by RFC 8878, 3.1.1."""
    descriptor = bytes([0x20 if single else 0, len(content) if single else 0])
    return b"\x28\xb5\x2f\xfd" + descriptor + block(0, len(content)) + content


def block(kind, size):
    return (size << 3 | kind << 1 | 1).to_bytes(3, "little")


def test_a_frame_by_the_standard(tmp_path):
    content = b"mmsi,time,lat,lon\n1,2,3,4\n"
    path = put(tmp_path, raw_frame(content) + b"\x50\x2a\x4d\x18\x02\0\0\0xx" + raw_frame(content))
    assert b"".join(Source(path).blocks()) == content * 2


def test_what_a_zstd_file_could_become_is_known_before(tmp_path):
    bomb = b"\x28\xb5\x2f\xfd\x00\x58"
    bomb += b"".join((2**17 << 3 | 1 << 1).to_bytes(3, "little") + b"0" for _ in range(9999))
    bomb += block(1, 2**17) + b"0"
    assert "times its size" in problem(put(tmp_path, bomb))
    assert "unpacks to more than" in problem(put(tmp_path, bomb), Limits(expanded=10**9))


def test_a_cut_zstd_file_is_an_error(tmp_path):
    frame = raw_frame(b"mmsi,time,lat,lon\n1,2,3,4\n")
    for size in (5, 8, len(frame) - 1):
        assert "cut off" in problem(put(tmp_path, frame[:size]))
    assert "damaged" in problem(put(tmp_path, frame + b"rubbish"))


@pytest.mark.skipif(not shutil.which("zstd"), reason="no zstd on this machine")
def test_the_zstd_program_is_understood(tmp_path):
    path = put(tmp_path, TABLE, "a.csv")
    for options in (["-19"], ["-1", "--no-check"]):
        subprocess.run(["zstd", "-q", "-f", *options, path, "-o", tmp_path / "b"], check=True)
        assert b"".join(Source(tmp_path / "b").blocks()) == TABLE
