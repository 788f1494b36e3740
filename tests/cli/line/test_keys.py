"""`detente line law`, `init`, `agree`, `certify`, `revoke`: before a line, and who may speak."""

from __future__ import annotations

import json

import pytest
from tests.cli.line.sides import FIRST, ROOT, SECOND, done, exchange, queued, run, send, told

from detente.channel.canonical import Malformed
from detente.ground.errors import UsageError

NEW = ("--party", "AAA", "--name", "Arland", "--officer", "Amber")


def test_the_page_on_law_names_what_to_ask_and_doubts_itself():
    text = " ".join(done("law").split())
    assert text.startswith("not an accredited state channel")
    for words in ("2021/821", "833/2014", "15 CFR 730–774", "OFAC", "Wassenaar", "undesirable",
                  "no treaty notice by itself", "no classified text", "may be out of date",
                  "no legal advice", "personal data", "cannot be denied later"):  # fmt: skip
        assert words in text


def test_init_prints_the_page_and_makes_nothing_where_it_is_not_confirmed(tmp_path):
    result = run("init", tmp_path / "a", *NEW, typed="n\n")
    assert isinstance(result.exception, UsageError)
    assert "ask a lawyer first" in result.output
    assert not (tmp_path / "a").exists()


def test_init_asks_for_passphrases_and_prints_the_fingerprint(tmp_path):
    typed = f"y\n{ROOT}\n{ROOT}\n{FIRST}\n{FIRST}\n"
    text = done("init", tmp_path / "a", *NEW, typed=typed)
    assert "take" not in text.split("ready")[0].splitlines()[-1]
    assert "offline" in text
    assert "fingerprint of the root key aloud" in text
    assert ROOT not in text
    assert (tmp_path / "a" / "AAA.card.json").exists()


@pytest.mark.parametrize("words", ["short\n", f"{ROOT}\n", f"{ROOT}\nshort\n"])
def test_init_writes_nothing_where_a_passphrase_lacks(tmp_path, words):
    (tmp_path / "words").write_text(words)
    more = ("--i-have-read-it", "--passphrase-file", tmp_path / "words")
    assert isinstance(run("init", tmp_path / "a", *NEW, *more).exception, UsageError)
    assert not (tmp_path / "a").exists()


def test_init_as_json_has_nothing_else_on_standard_output(tmp_path):
    (tmp_path / "words").write_text(f"{ROOT}\n{FIRST}\n")
    more = ("--i-have-read-it", "--passphrase-file", tmp_path / "words")
    found = told("init", tmp_path / "a", *NEW, *more)
    assert found["format"] == "detente/line-init/1"
    assert found["officers"] == [{"number": 2, "name": "Amber"}]
    assert len(found["fingerprint"].split()) == 8


def test_same_cards_and_options_make_the_same_line(line, tmp_path):
    ids = [json.loads((line / party / "line.json").read_bytes()) for party in ("AAA", "BBB")]
    assert ids[0] == ids[1]
    prints = []
    for party, order in (("AAA", 1), ("BBB", -1)):
        (line / party / "line.json").unlink()
        (line / party / "log.sqlite").unlink()
        cards = [line / one / f"{one}.card.json" for one in ("AAA", "BBB")][::order]
        more = ("--title", "Strait", "--passphrase-file", line / "root", "--drills-only")
        prints.append(told("agree", line / party, *cards, *more)["fingerprint"])
    assert prints[0] == prints[1]
    assert prints[0] != told("status", line / "AAA")["view"]["fingerprint"][:4]


def test_agree_refuses_what_makes_no_line(line):
    cards = [line / one / f"{one}.card.json" for one in ("AAA", "BBB")]
    more = ("--title", "T", "--passphrase-file", line / "root")
    result = run("agree", line / "AAA", *cards, *more)
    assert "on a line already" in str(result.exception)
    bad = [line / "bad1", line / "bad2"]
    for path in bad:
        path.write_text("{}")
    (line / "AAA" / "line.json").unlink()
    said = str(run("agree", line / "AAA", *bad, *more).exception)
    assert "bad1" in said
    assert "bad2" in said
    for options in (("--test-every", "often"), ("--two-person", "urgent"), ("--test-every", "1s")):
        assert isinstance(run("agree", line / "AAA", *cards, *more, *options).exception, UsageError)
    assert isinstance(run("agree", line / "AAA", cards[1], *more).exception, UsageError)
    assert not (line / "AAA" / "line.json").exists()


def test_a_changed_card_is_refused(line):
    card = line / "BBB" / "BBB.card.json"
    card.write_bytes(card.read_bytes().replace(b"Borland", b"Borlanc"))
    (line / "AAA" / "line.json").unlink()
    more = ("--title", "T", "--passphrase-file", line / "root")
    result = run("agree", line / "AAA", line / "AAA" / "AAA.card.json", card, *more)
    assert isinstance(result.exception, UsageError | Malformed)
    assert "root's signature" in str(result.exception)


def test_a_new_officer_may_release_once_certified_and_not_once_revoked(line):
    (line / "new").write_text(f"{ROOT}\nthird passphrase\n")
    found = told("certify", line / "AAA", "--officer", "Cedar", "--passphrase-file", line / "new")
    assert found["number"] == 4
    assert queued(line / "AAA")[0]["item"] == "credential"
    (line / "officers").write_text(f"{SECOND}\nthird passphrase\n")
    arguments = [*send(line)]
    arguments[arguments.index("--officer") + 1] = 3
    arguments[arguments.index("--second") + 1] = 4
    assert "is 4, no officer in force" in run(*arguments).output
    exchange(line / "AAA", line / "BBB")
    done(*arguments)
    revoke = ("revoke", line / "AAA", 4, "--passphrase-file", line / "root")
    assert isinstance(run(*revoke, typed="n\n").exception, UsageError)
    done(*revoke, "--yes")
    exchange(line / "AAA", line / "BBB")
    assert "is 4, no officer in force" in run(*arguments).output
    assert isinstance(run("revoke", line / "AAA", 9, "--yes").exception, UsageError)
