"""`detente line witness`: a log that grows is cosigned; one that was put back or parts is not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from itertools import chain

import pytest
from tests.cli.line.sides import EXAMPLES, FIRST, ROOT, SECOND, done, exchange, run, send, told

from detente.channel.canonical import to_text
from detente.channel.keys import Certificate, certify
from detente.channel.node import home
from detente.channel.witness_file import read_asked, write_asked
from detente.ground.errors import PeerError, StoreError, UsageError

OFFICERS = ("Aspen", "Briar")


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """A line of two parties and a witness, and one who is no witness of it."""
    path = tmp_path_factory.mktemp("witnessed")
    (path / "all").write_text(f"{ROOT}\n{FIRST}\n{SECOND}\n")
    (path / "root").write_text(f"{ROOT}\n")
    (path / "officers").write_text(f"{FIRST}\n{SECOND}\n")
    named = {"AAA": "Arland", "BBB": "Borland", "WIT": "Witness", "ZZZ": "Other"}
    officers = chain.from_iterable(("--officer", name) for name in OFFICERS)
    arguments = [*officers, "--i-have-read-it", "--passphrase-file", path / "all"]
    for party, name in named.items():
        done("init", path / party, "--party", party, "--name", name, *arguments)
    cards = [path / party / f"{party}.card.json" for party in ("AAA", "BBB")]
    options = ("--witness", path / "WIT" / "WIT.card.json", "--title", "Strait")
    for party in ("AAA", "BBB"):
        given = ("--two-person", "immediate,flash", "--passphrase-file", path / "root")
        done("agree", path / party, *cards, *options, *given)
    exchange(path / "AAA", path / "BBB")
    return path


@pytest.fixture
def line(founded, tmp_path):
    shutil.copytree(founded, tmp_path / "line")
    return tmp_path / "line"


def ask(line, name, *more, party="AAA"):
    done("witness", "ask", line / party, "--out", line / name, *more)
    return line / name


def sign(line, request, name, *more, witness="WIT"):
    options = ("--out", line / name, "--passphrase-file", line / "root")
    return run("witness", "sign", line / witness, request, *options, *more)


def signed(line, request, name):
    result = sign(line, request, name, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout)


def refused(line, request, name, **options):
    result = sign(line, request, name, "--json", **options)
    assert result.exit_code == 1, (result.output, result.exception)
    assert not (line / name).exists()
    return json.loads(result.stdout)


def grow(line, *, without="no lights"):
    """Arland sends a question, and both have it."""
    form = line / "form.txt"
    form.write_text((EXAMPLES / "asks.txt").read_text().replace("no lights", without))
    done(*send(line, form=form))
    exchange(line / "AAA", line / "BBB")


def grow_more(line):
    """Arland certifies an officer, and both have it."""
    done("certify", line / "AAA", "--officer", "Cedar", "--passphrase-file", line / "all")
    exchange(line / "AAA", line / "BBB")


def test_a_log_that_grows_is_cosigned_again(line):
    first = signed(line, ask(line, "ask.1"), "note.1")
    assert first["first"] is True
    assert first["fingerprint"] in done("witness", "ask", line / "AAA", "--out", line / "other")
    kept = told("witness", "keep", line / "AAA", line / "note.1")
    assert (kept["size"], kept["witnesses"]) == (first["size"], ["WIT"])
    grow(line)
    asked = told("witness", "ask", line / "AAA", "--out", line / "ask.2")
    assert (asked["since"], asked["witness"]) == (first["size"], "WIT")
    assert asked["size"] > first["size"]
    second = signed(line, line / "ask.2", "note.2")
    assert (second["first"], second["size"]) == (False, asked["size"])
    told("witness", "keep", line / "AAA", line / "note.2")
    assert isinstance(run("witness", "keep", line / "AAA", line / "note.1").exception, UsageError)
    assert (line / "AAA" / "witness" / "WIT.note").read_bytes() == (line / "note.2").read_bytes()


def test_each_party_has_its_own_chain_at_the_witness(line):
    assert signed(line, ask(line, "ask.a"), "note.a")["party"] == "AAA"
    other = signed(line, ask(line, "ask.b", party="BBB"), "note.b")
    assert (other["party"], other["first"]) == ("BBB", True)
    result = run("witness", "keep", line / "AAA", line / "note.b")
    assert isinstance(result.exception, UsageError)
    assert not (line / "AAA" / "witness").exists()


def test_words_say_what_was_done(line):
    screen = done("witness", "ask", line / "AAA", "--out", line / "ask")
    assert "not an accredited state channel" in screen
    result = sign(line, line / "ask", "note")
    assert "not an accredited state channel" in result.stdout
    assert "by voice" in result.stdout
    assert "cosigned by WIT" in done("witness", "keep", line / "AAA", line / "note")


def test_a_request_shows_hashes_only(line):
    grow(line)
    text = ask(line, "ask").read_text()
    message = (EXAMPLES / "asks.txt").read_text()
    words = {word for word in message.split() if len(word) > 7 and word.isalpha()}
    assert len(words) > 5
    assert not [word for word in (*words, *OFFICERS) if word in text]
    plain = json.loads(text)
    assert set(plain) == {"v", "agreement", "party", "certificates", "request"}
    assert [each[0]["role"] for each in plain["certificates"]] == ["device"]
    assert [each[0]["party"] for each in plain["certificates"]] == ["AAA"]
    with home.reading(home.Home(line / "AAA")) as store:
        entries = [raw.decode() for _place, _digest, raw in store.held().entries]
    signatures = [json.loads(raw)[-1] for raw in entries]
    assert all(len(each) == 86 for each in signatures)  # 64 bytes
    assert not [each for each in signatures if each in text]
    names = home.key_names(home.Home(line / "AAA"))
    assert [each.role for each in names if each.key in text] == ["device"]


def test_a_lost_note_is_made_up_by_the_size_that_the_witness_holds(line):
    size = signed(line, ask(line, "ask.1"), "lost")["size"]
    (line / "lost").unlink()
    grow(line)
    found = refused(line, ask(line, "ask.2"), "note.2")
    assert (found["held"], found["evidence"]) == (size, None)
    assert f"--since {size}" in sign(line, line / "ask.2", "note.2").stdout
    assert signed(line, ask(line, "ask.3", "--since", size), "note.3")["size"] > size
    grow_more(line)
    signed(line, ask(line, "ask.4", "--since", line / "note.3"), "note.4")


def test_a_log_that_was_put_back_is_refused_on_both_sides(line):
    shutil.copytree(line / "AAA", line / "old")
    grow(line)
    size = signed(line, ask(line, "ask.1"), "note.1")["size"]
    found = refused(line, ask(line, "ask.2", party="old"), "note.2")
    assert found["held"] == size
    assert found["evidence"] is None
    told("witness", "keep", line / "AAA", line / "note.1")
    shutil.copytree(line / "AAA" / "witness", line / "old" / "witness")
    for more in ((), ("--since", size), ("--since", line / "note.1")):
        result = run("witness", "ask", line / "old", "--out", line / "ask.3", *more)
        assert isinstance(result.exception, PeerError)
    assert not (line / "ask.3").exists()


@pytest.fixture
def parted(line):
    """Two histories of Arland, of one size, each with a Borland of its own."""
    for party in ("AAA", "BBB"):
        (line / "twin").mkdir(exist_ok=True)
        shutil.copytree(line / party, line / "twin" / party)
    for name in ("officers", "all"):
        shutil.copy(line / name, line / "twin" / name)
    grow(line)
    grow(line / "twin", without="few lights")
    return line


def test_two_histories_of_one_size_are_evidence(parted):
    size = signed(parted, ask(parted, "ask.1"), "note.1")["size"]
    before = (parted / "WIT" / "witness.json").read_bytes()
    request = ask(parted, "ask.2", party="twin/AAA")
    found = refused(parted, request, "note.2")
    assert (found["held"], found["evidence"]) == (size, str(parted / "note.2.evidence"))
    assert (parted / "WIT" / "witness.json").read_bytes() == before
    judged = run("verify", parted / "note.2.evidence", "--json")
    proved = json.loads(judged.stdout)["proved"]
    assert (proved["party"], proved["size"]) == ("AAA", size)
    assert proved["what"] == "two tree heads of one size"
    assert "note.3.evidence" in sign(parted, request, "note.3").stdout


def test_certificates_that_prove_nothing_do_not_hide_the_evidence(parted):
    other = read_asked(ask(parted, "ask.2", party="twin/AAA").read_bytes())
    root, line = home.root_key(home.Home(parted / "AAA"), ROOT), other.agreement.line
    more = [
        certify(root, Certificate(line, "AAA", n, "device", "more", to_text(bytes([n] * 32)), 0, n))
        for n in range(2, 200)
    ]
    first = read_asked(ask(parted, "ask.1").read_bytes())
    for asked, name, by in ((first, "ask.3", more[:150]), (other, "ask.4", more[100:])):
        stuffed = replace(asked, statements=(*by, *asked.statements))
        (parted / name).write_bytes(write_asked(stuffed))
    signed(parted, parted / "ask.3", "note.3")
    assert refused(parted, parted / "ask.4", "note.4")["evidence"]
    proof = json.loads((parted / "note.4.evidence").read_text())
    assert [each[0]["serial"] for each in proof["certificates"]] == [1]


def test_a_larger_head_of_another_history_is_refused(parted):
    size = signed(parted, ask(parted, "ask.1"), "note.1")["size"]
    grow_more(parted / "twin")
    found = refused(parted, ask(parted, "ask.2", "--since", size, party="twin/AAA"), "note.2")
    assert "does not show that the head extends" in found["problems"][0]


def test_one_who_is_no_witness_of_the_line_does_not_cosign(line):
    request = ask(line, "ask")
    found = refused(line, request, "note", witness="ZZZ")
    assert "ZZZ" in found["problems"][0]
    assert not (line / "ZZZ" / "witness.json").exists()


def test_all_that_is_wrong_is_said_at_once(line):
    plain = json.loads(ask(line, "ask").read_text())
    plain["certificates"] = []
    (line / "ask").write_text(
        json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    )
    assert len(refused(line, line / "ask", "note", witness="ZZZ")["problems"]) == 2


def test_a_request_with_one_changed_bit_is_refused(line):
    data = ask(line, "ask").read_bytes()
    for place in range(3, len(data) * 8, len(data) // 4 + 1):
        changed = bytearray(data)
        changed[place // 8] ^= 1 << place % 8
        (line / "changed").write_bytes(changed)
        assert refused(line, line / "changed", "note")["cosigned"] is False
    assert not (line / "WIT" / "witness.json").exists()


def test_nothing_is_written_over_and_no_state_moves_for_it(line):
    request = ask(line, "ask")
    (line / "note").write_text("mine")
    assert isinstance(sign(line, request, "note").exception, UsageError)
    again = run("witness", "ask", line / "AAA", "--out", request)
    assert isinstance(again.exception, UsageError)
    assert (line / "note").read_text() == "mine"
    assert not (line / "WIT" / "witness.json").exists()


def test_a_note_without_its_witness_or_with_a_changed_bit_is_not_kept(line):
    signed(line, ask(line, "ask"), "note")
    text = (line / "note").read_text()
    (line / "bare").write_text("".join(text.splitlines(keepends=True)[:-1]))
    data = bytearray(text.encode())
    data[text.encode().rindex(b"WIT ") + 20] ^= 1
    (line / "changed").write_bytes(data)
    for name in ("bare", "changed"):
        result = run("witness", "keep", line / "AAA", line / name)
        assert isinstance(result.exception, PeerError)
    assert not (line / "AAA" / "witness").exists()


def test_anybody_checks_a_note_against_a_log(parted):
    size = signed(parted, ask(parted, "ask"), "note")["size"]
    for party, folder in (("BBB", parted / "BBB"), ("two", parted / "twin" / "BBB")):
        done("export", folder, "--out", parted / f"{party}.log")
    found = told("verify", parted / "BBB.log", parted / "note")
    assert (found["kind"], found["sound"]) == ("note", True)
    assert found["note"] == {"party": "AAA", "size": size, "signers": ["AAA/1", "WIT"]}
    assert "signed by AAA/1, WIT" in done("verify", parted / "BBB.log", parted / "note")
    result = run("verify", parted / "two.log", parted / "note", "--json")
    assert (result.exit_code, json.loads(result.stdout)["sound"]) == (1, False)
    text = (parted / "note").read_text()
    (parted / "changed").write_text(text.replace(f"\n{size}\n", f"\n{size - 1}\n"))
    assert run("verify", parted / "BBB.log", parted / "changed").exit_code == 1


def test_the_head_is_remembered_before_the_note_is_there(line):
    request = ask(line, "ask")
    assert isinstance(sign(line, request, "nowhere/note").exception, StoreError)
    size = refused(line, request, "note")["held"]
    assert signed(line, ask(line, "again", "--since", size), "note")["size"] == size


def test_a_state_that_is_damaged_stops_the_witness(line):
    signed(line, ask(line, "ask.1"), "note.1")
    state = line / "WIT" / "witness.json"
    state.write_bytes(state.read_bytes()[:-1])
    assert isinstance(sign(line, line / "ask.1", "note.2").exception, UsageError)


def test_a_line_without_a_witness_has_nobody_to_ask(made, tmp_path):
    result = run("witness", "ask", made / "AAA", "--out", tmp_path / "ask")
    assert isinstance(result.exception, UsageError)
    assert not (tmp_path / "ask").exists()
