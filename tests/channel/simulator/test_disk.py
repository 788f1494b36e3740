"""The disk fails as told, and real SQLite on it keeps what it promised and nothing more."""

from __future__ import annotations

import gc
from contextlib import suppress
from itertools import count, product

import apsw
import numpy as np
import pytest

from detente.channel.simulator.disk import Disk, Killed, Plan, PowerLost, Stopped
from detente.channel.simulator.vfs import SECTOR_BYTES, File
from detente.ground.errors import UsageError

PARTS = 3  # rows of one transaction
BODY = bytes(range(250)) * 6


def drawn(seed):
    return np.random.default_rng(seed)


@pytest.fixture
def disk():
    with Disk(drawn(1)) as disk:
        yield disk


def create(connection):
    connection.execute("CREATE TABLE note (number INTEGER, part INTEGER, body BLOB)")


def write(connection, number):
    """One transaction of several rows."""
    connection.execute("BEGIN")
    for part in range(PARTS):
        body = BODY + bytes([number, part])
        connection.execute("INSERT INTO note VALUES (?, ?, ?)", (number, part, body))
    connection.execute("COMMIT")


def transactions(connection):
    """How many transactions stand, the table's creation being the first; all whole, in order."""
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    if not connection.execute("SELECT * FROM sqlite_schema").fetchall():
        return 0
    rows = connection.execute("SELECT number, part, body FROM note ORDER BY rowid").fetchall()
    numbers = [number for number, part, _ in rows if part == 0]
    whole = [(n, p, BODY + bytes([n, p])) for n in range(len(numbers)) for p in range(PARTS)]
    assert rows == whole
    return 1 + len(numbers)


def filled(disk, notes=5, **options):
    connection = disk.open("log", **options)
    create(connection)
    for number in range(notes):
        write(connection, number)
    return connection


def work(disk, acknowledged):
    """Six transactions with checkpoints among them, a close and a second opening."""
    connection = disk.open("log", checkpoint_pages=5)
    create(connection)
    acknowledged.append("table")
    for number in range(5):
        if number == 3:
            connection.close()
            connection = disk.open("log", checkpoint_pages=5)
        write(connection, number)
        acknowledged.append(number)
    connection.close()


def stopped_runs(end, point, after, seed=0):
    """The disk after the same work stopped at its first, second, ... and last point."""
    for at in count(1):
        with Disk(drawn(7)) as disk:
            acknowledged = []
            disk.set_plan(Plan(end, point, at, after), drawn([seed, at]))
            try:
                work(disk, acknowledged)
            except Stopped:
                yield disk, len(acknowledged)
            else:
                assert disk.plan is not None  # so every point before was met
                return


# --- what a stop leaves ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("point", ["write", "sync"])
def test_a_power_loss_at_any_point_keeps_what_was_acknowledged_and_nothing_by_halves(
    point, after, seed
):
    runs = 0
    for disk, acknowledged in stopped_runs("power", point, after, seed):
        runs += 1
        connection = disk.open("log")
        assert transactions(connection) in {acknowledged, acknowledged + 1}
    assert runs > {"write": 60, "sync": 15}[point]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("point", ["write", "sync"])
def test_a_kill_at_any_point_keeps_what_was_acknowledged_and_nothing_by_halves(point, after):
    for disk, acknowledged in stopped_runs("kill", point, after):
        connection = disk.open("log")
        assert transactions(connection) in {acknowledged, acknowledged + 1}


@pytest.mark.parametrize("end", ["kill", "power"])
def test_the_next_process_may_be_stopped_while_it_recovers(end):
    for disk, acknowledged in stopped_runs("power", "sync", after=False):
        found = disk.snapshot()
        for point, at in product(["write", "sync"], range(1, 5)):
            disk.restore(found)
            disk.set_plan(Plan(end, point, at, after=False), drawn(at))
            with suppress(Stopped):
                disk.open("log").close()
            assert transactions(disk.open("log")) in {acknowledged, acknowledged + 1}


def test_without_syncs_a_power_loss_takes_acknowledged_commits():
    lost = 0
    for seed in range(40):
        with Disk(drawn(1)) as disk:
            connection = filled(disk, notes=0)
            connection.execute("PRAGMA synchronous=OFF")
            for number in range(4):
                write(connection, number)
            disk.lose_power(drawn(seed))
            lost += transactions(disk.open("log")) < 5
    assert 10 < lost < 40  # some draws keep everything


def test_after_a_kill_an_unsynced_commit_is_read_and_a_power_loss_may_still_take_it():
    outcomes = set()
    for seed in range(40):
        with Disk(drawn(1)) as disk:
            connection = filled(disk, notes=1)
            disk.set_plan(Plan("kill", "sync", 1, after=False), drawn(0))
            with pytest.raises(Killed):
                write(connection, 1)
            assert transactions(disk.open("log")) == 3
            disk.lose_power(drawn(seed))
            outcomes.add(transactions(disk.open("log")))
    assert outcomes == {2, 3}


def test_a_checkpoint_at_opening_makes_durable_what_a_kill_left():
    for seed in range(40):
        with Disk(drawn(1)) as disk:
            connection = filled(disk, notes=1)
            disk.set_plan(Plan("kill", "sync", 1, after=False), drawn(0))
            with pytest.raises(Killed):
                write(connection, 1)
            connection = disk.open("log")
            connection.execute("PRAGMA wal_checkpoint").fetchall()
            disk.lose_power(drawn(seed))
            assert transactions(disk.open("log")) == 3


def test_a_dead_connection_raises_at_every_statement_and_closes_in_silence(disk):
    connection = filled(disk)
    disk.set_plan(Plan("power", "sync", 1, after=True), drawn(0))
    with pytest.raises(PowerLost), connection:
        connection.execute("DELETE FROM note")
    with pytest.raises(PowerLost):
        connection.execute("SELECT 1")
    successor = disk.open("log")
    before = disk.snapshot()
    connection.close()
    assert disk.snapshot() == before
    assert transactions(successor) == 1  # the deletion was durable before the power went


def test_a_kill_between_statements_ends_every_connection(disk):
    connections = [filled(disk), disk.open("other")]
    disk.kill()
    for connection in connections:
        with pytest.raises(Killed):
            connection.execute("SELECT 1")
        connection.close()
    assert transactions(disk.open("log")) == 6


def test_what_the_dead_still_write_counts_for_nobody(disk):
    dead = filled(disk)
    disk.kill()
    disk.set_plan(Plan("power", "write", 1, after=False), drawn(0))
    dead.close()  # copies its log into its database and deletes the log
    assert disk.plan is not None
    assert disk.names() == ("log", "log-wal")


# --- full, spoiled, old --------------------------------------------------------------------------


def test_on_a_full_disk_the_transaction_fails_whole_and_earlier_ones_stay(disk):
    connection = filled(disk)
    room = disk.used_bytes()
    for spare in (0, 30, 3000, 9000):
        disk.limit_bytes = room + spare
        with pytest.raises(apsw.FullError):
            write(connection, 5)
        assert not connection.in_transaction  # SQLite has rolled it back
        assert transactions(connection) == 6
    disk.limit_bytes = None
    write(connection, 5)
    disk.lose_power(drawn(0))
    assert transactions(disk.open("log")) == 7


def test_a_commit_stands_when_only_the_checkpoint_after_it_finds_the_disk_full(disk):
    connection = filled(disk, checkpoint_pages=1)
    before = {name: len(disk.durable(name)) for name in disk.names()}
    write(connection, 5)  # overwrites the log, which was checkpointed, and adds to the database
    after = {name: len(disk.durable(name)) for name in disk.names()}
    assert after["log"] > before["log"]
    assert after["log-wal"] == before["log-wal"]
    disk.limit_bytes = disk.used_bytes()
    write(connection, 6)
    assert transactions(connection) == 8
    disk.lose_power(drawn(0))
    assert transactions(disk.open("log")) == 8


def test_a_failed_read_raises_once_and_harms_nothing(disk):
    filled(disk).close()
    connection = disk.open("log")
    disk.unreadable = 1
    with pytest.raises(apsw.IOError):
        connection.execute("SELECT body FROM note").fetchall()
    assert transactions(connection) == 6


def test_a_flip_changes_one_durable_bit(disk):
    filled(disk).close()
    before = {name: disk.durable(name) for name in disk.names()}
    name, bit = disk.flip(drawn(3))
    after = {name: disk.durable(name) for name in disk.names()}
    changed = int.from_bytes(before[name]) ^ int.from_bytes(after[name])
    assert changed.bit_count() == 1
    assert before[name][bit // 8] ^ after[name][bit // 8] == 1 << bit % 8
    disk.flip_bit(name, bit)
    assert {name: disk.durable(name) for name in disk.names()} == before


def test_flips_are_drawn_from_all_bits_of_all_files(disk):
    filled(disk)
    sizes = {name: len(disk.durable(name)) for name in disk.names()}
    rng = drawn(5)
    hits = [disk.flip(rng) for _ in range(400)]
    assert {name for name, _ in hits} == set(sizes) == {"log", "log-wal"}
    assert all(0 <= bit < 8 * sizes[name] for name, bit in hits)
    assert max(bit / sizes[name] for name, bit in hits) > 7.8


def test_sqlite_takes_a_flip_in_a_body_for_content(disk):
    filled(disk).close()
    at = disk.durable("log").index(BODY + bytes([3, 1]))
    disk.flip_bit("log", 8 * at + 5)
    connection = disk.open("log")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    query = "SELECT body FROM note WHERE number = 3 AND part = 1"
    assert connection.execute(query).fetchall()[0][0][0] == BODY[0] ^ 32


def test_sqlite_names_a_flip_in_a_page_header(disk):
    filled(disk).close()
    disk.flip_bit("log", 8 * 4096)  # the kind of page 2, the table's root
    connection = disk.open("log")
    with pytest.raises(apsw.CorruptError):
        connection.execute("SELECT count(body) FROM note").fetchall()


def test_a_flip_in_the_log_cuts_the_history_there_in_silence(disk):
    filled(disk)
    whole = disk.snapshot()
    rng = drawn(11)
    left = []
    bits = 8 * len(disk.durable("log-wal"))
    for bit in sorted(int(b) for b in rng.integers(bits, size=300)):
        disk.restore(whole)
        disk.flip_bit("log-wal", bit)
        left.append(transactions(disk.open("log")))
    assert left == sorted(left)  # each flip loses its transaction and all later ones
    assert set(left) == set(range(6))


def test_a_restored_backup_is_the_old_state(disk):
    connection = filled(disk)
    backup = disk.snapshot()
    write(connection, 5)
    disk.restore(backup)
    with pytest.raises(Killed):
        connection.execute("SELECT 1")
    assert disk.snapshot() == backup
    disk.lose_power(drawn(0))  # the backup is durable
    assert disk.snapshot() == backup
    connection = disk.open("log")
    assert transactions(connection) == 6
    disk.set_plan(Plan("power", "sync", 1, after=True), drawn(0))
    with pytest.raises(PowerLost):
        write(connection, 5)
    assert transactions(disk.open("log")) == 7


# --- same seed, same bytes -----------------------------------------------------------------------


def run(seed):
    with Disk(drawn(seed)) as disk:
        connection = filled(disk, checkpoint_pages=6)
        connection.execute("CREATE TABLE chance AS SELECT random(), randomblob(9)")
        disk.set_plan(Plan("power", "write", 4, after=True), drawn(seed))
        with pytest.raises(PowerLost):
            write(connection, 5)
        return disk.snapshot()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    first = run(3)
    with Disk(drawn(8)) as other:
        filled(other)  # another run between changes nothing
        assert run(3) == first
    assert run(4) != first


def test_the_clock_is_the_disks(disk):
    connection = disk.open("log")
    disk.instant = 951_782_400
    assert connection.execute("SELECT datetime('now')").fetchall() == [("2000-02-29 00:00:00",)]
    disk.instant += 366 * 86_400
    assert connection.execute("SELECT date('now')").fetchall() == [("2001-03-01",)]


# --- the files by themselves ---------------------------------------------------------------------


def outcomes(file, draws=300):
    return {bytes(file.after_power_loss(drawn(seed)).live) for seed in range(draws)}


def test_what_survives_of_two_sectors():
    old, new = b"o" * SECTOR_BYTES, b"n" * SECTOR_BYTES
    file = File(None, old * 2)
    file.xWrite(new * 2, 0)
    found = outcomes(file)
    assert {old + old, new + old, old + new, new + new} <= found
    torn = {image for image in found if image.count(b"n") % SECTOR_BYTES}
    assert torn
    for image in found:
        for sector in (image[:SECTOR_BYTES], image[SECTOR_BYTES:]):
            assert sector.lstrip(b"n").strip(b"o") == b""  # new bytes, then old ones


def test_of_two_writes_to_one_place_the_later_may_be_lost_alone():
    file = File(None, b"0")
    file.xWrite(b"1", 0)
    file.xWrite(b"2", 0)
    assert outcomes(file) == {b"0", b"1", b"2"}


def test_a_cut_may_be_lost_and_a_gap_reads_as_zeros():
    file = File(None, b"abcd")
    file.xTruncate(1)
    assert file.xFileSize() == 1
    assert outcomes(file) == {b"a", b"abcd"}
    file.xSync(0)
    file.xWrite(b"z", 3)
    assert file.xRead(9, 0) == b"a\0\0z"
    assert outcomes(file) == {b"a", b"a\0\0z", b"a\0\0"}


def test_synced_bytes_always_survive():
    file = File(None)
    file.xWrite(b"x" * 2000, 0)
    file.xSync(0)
    assert outcomes(file) == {b"x" * 2000}


def test_a_pending_write_hides_a_flip_until_power_is_lost():
    file = File(None, b"\0")
    file.xWrite(b"\7", 0)
    file.flip(3)
    assert (file.durable, file.live) == (b"\x08", b"\7")
    assert outcomes(file) == {b"\x08", b"\7"}


# --- use ---------------------------------------------------------------------------------------


def test_the_settings_are_the_stores(disk):
    connection = disk.open("log")
    assert [
        connection.execute(f"PRAGMA {name}").fetchall()[0][0]
        for name in ("journal_mode", "synchronous", "locking_mode")
    ] == ["wal", 2, "exclusive"]


def test_a_commit_is_one_sync(disk):
    connection = filled(disk)
    disk.set_plan(Plan("power", "sync", 2, after=False), drawn(0))
    write(connection, 5)
    assert disk.plan is not None
    with pytest.raises(PowerLost):
        write(connection, 6)


def test_a_database_is_opened_once_at_a_time(disk):
    connection = disk.open("log")
    with pytest.raises(UsageError, match="open already"):
        disk.open("log")
    connection.close()
    disk.open("log")


def test_a_broken_database_may_be_tried_again(disk):
    filled(disk).close()
    disk.flip_bit("log", 0)  # "SQLite format 3" no more
    for _ in range(2):
        with pytest.raises(apsw.NotADBError):
            disk.open("log")
    disk.flip_bit("log", 0)
    assert transactions(disk.open("log")) == 6


def test_asking_for_nothing_is_refused(disk):
    with pytest.raises(UsageError, match="counts from 1"):
        disk.set_plan(Plan("kill", "write", 0, after=False), drawn(0))
    with pytest.raises(UsageError, match="no durable bit"):
        disk.flip(drawn(0))


def test_large_work_spills_to_temporary_files_that_leave_no_trace(disk):
    connection = disk.open("log")
    connection.execute("PRAGMA temp_store=FILE")
    connection.execute("PRAGMA cache_size=5")
    connection.execute("CREATE TEMP TABLE heap (body)")
    connection.executemany("INSERT INTO heap VALUES (?)", [(BODY,)] * 200)
    assert connection.execute("SELECT count(*) FROM heap").fetchall() == [(200,)]
    assert set(disk.names()) <= {"log", "log-wal"}


def test_disks_leave_nothing_behind():
    before = apsw.vfs_names()
    for seed in range(50):
        with Disk(drawn(seed)) as disk:
            filled(disk)
            disk.lose_power(drawn(seed))
            disk.open("log")
    gc.collect()
    assert apsw.vfs_names() == before
    assert apsw.connections() == []
