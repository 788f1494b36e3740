"""`detente line run` and `demo`: nodes at work."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest
from tests.cli.line.sides import done, run, send, told

from detente.channel.node.notice import Notice
from detente.channel.step import Event
from detente.cli.line.run import carrier_words
from detente.cli.line.run import told as line_of
from detente.cli.line.standing import Standing
from detente.ground.errors import UsageError


def test_options_name_carriers():
    words = carrier_words("0.0.0.0:7443", ("BBB=host:1", "CCC"), plain_tcp=False)
    assert words == ["tls-listen:0.0.0.0:7443", "tls:BBB@host:1", "tls:CCC"]
    assert carrier_words(None, ("BBB=h:1",), plain_tcp=True) == ["tcp:BBB@h:1"]
    with pytest.raises(UsageError):
        carrier_words(None, ("BBB=",), plain_tcp=False)


def test_a_line_of_status_says_who_what_and_which():
    assert line_of(Event("stored", "BBB", ("AAA", 4), "AAA-2026-0001")).startswith("BBB · ")
    assert line_of(Event("stored", "BBB", ("AAA", 4), "AAA-2026-0001")).endswith("AAA-2026-0001")
    assert line_of(Notice("listening", detail="host:1")).endswith("host:1")


def test_the_standing_follows_what_the_node_says():
    stands = Standing(runs=True)
    for event in (Notice("connected", "BBB"), Event("confirmed", "BBB"), Event("open")):
        stands = stands.after(event, "AAA")
    assert stands == Standing(True, "open", ("BBB",), ("BBB",))
    assert stands.after(Event("fork", "BBB"), "AAA").standing == "open"
    assert stands.after(Event("fork", "AAA"), "AAA").standing == "halted"
    assert stands.after(Notice("disconnected", "BBB"), "AAA").connected == ()
    assert stands.after(Notice("written again"), "AAA").standing == "starting"


def test_run_refuses_before_it_starts(line):
    assert isinstance(run("run", line / "AAA", "--connect", "CCC=h:1").exception, UsageError)
    assert isinstance(run("run", line / "AAA", "--listen", "nowhere").exception, UsageError)
    result = run("run", line / "AAA", "--plain-tcp", "--listen", "0.0.0.0:7443")
    assert isinstance(result.exception, UsageError)


def node(folder, *more):
    code = "from detente.cli.main import main; main()"
    command = [sys.executable, "-c", code, "line", "run", str(folder), *more]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def until(holds):
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("It never held.")


def test_two_processes_carry_a_draft_that_was_queued_before(line, tmp_path):
    done(*send(line))
    first = node(line / "AAA", "--listen", "127.0.0.1:0")
    try:
        port = ""
        while not port:
            row = first.stderr.readline()
            assert row, "the node ended"
            port = row.rsplit(":", 1)[1].strip() if "listening" in row else ""
        second = node(line / "BBB", "--connect", f"AAA=127.0.0.1:{port}")
        try:
            inbox = ("inbox", line / "AAA", "--sent")
            until(lambda: "stored" in {one["standing"] for one in told(*inbox)["messages"]})
            found = told("status", line / "AAA")
            assert (found["runs"], found["connected"]) == (True, ["BBB"])
            assert found["view"]["standing"] == "open"
        finally:
            second.send_signal(signal.SIGTERM)
            words = second.communicate()[1]
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate()
    assert words.startswith("not an accredited state channel")
    assert (first.returncode, second.returncode) == (0, 0)
    assert told("status", line / "AAA")["runs"] is False


def test_the_demonstration_ends_with_the_proof(tmp_path):
    out = tmp_path / "demo"
    text = done("demo", "--fast", "--out", out)
    assert text.startswith("not an accredited state channel")
    for words in (
        "Read-back before release",
        "Refused: the form has",
        "The link is cut",
        "The link heals",
        "answered, BBB-2026-0001",
        "Both logs agree",
        "PROVED",
    ):
        assert words in text
    assert told("verify", out / "AAA.log", out / "BBB.log")["agree"] is True
    assert told("verify", out / "arland")["sound"] is True
    assert told("verify", out / "evidence" / "message.json")["proved"]["number"] == "AAA-2026-0001"
    assert run("verify", out / "evidence" / "fork.json").exit_code == 1
    note = (out / "AAA.witness.note").read_text()
    assert "— WIT " in note
    assert isinstance(run("demo", "--fast", "--out", out).exception, UsageError)


@pytest.mark.long
def test_the_demonstration_as_json_prints_one_object():
    found = json.loads(done("demo", "--json"))
    assert found["format"] == "detente/line-demo/1"
    assert found["agree"] is True
    assert all(each["agrees"] for each in found["chains"])
    assert len(found["witnessed"]) == 2
