"""Every world of a small line: what must hold does, and a node that is wrong on purpose is caught.

The documented counts change with the protocol: a change is to be looked at and written down.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections import deque
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from detente.channel.simulator.model import Carriers, Lines, Model, _never_reaching
from detente.channel.simulator.model_node import FOUNDED_AT, PARTIES, Bounds, Broken, Disk, Nodes
from detente.channel.simulator.parties import cast
from detente.channel.step import Step
from detente.channel.store import Store

PAGE = Path(__file__).parents[3] / "docs" / "fuzzing.md"
QUICK = [
    Bounds(messages=1, crashes=1, duplicates=0, each_way=1, grouped=1),
    Bounds(messages=1, crashes=1, duplicates=1, each_way=1, grouped=1),
    Bounds(messages=1, crashes=0, duplicates=0, restores=1, each_way=1, grouped=1),
]
# Three messages and two crashes in full take too much memory for every machine: `docs/fuzzing.md`.
LONG = [
    Bounds(messages=3, crashes=1, duplicates=0, each_way=1, grouped=1),
    Bounds(messages=1, crashes=1, duplicates=0),
    Bounds(messages=1, crashes=0, duplicates=0, restores=1),
]


def documented(bounds):
    """The row of a page's table for these bounds: worlds and moves."""
    cells = [getattr(bounds, each.name) for each in fields(bounds) if each.name != "variant"]
    row = r"\| " + r" \| ".join(map(str, cells)) + r" \| ([\d,]+) \| ([\d,]+) \|"
    found = re.search(row, PAGE.read_text(encoding="utf-8"))
    assert found is not None, row
    return tuple(int(cell.replace(",", "")) for cell in found.groups())


def visited(bounds):
    found = Model(bounds).visit()
    logging.getLogger(__name__).info("%s %s", bounds, found)
    assert 0 < found.finished < found.worlds
    assert found.compared > 0
    assert (found.worlds, found.moves) == documented(bounds)


@pytest.mark.parametrize("bounds", QUICK, ids=str)
def test_what_must_hold_does_in_every_world(bounds):
    visited(bounds)


@pytest.mark.long
@pytest.mark.parametrize("bounds", LONG, ids=str)
def test_what_must_hold_does_in_every_world_of_the_large_ones(bounds):
    visited(bounds)


def test_a_node_that_sends_before_it_writes_is_caught():
    bounds = Bounds(messages=1, crashes=1, variant="sends before it writes")
    with pytest.raises(Broken, match=r"not on the other's disk.*After: "):
        Model(bounds).visit()


def test_a_node_that_writes_while_it_starts_forks_once_a_backup_is_restored():
    bounds = Bounds(messages=1, crashes=0, restores=1, variant="writes while starting")
    with pytest.raises(Broken, match=r"no prefixes of each other.*restore|forked.*restore"):
        Model(bounds).visit()


def test_a_message_that_can_never_be_delivered_is_caught(monkeypatch):
    # The draft leaves the queue and enters no chain.
    monkeypatch.setattr("detente.channel.protocol.items.message", lambda *_: None)
    with pytest.raises(Broken, match="can be delivered any more"):
        Model(Bounds(messages=1, crashes=0, duplicates=0, each_way=1)).visit()


def test_worlds_from_which_no_end_is_reached_are_found():
    rng = np.random.default_rng(1)
    for _ in range(50):
        edges = rng.integers(0, 12, size=(14, 2))
        ends = [int(each) for each in rng.integers(0, 12, size=2)]
        reached, queue = set(ends), deque(ends)
        while queue:
            here = queue.popleft()
            new = {int(a) for a, b in edges if b == here} - reached
            reached |= new
            queue.extend(new)
        stuck = min(set(range(12)) - reached, default=None)
        assert _never_reaching(ends, edges[:, 0], edges[:, 1], 12) == stuck


def test_the_disk_in_memory_holds_what_the_one_in_sql_does(tmp_path):
    nodes = Nodes(cast(np.random.default_rng(1)), Bounds(messages=2, grouped=8))
    states, stores = list(nodes.first), []
    for number, party in enumerate(PARTIES):
        database = sqlite3.connect(tmp_path / f"{party}.db", isolation_level=None)
        stores.append(Store(database))
        stores[-1].create()
        founded = nodes.cast.found(party, np.random.default_rng(number).bytes, FOUNDED_AT)
        stores[-1].write(founded, FOUNDED_AT)
        for _, item in nodes.states[states[number]].disk.queue:
            stores[-1].queue(item)
    for turn in range(16):
        which = turn % 2
        for what in ("take", "write"):
            pending = nodes.states[states[which]].pending
            after = nodes.after(states[which], what)
            if after is None:
                continue
            if what == "write":
                stores[which].write(pending, 0)
            states[which] = after
        disk = nodes.states[states[which]].disk
        assert tuple(stores[which].held().entries) == disk.entries
        assert tuple(stores[which].queued()) == disk.queue
        sizes = {"AAA": 3, "BBB": 2}
        assert stores[which].missing(sizes, 3_000) == disk.missing(sizes, 3_000)
        for place, _, raw in disk.entries:
            assert stores[which].text(place) == disk.text(place)
            assert stores[which].entry(place) == disk.entry(place) == raw
        states[which], number = nodes.after(states[which], "send", 0)
        states[1 - which], _ = nodes.after(states[1 - which], "deliver", number, 0)
    assert [len(disk.texts) for disk in (nodes.states[state].disk for state in states)] == [2, 2]


def test_the_disk_in_memory_takes_no_place_twice():
    nodes = Nodes(cast(np.random.default_rng(1)), Bounds())
    disk = nodes.states[nodes.first[0]].disk
    step = nodes.cast.found("AAA", np.random.default_rng(0).bytes, FOUNDED_AT)
    with pytest.raises(Broken, match="twice"):
        disk.written(step)
    assert Disk().written(step).entries == disk.entries
    dropped = Step(dropped=[place for place, _, _ in disk.entries])
    assert replace(disk, entries=()) == disk.written(dropped)


def test_a_direction_keeps_the_order_of_counts_and_not_the_counts():
    nodes = Nodes(cast(np.random.default_rng(1)), Bounds())
    nodes.bundles = [(b"", "old"), (b"", "new"), (b"", "new")]
    lines = Carriers(nodes)
    first = lines.after(lines.first, "sent", 1)
    both = lines.after(first, "sent", 2)
    assert lines.states[both] == Lines(None, ((0, 1), (1, 2)))
    later_first = lines.after(both, "came", 1, 1, 0)
    assert lines.states[later_first] == Lines(("new", 1), ((0, 1),))
    assert lines.is_late(later_first, 0)
    third = lines.after(later_first, "sent", 2)
    assert [lines.is_late(third, place) for place in range(2)] == [True, False]
    alone = lines.after(lines.after(third, "gone", 0), "gone", 0)
    assert lines.states[alone] == Lines(("new", 0), ())
    assert lines.states[lines.after(alone, "deaf")] == Lines()
    other = lines.after(alone, "sent", 0)
    assert not lines.is_late(other, 0)
