"""`detente line export`, `verify`, `evidence`: what a third party can check."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from tests.cli.line.sides import EXAMPLES, done, exchange, run, send, told

from detente.channel.node import home
from detente.channel.protocol.load import load
from detente.channel.protocol.outgoing import make
from detente.channel.protocol.state import Moment
from detente.ground.errors import UsageError


@pytest.fixture
def logs(asked):
    """Both sides' exported logs."""
    for party in ("AAA", "BBB"):
        done("export", asked / party, "--out", asked / f"{party}.log")
    return asked / "AAA.log", asked / "BBB.log"


def test_a_log_a_folder_and_two_logs_hold(asked, logs):
    first = told("verify", logs[0])
    assert (first["kind"], first["sound"]) == ("log", True)
    assert told("verify", asked / "BBB")["chains"] == first["chains"]
    two = told("verify", *logs)
    assert two["agree"] is True
    assert [each["common"] for each in two["chains"]] == [each["size"] for each in first["chains"]]
    assert "Both logs agree" in done("verify", *logs)
    assert "Every signature" in done("verify", logs[0])


@pytest.mark.parametrize("place", [0.3, 0.6, 0.97])
def test_a_log_with_one_changed_bit_does_not_hold(logs, place):
    data = bytearray(logs[0].read_bytes())
    header = data.index(b"\n")
    data[header + int(place * (len(data) - header))] ^= 1
    logs[0].write_bytes(data)
    result = run("verify", logs[0], "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["sound"] is False


def test_export_writes_over_nothing(asked, logs):
    before = logs[0].read_bytes()
    assert isinstance(run("export", asked / "AAA", "--out", logs[0]).exception, UsageError)
    assert logs[0].read_bytes() == before


def test_what_is_neither_log_nor_evidence_is_refused(tmp_path):
    other = tmp_path / "other"
    other.write_text("hello\n")
    assert isinstance(run("verify", other).exception, UsageError)


def test_a_bundle_is_told_and_a_cut_one_is_not_whole(line, tmp_path):
    place = home.Home(line / "AAA")
    with home.reading(place) as store:
        identity, agreement = home.identity(place), home.agreement(place)
        node, _ = load(identity, agreement, store.held(), store, os.urandom)
        raw = make(node, "BBB", Moment(1_800_000_000, 0))
    file = tmp_path / "one.bundle"
    file.write_bytes(raw)
    found = told("verify", file)
    assert (found["kind"], found["from"], found["to"]) == ("bundle", "AAA", "BBB")
    assert found["entries"] == raw.count(b"\n") - 1
    assert "from AAA to BBB" in done("verify", file)
    file.write_bytes(raw[: raw.rindex(b"\n", 0, -1) + 1])
    result = run("verify", file, "--json")
    assert (result.exit_code, json.loads(result.stdout)["sound"]) == (1, False)


def test_two_histories_of_one_party_are_proved_to_anybody(line):
    twin = line / "twin"
    shutil.copytree(line / "AAA", twin)
    shutil.copytree(line / "BBB", line / "other")
    done(*send(line))
    exchange(line / "AAA", line / "BBB")
    form = line / "second.txt"
    text = (EXAMPLES / "asks.txt").read_text()
    form.write_text(text.replace("One showed no lights.", "Both showed lights."))
    arguments = [*send(line, form=form)]
    arguments[1] = twin
    done(*arguments)
    exchange(twin, line / "other")
    for name, folder in (("one", line / "BBB"), ("two", line / "other")):
        done("export", folder, "--out", line / name)
    result = run("verify", line / "one", line / "two")
    assert result.exit_code == 1
    assert "The logs part" in result.output
    out = line / "proof"
    found = told("evidence", line / "BBB", "--beside", line / "two", "--out", out)
    assert "fork-1.json" in found["files"]
    judged = run("verify", out / "fork-1.json", "--json")
    assert judged.exit_code == 1  # a party did what it may not
    assert json.loads(judged.stdout)["proved"]["party"] in {"AAA", "BBB"}
    alone = [sys.executable, "-I", out / "verify_offline.py", out / "fork-1.json"]
    assert "PROVED" in subprocess.run(alone, capture_output=True, text=True, check=True).stdout
    broken = out / "broken.json"
    data = (out / "fork-1.json").read_bytes()
    broken.write_bytes(data.replace(b'"first":"[{\\"at\\":1', b'"first":"[{\\"at\\":2'))
    assert broken.read_bytes() != data
    assert "proves nothing" in run("verify", broken).output


def test_a_message_is_not_proved_before_a_head_is_cosigned(asked):
    result = run("evidence", asked / "AAA", "--message", "AAA-2026-0001", "--out", asked / "proof")
    assert isinstance(result.exception, UsageError)
    assert not (asked / "proof").exists()
    unknown = run("evidence", asked / "AAA", "--message", "AAA-9", "--out", asked / "proof")
    assert isinstance(unknown.exception, UsageError)
