"""Real processes, really killed: nothing that was acknowledged is lost, and nothing comes twice."""

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from detente.channel.envelope import read
from detente.channel.node.home import reading

from .conftest import entries, text, waits

CHILD = Path(__file__).with_name("child.py")
DEADLINE_S = 60.0
CYCLES = 60


class Process:
    """A node in a process of its own, and all that it ever told."""

    def __init__(self, home, *carriers):
        command = [sys.executable, "-W", "error", CHILD, home.path, *carriers]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.told = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            if line.endswith("\n"):  # a killed process may leave half a line
                self.told.append(json.loads(line))

    def kinds(self):
        return [each["kind"] for each in self.told]

    def end(self, how=signal.SIGKILL):
        self._process.send_signal(how)
        code = self._process.wait(DEADLINE_S)
        self._reader.join()
        self._process.stdout.close()
        return code

    @property
    def port(self):
        details = [each["detail"] for each in self.told if each["kind"] == "listening"]
        return int(details[0].rpartition(":")[2]) if details else 0


def until(holds, seconds=DEADLINE_S):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "the deadline passed"
        time.sleep(0.005)


def until_told(wanted, nodes):
    """Wait until the nodes told so many things, or will not soon."""
    with suppress(AssertionError):
        until(lambda: sum(len(node.told) for node in nodes.values()) >= wanted, 1.5)


def agree(line):
    return entries(line["AAA"]) == entries(line["BBB"])


def is_quiet(line, numbers):
    """Whether both logs agree, the queues are empty and every message is receipted by an entry."""
    if any(waits(home) for home in line.values()) or not agree(line):
        return False
    return receipted(line) >= numbers


def receipted(line):
    envelopes = [read(raw) for chain in entries(line["AAA"]).values() for raw in chain]
    numbers = {(e.sender, e.seq): e.body["number"] for e in envelopes if e.kind == "message"}
    acts = [act for e in envelopes if e.kind == "receipt" for act in e.body["acts"]]
    return {numbers[act[1], act[2]] for act in acts if (act[1], act[2]) in numbers}


@pytest.mark.long
def test_nothing_is_lost_or_doubled_over_sixty_kills(line, author, answerer):
    chance = random.Random(7)  # noqa: S311 - chance, not a secret
    listener = Process(line["BBB"], "tcp-listen:127.0.0.1:0")
    until(lambda: listener.port)
    listen = f"tcp-listen:127.0.0.1:{listener.port}"
    call = f"tcp:BBB@127.0.0.1:{listener.port}"
    nodes = {"BBB": listener, "AAA": Process(line["AAA"], call)}
    words, ended, kills = {"AAA": call, "BBB": listen}, [], 0
    try:
        while kills < CYCLES:
            for writer in (author, answerer):
                for _ in range(chance.randrange(1, 12)):
                    writer.queue()
            until_told(chance.randrange(40), nodes)
            for party in chance.choice([["AAA"], ["BBB"], ["AAA", "BBB"]]):
                assert nodes[party].end() == -signal.SIGKILL
                ended.append(nodes[party])
                nodes[party] = Process(line[party], words[party])
                kills += 1
        numbers = {*author.written, *answerer.written}
        until(lambda: is_quiet(line, numbers))
    finally:
        codes = [node.end(signal.SIGTERM) for node in nodes.values()]
    assert codes == [0, 0]
    told = [each for node in [*ended, *nodes.values()] for each in node.told]
    acknowledged = {each["number"] for each in told if each["kind"] == "stored"}
    shown = Counter(each["number"] for each in told if each["kind"] == "message")
    sent = [read(raw) for chain in entries(line["AAA"]).values() for raw in chain]
    carried = Counter(each.body["number"] for each in sent if each.kind == "message")
    assert set(carried.values()) == {1}  # none twice in a chain
    assert set(carried) == numbers >= acknowledged  # every one that was queued is there
    assert len(acknowledged) > len(numbers) / 4
    assert set(shown.values()) == {1}  # none shown twice, through all restarts
    strange = {"restored", "fork", "key used elsewhere", "damaged", "irregular", "split", "refused"}
    assert strange.isdisjoint(each["kind"] for each in told)
    for envelope in (each for each in sent if each.kind == "message"):
        place = (envelope.sender, envelope.seq)
        assert text(line["AAA"], place) == text(line["BBB"], place) is not None


@pytest.mark.long
def test_an_old_backup_put_back_is_said_and_healed(line, author, answerer, tmp_path):
    backup = tmp_path / "backup.sqlite"
    listener = Process(line["BBB"], "tls-listen:127.0.0.1:0")
    until(lambda: listener.port)
    call = f"tls:BBB@127.0.0.1:{listener.port}"
    caller = Process(line["AAA"], call)
    author.queue()
    until(lambda: is_quiet(line, set(author.written)))
    assert caller.end(signal.SIGTERM) == 0
    shutil.copy(line["AAA"].log, backup)
    caller = Process(line["AAA"], call)
    for _ in range(20):
        author.queue()
        answerer.queue()
    until(lambda: is_quiet(line, {*author.written, *answerer.written}))
    whole = entries(line["BBB"])
    assert caller.end(signal.SIGTERM) == 0
    for left in line["AAA"].path.glob("log.sqlite*"):
        left.unlink()
    shutil.copy(backup, line["AAA"].log)
    assert entries(line["AAA"]) != whole
    caller = Process(line["AAA"], call)
    until(lambda: "open" in caller.kinds())
    author.queue()
    until(lambda: is_quiet(line, {*author.written, *answerer.written}))
    assert [caller.end(signal.SIGTERM), listener.end(signal.SIGTERM)] == [0, 0]
    kinds = caller.kinds()
    assert kinds.count("restored") == 1
    assert kinds.index("restored") < kinds.index("healed") < kinds.index("open")
    assert {"fork", "key used elsewhere"}.isdisjoint(kinds + listener.kinds())
    after = entries(line["BBB"])
    assert all(after[party][: len(whole[party])] == whole[party] for party in whole)
    with reading(line["AAA"]) as store:
        assert any(b"restored" in event for _, event in store.journal())


def test_a_second_node_on_one_folder_is_refused(line):
    listener = Process(line["BBB"], "tcp-listen:127.0.0.1:0")
    try:
        until(lambda: listener.port)
        command = [sys.executable, CHILD, line["BBB"].path]
        second = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=DEADLINE_S
        )
        assert "Another node runs" in second.stderr
        assert second.returncode == 1
    finally:
        assert listener.end(signal.SIGINT) == 0
