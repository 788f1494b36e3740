"""A large run in a folder: the same from one process, a pool and a cluster, and after an end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from click.testing import CliRunner

from detente.cli.executor import executor, in_parts
from detente.cli.main import cli
from detente.ground.errors import PeerError, StoreError, UsageError


def crowd(path, *, craft=40, fixes=60, seed=1, prefix="2190000"):
    """Ships that cross each other around the date line, one fix a minute."""
    rng = np.random.default_rng(seed)
    rows = ["mmsi,time,lat,lon,name"]
    for k in range(craft):
        lat, lon = rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.1)
        north, east = rng.normal(0, 0.002, 2)
        for minute in range(fixes):
            at = (179.999 + lon + east * minute + 180) % 360 - 180
            rows.append(
                f"{prefix}{k:02d},2026-01-01T{10 + minute // 60:02d}:{minute % 60:02d}:00Z,"
                f"{lat + north * minute:.6f},{at:.6f},SHIP {k}"
            )
    path.write_text("\n".join(rows) + "\n")
    return path


def screen(*arguments):
    return CliRunner().invoke(cli, ["screen", *(str(one) for one in arguments), "--json"])


@pytest.fixture
def files(tmp_path):
    return crowd(tmp_path / "one.csv"), crowd(tmp_path / "two.csv", seed=2, prefix="2730000")


def test_in_parts_as_in_memory(files, tmp_path):
    whole = json.loads(screen(*files, "--judge", "3").stdout)
    done = screen(*files, "--work", tmp_path / "work", "--workers", "1", "--judge", "3")
    assert done.exit_code == 0, done.output
    parts = json.loads(done.stdout)
    assert len(whole["encounters"]) > 100
    for name in whole:
        if name != "flagged":
            assert whole[name] == parts[name], name


def test_a_pool_gives_the_same_bytes(files, tmp_path):
    one = screen(*files, "--work", tmp_path / "one", "--workers", "1", "--judge", "3")
    two = screen(*files, "--work", tmp_path / "two", "--workers", "2", "--judge", "3")
    assert one.stdout == two.stdout
    assert one.exit_code == two.exit_code == 0


def test_what_is_there_is_not_made_again(files, tmp_path):
    work = tmp_path / "work"
    first = screen(*files, "--work", work, "--workers", "1", "--judge", "0")
    made = {path: path.stat().st_mtime_ns for path in work.rglob("*.*")}
    (hits,) = (work / "hits").iterdir()
    hits.unlink()
    second = screen(*files, "--work", work, "--workers", "1", "--judge", "0")
    assert second.stdout == first.stdout
    for path, when in made.items():
        assert (path.stat().st_mtime_ns == when) == (path != hits)


def test_other_bytes_or_options_are_another_run(files, tmp_path):
    work = tmp_path / "work"
    screen(*files, "--work", work, "--workers", "1", "--judge", "0")
    before = {path.name for path in work.rglob("*.parquet")}
    narrow = screen(
        *files, "--work", work, "--workers", "1", "--judge", "0", "--horizontal", "100m"
    )
    assert narrow.stdout == screen(*files, "--judge", "0", "--horizontal", "100m").stdout
    assert before < {path.name for path in work.rglob("*.parquet")}
    files[0].write_text(files[0].read_text().replace("SHIP", "BOAT"))
    changed = screen(*files, "--work", work, "--workers", "1", "--judge", "0")
    names = {
        part["value"]
        for one in json.loads(changed.stdout)["identities"]
        for part in one["evidence"]
        if part["key"] == "name"
    }
    assert any(name.startswith("BOAT") for name in names)


def test_what_does_not_go_together(files, tmp_path):
    given = screen(*files, "--work", tmp_path / "work", "--unseen-minutes", "5")
    assert isinstance(given.exception, UsageError)
    assert isinstance(screen(*files, "--scheduler", "tcp://127.0.0.1:1").exception, UsageError)


def test_findings_of_all_files(files, tmp_path):
    broken = tmp_path / "broken.csv"
    broken.write_text("mmsi,when\n1,2\n")
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    done = screen(*files, broken, empty, "--work", tmp_path / "work", "--workers", "1")
    assert done.exit_code == 1
    told = {one["file"] for one in json.loads(done.stdout)["findings"]}
    assert told == {"broken.csv", "empty.csv"}


COMMAND = (sys.executable, "-m", "detente", "screen")


@pytest.mark.long
def test_a_run_that_was_killed_goes_on(tmp_path):
    files = [
        crowd(tmp_path / f"{k}.csv", craft=90, fixes=240, seed=k, prefix=f"21{k}00{k}0")
        for k in range(6)
    ]
    work = tmp_path / "work"
    arguments = ["--judge", "0", "--json", "--work"]
    expected = screen(*files, "--judge", "0", "--work", tmp_path / "other", "--workers", "1")
    process = subprocess.Popen(
        [*COMMAND, *files, *arguments, work, "--workers", "2"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    while len(list(work.glob("raw/*.json"))) < 3 and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left = {path: path.stat().st_mtime_ns for path in work.glob("raw/*.json")}
    assert len(left) >= 3
    assert not list(work.glob("hits/*"))
    done = subprocess.run(
        [*COMMAND, *files, *arguments, work, "--workers", "2"], capture_output=True, check=True
    )
    assert done.stdout.decode() == expected.stdout
    for path, when in left.items():
        assert path.stat().st_mtime_ns == when


def test_a_lost_process_is_one_error():
    with executor(workers=1) as pool, pytest.raises(StoreError, match="ended before its time"):
        in_parts(pool, os._exit, [1])


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made.scheduler_address


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # of Dask's own threads and sockets
def test_a_cluster_gives_the_same_bytes(files, tmp_path, cluster):
    one = screen(*files, "--work", tmp_path / "one", "--workers", "1", "--judge", "3")
    many = screen(*files, "--work", tmp_path / "many", "--scheduler", cluster, "--judge", "3")
    assert many.exit_code == 0, many.output
    assert many.stdout == one.stdout


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_no_cluster_is_one_error(files, tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed")
    given = screen(*files, "--work", tmp_path / "work", "--scheduler", "tcp://127.0.0.1:9")
    assert isinstance(given.exception, PeerError)
