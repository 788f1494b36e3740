"""Whole runs among faults hold every promise, and each promise is one that a bad node breaks."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from detente.channel.simulator import faults
from detente.channel.simulator.faults import Rates
from detente.channel.simulator.host import Host
from detente.channel.simulator.run import simulate
from detente.channel.simulator.survey import Summary, survey
from detente.channel.store import Store

STORMY = Rates(ends=250, troubles=60, losses=60)


def summary(seeds, messages, jobs=1):
    total = Summary()
    for run in survey(seeds, messages, jobs=jobs):
        total.add(run)
    return total


# --- the promises ------------------------------------------------------------------------------


def test_twenty_seeds_lose_nothing_and_show_nothing_twice():
    total = summary(range(20), 200)
    assert total.broken == {}
    assert total.messages == 20 * 200
    assert total.acknowledged >= total.messages  # more where three parties speak
    assert len(faults.ALL) >= 12
    assert all(total.faults[kind] > 0 for kind in faults.ALL), total.faults
    assert total.longest_to_heal_ms < 600_000


@pytest.mark.long
def test_three_hundred_seeds_lose_nothing_and_show_nothing_twice():
    total = summary(range(1_000, 1_300), 1_000, jobs=2)
    assert total.broken == {}
    assert total.messages == 300_000
    assert total.acknowledged >= total.messages
    assert all(total.faults[kind] >= 50 for kind in faults.ALL), total.faults


@pytest.mark.parametrize("kind", faults.ALL)
def test_each_fault_by_itself_comes_about_and_heals(kind):
    runs = [simulate(seed, 25, faults={kind}) for seed in range(4)]
    assert [run.broken for run in runs] == [()] * 4
    assert sum(run.faults[kind] for run in runs) > 0
    assert {other for run in runs for other, count in run.faults.items() if count} == {kind}


def test_without_faults_nothing_is_restored_refused_or_missing():
    run = simulate(3, 60, faults=())
    assert run.broken == ()
    assert run.acknowledged >= 60
    said = {what.removeprefix("event ") for what, count in run.counts.items() if count}
    assert said <= {
        "acknowledged",
        "confirmed",
        "open",
        "sent",
        "message",
        "stored",
        "shown",
        "read",
    }


@pytest.mark.parametrize("seed", range(4))
def test_a_storm_of_faults_heals(seed):
    run = simulate(seed, 60, rates=STORMY)
    assert run.broken == ()
    assert sum(run.faults[kind] for kind in faults.ENDS) > 4


# --- same seed, same run -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 8])
def test_the_same_seed_gives_the_same_run_byte_for_byte(seed):
    first, second = (simulate(seed, 60, rates=STORMY) for _ in range(2))
    assert first.trace == second.trace
    assert first == second
    assert len(first.trace) > 10_000


def test_another_process_gives_the_same_run():
    code = (
        "import hashlib; from detente.channel.simulator.run import simulate;"
        "print(hashlib.sha256(simulate(5, 40).trace.encode()).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "77"},
    ).stdout.strip()
    assert told == hashlib.sha256(simulate(5, 40).trace.encode()).hexdigest()


def test_another_seed_gives_another_run():
    assert simulate(1, 20).trace != simulate(2, 20).trace


# --- bad nodes are found out ---------------------------------------------------------------------


def broken(host, kinds):
    """What the first of a few seeds to find anything finds."""
    rates = Rates(ends=100, troubles=20, losses=30)
    runs = (simulate(seed, 30, faults=kinds, rates=rates, host=host) for seed in range(6))
    return next((" ".join(run.broken) for run in runs if run.broken), "")


class Unsynced(Host):
    """Says that a commit stands before the disk has it."""

    def _store(self, database):
        database.execute("PRAGMA synchronous=OFF").fetchall()
        return Store(database)


class Forgetful(Host):
    """Keeps the envelope of a message, says stored, and not its text."""

    def _store(self, database):
        class _Store(Store):
            def write(self, step, at):
                step.texts = [each for each in step.texts if each[0][1] % 5]
                super().write(step, at)

        return _Store(database)


class Forgetting(Host):
    """Forgets a text once it was shown."""

    def _show(self):
        new = list(self.unshown)
        super()._show()
        for place in new:
            self.store._db.execute("DELETE FROM texts WHERE party = ? AND seq = ?", place)


class Shortened(Host):
    """Loads its log without the last entry that came."""

    def _store(self, database):
        class _Store(Store):
            def held(self):
                held = super().held()
                return type(held)(list(held.entries)[:-1], held.secrets)

        return _Store(database)


class Hasty(Host):
    """Writes after a start without waiting for the other side to confirm its chain."""

    def _start(self, ms):
        super()._start(ms)
        self.node.move("all confirmed")


class Showing(Host):
    """Calls all messages new after a start."""

    def _is_new(self, _):
        return True


class Repeating(Host):
    """Its people queue a draft again although it is in the chain."""

    def _look(self):
        super()._look()
        self.to_queue.extend(self.watch.drafts[number] for number in sorted(self.queued)[:1])


class Silent(Host):
    """Takes back what it had lost, and tells nobody."""

    def _heed(self, step):
        step.events = [each for each in step.events if each.kind not in {"restored", "healed"}]
        super()._heed(step)


POWER = {"power loss before fsync", "power loss after fsync", "torn write"}
BACKUP = {"old backup restored"}


@pytest.mark.parametrize(
    ("host", "kinds", "what"),
    [
        (Unsynced, POWER, "came back with"),
        (Forgetful, (), "displays another text"),
        (Forgetting, (), "acknowledged AAA-2027-0001 and does not hold it"),
        (Shortened, {"process kill"}, "came back with"),
        (Hasty, BACKUP, "key used elsewhere"),
        (Showing, {"process kill"}, "again"),
        (Repeating, {"process kill"}, "draft refused"),
        (Silent, BACKUP, "did not say"),
    ],
)
def test_a_bad_node_is_found_out(host, kinds, what):
    assert what in broken(host, kinds)


@pytest.mark.parametrize("kinds", [POWER, {"process kill"}, BACKUP], ids=len)
def test_a_good_node_stands_the_same_faults(kinds):
    assert broken(Host, kinds) == ""
