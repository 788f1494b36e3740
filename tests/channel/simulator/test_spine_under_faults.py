"""What the simulator found in the channel, each cut down to the fewest steps that show it."""

from __future__ import annotations

import numpy as np
import pytest

from detente.channel.canonical import encode
from detente.channel.protocol import outgoing
from detente.channel.simulator.disk import Disk, Killed, Plan
from detente.channel.store import PRAGMAS, Store


def test_a_queued_item_is_on_the_disk_when_its_number_is_told():
    with Disk(np.random.default_rng(1)) as disk:
        connection = disk.open("log")
        for pragma in PRAGMAS:
            connection.execute(pragma).fetchall()
        store = Store(connection)
        store.create()
        disk.set_plan(Plan("kill", "write", 1, after=False), np.random.default_rng(2))
        with pytest.raises(Killed):  # and not a number, with the commit still to come
            store.queue(encode({"item": "epoch"}))


def test_an_answer_to_what_its_sender_had_not_seen_counts_at_no_node(make_world):
    world = make_world()
    world.pump()
    world.send("AAA-1")
    bundle = outgoing.make(world.nodes["AAA"], "BBB", world.moment)
    world.send("BBB-1", "BBB", ("AAA",), answers="AAA-1")  # told of it by telephone
    world.receive("BBB", bundle)
    world.ms += 60_000
    world.pump()
    records = [world.nodes[party].record for party in ("AAA", "BBB")]
    assert records[0].by_number == records[1].by_number
    answers = [record.answer("BBB", "AAA-1") for record in records]
    assert answers[0] == answers[1]


def test_what_came_back_in_one_bundle_is_called_restored(make_world):
    world = make_world()
    world.pump()
    backup = world.entries("AAA")
    world.send("AAA-1")
    world.pump()
    store = world.stores["AAA"]
    store._db.execute("DELETE FROM entries WHERE id > ?", (len(backup),))
    world.start("AAA")
    world.nodes["BBB"].links["AAA"].holds("AAA", world.nodes["AAA"].own)
    world.receive("AAA", outgoing.make(world.nodes["BBB"], "AAA", world.moment))
    assert ("AAA", "restored") in [(party, event.kind) for party, event in world.events]


def test_a_bundle_that_comes_after_its_writer_forgot_it_makes_no_fork(make_world):
    world = make_world()
    world.pump()
    size = len(world.entries("AAA"))
    world.send("AAA-1")
    late = outgoing.make(world.nodes["AAA"], "BBB", world.moment)
    world.stores["AAA"]._db.execute("DELETE FROM entries WHERE id > ?", (size,))
    world.start("AAA")  # an old backup
    world.pump()
    assert world.nodes["AAA"].standing == "open"
    world.receive("BBB", late)
    world.send("AAA-2")
    world.pump()
    assert "fork" not in {event.kind for _, event in world.events}


def test_a_secret_that_the_disk_changed_does_not_close_the_line(make_world):
    world = make_world()
    world.pump()
    store = world.stores["BBB"]
    epoch, seed = next(iter(store._db.execute("SELECT epoch, seed FROM secrets")))
    changed = bytes([seed[0] ^ 8]) + seed[1:]
    store._db.execute("UPDATE secrets SET seed = ? WHERE epoch = ?", (changed, epoch))
    world.start("BBB")
    world.pump()
    world.send("AAA-1")
    for _ in range(20):
        world.at += 3_600
        world.tick("BBB")
        world.ms += 60_000
        world.pump()
    assert not world.nodes["BBB"].lost


def test_a_bit_of_a_digest_column_that_flips_costs_an_entry_and_not_the_start(make_world):
    world = make_world()
    world.pump()
    world.send("AAA-1")
    world.pump()
    store = world.stores["BBB"]
    broken = "UPDATE entries SET digest = CAST(x'b0' || substr(CAST(digest AS BLOB), 2) AS TEXT)"
    store._db.execute(f"{broken} WHERE party = 'AAA' AND seq = 4")
    world.start("BBB")
